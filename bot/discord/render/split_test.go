package render

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

func TestSplit(t *testing.T) {
	tests := []struct {
		name  string
		text  string
		limit int
		want  []string
	}{
		{"what fits", "One. Two.", 20, []string{"One. Two."}},
		{"nothing", "", 20, nil},
		{"at sentence ends", "One two three. Four five six. Seven.", 20, []string{"One two three.", "Four five six.", "Seven."}},
		{"with the marks", "One two three. [1][2] Four five.", 22, []string{"One two three. [1][2]", "Four five."}},
		{"with bold marks", "One two three. **[1]** [2] Four.", 26, []string{"One two three. **[1]** [2]", "Four."}},
		{"marks on the word", "One two[1][2]. Three four five.", 20, []string{"One two[1][2].", "Three four five."}},
		{"a long sentence at words", "one two three four five", 10, []string{"one two", "three four", "five"}},
		{"a long word at characters", "abcdefghij", 4, []string{"abcd", "efgh", "ij"}},
		{"never within a character", "e\u0301e\u0301e\u0301", 3, []string{"e\u0301", "e\u0301", "e\u0301"}},
		{"never after a backslash", `a\*\*b`, 4, []string{`a\*`, `\*b`}},
		{"a line of a quote stays whole", "Before it. Then.\n> One. Two. Three.\nAfter.", 24, []string{"Before it. Then.", "> One. Two. Three.", "After."}},
		{"a long quote goes on as one", "> One two. Three four. Five.", 16, []string{"> One two.", "> Three four.", "> Five."}},
		{"a fence is opened again", "```go\nlong line 1\nlong line 2\n```", 26, []string{"```go\nlong line 1\n```", "```go\nlong line 2\n```"}},
		{"a fence stays whole", "Text of a line.\n```\na\nb\n```\nEnd.", 22, []string{"Text of a line.", "```\na\nb\n```\nEnd."}},
		{"inline code stays whole", "aaa bbb `c d e f` gg", 14, []string{"aaa bbb", "`c d e f` gg"}},
		{"a link stays whole", "see [a b c](<https://x.example/y>) now", 31, []string{"see", "[a b c](<https://x.example/y>)", "now"}},
		{"bold stays whole", "one **two three** four", 14, []string{"one", "**two three**", "four"}},
		{"long bold goes on bold", "**one two three four**", 16, []string{"**one two**", "**three four**"}},
		{"Japanese at sentence ends", "今日は晴れです。明日は雨です。", 10, []string{"今日は晴れです。", "明日は雨です。"}},
		{"Japanese before no small kana", "きょうはきょう", 4, []string{"きょうは", "きょう"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, Split(test.text, test.limit)); diff != "" {
				t.Errorf("Split(%q, %d) (-want +got):\n%s", test.text, test.limit, diff)
			}
		})
	}
}

// visible takes white space away, which may be lost at cuts.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// within reports that of stands in s, in order, with other characters between.
func within(of, s string) bool {
	rest := []rune(s)
	for _, r := range of {
		for len(rest) > 0 && rest[0] != r {
			rest = rest[1:]
		}
		if len(rest) == 0 {
			return false
		}
		rest = rest[1:]
	}
	return true
}

func checkSplit(t *testing.T, text string, limit int) []string {
	t.Helper()
	parts := Split(text, limit)
	for _, part := range parts {
		if n := runes(part); n > max(limit, 1) || n == 0 {
			t.Errorf("Split(%q, %d): part %q has %d characters", text, limit, part, n)
		}
	}
	if joined := visible(strings.Join(parts, "")); !within(visible(text), joined) {
		t.Errorf("Split(%q, %d) = %q loses something", text, limit, parts)
	}
	if runes(text) <= limit && len(parts) > 1 {
		t.Errorf("Split(%q, %d) = %q, though it fits", text, limit, parts)
	}
	return parts
}

func FuzzSplit(f *testing.F) {
	for _, bomb := range bombs {
		f.Add(bomb, 17)
	}
	f.Add("One. [1][2] Two **three** `four` [five](<https://six>)\n> seven. eight\n```\nnine\n```", 12)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		checkSplit(t, strings.ToValidUTF8(text, "?"), limit%200)
	})
}

var startsWithMark = regexp.MustCompile(`^(\*\*)?\[\d+\]`)

// TestSplitAnswers cuts random answers at random limits: everything that must
// stay together does.
func TestSplitAnswers(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	units := []string{
		"It began in 1948. [1]", "Nobody knew. **[2]** [3]", "He said so [1][2].", "The `code span` is here.", "See [a link here](<https://example.com/a>) for it.", "Some **bold words** stand here. [4]", "それは本当です。[5]", "Yes!",
	}
	for range 3000 {
		var b strings.Builder
		for range 1 + random.IntN(12) {
			unit := units[random.IntN(len(units))]
			if random.IntN(5) == 0 {
				unit = "\n> " + unit + "\n"
			}
			b.WriteString(unit + " ")
		}
		limit := 60 + random.IntN(100)
		for _, part := range checkSplit(t, b.String(), limit) {
			if startsWithMark.MatchString(part) {
				t.Errorf("Split(%q, %d) parts a sentence from its marks: %q", b.String(), limit, part)
			}
			for _, whole := range []string{"`", "**"} {
				if strings.Count(part, whole)%2 != 0 {
					t.Errorf("Split(%q, %d) cuts within %q: %q", b.String(), limit, whole, part)
				}
			}
			if strings.Count(part, "](<") != strings.Count(part, "/a>)") {
				t.Errorf("Split(%q, %d) cuts a link: %q", b.String(), limit, part)
			}
		}
	}
}
