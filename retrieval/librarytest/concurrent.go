package librarytest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"verbatim/retrieval"
)

// testOldOrNew replaces an episode again and again, while readers want to see
// one version of it, whole: never two, never none.
func testOldOrNew(t *testing.T, open Opener) {
	const versions, readers, passages = 20, 3, 8
	l, _ := open(t)
	version := func(n int) *retrieval.Episode {
		return Episode("e", numbered(passages*passageLines, fmt.Sprintf("same version%d part%%d", n))...)
	}
	Add(t, l, "1", version(0))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var group sync.WaitGroup
	faults := make(chan error, readers)
	for range readers {
		group.Go(func() {
			for ctx.Err() == nil {
				if err := readVersion(ctx, l, passages); err != nil && !errors.Is(err, context.Canceled) {
					faults <- err
					return
				}
			}
		})
	}
	for n := 1; n <= versions; n++ {
		Add(t, l, "1", version(n))
	}
	cancel()
	group.Wait()
	close(faults)
	for err := range faults {
		t.Error(err)
	}
}

// readVersion reads the episode by every list that there is.
func readVersion(ctx context.Context, l retrieval.Library, passages int) error {
	lexical, err := l.Lexical(ctx, in("1"), []string{"same"}, 100)
	if err != nil {
		return err
	}
	seen := ""
	for _, s := range lexical {
		v := Terms(s.Terms)[1]
		if seen != "" && v != seen {
			return fmt.Errorf("read: Lexical mixes %s and %s", seen, v)
		}
		seen = v
	}
	if len(lexical) != passages {
		return fmt.Errorf("read: Lexical = %d passages, want %d", len(lexical), passages)
	}
	nearest, err := l.Nearest(ctx, in("1"), Vector("same"), 100)
	if err != nil {
		return err
	}
	if len(nearest) != passages {
		return fmt.Errorf("read: Nearest = %d passages, want %d", len(nearest), passages)
	}
	e, err := l.Episode(ctx, "1", "e")
	if err != nil {
		return err
	}
	for i := range e.Lines {
		if a, b := Terms(e.Lines[0].Text)[1], Terms(e.Lines[i].Text)[1]; a != b {
			return fmt.Errorf("read: Episode mixes %s and %s", a, b)
		}
	}
	list, err := l.List(ctx, in("1"))
	if err == nil && len(list) != 1 {
		err = fmt.Errorf("read: List = %d episodes, want 1", len(list))
	}
	return err
}
