package bot

import (
	"context"

	"verbatim/retrieval"
)

// Info is what is known of one episode, by its exact ID. Errors:
// retrieval.ErrUnknownEpisode, also when the episode's scope is none of the
// viewer's, and those of the library.
func (b *Bot) Info(ctx context.Context, scopes []retrieval.Scope, ref EpisodeRef) (*retrieval.EpisodeInfo, error) {
	return b.inScopes(ctx, scopes, ref)
}
