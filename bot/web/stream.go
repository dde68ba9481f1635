package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"verbatim/bot"
)

// streamPause is after how long without news the client is told that the answer
// is still being made, so that nothing between takes the connection for dead.
const streamPause = 15 * time.Second

// streamEvent is a line of a stream, in JSON.
type streamEvent struct {
	// Event is "began" first, then "draft" any number of times, and last
	// "answer" or "problem"; "working" may come between.
	Event string `json:"event"`
	// HTML is what to show in place of what was shown before.
	HTML string `json:"html,omitempty"`
	// Title and URL are the page's with the answer.
	Title string `json:"title,omitempty"`
	URL   string `json:"url,omitempty"`
	// Says is the event in a few words, for who cannot see it.
	Says string `json:"says,omitempty"`
}

// draftView is an answer on its way, as templates/cited.html shows it.
type draftView struct {
	Question  string
	Sentences []statement
	Cards     []card
	From      string
	// Unchecked is what is not checked yet.
	Unchecked string
}

// stream sends events while an answer is made. Safe for concurrent use.
type stream struct {
	w    http.ResponseWriter
	stop context.CancelFunc

	mu   sync.Mutex
	sent time.Time
	gone bool
}

// send sends an event at once. Once the client is gone the work is stopped.
func (e *stream) send(event streamEvent) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.gone {
		return
	}
	err := json.NewEncoder(e.w).Encode(event)
	if err == nil {
		err = http.NewResponseController(e.w).Flush()
	}
	if err != nil {
		e.gone = true
		e.stop()
	}
	e.sent = time.Now()
}

// working says from time to time that the answer is being made, until done.
func (e *stream) working(ctx context.Context) {
	tick := time.NewTicker(streamPause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			e.send(streamEvent{Event: "working"})
		}
	}
}

// askStream answers a question as the answer is made: a line of JSON for each
// draft, and one for the answer. All HTML is made here, by the templates of the
// page that needs no script.
func (s *Server) askStream(w http.ResponseWriter, r *http.Request) {
	in, err := s.readInquiry(r.Context(), r)
	if err == nil && in.Text == "" {
		err = bot.ErrNothing
	}
	if err != nil && !errors.Is(err, errLongQuestion) && !errors.Is(err, bot.ErrNothing) {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson; charset=utf-8")
	w.Header().Set("X-Accel-Buffering", "no") // nginx would hold it back
	keepPrivate(w.Header())
	if err != nil {
		(&stream{w: w, stop: func() {}}).send(s.eventOf(r, in, &answerView{Question: in.Text, Problem: s.problemOf(r, err)}))
		return
	}
	ctx, stop := context.WithCancel(r.Context())
	defer stop()
	e := &stream{w: w, stop: stop}
	e.send(streamEvent{Event: "began"})
	var background sync.WaitGroup
	waiting, enough := context.WithCancel(ctx)
	background.Go(func() { e.working(waiting) })
	defer background.Wait()
	defer enough()
	answer := s.reply(r.WithContext(ctx), in, func(d bot.Draft) {
		if html, err := s.fragment("draft", newDraftView(&d, in)); err == nil {
			e.send(streamEvent{Event: "draft", HTML: html})
		}
	})
	if ctx.Err() == nil {
		e.send(s.eventOf(r, in, answer))
	}
}

// newDraftView shows a draft.
func newDraftView(d *bot.Draft, in *inquiry) *draftView {
	v := &draftView{Question: in.Text, Sentences: statementsOf(d.Sentences), Unchecked: strings.TrimSpace(d.Unchecked)}
	v.Cards, v.From = newCards(d.Citations, in.Key(), nil)
	return v
}

// eventOf is the last event: the answer, or what is wrong.
func (s *Server) eventOf(r *http.Request, in *inquiry, answer *answerView) streamEvent {
	html, err := s.fragment("answer", answer)
	if err != nil {
		answer = &answerView{Question: in.Text, Problem: s.problemOf(r, err)}
		html, _ = s.fragment("answer", answer)
	}
	event := streamEvent{Event: "answer", HTML: html, Title: in.Text + " · Verbatim", URL: in.Link(), Says: "The answer is there."}
	switch {
	case answer.Problem != nil:
		event = streamEvent{Event: "problem", HTML: html, Says: answer.Problem.What}
	case !answer.Found:
		event.Says = answer.Refusal + "."
	}
	return event
}

// fragment makes a part of a page.
func (s *Server) fragment(name string, data any) (string, error) {
	var b bytes.Buffer
	if err := s.pages["home.html"].ExecuteTemplate(&b, name, data); err != nil {
		s.log.Error("make part of page", "part", name, "error", err)
		return "", err
	}
	return b.String(), nil
}
