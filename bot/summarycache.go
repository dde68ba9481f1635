package bot

import (
	"container/list"
	"context"
	"errors"
	"hash/maphash"
	"strconv"
	"sync"

	"golang.org/x/sync/singleflight"

	"verbatim/retrieval"
)

const (
	// maxSummaries and maxSummaryBytes bound the cache of summaries. A
	// summary of an hour has about 10 kB.
	maxSummaries    = 64
	maxSummaryBytes = 4 << 20
)

// summaryKey is a summary of a state of an episode: another text, title or
// speaker has another sum.
type summaryKey struct {
	scope   retrieval.Scope
	episode retrieval.EpisodeID
	style   string
	sum     uint64
}

// summaries keeps the summaries used last. The zero value is empty. Safe for
// concurrent use.
type summaries struct {
	mutex   sync.Mutex
	entries map[summaryKey]*list.Element // of order, Value a *keptSummary
	order   list.List                    // used last first
	bytes   int
	flight  singleflight.Group
	seed    maphash.Seed
	seeded  sync.Once
}

type keptSummary struct {
	key     summaryKey
	summary *Summary
	bytes   int
}

// SummarizeCached is Summarize with the summaries made last kept in memory, so
// that pages can be turned quickly. One of an episode that was changed or
// removed meanwhile is never given: the episode's lines are read each time.
// Equal calls at a time share one making, which a caller who gives up does not
// leave before it is done. The summary is shared: read only. Errors are those
// of Summarize.
func (b *Bot) SummarizeCached(ctx context.Context, scopes []retrieval.Scope, id retrieval.EpisodeID, style string) (*Summary, error) {
	info, err := b.resolve(ctx, scopes, id)
	if err != nil {
		return nil, err
	}
	episode, err := b.library.Episode(ctx, info.Scope, info.ID)
	if err != nil {
		return nil, err
	}
	c := &b.summaries
	key := summaryKey{scope: info.Scope, episode: info.ID, style: style, sum: c.sum(info.Scope, episode)}
	if s := c.find(key); s != nil {
		return s, nil
	}
	name := string(key.scope) + "/" + string(key.episode) + "/" + style + "/" + strconv.FormatUint(key.sum, 16)
	for {
		made, err, _ := c.flight.Do(name, func() (any, error) {
			return b.summarizeToKeep(ctx, key, style)
		})
		switch {
		case err == nil:
			return made.(*Summary), nil
		case ctx.Err() == nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)):
			// The caller that made it gave up; we have not.
		default:
			return nil, err
		}
	}
}

// summarizeToKeep makes the summary of the key, and keeps it unless the episode
// has changed since the key was made: undone, the change would bring the key
// back.
func (b *Bot) summarizeToKeep(ctx context.Context, key summaryKey, style string) (*Summary, error) {
	s, err := b.Summarize(ctx, []retrieval.Scope{key.scope}, key.episode, style)
	if err != nil {
		return nil, err
	}
	if now, err := b.library.Episode(ctx, key.scope, key.episode); err == nil && b.summaries.sum(key.scope, now) == key.sum {
		b.summaries.keep(key, s)
	}
	return s, nil
}

// sum is a hash of all that a summary is made of. Each field is led by its
// length, so that none runs into the next.
func (c *summaries) sum(scope retrieval.Scope, e *retrieval.Episode) uint64 {
	c.seeded.Do(func() { c.seed = maphash.MakeSeed() })
	var h maphash.Hash
	h.SetSeed(c.seed)
	text := func(s string) {
		number := strconv.AppendInt(nil, int64(len(s)), 10)
		h.Write(append(number, ':'))
		h.WriteString(s)
	}
	moment := func(m retrieval.Moment) {
		if m.Known {
			text(strconv.FormatInt(int64(m.Offset), 10))
		} else {
			text("")
		}
	}
	for _, s := range []string{string(scope), string(e.ID), e.Title, e.AudioURL, strconv.Itoa(e.TotalLines)} {
		text(s)
	}
	for i := range e.Lines {
		l := &e.Lines[i]
		text(strconv.Itoa(l.N))
		text(l.Speaker)
		moment(l.Start)
		moment(l.End)
		text(strconv.FormatBool(l.Boilerplate))
		text(l.Text)
	}
	return h.Sum64()
}

// find is the summary of that key, nil when it is not kept.
func (c *summaries) find(key summaryKey) *Summary {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	e := c.entries[key]
	if e == nil {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*keptSummary).summary
}

// keep puts a summary in and those out that were not used for longest.
func (c *summaries) keep(key summaryKey, s *Summary) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	size := summaryBytes(s)
	if size > maxSummaryBytes || c.entries[key] != nil {
		return
	}
	if c.entries == nil {
		c.entries = map[summaryKey]*list.Element{}
	}
	c.entries[key] = c.order.PushFront(&keptSummary{key: key, summary: s, bytes: size})
	c.bytes += size
	for len(c.entries) > maxSummaries || c.bytes > maxSummaryBytes {
		c.drop(c.order.Back())
	}
}

// drop takes an entry out; the caller holds the lock.
func (c *summaries) drop(e *list.Element) {
	kept := c.order.Remove(e).(*keptSummary)
	delete(c.entries, kept.key)
	c.bytes -= kept.bytes
}

// forget drops the summaries of an episode that has changed or gone.
func (c *summaries) forget(scope retrieval.Scope, id retrieval.EpisodeID) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for e := c.order.Front(); e != nil; {
		next := e.Next()
		if key := e.Value.(*keptSummary).key; key.scope == scope && key.episode == id {
			c.drop(e)
		}
		e = next
	}
}

// summaryBytes is about what a summary takes in memory.
func summaryBytes(s *Summary) int {
	const point, citation = 64, 240 // without their texts
	n := len(s.Title)
	for i := range s.Points {
		n += point + len(s.Points[i].Heading) + len(s.Points[i].Text)
	}
	for i := range s.Citations {
		n += citation + len(s.Citations[i].Quote) + len(s.Citations[i].URL)
	}
	return n
}
