package retrieval

// Splitting is an episode cut up: all its sentences in order, and the
// passages over them.
type Splitting struct {
	Sentences []Sentence
	Passages  []Passage
}
