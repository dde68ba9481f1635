package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// The tests replace the network by a function and run in synctest bubbles, so
// that waits are checked to the millisecond.

const (
	botToken  = "the-bots-own-secret"
	hookToken = "an-interactions-secret"
)

var errCut = errors.New("connection reset by peer")

// answer is one of the fake Discord's; err cuts the connection.
type answer struct {
	status int
	body   string
	header map[string]string
	err    error
	after  time.Duration // the time it takes; -1: until the request is given up
	half   bool          // the connection is cut within the body
}

// sent is a request that reached the fake Discord.
type sent struct {
	method, path, body string
	header             http.Header
	at                 time.Time
}

func (s sent) String() string { return s.method + " " + s.path }

// network answers requests by a function, and notes them.
type network struct {
	t      *testing.T
	answer func(n int, r sent) answer // n counts from 0

	mu   sync.Mutex
	sent []sent
}

func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	in := sent{method: r.Method, path: r.URL.RequestURI(), header: r.Header.Clone(), at: time.Now()}
	if r.Body != nil {
		data, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		in.body = string(data)
	}
	n.mu.Lock()
	n.sent = append(n.sent, in)
	count := len(n.sent) - 1
	n.mu.Unlock()
	a := n.answer(count, in)
	switch {
	case a.after < 0:
		<-r.Context().Done()
		return nil, r.Context().Err()
	case a.after > 0:
		select {
		case <-time.After(a.after):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	if a.err != nil {
		return nil, a.err
	}
	if !strings.Contains(in.path, hookToken) { // Discord echoes what it was told at most
		a.body = strings.ReplaceAll(a.body, hookToken, "-")
	}
	resp := &http.Response{
		StatusCode: a.status, Status: fmt.Sprint(a.status), Header: http.Header{}, Request: r,
		Body: io.NopCloser(strings.NewReader(a.body)),
	}
	if a.half {
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(a.body), cutReader{}))
	}
	for k, v := range a.header {
		resp.Header.Set(k, v)
	}
	return resp, nil
}

type cutReader struct{}

func (cutReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// all are the requests so far.
func (n *network) all() []sent {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]sent(nil), n.sent...)
}

// gaps are the times between requests.
func (n *network) gaps() []time.Duration {
	var gaps []time.Duration
	all := n.all()
	for i := 1; i < len(all); i++ {
		gaps = append(gaps, all[i].at.Sub(all[i-1].at))
	}
	return gaps
}

// newTest is a client on a network that answers so. Failed tries are repeated
// after 100 ms times their number.
func newTest(t *testing.T, f func(n int, r sent) answer) (*Client, *network) {
	t.Helper()
	n := &network{t: t, answer: f}
	logs := &lockedBuffer{}
	c, err := New(Options{
		Token: "Bot " + botToken, HTTP: &http.Client{Transport: n}, Version: "1.2",
		Log:     slog.New(slog.NewTextHandler(logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Backoff: func(n int) time.Duration { return time.Duration(n) * 100 * time.Millisecond },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { noToken(t, logs.String()) })
	return c, n
}

// always is one answer to everything.
func always(a answer) func(int, sent) answer { return func(int, sent) answer { return a } }

// inTurn gives the answers in turn, and the last one from then on.
func inTurn(list ...answer) func(int, sent) answer {
	return func(n int, _ sent) answer { return list[min(n, len(list)-1)] }
}

func failure(status, code int) answer {
	return answer{status: status, body: fmt.Sprintf(`{"message":"no, %s and %s","code":%d}`, botToken, hookToken, code)}
}

var message = answer{status: 200, body: `{"id":"9","channel_id":"8"}`}

// limits are the headers of a bucket.
func limits(bucket string, limit, remaining int, after string) map[string]string {
	return map[string]string{
		"X-RateLimit-Bucket": bucket, "X-RateLimit-Limit": fmt.Sprint(limit),
		"X-RateLimit-Remaining": fmt.Sprint(remaining), "X-RateLimit-Reset-After": after,
	}
}

func limited(seconds string, header map[string]string) answer {
	h := map[string]string{"Retry-After": seconds}
	for k, v := range header {
		h[k] = v
	}
	return answer{status: 429, body: `{"message":"You are being rate limited.","retry_after":` + seconds + `,"global":false}`, header: h}
}

// noToken fails for a text that holds a secret.
func noToken(t *testing.T, text string) {
	t.Helper()
	for _, secret := range []string{botToken, hookToken} {
		if strings.Contains(text, secret) {
			t.Errorf("a token is in %q", text)
		}
	}
}

// canonical is JSON with sorted keys.
func canonical(t *testing.T, text string) string {
	t.Helper()
	if text == "" {
		return ""
	}
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
