package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval"
)

// DiffOp says what a part of a comparison is.
type DiffOp string

// The parts of a comparison of what was posted with what was said.
const (
	DiffEqual   DiffOp = "equal"   // posted and said
	DiffMissing DiffOp = "missing" // posted but not said
	DiffAdded   DiffOp = "added"   // said but not posted
)

// DiffPart is some words in a row of a comparison.
type DiffPart struct {
	// Text is the words as said, for DiffMissing as posted, with their
	// punctuation and without white space at the ends.
	Text string
	Op   DiffOp
	// Decides is true for a difference in a name, a number or a negation:
	// it makes another statement.
	Decides bool
	// Glued is true when no white space stands between the part before and
	// this one, as in scripts written without spaces.
	Glued bool
}

// diffWords compares what was posted with what was said word by word. Equal and
// missing parts are together the words posted, equal and added ones those
// said; in one place missing parts come before added ones.
func diffWords(posted, said string) []DiffPart {
	p, s := newMarkedText(posted), newMarkedText(said)
	pairs := align(p.words, s.words, func(i, j int) bool { return p.sameWord(i, s, j) })
	var parts []DiffPart
	add := func(t *markedText, op DiffOp, from, to int) {
		if from < to {
			parts = append(parts, t.part(op, from, to))
		}
	}
	i, j := 0, 0
	for n := 0; n < len(pairs); {
		add(p, DiffMissing, i, pairs[n][0])
		add(s, DiffAdded, j, pairs[n][1])
		first := n
		for n++; n < len(pairs) && pairs[n][0] == pairs[n-1][0]+1 && pairs[n][1] == pairs[n-1][1]+1; n++ {
		}
		add(s, DiffEqual, pairs[first][1], pairs[n-1][1]+1)
		i, j = pairs[n-1][0]+1, pairs[n-1][1]+1
	}
	add(p, DiffMissing, i, len(p.words.Tokens))
	add(s, DiffAdded, j, len(s.words.Tokens))
	return parts
}

// markedText is a text with its words.
type markedText struct {
	text  string
	words *retrieval.Words
}

func newMarkedText(text string) *markedText {
	return &markedText{text: text, words: retrieval.NewWords(text)}
}

// sameWord reports whether two words are the same, the marks that make another
// number of a number included.
func (t *markedText) sameWord(i int, u *markedText, j int) bool {
	return t.words.Tokens[i].Word == u.words.Tokens[j].Word && t.numberMarks(i) == u.numberMarks(j)
}

// numberMarks are sign, currency and percent of a word that is a number, in
// one order wherever they stand.
func (t *markedText) numberMarks(i int) string {
	token := &t.words.Tokens[i]
	if c := token.Word[0]; c < '0' || c > '9' {
		return ""
	}
	marks := ""
	before, after := t.text[:token.Start], t.text[token.End:]
	for before != "" {
		r, size := utf8.DecodeLastRuneInString(before)
		rest := before[:len(before)-size]
		switch {
		case unicode.Is(unicode.Sc, r):
			marks += string(r)
		case (r == '-' || r == '−') && !endsWord(rest):
			marks = "-" + marks
		default:
			rest = ""
		}
		before = rest
	}
	if trimmed := strings.TrimLeft(after, " \u00a0\u202f"); trimmed != "" {
		if r, _ := utf8.DecodeRuneInString(trimmed); r == '%' || r == '‰' || unicode.Is(unicode.Sc, r) && len(trimmed) == len(after) {
			marks += string(r)
		}
	}
	return marks
}

// endsWord reports whether a text ends with a letter or digit, so that a
// hyphen after it is no sign.
func endsWord(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// part is the words from one to another, the latter not included.
func (t *markedText) part(op DiffOp, from, to int) DiffPart {
	start, end := t.startOf(from), t.startOf(to)
	last, _ := utf8.DecodeLastRuneInString(t.text[:start])
	p := DiffPart{Op: op, Text: strings.TrimSpace(t.text[start:end]), Glued: start > 0 && !unicode.IsSpace(last)}
	for i := from; op != DiffEqual && i < to && !p.Decides; i++ {
		p.Decides = t.words.Decides(i) || t.numberMarks(i) != ""
	}
	return p
}

// startOf is where word i starts with the punctuation that belongs to it: what
// follows the white space before it. Beyond the last word it is the text's
// end.
func (t *markedText) startOf(i int) int {
	tokens := t.words.Tokens
	switch {
	case i == 0:
		return 0
	case i == len(tokens):
		return len(t.text)
	}
	gap := t.text[tokens[i-1].End:tokens[i].Start]
	if at := strings.LastIndexFunc(gap, unicode.IsSpace); at >= 0 {
		_, size := utf8.DecodeRuneInString(gap[at:])
		return tokens[i-1].End + at + size
	}
	return tokens[i].Start
}

// align pairs words of a with words of b, in order, such that the pairs weigh
// most (Needleman and Wunsch 1970): words that say much are paired rather than
// those that stand everywhere, neighbours rather than words apart. Only words
// that are the same are paired.
func align(a, b *retrieval.Words, same func(i, j int) bool) [][2]int {
	return alignRange(a, b, [2]int{0, len(a.Tokens)}, [2]int{0, len(b.Tokens)}, same)
}

// alignRange is align for the words from the first of a range to before its
// second.
func alignRange(a, b *retrieval.Words, of, in [2]int, same func(i, j int) bool) [][2]int {
	const neighbours = 0.1
	n, m := max(0, of[1]-of[0]), max(0, in[1]-in[0])
	width := m + 1
	best := make([]float32, (n+1)*width) // of what is left of both from here on
	paired := make([]float32, (n+1)*width)
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			at := i*width + j
			best[at] = max(best[at+width], best[at+1])
			if same(of[0]+i, in[0]+j) {
				next := at + width + 1
				paired[at] = float32(a.Weight(of[0]+i)) + max(best[next], paired[next]+neighbours)
				best[at] = max(best[at], paired[at])
			}
		}
	}
	var pairs [][2]int
	bonus := float32(0) // for a pair that follows a pair
	for i, j := 0, 0; i < n && j < m; {
		at := i*width + j
		switch {
		case paired[at] > 0 && paired[at]+bonus >= best[at]:
			pairs = append(pairs, [2]int{of[0] + i, in[0] + j})
			i, j, bonus = i+1, j+1, neighbours
		case best[at+width] >= best[at+1]:
			i, bonus = i+1, 0
		default:
			j, bonus = j+1, 0
		}
	}
	return pairs
}
