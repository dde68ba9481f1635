package bot

// How far around a unit words count as its context, in units.
const (
	claimReach  = 10
	sourceReach = 25
	// slotReach is how near a paired word must be, in the claim, for what
	// stands beside it in the source to stand against the unit.
	slotReach = 3
)

// around is the share, by weight, of the words around unit i of the claim that
// stand around unit j of the source; 1 when they say too little.
func (f *finding) around(i int, s *sourceText, j, reach int) float64 {
	c := f.c
	met, all := 0.0, 0.0
	first, last := max(0, j-reach), min(len(s.units)-1, j+reach)
	for k := max(0, i-claimReach); k <= min(len(c.units)-1, i+claimReach); k++ {
		if k == i || c.weights[k] == 0 || c.class[k] != plainWord {
			continue
		}
		best := 0.0
		for at := first; at <= last && best < 1; at++ {
			if s.evidence[s.units[at].sentence] {
				best = max(best, f.likeUnit(k, s, at))
			}
		}
		met += best * c.weights[k]
		all += c.weights[k]
	}
	if all < leastContext {
		return 1
	}
	return met / all
}

// leastContext is how much the words around a unit must say, as a sum of
// weights, for their absence to mean something.
const leastContext = 0.5

// likeUnit is how well unit j of the source stands for unit i of the claim, 0
// to 1.
func (f *finding) likeUnit(i int, s *sourceText, j int) float64 {
	a, b := &f.c.units[i], &s.units[j]
	switch {
	case a.quantity != nil:
		if b.quantity != nil && a.quantity.Same(b.quantity) {
			return 1
		}
		return 0
	case b.quantity != nil || f.c.like[i] == nil || a.stop && !b.capital:
		return 0
	}
	return float64(f.c.like[i][b.id])
}

// occurrences calls yield for the units of the sources that stand for unit i,
// as long as it returns true.
func (f *finding) occurrences(i int, least float64, yield func(s *sourceText, j int) bool) {
	for _, s := range f.sources {
		for j := range s.units {
			if s.evidence[s.units[j].sentence] && f.likeUnit(i, s, j) >= least && !yield(s, j) {
				return
			}
		}
	}
}

// occurs reports whether any unit of the sources stands for unit i.
func (f *finding) occurs(i int, least float64) bool {
	found := false
	f.occurrences(i, least, func(*sourceText, int) bool { found = true; return false })
	return found
}

// nearest is the best share of the words around unit i that stand around an
// occurrence of it.
func (f *finding) nearest(i int, least float64, reach int) float64 {
	best := 0.0
	f.occurrences(i, least, func(s *sourceText, j int) bool {
		best = max(best, f.around(i, s, j, reach))
		return best < 1
	})
	return best
}

// neighbours are the paired units before and after unit i of the claim, -1
// for none.
func (f *finding) neighbours(i int) (before, after int) {
	return f.neighboursOf(i, func(int) bool { return true })
}

// neighboursOf is neighbours among the units that keep.
func (f *finding) neighboursOf(i int, keep func(k int) bool) (before, after int) {
	before, after = i-1, i+1
	for before >= 0 && (f.places[before].source == nil || !keep(before)) {
		before--
	}
	for after < len(f.places) && (f.places[after].source == nil || !keep(after)) {
		after++
	}
	if after == len(f.places) {
		after = -1
	}
	return before, after
}

// slot calls yield for the units of a source that stand where unit i of the
// claim would stand, going by the paired words beside it, and that nothing is
// paired with.
func (f *finding) slot(i int, yield func(s *sourceText, j int)) {
	before, after := f.neighbours(i)
	side := func(k, step int) {
		distance := max(i-k, k-i)
		if k < 0 || distance > slotReach {
			return
		}
		p := f.places[k]
		sentence := p.source.units[p.at].sentence
		for n := 1; n <= distance+2; n++ {
			j := p.at + step*n
			if j < 0 || j >= len(p.source.units) || p.source.units[j].sentence != sentence {
				return
			}
			if f.taken[takenUnit{p.source, j}] > 0 {
				return
			}
			yield(p.source, j)
		}
	}
	// The nearer word decides; where one is as near as the other, both do.
	if after < 0 || before >= 0 && i-before <= after-i {
		side(before, 1)
	}
	if before < 0 || after >= 0 && after-i <= i-before {
		side(after, -1)
	}
}

// consistent reports whether unit i is paired with a unit near those that the
// units beside it are paired with.
func (f *finding) consistent(i int) bool {
	p := f.places[i]
	if p.source == nil || f.taken[takenUnit{p.source, p.at}] != i+1 {
		return false // or another word of the claim is paired with the same
	}
	before, after := f.neighbours(i)
	near := func(k int) bool {
		if k < 0 || f.places[k].source != p.source {
			return false
		}
		apart := f.places[k].at - p.at
		return max(apart, -apart) <= max(i-k, k-i)+12
	}
	return near(before) || near(after)
}

// Density of pairs around a unit, for what stands in its slot to decide.
const (
	denseReach = 5
	denseShare = 0.7
)

// dense reports whether the claim follows the source word by word around unit
// i: most of the words beside it are paired.
func (f *finding) dense(i int) bool {
	pairs, all := 0, 0
	for k := max(0, i-denseReach); k <= min(len(f.places)-1, i+denseReach); k++ {
		if k == i {
			continue
		}
		all++
		if f.places[k].source != nil {
			pairs++
		}
	}
	return float64(pairs) >= denseShare*float64(all)
}

// adjoined reports whether a word that stands right beside unit i of the claim
// stands on the same side beside it in the source too.
func (f *finding) adjoined(i int) bool {
	c := f.c
	found := false
	for _, k := range []int{i - 2, i - 1, i + 1, i + 2} {
		if k < 0 || k >= len(c.units) || c.weights[k] == 0 || found {
			continue
		}
		f.occurrences(i, 1, func(s *sourceText, j int) bool {
			for n := 1; n <= 2; n++ {
				at := j + n
				if k < i {
					at = j - n
				}
				if at >= 0 && at < len(s.units) && s.units[at].sentence == s.units[j].sentence && f.likeUnit(k, s, at) >= leastLike {
					found = true
				}
			}
			return !found
		})
	}
	return found
}

// besideNeighbours reports whether unit i stands in a sentence that a unit
// beside it was found in.
func (f *finding) besideNeighbours(i int, least float64) bool {
	before, after := f.neighbours(i)
	found := false
	for _, k := range []int{before, after} {
		if k < 0 {
			continue
		}
		p := f.places[k]
		n := p.source.units[p.at].sentence
		for j := p.source.starts[n]; j < p.source.starts[n+1]; j++ {
			found = found || f.likeUnit(i, p.source, j) >= least
		}
	}
	return found
}

// listed reports whether two units of a source are of one list: nothing but
// "and", "or" or a comma, and a word or two, stands between them.
func (f *finding) listed(s *sourceText, first, last int) bool {
	if last-first > 4 {
		return false
	}
	for j := first + 1; j <= last; j++ {
		if word := f.words.words[s.units[j].id].word; word == "and" || word == "or" || s.units[j].apart && s.units[j].sentence == s.units[first].sentence {
			return true
		}
	}
	return false
}

// skips reports whether unit i is paired over the head of a rival that stands
// where it should stand, right beside the word that the unit beside it is
// paired with.
func (f *finding) skips(i int, rival func(s *sourceText, j int) bool) bool {
	if !f.dense(i) {
		return false
	}
	p := f.places[i]
	before, after := f.neighbours(i)
	for _, k := range []int{before, after} {
		distance := max(i-k, k-i)
		if k < 0 || distance > 2 || f.places[k].source != p.source {
			continue
		}
		step, from := 1, f.places[k].at
		if p.at < from {
			step = -1
		}
		for n := 1; n <= distance+1 && from+step*n != p.at; n++ {
			j := from + step*n
			if j < 0 || j >= len(p.source.units) {
				break
			}
			if f.taken[takenUnit{p.source, j}] > 0 || f.likeUnit(i, p.source, j) >= likeSpelling || !rival(p.source, j) {
				continue
			}
			if !f.listed(p.source, min(j, p.at), max(j, p.at)) {
				return true
			}
		}
	}
	return false
}

// enclosed reports whether the words right before and after unit i are paired
// with words that have one word between them, which then stands in its place.
func (f *finding) enclosed(i int) bool {
	if i == 0 || i+1 == len(f.places) {
		return false
	}
	p, q := f.places[i-1], f.places[i+1]
	return p.source != nil && p.source == q.source && q.at == p.at+2
}

// replaces reports whether a name of the source stands right before or after a
// word where the claim has unit i in its stead.
func (f *finding) replaces(i int) bool {
	found := false
	for _, step := range []int{-1, 1} {
		k := i - step
		if k < 0 || k >= len(f.places) || f.places[k].source == nil {
			continue
		}
		s, j := f.places[k].source, f.places[k].at+step
		if j >= 0 && j < len(s.units) && s.units[j].sentence == s.units[j-step].sentence {
			found = found || f.isName(s, j) && f.taken[takenUnit{s, j}] == 0
		}
	}
	return found
}
