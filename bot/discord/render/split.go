package render

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Split parts markdown into texts of at most limit characters (code points),
// limit at least 1. It parts at ends of lines and sentences and never a
// sentence from its [1][2] marks; within a fence, a block quote, bold or
// struck text only when that alone is too long, and then it closes the markup
// and opens it again; within code and links only when one of them alone is. A
// sentence that is too long is parted between words, a word between
// characters as they are seen. White space at the cuts is dropped, nothing
// else.
func Split(text string, limit int) []string {
	limit = max(limit, 1)
	rest := pieces(text)
	var parts []string
	open := ""
	for len(rest) > 0 {
		part, next, reopen := fill(rest, open, limit)
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
		rest, open = next, reopen
	}
	return parts
}

// How well a text may be cut behind a piece.
const (
	cutNever    = iota // before a mark
	cutMarkup          // within bold, struck out or a fence
	cutWord            // between words
	cutQuote           // between sentences of a block quote
	cutSentence        // between sentences
	cutLine            // between lines
)

// piece is what is never cut as long as it fits: a word, a link, a line of a
// fence.
type piece struct {
	text string
	gap  string // white space behind it
	cut  int
	// closing ends the markup that is open behind the piece; opening begins it
	// again.
	closing, opening string
}

// fill makes the longest good part of the pieces, begun with open.
func fill(rest []piece, open string, limit int) (part string, next []piece, reopen string) {
	if runes(open)*4 > limit {
		open = ""
	}
	used, gap := runes(open), 0
	best, bestCut, bestUsed := -1, -1, 0
	last := 0
	for ; last < len(rest); last++ {
		p := &rest[last]
		used += gap + width(p.text, limit)
		if used > limit {
			break
		}
		gap = runes(p.gap)
		if last == len(rest)-1 {
			return open + joinPieces(rest), nil, ""
		}
		if used+runes(p.closing) > limit || p.cut == cutNever {
			continue
		}
		rank := min(p.cut, cutSentence) // a line's end is no better, but for one near the end
		if rank > bestCut || rank == bestCut && (rest[best].cut < cutLine || p.cut == cutLine || used*10 > limit*7 && bestUsed*10 <= limit*7) {
			best, bestCut, bestUsed = last, rank, used
		}
	}
	if best >= 0 {
		p := &rest[best]
		return open + joinPieces(rest[:best+1]) + p.closing, rest[best+1:], p.opening
	}
	return force(rest, open, limit)
}

// force cuts where no piece ends well: behind as many pieces as fit, or else
// within the first one.
func force(rest []piece, open string, limit int) (part string, next []piece, reopen string) {
	used, n := runes(open), 0
	for n < len(rest) && used+width(rest[n].text, limit) <= limit {
		used += width(rest[n].text, limit) + runes(rest[n].gap)
		n++
	}
	if n > 0 {
		return open + joinPieces(rest[:n]), rest[n:], ""
	}
	first := &rest[0]
	room, end := limit-runes(open), 0
	for end < len(first.text) {
		size := graphemeLen(first.text[end:])
		if room -= runes(first.text[end : end+size]); room < 0 {
			break
		}
		end += size
	}
	if end == 0 && open != "" { // the markup leaves no room: go on without
		return "", rest, ""
	}
	if end == 0 { // one character is longer than a part: cut between code points
		_, end = utf8.DecodeRuneInString(first.text)
	}
	head := open + first.text[:end]
	if first.text = first.text[end:]; first.text == "" {
		return head, rest[1:], ""
	}
	if first.closing == "" { // a quote goes on as one
		reopen = first.opening
	}
	return head, rest, reopen
}

// width is runes(s), or anything above limit without counting a text that is
// far longer.
func width(s string, limit int) int {
	if len(s) > utf8.UTFMax*limit {
		return limit + 1
	}
	return runes(s)
}

func joinPieces(list []piece) string {
	var b strings.Builder
	for i := range list {
		b.WriteString(list[i].text)
		if i < len(list)-1 {
			b.WriteString(list[i].gap)
		}
	}
	return b.String()
}

// pieces parts markdown into what is not to be cut.
func pieces(text string) []piece {
	var list []piece
	fence := "" // the line that opened the one we are in
	for _, line := range strings.Split(text, "\n") {
		trimmed := strings.TrimSpace(line)
		marks := strings.HasPrefix(trimmed, "```")
		switch {
		case fence != "":
			list = append(list, piece{text: line, gap: "\n", cut: cutMarkup, closing: "\n```", opening: fence + "\n"})
			if marks {
				list[len(list)-2].cut = cutNever
				list[len(list)-1] = piece{text: line, gap: "\n", cut: cutLine}
				fence = ""
			}
		case marks && strings.Count(trimmed, "```") == 1:
			fence = line
			list = append(list, piece{text: line, gap: "\n", cut: cutNever, closing: "\n```", opening: fence + "\n"})
		case trimmed == "":
			if len(list) > 0 {
				list[len(list)-1].gap += "\n"
			}
		default:
			list = append(list, linePieces(line)...)
		}
	}
	return list
}

var linePrefix = regexp.MustCompile(`^\s*(?:>>> |> |-# |#{1,3} |[-*] |\d+\. )?`)

// linePieces parts a line outside fences. Its last piece ends in a line break.
func linePieces(line string) []piece {
	prefix := linePrefix.FindString(line)
	again := ""
	quote := strings.HasPrefix(strings.TrimSpace(prefix), ">")
	if quote || strings.HasPrefix(strings.TrimSpace(prefix), "-#") {
		again = strings.TrimLeft(prefix, " ")
	}
	list := wordPieces(line[len(prefix):])
	if len(list) == 0 {
		return []piece{{text: strings.TrimRight(line, " \t"), gap: "\n", cut: cutLine}}
	}
	var open []string
	for i := range list {
		p := &list[i]
		open = emphasis(open, p.text)
		p.closing, p.opening = strings.Join(reversed(open), ""), again+strings.Join(open, "")
		var next string
		if i+1 < len(list) {
			next = list[i+1].text
		}
		p.cut = quality(p, next, quote)
		if len(open) > 0 && p.cut != cutNever {
			p.cut = cutMarkup
		}
	}
	list[0].text = prefix + list[0].text
	last := &list[len(list)-1]
	last.gap, last.cut, last.closing, last.opening = "\n", cutLine, "", ""
	return list
}

var (
	// onlyMarks is a word that is nothing but [1][2], perhaps bold and followed
	// by the end of a sentence.
	onlyMarks = regexp.MustCompile(`^(?:\*\*)?(?:\\?\[\d+\\?\])+(?:\*\*)?[.,;:!?]*$`)
	// endMarks are marks at the end of a word.
	endMarks = regexp.MustCompile(`(?:\*\*)?(?:\\?\[\d+\\?\])+(?:\*\*)?$`)
	// sentenceEnd is a word that ends a sentence.
	sentenceEnd = regexp.MustCompile(`(?:[.!?…]|[。！？])[\\"'”’»“)\]」』*_~]*$`)
)

// quality says how well the text may be cut between p and the word after it.
func quality(p *piece, next string, quote bool) int {
	if onlyMarks.MatchString(next) || strings.HasPrefix(next, "[") && endMarks.MatchString(next) && onlyMarks.MatchString(p.text) {
		return cutNever
	}
	word := p.text
	marked := onlyMarks.MatchString(word)
	word = endMarks.ReplaceAllString(word, "")
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(next, "\\*_~“\"'("))
	switch {
	case !marked && !sentenceEnd.MatchString(word) || unicode.IsLower(r):
		return cutWord
	case quote:
		return cutQuote
	}
	return cutSentence
}

// wordPieces parts a line's text at its white space, but not within code, links and
// what stands in angle brackets, and at characters of scripts without spaces.
func wordPieces(s string) []piece {
	var list []piece
	start := 0
	for i := 0; i < len(s); {
		r, _ := utf8.DecodeRuneInString(s[i:])
		switch {
		case unicode.IsSpace(r):
			end := i
			for i < len(s) {
				space, n := utf8.DecodeRuneInString(s[i:])
				if !unicode.IsSpace(space) {
					break
				}
				i += n
			}
			if end > start {
				list = append(list, piece{text: s[start:end], gap: s[end:i]})
			} else if len(list) > 0 {
				list[len(list)-1].gap += s[end:i]
			}
			start = i
			continue
		case spaceless(r):
			i += graphemeLen(s[i:])
			for i < len(s) {
				n := clings(s[i:])
				if n == 0 {
					break
				}
				i += n
			}
			if i < len(s) {
				list = append(list, piece{text: s[start:i]})
				start = i
			}
			continue
		}
		i += atomLen(s[i:])
	}
	if start < len(s) {
		list = append(list, piece{text: s[start:]})
	}
	return list
}

// spaceless reports scripts that part words without spaces.
func spaceless(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) ||
		strings.ContainsRune("。！？、」』", r)
}

// clings is the length of what no line may begin with, at the start of s: marks
// of punctuation, small kana, citation marks, the end of markup.
func clings(s string) int {
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case strings.ContainsRune("。、！？」』）】〉》・ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ.,!?)…”’*~", r), extends(r):
		return size
	case r == '\\':
		return graphemeLen(s)
	}
	return len(frontMarks.FindString(s))
}

var frontMarks = regexp.MustCompile(`^(?:\\?\[\d+\\?\])+`)

var link = regexp.MustCompile(`^\[(?:\\.|[^\]\\])*\]\((?:<[^<>\n]*>|[^()\s]*)\)`)

var angled = regexp.MustCompile(`^<[^<>\s]+>`)

// maxLink is how far, in bytes, the end of a link is looked for: a label and an
// address of Discord's 512 characters.
const maxLink = 2000

// atomLen is the length of what stands together at the start of s: code, a
// link, a mention, or one character.
func atomLen(s string) int {
	switch s[0] {
	case '`':
		ticks := len(s) - len(strings.TrimLeft(s, "`"))
		if end := strings.Index(s[ticks:], s[:ticks]); end >= 0 {
			return ticks + end + ticks
		}
		return ticks
	case '[':
		near := s[:min(len(s), maxLink)]
		if !strings.Contains(near, "](") {
			break
		}
		if n := len(link.FindString(near)); n > 0 {
			return n
		}
	case '<':
		if n := len(angled.FindString(s)); n > 0 {
			return n
		}
	}
	return graphemeLen(s)
}

// emphasis follows the markup of bold and struck text through a word: open is
// what is open before it, the result what is behind it.
func emphasis(open []string, word string) []string {
	open = append([]string(nil), open...)
	for i := 0; i < len(word); {
		mark := word[i:min(i+2, len(word))]
		if mark != "**" && mark != "~~" {
			i += atomLen(word[i:])
			continue
		}
		if at := slices.Index(open, mark); at >= 0 {
			open = open[:at]
		} else {
			open = append(open, mark)
		}
		i += 2
	}
	return open
}

func reversed(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[len(list)-1-i] = s
	}
	return out
}
