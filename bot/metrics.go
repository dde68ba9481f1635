package bot

import (
	"sync/atomic"
	"time"

	"verbatim/bot/model"
)

// MetricsSnapshot is what the bot has done since it was made. All counts only
// grow.
type MetricsSnapshot struct {
	// Asked is the questions, Answered those with an answer, Refused those that
	// nothing was found for, Unfit, Left and Failed those that ended in an error,
	// see [Outcome]. What is missing is under way.
	Asked, Answered, Refused, Unfit, Left, Failed int64
	// Counted is the answered ones that a program counted words for.
	Counted int64
	// Sentences is those that the model wrote in answers; Removed, of them,
	// those not shown since they could not be verified; LeftOut those verified
	// and not shown, see [Answer]; Recited those that rest on other passages than
	// they cited; Repaired those shown as mended.
	Sentences, Removed, LeftOut, Recited, Repaired int64
	// Cached is the answers taken from memory, Shared those that an equal
	// question under way was waited for.
	Cached, Shared int64
	// Down, Busy, Slow, Budget, Unsupported and Beside are the answers made
	// without the model, see [Fallback].
	Down, Busy, Slow, Budget, Unsupported, Beside int64
	// Calls, PromptTokens, ReplyTokens and Cost are what was used of the
	// model, for answers and summaries.
	Calls, PromptTokens, ReplyTokens int64
	Cost                             float64
	// FirstTokens is the replies that were begun, FirstTokenTime how long that
	// took, all together.
	FirstTokens    int64
	FirstTokenTime time.Duration
}

// metrics counts. The zero value is ready. Safe for concurrent use.
type metrics struct {
	asked, answered, refused, counted atomic.Int64
	unfit, left, failed               atomic.Int64
	sentences, removed, leftOut       atomic.Int64
	recited, repaired                 atomic.Int64
	cached, shared                    atomic.Int64
	down, busy, slow, budget          atomic.Int64
	unsupported, beside               atomic.Int64
	calls, promptTokens, replyTokens  atomic.Int64
	microCost                         atomic.Int64 // millionths
	firstTokens, firstTokenTime       atomic.Int64
}

// Metrics is what was counted so far. The counts are read one after the other,
// so that those of questions under way may be in some of them only.
func (b *Bot) Metrics() MetricsSnapshot {
	m := &b.metrics
	return MetricsSnapshot{
		Asked: m.asked.Load(), Answered: m.answered.Load(), Refused: m.refused.Load(), Counted: m.counted.Load(),
		Unfit: m.unfit.Load(), Left: m.left.Load(), Failed: m.failed.Load(),
		Sentences: m.sentences.Load(), Removed: m.removed.Load(), LeftOut: m.leftOut.Load(), Recited: m.recited.Load(), Repaired: m.repaired.Load(),
		Cached: m.cached.Load(), Shared: m.shared.Load(),
		Down: m.down.Load(), Busy: m.busy.Load(), Slow: m.slow.Load(), Budget: m.budget.Load(),
		Unsupported: m.unsupported.Load(), Beside: m.beside.Load(),
		Calls: m.calls.Load(), PromptTokens: m.promptTokens.Load(), ReplyTokens: m.replyTokens.Load(), Cost: float64(m.microCost.Load()) / 1e6,
		FirstTokens: m.firstTokens.Load(), FirstTokenTime: time.Duration(m.firstTokenTime.Load()),
	}
}

// countReply counts what a call has used.
func (m *metrics) countReply(r *model.Reply) {
	m.calls.Add(int64(r.Usage.Calls))
	m.promptTokens.Add(int64(r.Usage.PromptTokens))
	m.replyTokens.Add(int64(r.Usage.ReplyTokens))
	m.microCost.Add(int64(r.Usage.Cost * 1e6))
	if r.FirstToken > 0 {
		m.firstTokens.Add(1)
		m.firstTokenTime.Add(int64(r.FirstToken))
	}
}

// countOutcome counts what became of a question.
func (m *metrics) countOutcome(o Outcome) {
	switch o {
	case OutcomeAnswered:
		m.answered.Add(1)
	case OutcomeRefused:
		m.refused.Add(1)
	case OutcomeUnfit:
		m.unfit.Add(1)
	case OutcomeLeft:
		m.left.Add(1)
	default:
		m.failed.Add(1)
	}
}

// countFallback counts why an answer was made without the model.
func (m *metrics) countFallback(f Fallback) {
	switch f {
	case FallbackDown:
		m.down.Add(1)
	case FallbackBusy:
		m.busy.Add(1)
	case FallbackSlow:
		m.slow.Add(1)
	case FallbackBudget:
		m.budget.Add(1)
	case FallbackUnsupported:
		m.unsupported.Add(1)
	case FallbackBeside:
		m.beside.Add(1)
	}
}

// countComposed counts what came of the model's sentences.
func (m *metrics) countComposed(c *composed) {
	m.sentences.Add(int64(c.claims))
	m.removed.Add(int64(c.removed))
	m.recited.Add(int64(c.recited))
	m.repaired.Add(int64(c.repaired))
}
