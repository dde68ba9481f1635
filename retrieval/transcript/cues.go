package transcript

import (
	"fmt"
	"slices"
	"time"

	"verbatim/retrieval"
)

// cue is one caption, segment or word as a reader found it.
type cue struct {
	line       int // of the file, from 1, where it begins
	start, end retrieval.Moment
	speaker    string
	several    bool     // more than one speaks; speaker is "" then
	rows       []string // as laid out on screen, each tidy and not empty
	spaced     bool     // of a word: the file has a space before it
}

// cueList collects the cues of one file in its order.
type cueList struct {
	d    *draft
	cues []cue
	// unordered is set where the format allows cues in any order; otherwise
	// a start before that of the cue before it is a fault.
	unordered bool
	last      retrieval.Moment // latest start
}

// add appends the cue. An end before the start is a fault and becomes unknown,
// since one of the two is wrong and the start is what leads to the words. It
// returns ErrTooManyLines and ErrTooLong.
func (l *cueList) add(c cue) error {
	if len(l.cues) >= MaxLines {
		return &Error{Line: c.line, Err: ErrTooManyLines}
	}
	if max(c.start.Offset, c.end.Offset) > MaxHours*time.Hour {
		return &Error{Line: c.line, Err: ErrTooLong}
	}
	if c.start.Known && c.end.Known && c.end.Offset < c.start.Offset {
		l.d.warn(c.line, "end %s is before start %s", exactTime(c.end), exactTime(c.start))
		c.end = retrieval.Moment{}
	}
	if c.start.Known {
		if !l.unordered && l.last.Known && c.start.Offset < l.last.Offset {
			l.d.warn(c.line, "start %s is before %s, where an earlier cue starts", exactTime(c.start), exactTime(l.last))
		} else {
			l.last = c.start
		}
	}
	l.cues = append(l.cues, c)
	return nil
}

// finish makes the cues the lines of the episode: words are joined to
// sentences, cues numbered, and those without words counted but not kept.
// With labels, and when no cue has a speaker, "Name:" at the start of the text
// becomes the speaker.
func (l *cueList) finish(labels bool) {
	cues := l.cues
	if wordLevel(cues) {
		cues = joinWords(cues)
	}
	e := &l.d.episode
	e.TotalLines = len(cues)
	named := false
	var rows [][]string
	for i := range cues {
		c := &cues[i]
		text := joinRows(c.rows)
		if text == "" {
			continue
		}
		named = named || c.speaker != "" || c.several
		rows = append(rows, c.rows)
		e.Lines = append(e.Lines, retrieval.Line{N: i + 1, Speaker: c.speaker, Start: c.start, End: c.end, Text: text})
	}
	if labels && !named {
		labelTurns(e.Lines, rows)
		// A caption may have been a label, or the mark of a change, alone.
		e.Lines = slices.DeleteFunc(e.Lines, func(l retrieval.Line) bool { return l.Text == "" })
	}
}

// exactTime is h:mm:ss or m:ss with milliseconds where there are any.
func exactTime(m retrieval.Moment) string {
	if ms := m.Offset % time.Second / time.Millisecond; ms != 0 {
		return fmt.Sprintf("%s.%03d", m, ms)
	}
	return m.String()
}
