package prompts

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// lineKind says what a line of a reply is.
type lineKind int

const (
	linePlain lineKind = iota
	lineBlank
	lineItem    // of a list
	lineHeading // of Markdown
	lineFence   // of code
)

var (
	// thought is what some models print of their thinking; it is no answer.
	thought = regexp.MustCompile(`(?is)<(think|thinking|reasoning)>.*?</(think|thinking|reasoning)>`)
	// openThought is one that has not ended.
	openThought = regexp.MustCompile(`(?is)<(think|thinking|reasoning)>.*$`)
	// chatMarker is a model's marker of a turn that a server let through.
	chatMarker = regexp.MustCompile(`<\|[a-z_]{1,20}\|>|</?s>|</?(?:start|end)_of_turn>|</?(?:answer|passages?|response) ?\d{0,3}>`)
	// bullet is what begins an item of a list.
	bullet = regexp.MustCompile(`^(?:[-*•‣◦·–—]\s+|\(?\d{1,2}[.)]\s+|[a-z]\)\s+)+`)
	// asksAgain is a question as the prompts write it.
	asksAgain = regexp.MustCompile(`^(?:Last question|Question|Q):`)
	// copiedLine is a passage copied with its number and time, the number written
	// as that of an item.
	copiedLine = regexp.MustCompile(`^\(?(\d{1,3})[.)]\s+\((?:[^()]{0,120}, )?\d{1,2}(?::\d{2}){1,2}(?:, [^()]{0,80})?\)\s*`)
	heading    = regexp.MustCompile(`^#{1,6}\s*`)
	rule       = regexp.MustCompile(`^[-=_*\s]{3,}$`)
)

// prepare bounds a reply and takes out what is no text: control characters, a
// model's thoughts, markers, and JSON around the text. It is not whole while a
// draft's thought or JSON has not ended.
func prepare(text string, draft bool) (prepared string, whole bool) {
	text = cut(text, maxReply)
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case breaksLine(r):
			return ' '
		case unicode.IsControl(r) || invisible(r) || r == utf8.RuneError:
			return -1
		}
		return r
	}, strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\r\n", "\n"))
	text = thought.ReplaceAllString(text, "")
	if openThought.MatchString(text) {
		if text = openThought.ReplaceAllString(text, ""); draft {
			return "", false
		}
	}
	if strings.Contains(text, "<") {
		text = chatMarker.ReplaceAllString(text, "\n")
	}
	body := strings.TrimSpace(text)
	if inner, ok := strings.CutPrefix(body, "```"); ok {
		_, inner, _ = strings.Cut(inner, "\n")
		body = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(inner), "```"))
	}
	if strings.HasPrefix(body, "{") || strings.HasPrefix(body, "[{") || strings.HasPrefix(body, `["`) {
		if draft {
			return "", false
		}
		if read, ok := readJSON(body); ok {
			return read, true
		}
	}
	return text, true
}

// readLine takes the marks of Markdown off a line and says what it was.
func readLine(line string) (string, lineKind) {
	line = strings.TrimSpace(cut(line, maxRead))
	for strings.HasPrefix(line, ">") {
		line = strings.TrimSpace(line[1:])
	}
	switch {
	case line == "" || rule.MatchString(line):
		return "", lineBlank
	case strings.HasPrefix(line, "```"):
		return "", lineFence
	case heading.MatchString(line):
		return plain(heading.ReplaceAllString(line, "")), lineHeading
	}
	if m := copiedLine.FindStringSubmatch(line); m != nil {
		return "[" + m[1] + "] " + plain(line[len(m[0]):]), lineItem
	}
	line = strings.TrimPrefix(line, copiedHead.FindString(line))
	if b := bullet.FindString(line); b != "" {
		return plain(line[len(b):]), lineItem
	}
	return plain(line), linePlain
}

// plain drops Markdown's bold, italic and code marks: stars, double underscores
// and back-ticks beside a word. A star between spaces is a sign of its own.
func plain(line string) string {
	if !strings.ContainsAny(line, "*_`") {
		return line
	}
	var b strings.Builder
	for i := 0; i < len(line); {
		c := line[i]
		n := 1
		for i+n < len(line) && line[i+n] == c {
			n++
		}
		run := line[i : i+n]
		before, _ := utf8.DecodeLastRuneInString(line[:i])
		after, _ := utf8.DecodeRuneInString(line[i+n:])
		opens := !wordlike(before) && after != utf8.RuneError && !unicode.IsSpace(after)
		closes := !wordlike(after) && before != utf8.RuneError && !unicode.IsSpace(before)
		switch {
		case c == '*' && n <= 3 && (opens || closes), c == '_' && n == 2 && (opens || closes), c == '`' && n <= 2:
		default:
			b.WriteString(run)
		}
		i += n
	}
	return b.String()
}

func wordlike(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
