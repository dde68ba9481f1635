package bot

import (
	"context"
	"fmt"

	"verbatim/retrieval"
)

// keyOffered is the record that says that the sample was added once.
const keyOffered = "offered"

// EnsureSample adds the sample episode for everybody when the library has no
// episode at all and the sample was never added before, so that a new operator
// can try the bot at once, and whoever removes the sample is rid of it.
func (b *Bot) EnsureSample(ctx context.Context, file string, data []byte) (added bool, err error) {
	if b.records == nil {
		return false, ErrNoStore
	}
	_, err = b.records.Record(ctx, retrieval.Public, kindSample, keyOffered)
	if err == nil || !isNoRecord(err) {
		return false, err
	}
	empty, err := b.isEmpty(ctx)
	if err != nil || !empty {
		return false, err
	}
	if _, err := b.Add(ctx, retrieval.Public, NewEpisode{File: file, Data: data}, nil); err != nil {
		return false, fmt.Errorf("add sample: %w", err)
	}
	if err := b.put(ctx, retrieval.Record{Scope: retrieval.Public, Kind: kindSample, Key: keyOffered}, struct{}{}); err != nil {
		return true, fmt.Errorf("add sample: %w", err)
	}
	return true, nil
}

// isEmpty reports whether no scope has an episode. A library that does not list
// its scopes is looked at for public ones.
func (b *Bot) isEmpty(ctx context.Context) (bool, error) {
	scopes := []retrieval.Scope{retrieval.Public}
	if l, ok := b.library.(interface {
		Scopes(ctx context.Context) ([]retrieval.Scope, error)
	}); ok {
		var err error
		if scopes, err = l.Scopes(ctx); err != nil {
			return false, err
		}
	}
	episodes, err := b.library.List(ctx, retrieval.Filter{Scopes: scopes})
	return len(episodes) == 0, err
}
