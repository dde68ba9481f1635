package retrieval

import (
	"fmt"
	"strings"
	"testing"
)

// show writes quantities as "value[unit] kind", weak ones with a question mark.
func showQuantities(text string) string {
	kinds := map[QuantityKind]string{Cardinal: "", Ordinal: "th", Decade: "s", Month: "m", Weekday: "d", Clock: "c", Version: "v", Vague: "+"}
	var parts []string
	for _, q := range Quantities(text, Tokens(text)) {
		s := fmt.Sprintf("%.12g%s%s", q.Value, kinds[q.Kind], q.Unit)
		if q.Kind == Version {
			s = q.Text
		}
		if q.Weak {
			s += "?"
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, " ")
}

func TestQuantities(t *testing.T) {
	tests := []struct{ text, want string }{
		{"in 1984 and nineteen eighty four", "1984 1984"},
		{"twenty-six of 26, twenty six", "26 26 26"},
		{"two thousand, two thousand and eight, 2,000", "2000 2008 2000"},
		{"twenty oh eight, twenty twelve, nineteen hundred", "2008 2012 1900"},
		{"1.5 million or one and a half million or 1,500,000", "1500000 1500000 1500000"},
		{"half a million, a hundred and five, 30k", "500000 105 30000"},
		{"the seventies, the 1970s, the nineteen seventies", "70s 1970s 1970s"},
		{"the 26th, the twenty-first and the fifth", "26th 21th 5th"},
		{"12.5 Euros, $12, twelve dollars, 80 %, eighty percent, eighty per cent", "12.5euro 12dollar 12dollar 80% 80% 80%"},
		{"on Saturday, the 8th of February", "6d 8th 2m"},
		{"it may march on in May 2024 and in march", "5m 2024 3m"},
		{"at 10:30 or ten thirty", "1030c 1030"},
		{"version 24.0.1 of BIP340 and 0.21", "24.0.1 340 0.21"},
		{"two point one seven", "2.17"},
		{"one of them, first of all, a second", "1? 1th? 2th?"},
		{"thousands of people", "1000+"},
		{"15-35 year olds at -5 degrees", "15 35 -5"},
		{"one two three", "1? 2 3"},
		{"three hundred and twenty five thousand", "325000"},
		{"three quarters of both, a third of them, twice", "0.75 2? 0.333333333333 2?"},
		{"two reasons and three members", "2? 3"},
		{"nothing here", ""},
	}
	for _, test := range tests {
		if got := showQuantities(test.text); got != test.want {
			t.Errorf("Quantities(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

func TestQuantitySame(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{"1984", "nineteen eighty four", true},
		{"1984", "1985", false},
		{"the seventies", "the 1970s", true},
		{"the seventies", "1970", false},
		{"$12", "twelve dollars", true},
		{"$12", "twelve euros", false},
		{"$12", "twelve", true},
		{"80 %", "eighty percent", true},
		{"80 %", "eighty", false},
		{"half", "50 %", true},
		{"three quarters", "75 %", true},
		{"two", "both", true},
		{"twelve fifty", "12.50", true},
		{"1250", "12.50", false},
		{"10:30", "ten thirty", true},
		{"24.0.1", "24.0.2", false},
		{"24.0.1", "24.0.1", true},
		{"in March", "in April", false},
		{"1.5 million", "one and a half million", true},
		{"thousands", "1000", false},
	}
	for _, test := range tests {
		a, b := Quantities(test.a, Tokens(test.a)), Quantities(test.b, Tokens(test.b))
		if len(a) != 1 || len(b) != 1 {
			t.Errorf("Quantities(%q), (%q) = %v, %v, want one each", test.a, test.b, a, b)
			continue
		}
		if got := a[0].Same(&b[0]); got != test.want {
			t.Errorf("%q the same as %q: %v, want %v", test.a, test.b, got, test.want)
		}
	}
}

func FuzzQuantities(f *testing.F) {
	for _, s := range []string{"1,2,3", "1.2.3.4", "twenty twenty", "a hundred and", "half a", "point one", "99999999999999999999999999", "-5 %", "the 1970s"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tokens := Tokens(text)
		last := -1
		for _, q := range Quantities(text, tokens) {
			if q.First <= last || q.Last < q.First || q.Last >= len(tokens) || q.Value != q.Value {
				t.Fatalf("Quantities(%q) has %+v after %d", text, q, last)
			}
			if !q.Same(&q) {
				t.Fatalf("Quantities(%q): %+v is not the same as itself", text, q)
			}
			last = q.Last
		}
	})
}
