package bot

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval"
)

// asks makes a turn of each message, each following the one before.
func saveTurns(t *testing.T, b *Bot, scope retrieval.Scope, user, thread string, messages ...string) {
	t.Helper()
	parent := ""
	for i, m := range messages {
		turn := Turn{Message: m, Parent: parent, Thread: thread, User: user, Scope: scope, Question: "question " + m, At: time.Now().Add(time.Duration(i) * time.Second)}
		if err := b.SaveTurn(t.Context(), turn); err != nil {
			t.Fatal(err)
		}
		parent = m
	}
}

func messages(turns []Turn) string {
	var list []string
	for _, t := range turns {
		list = append(list, t.Message)
	}
	return strings.Join(list, " ")
}

func TestTurns(t *testing.T) {
	dir := t.TempDir()
	b := openBot(t, dir)
	want := Turn{Message: "m", Channel: "c", Parent: "p", Thread: "t", User: "ann", Scope: "1", Question: "and <b>?", Standalone: "long", Episode: "e",
		EpisodeScope: retrieval.Public, AllEpisodes: true, Found: true, At: time.Now().UTC().Truncate(time.Millisecond)}
	if err := b.SaveTurn(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	b = reopen(t, b, dir)
	got, err := b.TurnOf(t.Context(), "1", "m")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, *got); diff != "" {
		t.Errorf("TurnOf (-want +got):\n%s", diff)
	}
	for _, scope := range []retrieval.Scope{"2", "", "dm:ann"} {
		if _, err := b.TurnOf(t.Context(), scope, "m"); !errors.Is(err, retrieval.ErrNoRecord) {
			t.Errorf("TurnOf in scope %q: %v, want ErrNoRecord", scope, err)
		}
	}
	if err := b.SaveTurn(t.Context(), Turn{User: "ann", Scope: "1"}); err == nil {
		t.Error("SaveTurn without a message succeeded")
	}
	if n, err := b.Tidy(t.Context(), time.Now().Add(29*24*time.Hour)); n != 0 || err != nil {
		t.Errorf("Tidy after 29 days = %d, %v, want 0", n, err)
	}
	if n, err := b.Tidy(t.Context(), time.Now().Add(31*24*time.Hour)); n != 2 || err != nil {
		t.Errorf("Tidy after 31 days = %d, %v, want the turn and its place in the thread", n, err)
	}
}

func TestHistory(t *testing.T) {
	b := openBot(t, t.TempDir())
	saveTurns(t, b, "1", "ann", "", "a", "b", "c", "d")
	saveTurns(t, b, "2", "ann", "", "x", "a")
	for _, turn := range []Turn{{Message: "loop1", Parent: "loop2"}, {Message: "loop2", Parent: "loop1"}, {Message: "self", Parent: "self"}, {Message: "orphan", Parent: "gone"}} {
		turn.Scope = "1"
		if err := b.SaveTurn(t.Context(), turn); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		message string
		n       int
		want    string
	}{
		{"d", 10, "a b c d"}, {"d", 2, "c d"}, {"d", 0, ""}, {"a", 10, "a"}, {"none", 10, ""}, {"", 10, ""},
		{"loop1", 10, "loop2 loop1"}, {"self", 10, "self"}, {"orphan", 10, "orphan"}, {"x", 10, ""},
	}
	for _, test := range tests {
		got, err := b.History(t.Context(), "1", test.message, test.n)
		if err != nil || messages(got) != test.want {
			t.Errorf("History(%q, %d) = %q, %v, want %q", test.message, test.n, messages(got), err, test.want)
		}
	}
}

func TestThreads(t *testing.T) {
	dir := t.TempDir()
	b := openBot(t, dir)
	if b.IsThread("1", "t") {
		t.Error("IsThread of a strange channel = true")
	}
	if err := b.OpenThread(t.Context(), "1", "t", "channel", "m0"); err != nil {
		t.Fatal(err)
	}
	saveTurns(t, b, "1", "ann", "t", "a", "b")
	saveTurns(t, b, "1", "bob", "t", "c", "d", "e")
	saveTurns(t, b, "1", "ann", "other", "z")
	for _, when := range []string{"at once", "after a restart"} {
		if !b.IsThread("1", "t") || b.IsThread("2", "t") || b.IsThread("1", "other") {
			t.Errorf("%s: IsThread = %v, %v, %v, want true, false, false", when, b.IsThread("1", "t"), b.IsThread("2", "t"), b.IsThread("1", "other"))
		}
		thread, err := b.ThreadOf(t.Context(), "1", "t")
		if err != nil || thread.Parent != "channel" || thread.From != "m0" || thread.ID != "t" {
			t.Errorf("%s: ThreadOf = %+v, %v", when, thread, err)
		}
		if _, err := b.ThreadOf(t.Context(), "2", "t"); !errors.Is(err, retrieval.ErrNoRecord) {
			t.Errorf("%s: ThreadOf in another server: %v, want ErrNoRecord", when, err)
		}
		b = reopen(t, b, dir)
	}
	check := func(n int, want string) {
		t.Helper()
		got, err := b.ThreadHistory(t.Context(), "1", "t", n)
		if err != nil || len(messages(got)) != len(want) {
			t.Errorf("ThreadHistory(%d) = %q, %v, want %q", n, messages(got), err, want)
		}
	}
	check(10, "a c b d e")
	check(2, "d e")
	if n, err := b.Forget(t.Context(), "bob"); n != 3 || err != nil {
		t.Errorf("Forget = %d, %v, want bob's 3 turns", n, err)
	}
	got, err := b.ThreadHistory(t.Context(), "1", "t", 1) // what was forgotten stands before it in the list
	if err != nil || messages(got) != "b" {
		t.Errorf("ThreadHistory = %q, %v, want b", messages(got), err)
	}
	if got, err := b.ThreadHistory(t.Context(), "2", "t", 5); err != nil || len(got) > 0 {
		t.Errorf("ThreadHistory in another server = %q, %v", messages(got), err)
	}
}

// TestDirectMessagesAreApart keeps what users say outside of servers from each
// other.
func TestDirectMessagesAreApart(t *testing.T) {
	b := openBot(t, t.TempDir())
	saveTurns(t, b, "", "ann", "", "a1", "a2")
	if got, err := b.History(t.Context(), TurnScope("", "ann"), "a2", 5); err != nil || messages(got) != "a1 a2" {
		t.Errorf("History = %q, %v", messages(got), err)
	}
	if got, err := b.History(t.Context(), TurnScope("", "bob"), "a2", 5); err != nil || len(got) > 0 {
		t.Errorf("History of another user = %q, %v, want none", messages(got), err)
	}
	if got := TurnScope("1", "ann"); got != "1" {
		t.Errorf("TurnScope in a server = %q", got)
	}
}

func TestFeedback(t *testing.T) {
	b := openBot(t, t.TempDir())
	f := Feedback{Message: "m", User: "ann", Scope: "1", Good: true, Question: "why?", At: noon}
	save := func(f Feedback) {
		t.Helper()
		f.At = time.Now()
		if err := b.SaveFeedback(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	save(f)
	f.Good, f.Reason = false, strings.Repeat("ö", 10_000)
	save(f)
	save(Feedback{Message: "m", User: "bob", Scope: "1", Good: true})
	save(Feedback{Message: "m", User: "ann", Scope: "2", Good: true})
	got, err := b.Feedback(t.Context(), "1", 0)
	if err != nil || len(got) != 2 || got[0].User == got[1].User {
		t.Fatalf("Feedback = %+v, %v, want one of ann and one of bob", got, err)
	}
	for _, g := range got {
		if g.User == "ann" && (g.Good || len(g.Reason) != maxKept || g.Question != "why?") {
			t.Errorf("ann's feedback is good %v, %d bytes, want her last word, cut to %d", g.Good, len(g.Reason), maxKept)
		}
	}
	if got, err := b.Feedback(t.Context(), "", 0); err != nil || len(got) > 0 {
		t.Errorf("Feedback of no server = %+v, %v, want none", got, err)
	}
}

func TestUnanswered(t *testing.T) {
	b := openBot(t, t.TempDir())
	for i, q := range []struct{ user, question string }{{"ann", "Why?"}, {"bob", "why?"}, {"ann", " why? "}, {"ann", "When?"}} {
		if err := b.SaveUnanswered(t.Context(), "1", q.user, q.question, time.Now().Add(time.Duration(i)*time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := b.Unanswered(t.Context(), "1", 2)
	if err != nil || len(got) != 2 || got[0].Question != "When?" || got[1].Question != "why?" {
		t.Errorf("Unanswered(2) = %+v, %v, want the last two", got, err)
	}
	if got, err := b.Unanswered(t.Context(), "1", 0); err != nil || len(got) != 3 {
		t.Errorf("Unanswered = %+v, %v, want three: one user's question counts once", got, err)
	}
	if got, err := b.Unanswered(t.Context(), "2", 0); err != nil || len(got) > 0 {
		t.Errorf("Unanswered in another server = %+v, %v", got, err)
	}
	if n, err := b.Forget(t.Context(), "ann"); n != 2 || err != nil {
		t.Errorf("Forget = %d, %v, want 2", n, err)
	}
}

func TestForget(t *testing.T) {
	dir := t.TempDir()
	b := openBot(t, dir)
	saveTurns(t, b, "1", "ann", "t", "a")
	saveTurns(t, b, "", "ann", "", "b")
	saveTurns(t, b, "1", "bob", "", "c")
	if err := b.SaveFeedback(t.Context(), Feedback{Message: "a", User: "ann", Scope: "2"}); err != nil {
		t.Fatal(err)
	}
	if err := b.SaveUnanswered(t.Context(), "1", "ann", "Why?", time.Time{}); err != nil {
		t.Fatal(err)
	}
	if err := b.SaveSettings(t.Context(), "1", Settings{Private: true, UserPerDay: 1}); err != nil {
		t.Fatal(err)
	}
	if err := b.Admit(Asker{User: "ann", Scope: "1"}, noon); err != nil {
		t.Fatal(err)
	}
	if n, err := b.Forget(t.Context(), "ann"); n != 4 || err != nil {
		t.Errorf("Forget = %d, %v, want 4", n, err)
	}
	if _, err := b.Forget(t.Context(), ""); err == nil {
		t.Error("Forget of nobody succeeded")
	}
	if err := b.Admit(Asker{User: "ann", Scope: "1"}, noon); denied(err) != DeniedUserDay {
		t.Errorf("Admit after Forget: %v, want the day's count to stay", err)
	}
	b = reopen(t, b, dir)
	if _, err := b.TurnOf(t.Context(), "1", "a"); !errors.Is(err, retrieval.ErrNoRecord) {
		t.Errorf("TurnOf: %v, want ErrNoRecord", err)
	}
	if _, err := b.TurnOf(t.Context(), "1", "c"); err != nil {
		t.Errorf("TurnOf another user: %v", err)
	}
	if err := b.LoadSettings(t.Context()); err != nil || !b.Settings("1").Private {
		t.Errorf("the server's settings are gone: %v", err)
	}
}

func TestPin(t *testing.T) {
	dir := t.TempDir()
	b := openBot(t, dir)
	addText(t, b, retrieval.Public, "talk.txt", "Ann: Welcome to the garden hour.")
	addText(t, b, "1", "talk.txt", "Ann: Welcome to the kitchen hour.")
	addText(t, b, "2", "secret.txt", "Ann: Welcome to the secret hour.")
	pinned := func(want *EpisodeRef) {
		t.Helper()
		got, err := b.Pinned(t.Context(), "1", "c")
		if err != nil || !cmp.Equal(want, got) {
			t.Errorf("Pinned = %v, %v, want %v", got, err, want)
		}
	}
	pinned(nil)
	for _, ref := range []EpisodeRef{{"2", "secret"}, {"1", "none"}, {"", "talk"}} {
		if err := b.Pin(t.Context(), "1", "c", ref); !errors.Is(err, retrieval.ErrUnknownEpisode) {
			t.Errorf("Pin(%v): %v, want ErrUnknownEpisode", ref, err)
		}
	}
	public, own := EpisodeRef{retrieval.Public, "talk"}, EpisodeRef{"1", "talk"}
	for _, ref := range []EpisodeRef{public, own} {
		if err := b.Pin(t.Context(), "1", "c", ref); err != nil {
			t.Fatal(err)
		}
		pinned(&ref)
	}
	b = reopen(t, b, dir)
	pinned(&own)
	if got, err := b.Pinned(t.Context(), "2", "c"); got != nil || err != nil {
		t.Errorf("Pinned in another server = %v, %v", got, err)
	}
	addText(t, b, "1", "talk.txt", "Ann: Welcome to the kitchen hour again.")
	pinned(&own)
	if err := b.Remove(t.Context(), "1", "talk"); err != nil {
		t.Fatal(err)
	}
	pinned(nil)
	if err := b.Pin(t.Context(), "1", "c", public); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := b.Unpin(t.Context(), "1", "c"); err != nil {
			t.Errorf("Unpin: %v", err)
		}
	}
	pinned(nil)
}

func TestStateTogether(t *testing.T) {
	b := openBot(t, t.TempDir())
	done := make(chan error)
	const users = 6
	for u := range users {
		go func() {
			done <- func() error {
				user := fmt.Sprint(u)
				for i := range 10 {
					m := fmt.Sprintf("%d-%d", u, i)
					if err := b.OpenThread(t.Context(), "1", m, "c", m); err != nil {
						return err
					}
					if err := b.SaveTurn(t.Context(), Turn{Message: m, Thread: "t", User: user, Scope: "1", Question: "q"}); err != nil {
						return err
					}
					if _, err := b.ThreadHistory(t.Context(), "1", "t", 5); err != nil || !b.IsThread("1", m) {
						return fmt.Errorf("thread %s: %w", m, err)
					}
				}
				if n, err := b.Forget(t.Context(), user); n != 10 || err != nil {
					return fmt.Errorf("forget %s: %d, %w", user, n, err)
				}
				return nil
			}()
		}()
	}
	for range users {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
