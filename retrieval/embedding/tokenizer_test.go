package embedding

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"verbatim/data"
)

// smallVocabulary spells what TestTokenizer needs; ids are the places.
const smallVocabulary = "[UNK]\nun\n##aff\n##able\nwant\n##want\n##ed\nrunning\n,\ncafe\n日\n本\n##日\n한\n" +
	"\u1112\n##\u1161\n##\u11ab\n$\n9\n##9\n[\n]\ncl\n##s\n;\n'\na\nb\nab\nß\nσ\nstrasse\n"

func TestTokenizer(t *testing.T) {
	tokenizer, err := NewTokenizer(smallVocabulary)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, text, want string }{
		{"empty", "", ""},
		{"white space only", " \t\r\n\u00a0\u3000", ""},
		{"longest piece first, upper case", "UNwantéd,running", "un ##want ##ed , running"},
		{"no spelling of a part: the whole word is unknown", "unaffableX wanted", "[UNK] want ##ed"},
		{"accents, composed", "Café", "cafe"},
		{"accents, decomposed", "cafe\u0301", "cafe"},
		{"ideographs stand alone", "ab日本ab", "ab 日 本 ab"},
		{"hangul is decomposed", "한", "\u1112 ##\u1161 ##\u11ab"},
		{"ASCII symbols are punctuation", "$99", "$ 9 ##9"},
		{"special tokens in a text are plain", "[cls]", "[ cl ##s ]"},
		{"[UNK] in a text is plain", "[unk]", "[ [UNK] ]"},
		{"control characters vanish, even within a word", "a\x00\x07\x0b\u200bb", "ab"},
		{"invalid UTF-8 vanishes", "a\xff\xc3b", "ab"},
		{"a mark that decomposes to punctuation", "a\u037eb", "a ; b"},
		{"sharp s stays, sigma falls", "ß Σ", "ß σ"},
		{"100 characters are a word", strings.Repeat("9", 100), "9" + strings.Repeat(" ##9", 99)},
		{"101 are unknown", strings.Repeat("9", 101), "[UNK]"},
		{"101 of four bytes are unknown", strings.Repeat("𝔘", 101), "[UNK]"},
	}
	tokens := strings.Split(smallVocabulary, "\n")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, id := range tokenizer.Append(nil, tt.text) {
				got = append(got, tokens[id])
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("Append(nil, %q) mismatch (-want +got):\n%s", tt.text, diff)
			}
		})
	}
}

func TestTokenizerAppendsInPlace(t *testing.T) {
	tokenizer := shippedTokenizer(t)
	got := tokenizer.Append([]int32{7, 8}, "hello")
	want := append([]int32{7, 8}, tokenizer.Append(nil, "hello")...)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Append to a filled slice mismatch (-want +got):\n%s", diff)
	}
	ids := make([]int32, 0, 1000)
	const text = "You're listening to “Café Nevermind”, $9.99 an episode: überraschend untokenizable, 日本!"
	if allocs := testing.AllocsPerRun(100, func() { ids = tokenizer.Append(ids[:0], text) }); allocs != 0 {
		t.Errorf("Append allocates %v times a text, want 0", allocs)
	}
}

func TestNewTokenizerRefuses(t *testing.T) {
	tests := []struct{ name, vocabulary, want string }{
		{"nothing", "", "[UNK] is missing"},
		{"no unknown token", "a\nb\n", "[UNK] is missing"},
		{"empty token", "[UNK]\n\na\n", "token 1 is empty"},
		{"empty continuation", "[UNK]\n##\n", "token 1 is empty"},
		{"token twice", "[UNK]\na\nb\na\n", `token "a" stands twice, as 1 and 3`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := NewTokenizer(tt.vocabulary)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("NewTokenizer(%q) error = %v, want one with %q", tt.vocabulary, err, tt.want)
			}
		})
	}
}

// TestTokenizerLongTexts is done in a moment if the time grows with the length
// of a text, and not before the test times out if it grows with its square.
func TestTokenizerLongTexts(t *testing.T) {
	const size = 1 << 18
	tokenizer := shippedTokenizer(t)
	tests := []struct {
		name, part string
		// want is the number of ids for each part, -1 for one in all.
		want int
	}{
		{"one word", "a", -1},
		{"one word beyond ASCII", "ééé", -1},
		{"longest words with a spelling", strings.Repeat("7x", maxWordChars/2) + " ", len(tokenizer.Append(nil, strings.Repeat("7x", maxWordChars/2)))},
		{"longest words without one", strings.Repeat("q", maxWordChars-1) + "𝔘 ", 1},
		{"marks alone", "\u0301", 0},
		{"punctuation", "?!", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			parts := size / len(tt.part)
			want := parts * tt.want
			if tt.want < 0 {
				want = 1
			}
			got := len(tokenizer.Append(nil, strings.Repeat(tt.part, parts)))
			if got != want {
				t.Errorf("%d ids, want %d", got, want)
			}
		})
	}
}

func FuzzTokenizer(f *testing.F) {
	for _, text := range []string{"", "Hello, World!", "naïve Ünïcödé ß İ", "日本語 한국어 ไทย", "👩‍👩‍👧 $100 #12345",
		"a\x00b\xff\xfe", strings.Repeat("x", 500), strings.Repeat("é", 101), "[CLS] [UNK] ##ing", "don't can’t — “so”"} {
		f.Add(text)
	}
	tokenizer := shippedTokenizer(f)
	f.Fuzz(func(t *testing.T, text string) {
		ids := tokenizer.Append(nil, text)
		// A character decomposes into at most four.
		if limit := 4 * utf8.RuneCountInString(text); len(ids) > limit {
			t.Errorf("Append(%q) has %d ids, want at most %d", text, len(ids), limit)
		}
		for _, id := range ids {
			if id < 0 || int(id) >= tokenizer.Size() {
				t.Errorf("Append(%q) has id %d outside [0, %d)", text, id, tokenizer.Size())
			}
		}
		// Words stand for themselves: white space between two copies parts
		// them and adds nothing.
		if twice := tokenizer.Append(nil, text+" \n "+text); !cmp.Equal(twice, append(ids[:len(ids):len(ids)], ids...)) {
			t.Errorf("Append of %q twice = %v, want %v twice", text, twice, ids)
		}
	})
}

func shippedTokenizer(tb testing.TB) *Tokenizer {
	tb.Helper()
	tokenizer, err := NewTokenizer(data.Vocabulary)
	if err != nil {
		tb.Fatal(err)
	}
	return tokenizer
}
