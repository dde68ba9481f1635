package transcript

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWalkJSON(t *testing.T) {
	tests := []struct {
		name, in string
		wanted   []string
		want     []string
	}{
		{"nested arrays", `{"a":[{"b":[1,2]},{"b":[3]}]}`, []string{"a[].b[]"}, []string{"[0 0]1", "[0 1]2", "[1 0]3"}},
		{"wanted values are not looked into", `{"a":{"a":1},"b":2}`, []string{"a", "a.a"}, []string{`[]{"a":1}`}},
		{"the whole text", `[1]`, []string{""}, []string{"[][1]"}},
		{"top-level array", "[1,\n\"x\", {}]", []string{"[]"}, []string{"[0]1", `[1]"x"`, "[2]{}"}},
		{"keys and brackets within strings", `{"x":"{\"a\":1}","a":"]}\\","b":3}`, []string{"a", "b"}, []string{`[]"]}\\"`, "[]3"}},
		{"spaces before colons", `{"a" : 1 , "b"	:2}`, []string{"a", "b"}, []string{"[]1", "[]2"}},
		{"cut within a value", `{"a":[1,{"b":`, []string{"a[]"}, []string{"[0]1", `[1]{"b":`}},
		{"cut within a string", `{"a":"xy`, []string{"a"}, []string{`[]"xy`}},
		{"commas missing, brackets too many", `{"a":1 "b":2}]]{"c":3}`, []string{"a", "b", "c"}, []string{"[]1", "[]2", "[]3"}},
		{"a string that no colon follows", `{"a" "b":1}`, []string{"b"}, []string{"[]1"}},
		{"an open string ends with its line", "{\"a\":\"x\n,\"b\":1}", []string{"b"}, []string{"[]1"}},
		{"an object runs on into the next", "[\n {\"a\":1,\n {\"b\":2}\n]", []string{"[]"}, []string{"[0]{\"a\":1,", "[1]{\"b\":2}"}},
		{"nesting", strings.Repeat(`{"a":`, 100000) + "1", []string{"a.a"}, []string{"[]" + strings.Repeat(`{"a":`, 99998) + "1"}},
		{"nesting that nobody wants", strings.Repeat(`[`, 100000) + "1" + strings.Repeat(`]`, 100000), []string{"a"}, nil},
		{"empty", "", []string{""}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wanted := map[string]bool{}
			for _, path := range tt.wanted {
				wanted[path] = true
			}
			var got []string
			walkJSON([]byte(tt.in), wanted, func(v jsonValue) bool {
				if tt.in[v.at:v.at+len(v.text)] != string(v.text) {
					t.Errorf("offset %d is not that of %q", v.at, v.text)
				}
				got = append(got, fmt.Sprint(v.index)+strings.TrimSpace(string(v.text)))
				return true
			})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("walkJSON(%.80q) (-want +got):\n%s", tt.in, diff)
			}
		})
	}
}

func TestWalkJSONStops(t *testing.T) {
	n := 0
	walkJSON([]byte("[1,2,3]"), map[string]bool{"[]": true}, func(jsonValue) bool { n++; return n < 2 })
	if n != 2 {
		t.Errorf("visited %d values after visit had returned false at the second, want 2", n)
	}
}

func TestQuoteNaN(t *testing.T) {
	tests := []struct{ in, want string }{
		{`{"a":NaN,"b":-Infinity,"c":Infinity}`, `{"a":"NaN","b":"-Infinity","c":"Infinity"}`},
		{`{"a":"NaN \" NaN"}`, `{"a":"NaN \" NaN"}`},
		{`[1]`, `[1]`},
	}
	for _, tt := range tests {
		if got := string(quoteNaN([]byte(tt.in))); got != tt.want {
			t.Errorf("quoteNaN(%s) = %s, want %s", tt.in, got, tt.want)
		}
	}
}

// TestHostile reads files made to take long, of 256 KB each: anything but linear
// time would run into the limit of go test.
func TestHostile(t *testing.T) {
	const size = 256 << 10
	fill := func(head, row string) string { return head + strings.Repeat(row, size/len(row)) }
	tests := []struct{ name, in string }{
		{"broken JSON objects", fill("{\"segments\":[\n{\"startTime\":1,\"body\":\"x\"},\n", "{\"a\":\n")},
		{"open JSON arrays", fill(`{"segments":[{"startTime":1,"body":"x"},`, "[")},
		{"open JSON strings", fill(`{"segments":[{"startTime":1,"body":"x"},`, "\"\n")},
		{"JSON keys with spaces", fill(`{"segments":[{"startTime":1,"body":"x"}],`, `"a"            `)},
		{"tags without end in SRT", fill("0:01 --> 0:02\n", "<a")},
		{"overrides without end in SRT", fill("0:01 --> 0:02\n", "{\\a")},
		{"ampersands in SRT", fill("0:01 --> 0:02\n", "&a")},
		{"arrows in SRT", fill("0:01 --> 0:02\n", "-->\n")},
		{"numbers in SRT", fill("1\n0:01 --> 0:02\nx\n\n", "2\n\n")},
		{"blank lines in SRT", fill("0:01 --> 0:02\nx\n", "\n\n\n0:03 --> 0:04\n\n")},
		{"one line of arrows", fill("0:01 --> 0:02\nx\n", " 0:01 -->")},
		{"voices in VTT", fill("WEBVTT\n\n0:01.000 --> 0:02.000\n", "<v a>b")},
		{"rows that roll in VTT", fill("WEBVTT\n\n", "0:01.000 --> 0:02.000\na\nb\n\n")},
		{"one caption of many rows in VTT", fill("WEBVTT\n\n0:01.000 --> 0:02.000\n", "a\n") + "\n\n0:02.000 --> 0:03.000\n" + strings.Repeat("a\n", size/2)},
		{"captions of many rows that nearly roll", "WEBVTT\n\n0:01.000 --> 0:02.000\n" + strings.Repeat("a\n", size/4) + "\n0:02.000 --> 0:03.000\n" + strings.Repeat("a\n", size/8) + "b\n" + strings.Repeat("a\n", size/8)},
		{"spans in TTML", fill("<tt><body><p>", "<span>")},
		{"ends in TTML", fill("<tt><body><p>", "</q>")},
		{"spans and wrong ends in TTML", fill("<tt><body><p>", "<a></b>")},
		{"attributes in TTML", fill("<tt><body><p ", "a=1 ")},
		{"open tags in YouTube XML", fill("<transcript><text start=\"1\">x</text>", "<text start=1>")},
		{"overrides in SSA", fill("[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,D,N,0,0,0,,", "{\\p1")},
		{"columns in SSA", fill("[Events]\nFormat: ", "Text,")},
		{"tabs in TSV", fill("start\tend\ttext\n1\t2\t", "\t")},
	}
	for _, tt := range tests {
		r, err := Read("x", []byte(tt.in))
		var fault *Error
		if (r == nil) == (err == nil) || err != nil && !errors.As(err, &fault) {
			t.Errorf("%s: Read = %v, %v, want an episode or an *Error", tt.name, r != nil, err)
		}
	}
}
