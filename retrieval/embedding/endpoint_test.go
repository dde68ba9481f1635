package embedding

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"
)

// request is what an embeddings endpoint is sent.
type request struct {
	Input      []string `json:"input"`
	Model      string   `json:"model"`
	Dimensions int      `json:"dimensions"`
}

// endpoint is an embeddings endpoint on loopback. Its vectors tell the text
// that made them: (length of the text, 1, 0), so that a mix-up shows.
type endpoint struct {
	*httptest.Server
	mu       sync.Mutex
	requests []request
	// pauses are those between tries that the client asked its clock for.
	pauses []time.Duration
}

// seen is a copy of the requests and pauses so far.
func (e *endpoint) seen() ([]request, []time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.requests), slices.Clone(e.pauses)
}

type answer func(w http.ResponseWriter, r *http.Request, asked request)

// newEndpoint gives the n-th call the n-th answer, and further calls the last.
func newEndpoint(t *testing.T, answers ...answer) *endpoint {
	t.Helper()
	e := &endpoint{}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked request
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || r.URL.Path != "/v1/embeddings" {
			t.Errorf("request to %s: %v", r.URL.Path, err)
		}
		e.mu.Lock()
		n := len(e.requests)
		e.requests = append(e.requests, asked)
		e.mu.Unlock()
		answers[min(n, len(answers)-1)](w, r, asked)
	}))
	t.Cleanup(e.Close)
	return e
}

// client is an embedder of that endpoint whose pauses take no time.
func (e *endpoint) client(t *testing.T, options Options) *OpenAI {
	t.Helper()
	options.BaseURL, options.Model = e.URL+"/v1", "test-model"
	if options.APIKey == "" {
		options.APIKey = testKey
	}
	client, err := NewOpenAI(options)
	if err != nil {
		t.Fatal(err)
	}
	client.now = func() time.Time { return time.Date(2025, 3, 6, 12, 0, 0, 0, time.UTC) }
	client.jitter = func() float64 { return 0 }
	client.wait = func(ctx context.Context, d time.Duration) error {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.pauses = append(e.pauses, d)
		return ctx.Err()
	}
	return client
}

func good(w http.ResponseWriter, _ *http.Request, asked request) {
	vectors := make([][]float64, len(asked.Input))
	for i, text := range asked.Input {
		vectors[i] = []float64{float64(len(text)), 1, 0}
	}
	reply(w, vectors, nil)
}

// reply sends the vectors, the n-th with the index order[n].
func reply(w http.ResponseWriter, vectors [][]float64, order []int) {
	type item struct {
		Object    string    `json:"object"`
		Embedding []float64 `json:"embedding"`
		Index     int       `json:"index"`
	}
	var items []item
	for i, v := range vectors {
		at := i
		if order != nil {
			at = order[i]
		}
		items = append(items, item{"embedding", v, at})
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"object": "list", "data": items, "model": "test-model"})
}

func shuffled(w http.ResponseWriter, _ *http.Request, asked request) {
	var vectors [][]float64
	var order []int
	for i := len(asked.Input) - 1; i >= 0; i-- {
		vectors = append(vectors, []float64{float64(len(asked.Input[i])), 1, 0})
		order = append(order, i)
	}
	reply(w, vectors, order)
}

func status(code int, message string, header ...string) answer {
	return func(w http.ResponseWriter, _ *http.Request, _ request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		fmt.Fprint(w, message)
	}
}

func body(text string) answer { return status(http.StatusOK, text) }

func vectors(v ...[]float64) answer {
	return func(w http.ResponseWriter, _ *http.Request, _ request) { reply(w, v, nil) }
}

// cut closes the connection after some of the reply.
func cut(part string) answer {
	return func(w http.ResponseWriter, _ *http.Request, _ request) {
		w.Header().Set("Content-Length", "5000")
		fmt.Fprint(w, part)
		panic(http.ErrAbortHandler)
	}
}
