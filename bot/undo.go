package bot

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"verbatim/retrieval"
)

// Undone says what Undo did.
type Undone struct {
	Episode retrieval.EpisodeID
	// Title is that of the episode restored, or of the one taken out.
	Title string
	// Restored is true when the episode that was there before is back, false
	// when what was added is gone.
	Restored bool
}

// undoable is what Undo must know of an addition.
type undoable struct {
	Episode retrieval.EpisodeID `json:"episode"`
	// Added is the fingerprint of the episode that was added.
	Added string `json:"added"`
	// Old is the episode that it took the place of, as gob in gzip; empty when
	// it took none.
	Old []byte `json:"old,omitempty"`
}

// AddUndoable is Add, and keeps what was replaced for 24 hours. The string
// returned is what Undo takes: 26 letters and digits. The addition is its
// user's: after Forget it cannot be undone. Beside an error nothing was added.
func (b *Bot) AddUndoable(ctx context.Context, scope retrieval.Scope, user string, n NewEpisode, progress func(done, total int)) (*Added, string, error) {
	if b.records == nil {
		return nil, "", ErrNoStore
	}
	undo := rand.Text()
	kept := false
	added, err := b.add(ctx, scope, n, progress, func(old, next *retrieval.Episode) error {
		packed, err := pack(old)
		if err != nil {
			return err
		}
		now := time.Now()
		// Removing the episode takes this record, with the old words in it,
		// out of the library too.
		r := retrieval.Record{Scope: scope, Kind: kindUndo, Key: undo, Owner: user, Episode: next.ID, Created: now, Expires: now.Add(keepUndo)}
		err = b.put(ctx, r, undoable{Episode: next.ID, Added: fingerprint(next), Old: packed})
		kept = err == nil
		return err
	})
	if err == nil {
		return added, undo, nil
	}
	if kept { // best effort: it expires by itself, and fits no episode
		_ = b.records.DeleteRecord(context.WithoutCancel(ctx), scope, kindUndo, undo)
	}
	return nil, "", err
}

// Undo takes out what AddUndoable added, or puts back what that replaced. It
// returns [ErrNoUndo] when that was more than 24 hours ago, was undone already,
// or when the episode has been changed since.
func (b *Bot) Undo(ctx context.Context, scope retrieval.Scope, undo string) (*Undone, error) {
	u, err := findRecord[undoable](ctx, b, scope, kindUndo, undo)
	if isNoRecord(err) {
		return nil, ErrNoUndo
	}
	if err != nil {
		return nil, err
	}
	var done *Undone
	if len(u.Old) == 0 {
		done, err = b.undoAdd(ctx, scope, u)
	} else {
		done, err = b.undoReplace(ctx, scope, u)
	}
	if err != nil {
		return nil, err
	}
	// It is done; were the record to stay, it would not fit the episode.
	_ = b.records.DeleteRecord(context.WithoutCancel(ctx), scope, kindUndo, undo)
	return done, nil
}

// undoAdd takes out an episode that replaced none.
func (b *Bot) undoAdd(ctx context.Context, scope retrieval.Scope, u *undoable) (*Undone, error) {
	b.state.changing.Lock()
	defer b.state.changing.Unlock()
	current, err := b.unchanged(ctx, scope, u)
	if err != nil {
		return nil, err
	}
	if err := b.Remove(ctx, scope, u.Episode); err != nil {
		return nil, err
	}
	return &Undone{Episode: u.Episode, Title: current.Title}, nil
}

// undoReplace puts the old episode back.
func (b *Bot) undoReplace(ctx context.Context, scope retrieval.Scope, u *undoable) (*Undone, error) {
	old, err := unpack(u.Old)
	if err != nil {
		return nil, fmt.Errorf("undo: %w", err)
	}
	if _, err := b.unchanged(ctx, scope, u); err != nil {
		return nil, err // before anything is embedded
	}
	split := retrieval.Split(old)
	vectors, err := b.embed(ctx, split.Passages, nil)
	if err != nil {
		return nil, err
	}
	_, _, err = b.replace(ctx, scope, old, split, vectors, func(current, _ *retrieval.Episode) error {
		if current == nil || fingerprint(current) != u.Added {
			return ErrNoUndo
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &Undone{Episode: old.ID, Title: old.Title, Restored: true}, nil
}

// unchanged returns the episode as it was added, or ErrNoUndo.
func (b *Bot) unchanged(ctx context.Context, scope retrieval.Scope, u *undoable) (*retrieval.Episode, error) {
	current, err := b.library.Episode(ctx, scope, u.Episode)
	if errors.Is(err, retrieval.ErrUnknownEpisode) || err == nil && fingerprint(current) != u.Added {
		return nil, ErrNoUndo
	}
	return current, err
}

// fingerprint tells whether two episodes are the same in everything.
func fingerprint(e *retrieval.Episode) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q %q %q %q %q %d\n", e.ID, e.Title, e.Show, e.DateString(), e.Description, e.AudioURL, e.Format, e.TotalLines)
	for i := range e.Lines {
		l := &e.Lines[i]
		fmt.Fprintf(h, "%d %q %t %d %t %d %q %t\n", l.N, l.Speaker, l.Start.Known, l.Start.Offset, l.End.Known, l.End.Offset, l.Text, l.Boilerplate)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// pack makes an episode small; nil stays nil.
func pack(e *retrieval.Episode) ([]byte, error) {
	if e == nil {
		return nil, nil
	}
	var buffer bytes.Buffer
	z := gzip.NewWriter(&buffer)
	if err := errors.Join(gob.NewEncoder(z).Encode(e), z.Close()); err != nil {
		return nil, fmt.Errorf("pack episode %q: %w", e.ID, err)
	}
	return buffer.Bytes(), nil
}

func unpack(packed []byte) (*retrieval.Episode, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack episode: %w", err)
	}
	e := &retrieval.Episode{}
	if err := gob.NewDecoder(z).Decode(e); err != nil {
		return nil, fmt.Errorf("unpack episode: %w", err)
	}
	return e, nil
}
