package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"verbatim/bot/model"
	"verbatim/retrieval"
)

const (
	// askHits is how many passages are read for an answer.
	askHits = 8
	// maxCitations is the most an extractive answer cites; more would be a
	// page to read rather than an answer.
	maxCitations = 4
	// maxListed is the same for a question that asks for all of something.
	maxListed = 8
	// nearestMoments is how many places are shown when there is no answer.
	nearestMoments = 3
	// furtherShare is how near a further span's score must come to the best
	// one's to be given as well. On the development sets 0.65 gives three
	// citations on average, and one of them is right nearly as often as
	// when all four are given.
	furtherShare = 0.65
)

// Answer is what Ask says. Its JSON is part of the command line's contract.
type Answer struct {
	Question string `json:"question"`
	// Answer is the sentences joined, each with its marks such as [1].
	Answer string `json:"answer"`
	// Found is false when the answer is "not in this episode"; Citations are
	// then the nearest moments.
	Found     bool                 `json:"found"`
	Sentences []AnswerSentence     `json:"sentences"`
	Citations []retrieval.Citation `json:"citations"`
	// Model is Extractive, or the name of the language model.
	Model string `json:"model"`
	// Removed is how many sentences of the model's were not shown since they
	// could not be verified, Beside how many were verified and not shown, since
	// they are beside the question or the model's answer was not taken.
	Removed int   `json:"removed"`
	Beside  int   `json:"beside,omitempty"`
	TookMS  int64 `json:"took_ms"`
	// Claims is how many sentences the model made in all, those that say again
	// what others say among them.
	Claims int `json:"-"`
	// Without says why no language model made the answer, though there is one.
	Without Fallback `json:"without,omitempty"`
	// Usage is what the model used, FirstToken the time to its first words; 0
	// without a model.
	Usage      model.Usage   `json:"-"`
	FirstToken time.Duration `json:"-"`
	// Standalone is what was searched for, where that is more than Question:
	// a follow-up with the words of what it follows; "" else.
	Standalone string `json:"-"`
	// Why says why nothing was found, Reason the same in English; none and ""
	// else.
	Why    Reason `json:"-"`
	Reason string `json:"reason,omitempty"`
	// Covered says how much was read for a list, and how much of it is shown,
	// where that is not all.
	Covered Coverage `json:"-"`
	// One is true when only one episode was searched.
	One bool `json:"-"`
	// Named are the words of the question, for marking them in quotes.
	Named []string `json:"-"`
}

// AnswerSentence is a sentence of an answer with the citations it rests on.
type AnswerSentence struct {
	Text string `json:"text"`
	// Citations are the N of citations, at least one.
	Citations []int `json:"citations"`
}

// Coverage is how much of the episodes a list was made of.
type Coverage struct {
	// Read is how many of the Total passages were read; both are 0 when all
	// were, and for other answers.
	Read, Total int
	// Left is how many items of the list are not shown since it is too long.
	Left int
}

// String says it in English, "" when all was read and is shown.
func (c Coverage) String() string {
	var notes []string
	if c.Read < c.Total {
		notes = append(notes, fmt.Sprintf("%d of %d passages were read, those likeliest to hold something.", c.Read, c.Total))
	}
	if c.Left > 0 {
		notes = append(notes, fmt.Sprintf("The first %d are given here; %d more were found.", maxItems, c.Left))
	}
	if len(notes) == 0 {
		return ""
	}
	return "(" + strings.Join(notes, " ") + ")"
}

// Ask answers a question from the episodes that pass the filter, as Reply does.
// Errors: [ErrNothing], retrieval.ErrUnknownEpisode, and those of the library.
func (b *Bot) Ask(ctx context.Context, text string, f retrieval.Filter) (*Answer, error) {
	return b.Reply(ctx, Question{Text: text, Filter: f})
}

// found is what retrieval found for a question.
type found struct {
	hits     []retrieval.Hit
	evidence *retrieval.Evidence
	// each says that the evidence has one span for each episode.
	each bool
}

// search finds passages for a text and weighs them.
func (b *Bot) search(ctx context.Context, text string, f retrieval.Filter, k int) (*found, error) {
	hits, err := b.Search(ctx, retrieval.Query{Text: text, Filter: f, K: k, Apart: true})
	if err != nil {
		return nil, err
	}
	words, err := b.library.Vocabulary(ctx, f.Scopes)
	if err != nil {
		return nil, err
	}
	evidence, err := retrieval.Weigh(ctx, text, saidBy(hits, f.Speaker), words, b.compare)
	return &found{hits: hits, evidence: evidence}, err
}

// find finds what the question is to be answered from, and tells its kind.
func (r *asking) find(ctx context.Context) error {
	r.kind = kindOf(r.text)
	if err := r.findBy(ctx, r.text); err != nil {
		return err
	}
	text := r.translated(ctx)
	if text == "" {
		return nil
	}
	r.answer.Named = append(r.answer.Named, retrieval.ContentTerms(text)...)
	return r.findBy(ctx, text)
}

// findBy finds by a text, the question or its translation.
func (r *asking) findBy(ctx context.Context, text string) error {
	r.searched = searchable(text)
	if compared, err := r.findEach(ctx); compared || err != nil {
		return err
	}
	if r.kind == kindCompare {
		r.kind = kindFactual // there is one episode only
	}
	var err error
	r.found, err = r.bot.search(ctx, r.searched, r.q.Filter, askHits)
	return err
}

// extract answers in the transcript's own words, or says that there is no
// answer.
func (r *asking) extract(ctx context.Context) error {
	e := r.found.evidence
	if !e.Enough() {
		if len(r.found.hits) == 0 {
			e.Reason = nothingPasses(r.q.Filter)
		}
		return r.bot.refuse(ctx, r.answer, e, len(r.q.Filter.Episodes) == 1)
	}
	spans := e.Spans
	if !r.found.each {
		most := maxCitations
		if r.kind == kindList {
			most = maxListed
		}
		spans = chooseSpans(spans, most)
	}
	return r.bot.answer(ctx, r.answer, spans)
}

// saidBy leaves what others than the speaker say, in the passages in which he
// speaks, out of the evidence; "" is anybody.
func saidBy(hits []retrieval.Hit, speaker string) []retrieval.Hit {
	if speaker == "" {
		return hits
	}
	hits = slices.Clone(hits)
	for i := range hits {
		hits[i].Sentences = slices.Clone(hits[i].Sentences)
		for j := range hits[i].Sentences {
			if s := &hits[i].Sentences[j]; !strings.EqualFold(s.Speaker, speaker) {
				s.Repeat = true // quotable, no evidence
			}
		}
	}
	return hits
}

// answer quotes the spans.
func (b *Bot) answer(ctx context.Context, a *Answer, spans []retrieval.EvidenceSpan) error {
	if err := b.cite(ctx, a, spans); err != nil {
		return err
	}
	a.Found = true
	texts := make([]string, len(a.Citations))
	for i, c := range a.Citations {
		a.Sentences = append(a.Sentences, AnswerSentence{Text: "“" + c.Quote + "”", Citations: []int{c.N}})
		texts[i] = fmt.Sprintf("“%s” [%d]", c.Quote, c.N)
	}
	a.Answer = strings.Join(texts, "\n")
	return nil
}

// refuse says that there is no answer and cites the nearest moments.
func (b *Bot) refuse(ctx context.Context, a *Answer, evidence *retrieval.Evidence, one bool) error {
	if err := b.cite(ctx, a, evidence.Spans[:min(len(evidence.Spans), nearestMoments)]); err != nil {
		return err
	}
	a.Why, a.Reason = evidence.Reason, evidence.Reason.String()
	where := "these episodes"
	if one || sameEpisode(a.Citations) {
		where = "this episode"
	}
	a.Answer = "Not in " + where + "."
	if len(a.Citations) > 0 {
		marks := make([]string, len(a.Citations))
		for i, c := range a.Citations {
			marks[i] = fmt.Sprintf("[%d]", c.N)
		}
		a.Answer += " The nearest moments: " + strings.Join(marks, " ")
	}
	return nil
}

func sameEpisode(citations []retrieval.Citation) bool {
	for _, c := range citations {
		if c.Scope != citations[0].Scope || c.Episode != citations[0].Episode {
			return false
		}
	}
	return len(citations) > 0
}

// cite appends a citation for each span.
func (b *Bot) cite(ctx context.Context, a *Answer, spans []retrieval.EvidenceSpan) error {
	ids := make([]retrieval.PassageID, len(spans))
	for i := range spans {
		ids[i] = spans[i].ID
	}
	episodes, err := b.describe(ctx, ids)
	if err != nil {
		return err
	}
	for i := range spans {
		id := spans[i].ID
		c := retrieval.Cite(episodes[episodeKey{id.Scope, id.Episode}], spans[i].Sentences)
		c.N = i + 1
		a.Citations = append(a.Citations, c)
	}
	return nil
}

// chooseSpans keeps the best span and those that come near it, at most so many:
// where one stands out it is given alone. One without the number asked about comes near
// only if the best is without it too.
func chooseSpans(spans []retrieval.EvidenceSpan, most int) []retrieval.EvidenceSpan {
	chosen := spans[:1:1]
	for _, s := range spans[1:] {
		if len(chosen) == most || s.Score < furtherShare*spans[0].Score {
			break
		}
		if !s.LacksNumber || spans[0].LacksNumber {
			chosen = append(chosen, s)
		}
	}
	return chosen
}
