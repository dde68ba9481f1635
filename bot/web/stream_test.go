package web

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"verbatim/bot/model/modeltest"
	"verbatim/retrieval"
)

// streamed is a stream under way.
type streamed struct {
	t        *testing.T
	response *http.Response
	lines    *bufio.Reader
}

// stream asks and reads no event yet.
func (w *world) stream(t *testing.T, ctx context.Context, form url.Values) *streamed {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, "POST", w.url+"/ask/stream", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultClient.Do(r) // asks for gzip, and unpacks it as it comes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return &streamed{t, response, bufio.NewReader(response.Body)}
}

// next is the next event, ok false at the end. Every one is harmless.
func (s *streamed) next() (event streamEvent, ok bool) {
	s.t.Helper()
	line, err := s.lines.ReadString('\n')
	if err == io.EOF && line == "" {
		return event, false
	}
	if err != nil {
		s.t.Fatalf("read the stream after %q: %v", line, err)
	}
	if err := json.Unmarshal([]byte(line), &event); err != nil {
		s.t.Fatalf("%q: %v", line, err)
	}
	harmless(s.t, event.Event, event.HTML)
	return event, true
}

// TestStream: while the model is held, its checked sentence shows with its words,
// and the rest as a draft; then comes the answer, made as the page without a
// script makes it, and without what could not be verified.
func TestStream(t *testing.T) {
	w := newWorld(t, Options{Model: modeltest.Model})
	hold := make(chan struct{})
	const bad = `He brought 512 <img src=x onerror=alert(1)> tanks`
	w.useModel(func(r modeltest.Request) modeltest.Reply {
		text := marked(r, "Shoigu went to Pyongyang in 2023.", "Shoigu went to Pyongyang") + " " + marked(r, bad+".", "Shoigu went to Pyongyang")
		if !strings.HasPrefix(r.System(), "You answer ") { // to mend a sentence, and the like
			return modeltest.Reply{Text: "OK."}
		}
		return modeltest.Reply{Text: text, After: len(strings.Fields(text)) - 3, Hold: hold}
	})
	s := w.stream(t, t.Context(), url.Values{"q": {shoigu}})
	if kind := s.response.Header.Get("Content-Type"); !strings.HasPrefix(kind, "application/x-ndjson") || !strings.Contains(s.response.Header.Get("Cache-Control"), "no-store") {
		t.Errorf("the stream is %s, kept: %s", kind, s.response.Header.Get("Cache-Control"))
	}
	if event, _ := s.next(); event.Event != "began" {
		t.Fatalf("first comes %q", event.Event)
	}
	var draft *document
	for draft == nil || len(draft.classed("sentence")) == 0 || len(draft.classed("unchecked")) == 0 {
		event, ok := s.next()
		if !ok || event.Event != "draft" {
			t.Fatalf("while the model is held comes %q:\n%s", event.Event, event.HTML)
		}
		draft = fragmentOf(t, event.HTML)
	}
	if said, rest := textOf(draft.classed("sentence")[0]), textOf(draft.classed("unchecked")[0]); !strings.HasPrefix(said, "Shoigu went to Pyongyang in 2023") || !strings.HasPrefix(rest, "Draft, not yet checked") || !strings.Contains(rest, "512") {
		t.Errorf("the draft says %q, and unchecked %q", said, rest)
	}
	if cards := w.cited(draft, ""); len(cards) != 1 {
		t.Errorf("the draft has %d cards", len(cards))
	}
	close(hold)
	var last streamEvent
	for event, ok := s.next(); ok; event, ok = s.next() {
		if last.Event == "answer" {
			t.Fatalf("after the answer comes %q", event.Event)
		}
		last = event
	}
	answer := fragmentOf(t, last.HTML)
	if last.Event != "answer" || last.URL != asking(shoigu) || last.Title == "" || last.Says == "" {
		t.Errorf("last comes %q of %q, %q", last.Event, last.URL, last.Title)
	}
	text := textOf(answer.root)
	for _, want := range []string{"Shoigu went to Pyongyang in 2023", "Written by modeltest", "1 sentence couldn’t be verified and was left out."} {
		if !strings.Contains(text, want) {
			t.Errorf("the answer lacks %q: %s", want, text)
		}
	}
	if strings.Contains(text, "512") || len(answer.classed("unchecked")) != 0 || len(w.cited(answer, "")) != 1 || len(answer.classed("cite")) != 1 {
		t.Errorf("the answer holds what is not verified, or lacks its card: %s", text)
	}
	if page := textOf(w.page(last.URL).classed("answer")[0]); page != text {
		t.Errorf("the page says %q, the stream %q", page, text)
	}
	if tokens, _ := w.bot.UsageOf(retrieval.Public); tokens == 0 {
		t.Error("the pages' questions are not counted as theirs")
	}
	if tokens, _ := w.bot.UsageOf(""); tokens != 0 {
		t.Errorf("%d tokens are counted as those of direct messages", tokens)
	}
}

// TestStreamEndsWithItsClient: whoever goes away stops the work for him.
func TestStreamEndsWithItsClient(t *testing.T) {
	w := newWorld(t, Options{Model: modeltest.Model})
	server := w.useModel(func(modeltest.Request) modeltest.Reply { return modeltest.Reply{Text: "Shoigu went.", Stall: true} })
	ctx, cancel := context.WithCancel(t.Context())
	s := w.stream(t, ctx, url.Values{"q": {shoigu}})
	if event, _ := s.next(); event.Event != "began" {
		t.Fatalf("first comes %q", event.Event)
	}
	server.WaitCalls(t, 1)
	cancel()
	limit, enough := context.WithTimeout(t.Context(), time.Minute)
	defer enough()
	if err := server.Wait(limit, func(s *modeltest.Server) bool { return s.UnderWay() == 0 }); err != nil {
		t.Errorf("the model works on for nobody: %v", err)
	}
}

// TestStreamWithoutTheModel: what is wrong with the model takes no answer away,
// and is told.
func TestStreamWithoutTheModel(t *testing.T) {
	w := newWorld(t, Options{Model: modeltest.Model})
	w.useModel(modeltest.Say("OK.")).Kill()
	s := w.stream(t, t.Context(), url.Values{"q": {shoigu}})
	var last streamEvent
	for event, ok := s.next(); ok; event, ok = s.next() {
		last = event
	}
	text := textOf(fragmentOf(t, last.HTML).root)
	for _, want := range []string{"when Shoigu went to Pyongyang", "In the transcript’s own words", "The language model can’t be reached right now."} {
		if last.Event != "answer" || !strings.Contains(text, want) {
			t.Errorf("%s lacks %q: %s", last.Event, want, text)
		}
	}
}

// TestStreamProblems: what cannot be answered ends the stream with a sentence for
// people, what may not be asked never begins one.
func TestStreamProblems(t *testing.T) {
	w := newWorld(t, Options{})
	for question, want := range map[string]string{
		"": "There are no words to look for.", "?!": "There are no words to look for.", strings.Repeat("word ", 300): "That question is too long.",
	} {
		s := w.stream(t, t.Context(), url.Values{"q": {question}})
		var last streamEvent
		for event, ok := s.next(); ok; event, ok = s.next() {
			last = event
		}
		if last.Event != "problem" || last.Says != want || !strings.Contains(last.HTML, want) || last.URL != "" {
			t.Errorf("%.20q ends with %+v", question, last)
		}
	}
	if s := w.stream(t, t.Context(), url.Values{"q": {shoigu}, "episode": {"nothing"}}); s.response.StatusCode != http.StatusNotFound {
		t.Errorf("a question about no episode is %s", s.response.Status)
	}
	r, err := http.NewRequest("POST", w.url+"/ask/stream", strings.NewReader("q=x"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusForbidden {
		t.Errorf("another site's question is %s", answer.Status)
	}
}
