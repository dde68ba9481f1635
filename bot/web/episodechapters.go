package web

import (
	"context"
	"runtime/debug"
	"time"

	"verbatim/bot"
	"verbatim/retrieval"
)

const (
	// chapterTime is how long a page waits for chapters: those of an hour take
	// some tens of milliseconds once, those of three hours some hundreds.
	chapterTime = 300 * time.Millisecond
	// chapterMaking is how long their making may take, for the next page.
	chapterMaking = time.Minute
	// chaptersAtOnce bounds how many episodes are read for them at a time.
	chaptersAtOnce = 2
)

// chapterLink is a part of an episode.
type chapterLink struct {
	Heading string
	Start   retrieval.Moment
	// First and Last are the lines that stand for it.
	First, Last int
}

// chapters begins to find the parts of an episode, in the transcript's own
// words. The function it returns waits for them; it gives up after a while with
// later true. They are made nevertheless, and the bot keeps them.
func (t *transcripts) chapters(ctx context.Context, v *view) func() (list []chapterLink, later bool) {
	limit := time.Now().Add(t.chapterTime)
	making, stop := context.WithTimeout(context.WithoutCancel(ctx), chapterMaking)
	made := make(chan []chapterLink, 1)
	t.active.Go(func() { // the request counts until then, so that Serve waits for this, too
		defer stop()
		defer context.AfterFunc(t.base, stop)()
		made <- t.makeChapters(making, v)
	})
	return func() ([]chapterLink, bool) {
		if t.chapterTime <= 0 {
			return nil, true
		}
		wait := time.NewTimer(time.Until(limit))
		defer wait.Stop()
		select {
		case list := <-made:
			return list, false
		case <-ctx.Done():
		case <-wait.C:
		}
		return nil, true
	}
}

// makeChapters are the parts with a heading, none when they cannot be found: the
// page is whole without.
func (t *transcripts) makeChapters(ctx context.Context, v *view) (list []chapterLink) {
	defer func() {
		if failed := recover(); failed != nil { // it is nobody's request
			t.log.Error("find chapters panicked", "episode", v.Info.ID, "panic", failed, "stack", string(debug.Stack()))
			list = nil
		}
	}()
	select {
	case t.finding <- struct{}{}:
		defer func() { <-t.finding }()
	case <-ctx.Done():
		return nil
	}
	s, err := t.bot.SummarizeAs(ctx, bot.SummaryRequest{Scopes: v.scopes(), Episode: v.Info.ID, Style: bot.Chapters, Extractive: true})
	if err != nil {
		t.log.Warn("find chapters for page", "episode", v.Info.ID, "error", err)
		return nil
	}
	for i := range s.Points {
		if p := &s.Points[i]; p.Heading != "" {
			c := &s.Citations[p.Citations[0]-1]
			list = append(list, chapterLink{p.Heading, c.Start, c.FirstLine, c.LastLine})
		}
	}
	if len(list) < 2 { // one part is the whole
		return nil
	}
	return list
}
