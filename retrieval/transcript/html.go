package transcript

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"verbatim/retrieval"
)

// The HTML transcripts of Podcasting 2.0 are, turn by turn,
//
//	<cite>Name:</cite> <time>0:00</time> <p>words</p>
//
// (https://github.com/Podcastindex-org/podcast-namespace, transcripts.md, HTML).
// A line is one paragraph: <p>, or another block that holds words. Its number
// is its place among the paragraphs with words, since a page laid out in
// markup has no lines that anybody sees. A name holds until the next one, a
// time for the paragraph after it.

// htmlRoots are the tags that a page, or a piece of one, begins with.
var htmlRoots = []string{"!doctype html", "html", "head", "body", "cite", "time", "p", "div", "article", "section", "main", "h1", "h2", "title", "meta"}

// sniffHTML recognises a page by its first tag.
func sniffHTML(src *source) bool {
	head := strings.ToLower(string(src.raw[:min(len(src.raw), 2048)]))
	for {
		head = strings.TrimSpace(head)
		comment := strings.HasPrefix(head, "<!--")
		if !comment && !strings.HasPrefix(head, "<?xml") {
			break
		}
		end := "?>"
		if comment {
			end = "-->"
		}
		_, after, ok := strings.Cut(head, end)
		if !ok {
			return false
		}
		head = after
	}
	for _, root := range htmlRoots {
		if after, ok := strings.CutPrefix(head, "<"+root); ok && after != "" && strings.ContainsAny(after[:1], "> \t\r\n/") {
			return true
		}
	}
	return false
}

// sniffPodcastHTML recognises a page with speakers or times marked up.
func sniffPodcastHTML(src *source) bool {
	return sniffHTML(src) && (bytes.Contains(src.raw, []byte("<cite>")) || bytes.Contains(src.raw, []byte("<time>")) ||
		bytes.Contains(src.raw, []byte("<cite ")) && bytes.Contains(src.raw, []byte("<p")))
}

// page is the state while the tags of an HTML file go by.
type page struct {
	d       *draft
	text    strings.Builder
	speaker string
	start   retrieval.Moment
	// named and timed say that the page marks its speakers and times.
	named, timed bool
	// hidden is the depth within elements that are not part of the text.
	hidden []atom.Atom
	// special is the element whose text is a title, name or time; 0 in words.
	special atom.Atom
	heading bool
}

// hiddenTags are elements whose text is not part of a transcript.
var hiddenTags = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Template: true, atom.Nav: true, atom.Footer: true,
	atom.Aside: true, atom.Button: true, atom.Select: true, atom.Svg: true, atom.Iframe: true, atom.Form: true, atom.Textarea: true,
}

// blockTags are elements that begin and end a paragraph.
var blockTags = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.Li: true, atom.Ul: true, atom.Ol: true, atom.Blockquote: true, atom.Article: true,
	atom.Section: true, atom.Main: true, atom.Header: true, atom.Tr: true, atom.Td: true, atom.Table: true, atom.Body: true,
	atom.Dl: true, atom.Dt: true, atom.Dd: true, atom.Hr: true, atom.Pre: true, atom.Figure: true, atom.Figcaption: true,
	atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true,
}

// headingTags are not spoken.
var headingTags = map[atom.Atom]bool{atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true}

// readHTML reads a page. Where it marks neither speakers nor times, all of its
// paragraphs are taken for speech, with a warning.
func readHTML(src *source, d *draft) error {
	p := &page{d: d}
	z := html.NewTokenizer(bytes.NewReader(src.raw))
	z.SetMaxBuf(0)
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			p.flush()
			return p.end()
		case html.TextToken:
			if len(p.hidden) == 0 {
				p.text.Write(z.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			p.open(atom.Lookup(name), kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			name, _ := z.TagName()
			p.close(atom.Lookup(name))
		}
	}
}

// open handles a start tag.
func (p *page) open(tag atom.Atom, selfClosing bool) {
	switch {
	case hiddenTags[tag]:
		p.flush()
		if tag == atom.Svg && selfClosing {
			return
		}
		if len(p.hidden) == 0 || p.hidden[0] == tag {
			p.hidden = append(p.hidden, tag)
		}
	case len(p.hidden) > 0:
	case tag == atom.Title, tag == atom.Cite, tag == atom.Time:
		if p.special == 0 && (tag == atom.Title || strings.TrimSpace(p.text.String()) == "") {
			p.flush()
			p.special = tag
		}
	case headingTags[tag]:
		p.flush()
		p.heading = true
	case blockTags[tag]:
		p.flush()
	case tag == atom.Br:
		p.text.WriteByte('\n')
	}
}

// close handles an end tag.
func (p *page) close(tag atom.Atom) {
	switch {
	case len(p.hidden) > 0:
		if p.hidden[len(p.hidden)-1] == tag {
			p.hidden = p.hidden[:len(p.hidden)-1]
		}
	case tag == p.special && tag != 0, blockTags[tag]:
		p.flush()
	}
}

// flush makes what has been gathered a title, name, time or line.
func (p *page) flush() {
	text := clean(p.text.String())
	p.text.Reset()
	special, heading := p.special, p.heading
	p.special, p.heading = 0, false
	if text == "" {
		return
	}
	switch {
	case special == atom.Title:
		p.d.episode.Title = text
		return
	case special == atom.Cite:
		p.speaker, _ = cutColon(text)
		p.named = true
		return
	case special == atom.Time:
		if st, _, ok := cutStamp(text); ok {
			p.start, p.timed = st.start, true
		}
		return
	case heading:
		return
	}
	p.line(text)
}

// line adds a paragraph.
func (p *page) line(text string) {
	l := retrieval.Line{N: len(p.d.episode.Lines) + 1, Speaker: p.speaker, Start: p.start}
	p.start = retrieval.Moment{}
	if st, rest, ok := cutStamp(text); ok && st.bracketed {
		text = rest
		if !l.Start.Known {
			l.Start, l.End = st.start, st.end
		}
	}
	l.Text = cutStamps(text)
	if strings.Contains(l.Text, "**") || strings.Contains(l.Text, `\[`) {
		l.Text = inline(l.Text) // pages made of Markdown keep some of it
	}
	if !hasWords(l.Text) {
		p.start = l.Start
		return
	}
	p.d.episode.Lines = append(p.d.episode.Lines, l)
}

// end judges the page as a whole.
func (p *page) end() error {
	e := &p.d.episode
	e.TotalLines = len(e.Lines)
	if e.TotalLines == 0 {
		return &Error{Err: ErrNotTranscript, Reason: "a page without words"}
	}
	if !p.named && labelTurns(e.Lines, nil) == 0 && !p.timed {
		p.d.warn(0, "the page marks neither speakers nor times; all of its paragraphs are taken as speech")
	}
	return nil
}
