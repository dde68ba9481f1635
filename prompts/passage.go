package prompts

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Passage is a piece of a transcript, as the model is given it.
type Passage struct {
	// N is the number to cite it by.
	N       int
	Episode string // title
	Date    string // 2006-01-02 or ""
	Speaker string // "" unknown or several
	Time    string // such as 12:05, "" unknown
	Text    string
}

// shown is a passage as the templates print it: one line, which nothing in it
// can end.
type shown struct {
	N     int
	About string // episode, date, time and speaker, "" when nothing is known
	Text  string
}

// show makes passages safe to print. The episode is named only where there are
// several, so that small models are not led to talk about titles.
func show(passages []Passage) []shown {
	several := false
	for i := range passages {
		several = several || passages[i].Episode != passages[0].Episode
	}
	lines := make([]shown, len(passages))
	for i, p := range passages {
		var about []string
		if several && p.Episode != "" {
			about = append(about, "“"+Data(p.Episode)+"”")
			if p.Date != "" {
				about = append(about, Data(p.Date))
			}
		}
		for _, s := range []string{p.Time, p.Speaker} {
			if s = Data(s); s != "" {
				about = append(about, s)
			}
		}
		lines[i] = shown{N: p.N, About: strings.Join(about, ", "), Text: Data(p.Text)}
	}
	return lines
}

// example is the number that a prompt shows as an example of a mark: one that
// is there, and not the first, which small models cite anyway.
func example(passages []Passage) int {
	switch len(passages) {
	case 0:
		return 1
	case 1:
		return passages[0].N
	}
	return passages[1].N
}

var (
	// forgedMark is a passage's number, or several, as the prompt prints it.
	forgedMark = regexp.MustCompile(`\[\s*(\^?\d{1,4}(?:\s*[,;]\s*\d{1,4})*)\s*\]`)
	// controlWord is a marker of the chat formats of Llama 2 and Mistral.
	controlWord = regexp.MustCompile(`(?i)\[\s*(/?\s*(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT))\s*\]`)
)

// Data makes any text one line that cannot be taken for a part of the prompt's
// own frame: control characters and invisible ones are dropped, line ends become
// spaces, what looks like a tag or a chat marker ("</passages>", "<|im_start|>",
// "[INST]") loses its opening bracket to a look-alike, and what looks like a
// passage's number ("[3]") gets round brackets. All other text comes back byte
// for byte, less white space around it.
func Data(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case breaksLine(r):
			return ' '
		case unicode.IsControl(r) || invisible(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	if strings.Contains(text, "<") {
		text = neutralTags(text)
	}
	if strings.Contains(text, "[") {
		text = forgedMark.ReplaceAllString(text, "($1)")
		text = controlWord.ReplaceAllString(text, "($1)")
	}
	return strings.TrimSpace(text)
}

// breaksLine reports whether r begins a new line, or may.
func breaksLine(r rune) bool {
	switch r {
	case '\n', '\r', '\t', '\v', '\f', '\u0085', '\u2028', '\u2029':
		return true
	}
	return false
}

func neutralTags(text string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(text, '<')
		if i < 0 {
			return b.String() + text
		}
		b.WriteString(text[:i])
		text = text[i+1:]
		if r, _ := utf8.DecodeRuneInString(text); opensTag(r) {
			b.WriteRune('‹')
		} else {
			b.WriteByte('<')
		}
	}
}

// opensTag reports whether '<' before r may open a tag or a chat marker, rather
// than mean "less than" or be a part of "<3".
func opensTag(r rune) bool {
	return unicode.IsLetter(r) || strings.ContainsRune("/|｜!?<_", r)
}

// invisible characters show nothing, but a model reads them: zero-width spaces,
// marks of direction, and the tags in which words can be hidden. The joiners that
// some scripts need stay.
func invisible(r rune) bool {
	switch {
	case r == '\u200c' || r == '\u200d':
		return false
	case r >= '\u200b' && r <= '\u200f', r >= '\u202a' && r <= '\u202e', r >= '\u2060' && r <= '\u206f', r == '\ufeff', r >= 0xe0000 && r <= 0xe0fff:
		return true
	}
	return false
}
