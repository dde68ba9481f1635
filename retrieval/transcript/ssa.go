package transcript

import "strings"

// sniffSSA reports whether one of the first rows is the header of a section of
// SubStation Alpha; [Events], which may also be a heading in a text, counts
// when rows of it follow.
func sniffSSA(src *source) bool {
	rows, events := 0, false
	for _, line := range src.lines {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == ';':
			continue
		case strings.EqualFold(line, "[script info]"), strings.EqualFold(line, "[v4 styles]"), strings.EqualFold(line, "[v4+ styles]"):
			return true
		case strings.EqualFold(line, "[events]"):
			events = true
		case events && (strings.HasPrefix(line, "Dialogue:") || strings.HasPrefix(line, "Format:")):
			return true
		}
		if rows++; rows == sniffRows {
			return false
		}
	}
	return false
}

// ssaColumns are those of [Events] when its Format row is missing: the order
// that every writer uses.
const ssaColumns = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"

// placeholderTitles are what subtitle editors write when nobody gives a title.
var placeholderTitles = map[string]bool{"default aegisub file": true, "<untitled>": true, "untitled": true, "script": true}

// readSSA reads SubStation Alpha and Advanced SubStation Alpha ("SSA v4.00+
// Script Format", moodub.free.fr/video/ass-specs.doc). A cue is a Dialogue
// row; its Name is the speaker. Rows may be in any order of time.
func readSSA(src *source, d *draft) error {
	r := ssaReader{d: d, list: cueList{d: d, unordered: true}}
	r.setColumns(ssaColumns)
	for i, line := range src.lines {
		if err := r.line(i+1, strings.TrimSpace(line)); err != nil {
			return err
		}
	}
	r.list.finish(true)
	return nil
}

// ssaReader reads line by line.
type ssaReader struct {
	d                      *draft
	list                   cueList
	section                string
	columns                int
	start, end, name, text int // columns, -1 when there is none
}

// line reads a line of the file, n counting from 1.
func (r *ssaReader) line(n int, line string) error {
	switch {
	case line == "" || line[0] == ';' || strings.HasPrefix(line, "!:"):
		return nil
	case line[0] == '[' && line[len(line)-1] == ']':
		r.section = strings.ToLower(line)
		return nil
	}
	key, value, ok := strings.Cut(line, ":")
	key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
	switch r.section {
	case "[script info]":
		if key == "title" && !placeholderTitles[strings.ToLower(value)] {
			r.d.episode.Title = clean(value)
		}
	case "[v4 styles]", "[v4+ styles]":
	case "[events]":
		return r.event(n, key, value, line)
	default:
		return nil // fonts, pictures, what editors remember
	}
	if !ok {
		r.d.warn(n, "not understood: %q", clip(line))
	}
	return nil
}

// event reads a row of [Events].
func (r *ssaReader) event(n int, key, value, line string) error {
	switch key {
	case "format":
		r.setColumns(value)
		return nil
	case "dialogue":
		return r.dialogue(n, value)
	case "comment", "picture", "sound", "movie", "command":
		return nil
	}
	r.d.warn(n, "not understood: %q", clip(line))
	return nil
}

// setColumns reads a Format row.
func (r *ssaReader) setColumns(row string) {
	names := strings.Split(row, ",")
	r.columns = len(names)
	r.start, r.end, r.name, r.text = -1, -1, -1, -1
	for i, name := range names {
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "start":
			r.start = i
		case "end":
			r.end = i
		case "name", "actor":
			r.name = i
		case "text":
			r.text = i
		}
	}
}

// dialogue adds a row as a cue. The text is the last column and may hold
// commas.
func (r *ssaReader) dialogue(n int, row string) error {
	c := cue{line: n}
	fields := strings.SplitN(row, ",", r.columns)
	if len(fields) < r.columns || r.text < 0 {
		r.d.warn(n, "a row of %d columns where %d are due is left out", len(fields), r.columns)
		return r.list.add(c)
	}
	for _, column := range [...]int{r.start, r.end} {
		if column < 0 {
			continue
		}
		m, ok := cueMoment(strings.TrimSpace(fields[column]))
		switch {
		case !ok:
			r.d.warn(n, "%q is no time", clip(fields[column]))
		case column == r.start:
			c.start = m
		default:
			c.end = m
		}
	}
	if r.name >= 0 {
		c.speaker = clean(fields[r.name])
	}
	c.rows = tidyRows(ssaText(fields[r.text]))
	return r.list.add(c)
}

// ssaText takes the overrides ("{\i1}", "{a comment}") out of a text, and what
// is no text but a drawing ("{\p1}m 0 0 l 1 1{\p0}"). Line breaks become line
// breaks, hard spaces spaces.
func ssaText(s string) string {
	var b strings.Builder
	drawing := false
	for s != "" {
		open := strings.IndexByte(s, '{')
		end := -1
		if open >= 0 {
			end = strings.IndexByte(s[open:], '}')
		}
		if end < 0 {
			open = len(s)
		}
		if !drawing {
			b.WriteString(s[:open])
		}
		if end < 0 {
			break
		}
		drawing = drawingMode(s[open:open+end], drawing)
		s = s[open+end+1:]
	}
	return strings.NewReplacer(`\N`, "\n", `\n`, "\n", `\h`, " ").Replace(b.String())
}

// drawingMode is whether what follows an override block is a drawing: it is
// after "\p" and a number, until "\p0".
func drawingMode(block string, drawing bool) bool {
	for {
		i := strings.Index(block, `\p`)
		if i < 0 {
			return drawing
		}
		block = block[i+2:]
		if startsWithDigit(block) {
			drawing = block[0] != '0'
		}
	}
}
