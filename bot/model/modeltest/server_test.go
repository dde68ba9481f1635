package modeltest

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// post asks as a client would that knows nothing of the package.
func post(t *testing.T, s *Server, body string) (status int, reply string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+"/chat/completions", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+Key)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	got, err := client.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		return 0, err.Error()
	}
	return got.StatusCode, string(text)
}

func TestServer(t *testing.T) {
	s := NewWith(t, Options{Window: 10, Reply: func(r Request) Reply { return Reply{Text: "I heard " + r.User()} }})
	for _, test := range []struct {
		name, body string
		status     int
		want       string
	}{
		{"whole", `{"model":"modeltest","messages":[{"role":"user","content":"you"}]}`, 200, `"content":"I heard you"},"finish_reason":"stop"`},
		{"streamed", `{"model":"modeltest","stream":true,"messages":[{"role":"user","content":"you"}]}`, 200, `{"content":" heard"}`},
		{"cut", `{"model":"modeltest","max_tokens":1,"messages":[{"role":"user","content":"you"}]}`, 200, `"content":"I"},"finish_reason":"length"`},
		{"with counts", `{"model":"modeltest","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"you"}]}`, 200, `"completion_tokens":3`},
		{"another model", `{"model":"other","messages":[{"role":"user","content":"you"}]}`, 404, "does not exist"},
		{"too long", `{"model":"modeltest","messages":[{"role":"user","content":"` + strings.Repeat("long ", 10) + `"}]}`, 400, "context_length_exceeded"},
		{"no messages", `{"model":"modeltest"}`, 400, "too short"},
		{"no JSON", `{`, 400, "could not parse"},
		{"no text", `{"model":"modeltest","messages":[{"role":"user","content":null}]}`, 200, "I heard"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if status, reply := post(t, s, test.body); status != test.status || !strings.Contains(reply, test.want) {
				t.Errorf("status %d with %s, want %d with %s", status, reply, test.status, test.want)
			}
		})
	}
}

// TestSchedule says which calls are spoilt, and that a killed server is gone
// and comes back at its address.
func TestSchedule(t *testing.T) {
	const body = `{"model":"modeltest","messages":[{"role":"user","content":"Hello"}]}`
	s := New(t, Sequence(Reply{Text: "first"}, Reply{Text: "later"}))
	s.Inject(OnCall(2), Instead("second"))
	s.Inject(EveryCall(3), WrongStatus(500, "third"))
	s.Inject(FromCall(5), Spoilt(WrongNumber))
	s.Inject(OnCall(5), Instead("5 is 2"))
	s.KillAt(7)
	for i, want := range []string{"first", "second", "third", "later", "5 is 2", "third", "EOF", "refused"} {
		if _, reply := post(t, s, body); !strings.Contains(reply, want) {
			t.Errorf("call %d: %s, want %s", i+1, reply, want)
		}
	}
	if err := s.Revive(); err != nil {
		t.Fatal(err)
	}
	s.Heal()
	if status, _ := post(t, s, body); status != 200 || s.Calls() != 8 {
		t.Errorf("revived: status %d, %d calls", status, s.Calls())
	}
}

// TestDelays waits for the test's own clock.
func TestDelays(t *testing.T) {
	ticks, waited := make(chan time.Time), make(chan time.Duration, 10)
	s := NewWith(t, Options{
		Reply: func(Request) Reply {
			return Reply{Text: "one two", FirstDelay: time.Hour, PieceDelay: time.Minute}
		},
		After: func(d time.Duration) <-chan time.Time { waited <- d; return ticks },
	})
	done := make(chan string)
	go func() {
		_, reply := post(t, s, `{"model":"modeltest","stream":true,"messages":[{"role":"user","content":"Hello"}]}`)
		done <- reply
	}()
	for _, want := range []time.Duration{time.Hour, time.Minute} {
		if d := <-waited; d != want {
			t.Errorf("it waits %v, want %v", d, want)
		}
		ticks <- time.Time{}
	}
	if reply := <-done; !strings.HasSuffix(reply, "[DONE]\n\n") {
		t.Errorf("reply is %s", reply)
	}
}
