package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval"
)

// countingLibrary counts how often the sentences of an episode are read, which
// is once for each summary made; before, if not nil, is called before it.
type countingLibrary struct {
	retrieval.Library
	read   atomic.Int64
	before func(context.Context) error
}

func (l *countingLibrary) Sentences(ctx context.Context, scope retrieval.Scope, id retrieval.EpisodeID) ([]retrieval.Sentence, error) {
	l.read.Add(1)
	if l.before != nil {
		if err := l.before(ctx); err != nil {
			return nil, err
		}
	}
	return l.Library.Sentences(ctx, scope, id)
}

func counted(b *Bot) *countingLibrary {
	l := &countingLibrary{Library: b.library}
	b.library = l
	return l
}

func TestSummarizeAs(t *testing.T) {
	b := newBot(t)
	l := counted(b)
	for _, style := range Styles {
		want, err := b.Summarize(t.Context(), public.Scopes, sampleID, style)
		if err != nil {
			t.Fatal(err)
		}
		before := l.read.Load()
		for range 3 {
			got, err := b.SummarizeAs(t.Context(), SummaryRequest{Scopes: guildAndPublic, Episode: sampleID, Style: style})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-Summarize +SummarizeAs):\n%s", style, diff)
			}
		}
		if n := l.read.Load() - before; n != 1 {
			t.Errorf("%s was made %d times, want once", style, n)
		}
	}
	if _, err := b.SummarizeAs(t.Context(), SummaryRequest{Scopes: public.Scopes, Episode: sampleID, Style: "haiku"}); !errors.Is(err, ErrStyle) {
		t.Errorf("unknown style: %v, want ErrStyle", err)
	}
	for _, scopes := range [][]retrieval.Scope{{guild}, nil} {
		if _, err := b.SummarizeAs(t.Context(), SummaryRequest{Scopes: scopes, Episode: sampleID, Style: Brief}); !errors.Is(err, retrieval.ErrUnknownEpisode) {
			t.Errorf("episode of another scope: %v, want ErrUnknownEpisode", err)
		}
	}
}

// TestSummarizeAsIsNeverOld changes an episode in every way that a summary
// shows.
func TestSummarizeAsIsNeverOld(t *testing.T) {
	b := newBot(t)
	talk := func(title, text, extra string) string {
		return "---\ntitle: " + title + "\n" + extra + "---\n" + text
	}
	const ann = "Ann: The harbour froze in the winter of 1962, all of it, and nobody could sail.\n"
	for _, text := range []string{
		talk("One", ann, ""), talk("Two", ann, ""), talk("Two", strings.Replace(ann, "1962", "1963", 1), ""),
		talk("Two", strings.Replace(ann, "Ann", "Bob", 1), ""), talk("Two", ann, "audio: https://example.com/a.mp3\n"),
		talk("Two", "\n\n"+ann, ""), talk("One", ann, ""),
	} {
		// Not through the bot, as another process would.
		other := New(b.library, b.embedder, b.compare)
		addText(t, other, guild, "talk.md", text)
		for _, style := range []string{Brief, Chapters} {
			want, err := b.Summarize(t.Context(), guildAndPublic, "talk", style)
			if err != nil {
				t.Fatal(err)
			}
			got, err := b.SummarizeAs(t.Context(), SummaryRequest{Scopes: guildAndPublic, Episode: "talk", Style: style})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("after the change to %q (-want +got):\n%s", text, diff)
			}
		}
	}
	if err := b.Remove(t.Context(), guild, "talk"); err != nil {
		t.Fatal(err)
	}
	if s, err := b.SummarizeAs(t.Context(), SummaryRequest{Scopes: guildAndPublic, Episode: "talk", Style: Brief}); !errors.Is(err, retrieval.ErrUnknownEpisode) {
		t.Errorf("summary of a removed episode: %+v, %v", s, err)
	}
	if len(b.summaries.entries) != 0 || b.summaries.bytes != 0 || b.summaries.order.Len() != 0 {
		t.Errorf("%d summaries kept of an episode that was removed", len(b.summaries.entries))
	}
}

// TestSummarizeAsWhileChanged changes the episode while its summary is
// made, and back: the summary must not be kept as that of the first text.
func TestSummarizeAsWhileChanged(t *testing.T) {
	b := newBot(t)
	const old, changed = "Ann: The harbour froze in the winter of 1962, all of it.\n", "Ann: The lighthouse burnt in the summer of 1970, all of it.\n"
	other := New(b.library, b.embedder, b.compare)
	addText(t, other, guild, "talk.txt", old)
	l := counted(b)
	l.before = func(context.Context) error {
		l.before = nil
		addText(t, other, guild, "talk.txt", changed)
		return nil
	}
	for _, text := range []string{changed, old} {
		if text == old {
			addText(t, other, guild, "talk.txt", old)
		}
		s, err := b.SummarizeAs(t.Context(), SummaryRequest{Scopes: guildAndPublic, Episode: "talk", Style: Brief})
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Points) == 0 || s.Points[0].Text != strings.TrimSpace(text) {
			t.Errorf("summary is %+v, want %q", s.Points, text)
		}
	}
}

func TestSummarizeAsShares(t *testing.T) {
	b := newBot(t)
	l := counted(b)
	started, proceed := make(chan struct{}), make(chan struct{})
	l.before = func(ctx context.Context) error {
		if l.read.Load() == 1 {
			close(started)
			<-proceed
		}
		return ctx.Err()
	}
	// The first caller gives up while its summary is made; those who wait for
	// it do not.
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := b.SummarizeAs(ctx, SummaryRequest{Scopes: public.Scopes, Episode: sampleID, Style: Detailed}); !errors.Is(err, context.Canceled) {
			t.Errorf("the caller that gave up: %v, want context.Canceled", err)
		}
	})
	<-started
	for range 20 {
		wg.Go(func() {
			if s, err := b.SummarizeAs(t.Context(), SummaryRequest{Scopes: public.Scopes, Episode: sampleID, Style: Detailed}); err != nil || len(s.Points) == 0 {
				t.Errorf("a caller that waited: %+v, %v", s, err)
			}
		})
	}
	cancel()
	close(proceed)
	wg.Wait()
	if n := l.read.Load(); n > 4 {
		t.Errorf("22 calls made the summary %d times", n)
	}
}

func TestSummariesAreBounded(t *testing.T) {
	var c summaries
	key := func(i int) summaryKey { return summaryKey{scope: guild, episode: retrieval.EpisodeID(fmt.Sprint(i))} }
	for i := range 3 * maxSummaries {
		c.keep(key(i), &Summary{Title: strings.Repeat("x", 1000)}, time.Time{})
		c.find(key(0)) // used again and again, so it stays
	}
	if len(c.entries) != maxSummaries || c.order.Len() != maxSummaries || c.find(key(0)) == nil || c.find(key(1)) != nil {
		t.Errorf("%d summaries kept, the first: %v, the second: %v", len(c.entries), c.find(key(0)) != nil, c.find(key(1)) != nil)
	}
	for i := range 10 {
		c.keep(key(1000+i), &Summary{Points: []Point{{Text: strings.Repeat("x", maxSummaryBytes/3)}}}, time.Time{})
	}
	if c.bytes > maxSummaryBytes || len(c.entries) > 3 {
		t.Errorf("%d summaries with %d bytes kept, want at most %d", len(c.entries), c.bytes, maxSummaryBytes)
	}
	c.keep(key(2000), &Summary{Title: strings.Repeat("x", maxSummaryBytes+1)}, time.Time{})
	if c.find(key(2000)) != nil {
		t.Errorf("a summary larger than the cache was kept")
	}
	for i := range 10 {
		c.forget(guild, key(1000+i).episode)
	}
	if c.bytes != 0 || len(c.entries) != 0 || c.order.Len() != 0 {
		t.Errorf("%d bytes and %d summaries left after forgetting all", c.bytes, len(c.entries))
	}
}

// TestSummarizePanics: a panic in the making is one of everybody who waits, where
// it can be seen, and not the end of the program.
func TestSummarizePanics(t *testing.T) {
	b := newBot(t)
	l := counted(b)
	l.before = func(context.Context) error { panic("oops") }
	request := SummaryRequest{Scopes: public.Scopes, Episode: sampleID, Style: Brief}
	broken := catch(func() { b.SummarizeAs(t.Context(), request) })
	if broken == nil || !strings.Contains(fmt.Sprint(broken.value), "oops") {
		t.Errorf("the panic was %+v, want that of the making", broken)
	}
	if len(b.summaries.flights) != 0 || len(b.summaries.entries) != 0 {
		t.Error("something is left of it")
	}
	l.before = nil
	if s, err := b.SummarizeAs(t.Context(), request); err != nil || len(s.Points) == 0 {
		t.Errorf("the next summary is %+v, %v", s, err)
	}
}
