package model

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/sashabaranov/go-openai"
)

// lengthField is the field that bounds the reply.
type lengthField int

const (
	maxTokens           lengthField = iota
	maxCompletionTokens             // wanted by OpenAI's reasoning models
	noLength                        // the reply is cut here alone
)

// temperature always takes the likeliest token. It is not 0, which the library
// leaves out, and not the smallest number there is, which the library's manual
// names instead: llama.cpp divides by it, and what comes is noise.
const temperature = 0.001

// features are what is sent to an endpoint; it starts with everything and
// leaves out what is refused.
type features struct {
	noUsage, noStream, noTemperature, noSystem bool
	length                                     lengthField
	// replyLimit is the longest reply that may be asked for, 0 for any.
	replyLimit int
}

// request makes what is sent.
func (f features) request(model string, r Request) openai.ChatCompletionRequest {
	out := openai.ChatCompletionRequest{Model: model, Messages: f.messages(r.Messages)}
	limit := r.MaxTokens
	if f.replyLimit > 0 {
		limit = min(limit, f.replyLimit)
	}
	switch f.length {
	case maxTokens:
		//lint:ignore SA1019 llama.cpp, Ollama and others know this field alone; where it is refused, the new one is sent.
		out.MaxTokens = limit
	case maxCompletionTokens:
		out.MaxCompletionTokens = limit
	}
	if !f.noTemperature {
		out.Temperature = temperature
	}
	if !f.noStream && !f.noUsage {
		out.StreamOptions = &openai.StreamOptions{IncludeUsage: true}
	}
	return out
}

// messages leaves out empty ones, which endpoints refuse, and, for models
// without a system role, puts its text at the head of the first user message.
func (f features) messages(messages []Message) []openai.ChatCompletionMessage {
	var system []string
	var out []openai.ChatCompletionMessage
	for _, m := range messages {
		text := strings.ToValidUTF8(m.Text, "\uFFFD")
		switch {
		case strings.TrimSpace(text) == "":
		case m.Role == System && f.noSystem:
			system = append(system, text)
		default:
			if m.Role == User && len(system) > 0 {
				text = strings.Join(append(system, text), "\n\n")
				system = nil
			}
			out = append(out, openai.ChatCompletionMessage{Role: string(m.Role), Content: text})
		}
	}
	if len(system) > 0 {
		out = append(out, openai.ChatCompletionMessage{Role: string(User), Content: strings.Join(system, "\n\n")})
	}
	return out
}

var (
	systemSaid = regexp.MustCompile(`system (?:role|message|prompt)|role.{0,80}'?system|roles must alternate`)
	streamSaid = regexp.MustCompile(`\bstream(?:ing|ed)?\b`)
)

// aboutSystem tells that the model has no system role; some templates fail
// over it with status 500.
func (r refusal) aboutSystem() bool { return systemSaid.MatchString(strings.ToLower(r.message)) }

// without is f without what a refusal names; changed is false when it names
// nothing that is sent.
func (f features) without(r refusal) (g features, changed bool) {
	g = f
	limit := r.replyLimit()
	switch {
	case limit > 0 && f.length != noLength && (f.replyLimit == 0 || limit < f.replyLimit):
		g.replyLimit = limit
	case r.says("stream_options", "include_usage"):
		g.noUsage = true
	case f.length != noLength && r.says("max_tokens", "max_completion_tokens"):
		g.length++
	case r.says("temperature"):
		g.noTemperature = true
	case r.aboutSystem():
		g.noSystem = true
	case streamSaid.MatchString(strings.ToLower(r.message)) || r.param == "stream":
		g.noStream, g.noUsage = true, true
	}
	return g, g != f
}

// plainer is f without the next thing that an endpoint may refuse without
// saying what.
func (f features) plainer() (g features, changed bool) {
	g = f
	switch {
	case !f.noUsage:
		g.noUsage = true
	case !f.noStream:
		g.noStream = true
	}
	return g, g != f
}

// vague reports whether a status may mean that a field of the request is not
// liked.
func vague(status int) bool {
	switch status {
	case http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusUnsupportedMediaType,
		http.StatusUnprocessableEntity, http.StatusNotImplemented:
		return true
	}
	return false
}
