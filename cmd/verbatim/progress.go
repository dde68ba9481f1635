package main

import (
	"time"

	"github.com/schollz/progressbar/v3"
)

// progressInterval is the least time between two progress lines where stderr
// is no terminal: seldom enough for a log, often enough to show life.
var progressInterval = 3 * time.Second

// progress shows how far long work is: a bar where stderr is a terminal, else
// a line every few seconds. Not safe for concurrent use.
type progress struct {
	ui    *ui
	label string
	total int
	now   func() time.Time
	bar   *progressbar.ProgressBar
	last  time.Time
}

// progress starts showing work of total steps under the label.
func (u *ui) progress(label string, total int) *progress {
	return u.progressClock(label, total, time.Now)
}

func (u *ui) progressClock(label string, total int, now func() time.Time) *progress {
	p := &progress{ui: u, label: label, total: total, now: now, last: now()}
	if u.live {
		p.bar = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(u.stderr),
			progressbar.OptionSetDescription(label),
			progressbar.OptionShowCount(),
			progressbar.OptionSetPredictTime(true),
			progressbar.OptionThrottle(65*time.Millisecond),
			progressbar.OptionClearOnFinish(),
		)
	}
	return p
}

// set says that done of the steps are done.
func (p *progress) set(done int) {
	if p.bar != nil {
		// A bar that cannot be drawn must not stop the work.
		_ = p.bar.Set(done)
		return
	}
	if now := p.now(); now.Sub(p.last) >= progressInterval {
		p.last = now
		p.ui.notef("%s: %d of %d", p.label, done, p.total)
	}
}

// of says how many steps there are, where that shows only later.
func (p *progress) of(total int) *progress {
	if p.total != total {
		p.total = total
		if p.bar != nil {
			p.bar.ChangeMax(total)
		}
	}
	return p
}

// hide takes the bar away until the next set, to make room for a line.
func (p *progress) hide() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}

// stop takes the bar away, whether or not all is done.
func (p *progress) stop() {
	if p.bar != nil {
		_ = p.bar.Exit()
		_ = p.bar.Clear()
	}
}
