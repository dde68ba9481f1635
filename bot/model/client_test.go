package model

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"verbatim/bot/model/modeltest"
)

// newClient asks s, without pauses between tries unless the test puts other
// ones in.
func newClient(t *testing.T, s *modeltest.Server, o Options) *Client {
	t.Helper()
	o.BaseURL, o.Model = s.URL(), modeltest.Model
	if o.Key == "" {
		o.Key = modeltest.Key
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	c.wait = func(ctx context.Context, d time.Duration) error { return ctx.Err() }
	return c
}

func ask(texts ...string) Request {
	r := Request{Purpose: "test"}
	for _, text := range texts {
		r.Messages = append(r.Messages, Message{User, text})
	}
	return r
}

func TestComplete(t *testing.T) {
	s := modeltest.New(t, func(r modeltest.Request) modeltest.Reply {
		return modeltest.Reply{Text: "You said: " + r.User() + " and I was told: " + r.System()}
	})
	c := newClient(t, s, Options{PromptPrice: 2, ReplyPrice: 10})
	var heard []string
	reply, err := c.Complete(t.Context(), Request{
		Messages: []Message{{System, "Be kind."}, {User, "Hello, Straße"}}, MaxTokens: 40, Purpose: "test",
		Progress: func(text string) { heard = append(heard, text) },
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "You said: Hello, Straße and I was told: Be kind."
	if reply.Text != want || reply.Truncated {
		t.Errorf("reply is %q, truncated %t, want %q", reply.Text, reply.Truncated, want)
	}
	if heard[0] != "You" || heard[len(heard)-1] != want || !slices.IsSortedFunc(heard, func(a, b string) int { return len(a) - len(b) }) {
		t.Errorf("progress was %q", heard)
	}
	if reply.FirstToken <= 0 || reply.Took < reply.FirstToken {
		t.Errorf("first token after %v, all after %v", reply.FirstToken, reply.Took)
	}
	request := s.Last()
	prompt := s.Count(request.All())
	if u := (Usage{Calls: 1, PromptTokens: prompt, ReplyTokens: 10, Cost: (float64(prompt)*2 + 10*10) / 1e6}); reply.Usage != u {
		t.Errorf("usage is %+v, want %+v", reply.Usage, u)
	}
	if !request.Stream || !request.Usage || request.MaxTokens != 40 {
		t.Errorf("request was %+v", request)
	}
	// Less than this is noise to llama.cpp, which divides by it.
	if request.Temperature < 1e-4 || request.Temperature > 1e-2 {
		t.Errorf("temperature was %g", request.Temperature)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, test := range []struct {
		name string
		o    Options
	}{
		{"no model", Options{}},
		{"address without host", Options{Model: "m", BaseURL: "secret"}},
		{"address of another scheme", Options{Model: "m", BaseURL: "ftp://secret"}},
		{"key of two lines", Options{Model: "m", Key: "secret\nkey"}},
		{"negative window", Options{Model: "m", Window: -1}},
		{"negative price", Options{Model: "m", ReplyPrice: -1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := New(test.o); err == nil || strings.Contains(err.Error(), "secret") {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	for _, test := range []struct {
		name  string
		fault modeltest.Fault
		kind  error
		calls int
	}{
		{"wrong key", modeltest.WrongStatus(401, "no"), ErrRejected, 1},
		{"forbidden", modeltest.WrongStatus(403, "no"), ErrRejected, 1},
		{"no model", modeltest.WrongStatus(404, "no"), ErrRejected, 1},
		{"no money", modeltest.WrongStatus(402, "no"), ErrRejected, 1},
		{"no money, as OpenAI says it", func(modeltest.Reply) modeltest.Reply {
			return modeltest.Reply{Status: 429, Code: "insufficient_quota", Message: "You exceeded your current quota"}
		}, ErrRejected, 1},
		{"bad request", modeltest.WrongStatus(400, "no"), ErrRejected, 3}, // twice with less in it
		{"server error", modeltest.WrongStatus(500, "no"), ErrDown, 3},
		{"overloaded", modeltest.WrongStatus(503, "no"), ErrDown, 3},
		{"busy", modeltest.TooManyRequests(""), ErrBusy, 3},
		{"cut at once", modeltest.CutStream(0), ErrDown, 3},
		{"cut in the middle", modeltest.CutStream(1), ErrDown, 3},
		{"malformed", modeltest.MalformedJSON(1), ErrEmpty, 3},
		{"a web page", func(modeltest.Reply) modeltest.Reply { return modeltest.Reply{Body: "<html>\n<p>Hello"} }, ErrEmpty, 3},
		{"empty", modeltest.EmptyAnswer(), ErrEmpty, 1},
		{"too long", modeltest.TooLong(4096, 5000), ErrTooLong, 1},
		{"too large for the account", modeltest.WrongStatus(413, "Request too large for model: Limit 6000, Requested 9000"), ErrTooLong, 1},
		{"elsewhere", func(modeltest.Reply) modeltest.Reply {
			return modeltest.Reply{Status: 307, Location: "http://127.0.0.2:1/", Message: "moved"}
		}, ErrRejected, 1},
		{"nowhere", func(modeltest.Reply) modeltest.Reply { return modeltest.Reply{Status: 304, Message: "same"} }, ErrRejected, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := modeltest.New(t, modeltest.Say("one two three"))
			s.Inject(nil, test.fault)
			c := newClient(t, s, Options{})
			reply, err := c.Complete(t.Context(), ask("Hello"))
			if !errors.Is(err, test.kind) || reply == nil {
				t.Errorf("error is %v, want %v", err, test.kind)
			}
			if s.Calls() != test.calls {
				t.Errorf("%d calls, want %d", s.Calls(), test.calls)
			}
			// The next call is as good as any.
			s.Heal()
			if reply, err := c.Complete(t.Context(), ask("Hello")); err != nil || reply.Text != "one two three" {
				t.Errorf("then reply %q, error %v", reply.Text, err)
			}
		})
	}
}

func TestRetriesUntilItWorks(t *testing.T) {
	for _, test := range []struct {
		name  string
		fault modeltest.Fault
	}{
		{"server error", modeltest.WrongStatus(502, "")},
		{"busy", modeltest.TooManyRequests("1")},
		{"cut", modeltest.CutStream(2)},
		{"cut before the end", modeltest.CutStream(3)},
		{"malformed", modeltest.MalformedJSON(2)},
		{"error within the stream", func(modeltest.Reply) modeltest.Reply {
			return modeltest.Reply{Body: "data: {\"error\": {\"message\": \"overloaded\", \"type\": \"overloaded_error\"}}\n\n"}
		}},
		{"ends without an end", func(r modeltest.Reply) modeltest.Reply { r.Finish, r.NoDone = "-", true; return r }},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := modeltest.New(t, modeltest.Say("one two three"))
			s.Inject(modeltest.OnCall(1, 2), test.fault)
			c := newClient(t, s, Options{})
			var heard []string
			r := ask("Hello")
			r.Progress = func(text string) { heard = append(heard, text) }
			reply, err := c.Complete(t.Context(), r)
			if err != nil || reply.Text != "one two three" {
				t.Fatalf("reply is %q, error %v", reply.Text, err)
			}
			if s.Calls() != 3 || reply.Usage.Calls != 3 {
				t.Errorf("%d calls came, %d were counted, want 3", s.Calls(), reply.Usage.Calls)
			}
			if heard[len(heard)-1] != "one two three" {
				t.Errorf("progress was %q", heard)
			}
			if c.State() != (State{}) {
				t.Errorf("state is %+v", c.State())
			}
		})
	}
}

func TestRetriesNever(t *testing.T) {
	s := modeltest.New(t, nil)
	s.Inject(nil, modeltest.WrongStatus(500, ""))
	c := newClient(t, s, Options{Retries: -1})
	if _, err := c.Complete(t.Context(), ask("Hello")); !errors.Is(err, ErrDown) || s.Calls() != 1 {
		t.Errorf("error is %v after %d calls", err, s.Calls())
	}
}

func TestRedirectToTheSameHost(t *testing.T) {
	s := modeltest.New(t, modeltest.Say("there"))
	s.Inject(modeltest.OnCall(1), func(modeltest.Reply) modeltest.Reply {
		return modeltest.Reply{Status: http.StatusTemporaryRedirect, Location: s.URL() + "/chat/completions", Message: "moved"}
	})
	if reply, err := newClient(t, s, Options{}).Complete(t.Context(), ask("Hello")); err != nil || reply.Text != "there" {
		t.Errorf("reply is %q, error %v", reply.Text, err)
	}
}
