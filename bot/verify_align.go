package bot

// alignment pairs units of a claim with units of a source, in order.
type alignment struct {
	source *sourceText
	// to is, for every unit of the claim, the index of its source unit, or -1.
	to []int
	// score is the weight of what was paired less the gaps.
	score float64
}

// Weights of an alignment. Names and numbers count little in it: the words
// around them decide where the claim was taken from, so that another name in
// the place of the right one is seen.
const (
	alignAnchor = 0.3
	alignStop   = 0.08
	alignNext   = 0.04 // for a pair that follows a pair at once
	sourceGap   = 0.025
	turnGap     = 0.05 // for each sentence border besides
	claimGap    = 0.01
	leastLike   = 0.4
)

// pairWeight is what pairing unit i of the claim with unit j of the source is
// worth, 0 when they are no pair.
func (c *claimText) pairWeight(i int, s *sourceText, j int, v *Verifier) float64 {
	a, b := &c.units[i], &s.units[j]
	switch {
	case a.quantity != nil && b.quantity != nil:
		if !a.quantity.Same(b.quantity) {
			return 0
		}
		if c.class[i] == numberUnit {
			return alignAnchor
		}
		return alignStop
	case a.quantity != nil || b.quantity != nil:
		return 0
	case c.like[i] == nil:
		if b.stop && c.word(i).word == v.words.words[b.id].word {
			return alignStop
		}
		return 0
	}
	if a.stop && !b.capital {
		return 0
	}
	like := float64(c.like[i][b.id])
	switch {
	case like < leastLike:
		return 0
	case c.class[i] == nameUnit:
		return alignAnchor * like
	}
	return max(c.weights[i], alignStop) * like
}

// align finds the best alignment of the units from first to before last with
// the source: local in both (Smith and Waterman 1981), what is skipped of the
// source costing a little.
func (v *Verifier) align(c *claimText, first, last int, s *sourceText) alignment {
	n, m := last-first, len(s.units)
	a := alignment{source: s, to: make([]int, len(c.units))}
	for i := range a.to {
		a.to[i] = -1
	}
	width := m + 1
	best := make([]float32, (n+1)*width)
	step := make([]byte, (n+1)*width) // 1 pair, 2 skip claim, 3 skip source
	top := 0
	for i := 1; i <= n; i++ {
		for j := 1; j <= m; j++ {
			at := i*width + j
			u := &s.units[j-1]
			if x := best[at-width] - claimGap; x > best[at] {
				best[at], step[at] = x, 2
			}
			gap := float32(sourceGap)
			if j > 1 && s.units[j-2].sentence != u.sentence {
				gap += turnGap
			}
			if x := best[at-1] - gap; x > best[at] {
				best[at], step[at] = x, 3
			}
			if !s.evidence[u.sentence] {
				continue
			}
			if w := c.pairWeight(first+i-1, s, j-1, v); w > 0 {
				x := best[at-width-1] + float32(w)
				if step[at-width-1] == 1 {
					x += alignNext
				}
				if x > best[at] {
					best[at], step[at] = x, 1
				}
			}
			if best[at] > best[top] {
				top = at
			}
		}
	}
	a.score = float64(best[top])
	for at := top; step[at] != 0; {
		switch step[at] {
		case 1:
			a.to[first+at/width-1] = at%width - 1
			at -= width + 1
		case 2:
			at -= width
		case 3:
			at--
		}
	}
	return a
}

// placed is where the units of a claim were found.
type placed struct {
	source *sourceText // nil for none
	at     int         // index into its units
	round  int
}

// Bounds of further alignments: what is left of a claim must say that much.
const (
	maxRounds  = 4
	leastLeft  = 0.9
	leastScore = 0.5
)

// place aligns a claim with the sources: the best alignment first, then, for
// what that leaves of the claim, the best for it.
func (v *Verifier) place(c *claimText, sources []*sourceText) []placed {
	places := make([]placed, len(c.units))
	ranges := [][2]int{{0, len(c.units)}}
	for round := 1; round <= maxRounds && len(ranges) > 0; round++ {
		r := ranges[0]
		ranges = ranges[1:]
		var best alignment
		for _, s := range sources {
			if a := v.align(c, r[0], r[1], s); a.score > best.score {
				best = a
			}
		}
		if best.score < leastScore {
			continue
		}
		from, to := -1, -1
		for i := r[0]; i < r[1]; i++ {
			if best.to[i] < 0 {
				continue
			}
			places[i] = placed{best.source, best.to[i], round}
			if from < 0 {
				from = i
			} else if gap := i - to; gap > 1 && c.weigh(to+1, i) >= leastLeft {
				ranges = append(ranges, [2]int{to + 1, i})
			}
			to = i
		}
		if c.weigh(r[0], from) >= leastLeft {
			ranges = append(ranges, [2]int{r[0], from})
		}
		if c.weigh(to+1, r[1]) >= leastLeft {
			ranges = append(ranges, [2]int{to + 1, r[1]})
		}
	}
	return places
}

// weigh is the weight of the units from first to before last.
func (c *claimText) weigh(first, last int) float64 {
	sum := 0.0
	for i := first; i < last; i++ {
		sum += c.weights[i]
	}
	return sum
}
