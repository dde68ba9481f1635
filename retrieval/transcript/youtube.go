package transcript

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"verbatim/retrieval"
)

// json3Event is an event of YouTube's timedtext in its JSON form (format 3),
// which has no public specification.
type json3Event struct {
	Start    json.RawMessage `json:"tStartMs"`
	Duration json.RawMessage `json:"dDurationMs"`
	Append   json.RawMessage `json:"aAppend"` // 1: goes on in the same window
	Segs     []struct {
		Text json.RawMessage `json:"utf8"`
	} `json:"segs"`
}

// readJSON3 reads YouTube's json3. A cue is an event with segments, which are
// its words; events that define windows, or append nothing but a line break,
// are none.
func readJSON3(src *source, d *draft) error {
	r := newJSONReader(src, d)
	list := cueList{d: d}
	err := r.each(func(v jsonValue) error {
		what := fmt.Sprintf("event %d", v.index[0]+1)
		var e json3Event
		if !r.decode(v, what, &e) {
			return list.add(cue{line: r.line})
		}
		var b strings.Builder
		for _, seg := range e.Segs {
			b.WriteString(r.verbatim(seg.Text, what))
		}
		c := cue{line: r.line, rows: tidyRows(b.String())}
		if e.Segs == nil || e.Append != nil && len(c.rows) == 0 {
			return nil
		}
		c.start = r.moment(e.Start, 1000)
		c.end = after(c.start, r.moment(e.Duration, 1000))
		return list.add(c)
	}, "events[]")
	if err != nil {
		return err
	}
	list.finish(true)
	return nil
}

// after is the moment a duration after start, unknown when either is.
func after(start, duration retrieval.Moment) retrieval.Moment {
	if !start.Known || !duration.Known {
		return retrieval.Moment{}
	}
	return retrieval.At(start.Offset + duration.Offset)
}

// readYouTubeJSON reads the array that youtube-transcript-api and its kin
// write: text, start and duration in seconds.
func readYouTubeJSON(src *source, d *draft) error {
	r := newJSONReader(src, d)
	list := cueList{d: d}
	err := r.each(func(v jsonValue) error {
		what := fmt.Sprintf("segment %d", v.index[0]+1)
		var s struct {
			Text     json.RawMessage `json:"text"`
			Start    json.RawMessage `json:"start"`
			Duration json.RawMessage `json:"duration"`
		}
		if !r.decode(v, what, &s) {
			return list.add(cue{line: r.line})
		}
		c := cue{line: r.line, start: r.moment(s.Start, 1)}
		c.end = after(c.start, r.moment(s.Duration, 1))
		for _, run := range captionRuns(r.verbatim(s.Text, what), false) {
			c.rows = append(c.rows, run.rows...)
		}
		return list.add(c)
	}, "[]")
	if err != nil {
		return err
	}
	list.finish(true)
	return nil
}

// sniffYouTubeXML reports whether the file is <transcript> or <timedtext> with
// a timed <text> or <p> in it.
func sniffYouTubeXML(src *source) bool {
	if !isMarkup(src) {
		return false
	}
	m := newMarkup(src.raw)
	root := ""
	for m.next() {
		switch {
		case m.kind == html.TextToken && root == "" && strings.TrimSpace(m.text) != "":
			return false
		case m.kind != html.StartTagToken && m.kind != html.SelfClosingTagToken:
		case root == "":
			if root = m.name; root != "transcript" && root != "timedtext" {
				return false
			}
		case (m.name == "text" || m.name == "p") && (m.attr["start"] != "" || m.attr["t"] != ""):
			return true
		}
	}
	return false
}

// readYouTubeXML reads YouTube's timedtext in its XML forms, which have no
// public specification: <transcript><text start="1.5" dur="2"> in seconds,
// <timedtext><text t="1500" d="2000"> and <timedtext><body><p t="1500"
// d="2000"> with its words in <s>, both in milliseconds. An element that
// appends nothing but a line break is no cue.
func readYouTubeXML(src *source, d *draft) error {
	r := youtubeXML{d: d, list: cueList{d: d}}
	m := newMarkup(src.raw)
	for m.next() {
		var err error
		switch {
		case m.kind == html.TextToken:
			r.text.WriteString(m.text)
		case m.name == "br":
			r.text.WriteByte('\n')
		case m.name != "text" && m.name != "p":
		case m.kind == html.EndTagToken:
			err = r.flush()
		default:
			if r.open != nil {
				d.warn(m.line, "<%s> begins before the one above it ends", clip(m.name))
			}
			err = r.flush()
			r.open, r.line = m.attr, m.line
			r.text.Reset()
			if err == nil && m.kind == html.SelfClosingTagToken {
				err = r.flush()
			}
		}
		if err != nil {
			return err
		}
	}
	if r.open != nil || m.depth > 0 {
		d.warn(m.line, "the file ends in the middle of its markup")
	}
	if err := r.flush(); err != nil {
		return err
	}
	r.list.finish(true)
	return nil
}

// youtubeXML is the element at hand.
type youtubeXML struct {
	d    *draft
	list cueList
	open map[string]string // its attributes, nil outside of one
	line int
	text strings.Builder
}

// flush closes the element at hand, if any.
func (r *youtubeXML) flush() error {
	if r.open == nil {
		return nil
	}
	attr := r.open
	r.open = nil
	c := cue{line: r.line}
	if _, ok := attr["start"]; ok {
		c.start = r.time(attr["start"], 1)
		c.end = after(c.start, r.time(attr["dur"], 1))
	} else {
		c.start = r.time(attr["t"], 1000)
		c.end = after(c.start, r.time(attr["d"], 1000))
	}
	// The text of the oldest form is HTML within XML.
	for _, run := range captionRuns(r.text.String(), false) {
		c.rows = append(c.rows, run.rows...)
	}
	if len(c.rows) == 0 && attr["a"]+attr["append"] != "" {
		return nil
	}
	return r.list.add(c)
}

// time reads a number of seconds, or milliseconds when perSecond is 1000.
func (r *youtubeXML) time(s string, perSecond float64) retrieval.Moment {
	if s == "" {
		return retrieval.Moment{}
	}
	n, err := strconv.ParseFloat(s, 64)
	m, ok := momentOf(n / perSecond)
	if err != nil || !ok {
		r.d.warn(r.line, "%q is no time", clip(s))
		return retrieval.Moment{}
	}
	return m
}
