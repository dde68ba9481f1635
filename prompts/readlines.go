package prompts

import (
	"regexp"
	"strconv"
	"strings"
)

const (
	// maxQuestion is the longest stand-alone question, in bytes.
	maxQuestion = 400
	// maxLine is the longest translated line, in bytes.
	maxLine = 2 * maxSentence
)

var (
	lineNumber = regexp.MustCompile(`^[\[(]?(\d{1,3})[\])]?\s*[.):：]?\s+`)
	// questionLabel is what models put before a rewritten question.
	questionLabel = regexp.MustCompile(`(?i)^(?:(?:the\s+)?(?:last|rewritten|stand-?alone|new|revised|final|reformulated)?\s*(?:question|query|frage|pregunta|質問|질문)|rewritten|rewrite|answer|output|q)\s*[:：]\s*`)
	// asks are the ends of questions, in scripts that may do without the mark.
	asks = regexp.MustCompile(`(?:[?？][”"'’」)]*|(?:か|の)[。.]?|(?:까|나요|가요|어요)[.]?)$`)
)

// ReadStandAlone reads a reply to [StandAlone], "" when it is no question: the first
// line that is one, without labels, quotation marks and Markdown. Whether it
// asks what was asked is for the caller to find.
func ReadStandAlone(text string) string {
	text, _ = prepare(text, false)
	for line := range strings.SplitSeq(text, "\n") {
		line, kind := readLine(line)
		if kind == lineBlank || kind == lineFence {
			continue
		}
		for range 3 {
			line = strings.TrimSpace(strings.TrimPrefix(line, questionLabel.FindString(line)))
			if at := leadIn.FindStringIndex(line); at != nil {
				line = line[at[1]:]
			}
		}
		line = strings.TrimSpace(strings.Trim(line, "\"“”'`「」"))
		if line != "" && len(line) <= maxQuestion && asks.MatchString(line) && squash(line) != "" {
			return line
		}
	}
	return ""
}

// ReadLines reads n numbered lines, len(result) == n, none of them empty; nil when
// there are not as many. Lines without numbers are taken in their order when there
// are exactly n.
func ReadLines(text string, n int) []string {
	if n < 1 || n > maxClaims {
		return nil
	}
	text, _ = prepare(text, false)
	byNumber := make([]string, n)
	found := 0
	var all []string
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "```") || rule.MatchString(line) {
			continue
		}
		at, body := readNumber(line)
		body = strings.TrimSpace(body)
		if body == "" || len(body) > maxLine || at == 0 && (courtesy.MatchString(body) || strings.HasSuffix(body, ":") || strings.HasSuffix(body, "：")) {
			continue
		}
		if at >= 1 && at <= n && byNumber[at-1] == "" {
			byNumber[at-1] = body
			found++
		}
		all = append(all, body)
	}
	switch {
	case found == n:
		return byNumber
	case found == 0 && len(all) == n:
		return all
	}
	return nil
}

// readNumber parts a line into its number, 0 when it has none, and the rest.
func readNumber(line string) (int, string) {
	line = strings.TrimLeft(line, "*-• ")
	m := lineNumber.FindStringSubmatch(line)
	if m == nil || len(m[0]) < 3 {
		return 0, plain(line)
	}
	if !strings.ContainsAny(m[0], ".):：]") {
		return 0, plain(line) // "12 people came"
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return 0, plain(line)
	}
	return n, plain(line[len(m[0]):])
}
