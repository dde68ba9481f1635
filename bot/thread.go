package bot

import (
	"context"
	"fmt"
	"sync"
	"time"

	"verbatim/retrieval"
)

// maxThreads bounds how many channels are known in memory to be threads of the
// bot or not.
const maxThreads = 20_000

// Thread is a thread that the bot opened.
type Thread struct {
	ID    string          `json:"id"`
	Scope retrieval.Scope `json:"scope"`
	// Channel is the channel it belongs to, Message the bot's answer that it
	// was opened from.
	Channel string    `json:"channel"`
	Message string    `json:"message"`
	At      time.Time `json:"at"`
}

// threadState remembers which channels are threads of the bot, since every
// message in a server asks that.
type threadState struct {
	mutex sync.Mutex
	known map[threadKey]*Thread // nil: none
	// opened counts what OpenThread added: a search that began before may not
	// say that there is none.
	opened int
}

type threadKey struct {
	scope  retrieval.Scope
	thread string
}

func (s *threadState) get(key threadKey) (t *Thread, known bool, opened int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	t, known = s.known[key]
	return t, known, s.opened
}

// set remembers t; none, nil, only if nothing was opened since.
func (s *threadState) set(key threadKey, t *Thread, opened int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if t == nil && s.opened != opened {
		return
	}
	if s.known == nil || len(s.known) >= maxThreads {
		s.known = map[threadKey]*Thread{}
	}
	s.known[key] = t
}

func (s *threadState) open(key threadKey, t *Thread) {
	s.mutex.Lock()
	s.opened++
	opened := s.opened
	s.mutex.Unlock()
	s.set(key, t, opened)
}

// OpenThread remembers, for a year, that the bot opened a thread in a channel
// from one of its answers.
func (b *Bot) OpenThread(ctx context.Context, scope retrieval.Scope, thread, parentChannel, fromMessage string) error {
	t := Thread{ID: thread, Scope: scope, Channel: parentChannel, Message: fromMessage, At: time.Now().UTC()}
	r := retrieval.Record{Scope: scope, Kind: kindThread, Key: thread, Created: t.At, Expires: t.At.Add(keepThreads)}
	if err := b.put(ctx, r, t); err != nil {
		return fmt.Errorf("open thread: %w", err)
	}
	b.state.threads.open(threadKey{scope, thread}, &t)
	return nil
}

// ThreadOf returns a thread that the bot opened; retrieval.ErrNoRecord for any
// other channel. It is quick for channels asked about before.
func (b *Bot) ThreadOf(ctx context.Context, scope retrieval.Scope, thread string) (*Thread, error) {
	key := threadKey{scope, thread}
	t, known, opened := b.state.threads.get(key)
	if !known {
		var err error
		if t, err = findRecord[Thread](ctx, b, scope, kindThread, thread); err != nil && !isNoRecord(err) {
			return nil, err
		}
		b.state.threads.set(key, t, opened)
	}
	if t == nil {
		return nil, fmt.Errorf("thread %q: %w", thread, retrieval.ErrNoRecord)
	}
	copied := *t
	return &copied, nil
}

// IsThread reports whether the bot opened the thread; false also when that
// cannot be read.
func (b *Bot) IsThread(ctx context.Context, scope retrieval.Scope, thread string) bool {
	t, err := b.ThreadOf(ctx, scope, thread)
	return err == nil && t != nil
}
