package transcript

import (
	"cmp"
	"strings"

	"verbatim/retrieval"
)

// arrow is the line of a caption that says when it is shown.
type arrow struct {
	start, end retrieval.Moment
	rest       string // what follows the end time, such as settings
	broken     string // the time that could not be read, "" when none
}

// parseArrow reads "00:01:02,500 --> 00:01:04,000 X1:40": clocks with dots or
// commas, with or without hours or fraction, or bare seconds ("0.860"). It is
// false for a line that is no such thing; a line that is one but has a time
// that makes no sense comes back with that time unknown and named in broken.
func parseArrow(line string) (arrow, bool) {
	tip := strings.IndexByte(line, '>')
	if tip < 0 || !strings.ContainsAny(line, "0123456789") {
		return arrow{}, false
	}
	left := strings.TrimRight(line[:tip], " \t-–—")
	if left == strings.TrimRight(line[:tip], " \t") {
		return arrow{}, false // no shaft
	}
	left, right := strings.TrimSpace(left), strings.TrimSpace(line[tip+1:])
	if !strings.ContainsAny(left, ":.,") && !strings.ContainsAny(right, ":.,") {
		return arrow{}, false // "from 1 --> 2" is text
	}
	var a arrow
	var okStart, okEnd bool
	a.start, okStart = cueMoment(left)
	if i := strings.LastIndexAny(left, " \t"); !okStart && i >= 0 {
		if _, ok := captionNumber(left[:i]); ok { // it stands before the time
			a.start, okStart = cueMoment(left[i+1:])
		}
	}
	a.end, a.rest, okEnd = leadingMoment(right)
	switch {
	case okStart && okEnd:
		return a, true
	case okStart:
		a.broken = cmp.Or(right, line)
	case okEnd:
		a.broken = cmp.Or(left, line)
	default:
		a.broken = line
		return a, strings.Contains(line, "-->") && startsWithDigit(left) && startsWithDigit(right)
	}
	return a, strings.Contains(line, "-->")
}

// leadingMoment reads the time at the start of s; rest is what follows it.
func leadingMoment(s string) (m retrieval.Moment, rest string, ok bool) {
	first, rest, _ := strings.Cut(strings.ReplaceAll(s, "\t", " "), " ")
	if m, ok := cueMoment(first); ok {
		return m, strings.TrimSpace(rest), true
	}
	m, ok = cueMoment(s)
	return m, "", ok
}

// cueMoment reads a clock or bare seconds.
func cueMoment(s string) (retrieval.Moment, bool) {
	if len(s) > 40 {
		return retrieval.Moment{}, false
	}
	if d, ok := parseLooseClock(s); ok {
		return retrieval.At(d), true
	}
	if d, ok := parseSeconds(s); ok {
		return retrieval.At(d), true
	}
	return retrieval.Moment{}, false
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// spoken is what one voice says within a caption.
type spoken struct {
	speaker string
	rows    []string
}

// screenTags are the elements that captions use for looks; only these are
// taken out where the format does not define its markup, so that words in
// angle brackets stay.
var screenTags = map[string]bool{
	"i": true, "b": true, "u": true, "s": true, "c": true, "v": true, "em": true, "strong": true, "font": true,
	"br": true, "span": true, "p": true, "div": true, "lang": true, "ruby": true, "rt": true, "big": true, "small": true,
}

// maxTag is the longest tag in bytes; a "<" without its ">" in reach is text.
const maxTag = 300

// captionRuns takes the markup out of a caption's text and splits it where a
// voice tag ("<v Name>", "<v.loud Name>") names another speaker. Rows and runs
// without words are left out; with no words at all there is one empty run.
// With allTags every tag goes, as WebVTT says, otherwise only known ones.
func captionRuns(text string, allTags bool) []spoken {
	var runs []spoken
	var b strings.Builder
	speaker := ""
	flush := func() {
		rows := tidyRows(b.String())
		b.Reset()
		if len(rows) == 0 {
			return
		}
		if n := len(runs); n > 0 && runs[n-1].speaker == speaker {
			runs[n-1].rows = append(runs[n-1].rows, rows...)
			return
		}
		runs = append(runs, spoken{speaker, rows})
	}
	for {
		open := strings.IndexByte(text, '<')
		if open < 0 {
			break
		}
		b.WriteString(text[:open])
		text = text[open:]
		end := strings.IndexByte(text[:min(len(text), maxTag)], '>')
		if end < 0 {
			b.WriteByte('<')
			text = text[1:]
			continue
		}
		tag := text[1:end]
		name, annotation := tagName(tag)
		switch {
		case name == "v":
			flush()
			speaker = clean(unescape(annotation)) // "" for </v>
		case name == "br":
			b.WriteByte('\n')
		case !allTags && !screenTags[name] && !isTimestamp(tag):
			b.WriteByte('<')
			text = text[1:]
			continue
		}
		text = text[end+1:]
	}
	b.WriteString(text)
	flush()
	if len(runs) == 0 {
		return []spoken{{}}
	}
	return runs
}

// tagName returns the name of a tag in lower case, without slash and classes,
// and what follows it: "v" and "Mary" for "v.loud Mary".
func tagName(tag string) (name, annotation string) {
	closing := strings.HasPrefix(tag, "/")
	name, annotation, _ = strings.Cut(strings.TrimPrefix(tag, "/"), " ")
	name, _, _ = strings.Cut(name, ".")
	if closing {
		annotation = ""
	}
	return strings.ToLower(strings.TrimSuffix(name, "/")), annotation
}

// isTimestamp reports whether a tag is a time within a cue ("00:00:01.000").
func isTimestamp(tag string) bool {
	_, ok := parseClock(tag)
	return ok
}

// tidyRows decodes entities, takes out SSA-like overrides ("{\an8}") and
// splits at line breaks; rows without words are left out.
func tidyRows(text string) []string {
	var rows []string
	for row := range strings.SplitSeq(text, "\n") {
		if row = clean(unescape(cutOverrides(row))); row != "" {
			rows = append(rows, row)
		}
	}
	return rows
}

// cutOverrides takes "{\...}" out; braces around other text stay.
func cutOverrides(s string) string {
	if !strings.Contains(s, "{\\") {
		return s
	}
	var b strings.Builder
	for {
		open := strings.Index(s, "{\\")
		if open < 0 {
			break
		}
		end := strings.IndexByte(s[open:], '}')
		if end < 0 {
			break
		}
		b.WriteString(s[:open])
		s = s[open+end+1:]
	}
	return b.String() + s
}

// joinRows joins the rows of a caption by spaces.
func joinRows(rows []string) string { return strings.Join(rows, " ") }
