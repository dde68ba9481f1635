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
}

// pick chooses the points of a style.
func (t *talk) pick(style string) []pick {
	if len(t.sentences) == 0 {
		return nil
	}
	whole := chapter{first: 0, last: len(t.sentences) - 1, words: t.total}
	var picks []pick
	switch style {
	case Brief:
		return t.spread(whole, min(5, 2+t.total/400))
	case Takeaways:
		picks = t.spread(whole, min(8, 4+t.total/300))
		slices.SortStableFunc(picks, func(a, b pick) int { return cmp.Compare(b.weight, a.weight) })
	case Chapters:
		for i := range t.chapters {
			c := &t.chapters[i]
			found := t.spread(*c, 2)
			found[0].heading = t.heading(c)
			picks = append(picks, found...)
		}
	default:
		for i := range t.chapters {
			c := &t.chapters[i]
			picks = append(picks, t.spread(*c, min(6, 1+c.words/65))...)
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
	if min(t.words[a], t.words[b]) >= goodPointWords && !leans(y.Text) {
		return false
	}
	return t.place[b] == t.place[a]+1 && x.Speaker == y.Speaker && y.LastLine-x.FirstLine < maxPointLines &&
		t.words[a]+t.words[b] >= minPointWords && t.words[a]+t.words[b] <= joinedWords && !asks(x.Text) && !asks(y.Text)
}

// Shares of the choice: what covering a chapter counts beside a point's own
// weight, what likeness to a point already chosen takes away, and what being in
// a chapter already quoted does.
const (
	coverShare    = 2.0
	likenessPrice = 0.6
	chapterPrice  = 0.3
	// chapterCandidates is how many points of a chapter are thought of when
	// the whole episode is to choose from.
	chapterCandidates = 12
)

// spread picks n points of a run of the talk, at least one: those that say
// most, and that together are near to what each part of it is about. The order
// is the episode's.
func (t *talk) spread(run chapter, n int) []pick {
	var candidates []pick
	var parts []int // of each sentence
	var centres [][]float32
	for c, part := range t.part(run, n+n/4) {
		found := t.candidates(&part)
		slices.SortStableFunc(found, func(a, b pick) int { return cmp.Compare(b.weight, a.weight) })
		candidates = append(candidates, found[:min(chapterCandidates, len(found))]...)
		centres = append(centres, normed(sum(t.vectors[part.first:part.last+1])))
		for range part.last - part.first + 1 {
			parts = append(parts, c)
		}
	}
	covered := make([]float64, len(centres))
	quoted := make([]float64, len(centres))
	return choose(candidates, n, func(p *pick) float64 {
		gain := -chapterPrice * quoted[parts[p.first-run.first]]
		for c := range centres {
			gain += coverShare / float64(len(centres)) * max(0, retrieval.Dot(p.vector, centres[c])-covered[c])
		}
		return gain
	}, func(p *pick) {
		quoted[parts[p.first-run.first]]++
		for c := range centres {
			covered[c] = max(covered[c], retrieval.Dot(p.vector, centres[c]))
		}
	})
}

// choose takes up to n points, one after the other, by maximal marginal
// relevance (Carbonell and Goldstein, SIGIR 1998): each time the one of most
// weight and gain that is least like those taken. None shares a sentence with
// another. The order is the episode's.
func choose(candidates []pick, n int, gain func(*pick) float64, take func(*pick)) []pick {
	var chosen []pick
	likest := make([]float64, len(candidates))
	for len(chosen) < n {
		best, bestGain := -1, 0.0
		for i := range candidates {
			p := &candidates[i]
			if slices.ContainsFunc(chosen, p.overlaps) {
				continue
			}
			if g := p.weight - likenessPrice*likest[i] + gain(p); best < 0 || g > bestGain {
				best, bestGain = i, g
			}
		}
		if best < 0 {
			break
		}
		chosen = append(chosen, candidates[best])
		take(&candidates[best])
		for i := range candidates {
			likest[i] = max(likest[i], retrieval.Dot(candidates[i].vector, candidates[best].vector))
		}
	}
	slices.SortFunc(chosen, func(a, b pick) int { return cmp.Compare(a.first, b.first) })
	return chosen
}

func (p *pick) overlaps(q pick) bool { return p.first <= q.last && q.first <= p.last }

func (t *talk) longest(c *chapter) int {
	at := c.first
	for i := c.first; i <= c.last; i++ {
		if t.words[i] > t.words[at] {
			at = i
		}
	}
	return at
}
