package bot

import (
	"context"
	"slices"

	"verbatim/retrieval"
)

// Whether to refuse is decided by two: by retrieval, whose evidence has a reason
// to refuse or none, and by the model, which finds the answer or does not. All
// thresholds of their combination are here. Confidence is that of the best span
// of retrieval.Evidence, 0 to 1; with a reason to refuse for want of it, it is
// below 0.22, or below 0.30 where the hits come near too little of the question
// (retrieval.Evidence.Least tells which).
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
	// relevantShare is the least that a short answer, or what it cites, must
	// have of the confidence that the best span has in answering the question:
	// a true sentence may be beside the point. With that it must speak of what
	// the question names, or cite one of the bestSpans. Of the reference answers of four public sets, held
	// against their questions, both together keep 94 % (optech_recap), 92 %
	// (btc_podcasts), 68 % (qmsum, whose answers say "he") and 88 %
	// (spoken_squad), the citing aside; of those held against another question
	// about the same transcript they drop 75, 50, 74 and 62 %. What is dropped
	// gives way to the transcript's own words, so that dropping too much costs
	// little.
	relevantShare = 0.45
	bestSpans     = 3
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

// decide combines what the model made with the evidence. relevant says that the
// answer is one to the question.
//
// A weak model copies what it is given, so that its sentences are well supported
// whatever was asked, and never says that the answer is not there: with it,
// whether to refuse is for retrieval to say.
func decide(made *composed, f *found, relevant, weak bool) decision {
	e := f.evidence
	least := ownConfidence
	switch {
	case len(made.sentences) > 0 && relevant && (e.Enough() || !weak && made.best >= strongSupport):
		return decideModel
	case len(made.sentences) > 0:
		least = 0 // the model does not deny that there is an answer
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
	// All that holds is beside the question, as long as none of it is taken.
	a.Claims, a.Removed, a.Beside = made.claims, made.removed, max(0, made.claims-made.removed)
	weak := weakModel(r.bot.chat.client.Model())
	share := relevantShare
	if weak {
		share = weakRelevantShare
	}
	to, err := r.relevant(ctx, made, share)
	if err != nil {
		return err
	}
	relevant := len(to) == 0 || slices.Contains(to, true)
	dropped := 0
	if weak && relevant && len(to) > 0 {
		kept := made.only(to)
		made, dropped = kept, kept.removed-made.removed
		relevant = citesBest(made.citations, r.found.evidence.Spans)
	}
	switch decide(made, r.found, relevant, weak) {
	case decideModel:
		a.Model, a.Found, a.Beside = r.bot.chat.client.Model(), true, dropped
		a.Sentences, a.Citations = made.sentencesCopy(), made.citationsCopy()
		separator := " "
		if r.kind.lines() {
			separator = "\n"
		}
		a.Answer = joinAnswer(a.Sentences, separator)
		if made.read < made.total {
			a.Covered.Read, a.Covered.Total = made.read, made.total
		}
		a.Covered.Left = made.left
		if said := a.Covered.String(); said != "" {
			a.Answer += "\n" + said
		}
		return nil
	case decideExtract:
		a.Without = made.withoutWhy()
		return r.extract(ctx)
	}
	a.Model = r.bot.chat.client.Model()
	if r.found.evidence.Reason.Kind == ReasonNone {
		r.found.evidence.Reason = Reason{Kind: ReasonThin}
	}
	return r.bot.refuse(ctx, a, r.found.evidence, len(r.q.Filter.Episodes) == 1)
}

// withoutWhy says why the transcript's own words are given instead of what was
// composed.
func (c *composed) withoutWhy() Fallback {
	switch {
	case c == nothingGiven:
		return FallbackNone // the model was not asked
	case c.notFound || len(c.sentences) > 0:
		return FallbackBeside
	}
	return FallbackUnsupported
}

// relevant weighs the sentences of a short answer, and what they cite, as if
// they were what a search for the question had found, and tells of each whether
// it has that share of the best span's confidence. The parts of a list or a
// comparison need not speak of all that the question does: there is nothing to
// tell then.
func (r *asking) relevant(ctx context.Context, made *composed, share float64) ([]bool, error) {
	if r.kind != kindFactual || r.q.Unverified {
		return nil, nil
	}
	words, err := r.bot.library.Vocabulary(ctx, r.q.Filter.Scopes)
	if err != nil {
		return nil, err
	}
	weigh := func(said []retrieval.Sentence) (*retrieval.Evidence, error) {
		return retrieval.Weigh(ctx, r.searched, hitsOf(said), words, r.bot.compare)
	}
	all, err := weigh(made.said(made.sentences...))
	if err != nil {
		return nil, err
	}
	named := all.Reason.Kind != ReasonNotSpokenOf || !r.found.evidence.Enough() || citesBest(made.citations, r.found.evidence.Spans)
	least := share * r.found.confidence()
	to := make([]bool, len(made.sentences))
	for i := range made.sentences {
		// Each by itself: of all together the evidence keeps a few places only.
		own, err := weigh(made.said(made.sentences[i]))
		if err != nil {
			return nil, err
		}
		best := 0.0
		for k := range own.Spans {
			best = max(best, own.Spans[k].Confidence)
		}
		to[i] = named && best >= least
	}
	return to, nil
}

// said are sentences of the answer and then the quotes that they cite, each once.
func (c *composed) said(sentences ...AnswerSentence) []retrieval.Sentence {
	var list []retrieval.Sentence
	cited := make([]bool, len(c.citations))
	for i := range sentences {
		list = append(list, retrieval.Sentence{Text: sentences[i].Text})
		for _, n := range sentences[i].Citations {
			cited[n-1] = true
		}
	}
	for i := range c.citations {
		if cited[i] {
			list = append(list, retrieval.Sentence{Text: c.citations[i].Quote, Speaker: c.citations[i].Speaker})
		}
	}
	return list
}

// hitsOf makes a hit of each sentence, at a place of its own.
func hitsOf(sentences []retrieval.Sentence) []retrieval.Hit {
	hits := make([]retrieval.Hit, len(sentences))
	for i, s := range sentences {
		s.FirstLine, s.LastLine = i+1, i+1
		hits[i].Passage = retrieval.Passage{ID: retrieval.PassageID{Seq: i + 1}, Sentences: []retrieval.Sentence{s}}
	}
	return hits
}

// only are the sentences that keep tells, with what they cite; removed counts the
// others, too.
func (c *composed) only(keep []bool) *composed {
	some := *c
	some.sentences, some.citations = nil, nil
	number := map[int]int{}
	for i := range c.sentences {
		if !keep[i] {
			some.removed++
			continue
		}
		s := AnswerSentence{Text: c.sentences[i].Text}
		for _, n := range c.sentences[i].Citations {
			if number[n] == 0 {
				cited := c.citations[n-1]
				cited.N = len(some.citations) + 1
				some.citations = append(some.citations, cited)
				number[n] = cited.N
			}
			s.Citations = append(s.Citations, number[n])
		}
		some.sentences = append(some.sentences, s)
	}
	return &some
}

// citesBest reports whether a citation shares a line with one of the best spans.
func citesBest(citations []retrieval.Citation, spans []retrieval.EvidenceSpan) bool {
	for _, s := range spans[:min(len(spans), bestSpans)] {
		first, last := s.Sentences[0].FirstLine, s.Sentences[len(s.Sentences)-1].LastLine
		for i := range citations {
			c := &citations[i]
			if c.Scope == s.ID.Scope && c.Episode == s.ID.Episode && c.FirstLine <= last && first <= c.LastLine {
				return true
			}
		}
	}
	return false
}
