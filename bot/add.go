package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"verbatim/retrieval"
	"verbatim/retrieval/transcript"
)

// embedBatch is how many passages are embedded between two reports of
// progress.
const embedBatch = 256

// NewEpisode is a transcript file to add.
type NewEpisode struct {
	// File is the name the file goes by; the ID is made from it.
	File string
	Data []byte
	// ID, Title, Show, Date (2006-01-02) and AudioURL take the place of what
	// the file says, unless empty.
	ID       retrieval.EpisodeID
	Title    string
	Show     string
	Date     string
	AudioURL string
	// Apart keeps an episode of the same ID whose text is another: this one then
	// gets the next ID that is free, "name-2".
	Apart bool
	// Taken names IDs that must not be used, with the file to which the same
	// call has given them.
	Taken map[retrieval.EpisodeID]string
}

// Added says what became of a file.
type Added struct {
	Episode  retrieval.EpisodeID
	Format   string
	Lines    int
	Passages int
	Warnings []string
	// Replaced is true when an episode of that ID was there before.
	Replaced bool
}

// Add reads a transcript and puts it into the scope: all of it or nothing.
// Progress, if not nil, is told how many of the passages are embedded.
// Errors are those of the reader (*transcript.Error), the embedder and the
// library.
func (b *Bot) Add(ctx context.Context, scope retrieval.Scope, n NewEpisode, progress func(done, total int)) (*Added, error) {
	return b.add(ctx, scope, n, progress, nil)
}

// logAdded writes a line about an episode that was added.
func (b *Bot) logAdded(ctx context.Context, scope retrieval.Scope, a *Added, took time.Duration) {
	b.logged().LogAttrs(ctx, slog.LevelInfo, "episode added", guildOf(scope), slog.String("episode", string(a.Episode)),
		slog.Int("lines", a.Lines), slog.Int("passages", a.Passages), slog.Bool("replaced", a.Replaced), slog.Duration("took", took))
}

// add is Add; before, if not nil, is told of the episode that is to be replaced,
// nil for none, and of the one to come, just before that happens. Its error
// keeps it from happening.
func (b *Bot) add(ctx context.Context, scope retrieval.Scope, n NewEpisode, progress func(done, total int), before func(old, next *retrieval.Episode) error) (*Added, error) {
	began := time.Now()
	read, err := transcript.Read(n.File, n.Data)
	if err != nil {
		return nil, err
	}
	e := read.Episode
	if err := n.apply(e); err != nil {
		return nil, err
	}
	if err := n.freeID(e); err != nil {
		return nil, err
	}
	if err := b.setApart(ctx, scope, &n, e); err != nil {
		return nil, err
	}
	split := retrieval.Split(e)
	vectors, err := b.embed(ctx, split.Passages, progress)
	if err != nil {
		return nil, err
	}
	old, replaced, err := b.replace(ctx, scope, e, split, vectors, before)
	if err != nil {
		return nil, err
	}
	added := &Added{Episode: e.ID, Format: e.Format, Lines: e.TotalLines, Passages: len(split.Passages), Warnings: []string{}, Replaced: replaced}
	if old != nil && replaced && sharedWords(old, e) < leastShared {
		added.Warnings = append(added.Warnings, fmt.Sprintf("replaced the episode %s (%s, lines: %d), whose text was different; give the file another -id to keep both", old.ID, old.Title, old.TotalLines))
	}
	for _, w := range read.Warnings {
		added.Warnings = append(added.Warnings, w.String())
	}
	b.logAdded(ctx, scope, added, time.Since(began))
	return added, nil
}

// maxApart bounds the search for a free ID.
const maxApart = 1000

// setApart gives the episode an ID that no other episode's text has, if it must
// not take another's place.
func (b *Bot) setApart(ctx context.Context, scope retrieval.Scope, n *NewEpisode, e *retrieval.Episode) error {
	wanted := e.ID
	for i := 2; n.Apart && i < maxApart; i++ {
		old, err := b.library.Episode(ctx, scope, e.ID)
		if errors.Is(err, retrieval.ErrUnknownEpisode) {
			return nil
		}
		if err != nil {
			return err
		}
		if sharedWords(old, e) >= leastShared {
			return nil
		}
		e.ID = retrieval.Slug(fmt.Sprintf("%s-%d", wanted, i))
	}
	return nil
}

// replace puts the episode into the library and returns the one that was there
// before, nil for none.
func (b *Bot) replace(ctx context.Context, scope retrieval.Scope, e *retrieval.Episode, split *retrieval.Splitting, vectors [][]float32,
	before func(old, next *retrieval.Episode) error) (old *retrieval.Episode, replaced bool, err error) {
	b.state.changing.Lock()
	defer b.state.changing.Unlock()
	old, err = b.library.Episode(ctx, scope, e.ID)
	if err != nil && !errors.Is(err, retrieval.ErrUnknownEpisode) {
		return nil, false, err
	}
	if before != nil {
		if err := before(old, e); err != nil {
			return nil, false, err
		}
	}
	if replaced, err = b.library.Add(ctx, scope, e, split, vectors); err != nil {
		return nil, false, err
	}
	b.forgetEpisode(scope, e.ID)
	return old, replaced, nil
}

// leastShared is the share of words in common below which two episodes of one
// ID are hardly versions of one transcript: those of one share most, while
// others of the same show share a few turns of speech.
const leastShared = 0.2

// sharedWords is the share, 0 to 1, of the runs of three words of the shorter
// episode that are in the other one, too. Runs of words, unlike lines, stay the
// same when a transcript comes back in another format.
func sharedWords(a, b *retrieval.Episode) float64 {
	of, in := wordRuns(a), wordRuns(b)
	if len(of) > len(in) {
		of, in = in, of
	}
	if len(of) == 0 {
		return 0
	}
	shared := 0
	for run := range of {
		if in[run] {
			shared++
		}
	}
	return float64(shared) / float64(len(of))
}

// wordRuns are the runs of three words, across lines; an episode of fewer words
// is one run.
func wordRuns(e *retrieval.Episode) map[[3]string]bool {
	runs := map[[3]string]bool{}
	var run [3]string
	n := 0
	for i := range e.Lines {
		for _, token := range retrieval.Tokens(e.Lines[i].Text) {
			run = [3]string{run[1], run[2], token.Word}
			if n++; n >= len(run) {
				runs[run] = true
			}
		}
	}
	if n > 0 && n < len(run) {
		runs[run] = true
	}
	return runs
}

// Remove takes an episode out of the scope.
func (b *Bot) Remove(ctx context.Context, scope retrieval.Scope, id retrieval.EpisodeID) error {
	b.forgetEpisode(scope, id)
	if err := b.library.Remove(ctx, scope, id); err != nil {
		return err
	}
	b.logged().LogAttrs(ctx, slog.LevelInfo, "episode removed", guildOf(scope), slog.String("episode", string(id)))
	return nil
}

// forgetEpisode drops what is kept in memory of an episode that changes or
// goes. Stale entries are told without it; but nothing should outlast the
// episode.
func (b *Bot) forgetEpisode(scope retrieval.Scope, id retrieval.EpisodeID) {
	b.catalogs.forget(scope)
	b.summaries.forget(scope, id)
	b.replies.forget(scope, id)
}

func (b *Bot) embed(ctx context.Context, passages []retrieval.Passage, progress func(done, total int)) ([][]float32, error) {
	vectors := make([][]float32, 0, len(passages))
	for first := 0; first < len(passages); first += embedBatch {
		batch := passages[first:min(first+embedBatch, len(passages))]
		texts := make([]string, len(batch))
		for i := range batch {
			texts[i] = batch[i].IndexText()
		}
		v, err := b.embedder.Embed(ctx, texts)
		if err != nil {
			return nil, err
		}
		vectors = append(vectors, v...)
		if progress != nil {
			progress(len(vectors), len(passages))
		}
	}
	return vectors, nil
}

// freeID sees to it that the ID is not taken by another file of the same call.
// Files that differ in their extension alone, as exports of one talk do, are
// told apart by it.
func (n *NewEpisode) freeID(e *retrieval.Episode) error {
	other, taken := n.Taken[e.ID]
	if !taken {
		return nil
	}
	if extension := filepath.Ext(n.File); n.ID == "" && extension != filepath.Ext(other) {
		id := retrieval.Slug(string(e.ID) + extension)
		if _, taken := n.Taken[id]; !taken {
			e.ID = id
			return nil
		}
	}
	return fmt.Errorf("add %s: %q already gave the episode %s: %w", n.File, other, e.ID, ErrSameID)
}

// apply puts what the caller says in place of what the file says.
func (n *NewEpisode) apply(e *retrieval.Episode) error {
	if n.ID != "" {
		if retrieval.Slug(string(n.ID)) != n.ID {
			return fmt.Errorf("add %s: episode ID %q: %w, such as %q", n.File, n.ID, ErrEpisodeID, retrieval.Slug(string(n.ID)))
		}
		e.ID = n.ID
	}
	if n.Title != "" {
		e.Title = n.Title
	}
	if n.Show != "" {
		e.Show = n.Show
	}
	if n.AudioURL != "" {
		e.AudioURL = n.AudioURL
	}
	if n.Date != "" {
		date, err := time.Parse(time.DateOnly, n.Date)
		if err != nil {
			return fmt.Errorf("add %s: date %q: want a day such as 2025-03-06", n.File, n.Date)
		}
		e.Date = date
	}
	return nil
}
