package retrieval

import (
	"slices"
	"strings"
)

// Bounds of a passage in words. The target is where a cut is sought; a passage
// is only longer than the most when a single sentence is.
const (
	minPassageWords = 80
	maxPassageWords = 160
	aimPassageWords = 120
	// overlapSentences are repeated at the start of the next passage, as long
	// as they have at most maxOverlapWords together.
	overlapSentences = 2
	maxOverlapWords  = 40
)

// Splitting is an episode cut up: all its sentences in order, and the
// passages over them. The scope of the passages' IDs is empty until a library
// takes them.
type Splitting struct {
	Sentences []Sentence
	Passages  []Passage
}

// Split cuts an episode into sentences and passages. On the way it marks what
// is no evidence: words that speech recognition wrote twice, and boilerplate,
// which it marks in e.Lines as well. The same episode is always split the same
// way.
func Split(e *Episode) *Splitting {
	sentences := cutSentences(e.Lines, findRepeats(e.Lines))
	markBoilerplate(e.Lines, sentences)
	s := &Splitting{Sentences: sentences}
	for first := 0; first < len(sentences); {
		last := passageEnd(sentences, first)
		s.Passages = append(s.Passages, newPassage(e.ID, len(s.Passages), sentences, first, last))
		if last == len(sentences)-1 {
			break
		}
		first = nextStart(sentences, first, last)
	}
	return s
}

// passageEnd finds the last sentence of the passage that starts at first: the
// best cut between the least and the most words, boilerplate kept apart.
func passageEnd(sentences []Sentence, first int) int {
	words, best, bestCost := 0, first, 1<<30
	for i := first; i < len(sentences); i++ {
		if sentences[i].Boilerplate != sentences[first].Boilerplate {
			return i - 1
		}
		words += sentences[i].Words()
		if words > maxPassageWords && i > first {
			return best
		}
		cost := cutCost(sentences, i, words)
		if cost <= bestCost {
			best, bestCost = i, cost
		}
	}
	return len(sentences) - 1
}

// cutCost is how bad a cut after sentence i is: its distance from the aim in
// words, less for the end of a turn, more below the least.
func cutCost(sentences []Sentence, i, words int) int {
	cost := words - aimPassageWords
	if cost < 0 {
		cost = -cost
	}
	if words < minPassageWords {
		cost += 1000
	}
	if i+1 < len(sentences) && sentences[i+1].Speaker != sentences[i].Speaker {
		cost -= 25
	}
	return cost
}

// nextStart is the first sentence of the passage after one that ends at last:
// one or two of its sentences are repeated if they are short enough.
func nextStart(sentences []Sentence, first, last int) int {
	next := last + 1
	if sentences[next].Boilerplate != sentences[last].Boilerplate {
		return next
	}
	words := 0
	for n := 0; n < overlapSentences && next-1 > first; n++ {
		words += sentences[next-1].Words()
		if words > maxOverlapWords {
			break
		}
		next--
	}
	return next
}

func newPassage(id EpisodeID, seq int, sentences []Sentence, first, last int) Passage {
	p := Passage{
		ID:    PassageID{Episode: id, Seq: seq},
		First: first, Last: last,
		Sentences: sentences[first : last+1],
		FirstLine: sentences[first].FirstLine, LastLine: sentences[last].LastLine,
		Start: sentences[first].Start, End: sentences[last].End,
		Speakers: []string{},
	}
	for i := range p.Sentences {
		if s := p.Sentences[i].Speaker; s != "" && !slices.Contains(p.Speakers, s) {
			p.Speakers = append(p.Speakers, s)
		}
	}
	p.Terms = strings.Join(Terms(p.IndexText()), " ")
	return p
}
