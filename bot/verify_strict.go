package bot

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"verbatim/retrieval"
)

// What a language model writes is held to more than Check asks for, which
// lets a person's summing up of many turns pass. Where a claim cites a few
// passages it tells what stands there: nearly every word of it must then have
// one that stands for it in the places cited.
const (
	// fewSources is how many sources are few.
	fewSources = 3
	// leastBareLike is the likeness from which a word of the places stands for
	// one of the claim, mostBare the largest share of a claim, by weight, that
	// nothing may stand for. Of hand-made claims over the sample, false ones had 0.22 and more ("Russia
	// vetoed the panel"), true ones 0.13 and less, free paraphrases up to 0.3.
	leastBareLike = 0.45
	mostBare      = 0.21
)

// told finds what is wrong with a claim by the stricter rule.
func (f *finding) told() Fault {
	if fault := f.strangeLink(); fault.Kind != FaultNone {
		return fault
	}
	if fault := f.doubledNumber(); fault.Kind != FaultNone {
		return fault
	}
	if fault := f.deniedNext(); fault.Kind != FaultNone {
		return fault
	}
	for i := range f.c.units {
		if !f.quoted[i] && f.places[i].source == nil && refusals[f.c.word(i).stem] && !f.isDenied(i) {
			return Fault{Kind: FaultNegation, Words: f.aboutUnit(i)}
		}
	}
	if f.isQuotation() {
		return Fault{}
	}
	for _, check := range []func() Fault{f.unhedged, f.joinedClauses} {
		if fault := check(); fault.Kind != FaultNone {
			return fault
		}
	}
	if share, words := f.bare(); share > mostBare && len(f.sources) <= fewSources {
		return Fault{Kind: FaultSupport, Words: words}
	}
	return Fault{}
}

// strictLeast is the least score by the stricter rule.
func (f *finding) strictLeast() float64 {
	if len(f.sources) <= fewSources {
		return singleSupport
	}
	return f.least()
}

// isQuotation reports whether most words of the claim are quoted.
func (f *finding) isQuotation() bool {
	n := 0
	for _, q := range f.quoted {
		if q {
			n++
		}
	}
	return 2*n > len(f.quoted)
}

// bare is the share of the claim, by weight, that nothing in the chosen places
// stands for, with the words. Who speaks is checked by itself.
func (f *finding) bare() (share float64, words []string) {
	c := f.c
	missing, all := 0.0, 0.0
	for i := range c.units {
		if c.weights[i] == 0 || c.speaks[i] {
			continue
		}
		all += c.weights[i]
		held := f.quoted[i] || f.places[i].source != nil || slices.ContainsFunc(f.chosen, func(w window) bool { return w.held[i] >= leastBareLike })
		if !held {
			missing += c.weights[i]
			words = append(words, c.written(i))
		}
	}
	if all == 0 {
		return 0, nil
	}
	return missing / all, words
}

// numberReach is how far apart, in units, the two numbers of a pair stand.
const numberReach = 4

// doubledNumber finds a number that the claim has twice, close together, and the
// chosen places once: "between 45 and 45".
func (f *finding) doubledNumber() Fault {
	c := f.c
	for i := range c.units {
		for k := i + 1; k < min(i+1+numberReach, len(c.units)); k++ {
			a, b := c.units[i].quantity, c.units[k].quantity
			if a == nil || b == nil || c.class[i] != numberUnit || !a.Same(b) || f.quoted[i] || f.quoted[k] {
				continue
			}
			n := 0
			for _, w := range f.chosen {
				for j := w.source.starts[w.first]; j < w.source.starts[w.last+1]; j++ {
					if q := w.source.units[j].quantity; q != nil && a.Same(q) {
						n++
					}
				}
			}
			if n < 2 {
				return Fault{Kind: FaultNumber, Words: []string{c.written(k)}}
			}
		}
	}
	return Fault{}
}

// links are what leads somewhere or calls somebody: addresses and mentions.
var links = regexp.MustCompile(`(?i)\b(?:https?://|www\.)\S+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|gg|example|info|xyz|app|dev|co|me|tv)\b\S*|@\w+`)

// strangeLink finds an address or a mention that the sources do not have.
func (f *finding) strangeLink() Fault {
	for _, link := range links.FindAllString(f.c.text, -1) {
		link = strings.TrimRight(link, ".,;:!?)”\"'")
		if !slices.ContainsFunc(f.sources, func(s *sourceText) bool {
			return strings.Contains(strings.ToLower(retrieval.JoinSentences(s.Sentences)), strings.ToLower(link))
		}) {
			return Fault{Kind: FaultQuote, Words: []string{link}}
		}
	}
	return Fault{}
}

// refusals say no by themselves: a claim that has one where the source has no
// denial says the contrary. Each by its stem.
var refusals = stemSet(`refuse refused refuses fail failed fails deny denied denies reject rejected rejects decline declined prevent prevented
		forbid forbidden ban banned cease ceased avoid avoided stop stopped halt halted cancel cancelled canceled abandon abandoned`)

// deniedNext finds a claim whose best place is one that the next sentence says is
// wrong: "He currently directs the programs. No, I don't."
func (f *finding) deniedNext() Fault {
	if len(f.chosen) == 0 {
		return Fault{}
	}
	w := &f.chosen[0]
	said := w.source.Sentences
	if next := w.last + 1; next < len(said) && denies(said[next].Text, said[w.last].Text) {
		return Fault{Kind: FaultNegation, Words: []string{said[next].Text}}
	}
	for at := w.first; at < w.last; at++ {
		if !denies(said[at+1].Text, said[at].Text) {
			continue
		}
		held := make([]float32, len(f.c.units))
		f.c.holds(held, w.source, at)
		if f.c.cover(held) >= 0.5*w.cover {
			return Fault{Kind: FaultNegation, Words: []string{said[at+1].Text}}
		}
	}
	return Fault{}
}

// checkStrictly is check by the stricter rule.
func (v *Verifier) checkStrictly(ctx context.Context, c *claimText, sources []*sourceText) (Check, error) {
	f, err := v.examine(ctx, c, sources)
	if err != nil {
		return Check{}, err
	}
	check, err := f.conclude(ctx, f.strictLeast())
	if err != nil || !check.OK() {
		return check, err
	}
	if fault := f.told(); fault.Kind != FaultNone {
		check.Fault, check.Supports = fault, nil
	}
	return check, nil
}

// CheckAny is how what a language model wrote is checked: against the sources
// that it cites, by a stricter rule than Check where they are few; and when that
// fails, against each other source alone. The best of these then carries it.
func (v *Verifier) CheckAny(ctx context.Context, claim string, marks []int) (Check, error) {
	c, err := v.newClaimText(ctx, claim)
	if err != nil {
		return Check{}, err
	}
	sources, fault := v.cited(marks)
	first := Check{Fault: fault}
	if fault.Kind == FaultNone {
		if first, err = v.checkStrictly(ctx, c, sources); err != nil || first.OK() {
			return first, err
		}
	}
	best := first
	for _, s := range v.sources {
		if len(sources) == 1 && sources[0] == s {
			continue
		}
		again, err := v.checkStrictly(ctx, c, []*sourceText{s})
		if err != nil {
			return first, err
		}
		if again.OK() && (!best.OK() || again.Score > best.Score) {
			best = again
			best.Recited = true
		}
	}
	return best, nil
}
