package transcript

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval"
)

const (
	// sentencePause ends a sentence of words without punctuation.
	sentencePause = 1500 * time.Millisecond
	// maxSentenceWords ends one that neither punctuation nor a pause ends; it
	// is about a quarter of a minute of speech.
	maxSentenceWords = 40
	// minWords is the fewest segments by which a file can be called one of
	// words.
	minWords = 4
)

// wordLevel reports whether cues are words rather than captions: four in five
// of those with text are a single word. (Three captions of one word each are a
// short talk.)
func wordLevel(cues []cue) bool {
	texts, words := 0, 0
	for i := range cues {
		if len(cues[i].rows) == 0 {
			continue
		}
		texts++
		if len(cues[i].rows) == 1 && oneWord(cues[i].rows[0]) {
			words++
		}
	}
	return texts >= minWords && words*5 >= texts*4
}

// oneWord reports whether text is a single word. In scripts without spaces a
// word is up to four characters.
func oneWord(text string) bool {
	if strings.ContainsRune(text, ' ') {
		return false
	}
	for _, r := range text {
		if unspaced(r) {
			return utf8.RuneCountInString(text) <= 4
		}
	}
	return true
}

// unspaced reports whether r is of a script that puts no spaces between words.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// joinWords joins words to sentences. A sentence ends with its punctuation, at
// a change of speaker, at a pause longer than sentencePause, or, at the latest
// clause end, when it has maxSentenceWords. It starts when its first word does
// and ends when its last one does. Cues without text join nothing and are not
// counted.
func joinWords(words []cue) []cue {
	spacing := false // words carry their own leading spaces
	for i := range words {
		spacing = spacing || words[i].spaced
	}
	var sentences []cue
	var open []cue // words of the sentence at hand
	flush := func(n int) {
		if n > 0 {
			sentences = append(sentences, sentenceOf(open[:n], spacing))
		}
		open = append(open[:0], open[n:]...)
	}
	for i := range words {
		w := words[i]
		if len(w.rows) == 0 {
			continue
		}
		if n := len(open); n > 0 && closesWord(w.rows[0]) {
			w.speaker = open[n-1].speaker
		} else if n > 0 {
			last := &open[n-1]
			if w.speaker != last.speaker {
				flush(n)
			} else if spacing && !w.spaced {
				// The rest of the word before.
			} else if pauseBetween(last, &w) > sentencePause || endsSentence(joinRows(last.rows)) {
				flush(n)
			} else if n >= maxSentenceWords {
				flush(clauseEnd(open))
			}
		}
		open = append(open, w)
	}
	flush(len(open))
	return sentences
}

// pauseBetween is the time from the end of a to the start of b; negative when
// b starts first by more than the pause, 0 when unknown.
func pauseBetween(a, b *cue) time.Duration {
	from := a.end
	if !from.Known {
		from = a.start
	}
	if !from.Known || !b.start.Known {
		return 0
	}
	return b.start.Offset - from.Offset
}

// clauseEnd is the number of words up to the last one of the second half that
// a comma, semicolon, colon or dash ends, or all of them.
func clauseEnd(words []cue) int {
	for n := len(words); n > len(words)/2; n-- {
		rows := words[n-1].rows
		if r, _ := utf8.DecodeLastRuneInString(rows[len(rows)-1]); strings.ContainsRune(",;:–—、，；：", r) {
			return n
		}
	}
	return len(words)
}

// abbreviations end with a full stop that ends no sentence.
var abbreviations = map[string]bool{
	"mr.": true, "mrs.": true, "ms.": true, "dr.": true, "prof.": true, "st.": true, "vs.": true, "e.g.": true,
	"i.e.": true, "sen.": true, "rep.": true, "gov.": true, "gen.": true,
}

// endsSentence reports whether a word carries the punctuation that ends a
// sentence, closing quotes and brackets aside.
func endsSentence(word string) bool {
	word = strings.TrimRight(word, "\"'”’»)]")
	r, size := utf8.DecodeLastRuneInString(word)
	switch r {
	case '!', '?', '…', '。', '！', '？', '؟', '।':
		return true
	case '.':
		if abbreviations[strings.ToLower(word)] {
			return false
		}
		// A capital alone is an initial ("J. Smith").
		initial, n := utf8.DecodeRuneInString(word)
		return !(n+size == len(word) && unicode.IsUpper(initial) && initial != 'I')
	}
	return false
}

// closesWord reports whether text is punctuation that belongs to the word
// before it.
func closesWord(text string) bool {
	if strings.Trim(text, ".,!?;:…%)]}”’。、，！？；：") == "" {
		return true
	}
	switch strings.ToLower(text) {
	case "'s", "'t", "n't", "'re", "'ve", "'ll", "'d", "'m":
		return true
	}
	return false
}

// sentenceOf joins the words: single spaces between them, none before
// closing punctuation or between characters of unspaced scripts. It keeps none
// of the memory of words.
//
// With spacing, a word that had no leading space goes on the word before it.
func sentenceOf(words []cue, spacing bool) cue {
	s := cue{line: words[0].line, start: words[0].start, speaker: words[0].speaker}
	var b strings.Builder
	last := ' '
	for i := range words {
		text := joinRows(words[i].rows)
		if text == "" {
			continue // a word that the file left out
		}
		first, _ := utf8.DecodeRuneInString(text)
		apart := !spacing || words[i].spaced
		if b.Len() > 0 && apart && !closesWord(text) && !(unspaced(last) && unspaced(first)) {
			b.WriteByte(' ')
		}
		b.WriteString(text)
		last, _ = utf8.DecodeLastRuneInString(text)
		if words[i].end.Known || !closesWord(text) {
			s.end = words[i].end
		}
	}
	if s.start.Known && s.end.Known && s.end.Offset < s.start.Offset {
		s.end = retrieval.Moment{}
	}
	s.rows = []string{b.String()}
	return s
}
