package retrieval

import (
	"context"
	"slices"
)

// A search with a lexicon orders the best rerankHits passages of the fused list
// anew, by what their sentences say: a linear score of the fused score, of how
// much of the question the passage's words come near, and of the confidence and
// the likest sentence of its best span. The shares are those of a pairwise
// logit, fitted on three of the public sets and tried on the fourth in turn; each
// set's own figures are in docs/quality.md.
const (
	rerankHits       = 20
	rerankFused      = 8.5
	rerankCoverage   = 2.25
	rerankConfidence = 4.7
	rerankCosine     = 0.9
)

// rerank orders hits anew; the score of each becomes that of this order. Where
// the text names an episode, the words of its passages need not say what its
// title does: those hits stay as they are.
func rerank(ctx context.Context, text string, hits []Hit, v *Vocabulary, lexicon Lexicon) error {
	if slices.ContainsFunc(hits, func(h Hit) bool { return h.boost >= 1+namedBoost*namedShare }) {
		return nil
	}
	w, err := newWeigher(ctx, text, v, lexicon)
	if err != nil {
		return err
	}
	if err := w.readHits(ctx, hits); err != nil {
		return err
	}
	held := make([]float64, len(w.askers))
	for i := range hits {
		h := &hits[i]
		clear(held)
		cosine, confidence := 0.0, 0.0
		for j := range h.Sentences {
			if !h.Sentences[j].Evidence() {
				continue
			}
			note := w.notes[noteOf(&h.Sentences[j])]
			cosine = max(cosine, note.cosine)
			for k, l := range note.held {
				held[k] = max(held[k], l)
			}
		}
		for _, s := range w.spans(h) {
			confidence = max(confidence, s.Confidence)
		}
		h.Score = rerankFused*h.Score + rerankCoverage*w.coverage(held) + rerankConfidence*confidence + rerankCosine*cosine
	}
	sortHits(hits)
	return nil
}
