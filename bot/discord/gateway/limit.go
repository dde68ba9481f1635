package gateway

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// window allows max acts in any span of time. It is not safe for concurrent
// use.
type window struct {
	max  int
	span time.Duration
	acts []time.Time // within the last span, oldest first
}

// wait is how long until one more act is allowed, with spare acts kept for
// others; 0 for now.
func (w *window) wait(now time.Time, spare int) time.Duration {
	old := 0
	for old < len(w.acts) && now.Sub(w.acts[old]) >= w.span {
		old++
	}
	w.acts = append(w.acts[:0], w.acts[old:]...)
	over := len(w.acts) - (w.max - spare)
	if over < 0 {
		return 0
	}
	return w.acts[over].Add(w.span).Sub(now)
}

// add counts an act.
func (w *window) add(now time.Time) { w.acts = append(w.acts, now) }

// identifyEvery is the time between two identifies of one bucket
// [events/gateway: Rate Limiting].
const identifyEvery = 5 * time.Second

// keptIdentifies is how many of the day's new sessions are left alone: beyond
// the last one Discord resets the token, and another process may count too.
const keptIdentifies = 3

// identifier lets shards start sessions as session_start_limit allows: in
// buckets by shard modulo max_concurrency, one at a time and then a pause.
type identifier struct {
	every time.Duration
	ask   func(context.Context) (*Info, error)
	// waiting is told before a wait for the next day's sessions.
	waiting func(shard, remaining int, wait time.Duration)

	mu sync.Mutex
	// info is the last that was heard; fresh until a session began with it.
	info    *Info
	fresh   bool
	buckets map[int]*bucket
}

// bucket is held by the shard that starts a session.
type bucket struct {
	held chan struct{} // full while somebody has the bucket
	last time.Time     // when the last identify was sent; the holder's
}

// acquire waits until the shard may identify and returns where. release must
// be called once, after the identify or instead of it.
func (l *identifier) acquire(ctx context.Context, shard int) (info *Info, release func(sent bool), err error) {
	b, concurrency := l.bucket(shard)
	select {
	case b.held <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	release = func(sent bool) {
		if sent {
			b.last = time.Now()
		}
		<-b.held
	}
	for {
		if info, err = l.current(ctx); err != nil {
			break
		}
		// No time to wait means that the count is unknown or begins anew.
		if info.Remaining >= keptIdentifies+concurrency || info.ResetAfter <= 0 {
			err = sleep(ctx, time.Until(b.last.Add(l.every)))
			break
		}
		l.waiting(shard, info.Remaining, info.ResetAfter)
		if err = sleep(ctx, info.ResetAfter); err != nil {
			break
		}
	}
	if err != nil {
		release(false)
		return nil, nil, err
	}
	return info, release, nil
}

// current asks how many sessions are left, since other processes use the same
// count; what was heard at the start serves for the first session.
func (l *identifier) current(ctx context.Context) (*Info, error) {
	l.mu.Lock()
	info, fresh := l.info, l.fresh
	l.fresh = false
	l.mu.Unlock()
	if fresh {
		return info, nil
	}
	info, err := l.ask(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask for the gateway: %w", err)
	}
	l.learn(info, false)
	return info, nil
}

// learn takes in what was heard; fresh if no session began with it.
func (l *identifier) learn(info *Info, fresh bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.info, l.fresh = info, fresh
}

// url is the address last heard, for resumes whose own cannot be reached.
func (l *identifier) url() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.info.URL
}

// bucket is that of a shard, with the number of buckets.
func (l *identifier) bucket(shard int) (b *bucket, concurrency int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	concurrency = max(l.info.MaxConcurrency, 1)
	key := shard % concurrency
	b = l.buckets[key]
	if b == nil {
		b = &bucket{held: make(chan struct{}, 1)}
		l.buckets[key] = b
	}
	return b, concurrency
}

// sleep waits for d, or until the context ends, whose error it returns.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
