package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"

	"verbatim/retrieval"
)

// lineWidth fits a terminal of 80 columns with a margin.
const lineWidth = 78

// terms are the stems of words to print in bold.
type terms map[string]bool

// termsOf are the words of a question that say something.
func termsOf(text string) terms {
	t := terms{}
	for _, term := range retrieval.ContentTerms(text) {
		t[term] = true
	}
	return t
}

// spellings adds the other spellings that the library has of rare words, by
// which search finds them too.
func (t terms) spellings(ctx context.Context, l *library) error {
	v, err := l.Vocabulary(ctx, scopes)
	if err != nil {
		return err
	}
	for _, term := range slices.Collect(maps.Keys(t)) {
		if v.Frequency(term) > 0 {
			continue
		}
		for _, variant := range v.Variants(term) {
			t[variant.Term] = true
		}
	}
	return nil
}

// marked is the text with the words that match in bold.
func (u *ui) marked(text string, t terms) string {
	var ranges [][2]int
	for _, token := range retrieval.Tokens(text) {
		if t[retrieval.Stem(token.Word)] {
			ranges = append(ranges, [2]int{token.Start, token.End})
		}
	}
	return u.highlight(text, ranges)
}

// together is a space at which paragraph breaks no line: U+00A0, printed as a
// plain space.
const together = "\u00a0"

// paragraph prints words wrapped, the first line after head, the others
// indented as far as head is wide. Words joined by [together] stay on one line.
// They may be styled; no style may run over a space.
func (u *ui) paragraph(head, text string) {
	indent := strings.Repeat(" ", columns(head))
	line, at := head, columns(head)
	empty := true
	for word := range strings.SplitSeq(text, " ") {
		if word == "" {
			continue
		}
		word = strings.ReplaceAll(word, together, " ")
		w := columns(word)
		if !empty && at+1+w > lineWidth {
			u.printf("%s\n", line)
			line, at, empty = indent, len(indent), true
		}
		if !empty {
			line += " "
			at++
		}
		line += word
		at += w
		empty = false
	}
	u.printf("%s\n", line)
}

// columns is the width of a text on a terminal, SGR sequences not counted.
func columns(s string) int {
	n := 0
	for len(s) > 0 {
		if strings.HasPrefix(s, "\x1b[") {
			if end := strings.IndexByte(s, 'm'); end > 0 {
				s = s[end+1:]
				continue
			}
		}
		r, size := utf8.DecodeRuneInString(s)
		s = s[size:]
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// cut shortens a text to n columns.
func cut(s string, n int) string {
	if columns(s) <= n {
		return s
	}
	runes := []rune(s)
	for len(runes) > 0 && columns(string(runes))+1 > n {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimSpace(string(runes)) + "…"
}

// dimWords is dim, word by word so that it can be wrapped.
func (u *ui) dimWords(s string) string { return eachWord(s, u.dim) }

// boldWords is bold, word by word so that it can be wrapped.
func (u *ui) boldWords(s string) string { return eachWord(s, u.bold) }

func eachWord(s string, style func(string) string) string {
	words := strings.Split(s, " ")
	for i := range words {
		words[i] = style(words[i])
	}
	return strings.Join(words, " ")
}

// place says where something stands: title (unless ""), lines, times, speaker.
func place(title string, first, last int, start, end retrieval.Moment, speaker string) string {
	parts := []string{lineRange(first, last)}
	if title != "" {
		parts = []string{plain(title), parts[0]}
	}
	if start.Known {
		when := start.String()
		if end.Known && end.String() != when {
			when += "–" + end.String()
		}
		parts = append(parts, when)
	}
	if speaker != "" {
		parts = append(parts, plain(speaker))
	}
	return strings.Join(parts, together+"· ")
}

func lineRange(first, last int) string {
	if first == last {
		return fmt.Sprintf("line%s%d", together, first)
	}
	return fmt.Sprintf("lines%s%d–%d", together, first, last)
}

// citation prints the quoted words, and below where they stand.
func (u *ui) citation(c *retrieval.Citation, t terms) {
	head := "    "
	if c.N > 0 {
		head = fmt.Sprintf("%-4s", fmt.Sprintf("[%d]", c.N))
	}
	u.paragraph(head, "“"+u.marked(c.Quote, t)+"”")
	u.paragraph("    ", u.dimWords(place(c.Title, c.FirstLine, c.LastLine, c.Start, c.End, c.Speaker)))
	if c.URL != "" {
		u.paragraph("    ", u.dim(plain(c.URL)))
	}
}

// count is "1 line", "2 lines".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// marks are " [1] [2]", kept on the line of the word before them.
func marks(numbers []int) string {
	var b strings.Builder
	for _, n := range numbers {
		fmt.Fprintf(&b, "%s[%d]", together, n)
	}
	return b.String()
}
