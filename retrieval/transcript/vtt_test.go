package transcript

import "testing"

func TestReadVTT(t *testing.T) {
	testTimed(t, "vtt", []timedTest{{
		name: "hourless and hours, settings, identifiers",
		in:   "WEBVTT\n\nid-1\n00:01.500 --> 00:02.000 align:start\na b\n\n7\n01:00:00.000 --> 01:00:01.000\nc d\n",
		want: []string{"1  1.5-2 a b", "2  3600-3601 c d"},
	}, {
		name: "header block, blank lines before it, title",
		in:   "\n\nWEBVTT My show\nKind: captions\nX: y\n\n00:01.000 --> 00:02.000\na b\n",
		want: []string{"1  1-2 a b"},
	}, {
		name: "no blank line under the header, nor between cues",
		in:   "WEBVTT\n00:01.000 --> 00:02.000\na b\n00:02.000 --> 00:03.000\nc d\n3\n00:03.000 --> 00:04.000\ne f\n",
		want: []string{"1  1-2 a b", "2  2-3 c d", "3  3-4 e f"},
	}, {
		name: "notes, styles and regions anywhere",
		in:   "WEBVTT\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:x\n\nNOTE\ntwo\nrows\n\n00:01.000 --> 00:02.000\na b\n\nNOTE c d\n\nNOTE\te\n\n00:03.000 --> 00:04.000\nNOTE is a word here\n",
		want: []string{"1  1-2 a b", "2  3-4 NOTE is a word here"},
	}, {
		name: "bare seconds",
		in:   "WEBVTT\n\n0.860 --> 7.380\na b\n",
		want: []string{"1  0.86-7.38 a b"},
	}, {
		name: "voices with classes, several in a cue, one twice",
		in:   "WEBVTT\n\n00:01.000 --> 00:02.000\n<v.first.loud Ann O'Neill>a</v>\n<v Bob>b\n<v Bob>c\n\n00:03.000 --> 00:04.000\n<v Bob>d</v>\n",
		want: []string{"1  1-2 a b c", "2 Bob 3-4 d"},
	}, {
		name: "words before and after a voice",
		in:   "WEBVTT\n\n00:01.000 --> 00:02.000\na <v Ann>b</v> c\n",
		want: []string{"1  1-2 a b c"},
	}, {
		name: "inline times, classes, ruby, unknown tags, stray <",
		in:   "WEBVTT\n\n00:01.000 --> 00:02.000\n<00:01.200><c.red> a</c> <ruby>b<rt>c</rt></ruby> <laughs>d &amp; 1 < 2\n",
		want: []string{"1  1-2 a bc d & 1 < 2"},
	}, {
		name:     "text outside cues",
		in:       "WEBVTT\n\nhello\n\n00:01.000 --> 00:02.000\na b\n\nlost\n",
		want:     []string{"1  1-2 a b lost"},
		warnings: []string{`line 3: text outside any cue is left out: "hello"`, `line 8: text without times is kept with the cue before: "lost"`},
	}, {
		name:     "broken times",
		in:       "WEBVTT\n\n00:0x.000 --> 00:02.000\na b\n\n00:03.000 --> 00:02.000\nc d\n\n00:02.500 --> 00:03.000\ne f\n",
		want:     []string{"1  ?-2 a b", "2  3-? c d", "3  2.5-3 e f"},
		warnings: []string{`line 3: "00:0x.000" is no time`, "line 6: end 0:02 is before start 0:03", "line 9: start 0:02.500 is before 0:03, where an earlier cue starts"},
	}, {
		name:     "no times around the arrow",
		in:       "WEBVTT\n\n00:01.000 --> 00:02.000\na b\n\nbad --> timing\nc d\n\n00:02.500 --> 00:03.000\ne f\n",
		want:     []string{"1  1-2 a b", "2  ?-? c d", "3  2.5-3 e f"},
		warnings: []string{`line 6: "bad --> timing" is no time`},
	}, {
		name: "a cue without words is counted",
		in:   "WEBVTT\n\n00:01.000 --> 00:02.000\n\n00:02.000 --> 00:03.000\na b\n",
		want: []string{"2  2-3 a b"},
	}, {
		name: "labels",
		in:   "WEBVTT\n\n00:01.000 --> 00:02.000\nAnn Lee: Hello there.\n\n00:02.000 --> 00:03.000\nBob Ray: Oh hello.\n\n00:03.000 --> 00:04.000\nAnn Lee: How are you?\n\n00:04.000 --> 00:05.000\nBob Ray: I am well.\n",
		want: []string{"1 Ann Lee 1-2 Hello there.", "2 Bob Ray 2-3 Oh hello.", "3 Ann Lee 3-4 How are you?", "4 Bob Ray 4-5 I am well."},
	}, {
		name: "one timestamp map changes nothing",
		in:   "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:10.000,MPEGTS:900000\n\n00:11.000 --> 00:12.000\na b\n",
		want: []string{"1  11-12 a b"},
	}, {
		name: "a later map moves what is under it",
		in: "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\n00:01.000 --> 00:02.000\na b\n\n" +
			"WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:1350000,LOCAL:00:00:00.000\n\n00:01.000 --> 00:02.000\nc d\n",
		want: []string{"1  1-2 a b", "2  6-7 c d"},
	}, {
		name: "maps that make no sense or go below zero",
		in: "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000\n\n00:01.000 --> 00:02.000\na b\n\n" +
			"WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n\n00:03.000 --> 00:04.000\nc d\n\n" +
			"WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n\n00:05.000 --> 00:14.000\ne f\n\n" +
			"WEBVTT\nX-TIMESTAMP-MAP=LOCAL:x,MPEGTS:0\n\nWEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00.000,MPEGTS:-1\n",
		want: []string{"1  1-2 a b", "2  3-4 c d", "3  ?-4 e f"},
		warnings: []string{
			`line 2: X-TIMESTAMP-MAP "MPEGTS:900000" makes no sense`, "line 16: X-TIMESTAMP-MAP puts the time before the start",
			`line 20: X-TIMESTAMP-MAP "LOCAL:x,MPEGTS:0" makes no sense`, `line 23: X-TIMESTAMP-MAP "LOCAL:00:00.000,MPEGTS:-1" makes no sense`,
		},
	}})
}
