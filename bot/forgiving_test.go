package bot

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"verbatim/retrieval"
)

var errEndpoint = errors.New("endpoint is down")

// endpoint is a model that can be told to fail.
type endpoint struct {
	retrieval.Embedder
	mutex sync.Mutex
	err   error
	short bool
	hang  bool
	calls int
}

func (e *endpoint) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	e.mutex.Lock()
	e.calls++
	err, short, hang := e.err, e.short, e.hang
	e.mutex.Unlock()
	if hang {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	vectors, err := e.Embedder.Embed(ctx, texts)
	for i := range vectors {
		if short {
			vectors[i] = vectors[i][1:]
		}
	}
	return vectors, err
}

// TestQueryEmbedder lets the endpoint fail: questions are answered by words
// alone and, later, as before; nothing can be added meanwhile.
func TestQueryEmbedder(t *testing.T) {
	b := newBot(t)
	var logged bytes.Buffer
	model := &endpoint{Embedder: b.embedder, err: errEndpoint}
	now := noon
	f := NewForgiving(model, b.embedder.Dimension(), slog.New(slog.NewTextHandler(&logged, nil)))
	f.now = func() time.Time { return now }
	b.embedder, b.QueryEmbedder = model, f
	ask := func(calls int, failing bool) {
		t.Helper()
		model.calls = 0
		a, err := b.Ask(t.Context(), "When did Kim Il-sung visit the Soviet Union?", public)
		if err != nil || !a.Found || model.calls != calls || f.Failing() != failing {
			t.Errorf("Ask = %+v, %v with %d calls of the model, failing %v; want an answer, %d, %v", a, err, model.calls, f.Failing(), calls, failing)
		}
	}
	ask(1, true)
	ask(0, true) // leaves it alone
	now = now.Add(firstPause)
	ask(1, true)
	now = now.Add(firstPause)
	ask(0, true) // for longer
	if _, err := b.Add(t.Context(), retrieval.Public, NewEpisode{File: "a.txt", Data: []byte("Ann: Words that are new.")}, nil); !errors.Is(err, errEndpoint) {
		t.Errorf("Add: %v, want the endpoint's error", err)
	}
	model.err = nil
	now = now.Add(longestPause)
	ask(1, false)
	ask(1, false)
	model.short = true
	ask(1, true)
	if got := logged.String(); strings.Count(got, "words alone") != 2 || strings.Count(got, "embedded again") != 1 {
		t.Errorf("logged:\n%s", got)
	}
}

func TestForgivingWaits(t *testing.T) {
	b := newBot(t)
	model := &endpoint{Embedder: b.embedder, hang: true}
	f := NewForgiving(model, b.embedder.Dimension(), slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Embed(ctx, []string{"x"}); !errors.Is(err, context.Canceled) || f.Failing() {
		t.Errorf("Embed when cancelled: %v, failing %v; want it to say nothing of the model", err, f.Failing())
	}
	f.wait = time.Millisecond
	vectors, err := f.Embed(t.Context(), []string{"x", "y"})
	if err != nil || len(vectors) != 2 || len(vectors[1]) != f.Dimension() || !f.Failing() {
		t.Errorf("Embed of a model that hangs = %d vectors, %v, failing %v", len(vectors), err, f.Failing())
	}
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			if _, err := f.Embed(t.Context(), []string{"x"}); err != nil {
				t.Errorf("Embed: %v", err)
			}
		})
	}
	group.Wait()
}
