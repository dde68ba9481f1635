package render

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ownMarkup is escaped signs, and the links and mentions that the renderer
// makes itself.
var ownMarkup = regexp.MustCompile(`\\[^0-9A-Za-z\s]|\]\(<https?://[^\s<>()\[\]]*>\)|<@&\d+>|<#\d+>`)

// foreign is what must not be left beside it.
var foreign = []*regexp.Regexp{
	regexp.MustCompile(`(?i)[a-z]://|<[@#:/ati]|@everyone|@here|discord\.gg`),
	regexp.MustCompile("__|\\|\\||```"),
}

func TestBold(t *testing.T) {
	tests := []struct {
		name, text string
		ranges     [][2]int
		want       string
	}{
		{"none", "a b", nil, "a b"},
		{"a word", "one two", [][2]int{{4, 7}}, "one **two**"},
		{"spaces stay outside", "one two six", [][2]int{{3, 8}}, "one **two** six"},
		{"escaped within", "a*b c", [][2]int{{0, 3}}, `**a\*b** c`},
		{"in touch", "ab", [][2]int{{0, 1}, {1, 2}}, "**ab**"},
		{"overlapping, beyond the end, within a character", "ä b", [][2]int{{0, 1}, {0, 2}, {1, 2}, {3, 9}}, "**ä** b"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := bold(test.text, test.ranges); got != test.want {
				t.Errorf("bold(%q, %v) = %q, want %q", test.text, test.ranges, got, test.want)
			}
		})
	}
}

func TestSafeURL(t *testing.T) {
	tests := map[string]string{
		"https://youtu.be/x?t=3s": "https://youtu.be/x?t=3s", "http://a.b/c_d~e": "http://a.b/c_d~e", "https://a.b/(c)": "https://a.b/%28c%29", "https://a.b/c d>": "https://a.b/c%20d%3E",
		"https://a.b/é": "https://a.b/%C3%A9", "javascript:x": "", "": "", "https://": "", "https://user@a.b": "", "/x": "", "ftp://a.b": "",
	}
	got := map[string]string{}
	for address := range tests {
		got[address] = safeURL(address)
	}
	if diff := cmp.Diff(tests, got); diff != "" {
		t.Errorf("safeURL (-want +got):\n%s", diff)
	}
}
