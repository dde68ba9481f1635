// Package words is everything that the bot says in Discord, in English,
// German, French, Spanish, Japanese and Korean.
//
// [Pick] finds the language of a Discord locale, [Language.Say] and
// [Language.Count] say a text of the catalog, and [Command] gives the names
// and descriptions of the commands. Texts hold no markdown and no mention:
// what marks them up, and what escapes what is put into them, is package
// render. One file a language: en.go, de.go, fr.go, es.go, ja.go, ko.go.
package words

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Language is a language that the bot speaks, by its ISO 639-1 code.
type Language string

// The languages.
const (
	English  Language = "en"
	German   Language = "de"
	French   Language = "fr"
	Spanish  Language = "es"
	Japanese Language = "ja"
	Korean   Language = "ko"
)

// Languages lists all of them in the order in which settings show them.
var Languages = []Language{English, German, French, Spanish, Japanese, Korean}

// Key names a text of the catalog.
type Key string

// catalog holds the texts of one language. A text with plural forms has them
// parted by a bar: "%s line|%s lines"; languages without plurals have one.
type catalog map[Key]string

var catalogs = map[Language]catalog{
	English: english, German: german, French: french, Spanish: spanish, Japanese: japanese, Korean: korean,
}

// Pick is the language of the first locale that is one of the bot's, English
// when none is. Locales are Discord's ("en-US", "es-419", "de") or codes of
// Language; empty ones are passed over.
func Pick(locales ...string) Language {
	for _, locale := range locales {
		code, _, _ := strings.Cut(strings.ToLower(locale), "-")
		if _, known := catalogs[Language(code)]; known {
			return Language(code)
		}
	}
	return English
}

// Say is the text of the key with the arguments put in; numbers (int) are
// written as the language writes them. A language or text that is missing
// falls back to English, an unknown key to itself.
func (l Language) Say(k Key, args ...any) string {
	text := l.text(k)
	if len(args) == 0 {
		return text
	}
	for i, arg := range args {
		if n, ok := arg.(int); ok {
			args[i] = l.Number(n)
		}
	}
	return fmt.Sprintf(text, args...)
}

// Count is the text of the key in the form for n, with n as its first
// argument.
func (l Language) Count(k Key, n int, args ...any) string {
	one, other, plural := strings.Cut(l.text(k), "|")
	text := one
	if plural && !l.singular(n) {
		text = other
	}
	return fmt.Sprintf(text, append([]any{l.Number(n)}, args...)...)
}

func (l Language) text(k Key) string {
	if text, ok := catalogs[l][k]; ok {
		return text
	}
	if text, ok := english[k]; ok {
		return text
	}
	return strings.ReplaceAll(string(k), "%", "")
}

// singular reports whether n takes the form for one: in French 0 does, too
// (Unicode CLDR, plural rules).
func (l Language) singular(n int) bool { return n == 1 || l == French && n == 0 }

// Number writes a whole number with the language's mark between thousands.
func (l Language) Number(n int) string {
	digits := strconv.Itoa(n)
	mark := ","
	switch l {
	case German:
		mark = "."
	case French:
		mark = "\u202f" // narrow space that does not break
	case Spanish:
		if mark = "."; n > -10000 && n < 10000 {
			return digits // four digits stand together
		}
	}
	first := 0
	if n < 0 {
		first = 1
	}
	for at := len(digits) - 3; at > first; at -= 3 {
		digits = digits[:at] + mark + digits[at:]
	}
	return digits
}

// Quoted puts a text in the language's quotation marks.
func (l Language) Quoted(text string) string {
	marks := [2]string{"“", "”"}
	switch l {
	case German:
		marks = [2]string{"„", "“"}
	case French:
		marks = [2]string{"«\u00a0", "\u00a0»"}
	case Spanish:
		marks = [2]string{"«", "»"}
	case Japanese:
		marks = [2]string{"「", "」"}
	}
	return marks[0] + text + marks[1]
}

// List joins texts by the language's comma.
func (l Language) List(texts []string) string {
	if l == Japanese {
		return strings.Join(texts, "、")
	}
	return strings.Join(texts, ", ")
}

// Pair joins a name and what it is, as in "Format: SubRip".
func (l Language) Pair(name, value string) string {
	switch l {
	case French:
		return name + "\u00a0: " + value
	case Japanese:
		return name + "：" + value
	}
	return name + ": " + value
}

// Date writes a day in words; "" for the zero time.
func (l Language) Date(day time.Time) string {
	if day.IsZero() {
		return ""
	}
	y, m, d := day.Date()
	switch l {
	case German:
		return fmt.Sprintf("%d. %s %d", d, monthsDE[m-1], y)
	case French:
		first := ""
		if d == 1 {
			first = "er"
		}
		return fmt.Sprintf("%d%s %s %d", d, first, monthsFR[m-1], y)
	case Spanish:
		return fmt.Sprintf("%d de %s de %d", d, monthsES[m-1], y)
	case Japanese:
		return fmt.Sprintf("%d年%d月%d日", y, m, d)
	case Korean:
		return fmt.Sprintf("%d년 %d월 %d일", y, m, d)
	}
	return fmt.Sprintf("%d %s %d", d, m, y)
}

var (
	monthsDE = strings.Fields("Januar Februar März April Mai Juni Juli August September Oktober November Dezember")
	monthsFR = strings.Fields("janvier février mars avril mai juin juillet août septembre octobre novembre décembre")
	monthsES = strings.Fields("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre")
)

// Amount writes a sum of money without its currency: to the cent, or in full
// where it is smaller.
func (l Language) Amount(v float64) string {
	digits := strconv.FormatFloat(v, 'f', 2, 64)
	if v > 0 && v < 0.01 {
		digits = strconv.FormatFloat(v, 'f', -1, 64)
		digits = digits[:min(len(digits), 8)]
	}
	whole, part, _ := strings.Cut(digits, ".")
	if n, err := strconv.Atoi(whole); err == nil {
		whole = l.Number(n)
	}
	if l == German || l == French || l == Spanish {
		return whole + "," + part
	}
	return whole + "." + part
}

// Size writes a number of bytes in MB or KB of 1024, as Discord counts them.
func (l Language) Size(bytes int64) string {
	const kb, mb = 1 << 10, 1 << 20
	value, unit := float64(bytes)/kb, "KB"
	if bytes >= mb {
		value, unit = float64(bytes)/mb, "MB"
	}
	digits := strconv.FormatFloat(value, 'f', 1, 64)
	digits = strings.TrimSuffix(digits, ".0")
	if l == German || l == French || l == Spanish {
		digits = strings.Replace(digits, ".", ",", 1)
	}
	if l == French {
		unit = strings.Replace(unit, "B", "o", 1)
	}
	return digits + " " + unit
}
