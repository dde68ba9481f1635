package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"verbatim/retrieval"
	"verbatim/retrieval/librarytest"
)

var testRecord = retrieval.Record{Scope: "1", Kind: "k", Key: "a", Owner: "ann", Value: []byte(`{}`)}

// makeOld makes a library of version 1 with an episode, as an older program
// left it.
func makeOld(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	l := openTest(t, dir, testOptions)
	librarytest.Add(t, l, "1", librarytest.Episode("e", "apple"))
	l.Close()
	execFile(t, dir, "DROP TABLE records; PRAGMA user_version = 1")
	return dir
}

func userVersion(t *testing.T, dir string) (version int) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, fileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("PRAGMA user_version").Scan(&version); err != nil {
		t.Fatal(err)
	}
	return version
}

// TestOldLibrary opens a library of before there were records: read-only it
// can be read and stays as it is, else it is brought up to date.
func TestOldLibrary(t *testing.T) {
	dir := makeOld(t)
	o := testOptions
	o.ReadOnly = true
	l := openTest(t, dir, o)
	if _, err := l.Episode(t.Context(), "1", "e"); err != nil {
		t.Errorf("Episode: %v", err)
	}
	if _, err := l.Record(t.Context(), "1", "k", "a"); !errors.Is(err, retrieval.ErrNoRecord) {
		t.Errorf("Record: %v, want ErrNoRecord", err)
	}
	if list, err := l.RecordsOf(t.Context(), "", "k", 0); err != nil || len(list) > 0 {
		t.Errorf("RecordsOf = %v, %v, want none", list, err)
	}
	if err := l.PutRecord(t.Context(), testRecord); !errors.Is(err, ErrReadOnly) {
		t.Errorf("PutRecord: %v, want ErrReadOnly", err)
	}
	if report, err := l.Check(t.Context()); err != nil || !report.Whole() {
		t.Errorf("Check = %+v, %v, want no problems", report, err)
	}
	l.Close()
	if got := userVersion(t, dir); got != 1 {
		t.Errorf("after reading, the version is %d, want 1", got)
	}

	l = openTest(t, dir, testOptions)
	if err := l.PutRecord(t.Context(), testRecord); err != nil {
		t.Errorf("PutRecord: %v", err)
	}
	if _, err := l.Episode(t.Context(), "1", "e"); err != nil {
		t.Errorf("Episode after migrating: %v", err)
	}
	if report, err := l.Check(t.Context()); err != nil || !report.Whole() {
		t.Errorf("Check = %+v, %v, want no problems", report, err)
	}
	l.Close()
	if got := userVersion(t, dir); got != 2 {
		t.Errorf("after opening, the version is %d, want 2", got)
	}
	if _, err := openTest(t, dir, o).Record(t.Context(), "1", "k", "a"); err != nil {
		t.Errorf("Record, read-only: %v", err)
	}
}

// TestRecordsReadOnly wants every change refused.
func TestRecordsReadOnly(t *testing.T) {
	dir := t.TempDir()
	openTest(t, dir, testOptions).Close()
	o := testOptions
	o.ReadOnly = true
	l := openTest(t, dir, o)
	_, owner := l.DeleteOwner(t.Context(), "ann")
	_, expired := l.DeleteExpired(t.Context(), time.Now())
	for name, err := range map[string]error{"PutRecord": l.PutRecord(t.Context(), testRecord), "DeleteRecord": l.DeleteRecord(t.Context(), "1", "k", "a"),
		"DeleteOwner": owner, "DeleteExpired": expired} {
		if !errors.Is(err, ErrReadOnly) {
			t.Errorf("%s: %v, want ErrReadOnly", name, err)
		}
	}
}

// TestRecordsBesideWriter reads while another process holds the write lock,
// and is told when it cannot write.
func TestRecordsBesideWriter(t *testing.T) {
	dir := t.TempDir()
	o := testOptions
	o.LockWait = 50 * time.Millisecond
	l := openTest(t, dir, o)
	if err := l.PutRecord(t.Context(), testRecord); err != nil {
		t.Fatal(err)
	}
	other := startChild(t, "lock", dir)
	other.next(t, "locked")
	if _, err := l.Record(t.Context(), "1", "k", "a"); err != nil {
		t.Errorf("Record while locked: %v", err)
	}
	if list, err := l.RecordsOf(t.Context(), "", "k", 0); err != nil || len(list) != 1 {
		t.Errorf("RecordsOf while locked = %v, %v, want one", list, err)
	}
	if err := l.PutRecord(t.Context(), testRecord); !errors.Is(err, retrieval.ErrLocked) {
		t.Errorf("PutRecord while locked: %v, want ErrLocked", err)
	}
	if _, err := l.DeleteOwner(t.Context(), "ann"); !errors.Is(err, retrieval.ErrLocked) {
		t.Errorf("DeleteOwner while locked: %v, want ErrLocked", err)
	}
	other.stdin.Close()
	other.command.Wait()
	if err := l.PutRecord(t.Context(), testRecord); err != nil {
		t.Errorf("PutRecord afterwards: %v", err)
	}
}

// TestRecordsKeepViews wants no reloading of what readers see.
func TestRecordsKeepViews(t *testing.T) {
	l := openTest(t, t.TempDir(), testOptions)
	librarytest.Add(t, l, "1", librarytest.Episode("e", "apple"))
	before := l.current.Load()
	if err := l.PutRecord(t.Context(), testRecord); err != nil {
		t.Fatal(err)
	}
	if _, err := l.List(t.Context(), retrieval.Filter{Scopes: []retrieval.Scope{"1"}}); err != nil {
		t.Fatal(err)
	}
	if l.current.Load() != before {
		t.Error("the view was loaded anew after PutRecord")
	}
}

// TestRecordsFull fills the file up; what was acknowledged stays.
func TestRecordsFull(t *testing.T) {
	l := openTest(t, t.TempDir(), testOptions)
	s, err := l.writer.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.conn.ExecContext(t.Context(), "PRAGMA max_page_count = 60"); err != nil {
		t.Fatal(err)
	}
	l.writer.give(s, nil)
	n := 0
	for ; err == nil && n < 1000; n++ {
		r := testRecord
		r.Key, r.Value = fmt.Sprint(n), make([]byte, 1000)
		err = l.PutRecord(t.Context(), r)
	}
	if !errors.Is(err, retrieval.ErrFull) {
		t.Fatalf("PutRecord: %v, want ErrFull", err)
	}
	if list, err := l.RecordsOf(t.Context(), "1", "k", 0); err != nil || len(list) != n-1 {
		t.Errorf("RecordsOf = %d, %v, want the %d acknowledged", len(list), err, n-1)
	}
}

// TestDeletedRecordsAreGone looks for their words in the bytes of the files.
func TestDeletedRecordsAreGone(t *testing.T) {
	tests := map[string]func(ctx context.Context, l *Library) error{
		"owner":   func(ctx context.Context, l *Library) error { _, err := l.DeleteOwner(ctx, "ann"); return err },
		"expired": func(ctx context.Context, l *Library) error { _, err := l.DeleteExpired(ctx, time.Now()); return err },
		"record":  func(ctx context.Context, l *Library) error { return l.DeleteRecord(ctx, "1", "k", "a") },
		"episode": func(ctx context.Context, l *Library) error { return l.Remove(ctx, "1", "e") },
	}
	for name, remove := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			l := openTest(t, dir, testOptions)
			librarytest.Add(t, l, "1", librarytest.Episode("e", "words"))
			r := testRecord
			r.Episode, r.Expires, r.Value = "e", time.Now().Add(-time.Second), []byte(`"xylophone"`)
			if err := l.PutRecord(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			if grep(t, dir, "xylophone") == 0 {
				t.Fatal("the words are not in the files at first: the test would show nothing")
			}
			if err := remove(t.Context(), l); err != nil {
				t.Fatal(err)
			}
			if n := grep(t, dir, "xylophone"); n > 0 {
				t.Errorf("the words are in the files %d times", n)
			}
		})
	}
}

// BenchmarkPutRecord puts turns of conversations beside 10,000 passages, each
// on the disk when it returns.
func BenchmarkPutRecord(b *testing.B) {
	l := openBench(b, 10_000)
	value := make([]byte, 400)
	p50(b, func(i int) {
		err := l.PutRecord(b.Context(), retrieval.Record{Scope: "1", Kind: "turn", Key: fmt.Sprint(i), Owner: "ann", Expires: time.Now().Add(time.Hour), Value: value})
		if err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkRecord reads one among 1,000.
func BenchmarkRecord(b *testing.B) {
	l := openBench(b, 100)
	for i := range 1000 {
		if err := l.PutRecord(b.Context(), retrieval.Record{Scope: "1", Kind: "turn", Key: fmt.Sprint(i), Value: make([]byte, 400)}); err != nil {
			b.Fatal(err)
		}
	}
	p50(b, func(i int) {
		if _, err := l.Record(b.Context(), "1", "turn", fmt.Sprint(i%1000)); err != nil {
			b.Fatal(err)
		}
	})
}
