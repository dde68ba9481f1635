package embedding

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval"
)

const testKey = "sk-test-Zx81Qm40TrVw9"

func TestOpenAIEmbeds(t *testing.T) {
	tests := []struct {
		name    string
		texts   []string
		answers []answer
		pauses  []time.Duration
	}{
		{"in order", []string{"a", "bb", "ccc"}, []answer{good}, nil},
		{"order of index", []string{"a", "bb", "ccc", "dddd"}, []answer{shuffled}, nil},
		{"429 with seconds", []string{"a"}, []answer{status(429, "slow down", "Retry-After", "7"), good}, []time.Duration{7 * time.Second}},
		{"429 with a date", []string{"a"}, []answer{status(429, "slow down", "Retry-After", "Thu, 06 Mar 2025 12:00:09 GMT"), good}, []time.Duration{9 * time.Second}},
		{"429 with a date gone by", []string{"a"}, []answer{status(429, "slow down", "Retry-After", "Thu, 06 Mar 2025 11:00:00 GMT"), good}, []time.Duration{250 * time.Millisecond}},
		{"5xx, each pause twice the last", []string{"a"}, []answer{status(500, "x"), status(502, "<html>"), status(503, `{"error":{"message":"busy"}}`), good},
			[]time.Duration{250 * time.Millisecond, 500 * time.Millisecond, time.Second}},
		{"cut before the reply", []string{"a"}, []answer{cut(""), good}, []time.Duration{250 * time.Millisecond}},
		{"cut within the reply", []string{"a"}, []answer{cut(`{"object":"list","data":[{"embedd`), good}, []time.Duration{250 * time.Millisecond}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			endpoint := newEndpoint(t, tt.answers...)
			client := endpoint.client(t, Options{})
			got, err := client.Embed(t.Context(), tt.texts)
			if err != nil {
				t.Fatal(err)
			}
			var want [][]float32
			for _, text := range tt.texts {
				want = append(want, unit(float32(len(text)), 1, 0))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("Embed(%q) mismatch (-want +got):\n%s", tt.texts, diff)
			}
			if _, pauses := endpoint.seen(); !cmp.Equal(tt.pauses, pauses) {
				t.Errorf("pauses %v, want %v", pauses, tt.pauses)
			}
			if client.Dimension() != 3 {
				t.Errorf("Dimension() = %d, want 3", client.Dimension())
			}
		})
	}
}

func TestOpenAIFails(t *testing.T) {
	const echo = `{"error":{"message":"Incorrect API key provided: ` + testKey + `","type":"invalid_request_error","code":"invalid_api_key"}}`
	tests := []struct {
		name   string
		answer answer
		kind   error
		want   string
		calls  int
	}{
		{"wrong key, echoed", status(401, echo), ErrKey, "status 401: check OPENAI_API_KEY", 1},
		{"key without the right", status(403, echo), ErrKey, "status 403: check OPENAI_API_KEY", 1},
		{"key echoed in plain text", status(400, "bad header Bearer "+testKey), nil, "status 400: message withheld", 1},
		{"part of the key echoed", status(400, `{"error":{"message":"key `+testKey[:12]+`..."}}`), nil, "status 400: message withheld", 1},
		{"key echoed by a server that fails", status(500, testKey), nil, "status 500: message withheld", 3},
		{"no such model", status(404, `{"error":{"message":"model not found"}}`), ErrModel, "check EMBEDDING_MODEL and OPENAI_BASE_URL", 1},
		{"account used up", status(429, `{"error":{"message":"pay","type":"insufficient_quota","code":"insufficient_quota"}}`), ErrQuota, "OPENAI_API_KEY", 1},
		{"text too long", status(400, `{"error":{"message":"maximum context\n length"}}`), nil, "status 400: maximum context length", 1},
		{"control characters", status(400, `{"error":{"message":"\u001b]0;title\u0007bad \u009b31m\u202etext"}}`), nil, "status 400: ]0;titlebad 31mtext", 1},
		{"key echoed between control characters", status(400, testKey[:5]+"\x1b"+testKey[5:]), nil, "status 400: message withheld", 1},
		{"failing on and on", status(503, strings.Repeat("long ", 500)), nil, "status 503: long", 3},
		{"failing without a word", status(500, ""), nil, "status 500: no message", 3},
		{"cut on and on", cut("{"), ErrUnreachable, "connection was cut", 3},
		{"too long a wait", status(429, "tomorrow", "Retry-After", "86400"), nil, "status 429: tomorrow (next try in", 1},
		{"a web page", body("<html>hello</html>"), ErrReply, "check OPENAI_BASE_URL", 1},
		{"other JSON", body(`{"data":"none"}`), ErrReply, "check OPENAI_BASE_URL", 1},
		{"numbers that are none", body(`{"data":[{"index":0,"embedding":[NaN]},{"index":1,"embedding":[1]}]}`), ErrReply, "check OPENAI_BASE_URL", 1},
		{"nothing in it", body(`{}`), ErrReply, "0 vectors for 2 texts", 1},
		{"short", vectors([]float64{1, 2, 3}), ErrReply, "1 vectors for 2 texts", 1},
		{"long", vectors([]float64{1}, []float64{1}, []float64{1}), ErrReply, "3 vectors for 2 texts", 1},
		{"index twice", body(`{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}`), ErrReply, "two vectors of text 0", 1},
		{"index outside", body(`{"data":[{"index":0,"embedding":[1]},{"index":2,"embedding":[1]}]}`), ErrReply, "vector of text 2 of 2", 1},
		{"zero vector", vectors([]float64{1, 0}, []float64{0, 0}), ErrReply, "vector of length 0", 1},
		{"two dimensions", vectors([]float64{1, 2, 3}, []float64{1, 2}), retrieval.ErrDimension, "2 numbers, want 3", 1},
		{"no dimension", vectors([]float64{}, []float64{}), retrieval.ErrDimension, "0 numbers", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			endpoint := newEndpoint(t, tt.answer)
			got, err := endpoint.client(t, Options{MaxRetries: 2}).Embed(t.Context(), []string{"one", "two"})
			if err == nil || got != nil {
				t.Fatalf("Embed = %v, %v, want an error alone", got, err)
			}
			if tt.kind != nil && !errors.Is(err, tt.kind) {
				t.Errorf("error %q is not %q", err, tt.kind)
			}
			if !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "test-model at 127.0.0.1") {
				t.Errorf("error %q has not %q, model and host", err, tt.want)
			}
			for e := err; e != nil; e = errors.Unwrap(e) {
				if text := fmt.Sprintf("%+v", e); strings.Contains(text, testKey[:8]) || len(text) > 400 {
					t.Errorf("error tells the key or too much: %s", text)
				}
			}
			if requests, _ := endpoint.seen(); len(requests) != tt.calls {
				t.Errorf("%d calls, want %d", len(requests), tt.calls)
			}
		})
	}
}

func TestOpenAIDimensionStays(t *testing.T) {
	endpoint := newEndpoint(t, vectors([]float64{1, 2, 3}), vectors([]float64{1, 2}))
	client := endpoint.client(t, Options{})
	if _, err := client.Embed(t.Context(), []string{"one"}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Embed(t.Context(), []string{"two"}); !errors.Is(err, retrieval.ErrDimension) {
		t.Errorf("Embed with two numbers after three: error %v, want %v", err, retrieval.ErrDimension)
	}
	asked := newEndpoint(t, vectors([]float64{1, 2, 3})).client(t, Options{Dimensions: 2})
	if asked.Dimension() != 2 || asked.Model() != "test-model-2" {
		t.Errorf("Dimension() = %d, Model() = %q, want 2 and test-model-2", asked.Dimension(), asked.Model())
	}
	if _, err := asked.Embed(t.Context(), []string{"one"}); !errors.Is(err, retrieval.ErrDimension) {
		t.Errorf("Embed with three numbers where two were asked for: error %v, want %v", err, retrieval.ErrDimension)
	}
}

func TestOpenAIBatches(t *testing.T) {
	long := strings.Repeat("x", 50)
	tests := []struct {
		name    string
		options Options
		texts   []string
		want    []int
	}{
		{"by number", Options{BatchTexts: 2}, []string{"a", "b", "c", "d", "e"}, []int{2, 2, 1}},
		{"by size, the long one alone", Options{BatchBytes: 5}, []string{"aa", "bb", "cc", long, "d"}, []int{2, 1, 1, 1}},
		{"exactly full", Options{BatchTexts: 3, BatchBytes: 6}, []string{"aa", "bb", "cc"}, []int{3}},
		{"blank ones are not sent", Options{}, []string{" ", "aa", "\n", ""}, []int{1}},
		{"blank ones alone ask for the dimension", Options{}, []string{"", ""}, []int{1}},
		{"none", Options{}, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			endpoint := newEndpoint(t, good)
			got, err := endpoint.client(t, tt.options).Embed(t.Context(), tt.texts)
			if err != nil {
				t.Fatal(err)
			}
			var sizes []int
			requests, _ := endpoint.seen()
			for _, r := range requests {
				sizes = append(sizes, len(r.Input))
			}
			if diff := cmp.Diff(tt.want, sizes); diff != "" {
				t.Errorf("batch sizes mismatch (-want +got):\n%s", diff)
			}
			if len(got) != len(tt.texts) {
				t.Fatalf("%d vectors for %d texts", len(got), len(tt.texts))
			}
			for i, text := range tt.texts {
				want := unit(float32(len(text)), 1, 0)
				if strings.TrimSpace(text) == "" {
					want = make([]float32, 3)
				}
				if diff := cmp.Diff(want, got[i]); diff != "" {
					t.Errorf("vector of %q mismatch (-want +got):\n%s", text, diff)
				}
			}
		})
	}
}

func TestOpenAISendsKeyAndDimensions(t *testing.T) {
	var header atomic.Value
	endpoint := newEndpoint(t, func(w http.ResponseWriter, r *http.Request, _ request) {
		header.Store(r.Header.Get("Authorization"))
		reply(w, [][]float64{{3, 4}}, nil)
	})
	got, err := endpoint.client(t, Options{Dimensions: 2}).Embed(t.Context(), []string{"a\xffb"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]float32{{0.6, 0.8}}, got); diff != "" {
		t.Errorf("vectors mismatch (-want +got):\n%s", diff)
	}
	want := []request{{Input: []string{"a\uFFFDb"}, Model: "test-model", Dimensions: 2}}
	requests, _ := endpoint.seen()
	if diff := cmp.Diff(want, requests); diff != "" {
		t.Errorf("request mismatch (-want +got):\n%s", diff)
	}
	if header.Load() != "Bearer "+testKey {
		t.Errorf("Authorization = %q, want the key", header.Load())
	}
}

func TestOpenAIUnreachable(t *testing.T) {
	endpoint := newEndpoint(t, good)
	client := endpoint.client(t, Options{})
	endpoint.Close()
	_, err := client.Embed(t.Context(), []string{"a"})
	if !errors.Is(err, ErrUnreachable) || !strings.Contains(err.Error(), client.host) || !strings.Contains(err.Error(), "OPENAI_BASE_URL") {
		t.Errorf("error = %v, want %v with host and setting", err, ErrUnreachable)
	}
	if _, pauses := endpoint.seen(); len(pauses) != 0 {
		t.Errorf("%d pauses before an endpoint that nobody listens at, want none", len(pauses))
	}
}

func TestOpenAISlow(t *testing.T) {
	begun, over := make(chan struct{}), make(chan struct{})
	slow := func(_ http.ResponseWriter, r *http.Request, _ request) {
		begun <- struct{}{}
		select {
		case <-r.Context().Done():
		case <-over:
		}
	}
	t.Cleanup(func() { close(over) })

	t.Run("cancelled", func(t *testing.T) {
		endpoint := newEndpoint(t, slow)
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			<-begun
			cancel()
		}()
		if _, err := endpoint.client(t, Options{}).Embed(ctx, []string{"a"}); !errors.Is(err, context.Canceled) {
			t.Errorf("error = %v, want %v", err, context.Canceled)
		}
	})
	t.Run("past the deadline of the call", func(t *testing.T) {
		endpoint := newEndpoint(t, slow)
		go func() {
			for range 2 {
				<-begun
			}
		}()
		_, err := endpoint.client(t, Options{Timeout: 5 * time.Millisecond, MaxRetries: 1}).Embed(t.Context(), []string{"a"})
		if !errors.Is(err, ErrUnreachable) || !strings.Contains(err.Error(), "no reply within 5ms") {
			t.Errorf("error = %v, want %v that tells the time", err, ErrUnreachable)
		}
	})
	t.Run("no time left for another try", func(t *testing.T) {
		endpoint := newEndpoint(t, status(429, "wait", "Retry-After", "60"))
		client := endpoint.client(t, Options{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		client.now = func() time.Time { return time.Now().Add(time.Second) }
		if _, err := client.Embed(ctx, []string{"a"}); err == nil || !strings.Contains(err.Error(), "too late") {
			t.Errorf("error = %v, want one at once that tells of the pause", err)
		}
	})
}

func TestNewOpenAIRefuses(t *testing.T) {
	tests := []struct {
		name    string
		options Options
		want    string
	}{
		{"no model", Options{}, "EMBEDDING_MODEL"},
		{"no URL", Options{Model: "m", BaseURL: testKey}, "OPENAI_BASE_URL"},
		{"no host", Options{Model: "m", BaseURL: "http:///v1"}, "OPENAI_BASE_URL"},
		{"another scheme", Options{Model: "m", BaseURL: "ftp://host/v1"}, "OPENAI_BASE_URL"},
		{"broken URL", Options{Model: "m", BaseURL: "http://a b/" + testKey + "%"}, "OPENAI_BASE_URL"},
		{"dimension below zero", Options{Model: "m", Dimensions: -1}, "dimension -1"},
		{"dimension too high", Options{Model: "m", Dimensions: 5000}, "dimension 5000"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := NewOpenAI(tt.options)
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), testKey) {
				t.Errorf("NewOpenAI error = %v, want one with %q and no key", err, tt.want)
			}
		})
	}
}

func TestWaitEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := wait(ctx, time.Duration(math.MaxInt64)); !errors.Is(err, context.Canceled) {
		t.Errorf("wait with a cancelled context = %v, want %v", err, context.Canceled)
	}
	if err := wait(t.Context(), 0); err != nil {
		t.Errorf("wait of nothing = %v, want nil", err)
	}
}
