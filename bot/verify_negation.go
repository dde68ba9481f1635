package bot

import (
	"strings"

	"verbatim/retrieval"
)

// moreNegations turn a statement round, beside those of retrieval.IsNegation.
var moreNegations = wordSet("nor nowhere hardly scarcely barely seldom rarely neednt mustnt")

// denials say no without a negation. They answer for one, but the claim need
// not repeat them. Each by its stem.
var denials = func() map[string]bool {
	set := map[string]bool{}
	for word := range wordSet(`fail fails failed failing failure refuse refuses refused deny denies denied denial lack lacks lacked lacking avoid avoided
		stop stopped prevent prevented unlikely impossible unable reject rejected oppose opposed against decline declined forbid forbidden ban banned
		absence absent missing instead rather except few little less least low unnecessary useless difficult hard doubt doubts
		unknown unclear unsure disagree disagrees disagreed dislike disliked quit cease ceased away too only`) {
		set[retrieval.Stem(word)] = true
	}
	return set
}()

// isNegation reports whether token i turns a statement round: a "no" that only
// answers does not, nor do "not only" and "no matter".
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
	case next == "only" || next == "just" || next == "necessarily":
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
			return Fault{FaultNegation, f.aboutUnit(i)}
		}
		if f.places[i].source == nil && f.isOpposite(i) {
			return Fault{FaultNegation, []string{c.written(i)}}
		}
	}
	for i := range c.units {
		if f.places[i].source != nil && !f.quoted[i] && f.lacksNegation(i) {
			return Fault{FaultNegation, f.aboutUnit(i)}
		}
	}
	return Fault{}
}

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
	if opposites[stem] == 0 {
		return false
	}
	found := false
	f.slot(i, func(s *sourceText, j int) {
		found = found || opposites[f.words.words[s.units[j].id].stem] == -opposites[stem]
	})
	return found
}

// Reach of negations, in units.
const (
	// governReach is how far after a negation the word that it denies stands.
	governReach = 5
	// denialBefore and denialAfter are how far from a word the negation
	// stands that denies it.
	denialBefore = 8
	denialAfter  = 3
)

// isDenied reports whether the source denies what the negation at unit i of
// the claim denies.
func (f *finding) isDenied(i int) bool {
	before, after := f.neighbours(i)
	if before >= 0 && after >= 0 && after-before <= 5 {
		p, q := f.places[before], f.places[after]
		if p.source == q.source && p.round == f.places[after].round && q.at > p.at && q.at-p.at <= 8 {
			return f.deniedIn(p.source, max(0, p.at-1), q.at)
		}
	}
	found, any := false, false
	for k := i + 1; k <= min(i+governReach, len(f.c.units)-1); k++ {
		if f.c.weights[k] < 0.15 {
			continue
		}
		any = true
		f.occurrences(k, 0.5, func(s *sourceText, j int) bool {
			first, last := f.within(s, j, denialBefore, denialAfter)
			found = f.deniedIn(s, first, last)
			return !found
		})
		break
	}
	return found || !any && f.deniedNear()
}

// within is the range of units around j in its sentence.
func (f *finding) within(s *sourceText, j, before, after int) (first, last int) {
	n := s.units[j].sentence
	return max(s.starts[n], j-before), min(s.starts[n+1]-1, j+after)
}

// deniedIn reports whether a negation or denial stands among the units.
func (f *finding) deniedIn(s *sourceText, first, last int) bool {
	for j := first; j <= last; j++ {
		if s.units[j].negation || denials[f.words.words[s.units[j].id].stem] {
			return true
		}
	}
	return false
}

// deniedNear reports whether the chosen windows deny anything.
func (f *finding) deniedNear() bool {
	for _, w := range f.chosen {
		if f.deniedIn(w.source, w.source.starts[w.first], w.source.starts[w.last+1]-1) {
			return true
		}
	}
	return false
}

// lacksNegation reports whether the source has a negation just before the unit
// that unit i is paired with, which the claim has not.
func (f *finding) lacksNegation(i int) bool {
	c, p := f.c, f.places[i]
	s := p.source
	first := s.starts[s.units[p.at].sentence]
	for j := p.at - 1; j >= max(first, p.at-4); j-- {
		if s.units[j+1].apart {
			return false
		}
		if f.taken[takenUnit{s, j}] && !s.units[j].negation {
			return false // belongs to the words before
		}
		if !s.units[j].negation {
			continue
		}
		for k := max(0, i-5); k < min(i+2, len(c.units)); k++ {
			if c.units[k].negation || denials[c.word(k).stem] {
				return false
			}
		}
		return true
	}
	return false
}
