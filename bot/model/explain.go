package model

import "net/http"

// changed leaves out what the endpoint refuses to take, for this call and all
// later ones; without anything to leave out the request stays rejected.
func (t *try) changed(r refusal) *failure {
	t.c.mu.Lock()
	defer t.c.mu.Unlock()
	f := &failure{kind: ErrRejected, status: t.x.failed(), changed: true}
	if t.c.features != t.features {
		return f // another call has learnt something meanwhile
	}
	g, changed := t.features.without(r)
	if !changed {
		f.changed, f.detail = false, scrub(r.message, t.c.options.Key, t.request.Messages)
		return f
	}
	t.c.features = g
	return f
}

// proven notes that the endpoint takes what was sent, and whether it streams.
func (t *try) proven() {
	t.c.mu.Lock()
	defer t.c.mu.Unlock()
	if t.c.features != t.features {
		return
	}
	t.c.proven = true
	if t.x.whole {
		t.c.features.noStream = true
	}
}

// plainer tries a request that was refused without a reason with less in it,
// as long as none has succeeded.
func (t *try) plainer() bool {
	t.c.mu.Lock()
	defer t.c.mu.Unlock()
	if t.c.proven {
		return false
	}
	if t.c.features != t.features {
		return true
	}
	g, changed := t.features.plainer()
	if !changed {
		// It was not that.
		g.noUsage, g.noStream = false, false
	}
	t.c.features = g
	return changed
}

// refused says what a refusal means, and learns from it.
func (t *try) refused(body []byte) *failure {
	r := readRefusal(body)
	status := t.x.failed()
	if status < http.StatusBadRequest && r.status != 0 {
		status = r.status // told within a stream
	}
	f := &failure{status: status, detail: scrub(r.message, t.c.options.Key, t.request.Messages)}
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		// Endpoints like to repeat parts of the key here.
		f.kind, f.detail = ErrRejected, "check OPENAI_API_KEY"
		if t.c.options.Key == "" {
			f.detail = "no key was sent: set OPENAI_API_KEY"
		}
	case status == http.StatusNotFound:
		f.kind, f.detail = ErrRejected, "check CHAT_MODEL and OPENAI_BASE_URL"
	case r.quota() || status == http.StatusPaymentRequired:
		f.kind, f.detail = ErrRejected, "account is used up: check the account of OPENAI_API_KEY"
	case status == http.StatusRequestEntityTooLarge, status == http.StatusTooManyRequests && r.says("request too large"),
		status != http.StatusTooManyRequests && r.tooLong():
		f.kind = ErrTooLong
		t.learnTooLong(r)
	case status == http.StatusTooManyRequests || status < http.StatusBadRequest && r.overloaded():
		f.kind, f.again, f.pause = ErrBusy, true, retryAfter(t.x.header, t.c.now())
	case (vague(status) || status == http.StatusInternalServerError && r.aboutSystem()) && t.changed(r).changed,
		vague(status) && t.plainer():
		f.kind, f.changed = ErrRejected, true
	case status < http.StatusBadRequest || status >= http.StatusInternalServerError || passing(status):
		f.kind, f.again, f.pause = ErrDown, true, retryAfter(t.x.header, t.c.now())
	default:
		f.kind = ErrRejected
	}
	return f
}

// passing tells statuses below 500 that another try may mend.
func passing(status int) bool {
	return status == http.StatusRequestTimeout || status == http.StatusConflict || status == http.StatusTooEarly
}

// learnTooLong takes what a refusal tells of the window and the prompt. If it
// tells nothing that makes the next prompt shorter, the tokens must be more
// than was thought.
func (t *try) learnTooLong(r refusal) {
	t.c.window.refuse(r.window, t.c.counter.prompt(t.request.Messages)+t.request.MaxTokens)
	if r.tokens > 0 {
		t.c.counter.learn(t.request.Messages, r.tokens)
	}
	n, _ := t.c.window.tokens()
	if t.c.counter.prompt(t.request.Messages)+t.request.MaxTokens <= n {
		t.c.counter.learn(t.request.Messages, n*11/10-t.request.MaxTokens)
	}
}
