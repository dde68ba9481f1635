package retrieval

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
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
	// Reason is why the evidence is too thin to answer; none when it is not.
	Reason Reason
	// Least is the confidence that the best span must have for the question to
	// be answered: more than there is, 2, where a rule refuses whatever it is.
	Least float64
}

// Enough reports whether the question may be answered from the spans.
func (e *Evidence) Enough() bool { return e.Reason.Kind == ReasonNone && len(e.Spans) > 0 }

// Likelihood of an answer: a logit of how far the best span's confidence is above
// what is needed, and the share of answerable questions among those that a rule
// refuses. Fitted where every second question has its answer there, each of four
// public sets counting alike; docs/quality.md has how often it is right.
const (
	likelyBase   = -2.16
	likelySlope  = 14.4
	likelyByRule = 0.18
)

// Likelihood is how likely it is that the answer is in what was searched, 0 to 1,
// were it so for every second question asked.
func (e *Evidence) Likelihood() float64 {
	switch {
	case len(e.Spans) == 0:
		return 0
	case e.Least >= never:
		return likelyByRule
	}
	return 1 / (1 + math.Exp(-likelyBase-likelySlope*(e.Spans[0].Confidence-e.Least)))
}

// EvidenceSpan is a run of sentences of one hit.
type EvidenceSpan struct {
	// ID is that of the passage.
	ID        PassageID
	Sentences []Sentence
	// Score is -0.3 to about 3; it orders the spans of one question.
	Score float64
	// Coverage is the share of the question, weighed by rarity, that the
	// span's words hold or come near, 0 to 1.
	Coverage float64
	// Confidence is how much speaks for the span answering the question at
	// all, 0 to 1. It means the same for every question, so that one
	// threshold tells enough from too little.
	Confidence float64
	// LacksNumber is true when the question has a number that the hits hold
	// and the span does not.
	LacksNumber bool
	// counted is what of the score is for a number, which tells where the
	// answer is but not that there is one.
	counted float64
}

// Shares of a span's score, beside 1 for its coverage. They began as a
// conditional logit over all spans of the hits, on 1,018 questions of the
// public sets and of three episodes asked by hand, divided by the coefficient
// of coverage, and were rounded as long as the choice got no worse.
const (
	// cosineShare is for the likest sentence of the span, passageShare for
	// the whole passage, both as cosines with the question.
	cosineShare  = 0.5
	passageShare = 0.7
	// lexicalShare is for the passage's BM25 score, relative to the best.
	lexicalShare = 0.3
	// countBonus is for a number where the question asks for one, kindBonus
	// for a time or a name likewise, and for what follows a question.
	countBonus = 0.4
	kindBonus  = 0.15
	// anchorBonus is for the rare names and numbers of the question. It came
	// later: the choice is as good without it, with more beside the point.
	anchorBonus = 0.15
	// askedPrice is for a span that ends in a question: it is seldom the
	// answer. lengthPrice is for each further sentence.
	askedPrice  = 0.25
	lengthPrice = 0.05
)

// maxEvidence is how many places are kept for an answer to choose from.
const maxEvidence = 12

// Weigh finds the sentences among the hits that answer the question and
// judges whether they are enough. It knows nothing but words: how much of the
// question is spoken of in one place, in these or in like words; whether its
// names occur, in some spelling; whether a number is given where one is asked
// for. Vocabulary is that of the scopes searched. The hits may come from any
// search; their order and cosines play no part.
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
		e.Spans = append(e.Spans, w.spans(&hits[i])...)
	}
	slices.SortStableFunc(e.Spans, func(a, b EvidenceSpan) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), a.ID.Compare(b.ID))
	})
	e.Spans = distinctSpans(e.Spans)
	e.Missing, e.Reason, e.Least = w.judge(e.Spans)
	return e, nil
}

// spans scores every run of sentences of a hit that may be one citation.
func (w *weigher) spans(h *Hit) []EvidenceSpan {
	var found []EvidenceSpan
	likeness, lexical := Dot(w.vector, w.passages[h.ID]), 0.0
	if w.bestLexical > 0 {
		lexical = h.Lexical / w.bestLexical
	}
	held := make([]float64, len(w.askers))
	for first := range h.Sentences {
		clear(held)
		offers, cosine := offer(0), 0.0
		for last := first; last < len(h.Sentences) && spanFits(h.Sentences, first, last); last++ {
			if !h.Sentences[last].Evidence() {
				break
			}
			note := w.notes[noteOf(&h.Sentences[last])]
			for k, l := range note.held {
				held[k] = max(held[k], l)
			}
			offers |= note.offers
			cosine = max(cosine, note.cosine)
			s := EvidenceSpan{ID: h.ID, Sentences: h.Sentences[first : last+1], Coverage: w.coverage(held)}
			s.Confidence = sureCoverage*s.Coverage + sureCosine*cosine + surePassage*max(0, likeness)
			if w.wants&offers&offersCount != 0 {
				s.counted = countBonus
			}
			if w.wants&offers&(offersTime|offersName) != 0 {
				s.Score += kindBonus
			}
			s.Score += s.Coverage + cosineShare*cosine + passageShare*likeness + lexicalShare*lexical + s.counted - lengthPrice*float64(last-first)
			if isAsked(&h.Sentences[last]) {
				s.Score -= askedPrice
			}
			anchored, number := w.anchored(held)
			s.Score += anchorBonus * anchored
			s.LacksNumber = !number
			if first > 0 && isAsked(&h.Sentences[first-1]) {
				s.Score += kindBonus
			}
			found = append(found, s)
		}
	}
	return found
}

// coverage is the share of the question that words with this likeness to its
// words hold.
func (w *weigher) coverage(likeness []float64) float64 {
	held := 0.0
	for k, l := range likeness {
		held += scaled(l) * w.askers[k].weight
	}
	return held / max(w.total, 1e-9)
}

// anchored is the share of the question's anchors that stand in the span: its
// rare numbers, names and unknown words, as far as the hits hold them at all.
// numbers is false when one that lacks is a number.
func (w *weigher) anchored(held []float64) (share float64, numbers bool) {
	anchors, met := 0, 0
	numbers = true
	for k := range w.askers {
		a := &w.askers[k]
		if !a.anchor || w.best[k] < alikeSpelling {
			continue
		}
		anchors++
		if held[k] >= alikeSpelling {
			met++
		} else if isNumber(a.token.Word) {
			numbers = false
		}
	}
	if anchors == 0 {
		return 0, numbers
	}
	return float64(met) / float64(anchors), numbers
}

func isAsked(s *Sentence) bool { return strings.HasSuffix(s.Text, "?") }

// distinctSpans keeps the best of spans that share a line or, where they stand
// on one long line, a sentence.
func distinctSpans(spans []EvidenceSpan) []EvidenceSpan {
	var kept []EvidenceSpan
	for _, s := range spans {
		if !slices.ContainsFunc(kept, func(k EvidenceSpan) bool { return clash(&k, &s) }) {
			kept = append(kept, s)
		}
		if len(kept) == maxEvidence {
			break
		}
	}
	return kept
}

func clash(a, b *EvidenceSpan) bool {
	if a.ID.Scope != b.ID.Scope || a.ID.Episode != b.ID.Episode {
		return false
	}
	firstA, lastA := a.Sentences[0].FirstLine, a.Sentences[len(a.Sentences)-1].LastLine
	firstB, lastB := b.Sentences[0].FirstLine, b.Sentences[len(b.Sentences)-1].LastLine
	if firstA == lastA && firstB == lastB {
		return ShareSentence(a.Sentences, b.Sentences)
	}
	return firstA <= lastB && firstB <= lastA
}
