package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"verbatim/bot"
	"verbatim/bot/model"
	"verbatim/data"
	"verbatim/retrieval"
	"verbatim/retrieval/embedding"
	"verbatim/retrieval/local"
)

// endpointWeight is the weight of an endpoint's vectors in fusion: they know
// sentences, not only words as the embedded table does.
const endpointWeight = 0.7

// quickTimeout is for a query's vector or a sign of life: long enough for a local
// server to load its model first.
const quickTimeout = 20 * time.Second

// lockWait is how long to wait for another process that writes; 0 is the
// library's default. Tests shorten it.
var lockWait time.Duration

// scopes are those of the command line: what the operator adds is for all.
var scopes = []retrieval.Scope{retrieval.Public}

// library is an open library and the bot that answers from it.
type library struct {
	*local.Library
	bot *bot.Bot
	// dir is its folder, "" for the sample in memory.
	dir string
	// chat is the language model, nil for none.
	chat *model.Client
}

// Close closes the library, and lets go of the language model.
func (l *library) Close() error {
	if l.chat != nil {
		l.chat.Close()
	}
	return l.Library.Close()
}

// models are the embedding models at hand.
type models struct {
	static *embedding.Static
	// configured is the static model, or that of the endpoint.
	configured retrieval.Embedder
	// quick is configured with one retry at most: for what a person waits
	// for, and for asking whether the endpoint answers at all.
	quick retrieval.Embedder
}

func (m *models) remote() bool { return m.configured != retrieval.Embedder(m.static) }

func (c *call) models() (*models, error) {
	static, err := embedding.NewStatic()
	if err != nil {
		return nil, err
	}
	m := &models{static: static, configured: static, quick: static}
	if c.config.EmbeddingModel == "" {
		return m, nil
	}
	if m.configured, err = embedding.NewOpenAI(c.endpoint(c.config.EmbeddingModel)); err != nil {
		return nil, err
	}
	m.quick, err = c.quickEndpoint(c.config.EmbeddingModel)
	return m, err
}

// endpoint is the configured endpoint with a model of it.
func (c *call) endpoint(model string) embedding.Options {
	return embedding.Options{Model: model, BaseURL: c.config.OpenAIBaseURL, APIKey: string(c.config.OpenAIKey)}
}

// quickEndpoint is the endpoint with one retry at most.
func (c *call) quickEndpoint(model string) (retrieval.Embedder, error) {
	options := c.endpoint(model)
	options.MaxRetries, options.Timeout = 1, quickTimeout
	return embedding.NewOpenAI(options)
}

// answers tells whether the model embeds at all, before something rests on it.
func (m *models) answers(ctx context.Context) error {
	if !m.remote() {
		return nil
	}
	_, err := m.quick.Embed(ctx, []string{"Are you there?"})
	return err
}

// openExisting opens the library that is there already, for reading alone where
// it may not be written; fs.ErrNotExist where there is none. Other errors carry
// hints.
func (c *call) openExisting(ctx context.Context, m *models) (*local.Library, error) {
	options := local.Options{Model: m.configured.Model(), Dimension: m.configured.Dimension(), MustExist: true, LockWait: lockWait}
	l, err := local.Open(ctx, c.config.DataDir, options)
	if errors.Is(err, local.ErrReadOnly) {
		options.ReadOnly = true
		if reading, err := local.Open(ctx, c.config.DataDir, options); err == nil {
			return reading, nil
		}
	}
	return l, c.hinted(err)
}

// openReading opens the library for a command that only reads, with the
// language model. Where there is none, or nothing in it, that is the sample
// episode in memory. search says whether the command looks for something, and
// so needs vectors.
func (c *call) openReading(ctx context.Context, search bool) (*library, error) {
	l, err := c.openOrSample(ctx, search)
	if err != nil {
		return nil, err
	}
	if l.chat, err = c.useModel(l.bot); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// openOrSample is openReading without the language model.
func (c *call) openOrSample(ctx context.Context, search bool) (*library, error) {
	m, err := c.models()
	if err != nil {
		return nil, err
	}
	l, err := c.openExisting(ctx, m)
	if errors.Is(err, fs.ErrNotExist) {
		return c.openSample(ctx, m)
	}
	if err != nil {
		return nil, err
	}
	list, err := l.List(ctx, retrieval.Filter{Scopes: scopes})
	switch {
	case err != nil:
		l.Close()
		return nil, c.hinted(err)
	case len(list) == 0:
		l.Close()
		return c.openSample(ctx, m)
	}
	var embedder retrieval.Embedder = m.static
	if search {
		if embedder, err = c.queryEmbedder(l, m); err != nil {
			l.Close()
			return nil, err
		}
	}
	return c.newLibrary(l, embedder, m), nil
}

func (c *call) newLibrary(l *local.Library, embedder retrieval.Embedder, m *models) *library {
	b := bot.New(l, embedder, m.static)
	b.Log = c.log
	if embedder != retrieval.Embedder(m.static) {
		b.VectorWeight = endpointWeight
	}
	return &library{Library: l, bot: b, dir: c.config.DataDir}
}

// openSample makes a library of the sample episode, in memory.
func (c *call) openSample(ctx context.Context, m *models) (*library, error) {
	l, err := newMemory(ctx, m.static)
	if err != nil {
		return nil, err
	}
	b := bot.New(l, m.static, m.static)
	if _, err := b.Add(ctx, retrieval.Public, bot.NewEpisode{File: data.SampleName, Data: []byte(data.Sample)}, nil); err != nil {
		l.Close()
		return nil, err
	}
	c.ui.notef("No episodes in %s yet: this is the sample episode. To add your own: verbatim add FILE", plain(c.config.DataDir))
	return &library{Library: l, bot: b}, nil
}

func newMemory(ctx context.Context, embedder retrieval.Embedder) (*local.Library, error) {
	return local.OpenMemory(ctx, local.Options{Model: embedder.Model(), Dimension: embedder.Dimension()})
}

// openAdding opens the library to add to, and makes it where there is none.
// An endpoint that does not answer is found out before anything is made.
func (c *call) openAdding(ctx context.Context) (*library, error) {
	m, err := c.models()
	if err != nil {
		return nil, err
	}
	if err := m.answers(ctx); err != nil {
		return nil, withHint(fmt.Errorf("nothing was added: %w", err), endpointHint(err))
	}
	return c.openFor(ctx, m, true)
}

// openFor opens the library to add to with the models at hand, and makes it
// where there is none. Vectors of another model are made anew if renew.
func (c *call) openFor(ctx context.Context, m *models, renew bool) (*library, error) {
	l, err := local.Open(ctx, c.config.DataDir, local.Options{Model: m.configured.Model(), Dimension: m.configured.Dimension(), LockWait: lockWait})
	if err != nil {
		return nil, c.hinted(err)
	}
	if renew && l.Stale() {
		if err := c.reembed(ctx, l, m); err != nil {
			l.Close()
			return nil, c.hinted(err)
		}
	}
	return c.newLibrary(l, m.configured, m), nil
}

// reembed makes all vectors anew by the configured model.
func (c *call) reembed(ctx context.Context, l *local.Library, m *models) error {
	old, _ := l.ServingModel()
	c.ui.notef("The library's vectors are of the model %s: making them anew with %s.", plain(old), plain(m.configured.Model()))
	var p *progress
	err := l.Reembed(ctx, m.configured, func(done, total int) {
		if p == nil {
			p = c.ui.progress("passages", total)
		}
		p.set(done)
	})
	if p != nil {
		p.stop()
	}
	return err
}
