package embedding

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWordChars is the number of characters past which the reference gives a
// word up as unknown: max_input_chars_per_word of the teacher's
// tokenizer.json.
const maxWordChars = 100

// Tokenizer is the uncased BERT tokenizer: it cleans and lower-cases a text,
// strips accents, parts it at white space and punctuation and around CJK
// ideographs, and cuts each word into the longest pieces that the vocabulary
// has (WordPiece). The ids equal those of the Hugging Face tokenizers library
// (BertNormalizer, BertPreTokenizer, WordPiece; version 0.23.3) without
// special tokens; words such as "[CLS]" in a text are plain text. The reference
// knows characters as Unicode 8 has them; those added since (marks and
// punctuation of rare scripts) are taken as Go's tables have them. It keeps no
// state: safe for concurrent use.
type Tokenizer struct {
	// first holds the tokens that begin a word, inner those that continue
	// one, without their "##".
	first, inner map[string]int32
	// longest is the length in bytes of the longest key of either map.
	longest int
	unknown int32
	size    int
}

// NewTokenizer reads a vocabulary: one token a line, line n (from 0) has id n.
// It is an error if a token is empty or stands twice, or if "[UNK]" is
// missing.
func NewTokenizer(vocabulary string) (*Tokenizer, error) {
	n := strings.Count(vocabulary, "\n")
	t := &Tokenizer{first: make(map[string]int32, n), inner: make(map[string]int32, n/4)}
	for line := range strings.Lines(vocabulary) {
		token := strings.TrimSuffix(line, "\n")
		into, key := t.first, token
		if rest, ok := strings.CutPrefix(token, "##"); ok {
			into, key = t.inner, rest
		}
		if key == "" {
			return nil, fmt.Errorf("vocabulary: token %d is empty", t.size)
		}
		if id, ok := into[key]; ok {
			return nil, fmt.Errorf("vocabulary: token %q stands twice, as %d and %d", token, id, t.size)
		}
		into[key] = int32(t.size)
		t.longest = max(t.longest, len(key))
		t.size++
	}
	var ok bool
	if t.unknown, ok = t.first["[UNK]"]; !ok {
		return nil, fmt.Errorf("vocabulary: [UNK] is missing")
	}
	return t, nil
}

// Size is the number of tokens: every id is in [0, Size).
func (t *Tokenizer) Size() int { return t.size }

// Unknown is the id of a word that the vocabulary cannot spell.
func (t *Tokenizer) Unknown() int32 { return t.unknown }

// Append appends the ids of text's tokens to ids and returns it. It allocates
// nothing but room in ids, and takes time linear in len(text).
func (t *Tokenizer) Append(ids []int32, text string) []int32 {
	var w word
	for i := 0; i < len(text); {
		c := text[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[i:])
			ids = t.appendRune(ids, &w, r, text[i:i+size])
			i += size
			continue
		}
		i++
		switch class := asciiClass[c]; class {
		case classDrop:
		case classSpace:
			ids = t.flush(ids, &w)
		case classPunct:
			ids = t.flush(ids, &w)
			w.add(rune(c))
			ids = t.flush(ids, &w)
		default: // a letter or digit: class is the lower-case byte itself
			w.addByte(class)
		}
	}
	return t.flush(ids, &w)
}

// appendRune takes one rune beyond ASCII; s is its bytes in the text.
func (t *Tokenizer) appendRune(ids []int32, w *word, r rune, s string) []int32 {
	switch {
	case r == utf8.RuneError || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co):
		return ids
	case unicode.IsSpace(r):
		return t.flush(ids, w)
	case isIdeograph(r):
		ids = t.flush(ids, w)
		ids = t.appendDecomposed(ids, w, r, s)
		return t.flush(ids, w)
	}
	return t.appendDecomposed(ids, w, r, s)
}

// appendDecomposed takes r's canonical decomposition, each part without
// non-spacing marks and in lower case.
func (t *Tokenizer) appendDecomposed(ids []int32, w *word, r rune, s string) []int32 {
	if decomposed := norm.NFD.PropertiesString(s).Decomposition(); decomposed != nil {
		for len(decomposed) > 0 {
			part, size := utf8.DecodeRune(decomposed)
			decomposed = decomposed[size:]
			ids = t.appendPart(ids, w, part)
		}
		return ids
	}
	if r >= hangulFirst && r <= hangulLast {
		// Hangul decomposes by rule, so x/text has no table entry for it.
		n := r - hangulFirst
		w.add(jamoLead + n/(jamoVowels*jamoTails))
		w.add(jamoVowel + n/jamoTails%jamoVowels)
		if tail := n % jamoTails; tail > 0 {
			w.add(jamoTail + tail)
		}
		return ids
	}
	return t.appendPart(ids, w, r)
}

// The arithmetic of Hangul syllables: The Unicode Standard, section 3.12.
const (
	hangulFirst, hangulLast       = 0xAC00, 0xD7A3
	jamoLead, jamoVowel, jamoTail = 0x1100, 0x1161, 0x11A7
	jamoVowels, jamoTails         = 21, 28
)

func (t *Tokenizer) appendPart(ids []int32, w *word, r rune) []int32 {
	switch {
	case unicode.Is(unicode.Mn, r):
		return ids
	case isPunct(r):
		ids = t.flush(ids, w)
		w.add(r)
		return t.flush(ids, w)
	}
	w.add(unicode.ToLower(r))
	return ids
}

// flush appends the pieces of the word and empties it. A word of which any
// part is not in the vocabulary is one unknown token.
func (t *Tokenizer) flush(ids []int32, w *word) []int32 {
	rest, chars := w.bytes[:w.n], w.chars
	if chars == 0 {
		return ids
	}
	w.n, w.chars = 0, 0
	if chars > maxWordChars {
		return append(ids, t.unknown)
	}
	before, pieces := len(ids), t.first
	for len(rest) > 0 {
		id, n := longestPiece(pieces, rest[:min(len(rest), t.longest)])
		if n == 0 {
			return append(ids[:before], t.unknown)
		}
		ids = append(ids, id)
		rest, pieces = rest[n:], t.inner
	}
	return ids
}

// longestPiece finds the longest prefix of s that is a key, and its length in
// bytes, 0 if there is none. A prefix that ends within a character is no key,
// since all keys are whole characters.
func longestPiece(pieces map[string]int32, s []byte) (id int32, n int) {
	for n = len(s); n > 0; n-- {
		if id, ok := pieces[string(s[:n])]; ok {
			return id, n
		}
	}
	return 0, 0
}

// word is the word being read, in lower case. Characters past maxWordChars
// are counted but not kept.
type word struct {
	bytes [utf8.UTFMax * maxWordChars]byte
	// n is the number of bytes, chars that of characters.
	n, chars int
}

func (w *word) addByte(b byte) {
	if w.chars++; w.chars <= maxWordChars {
		w.bytes[w.n] = b
		w.n++
	}
}

func (w *word) add(r rune) {
	if w.chars++; w.chars <= maxWordChars {
		w.n += utf8.EncodeRune(w.bytes[w.n:], r)
	}
}

// Classes of ASCII characters; any other class is the character itself in
// lower case.
const (
	classDrop  = 0
	classSpace = ' '
	classPunct = '.'
)

// asciiClass has the class of each ASCII character. All ASCII punctuation
// counts, symbols such as $ and + included (is_ascii_punctuation in the
// reference's pre_tokenizers/bert.rs).
var asciiClass = func() (classes [utf8.RuneSelf]byte) {
	for c := range byte(utf8.RuneSelf) {
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			classes[c] = classSpace
		case c < ' ' || c == 0x7F:
			classes[c] = classDrop
		case c >= 'A' && c <= 'Z':
			classes[c] = c + ('a' - 'A')
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			classes[c] = c
		default:
			classes[c] = classPunct
		}
	}
	return classes
}()

func isPunct(r rune) bool {
	if r < utf8.RuneSelf {
		return asciiClass[r] == classPunct
	}
	return unicode.IsPunct(r)
}

// isIdeograph reports the blocks that the reference sets apart (is_chinese_char
// in its normalizers/bert.rs; extension E begins at 2B920 there, not at 2B820).
func isIdeograph(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r >= 0x3400 && r <= 0x4DBF ||
		r >= 0xF900 && r <= 0xFAFF || r >= 0x20000 && r <= 0x2A6DF ||
		r >= 0x2A700 && r <= 0x2B73F || r >= 0x2B740 && r <= 0x2B81F ||
		r >= 0x2B920 && r <= 0x2CEAF || r >= 0x2F800 && r <= 0x2FA1F
}
