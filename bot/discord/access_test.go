package discord

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"verbatim/bot"
	"verbatim/bot/discord/discordtest"
	"verbatim/bot/discord/words"
	"verbatim/data"
	"verbatim/retrieval"
)

// set changes a server's settings, as a manager would.
func (w *world) set(g *discordtest.Guild, change func(*bot.Settings)) {
	w.t.Helper()
	s := w.bot.Settings(retrieval.Scope(g.ID))
	change(&s)
	if err := w.bot.SaveSettings(context.Background(), retrieval.Scope(g.ID), s); err != nil {
		w.t.Fatal(err)
	}
}

// told waits for the bot's n-th direct message to a user and returns it.
func (w *world) told(u *discordtest.User, n int) string {
	w.t.Helper()
	var text string
	w.until(fmt.Sprintf("direct message %d", n), func() bool {
		messages := u.DMs().BotMessages()
		if len(messages) < n {
			return false
		}
		text = messages[n-1].Text()
		return true
	})
	return text
}

// sample is the ID of the sample episode.
var sample = string(retrieval.Slug(strings.TrimSuffix(data.SampleName, ".txt")))

// TestAskRoles: without one of the roles nothing is answered, offered or
// opened, whatever way is tried.
func TestAskRoles(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.forgetCooldown(g)
	ch := g.Channel("general")
	fans := g.Role("fans", 0)
	boss, fan, ann := w.manager("boss", ch), g.Member(w.User("fan"), 0, fans).In(ch), w.User("ann").In(ch)
	w.set(g, func(s *bot.Settings) { s.AskRoles = []string{fans.ID} })

	w.add(retrieval.Scope(g.ID), "secret.txt", secretEpisode)
	answer := fan.Slash("ask", opt("question", shoigu)).Wait()
	says(t, answer, "Shoigu")
	w.turn(retrieval.Scope(g.ID), answer)
	summary := fan.Slash("summary", opt("style", "detailed"), opt("episode", sample)).Wait()
	says(t, boss.Slash("ask", opt("question", shoigu)).Wait(), "Shoigu")
	says(t, boss.Press(answer.Message(), contextOf(answer)).Wait(), "Shoigu")

	posted := fan.Say("Shoigu went to Pyongyang").Trigger()
	refused := "You can’t ask here. Open to: <@&" + fans.ID + ">, people with the permission Manage Server."
	tries := map[string]func() *discordtest.Reply{
		"/ask":         func() *discordtest.Reply { return ann.Slash("ask", opt("question", shoigu)) },
		"/summary":     func() *discordtest.Reply { return ann.Slash("summary") },
		"/quote":       func() *discordtest.Reply { return ann.Slash("quote", opt("words", "Shoigu")) },
		"/episodes":    func() *discordtest.Reply { return ann.Slash("episodes") },
		"message menu": func() *discordtest.Reply { return ann.MessageCommand("Find in episodes", posted) },
		"Context":      func() *discordtest.Reply { return ann.Press(answer.Message(), contextOf(answer)) },
		"Ask further":  func() *discordtest.Reply { return ann.Press(answer.Message(), "Ask further") },
		"Open thread":  func() *discordtest.Reply { return ann.Press(answer.Message(), "Open thread") },
		"Next":         func() *discordtest.Reply { return ann.Press(summary.Message(), "Next") },
		"forged form":  func() *discordtest.Reply { return ann.PressID(answer.Message(), "v1:af:p:"+sample) },
		"forged list":  func() *discordtest.Reply { return ann.PressID(answer.Message(), "v1:l") },
		"forged card":  func() *discordtest.Reply { return ann.PressID(answer.Message(), "v1:eo") },
		"forged ask":   func() *discordtest.Reply { return ann.PressID(answer.Message(), "v1:ea:p:"+sample) },
	}
	for name, try := range tries {
		t.Run(name, func(t *testing.T) {
			r := try().Wait()
			private(t, r)
			says(t, r, refused)
			lacks(t, r, "Toloraya", "Shoigu")
		})
	}
	if answer.Thread() != nil {
		t.Error("a thread was opened for somebody who may not ask")
	}
	for option, command := range map[string]string{"episode": "ask", "speaker": "quote"} {
		if got := ann.Autocomplete(command, option, ""); len(got) != 0 {
			t.Errorf("/%s suggests %v to somebody who may not ask", command, got)
		}
		if got := fan.Autocomplete(command, option, ""); len(got) == 0 {
			t.Errorf("/%s suggests nothing to somebody who may ask", command)
		}
	}
	for i, say := range []func() *discordtest.Reply{
		func() *discordtest.Reply { return ann.Mention(shoigu) },
		func() *discordtest.Reply { return ann.Reply(answer.Message(), "and when?", true) },
	} {
		r := say()
		if got := w.told(ann.User(), i+1); !strings.Contains(got, "You can’t ask here") || !strings.Contains(got, ch.ID) {
			t.Errorf("a mention is refused with %q", got)
		}
		if n := r.Answers(); n != 0 {
			t.Errorf("%d answers in the channel to somebody who may not ask", n)
		}
	}
	says(t, fan.Mention(shoigu).Wait(), "Shoigu")
	// The role of everybody has the server's ID.
	w.set(g, func(s *bot.Settings) { s.AskRoles = []string{g.ID} })
	says(t, ann.Slash("ask", opt("question", shoigu)).Wait(), "Shoigu")
}

func TestAddRoles(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	ch := g.Channel("general")
	editors := g.Role("editors", 0)
	w.set(g, func(s *bot.Settings) { s.AddRoles = []string{editors.ID} })
	editor, ann := g.Member(w.User("editor"), 0, editors).In(ch), w.User("ann").In(ch)
	f := file("talk.srt", talkSRT)
	for _, r := range []*discordtest.Reply{
		ann.Slash("transcript add", opt("file", f)).Wait(),
		ann.Slash("transcript remove", opt("episode", "talk")).Wait(),
		ann.Slash("transcript pin", opt("episode", sample)).Wait(),
		ann.PressID(w.manager("boss", ch).Slash("settings").Wait().Message(), "v1:r::talk").Wait(),
	} {
		private(t, r)
		says(t, r, "You can’t add, remove or pin episodes here. Open to: <@&"+editors.ID+">, people with the permission Manage Server.")
	}
	if n := w.Fetches("talk.srt"); n != 0 {
		t.Errorf("the file of somebody who may not add was fetched %d times", n)
	}
	w.has(g, 0)
	says(t, upload(editor, f), "Transcript added")
	says(t, editor.Slash("transcript pin", opt("episode", "talk")).Wait().Press("Unpin").Wait(), "Unpinned")
	says(t, editor.Slash("transcript remove", opt("episode", "talk")).Wait().Press("Remove").Wait(), "was removed")
	says(t, upload(editor, f).Press("Undo").Wait(), "gone again")
	w.has(g, 0)
	// The role is one of that server; in another it is nobody's.
	other := w.Guild("others")
	stranger := other.Member(w.User("editor"), 0, editors).In(other.Channel("general"))
	says(t, stranger.Slash("transcript pin", opt("episode", sample)).Wait(), "You can’t add")
}

// TestManagersByRole: messages do not say what their author may do; his roles
// do, as the server told them.
func TestManagersByRole(t *testing.T) {
	w := newWorld(t, nil)
	w.stop()
	g := w.Guild("friends")
	ch := g.Channel("general")
	mods, fans := g.Role("mods", discordtest.PermManageGuild), g.Role("fans", 0)
	w.set(g, func(s *bot.Settings) { s.AskRoles, s.CooldownSeconds = []string{fans.ID}, 0 })
	w.start()
	mod, ann := g.Member(w.User("mod"), 0, mods).In(ch), w.User("ann").In(ch)
	says(t, mod.Mention(shoigu).Wait(), "Shoigu")
	says(t, mod.Slash("transcript pin").Wait(), "No episode is pinned")
	ann.Mention(shoigu)
	if got := w.told(ann.User(), 1); !strings.Contains(got, "You can’t ask here") {
		t.Errorf("a mention is refused with %q", got)
	}
	w.Gateway().Emit("GUILD_ROLE_UPDATE", map[string]any{"guild_id": g.ID, "role": map[string]any{"id": mods.ID, "name": "mods", "permissions": "0"}})
	mod.Mention(shoigu)
	if got := w.told(mod.User(), 1); !strings.Contains(got, "You can’t ask here") {
		t.Errorf("a mention of somebody whose role manages no more is refused with %q", got)
	}
	w.Gateway().Emit("GUILD_ROLE_CREATE", map[string]any{"guild_id": g.ID, "role": map[string]any{"id": fans.ID, "name": "fans", "permissions": "8"}})
	fan := g.Member(w.User("fan"), 0, fans).In(ch)
	says(t, fan.Mention(shoigu).Wait(), "Shoigu")
}

var stamp = regexp.MustCompile(`<t:(\d+):R>`)

// waits fails the test unless the text says when to ask again, at most so much
// later.
func waits(t testing.TB, text string, most time.Duration) {
	t.Helper()
	m := stamp.FindStringSubmatch(text)
	if m == nil {
		t.Errorf("%q does not say when to ask again", text)
		return
	}
	unix, err := strconv.ParseInt(m[1], 10, 64)
	if left := time.Until(time.Unix(unix, 0)); err != nil || left <= -time.Second || left > most+2*time.Second {
		t.Errorf("%q says to wait for %v, want at most %v", text, left, most)
	}
}

// TestLimits: who has to wait is told in private for how long, and what was
// counted outlives a restart.
func TestLimits(t *testing.T) {
	const day = 24 * time.Hour
	for _, test := range []struct {
		name string
		set  func(*bot.Settings)
		want string
		most time.Duration
	}{
		{"cooldown", func(s *bot.Settings) { s.CooldownSeconds = 600 }, "Just a moment, you can ask again <t:", 10 * time.Minute},
		{"a user's day", func(s *bot.Settings) { s.CooldownSeconds, s.UserPerDay = 0, 1 }, "You’ve used your 1 questions for today. You can ask again <t:", day},
		{"a server's day", func(s *bot.Settings) { s.CooldownSeconds, s.ServerPerDay = 0, 1 }, "This server has used its 1 questions for today. It goes on <t:", day},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, nil)
			g := w.Guild("friends")
			ch := g.Channel("general")
			w.set(g, test.set)
			ann := w.User("ann").In(ch)
			answer := ann.Slash("ask", opt("question", shoigu)).Wait()
			says(t, answer, "Shoigu")
			posted := ann.Say("Shoigu went to Pyongyang").Trigger()
			refused := func(r *discordtest.Reply) {
				t.Helper()
				private(t, r.Wait())
				says(t, r, test.want)
				waits(t, r.Text(), test.most)
			}
			refused(ann.Slash("ask", opt("question", shoigu)))
			refused(ann.Slash("summary"))
			refused(ann.Slash("quote", opt("words", "Shoigu")))
			refused(ann.MessageCommand("Find in episodes", posted))
			refused(answer.Press("Ask further").Modal().Submit(map[string]string{"question": "And when?"}))
			says(t, answer.Press(contextOf(answer)).Wait(), "Shoigu") // reading on is no question
			private(t, ann.Slash("episodes").Wait())

			mention := ann.Mention(shoigu)
			text := w.told(ann.User(), 1)
			if !strings.Contains(text, test.want) {
				t.Errorf("a mention is refused with %q, want %q", text, test.want)
			}
			waits(t, text, test.most)
			if n := mention.Answers(); n != 0 {
				t.Errorf("%d answers in the channel over the limit", n)
			}
			w.restart()
			refused(ann.Slash("ask", opt("question", shoigu)))
			bob := w.User("bob").In(ch)
			if test.name == "a server's day" {
				refused(bob.Slash("ask", opt("question", shoigu)))
			} else {
				says(t, bob.Slash("ask", opt("question", shoigu)).Wait(), "Shoigu")
			}
			// Elsewhere it counts anew.
			says(t, ann.User().In(w.Guild("others").Channel("general")).Slash("ask", opt("question", shoigu)).Wait(), "Shoigu")
			says(t, ann.User().InDM().Slash("ask", opt("question", shoigu)).Wait(), "Shoigu")
		})
	}
}

// TestCountsAreWrittenMeanwhile: a process that is killed loses few of them.
func TestCountsAreWrittenMeanwhile(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.FlushEvery = 10 * time.Millisecond })
	g := w.Guild("friends")
	says(t, w.User("ann").In(g.Channel("general")).Slash("ask", opt("question", shoigu)).Wait(), "Shoigu")
	w.until("record of the count", func() bool {
		records, err := w.library.RecordsOf(t.Context(), retrieval.Scope(g.ID), "usage", 0)
		return err == nil && len(records) == 1
	})
}

// TestClosedDirectMessages: who takes none reads the error in the channel, for
// a while.
func TestClosedDirectMessages(t *testing.T) {
	waited, over := make(chan time.Duration, 1), make(chan time.Time)
	w := newWorld(t, func(o *Options) {
		o.NoticeTime, o.after = 200*time.Millisecond, func(d time.Duration) <-chan time.Time { waited <- d; return over }
	})
	g := w.Guild("friends")
	ch := g.Channel("general")
	w.set(g, func(s *bot.Settings) { s.CooldownSeconds = 600 })
	ann := w.User("ann")
	ann.CloseDM(true)
	says(t, ann.In(ch).Mention(shoigu).Wait(), "Shoigu")
	r := ann.In(ch).Mention(shoigu).Wait()
	says(t, r, "Just a moment")
	if r.Message().ReplyTo != r.Trigger().ID {
		t.Error("the notice is no reply to the question")
	}
	if d := <-waited; d != 200*time.Millisecond {
		t.Errorf("the notice is to stand for %v, want 200 ms", d)
	}
	close(over)
	r.WaitFor("end of the notice", func(r *discordtest.Reply) bool { return r.Answers() == 0 })
	if n := len(ch.BotMessages()); n != 1 {
		t.Errorf("%d messages are left in the channel, want the answer alone", n)
	}
}

// TestStopTakesNoticesAway: the end of the program does not wait for a notice's
// time, and leaves none.
func TestStopTakesNoticesAway(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.NoticeTime, o.Drain = time.Hour, time.Minute })
	g := w.Guild("friends")
	ch := g.Channel("general")
	w.set(g, func(s *bot.Settings) { s.AskRoles = []string{"1"} })
	ann := w.User("ann")
	ann.CloseDM(true)
	says(t, ann.In(ch).Mention(shoigu).Wait(), "You can’t ask here")
	w.stop()
	if n := len(ch.BotMessages()); n != 0 {
		t.Errorf("%d notices are left in the channel, want none", n)
	}
}

// TestDirectMessageLimits: outside of servers the defaults hold, for each user.
func TestDirectMessageLimits(t *testing.T) {
	w := newWorld(t, nil)
	ann := w.User("ann")
	says(t, ann.DM(shoigu).Wait(), "Shoigu")
	// She is said to have asked in a minute, so that the wait lasts while the
	// test goes on.
	if err := w.bot.Admit(bot.Asker{User: ann.ID}, time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	r := ann.DM(shoigu).Wait()
	says(t, r, "Just a moment")
	waits(t, r.Text(), time.Minute+3*time.Second)
	slash := ann.InDM().Slash("ask", opt("question", shoigu)).Wait()
	private(t, slash)
	says(t, slash, "Just a moment")
	says(t, w.User("bob").DM(shoigu).Wait(), "Shoigu")

	cleo, perDay, now := w.User("cleo"), bot.DefaultSettings().UserPerDay, time.Now()
	const apart = 4 * time.Second
	start := now.Add(-apart * time.Duration(perDay))
	if start.UTC().Day() != now.UTC().Day() {
		start = now
	}
	for i := range perDay {
		if err := w.bot.Admit(bot.Asker{User: cleo.ID}, start.Add(apart*time.Duration(i))); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		r = cleo.DM(shoigu).Wait()
		says(t, r, "You’ve used your 100 questions for today")
		waits(t, r.Text(), 24*time.Hour)
		w.restart()
	}
}

// TestUserInstalledSeesPublicOnly: where a user alone has the bot there is no
// server's episode, and nothing that needs a server.
func TestUserInstalledSeesPublicOnly(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.add(retrieval.Scope(g.ID), "secret.txt", secretEpisode)
	ann, bob := w.User("ann").InstallApp(), w.User("bob").InstallApp()
	for name, a := range map[string]*discordtest.Actor{"another server": ann.In(w.ForeignGuild("elsewhere").Channel("general")), "between people": bob.In(bob.Private(ann))} {
		t.Run(name, func(t *testing.T) {
			r := a.Slash("ask", opt("question", shoigu)).Wait()
			says(t, r, "Shoigu")
			if r.Button("Open thread") != nil {
				t.Error("a thread is offered where the bot is not")
			}
			for _, c := range a.Autocomplete("ask", "episode", "") {
				if strings.Contains(fmt.Sprint(c), "secret") {
					t.Errorf("a server's episode is offered: %v", c)
				}
			}
			says(t, a.Slash("episodes").Wait(), "1 episode")
			if a.MayUse("transcript") || a.MayUse("settings") {
				t.Error("commands that need a server are registered for users")
			}
			says(t, a.Force().Slash("transcript pin", opt("episode", sample)).Wait(), "only works in a server")
			forged := a.PressID(r.Message(), "v1:t").Wait()
			says(t, forged, "only works in a server")
			says(t, a.PressID(r.Message(), "v1:c::secret:1:2").Wait(), "has been removed since")
			says(t, a.Slash("help").Wait(), words.English.Say(words.OnlyPublic))
		})
	}
}

func TestHelp(t *testing.T) {
	w := newWorld(t, nil)
	ann := w.User("ann")
	r := ann.In(w.Guild("friends").Channel("general")).Slash("help").Wait()
	private(t, r)
	says(t, r, "What I can do", "`/ask`", "`/summary`", "`/quote`", "`/episodes`", "`/transcript`", "`/settings`", "`/privacy`", "“Find in episodes”")
	lacks(t, r, words.English.Say(words.OnlyPublic))
	direct := ann.InDM().Slash("help").Wait()
	says(t, direct, "`/ask`", words.English.Say(words.OnlyPublic))
	lacks(t, direct, "/transcript", "/settings")
}

// TestPrivacyIsTrue: what /privacy says is kept of a user is what is kept, for
// as long as it says, and nothing else is.
func TestPrivacyIsTrue(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	ch := g.Channel("general")
	w.forgetCooldown(g)
	r := w.everythingKept(ch, "ann")
	privacy := w.User("ann").In(ch).Slash("privacy").Wait()
	private(t, privacy)
	says(t, privacy, "for 30 days", "for a year", "for 90 days", "for 24 hours", "How many questions you asked today", "`/forget-me`")

	const day = 24 * time.Hour
	want := map[string]time.Duration{"turn": 30 * day, "feedback": 365 * day, "unanswered": 90 * day, "undo": day, "thread": 365 * day, "thread-turn:" + r.Thread().ID: 30 * day}
	user, scope := w.User("ann").ID, retrieval.Scope(g.ID)
	for kind, keep := range want {
		records, err := w.library.RecordsOf(t.Context(), scope, kind, 0)
		if err != nil || len(records) == 0 {
			t.Errorf("%d records of kind %s, %v; want some", len(records), kind, err)
		}
		for i := range records {
			owned := !strings.HasPrefix(kind, "thread")
			if kept := records[i].Expires.Sub(records[i].Created).Round(time.Hour); kept != keep || owned != (records[i].Owner == user) {
				t.Errorf("a record of kind %s is kept for %v for %q, want %v", kind, kept, records[i].Owner, keep)
			}
			if !owned && strings.Contains(string(records[i].Value), user) {
				t.Errorf("a record of kind %s, which is not the user's, names him: %s", kind, records[i].Value)
			}
		}
	}
	w.stop() // writes the counts
	records, err := w.library.RecordsOf(t.Context(), scope, "usage", 0)
	if err != nil || len(records) != 1 || records[0].Expires.Sub(records[0].Created) > 2*day || strings.Contains(string(records[0].Value), "Shoigu") {
		t.Errorf("the day's counts are %+v, %v; want numbers kept for the day", records, err)
	}
	w.start()
}

// everythingKept lets a user do all that leaves something behind, and returns
// the answer that a thread was opened from.
func (w *world) everythingKept(ch *discordtest.Channel, name string) *discordtest.Reply {
	w.t.Helper()
	g := ch.Guild()
	scope := retrieval.Scope(g.ID)
	u := w.manager(name, ch)
	answer := u.Slash("ask", opt("question", shoigu)).Wait()
	w.turn(scope, answer)
	answer.Press("👍").Wait()
	answer.Press("Open thread").Wait()
	w.turn(scope, u.User().In(answer.Thread()).Mention(shoigu).Wait())
	missed := u.Slash("ask", opt("question", "What did the guest say about China, asked "+name+"?")).Wait()
	w.turn(scope, missed)
	missed.Press("👎").Modal().Submit(map[string]string{"reason": "too short"}).Wait()
	upload(u, file(name+".srt", talkSRT))
	w.until("unanswered question", func() bool {
		list, err := w.bot.Unanswered(context.Background(), scope, 0)
		for i := range list {
			if err == nil && strings.Contains(list[i].Question, name) {
				return true
			}
		}
		return false
	})
	return answer
}

// TestForgetMe: all of a user goes, and nothing of anybody else.
func TestForgetMe(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	scope := retrieval.Scope(g.ID)
	ch := g.Channel("general")
	w.set(g, func(s *bot.Settings) { s.CooldownSeconds, s.UserPerDay = 0, 3 })
	answer := w.everythingKept(ch, "ann")
	w.everythingKept(ch, "bob")
	direct := w.User("ann").DM(shoigu).Wait()
	w.turn(bot.TurnScope("", w.User("ann").ID), direct)
	owned := func(name string) map[string]int {
		n := map[string]int{}
		for _, kind := range []string{"turn", "feedback", "unanswered", "undo"} {
			records, err := w.library.RecordsOf(t.Context(), "", kind, 0)
			if err != nil {
				t.Fatal(err)
			}
			for i := range records {
				if records[i].Owner == w.User(name).ID {
					n[kind]++
				}
			}
		}
		return n
	}
	bobs := owned("bob")
	if got := owned("ann"); got["turn"] != 4 || got["feedback"] != 2 || got["unanswered"] != 1 || got["undo"] != 1 {
		t.Fatalf("kept of ann: %v", got)
	}
	ann := w.User("ann").In(ch)
	asked := ann.Slash("forget-me").Wait()
	private(t, asked)
	says(t, asked, "Delete everything I keep about you?")
	says(t, asked.Press("Cancel").Wait(), "Nothing was deleted")
	if got := owned("ann"); got["turn"] != 4 {
		t.Errorf("kept of ann after Cancel: %v", got)
	}
	w.restart()
	done := ann.Slash("forget-me").Wait().Press("Delete my data").Wait()
	private(t, done)
	says(t, done, "Done. 8 entries were deleted.")
	if got := owned("ann"); len(got) != 0 {
		t.Errorf("kept of ann afterwards: %v", got)
	}
	if got := owned("bob"); fmt.Sprint(got) != fmt.Sprint(bobs) {
		t.Errorf("kept of bob: %v, want %v as before", got, bobs)
	}
	if list, err := w.bot.Feedback(t.Context(), scope, 0); err != nil || len(list) != 2 || list[0].User != w.User("bob").ID {
		t.Errorf("Feedback = %+v, %v; want bob's alone", list, err)
	}
	// Today's count stays: it has nothing of what was asked.
	says(t, ann.Slash("ask", opt("question", shoigu)).Wait(), "You’ve used your 3 questions")
	w.set(g, func(s *bot.Settings) { s.UserPerDay = 0 })
	// A follow-up to what is forgotten stands for itself, and the thread goes on.
	says(t, ann.Reply(answer.Message(), shoigu, true).Wait(), "Shoigu")
	says(t, ann.User().In(answer.Thread()).Mention(shoigu).Wait(), "Shoigu")
	says(t, w.User("cleo").In(ch).Slash("forget-me").Wait().Press("Delete my data").Wait(), "There was nothing to delete")
	w.has(g, 2) // what was added is the server's
}

// TestForgetIsNotForOthers: the button deletes what is kept of who presses it.
func TestForgetIsNotForOthers(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	ch := g.Channel("general")
	r := w.User("ann").In(ch).Slash("ask", opt("question", shoigu)).Wait()
	w.turn(retrieval.Scope(g.ID), r)
	asked := w.User("ann").In(ch).Slash("forget-me").Wait()
	w.User("bob").In(ch).PressID(asked.Message(), asked.Button("Delete my data").CustomID).Wait()
	if turn := w.turn(retrieval.Scope(g.ID), r); turn.User != w.User("ann").ID {
		t.Errorf("the turn is %+v", turn)
	}
}

// TestForgedButtons: what stands in private messages alone changes no message
// that others see, whoever presses it there.
func TestForgedButtons(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	ch := g.Channel("general")
	boss, ann := w.manager("boss", ch), w.User("ann").In(ch)
	answer := ann.Slash("ask", opt("question", shoigu)).Wait()
	before := answer.Message().Text()
	w.turn(retrieval.Scope(g.ID), answer)
	for _, actor := range []*discordtest.Actor{ann, boss} {
		for _, forged := range []string{"v1:k", "v1:f", "v1:up", "v1:z:::::::::nokey", "v1:r::" + sample, "v1:r:p:" + sample, "v1:sp", "v1:sa", "v1:sd", "v1:sl", "v1:sf"} {
			private(t, actor.PressID(answer.Message(), forged).Wait())
		}
	}
	if got := answer.Message().Text(); got != before {
		t.Errorf("the public answer shows now:\n%s", got)
	}
}
