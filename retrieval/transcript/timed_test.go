package transcript

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval"
)

// timedTest is a file of a timed format and what it is read into: a line each
// as "N speaker start-end text", and the warnings.
type timedTest struct {
	name     string
	in       string
	want     []string
	warnings []string
}

// testTimed reads each file as the format says that its sniffer, and none
// before it, takes the file.
func testTimed(t *testing.T, format string, tests []timedTest) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := draftOf(t, format, tt.in)
			if diff := cmp.Diff(tt.want, rendered(d)); diff != "" {
				t.Errorf("lines of %q (-want +got):\n%s", tt.in, diff)
			}
			var warnings []string
			for _, w := range d.warnings {
				warnings = append(warnings, w.String())
			}
			if diff := cmp.Diff(tt.warnings, warnings); diff != "" {
				t.Errorf("warnings of %q (-want +got):\n%s", tt.in, diff)
			}
		})
	}
}

// draftOf reads text, which must be of the format.
func draftOf(t *testing.T, format, text string) *draft {
	t.Helper()
	d := &draft{}
	src, err := open("test", []byte(text), d)
	if err != nil {
		t.Fatal(err)
	}
	f, err := recognise(src)
	if err != nil {
		t.Fatal(err)
	}
	if f.name != format {
		t.Fatalf("recognise(%q) = %s, want %s", text, f.name, format)
	}
	if err := f.read(src, d); err != nil {
		t.Fatal(err)
	}
	return d
}

func rendered(d *draft) []string {
	var lines []string
	for _, l := range d.episode.Lines {
		lines = append(lines, fmt.Sprintf("%d %s %s-%s %s", l.N, l.Speaker, seconds(l.Start), seconds(l.End), l.Text))
	}
	return lines
}

// seconds is "?" for an unknown moment.
func seconds(m retrieval.Moment) string {
	if !m.Known {
		return "?"
	}
	return fmt.Sprint(m.Offset.Seconds())
}

// TestNotTimed holds the sniffers to being certain: none of these is a timed
// transcript.
func TestNotTimed(t *testing.T) {
	for _, text := range []string{
		"Just words.\nMore of them.\n",
		"We went from version 1 --> 2 and then 2.0 --> 3.\n",
		"He drew an arrow --> like this, at 12:30 -> 13:00 or so.\n",
		"WEBVTTX\n\nhello\n",
		"1,2,3\n4,5,6\n",
		"0:00:01,then some words\n",
		"Ann\tBob\nhello\tthere\n",
		"1\tone\n3\tthree\n",
		"0\tonly one row\n",
		"[Music]\nhello\n",
		"[Events]\nThe fair is on Monday.\n",
		"10:00 -> 11:00 Opening\n11:00 -> 12:00 Talks\n",
		"[00:00.000 --> 00:02.500]  Words as a program prints them.\n",
		`{"segments":[]}`,
		`{"segments":[{"startTime":1,"title":"a chapter"}]}`,
		`{"segments":[{"start":1,"end":2}]}`,
		`[{"start":1,"text":"no end, no duration"}]`,
		`[{"start":"soon"`,
		`{"events":[{"tStartMs":0}]}`,
		`{"results":{"channels":[]}}`,
		`{"results":{"items":[]}}`,
		`{"Transcript":"all in one"}`,
		`"segments[].start"`,
		"<transcript>hello</transcript>",
		"<timedtext></timedtext>",
		"<html><p t=\"1\">hello</p></html>",
		"text before <tt></tt>",
		"<!DOCTYPE html><html><tt>typewriter</tt></html>",
	} {
		src := &source{raw: []byte(text), lines: strings.Split(text, "\n")}
		for _, f := range timedFormats {
			if f.sniff(src) {
				t.Errorf("%s takes %q", f.name, text)
			}
		}
	}
}

// TestTooLong checks that each reader passes on the error of a cue beyond the
// limits, with the line of the file.
func TestTooLong(t *testing.T) {
	tests := []struct {
		format, in string
		line       int
	}{
		{"srt", "0:01 --> 0:02\nx\n\n48:00:01 --> 48:00:02\ny\n", 4},
		{"srt", "48:00:01 --> 48:00:02\ny\n\n0:01 --> 0:02\nx\n", 1},
		{"srt", "1\n48:00:01 --> 48:00:02\ny\n\n2\nx\n", 2},
		{"srt", "1\n48:00:01 --> 48:00:02\ny\n\n2\n", 2},
		{"vtt", "WEBVTT\n\n48:00:01.000 --> 48:00:02.000\nx\n", 3},
		{"vtt", "WEBVTT\n\n48:00:01.000 --> 48:00:02.000\nx\n\nNOTE x\n", 3},
		{"vtt", "WEBVTT\n\n48:00:01.000 --> 48:00:02.000\nx\n\nWEBVTT\n", 3},
		{"vtt", "WEBVTT\n\n48:00:01.000 --> 48:00:02.000\nx\n\n0:01.000 --> 0:02.000\nx\n", 3},
		{"sbv", "49:00:00,49:00:01\nx\n\n50:00:00,50:00:00\ny\n", 1},
		{"sbv", "0:00:00,49:00:01\nx\n", 1},
		{"ssa", "[Events]\nFormat: Start, Text\nDialogue: 49:00:00.00,x\n", 3},
		{"tsv", "0.0\t1.5\tx\n176400.0\t176401.0\ty\n", 2},
		{"ttml", "<tt><body>\n<p begin=\"49h\">x</p></body></tt>", 2},
		{"ttml", "<tt><body>\n<p begin=\"49h\">x<p>y</p></body></tt>", 2},
		{"ttml", "<tt><body>\n<p begin=\"49h\">x", 2},
		{"youtube-xml", "<transcript>\n<text start=\"176400\">x</text></transcript>", 2},
		{"youtube-xml", "<transcript>\n<text start=\"176400\">x", 2},
		{"youtube-json3", "{\"events\":[\n{\"tStartMs\":176400000,\"segs\":[{\"utf8\":\"x\"}]}]}", 2},
		{"youtube-json", "[\n{\"start\":176400,\"duration\":1,\"text\":\"x\"}]", 2},
		{"podlove-json", "[{\"start\":\"00:00:00\",\"text\":\"x\"},\n{\"start\":\"00:00:01\",\"end\":\"49:00:00\",\"text\":\"x\"}]", 2},
		{"podlove-json", "[\n{\"items\":[{\"start\":\"49:00:00\",\"text\":\"x\"}]}]", 2},
		{"podcast-json", "{\"segments\":[\n{\"startTime\":176400,\"body\":\"x\"}]}", 2},
		{"whisper-json", "{\"segments\":[\n{\"start\":176400,\"text\":\"x\"}]}", 2},
		{"whisper-json", "{\"words\":[\n{\"start\":176400,\"word\":\"x\"}]}", 2},
		{"deepgram-json", "{\"results\":{\"utterances\":[\n{\"start\":176400,\"transcript\":\"x\"}]}}", 2},
		{"aws-transcribe-json", "{\"results\":{\"items\":[\n{\"start_time\":\"176400\",\"alternatives\":[{\"content\":\"x\"}]}]}}", 2},
		{"aws-call-analytics-json", "{\"Transcript\":[\n{\"BeginOffsetMillis\":176400000,\"ParticipantRole\":\"A\",\"Content\":\"x\"}]}", 2},
	}
	for _, tt := range tests {
		d := &draft{}
		src, err := open("test", []byte(tt.in), d)
		if err != nil {
			t.Fatal(err)
		}
		if f, err := recognise(src); err != nil || f.name != tt.format {
			t.Fatalf("recognise(%q) = %v, %v, want %s", tt.in, f, err, tt.format)
		}
		r, err := Read("test", []byte(tt.in))
		var e *Error
		if r != nil || !errors.Is(err, ErrTooLong) || !errors.As(err, &e) || e.Line != tt.line {
			t.Errorf("Read(%q) = %v, %v, want nil and %v at line %d", tt.in, r, err, ErrTooLong, tt.line)
		}
	}
}

func TestTooManyCues(t *testing.T) {
	list := cueList{d: &draft{}, cues: make([]cue, MaxLines-1)}
	if err := list.add(cue{line: 1}); err != nil {
		t.Errorf("add of cue %d = %v, want nil", MaxLines, err)
	}
	err := list.add(cue{line: 2})
	var e *Error
	if !errors.Is(err, ErrTooManyLines) || !errors.As(err, &e) || e.Line != 2 {
		t.Errorf("add of cue %d = %v, want %v at line 2", MaxLines+1, err, ErrTooManyLines)
	}
}
