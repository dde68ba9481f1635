package modeltest

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// maxRequestBytes is more than any prompt that makes sense.
const maxRequestBytes = 64 << 20

// The JSON of the protocol of chat completions, as far as a client needs it.
type (
	wireError struct {
		Message string `json:"message"`
		Type    string `json:"type"`
		Code    string `json:"code,omitempty"`
	}
	wireRefusal struct {
		Error wireError `json:"error"`
	}
	wireText struct {
		Role      string  `json:"role,omitempty"`
		Content   *string `json:"content,omitempty"`
		Reasoning string  `json:"reasoning_content,omitempty"`
	}
	wireChoice struct {
		Index   int       `json:"index"`
		Delta   *wireText `json:"delta,omitempty"`
		Message *wireText `json:"message,omitempty"`
		Finish  *string   `json:"finish_reason"`
	}
	wireUsage struct {
		Prompt     int `json:"prompt_tokens"`
		Completion int `json:"completion_tokens"`
		Total      int `json:"total_tokens"`
	}
	wireReply struct {
		ID      string       `json:"id"`
		Object  string       `json:"object"`
		Created int64        `json:"created"`
		Model   string       `json:"model"`
		Choices []wireChoice `json:"choices"`
		Usage   *wireUsage   `json:"usage,omitempty"`
	}
	wireRequest struct {
		Model    string `json:"model"`
		Messages []struct {
			Role    string          `json:"role"`
			Content json.RawMessage `json:"content"`
		} `json:"messages"`
		MaxTokens           int      `json:"max_tokens"`
		MaxCompletionTokens int      `json:"max_completion_tokens"`
		Stream              bool     `json:"stream"`
		Temperature         *float64 `json:"temperature"`
		StreamOptions       struct {
			IncludeUsage bool `json:"include_usage"`
		} `json:"stream_options"`
	}
)

func refuse(w http.ResponseWriter, status int, code, message string) {
	kind := "invalid_request_error"
	if status >= http.StatusInternalServerError {
		kind = "server_error"
	}
	writeJSON(w, status, wireRefusal{wireError{Message: message, Type: kind, Code: code}})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v) // an error is that of a client that is gone
}

// admits checks the key. Like some endpoints it repeats the wrong one.
func (s *Server) admits(w http.ResponseWriter, r *http.Request) bool {
	got := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if s.o.Key == "-" || got == s.o.Key {
		return true
	}
	io.Copy(io.Discard, io.LimitReader(r.Body, maxRequestBytes)) // so that the connection can be used again
	refuse(w, http.StatusUnauthorized, "invalid_api_key", "Incorrect API key provided: "+got+".")
	return false
}

func (s *Server) models(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked++
	s.changes()
	s.mu.Unlock()
	if !s.admits(w, r) {
		return
	}
	switch {
	case s.o.Models == "-":
		http.NotFound(w, r)
	case s.o.Models != "":
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, s.o.Models)
	case s.o.TellWindow:
		fmt.Fprintf(w, `{"object":"list","data":[{"id":%q,"object":"model","max_model_len":%d}]}`, s.o.Model, s.o.Window)
	default:
		fmt.Fprintf(w, `{"object":"list","data":[{"id":%q,"object":"model"}]}`, s.o.Model)
	}
}

// chat answers one call.
func (s *Server) chat(w http.ResponseWriter, r *http.Request) {
	if !s.admits(w, r) {
		return
	}
	request, err := readRequest(r)
	if err != nil {
		refuse(w, http.StatusBadRequest, "", err.Error())
		return
	}
	reply, killed := s.arrive(&request)
	defer func() {
		s.mu.Lock()
		s.underWay--
		s.changes()
		s.mu.Unlock()
	}()
	if killed {
		s.Kill()
		panic(http.ErrAbortHandler)
	}
	if s.refuses(w, request) {
		return
	}
	a := answer{w: w, http: r, server: s, request: request, reply: reply(s.o.Reply(request))}
	switch {
	case a.reply.Status != 0 || a.reply.Body != "":
		a.refusal()
	case request.Stream:
		a.stream()
	default:
		a.whole()
	}
}

// arrive numbers and keeps the request, and says what is done to its reply.
func (s *Server) arrive(request *Request) (spoil Fault, killed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	request.Call = len(s.requests) + 1
	s.requests = append(s.requests, *request)
	s.underWay++
	s.changes()
	injected := slices.Clone(s.injected)
	return func(reply Reply) Reply {
		for _, i := range injected {
			if i.when == nil || i.when(request.Call) {
				reply = i.spoil(reply)
			}
		}
		return reply
	}, request.Call == s.killAt
}

func readRequest(r *http.Request) (Request, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxRequestBytes))
	if err != nil {
		return Request{}, err
	}
	var wire wireRequest
	if err := json.Unmarshal(body, &wire); err != nil {
		return Request{}, fmt.Errorf("we could not parse the JSON body of your request: %w", err)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return Request{}, err
	}
	request := Request{
		Model: wire.Model, MaxTokens: max(wire.MaxTokens, wire.MaxCompletionTokens), Stream: wire.Stream,
		Usage: wire.StreamOptions.IncludeUsage, Fields: slices.Sorted(maps.Keys(fields)),
	}
	request.Temperature = 1
	if wire.Temperature != nil {
		request.Temperature = *wire.Temperature
	}
	for i, m := range wire.Messages {
		var text string
		if err := json.Unmarshal(m.Content, &text); err != nil {
			return Request{}, fmt.Errorf("invalid type for 'messages[%d].content': expected a string", i)
		}
		request.Messages = append(request.Messages, Message{m.Role, text})
	}
	if len(request.Messages) == 0 {
		return Request{}, fmt.Errorf("[] is too short - 'messages'")
	}
	return request, nil
}

// refuses refuses what the server's options do not take.
func (s *Server) refuses(w http.ResponseWriter, request Request) bool {
	if request.Model != s.o.Model {
		refuse(w, http.StatusNotFound, "model_not_found", fmt.Sprintf("The model `%s` does not exist or you do not have access to it.", request.Model))
		return true
	}
	for _, field := range s.o.Refuse {
		system := field == "system" && request.System() != ""
		streams := field == "stream" && !request.Stream // the field may be sent with the value false
		if !system && (streams || !slices.Contains(request.Fields, field)) {
			continue
		}
		message := fmt.Sprintf("Unsupported parameter: '%s' is not supported with this model.", field)
		if field == "max_tokens" {
			message += " Use 'max_completion_tokens' instead."
		}
		if system {
			message = "Unsupported value: 'messages[0].role' does not support 'system' with this model."
		}
		if as, ok := s.o.RefuseAs[field]; ok {
			message = as
		}
		refuse(w, http.StatusBadRequest, "unsupported_parameter", message)
		return true
	}
	if tokens := s.Count(request.All()); s.o.Window > 0 && tokens > s.o.Window {
		r := TooLong(s.o.Window, tokens)(Reply{})
		refuse(w, r.Status, r.Code, r.Message)
		return true
	}
	return false
}

// answer is one reply on its way.
type answer struct {
	w       http.ResponseWriter
	http    *http.Request
	server  *Server
	request Request
	reply   Reply
}

// refusal sends a reply that is no answer.
func (a *answer) refusal() {
	r := a.reply
	a.pause(r.FirstDelay)
	a.hold(0)
	if r.RetryAfter != "" {
		a.w.Header().Set("Retry-After", r.RetryAfter)
	}
	if r.Location != "" {
		a.w.Header().Set("Location", r.Location)
	}
	if r.Status == 0 {
		r.Status = http.StatusOK
	}
	if r.Body == "" {
		refuse(a.w, r.Status, r.Code, r.Message)
		return
	}
	a.w.WriteHeader(r.Status)
	io.WriteString(a.w, r.Body)
}

// pause waits; a client that has gone ends the handler.
func (a *answer) pause(d time.Duration) {
	if d <= 0 {
		return
	}
	select {
	case <-a.server.o.After(d):
	case <-a.http.Context().Done():
		panic(http.ErrAbortHandler)
	}
}

// hold does what is to be done after so many pieces, and says whether the
// reply goes on.
func (a *answer) hold(sent int) bool {
	r := a.reply
	if sent != r.After {
		return true
	}
	if r.Hold != nil {
		select {
		case <-r.Hold:
		case <-a.http.Context().Done():
			panic(http.ErrAbortHandler)
		}
	}
	if r.Stall {
		<-a.http.Context().Done()
	}
	if r.Stall || r.Cut {
		panic(http.ErrAbortHandler)
	}
	return !r.Garble
}

// finish is the reason to stop after sent pieces, nil for none.
func (a *answer) finish(cut bool) *string {
	reason := a.reply.Finish
	switch {
	case reason == "-":
		return nil
	case reason == "" && cut:
		reason = "length"
	case reason == "":
		reason = "stop"
	}
	return &reason
}

// limit cuts the pieces at the longest reply.
func (a *answer) limit() (pieces []string, cut bool) {
	pieces = a.reply.pieces()
	if n := a.request.MaxTokens; n > 0 && len(pieces) > n {
		return pieces[:n], true
	}
	return pieces, false
}

func (a *answer) usage(tokens int) *wireUsage {
	if a.reply.NoUsage {
		return nil
	}
	prompt := a.server.Count(a.request.All())
	return &wireUsage{Prompt: prompt, Completion: tokens, Total: prompt + tokens}
}

func (a *answer) envelope(object string, choices []wireChoice, usage *wireUsage) wireReply {
	return wireReply{ID: fmt.Sprintf("chatcmpl-%d", a.request.Call), Object: object, Created: 1, Model: a.request.Model, Choices: choices, Usage: usage}
}
