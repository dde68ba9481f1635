package bot

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"strconv"
	"sync"
	"time"

	"verbatim/prompts"
	"verbatim/retrieval"
)

const (
	// maxSummaries and maxSummaryBytes bound the cache of summaries. A
	// summary of an hour has about 10 kB.
	maxSummaries    = 64
	maxSummaryBytes = 4 << 20
	// lackingKept is how long a summary is kept that the model failed to make,
	// or to make whole: so that its pages can be turned while the model is
	// down, and that it is tried again soon.
	lackingKept = 5 * time.Minute
)

// summaryKey is a summary of a state of an episode: another text, title or
// speaker has another sum.
type summaryKey struct {
	scope    retrieval.Scope
	episode  retrieval.EpisodeID
	style    string
	sum      uint64
	model    string // with the versions of the prompts, "" none
	language string
	// lacking are those that the model failed to make whole. They are kept for
	// who pays alone: another's budget may do better.
	lacking bool
	payer   retrieval.Scope
}

// summaries keeps the summaries used last, and those being made. The zero value
// is empty. Safe for concurrent use.
type summaries struct {
	mutex sync.Mutex
	recent[summaryKey, keptSummary]
	flights map[summaryKey]*summaryFlight
	now     func() time.Time // nil is time.Now
	seed    maphash.Seed
	seeded  sync.Once
}

type keptSummary struct {
	summary *Summary
	until   time.Time // zero is for ever
}

// SummarizeAs is Summarize with the summaries made last kept in memory, so that
// pages can be turned quickly. One of an episode that was changed or removed
// meanwhile is never given: the episode's lines are read each time. Equal calls
// at a time share one making, which goes on as long as anybody waits for it. Of
// ctx's time some is kept for a summary without the model. The summary is
// shared: read only. Errors are those of Summarize.
func (b *Bot) SummarizeAs(ctx context.Context, r SummaryRequest) (*Summary, error) {
	if !slices.Contains(Styles, r.Style) {
		return nil, fmt.Errorf("summarise in style %q: %w", r.Style, ErrStyle)
	}
	info, err := b.resolve(ctx, r.Scopes, r.Episode)
	if err != nil {
		return nil, err
	}
	episode, err := b.library.Episode(ctx, info.Scope, info.ID)
	if err != nil {
		return nil, err
	}
	r.Scopes, r.Episode = []retrieval.Scope{info.Scope}, info.ID
	key := b.summaryKey(episode, &r)
	for {
		f, kept := b.summaries.join(ctx, key, r.Payer, func(ctx context.Context, f *summaryFlight) (*Summary, error) {
			return b.summarizeToKeep(ctx, key, r, f)
		})
		if kept != nil {
			return kept, nil
		}
		done := b.waitSummary(ctx, key, r, f)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case !done:
			return b.summarizeLate(ctx, r)
		case errors.Is(f.err, context.Canceled) || errors.Is(f.err, context.DeadlineExceeded):
			// Those whom it was made for gave up; we have not.
		default:
			return f.made, f.err
		}
	}
}

// waitSummary waits for the flight's end, passes on how far it is, and leaves it.
// Where the model is at work, it gives up while there is time to do without. A
// panic in the making is one of everybody who waits.
func (b *Bot) waitSummary(ctx context.Context, key summaryKey, r SummaryRequest, f *summaryFlight) (done bool) {
	defer b.summaries.leave(key, r.Payer, f)
	var late <-chan time.Time
	if deadline, ok := ctx.Deadline(); ok && key.model != "" {
		// The model's part ends before; this is for flights with more time.
		now := time.Now()
		left := modelDeadline(ctx, now)
		timer := time.NewTimer(left.Add(deadline.Sub(left) / 2).Sub(now))
		defer timer.Stop()
		late = timer.C
	}
	var tell func(callsDone)
	if r.Progress != nil {
		tell = func(c callsDone) { r.Progress(c.done, c.inAll) }
	}
	if done = f.follow(ctx, late, tell); done {
		f.broken.again()
	}
	return done
}

// summarizeLate makes a summary for whom the model's comes too late.
func (b *Bot) summarizeLate(ctx context.Context, r SummaryRequest) (*Summary, error) {
	r.Extractive = true
	s, _, err := b.summarize(ctx, &r, func(int, int) {})
	if err == nil {
		s.Without = FallbackSlow
	}
	return s, err
}

// summaryKey is the key of a summary of the episode as it is.
func (b *Bot) summaryKey(e *retrieval.Episode, r *SummaryRequest) summaryKey {
	key := summaryKey{scope: r.Scopes[0], episode: e.ID, style: r.Style, sum: b.summaries.sum(r.Scopes[0], e)}
	if b.chat.client != nil && !r.Extractive {
		versions := prompts.Versions()
		key.model = b.chat.client.Model() + " " + versions["map"] + " " + versions["reduce"] + " " + versions["translate"]
		key.language = r.Language
	}
	return key
}

// summarizeToKeep makes the summary of the key, and keeps it unless the episode
// has changed since the key was made: undone, the change would bring the key
// back.
func (b *Bot) summarizeToKeep(ctx context.Context, key summaryKey, r SummaryRequest, f *summaryFlight) (*Summary, error) {
	s, whole, err := b.summarize(ctx, &r, func(done, total int) { f.tell(callsDone{done, total}) })
	if err != nil {
		return nil, err
	}
	if now, err := b.library.Episode(ctx, key.scope, key.episode); err == nil && b.summaries.sum(key.scope, now) == key.sum {
		until := time.Time{}
		if !whole {
			key.lacking, key.payer = true, r.Payer
			until = b.summaries.clock().Add(lackingKept)
		}
		b.summaries.keep(key, s, until)
	}
	return s, nil
}

// summaryFlight is a summary that is being made; its news are how far it is.
type summaryFlight = flight[*Summary, callsDone]

// callsDone is how many calls to the model are done, of how many.
type callsDone struct{ done, inAll int }

// join is the summary of that key where one is kept, or else the flight that
// makes it, with whoever else waits for it: those of one payer share. Whoever
// joins leaves.
func (c *summaries) join(ctx context.Context, key summaryKey, payer retrieval.Scope, run func(context.Context, *summaryFlight) (*Summary, error)) (f *summaryFlight, kept *Summary) {
	lacking := key
	lacking.lacking, lacking.payer = true, payer
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if kept = c.find(key); kept == nil {
		kept = c.find(lacking)
	}
	if kept != nil {
		return nil, kept
	}
	if f = c.flights[lacking]; f != nil {
		f.waiting++
		return f, nil
	}
	// It must not end with the one who asked first.
	flying := context.WithoutCancel(ctx)
	var cancel context.CancelFunc
	if key.model != "" {
		flying, cancel = context.WithDeadline(flying, summaryDeadline(ctx, time.Now()))
	} else {
		flying, cancel = context.WithCancel(flying)
	}
	f = newFlight[*Summary, callsDone](cancel)
	if c.flights == nil {
		c.flights = map[summaryKey]*summaryFlight{}
	}
	c.flights[lacking] = f
	f.start(func() (*Summary, error) { return run(flying, f) }, func() {
		c.mutex.Lock()
		defer c.mutex.Unlock()
		if c.flights[lacking] == f {
			delete(c.flights, lacking)
		}
	})
	return f, nil
}

// leave ends the flight when nobody else waits for it.
func (c *summaries) leave(key summaryKey, payer retrieval.Scope, f *summaryFlight) {
	key.lacking, key.payer = true, payer
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if f.waiting--; f.waiting > 0 {
		return
	}
	f.cancel()
	if c.flights[key] == f {
		delete(c.flights, key)
	}
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

// find is the summary of that key, nil when it is not kept; the caller
// holds the lock.
func (c *summaries) find(key summaryKey) *Summary {
	kept := c.recent.find(key)
	if !kept.until.IsZero() && !c.clock().Before(kept.until) {
		c.drop(c.entries[key])
		return nil
	}
	return kept.summary
}

// clock is the time, by which summaries grow old.
func (c *summaries) clock() time.Time {
	if c.now != nil {
		return c.now()
	}
	return time.Now()
}

// keep puts a summary in, until a moment, zero being for ever, and those out that
// were not used for longest.
func (c *summaries) keep(key summaryKey, s *Summary, until time.Time) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.add(key, keptSummary{s, until}, summaryBytes(s), maxSummaries, maxSummaryBytes)
}

// forget drops the summaries of an episode that has changed or gone.
func (c *summaries) forget(scope retrieval.Scope, id retrieval.EpisodeID) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.dropAll(func(key summaryKey, _ keptSummary) bool { return key.scope == scope && key.episode == id })
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
