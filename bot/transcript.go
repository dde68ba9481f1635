package bot

import (
	"context"

	"verbatim/retrieval"
)

// Transcript is an episode with all its lines. Errors:
// retrieval.ErrUnknownEpisode, also when the episode's scope is none of the
// viewer's, and those of the library.
func (b *Bot) Transcript(ctx context.Context, scopes []retrieval.Scope, ref EpisodeRef) (*retrieval.Episode, error) {
	if _, err := b.Info(ctx, scopes, ref); err != nil {
		return nil, err
	}
	return b.library.Episode(ctx, ref.Scope, ref.ID)
}
