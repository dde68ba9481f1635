package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// regionInterval is the least time between two drawings of a region: as often
// as eyes follow.
const regionInterval = 80 * time.Millisecond

// region is the last lines of the terminal, where text stands that will be
// replaced. A nil region shows nothing. Not safe for concurrent use.
type region struct {
	ui *ui
	// size is the terminal's present width and height in cells.
	size  func() (columns, rows int)
	now   func() time.Time
	drawn int // lines on the screen
	last  time.Time
}

// region starts one; nil where stdout is no terminal or must not be styled.
func (u *ui) region() *region {
	f, ok := u.stdout.(*os.File)
	if !u.styled || !ok {
		return nil
	}
	return &region{ui: u, now: time.Now, size: func() (int, int) {
		columns, rows, err := term.GetSize(int(f.Fd()))
		if err != nil {
			return 0, 0
		}
		return columns, rows
	}}
}

// show puts the text, of whole lines no wider than lineWidth, in place of what
// was shown before. Of a text that is higher than the screen it shows the end.
// Texts that come too soon are left out, since the next will say more.
func (r *region) show(text string) {
	now := r.now()
	if !r.last.IsZero() && now.Sub(r.last) < regionInterval {
		return
	}
	r.last = now
	width, height := r.size()
	if width <= lineWidth || height < 3 { // lines would wrap, and be miscounted
		r.clear()
		return
	}
	lines := strings.SplitAfter(text, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	lines = lines[max(0, len(lines)-(height-1)):]
	r.clear()
	r.ui.printf("%s", strings.Join(lines, ""))
	r.drawn = len(lines)
}

// clear takes the text off the screen: cursor up, and erase to the end of the
// screen (ECMA-48, sections 8.3.22 and 8.3.39).
func (r *region) clear() {
	if r == nil || r.drawn == 0 {
		return
	}
	r.ui.printf("%s", fmt.Sprintf("\x1b[%dA\x1b[J", r.drawn))
	r.drawn = 0
}
