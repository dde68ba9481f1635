package transcript

import "testing"

func TestShapeOf(t *testing.T) {
	for value, want := range map[string]string{
		`{"b":1,"a":[]}`: `an object with "a", "b"`, `[]`: "an empty list", `[[1]]`: "a list of lists",
		`[{"x":1}]`: `a list; its first entry is an object with "x"`, `["a"]`: "a list; its first entry is a plain value", `7`: "a plain value",
		`{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1}`: `an object with "a", "b", "c", "d", "e", ...`,
	} {
		if got := shapeOf([]byte(value)); got != want {
			t.Errorf("shapeOf(%s) = %q, want %q", value, got, want)
		}
	}
}

func TestParseDate(t *testing.T) {
	tests := []struct{ text, want string }{
		{"2025-03-06", "2025-03-06"}, {"2025-03-06T10:00:00+02:00", "2025-03-06"}, {"March 6, 2025", "2025-03-06"},
		{"Wed, Mar 05, 2025 4:22PM • 32:10", "2025-03-05"}, {"5 March 2025", "2025-03-05"}, {"03/05/2025", ""}, {"", ""}, {"June 31, 2024", ""},
	}
	for _, tt := range tests {
		got := ""
		if day, ok := parseDate(tt.text); ok {
			got = day.Format("2006-01-02")
		}
		if got != tt.want {
			t.Errorf("parseDate(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestKindOfName(t *testing.T) {
	tests := []struct {
		label string
		want  nameKind
	}{
		{"Aaron van Wirdum", properName}, {"James O'Beirne", properName}, {"Mr. Chris d'Entremont", properName},
		{"The Acting Chair (Mr. Bruce Stanton)", properName}, {"PhD D", properName}, {"Grad A", properName}, {"NVK", properName},
		{"主持人", properName}, {"3Blue1Brown", noName}, {"@handle", properName}, {"MAN #2", properName},
		{"Speaker 1", genericName}, {"SPEAKER_00", genericName}, {"Speaker A", genericName}, {"Host", genericName}, {"spk_0", genericName},
		{"timpritlove", lowerName}, {"The point is", noName}, {"Note", noName}, {"What's it FUD", noName}, {"You're saying", noName},
		{"http", noName}, {"12", noName}, {"Chapter 3", noName}, {"Bitcoin Core 0.21.1 release notes", noName}, {"", noName},
		{"Dawn of an Empire", properName}, {"Well, John", noName},
	}
	for _, tt := range tests {
		if got := kindOfName(tt.label); got != tt.want {
			t.Errorf("kindOfName(%q) = %d, want %d", tt.label, got, tt.want)
		}
	}
}

func TestUnescape(t *testing.T) {
	tests := []struct{ in, want string }{
		{"Here&#39;s", "Here's"}, {"AT&T; R&D", "AT&T; R&D"}, {"&amp;amp; &lt;b&gt;", "&amp; <b>"}, {"a & b &amp", "a & b &amp"}, {"none", "none"}, {"&", "&"},
	}
	for _, tt := range tests {
		if got := unescape(tt.in); got != tt.want {
			t.Errorf("unescape(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestLineAt(t *testing.T) {
	raw := []byte("a\rb\r\nc\n\nd")
	for offset, want := range []int{1, 1, 2, 2, 2, 3, 3, 4, 5, 5} {
		if got := lineAt(raw, offset); got != want {
			t.Errorf("lineAt(%q, %d) = %d, want %d", raw, offset, got, want)
		}
	}
}
