package render

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// activeMarkup is what Discord's clients would act on in text whose escaped
// signs are taken out.
var activeMarkup = []*regexp.Regexp{
	regexp.MustCompile("[*_~|`<\\[\\]()@\\\\\n\r\t]"),
	regexp.MustCompile(`(?i)[a-z]://|mailto:|tel:|sms:|www\.|discord(app)?\.(gg|com|new|gift)|dis\.gd`),
	regexp.MustCompile(`:[A-Za-z0-9_+-]{1,32}:`),
	regexp.MustCompile(`(^| )[-+#>]`),
	regexp.MustCompile(`(^| )[0-9]+[.)]( |$)`),
	regexp.MustCompile(`(?i)@(everyone|here)`),
	regexp.MustCompile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff]"),
}

// scan finds active markup in escaped text: a backslash and the sign behind it
// count as a sign that means nothing, as in Discord's own scanner.
func scan(escaped string) []string {
	var b strings.Builder
	for i := 0; i < len(escaped); {
		if escaped[i] == '\\' && i+1 < len(escaped) && !alphanumeric(escaped[i+1]) {
			_, size := utf8.DecodeRuneInString(escaped[i+1:])
			b.WriteRune('\u2022')
			i += 1 + size
			continue
		}
		b.WriteByte(escaped[i])
		i++
	}
	var found []string
	for _, p := range activeMarkup {
		if m := p.FindString(b.String()); m != "" {
			found = append(found, m)
		}
	}
	return found
}

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == ' '
}

// shown is what a reader sees of escaped text, and copies.
func shown(escaped string) string {
	var b strings.Builder
	for i := 0; i < len(escaped); i++ {
		if escaped[i] == '\\' && i+1 < len(escaped) && !alphanumeric(escaped[i+1]) {
			i++
		}
		b.WriteByte(escaped[i])
	}
	return strings.ReplaceAll(b.String(), "\u200b", "")
}

func TestEscape(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain words", "Well, it’s 3.5 percent; Kim Jong-un said so.", "Well, it’s 3.5 percent; Kim Jong-un said so."},
		{"bold", "**a** __b__ ~~c~~ ||d||", `\*\*a\*\* \_\_b\_\_ \~\~c\~\~ \|\|d\|\|`},
		{"code", "`a` ```b```", "\\`a\\` \\`\\`\\`b\\`\\`\\`"},
		{"a heading", "# Title", `\# Title`},
		{"a number and a dot", "1. one and 2014. Then 3) go", `1\. one and 2014\. Then 3\) go`},
		{"a list after a space", "so - yes", `so \- yes`},
		{"small print", "-# small", `\-# small`},
		{"a quote", ">>> all", `\>\>\> all`},
		{"a line break", "a\n# b", `a \# b`},
		{"a mention", "<@123> <#1> <@&2> </ask:3> <t:1:R> <id:home> <:a:1>", `\<\@123> \<#1> \<\@&2> \</ask:3> \<t\:1:R> \<id:home> \<\:a:1>`},
		{"everybody", "@everyone @here", "\\@\u200beveryone \\@\u200bhere"},
		{"a link", "[a](https://b.c)", `\[a\]\(https\://b.c\)`},
		{"an invite", "discord.gg/abc Discord.com/invite/x", `discord\.gg/abc Discord\.com/invite/x`},
		{"an address", "a@b.com mailto:a", `a\@b.com mailto\:a`},
		{"an emoji's name", "at 12:30:45 :smile:", `at 12\:30:45 \:smile:`},
		{"another direction", "a\u202eb\u200f", "ab"},
		{"a joined emoji", "👩\u200d👧", "👩\u200d👧"},
		{"half a character", "a\xffb", "a\ufffdb"},
		{"a backslash", `a\b`, `a\\b`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Escape(test.in); got != test.want {
				t.Errorf("Escape(%q) = %q, want %q", test.in, got, test.want)
			}
		})
	}
}

func checkEscaped(t *testing.T, in string) {
	t.Helper()
	escaped := Escape(in)
	if found := scan(escaped); len(found) > 0 {
		t.Errorf("Escape(%q) = %q leaves %q active", in, escaped, found)
	}
	if got, want := shown(escaped), plain(in); got != want {
		t.Errorf("Escape(%q) shows %q, want %q", in, got, want)
	}
	for _, n := range []int{2, 7, 40} {
		cut := clip(in, n)
		if runes(cut) > n {
			t.Errorf("clip(%q, %d) = %q of %d characters", in, n, cut, runes(cut))
		}
		if found := scan(cut); len(found) > 0 {
			t.Errorf("clip(%q, %d) = %q leaves %q active", in, n, cut, found)
		}
		if short := shorten(in, n); runes(short) > n {
			t.Errorf("shorten(%q, %d) = %q of %d characters", in, n, short, runes(short))
		}
	}
}

// bombs are texts that try to be more than text.
var bombs = []string{
	"**bold** _it_ ~~no~~ ||x|| `c` ```\nfence\n``` > q\n>>> qq\n# h\n-# s\n- l\n1. n", "[x](https://evil.example/?a=(b)) <https://x.y> www.x.y", "@everyone@here<@1><#2><@&3></a b:4><t:5:R><id:guide><a:b:6>",
	"discord.gg/x https://discord.com/invite/y mailto:a@b.c discord://-/x", `\\\*\\_\`, strings.Repeat("*", 300), strings.Repeat("[](", 200), "\u202e\u2066abc\u2069", "e" + strings.Repeat("\u0301", 200),
	"::smile::100:", "1.", "-", "#", ">", "12) x", "日本語。「はい」、そう。", "👩\u200d👩\u200d👧\u200d👦🇩🇪🇫🇷👍🏽", "שלום עולם", strings.Repeat("supercalifragilistic", 40), "\x00\x1b[31m", "a\u2028b", "¯\\_(ツ)_/¯",
}

func TestEscapeBombs(t *testing.T) {
	for _, a := range bombs {
		checkEscaped(t, a)
		for _, b := range bombs {
			checkEscaped(t, a+b)
			checkEscaped(t, a+" "+b)
		}
	}
}

func FuzzEscape(f *testing.F) {
	for _, bomb := range bombs {
		f.Add(bomb)
	}
	f.Fuzz(func(t *testing.T, s string) {
		checkEscaped(t, s)
		if strings.Join(graphemes(s), "") != s {
			t.Errorf("graphemes of %q lose something", s)
		}
		for _, r := range Escape(s) {
			if unicode.IsControl(r) {
				t.Errorf("Escape(%q) holds %q", s, r)
			}
		}
	})
}

func TestGraphemes(t *testing.T) {
	tests := map[string]int{"abc": 3, "e\u0301a": 2, "👩\u200d👧b": 2, "🇩🇪🇫🇷": 2, "👍🏽": 1, "\u1112\u1161\u11ab": 1, `\*a`: 2}
	for s, want := range tests {
		if got := graphemes(s); len(got) != want {
			t.Errorf("graphemes(%q) = %q, want %d", s, got, want)
		}
	}
}
