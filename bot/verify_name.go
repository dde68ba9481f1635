package bot

import (
	"slices"
	"strings"
)

// absentName finds a name of the claim that neither the sources nor what is
// known of the episodes has, in any spelling.
func (f *finding) absentName() Fault {
	for i := range f.c.units {
		if f.c.class[i] == nameUnit && !f.quoted[i] && !f.occurs(i, likeSpelling) && !f.isSpeaker(i) && !f.about[f.c.word(i).stem] {
			return Fault{Kind: FaultName, Words: []string{f.c.written(i)}}
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

// leastNear is the least share of the words around a name that must stand
// around it in the source too.
const leastNear = 0.08

// wrongName finds a name that stands in the sources, but where another name
// has its place.
func (f *finding) wrongName() Fault {
	c := f.c
	if words := f.mixedName(); words != nil {
		return Fault{Kind: FaultName, Words: words}
	}
	for i := range c.units {
		u := &c.units[i]
		capital := u.capital && !u.stop && c.word(i).word != "i"
		if c.class[i] != nameUnit && !capital || f.quoted[i] {
			continue
		}
		if f.consistent(i) {
			if f.skips(i, f.isName) {
				return Fault{Kind: FaultName, Words: []string{c.written(i)}}
			}
			continue
		}
		rival := false
		f.slot(i, func(s *sourceText, j int) { rival = rival || f.isName(s, j) })
		stray := c.class[i] == nameUnit && !f.isKnown(i) && (rival && !f.besideNeighbours(i, likeSpelling) || f.nearest(i, likeSpelling, nameReach) < leastNear)
		unknown := u.initial && c.weights[i] > frameWeight && !c.speaks[i] && !f.occurs(i, leastLike)
		if stray || rival && (f.dense(i) || f.enclosed(i)) || unknown && f.replaces(i) {
			return Fault{Kind: FaultName, Words: []string{c.written(i)}}
		}
	}
	return Fault{}
}

// oftenNamed is how many times a name must stand in the sources to be what
// they are about.
const oftenNamed = 3

// isKnown reports whether the name is that of a speaker, of the episode, of one
// whose words are told, or often named: it then need not stand near the words.
func (f *finding) isKnown(i int) bool {
	if f.c.speaks[i] || f.about[f.c.word(i).stem] {
		return true
	}
	if a, ok := f.c.attributed(); ok && slices.Contains(a.names, i) {
		return true
	}
	n := 0
	f.occurrences(i, likeSpelling, func(*sourceText, int) bool { n++; return n < oftenNamed })
	return n >= oftenNamed
}

// isName reports whether unit j of the source is a name.
func (f *finding) isName(s *sourceText, j int) bool {
	u := &s.units[j]
	w := &f.words.words[u.id]
	if u.quantity != nil || u.stop || w.frame || w.word == "i" {
		return false
	}
	return u.capital && (!u.initial || w.plain == 0) || u.joined && j > 0 && s.units[j-1].capital || w.names > w.plain
}

// titles stand before names of people and are no part of them.
var titles = wordSet(`mr mrs ms miss dr prof professor doctor sir dame lord lady president vice minister prime chair chairman chairwoman secretary
	senator judge king queen prince princess pope captain general colonel chancellor director deputy former assembly member ambassador`)

// mixedName finds names in a row of which some are a speaker's and others are
// not: the first name of one with the last name of another.
func (f *finding) mixedName() []string {
	c := f.c
	for i := 0; i < len(c.units); i++ {
		first := i
		for i < len(c.units) && (c.speaks[i] || c.class[i] == nameUnit || i == first && c.units[i].initial && !c.units[i].stop && !c.word(i).frame) && (i == first || !c.units[i].apart) {
			i++
		}
		if i-first > 1 && !f.isOneName(first, i) && !f.inRow(first, i) {
			var words []string
			for k := first; k < i; k++ {
				words = append(words, c.written(k))
			}
			return words
		}
	}
	return nil
}

// inRow reports whether the units from first to before last stand in a row in a
// source too.
func (f *finding) inRow(first, last int) bool {
	p := f.places[first]
	for k := first; k < last; k++ {
		if f.places[k].source == nil || f.places[k].source != p.source || f.places[k].at != p.at+k-first {
			return false
		}
	}
	return true
}

// isOneName reports whether the units from first to before last, one of them a
// speaker's, are all of one speaker, titles and known words beside the whole
// name aside.
func (f *finding) isOneName(first, last int) bool {
	speaks := false
	for k := first; k < last; k++ {
		speaks = speaks || f.c.speaks[k]
	}
	if !speaks {
		return true
	}
	for _, name := range f.speakers {
		met, others, unknown := 0, 0, 0
		for k := first; k < last; k++ {
			w := f.c.word(k)
			switch {
			case slices.Contains(name, w.stem):
				met++
			case titles[w.word]:
			case w.whole:
				others++
			default:
				unknown++
			}
		}
		if met > 0 && unknown == 0 && (others == 0 || met >= len(name)) {
			return true
		}
	}
	return false
}
