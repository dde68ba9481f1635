package bot

import (
	"cmp"
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
	// score is how much of the claim is supported, see Verifier.score.
	score float64
	// taken holds the source units that are paired with some unit.
	taken map[takenUnit]bool
}

type takenUnit struct {
	source *sourceText
	at     int
}

// examine holds a claim against sources and says what is wrong first: invented
// quotes, then numbers and names that are nowhere, then too little support,
// then what stands elsewhere or the other way round.
func (v *Verifier) examine(c *claimText, sources []*sourceText) (*finding, Fault) {
	f := &finding{Verifier: v, c: c, sources: sources, quoted: make([]bool, len(c.units)), taken: map[takenUnit]bool{}}
	if words := f.findQuotes(); words != "" {
		return f, Fault{FaultQuote, []string{words}}
	}
	f.places = v.place(c, sources)
	for _, p := range f.places {
		if p.source != nil {
			f.taken[takenUnit{p.source, p.at}] = true
		}
	}
	f.windows = c.windows(sources)
	f.weighSupport()
	checks := []func() Fault{f.absentNumber, f.absentName, f.thinSupport, f.wrongNumber, f.wrongName, f.turnedRound, f.wrongSpeaker}
	for _, check := range checks {
		if fault := check(); fault.Kind != FaultNone {
			return f, fault
		}
	}
	return f, Fault{}
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

// Thresholds of support.
const (
	// leastSupport is the least share of a claim that must be supported.
	leastSupport = 0.30
	// leastContent is how much a claim must say, as a sum of weights, to be
	// judged by its content words; one that says less must stand in the
	// sources nearly word for word.
	leastContent = 0.8
	// verbatimShare is that share of its words.
	verbatimShare = 0.8
	// furtherGain is what a further window must add to be chosen.
	furtherGain = 0.12
	maxSupports = 3
)

// weighSupport scores the claim and chooses the windows that carry it.
func (f *finding) weighSupport() {
	c := f.c
	best := -1
	for n := range f.windows {
		w := &f.windows[n]
		if s := (w.cover + w.cosine) / 2; s > f.score {
			f.score, best = s, n
		}
	}
	if best < 0 {
		return
	}
	f.chosen = []window{f.windows[best]}
	held := slices.Clone(f.windows[best].held)
	for len(f.chosen) < maxSupports {
		before, gain, next := c.cover(held), furtherGain, -1
		for n := range f.windows {
			sum := 0.0
			for i, h := range f.windows[n].held {
				sum += float64(max(h, held[i])) * c.weights[i]
			}
			if g := sum/max(c.total, 1e-9) - before; g > gain {
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

func (f *finding) thinSupport() Fault {
	c := f.c
	if c.total < leastContent {
		pairs := 0
		for i := range f.places {
			if f.places[i].source != nil || f.quoted[i] {
				pairs++
			}
		}
		if len(c.units) < 3 || float64(pairs) < verbatimShare*float64(len(c.units)) {
			return Fault{Kind: FaultSupport}
		}
		f.score = max(f.score, leastSupport)
	}
	quoted := 0.0
	for i := range c.units {
		if f.quoted[i] {
			quoted += c.weights[i]
		}
	}
	f.score = max(f.score, quoted/max(c.total, 1e-9))
	if f.score >= leastSupport {
		return Fault{}
	}
	fault := Fault{Kind: FaultSupport}
	for i := range c.units {
		if c.weights[i] >= 0.3 && !f.heldBy(i) {
			fault.Words = append(fault.Words, c.written(i))
		}
	}
	return fault
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
