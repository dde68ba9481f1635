package web

import (
	"html/template"
	"strconv"
	"strings"

	"verbatim/retrieval"
)

// plainText is a text in HTML, outside of any tag. Quotation marks stay as they
// are: there are many in a transcript, and they end nothing here.
var plainText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\x00", "")

// HTML is the lines in their turns. It is written by hand since there are
// thousands of lines in an hour: html/template takes ten times as long, and a
// byte in a line is a thousand in a page. So names are short, and the ends of
// paragraphs left out where HTML allows it. What comes from the file is written by
// text alone. A line is <p id=L63>, its number a link to itself.
func (t *transcript) HTML() template.HTML {
	w := &lineWriter{link: t.link}
	for i := range t.Turns {
		w.turn(&t.Turns[i])
	}
	return template.HTML(w.String())
}

// lineWriter writes lines in HTML.
type lineWriter struct {
	strings.Builder
	// link makes a link to a line with its moment, nil none but to the line.
	link func(n int) string
}

// text writes what the file says.
func (w *lineWriter) text(s string) { plainText.WriteString(w, s) }

// raw writes HTML that the program makes.
func (w *lineWriter) raw(parts ...string) {
	for _, s := range parts {
		w.WriteString(s)
	}
}

func (w *lineWriter) turn(t *turn) {
	w.raw("<div class=turn>")
	switch {
	case t.Speaker != "":
		w.raw("<b>")
		w.text(t.Speaker)
		w.raw("</b>")
	case t.Unnamed:
		w.raw("<b class=unnamed>Speaker not named</b>")
	}
	for i := range t.Paragraphs {
		w.paragraph(&t.Paragraphs[i])
	}
	w.raw("</div>\n")
}

func (w *lineWriter) paragraph(p *paragraph) {
	if p.Ad {
		w.raw("<div class=ad>")
	} else {
		w.raw("<div>")
	}
	if p.Start.Known {
		w.moment(p.Lines[0].N, p.Start)
	}
	for i := range p.Lines {
		w.line(&p.Lines[i])
	}
	w.raw("</div>")
}

// moment writes a paragraph's time.
func (w *lineWriter) moment(n int, m retrieval.Moment) {
	link := "#L" + strconv.Itoa(n)
	if w.link != nil {
		link = w.link(n)
	}
	w.raw(`<a href="`, template.HTMLEscapeString(link), `">`, m.String(), "</a>")
}

// line writes a line, its number on one line with its first word. The cited ones of a paragraph stand in a group that has the
// name of all of them, unless that is a line's own.
func (w *lineWriter) line(l *textLine) {
	name := "L" + strconv.Itoa(l.N)
	if l.Opens != "" {
		w.raw(`<div class=range role=group aria-label=Cited tabindex=-1`)
		if l.Opens != name {
			w.raw(" id=", l.Opens)
		}
		w.raw(">")
	}
	w.raw("<p id=", name)
	if l.Cited {
		w.raw(" class=cited")
	}
	w.raw("><a href=#", name, ">", name[1:], "</a>\u00a0")
	w.text(l.Text)
	if l.Closes { // the space after it is not marked
		w.raw("</p></div>")
	}
	w.raw("\n")
}
