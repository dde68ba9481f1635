package model

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxMessage is the longest outside message in an error, in bytes.
	maxMessage = 200
	// keyPart and promptPart are how many bytes of them in a row give them
	// away.
	keyPart, promptPart = 8, 24
)

// scrub makes an endpoint's message fit for an error: one line, at most 200
// bytes, without control characters, and withheld if it repeats a part of the
// key or of the prompt.
func scrub(message, key string, messages []Message) string {
	// More is not looked at, since it is not shown.
	line := oneLine(message[:min(len(message), 4*maxMessage)])
	if repeats(line, key, keyPart) || repeats(message[:min(len(message), 4*maxMessage)], key, keyPart) {
		return "message withheld, for it repeats the key"
	}
	line = cut(line, maxMessage)
	for _, m := range messages {
		if repeats(line, oneLine(m.Text), promptPart) || repeats(strings.ReplaceAll(line, `\n`, " "), oneLine(m.Text), promptPart) {
			return "message withheld, for it repeats the prompt"
		}
	}
	if line == "" {
		return "no message"
	}
	return line
}

// oneLine folds white space and drops control characters.
func oneLine(text string) string {
	line := strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, line)
}

// repeats reports whether any part bytes of secret in a row, or all of a
// shorter one, are in text.
func repeats(text, secret string, part int) bool {
	if secret == "" {
		return false
	}
	if len(secret) <= part {
		return strings.Contains(text, secret)
	}
	if len(text) < part {
		return false
	}
	// Whichever is shorter is cut into parts.
	short, long := text, secret
	if len(secret) < len(text) {
		short, long = secret, text
	}
	for i := 0; i+part <= len(short); i++ {
		if strings.Contains(long, short[i:i+part]) {
			return true
		}
	}
	return false
}

// cut shortens a line to most bytes, at a character.
func cut(line string, most int) string {
	if len(line) <= most {
		return line
	}
	const dots = " ..."
	at := most - len(dots)
	for at > 0 && !utf8.RuneStart(line[at]) {
		at--
	}
	return line[:at] + dots
}
