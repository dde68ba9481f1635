package bot

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// flight is something that is being made for all who asked for it, and tells
// them news meanwhile. It goes on as long as anybody waits for it.
type flight[T, N any] struct {
	cancel  context.CancelFunc
	waiting int // guarded by whoever keeps the flights
	// done is closed when made and err are there.
	done chan struct{}
	made T
	err  error
	// broken is a panic with its stack, for those who wait to panic with.
	broken *panicked

	mutex   sync.Mutex
	news    N
	changed chan struct{} // closed and renewed with each news
}

// newFlight is one that a single caller waits for; cancel ends its making.
func newFlight[T, N any](cancel context.CancelFunc) *flight[T, N] {
	return &flight[T, N]{cancel: cancel, waiting: 1, done: make(chan struct{}), changed: make(chan struct{})}
}

// start makes in a goroutine of its own, and calls landed before anybody who
// waits hears of it.
func (f *flight[T, N]) start(run func() (T, error), landed func()) {
	go func() {
		defer close(f.done)
		defer f.cancel()
		f.broken = catch(func() { f.made, f.err = run() })
		landed()
	}()
}

// tell is told news.
func (f *flight[T, N]) tell(news N) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.news = news
	close(f.changed)
	f.changed = make(chan struct{})
}

// latest is the last news, and what is closed when there are more.
func (f *flight[T, N]) latest() (N, <-chan struct{}) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.news, f.changed
}

// follow waits for the flight's end, that of ctx, or until late, nil being
// never, and passes the news on; nobody need be told. It reports whether the
// flight has ended.
func (f *flight[T, N]) follow(ctx context.Context, late <-chan time.Time, tell func(N)) (ended bool) {
	_, changed := f.latest()
	if tell == nil {
		changed = nil
	}
	for {
		select {
		case <-f.done:
			return true
		case <-ctx.Done():
			return f.ended() // both at once
		case <-late:
			return f.ended()
		case <-changed:
			var news N
			news, changed = f.latest()
			tell(news)
		}
	}
}

// ended reports whether made and err are there.
func (f *flight[T, N]) ended() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}

// panicked is a panic of a goroutine that nobody sees panic.
type panicked struct {
	value any
	stack []byte
}

// catch runs a function and returns its panic, nil for none.
func catch(run func()) (p *panicked) {
	defer func() {
		if v := recover(); v != nil {
			p = &panicked{v, debug.Stack()}
		}
	}()
	run()
	return nil
}

// again panics once more, where it is seen; nil does not.
func (p *panicked) again() {
	if p != nil {
		panic(fmt.Sprintf("%v\n\n%s", p.value, p.stack))
	}
}
