package local

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"verbatim/retrieval"
	"verbatim/retrieval/librarytest"
)

// childVariable tells the test binary to be another process that uses the
// library in the directory of its argument.
const childVariable = "VERBATIM_LOCAL_CHILD"

func TestMain(m *testing.M) {
	role := os.Getenv(childVariable)
	if role == "" {
		os.Exit(m.Run())
	}
	children := map[string]func(ctx context.Context, l *Library) error{"lock": lockChild, "add": addChild, "churn": churnChild}
	l, err := Open(context.Background(), os.Args[1], testOptions)
	if err == nil {
		err = errors.Join(children[role](context.Background(), l), l.Close())
	}
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
}

// child is another process at the library in dir.
type child struct {
	command *exec.Cmd
	stdin   io.WriteCloser
	lines   *bufio.Scanner
}

func startChild(t *testing.T, role, dir string) *child {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{command: exec.Command(self, dir)}
	c.command.Env = append(os.Environ(), childVariable+"="+role)
	c.command.Stderr = os.Stderr
	if c.stdin, err = c.command.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	stdout, err := c.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.lines = bufio.NewScanner(stdout)
	if err := c.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.stdin.Close()
		c.command.Process.Kill()
		c.command.Wait()
	})
	return c
}

// next waits for the child's next line, which must be want.
func (c *child) next(t *testing.T, want string) {
	t.Helper()
	if !c.lines.Scan() || c.lines.Text() != want {
		t.Fatalf("other process: %q, %v, want %q", c.lines.Text(), c.lines.Err(), want)
	}
}

// lockChild holds the write lock from when it says so until its input ends.
func lockChild(ctx context.Context, l *Library) error {
	return l.write(ctx, func(*writer) error {
		fmt.Println("locked")
		_, err := io.Copy(io.Discard, os.Stdin)
		return err
	})
}

// addChild adds, replaces or removes as its input says: "add ID words",
// "remove ID".
func addChild(ctx context.Context, l *Library) error {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		verb, rest, _ := strings.Cut(lines.Text(), " ")
		id, words, _ := strings.Cut(rest, " ")
		var err error
		if verb == "add" {
			err = put(ctx, l, librarytest.Episode(retrieval.EpisodeID(id), words))
		} else {
			err = l.Remove(ctx, "1", retrieval.EpisodeID(id))
		}
		if err != nil {
			return err
		}
		fmt.Println("done")
	}
	return lines.Err()
}

func put(ctx context.Context, l *Library, e *retrieval.Episode) error {
	s := librarytest.Split(e)
	_, err := l.Add(ctx, "1", e, s, librarytest.Vectors(s))
	return err
}

// TestOtherProcess has another process write, and this one see it.
func TestOtherProcess(t *testing.T) {
	dir := t.TempDir()
	l := openTest(t, dir, testOptions)
	librarytest.Add(t, l, "1", librarytest.Episode("mine", "apple"))
	librarytest.Add(t, l, "2", librarytest.Episode("mine", "apple"))
	other := startChild(t, "add", dir)
	tell := func(line string) {
		t.Helper()
		fmt.Fprintln(other.stdin, line)
		other.next(t, "done")
	}
	check := func(word string, want ...retrieval.EpisodeID) {
		t.Helper()
		f := retrieval.Filter{Scopes: []retrieval.Scope{"1"}}
		v, err := l.Vocabulary(t.Context(), f.Scopes)
		if err != nil || v.Frequency(word) != len(want) {
			t.Errorf("Vocabulary: %q in %d passages, %v, want %d", word, v.Frequency(word), err, len(want))
		}
		lexical, err := l.Lexical(t.Context(), f, []string{word}, 10)
		if err != nil || len(lexical) != len(want) {
			t.Errorf("Lexical(%q) = %v, %v, want %v", word, lexical, err, want)
		}
		nearest, err := l.Nearest(t.Context(), f, librarytest.Vector(word), 10)
		if err != nil {
			t.Fatal(err)
		}
		for i, id := range want {
			if i >= len(nearest) || nearest[i].ID.Episode != id || nearest[i].Score < 0.9 {
				t.Errorf("Nearest(%q) = %v, want %v first", word, nearest, want)
			}
		}
		report, err := l.Check(t.Context())
		if err != nil || !report.Whole() {
			t.Errorf("Check = %+v, %v, want no problems", report, err)
		}
	}
	check("apple", "mine")
	tell("add theirs pear")
	check("pear", "theirs")
	tell("add theirs plum")
	check("pear")
	check("plum", "theirs")
	librarytest.Add(t, l, "1", librarytest.Episode("theirs", "fig"))
	tell("remove mine")
	check("apple")
	check("fig", "theirs")
	tell("remove theirs")
	check("fig")
	if err := l.Remove(t.Context(), "1", "theirs"); !errors.Is(err, retrieval.ErrUnknownEpisode) {
		t.Errorf("Remove: %v, want ErrUnknownEpisode", err)
	}
}

func TestLocked(t *testing.T) {
	dir := t.TempDir()
	o := testOptions
	o.LockWait = 50 * time.Millisecond
	l := openTest(t, dir, o)
	librarytest.Add(t, l, "1", librarytest.Episode("mine", "apple"))
	other := startChild(t, "lock", dir)
	other.next(t, "locked")

	err := put(t.Context(), l, librarytest.Episode("new", "pear"))
	if !errors.Is(err, retrieval.ErrLocked) {
		t.Errorf("Add while locked: %v, want ErrLocked", err)
	}
	if err := l.Remove(t.Context(), "1", "mine"); !errors.Is(err, retrieval.ErrLocked) {
		t.Errorf("Remove while locked: %v, want ErrLocked", err)
	}
	if got, err := l.Lexical(t.Context(), retrieval.Filter{Scopes: []retrieval.Scope{"1"}}, []string{"apple"}, 1); err != nil || len(got) != 1 {
		t.Errorf("Lexical while locked = %v, %v, want it to go on", got, err)
	}
	second, err := Open(t.Context(), dir, o)
	if err != nil {
		t.Fatalf("Open while locked: %v", err)
	}
	second.Close()

	patient := openTest(t, dir, testOptions) // waits longer than the lock is held
	added := make(chan error)
	go func() { added <- put(context.WithoutCancel(t.Context()), patient, librarytest.Episode("new", "pear")) }()
	other.stdin.Close()
	if err := <-added; err != nil {
		t.Errorf("Add after waiting for the lock: %v", err)
	}
}

// churnChild adds, replaces and removes episodes for ever, and records between
// them, and says so after each call has returned: "add ID VERSION" or "remove
// ID". A record's ID begins with recordPrefix.
func churnChild(ctx context.Context, l *Library) error {
	present := map[int]bool{}
	for n := 0; ; n++ {
		key := recordPrefix + strconv.Itoa(n%3)
		fmt.Printf("begin add %s %d\n", key, n)
		if err := l.PutRecord(ctx, retrieval.Record{Scope: "1", Kind: "k", Key: key, Value: []byte(strconv.Itoa(n))}); err != nil {
			return err
		}
		fmt.Printf("add %s %d\n", key, n)
		i := n * 7 % 5
		id := retrieval.EpisodeID("episode-" + strconv.Itoa(i))
		if present[i] && n%3 == 0 {
			fmt.Printf("begin remove %s\n", id)
			if err := l.Remove(ctx, "1", id); err != nil && !errors.Is(err, retrieval.ErrUnknownEpisode) {
				return err
			}
			present[i] = false
			fmt.Printf("remove %s\n", id)
			continue
		}
		fmt.Printf("begin add %s %d\n", id, n)
		if err := put(ctx, l, churned(id, n)); err != nil {
			return err
		}
		present[i] = true
		fmt.Printf("add %s %d\n", id, n)
	}
}

const recordPrefix = "record-"

// churned is a version of an episode; its first line tells which.
func churned(id retrieval.EpisodeID, version int) *retrieval.Episode {
	texts := []string{"version" + strconv.Itoa(version)}
	for i := range 60 {
		texts = append(texts, fmt.Sprintf("line %d of words that vary w%dx%d", i, i, version))
	}
	return librarytest.Episode(id, texts...)
}
