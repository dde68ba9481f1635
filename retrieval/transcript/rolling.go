package transcript

import (
	"strings"
	"time"
)

// rollingGap is how far apart two cues may be for the second to roll on from
// the first; YouTube's follow each other without any gap.
const rollingGap = 100 * time.Millisecond

// maxRollingRows is the most rows looked for again; screens show up to four.
const maxRollingRows = 8

// unroll takes repeated words out of rolling captions, in which each cue shows
// the last rows of the cue before it above its new row, as YouTube's automatic
// captions do. A cue with nothing new is left without rows.
//
// Rows are only taken out of a file that rolls: one in which at least three
// in ten of the cues that follow another without a gap repeat its last rows
// and go on with new words. Words that are said twice are kept in any other
// file, and in a rolling one where the cue shows them in a row of their own.
func unroll(cues []cue) {
	follows, rolls := 0, 0
	for i := 1; i < len(cues); i++ {
		prev, c := &cues[i-1], &cues[i]
		if !rollsOn(prev, c) {
			continue
		}
		follows++
		if fresh := freshRows(prev.rows, c.rows); len(fresh) > 0 && !sameRows(fresh, c.rows) {
			rolls++
		}
	}
	if rolls == 0 || rolls*10 < follows*3 {
		return
	}
	shown := cues[0].rows // of the cue before, as the file has them
	for i := 1; i < len(cues); i++ {
		c := &cues[i]
		rows := c.rows
		if rollsOn(&cues[i-1], c) {
			c.rows = freshRows(shown, rows)
		}
		shown = rows
	}
}

// rollsOn reports whether c may go on from prev: one voice and no gap.
func rollsOn(prev, c *cue) bool {
	if len(c.rows) == 0 || c.speaker != prev.speaker {
		return false
	}
	return !prev.end.Known || !c.start.Known || c.start.Offset-prev.end.Offset <= rollingGap
}

// freshRows is what rows says beyond the last rows shown before it: the most
// rows at its start that equal rows at the end of shown are cut off; failing
// that, words that only make the last shown row longer are the new ones.
func freshRows(shown, rows []string) []string {
	for n := min(len(shown), len(rows), maxRollingRows); n > 0; n-- {
		if sameRows(shown[len(shown)-n:], rows[:n]) {
			return rows[n:]
		}
	}
	if len(shown) > 0 && len(rows) > 0 {
		if more, ok := strings.CutPrefix(rows[0], shown[len(shown)-1]+" "); ok {
			return append([]string{more}, rows[1:]...)
		}
	}
	return rows
}

func sameRows(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
