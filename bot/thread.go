package bot

import (
	"context"
	"fmt"
	"sync"
	"time"

	"verbatim/retrieval"
)

// threadsWait is how long IsThread waits, once, for the threads to be read.
const threadsWait = 5 * time.Second

// Thread is a thread that the bot opened.
type Thread struct {
	ID    string          `json:"id"`
	Scope retrieval.Scope `json:"scope"`
	// Parent is the channel it belongs to, From the bot's answer that it was
	// opened from.
	Parent string    `json:"parent"`
	From   string    `json:"from"`
	At     time.Time `json:"at"`
}

// threadState remembers which channels are threads of the bot, since every
// message in a server asks that.
type threadState struct {
	mutex  sync.Mutex
	loaded bool
	known  map[threadKey]bool
}

type threadKey struct {
	scope  retrieval.Scope
	thread string
}

// has reports whether it is known; loaded is false before all have been read.
func (s *threadState) has(key threadKey) (known, loaded bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.known[key], s.loaded
}

func (s *threadState) add(keys ...threadKey) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.known == nil {
		s.known = map[threadKey]bool{}
	}
	for _, key := range keys {
		s.known[key] = true
	}
}

// LoadThreads reads which threads the bot opened; call it at the start. Without
// it IsThread does so when it is first asked.
func (b *Bot) LoadThreads(ctx context.Context) error {
	if b.records == nil {
		return ErrNoStore
	}
	records, err := b.records.RecordsOf(ctx, "", kindThread, 0)
	if err != nil {
		return fmt.Errorf("load threads: %w", err)
	}
	s := &b.state.threads
	for i := range records {
		s.add(threadKey{records[i].Scope, records[i].Key})
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.loaded = true
	return nil
}

// OpenThread remembers, for a year, that the bot opened a thread in a channel
// from one of its answers.
func (b *Bot) OpenThread(ctx context.Context, scope retrieval.Scope, thread, parentChannel, fromMessage string) error {
	t := Thread{ID: thread, Scope: scope, Parent: parentChannel, From: fromMessage, At: time.Now().UTC()}
	r := retrieval.Record{Scope: scope, Kind: kindThread, Key: thread, Created: t.At, Expires: t.At.Add(keepThreads)}
	if err := b.put(ctx, r, t); err != nil {
		return fmt.Errorf("open thread: %w", err)
	}
	b.state.threads.add(threadKey{scope, thread})
	return nil
}

// ThreadOf loads a thread that the bot opened; retrieval.ErrNoRecord for any
// other channel.
func (b *Bot) ThreadOf(ctx context.Context, scope retrieval.Scope, thread string) (*Thread, error) {
	return findRecord[Thread](ctx, b, scope, kindThread, thread)
}

// IsThread reports whether the bot opened the thread, from memory; false where
// the threads cannot be read.
func (b *Bot) IsThread(scope retrieval.Scope, thread string) bool {
	key := threadKey{scope, thread}
	known, loaded := b.state.threads.has(key)
	if known || loaded || b.records == nil {
		return known
	}
	ctx, cancel := context.WithTimeout(context.Background(), threadsWait)
	defer cancel()
	if err := b.LoadThreads(ctx); err != nil {
		return false // and tried again by the next call
	}
	known, _ = b.state.threads.has(key)
	return known
}
