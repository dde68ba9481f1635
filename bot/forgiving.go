package bot

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"verbatim/retrieval"
)

const (
	// forgivingWait is the longest that a query waits for its vector.
	forgivingWait = 5 * time.Second
	// firstPause is how long a model that failed is left alone; each further
	// failure doubles it up to longestPause.
	firstPause   = 10 * time.Second
	longestPause = 5 * time.Minute
)

// Forgiving embeds the queries of a service that runs for long. While its model
// fails, it gives zero vectors, to which nothing is near, so that search goes on
// by words alone; now and then one query tries the model again. It is safe for
// concurrent use, and no query waits for another.
type Forgiving struct {
	retrieval.Embedder
	dimension int
	log       *slog.Logger
	now       func() time.Time
	wait      time.Duration

	mutex   sync.Mutex
	pause   time.Duration // 0: the model is well
	retryAt time.Time
}

// NewForgiving makes one of a model; dimension is that of the library's
// vectors, which the model's must have.
func NewForgiving(model retrieval.Embedder, dimension int, log *slog.Logger) *Forgiving {
	return &Forgiving{Embedder: model, dimension: dimension, log: log, now: time.Now, wait: forgivingWait}
}

// Dimension is that of the library's vectors.
func (f *Forgiving) Dimension() int { return f.dimension }

// Failing reports whether queries are searched for by words alone at present.
func (f *Forgiving) Failing() bool {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.pause > 0
}

// Embed has no error but that of ctx.
func (f *Forgiving) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	if pause, ok := f.mayTry(); ok {
		vectors, err := f.try(ctx, texts)
		if ctx.Err() != nil {
			return nil, ctx.Err() // says nothing of the model
		}
		f.note(err, pause)
		if err == nil {
			return vectors, nil
		}
	}
	vectors := make([][]float32, len(texts))
	for i := range vectors {
		vectors[i] = make([]float32, f.dimension)
	}
	return vectors, nil
}

// mayTry reports whether to ask the model, and the pause at this moment. Of the
// queries after a pause one alone asks; the others need not wait for what may
// fail again.
func (f *Forgiving) mayTry() (pause time.Duration, ok bool) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	now := f.now()
	if f.pause > 0 {
		if now.Before(f.retryAt) {
			return f.pause, false
		}
		f.retryAt = now.Add(f.pause)
	}
	return f.pause, true
}

func (f *Forgiving) try(ctx context.Context, texts []string) ([][]float32, error) {
	ctx, cancel := context.WithTimeout(ctx, f.wait)
	defer cancel()
	vectors, err := f.Embedder.Embed(ctx, texts)
	if err != nil {
		return nil, err
	}
	if len(vectors) != len(texts) {
		return nil, fmt.Errorf("embed with %s: %d vectors for %d texts", f.Model(), len(vectors), len(texts))
	}
	for _, v := range vectors {
		if len(v) != f.dimension {
			return nil, fmt.Errorf("embed with %s: %w: %d components, the library's have %d", f.Model(), retrieval.ErrDimension, len(v), f.dimension)
		}
	}
	return vectors, nil
}

// note remembers how a try went that began at this pause, and logs a change. A
// try that another one has overtaken says nothing new.
func (f *Forgiving) note(err error, pause time.Duration) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	switch {
	case pause != f.pause:
	case err != nil:
		f.pause = min(max(2*pause, firstPause), longestPause)
		f.retryAt = f.now().Add(f.pause)
		if pause == 0 {
			f.log.Warn("searching by words alone", "model", f.Model(), "error", err)
		}
	case pause > 0:
		f.pause = 0
		f.log.Info("queries are embedded again", "model", f.Model())
	}
}
