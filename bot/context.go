package bot

import (
	"context"
	"slices"
	"unicode/utf8"

	"verbatim/retrieval"
)

const (
	// pageCharacters is about how many characters of text a page of lines
	// holds: what reads well on a phone, and leaves room in a message.
	pageCharacters = 1200
	// linesAtOnce is how many line numbers are read at once: more than a page
	// needs of most transcripts.
	linesAtOnce = 128
)

// Around is a page of an episode's lines about a cited place.
type Around struct {
	Info retrieval.EpisodeInfo
	// Lines are whole lines in order, at least one, boilerplate included.
	Lines []retrieval.Line
	// First and Last are the cited lines (Line.N), both included; they need
	// not be on this page.
	First, Last int
	// HasBefore and HasAfter tell whether there are pages Page-1 and Page+1.
	HasBefore, HasAfter bool
	// Page is 0 for the page of the cited lines, negative before it.
	Page int
}

// Context is a page of lines: page 0 holds the cited lines, from first to last,
// with what stands around them, page -1 what comes before it, page 1 what comes
// after. A page has about 1,200 characters, more when one line has; cited
// lines beyond that go on on the next page. Together the pages hold every line
// once. Beyond the ends of the episode the last page there is comes back, and
// for lines that the episode does not have those nearest to them. Errors:
// retrieval.ErrUnknownEpisode, also when the episode's scope is none of the
// viewer's, and those of the library.
func (b *Bot) Context(ctx context.Context, scopes []retrieval.Scope, ref EpisodeRef, first, last, page int) (*Around, error) {
	info, err := b.Info(ctx, scopes, ref)
	if err != nil {
		return nil, err
	}
	r := &lineReader{library: b.library, info: info}
	a := &Around{Info: *info, First: first, Last: max(first, last)}
	before, after := r.walk(first-1, -1), r.walk(first, 1)
	if a.Lines, err = pageOf(ctx, before, after, a.Last); err != nil {
		return nil, err
	}
	for a.Page != page {
		step, side := 1, after
		if page < 0 {
			step, side = -1, before
		}
		next, err := side.page(ctx)
		if err != nil {
			return nil, err
		}
		if len(next) == 0 {
			break
		}
		a.Page += step
		a.Lines = next
	}
	slices.SortFunc(a.Lines, func(a, b retrieval.Line) int { return a.N - b.N })
	earlier, err := before.peek(ctx)
	if err != nil {
		return nil, err
	}
	later, err := after.peek(ctx)
	a.HasBefore, a.HasAfter = a.Page > 0 || earlier != nil, a.Page < 0 || later != nil
	return a, err
}

// pageOf is page 0: the cited lines, then lines from both sides so that about
// as much stands before as after, until a page is full.
func pageOf(ctx context.Context, before, after *lineWalk, last int) ([]retrieval.Line, error) {
	var lines []retrieval.Line
	size := 0
	for {
		line, err := after.peek(ctx)
		if err != nil {
			return nil, err
		}
		if line == nil || line.N > last && len(lines) > 0 || len(lines) > 0 && size+characters(line) > pageCharacters {
			break
		}
		lines, size = append(lines, *line), size+characters(line)
		after.take()
	}
	if len(lines) == 0 { // the cited lines are beyond the end
		return before.page(ctx)
	}
	cited := size
	sizes := [2]int{} // of what stands before and after
	open := [2]bool{true, true}
	for open[0] || open[1] {
		side := 0
		if !open[0] || open[1] && sizes[1] < sizes[0] {
			side = 1
		}
		walk := [2]*lineWalk{before, after}[side]
		line, err := walk.peek(ctx)
		if err != nil {
			return nil, err
		}
		if line == nil || cited+sizes[0]+sizes[1]+characters(line) > pageCharacters {
			open[side] = false
			continue
		}
		lines = append(lines, *line)
		sizes[side] += characters(line)
		walk.take()
	}
	return lines, nil
}

// characters is the room a line takes.
func characters(l *retrieval.Line) int { return utf8.RuneCountInString(l.Text) + 1 }

// lineReader reads the lines of one episode.
type lineReader struct {
	library retrieval.Library
	info    *retrieval.EpisodeInfo
}

// lineWalk goes through the lines in one direction, from a number on.
type lineWalk struct {
	*lineReader
	next, step int // next is the first number not read yet
	read       []retrieval.Line
}

func (r *lineReader) walk(from, step int) *lineWalk {
	from = min(max(from, 0), r.info.TotalLines+1)
	return &lineWalk{lineReader: r, next: from, step: step}
}

// peek is the next line, nil at the end.
func (w *lineWalk) peek(ctx context.Context) (*retrieval.Line, error) {
	for len(w.read) == 0 {
		if w.next < 1 && w.step < 0 || w.next > w.info.TotalLines && w.step > 0 {
			return nil, nil
		}
		first, last := w.next, w.next+linesAtOnce-1
		if w.step < 0 {
			first, last = max(1, w.next-linesAtOnce+1), w.next
		}
		lines, err := w.library.Lines(ctx, w.info.Scope, w.info.ID, first, last)
		if err != nil {
			return nil, err
		}
		if w.step < 0 {
			slices.Reverse(lines)
			w.next = first - 1
		} else {
			w.next = last + 1
		}
		w.read = lines
	}
	return &w.read[0], nil
}

// take goes past the line that peek has given.
func (w *lineWalk) take() { w.read = w.read[1:] }

// page takes the next lines that fill a page, at least one unless there is
// none left.
func (w *lineWalk) page(ctx context.Context) ([]retrieval.Line, error) {
	var lines []retrieval.Line
	size := 0
	for {
		line, err := w.peek(ctx)
		if err != nil {
			return nil, err
		}
		if line == nil || len(lines) > 0 && size+characters(line) > pageCharacters {
			return lines, nil
		}
		lines, size = append(lines, *line), size+characters(line)
		w.take()
	}
}
