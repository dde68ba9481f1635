package transcript

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"

	"verbatim/retrieval"
)

// sniffTTML reports whether the first element is <tt>.
func sniffTTML(src *source) bool {
	if !isMarkup(src) {
		return false
	}
	m := newMarkup(src.raw)
	for m.next() {
		switch m.kind {
		case html.StartTagToken:
			return m.name == "tt"
		case html.TextToken:
			if strings.TrimSpace(m.text) != "" {
				return false
			}
		default:
			return false
		}
	}
	return false
}

// readTTML reads TTML and its forerunner DFXP (W3C, https://www.w3.org/TR/ttml2/):
// a cue is a <p>. Times count from the begin of the elements around it, frames
// and ticks by the rates of the file; without times of its own a <p> takes
// those of its spans. In a container of "seq" times are unknown, since they
// hang on everything before. Speakers are the agents (ttm:agent) of the <p>, a
// span in it, or what is around it; where spans have different agents the
// line has no speaker.
func readTTML(src *source, d *draft) error {
	r := ttmlReader{
		d:      d,
		list:   cueList{d: d, unordered: true},
		rates:  frameRates{frames: 30, ticks: 1},
		agents: map[string]string{},
	}
	m := newMarkup(src.raw)
	for m.next() {
		if err := r.token(m); err != nil {
			return err
		}
	}
	if len(r.stack) > 0 {
		d.warn(m.line, "the file ends within <%s>", clip(r.stack[len(r.stack)-1].name))
	}
	if err := r.closeTo(0); err != nil {
		return err
	}
	for i := range r.list.cues {
		c := &r.list.cues[i]
		c.speaker = r.speakers(c.speaker)
	}
	r.list.finish(true)
	return nil
}

// maxTTMLDepth bounds the elements kept open; deeper ones are read as if they
// stood beside each other.
const maxTTMLDepth = 100

// ttmlReader is the element at hand with those around it.
type ttmlReader struct {
	d      *draft
	list   cueList
	rates  frameRates
	agents map[string]string // id -> name
	stack  []ttmlElement
	runs   []spoken // of the <p> at hand; speakers are ids of agents
	text   strings.Builder
	spans  ttmlTimes // of the spans in the <p> at hand
}

// ttmlElement is an open element.
type ttmlElement struct {
	name  string
	line  int
	id    string
	agent string // ids, with those of the elements around it where it has none
	times ttmlTimes
	base  time.Duration // what the times within it count from
	seq   bool          // it, or one around it, puts its children one after another
}

// ttmlTimes are times from the start of the episode.
type ttmlTimes struct{ begin, end retrieval.Moment }

// token reads a tag or a text.
func (r *ttmlReader) token(m *markupWalk) error {
	switch m.kind {
	case html.TextToken:
		r.words(m.text)
	case html.EndTagToken:
		for i := len(r.stack) - 1; i >= 0; i-- {
			if r.stack[i].name == m.name {
				return r.closeTo(i)
			}
		}
		r.d.warn(m.line, "</%s> ends nothing", clip(m.name))
	default:
		if m.name == "br" {
			r.text.WriteByte('\n')
			return nil
		}
		return r.open(m)
	}
	return nil
}

// open begins an element.
func (r *ttmlReader) open(m *markupWalk) error {
	if m.name == "p" || m.name == "div" || m.name == "body" {
		if i := r.find("p"); i >= 0 {
			r.d.warn(m.line, "<%s> begins before the <p> above it ends", clip(m.name))
			if err := r.closeTo(i); err != nil {
				return err
			}
		}
	}
	e := ttmlElement{name: m.name, line: m.line, id: m.attr["id"], agent: m.attr["agent"]}
	r.inherit(&e, m)
	switch m.name {
	case "tt":
		r.setRates(m)
	case "p":
		r.runs, r.spans = nil, ttmlTimes{}
		r.text.Reset()
	case "span":
		if n := len(r.stack); n > 0 && r.stack[n-1].agent != e.agent {
			r.endRun()
		}
		r.spans.widen(e.times)
	case "title":
		r.text.Reset()
	case "name":
		r.text.Reset()
	}
	if m.name == "agent" && e.id != "" {
		r.agents[e.id] = clean(e.id)
	}
	r.stack = append(r.stack, e)
	if m.kind == html.SelfClosingTagToken || len(r.stack) > maxTTMLDepth {
		return r.closeTo(len(r.stack) - 1)
	}
	return nil
}

// inherit sets the times of e, and from the element around it what e lacks.
func (r *ttmlReader) inherit(e *ttmlElement, m *markupWalk) {
	var around ttmlElement
	if n := len(r.stack); n > 0 {
		around = r.stack[n-1]
	}
	if e.agent == "" && e.name != "agent" {
		e.agent = around.agent
	}
	e.seq = around.seq || m.attr["timecontainer"] == "seq"
	e.base = around.base
	if around.seq {
		return
	}
	at := func(key string, origin retrieval.Moment) retrieval.Moment {
		value, ok := m.attr[key]
		if !ok {
			return retrieval.Moment{}
		}
		d, ok := parseTimeExpression(value, r.rates)
		if !ok {
			r.d.warn(m.line, "%s=%q is no time", key, clip(value))
			return retrieval.Moment{}
		}
		return after(origin, retrieval.At(d))
	}
	e.times.begin = at("begin", retrieval.At(around.base))
	if e.times.end = at("end", retrieval.At(around.base)); !e.times.end.Known {
		e.times.end = at("dur", e.times.begin)
	}
	if e.times.begin.Known {
		e.base = e.times.begin.Offset
	}
}

// find is the place of the innermost open element of that name, or -1.
func (r *ttmlReader) find(name string) int {
	for i := len(r.stack) - 1; i >= 0; i-- {
		if r.stack[i].name == name {
			return i
		}
	}
	return -1
}

// words takes a text.
func (r *ttmlReader) words(text string) {
	if len(r.stack) == 0 {
		return
	}
	switch name := r.stack[len(r.stack)-1].name; {
	case name == "title" || name == "name":
	case r.find("p") < 0 || r.find("metadata") >= 0 || name == "desc":
		return
	}
	r.text.WriteString(text)
}

// endRun closes what one agent says within the <p>.
func (r *ttmlReader) endRun() {
	rows := []string{}
	for row := range strings.SplitSeq(r.text.String(), "\n") {
		if row = clean(row); row != "" {
			rows = append(rows, row)
		}
	}
	r.text.Reset()
	if len(rows) == 0 || len(r.stack) == 0 {
		return
	}
	speaker := r.stack[len(r.stack)-1].agent
	if n := len(r.runs); n > 0 && r.runs[n-1].speaker == speaker {
		r.runs[n-1].rows = append(r.runs[n-1].rows, rows...)
		return
	}
	r.runs = append(r.runs, spoken{speaker, rows})
}

// closeTo closes the open elements down to and with stack[n].
func (r *ttmlReader) closeTo(n int) error {
	for len(r.stack) > n {
		e := r.stack[len(r.stack)-1]
		switch e.name {
		case "title":
			if r.d.episode.Title == "" && r.find("body") < 0 {
				r.d.episode.Title = clean(r.text.String())
			}
			r.text.Reset()
		case "name":
			if i := r.find("agent"); i >= 0 {
				if name := clean(r.text.String()); name != "" {
					r.agents[r.stack[i].id] = name
				}
			}
			r.text.Reset()
		case "span":
			if i := len(r.stack) - 2; i >= 0 && r.stack[i].agent != e.agent {
				r.endRun()
			}
		case "p":
			r.endRun()
			if err := r.addParagraph(&e); err != nil {
				return err
			}
		}
		r.stack = r.stack[:len(r.stack)-1]
	}
	return nil
}

// addParagraph adds the <p> at hand.
func (r *ttmlReader) addParagraph(e *ttmlElement) error {
	times := e.times
	if !times.begin.Known && !times.end.Known {
		times = r.spans
	}
	if len(r.runs) == 0 {
		r.runs = []spoken{{}}
	}
	return addRuns(&r.list, cue{line: e.line, start: times.begin, end: times.end}, r.runs)
}

// widen makes the times hold those of a span as well.
func (t *ttmlTimes) widen(span ttmlTimes) {
	if span.begin.Known && !t.begin.Known {
		t.begin = span.begin
	}
	if span.end.Known && (!t.end.Known || span.end.Offset > t.end.Offset) {
		t.end = span.end
	}
}

// speakers is the names of agents for their ids.
func (r *ttmlReader) speakers(ids string) string {
	names := strings.Fields(ids)
	for i, id := range names {
		if name := r.agents[id]; name != "" {
			names[i] = name
		}
	}
	return clean(strings.Join(names, ", "))
}

// setRates reads frame and tick rates from <tt>. Defaults are those of TTML2,
// section 7.2.5: 30 frames a second; ticks as many as frames and sub-frames
// where either is given, else one a second.
func (r *ttmlReader) setRates(m *markupWalk) {
	if n, err := strconv.ParseFloat(m.attr["framerate"], 64); err == nil && n > 0 {
		r.rates.frames = n
		r.rates.ticks = n
	}
	multiplier := strings.Fields(strings.ReplaceAll(m.attr["frameratemultiplier"], ":", " "))
	if len(multiplier) == 2 {
		a, errA := strconv.ParseFloat(multiplier[0], 64)
		b, errB := strconv.ParseFloat(multiplier[1], 64)
		if errA == nil && errB == nil && a > 0 && b > 0 {
			r.rates.frames *= a / b
		}
	}
	if n, err := strconv.ParseFloat(m.attr["subframerate"], 64); err == nil && n > 0 {
		r.rates.ticks = r.rates.frames * n
	}
	if n, err := strconv.ParseFloat(m.attr["tickrate"], 64); err == nil && n > 0 {
		r.rates.ticks = n
	}
}
