package bot

import (
	"context"
	"errors"
	"time"

	"verbatim/bot/model"
	"verbatim/prompts"
	"verbatim/retrieval"
)

// errBudget is returned by call when the day's tokens or money are used up.
var errBudget = errors.New("the day's budget for the language model is used up")

// chat is the language model, if there is one.
type chat struct {
	client  *model.Client
	options ModelOptions
}

// call is one call to the language model.
type call struct {
	// payer is as in Question.
	payer retrieval.Scope
	// purpose is a word for logs, such as "answer".
	purpose  string
	prompt   prompts.Prompt
	progress func(text string)
}

// complete asks the model within the payer's budget, and counts what was used.
// The reply is never nil. Errors: errBudget, before anything was asked, and
// those of model.Client.Complete. UseModel must have been called.
func (b *Bot) complete(ctx context.Context, c call) (*model.Reply, error) {
	request := model.Request{Messages: messagesOf(&c.prompt), MaxTokens: c.prompt.ReplyTokens, Purpose: c.purpose, Progress: c.progress}
	estimate := b.estimate(&c.prompt)
	if !b.state.usage.reserve(c.payer, estimate, b.budgetOf(c.payer), time.Now()) {
		return &model.Reply{}, errBudget
	}
	used := modelUse{}
	defer func() { b.state.usage.settle(c.payer, estimate, used, time.Now()) }()
	reply, err := b.chat.client.Complete(ctx, request)
	used = modelUse{Tokens: reply.Usage.Tokens(), Cost: reply.Usage.Cost}
	b.metrics.countReply(reply)
	if reply.FirstToken > 0 {
		b.observeFirstToken(reply.FirstToken)
	}
	return reply, err
}

func messagesOf(p *prompts.Prompt) []model.Message {
	messages := make([]model.Message, len(p.Messages))
	for i, m := range p.Messages {
		messages[i] = model.Message{Role: model.Role(m.Role), Text: m.Text}
	}
	return messages
}

// promptTokens estimates the tokens of a prompt.
func (b *Bot) promptTokens(p *prompts.Prompt) int { return b.chat.client.PromptTokens(messagesOf(p)) }

// estimate is the most that a call may be expected to use.
func (b *Bot) estimate(p *prompts.Prompt) modelUse {
	prompt := b.promptTokens(p)
	return modelUse{Tokens: prompt + p.ReplyTokens, Cost: b.chat.client.Price(prompt, p.ReplyTokens)}
}

// fallbackOf says why there is no answer by the model, for an error of complete.
func fallbackOf(err error) Fallback {
	switch {
	case err == nil:
		return FallbackNone
	case errors.Is(err, errBudget):
		return FallbackBudget
	case errors.Is(err, model.ErrBusy):
		return FallbackBusy
	case errors.Is(err, model.ErrSlow), errors.Is(err, context.DeadlineExceeded):
		return FallbackSlow
	default:
		return FallbackDown
	}
}
