package bot

import (
	"cmp"
	"math"
	"slices"

	"verbatim/retrieval"
)

const (
	// chapterWords is the length aimed at for a chapter of a short episode;
	// it grows with the episode so that an hour has a dozen.
	chapterWords = 200
	maxChapters  = 14
	// blockSentences is how many sentences before and after a gap are
	// compared.
	blockSentences = 6
	// questionBonus favours a gap before a question: hosts change the subject
	// by asking.
	questionBonus = 0.08
	// maxClimb is how many gaps away a peak is looked for.
	maxClimb = 50
)

// chapter is a run of a talk's sentences, both included.
type chapter struct {
	first, last int
	words       int
}

// findChapters parts the talk where its subject shifts: at the gaps across
// which blocks of sentences are least alike (TextTiling: Hearst, Computational
// Linguistics 23(1), 1997, with embeddings for term counts).
func findChapters(t *talk) []chapter {
	n := min(max(2, t.total/max(chapterWords, t.total/maxChapters)), maxChapters)
	return t.part(t.whole(), n)
}

// part parts a run of the talk in up to n of about the same length, at least
// one.
func (t *talk) part(whole chapter, n int) []chapter {
	aim := whole.words / n
	order := make([]int, 0, whole.last-whole.first)
	for gap := whole.first + 1; gap <= whole.last; gap++ {
		order = append(order, gap)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(t.depths[b], t.depths[a]) })
	cuts := []int{whole.first, whole.last + 1}
	for _, gap := range order {
		if len(cuts)-1 >= n {
			break
		}
		at, _ := slices.BinarySearch(cuts, gap)
		if t.before[gap]-t.before[cuts[at-1]] >= aim/2 && t.before[cuts[at]]-t.before[gap] >= aim/2 {
			cuts = slices.Insert(cuts, at, gap)
		}
	}
	parts := make([]chapter, len(cuts)-1)
	for i := range parts {
		parts[i] = chapter{first: cuts[i], last: cuts[i+1] - 1, words: t.before[cuts[i+1]] - t.before[cuts[i]]}
	}
	return parts
}

// gapDepths gives for the gap before each sentence how much less alike its two
// sides are than the sides of the gaps around it.
func gapDepths(t *talk) []float64 {
	n := len(t.sentences)
	likeness := make([]float64, n)
	for gap := 1; gap < n; gap++ {
		left := sum(t.vectors[max(0, gap-blockSentences):gap])
		right := sum(t.vectors[gap:min(n, gap+blockSentences)])
		likeness[gap] = retrieval.Dot(left, right) / max(length(left)*length(right), 1e-9)
	}
	depth := make([]float64, n)
	for gap := 1; gap < n; gap++ {
		peakLeft, peakRight := likeness[gap], likeness[gap]
		for i := gap - 1; i > max(0, gap-maxClimb) && likeness[i] >= peakLeft; i-- {
			peakLeft = likeness[i]
		}
		for i := gap + 1; i < min(n, gap+maxClimb) && likeness[i] >= peakRight; i++ {
			peakRight = likeness[i]
		}
		depth[gap] = peakLeft + peakRight - 2*likeness[gap]
		if t.traits[gap].asks && !t.traits[gap-1].asks {
			depth[gap] += questionBonus
		}
	}
	return depth
}

func sum(vectors [][]float32) []float32 {
	total := make([]float32, len(vectors[0]))
	for _, v := range vectors {
		for i := range v {
			total[i] += v[i]
		}
	}
	return total
}

func length(v []float32) float64 { return math.Sqrt(retrieval.Dot(v, v)) }

func (t *talk) chapterOf(sentence int) int {
	for i := range t.chapters {
		if sentence <= t.chapters[i].last {
			return i
		}
	}
	return len(t.chapters) - 1
}
