package bot

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verbatim/data"
	"verbatim/retrieval"
)

const (
	gardenText  = "WEBVTT\n\n00:01.234 --> 00:05.000\n<v Ann>Welcome to the garden hour. Our guest grows tomatoes on a roof.\n\n00:05.000 --> 00:09.000\n<v Bob>Copper keeps the snails away.\n"
	kitchenText = "WEBVTT\n\n00:01.000 --> 00:05.000\n<v Cem>Sourdough wants time and rye.\n"
)

func addUndoable(t *testing.T, b *Bot, scope retrieval.Scope, text string) string {
	t.Helper()
	added, undo, err := b.AddUndoable(t.Context(), scope, "ann", NewEpisode{File: "talk.vtt", Data: []byte(text), Title: "Talk"}, nil)
	if err != nil || added == nil || added.Episode != "talk" {
		t.Fatalf("AddUndoable = %+v, %v", added, err)
	}
	if len(undo) != 26 {
		t.Errorf("undo is %q, want 26 letters", undo)
	}
	return undo
}

func episode(t *testing.T, b *Bot, scope retrieval.Scope, id retrieval.EpisodeID) *retrieval.Episode {
	t.Helper()
	e, err := b.library.Episode(t.Context(), scope, id)
	if err != nil && !errors.Is(err, retrieval.ErrUnknownEpisode) {
		t.Fatal(err)
	}
	return e
}

func TestUndoAdd(t *testing.T) {
	dir := t.TempDir()
	b := openBot(t, dir)
	undo := addUndoable(t, b, "1", gardenText)
	b = reopen(t, b, dir)
	if _, err := b.Undo(t.Context(), "2", undo); !errors.Is(err, ErrNoUndo) {
		t.Errorf("Undo in another server: %v, want ErrNoUndo", err)
	}
	got, err := b.Undo(t.Context(), "1", undo)
	if err != nil || *got != (Undone{Episode: "talk", Title: "Talk"}) {
		t.Errorf("Undo = %+v, %v", got, err)
	}
	if e := episode(t, b, "1", "talk"); e != nil {
		t.Errorf("the episode is still there: %+v", e)
	}
	if _, err := b.Undo(t.Context(), "1", undo); !errors.Is(err, ErrNoUndo) {
		t.Errorf("Undo again: %v, want ErrNoUndo", err)
	}
}

func TestUndoReplace(t *testing.T) {
	dir := t.TempDir()
	b := openBot(t, dir)
	first := addUndoable(t, b, "1", gardenText)
	old := episode(t, b, "1", "talk")
	second := addUndoable(t, b, "1", kitchenText)
	if _, err := b.Undo(t.Context(), "1", first); !errors.Is(err, ErrNoUndo) {
		t.Errorf("Undo of what was replaced since: %v, want ErrNoUndo", err)
	}
	b = reopen(t, b, dir)
	got, err := b.Undo(t.Context(), "1", second)
	if err != nil || *got != (Undone{Episode: "talk", Title: "Talk", Restored: true}) {
		t.Errorf("Undo = %+v, %v", got, err)
	}
	if diff := cmp.Diff(old, episode(t, b, "1", "talk")); diff != "" {
		t.Errorf("restored (-want +got):\n%s", diff)
	}
	f := retrieval.Filter{Scopes: []retrieval.Scope{"1"}}
	if hits, err := b.Search(t.Context(), retrieval.Query{Text: "copper snails", Filter: f}); err != nil || len(hits) != 1 || !strings.Contains(hits[0].Text(), "Copper") {
		t.Errorf("Search = %+v, %v, want the old words found", hits, err)
	}
	if _, err := b.Undo(t.Context(), "1", first); err != nil {
		t.Errorf("Undo of what is there again: %v", err)
	}
	if e := episode(t, b, "1", "talk"); e != nil {
		t.Error("the episode is still there")
	}
}

func TestUndoTooLate(t *testing.T) {
	tests := map[string]func(b *Bot) error{
		"changed": func(b *Bot) error {
			_, err := b.Add(t.Context(), "1", NewEpisode{File: "talk.vtt", Data: []byte(gardenText)}, nil)
			return err
		},
		"removed":   func(b *Bot) error { return b.Remove(t.Context(), "1", "talk") },
		"expired":   func(b *Bot) error { _, err := b.Tidy(t.Context(), time.Now().Add(25*time.Hour)); return err },
		"forgotten": func(b *Bot) error { _, err := b.Forget(t.Context(), "ann"); return err },
		"removed and added again": func(b *Bot) error {
			if err := b.Remove(t.Context(), "1", "talk"); err != nil {
				return err
			}
			_, err := b.Add(t.Context(), "1", NewEpisode{File: "talk.vtt", Data: []byte(kitchenText), Title: "Talk"}, nil)
			return err
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			b := openBot(t, t.TempDir())
			addUndoable(t, b, "1", gardenText)
			undo := addUndoable(t, b, "1", kitchenText)
			if err := change(b); err != nil {
				t.Fatal(err)
			}
			before := episode(t, b, "1", "talk")
			if got, err := b.Undo(t.Context(), "1", undo); !errors.Is(err, ErrNoUndo) {
				t.Errorf("Undo = %+v, %v, want ErrNoUndo", got, err)
			}
			if diff := cmp.Diff(before, episode(t, b, "1", "talk")); diff != "" {
				t.Errorf("the episode changed:\n%s", diff)
			}
		})
	}
}

// TestUndoTogether presses the button many times at once: it is done once.
func TestUndoTogether(t *testing.T) {
	for _, replaced := range []bool{false, true} {
		b := openBot(t, t.TempDir())
		undo := addUndoable(t, b, "1", gardenText)
		if replaced {
			undo = addUndoable(t, b, "1", kitchenText)
		}
		var group sync.WaitGroup
		results := make(chan error, 8)
		for range cap(results) {
			group.Go(func() {
				_, err := b.Undo(t.Context(), "1", undo)
				results <- err
			})
		}
		group.Wait()
		close(results)
		done := 0
		for err := range results {
			if err == nil {
				done++
			} else if !errors.Is(err, ErrNoUndo) {
				t.Errorf("Undo: %v, want ErrNoUndo", err)
			}
		}
		if done != 1 {
			t.Errorf("replaced %v: undone %d times, want once", replaced, done)
		}
	}
}

// TestAddUndoableFails wants neither an episode nor a record where one of them
// cannot be kept.
func TestAddUndoableFails(t *testing.T) {
	b := openBot(t, t.TempDir())
	f := &failing{Records: b.records, err: retrieval.ErrFull}
	b.UseRecords(f)
	n := NewEpisode{File: "talk.vtt", Data: []byte(gardenText)}
	if added, undo, err := b.AddUndoable(t.Context(), "1", "ann", n, nil); !errors.Is(err, retrieval.ErrFull) || added != nil || undo != "" {
		t.Errorf("AddUndoable = %+v, %q, %v, want ErrFull", added, undo, err)
	}
	if e := episode(t, b, "1", "talk"); e != nil {
		t.Error("the episode was added without a way back")
	}
	f.err = nil
	if _, _, err := b.AddUndoable(t.Context(), "", "ann", n, nil); err == nil {
		t.Error("AddUndoable without a scope succeeded")
	}
	if list, err := b.records.RecordsOf(t.Context(), "", kindUndo, 0); err != nil || len(list) > 0 {
		t.Errorf("records of undo = %v, %v, want none", list, err)
	}
}

func TestPack(t *testing.T) {
	b := openBot(t, t.TempDir())
	addText(t, b, "1", data.SampleName, data.Sample)
	want := episode(t, b, "1", sampleID)
	want.Lines[3].Start = retrieval.At(1234567891) // finer than a millisecond
	packed, err := pack(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := unpack(packed)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("unpacked (-want +got):\n%s", diff)
	}
	if len(packed)*3 > 2*len(data.Sample) {
		t.Errorf("%d bytes packed of %d, want two thirds at most", len(packed), len(data.Sample))
	}
	changes := []func(e *retrieval.Episode){
		func(e *retrieval.Episode) { e.Title += "x" }, func(e *retrieval.Episode) { e.Lines[0].Text += "x" }, func(e *retrieval.Episode) { e.Lines[1].Speaker = "x" },
		func(e *retrieval.Episode) { e.Lines = e.Lines[1:] }, func(e *retrieval.Episode) { e.Lines[2].Start = retrieval.At(0) }, func(e *retrieval.Episode) { e.Date = e.Date.AddDate(0, 0, 1) },
	}
	seen := []string{fingerprint(want)}
	for i, change := range changes {
		e, err := unpack(packed)
		if err != nil {
			t.Fatal(err)
		}
		change(e)
		if f := fingerprint(e); slices.Contains(seen, f) {
			t.Errorf("change %d leaves the fingerprint as it was", i)
		}
	}
	if _, err := unpack([]byte("no gzip")); err == nil {
		t.Error("unpack of damage succeeded")
	}
}

func TestEnsureSample(t *testing.T) {
	dir := t.TempDir()
	b := openBot(t, dir)
	ensure := func(when string, want bool) {
		t.Helper()
		added, err := b.EnsureSample(t.Context(), data.SampleName, []byte(data.Sample))
		if err != nil || added != want {
			t.Errorf("%s: EnsureSample = %v, %v, want %v", when, added, err, want)
		}
	}
	addText(t, b, "1", "talk.vtt", gardenText)
	ensure("with an episode in a server", false)
	if err := b.Remove(t.Context(), "1", "talk"); err != nil {
		t.Fatal(err)
	}
	if added, err := b.EnsureSample(t.Context(), data.SampleName, nil); err == nil || added {
		t.Errorf("EnsureSample of an empty file = %v, %v, want an error", added, err)
	}
	ensure("empty", true)
	ensure("again", false)
	if episode(t, b, retrieval.Public, sampleID) == nil {
		t.Error("the sample is not there")
	}
	if err := b.Remove(t.Context(), retrieval.Public, sampleID); err != nil {
		t.Fatal(err)
	}
	b = reopen(t, b, dir)
	ensure("removed, after a restart", false)
}
