package transcript

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"verbatim/retrieval"
)

// fuzzReader fuzzes the reader of a format with the fixtures it takes as
// seeds. The reader gets every input, also those its sniffer would refuse.
func fuzzReader(f *testing.F, format string) {
	f.Helper()
	seeds, err := filepath.Glob("testdata/*")
	if err != nil {
		f.Fatal(err)
	}
	reader := formatNamed(f, format)
	n := 0
	for _, file := range seeds {
		data, err := os.ReadFile(file)
		if err != nil {
			continue // a folder
		}
		if src, err := open("seed", data, &draft{}); err == nil && reader.sniff(src) {
			f.Add(data)
			n++
		}
	}
	if n == 0 {
		f.Fatalf("no fixture is of format %s", format)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d := &draft{}
		src, err := open("fuzz", data, d)
		if err != nil {
			return
		}
		reader.sniff(src)
		if reader.read(src, d) == nil {
			checkDraft(t, d)
		}
		r, err := Read("fuzz", data)
		if (r == nil) == (err == nil) {
			t.Errorf("Read = %v, %v, want one of them", r, err)
		}
	})
}

// formatNamed is the timed format of that name.
func formatNamed(tb testing.TB, name string) format {
	tb.Helper()
	for _, f := range timedFormats {
		if f.name == name {
			return f
		}
	}
	tb.Fatalf("no format %s", name)
	return format{}
}

// checkDraft checks what every reader promises.
func checkDraft(t *testing.T, d *draft) {
	t.Helper()
	last := 0
	for i, l := range d.episode.Lines {
		switch {
		case l.N <= last:
			t.Errorf("line %d has number %d after %d", i, l.N, last)
		case l.Text == "" || l.Text != clean(l.Text) || l.Speaker != clean(l.Speaker):
			t.Errorf("line %d is not clean: %q %q", l.N, l.Speaker, l.Text)
		case !inRange(l.Start) || !inRange(l.End):
			t.Errorf("line %d is out of range: %+v to %+v", l.N, l.Start, l.End)
		case l.Start.Known && l.End.Known && l.End.Offset < l.Start.Offset:
			t.Errorf("line %d ends at %v before it starts at %v", l.N, l.End.Offset, l.Start.Offset)
		}
		last = l.N
	}
	if d.episode.TotalLines < last {
		t.Errorf("TotalLines = %d, less than the last number %d", d.episode.TotalLines, last)
	}
	for _, w := range d.warnings {
		if w.Line < 0 || w.Text == "" || len(w.Text) > 1000 {
			t.Errorf("warning %q", w)
		}
	}
}

// inRange reports an unknown moment that is zero, or one within the limits.
func inRange(m retrieval.Moment) bool {
	if !m.Known {
		return m.Offset == 0
	}
	return m.Offset >= 0 && m.Offset <= MaxHours*time.Hour
}

func FuzzSRT(f *testing.F)           { fuzzReader(f, "srt") }
func FuzzVTT(f *testing.F)           { fuzzReader(f, "vtt") }
func FuzzSSA(f *testing.F)           { fuzzReader(f, "ssa") }
func FuzzSBV(f *testing.F)           { fuzzReader(f, "sbv") }
func FuzzTSV(f *testing.F)           { fuzzReader(f, "tsv") }
func FuzzTTML(f *testing.F)          { fuzzReader(f, "ttml") }
func FuzzYouTubeXML(f *testing.F)    { fuzzReader(f, "youtube-xml") }
func FuzzYouTubeJSON(f *testing.F)   { fuzzReader(f, "youtube-json") }
func FuzzJSON3(f *testing.F)         { fuzzReader(f, "youtube-json3") }
func FuzzPodcastJSON(f *testing.F)   { fuzzReader(f, "podcast-json") }
func FuzzPodlove(f *testing.F)       { fuzzReader(f, "podlove-json") }
func FuzzWhisper(f *testing.F)       { fuzzReader(f, "whisper-json") }
func FuzzDeepgram(f *testing.F)      { fuzzReader(f, "deepgram-json") }
func FuzzAmazon(f *testing.F)        { fuzzReader(f, "aws-transcribe-json") }
func FuzzCallAnalytics(f *testing.F) { fuzzReader(f, "aws-call-analytics-json") }
