package bot

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"verbatim/data"
	"verbatim/retrieval"
)

// longTalk is a talk of n lines of very different lengths, some blank.
func longTalk(n int) string {
	rng := rand.New(rand.NewPCG(5, 5))
	var b strings.Builder
	for i := range n {
		switch rng.IntN(12) {
		case 0:
			b.WriteString("\n")
		case 1:
			fmt.Fprintf(&b, "Line %d. %s\n", i, strings.Repeat("A long story about the sea and the harbour. ", 1+rng.IntN(60)))
		default:
			fmt.Fprintf(&b, "Line %d of the talk, %s.\n", i, strings.Repeat("é", rng.IntN(90)))
		}
	}
	return b.String()
}

// allPages are the lines of all pages from the first to the last.
func allPages(t *testing.T, b *Bot, ref EpisodeRef, first, last int) []retrieval.Line {
	t.Helper()
	page := func(n int) *Around {
		t.Helper()
		a, err := b.Context(t.Context(), guildAndPublic, ref, first, last, n)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	a := page(0)
	for n := -1; a.HasBefore; n-- {
		if a = page(n); a.Page != n {
			t.Fatalf("page %d is page %d though there was one before", n, a.Page)
		}
	}
	if beyond := page(a.Page - 1); beyond.Page != a.Page || beyond.Lines[0].N != a.Lines[0].N {
		t.Fatalf("before the first page %d comes page %d", a.Page, beyond.Page)
	}
	lines := a.Lines
	for a.HasAfter {
		n := a.Page + 1
		if a = page(n); a.Page != n || !a.HasBefore {
			t.Fatalf("page %d is page %d (before: %v)", n, a.Page, a.HasBefore)
		}
		lines = append(lines, a.Lines...)
	}
	if beyond := page(a.Page + 7); beyond.Page != a.Page || beyond.HasAfter {
		t.Fatalf("after the last page %d comes page %d", a.Page, beyond.Page)
	}
	return lines
}

func TestContextPagesHoldEveryLineOnce(t *testing.T) {
	b := newBot(t)
	addText(t, b, guild, "long.txt", longTalk(250))
	for _, test := range []struct {
		ref    EpisodeRef
		places [][2]int
	}{
		{EpisodeRef{retrieval.Public, sampleID}, [][2]int{{1, 1}, {48, 51}, {66, 66}, {121, 121}, {500, 501}, {-3, -1}, {1, 121}, {60, 50}}},
		{EpisodeRef{guild, "long"}, [][2]int{{1, 2}, {120, 123}, {249, 250}}},
	} {
		e, err := b.library.Episode(t.Context(), test.ref.Scope, test.ref.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, place := range test.places {
			got := allPages(t, b, test.ref, place[0], place[1])
			if len(got) != len(e.Lines) {
				t.Errorf("%s, lines %v: %d lines on all pages, want %d", test.ref.ID, place, len(got), len(e.Lines))
				continue
			}
			for i := range got {
				if got[i] != e.Lines[i] {
					t.Errorf("%s, lines %v: line %d is %+v, want %+v", test.ref.ID, place, i, got[i], e.Lines[i])
					break
				}
			}
		}
	}
}

// heldLines answers Lines from memory: each page reads its way from the cited
// one, which for all pages of a long episode is much reading.
type heldLines struct {
	retrieval.Library
	lines []retrieval.Line // N without gaps
}

func (l *heldLines) Lines(_ context.Context, _ retrieval.Scope, _ retrieval.EpisodeID, first, last int) ([]retrieval.Line, error) {
	first, last = max(first, 1), min(last, len(l.lines))
	return slices.Clone(l.lines[first-1 : max(last, first-1)]), nil
}

func TestContextOfALongEpisode(t *testing.T) {
	b := newBot(t)
	var srt strings.Builder
	rng := rand.New(rand.NewPCG(6, 6))
	for i := range 5000 {
		fmt.Fprintf(&srt, "%d\n%02d:%02d:%02d,000 --> %02d:%02d:%02d,900\nCue %d, %s.\n\n", i+1, i/3600, i/60%60, i%60, i/3600, i/60%60, i%60, i, strings.Repeat("word ", rng.IntN(20)))
	}
	addText(t, b, guild, "long.srt", srt.String())
	e, err := b.library.Episode(t.Context(), guild, "long")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(e.Lines); n != 5000 || e.Lines[n-1].N != n {
		t.Fatalf("%d lines, want 5,000 without gaps", n)
	}
	b.library = &heldLines{Library: b.library, lines: e.Lines}
	if got := allPages(t, b, EpisodeRef{guild, "long"}, 2500, 2503); !slices.Equal(got, e.Lines) {
		t.Errorf("all pages hold %d lines, not each of the %d once", len(got), len(e.Lines))
	}
}

func TestContextAroundCitedLines(t *testing.T) {
	b := newBot(t)
	sample := EpisodeRef{retrieval.Public, sampleID}
	lines := strings.Count(data.Sample, "\n")
	for first := 1; first <= lines; first += 7 {
		last := first + first%4
		a, err := b.Context(t.Context(), guildAndPublic, sample, first, last, 0)
		if err != nil {
			t.Fatal(err)
		}
		size, held := 0, map[int]bool{}
		for i := range a.Lines {
			size += characters(&a.Lines[i])
			held[a.Lines[i].N] = true
		}
		if size > pageCharacters && len(a.Lines) > 1 {
			t.Errorf("page of lines %d to %d has %d characters", first, last, size)
		}
		if size < pageCharacters/2 && a.HasBefore && a.HasAfter {
			t.Errorf("page of lines %d to %d has %d characters only", first, last, size)
		}
		cited, err := b.library.Lines(t.Context(), retrieval.Public, sampleID, first, last)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range cited {
			if !held[l.N] {
				t.Errorf("page of lines %d to %d lacks line %d", first, last, l.N)
			}
		}
		if a.First != first || a.Last != last || a.Info.ID != sampleID || a.Page != 0 {
			t.Errorf("page of lines %d to %d says it is %d to %d of %s, page %d", first, last, a.First, a.Last, a.Info.ID, a.Page)
		}
	}
	a, err := b.Context(t.Context(), guildAndPublic, sample, 114, 115, 0)
	if err != nil {
		t.Fatal(err)
	}
	boilerplate := false
	for _, l := range a.Lines {
		boilerplate = boilerplate || l.Boilerplate
	}
	if !boilerplate {
		t.Errorf("page of lines 114 and 115 has no boilerplate; it is quotable")
	}
}

func TestContextOfOthers(t *testing.T) {
	b := newBot(t)
	addText(t, b, "200", "secret.txt", "The launch code is platypus, she said.\n")
	for _, ref := range []EpisodeRef{{"200", "secret"}, {guild, sampleID}, {retrieval.Public, "no-such"}, {"", sampleID}} {
		if a, err := b.Context(t.Context(), guildAndPublic, ref, 1, 1, 0); !errors.Is(err, retrieval.ErrUnknownEpisode) {
			t.Errorf("Context of %v = %+v, %v; want ErrUnknownEpisode", ref, a, err)
		}
	}
}
