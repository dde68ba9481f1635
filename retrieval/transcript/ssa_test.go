package transcript

import "testing"

func TestReadSSA(t *testing.T) {
	const events = "[Script Info]\nTitle: My show\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
	testTimed(t, "ssa", []timedTest{{
		name: "commas, overrides, breaks, drawings, comments",
		in: events + "Dialogue: 0,0:00:01.00,0:00:02.50,Default,Ann,0,0,0,,{\\i1}a,{\\i0} b\\Nc\\hd {a comment}e\n" +
			"Comment: 0,0:00:01.00,0:00:02.00,Default,Ann,0,0,0,,no\n" +
			"Dialogue: 0,0:00:00.50,0:00:01.00,Default,,0,0,0,,{\\pos(1,2)\\p1}m 0 0 l 9 9{\\p0}f{\\pbo3}g {unclosed\n" +
			"Dialogue: 0,0:00:03.00,0:00:04.00,Default,Bob,0,0,0,,{\\p2}m 1 1\n",
		want: []string{"1 Ann 1-2.5 a, b c d e", "2  0.5-1 fg {unclosed"},
	}, {
		name: "other columns",
		in:   "[Events]\nFormat: Start, Actor, Text\nDialogue: 0:00:01.00,Ann,a\n",
		want: []string{"1 Ann 1-? a"},
	}, {
		name: "no Format row",
		in:   "; comment\n[Events]\nDialogue: Marked=0,0:00:01.00,0:00:02.00,Default,Ann,0,0,0,,a, b\n",
		want: []string{"1 Ann 1-2 a, b"},
	}, {
		name: "labels when no row has a name",
		in: events + "Dialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,Ann Lee: Hello.\nDialogue: 0,0:00:02.00,0:00:03.00,D,,0,0,0,,Bob Ray: Hi.\n" +
			"Dialogue: 0,0:00:03.00,0:00:04.00,D,,0,0,0,,Ann Lee: So.\nDialogue: 0,0:00:04.00,0:00:05.00,D,,0,0,0,,Bob Ray: Yes.\n",
		want: []string{"1 Ann Lee 1-2 Hello.", "2 Bob Ray 2-3 Hi.", "3 Ann Lee 3-4 So.", "4 Bob Ray 4-5 Yes."},
	}, {
		name: "faults",
		in:   "[Script Info]\njunk\n[Fonts]\njunk is fine\n" + "[Events]\nFormat: Start, End, Text\nDialogue: x,0:00:02.00,a\nDialogue: 0:00:03.00\nDialogue: 0:00:05.00,0:00:04.00,b\nWhat: is this\n!: fine\nMovie: fine\n",
		want: []string{"1  ?-2 a", "3  5-? b"},
		warnings: []string{
			`line 2: not understood: "junk"`, `line 7: "x" is no time`, "line 8: a row of 1 columns where 3 are due is left out",
			"line 9: end 0:04 is before start 0:05", `line 10: not understood: "What: is this"`,
		},
	}, {
		name:     "no column of text",
		in:       "[Events]\nFormat: Start, End\nDialogue: 0:00:01.00,0:00:02.00\n",
		warnings: []string{"line 3: a row of 2 columns where 2 are due is left out"},
	}})
	for title, want := range map[string]string{"My  show": "My show", "Default Aegisub file": "", "": ""} {
		d := draftOf(t, "ssa", "[Script Info]\nTitle: "+title+"\n[Events]\n")
		if got := d.episode.Title; got != want {
			t.Errorf("Title: %q gives %q, want %q", title, got, want)
		}
	}
}
