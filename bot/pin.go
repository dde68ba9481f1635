package bot

import (
	"context"
	"errors"
	"fmt"

	"verbatim/retrieval"
)

// Pin makes an episode that of a channel. It must be one of the server's own
// or public: else retrieval.ErrUnknownEpisode, as for one that is not there.
func (b *Bot) Pin(ctx context.Context, scope retrieval.Scope, channel string, episode EpisodeRef) error {
	if _, err := b.pinnable(ctx, scope, episode); err != nil {
		return fmt.Errorf("pin episode: %w", err)
	}
	r := retrieval.Record{Scope: scope, Kind: kindPin, Key: channel, Episode: episode.ID, EpisodeScope: episode.Scope}
	if err := b.put(ctx, r, episode); err != nil {
		return fmt.Errorf("pin episode: %w", err)
	}
	return nil
}

func (b *Bot) pinnable(ctx context.Context, scope retrieval.Scope, e EpisodeRef) (*retrieval.EpisodeInfo, error) {
	if e.Scope != scope && e.Scope != retrieval.Public {
		return nil, fmt.Errorf("episode %q: %w", e.ID, retrieval.ErrUnknownEpisode)
	}
	return b.resolve(ctx, []retrieval.Scope{e.Scope}, e.ID)
}

// Unpin leaves the channel without an episode of its own; it is no error when
// it has none.
func (b *Bot) Unpin(ctx context.Context, scope retrieval.Scope, channel string) error {
	if b.records == nil {
		return ErrNoStore
	}
	if err := b.records.DeleteRecord(ctx, scope, kindPin, channel); err != nil {
		return fmt.Errorf("unpin episode: %w", err)
	}
	return nil
}

// Pinned returns the episode of a channel; nil when it has none, or when that
// is gone.
func (b *Bot) Pinned(ctx context.Context, scope retrieval.Scope, channel string) (*EpisodeRef, error) {
	pinned, err := findRecord[EpisodeRef](ctx, b, scope, kindPin, channel)
	if isNoRecord(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	_, err = b.pinnable(ctx, scope, *pinned)
	if errors.Is(err, retrieval.ErrUnknownEpisode) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return pinned, nil
}
