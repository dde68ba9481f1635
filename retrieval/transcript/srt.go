package transcript

import (
	"strconv"
	"strings"
)

// sniffRows is how many rows that are not blank a sniffer looks at.
const sniffRows = 100

// sniffSRT reports whether a line near the start gives two times with an arrow
// between them: "-->", since texts have "10:00 -> 11:00".
func sniffSRT(src *source) bool {
	rows := 0
	for _, line := range src.lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if a, ok := parseArrow(line); ok && a.broken == "" && strings.Contains(line, "-->") {
			return true
		}
		if rows++; rows == sniffRows {
			return false
		}
	}
	return false
}

// readSRT reads SubRip captions. The format has no specification; what is
// allowed here is what players allow: dots for commas, no numbers, no
// fractions, coordinates after the times, blank lines inside a caption and
// none between captions. A caption of several voices ("<v Name>", borrowed
// from WebVTT) is one line without a speaker.
func readSRT(src *source, d *draft) error {
	r := srtReader{lines: src.lines, list: cueList{d: d}}
	for i := range src.lines {
		if err := r.line(i); err != nil {
			return err
		}
	}
	if err := r.last(); err != nil {
		return err
	}
	unroll(r.list.cues)
	r.list.finish(true)
	return nil
}

// srtReader is the caption at hand: lines[from:] up to the line being read.
type srtReader struct {
	lines    []string
	list     cueList
	open     bool // a caption has begun
	from     int  // index of its first line of text
	cue      cue
	numbered bool // captions have numbers
	number   int  // the last one, 0 when unknown
}

// line reads lines[i].
func (r *srtReader) line(i int) error {
	if a, ok := parseArrow(r.lines[i]); ok {
		end, number := r.cutNumber(i)
		if err := r.flush(end); err != nil {
			return err
		}
		r.begin(i, a, number)
		return nil
	}
	if number, ok := r.loneNumber(i); ok {
		if err := r.flush(i); err != nil {
			return err
		}
		r.list.d.warn(i+1, "caption %d has no times", number)
		r.begin(i, arrow{}, number)
	}
	return nil
}

// begin opens the caption whose times stand on lines[i].
func (r *srtReader) begin(i int, a arrow, number int) {
	if a.broken != "" {
		r.list.d.warn(i+1, "%q is no time", clip(a.broken))
	}
	if !r.open {
		r.numbered = number > 0
	}
	r.number = number
	r.open, r.from = true, i+1
	r.cue = cue{line: i + 1, start: a.start, end: a.end}
	if settings(a.rest) {
		a.rest = ""
	}
	if a.rest != "" {
		r.cue.rows = []string{a.rest}
	}
}

// settings reports whether what follows the times is coordinates or settings
// ("X1:40 X2:600", "align:start"), not words.
func settings(rest string) bool {
	for field := range strings.FieldsSeq(rest) {
		if !strings.ContainsAny(field, ":%") {
			return false
		}
	}
	return true
}

// flush closes the caption at hand, whose text ends before lines[end].
func (r *srtReader) flush(end int) error {
	if !r.open {
		for i, line := range r.lines[:end] {
			if strings.TrimSpace(line) != "" {
				r.list.d.warn(i+1, "text before the first time is left out: %q", clip(line))
			}
		}
		return nil
	}
	text := strings.Join(append(r.cue.rows, r.lines[r.from:end]...), "\n")
	return addRuns(&r.list, r.cue, captionRuns(text, false))
}

// last closes the last caption. A file cut off behind the number of the next
// one ends with that.
func (r *srtReader) last() error {
	end, number := r.cutNumber(len(r.lines))
	if !r.open || !r.numbered || number != r.number+1 {
		return r.flush(len(r.lines))
	}
	if err := r.flush(end); err != nil {
		return err
	}
	r.list.d.warn(end+1, "caption %d has no times", number)
	r.from = len(r.lines)
	r.cue = cue{line: end + 1}
	return r.flush(r.from)
}

// addRuns adds a caption as one cue. Where several voices speak in it, it has
// the words of all and no speaker: a line is a cue, so that numbers do not
// shift, and a line has one speaker at most.
func addRuns(list *cueList, c cue, runs []spoken) error {
	c.speaker, c.rows, c.several = runs[0].speaker, runs[0].rows, len(runs) > 1
	for _, run := range runs[1:] {
		c.speaker, c.rows = "", append(c.rows, run.rows...)
	}
	return list.add(c)
}

// cutNumber finds the number of the caption whose times stand on lines[i]: the
// text before ends at end. Digits count as a number when they stand right above
// the times and either captions have numbers or a blank line is above them.
func (r *srtReader) cutNumber(i int) (end, number int) {
	j := i - 1
	for j >= r.from && strings.TrimSpace(r.lines[j]) == "" {
		j--
	}
	if j < r.from {
		return i, 0
	}
	n, ok := captionNumber(r.lines[j])
	if !ok {
		return i, 0
	}
	blankAbove := j == r.from || strings.TrimSpace(r.lines[j-1]) == ""
	switch {
	case !r.open, j == i-1 && (r.numbered || blankAbove), r.numbered && blankAbove && n == r.number+1:
		return j, n
	}
	return i, 0
}

// loneNumber reports whether lines[i] is the number of a caption whose times
// are missing: the one that comes next, between a blank line and text.
func (r *srtReader) loneNumber(i int) (int, bool) {
	if !r.open || !r.numbered || i <= r.from || strings.TrimSpace(r.lines[i-1]) != "" {
		return 0, false
	}
	n, ok := captionNumber(r.lines[i])
	if !ok || n != r.number+1 {
		return 0, false
	}
	for _, line := range r.lines[i+1 : min(len(r.lines), i+4)] {
		if _, ok := parseArrow(line); ok {
			return 0, false
		}
		if strings.TrimSpace(line) != "" {
			break
		}
	}
	return n, true
}

// captionNumber reads a line that is a number and nothing else.
func captionNumber(line string) (int, bool) {
	line = strings.TrimSpace(strings.TrimPrefix(line, "\ufeff"))
	if len(line) > 9 || strings.Trim(line, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(line)
	return n, err == nil
}

// clip shortens text for a message.
func clip(s string) string {
	const most = 60
	s = clean(s)
	for i := range s {
		if i >= most {
			return s[:i] + "..."
		}
	}
	return s
}
