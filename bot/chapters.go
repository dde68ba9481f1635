package bot

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
	n := len(t.sentences)
	if n == 0 {
		return nil
	}
	aim := max(chapterWords, t.total/maxChapters)
	depth := gapDepths(t)
	order := make([]int, 0, n)
	for gap := 1; gap < n; gap++ {
		order = append(order, gap)
	}
	slices.SortStableFunc(order, func(a, b int) int { return -compareFloat(depth[a], depth[b]) })
	before := make([]int, n+1) // words before each sentence
	for i, w := range t.words {
		before[i+1] = before[i] + w
	}
	cuts := []int{0, n}
	for _, gap := range order {
		if len(cuts)-1 >= max(2, t.total/aim) || len(cuts)-1 >= maxChapters {
			break
		}
		at, _ := slices.BinarySearch(cuts, gap)
		if before[gap]-before[cuts[at-1]] >= aim/2 && before[cuts[at]]-before[gap] >= aim/2 {
			cuts = slices.Insert(cuts, at, gap)
		}
	}
	chapters := make([]chapter, len(cuts)-1)
	for i := range chapters {
		chapters[i] = chapter{first: cuts[i], last: cuts[i+1] - 1, words: before[cuts[i+1]] - before[cuts[i]]}
	}
	return chapters
}

func compareFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
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
		if strings.HasSuffix(t.sentences[gap].Text, "?") && !strings.HasSuffix(t.sentences[gap-1].Text, "?") {
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

const (
	// minPointWords is the shortest sentence that can stand as a point.
	minPointWords = 7
	// goodPointWords is the length from which a sentence says enough.
	goodPointWords = 12
	// longPointWords is where a sentence begins to be a burden.
	longPointWords = 45
)

// weighSentences gives each sentence its weight as a point: how near it is to
// what its chapter and the episode are about, more for names and numbers, less
// for questions, small talk and sentences that lean on the one before.
func weighSentences(t *talk) []float64 {
	weights := make([]float64, len(t.sentences))
	if len(t.sentences) == 0 {
		return weights
	}
	whole := sum(t.vectors)
	repeated := repetition(t)
	for c := range t.chapters {
		chap := &t.chapters[c]
		centre := sum(t.vectors[chap.first : chap.last+1])
		for i := chap.first; i <= chap.last; i++ {
			weights[i] = 0.6*retrieval.Dot(t.vectors[i], centre)/max(length(centre), 1e-9) + 0.3*retrieval.Dot(t.vectors[i], whole)/max(length(whole), 1e-9)
			weights[i] += 0.35*repeated[i] + 0.25*claimScore(t.sentences[i].Text) + shape(t.sentences[i].Text, t.words[i])
		}
	}
	return weights
}

// repetition is 0 to 1 for each sentence: how many of its pairs of words come
// up in other sentences too. What speakers come back to is what they mean.
func repetition(t *talk) []float64 {
	pairs := make([][]string, len(t.sentences))
	count := map[string]int{}
	for i := range t.sentences {
		terms := t.terms[i]
		for j := 1; j < len(terms); j++ {
			pair := terms[j-1] + " " + terms[j]
			pairs[i] = append(pairs[i], pair)
			count[pair]++
		}
	}
	scores := make([]float64, len(t.sentences))
	for i := range pairs {
		for _, pair := range pairs[i] {
			if count[pair] > 1 {
				scores[i]++
			}
		}
		scores[i] = min(scores[i]/3, 1)
	}
	return scores
}

// shape weighs how a sentence is made.
func shape(text string, words int) float64 {
	weight := 0.0
	switch {
	case words < goodPointWords:
		weight -= 0.2
	case words > longPointWords:
		weight -= 0.05
	}
	if strings.HasSuffix(text, "?") {
		weight -= 0.35
	}
	if strings.HasSuffix(text, ",") {
		weight -= 0.25 // the first part of a long sentence
	}
	if first, _ := utf8.DecodeRuneInString(text); unicode.IsLower(first) {
		weight -= 0.25 // a later part of one
	}
	lower := strings.ToLower(text)
	if strings.Contains(lower, "welcome") || strings.Contains(lower, "thank you") || strings.Contains(lower, "thanks for") {
		weight -= 0.3 // courtesies
	}
	first, _, _ := strings.Cut(lower, " ")
	switch strings.Trim(first, ",.") {
	case "it", "that", "this", "these", "they", "he", "she", "then", "there":
		weight -= 0.08
	case "hello", "thanks", "thank", "welcome", "okay", "yeah", "hi":
		weight -= 0.3
	}
	return weight
}

// claimCues are words with which people say what matters.
var claimCues = []string{
	" important", " main ", " key ", " basic", " real ", " reason", " because", " not just", " in fact", " convergence", " rather than", " most ",
	" always", " never", " must ", " should ", " lesson", " point is", " conclude", " result", " start of", " change", " first time", " strongly", " will ",
}

// claimScore is 0 to 1: how much a sentence sounds like a claim, by cues,
// names and numbers.
func claimScore(text string) float64 {
	lower := " " + strings.ToLower(text) + " "
	score := 0.0
	for _, cue := range claimCues {
		if strings.Contains(lower, cue) {
			score += 0.2
		}
	}
	for i, token := range retrieval.Tokens(text) {
		first := text[token.Start]
		if first >= '0' && first <= '9' || i > 0 && first >= 'A' && first <= 'Z' && token.End-token.Start > 1 {
			score += 0.07
		}
	}
	return min(score, 1)
}
