package retrieval

import (
	"slices"
	"testing"
)

func TestVariants(t *testing.T) {
	v := NewVocabulary(20, 2000, map[string]int{
		"toleraya": 1, "zwetsloot": 2, "jaco": 1, "jakub": 1, "medvedev": 1, "shoigu": 1, "yeltsin": 1, "gorbachev": 1, "pyongyang": 3,
		"be": 9, "being": 5, "treati": 2, "trade": 3, "war": 2, "west": 4, "russia": 16, "russian": 7, "relat": 14, "korea": 11,
	})
	tests := []struct {
		term string
		want string // "" for none
	}{
		{"toloraya", "toleraya"}, {"zwetslot", "zwetsloot"}, {"swetsloot", "zwetsloot"}, {"jacco", "jaco"}, {"medvedyev", "medvedev"},
		{"shoygu", "shoigu"}, {"yeltzin", "yeltsin"}, {"gorbatchev", "gorbachev"}, {"pyongjang", "pyongyang"},
		{"beij", ""}, {"lavrov", ""}, {"iran", ""}, {"wars", ""}, {"china", ""}, {"best", ""}, {"2024", ""},
	}
	for _, test := range tests {
		got := v.Variants(test.term)
		names := make([]string, len(got))
		for i := range got {
			names[i] = got[i].Term
			if got[i].Weight <= 0 || got[i].Weight >= 1 {
				t.Errorf("Variants(%q): weight of %q is %v, want between 0 and 1", test.term, names[i], got[i].Weight)
			}
		}
		if test.want == "" && len(got) > 0 || test.want != "" && !slices.Contains(names, test.want) {
			t.Errorf("Variants(%q) = %q, want %q", test.term, names, test.want)
		}
	}
}

func TestEditDistance(t *testing.T) {
	tests := []struct {
		a, b  string
		limit int
		want  int
	}{
		{"treaty", "treaty", 2, 0}, {"treaty", "treatys", 2, 1}, {"teraty", "treaty", 2, 1}, {"kitten", "sitting", 3, 3},
		{"kitten", "sitting", 2, 3}, {"", "ab", 2, 2}, {"abc", "xyzabc", 2, 3},
	}
	for _, test := range tests {
		if got := editDistance(test.a, test.b, test.limit); got != test.want {
			t.Errorf("editDistance(%q, %q, %d) = %d, want %d", test.a, test.b, test.limit, got, test.want)
		}
	}
}

func TestNumberWords(t *testing.T) {
	tests := []struct{ in, want string }{
		{"7", "seven"}, {"42", "forty two"}, {"300", "three hundred"}, {"1974", "nineteen seventy four"}, {"2000", "two thousand"},
		{"2014", "twenty fourteen"}, {"1900", "nineteen hundred"}, {"2006", "two thousand six"}, {"0", ""}, {"12345", ""}, {"x1", ""},
	}
	for _, test := range tests {
		got := ""
		for i, w := range numberWords(test.in) {
			if i > 0 {
				got += " "
			}
			got += w
		}
		if got != test.want {
			t.Errorf("numberWords(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func TestPositive(t *testing.T) {
	for term, want := range map[string]string{"lowest": "low", "heaviest": "heavi", "biggest": "big", "best": "", "rest": "", "low": ""} {
		if got := positive(term); got != want {
			t.Errorf("positive(%q) = %q, want %q", term, got, want)
		}
	}
}
