package transcript

import (
	"strings"
	"unicode"

	"verbatim/retrieval"
)

// sniffMarkdown recognises Markdown by front matter, a heading with a blank
// line beside it, or bold labels at the start of lines.
func sniffMarkdown(src *source) bool {
	if _, end := frontMatter(src.lines); end > 0 {
		return true
	}
	bold := 0
	for i, line := range src.lines {
		if len(line) == 0 || !strings.ContainsRune("#*_[->", rune(line[0])) {
			continue
		}
		if isHeading(line) && (i == 0 || isBlank(src.lines[i-1]) || i+1 == len(src.lines) || isBlank(src.lines[i+1])) {
			return true
		}
		text, _ := cutBlock(strings.TrimSpace(line))
		if h, ok := parseHead(text); ok && h.hasLabel && h.label.form == boldForm {
			if bold++; bold == 2 {
				return true
			}
		}
	}
	return bold > 0 && len(src.lines) <= 3
}

func isBlank(s string) bool { return strings.TrimSpace(s) == "" }

// isHeading reports an ATX heading (CommonMark 0.31, section 4.2).
func isHeading(line string) bool {
	text := strings.TrimLeft(line, "#")
	level := len(line) - len(text)
	return level >= 1 && level <= 6 && strings.HasPrefix(text, " ") && !isBlank(text)
}

// readMarkdown reads a Markdown transcript. Front matter is what the file says
// about itself; headings are the editor's, not spoken, and kept out of the
// text, except those that name the speaker of what follows.
func readMarkdown(src *source, d *draft) error {
	fields, end := frontMatter(src.lines)
	describe(fields, &d.episode)
	p := &pageReader{lines: src.lines, from: end, d: d, markdown: true, skip: map[int]bool{}}
	if end == 0 {
		p.from = cutTitled(src.lines, &d.episode)
	}
	p.skipComments()
	if d.episode.Title == "" {
		d.episode.Title = firstHeading(src.lines[p.from:])
	}
	return p.read()
}

// cutTitled is cutPreamble for a file whose "Key: value" lines may stand below
// its title.
func cutTitled(lines []string, e *retrieval.Episode) int {
	if from := cutPreamble(lines, e); from > 0 {
		return from
	}
	title := 0
	for title < len(lines) && isBlank(lines[title]) {
		title++
	}
	heading := firstHeading(lines)
	if heading == "" {
		return 0
	}
	from := cutPreamble(lines[title+1:], e)
	if from == 0 {
		return 0
	}
	if e.Title == "" {
		e.Title = heading
	}
	return title + 1 + from
}

// firstHeading is the text of a heading of the first level that begins the
// body.
func firstHeading(lines []string) string {
	for _, line := range lines {
		if isBlank(line) {
			continue
		}
		if title, ok := strings.CutPrefix(line, "# "); ok {
			title = inline(unescape(strings.Trim(title, "# \t")))
			if _, labelled := parseHead(title); !labelled {
				return title
			}
		}
		return ""
	}
	return ""
}

// skipComments marks the lines of HTML comments of several lines, of fences
// and of template tags as not spoken.
func (p *pageReader) skipComments() {
	inside := false
	for i := p.from; i < len(p.lines); i++ {
		line := strings.TrimSpace(p.lines[i])
		switch {
		case inside:
			p.skip[i] = true
			inside = !strings.Contains(line, "-->")
		case strings.HasPrefix(line, "<!--"):
			p.skip[i] = true
			inside = !strings.Contains(line, "-->")
		case strings.HasPrefix(line, "```"), strings.HasPrefix(line, "{%") && strings.HasSuffix(line, "%}"),
			strings.HasPrefix(line, "{:") && strings.HasSuffix(line, "}"):
			p.skip[i] = true
		}
	}
}

// cutBlock takes the marks of a quotation, a list item or a heading off a
// line.
func cutBlock(text string) (rest string, heading bool) {
	for strings.HasPrefix(text, ">") {
		text = strings.TrimLeft(text[1:], " ")
	}
	if isHeading(text) {
		return strings.TrimSpace(strings.Trim(text, "#")), true
	}
	if len(text) > 2 && (text[0] == '*' || text[0] == '-' || text[0] == '+') && text[1] == ' ' {
		text = strings.TrimLeft(text[2:], " ")
	}
	return text, false
}

// plainMarks is a heading's text without emphasis and colon.
func plainMarks(text string) string {
	text, _ = cutColon(strings.Trim(text, "*_ "))
	return strings.Trim(text, "*_ ")
}

// inline takes the inline markup out of Markdown: links and images become
// their text, emphasis, code marks and footnote marks go, escaped characters
// become themselves. It never looks further than maxInline for a closing mark.
func inline(s string) string {
	if !strings.ContainsAny(s, "*_`[]\\<{~!") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	var before rune = ' '
	for i := 0; i < len(s); {
		n, text := markup(s, i, before)
		if n == 0 {
			b.WriteByte(s[i])
			before = rune(s[i])
			i++
			continue
		}
		b.WriteString(text)
		if text != "" {
			before = rune(text[len(text)-1])
		}
		i += n
	}
	return b.String()
}

// maxInline bounds the text and the address of a link, and maxNested the
// brackets within its address, so that hostile text is read in linear time.
const (
	maxInline = 1000
	maxNested = 8
)

// markup reads the markup at s[i:], after the byte before; n is its length, 0
// where there is none, and text is what remains of it.
func markup(s string, i int, before rune) (n int, text string) {
	rest := s[i:]
	switch c := rest[0]; c {
	case '\\':
		if len(rest) > 1 && rest[1] < 0x80 && unicode.In(rune(rest[1]), unicode.Punct, unicode.Symbol) {
			return 2, rest[1:2]
		}
	case '`', '~':
		if c == '~' && !strings.HasPrefix(rest, "~~") {
			return 0, ""
		}
		return len(rest) - len(strings.TrimLeft(rest, string(rune(c)))), ""
	case '*', '_':
		marks := len(rest) - len(strings.TrimLeft(rest, string(rune(c))))
		after := byte(' ')
		if marks < len(rest) {
			after = rest[marks]
		}
		open, shut := isGap(byte(before)), isGap(after)
		if marks > 3 || open && shut && marks == 1 || c == '_' && !open && !shut {
			return marks, rest[:marks]
		}
		return marks, ""
	case '!':
		if strings.HasPrefix(rest, "![") {
			if n, _ := link(rest[1:]); n > 0 {
				return n + 1, ""
			}
		}
	case '[':
		return link(rest)
	case '<':
		return tag(rest)
	case '{':
		if strings.HasPrefix(rest, "{:") || strings.HasPrefix(rest, "{%") {
			if j := strings.IndexByte(rest[:min(len(rest), 200)], '}'); j > 0 {
				return j + 1, ""
			}
		}
	}
	return 0, ""
}

// isGap reports what may stand outside of emphasis. Bytes of characters beyond
// ASCII count as letters.
func isGap(c byte) bool {
	return c < 0x80 && !unicode.IsLetter(rune(c)) && !unicode.IsDigit(rune(c)) && c != '*' && c != '_'
}

// link reads [text](address), [text][reference] and the footnote mark [^1].
func link(s string) (n int, text string) {
	head := s[:min(len(s), maxInline)]
	if strings.HasPrefix(head, "[^") {
		if i := strings.IndexByte(head[:min(len(head), 20)], ']'); i > 0 {
			return i + 1, ""
		}
		return 0, ""
	}
	i := strings.IndexByte(head, ']')
	if i < 0 || i+1 >= len(head) {
		return 0, ""
	}
	switch inner := head[1:i]; head[i+1] {
	case '(':
		if j := closing(head[i+1:]); j > 0 {
			return i + 1 + j, inline(strings.TrimLeft(inner, "["))
		}
	case '[':
		if j := strings.IndexByte(head[i+1:], ']'); j > 0 {
			return i + 1 + j + 1, inline(strings.TrimLeft(inner, "["))
		}
	}
	return 0, ""
}

// closing is the length of a group in round brackets at the start of s, which
// may hold others; 0 if it does not end.
func closing(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(':
			if depth++; depth > maxNested {
				return 0
			}
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return 0
}

// inlineTags are the HTML tags that Markdown writers use between words.
var inlineTags = wordSet(`br b i em strong u s sup sub span a p div small mark cite q code kbd font center hr img details summary blockquote`)

// tag reads an HTML tag or comment.
func tag(s string) (n int, text string) {
	if strings.HasPrefix(s, "<!--") {
		if i := strings.Index(s[:min(len(s), maxInline)], "-->"); i > 0 {
			return i + 3, " "
		}
		return 0, ""
	}
	i := strings.IndexByte(s[:min(len(s), maxInline)], '>')
	if i < 0 {
		return 0, ""
	}
	name := strings.ToLower(strings.Trim(s[1:i], "/ "))
	if j := strings.IndexAny(name, " /"); j > 0 {
		name = name[:j]
	}
	if !inlineTags[name] {
		return 0, ""
	}
	if name == "br" || name == "p" || name == "div" || name == "hr" {
		return i + 1, " "
	}
	return i + 1, ""
}
