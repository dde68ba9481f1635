package retrieval

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// Vocabulary is the words of some scopes with how often they occur, for BM25
// and for meeting misspelt names. Safe for concurrent use.
type Vocabulary struct {
	// Passages is the number of passages counted.
	Passages int
	// Terms is the number of term occurrences in all passages.
	Terms int
	// frequency is the number of passages that hold each term.
	frequency map[string]int

	// The lists below find spellings; they are made at first use.
	indexOnce sync.Once
	bySound   map[string][]string // by soundKey
	byLength  map[string][]string // by lengthKey

	// What is known about the episodes; see about.
	aboutMutex sync.Mutex
	aboutRead  bool
	aboutList  []aboutEpisode
}

// NewVocabulary makes a vocabulary; it keeps the map. passages and terms are
// the counts of the fields of the same names; frequency gives for each term
// the number of passages that hold it.
func NewVocabulary(passages, terms int, frequency map[string]int) *Vocabulary {
	return &Vocabulary{Passages: passages, Terms: terms, frequency: frequency}
}

// Frequency is the number of passages that hold the term.
func (v *Vocabulary) Frequency(term string) int { return v.frequency[term] }

// IDF is the inverse document frequency of a term that n passages hold, as
// BM25 has it: ln(1 + (N-n+0.5)/(n+0.5)), above 0. Source: Robertson and
// Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009,
// with the 1 inside the logarithm that Lucene adds to keep it positive.
func (v *Vocabulary) IDF(n int) float64 {
	n = min(n, v.Passages)
	return math.Log(1 + (float64(v.Passages-n)+0.5)/(float64(n)+0.5))
}

// buildIndex lists the words for Variants, in sorted order so that equal
// vocabularies give equal variants.
func (v *Vocabulary) buildIndex() {
	words := make([]string, 0, len(v.frequency))
	for term := range v.frequency {
		if len(term) >= minVariantLetters-1 && isLetters(term) && !stopTerms[term] {
			words = append(words, term)
		}
	}
	slices.Sort(words)
	v.bySound, v.byLength = map[string][]string{}, map[string][]string{}
	for _, w := range words {
		sound, length := soundKey(w), lengthKey(w[0], len(w))
		v.bySound[sound] = append(v.bySound[sound], w)
		v.byLength[length] = append(v.byLength[length], w)
	}
}

// sortVariants orders by weight, then by how common the word is, then by name.
func sortVariants(found []Variant, v *Vocabulary) {
	slices.SortFunc(found, func(a, b Variant) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(v.frequency[b.Term], v.frequency[a.Term]), cmp.Compare(a.Term, b.Term))
	})
}
