package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval"
)

// claimQuote is words of a claim between quotation marks: text[start:end].
type claimQuote struct{ start, end int }

// claimMarks are the pairs of quotation marks; closers lists all that may end
// what an opening mark began. Single marks are in singleQuotes.
var claimMarks = map[rune]string{
	'“': "”\"", '"': "\"”", '«': "»", '»': "«", '„': "“”\"", '「': "」", '『': "』", '‟': "”", '‹': "›", '‚': "‘’", '❝': "❞", '＂': "＂", '｢': "｣", '`': "`'´",
}

// claimQuotes finds what a claim quotes. A mark that nothing closes quotes all
// that follows it: better to check too much. Single marks quote when they
// stand before and after words and there are two words or more between them,
// since else they are apostrophes; one long word will do.
func claimQuotes(text string) []claimQuote {
	var quotes []claimQuote
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		closers := claimMarks[r]
		at := i + size
		switch {
		case closers != "":
			end, next := len(text), len(text)
			if n := strings.IndexAny(text[at:], closers); n >= 0 {
				_, size := utf8.DecodeRuneInString(text[at+n:])
				end, next = at+n, at+n+size
			}
			quotes, i = append(quotes, claimQuote{at, end}), next
		case r == '‘' || r == '\'' && opensSingle(text, i):
			if end := closeSingle(text, at); end > at {
				quotes, i = append(quotes, claimQuote{at, end}), end
				continue
			}
			i = at
		default:
			i = at
		}
	}
	return quotes
}

// opensSingle reports whether the apostrophe at text[i] stands before a word
// and after none.
func opensSingle(text string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	after, _ := utf8.DecodeRuneInString(text[i+1:])
	return (i == 0 || unicode.IsSpace(before) || before == '(') && unicode.IsLetter(after)
}

// leastSingle is the least length of one word in single marks, in characters,
// that quotes: shorter ones are cut words, as in rock 'n' roll.
const leastSingle = 4

// closeSingle is where words that a single mark opened at text[from:] end, -1
// when they do not.
func closeSingle(text string, from int) int {
	for i, r := range text[from:] {
		if r != '’' && r != '\'' {
			continue
		}
		after, _ := utf8.DecodeRuneInString(text[from+i+utf8.RuneLen(r):])
		if unicode.IsLetter(after) || unicode.IsDigit(after) {
			continue // within a word
		}
		if words := strings.TrimSpace(text[from : from+i]); strings.Contains(words, " ") || utf8.RuneCountInString(words) >= leastSingle {
			return from + i
		}
		return -1
	}
	return -1
}

// quotePlacing is where quoted words of a claim stand: sentences first to last
// of the source.
type quotePlacing struct {
	source      *sourceText
	first, last int
}

// findQuote finds quoted words in the sources, word by word with nothing
// between. The normalisation is that of retrieval.Tokens - case, accents,
// punctuation and line breaks count for nothing - while sign, currency and
// percent of a number count, as in a quote look-up. Sentences that speak to a
// model are not quoted.
func findQuote(words string, sources []*sourceText) (quotePlacing, bool) {
	quote := newMarkedText(words)
	n := len(quote.words.Tokens)
	if n == 0 {
		return quotePlacing{}, false
	}
	for _, s := range sources {
		text := s.marked()
		for at := 0; at+n <= len(text.words.Tokens); at++ {
			same := 0
			for same < n && quote.sameWord(same, text, at+same) {
				same++
			}
			if same < n {
				continue
			}
			p := quotePlacing{s, s.sentenceAt(text.words.Tokens[at].Start), s.sentenceAt(text.words.Tokens[at+n-1].Start)}
			if !s.instructed(p.first, p.last) {
				return p, true
			}
		}
	}
	return quotePlacing{}, false
}

// marked is the source's text as quotes are compared with it.
func (s *sourceText) marked() *markedText {
	s.markedOnce.Do(func() { s.markedText = newMarkedText(retrieval.JoinSentences(s.Sentences)) })
	return s.markedText
}

// sentenceAt is the sentence that the byte of the joined text belongs to.
func (s *sourceText) sentenceAt(at int) int {
	starts := retrieval.SentenceStarts(s.Sentences)
	i := 0
	for i+1 < len(starts) && starts[i+1] <= at {
		i++
	}
	return i
}

// instructed reports whether one of the sentences speaks to a model.
func (s *sourceText) instructed(first, last int) bool {
	for i := first; i <= last; i++ {
		if s.instructs[i] {
			return true
		}
	}
	return false
}
