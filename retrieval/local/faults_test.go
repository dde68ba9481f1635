package local

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"verbatim/retrieval"
	"verbatim/retrieval/librarytest"
)

func TestOpenErrors(t *testing.T) {
	readOnly, mustExist := testOptions, testOptions
	readOnly.ReadOnly, mustExist.MustExist = true, true
	write := func(content string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			if err := os.WriteFile(filepath.Join(dir, fileName), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	script := func(script string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			l := openTest(t, dir, testOptions)
			librarytest.Add(t, l, "1", librarytest.Episode("e", "words"))
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			execFile(t, dir, script)
		}
	}
	tests := []struct {
		name    string
		prepare func(t *testing.T, dir string)
		options Options
		want    error
	}{
		{"missing, to be read", func(*testing.T, string) {}, readOnly, fs.ErrNotExist},
		{"missing, must exist", func(*testing.T, string) {}, mustExist, fs.ErrNotExist},
		{"empty file, must exist", write(""), mustExist, fs.ErrNotExist},
		{"text file", write("this is no database but text, and some more of it"), testOptions, ErrDamaged},
		{"short file", write("SQL"), testOptions, ErrDamaged},
		{"only the header", write(header + strings.Repeat("\x00", 200)), testOptions, ErrDamaged},
		{"newer", script(`PRAGMA user_version = 99`), testOptions, retrieval.ErrNewer},
		{"newer, to be read", script(`PRAGMA user_version = 99`), readOnly, retrieval.ErrNewer},
		{"of another program", script(`PRAGMA application_id = 7`), testOptions, ErrDamaged},
		{"database without mark", func(t *testing.T, dir string) { execFile(t, dir, `CREATE TABLE mine (x)`) }, testOptions, ErrDamaged},
		{"truncated", func(t *testing.T, dir string) {
			script(`SELECT 1`)(t, dir)
			if err := os.Truncate(filepath.Join(dir, fileName), 9000); err != nil {
				t.Fatal(err)
			}
		}, testOptions, ErrDamaged},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			if !strings.HasPrefix(test.name, "missing") {
				if err := os.Mkdir(dir, 0o700); err != nil {
					t.Fatal(err)
				}
			}
			test.prepare(t, dir)
			before, _ := os.ReadFile(filepath.Join(dir, fileName))
			l, err := Open(t.Context(), dir, test.options)
			if !errors.Is(err, test.want) {
				t.Errorf("Open: %v, want %v", err, test.want)
			}
			if err == nil {
				l.Close()
			}
			if _, err := os.Stat(dir); strings.HasPrefix(test.name, "missing") && !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("Open made %s", dir)
			}
			if after, _ := os.ReadFile(filepath.Join(dir, fileName)); !bytes.Equal(before, after) {
				t.Errorf("Open changed the file that it refused")
			}
		})
	}
}

// execFile runs SQL on the library's file, past the library.
func execFile(t *testing.T, dir, script string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, fileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(script); err != nil {
		t.Fatalf("%s: %v", script, err)
	}
}

func TestOddDirectories(t *testing.T) {
	for _, name := range []string{"with space", "a?b=c&d#e", "100%25", "größe", "deep/er/still"} {
		dir := filepath.Join(t.TempDir(), filepath.FromSlash(name))
		l := openTest(t, dir, testOptions)
		librarytest.Add(t, l, "1", librarytest.Episode("e", "words"))
		if _, err := os.Stat(filepath.Join(dir, fileName)); err != nil {
			t.Errorf("library in %q: %v", name, err)
		}
	}
}

func TestReadOnly(t *testing.T) {
	dir := t.TempDir()
	l := openTest(t, dir, testOptions)
	librarytest.Add(t, l, "1", librarytest.Episode("e", "words"))
	l.Close()
	o := testOptions
	o.ReadOnly = true
	l = openTest(t, dir, o)
	if err := put(t.Context(), l, librarytest.Episode("f", "words")); !errors.Is(err, ErrReadOnly) {
		t.Errorf("Add: %v, want ErrReadOnly", err)
	}
	if err := l.Remove(t.Context(), "1", "e"); !errors.Is(err, ErrReadOnly) {
		t.Errorf("Remove: %v, want ErrReadOnly", err)
	}
	if _, err := l.Episode(t.Context(), "1", "e"); err != nil {
		t.Errorf("Episode: %v", err)
	}
	if report, err := l.Check(t.Context()); err != nil || !report.Whole() {
		t.Errorf("Check = %+v, %v, want no problems", report, err)
	}
}

func TestReadOnlyDirectory(t *testing.T) {
	if os.Geteuid() == 0 || runtime.GOOS == "windows" {
		t.Skip("whoever runs this may write everywhere")
	}
	o := testOptions
	o.ReadOnly = true
	for _, filled := range []bool{false, true} {
		dir := t.TempDir()
		if filled {
			l := openTest(t, dir, testOptions)
			librarytest.Add(t, l, "1", librarytest.Episode("e", "words"))
			l.Close()
		}
		if err := os.Chmod(dir, 0o500); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), dir, testOptions); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("Open, filled %v: %v, want fs.ErrPermission", filled, err)
		}
		if filled {
			if _, err := openTest(t, dir, o).Episode(t.Context(), "1", "e"); err != nil {
				t.Errorf("Episode: %v", err)
			}
		}
		if err := os.Chmod(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
}

// fill adds episodes until one is refused, and returns how many were not.
func fill(t *testing.T, l *Library) (added int, err error) {
	t.Helper()
	for n := range 1000 {
		if err := put(t.Context(), l, churned(retrieval.EpisodeID(fmt.Sprintf("e%d", n)), n)); err != nil {
			return n, err
		}
	}
	t.Fatal("the disk does not fill up")
	return 0, nil
}

// checkFull wants exactly what was acknowledged, and a library that works.
func checkFull(t *testing.T, l *Library, added int, err error) {
	t.Helper()
	if !errors.Is(err, retrieval.ErrFull) {
		t.Errorf("Add: %v, want ErrFull", err)
	}
	f := retrieval.Filter{Scopes: []retrieval.Scope{"1"}}
	list, err := l.List(t.Context(), f)
	if err != nil || len(list) != added || added == 0 {
		t.Errorf("List = %d episodes, %v, want the %d added", len(list), err, added)
	}
	lexical, err := l.Lexical(t.Context(), f, []string{fmt.Sprintf("version%d", added)}, 1)
	if err != nil || len(lexical) > 0 {
		t.Errorf("Lexical finds of the refused episode %v, %v", lexical, err)
	}
	nearest, err := l.Nearest(t.Context(), f, librarytest.Vector("line"), 1e6)
	if err != nil || len(nearest) != added*list[0].Passages {
		t.Errorf("Nearest = %d, %v, want %d", len(nearest), err, added*list[0].Passages)
	}
}

func TestFullByPages(t *testing.T) {
	l := openTest(t, t.TempDir(), testOptions)
	s, err := l.writer.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.conn.ExecContext(t.Context(), "PRAGMA max_page_count = 120"); err != nil {
		t.Fatal(err)
	}
	l.writer.give(s, nil)
	added, err := fill(t, l)
	checkFull(t, l, added, err)
	report, err := l.Check(t.Context())
	if err != nil || !report.Whole() {
		t.Errorf("Check = %+v, %v, want no problems", report, err)
	}
}

// TestFullDisk fills a file system of its own.
func TestFullDisk(t *testing.T) {
	if runtime.GOOS != "linux" || os.Geteuid() != 0 {
		t.Skip("mounting a small file system takes root on Linux")
	}
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("mount: %v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, out)
		}
	})
	l := openTest(t, dir, testOptions)
	added, err := fill(t, l)
	checkFull(t, l, added, err)
	if err := os.WriteFile(filepath.Join(dir, "other"), make([]byte, 1<<20), 0o600); err == nil {
		t.Error("the disk is not full")
	}
	l.Close()
	os.Remove(filepath.Join(dir, "other"))
	l = openTest(t, dir, testOptions)
	list, err := l.List(t.Context(), retrieval.Filter{Scopes: []retrieval.Scope{"1"}})
	if err != nil || len(list) != added {
		t.Errorf("reopened: %d episodes, %v, want the %d added", len(list), err, added)
	}
}

// TestRemovedIsGone looks for removed words in the bytes of the files.
func TestRemovedIsGone(t *testing.T) {
	secret := func(words string) *retrieval.Episode {
		texts := make([]string, 40)
		for i := range texts {
			texts[i] = fmt.Sprintf("%s: %s and %sesque matters n%d", words, words, words, i)
		}
		e := librarytest.Episode("secret", texts...)
		e.Title, e.Description = words, words
		return e
	}
	for _, last := range []bool{false, true} {
		t.Run(fmt.Sprintf("last of its scope=%v", last), func(t *testing.T) {
			dir := t.TempDir()
			l := openTest(t, dir, testOptions)
			if !last {
				librarytest.Add(t, l, "1", churned("stays", 1))
			}
			librarytest.Add(t, l, "1", secret("xylophone"))
			if n := grep(t, dir, "xylophon"); n == 0 {
				t.Fatal("the words are not in the files at first: the test would show nothing")
			}
			librarytest.Add(t, l, "1", secret("quagmire"))
			if n := grep(t, dir, "xylophon"); n > 0 {
				t.Errorf("after being replaced, the words are in the files %d times", n)
			}
			if err := l.Remove(t.Context(), "1", "secret"); err != nil {
				t.Fatal(err)
			}
			if n := grep(t, dir, "quagmir"); n > 0 {
				t.Errorf("after Remove, the words are in the files %d times", n)
			}
			if !last && grep(t, dir, "words that vary") == 0 {
				t.Errorf("the words of the other episode are gone too")
			}
		})
	}
}

// grep counts the word, in upper or lower case, in all files of the directory.
func grep(t *testing.T, dir, word string) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		n += bytes.Count(bytes.ToLower(content), []byte(word))
	}
	return n
}
