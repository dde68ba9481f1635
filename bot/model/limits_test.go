package model

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"verbatim/bot/model/modeltest"
)

// short is a limit that a test runs into, long one that it does not.
const (
	short = 60 * time.Millisecond
	long  = 20 * time.Second
	// patience bounds waiting for what must come, also on a slow machine.
	patience = 2 * time.Minute
)

func TestTimeLimits(t *testing.T) {
	for _, test := range []struct {
		name  string
		fault modeltest.Fault
		o     Options
		text  string
	}{
		{"slow first token", modeltest.Stalled(0), Options{FirstToken: short, Total: long}, ""},
		{"stall", modeltest.Stalled(2), Options{FirstToken: short, Total: long}, "one two"},
		{"total", modeltest.Stalled(2), Options{FirstToken: long, Total: short}, "one two"},
		{"refusal that does not come", func(r modeltest.Reply) modeltest.Reply {
			return modeltest.Reply{Status: 500, Hold: make(chan struct{})}
		}, Options{FirstToken: short}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			inMemory(t, modeltest.Say("one two three"), test.o, func(t *testing.T, s *modeltest.Server, c *Client) {
				s.Inject(nil, test.fault)
				reply, err := c.Complete(t.Context(), ask("Hello"))
				if !errors.Is(err, ErrSlow) || reply.Text != test.text {
					t.Errorf("reply is %q, error %v", reply.Text, err)
				}
				if s.Calls() != 1 || reply.Took != short {
					t.Errorf("%d calls, want 1; it took %v, want %v", s.Calls(), reply.Took, short)
				}
				if u := reply.Usage; u.Calls != 1 || u.PromptTokens == 0 || !u.Estimated || (u.ReplyTokens > 0) != (test.text != "") {
					t.Errorf("usage is %+v", u)
				}
				waitFor(t, s, "the endpoint is left alone", func(s *modeltest.Server) bool { return s.UnderWay() == 0 })
			})
		})
	}
}

func waitFor(t *testing.T, s *modeltest.Server, what string, holds func(*modeltest.Server) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := s.Wait(ctx, holds); err != nil {
		t.Errorf("%s: %v", what, err)
	}
}

// TestSlowButSteady is a reply that takes longer than the limit to the first
// token, and never is silent for as long.
func TestSlowButSteady(t *testing.T) {
	said := func(modeltest.Request) modeltest.Reply {
		return modeltest.Reply{Pieces: slices.Repeat([]string{"so "}, 8), PieceDelay: 100 * time.Millisecond}
	}
	inMemory(t, said, Options{FirstToken: 600 * time.Millisecond}, func(t *testing.T, _ *modeltest.Server, c *Client) {
		reply, err := c.Complete(t.Context(), ask("Hello"))
		if err != nil || reply.Took != 700*time.Millisecond || reply.FirstToken > 600*time.Millisecond {
			t.Errorf("reply %+v, error %v", reply, err)
		}
	})
}

func TestCancelled(t *testing.T) {
	for name, after := range map[string]int{"before the first token": 0, "in the middle": 1} {
		t.Run(name, func(t *testing.T) {
			s := modeltest.New(t, modeltest.Say("one two three"))
			s.Inject(nil, modeltest.Stalled(after))
			c := newClient(t, s, Options{})
			for range failuresToOpen + 1 {
				ctx, cancel := context.WithCancel(t.Context())
				r := ask("Hello")
				if after == 0 {
					n := s.Calls()
					go func() { s.WaitCalls(t, n+1); cancel() }()
				} else {
					r.Progress = func(string) { cancel() }
				}
				if _, err := c.Complete(ctx, r); !errors.Is(err, context.Canceled) {
					t.Errorf("error is %v", err)
				}
				cancel()
			}
			if c.State() != (State{}) {
				t.Errorf("the caller's doing counts against the endpoint: %+v", c.State())
			}
		})
	}
}

func TestCallersDeadline(t *testing.T) {
	s := modeltest.New(t, nil)
	s.Inject(nil, modeltest.Stalled(0))
	ctx, cancel := context.WithTimeout(t.Context(), short)
	defer cancel()
	if _, err := newClient(t, s, Options{}).Complete(ctx, ask("Hello")); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrSlow) {
		t.Errorf("error is %v", err)
	}
}

func TestProgressNeverAfterReturn(t *testing.T) {
	s := modeltest.New(t, modeltest.Say(strings.Repeat("word ", 50)))
	c := newClient(t, s, Options{})
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		var mu sync.Mutex
		returned, late := false, false
		r := ask("Hello")
		r.Progress = func(text string) {
			mu.Lock()
			late = late || returned
			mu.Unlock()
			if len(text) > 100 {
				cancel()
			}
		}
		_, err := c.Complete(ctx, r)
		mu.Lock()
		returned = true
		if late || !errors.Is(err, context.Canceled) {
			t.Errorf("late %t, error %v", late, err)
		}
		mu.Unlock()
		cancel()
	}
}

// clock is a clock that pauses move.
type clock struct {
	mu     sync.Mutex
	time   time.Time
	pauses []time.Duration
}

func (k *clock) now() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.time
}

func (k *clock) move(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.time = k.time.Add(d)
}

func (k *clock) wait(ctx context.Context, d time.Duration) error {
	k.mu.Lock()
	k.pauses = append(k.pauses, d)
	k.mu.Unlock()
	k.move(d)
	return ctx.Err()
}

func newClock(c *Client) *clock {
	k := &clock{time: time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)}
	c.now, c.wait, c.jitter = k.now, k.wait, func() float64 { return 1 }
	return k
}

func TestBackOff(t *testing.T) {
	date := time.Date(2025, 3, 1, 12, 0, 4, 0, time.UTC).Format(http.TimeFormat)
	for _, test := range []struct {
		name   string
		after  string
		o      Options
		jitter float64
		want   []time.Duration
	}{
		{"doubling", "", Options{Retries: 6, Total: time.Hour, FirstToken: time.Hour}, 1,
			[]time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 10 * time.Second}},
		{"least jitter", "", Options{}, 0, []time.Duration{250 * time.Millisecond, 500 * time.Millisecond}},
		{"seconds told", "3", Options{}, 1, []time.Duration{3 * time.Second, 3 * time.Second}},
		{"fractions told", "0.75", Options{}, 1, []time.Duration{750 * time.Millisecond, time.Second}},
		{"date told", date, Options{}, 1, []time.Duration{4 * time.Second, time.Second}},
		{"nonsense told", "soon", Options{}, 1, []time.Duration{500 * time.Millisecond, time.Second}},
		{"past told", "-5", Options{}, 1, []time.Duration{500 * time.Millisecond, time.Second}},
		{"endless told", "1e300", Options{}, 1, nil},
		{"beyond the first token", "25", Options{}, 1, nil},
		{"second beyond the total", "7", Options{Total: 10 * time.Second}, 1, []time.Duration{7 * time.Second}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := modeltest.New(t, nil)
			s.Inject(nil, modeltest.TooManyRequests(test.after))
			c := newClient(t, s, test.o)
			k := newClock(c)
			c.jitter = func() float64 { return test.jitter }
			_, err := c.Complete(t.Context(), ask("Hello"))
			if !errors.Is(err, ErrBusy) || !slices.Equal(k.pauses, test.want) {
				t.Errorf("pauses were %v, want %v; error %v", k.pauses, test.want, err)
			}
		})
	}
}

func TestWaitEndsWithTheCaller(t *testing.T) {
	s := modeltest.New(t, nil)
	s.Inject(nil, modeltest.TooManyRequests("10"))
	c := newClient(t, s, Options{})
	c.wait = wait
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		s.WaitCalls(t, 1)
		cancel()
	}()
	if _, err := c.Complete(ctx, ask("Hello")); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

func TestBreaker(t *testing.T) {
	s := modeltest.New(t, nil)
	s.Inject(nil, modeltest.WrongStatus(500, "broken"))
	c := newClient(t, s, Options{Retries: -1})
	k := newClock(c)
	fail := func(what string, calls int) {
		t.Helper()
		before := s.Calls()
		if _, err := c.Complete(t.Context(), ask("Hello")); !errors.Is(err, ErrDown) || s.Calls()-before != calls {
			t.Errorf("%s: error %v after %d calls, want %d", what, err, s.Calls()-before, calls)
		}
	}
	for range failuresToOpen {
		fail("closed", 1)
	}
	for _, span := range []time.Duration{15 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 5 * time.Minute, 5 * time.Minute} {
		if state := c.State(); !state.Open || !state.Until.Equal(k.now().Add(span)) || !strings.Contains(state.Last, "500") {
			t.Errorf("state is %+v, want open for %v", state, span)
		}
		fail("open", 0)
		k.move(span - 1)
		fail("open still", 0)
		k.move(1)
		if c.State().Open {
			t.Error("still open after its time")
		}
		fail("probe", 1)
	}
	s.Heal()
	k.move(5 * time.Minute)
	if _, err := c.Complete(t.Context(), ask("Hello")); err != nil || c.State() != (State{}) {
		t.Errorf("healed: error %v, state %+v", err, c.State())
	}
	s.Inject(nil, modeltest.WrongStatus(500, "broken"))
	fail("closed anew", 1)
	fail("closed anew", 1)
	if c.State().Open {
		t.Error("open after two failures")
	}
}

// TestBreakerProbesOnce has many callers meet an endpoint that may have
// recovered.
func TestBreakerProbesOnce(t *testing.T) {
	hold := make(chan struct{})
	s := modeltest.New(t, func(modeltest.Request) modeltest.Reply { return modeltest.Reply{Text: "back", Hold: hold} })
	s.Inject(modeltest.OnCall(1, 2, 3), modeltest.WrongStatus(500, ""))
	c := newClient(t, s, Options{Retries: -1, Parallel: 100})
	k := newClock(c)
	for range failuresToOpen {
		c.Complete(t.Context(), ask("Hello"))
	}
	k.move(firstSpan)
	probe := make(chan error)
	go func() {
		_, err := c.Complete(t.Context(), ask("Hello"))
		probe <- err
	}()
	s.WaitCalls(t, 4)
	for range 20 {
		if _, err := c.Complete(t.Context(), ask("Hello")); !errors.Is(err, ErrDown) {
			t.Errorf("error is %v", err)
		}
	}
	close(hold)
	if err := <-probe; err != nil || s.Calls() != 4 {
		t.Errorf("probe: %v, %d calls", err, s.Calls())
	}
	if _, err := c.Complete(t.Context(), ask("Hello")); err != nil {
		t.Errorf("after the probe: %v", err)
	}
}

// TestBreakerCounts says which failures are the endpoint's.
func TestBreakerCounts(t *testing.T) {
	for _, test := range []struct {
		name  string
		fault modeltest.Fault
		opens bool
	}{
		{"down", modeltest.WrongStatus(503, ""), true},
		{"busy", modeltest.TooManyRequests(""), true},
		{"slow", modeltest.Stalled(0), true},
		{"malformed", modeltest.MalformedJSON(0), true},
		{"empty", modeltest.EmptyAnswer(), false},
		{"rejected", modeltest.WrongStatus(401, ""), false},
		{"too long", modeltest.TooLong(4096, 9000), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := modeltest.New(t, nil)
			s.Inject(nil, test.fault)
			limit := long
			if test.name == "slow" {
				limit = short
			}
			c := newClient(t, s, Options{Retries: -1, FirstToken: limit})
			for range failuresToOpen {
				c.Complete(t.Context(), ask("Hello"))
			}
			if state := c.State(); state.Open != test.opens || state.Last == "" {
				t.Errorf("state is %+v", state)
			}
		})
	}
}

func TestParallel(t *testing.T) {
	hold := make(chan struct{})
	s := modeltest.New(t, func(modeltest.Request) modeltest.Reply { return modeltest.Reply{Text: "yes", Hold: hold} })
	c := newClient(t, s, Options{Parallel: 2, FirstToken: long})
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			if _, err := c.Complete(t.Context(), ask("Hello")); err != nil {
				t.Error(err)
			}
		})
	}
	s.WaitCalls(t, 2)
	ctx, cancel := context.WithTimeout(t.Context(), short)
	defer cancel()
	if _, err := c.Complete(ctx, ask("Hello")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("who waits and leaves has error %v", err)
	}
	if s.UnderWay() != 2 {
		t.Errorf("%d calls at once, want 2", s.UnderWay())
	}
	close(hold)
	wg.Wait()
	if s.Calls() != 6 {
		t.Errorf("%d calls, want 6", s.Calls())
	}
}

func TestParallelBusy(t *testing.T) {
	inMemory(t, nil, Options{Parallel: 1, FirstToken: 400 * time.Millisecond}, func(t *testing.T, s *modeltest.Server, c *Client) {
		s.Inject(nil, modeltest.Stalled(0))
		first := make(chan error)
		go func() {
			_, err := c.Complete(t.Context(), ask("Hello"))
			first <- err
		}()
		s.WaitCalls(t, 1)
		if _, err := c.Complete(t.Context(), ask("Hello")); !errors.Is(err, ErrBusy) {
			t.Errorf("error is %v", err)
		}
		if err := <-first; !errors.Is(err, ErrSlow) {
			t.Errorf("the first has error %v", err)
		}
	})
}

// TestNothingLeaks kills the server in the middle of 200 calls of all kinds.
func TestNothingLeaks(t *testing.T) {
	before := runtime.NumGoroutine()
	s := modeltest.New(t, modeltest.Say("one two three four"))
	s.Inject(modeltest.EveryCall(5), modeltest.Stalled(2))
	s.Inject(modeltest.EveryCall(7), modeltest.WrongStatus(500, "broken"))
	s.Inject(modeltest.EveryCall(11), modeltest.EndlessAnswer())
	s.Inject(modeltest.EveryCall(13), modeltest.MalformedJSON(1))
	s.KillAt(100)
	c := newClient(t, s, Options{Parallel: 8, FirstToken: 500 * time.Millisecond, Total: long})
	c.wait = wait
	var wg sync.WaitGroup
	var mu sync.Mutex
	answered, failed := 0, 0
	for range 8 {
		wg.Go(func() {
			for range 25 {
				reply, err := c.Complete(t.Context(), ask("Hello"))
				mu.Lock()
				if err == nil && reply.Text != "" {
					answered++
				} else if err != nil {
					failed++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if answered+failed != 200 || answered == 0 || failed == 0 {
		t.Errorf("%d answered, %d failed, want 200 together", answered, failed)
	}
	c.Close()
	waitFor(t, s, "connections", func(s *modeltest.Server) bool { return s.OpenConnections() == 0 && s.UnderWay() == 0 })
	s.Kill()
	var now int
	for end := time.Now().Add(patience); time.Now().Before(end); {
		if now = runtime.NumGoroutine(); now <= before {
			return
		}
		<-time.After(10 * time.Millisecond) // goroutines of net/http end on their own
	}
	stacks := make([]byte, 1<<16)
	t.Errorf("%d goroutines before, %d after:\n%s", before, now, stacks[:runtime.Stack(stacks, true)])
}

// TestConnectionsAreUsedAgain also says that a reply is read to its end.
func TestConnectionsAreUsedAgain(t *testing.T) {
	s := modeltest.New(t, modeltest.Say("one two three"))
	s.Inject(modeltest.EveryCall(3), modeltest.WrongStatus(500, strings.Repeat("long ", 1000)))
	c := newClient(t, s, Options{Window: 4096}) // so that it asks for no models
	for range 20 {
		if _, err := c.Complete(t.Context(), ask("Hello")); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.OpenConnections(); n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
}

func TestNoSecrets(t *testing.T) {
	const key, secret = "very-secret-key-0123456789", "My grandmother's recipe has 14 plums and no sugar at all"
	faults := map[string]modeltest.Fault{
		"key repeated":             modeltest.WrongStatus(400, "bad header Bearer "+key),
		"part of the key repeated": modeltest.WrongStatus(500, "key very-secret-****"),
		"prompt repeated":          modeltest.WrongStatus(422, `{"detail": [{"input": "`+secret+`"}]}`),
		"prompt in a body":         func(modeltest.Reply) modeltest.Reply { return modeltest.Reply{Status: 500, Body: "500: " + secret} },
		"wrong key":                nil,
		"malformed":                func(modeltest.Reply) modeltest.Reply { return modeltest.Reply{Body: "data: {" + secret + key + "\n\n"} },
		"prompt as an error":       func(modeltest.Reply) modeltest.Reply { return modeltest.Reply{Body: `{"error": "` + secret + `"}`} },
		"elsewhere": func(modeltest.Reply) modeltest.Reply {
			return modeltest.Reply{Status: 308, Location: "http://u:" + key + "@127.0.0.2:1/", Message: "x"}
		},
		"killed":        nil,
		"finish reason": func(r modeltest.Reply) modeltest.Reply { r.Text, r.Finish = "", key; return r },
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			s := modeltest.NewWith(t, modeltest.Options{Key: key})
			s.Inject(nil, fault)
			var log bytes.Buffer
			o := Options{Key: key, Retries: 1, Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
			switch name {
			case "wrong key":
				o.Key = key + "x"
				s.Heal()
			case "killed":
				s.Kill()
			}
			c := newClient(t, s, o)
			_, err := c.Complete(t.Context(), ask(secret))
			if err == nil {
				t.Fatal("no error")
			}
			for where, text := range map[string]string{"error": err.Error(), "log": log.String(), "state": c.State().Last} {
				if strings.Contains(text, "very-sec") || strings.Contains(text, "grandmother") {
					t.Errorf("%s tells a secret: %s", where, text)
				}
			}
			if !strings.Contains(log.String(), "purpose=test") || !strings.Contains(log.String(), "level=WARN") {
				t.Errorf("the log is %q", log.String())
			}
		})
	}
}

func TestTrace(t *testing.T) {
	s := modeltest.New(t, modeltest.Say("plums"))
	for _, trace := range []bool{false, true} {
		var log bytes.Buffer
		c := newClient(t, s, Options{Trace: trace, Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
		if _, err := c.Complete(t.Context(), ask("grandmother")); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(log.String(), "grandmother") && strings.Contains(log.String(), "plums"); got != trace {
			t.Errorf("with trace %t the log is %q", trace, log.String())
		}
	}
}

// TestKeyStaysHome follows redirects of all kinds to a host that is not ours.
func TestKeyStaysHome(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		other := modeltest.NewWith(t, modeltest.Options{Key: "-"})
		s := modeltest.New(t, nil)
		s.Inject(nil, func(modeltest.Reply) modeltest.Reply {
			return modeltest.Reply{Status: status, Location: other.URL() + "/chat/completions", Message: "moved"}
		})
		if _, err := newClient(t, s, Options{}).Complete(t.Context(), ask("Hello")); !errors.Is(err, ErrRejected) {
			t.Errorf("status %d: error is %v", status, err)
		}
		if other.Calls() != 0 || other.ModelsAsked() != 0 {
			t.Errorf("status %d: the other host was asked", status)
		}
	}
}
