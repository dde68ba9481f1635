package retrieval

import (
	"hash/maphash"
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
	"golang.org/x/text/unicode/norm"
)

// Token is one word of a text.
type Token struct {
	// Start and End are byte offsets into the text: text[Start:End] is the
	// word as written.
	Start, End int
	// Word is the word in lower case, without accents and apostrophes; a
	// possessive 's is dropped. Letters and digits only, never empty.
	Word string
}

// Tokens cuts a text into words: runs of letters and digits, with apostrophes
// allowed inside. Of scripts written without spaces (Han, Hiragana, Katakana,
// Thai ...) each character is a word of its own.
func Tokens(text string) []Token {
	tokens := make([]Token, 0, len(text)/5)
	start := -1
	flush := func(end int) {
		if start >= 0 {
			if word := foldWord(text[start:end]); word != "" {
				tokens = append(tokens, Token{Start: start, End: end, Word: word})
			}
			start = -1
		}
	}
	for i, r := range text {
		switch {
		case unspaced(r):
			flush(i)
			size := utf8.RuneLen(r)
			if word := foldWord(text[i : i+size]); word != "" {
				tokens = append(tokens, Token{Start: i, End: i + size, Word: word})
			}
		case isWordRune(r):
			if start < 0 {
				start = i
			}
		case start >= 0 && isApostrophe(r) && letterFollows(text, i, r):
		default:
			flush(i)
		}
	}
	flush(len(text))
	return tokens
}

func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' }

// letterFollows reports whether the apostrophe at text[i] stands within a word.
func letterFollows(text string, i int, r rune) bool {
	next, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
	return unicode.IsLetter(next)
}

// unspaced reports whether r belongs to a script written without spaces.
func unspaced(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) && !unicode.Is(unicode.Mn, r)
}

// unspacedWord reports whether a folded word is a character of such a script.
func unspacedWord(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unspaced(r)
}

// foldWord lower-cases a word and takes accents and apostrophes away.
func foldWord(word string) string {
	ascii, plain := true, true
	for i := 0; i < len(word); i++ {
		c := word[i]
		if c >= utf8.RuneSelf {
			ascii = false
			break
		}
		if 'A' <= c && c <= 'Z' || c == '\'' {
			plain = false
		}
	}
	if ascii && plain {
		return word
	}
	if !ascii {
		word = foldUnicode(word)
	} else {
		word = strings.ToLower(word)
	}
	word = strings.TrimSuffix(word, "'s")
	return strings.ReplaceAll(word, "'", "")
}

func foldUnicode(word string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(word) {
		switch {
		case unicode.Is(unicode.Mn, r) && r < 0x0900: // Latin, Greek, Cyrillic accents; vowel signs of other scripts stay
		case isApostrophe(r):
			b.WriteByte('\'')
		case r == 'ß':
			b.WriteString("ss")
		case r == 'ø' || r == 'Ø':
			b.WriteByte('o')
		case r == 'ł' || r == 'Ł':
			b.WriteByte('l')
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r):
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return norm.NFC.String(b.String())
}

// Stem is the form under which a word is indexed: the English Snowball stem of
// a folded word ([Token.Word]); words with digits or letters beyond a-z are
// left as they are. Source: https://snowballstem.org/algorithms/english/stemmer.html
// (read 2026-11-22), in the implementation of kljensen/snowball.
func Stem(word string) string {
	if len(word) < 3 {
		return word
	}
	for i := 0; i < len(word); i++ {
		if word[i] < 'a' || word[i] > 'z' {
			return word
		}
	}
	at := &stems[maphash.String(stemSeed, word)%uint64(len(stems))]
	if known := at.Load(); known != nil && known.word == word {
		return known.stem
	}
	known := &stemmed{word: strings.Clone(word), stem: english.Stem(word, true)}
	at.Store(known)
	return known.stem
}

// stems remembers the stems of words met lately, each in the one place that its
// hash names: most words of a text are a few thousand.
var (
	stems    [1 << 13]atomic.Pointer[stemmed]
	stemSeed = maphash.MakeSeed()
)

type stemmed struct{ word, stem string }

// Terms analyses a text for the full-text index: the stems of its words, stop
// words included, in order. Neighbouring characters of scripts without spaces
// are joined to pairs, since one character alone says little.
func Terms(text string) []string {
	tokens := Tokens(text)
	terms := make([]string, 0, len(tokens))
	for i, t := range tokens {
		if !unspacedWord(t.Word) {
			terms = append(terms, Stem(t.Word))
			continue
		}
		if i+1 < len(tokens) && tokens[i+1].Start == t.End {
			if unspacedWord(tokens[i+1].Word) {
				terms = append(terms, t.Word+tokens[i+1].Word)
				continue
			}
		}
		if i == 0 || tokens[i-1].End != t.Start || !unspacedWord(tokens[i-1].Word) {
			terms = append(terms, t.Word) // a character that stands alone
		}
	}
	return terms
}

// ContentTerms is Terms without stop words and without repeats: what a
// question is searched for.
func ContentTerms(text string) []string {
	terms := []string{}
	seen := map[string]bool{}
	for _, term := range Terms(text) {
		if !seen[term] && !stopTerms[term] {
			seen[term] = true
			terms = append(terms, term)
		}
	}
	return terms
}

// IsStop reports whether the folded word says nothing by itself.
func IsStop(word string) bool { return stopTerms[Stem(word)] }
