package bot

import (
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"time"

	"verbatim/prompts"
	"verbatim/retrieval"
)

const (
	// maxReplies and maxReplyBytes bound the cache of answers; one of a few
	// sentences with its citations has about 2 kB.
	maxReplies    = 512
	maxReplyBytes = 4 << 20
	// maxRewrites bounds the cache of stand-alone questions.
	maxRewrites = 512
)

// replyKey is the hash of all that an answer is made of.
type replyKey [sha256.Size]byte

// keyer hashes fields, each led by its length, so that none runs into the next.
type keyer struct{ hash hash.Hash }

func newKeyer(kind string) keyer {
	k := keyer{sha256.New()}
	k.text(kind)
	return k
}

func (k keyer) text(s string) {
	var length [8]byte
	binary.BigEndian.PutUint64(length[:], uint64(len(s)))
	k.hash.Write(length[:])
	k.hash.Write([]byte(s))
}

func (k keyer) number(n int) { k.text(strconv.Itoa(n)) }

func (k keyer) moment(m retrieval.Moment) {
	if m.Known {
		k.text(strconv.FormatInt(int64(m.Offset), 10))
	} else {
		k.text("")
	}
}

// prompt adds what a model is told. Versions stand for how its reply is read.
func (k keyer) prompt(p *prompts.Prompt) {
	k.text(p.Version)
	k.number(p.ReplyTokens)
	k.number(len(p.Messages))
	for _, m := range p.Messages {
		k.text(m.Role)
		k.text(m.Text)
	}
}

// material adds what citations are made of and the prompt does not say: an
// answer of an episode with another title or other times is another one.
func (k keyer) material(m *material) {
	k.text(m.language)
	k.number(int(m.kind))
	k.text(strconv.FormatBool(m.strong))
	k.text(strconv.FormatBool(m.unverified))
	k.number(len(m.given))
	for i := range m.given {
		g := &m.given[i]
		k.text(string(g.ID.Scope))
		k.text(string(g.ID.Episode))
		k.number(g.ID.Seq)
		k.number(g.first)
		if info := m.episodes[episodeKey{g.ID.Scope, g.ID.Episode}]; info != nil {
			k.text(info.Title)
			k.text(info.AudioURL)
		}
		k.number(len(g.Sentences))
		for j := range g.Sentences {
			s := &g.Sentences[j]
			k.text(s.Text)
			k.text(s.Speaker)
			k.number(s.FirstLine)
			k.number(s.LastLine)
			k.moment(s.Start)
			k.moment(s.End)
		}
	}
}

// sum is the key.
func (k keyer) sum() replyKey { return replyKey(k.hash.Sum(nil)) }

// replies keeps the answers made last, and those being made. Retrieval is run
// for each question anew and the key holds the words that it found, so that an
// answer of an episode that has changed or gone is never found again. The zero
// value is empty. Safe for concurrent use.
type replies struct {
	mutex   sync.Mutex
	entries map[replyKey]*list.Element // of order, Value a *keptReply
	order   list.List                  // used last first
	bytes   int
	// changes counts the episodes that were changed or removed: an answer that
	// was under way meanwhile is not kept.
	changes int
	flights map[replyKey]*flight
	// rewrites are stand-alone questions; their order is that of making.
	rewrites map[replyKey]string
	made     []replyKey
}

type keptReply struct {
	key   replyKey
	made  *composed
	bytes int
}

// find is the answer of that key, nil when it is not kept; the caller holds the
// lock.
func (r *replies) find(key replyKey) *composed {
	e := r.entries[key]
	if e == nil {
		return nil
	}
	r.order.MoveToFront(e)
	return e.Value.(*keptReply).made
}

// keep puts an answer in and those out that were not used for longest; the
// caller holds the lock.
func (r *replies) keep(key replyKey, made *composed) {
	size := made.bytes()
	if size > maxReplyBytes || r.entries[key] != nil {
		return
	}
	if r.entries == nil {
		r.entries = map[replyKey]*list.Element{}
	}
	r.entries[key] = r.order.PushFront(&keptReply{key: key, made: made, bytes: size})
	r.bytes += size
	for len(r.entries) > maxReplies || r.bytes > maxReplyBytes {
		r.drop(r.order.Back())
	}
}

// drop takes an entry out; the caller holds the lock.
func (r *replies) drop(e *list.Element) {
	kept := r.order.Remove(e).(*keptReply)
	delete(r.entries, kept.key)
	r.bytes -= kept.bytes
}

// forget drops the answers that were made of an episode that has changed or
// gone.
func (r *replies) forget(scope retrieval.Scope, id retrieval.EpisodeID) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.changes++
	for e := r.order.Front(); e != nil; {
		next := e.Next()
		if slices.Contains(e.Value.(*keptReply).made.of, episodeKey{scope, id}) {
			r.drop(e)
		}
		e = next
	}
}

// rewritten is the stand-alone question of that key.
func (r *replies) rewritten(key replyKey) (string, bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	text, ok := r.rewrites[key]
	return text, ok
}

func (r *replies) keepRewritten(key replyKey, text string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.rewrites == nil {
		r.rewrites = map[replyKey]string{}
	}
	if _, known := r.rewrites[key]; !known {
		r.made = append(r.made, key)
	}
	r.rewrites[key] = text
	for len(r.made) > maxRewrites {
		delete(r.rewrites, r.made[0])
		r.made = r.made[1:]
	}
}

// forgetQuestions drops all that holds words of users.
func (r *replies) forgetQuestions() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.rewrites, r.made = nil, nil
}

// flight is an answer that is being made for all who asked for it. It goes on
// as long as anybody waits for it.
type flight struct {
	cancel  context.CancelFunc
	waiting int // guarded by replies.mutex
	// done is closed when made and err are there.
	done chan struct{}
	made *composed
	err  error
	// broken is a panic with its stack, for those who wait to panic with.
	broken *panicked

	mutex   sync.Mutex
	draft   Draft
	changed chan struct{} // closed and renewed with each draft
}

// publish is told of drafts.
func (f *flight) publish(d Draft) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.draft = d
	close(f.changed)
	f.changed = make(chan struct{})
}

// latest is the last draft, and what is closed when there is another.
func (f *flight) latest() (Draft, <-chan struct{}) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.draft, f.changed
}

// join is the flight of the key, or one that make is started for, until the
// deadline; first says so. When the answer was kept meanwhile, it is that.
// Whoever joins leaves.
func (r *replies) join(ctx context.Context, key replyKey, deadline time.Time, run func(context.Context, func(Draft)) (*composed, error)) (f *flight, kept *composed, first bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if kept = r.find(key); kept != nil {
		return nil, kept, false
	}
	if f = r.flights[key]; f != nil {
		f.waiting++
		return f, nil, false
	}
	// It must not end with the one who asked first.
	ctx, cancel := context.WithDeadline(context.WithoutCancel(ctx), deadline)
	f = &flight{cancel: cancel, waiting: 1, done: make(chan struct{}), changed: make(chan struct{})}
	if r.flights == nil {
		r.flights = map[replyKey]*flight{}
	}
	r.flights[key] = f
	changes := r.changes
	go func() {
		defer close(f.done)
		defer cancel()
		f.broken = catch(func() { f.made, f.err = run(ctx, f.publish) })
		r.mutex.Lock()
		defer r.mutex.Unlock()
		if r.flights[key] == f {
			delete(r.flights, key)
		}
		if f.broken == nil && f.err == nil && r.changes == changes {
			r.keep(key, f.made)
		}
	}()
	return f, nil, true
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

// leave ends the flight when nobody else waits for it, and then waits for its
// end, as long as ctx lasts.
func (r *replies) leave(ctx context.Context, key replyKey, f *flight) {
	r.mutex.Lock()
	f.waiting--
	last := f.waiting == 0
	if last && r.flights[key] == f {
		delete(r.flights, key)
	}
	r.mutex.Unlock()
	if !last {
		return
	}
	f.cancel()
	select {
	case <-f.done:
	case <-ctx.Done():
	}
}

// bytes is about what the answer takes in memory.
func (c *composed) bytes() int {
	const base, sentence, citation = 200, 64, 240 // without their texts
	n := base
	for i := range c.sentences {
		n += sentence + len(c.sentences[i].Text)
	}
	for i := range c.citations {
		n += citation + len(c.citations[i].Quote) + len(c.citations[i].URL) + len(c.citations[i].Title)
	}
	return n
}
