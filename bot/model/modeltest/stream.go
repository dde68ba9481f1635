package modeltest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// whole sends an answer in one piece.
func (a *answer) whole() {
	r := a.reply
	a.pause(r.FirstDelay)
	a.w.Header().Set("Content-Type", "application/json")
	if !a.hold(r.After) {
		io.WriteString(a.w, `{"choices": [{"message": {"content": "The`)
		return
	}
	if r.Endless {
		io.WriteString(a.w, `{"choices":[{"index":0,"message":{"role":"assistant","content":"`)
		a.endless(func(piece string) error {
			quoted, err := json.Marshal(piece)
			if err == nil {
				_, err = a.w.Write(quoted[1 : len(quoted)-1])
			}
			return err
		})
	}
	pieces, cut := a.limit()
	text := strings.Join(pieces, "")
	writeJSON(a.w, http.StatusOK, a.envelope("chat.completion", []wireChoice{{
		Message: &wireText{Role: "assistant", Content: &text, Reasoning: r.Reasoning}, Finish: a.finish(cut),
	}}, a.usage(len(pieces))))
}

// endless sends the pieces until the client is gone.
func (a *answer) endless(send func(string) error) {
	pieces := a.reply.pieces()
	if len(pieces) == 0 {
		pieces = []string{" and"}
	}
	for i := 0; ; i++ {
		if a.http.Context().Err() != nil || send(pieces[i%len(pieces)]) != nil {
			panic(http.ErrAbortHandler)
		}
	}
}

// stream sends an answer as server-sent events.
func (a *answer) stream() {
	a.w.Header().Set("Content-Type", "text/event-stream")
	a.w.WriteHeader(http.StatusOK)
	a.flush()
	r := a.reply
	if r.Reasoning != "" {
		for _, piece := range words(r.Reasoning) {
			a.chunk(wireText{Reasoning: piece}, nil)
		}
	}
	say := func(piece string) error { return a.chunk(wireText{Content: &piece}, nil) }
	pieces, cut := a.limit()
	a.pause(r.FirstDelay)
	if r.Endless {
		a.endless(say)
	}
	empty := ""
	a.chunk(wireText{Role: "assistant", Content: &empty}, nil)
	for i, piece := range pieces {
		if i > 0 {
			a.pause(r.PieceDelay)
		}
		if !a.hold(i) {
			fmt.Fprint(a.w, "data: {\"choices\": [{\"delta\": {\"content\": \"The\n\n")
			return
		}
		say(piece) // whether the client is gone, pause and hold tell
	}
	// A fault after more pieces than there are comes at the end.
	a.reply.After = min(r.After, len(pieces))
	if a.reply.After == len(pieces) && !a.hold(len(pieces)) {
		fmt.Fprint(a.w, "data: {\"choices\": [{\"delta\": {\"content\": \"The\n\n")
		return
	}
	if finish := a.finish(cut); finish != nil {
		a.chunk(wireText{}, finish)
	}
	if a.request.Usage && !r.NoUsage {
		a.event(a.envelope("chat.completion.chunk", []wireChoice{}, a.usage(len(pieces))))
	}
	if !r.NoDone {
		fmt.Fprint(a.w, "data: [DONE]\n\n")
	}
}

func (a *answer) chunk(delta wireText, finish *string) error {
	return a.event(a.envelope("chat.completion.chunk", []wireChoice{{Delta: &delta, Finish: finish}}, nil))
}

func (a *answer) event(v wireReply) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.w, "data: %s\n\n", line)
	a.flush()
	return err
}

func (a *answer) flush() {
	if f, ok := a.w.(http.Flusher); ok {
		f.Flush()
	}
}
