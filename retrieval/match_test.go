package retrieval

import (
	"strings"
	"testing"
)

func TestMatchQuote(t *testing.T) {
	const text = "But then, um, it resulted in the iteration of relations into a thousand when the new treaty was signed. He saw it as a rightful act."
	tests := []struct {
		name, quote string
		least, most float64
		exact       bool
		words       string
	}{
		{"same words", "the new treaty was signed", 1, 1, true, "the new treaty was signed"},
		{"case and punctuation", "The NEW treaty, was signed!", 1, 1, true, "the new treaty was signed"},
		{"across the sentence end", "was signed he saw it", 1, 1, true, "was signed. He saw it"},
		{"a filler in the text", "but then it resulted in the iteration", 0.95, 0.999, false, "But then, um, it resulted in the iteration"},
		{"one other word", "he saw it as a righteous act", 0.7, 0.99, false, "He saw it as a rightful act"},
		{"misheard", "it resulted in the restoration of relations in 2000 when the new treaty was signed", 0.66, 0.95, false, "it resulted in the iteration of relations into a thousand when the new treaty was signed"},
		{"another name", "relations with China went into a thousand", -1, 0.65, false, ""},
		{"another number", "a thousand and seven treaties", -1, 0.65, false, ""},
		{"a negation more", "the new treaty was never signed", -1, 0.65, false, ""},
		{"other words altogether", "sanctions relief is the key to denuclearization", -1, 0.4, false, ""},
		{"some words of it", "we signed a comprehensive strategic partnership treaty", -1, 0.5, false, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			words := NewWords(text)
			m, ok := MatchQuote(NewWords(test.quote), words)
			if !ok {
				if test.least > 0 {
					t.Fatalf("MatchQuote(%q) found nothing", test.quote)
				}
				return
			}
			if m.Score < test.least || m.Score > test.most || m.Exact != test.exact {
				t.Errorf("MatchQuote(%q) = score %.3f, exact %v; want %.2f to %.2f, %v", test.quote, m.Score, m.Exact, test.least, test.most, test.exact)
			}
			if got := text[words.Tokens[m.First].Start:words.Tokens[m.Last].End]; test.words != "" && got != test.words {
				t.Errorf("MatchQuote(%q) matched %q, want %q", test.quote, got, test.words)
			}
		})
	}
}

func FuzzMatchQuote(f *testing.F) {
	f.Add("the new treaty", "when the new treaty was signed")
	f.Add("uh", "uh uh uh")
	f.Add("七", "二〇〇〇年に七")
	f.Add("2 two", "two 2")
	f.Fuzz(func(t *testing.T, quote, text string) {
		if len(quote) > 2000 || len(text) > 5000 {
			t.Skip("time is the product of both lengths")
		}
		q, w := NewWords(quote), NewWords(text)
		m, ok := MatchQuote(q, w)
		if !ok {
			return
		}
		if m.First < 0 || m.Last < m.First || m.Last >= len(w.Tokens) || m.Score > 1 {
			t.Fatalf("MatchQuote(%q, %q) = %+v", quote, text, m)
		}
		if m.Exact {
			var a, b []string
			for _, token := range q.Tokens {
				a = append(a, token.Word)
			}
			for _, token := range w.Tokens[m.First : m.Last+1] {
				b = append(b, token.Word)
			}
			if strings.Join(a, " ") != strings.Join(b, " ") {
				t.Fatalf("MatchQuote(%q, %q) called %q exact", quote, text, b)
			}
		}
	})
}
