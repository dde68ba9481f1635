package bot

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval"
)

// Marks that quotations stand between, in pairs where they differ.
const quoteMarks = "\"'“”„‟‘’‚‛«»‹›「」『』《》〈〉＂＇*_`"

// trimQuotes takes quotation marks from around a text; white space becomes
// single spaces.
func trimQuotes(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	return strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(quoteMarks, r) })
}

// maxNameWords is the most words of a name below or before a quotation:
// "Prof. Dr. Anna Maria von der Heide" has seven.
const maxNameWords = 8

var (
	// nameBelow is a name after a dash at the end, on a line of its own, or
	// after the end of a sentence or quotation.
	nameBelow = regexp.MustCompile(`(?s)^(.*\S)(?:\s*\n\s*|\s*)(?:[—–―~]|--?)\s*([^\n—–―]{2,80})$`)
	// nameBefore is a name with a colon before a quotation mark.
	nameBefore = regexp.MustCompile(`(?s)^\s*([^\n:“"„«「]{2,80}):\s*([“"„«「].*)$`)
	// sentenceEnd is where a long text may be cut: after the mark and what
	// closes the sentence.
	sentenceEnd = regexp.MustCompile(`(?:[.!?…]+["'”’»)\]]*\s|[。！？｡]+[」』”’）]*)`)
	// quotedRun is a stretch between quotation marks.
	quotedRun = regexp.MustCompile(`(?s)“([^“”]+)”|„([^„“”]+)[“”]|«([^«»]+)»|»([^«»]+)«|「([^「」]+)」|『([^『』]+)』|"([^"]+)"`)
)

// cutAttribution parts a text from the name that it is ascribed to; name is ""
// when there is none.
func cutAttribution(text string) (words, name string) {
	if m := nameBelow.FindStringSubmatch(text); m != nil && isName(m[2]) {
		own := strings.Contains(text[len(m[1]):len(text)-len(m[2])], "\n")
		last, _ := utf8.DecodeLastRuneInString(m[1])
		if own || strings.ContainsRune(".!?…。！？"+quoteMarks, last) || strings.ContainsAny(text[len(m[1]):len(text)-len(m[2])], "—–―") {
			return m[1], m[2]
		}
	}
	if m := nameBefore.FindStringSubmatch(text); m != nil && isName(m[1]) {
		return m[2], m[1]
	}
	return text, ""
}

// isName reports whether the text may be somebody's name: a few words, the
// first of which no small letter begins.
func isName(text string) bool {
	text = strings.TrimLeft(strings.TrimSpace(text), quoteMarks+"@(")
	first, _ := utf8.DecodeRuneInString(text)
	return len(strings.Fields(text)) <= maxNameWords && unicode.IsLetter(first) && !unicode.IsLower(first) && !strings.ContainsAny(text, "!?。！？")
}

// quotedPart is the longest stretch of at least three words between quotation
// marks, "" when there is none.
func quotedPart(text string) string {
	longest := ""
	for _, m := range quotedRun.FindAllStringSubmatch(text, -1) {
		for _, inner := range m[1:] {
			if len(inner) > len(longest) && len(retrieval.Tokens(inner)) >= 3 {
				longest = inner
			}
		}
	}
	return longest
}

// cutQuote is the text up to the last sentence end within the words that can
// be matched, or up to the last of these words when no sentence ends there.
func cutQuote(text string) (cut string, was bool) {
	tokens := retrieval.Tokens(text)
	if len(tokens) <= retrieval.MaxQuoteWords {
		return text, false
	}
	limit := tokens[retrieval.MaxQuoteWords].Start
	text = strings.TrimSpace(text[:limit])
	if ends := sentenceEnd.FindAllStringIndex(text+" ", -1); len(ends) > 0 {
		end := min(ends[len(ends)-1][1], len(text))
		if trimmed := strings.TrimSpace(text[:end]); len(retrieval.Tokens(trimmed)) > 0 {
			return trimmed, true
		}
	}
	return text, true
}
