package retrieval

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Lexicon compares words and sentences: an embedder that is quick enough to be
// asked for every word, and that knows how common words are.
type Lexicon interface {
	Embedder
	// Rank is the word's place in a list of words, common ones first, from
	// about 1,000 to 30,000; whole is false when the word is not in it.
	Rank(word string) (rank int, whole bool)
}

// Evidence is what some hits hold in answer to a question.
type Evidence struct {
	// Spans are the sentences that answer best, best first: distinct places,
	// at most one citation long each.
	Spans []EvidenceSpan
	// Missing are the names and specific words of the question that nothing
	// in the hits comes near, as written.
	Missing []string
	// Reason is why the evidence is too thin to answer, "" when it is not.
	Reason string
}

// Enough reports whether the question may be answered from the spans.
func (e *Evidence) Enough() bool { return e.Reason == "" && len(e.Spans) > 0 }

// EvidenceSpan is a run of sentences of one hit.
type EvidenceSpan struct {
	// ID is that of the passage.
	ID        PassageID
	Sentences []Sentence
	// Score is 0 to about 2; it orders the spans of one question.
	Score float64
	// Coverage is the share of the question, weighed by rarity, that the
	// span's words hold or come near, 0 to 1.
	Coverage float64
}

// Bounds of likeness between words, as cosines of the embedded table: below
// unlikeWord two words have nothing to do with each other, from alikeWord on
// one may stand for the other. Names stand for each other only from alikeName
// on ("Moscow" for Russia): nearer by are cities of one country, which must
// not be mixed up.
const (
	unlikeWord = 0.30
	alikeWord  = 0.75
	missedWord = 0.45
	alikeName  = 0.76
	// specificRank is the rank from which a word is specific enough that its
	// absence says something: it leaves the commonest 1,900 words out.
	specificRank = 2900
)

// asker is one word of a question.
type asker struct {
	token Token
	stem  string
	group int // in the question's groups, -1 for none
	// name marks a capitalised word within the sentence; names that follow
	// one another have the same number, from 1.
	name int
	// known is the form under which the lexicon has the word, if whole.
	known  string
	whole  bool
	rank   int
	vector []float32
	weight float64
}

// Weigh finds the sentences among the hits that answer the question and
// judges whether they are enough. It knows nothing but words: names must
// occur, in some spelling; specific words must occur or have a near relative;
// a question for a number needs a number, one about the future a sentence
// about the future. Vocabulary is that of the scopes searched.
func Weigh(ctx context.Context, text string, hits []Hit, v *Vocabulary, lexicon Lexicon) (*Evidence, error) {
	w, err := newWeigher(ctx, text, v, lexicon)
	if err != nil {
		return nil, err
	}
	if err := w.readHits(ctx, hits); err != nil {
		return nil, err
	}
	e := &Evidence{}
	for i := range hits {
		e.Spans = append(e.Spans, w.spans(&hits[i], i)...)
	}
	slices.SortStableFunc(e.Spans, func(a, b EvidenceSpan) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), a.ID.Compare(b.ID))
	})
	e.Spans = distinctSpans(e.Spans)
	e.Missing, e.Reason = w.judge(e.Spans)
	return e, nil
}

// weigher holds the question and the vectors of the words compared.
type weigher struct {
	text    string
	asked   question
	askers  []asker
	total   float64 // of the askers' weights
	vector  []float32
	lexicon Lexicon
	words   map[string][]float32 // by folded word
	vectors map[string][]float32 // of sentences, by text
	likely  map[string][]float64 // by folded word: likeness to each asker
	best    []float64            // per asker: the likest word in any hit
}

func newWeigher(ctx context.Context, text string, v *Vocabulary, lexicon Lexicon) (*weigher, error) {
	w := &weigher{text: text, asked: analyze(text, v), lexicon: lexicon, words: map[string][]float32{}, likely: map[string][]float64{}}
	tokens := Tokens(text)
	names := 0
	inName := false
	for i, t := range tokens {
		stem := Stem(t.Word)
		first, _ := utf8.DecodeRuneInString(text[t.Start:])
		named := i > 0 && unicode.IsUpper(first) && !stopTerms[stem] && !startsSentence(text, t.Start)
		if named && !inName {
			names++
		}
		inName = named
		if stopTerms[stem] {
			continue
		}
		a := asker{token: t, stem: stem, group: w.asked.group(stem)}
		if named {
			a.name = names
		}
		a.known = t.Word
		if a.rank, a.whole = lexicon.Rank(t.Word); !a.whole {
			if a.rank, a.whole = lexicon.Rank(stem); a.whole {
				a.known = stem // "vetoed" is known as "veto"
			}
		}
		a.weight = a.specificity() + 0.5*v.IDF(v.Frequency(stem))/v.IDF(0)
		w.askers = append(w.askers, a)
		w.total += a.weight
	}
	texts := []string{text}
	for _, a := range w.askers {
		texts = append(texts, a.known)
	}
	vectors, err := lexicon.Embed(ctx, texts)
	if err != nil {
		return nil, err
	}
	w.vector = vectors[0]
	for i := range w.askers {
		w.askers[i].vector = vectors[i+1]
	}
	w.best = make([]float64, len(w.askers))
	return w, nil
}

// specificity is 0.1 for the commonest words to 1 for rare ones, by rank on a
// logarithmic scale, and in between for words that are not in the list.
func (a *asker) specificity() float64 {
	if !a.whole {
		return 0.4
	}
	return min(max(math.Log2(float64(a.rank)/2000)/3, 0.1), 1)
}

// startsSentence reports whether the word at text[at:] is the first of a
// sentence, where a capital says nothing.
func startsSentence(text string, at int) bool {
	before := strings.TrimRight(text[:at], " \"'“‘(")
	return before == "" || strings.HasSuffix(before, ".") || strings.HasSuffix(before, "?") || strings.HasSuffix(before, "!") || strings.HasSuffix(before, ":")
}

func (q *question) group(stem string) int {
	for i := range q.groups {
		if q.groups[i].term == stem {
			return i
		}
	}
	return -1
}

// readHits compares every distinct word of the hits with the question's words.
func (w *weigher) readHits(ctx context.Context, hits []Hit) error {
	var words, texts []string
	w.vectors = map[string][]float32{}
	for i := range hits {
		for j := range hits[i].Sentences {
			text := hits[i].Sentences[j].Text
			if _, ok := w.vectors[text]; ok {
				continue
			}
			w.vectors[text] = nil
			texts = append(texts, text)
			for _, t := range Tokens(text) {
				if _, ok := w.words[t.Word]; !ok && !IsStop(t.Word) {
					w.words[t.Word] = nil
					words = append(words, t.Word)
				}
			}
		}
	}
	vectors, err := w.lexicon.Embed(ctx, append(texts, words...))
	if err != nil {
		return err
	}
	for i, text := range texts {
		w.vectors[text] = vectors[i]
	}
	for i, word := range words {
		vector := vectors[len(texts)+i]
		likeness := make([]float64, len(w.askers))
		stem := Stem(word)
		for k := range w.askers {
			likeness[k] = w.like(&w.askers[k], word, stem, vector)
			w.best[k] = max(w.best[k], likeness[k])
		}
		w.likely[word] = likeness
	}
	return nil
}

// like is how well a word of the transcript stands for one of the question:
// 1 for the same stem, a variant's weight at least alikeWord, else the cosine.
func (w *weigher) like(a *asker, word, stem string, vector []float32) float64 {
	if a.stem == stem || sameNumber(a.token.Word, word) {
		return 1
	}
	if a.group >= 0 && w.asked.groups[a.group].weight(stem) > 0 {
		return 0.9
	}
	if sharesStart(a.stem, stem) {
		return max(alikeWord, dot(a.vector, vector))
	}
	return max(0, dot(a.vector, vector))
}

// sharesStart reports whether one stem is the start of the other, but for an
// ending: "west" and "western".
func sharesStart(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return len(a) >= minVariantLetters && len(b)-len(a) <= 3 && strings.HasPrefix(b, a)
}

func dot(a, b []float32) float64 {
	var sum float32
	for i := range min(len(a), len(b)) {
		sum += a[i] * b[i]
	}
	return float64(sum)
}

// scaled maps a likeness to what it counts for, 0 to 1.
func scaled(likeness float64) float64 {
	return min(max((likeness-unlikeWord)/(alikeWord-unlikeWord), 0), 1)
}

// Shares of a span's score.
const (
	cosineShare = 0.5
	rankShare   = 0.15
	kindBonus   = 0.15
	lengthPrice = 0.02 // a sentence
)

// spans scores every run of sentences of a hit that may be one citation.
func (w *weigher) spans(h *Hit, rank int) []EvidenceSpan {
	var found []EvidenceSpan
	for first := range h.Sentences {
		held := make([]float64, len(w.askers))
		for last := first; last < len(h.Sentences) && spanFits(h.Sentences, first, last); last++ {
			if !h.Sentences[last].Evidence() {
				break
			}
			for _, t := range Tokens(h.Sentences[last].Text) {
				for k, l := range w.likely[t.Word] {
					held[k] = max(held[k], scaled(l))
				}
			}
			found = append(found, w.span(h, rank, first, last, held))
		}
	}
	return found
}

func (w *weigher) span(h *Hit, rank, first, last int, held []float64) EvidenceSpan {
	s := EvidenceSpan{ID: h.ID, Sentences: h.Sentences[first : last+1]}
	for k := range w.askers {
		s.Coverage += held[k] * w.askers[k].weight
	}
	s.Coverage /= max(w.total, 1e-9)
	cosine := 0.0
	for i := range s.Sentences {
		cosine = max(cosine, dot(w.vector, w.vectors[s.Sentences[i].Text]))
	}
	s.Score = s.Coverage + cosineShare*cosine + rankShare/float64(1+rank) - lengthPrice*float64(last-first)
	if w.fitsKind(s.Sentences) {
		s.Score += kindBonus
	}
	if strings.HasSuffix(s.Sentences[len(s.Sentences)-1].Text, "?") {
		s.Score -= kindBonus // a question is seldom the answer
	}
	return s
}

// distinctSpans keeps the best of spans that share a line.
func distinctSpans(spans []EvidenceSpan) []EvidenceSpan {
	var kept []EvidenceSpan
	for _, s := range spans {
		first, last := s.Sentences[0].FirstLine, s.Sentences[len(s.Sentences)-1].LastLine
		clash := false
		for _, k := range kept {
			if k.ID.Scope == s.ID.Scope && k.ID.Episode == s.ID.Episode &&
				first <= k.Sentences[len(k.Sentences)-1].LastLine && last >= k.Sentences[0].FirstLine {
				clash = true
				break
			}
		}
		if !clash {
			kept = append(kept, s)
		}
		if len(kept) == maxEvidence {
			break
		}
	}
	return kept
}

// maxEvidence is how many places are kept for an answer to choose from.
const maxEvidence = 12
