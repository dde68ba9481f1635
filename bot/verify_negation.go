package bot

import (
	"strings"

	"verbatim/retrieval"
)

// moreNegations turn a statement round, beside those of retrieval.IsNegation.
var moreNegations = wordSet("nor nowhere hardly scarcely barely seldom rarely neednt mustnt")

// denials say no without a negation. They answer for one, but the claim need
// not repeat them. Each by its stem.
var denials = stemSet(`fail fails failed failing failure refuse refuses refused deny denies denied denial lack lacks lacked lacking avoid avoided
		stop stopped prevent prevented unlikely impossible unable reject rejected oppose opposed against decline declined forbid forbidden ban banned
		absence absent missing instead rather except few little less least low unnecessary useless difficult hard doubt doubts
		unknown unclear unsure disagree disagrees disagreed dislike disliked quit cease ceased away too only`)

// isNegation reports whether token i turns a statement round: a "no" that only
// answers does not, nor does "no matter".
func isNegation(tokens []retrieval.Token, text string, i int) bool {
	word := tokens[i].Word
	if !retrieval.IsNegation(word) && !moreNegations[word] {
		return false
	}
	next, after := "", ""
	if i+1 < len(tokens) {
		next, after = tokens[i+1].Word, text[tokens[i].End:tokens[i+1].Start]
	}
	switch {
	case word == "no" && (next == "" || strings.ContainsAny(after, ",.!?;") || next == "matter" || next == "doubt" || next == "no"):
		return false
	case i > 0 && tokens[i-1].Word == "or":
		return false
	}
	return true
}

// turnedRound finds where the claim says the contrary of the source: it has a
// negation that the source has not, or lacks one, or has the opposite of a
// word.
func (f *finding) turnedRound() Fault {
	c := f.c
	for i := range c.units {
		if f.quoted[i] {
			continue
		}
		if c.units[i].negation && !f.isDenied(i) {
			return Fault{Kind: FaultNegation, Words: f.aboutUnit(i)}
		}
		if f.places[i].source == nil && f.isOpposite(i) && f.dense(i) {
			return Fault{Kind: FaultNegation, Words: []string{c.written(i)}}
		}
	}
	for i := range c.units {
		if f.places[i].source != nil && !f.quoted[i] && f.lacksNegation(i) {
			return Fault{Kind: FaultNegation, Words: f.aboutUnit(i)}
		}
	}
	return Fault{}
}

// isMild reports whether the negation at unit i only says that there is more:
// "not only".
func (f *finding) isMild(i int) bool {
	if i+1 >= len(f.c.units) {
		return false
	}
	return mildAfter[f.c.word(i+1).word]
}

var mildAfter = wordSet("only just necessarily")

// aboutUnit is unit i with the next word that says something.
func (f *finding) aboutUnit(i int) []string {
	words := []string{f.c.written(i)}
	for k := i + 1; k < len(f.c.units); k++ {
		if f.c.weights[k] > 0 {
			return append(words, f.c.written(k))
		}
	}
	return words
}

// isOpposite reports whether the opposite of unit i stands in its place.
func (f *finding) isOpposite(i int) bool {
	stem := f.c.word(i).stem
	found := false
	f.slot(i, func(s *sourceText, j int) {
		found = found || opposites[[2]string{stem, f.words.words[s.units[j].id].stem}]
	})
	return found
}

// What of a claim is looked for to see whether the source denies it as well.
const (
	// governBefore and governReach are how far before and after a negation
	// the words stand that it denies, in units.
	governBefore = 3
	governReach  = 6
	// nearBest is how much of the best sentence's share another one must hold
	// to be looked at too, sureShare the share from which it is sure that the
	// sentence is the one; below thinShare it may be further off, and
	// below anyShare nothing can be told.
	nearBest  = 0.7
	sureShare = 0.6
	thinShare = 0.45
	anyShare  = 0.35
)

// isDenied reports whether the source denies what the negation at unit i of
// the claim denies.
func (f *finding) isDenied(i int) bool {
	before, after := f.neighboursOf(i, func(k int) bool { return !f.c.units[k].negation })
	if before >= 0 && after >= 0 && after-before <= 5 {
		p, q := f.places[before], f.places[after]
		if p.source == q.source && p.round == q.round && q.at > p.at && q.at-p.at <= 8 {
			claimed, denied := 0, f.denialsIn(p.source, p.at+1, q.at-1)
			for k := before + 1; k < after; k++ {
				if f.c.units[k].negation {
					claimed++
				}
			}
			if denied >= claimed || f.dense(i) {
				return denied >= claimed
			}
		}
	}
	if f.isMild(i) {
		return true
	}
	return f.deniedNear(i)
}

// denialsIn counts the negations among the units, and the denials that the
// claim does not have itself.
func (f *finding) denialsIn(s *sourceText, first, last int) int {
	n := 0
	for j := first; j <= last; j++ {
		if s.units[j].negation || denials[f.words.words[s.units[j].id].stem] && f.taken[takenUnit{s, j}] == 0 {
			n++
		}
	}
	return n
}

// deniedNear reports whether a sentence that holds about as much as any of
// the words around unit i denies something. Where none holds much of them, the
// sentences beside it count as well.
func (f *finding) deniedNear(i int) bool {
	type place struct {
		s     *sourceText
		n     int
		share float64
	}
	var places []place
	best := 0.0
	for _, s := range f.sources {
		for n := range s.Sentences {
			if share := f.shareIn(i, s, n); s.evidence[n] && share > 0 {
				places = append(places, place{s, n, share})
				best = max(best, share)
			}
		}
	}
	if best < anyShare {
		return true
	}
	for _, p := range places {
		if p.share < nearBest*best {
			continue
		}
		first, last := p.n, p.n
		if best < sureShare {
			beside := 1
			if best < thinShare {
				beside = 3
			}
			first, last = max(0, first-beside), min(len(p.s.Sentences)-1, last+beside)
		}
		for j := p.s.starts[first]; j < p.s.starts[last+1]; j++ {
			if p.s.units[j].negation || f.hintsDenial(p.s, j) {
				return true
			}
		}
	}
	return false
}

// hintsDenial reports whether unit j of the source may be meant where a claim in
// other words has a negation: an answer "no", a word with a denying prefix, a
// denial or a word of trouble that the claim does not have itself.
func (f *finding) hintsDenial(s *sourceText, j int) bool {
	w := &f.words.words[s.units[j].id]
	if f.taken[takenUnit{s, j}] > 0 {
		return false
	}
	if denials[w.stem] || troubles[w.stem] || answersNo[w.word] {
		return true
	}
	return f.words.deniesItself(w.word)
}

// deniesItself reports whether a word has a prefix that denies the rest:
// "nonexistent".
func (v *vocabulary) deniesItself(word string) bool {
	for _, prefix := range []string{"un", "dis", "im", "non", "ir"} {
		if rest, ok := strings.CutPrefix(word, prefix); ok && len(rest) >= 4 {
			if _, whole := v.lexicon.Rank(rest); whole {
				return true
			}
		}
	}
	return false
}

// answersNo are answers rather than negations.
var answersNo = wordSet("no nope nah")

// troubles are words of what goes wrong or is left out. Each by its stem.
var troubles = stemSet(`problem problems concern concerns worse worst bad badly bored boring busy lose lost losing omit omitted skip skipped drop dropped
		exclude excluded discard discarded dump dumped scrap scrapped waste wasted rid wrong mistake sceptical skeptical afraid unfortunately
		trouble issue issues annoying confusing frustrating complicated otherwise remove removed out`)

// shareIn is the share, by weight, of the words around the negation at unit i
// that sentence n holds.
func (f *finding) shareIn(i int, s *sourceText, n int) float64 {
	met, all := 0.0, 0.0
	for k := max(0, i-governBefore); k <= min(len(f.c.units)-1, i+governReach); k++ {
		if f.c.weights[k] == 0 {
			continue
		}
		best := 0.0
		for j := s.starts[n]; j < s.starts[n+1]; j++ {
			best = max(best, f.likeUnit(k, s, j))
		}
		met += best * f.c.weights[k]
		all += f.c.weights[k]
	}
	return met / max(all, 1e-9)
}

// spans reports whether a word just before unit i is paired with one just before
// the negation at unit j of the source: "was enough" and "was not enough".
func (f *finding) spans(i int, s *sourceText, j int) bool {
	if f.c.units[i].stop {
		next := placed{}
		if i+1 < len(f.places) {
			next = f.places[i+1]
		}
		if next.source != s || next.at-f.places[i].at > 2 {
			return false // too little is the same
		}
	}
	if w := f.words.words[s.units[f.places[i].at].id]; w.stem != f.c.word(i).stem {
		return false
	}
	for k := max(0, i-2); k < i; k++ {
		if p := f.places[k]; p.source == s && p.at < j && j-p.at <= 2 {
			return true
		}
	}
	return false
}

// lacksNegation reports whether the source has a negation just before the unit
// that unit i is paired with, which the claim has not.
func (f *finding) lacksNegation(i int) bool {
	p := f.places[i]
	s := p.source
	first := s.starts[s.units[p.at].sentence]
	for j := p.at - 1; j >= max(first, p.at-4); j-- {
		if s.units[j+1].apart {
			return false
		}
		if !s.units[j].negation && (f.taken[takenUnit{s, j}] > 0 || !s.units[j].stop) {
			return false // it denies the words before
		}
		if !s.units[j].negation {
			continue
		}
		if onlyAfter[f.words.words[s.units[j+1].id].word] || !f.dense(i) && !f.spans(i, s, j) {
			return false
		}
		return !f.answered(i, s, j)
	}
	return false
}

// onlyAfter follow a negation that may be left out: "not only".
var onlyAfter = wordSet("only just")

// answered reports whether the claim has a negation that answers for the one at
// unit j of the source, which stands before what unit i is paired with: one
// after the word that the word before the negation is paired with.
func (f *finding) answered(i int, s *sourceText, j int) bool {
	if f.taken[takenUnit{s, j}] > 0 {
		return true
	}
	first := max(0, i-5)
	for n := j - 1; n >= max(s.starts[s.units[j].sentence], j-3); n-- {
		if k := f.taken[takenUnit{s, n}] - 1; k >= first && k < i {
			first = k
			break
		}
	}
	for k := first; k < min(i+2, len(f.c.units)); k++ {
		if f.c.units[k].negation || denials[f.c.word(k).stem] && f.places[k].source == nil {
			return true
		}
	}
	return false
}
