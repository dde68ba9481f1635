package bot

import (
	"time"

	"verbatim/retrieval"
)

// modelUse is how much of the language model was used.
type modelUse struct {
	Tokens int     `json:"tokens,omitempty"`
	Cost   float64 `json:"cost,omitempty"`
}

func (m *modelUse) add(n modelUse) {
	m.Tokens += n.Tokens
	m.Cost += n.Cost
}

// take subtracts, and leaves nothing below zero: sums of fractions do not
// always come out even.
func (m *modelUse) take(n modelUse) {
	if m.Tokens -= n.Tokens; m.Tokens <= 0 {
		*m = modelUse{} // nothing is under way any more
		return
	}
	m.Cost = max(0, m.Cost-n.Cost)
}

// UsageOf is how much of the language model the server's questions, or for ""
// those outside of servers together, have used today in UTC: tokens, and cost in
// the currency of the prices.
func (b *Bot) UsageOf(scope retrieval.Scope) (tokens int, cost float64) {
	u := &b.state.usage
	u.mutex.Lock()
	defer u.mutex.Unlock()
	u.turn(time.Now().UTC())
	in := u.scopes[payerScope(scope)]
	if in == nil {
		return 0, 0
	}
	return in.used.Tokens, in.used.Cost
}

// payerScope is where the use of a payer is counted.
func payerScope(payer retrieval.Scope) retrieval.Scope {
	if payer == "" {
		return usageScope
	}
	return payer
}

// budgetOf is what a payer may use in a day: of the operator's limit and the
// server's own the stricter, 0 being none.
func (b *Bot) budgetOf(payer retrieval.Scope) modelUse {
	limit := modelUse{Tokens: b.chat.options.TokensPerDay, Cost: b.chat.options.CostPerDay}
	if payer == "" {
		return limit
	}
	own := b.Settings(payer)
	if own.TokensPerDay > 0 && (limit.Tokens <= 0 || own.TokensPerDay < limit.Tokens) {
		limit.Tokens = own.TokensPerDay
	}
	if own.CostPerDay > 0 && (limit.Cost <= 0 || own.CostPerDay < limit.Cost) {
		limit.Cost = own.CostPerDay
	}
	return limit
}

// reserve sets aside what a call may use, unless that would go beyond the limit
// with what was used today and what other calls have set aside. What it returns
// true for must be settled. So calls that come together cannot overshoot by
// more than what their estimates were too low by.
func (u *usageState) reserve(payer retrieval.Scope, estimate, limit modelUse, now time.Time) bool {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	u.turn(now.UTC())
	in := u.in(payerScope(payer))
	if !in.admit(estimate, limit) {
		return false
	}
	in.reserved.add(estimate)
	return true
}

// affords reports whether reserve would set so much aside.
func (u *usageState) affords(payer retrieval.Scope, estimate, limit modelUse, now time.Time) bool {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	u.turn(now.UTC())
	return u.in(payerScope(payer)).admit(estimate, limit)
}

// admit reports whether so much more stays within the limit.
func (in *scopeUsage) admit(estimate, limit modelUse) bool {
	return (limit.Tokens <= 0 || in.used.Tokens+in.reserved.Tokens+estimate.Tokens <= limit.Tokens) &&
		(limit.Cost <= 0 || in.used.Cost+in.reserved.Cost+estimate.Cost <= limit.Cost)
}

// settle puts what was used in place of what was set aside. A call counts on
// the day on which it ends.
func (u *usageState) settle(payer retrieval.Scope, estimate, used modelUse, now time.Time) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	u.turn(now.UTC())
	in := u.in(payerScope(payer))
	in.reserved.take(estimate)
	if used != (modelUse{}) {
		in.used.add(used)
		in.dirty = true
	}
}
