package bot

import (
	"cmp"
	"slices"

	"verbatim/retrieval"
)

const (
	// minPointWords is the shortest that can stand as a point.
	minPointWords = 7
	// goodPointWords is the length from which a sentence says enough.
	goodPointWords = 12
	// longPointWords is where a point begins to be a burden.
	longPointWords = 45
	// joinedWords is the longest that a point of two sentences may be, and
	// leastJoinedWords the shortest that either is.
	joinedWords      = 50
	leastJoinedWords = 4
	// maxPointLines is the most lines that a point quotes.
	maxPointLines = 4
)

// pick is a point to be: sentences first to last of the talk.
type pick struct {
	first, last int
	heading     string
	// vector is the sentences' mean, of length 1; weight is what they are
	// worth as a point.
	vector []float32
	weight float64
	// also are further runs of sentences of a point that rests on several.
	also  []retrieval.Span
	quote bool // the point is the transcript's own words
	of    int  // free for whoever chooses among picks
}

// chapterPoints is how many points a chapter has.
const chapterPoints = 2

// briefPoints is how many points the gist of the talk has.
func (t *talk) briefPoints() int { return min(5, 2+t.total/400) }

// takeawayPoints is how many there are to remember.
func (t *talk) takeawayPoints() int { return min(8, 4+t.total/300) }

// detailPoints is how many points tell all of a run of words.
func detailPoints(words int) int { return min(6, 1+words/65) }

// pick chooses the points of a style.
func (t *talk) pick(style string) []pick {
	if len(t.sentences) == 0 {
		return nil
	}
	var picks []pick
	switch style {
	case Brief:
		return t.spread(t.whole(), t.briefPoints())
	case Takeaways:
		picks = t.spread(t.whole(), t.takeawayPoints())
		slices.SortStableFunc(picks, func(a, b pick) int { return cmp.Compare(b.weight, a.weight) })
	case Chapters:
		for i := range t.chapters {
			c := &t.chapters[i]
			found := t.spread(*c, chapterPoints)
			found[0].heading = t.heading(c)
			picks = append(picks, found...)
		}
	default:
		for i := range t.chapters {
			c := &t.chapters[i]
			picks = append(picks, t.spread(*c, detailPoints(c.words))...)
		}
	}
	return picks
}

// candidates are what a chapter could be quoted by: its sentences, and pairs of
// them where one is short or leans on the other. At least one.
func (t *talk) candidates(c *chapter) []pick {
	var found []pick
	for i := c.first; i <= c.last; i++ {
		if t.words[i] >= minPointWords {
			found = append(found, t.weigh(pick{first: i, last: i}))
		}
		if i > c.first && t.joins(i-1, i) {
			found = append(found, t.weigh(pick{first: i - 1, last: i}))
		}
	}
	if len(found) == 0 { // nothing but short sentences
		at := t.longest(c)
		found = append(found, t.weigh(pick{first: at, last: at}))
	}
	return found
}

// joins reports whether two sentences make a point together: neighbours of one
// speaker, one of which is short or leans on the other, and each of which says
// something.
func (t *talk) joins(a, b int) bool {
	x, y := &t.sentences[a], &t.sentences[b]
	if min(t.words[a], t.words[b]) < leastJoinedWords || min(len(t.terms[a]), len(t.terms[b])) == 0 {
		return false
	}
	if min(t.words[a], t.words[b]) >= goodPointWords && !t.traits[b].leans {
		return false
	}
	return t.place[b] == t.place[a]+1 && x.Speaker == y.Speaker && y.LastLine-x.FirstLine < maxPointLines &&
		t.words[a]+t.words[b] >= minPointWords && t.words[a]+t.words[b] <= joinedWords && !t.traits[a].asks && !t.traits[b].asks
}

// Shares of the choice: what being near to the subject of a part counts beside a
// point's own weight, what likeness to a point already chosen takes away, and
// what being in a part that has one does.
const (
	coverShare    = 2.0
	likenessPrice = 0.6
	partPrice     = 0.3
	// leastWeight is the least that makes a point worth saying where another
	// is.
	leastWeight = 0.3
	// partCandidates is how many points of a part are thought of.
	partCandidates = 12
)

// spread picks n points of a run of the talk, at least one.
func (t *talk) spread(run chapter, n int) []pick {
	var candidates []pick
	for _, part := range t.partsFor(run, n) {
		found := t.candidates(&part)
		slices.SortStableFunc(found, func(a, b pick) int { return cmp.Compare(b.weight, a.weight) })
		candidates = append(candidates, found[:min(partCandidates, len(found))]...)
	}
	slices.SortStableFunc(candidates, func(a, b pick) int { return cmp.Compare(b.weight, a.weight) })
	for len(candidates) > 1 && candidates[len(candidates)-1].weight < leastWeight {
		candidates = candidates[:len(candidates)-1]
	}
	return t.choose(run, n, candidates)
}

// partsFor parts a run for a choice of n points: somewhat finer, so that parts
// that say little may go without one.
func (t *talk) partsFor(run chapter, n int) []chapter { return t.part(run, n+n/4) }

// choose takes up to n of the points of a run, one after the other: each time
// the one that weighs most, is nearest to what the run's parts are about and
// least like those taken (maximal marginal relevance: Carbonell and Goldstein,
// SIGIR 1998). None shares a sentence with another. The order is the episode's.
func (t *talk) choose(run chapter, n int, candidates []pick) []pick {
	parts := t.partsFor(run, n)
	centres := make([][]float32, len(parts))
	for i, part := range parts {
		centres[i] = normed(sum(t.vectors[part.first : part.last+1]))
	}
	partOf := func(p *pick) int {
		return slices.IndexFunc(parts, func(part chapter) bool { return p.first <= part.last })
	}
	covered, quoted := make([]float64, len(parts)), make([]float64, len(parts))
	likest := make([]float64, len(candidates))
	var chosen []pick
	for len(chosen) < n {
		best, bestGain := -1, 0.0
		for i := range candidates {
			p := &candidates[i]
			if slices.ContainsFunc(chosen, p.overlaps) {
				continue
			}
			gain := p.weight - likenessPrice*likest[i] - partPrice*quoted[partOf(p)]
			for c := range centres {
				gain += coverShare / float64(len(parts)) * max(0, retrieval.Dot(p.vector, centres[c])-covered[c])
			}
			if best < 0 || gain > bestGain {
				best, bestGain = i, gain
			}
		}
		if best < 0 {
			break
		}
		p := &candidates[best]
		chosen = append(chosen, *p)
		quoted[partOf(p)]++
		for c := range centres {
			covered[c] = max(covered[c], retrieval.Dot(p.vector, centres[c]))
		}
		for i := range candidates {
			likest[i] = max(likest[i], retrieval.Dot(candidates[i].vector, p.vector))
		}
	}
	slices.SortFunc(chosen, func(a, b pick) int { return cmp.Compare(a.first, b.first) })
	return chosen
}

// overlaps reports whether two picks have a sentence in common. What a point
// rests on besides may be quoted as well.
func (p *pick) overlaps(q pick) bool {
	if p.first <= q.last && q.first <= p.last {
		return true
	}
	if p.quote || q.quote {
		return false
	}
	for _, s := range p.also {
		if s.First <= q.last && q.first <= s.Last {
			return true
		}
	}
	for _, s := range q.also {
		if p.first <= s.Last && s.First <= p.last {
			return true
		}
	}
	return false
}

func (t *talk) longest(c *chapter) int {
	at := c.first
	for i := c.first; i <= c.last; i++ {
		if t.words[i] > t.words[at] {
			at = i
		}
	}
	return at
}
