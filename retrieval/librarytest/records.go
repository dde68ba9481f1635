package librarytest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval"
)

// RunRecords runs the suite of retrieval.Records, which the libraries that open
// makes must be as well.
func RunRecords(t *testing.T, open Opener) {
	t.Helper()
	tests := []struct {
		name string
		run  func(*testing.T, Opener)
	}{
		{"round trip", testRecordRoundTrip},
		{"replace", testRecordReplace},
		{"list order", testRecordOrder},
		{"expiry", testRecordExpiry},
		{"owner", testRecordOwner},
		{"scopes are apart", testRecordScopes},
		{"invalid", testRecordInvalid},
		{"episode", testRecordEpisode},
		{"concurrent", testRecordConcurrent},
		{"cancelled", testRecordCancelled},
	}
	for _, test := range tests {
		t.Run("records "+test.name, func(t *testing.T) {
			t.Parallel()
			test.run(t, open)
		})
	}
}

// moment is n seconds into a day.
func moment(n int) time.Time { return day(time.March, 6).Add(time.Duration(n) * time.Second) }

// records opens a library and its records.
func records(t *testing.T, open Opener) (retrieval.Library, retrieval.Records, func() (retrieval.Library, retrieval.Records)) {
	t.Helper()
	of := func(l retrieval.Library) retrieval.Records {
		r, ok := l.(retrieval.Records)
		if !ok {
			t.Fatalf("%T keeps no records", l)
		}
		return r
	}
	l, reopen := open(t)
	if reopen == nil {
		return l, of(l), nil
	}
	return l, of(l), func() (retrieval.Library, retrieval.Records) {
		if err := l.Close(); err != nil {
			t.Fatalf("Close: %v", err)
		}
		l := reopen()
		return l, of(l)
	}
}

func putRecord(t *testing.T, r retrieval.Records, record retrieval.Record) {
	t.Helper()
	if err := r.PutRecord(t.Context(), record); err != nil {
		t.Fatalf("PutRecord(%+v): %v", record, err)
	}
}

// checkRecord wants the record under its scope, kind and key.
func checkRecord(t *testing.T, when string, r retrieval.Records, want retrieval.Record) {
	t.Helper()
	got, err := r.Record(t.Context(), want.Scope, want.Kind, want.Key)
	if err != nil {
		t.Errorf("%s: Record(%q, %q, %q): %v", when, want.Scope, want.Kind, want.Key, err)
		return
	}
	if diff := cmp.Diff(want, *got); diff != "" {
		t.Errorf("%s: Record (-want +got):\n%s", when, diff)
	}
}

// checkNoRecord wants it gone, from lists too.
func checkNoRecord(t *testing.T, when string, r retrieval.Records, scope retrieval.Scope, kind, key string) {
	t.Helper()
	if got, err := r.Record(t.Context(), scope, kind, key); !errors.Is(err, retrieval.ErrNoRecord) {
		t.Errorf("%s: Record(%q, %q, %q) = %v, %v, want ErrNoRecord", when, scope, kind, key, got, err)
	}
	for _, in := range []retrieval.Scope{scope, ""} {
		for _, listed := range listRecords(t, r, in, kind, 0) {
			if listed.Scope == scope && listed.Key == key {
				t.Errorf("%s: RecordsOf(%q, %q) lists %q", when, in, kind, key)
			}
		}
	}
}

func listRecords(t *testing.T, r retrieval.Records, scope retrieval.Scope, kind string, n int) []retrieval.Record {
	t.Helper()
	list, err := r.RecordsOf(t.Context(), scope, kind, n)
	if err != nil {
		t.Fatalf("RecordsOf(%q, %q, %d): %v", scope, kind, n, err)
	}
	return list
}

func testRecordRoundTrip(t *testing.T, open Opener) {
	_, r, reopen := records(t, open)
	full := retrieval.Record{Scope: "1", Kind: "kind'; --", Key: "ключ\x00%_", Owner: "ann", Episode: "e", EpisodeScope: retrieval.Public,
		Created: moment(1).Add(123 * time.Millisecond), Expires: time.Date(2999, 1, 2, 3, 4, 5, 6e6, time.UTC), Value: []byte(`{"a":"日本 <b> \u0000"}`)}
	bare := retrieval.Record{Scope: "1", Kind: "k", Key: "bare", Created: moment(2)}
	own := retrieval.Record{Scope: "1", Kind: "k", Key: "own", Episode: "e", EpisodeScope: "1", Created: moment(2), Value: []byte("{}")}
	checkNoRecord(t, "before", r, "1", "k", "bare")
	putRecord(t, r, full)
	putRecord(t, r, retrieval.Record{Scope: "1", Kind: "k", Key: "bare", Created: moment(2), EpisodeScope: "2"})
	putRecord(t, r, retrieval.Record{Scope: "1", Kind: "k", Key: "own", Episode: "e", Created: moment(2), Value: []byte("{}")})
	putRecord(t, r, retrieval.Record{Scope: "1", Kind: "k", Key: "now"})
	check := func(when string, r retrieval.Records) {
		t.Helper()
		for _, want := range []retrieval.Record{full, bare, own} {
			checkRecord(t, when, r, want)
		}
		got, err := r.Record(t.Context(), "1", "k", "now")
		if err != nil || time.Since(got.Created) > time.Hour || time.Since(got.Created) < -time.Hour {
			t.Errorf("%s: Record put without a time = %+v, %v, want it made now", when, got, err)
		}
	}
	check("at once", r)
	if reopen != nil {
		_, r = reopen()
		check("reopened", r)
	}
	if err := r.DeleteRecord(t.Context(), "1", "k", "bare"); err != nil {
		t.Errorf("DeleteRecord: %v", err)
	}
	if err := r.DeleteRecord(t.Context(), "1", "k", "bare"); err != nil {
		t.Errorf("DeleteRecord of none: %v", err)
	}
	checkNoRecord(t, "deleted", r, "1", "k", "bare")
	checkRecord(t, "the other", r, full)
}

func testRecordReplace(t *testing.T, open Opener) {
	_, r, reopen := records(t, open)
	putRecord(t, r, retrieval.Record{Scope: "1", Kind: "k", Key: "a", Owner: "ann", Episode: "e", Created: moment(1), Expires: moment(1), Value: []byte(`1`)})
	next := retrieval.Record{Scope: "1", Kind: "k", Key: "a", Created: moment(2), Value: []byte(`2`)}
	putRecord(t, r, next)
	checkRecord(t, "at once", r, next)
	if n, err := r.DeleteOwner(t.Context(), "ann"); n != 0 || err != nil {
		t.Errorf("DeleteOwner of the former owner = %d, %v, want 0", n, err)
	}
	if reopen != nil {
		_, r = reopen()
	}
	checkRecord(t, "at last", r, next)
	if list := listRecords(t, r, "1", "k", 0); len(list) != 1 {
		t.Errorf("RecordsOf = %+v, want one record", list)
	}
}

func testRecordOrder(t *testing.T, open Opener) {
	_, r, _ := records(t, open)
	put := func(scope retrieval.Scope, key string, at int) {
		putRecord(t, r, retrieval.Record{Scope: scope, Kind: "k", Key: key, Created: moment(at), Value: []byte("{}")})
	}
	put("1", "middle", 5)
	put("1", "old", 1)
	put("2", "newest", 9)
	put("1", "b", 7)
	put("1", "a", 7)
	put("2", "a", 7)
	putRecord(t, r, retrieval.Record{Scope: "1", Kind: "other", Key: "x", Created: moment(8)})
	tests := []struct {
		scope retrieval.Scope
		n     int
		want  []string
	}{
		{"1", 0, []string{"1/b", "1/a", "1/middle", "1/old"}},
		{"1", -1, []string{"1/b", "1/a", "1/middle", "1/old"}},
		{"1", 3, []string{"1/b", "1/a", "1/middle"}},
		{"1", 10, []string{"1/b", "1/a", "1/middle", "1/old"}},
		{"", 0, []string{"2/newest", "1/b", "1/a", "2/a", "1/middle", "1/old"}},
		{"", 2, []string{"2/newest", "1/b"}},
		{"3", 0, []string{}},
	}
	for _, test := range tests {
		got := []string{}
		for _, record := range listRecords(t, r, test.scope, "k", test.n) {
			got = append(got, string(record.Scope)+"/"+record.Key)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("RecordsOf(%q, %d) (-want +got):\n%s", test.scope, test.n, diff)
		}
	}
}

func testRecordExpiry(t *testing.T, open Opener) {
	_, r, reopen := records(t, open)
	soon := time.Now().Add(time.Hour).UTC().Truncate(time.Millisecond)
	kept := retrieval.Record{Scope: "1", Kind: "k", Key: "soon", Created: moment(1), Expires: soon, Value: []byte("{}")}
	ever := retrieval.Record{Scope: "1", Kind: "k", Key: "never", Created: moment(1), Value: []byte("{}")}
	putRecord(t, r, kept)
	putRecord(t, r, ever)
	putRecord(t, r, retrieval.Record{Scope: "1", Kind: "k", Key: "past", Owner: "ann", Created: moment(9), Expires: moment(10)})
	checkNoRecord(t, "expired", r, "1", "k", "past")
	if list := listRecords(t, r, "1", "k", 1); len(list) != 1 || list[0].Key != "soon" {
		t.Errorf("RecordsOf(1) = %+v, want the newest that has not expired", list)
	}
	if n, err := r.DeleteExpired(t.Context(), time.Now()); n != 1 || err != nil {
		t.Errorf("DeleteExpired = %d, %v, want 1", n, err)
	}
	checkRecord(t, "not yet expired", r, kept)
	if reopen != nil {
		_, r = reopen()
	}
	if n, err := r.DeleteExpired(t.Context(), soon); n != 1 || err != nil {
		t.Errorf("DeleteExpired when its time has come = %d, %v, want 1", n, err)
	}
	checkNoRecord(t, "deleted", r, "1", "k", "soon")
	checkRecord(t, "never expires", r, ever)
}

func testRecordOwner(t *testing.T, open Opener) {
	_, r, reopen := records(t, open)
	for i, owner := range []string{"ann", "ann", "bob", "ann", ""} {
		putRecord(t, r, retrieval.Record{Scope: retrieval.Scope(fmt.Sprint(1 + i%2)), Kind: "k", Key: fmt.Sprint(i), Owner: owner, Created: moment(i)})
	}
	putRecord(t, r, retrieval.Record{Scope: "1", Kind: "k", Key: "old", Owner: "ann", Expires: moment(1)})
	if _, err := r.DeleteOwner(t.Context(), ""); !errors.Is(err, retrieval.ErrInvalidRecord) {
		t.Errorf("DeleteOwner of nobody: %v, want ErrInvalidRecord", err)
	}
	if n, err := r.DeleteOwner(t.Context(), "ann"); n != 4 || err != nil {
		t.Errorf("DeleteOwner = %d, %v, want 4", n, err)
	}
	if n, err := r.DeleteOwner(t.Context(), "ann"); n != 0 || err != nil {
		t.Errorf("DeleteOwner again = %d, %v, want 0", n, err)
	}
	if reopen != nil {
		_, r = reopen()
	}
	got := []string{}
	for _, record := range listRecords(t, r, "", "k", 0) {
		got = append(got, record.Key)
	}
	if diff := cmp.Diff([]string{"4", "2"}, got); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
}

func testRecordScopes(t *testing.T, open Opener) {
	_, r, _ := records(t, open)
	one := retrieval.Record{Scope: "1", Kind: "k", Key: "a", Created: moment(1), Value: []byte(`1`)}
	two := retrieval.Record{Scope: "2", Kind: "k", Key: "a", Created: moment(2), Value: []byte(`2`)}
	kind := retrieval.Record{Scope: "1", Kind: "K", Key: "a", Created: moment(3), Value: []byte(`3`)}
	for _, record := range []retrieval.Record{one, two, kind} {
		putRecord(t, r, record)
	}
	for _, record := range []retrieval.Record{one, two, kind} {
		checkRecord(t, "each", r, record)
	}
	checkNoRecord(t, "no scope", r, "", "k", "x")
	if _, err := r.Record(t.Context(), "", "k", "a"); !errors.Is(err, retrieval.ErrNoRecord) {
		t.Errorf("Record of no scope: %v, want ErrNoRecord", err)
	}
	if err := r.DeleteRecord(t.Context(), "1", "k", "a"); err != nil {
		t.Fatal(err)
	}
	checkNoRecord(t, "deleted", r, "1", "k", "a")
	checkRecord(t, "other scope", r, two)
	checkRecord(t, "other kind", r, kind)
}

func testRecordInvalid(t *testing.T, open Opener) {
	_, r, _ := records(t, open)
	for _, record := range []retrieval.Record{{Kind: "k", Key: "a"}, {Scope: "1", Key: "a"}, {Scope: "1", Kind: "k"}} {
		if err := r.PutRecord(t.Context(), record); !errors.Is(err, retrieval.ErrInvalidRecord) {
			t.Errorf("PutRecord(%+v): %v, want ErrInvalidRecord", record, err)
		}
	}
	if list := listRecords(t, r, "", "k", 0); len(list) > 0 {
		t.Errorf("RecordsOf = %+v, want none", list)
	}
}

// testRecordEpisode removes episodes that records speak of: one among others,
// the last one of its scope, and one that is only replaced.
func testRecordEpisode(t *testing.T, open Opener) {
	l, r, reopen := records(t, open)
	Add(t, l, retrieval.Public, Episode("e", "alpha"))
	Add(t, l, retrieval.Public, Episode("f", "beta"))
	Add(t, l, "1", Episode("e", "gamma"))
	put := func(key string, episode retrieval.EpisodeID, scope retrieval.Scope) retrieval.Record {
		record := retrieval.Record{Scope: "1", Kind: "pin", Key: key, Episode: episode, EpisodeScope: scope, Created: moment(1), Value: []byte("{}")}
		putRecord(t, r, record)
		return record
	}
	put("public", "e", retrieval.Public)
	other := put("other", "f", retrieval.Public)
	own := put("own", "e", "1")
	none := put("none", "", "")
	Add(t, l, retrieval.Public, Episode("e", "delta"))
	if len(listRecords(t, r, "1", "pin", 0)) != 4 {
		t.Errorf("replacing an episode took records away")
	}
	if err := l.Remove(t.Context(), retrieval.Public, "e"); err != nil {
		t.Fatal(err)
	}
	checkNoRecord(t, "removed", r, "1", "pin", "public")
	checkRecord(t, "same ID in another scope", r, own)
	checkRecord(t, "other episode", r, other)
	if err := l.Remove(t.Context(), retrieval.Public, "none"); err == nil {
		t.Error("Remove of an unknown episode succeeded")
	}
	if err := l.Remove(t.Context(), "1", "e"); err != nil {
		t.Fatal(err)
	}
	if reopen != nil {
		_, r = reopen()
	}
	checkNoRecord(t, "last of its scope removed", r, "1", "pin", "own")
	checkRecord(t, "of no episode", r, none)
	checkRecord(t, "other episode", r, other)
}

// testRecordConcurrent puts, reads, lists and deletes at once, beside episodes
// that come and go.
func testRecordConcurrent(t *testing.T, open Opener) {
	l, r, _ := records(t, open)
	const writers, each = 4, 25
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			scope := retrieval.Scope(fmt.Sprint(w))
			for i := range each {
				record := retrieval.Record{Scope: scope, Kind: "k", Key: fmt.Sprint(i), Created: moment(i), Value: fmt.Appendf(nil, "%d", i)}
				if err := r.PutRecord(t.Context(), record); err != nil {
					t.Errorf("PutRecord: %v", err)
				}
				if got, err := r.Record(t.Context(), scope, "k", record.Key); err != nil || string(got.Value) != string(record.Value) {
					t.Errorf("Record just put = %+v, %v, want %s", got, err, record.Value)
				}
				if list, err := r.RecordsOf(t.Context(), scope, "k", 0); err != nil || len(list) != i+1 {
					t.Errorf("RecordsOf = %d, %v, want %d", len(list), err, i+1)
				}
			}
		})
	}
	group.Go(func() {
		for range 5 {
			s := Split(Episode("e", "alpha"))
			if _, err := l.Add(t.Context(), "0", Episode("e", "alpha"), s, Vectors(s)); err != nil {
				t.Errorf("Add: %v", err)
			}
			if err := l.Remove(t.Context(), "0", "e"); err != nil {
				t.Errorf("Remove: %v", err)
			}
		}
	})
	group.Wait()
	if list := listRecords(t, r, "", "k", 0); len(list) != writers*each {
		t.Errorf("RecordsOf all scopes = %d, want %d", len(list), writers*each)
	}
}

func testRecordCancelled(t *testing.T, open Opener) {
	_, r, _ := records(t, open)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, get := r.Record(ctx, "1", "k", "a")
	_, list := r.RecordsOf(ctx, "1", "k", 0)
	_, owner := r.DeleteOwner(ctx, "ann")
	put := r.PutRecord(ctx, retrieval.Record{Scope: "1", Kind: "k", Key: "a"})
	for name, err := range map[string]error{"Record": get, "RecordsOf": list, "DeleteOwner": owner, "PutRecord": put} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want context.Canceled", name, err)
		}
	}
	checkNoRecord(t, "cancelled", r, "1", "k", "a")
}
