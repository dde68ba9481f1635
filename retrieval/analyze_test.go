package retrieval

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTerms(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"stems and case", "Relations evolved; RELATION evolving", "relat evolv relat evolv"},
		{"possessive and contractions", "Russia's don't can’t", "russia dont cant"},
		{"accents", "Café naïve Müller", "cafe naiv muller"},
		{"hyphens part, numbers stay", "Kim Il-sung in #12345, 2.0", "kim il sung in 12345 2 0"},
		{"quotes around words are no apostrophes", "'hello' said", "hello said"},
		{"pairs of Han characters", "北朝鮮 と", "北朝 朝鮮 と"},
		{"one Han character", "核 test", "核 test"},
		{"nothing", " --- ", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := strings.Join(Terms(test.text), " "); got != test.want {
				t.Errorf("Terms(%q) = %q, want %q", test.text, got, test.want)
			}
		})
	}
}

func TestContentTerms(t *testing.T) {
	got := ContentTerms("What did he say about the relations, the RELATION with Seoul?")
	if diff := cmp.Diff([]string{"relat", "seoul"}, got); diff != "" {
		t.Errorf("ContentTerms (-want +got):\n%s", diff)
	}
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{"Hello, world", "don't", "北朝鮮", "e\u0301a", "'", "\xff\xfe", "ǅ ﬁ İ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, token := range Tokens(text) {
			if token.Start < end || token.End <= token.Start || token.End > len(text) {
				t.Fatalf("Tokens(%q): token %+v out of order or range", text, token)
			}
			if token.Word == "" || strings.ContainsAny(token.Word, " '\"") {
				t.Fatalf("Tokens(%q): word %q", text, token.Word)
			}
			end = token.End
		}
		Terms(text)
	})
}
