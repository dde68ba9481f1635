package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"verbatim/bot/model"
	"verbatim/retrieval"
)

// ModelOptions say how the language model is used.
type ModelOptions struct {
	// TokensPerDay and CostPerDay are the most that one server, or all direct
	// messages together, may use on a day in UTC; 0 is no limit. A server's own
	// settings may lower them.
	TokensPerDay int
	CostPerDay   float64
}

// UseModel makes answers and summaries a language model's, checked. Call it
// before the first question; without it everything is extractive.
func (b *Bot) UseModel(client *model.Client, o ModelOptions) {
	b.chat.client, b.chat.options = client, o
}

// Question is a question with all that belongs to it.
type Question struct {
	Text string
	// History is the turns before, oldest first.
	History []Turn
	Filter  retrieval.Filter
	// Payer is the server whose budget pays, "" in direct messages and on the
	// command line.
	Payer retrieval.Scope
	// Language is a code such as "de" for the answer, "" for that of the
	// question.
	Language string
	// Draft, if given, is told what the answer is so far, by one goroutine,
	// never after Reply has returned.
	Draft func(Draft)
	// Extractive asks for no model.
	Extractive bool
	// Unverified leaves the model's sentences and marks as they are. It is for
	// measuring what checking them is worth, and nothing else: no answer of
	// that kind may be shown to people who ask.
	Unverified bool
}

// Draft is an answer on its way.
type Draft struct {
	// Sentences are those checked so far, Citations what they cite.
	Sentences []AnswerSentence
	Citations []retrieval.Citation
	// Unchecked is the rest of what the model has said so far, without marks; it must be shown
	// as a draft only.
	Unchecked string
}

// Fallback says why no model made the answer, though there is one.
type Fallback string

// The fallbacks.
const (
	FallbackNone        Fallback = ""
	FallbackDown        Fallback = "down"        // cannot be reached, or fails
	FallbackBusy        Fallback = "busy"        // has too many questions at once, ours or others'
	FallbackSlow        Fallback = "slow"        // took too long
	FallbackBudget      Fallback = "budget"      // the day's tokens or money are used up
	FallbackUnsupported Fallback = "unsupported" // nothing that it said could be verified
	// FallbackBeside: what it said is true and beside the point, or it did not
	// find the answer though the transcript speaks of it.
	FallbackBeside Fallback = "beside"
)

// Reply answers a question from the episodes that pass the filter: with the
// language model, each of its sentences checked, or in the transcript's own
// words when there is no model, it fails or its time is up. Questions for how
// often or where something is mentioned are answered by counting. A question
// that the episodes do not answer is no error: the answer says so and gives the
// nearest moments. Of ctx's time some is kept for the answer without the model.
// Errors: [ErrNothing], retrieval.ErrUnknownEpisode, and those of ctx and the
// library.
func (b *Bot) Reply(ctx context.Context, q Question) (*Answer, error) {
	started := time.Now()
	b.metrics.asked.Add(1)
	a, err := b.reply(ctx, q)
	b.metrics.countOutcome(outcomeOf(a, err))
	if err != nil {
		return nil, err
	}
	took := time.Since(started)
	a.TookMS = took.Milliseconds()
	b.metrics.countFallback(a.Without)
	b.observeAnswer(took, a.Model != Extractive)
	b.logAnswer(ctx, &q, a, took)
	return a, nil
}

// asking is a question under way.
type asking struct {
	bot *Bot
	q   *Question
	// text is the question as it stands alone, with single spaces.
	text string
	// searched is what was searched for: text, or its translation.
	searched string
	kind     questionKind
	answer   *Answer
	found    *found
	// episodes are those that pass the filter.
	episodes []retrieval.EpisodeInfo
}

func (b *Bot) reply(ctx context.Context, q Question) (*Answer, error) {
	if q.Text = strings.Join(strings.Fields(q.Text), " "); len(retrieval.Tokens(q.Text)) == 0 {
		// Without words there is nothing in it that tells of anybody.
		return nil, fmt.Errorf("ask %q: %w", q.Text, ErrNothing)
	}
	if err := b.checkEpisodes(ctx, q.Filter); err != nil {
		return nil, err
	}
	q.Extractive = q.Extractive || b.chat.client == nil
	r := &asking{bot: b, q: &q}
	var cost model.Usage
	r.text, cost = b.standAlone(ctx, &q)
	a := &Answer{
		Question: q.Text, Model: Extractive, Sentences: []AnswerSentence{}, Citations: []retrieval.Citation{},
		Named: retrieval.ContentTerms(r.text), Usage: cost,
	}
	if r.text != q.Text {
		a.Standalone = r.text
	}
	r.answer = a
	var err error
	if r.episodes, err = b.library.List(ctx, q.Filter); err != nil {
		return nil, err
	}
	a.One = len(r.episodes) == 1
	if counted, err := r.count(ctx); counted || err != nil {
		return a, err
	}
	if err := r.find(ctx); err != nil {
		return nil, err
	}
	return a, r.answerFound(ctx)
}

// answerFound answers from what was found.
func (r *asking) answerFound(ctx context.Context) error {
	if r.q.Extractive || len(r.found.hits) == 0 || hopeless(r.found) {
		return r.extract(ctx)
	}
	made, cost, without, err := r.compose(ctx)
	if err != nil {
		return err
	}
	r.answer.Usage.Add(cost)
	if without != FallbackNone {
		r.answer.Without = without
		return r.extract(ctx)
	}
	if err := r.conclude(ctx, made); err != nil {
		return err
	}
	if cost.Calls > 0 {
		r.answer.FirstToken = made.firstToken
		r.bot.metrics.countComposed(made)
		r.bot.metrics.leftOut.Add(int64(r.answer.Beside))
	}
	return nil
}

// compose has the model answer.
func (r *asking) compose(ctx context.Context) (made *composed, cost model.Usage, without Fallback, err error) {
	m := material{
		question: r.text, language: r.q.answerLanguage(), kind: r.kind.prompt(),
		given: givenOf(r.found.hits, r.q.Filter.Speaker), titled: !r.answer.One, strong: !r.found.evidence.Enough(),
		unverified: r.q.Unverified,
	}
	if len(m.given) == 0 { // nothing but advertisement or what speaks to models
		return nothingGiven, cost, FallbackNone, nil
	}
	markBest(m.given, r.found.evidence.Spans)
	if m.episodes, err = r.bot.describeGiven(ctx, m.given); err != nil {
		return nil, cost, FallbackNone, err
	}
	if r.kind == kindList {
		return r.collect(ctx, m)
	}
	return r.bot.compose(ctx, r.q, m)
}

// nothingGiven is what comes of having nothing to give to the model.
var nothingGiven = &composed{notFound: true}
