package eval

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval"
)

// Verbatim reports whether the quote stands in the text, runs of white space
// counting as one space in both. Nothing else is forgiven. An empty quote
// stands nowhere.
func Verbatim(quote, text string) bool {
	quote = strings.Join(strings.Fields(quote), " ")
	return quote != "" && strings.Contains(strings.Join(strings.Fields(text), " "), quote)
}

// MentionsAll reports whether the text mentions every entry.
func MentionsAll(text string, entries []string) bool {
	for _, e := range entries {
		if !Mentions(text, e) {
			return false
		}
	}
	return true
}

// Mentions reports whether any of the entry's alternatives, parted by "|",
// occurs in the text at the start of a word: after neither letter nor digit.
// Upper and lower case are the same, runs of white space are one space.
func Mentions(text, entry string) bool {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	for alternative := range strings.SplitSeq(entry, "|") {
		if mentionsOne(text, strings.ToLower(strings.TrimSpace(alternative))) {
			return true
		}
	}
	return false
}

func mentionsOne(text, words string) bool {
	if words == "" {
		return false
	}
	for from := 0; ; {
		i := strings.Index(text[from:], words)
		if i < 0 {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(text[:from+i])
		if from+i == 0 || !unicode.IsLetter(before) && !unicode.IsDigit(before) {
			return true
		}
		_, size := utf8.DecodeRuneInString(text[from+i:])
		from += i + size
	}
}

// quoteMarks are the marks that open quoted words, each with those that may
// close them: English, German and French ones among them.
var quoteMarks = map[rune]string{'“': "”", '„': "“”", '«': "»", '»': "«", '「': "」", '『': "』", '"': `"`}

// Quoted returns what stands between quotation marks in a sentence, in order.
// Quotes within quotes are part of the outer ones; single marks are none, since
// they are apostrophes as well. A mark that nothing closes opens nothing.
func Quoted(sentence string) []string {
	var quoted []string
	for rest := sentence; rest != ""; {
		mark, size := utf8.DecodeRuneInString(rest)
		rest = rest[size:]
		closing, opens := quoteMarks[mark]
		if !opens {
			continue
		}
		if end := strings.IndexAny(rest, closing); end >= 0 {
			quoted = append(quoted, rest[:end])
			_, size = utf8.DecodeRuneInString(rest[end:])
			rest = rest[end+size:]
		}
	}
	return quoted
}

// Says reports whether the words of a quotation stand in the text one after the
// other; case, punctuation and marks of omission (…, ...) in it do not
// count, but what they part must come in order. A quotation without words is in
// every text.
func Says(text, quotation string) bool {
	words := wordsOf(text)
	quotation = strings.ReplaceAll(quotation, "...", "…")
	for part := range strings.SplitSeq(quotation, "…") {
		want := wordsOf(part)
		at := indexWords(words, want)
		if at < 0 {
			return false
		}
		words = words[at+len(want):]
	}
	return true
}

func wordsOf(text string) []string {
	var words []string
	for _, token := range retrieval.Tokens(text) {
		words = append(words, token.Word)
	}
	return words
}

// indexWords is where want begins in words, -1 when it does not.
func indexWords(words, want []string) int {
	for i := 0; i+len(want) <= len(words); i++ {
		same := true
		for j := range want {
			same = same && words[i+j] == want[j]
		}
		if same {
			return i
		}
	}
	return -1
}
