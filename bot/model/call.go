package model

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/sashabaranov/go-openai"
)

// errSilent is the cause when nothing was heard for too long.
var errSilent = errors.New("no token came in time")

// graceForUsage is how long the counts may take after the reply's end.
const graceForUsage = time.Second

// call is one Complete.
type call struct {
	c       *Client
	request *Request
	reply   *Reply
	parent  context.Context // the caller's
	ctx     context.Context // that until the total limit
	started time.Time
	// silent is when the endpoint has been silent for too long, end the total
	// limit.
	silent, end time.Time
	// plain says that the next try is not streamed: llama.cpp's Python server
	// cuts the stream where the prompt is too long, and says so only there.
	plain bool
}

// try is one request of a call.
type try struct {
	*call
	features features
	x        exchange
	ctx      context.Context
	watch    *time.Timer

	text     strings.Builder
	thought  int // bytes of reasoning apart from the text
	pieces   int
	finish   string
	prompt   int // tokens, 0 when not told
	tokens   int
	overlong bool // it was cut here
}

// stopped is the error when the call's context has ended.
func (c *call) stopped() error {
	if err := c.parent.Err(); err != nil {
		return err
	}
	return &failure{kind: ErrSlow, detail: fmt.Sprintf("not done within %v", c.c.options.Total)}
}

// attempt sends the request once. The error is that of the caller's context.
func (c *call) attempt() (*failure, error) {
	c.c.mu.Lock()
	t := &try{call: c, features: c.c.features}
	c.c.mu.Unlock()
	ctx, cancel := context.WithCancelCause(c.ctx)
	defer cancel(nil)
	t.watch = time.AfterFunc(c.silent.Sub(c.c.now()), func() { cancel(errSilent) })
	defer t.watch.Stop()
	plain := t.features.noStream || c.plain
	if plain {
		t.watch.Stop() // all of it is the first token: the total limit is enough
	}
	t.ctx = context.WithValue(ctx, exchangeKey{}, &t.x)

	request := t.features.request(c.c.options.Model, *c.request)
	var err error
	if plain {
		request.StreamOptions = nil
		err = t.whole(request)
	} else {
		err = t.stream(request)
	}
	text := strings.TrimSpace(answer(t.text.String(), true))
	if text != "" || err == nil {
		// A try that said nothing does not undo what an earlier one said.
		c.reply.Text, c.reply.Truncated = text, t.overlong || t.finish == string(openai.FinishReasonLength)
	}
	if err == nil && text == "" {
		err = &failure{kind: ErrEmpty, detail: "it has no text and finish_reason " + scrub(t.finish, c.c.options.Key, c.request.Messages)}
	}
	t.count(err)
	if c.parent.Err() != nil {
		return nil, c.parent.Err() // even of a whole reply, which not all was told of
	}
	if err == nil {
		t.proven()
		return nil, nil
	}
	return t.explain(err), nil
}

// stream reads a streamed reply to its end.
func (t *try) stream(request openai.ChatCompletionRequest) error {
	stream, err := t.c.api.CreateChatCompletionStream(t.ctx, request)
	if err != nil {
		return err
	}
	defer stream.Close()
	for {
		raw, err := stream.RecvRaw()
		if err != nil {
			return t.ended(err)
		}
		p, err := readEvent(raw)
		if err != nil {
			return err
		}
		if p.refusal != nil {
			return t.refused(p.refusal)
		}
		if t.take(p) {
			return nil
		}
	}
}

// ended says whether a stream that yields no more was whole.
func (t *try) ended(err error) error {
	switch {
	case t.x.done || t.finish != "":
		// Whatever the error: what is lost are the counts at most. The rest of
		// the body comes at once, or its connection is given up.
		t.watch.Reset(graceForUsage / 4)
		t.x.drain()
		return nil
	case errors.Is(err, io.EOF) && t.x.junk && t.pieces == 0:
		return errNoEvent
	case errors.Is(err, io.EOF):
		return io.ErrUnexpectedEOF
	}
	return err
}

// whole reads a reply that is not streamed.
func (t *try) whole(request openai.ChatCompletionRequest) error {
	reply, err := t.c.api.CreateChatCompletion(t.ctx, request)
	if err != nil {
		return err
	}
	p := piece{prompt: plausible(reply.Usage.PromptTokens), reply: plausible(reply.Usage.CompletionTokens)}
	if len(reply.Choices) > 0 {
		first := reply.Choices[0]
		p.text, p.reasoning, p.finish = first.Message.Content, first.Message.ReasoningContent, string(first.FinishReason)
	}
	t.take(p)
	return nil
}

// take adds a piece, and says whether the reply is to be cut.
func (t *try) take(p piece) (cut bool) {
	if p.prompt > 0 {
		t.prompt, t.tokens = p.prompt, p.reply
	}
	if p.text != "" || p.reasoning != "" {
		t.pieces++
		t.thought += len(p.reasoning)
		t.text.WriteString(p.text)
		t.overlong = t.tooMuch()
		t.watch.Stop() // the time that the caller takes is not the endpoint's
		t.show()
		t.silent = t.c.now().Add(t.c.options.FirstToken)
		t.watch.Reset(t.c.options.FirstToken)
	}
	if p.finish != "" {
		t.finish = p.finish
		t.watch.Reset(graceForUsage)
	}
	return t.overlong
}

// show tells the caller what there is to see.
func (t *try) show() {
	text := answer(t.text.String(), false)
	if text == "" {
		return
	}
	if t.reply.FirstToken == 0 {
		t.reply.FirstToken = max(t.c.now().Sub(t.started), 1)
	}
	if t.request.Progress != nil && t.ctx.Err() == nil {
		t.request.Progress(text)
	}
}

// tooMuch reports whether there is more than a reply of MaxTokens can be, of
// an endpoint that does not keep to it: eight bytes for each token, or half as
// many in more pieces than tokens were wanted.
func (t *try) tooMuch() bool {
	bytes := t.text.Len() + t.thought
	return bytes > 8*t.request.MaxTokens || bytes > 4*t.request.MaxTokens && t.pieces > t.request.MaxTokens
}

// count adds what the try has used. What the endpoint did not tell is
// estimated, for tries too that it may have begun to work on.
func (t *try) count(err error) {
	if !t.x.sent || t.x.status >= http.StatusMultipleChoices {
		if t.x.sent {
			t.reply.Usage.Calls++
		}
		return
	}
	u := Usage{Calls: 1, PromptTokens: t.prompt, ReplyTokens: t.tokens}
	if t.pieces == 0 && t.prompt == 0 && (isCut(err) || isSyntax(err) || errors.Is(err, errNoEvent)) {
		t.reply.Usage.Add(u) // it broke before it began
		return
	}
	if t.prompt == 0 {
		u.PromptTokens, u.Estimated = t.c.counter.prompt(t.request.Messages), true
	}
	// A count that came before the end is not the whole one.
	if said := t.text.Len() + t.thought; t.prompt == 0 || t.tokens == 0 && said > 0 || err != nil && t.finish == "" {
		// A piece is a token or more, and there are not more than were asked
		// for unless the endpoint does as it likes.
		most := max(t.pieces, t.request.MaxTokens)
		u.ReplyTokens, u.Estimated = max(t.tokens, min(most, max(t.pieces, t.c.counter.text(t.text.String())+t.thought/3))), true
	}
	t.reply.Usage.Add(u)
	if t.prompt > 0 {
		t.c.counter.learn(t.request.Messages, t.prompt)
	}
}

// explain turns the error of a try into a failure.
func (t *try) explain(err error) *failure {
	var known *failure
	if errors.As(err, &known) {
		return known
	}
	if t.x.status == http.StatusOK && t.pieces == 0 && isCut(err) {
		t.plain = !t.plain
	}
	if context.Cause(t.ctx) == errSilent {
		return &failure{kind: ErrSlow, status: t.x.failed(), detail: fmt.Sprintf("silent for %v", t.c.options.FirstToken)}
	}
	if t.call.ctx.Err() != nil {
		var f *failure
		errors.As(t.stopped(), &f)
		return f
	}
	if t.x.status >= http.StatusBadRequest {
		return t.refused(t.x.refusal)
	}
	switch {
	case errors.Is(err, errRedirect):
		return &failure{kind: ErrRejected, status: t.x.failed(), detail: errRedirect.Error() + ": check OPENAI_BASE_URL"}
	case errors.Is(err, errNoEvent) || isSyntax(err):
		return &failure{kind: ErrEmpty, status: t.x.failed(), detail: "malformed reply: check OPENAI_BASE_URL", again: true, broken: true}
	case errors.Is(err, openai.ErrReasoningModelMaxTokensDeprecated):
		return t.changed(refusal{message: "max_tokens"})
	case errors.Is(err, openai.ErrReasoningModelLimitationsOther) || errors.Is(err, openai.ErrReasoningSamplingUnsupported):
		return t.changed(refusal{message: "temperature"})
	case errors.Is(err, openai.ErrChatCompletionInvalidModel):
		return &failure{kind: ErrRejected, detail: "no model for conversations: check CHAT_MODEL"}
	case isCut(err):
		return &failure{kind: ErrDown, status: t.x.failed(), detail: "connection was cut", again: true}
	}
	detail := scrub(withoutAddress(err).Error(), t.c.options.Key, t.request.Messages)
	return &failure{kind: ErrDown, status: t.x.failed(), detail: detail, again: mayRecover(err)}
}

// isCut tells that the connection ended before the reply.
func isCut(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// isSyntax tells that a reply is no JSON, or not that of a reply.
func isSyntax(err error) bool {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	return errors.As(err, &syntax) || errors.As(err, &kind)
}
