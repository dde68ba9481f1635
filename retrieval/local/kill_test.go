package local

import (
	"errors"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"verbatim/retrieval"
)

// killRounds is how often TestKill kills; VERBATIM_KILL_ROUNDS overrides it.
const killRounds = 20

// state is what the parent knows of an episode: the version acknowledged last
// ("" removed), and what was begun since, which may or may not have happened.
type state struct {
	acknowledged, begun string
	pending             bool
}

// TestKill kills a process that adds, replaces and removes, at random moments.
// After each, the library is whole, and what was acknowledged is as it was.
func TestKill(t *testing.T) {
	rounds := killRounds
	if s := os.Getenv("VERBATIM_KILL_ROUNDS"); s != "" {
		var err error
		if rounds, err = strconv.Atoi(s); err != nil {
			t.Fatalf("VERBATIM_KILL_ROUNDS: %v", err)
		}
	}
	dir := t.TempDir()
	known := map[retrieval.EpisodeID]*state{}
	calls := 0
	for round := range rounds {
		calls += churnAndKill(t, dir, known)
		checkKilled(t, dir, known)
		if t.Failed() {
			t.Fatalf("failed in round %d", round)
		}
	}
	t.Logf("%d kills, %d calls acknowledged", rounds, calls)
	if calls < rounds {
		t.Errorf("%d calls acknowledged in %d rounds: the kills come too early to say anything", calls, rounds)
	}
}

// churnAndKill lets a process work until a random moment and returns how many
// calls it acknowledged.
func churnAndKill(t *testing.T, dir string, known map[retrieval.EpisodeID]*state) int {
	t.Helper()
	c := startChild(t, "churn", dir)
	// Every tenth is killed while it opens, the others while they write.
	until := rand.IntN(10)
	var timer *time.Timer
	calls, lines := 0, 0
	for ; ; lines++ {
		if timer == nil && lines >= until {
			timer = time.AfterFunc(time.Duration(rand.IntN(15_000))*time.Microsecond, func() { c.command.Process.Kill() })
			defer timer.Stop()
		}
		if !c.lines.Scan() {
			break
		}
		if strings.HasPrefix(c.lines.Text(), "error") {
			t.Fatal(c.lines.Text())
		}
		words := strings.Fields(c.lines.Text() + " ")
		begin := words[0] == "begin"
		if begin {
			words = words[1:]
		}
		version := ""
		if words[0] == "add" {
			version = words[2]
		}
		id := retrieval.EpisodeID(words[1])
		if known[id] == nil {
			known[id] = &state{}
		}
		if begin {
			known[id].begun, known[id].pending = version, true
			continue
		}
		*known[id] = state{acknowledged: version}
		calls++
	}
	c.command.Wait()
	return calls
}

// checkKilled opens what is left, and settles what was pending.
func checkKilled(t *testing.T, dir string, known map[retrieval.EpisodeID]*state) {
	t.Helper()
	l, err := Open(t.Context(), dir, testOptions)
	if err != nil {
		t.Fatalf("Open after kill: %v", err)
	}
	defer l.Close()
	report, err := l.Check(t.Context())
	if err != nil || !report.Whole() {
		t.Errorf("Check after kill = %+v, %v, want no problems", report, err)
	}
	for id, s := range known {
		got, err := versionOf(t, l, id)
		if err != nil {
			t.Fatal(err)
		}
		if got != s.acknowledged && !(s.pending && got == s.begun) {
			t.Errorf("%s is version %q, acknowledged was %q, begun %q (%v)", id, got, s.acknowledged, s.begun, s.pending)
		}
		*s = state{acknowledged: got}
	}
}

// versionOf is the version of an episode or a record, "" when there is none.
func versionOf(t *testing.T, l *Library, id retrieval.EpisodeID) (string, error) {
	t.Helper()
	if strings.HasPrefix(string(id), recordPrefix) {
		r, err := l.Record(t.Context(), "1", "k", string(id))
		if errors.Is(err, retrieval.ErrNoRecord) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		return string(r.Value), nil
	}
	e, err := l.Episode(t.Context(), "1", id)
	if errors.Is(err, retrieval.ErrUnknownEpisode) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return strings.TrimPrefix(e.Lines[0].Text, "version"), nil
}
