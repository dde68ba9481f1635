package main

import (
	"context"
	"fmt"
	"sync"

	"verbatim/retrieval"
	"verbatim/retrieval/local"
)

// queryEmbedder is the model that embeds questions: that of the vectors which
// the library serves. Vectors of another model than the configured one are
// made anew first. Where that cannot be done, the library goes on with what it
// has, at worst with words alone, and says so on stderr; the only error is
// that of ctx.
func (c *call) queryEmbedder(ctx context.Context, l *local.Library, m *models) (retrieval.Embedder, error) {
	if l.Stale() {
		err := m.answers(ctx)
		if err == nil {
			err = c.reembed(ctx, l, m)
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			c.ui.notef("The vectors stay as they are: %v", err)
		}
	}
	serving, dimension := l.ServingModel()
	if serving == m.static.Model() {
		return m.static, nil
	}
	embedder := &forgiving{Embedder: m.quick, dimension: dimension, note: func(err error) {
		c.ui.notef("Searching by words alone: %v", err)
	}}
	if serving != m.configured.Model() {
		embedder.fail(fmt.Errorf("the library's vectors are of the model %s, which is not set up", plain(serving)))
	}
	return embedder, nil
}

// forgiving embeds queries. Once its model fails it says so and gives zero
// vectors, to which nothing is near: search goes on by words alone.
type forgiving struct {
	retrieval.Embedder
	dimension int
	note      func(error)

	mutex  sync.Mutex
	failed bool
}

// fail makes all vectors zero from now on, and says why once.
func (f *forgiving) fail(err error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if !f.failed {
		f.failed = true
		f.note(err)
	}
}

func (f *forgiving) hasFailed() bool {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.failed
}

// Embed has no error but that of ctx.
func (f *forgiving) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	if !f.hasFailed() {
		vectors, err := f.embed(ctx, texts)
		if err == nil || ctx.Err() != nil {
			return vectors, err
		}
		f.fail(err)
	}
	vectors := make([][]float32, len(texts))
	for i := range vectors {
		vectors[i] = make([]float32, f.dimension)
	}
	return vectors, nil
}

// embed makes sure that the vectors fit those of the library.
func (f *forgiving) embed(ctx context.Context, texts []string) ([][]float32, error) {
	vectors, err := f.Embedder.Embed(ctx, texts)
	if err != nil {
		return nil, err
	}
	for _, v := range vectors {
		if len(v) != f.dimension {
			return nil, fmt.Errorf("embed with %s: %w: %d components, the library's have %d", f.Model(), retrieval.ErrDimension, len(v), f.dimension)
		}
	}
	return vectors, nil
}
