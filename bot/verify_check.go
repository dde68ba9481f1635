package bot

import (
	"cmp"
	"context"
	"math"
	"slices"

	"verbatim/retrieval"
)

// finding is a claim held against sources.
type finding struct {
	*Verifier
	c       *claimText
	sources []*sourceText
	places  []placed
	windows []window // best first
	chosen  []window
	// quoted marks the units inside quotation marks, quotes where they stand.
	quoted []bool
	quotes []quotePlacing
	// invented are quoted words that stand nowhere.
	invented string
	// score is how much of the claim is supported, see Verifier.score.
	score float64
	// taken is, for paired units of the sources, 1 + the claim's unit.
	taken map[takenUnit]int
}

type takenUnit struct {
	source *sourceText
	at     int
}

// examine holds a claim against sources.
func (v *Verifier) examine(ctx context.Context, c *claimText, sources []*sourceText) (*finding, error) {
	f := &finding{Verifier: v, c: c, sources: sources, quoted: make([]bool, len(c.units)), taken: map[takenUnit]int{}}
	f.invented = f.findQuotes()
	f.places = v.place(c, sources)
	for i, p := range f.places {
		if p.source != nil {
			f.taken[takenUnit{p.source, p.at}] = i + 1
		}
	}
	f.windows = c.listWindows(sources, f.teller())
	if err := f.weighSupport(ctx); err != nil {
		return nil, err
	}
	f.scoreQuotes()
	return f, nil
}

// fault says what is wrong with the claim, first of all invented quotes, then
// numbers and names that are nowhere, then less support than the least, then
// what stands elsewhere or the other way round.
func (f *finding) fault(least float64) Fault {
	if f.invented != "" {
		return Fault{Kind: FaultQuote, Words: []string{f.invented}}
	}
	for _, check := range []func() Fault{f.absentNumber, f.absentName} {
		if fault := check(); fault.Kind != FaultNone {
			return fault
		}
	}
	if f.score < least {
		return f.thinSupport()
	}
	for _, check := range []func() Fault{f.wrongNumber, f.wrongName, f.turnedRound, f.wrongSpeaker} {
		if fault := check(); fault.Kind != FaultNone {
			return fault
		}
	}
	return Fault{}
}

// findQuotes looks the quoted words up; it returns those that do not stand in
// the sources.
func (f *finding) findQuotes() string {
	for _, q := range f.c.quotes {
		words := f.c.text[q.start:q.end]
		if len(retrieval.Tokens(words)) == 0 {
			continue
		}
		p, ok := findQuote(words, f.sources)
		if !ok {
			return words
		}
		f.quotes = append(f.quotes, p)
		for i := range f.c.units {
			if u := &f.c.units[i]; u.start >= q.start && u.end <= q.end {
				f.quoted[i] = true
			}
		}
	}
	return ""
}

// Support. The score of a claim is the best window's: half its cover, half its
// cosine with the claim, and to that a part for how many of the claim's words
// follow the source in order. They were chosen as those that keep most of the
// human answers of the tuned half of QMSum's meetings where as many are kept
// that cite another meeting; further terms, and a logit over twelve of them,
// did no better on the other half.
const (
	orderShare = 0.35
	// leastSupport is the least score of a claim that cites up to aimSource words
	// of several sources; where more is cited, words are met by chance more
	// easily, and it rises by moreSupport each time that is twice as much, up to
	// mostCited times.
	leastSupport = 0.19
	moreSupport  = 0.04
	aimSource    = 400
	mostCited    = 32
	// singleSupport is the least score of a claim that cites one source: it
	// then tells what stands there, and sums nothing up.
	singleSupport = 0.40
	// betterBy is how much better another source must support a claim for those
	// cited to be the wrong ones, sureSupport the score from which they are
	// right all the same.
	betterBy    = 0.2
	sureSupport = 0.65
	// leastContent is how much a claim must say, as a sum of weights, to be
	// judged by its content words; one that says less must stand in the
	// sources nearly word for word.
	leastContent = 0.3
	// verbatimShare is that share of its words.
	verbatimShare = 0.8
	// leastQuote is how many words a quote must have to say something by
	// itself.
	leastQuote = 3
	// furtherGain is what a further window must add to be chosen.
	furtherGain = 0.12
	maxSupports = 3
	// maxCompared bounds the windows whose cosine is looked at.
	maxCompared = 60
)

// weighSupport scores the claim and chooses the windows that carry it.
func (f *finding) weighSupport(ctx context.Context) error {
	c := f.c
	list := f.windows[:min(len(f.windows), maxCompared)]
	texts := make([]string, len(list))
	for n, w := range list {
		texts[n] = retrieval.JoinSentences(w.source.Sentences[w.first : w.last+1])
	}
	vectors, err := f.words.lexicon.Embed(ctx, texts)
	if err != nil {
		return err
	}
	best := -1
	for n := range list {
		if s := (list[n].cover + retrieval.Dot(vectors[n], c.vector)) / 2; s > f.score {
			f.score, best = s, n
		}
	}
	if best < 0 {
		return nil
	}
	f.score = (f.score + orderShare*f.inOrder()) / (1 + orderShare)
	f.choose(best)
	return nil
}

// outdoneBy is the source, of those not cited, that supports the claim so much
// better that those cited are the wrong ones; nil for none.
func (f *finding) outdoneBy(ctx context.Context) (*sourceText, error) {
	if f.score >= sureSupport || len(f.quotes) > 0 {
		return nil, nil
	}
	var others []*sourceText
	for _, s := range f.Verifier.sources {
		if !slices.Contains(f.sources, s) {
			others = append(others, s)
		}
	}
	if len(others) == 0 {
		return nil, nil
	}
	g, err := f.examine(ctx, f.c, others)
	if err != nil || g.score < f.score+betterBy || len(g.chosen) == 0 {
		return nil, err
	}
	return g.chosen[0].source, nil
}

// inOrder is the share of the claim's words, those that say nothing included,
// that are paired with words of the sources.
func (f *finding) inOrder() float64 {
	pairs := 0
	for i := range f.places {
		if f.places[i].source != nil {
			pairs++
		}
	}
	return float64(pairs) / float64(max(1, len(f.places)))
}

// choose takes the best window, and those that hold more of the claim besides.
func (f *finding) choose(best int) {
	c := f.c
	f.chosen = []window{f.windows[best]}
	held := slices.Clone(f.windows[best].held)
	for len(f.chosen) < maxSupports {
		before, gain, next := c.cover(held), furtherGain, -1
		for n := range f.windows {
			sum := 0.0
			for i, h := range f.windows[n].held {
				sum += float64(max(h, held[i])) * c.weights[i]
			}
			if g := sum/max(c.total, leastTotal) - before; g > gain {
				gain, next = g, n
			}
		}
		if next < 0 {
			break
		}
		f.chosen = append(f.chosen, f.windows[next])
		for i, h := range f.windows[next].held {
			held[i] = max(held[i], h)
		}
	}
}

// least is the least score that supports a claim, by how much is cited.
func (f *finding) least() float64 {
	if len(f.sources) == 1 {
		return singleSupport
	}
	words := 0
	for _, s := range f.sources {
		words += len(s.units)
	}
	return leastSupport + moreSupport*math.Log2(min(max(float64(words)/aimSource, 1), mostCited))
}

// scoreQuotes takes into account what is quoted, and scores a claim that says
// too little to be judged by its content words.
func (f *finding) scoreQuotes() {
	c := f.c
	quoted, words := 0.0, 0
	for i := range c.units {
		if f.quoted[i] {
			quoted += c.weights[i]
			words++
		}
	}
	switch {
	case words >= leastQuote && c.total-quoted < leastContent:
		f.score = 1
	case c.total < leastContent:
		f.score = 0
		if f.nearlyVerbatim() {
			f.score = 1
		}
	default:
		f.score = max(f.score, quoted/c.total)
	}
}

// thinSupport names the words of the claim that are not in the sources.
func (f *finding) thinSupport() Fault {
	fault := Fault{Kind: FaultSupport}
	for i := range f.c.units {
		if f.c.weights[i] >= 0.3 && !f.heldBy(i) {
			fault.Words = append(fault.Words, f.c.written(i))
		}
	}
	return fault
}

// nearlyVerbatim reports whether nearly all words of the claim, those that say
// nothing included, stand in the source in their order.
func (f *finding) nearlyVerbatim() bool {
	pairs := 0
	for i := range f.places {
		if f.places[i].source != nil {
			pairs++
		}
	}
	return pairs >= 3 && float64(pairs) >= verbatimShare*float64(len(f.c.units))
}

// heldBy reports whether a chosen window holds unit i of the claim.
func (f *finding) heldBy(i int) bool {
	return slices.ContainsFunc(f.chosen, func(w window) bool { return w.held[i] >= leastLike })
}

// supports are the places to cite: those of quotes, then those that the words
// were paired with, then the windows.
func (f *finding) supports() []Support {
	var list []Support
	add := func(s *sourceText, first, last int, score float64) {
		for k := range list {
			x := &list[k]
			if x.N == s.N && first <= x.Last+1 && x.First <= last+1 && max(last, x.Last)-min(first, x.First) < windowSentences {
				x.First, x.Last, x.Score = min(first, x.First), max(last, x.Last), max(x.Score, score)
				return
			}
			if x.N == s.N && first >= x.First && last <= x.Last {
				return
			}
		}
		if len(list) < maxSupports {
			list = append(list, Support{s.N, first, last, score})
		}
	}
	for _, q := range f.quotes {
		add(q.source, q.first, q.last, 1)
	}
	for _, w := range f.chosen {
		first, last := f.c.narrow(&w)
		add(w.source, first, last, min(w.cover, 1))
	}
	slices.SortStableFunc(list, func(a, b Support) int { return cmp.Compare(b.Score, a.Score) })
	return list
}

// narrow drops sentences at the ends of a window that add little.
func (c *claimText) narrow(w *window) (first, last int) {
	first, last = w.first, w.last
	coverOf := func(first, last int) float64 {
		held := make([]float32, len(c.units))
		for i := first; i <= last; i++ {
			c.holds(held, w.source, i)
		}
		return c.cover(held)
	}
	for first < last {
		a, b := coverOf(first+1, last), coverOf(first, last-1)
		if max(a, b) < 0.92*w.cover && last-first < windowSentences {
			break
		}
		if a >= b {
			first++
		} else {
			last--
		}
	}
	return first, last
}
