package transcript_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval"
	"verbatim/retrieval/transcript"
)

var update = flag.Bool("update", false, "write the golden files")

// shared is where the evaluation data lies beside a checkout; it is not part
// of the repository.
const shared = "../../../shared"

// realFiles lists every real transcript, or skips the test.
func realFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{
		"data/nk-*.txt", "eval/transcripts/*", "eval/btc_podcasts/public/*.txt", "eval/optech_recap/public/*.txt",
		"eval/qmsum/val/*.txt", "eval/spoken_squad/public/*.txt",
	} {
		matches, err := filepath.Glob(filepath.Join(shared, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range matches {
			if filepath.Base(m) != "MANIFEST.jsonl" {
				files = append(files, m)
			}
		}
	}
	if len(files) == 0 {
		t.Skip("no evaluation data at ../shared beside the repository")
	}
	return files
}

// TestRealFiles compares a summary of every real file with testdata/real.golden.
func TestRealFiles(t *testing.T) {
	files := realFiles(t)
	const golden = "testdata/real.golden"
	var got strings.Builder
	for _, file := range files {
		got.WriteString(summary(t, file))
	}
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("real files read otherwise than %s says (-want +got):\n%s", golden, diff)
	}
}

// summary is what a reviewer needs to see of one file.
func summary(t *testing.T, file string) string {
	t.Helper()
	r, err := transcript.ReadFile(file)
	if err != nil {
		t.Errorf("ReadFile(%s): %v", file, err)
		return ""
	}
	e := r.Episode
	speakers := e.Speakers()
	named := len(speakers)
	if named > 8 {
		speakers = append(speakers[:8:8], "...")
	}
	first, last := span(e)
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n  %s %q %s\n", filepath.Base(file), e.Format, e.Title, e.DateString())
	fmt.Fprintf(&b, "  lines %d of %d, words %d, starts %s to %s, warnings %d\n", len(e.Lines), e.TotalLines, words(e), first, last, len(r.Warnings))
	fmt.Fprintf(&b, "  speakers %d: %s\n", named, strings.Join(speakers, "; "))
	fmt.Fprintf(&b, "  %d %s ... %d %s\n", e.Lines[0].N, opening(e.Lines[0]), e.Lines[len(e.Lines)-1].N, opening(e.Lines[len(e.Lines)-1]))
	return b.String()
}

func opening(l retrieval.Line) string {
	w := strings.Fields(l.Text)
	return fmt.Sprintf("%q", strings.Join(w[:min(len(w), 6)], " "))
}

func words(e *retrieval.Episode) int {
	n := 0
	for _, l := range e.Lines {
		n += len(strings.Fields(l.Text))
	}
	return n
}

// span is the first and the last start, "-" where there are none.
func span(e *retrieval.Episode) (first, last string) {
	first, last = "-", "-"
	for _, l := range e.Lines {
		if l.Start.Known {
			if first == "-" {
				first = l.Start.Offset.String()
			}
			last = l.Start.Offset.String()
		}
	}
	return first, last
}

// expectation is an entry of MANIFEST.jsonl: what a separate, simple reading
// of the file found.
type expectation struct {
	File   string
	Expect struct {
		Words      int
		Contains   []string
		Speakers   []string
		FirstStart *float64 `json:"first_start"`
		LastStart  *float64 `json:"last_start"`
	}
}

// firstParagraphs are files of which the simple reading took only the first
// paragraph of each turn.
var firstParagraphs = map[string]bool{"transcripts__go-time-116.md": true, "bitcointranscripts__package-relay.md": true}

// TestManifest checks every real file of many formats against what a separate
// reading of it found.
func TestManifest(t *testing.T) {
	dir := filepath.Join(shared, "eval/transcripts")
	data, err := os.ReadFile(filepath.Join(dir, "MANIFEST.jsonl"))
	if err != nil {
		t.Skip("no evaluation data at ../shared beside the repository")
	}
	scanner := bufio.NewScanner(bytes.NewReader(data))
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		var want expectation
		if err := json.Unmarshal(scanner.Bytes(), &want); err != nil {
			t.Fatal(err)
		}
		t.Run(want.File, func(t *testing.T) {
			r, err := transcript.ReadFile(filepath.Join(dir, want.File))
			if err != nil {
				t.Fatal(err)
			}
			want.check(t, r.Episode)
		})
	}
}

// check compares words within a twentieth, since labels and marks count in the
// simple reading, and all else exactly.
func (want *expectation) check(t *testing.T, e *retrieval.Episode) {
	t.Helper()
	got, tolerance := words(e), want.Expect.Words/20+1
	if got < want.Expect.Words-tolerance || got > want.Expect.Words+tolerance && !firstParagraphs[want.File] {
		t.Errorf("words = %d, want %d within %d", got, want.Expect.Words, tolerance)
	}
	text := normal(joined(e))
	for _, c := range want.Expect.Contains {
		if !strings.Contains(text, normal(c)) {
			t.Errorf("text does not contain %q", c)
		}
	}
	have := map[string]bool{}
	for _, s := range e.Speakers() {
		have[s] = true
	}
	for _, s := range want.Expect.Speakers {
		if !have[s] {
			t.Errorf("speakers = %q, want %q among them", e.Speakers(), s)
		}
	}
	first, _ := span(e)
	if s := want.Expect.FirstStart; s != nil && !sameSeconds(first, *s) {
		t.Errorf("first start = %s, want %gs", first, *s)
	}
	if s := want.Expect.LastStart; s != nil && !lastStarts(e, *s) {
		t.Errorf("last line = %v, want it to start at %gs", e.Lines[len(e.Lines)-1], *s)
	}
}

// lastStarts reports that the last known start is at that second, or that the
// last line is made of words of which one starts there.
func lastStarts(e *retrieval.Episode, seconds float64) bool {
	_, last := span(e)
	if sameSeconds(last, seconds) {
		return true
	}
	l, at := e.Lines[len(e.Lines)-1], time.Duration(seconds*float64(time.Second))
	return l.Start.Known && l.End.Known && l.Start.Offset <= at && at < l.End.Offset
}

// joined is the text of all lines.
func joined(e *retrieval.Episode) string {
	var b strings.Builder
	for _, l := range e.Lines {
		b.WriteString(" " + l.Text)
	}
	return b.String()
}

// normal is lower-case words in single spaces, without a label before them.
func normal(s string) string {
	if i := strings.Index(s, ": "); i > 0 && i < 20 && len(s) < 200 {
		s = s[i+2:]
	}
	return strings.ToLower(strings.Join(strings.Fields(s), " "))
}

func sameSeconds(got string, want float64) bool {
	d, err := time.ParseDuration(got)
	return err == nil && math.Abs(d.Seconds()-want) < 0.01
}
