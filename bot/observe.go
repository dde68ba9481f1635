package bot

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"verbatim/bot/model"
	"verbatim/retrieval"
)

// Outcome is what became of a question.
type Outcome string

// The outcomes.
const (
	OutcomeAnswered Outcome = "answered"
	OutcomeRefused  Outcome = "refused" // nothing was found for it
	OutcomeUnfit    Outcome = "unfit"   // it has no words, or names what there is not
	OutcomeLeft     Outcome = "left"    // whoever asked did not wait
	OutcomeFailed   Outcome = "failed"  // by a fault here, or out of time
)

// Outcomes are all of them.
var Outcomes = []Outcome{OutcomeAnswered, OutcomeRefused, OutcomeUnfit, OutcomeLeft, OutcomeFailed}

// Observer is told how long things take, as they end. Each of its functions may
// be nil; they are called by many goroutines at once and must not wait.
type Observer struct {
	// Answered is told of every answer and refusal, and whether a language model
	// made it.
	Answered func(took time.Duration, byModel bool)
	// Searched is told of every search for passages.
	Searched func(took time.Duration)
	// FirstToken is told of every reply of the model that began.
	FirstToken func(took time.Duration)
}

// Observe has the observer told as well. Call it before the first question.
func (b *Bot) Observe(o Observer) { b.observers = append(b.observers, o) }

func (b *Bot) observeAnswer(took time.Duration, byModel bool) {
	for i := range b.observers {
		if f := b.observers[i].Answered; f != nil {
			f(took, byModel)
		}
	}
}

func (b *Bot) observeSearch(took time.Duration) {
	for i := range b.observers {
		if f := b.observers[i].Searched; f != nil {
			f(took)
		}
	}
}

func (b *Bot) observeFirstToken(took time.Duration) {
	for i := range b.observers {
		if f := b.observers[i].FirstToken; f != nil {
			f(took)
		}
	}
}

// outcomeOf says what became of a question with that answer or error.
func outcomeOf(a *Answer, err error) Outcome {
	switch {
	case errors.Is(err, ErrNothing), isUnknown(err):
		return OutcomeUnfit
	case errors.Is(err, context.Canceled):
		return OutcomeLeft
	case err != nil:
		return OutcomeFailed
	case a.Found:
		return OutcomeAnswered
	}
	return OutcomeRefused
}

// logged is where the bot logs.
func (b *Bot) logged() *slog.Logger {
	if b.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return b.Log
}

// guildOf is the attribute of the server, none outside of servers.
func guildOf(scope retrieval.Scope) slog.Attr {
	if scope == "" || scope == retrieval.Public {
		return slog.Attr{}
	}
	return slog.String("guild", string(scope))
}

// reasonWords are the reasons of refusals in logs.
var reasonWords = map[ReasonKind]string{
	ReasonNone: "none", ReasonNothing: "nothing", ReasonNotSpokenOf: "not-spoken-of", ReasonNoNumber: "no-number", ReasonNoFuture: "no-future",
	ReasonThin: "thin", ReasonNobody: "nobody", ReasonNoShow: "no-show", ReasonNoDates: "no-dates",
}

// logAnswer writes a line about an answer: how it was made, and not a word of
// question, answer or transcript: the text of a refusal's reason has the question's.
func (b *Bot) logAnswer(ctx context.Context, q *Question, a *Answer, took time.Duration) {
	attrs := []slog.Attr{guildOf(q.Payer)}
	if len(q.Filter.Episodes) == 1 {
		attrs = append(attrs, slog.String("episode", string(q.Filter.Episodes[0])))
	}
	attrs = append(attrs, slog.Duration("took", took), slog.String("model", a.Model))
	if a.Without != FallbackNone {
		attrs = append(attrs, slog.String("without", string(a.Without)))
	}
	attrs = append(attrs, slog.Int("citations", len(a.Citations)), slog.Int("removed", a.Removed))
	if a.Found {
		b.logged().LogAttrs(ctx, slog.LevelInfo, "question answered", attrs...)
		return
	}
	b.logged().LogAttrs(ctx, slog.LevelInfo, "question refused", append(attrs, slog.String("reason", reasonWords[a.Why.Kind]))...)
}

// ModelState is how the language model fares.
type ModelState string

// The states.
const (
	ModelOff      ModelState = "off"      // there is none
	ModelStarting ModelState = "starting" // no call has ended yet
	ModelOK       ModelState = "ok"       // the last call was answered
	ModelDown     ModelState = "down"     // the last call was not
)

// ModelHealth is the state with what is known of it.
type ModelHealth struct {
	State ModelState
	// Since is when it began, zero while off or starting.
	Since time.Time
	// Why says in a sentence why it is down, "" else.
	Why string
}

// ModelHealth tells how the language model fares by what came of calls, without
// one.
func (b *Bot) ModelHealth() ModelHealth {
	if b.chat.client == nil {
		return ModelHealth{State: ModelOff}
	}
	h := b.chat.client.Health()
	switch {
	case !h.Known:
		return ModelHealth{State: ModelStarting}
	case h.Failure == nil:
		return ModelHealth{State: ModelOK, Since: h.Since}
	}
	return ModelHealth{State: ModelDown, Since: h.Since, Why: whyDown(h.Failure)}
}

// whyDown says of a failure of the model what it is.
func whyDown(failure error) string {
	switch {
	case errors.Is(failure, model.ErrSlow):
		return "It takes too long."
	case errors.Is(failure, model.ErrBusy):
		return "It has too many requests."
	case errors.Is(failure, model.ErrRejected):
		return "It refuses the requests."
	case errors.Is(failure, model.ErrEmpty):
		return "Its answers are empty."
	}
	return "It cannot be reached."
}

// Size counts the episodes and passages of the library, or of its public part
// where it cannot tell more. It reads from the library each time and so tells as
// well whether that works.
func (b *Bot) Size(ctx context.Context) (episodes, passages int, err error) {
	if l, ok := b.library.(interface {
		Size(ctx context.Context) (episodes, passages int, err error)
	}); ok {
		return l.Size(ctx)
	}
	list, err := b.library.List(ctx, retrieval.Filter{Scopes: []retrieval.Scope{retrieval.Public}})
	for i := range list {
		passages += list[i].Passages
	}
	return len(list), passages, err
}
