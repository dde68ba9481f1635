package retrieval

import (
	"cmp"
	"maps"
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
	// parts are what was counted at one time each; a term may be in several.
	parts []*wordCounts

	// What is known about the episodes; see about.
	aboutMutex sync.Mutex
	aboutRead  bool
	aboutList  []aboutEpisode
}

// wordCounts is the number of passages that hold each term.
type wordCounts struct {
	frequency map[string]int

	// The lists below find spellings; they are made at first use.
	indexOnce sync.Once
	bySound   map[string][]string // by soundKey
	byLength  map[string][]string // by lengthKey
}

// NewVocabulary makes a vocabulary; it keeps the map. passages and terms are
// the counts of the fields of the same names; frequency gives for each term
// the number of passages that hold it.
func NewVocabulary(passages, terms int, frequency map[string]int) *Vocabulary {
	return &Vocabulary{Passages: passages, Terms: terms, parts: []*wordCounts{{frequency: frequency}}}
}

// mergeShare: what was added is kept apart until it has one in so many of the
// terms of the part before it. So a vocabulary is a few parts, each much larger
// than the next, and an episode costs its own words and not all of them.
const mergeShare = 2

// Grown is the vocabulary with further passages counted, whose counts are as
// NewVocabulary takes them. v stays as it is; both share what they can.
func (v *Vocabulary) Grown(passages, terms int, frequency map[string]int) *Vocabulary {
	parts := append(slices.Clone(v.parts), &wordCounts{frequency: frequency})
	for n := len(parts); n > 1 && len(parts[n-1].frequency)*mergeShare > len(parts[n-2].frequency); n-- {
		merged := maps.Clone(parts[n-2].frequency)
		for term, in := range parts[n-1].frequency {
			merged[term] += in
		}
		parts = append(parts[:n-2], &wordCounts{frequency: merged})
	}
	grown := &Vocabulary{Passages: v.Passages + passages, Terms: v.Terms + terms, parts: parts}
	grown.Follow(v)
	return grown
}

// JoinVocabularies is the vocabulary of several sets of passages that have none
// in common.
func JoinVocabularies(list []*Vocabulary) *Vocabulary {
	joined := &Vocabulary{}
	for _, v := range list {
		joined.Passages += v.Passages
		joined.Terms += v.Terms
		joined.parts = append(joined.parts, v.parts...)
	}
	return joined
}

// Frequency is the number of passages that hold the term.
func (v *Vocabulary) Frequency(term string) int {
	n := 0
	for _, p := range v.parts {
		n += p.frequency[term]
	}
	return n
}

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
func (p *wordCounts) buildIndex() {
	words := make([]string, 0, len(p.frequency))
	for term := range p.frequency {
		if len(term) >= minVariantLetters-1 && isLetters(term) && !stopTerms[term] {
			words = append(words, term)
		}
	}
	slices.Sort(words)
	p.bySound, p.byLength = map[string][]string{}, map[string][]string{}
	for _, w := range words {
		sound, length := soundKey(w), lengthKey(w[0], len(w))
		p.bySound[sound] = append(p.bySound[sound], w)
		p.byLength[length] = append(p.byLength[length], w)
	}
}

// sortVariants orders by weight, then by how common the word is, then by name.
func sortVariants(found []Variant, v *Vocabulary) {
	slices.SortFunc(found, func(a, b Variant) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(v.Frequency(b.Term), v.Frequency(a.Term)), cmp.Compare(a.Term, b.Term))
	})
}
