package retrieval

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const (
	// maxSentenceWords cuts run-on sentences of speech recognition, so that
	// one sentence stays within what a citation may quote.
	maxSentenceWords = 60
	// pauseWords and pauseGap end a sentence where the text has no
	// punctuation: at a line's end after that many words, or sooner when
	// nobody speaks for that long.
	pauseWords = 25
	pauseGap   = time.Second
	// captionWords is the longest line that may be a caption or an
	// unpunctuated sentence of its own.
	captionWords = 40
	// maxSentenceBytes cuts what has no spaces at all, such as data that was
	// pasted into a transcript.
	maxSentenceBytes = 2000
)

// piece is a stretch of one line that belongs to one sentence.
type piece struct {
	line   int // index into Episode.Lines
	text   string
	repeat bool
	// ends is true when the sentence ends after this piece.
	ends bool
}

// cutSentences joins the lines of a turn and cuts them at sentence ends.
// repeats[i] is the number of bytes at the start of line i that repeat the
// end of the line before.
func cutSentences(lines []Line, repeats []int) []Sentence {
	punctuated := isPunctuated(lines)
	var sentences []Sentence
	var open []piece
	words := 0
	flush := func() {
		sentences = appendSentence(sentences, lines, open, words)
		open, words = nil, 0
	}
	for i := range lines {
		if i > 0 && breaksBefore(lines, i, punctuated, words) {
			flush()
		}
		for _, p := range cutLine(lines[i].Text, repeats[i], punctuated) {
			p.line = i
			n := countWords(p.text)
			if len(open) > 0 && (open[len(open)-1].repeat != p.repeat || words+n > 2*maxSentenceWords) {
				flush()
			}
			open = append(open, p)
			words += n
			if p.ends {
				flush()
			}
		}
	}
	flush()
	return sentences
}

// breaksBefore reports whether line i cannot go on the sentence of the line
// before it: another speaker, a blank line between, or, in text without
// punctuation, a pause or enough words.
func breaksBefore(lines []Line, i int, punctuated bool, words int) bool {
	prev, line := &lines[i-1], &lines[i]
	if prev.Speaker != line.Speaker {
		return true
	}
	timed := line.Start.Known
	if !timed && line.N > prev.N+1 {
		return true
	}
	if punctuated {
		return false
	}
	return words >= pauseWords || timed && prev.End.Known && line.Start.Offset-prev.End.Offset >= pauseGap
}

// isPunctuated reports whether the text has sentence ends at all: at least one
// in about 60 words.
func isPunctuated(lines []Line) bool {
	words, ends := 0, 0
	for i := range lines {
		text := lines[i].Text
		words += strings.Count(text, " ") + 1
		ends += strings.Count(text, ".") + strings.Count(text, "?") + strings.Count(text, "!") + 2*strings.Count(text, "。")
		if words > 20_000 {
			break
		}
	}
	return ends*60 >= words
}

// cutLine cuts one line at its sentence ends, and after the repeated bytes at
// its start.
func cutLine(text string, repeat int, punctuated bool) []piece {
	var pieces []piece
	add := func(s string, repeated, ends bool) {
		if s = strings.TrimSpace(s); s != "" {
			pieces = append(pieces, piece{text: s, repeat: repeated, ends: ends})
		} else if ends && len(pieces) > 0 {
			pieces[len(pieces)-1].ends = true
		}
	}
	if repeat > 0 {
		add(text[:repeat], true, true)
		text = text[repeat:]
	}
	limit := maxSentenceWords
	if !punctuated {
		limit = captionWords
	}
	from, halves, lastComma := 0, 0, -1 // halves counts half words, see halfWords
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if end, ends := sentenceEnd(text, i); ends {
			add(text[from:end], false, true)
			from, halves, lastComma, i = end, 0, -1, end
			continue
		} else if end > i {
			i = end // closing marks that end nothing
			continue
		}
		if (r == ',' || r == ';') && (i+1 == len(text) || text[i+1] == ' ') || r == '、' || r == '，' {
			lastComma = i + size
		}
		halves += halfWords(r)
		i += size
		if halves < 2*limit && i-from < maxSentenceBytes || r != ' ' && !unspaced(r) && i-from < maxSentenceBytes {
			continue
		}
		cut := i
		if lastComma > from+(i-from)/2 {
			cut = lastComma
		}
		add(text[from:cut], false, true)
		from, halves, lastComma = cut, 2*countWords(text[cut:i]), -1
	}
	add(text[from:], false, false)
	return pieces
}

// halfWords is what a character adds to the length of a text in half words: a
// space 2, a character of a script without spaces 1, others none.
func halfWords(r rune) int {
	switch {
	case r == ' ':
		return 2
	case unspaced(r):
		return 1
	}
	return 0
}

// countWords is the length of a text in words: those between spaces, and one
// for every two characters of scripts without spaces. 0 only for "".
func countWords(text string) int {
	if text == "" {
		return 0
	}
	halves := 0
	for _, r := range text {
		halves += halfWords(r)
	}
	return halves/2 + 1
}

// sentenceEnd reports whether a sentence ends with the mark at text[i], and the
// offset after it: closing quotes and brackets belong to the sentence. Where
// marks stand that end no sentence, it gives the offset after them, so that
// they are looked at once; where none stand, i.
func sentenceEnd(text string, i int) (end int, ends bool) {
	r, size := utf8.DecodeRuneInString(text[i:])
	switch r {
	case '。', '！', '？':
		return i + size, true
	case '.', '?', '!', '…':
	default:
		return i, false
	}
	end = i + size
	for end < len(text) {
		closer, size := utf8.DecodeRuneInString(text[end:])
		if !strings.ContainsRune(".?!…\"'”’)]»", closer) {
			break
		}
		end += size
	}
	abbreviated := r == '.' && isAbbreviation(text, i)
	if end == len(text) {
		return end, !abbreviated
	}
	if text[end] != ' ' {
		return end, false
	}
	next, _ := utf8.DecodeRuneInString(strings.TrimLeft(text[end:min(end+16, len(text))], " \"'“‘(["))
	return end, !abbreviated && !unicode.IsLower(next)
}

// abbreviations end in a full stop that ends no sentence.
var abbreviations = map[string]bool{
	"mr": true, "mrs": true, "ms": true, "dr": true, "prof": true, "st": true, "jr": true, "sr": true, "vs": true,
	"gen": true, "col": true, "lt": true, "sgt": true, "capt": true, "rep": true, "sen": true, "gov": true, "rev": true, "hon": true,
	"e.g": true, "i.e": true, "dept": true, "approx": true, "fig": true, "vol": true, "ed": true,
}

// isAbbreviation reports whether the full stop at text[i] ends an abbreviation
// or an initial.
func isAbbreviation(text string, i int) bool {
	start := strings.LastIndexByte(text[:i], ' ') + 1
	word := strings.ToLower(strings.TrimLeft(text[start:i], "\"'“‘(["))
	if abbreviations[word] {
		return true
	}
	// An initial: one capital before the stop ("J. Smith", "U.S. policy"),
	// but not the pronoun I.
	if len(word) == 0 {
		return false
	}
	last := text[i-1]
	return last >= 'A' && last <= 'Z' && last != 'I' && (i == 1 || text[i-2] == ' ' || text[i-2] == '.')
}

// appendSentence makes sentences of the pieces: one, or more where it would be
// longer than a citation may quote, in words or in lines. It is then parted
// near its middle, at a comma or before a conjunction if there is one.
func appendSentence(sentences []Sentence, lines []Line, pieces []piece, words int) []Sentence {
	if len(pieces) == 0 {
		return sentences
	}
	if words <= maxSentenceWords && pieces[len(pieces)-1].line-pieces[0].line < maxSpanLines {
		return append(sentences, newSentence(lines, pieces))
	}
	bestPiece, bestOffset, bestWords, bestCost := -1, 0, 0, 1<<30
	seen := 0
	for i := range pieces {
		text := pieces[i].text
		for at := 0; at < len(text); seen++ {
			if i+at > 0 {
				if cost := partCost(pieces, i, at, 2*seen-words); cost < bestCost {
					bestPiece, bestOffset, bestWords, bestCost = i, at, seen, cost
				}
			}
			space := strings.IndexByte(text[at:], ' ')
			if space < 0 {
				space = len(text) - at - 1
			}
			at += space + 1
		}
	}
	head := append([]piece(nil), pieces[:bestPiece]...)
	tail := append([]piece(nil), pieces[bestPiece:]...)
	if bestOffset > 0 {
		head = append(head, pieces[bestPiece])
		head[bestPiece].text = pieces[bestPiece].text[:bestOffset-1]
		tail[0].text = pieces[bestPiece].text[bestOffset:]
	}
	sentences = appendSentence(sentences, lines, head, bestWords)
	return appendSentence(sentences, lines, tail, words-bestWords)
}

// conjunctions begin a part of a sentence that can be read by itself.
var conjunctions = map[string]bool{"and": true, "but": true, "so": true, "because": true, "although": true, "while": true, "which": true, "when": true, "or": true}

// partCost is how bad it is to part the sentence before pieces[i].text[at:],
// offMiddle words (doubled) from its middle.
func partCost(pieces []piece, i, at, offMiddle int) int {
	cost := max(offMiddle, -offMiddle)
	before := pieces[max(i-1, 0)].text
	if at > 0 {
		before = pieces[i].text[:at-1]
	}
	word, _, _ := strings.Cut(pieces[i].text[at:], " ")
	switch {
	case strings.HasSuffix(before, ",") || strings.HasSuffix(before, ";"):
	case conjunctions[strings.ToLower(word)]:
		cost += 40
	default:
		cost += 90
	}
	return cost
}

func newSentence(lines []Line, pieces []piece) Sentence {
	texts := make([]string, len(pieces))
	for i := range pieces {
		texts[i] = pieces[i].text
	}
	first, last := &lines[pieces[0].line], &lines[pieces[len(pieces)-1].line]
	return Sentence{
		Text:      strings.Join(texts, " "),
		FirstLine: first.N, LastLine: last.N,
		Speaker: first.Speaker,
		Start:   first.Start, End: last.End,
		Repeat: pieces[0].repeat,
	}
}
