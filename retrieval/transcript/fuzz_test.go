package transcript_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"verbatim/retrieval/transcript"
)

// seed adds the fixtures whose names have one of the endings, all if none is
// given.
func seed(f *testing.F, endings ...string) {
	f.Helper()
	for _, file := range fixtures(f) {
		wanted := len(endings) == 0
		for _, e := range endings {
			wanted = wanted || strings.HasSuffix(file, e)
		}
		if !wanted {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
}

// checkRead asserts what holds for every input: no panic, nothing beside an
// error, and an episode that keeps the promises of retrieval.Line.
func checkRead(t *testing.T, data []byte) {
	t.Helper()
	r, err := transcript.Read("dir/fuzz.txt", data)
	if err != nil {
		var e *transcript.Error
		if r != nil || !errors.As(err, &e) || e.File != "dir/fuzz.txt" || !isNamed(err) {
			t.Fatalf("Read = %v, %v, want nothing and one of the package's errors", r, err)
		}
		return
	}
	e := r.Episode
	if e.ID == "" || e.Title == "" || e.Format == "" || len(e.Lines) == 0 || len(r.Warnings) > 100 {
		t.Fatalf("episode %q, title %q, format %q, %d lines, %d warnings", e.ID, e.Title, e.Format, len(e.Lines), len(r.Warnings))
	}
	n := 0
	for _, l := range e.Lines {
		if l.N <= n || l.N > e.TotalLines {
			t.Fatalf("line %d after %d, of %d", l.N, n, e.TotalLines)
		}
		n = l.N
		if l.Text == "" || l.Text != strings.Join(strings.Fields(l.Text), " ") || !utf8.ValidString(l.Text) || strings.ContainsRune(l.Text, 0) {
			t.Fatalf("line %d has text %q", l.N, l.Text)
		}
		if l.Speaker != strings.Join(strings.Fields(l.Speaker), " ") || !utf8.ValidString(l.Speaker) {
			t.Fatalf("line %d has speaker %q", l.N, l.Speaker)
		}
		for _, m := range []time.Duration{l.Start.Offset, l.End.Offset} {
			if m < 0 || m > transcript.MaxHours*time.Hour || m%time.Millisecond != 0 {
				t.Fatalf("line %d has a time of %v", l.N, m)
			}
		}
		if l.Start.Known && l.End.Known && l.End.Offset < l.Start.Offset {
			t.Fatalf("line %d ends at %v, starts at %v", l.N, l.End, l.Start)
		}
	}
}

func isNamed(err error) bool {
	for _, named := range []error{transcript.ErrEmpty, transcript.ErrNotTranscript, transcript.ErrTooLarge, transcript.ErrTooLong, transcript.ErrTooManyLines} {
		if errors.Is(err, named) {
			return true
		}
	}
	return false
}

// FuzzRead reads files of every kind.
func FuzzRead(f *testing.F) {
	seed(f)
	f.Fuzz(checkRead)
}

// FuzzDecode reads packed and differently encoded files.
func FuzzDecode(f *testing.F) {
	seed(f, ".gz", ".bin", "8.txt", "utf16le.txt", "bom.txt", "latin1.txt", "nuls.txt", "ends.txt")
	f.Fuzz(checkRead)
}

// FuzzText reads plain and labelled text.
func FuzzText(f *testing.F) {
	seed(f, ".txt")
	f.Fuzz(func(t *testing.T, data []byte) { checkRead(t, append([]byte("Words.\n"), data...)) })
}

// FuzzPodscripts reads pages of podcast transcripts saved as text.
func FuzzPodscripts(f *testing.F) {
	seed(f, "podscripts-starts.txt", "podscripts-long.txt")
	f.Fuzz(func(t *testing.T, data []byte) {
		checkRead(t, append([]byte("Show - Title\nEpisode Date: March 6, 2025Words\nTranscript\n"), data...))
	})
}

// FuzzMarkdown reads Markdown.
func FuzzMarkdown(f *testing.F) {
	seed(f, ".md")
	f.Fuzz(func(t *testing.T, data []byte) { checkRead(t, append([]byte("# Title\n\n"), data...)) })
}

// FuzzHTML reads pages.
func FuzzHTML(f *testing.F) {
	seed(f, ".html")
	f.Fuzz(func(t *testing.T, data []byte) { checkRead(t, append([]byte("<html><cite>A</cite>"), data...)) })
}

// BenchmarkReadEpisode reads an episode of an hour: 10,000 words of labelled
// text.
func BenchmarkReadEpisode(b *testing.B) {
	turn := "Ada Quay (00:12):\n" + strings.Repeat("Tides rise and fall, and nobody who keeps watch over them asks why. ", 4) + "\n\n"
	data := []byte(strings.Repeat(turn, 10_000/55))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := transcript.Read("episode.txt", data); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReadSample reads the largest of the real fixtures, if it is there.
func BenchmarkReadSample(b *testing.B) {
	data, err := os.ReadFile(filepath.Join(shared, "eval/transcripts/podcast-transcript-convert__300_multiple_choices.html"))
	if err != nil {
		b.Skip("no evaluation data at ../shared beside the repository")
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := transcript.Read("episode.html", data); err != nil {
			b.Fatal(err)
		}
	}
}
