package retrieval

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestSlug(t *testing.T) {
	long := strings.Repeat("the same beginning ", 4)
	tests := []struct{ name, want string }{
		{"", ""},
		{" -- !", ""},
		{"\u0301\u0301", ""},
		{"Episode 12: Snails & Copper!", "episode-12-snails-copper"},
		{"Çà et là, Żółw", "ca-et-la-zołw"},
		{"Καλημέρα", "καλημερα"},
		{"Йод и ёлка", "йод-и-ёлка"},
		{"ガーデン", "ガーデン"},
		{norm.NFD.String("ガーデン"), "ガーデン"},
		{"한국어 팟캐스트", "한국어-팟캐스트"},
		{norm.NFD.String("한국어"), "한국어"},
		{"हिन्दी", "हिन्दी"},
		{"İstanbul", "istanbul"},
		{long + "one", "the-same-beginning-the-same-beginning-the-same-beginnin-73f71d73"},
		{long + "two", "the-same-beginning-the-same-beginning-the-same-beginnin-aac6bddd"},
	}
	for _, test := range tests {
		got := Slug(test.name)
		if string(got) != test.want {
			t.Errorf("Slug(%q) = %q, want %q", test.name, got, test.want)
		}
	}
}

// FuzzSlug looks for names whose slug is none.
func FuzzSlug(f *testing.F) {
	for _, name := range []string{
		"Episode 12", "Çà et là", "ガーデン", norm.NFD.String("한국어 팟캐스트"), "Йод", "हिन्दी", "a\xffb", "a\u0301\u0301\u0301", "a-\u0301b",
		strings.Repeat("がんばれ", 9), strings.Repeat("한국어", 12), strings.Repeat("й", 40), strings.Repeat("a\u0301", 70), strings.Repeat("x-", 40),
		"ก" + strings.Repeat("\u0e38", 90), "ΑΣ ΣΑΣ", "ǅ", "ﬁ", "K", "\u1100\u1161\u11a8",
	} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := Slug(name)
		if again := Slug(string(got)); again != got {
			t.Errorf("Slug(%q) = %q, but its slug is %q", name, got, again)
		}
		if len(got) > maxSlug || !utf8.ValidString(string(got)) || strings.Trim(string(got), "-") != string(got) || strings.Contains(string(got), "--") {
			t.Errorf("Slug(%q) = %q, want at most %d bytes of UTF-8 with single hyphens within", name, got, maxSlug)
		}
		if composed := Slug(norm.NFC.String(name)); composed != Slug(norm.NFD.String(name)) {
			t.Errorf("Slug(%q) = %q, but that of the decomposed name is %q", name, composed, Slug(norm.NFD.String(name)))
		}
	})
}
