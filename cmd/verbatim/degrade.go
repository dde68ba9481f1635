package main

import (
	"context"
	"fmt"
	"sync"

	"verbatim/retrieval"
	"verbatim/retrieval/local"
)

// queryEmbedder is the model that embeds questions: that of the vectors which
// the library serves, whatever model is configured. To ask is to change
// nothing: vectors of the configured model are made by the next add. Where the
// serving model cannot be had, search goes by words alone, and stderr says so.
func (c *call) queryEmbedder(l *local.Library, m *models) (retrieval.Embedder, error) {
	serving, dimension := l.ServingModel()
	embedder := &forgiving{Embedder: m.quick, dimension: dimension, note: func(err error) {
		c.ui.notef("Searching by words alone: %v", err)
	}}
	switch {
	case serving == m.configured.Model():
		if !m.remote() {
			return m.static, nil
		}
	case serving != m.static.Model() && !m.remote():
		embedder.fail(fmt.Errorf("the library's vectors are of the model %s; the next add makes them anew with %s", serving, m.configured.Model()))
	default:
		c.ui.notef("Searching by the model %s of the library's vectors; the next add makes them anew with %s.", serving, m.configured.Model())
		if serving == m.static.Model() {
			return m.static, nil
		}
		var err error
		if embedder.Embedder, err = c.quickEndpoint(serving); err != nil {
			return nil, err
		}
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
