package transcript

import (
	"strings"

	"verbatim/retrieval"
)

// sniffSBV reports whether one of the first lines that are not blank is two
// clocks parted by a comma.
func sniffSBV(src *source) bool {
	rows := 0
	for _, line := range src.lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if start, end, ok := parseSBVTimes(line); ok {
			return start.Known && end.Known
		}
		if rows++; rows == 5 {
			return false
		}
	}
	return false
}

// parseSBVTimes reads "0:00:01.000,0:00:02.500". A time that cannot be read
// while the other can is unknown.
func parseSBVTimes(line string) (start, end retrieval.Moment, ok bool) {
	left, right, ok := strings.Cut(strings.TrimSpace(line), ",")
	if !ok || len(line) > 60 || !startsWithDigit(left) || !startsWithDigit(right) {
		return start, end, false
	}
	if d, ok := parseClock(left); ok && strings.Count(left, ":") == 2 {
		start = retrieval.At(d)
	}
	if d, ok := parseClock(right); ok && strings.Count(right, ":") == 2 {
		end = retrieval.At(d)
	}
	return start, end, start.Known || end.Known
}

// readSBV reads YouTube's SubViewer captions: a row of times, text until the
// next one.
func readSBV(src *source, d *draft) error {
	list := cueList{d: d}
	var c cue
	from, open := 0, false
	flush := func(end int) error {
		if !open {
			return nil
		}
		text := strings.ReplaceAll(strings.Join(src.lines[from:end], "\n"), "[br]", "\n")
		return addRuns(&list, c, captionRuns(text, false))
	}
	for i, line := range src.lines {
		start, end, ok := parseSBVTimes(line)
		if !ok {
			if !open && strings.TrimSpace(line) != "" {
				d.warn(i+1, "text before the first time is left out: %q", clip(line))
			}
			continue
		}
		if err := flush(i); err != nil {
			return err
		}
		if !start.Known || !end.Known {
			d.warn(i+1, "%q are no two times", clip(line))
		}
		c = cue{line: i + 1, start: start, end: end}
		from, open = i+1, true
	}
	if err := flush(len(src.lines)); err != nil {
		return err
	}
	unroll(list.cues)
	list.finish(true)
	return nil
}
