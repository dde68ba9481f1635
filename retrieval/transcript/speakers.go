package transcript

import (
	"strings"
	"unicode"
)

// label is a speaker label found at the start of a text, by its form; whether
// it is one is decided by evidence over all of the file's labels.
type label struct {
	name string
	rest string // the words after it, without leading space
	kind nameKind
	form labelForm
	// boundary is set where a turn may begin: the text before it ends a
	// sentence, or a mark of a change of speaker stands before the label.
	boundary bool
	// timed is set where a time stands beside the name, which no prose has.
	timed bool
}

// labelForm is how a label is set off from the words.
type labelForm int

const (
	colonForm   labelForm = iota // Name: words
	aloneForm                    // Name: at the end of a line, the words below
	boldForm                     // **Name:** words
	bracketForm                  // [Name] words
	timeForm                     // Name 0:12, without a colon
	numForms
)

// splitLabel splits off what has the form of a speaker label: "Name: words",
// "**Name:** words", "**Name**: words", "[Name]: words", "[Name] words". It
// looks at no more than the first bytes of s.
func splitLabel(s string) (label, bool) {
	l, ok := splitForm(s)
	if !ok {
		return label{}, false
	}
	l.kind = kindOfName(l.name)
	if l.kind == noName {
		return label{}, false
	}
	l.rest = strings.TrimLeft(l.rest, " \t\u00a0")
	if l.form == colonForm && l.rest == "" {
		l.form = aloneForm
	}
	return l, true
}

// splitForm is splitLabel before the name is judged.
func splitForm(s string) (label, bool) {
	head := s[:min(len(s), maxLabel+8)]
	if head != "" && (head[0] == '*' || head[0] == '_') {
		return splitBold(head, s)
	}
	if strings.HasPrefix(head, "[") {
		i := strings.IndexByte(head, ']')
		if i < 0 {
			return label{}, false
		}
		name, rest := strings.TrimSpace(head[1:i]), s[i+1:]
		if strings.HasPrefix(rest, ":") {
			return label{name: name, rest: rest[1:], form: colonForm}, true
		}
		if isSound(name) {
			return label{}, false
		}
		return label{name: strings.TrimSuffix(name, ":"), rest: rest, form: bracketForm}, true
	}
	i := strings.IndexAny(head, ":：")
	if i < 0 {
		return label{}, false
	}
	name, rest := strings.TrimSpace(head[:i]), s[i+1:]
	if strings.HasPrefix(s[i:], "：") {
		rest = s[i+len("："):]
	} else if rest != "" && rest[0] != ' ' && rest[0] != '\t' && !strings.HasPrefix(rest, "\u00a0") {
		// "12:30", "http://", "std::move"
		return label{}, false
	}
	return label{name: name, rest: rest, form: colonForm}, true
}

// splitBold is splitForm for "**Name:** words", "**Name**: words" and the like
// with other marks of emphasis.
func splitBold(head, s string) (label, bool) {
	inner := strings.TrimLeft(head, "*_")
	mark := head[:len(head)-len(inner)]
	i := strings.Index(inner, mark)
	if i < 0 || len(mark) > 3 {
		return label{}, false
	}
	name, rest := strings.TrimSpace(inner[:i]), s[len(mark)+i+len(mark):]
	if name, ok := cutColon(name); ok {
		return label{name: name, rest: rest, form: boldForm}, true
	}
	if after := strings.TrimLeft(rest, " "); strings.HasPrefix(after, ":") {
		return label{name: name, rest: after[1:], form: boldForm}, true
	}
	return label{}, false
}

// cutColon takes a colon off the end of a name.
func cutColon(s string) (string, bool) {
	for _, colon := range []string{":", "："} {
		if name, ok := strings.CutSuffix(s, colon); ok {
			return strings.TrimSpace(name), true
		}
	}
	return s, false
}

// cutChange takes the mark of a change of speaker off a caption.
func cutChange(text string) (rest string, changed bool) {
	rest = strings.TrimLeft(text, ">")
	if rest == text {
		rest = strings.TrimPrefix(text, "- ")
	}
	if rest == text {
		return text, false
	}
	return strings.TrimLeft(rest, " "), true
}

// isCaption reports a label in capitals before words that are not.
func isCaption(l label) bool {
	return l.form == colonForm && isCaps(l.name) && len(strings.Fields(l.name)) <= 3 &&
		strings.IndexFunc(l.rest, unicode.IsLower) >= 0 && l.kind == properName
}

// isRemark reports a text that is all in brackets or notes: a sound, or a
// remark of the transcriber.
func isRemark(text string) bool {
	for _, pair := range []string{"[]", "()", "♪♪"} {
		open, shut := firstLast(pair)
		if strings.HasPrefix(text, open) && strings.HasSuffix(text, shut) && len(text) > len(open) &&
			!strings.Contains(text[len(open):len(text)-len(shut)], shut) {
			return true
		}
	}
	return false
}

// firstLast splits a pair of marks.
func firstLast(pair string) (string, string) {
	half := len(pair) / 2
	return pair[:half], pair[half:]
}

// endsTurn reports that a turn may end with text: it is empty or ends with
// the end of a sentence, perhaps in quotes or brackets.
func endsTurn(text string) bool {
	text = strings.TrimRight(text, " \t\"'”’)]*_")
	if text == "" {
		return true
	}
	for _, end := range []string{".", "?", "!", "…", "。", "？", "！", "--", "—", "–", "♪"} {
		if strings.HasSuffix(text, end) {
			return true
		}
	}
	return false
}
