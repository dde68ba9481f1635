package transcript

import "testing"

func TestReadJSON3(t *testing.T) {
	testTimed(t, "youtube-json3", []timedTest{{
		name: "words, windows and line breaks",
		in: `{"events":[{"tStartMs":0,"dDurationMs":9000,"id":1},{"tStartMs":100,"dDurationMs":400,"segs":[{"utf8":"hello"},{"utf8":" world"}]},
{"tStartMs":300,"aAppend":1,"segs":[{"utf8":"\n"}]},{"tStartMs":600,"segs":[{"utf8":"a\nb"}]}]}`,
		want: []string{"1  0.1-0.5 hello world", "2  0.6-? a b"},
	}, {
		name: "faults",
		in: `{"events":[{"tStartMs":100,"segs":[{"utf8":7},{"utf8":"a b"}]},
{"tStartMs":"x","dDurationMs":5,"segs":[{"utf8":"c d"}]},
{"tStartMs":50,"dDurationMs":-5,"segs":[{"utf8":"e f"}]},
17,
{"tStartMs":60,"segs":[{"utf8":""}]},
{"tStartMs":200,"segs":[{}]}`,
		want: []string{"1  0.1-? a b", "2  ?-? c d", "3  0.05-? e f"},
		warnings: []string{
			"line 1: the text of event 1 is no string: 7", `line 2: "x" is no time`, "line 3: -5 is no time",
			"line 3: start 0:00.050 is before 0:00.100, where an earlier cue starts", "line 4: event 4 is left out: an unexpected number in it",
			"line 5: start 0:00.060 is before 0:00.100, where an earlier cue starts", "line 6: event 6 has no text",
		},
	}})
}

func TestReadYouTubeJSON(t *testing.T) {
	testTimed(t, "youtube-json", []timedTest{{
		name:     "plain and faults",
		in:       "[{\"text\":\"a <i>b</i>\\nc\",\"start\":1.5,\"duration\":2},\n{\"text\":\"d\",\"start\":4},\n{\"text\":null,\"start\":5},\n[1]]",
		want:     []string{"1  1.5-3.5 a b c", "2  4-? d"},
		warnings: []string{"line 3: the text of segment 3 is no string: null", "line 4: segment 4 is left out: an unexpected array in it"},
	}})
}

func TestReadYouTubeXML(t *testing.T) {
	testTimed(t, "youtube-xml", []timedTest{{
		name: "seconds, entities twice",
		in:   `<?xml version="1.0"?><transcript><text start="0.5" dur="1.5">it&amp;#39;s &lt;i&gt;me&lt;/i&gt;</text><text start="2"></text><text start="3">you</text></transcript>`,
		want: []string{"1  0.5-2 it's me", "3  3-? you"},
	}, {
		name: "milliseconds, words, appended line breaks",
		in:   "<timedtext format=\"3\"><head><pen id=\"1\"/></head><body><p t=\"500\" d=\"1500\"><s>hello</s><s t=\"9\"> world</s></p><p t=\"700\" a=\"1\">\n</p><p t=\"2000\" d=\"5\">a<br/>b</p></body></timedtext>",
		want: []string{"1  0.5-2 hello world", "2  2-2.005 a b"},
	}, {
		name:     "faults",
		in:       "<transcript>\n<text start=\"x\" dur=\"1\">a b\n<text start=\"2\" dur=\"-1\">c d</text>\n<text>e f</text><text start=\"1\"/>\n<text start=\"9\" dur=\"1\">g h",
		want:     []string{"1  ?-? a b", "2  2-? c d", "3  ?-? e f", "5  9-10 g h"},
		warnings: []string{"line 3: <text> begins before the one above it ends", `line 2: "x" is no time`, `line 3: "-1" is no time`, "line 4: start 0:01 is before 0:02, where an earlier cue starts", "line 5: the file ends in the middle of its markup"},
	}})
}
