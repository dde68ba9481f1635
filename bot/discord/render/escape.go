package render

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Escape makes text from outside - transcripts, titles, names, questions -
// show as it is: no markdown, mention, timestamp, emoji name, link, invite or
// e-mail address in it takes effect wherever it is put into a line. White
// space becomes spaces, control characters and those that turn the direction
// of writing go. Discord shows a backslash before a sign as the sign alone, so
// that what is copied is what was written, but for "@everyone" and "@here",
// which get an invisible space as well.
//
// Rules: https://docs.discord.com/developers/reference, "Message Formatting"
// (read 2026-08-06); the rest as Discord's clients show it.
func Escape(s string) string { return escapeAround(plain(s), nil) }

// escapeAround is Escape of plain text with markup put in, by the byte before
// which it stands.
func escapeAround(s string, markup map[int]string) string {
	var b strings.Builder
	b.Grow(len(s) + len(s)/8)
	for i := 0; i < len(s); {
		b.WriteString(markup[i])
		r, size := utf8.DecodeRuneInString(s[i:])
		if strings.ContainsRune("\\*_~|`<[]()@", r) || stops(s, i) || startsLine(s, i) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		i += size
		if r == '@' && everyone.MatchString(s[i:]) {
			b.WriteRune('\u200b')
		}
	}
	b.WriteString(markup[len(s)])
	return b.String()
}

var everyone = regexp.MustCompile(`^(?i:everyone|here)`)

// plain is s in valid UTF-8, with spaces for white space and without what is
// not seen and could mislead.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), r == '\u2028', r == '\u2029', r == '\u0085':
			if r == '\u00a0' || r == '\u3000' || r == '\u202f' {
				return r
			}
			return ' '
		case hidden(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// hidden reports control characters and invisible ones: of direction (Unicode
// Standard Annex 9), zero-width spaces, and tags. The joiners stay, since
// emoji, Persian and Indic scripts need them.
func hidden(r rune) bool {
	switch {
	case r == '\u200c', r == '\u200d':
		return false
	case r >= 0xE0000 && r <= 0xE0FFF, r >= '\ufff9' && r <= '\ufffb':
		return true
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u200b' || r == '\ufeff' || r >= '\u2060' && r <= '\u206f'
}

// Beginnings of what clients turn into links: what stands before a colon or a
// dot that is escaped, in lower case.
var (
	beforeColon = []string{"mailto", "tel", "sms", "facetime"}
	beforeDot   = []string{"www", "discord", "discordapp", "dis"} // invites show a card without https
)

// maxEmoji is the longest name of an emoji, as in :smile:, in bytes.
const maxEmoji = 32

// stops reports that the sign at i makes a link or an emoji unless it is
// escaped.
func stops(s string, i int) bool {
	switch s[i] {
	case ':':
		if strings.HasPrefix(s[i+1:], "//") || endsInAny(s[:i], beforeColon) {
			return true
		}
		end := i + 1
		for end < len(s) && end-i <= maxEmoji && emojiSign(s[end]) {
			end++
		}
		return end > i+1 && (end == len(s) || s[end] == ':')
	case '.':
		return endsInAny(s[:i], beforeDot)
	}
	return false
}

func emojiSign(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '+' || c == '-'
}

func endsInAny(s string, words []string) bool {
	for _, word := range words {
		if len(s) >= len(word) && strings.EqualFold(s[len(s)-len(word):], word) {
			return true
		}
	}
	return false
}

// startsLine reports that the sign at i would make a heading, list, quote or
// small print if a line began there. That may be after any space, since long
// texts are cut at spaces.
func startsLine(s string, i int) bool {
	c := s[i]
	switch c {
	case '#', '-', '+', '>':
		return i == 0 || s[i-1] == ' ' || (c == '#' || c == '>') && s[i-1] == c
	case '.', ')':
		first := i
		for first > 0 && s[first-1] >= '0' && s[first-1] <= '9' {
			first--
		}
		return first < i && (first == 0 || s[first-1] == ' ') && (i+1 == len(s) || s[i+1] == ' ')
	}
	return false
}

// clip is Escape of s in at most n characters, n at least 2; what does not fit
// is cut between characters as they are seen, and an ellipsis stands for it.
func clip(s string, n int) string {
	s = plain(s)
	escaped := Escape(s)
	if runes(escaped) <= n {
		return escaped
	}
	clusters := graphemes(s)
	if len(clusters) > n {
		clusters = clusters[:n]
	}
	for len(clusters) > 0 {
		escaped = Escape(strings.TrimRight(strings.Join(clusters, ""), " ")) + "…"
		over := runes(escaped) - n
		if over <= 0 {
			return escaped
		}
		clusters = clusters[:len(clusters)-max(1, min(over/4, len(clusters)-1))]
	}
	return "…"
}

// shorten is plain text in at most n characters, for places without markdown
// such as menus and forms.
func shorten(s string, n int) string {
	s = strings.TrimSpace(plain(s))
	if runes(s) <= n {
		return s
	}
	var b strings.Builder
	left := n - 1
	for _, g := range graphemes(s) {
		if left -= runes(g); left < 0 {
			break
		}
		b.WriteString(g)
	}
	return strings.TrimRight(b.String(), " ") + "…"
}

func runes(s string) int { return utf8.RuneCountInString(s) }

// graphemes parts a text into characters as they are seen: a letter with its
// marks, a joined or flag emoji, a Hangul syllable of its letters, and a
// backslash with what it escapes. A run of marks is cut at 32, so that no
// character is longer than that.
func graphemes(s string) []string {
	var all []string
	for s != "" {
		n := graphemeLen(s)
		all = append(all, s[:n])
		s = s[n:]
	}
	return all
}

const maxMarks = 32

func graphemeLen(s string) int {
	first, n := utf8.DecodeRuneInString(s)
	before := first
	if first == '\\' && n < len(s) {
		var size int
		before, size = utf8.DecodeRuneInString(s[n:])
		n += size
	}
	flags := 0
	for count := 0; n < len(s) && count < maxMarks; count++ {
		r, size := utf8.DecodeRuneInString(s[n:])
		flag := regional(r) && regional(before) && flags == 0
		if !extends(r) && before != '\u200d' && !flag && !(hangulJamo(before) && r >= 0x1160 && r <= 0x11FF) {
			break
		}
		if flag {
			flags++
		}
		before = r
		n += size
	}
	return n
}

// extends reports what never stands alone: marks, joiners, variation selectors
// and skin tones.
func extends(r rune) bool {
	return unicode.Is(unicode.M, r) || r == '\u200d' || r == '\u200c' || r >= 0x1F3FB && r <= 0x1F3FF
}

func regional(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }

func hangulJamo(r rune) bool { return r >= 0x1100 && r <= 0x11FF || r >= 0xAC00 && r <= 0xD7A3 }
