package librarytest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"

	"verbatim/retrieval"
)

// countdown is a context that is cancelled when it is looked at for the n-th
// time, and so cancels a call at every place where it cares.
type countdown struct {
	context.Context
	cancel context.CancelFunc
	left   atomic.Int64
}

func newCountdown(parent context.Context, n int) *countdown {
	c := &countdown{}
	c.Context, c.cancel = context.WithCancel(parent)
	c.left.Store(int64(n))
	return c
}

func (c *countdown) look() {
	if c.left.Add(-1) != 0 {
		return
	}
	c.cancel()
	for range 100 {
		runtime.Gosched() // let others see it before this call goes on
	}
}

// Done is that of context.Context.
func (c *countdown) Done() <-chan struct{} {
	c.look()
	return c.Context.Done()
}

// Err is that of context.Context.
func (c *countdown) Err() error {
	c.look()
	return c.Context.Err()
}

// testCancelledMidway cancels calls earlier and later. Whatever became of them,
// the library goes on to work.
func testCancelledMidway(t *testing.T, open Opener) {
	const most = 300 // looks at the context
	replace := Episode("e", "one", "two", "three")
	s := Split(replace)
	vectors := Vectors(s)
	tests := []struct {
		name string
		call func(ctx context.Context, l retrieval.Library) error
	}{
		{"Add", func(ctx context.Context, l retrieval.Library) error {
			_, err := l.Add(ctx, "1", replace, s, vectors)
			return err
		}},
		{"Remove", func(ctx context.Context, l retrieval.Library) error {
			if err := l.Remove(ctx, "1", "none"); !errors.Is(err, retrieval.ErrUnknownEpisode) {
				return err
			}
			return nil
		}},
		{"Lines", func(ctx context.Context, l retrieval.Library) error {
			_, err := l.Lines(ctx, "1", "e", 1, 2)
			return err
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l, _ := open(t)
			Add(t, l, "1", replace)
			cancelled := 0
			for n := 1; n <= most; n++ {
				ctx := newCountdown(t.Context(), n)
				err := test.call(ctx, l)
				ctx.cancel()
				if errors.Is(err, context.Canceled) {
					cancelled++
				} else if err != nil {
					t.Fatalf("%s, cancelled at look %d: %v", test.name, n, err)
				}
				checkWorks(t, l, fmt.Sprintf("%s cancelled at look %d", test.name, n))
				if ctx.left.Load() > 0 {
					break // it was over sooner
				}
			}
			if cancelled == 0 {
				t.Errorf("no %s was cancelled: the test would show nothing", test.name)
			}
		})
	}
}

// checkWorks reads and writes; the library holds the line 1 of episode e.
func checkWorks(t *testing.T, l retrieval.Library, after string) {
	t.Helper()
	if lines, err := l.Lines(t.Context(), "1", "e", 1, 1); err != nil || len(lines) != 1 {
		t.Fatalf("Lines after %s: %v, %v, want one line", after, lines, err)
	}
	if err := l.Remove(t.Context(), "1", "none"); !errors.Is(err, retrieval.ErrUnknownEpisode) {
		t.Fatalf("Remove after %s: %v, want ErrUnknownEpisode", after, err)
	}
}
