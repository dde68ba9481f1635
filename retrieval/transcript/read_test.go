package transcript_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval"
	"verbatim/retrieval/transcript"
)

// reading is what a NAME.want.json beside a fixture holds: the episode and
// warnings, or the error alone.
type reading struct {
	Error       string              `json:"error,omitempty"`
	ID          retrieval.EpisodeID `json:"id,omitempty"`
	Title       string              `json:"title,omitempty"`
	Show        string              `json:"show,omitempty"`
	Date        string              `json:"date,omitempty"`
	Description string              `json:"description,omitempty"`
	AudioURL    string              `json:"audio_url,omitempty"`
	Format      string              `json:"format,omitempty"`
	TotalLines  int                 `json:"total_lines,omitempty"`
	Lines       []retrieval.Line    `json:"lines,omitempty"`
	Warnings    []string            `json:"warnings,omitempty"`
}

func read(name string, data []byte) reading {
	r, err := transcript.Read(name, data)
	if err != nil {
		return reading{Error: err.Error()}
	}
	e := r.Episode
	got := reading{
		ID: e.ID, Title: e.Title, Show: e.Show, Date: e.DateString(), Description: e.Description,
		AudioURL: e.AudioURL, Format: e.Format, TotalLines: e.TotalLines, Lines: e.Lines,
	}
	for _, w := range r.Warnings {
		got.Warnings = append(got.Warnings, w.String())
	}
	return got
}

// fixtures lists the files of testdata that a reader is given.
func fixtures(t testing.TB) []string {
	t.Helper()
	all, err := filepath.Glob("testdata/*.*")
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, f := range all {
		if !strings.HasSuffix(f, ".want.json") && filepath.Ext(f) != ".golden" {
			files = append(files, f)
		}
	}
	if len(files) == 0 {
		t.Fatal("no fixtures in testdata")
	}
	return files
}

// TestFixtures reads every file in testdata and compares it with the
// NAME.want.json beside it; -update writes those.
func TestFixtures(t *testing.T) {
	for _, file := range fixtures(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := read(filepath.Base(file), data)
			if *update {
				var b bytes.Buffer
				enc := json.NewEncoder(&b)
				enc.SetEscapeHTML(false)
				enc.SetIndent("", " ")
				if err := enc.Encode(got); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file+".want.json", b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			data, err = os.ReadFile(file + ".want.json")
			if err != nil {
				t.Fatal(err)
			}
			var want reading
			if err := json.Unmarshal(data, &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("Read(%s) (-want +got):\n%s", file, diff)
			}
		})
	}
}

func TestReadErrors(t *testing.T) {
	packed := func(data []byte) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	tests := []struct {
		name string
		data []byte
		want error
		line int
	}{
		{"nothing", nil, transcript.ErrEmpty, 0},
		{"white space in UTF-16", []byte("\xff\xfe \x00\n\x00"), transcript.ErrEmpty, 0},
		{"gzip of nothing", packed(nil), transcript.ErrEmpty, 0},
		{"over the limit", make([]byte, transcript.MaxBytes+1), transcript.ErrTooLarge, 0},
		{"over the limit when unpacked", packed(make([]byte, transcript.MaxBytes+1)), transcript.ErrTooLarge, 0},
		{"gzip header alone", []byte("\x1f\x8b"), transcript.ErrNotTranscript, 0},
		{"gzip without data", packed([]byte("words"))[:10], transcript.ErrNotTranscript, 0},
		{"PDF", []byte("%PDF-1.7 words words"), transcript.ErrNotTranscript, 0},
		{"Office document", []byte("PK\x03\x04 words"), transcript.ErrNotTranscript, 0},
		{"MP3", []byte("ID3\x04\x00\x00\x00\x00"), transcript.ErrNotTranscript, 0},
		{"MP4", []byte("\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00"), transcript.ErrNotTranscript, 0},
		{"binary in UTF-16", append([]byte("\xff\xfe"), bytes.Repeat([]byte{1, 0, 2, 0}, 99)...), transcript.ErrNotTranscript, 0},
		{"Russian in an 8-bit encoding", []byte("\xcf\xf0\xe8\xe2\xe5\xf2, \xea\xe0\xea \xe4\xe5\xeb\xe0?\n"), transcript.ErrNotTranscript, 0},
		{"noise without control characters", bytes.Repeat([]byte("a\xe4\x93\xf0 \xc1b\xff\x9e."), 50), transcript.ErrNotTranscript, 0},
		{"list of numbers", []byte("[1, 2, 3]"), transcript.ErrNotTranscript, 0},
		{"broken JSON", []byte("{\n\"a\": [1,\n2\n"), transcript.ErrNotTranscript, 3},
		{"JSON cut off in its first segment", []byte("\n{\"segments\":[\n{\"start\":0,\"text\":\"hi\""), transcript.ErrNotTranscript, 3},
		{"only labels", []byte("Ada:\nBo:\nAda:\n"), transcript.ErrNotTranscript, 0},
		{"too many lines", bytes.Repeat([]byte("a\n"), transcript.MaxLines+1), transcript.ErrTooManyLines, 0},
		{"too many line ends", bytes.Repeat([]byte("\n\r"), 5*transcript.MaxLines), transcript.ErrTooManyLines, 0},
		{"beyond 48 hours", []byte("[01:00:00] a\n[48:00:01] b\n"), transcript.ErrTooLong, 2},
	}
	tests[len(tests)-2].data = append(tests[len(tests)-2].data, "words"...)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := transcript.Read("dir/file.txt", tt.data)
			if r != nil || !errors.Is(err, tt.want) {
				t.Fatalf("Read = %v, %v, want nil, %v", r, err, tt.want)
			}
			var e *transcript.Error
			if !errors.As(err, &e) || e.File != "dir/file.txt" || e.Line != tt.line {
				t.Errorf("error = %#v, want file dir/file.txt, line %d", e, tt.line)
			}
		})
	}
}

func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	if _, err := transcript.ReadFile(filepath.Join(dir, "none.srt")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v, want fs.ErrNotExist", err)
	}
	_, err := transcript.ReadFile(dir)
	if want := "read " + dir + ": is a directory"; err == nil || err.Error() != want {
		t.Errorf("directory: %v, want %s", err, want)
	}
	large := filepath.Join(dir, "large.txt")
	if err := os.WriteFile(large, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(large, transcript.MaxBytes+1); err != nil {
		t.Fatal(err)
	}
	if _, err := transcript.ReadFile(large); !errors.Is(err, transcript.ErrTooLarge) {
		t.Errorf("large file: %v, want ErrTooLarge", err)
	}
	fine := filepath.Join(dir, "fine.txt")
	if err := os.WriteFile(fine, []byte("Words."), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := transcript.ReadFile(fine)
	if err != nil || r.Episode.ID != "fine" || len(r.Episode.Lines) != 1 {
		t.Errorf("ReadFile = %+v, %v, want the episode fine of one line", r, err)
	}
}

func TestIdentity(t *testing.T) {
	tests := []struct {
		file, id, title string
	}{
		{"nk-news-toloraya-2025-03-06.txt", "nk-news-toloraya-2025-03-06", "Nk news toloraya 2025-03-06"},
		{"2025.03.06.TXT", "2025-03-06", "2025.03.06"},
		{"show_12.en-us.vtt.gz", "show-12", "Show 12"},
		{"a95KMDHf4vQ.eng.tsv", "a95kmdhf4vq", "A95KMDHf4vQ"},
		{`C:\My Talks\No. 5 - The end.md`, "no-5-the-end", "No. 5 - The end"},
		{"/tmp/talk.with.bob", "talk-with-bob", "Talk.with.bob"},
		{"mr.who.srt", "mr-who", "Mr.who"},
		{"Folge Ähnlich.json", "folge-ahnlich", "Folge Ähnlich"},
		{".txt", "episode", "Episode"},
		{"", "episode", "Episode"},
		{"???.txt", "episode", "???"},
	}
	for _, tt := range tests {
		r, err := transcript.Read(tt.file, []byte("Words."))
		if err != nil {
			t.Fatal(err)
		}
		if e := r.Episode; string(e.ID) != tt.id || e.Title != tt.title {
			t.Errorf("Read(%q) has ID %q, title %q, want %q, %q", tt.file, e.ID, e.Title, tt.id, tt.title)
		}
	}
	r, err := transcript.Read("???.md", []byte("---\ntitle: The Tide\n---\nWords.\n"))
	if err != nil || r.Episode.ID != "the-tide" {
		t.Errorf("ID = %+v, %v, want the slug of the title", r, err)
	}
}

// TestManyWarnings checks that a hopeless file says so in a bounded way.
func TestManyWarnings(t *testing.T) {
	data := strings.Repeat("[01:00:00] later\n[00:00:01] sooner\n", 150)
	r, err := transcript.Read("x.txt", []byte(data))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(r.Warnings), 100; got != want {
		t.Fatalf("%d warnings, want %d", got, want)
	}
	if got, want := r.Warnings[99].String(), "51 more warnings"; got != want {
		t.Errorf("last warning %q, want %q", got, want)
	}
	if got, want := r.Warnings[0].String(), "line 2: start 0:01 is before 1:00:00, where an earlier line starts"; got != want {
		t.Errorf("first warning %q, want %q", got, want)
	}
}

// TestLargeFiles reads large files of hostile shapes. Each would take minutes
// if any step were quadratic, and all together run into the limit of go test.
func TestLargeFiles(t *testing.T) {
	const size = 1 << 19
	for _, unit := range []string{
		"word ", "[", "[](", "<", "<!--", "*", "_a", "\\[", "&", "Ada: x\n", "[0:01] y\n", ">> ", "<p>", "<cite>A</cite>", "a\r", "{", "Ada 0:01\n", "((((0:0", "**A**",
	} {
		for _, head := range []string{"", "# Title\n\n", "<html>"} {
			data := []byte(head + strings.Repeat(unit, size/len(unit)))
			r, err := transcript.Read("large.txt", data)
			var e *transcript.Error
			if (err == nil) == (r == nil) || err != nil && !errors.As(err, &e) {
				t.Errorf("Read of %q = %v, %v", unit, r, err)
			}
		}
	}
}
