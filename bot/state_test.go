package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval"
	"verbatim/retrieval/embedding"
	"verbatim/retrieval/local"
)

// openBot makes a bot that remembers, on the library of a directory.
func openBot(t *testing.T, dir string) *Bot {
	t.Helper()
	static, err := embedding.NewStatic()
	if err != nil {
		t.Fatal(err)
	}
	library, err := local.Open(t.Context(), dir, local.Options{Model: static.Model(), Dimension: static.Dimension()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { library.Close() })
	b := New(library, static, static)
	b.UseRecords(library)
	return b
}

// reopen closes the library of a bot and makes a new one on it, as a restart
// does.
func reopen(t *testing.T, b *Bot, dir string) *Bot {
	t.Helper()
	if err := b.library.Close(); err != nil {
		t.Fatal(err)
	}
	return openBot(t, dir)
}

var noon = time.Date(2026, 3, 6, 12, 0, 0, 0, time.UTC)

func TestSettingsValidate(t *testing.T) {
	many := make([]string, 26)
	for i := range many {
		many[i] = fmt.Sprint(100 + i)
	}
	with := func(change func(s *Settings)) Settings {
		s := DefaultSettings()
		change(&s)
		return s
	}
	tests := []struct {
		name string
		s    Settings
		want string // part of the error, "" none
	}{
		{"default", DefaultSettings(), ""},
		{"zero", Settings{}, ""},
		{"largest", Settings{AskRoles: many[:25], AddRoles: many[:25], UserPerDay: 100_000, ServerPerDay: 100_000, CooldownSeconds: 3600, Language: "ko"}, ""},
		{"too many roles", with(func(s *Settings) { s.AskRoles = many }), "roles that may ask: 26 roles, want at most 25"},
		{"no snowflake", with(func(s *Settings) { s.AddRoles = []string{"@everyone"} }), `roles that may add: role "@everyone"`},
		{"empty role", with(func(s *Settings) { s.AskRoles = []string{""} }), `role ""`},
		{"signed role", with(func(s *Settings) { s.AskRoles = []string{"+5"} }), `role "+5"`},
		{"negative limit", with(func(s *Settings) { s.UserPerDay = -1 }), "limit per user: -1, want 0 to 100000"},
		{"limit too high", with(func(s *Settings) { s.ServerPerDay = 100_001 }), "limit per server: 100001"},
		{"cooldown too long", with(func(s *Settings) { s.CooldownSeconds = 3601 }), "cooldown: 3601, want 0 to 3600 seconds"},
		{"unknown language", with(func(s *Settings) { s.Language = "xx" }), `language: "xx"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := test.s.Validate()
			switch {
			case test.want == "" && err != nil:
				t.Errorf("Validate: %v, want nil", err)
			case test.want != "" && (!errors.Is(err, ErrSettings) || !strings.Contains(err.Error(), test.want)):
				t.Errorf("Validate: %v, want ErrSettings with %q", err, test.want)
			}
		})
	}
}

func TestSettings(t *testing.T) {
	dir := t.TempDir()
	b := openBot(t, dir)
	if diff := cmp.Diff(DefaultSettings(), b.Settings("1")); diff != "" {
		t.Errorf("Settings of a new server (-want +got):\n%s", diff)
	}
	roles := []string{"9", "7", "9"}
	s := Settings{AskRoles: roles, Private: true, UserPerDay: 5, Language: "de"}
	if err := b.SaveSettings(t.Context(), "1", s); err != nil {
		t.Fatal(err)
	}
	roles[0] = "changed by the caller"
	want := Settings{AskRoles: []string{"7", "9"}, Private: true, UserPerDay: 5, Language: "de"}
	if err := b.SaveSettings(t.Context(), "1", Settings{CooldownSeconds: -1}); !errors.Is(err, ErrSettings) {
		t.Errorf("SaveSettings out of range: %v, want ErrSettings", err)
	}
	check := func(when string) {
		t.Helper()
		if diff := cmp.Diff(want, b.Settings("1")); diff != "" {
			t.Errorf("%s: Settings (-want +got):\n%s", when, diff)
		}
		if diff := cmp.Diff(DefaultSettings(), b.Settings("2")); diff != "" {
			t.Errorf("%s: Settings of another server (-want +got):\n%s", when, diff)
		}
	}
	check("at once")
	b = reopen(t, b, dir)
	if err := b.LoadSettings(t.Context()); err != nil {
		t.Fatal(err)
	}
	check("after a restart")
}

// TestLoadSettingsDamaged wants bad settings named, and the others loaded.
func TestLoadSettingsDamaged(t *testing.T) {
	b := openBot(t, t.TempDir())
	for scope, value := range map[retrieval.Scope]string{"1": `{"private":true}`, "2": `{"private":`, "3": `{"cooldown_seconds":-4}`} {
		if err := b.records.PutRecord(t.Context(), retrieval.Record{Scope: scope, Kind: kindSettings, Key: kindSettings, Value: []byte(value)}); err != nil {
			t.Fatal(err)
		}
	}
	err := b.LoadSettings(t.Context())
	if err == nil || !strings.Contains(err.Error(), `"2"`) || !strings.Contains(err.Error(), `"3"`) || strings.Contains(err.Error(), `"1"`) {
		t.Errorf("LoadSettings: %v, want an error that names 2 and 3", err)
	}
	if !b.Settings("1").Private {
		t.Error("the settings of server 1 were not loaded")
	}
}

func TestNoStore(t *testing.T) {
	b := newBot(t)
	ctx := t.Context()
	_, turn := b.TurnOf(ctx, "1", "m")
	_, history := b.ThreadHistory(ctx, "1", "t", 3)
	_, feedback := b.Feedback(ctx, "1", 1)
	_, pinned := b.Pinned(ctx, "1", "c")
	_, _, add := b.AddUndoable(ctx, "1", "ann", NewEpisode{File: "a.txt", Data: []byte("Ann: words")}, nil)
	_, undo := b.Undo(ctx, "1", "x")
	_, forget := b.Forget(ctx, "ann")
	_, sample := b.EnsureSample(ctx, "a.txt", nil)
	_, tidy := b.Tidy(ctx, noon)
	for name, err := range map[string]error{
		"LoadSettings": b.LoadSettings(ctx), "SaveSettings": b.SaveSettings(ctx, "1", DefaultSettings()), "LoadUsage": b.LoadUsage(ctx, noon), "FlushUsage": b.FlushUsage(ctx),
		"SaveTurn": b.SaveTurn(ctx, Turn{Message: "m", Scope: "1"}), "TurnOf": turn, "ThreadHistory": history, "OpenThread": b.OpenThread(ctx, "1", "t", "c", "m"),
		"LoadThreads": b.LoadThreads(ctx), "SaveFeedback": b.SaveFeedback(ctx, Feedback{Scope: "1"}), "Feedback": feedback, "SaveUnanswered": b.SaveUnanswered(ctx, "1", "ann", "q", noon),
		"Pinned": pinned, "Unpin": b.Unpin(ctx, "1", "c"), "AddUndoable": add, "Undo": undo, "Forget": forget, "EnsureSample": sample, "Tidy": tidy,
		"Pin": b.Pin(ctx, "1", "c", EpisodeRef{retrieval.Public, sampleID}),
	} {
		if !errors.Is(err, ErrNoStore) {
			t.Errorf("%s: %v, want ErrNoStore", name, err)
		}
	}
	if b.IsThread("1", "t") {
		t.Error("IsThread = true, want false")
	}
	if err := b.Admit(Asker{User: "ann", Scope: "1"}, noon); err != nil {
		t.Errorf("Admit: %v, want it to go on", err)
	}
}

func denied(err error) DeniedKind {
	var d *Denied
	if errors.As(err, &d) {
		return d.Kind
	}
	return 0
}

func TestAccess(t *testing.T) {
	b := openBot(t, t.TempDir())
	for scope, s := range map[retrieval.Scope]Settings{"1": {AskRoles: []string{"11", "12"}, AddRoles: []string{"20"}}, "2": {AskRoles: []string{"2"}, AddRoles: []string{"2"}}} {
		if err := b.SaveSettings(t.Context(), scope, s); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name             string
		asker            Asker
		ask, manage, set bool
	}{
		{"new server, anybody", Asker{Scope: "9"}, true, false, false},
		{"new server, Manage Server", Asker{Scope: "9", ManageServer: true}, true, true, true},
		{"new server, Administrator", Asker{Scope: "9", Administrator: true}, true, true, true},
		{"no role", Asker{Scope: "1"}, false, false, false},
		{"other role", Asker{Scope: "1", Roles: []string{"13"}}, false, false, false},
		{"may ask", Asker{Scope: "1", Roles: []string{"13", "12"}}, true, false, false},
		{"may add", Asker{Scope: "1", Roles: []string{"20"}}, false, true, false},
		{"manages without a role", Asker{Scope: "1", ManageServer: true}, true, true, true},
		{"the role of another server", Asker{Scope: "1", Roles: []string{"2"}}, false, false, false},
		{"the role of everybody", Asker{Scope: "2"}, true, true, false},
		{"outside of servers", Asker{User: "ann"}, true, false, false},
		{"outside of servers, with permissions", Asker{ManageServer: true, Administrator: true, Roles: []string{"20"}}, true, false, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := func(may bool, kind DeniedKind) DeniedKind {
				if may {
					return 0
				}
				return kind
			}
			got := []DeniedKind{denied(b.MayAsk(test.asker)), denied(b.MayManage(test.asker)), denied(b.MaySet(test.asker))}
			if diff := cmp.Diff([]DeniedKind{want(test.ask, DeniedAsk), want(test.manage, DeniedManage), want(test.set, DeniedSettings)}, got); diff != "" {
				t.Errorf("denied (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAdmit(t *testing.T) {
	b := openBot(t, t.TempDir())
	if err := b.SaveSettings(t.Context(), "1", Settings{UserPerDay: 3, ServerPerDay: 5, CooldownSeconds: 10}); err != nil {
		t.Fatal(err)
	}
	evening := time.Date(2026, 3, 6, 23, 59, 0, 0, time.FixedZone("", 0))
	steps := []struct {
		user  string
		after time.Duration // since evening
		want  *Denied
	}{
		{"ann", 0, nil},
		{"ann", 4 * time.Second, &Denied{DeniedCooldown, 6 * time.Second, 10}},
		{"bob", 4 * time.Second, nil},
		{"ann", 10 * time.Second, nil}, // what was refused does not count
		{"ann", 20 * time.Second, nil},
		{"ann", 25 * time.Second, &Denied{DeniedUserDay, 35 * time.Second, 3}},
		{"bob", 30 * time.Second, nil},
		{"cem", 40 * time.Second, &Denied{DeniedServerDay, 20 * time.Second, 5}},
		{"ann", 60 * time.Second, nil},                                           // midnight
		{"ann", 59 * time.Second, &Denied{DeniedCooldown, 10 * time.Second, 10}}, // the clock went back
		{"bob", 61 * time.Second, nil},
	}
	for i, step := range steps {
		err := b.Admit(Asker{User: step.user, Scope: "1", Administrator: true}, evening.Add(step.after))
		var got *Denied
		errors.As(err, &got)
		if diff := cmp.Diff(step.want, got); diff != "" {
			t.Errorf("step %d, %s after %v (-want +got):\n%s", i, step.user, step.after, diff)
		}
	}
	if err := b.Admit(Asker{User: "ann", Scope: "2"}, evening.Add(61*time.Second)); err != nil {
		t.Errorf("Admit in another server: %v, want nil", err)
	}
}

func TestAdmitDirect(t *testing.T) {
	b := openBot(t, t.TempDir())
	for user := range 30 { // more than a server's limit in all
		for i := range DefaultSettings().UserPerDay {
			if err := b.Admit(Asker{User: fmt.Sprint(user)}, noon.Add(time.Duration(i)*time.Minute)); err != nil {
				t.Fatalf("question %d of user %d: %v", i, user, err)
			}
		}
	}
	if err := b.Admit(Asker{User: "3"}, noon.Add(2*time.Hour)); denied(err) != DeniedUserDay {
		t.Errorf("Admit beyond the limit: %v, want DeniedUserDay", err)
	}
	if err := b.SaveSettings(t.Context(), "1", Settings{}); err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		if err := b.Admit(Asker{User: "ann", Scope: "1"}, noon); err != nil {
			t.Fatalf("Admit without limits: %v", err)
		}
	}
}

func TestUsageSurvives(t *testing.T) {
	dir := t.TempDir()
	b := openBot(t, dir)
	settings := Settings{UserPerDay: 2, CooldownSeconds: 3600}
	if err := b.SaveSettings(t.Context(), "1", settings); err != nil {
		t.Fatal(err)
	}
	late := time.Now().UTC().Truncate(24 * time.Hour).Add(23*time.Hour + 30*time.Minute) // records expire by the real clock
	for _, step := range []time.Duration{-2 * time.Hour, 0} {
		if err := b.Admit(Asker{User: "ann", Scope: "1"}, late.Add(step)); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Admit(Asker{User: "ann"}, late); err != nil {
		t.Fatal(err)
	}
	if err := b.FlushUsage(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		at   time.Time
		want DeniedKind
	}{
		{"same day", late.Add(time.Minute), DeniedUserDay},
		{"cooldown over midnight", late.Add(31 * time.Minute), DeniedCooldown},
		{"next day", late.Add(time.Hour), 0},
	} {
		b = reopen(t, b, dir)
		if err := errors.Join(b.LoadSettings(t.Context()), b.LoadUsage(t.Context(), test.at)); err != nil {
			t.Fatal(err)
		}
		if err := b.Admit(Asker{User: "ann", Scope: "1"}, test.at); denied(err) != test.want {
			t.Errorf("%s: %v, want kind %d", test.name, err, test.want)
		}
		if err := b.Admit(Asker{User: "bob", Scope: "1"}, test.at); err != nil {
			t.Errorf("%s: another user: %v", test.name, err)
		}
	}
}

// failing are records that cannot be written for a while.
type failing struct {
	retrieval.Records
	mutex sync.Mutex
	err   error
	puts  int
}

func (f *failing) PutRecord(ctx context.Context, r retrieval.Record) error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.err != nil {
		return f.err
	}
	f.puts++
	return f.Records.PutRecord(ctx, r)
}

func TestFlushUsageAgain(t *testing.T) {
	b := openBot(t, t.TempDir())
	f := &failing{Records: b.records, err: retrieval.ErrFull}
	b.UseRecords(f)
	if err := b.Admit(Asker{User: "ann", Scope: "1"}, noon); err != nil {
		t.Fatal(err)
	}
	if err := b.FlushUsage(t.Context()); !errors.Is(err, retrieval.ErrFull) {
		t.Errorf("FlushUsage: %v, want ErrFull", err)
	}
	f.err = nil
	for range 3 { // only the first has anything to write
		if err := b.FlushUsage(t.Context()); err != nil {
			t.Errorf("FlushUsage: %v", err)
		}
	}
	if f.puts != 1 {
		t.Errorf("%d records written, want 1", f.puts)
	}
}

// TestUsageIsBounded lets many users ask on many days.
func TestUsageIsBounded(t *testing.T) {
	b := openBot(t, t.TempDir())
	for day := range 20 {
		for user := range 50 {
			a := Asker{User: fmt.Sprintf("%d-%d", day, user), Scope: retrieval.Scope(fmt.Sprintf("%d-%d", day, user%7))}
			if err := b.Admit(a, noon.AddDate(0, 0, day)); err != nil {
				t.Fatal(err)
			}
		}
	}
	u := &b.state.usage
	users := 0
	for _, in := range u.scopes {
		users += len(in.users)
	}
	if len(u.scopes) != 7 || users != 50 {
		t.Errorf("%d scopes and %d users are kept, want the last day's 7 and 50", len(u.scopes), users)
	}
}

// TestAdmitTogether has many ask at once: exactly as many as may come through.
func TestAdmitTogether(t *testing.T) {
	b := openBot(t, t.TempDir())
	if err := b.SaveSettings(t.Context(), "1", Settings{UserPerDay: 10, ServerPerDay: 25}); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	admitted := make(chan string, 1000)
	for i := range 8 {
		group.Go(func() {
			for range 30 {
				user := fmt.Sprint(i % 4)
				if b.Admit(Asker{User: user, Scope: "1"}, noon) == nil {
					admitted <- user
				}
				b.Settings("1")
			}
		})
		group.Go(func() {
			if err := b.FlushUsage(t.Context()); err != nil {
				t.Errorf("FlushUsage: %v", err)
			}
			if err := b.SaveSettings(t.Context(), "2", DefaultSettings()); err != nil {
				t.Errorf("SaveSettings: %v", err)
			}
		})
	}
	group.Wait()
	close(admitted)
	counts := map[string]int{}
	all := 0
	for user := range admitted {
		counts[user]++
		all++
	}
	if all != 25 || slices.ContainsFunc([]string{"0", "1", "2", "3"}, func(u string) bool { return counts[u] > 10 }) {
		t.Errorf("admitted %v, want 25 and at most 10 each", counts)
	}
}
