package model

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// events is a reply's body made fit for the library's reader of streams: one
// "data: {...}" a line and nothing else. That reader gives up at comments by
// the hundred, loses errors that do not begin as it expects, and a last line
// without a line break. A whole JSON reply, of endpoints that do not stream,
// becomes a stream of one event.
type events struct {
	in      *bufio.Reader
	x       *exchange
	out     bytes.Buffer
	started bool
	err     error
}

func newEvents(body io.Reader, x *exchange) *events {
	return &events{in: bufio.NewReader(body), x: x}
}

// Read implements io.Reader.
func (e *events) Read(p []byte) (int, error) {
	for e.out.Len() == 0 {
		if e.err != nil {
			return 0, e.err
		}
		var line []byte
		line, e.err = e.in.ReadBytes('\n')
		e.take(line)
	}
	return e.out.Read(p)
}

// take makes of a line what the library is to see of it.
func (e *events) take(line []byte) {
	line = bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\uFEFF")))
	if len(line) == 0 {
		return
	}
	if !e.started && line[0] == '{' {
		e.whole(line)
		return
	}
	e.started = true
	field, value, found := bytes.Cut(line, []byte(":"))
	value = bytes.TrimSpace(value)
	switch {
	case found && string(field) == "data":
		e.data(value)
	case found && string(field) == "error":
		// llama.cpp's, which is no field of the standard.
		e.data(append(append([]byte(`{"error":`), value...), '}'))
	case line[0] == ':' || string(field) == "event" || string(field) == "id" || string(field) == "retry":
	default:
		e.x.junk = true
	}
}

// whole takes a reply that is not streamed.
func (e *events) whole(start []byte) {
	rest, err := io.ReadAll(e.in)
	if err != nil {
		e.err = err
		return
	}
	var compact bytes.Buffer
	if json.Compact(&compact, append(start, rest...)) != nil {
		// No JSON: this is no event either, and said to be so.
		e.data([]byte("{"))
		return
	}
	e.data(compact.Bytes())
	e.x.done, e.x.whole = true, true
}

func (e *events) data(value []byte) {
	if len(value) == 0 {
		return
	}
	if string(value) == "[DONE]" {
		e.x.done = true
		e.out.WriteString("data: [DONE]\n")
		return
	}
	e.out.WriteString("data: ")
	if value[0] == '{' {
		// The space keeps the library from taking an error for itself.
		e.out.WriteString("{ ")
		value = value[1:]
	}
	e.out.Write(value)
	e.out.WriteByte('\n')
}

// event is one event of a stream, or a whole reply.
type event struct {
	Choices []struct {
		Index   int         `json:"index"`
		Delta   eventText   `json:"delta"`
		Message eventText   `json:"message"`
		Text    contentText `json:"text"`
		Finish  string      `json:"finish_reason"`
	} `json:"choices"`
	Usage *struct {
		Prompt     int `json:"prompt_tokens"`
		Completion int `json:"completion_tokens"`
	} `json:"usage"`
	Error json.RawMessage `json:"error"`
	// Object is "error" when the event is one itself.
	Object string `json:"object"`
}

type eventText struct {
	Content          contentText `json:"content"`
	ReasoningContent string      `json:"reasoning_content"`
	Reasoning        string      `json:"reasoning"`
}

// contentText is a text, null, or a list of parts with a text each.
type contentText string

// UnmarshalJSON implements json.Unmarshaler.
func (c *contentText) UnmarshalJSON(raw []byte) error {
	var text string
	if err := json.Unmarshal(raw, &text); err == nil {
		*c = contentText(text)
		return nil
	}
	var parts []struct {
		Text string `json:"text"`
	}
	if err := json.Unmarshal(raw, &parts); err != nil {
		return err
	}
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.Text)
	}
	*c = contentText(b.String())
	return nil
}

// piece is what an event says.
type piece struct {
	text, reasoning, finish string
	// prompt and reply are token counts, 0 when not told.
	prompt, reply int
	// refusal is the body of an error, nil for none.
	refusal []byte
}

var errNoEvent = errors.New("no JSON of a reply")

// readEvent reads one event.
func readEvent(raw []byte) (piece, error) {
	var e event
	if err := json.Unmarshal(raw, &e); err != nil {
		return piece{}, errNoEvent
	}
	var p piece
	if len(e.Error) > 0 && string(e.Error) != "null" || e.Object == "error" {
		p.refusal = raw
		return p, nil
	}
	for _, c := range e.Choices {
		if c.Index != 0 {
			continue
		}
		p.text += string(c.Delta.Content) + string(c.Message.Content) + string(c.Text)
		p.reasoning += c.Delta.ReasoningContent + c.Delta.Reasoning + c.Message.ReasoningContent + c.Message.Reasoning
		if c.Finish != "" {
			p.finish = c.Finish
		}
	}
	if e.Usage != nil {
		p.prompt, p.reply = plausible(e.Usage.Prompt), plausible(e.Usage.Completion)
	}
	return p, nil
}
