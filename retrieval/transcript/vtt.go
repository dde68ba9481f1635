package transcript

import (
	"strconv"
	"strings"
	"time"

	"verbatim/retrieval"
)

// sniffVTT reports whether the first line that is not blank is the WebVTT
// signature.
func sniffVTT(src *source) bool {
	for _, line := range src.lines {
		if line = strings.TrimSpace(line); line != "" {
			return line == "WEBVTT" || strings.HasPrefix(line, "WEBVTT ") || strings.HasPrefix(line, "WEBVTT\t")
		}
	}
	return false
}

// readVTT reads WebVTT (W3C, https://www.w3.org/TR/webvtt1/, section 4), more
// tolerantly than the specification in that times may be bare seconds and have
// any number of decimals.
//
// A cue in which several voices speak ("<v Name>", or labels at the start of
// its rows) is one line that has no speaker and the words of all.
//
// X-TIMESTAMP-MAP (RFC 8216, section 3.5) ties cue times to the clock of a
// stream whose start no file tells. The times of the first header are
// therefore kept as they are; those under a later header, in a file made of
// several segments, are moved so that both lie on one clock.
func readVTT(src *source, d *draft) error {
	r := vttReader{lines: src.lines, list: cueList{d: d}}
	for i := range src.lines {
		if err := r.line(i); err != nil {
			return err
		}
	}
	if err := r.flush(len(src.lines)); err != nil {
		return err
	}
	unroll(r.list.cues)
	r.list.finish(true)
	return nil
}

// vttReader reads line by line.
type vttReader struct {
	lines []string
	list  cueList
	state vttState
	from  int // index of the first line of the cue's text
	cue   cue
	first *timestampMap // of the first header that has one
	shift time.Duration // added to the times under the header at hand
}

// vttState is what the lines at hand belong to.
type vttState int

const (
	vttHeader vttState = iota
	vttBetween
	vttIgnored // NOTE, STYLE, REGION
	vttCue
)

// line reads lines[i].
func (r *vttReader) line(i int) error {
	line := r.lines[i]
	afterBlank := i > 0 && r.lines[i-1] == ""
	a, ok := parseArrow(line)
	if !ok && afterBlank && r.state != vttHeader && strings.Contains(line, "-->") {
		// No text may hold an arrow: a cue of which no time can be read.
		a, ok = arrow{broken: line}, true
	}
	if ok {
		end := r.cutIdentifier(i)
		if err := r.flush(end); err != nil {
			return err
		}
		r.begin(i, a)
		return nil
	}
	if line == "" {
		if r.state != vttCue {
			r.state = vttBetween
		}
		return nil
	}
	switch {
	case strings.HasPrefix(line, "WEBVTT") && (afterBlank || r.state == vttHeader):
		if err := r.flush(i); err != nil {
			return err
		}
		r.state, r.shift = vttHeader, 0
	case r.state == vttHeader:
		r.header(i)
	case (afterBlank || r.state == vttBetween) && ignoredBlock(line):
		if err := r.flush(i); err != nil {
			return err
		}
		r.state = vttIgnored
	case r.state == vttBetween && !r.identifies(i):
		r.list.d.warn(i+1, "text outside any cue is left out: %q", clip(line))
	case r.state == vttCue && afterBlank && i > r.from && !r.identifies(i):
		r.list.d.warn(i+1, "text without times is kept with the cue before: %q", clip(line))
	}
	return nil
}

// ignoredBlock reports whether a block that begins with line has no words.
func ignoredBlock(line string) bool {
	word, _, _ := strings.Cut(strings.ReplaceAll(line, "\t", " "), " ")
	return word == "NOTE" || word == "STYLE" || word == "REGION" || strings.HasPrefix(word, "STYLE::")
}

// identifies reports whether lines[i] stands right above a cue's times.
func (r *vttReader) identifies(i int) bool {
	if i+1 >= len(r.lines) {
		return false
	}
	_, ok := parseArrow(r.lines[i+1])
	return ok
}

// cutIdentifier is where the text before the times on lines[i] ends: a line
// right above them that has a blank line above it, or the header, is the cue's
// identifier.
func (r *vttReader) cutIdentifier(i int) int {
	j := i - 1
	if j < r.from || strings.TrimSpace(r.lines[j]) == "" {
		return i
	}
	if j == 0 || strings.TrimSpace(r.lines[j-1]) == "" {
		return j
	}
	if _, ok := captionNumber(r.lines[j]); ok && j > r.from {
		return j
	}
	return i
}

// begin opens the cue whose times stand on lines[i].
func (r *vttReader) begin(i int, a arrow) {
	if a.broken != "" {
		r.list.d.warn(i+1, "%q is no time", clip(a.broken))
	}
	r.state, r.from = vttCue, i+1
	r.cue = cue{line: i + 1, start: r.shifted(i, a.start), end: r.shifted(i, a.end)}
}

// flush closes the cue at hand, if any, whose text ends before lines[end].
func (r *vttReader) flush(end int) error {
	if r.state != vttCue {
		return nil
	}
	r.state = vttBetween
	text := strings.Join(r.lines[r.from:max(end, r.from)], "\n")
	return addRuns(&r.list, r.cue, captionRuns(text, true))
}

// header reads a line of the header block.
func (r *vttReader) header(i int) {
	value, ok := strings.CutPrefix(strings.TrimSpace(r.lines[i]), "X-TIMESTAMP-MAP=")
	if !ok {
		return
	}
	m, ok := parseTimestampMap(value)
	if !ok {
		r.list.d.warn(i+1, "X-TIMESTAMP-MAP %q makes no sense", clip(value))
		return
	}
	if r.first == nil {
		r.first = &m
	}
	r.shift = m.offset() - r.first.offset()
}

// shifted moves m to the clock of the first header.
func (r *vttReader) shifted(i int, m retrieval.Moment) retrieval.Moment {
	if !m.Known || r.shift == 0 {
		return m
	}
	m.Offset += r.shift
	if m.Offset < 0 {
		r.list.d.warn(i+1, "X-TIMESTAMP-MAP puts the time before the start")
		return retrieval.Moment{}
	}
	return m
}

// timestampMap says that the cue time local is the time mpegts of the stream.
type timestampMap struct {
	local  time.Duration
	mpegts int64 // in units of 1/90000 s, below 1<<33
}

// offset is what added to a cue time gives the time of the stream.
func (m *timestampMap) offset() time.Duration {
	return time.Duration(m.mpegts)*time.Millisecond/90 - m.local
}

// parseTimestampMap reads "LOCAL:00:00:00.000,MPEGTS:900000", in any order.
func parseTimestampMap(s string) (timestampMap, bool) {
	var m timestampMap
	seen := 0
	for part := range strings.SplitSeq(s, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), ":")
		switch name {
		case "LOCAL":
			local, ok := parseClock(value)
			if !ok {
				return m, false
			}
			m.local = local
			seen |= 1
		case "MPEGTS":
			n, err := strconv.ParseInt(value, 10, 64)
			if err != nil || n < 0 || n >= 1<<33 {
				return m, false
			}
			m.mpegts = n
			seen |= 2
		}
	}
	return m, seen == 3
}
