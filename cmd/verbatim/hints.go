package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"verbatim/bot"
	"verbatim/retrieval"
	"verbatim/retrieval/embedding"
	"verbatim/retrieval/local"
)

// hinted adds to an error of the library or the embedder what to do about it,
// where we know.
func (c *call) hinted(err error) error {
	var already *hintedError
	if err == nil || errors.As(err, &already) {
		return err
	}
	if hint := c.libraryHint(err); hint != "" {
		return withHint(err, hint)
	}
	if hint := endpointHint(err); hint != "" {
		return withHint(err, hint)
	}
	return err
}

func (c *call) libraryHint(err error) string {
	dir := plain(c.config.DataDir)
	switch {
	case errors.Is(err, retrieval.ErrLocked):
		return "another program is writing to " + dir + "; wait until it is done, or use another folder with -data"
	case errors.Is(err, retrieval.ErrNewer):
		return "use the verbatim that wrote " + dir + " or a later one, or another folder with -data"
	case errors.Is(err, retrieval.ErrFull):
		return "make room on the disk that holds " + dir + " and try again; the library is as it was before"
	case errors.Is(err, local.ErrDamaged):
		return "restore " + dir + " from a copy, or move it away and add the transcripts again"
	case errors.Is(err, local.ErrReadOnly), errors.Is(err, fs.ErrPermission):
		return "look who may write to " + dir + ", or use another folder with -data"
	case errors.Is(err, retrieval.ErrDimension):
		return "the endpoint's model has changed under its name; set EMBEDDING_MODEL to the model that made the library's vectors, or to another one, by which the next add makes them anew"
	}
	return ""
}

// withoutEndpoint says what giving up the endpoint takes, for it is not free.
const withoutEndpoint = "without EMBEDDING_MODEL, add makes all vectors of the library anew with the model inside the program"

func endpointHint(err error) string {
	switch {
	case errors.Is(err, embedding.ErrUnreachable):
		return "start the endpoint or correct OPENAI_BASE_URL; " + withoutEndpoint
	case errors.Is(err, embedding.ErrKey), errors.Is(err, embedding.ErrModel), errors.Is(err, embedding.ErrQuota), errors.Is(err, embedding.ErrReply):
		return withoutEndpoint
	}
	return ""
}

// unknownEpisode is the error for an episode that is not there, with the IDs
// that look most like it.
func (l *library) unknownEpisode(ctx context.Context, id string) error {
	err := fmt.Errorf("episode %q: %w", id, retrieval.ErrUnknownEpisode)
	list, listErr := l.List(ctx, retrieval.Filter{Scopes: scopes})
	if listErr != nil || len(list) == 0 {
		return err
	}
	hint := "verbatim episodes lists those that are there"
	if near := nearestIDs(list, id, 3); len(near) > 0 {
		hint = "did you mean " + strings.Join(near, ", ") + "? verbatim episodes lists all"
	}
	return withHint(err, hint)
}

// existing opens the library of a command that cannot do without. Errors:
// fs.ErrNotExist, when there is none.
func (c *call) existing(ctx context.Context, m *models) (*local.Library, error) {
	l, err := c.openExisting(ctx, m)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, withHint(&noLibraryError{command: c.command.name, dir: plain(c.config.DataDir)}, "to make one there: verbatim add FILE")
	}
	return l, err
}

// noLibraryError is fs.ErrNotExist in words of ours.
type noLibraryError struct{ command, dir string }

// Error names the folder, which is the user's own.
func (e *noLibraryError) Error() string { return e.command + ": no library in " + e.dir }

// Unwrap is fs.ErrNotExist.
func (e *noLibraryError) Unwrap() error { return fs.ErrNotExist }

// checkEpisode makes sure that the episode is there.
func (l *library) checkEpisode(ctx context.Context, c *call, id string) error {
	list, err := l.List(ctx, retrieval.Filter{Scopes: scopes, Episodes: []retrieval.EpisodeID{retrieval.EpisodeID(id)}})
	if err == nil && len(list) == 0 {
		return l.unknownEpisode(ctx, id)
	}
	return c.hinted(err)
}

// oneEpisode is the episode that a command names; it need not where the
// library has only one.
func (l *library) oneEpisode(ctx context.Context, c *call) (retrieval.EpisodeID, error) {
	if len(c.args) > 0 {
		return retrieval.EpisodeID(c.args[0]), l.checkEpisode(ctx, c, c.args[0])
	}
	list, err := l.List(ctx, retrieval.Filter{Scopes: scopes})
	switch {
	case err != nil:
		return "", c.hinted(err)
	case len(list) == 1:
		return list[0].ID, nil
	}
	return "", &usageError{message: fmt.Sprintf("%s: the library has %d episodes; name one", c.command.name, len(list)), hint: "verbatim episodes lists them"}
}

// nearestIDs are the IDs, at most n, of the episodes that look most like what
// was asked for.
func nearestIDs(list []retrieval.EpisodeInfo, asked string, n int) []string {
	var ids []string
	for _, e := range bot.NearEpisodes(list, asked, n) {
		ids = append(ids, string(e.ID))
	}
	return ids
}
