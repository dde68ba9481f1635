package transcript

import (
	"strconv"
	"strings"

	"verbatim/retrieval"
)

// tsvColumns says what the columns of a table are; -1 for one it lacks.
type tsvColumns struct {
	start, end, speaker, text int
	// perSecond is the unit of whole numbers in start and end: 1000 where they
	// are milliseconds, 1 for seconds, 0 when unknown.
	perSecond float64
	header    bool // the first row that is not blank names the columns
}

// tsvNames are the names of columns, in lower case.
var tsvNames = map[string]string{
	"start": "start", "start_time": "start", "begin": "start", "from": "start",
	"end": "end", "end_time": "end", "stop": "end", "to": "end",
	"speaker": "speaker", "name": "speaker",
	"text": "text", "transcript": "text", "sentence": "text",
}

// tsvColumnsOf recognises a table of tab-separated values by its first rows;
// false when they are none:
//   - a header with "start" and "text" among its names. Whisper writes
//     start, end and text in whole milliseconds;
//   - number, number, text: labels as Audacity writes them, in seconds with
//     decimals, or clocks;
//   - name, clock, text: notes of who speaks when;
//   - index, text, the indices rising by one from 0 or 1, as sentence lists
//     have them: no times.
func tsvColumnsOf(lines []string) (tsvColumns, bool) {
	var rows [][]string
	for _, line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if len(rows) == 0 && !strings.Contains(line, "\t") {
			break
		}
		if rows = append(rows, strings.Split(line, "\t")); len(rows) == 20 {
			break
		}
	}
	if len(rows) < 2 {
		return tsvColumns{}, false
	}
	if columns, ok := tsvHeader(rows[0]); ok {
		return columns, true
	}
	fit := func(fits func(i int, row []string) bool) bool {
		n := 0
		for i, row := range rows {
			if fits(i, row) {
				n++
			}
		}
		return n*5 >= len(rows)*4 && fits(0, rows[0])
	}
	switch {
	case fit(func(_ int, row []string) bool {
		return len(row) >= 3 && isTSVTime(row[0]) && isTSVTime(row[1]) && !isTSVTime(row[2])
	}):
		return tsvColumns{start: 0, end: 1, speaker: -1, text: 2}, true
	case fit(func(_ int, row []string) bool {
		return len(row) >= 3 && kindOfName(strings.TrimSpace(row[0])) >= properName && strings.Contains(row[1], ":") &&
			isTSVTime(row[1]) && !isTSVTime(row[2])
	}):
		return tsvColumns{start: 1, end: -1, speaker: 0, text: 2}, true
	case fit(func(i int, row []string) bool {
		n, err := strconv.Atoi(row[0])
		first, _ := strconv.Atoi(rows[0][0])
		return err == nil && len(row) == 2 && n == i+first && (first == 0 || first == 1) && !isTSVTime(row[1])
	}):
		return tsvColumns{start: -1, end: -1, speaker: -1, text: 1}, true
	}
	return tsvColumns{}, false
}

// tsvHeader reads a row of names.
func tsvHeader(row []string) (tsvColumns, bool) {
	c := tsvColumns{start: -1, end: -1, speaker: -1, text: -1, header: true}
	for i, name := range row {
		switch tsvNames[strings.ToLower(strings.TrimSpace(name))] {
		case "start":
			c.start = i
		case "end":
			c.end = i
		case "speaker":
			c.speaker = i
		case "text":
			c.text = i
		}
	}
	if len(row) == 3 && c.start == 0 && c.end == 1 && c.text == 2 {
		c.perSecond = 1000 // Whisper's
	}
	return c, c.start >= 0 && c.text >= 0
}

// isTSVTime reports a clock or a number of seconds or milliseconds.
func isTSVTime(s string) bool {
	_, ok := cueMoment(strings.TrimSpace(s))
	return ok
}

func sniffTSV(src *source) bool {
	_, ok := tsvColumnsOf(src.lines)
	return ok
}

// readTSV reads a table of the kinds that tsvColumnsOf recognises. A cue is a
// row. Whole numbers whose unit nothing tells are unknown times.
func readTSV(src *source, d *draft) error {
	columns, ok := tsvColumnsOf(src.lines)
	if !ok {
		return ErrNotTranscript
	}
	r := tsvReader{tsvColumns: columns, d: d}
	if columns.start >= 0 {
		r.decideUnit(src.lines)
	}
	list := cueList{d: d}
	header := columns.header
	for i, line := range src.lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if header {
			header = false
			continue
		}
		if err := list.add(r.row(i+1, strings.Split(line, "\t"))); err != nil {
			return err
		}
	}
	list.finish(true)
	return nil
}

// tsvReader reads the rows of a table.
type tsvReader struct {
	tsvColumns
	d *draft
}

// decideUnit makes all numbers seconds when one of the times has decimals.
func (r *tsvReader) decideUnit(lines []string) {
	for _, line := range lines {
		row := strings.SplitN(line, "\t", r.start+2)
		if len(row) > r.start && isTSVTime(row[r.start]) && strings.ContainsAny(row[r.start], ".,") {
			r.perSecond = 1
			return
		}
	}
	if r.perSecond == 0 {
		for i, line := range lines {
			row := strings.SplitN(line, "\t", r.start+2)
			if len(row) <= r.start {
				continue
			}
			if s := strings.TrimSpace(row[r.start]); isTSVTime(s) && !strings.Contains(s, ":") {
				r.d.warn(i+1, "nothing tells whether times such as %q are seconds or milliseconds: left out", s)
				return
			}
		}
	}
}

// row makes a cue of a row on line n of the file. Tabs within the text, the
// last column, are spaces.
func (r *tsvReader) row(n int, row []string) cue {
	c := cue{line: n}
	if len(row) <= r.text {
		r.d.warn(n, "a row of %d columns has no text", len(row))
		return c
	}
	text := row[r.text]
	if r.text > max(r.start, r.end, r.speaker) {
		text = strings.Join(row[r.text:], " ")
	}
	if text = clean(text); text != "" {
		c.rows = []string{text}
	}
	if r.speaker >= 0 && r.speaker < len(row) {
		c.speaker = clean(row[r.speaker])
	}
	c.start, c.end = r.moment(n, row, r.start), r.moment(n, row, r.end)
	return c
}

// moment reads the time in a column.
func (r *tsvReader) moment(n int, row []string, column int) retrieval.Moment {
	if column < 0 || column >= len(row) {
		return retrieval.Moment{}
	}
	s := strings.TrimSpace(row[column])
	if d, ok := parseClock(s); ok {
		return retrieval.At(d)
	}
	d, ok := parseSeconds(s)
	if !ok {
		if s != "" {
			r.d.warn(n, "%q is no time", clip(s))
		}
		return retrieval.Moment{}
	}
	switch r.perSecond {
	case 0:
		return retrieval.Moment{}
	case 1:
		return retrieval.At(d)
	}
	return retrieval.At(d / 1000)
}
