package bot

import "context"

// Whether to refuse is decided by two: by retrieval, whose evidence has a reason
// to refuse or none, and by the model, which finds the answer or does not. All
// thresholds of their combination are here. Confidence is that of the best span
// of retrieval.Evidence, 0 to 1; with a reason to refuse for want of it, it is
// below 0.22.
const (
	// hopelessConfidence is the confidence below which the model is not asked
	// when retrieval has a reason to refuse.
	hopelessConfidence = 0.12
	// unnamedConfidence is the same for questions that name what does not
	// occur: the more is said about all the rest, the likelier it goes by
	// another name.
	unnamedConfidence = 0.30
	// strongSupport is the support, as of Check.Score, that the best sentence
	// of an answer must have when retrieval has a reason to refuse.
	strongSupport = 0.75
	// sureConfidence is the confidence from which the transcript's own words
	// are given though the model did not find the answer. Small models say so
	// of much that is there.
	sureConfidence = 0.40
	// ownConfidence is the confidence from which they are given when the model
	// answered and nothing of that could be verified.
	ownConfidence = 0.30
)

// hopeless reports whether so little was found that no model need be asked.
func hopeless(f *found) bool {
	e := f.evidence
	if len(e.Spans) == 0 {
		return true
	}
	least := hopelessConfidence
	if e.Reason.Kind == ReasonNotSpokenOf {
		least = unnamedConfidence
	}
	return !e.Enough() && f.confidence() < least
}

// confidence is that of the best span, 0 without any.
func (f *found) confidence() float64 {
	spans := f.evidence.Spans
	if !f.each {
		spans = spans[:min(1, len(spans))]
	}
	best := 0.0
	for i := range spans {
		best = max(best, spans[i].Confidence)
	}
	return best
}

// decision is what is made of the model's reply.
type decision int

const (
	decideModel   decision = iota // its answer
	decideExtract                 // the transcript's own words
	decideRefuse                  // "not in this episode"
)

// decide combines what the model made with the evidence.
func decide(made *composed, f *found) decision {
	e := f.evidence
	least := ownConfidence
	switch {
	case len(made.sentences) > 0 && (e.Enough() || made.best >= strongSupport):
		return decideModel
	case made.notFound:
		least = sureConfidence
	}
	if e.Enough() && f.confidence() >= least {
		return decideExtract
	}
	return decideRefuse
}

// conclude fills the answer with what was decided.
func (r *asking) conclude(ctx context.Context, made *composed) error {
	a := r.answer
	a.Removed = made.removed
	switch decide(made, r.found) {
	case decideModel:
		a.Model, a.Found = r.bot.chat.client.Model(), true
		a.Sentences, a.Citations = made.sentencesCopy(), made.citationsCopy()
		separator := " "
		if r.kind.lines() {
			separator = "\n"
		}
		a.Answer = joinAnswer(a.Sentences, separator)
		if made.read < made.total {
			a.Covered = Coverage{Read: made.read, Total: made.total}
			a.Answer += "\n" + a.Covered.String()
		}
		return nil
	case decideExtract:
		a.Without = FallbackUnsupported
		return r.extract(ctx)
	}
	a.Model = r.bot.chat.client.Model()
	if r.found.evidence.Reason.Kind == ReasonNone {
		r.found.evidence.Reason = Reason{Kind: ReasonThin}
	}
	return r.bot.refuse(ctx, a, r.found.evidence, len(r.q.Filter.Episodes) == 1)
}
