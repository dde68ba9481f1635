package bot

import "strings"

// absentName finds a name of the claim that neither the sources nor what is
// known of the episodes has, in any spelling.
func (f *finding) absentName() Fault {
	for i := range f.c.units {
		if f.c.class[i] == nameUnit && !f.quoted[i] && !f.occurs(i, likeSpelling) && !f.isSpeaker(i) && !f.about[f.c.word(i).stem] {
			return Fault{FaultName, []string{f.c.written(i)}}
		}
	}
	return Fault{}
}

// isSpeaker reports whether a name is that of one who speaks in the sources.
func (f *finding) isSpeaker(i int) bool {
	for _, s := range f.sources {
		for n := range s.Sentences {
			if speaker := s.Sentences[n].Speaker; speaker != "" && f.namesSpeaker(i, speaker) {
				return true
			}
		}
	}
	return false
}

// namesSpeaker reports whether unit i is a word of a speaker's name.
func (f *finding) namesSpeaker(i int, speaker string) bool {
	for _, word := range strings.Fields(speaker) {
		if strings.EqualFold(strings.Trim(word, ".,:()"), f.c.word(i).word) {
			return true
		}
	}
	return false
}

// nameReach is how far around a name words count as its context, in units:
// people are named once and then called he.
const nameReach = 60

// wrongName finds a name that stands in the sources, but where another name
// has its place.
func (f *finding) wrongName() Fault {
	c := f.c
	for i := range c.units {
		if c.class[i] != nameUnit || f.quoted[i] || f.consistent(i) {
			continue
		}
		rival := false
		f.slot(i, func(s *sourceText, j int) {
			rival = rival || f.isName(s, j)
		})
		if rival && (f.dense(i) || !f.besideNeighbours(i, likeSpelling)) {
			return Fault{FaultName, []string{c.written(i)}}
		}
	}
	return Fault{}
}

// isName reports whether unit j of the source is a name.
func (f *finding) isName(s *sourceText, j int) bool {
	u := &s.units[j]
	w := &f.words.words[u.id]
	if u.quantity != nil || u.stop || w.frame || w.word == "i" {
		return false
	}
	return u.capital && !u.initial || u.joined && j > 0 && s.units[j-1].capital || w.names > w.plain
}
