package prompts

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Point is a point of a summary.
type Point struct {
	// Heading is of this point and those after it that have none.
	Heading string
	Claim
}

const (
	// maxHeading is the longest heading, in bytes and in words.
	maxHeading      = 80
	maxHeadingWords = 9
)

var (
	// labelled is a line that names its part: "Heading: ...", "Chapter 2: ...".
	labelled = regexp.MustCompile(`(?i)^(?:heading|title|topic|überschrift|titel|titre|título|見出し|제목)\s*\d{0,2}\s*[:：]\s*(.*)$`)
	numbered = regexp.MustCompile(`(?i)^(?:chapter|part|section|point|topic|takeaway|kapitel|chapitre|capítulo)\s*\d{1,2}\s*[:.)–-]\s*`)
	label    = regexp.MustCompile(`(?i)^(?:text|summary|point|takeaway|description|sentence|zusammenfassung|résumé|resumen)\s*\d{0,2}\s*[:：]\s*`)
	boldHead = regexp.MustCompile(`^(?:\*\*|__)([^*_]{1,100}?)[:：]?\s*(?:\*\*|__)\s*[:：–—-]?\s*(.*)$`)
	saying   = regexp.MustCompile(`(?i)\b(?:said|says|asked|asks|that|adds?|added|replied|sagte?|dit|dijo)$`)
)

// ReadPoints reads a reply to [Map] or [Reduce]: a sentence is a point, read as
// [ReadAnswer] reads them. A heading is given to the first point after it; it is
// written "Heading: text", "**Heading** text", "## Heading", or alone on a line. Where
// a style wants no headings, "Heading: text" may be a sentence: join them again.
func ReadPoints(text string) []Point {
	text, _ = prepare(text, false)
	if beginsNotFound(text) {
		return nil
	}
	var points []Point
	seen := map[string]bool{}
	heading := ""
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		head, body := cutHeading(line, i+1 < len(lines))
		if head != "" {
			heading = head
		}
		r := &reading{sentences: readSentences(body, true)}
		for _, c := range r.claims() {
			key := squash(c.Text)
			if seen[key] {
				continue
			}
			seen[key] = true
			points = append(points, Point{Heading: heading, Claim: c})
			heading = ""
			if len(points) == maxClaims {
				return points
			}
		}
	}
	return points
}

// cutHeading parts a line into its heading and the rest, each perhaps "". More
// says that lines follow, so that a line may be a heading alone.
func cutHeading(line string, more bool) (head, body string) {
	raw := strings.TrimSpace(line)
	for strings.HasPrefix(raw, ">") {
		raw = strings.TrimSpace(raw[1:])
	}
	raw = strings.TrimPrefix(raw, bullet.FindString(raw))
	if m := boldHead.FindStringSubmatch(raw); m != nil && isHeading(m[1]) {
		return cleanHeading(m[1]), plain(m[2])
	}
	text, kind := readLine(line)
	switch kind {
	case lineBlank, lineFence:
		return "", ""
	case lineHeading:
		return cleanHeading(text), ""
	}
	if m := labelled.FindStringSubmatch(text); m != nil {
		return cleanHeading(m[1]), ""
	}
	text = strings.TrimPrefix(text, label.FindString(text))
	chapter := numbered.FindString(text)
	text = text[len(chapter):]
	if before, after, ok := cutColon(text); ok && isHeading(before) && after != "" {
		return cleanHeading(before), after
	}
	bare, marks := takeMarks(text)
	if more && kind == linePlain && len(marks) == 0 && isHeading(bare) && !courtesy.MatchString(bare) && (chapter != "" || len(strings.Fields(bare)) > 1) && !Denies(bare) && !endsLikeSentence(bare) {
		return cleanHeading(bare), ""
	}
	return "", text
}

// cutColon parts text at its first colon that is followed by a space, or is a wide
// one.
func cutColon(text string) (before, after string, ok bool) {
	i := strings.IndexAny(text, ":：")
	if i < 0 {
		return "", "", false
	}
	r, size := utf8.DecodeRuneInString(text[i:])
	after = text[i+size:]
	if r == ':' && after != "" && after[0] != ' ' {
		return "", "", false
	}
	return text[:i], strings.TrimSpace(after), true
}

func endsLikeSentence(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune(".!?。！？…:：,;", r)
}

// isHeading reports whether text may be a heading: short, no sentence, no start of
// a quotation ("He said:"), no lead-in.
func isHeading(text string) bool {
	text = strings.TrimSpace(text)
	first, _ := utf8.DecodeRuneInString(text)
	if text == "" || len(text) > maxHeading || len(strings.Fields(text)) > maxHeadingWords || unicode.IsLower(first) {
		return false
	}
	if strings.ContainsAny(text, "[]“”\"") || saying.MatchString(text) || leadIn.MatchString(text+":") {
		return false
	}
	_, marks := takeMarks(text)
	return len(marks) == 0 && len(sentenceEnds(text, nil)) == 1
}

func cleanHeading(text string) string {
	text, _ = takeMarks(plain(strings.TrimSpace(text)))
	text = strings.TrimPrefix(text, numbered.FindString(text))
	text = strings.Trim(text, " :：*#.\"“”")
	return cut(text, maxHeading)
}
