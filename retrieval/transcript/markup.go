package transcript

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
)

// markupWalk walks XML as an HTML tokenizer does: it never stops at a fault, which
// encoding/xml does at the first. Names are in lower case and without their
// namespace prefixes ("ttm:agent" is "agent").
type markupWalk struct {
	tokens *html.Tokenizer
	kind   html.TokenType
	name   string            // of a tag
	attr   map[string]string // of a start or self-closing tag
	text   string            // of a text, entities decoded
	line   int               // of the file, from 1, where the token begins
	depth  int               // elements open
	breaks int               // line breaks within the token
}

func newMarkup(raw []byte) *markupWalk {
	m := &markupWalk{tokens: html.NewTokenizer(bytes.NewReader(raw)), line: 1}
	m.tokens.AllowCDATA(true)
	return m
}

// isMarkup reports whether the first thing in the file is a tag.
func isMarkup(src *source) bool {
	return bytes.HasPrefix(bytes.TrimLeft(src.raw, " \t\r\n"), []byte("<"))
}

// next goes on to the next tag or text; false at the end of the file.
func (m *markupWalk) next() bool {
	for {
		m.line += m.breaks
		m.kind = m.tokens.Next()
		m.breaks = bytes.Count(m.tokens.Raw(), []byte{'\n'})
		m.name, m.attr, m.text = "", nil, ""
		switch m.kind {
		case html.ErrorToken:
			return false
		case html.TextToken:
			m.text = string(m.tokens.Text())
			return true
		case html.StartTagToken, html.SelfClosingTagToken:
			m.tag()
			if m.kind == html.StartTagToken {
				m.depth++
			}
			// <title> and <style> are nothing special in XML.
			m.tokens.NextIsNotRawText()
			return true
		case html.EndTagToken:
			m.tag()
			m.depth--
			return true
		}
	}
}

// tag reads the name and attributes; the first of two attributes of the same
// name counts.
func (m *markupWalk) tag() {
	name, more := m.tokens.TagName()
	m.name = localName(string(name))
	m.attr = map[string]string{}
	for more {
		var key, value []byte
		key, value, more = m.tokens.TagAttr()
		k := localName(string(key))
		if _, ok := m.attr[k]; !ok {
			m.attr[k] = string(value)
		}
	}
}

// localName is a name without its namespace prefix.
func localName(name string) string {
	return name[strings.IndexByte(name, ':')+1:]
}
