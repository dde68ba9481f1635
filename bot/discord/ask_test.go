package discord

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"verbatim/bot/discord/discordtest"
	"verbatim/retrieval"
)

// shoigu is a question that the sample episode answers.
const shoigu = "Who went to Pyongyang in 2023?"

func TestAsk(t *testing.T) {
	w := newWorld(t, nil)
	ch := w.Guild("friends").Channel("general")
	r := w.User("ann").In(ch).Slash("ask", opt("question", shoigu)).Wait()
	says(t, r, "Shoigu went to Pyongyang", "[1]", "Toloraya")
	if r.Ephemeral() || r.Ack() != 5 || r.Answers() != 1 {
		t.Errorf("ephemeral %v, first answer of type %d, %d messages; want public, deferred, 1", r.Ephemeral(), r.Ack(), r.Answers())
	}
	for _, button := range []string{"Context", "Ask further", "👍", "👎"} {
		if r.Button(button) == nil {
			t.Errorf("the answer has no button %q", button)
		}
	}
	context := r.Press("Context").Wait()
	private(t, context)
	says(t, context, "And the world saw it in 2023", "delivery of arms")
	if earlier := context.Button("Earlier"); earlier == nil {
		t.Errorf("the context has no button to turn back: %v", context.Buttons())
	}
	page := context.Press("Earlier").Wait()
	lacks(t, page, "Shoigu went to Pyongyang")
	back := page.Press("Later").Wait()
	says(t, back, "Shoigu")
}

func TestAskPrivately(t *testing.T) {
	w := newWorld(t, nil)
	ch := w.Guild("friends").Channel("general")
	r := w.User("ann").In(ch).Slash("ask", opt("question", shoigu), opt("private", true)).Wait()
	says(t, r, "Shoigu")
	private(t, r)
	if len(ch.SeenBy(w.User("bob"))) != 0 {
		t.Error("somebody else sees a private answer")
	}
	further := r.Press("Ask further").Modal().Submit(map[string]string{"question": "and when did the delivery of arms start?"}).Wait()
	private(t, further)
}

func TestRefusal(t *testing.T) {
	w := newWorld(t, nil)
	ch := w.Guild("friends").Channel("general")
	r := w.User("ann").In(ch).Slash("ask", opt("question", "What did the guest say about China?")).Wait()
	says(t, r, "Not in this episode", "China")
	if r.Ephemeral() {
		t.Error("\"not in this episode\" is private, but it is an answer like any other")
	}
}

func TestFollowUps(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	ch := g.Channel("general")
	ann, scope := w.User("ann").In(ch), retrieval.Scope(g.ID)
	w.forgetCooldown(g)
	const first, second = "Which Russian leader did Kim Jong-il meet shortly before he died?", "and what year?"
	for _, restart := range []bool{false, true} {
		t.Run(fmt.Sprintf("restart %v", restart), func(t *testing.T) {
			asked := ann.Mention(first).Wait()
			says(t, asked, "Medvedev")
			w.turn(scope, asked)
			if restart {
				w.restart()
			}
			reply := ann.Reply(asked.Message(), second, true).Wait()
			says(t, reply, "2011")
			if turn := w.turn(scope, reply); turn.Parent != asked.Message().ID || !strings.Contains(turn.Standalone, "Kim Jong-il") {
				t.Errorf("the follow-up is remembered as %+v", turn)
			}

			slash := ann.Slash("ask", opt("question", first)).Wait()
			w.turn(scope, slash)
			if restart {
				w.restart()
			}
			further := slash.Press("Ask further").Modal().Submit(map[string]string{"question": second}).Wait()
			says(t, further, "2011")
		})
	}
}

// forgetCooldown lets everybody ask again at once.
func (w *world) forgetCooldown(g *discordtest.Guild) {
	w.t.Helper()
	s := w.bot.Settings(retrieval.Scope(g.ID))
	s.CooldownSeconds = 0
	if err := w.bot.SaveSettings(context.Background(), retrieval.Scope(g.ID), s); err != nil {
		w.t.Fatal(err)
	}
}

func TestThread(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.forgetCooldown(g)
	ch := g.Channel("general")
	ann := w.User("ann")
	asked := ann.In(ch).Slash("ask", opt("question", "Which Russian leader did Kim Jong-il meet shortly before he died?")).Wait()
	w.turn(retrieval.Scope(g.ID), asked)
	opened := asked.Press("Open thread").Wait()
	private(t, opened)
	thread := asked.Thread()
	if thread == nil {
		t.Fatal("no thread was opened")
	}
	year := ann.In(thread).Mention("and what year?").Wait()
	says(t, year, "2011")
	w.turn(retrieval.Scope(g.ID), year)
	ann.In(thread).Say("just talking among ourselves").None(noAnswer)
	again := asked.Press("Open thread").Wait()
	says(t, again, thread.ID)
	w.restart()
	again = ann.In(thread).Mention("and what year was it?").Wait()
	says(t, again, "2011")
}

func TestThreadWithMessageContent(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.MessageContent = true }, discordtest.Options{NoRateLimits: true, AllowMessageContent: true})
	g := w.Guild("friends")
	w.forgetCooldown(g)
	ch := g.Channel("general")
	ann := w.User("ann")
	asked := ann.In(ch).Slash("ask", opt("question", shoigu)).Wait()
	asked.Press("Open thread").Wait()
	says(t, ann.In(asked.Thread()).Say("Which Russian leader did Kim Jong-il meet shortly before he died?").Wait(), "Medvedev")
	ann.In(ch).Say(shoigu).None(noAnswer)
}

func TestDirectMessages(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.add(retrieval.Scope(g.ID), "secret.txt", secretEpisode)
	ann := w.User("ann")
	says(t, ann.DM(shoigu).Wait(), "Shoigu")
	r := w.User("bob").DM("Which colour is the secret aardvark?").Wait()
	lacks(t, r, "ultramarine")
	says(t, w.User("cleo").InDM().Slash("ask", opt("question", shoigu)).Wait(), "Shoigu")
}

// secretEpisode belongs to one server.
const secretEpisode = `Host: Welcome to the secret show about animals of all kinds and their strange colours.
Guest: The secret aardvark is ultramarine, and it lives below the town hall since 1987.
Host: Nobody would have thought so, but the aardvark has been seen by many people in the town.
`

func TestMentions(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.forgetCooldown(g)
	ch := g.Channel("general")
	ann := w.User("ann").In(ch)
	r := ann.Mention(shoigu).Wait()
	says(t, r, "Shoigu")
	if ch.Typings() == 0 {
		t.Error("no typing was shown while the answer was made")
	}
	if got := r.Message(); got == nil || got.ReplyTo != r.Trigger().ID {
		t.Error("the answer is no reply to the question")
	}
	says(t, ann.Mention("").Wait(), "Mention me together with a question")
	ann.Say("hello everybody").None(noAnswer)
	long := ann.Mention(strings.Repeat("word ", 300))
	w.until("direct message about the length", func() bool { return len(w.User("ann").DMs().Messages()) > 0 })
	if n := long.Answers(); n != 0 {
		t.Errorf("%d public answers to a question that is too long, want a direct message alone", n)
	}
}

func TestUserInstalled(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.add(retrieval.Scope(g.ID), "secret.txt", secretEpisode)
	foreign := w.ForeignGuild("elsewhere").Channel("general")
	ann := w.User("ann").InstallApp()
	r := ann.In(foreign).Slash("ask", opt("question", shoigu)).Wait()
	says(t, r, "Shoigu")
	bob := w.User("bob").InstallApp()
	says(t, bob.In(foreign).Slash("ask", opt("question", "Which colour is the secret aardvark?")).Wait(), "Not in")
}

func TestPins(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.forgetCooldown(g)
	id := w.add(retrieval.Scope(g.ID), "secret.txt", secretEpisode)
	ch := g.Channel("secret")
	boss := g.Member(w.User("boss"), discordtest.PermManageGuild)
	pinned := boss.In(ch).Slash("transcript pin", opt("episode", string(id))).Wait()
	private(t, pinned)
	ann := w.User("ann").In(ch)
	says(t, ann.Slash("ask", opt("question", "Which colour is the secret aardvark?")).Wait(), "ultramarine")
	says(t, ann.Slash("ask", opt("question", shoigu)).Wait(), "Not in this episode")
	says(t, ann.Mention(shoigu).Wait(), "Not in this episode")
	says(t, ann.Slash("ask", opt("question", shoigu), opt("episode", allEpisodes)).Wait(), "Shoigu")
	shown := boss.In(ch).Slash("transcript pin").Wait()
	says(t, shown.Press("Unpin").Wait(), "")
	says(t, ann.Slash("ask", opt("question", shoigu)).Wait(), "Shoigu")
}

func TestUnknownEpisode(t *testing.T) {
	w := newWorld(t, nil)
	ch := w.Guild("friends").Channel("general")
	r := w.User("ann").In(ch).Slash("ask", opt("question", shoigu), opt("episode", "zzzzzz qqqq")).Wait()
	says(t, r, "zzzzzz")
	private(t, r)
	if !r.Deleted() {
		t.Error("the public placeholder of a failed question is still there")
	}
}

func TestFeedback(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	ch := g.Channel("general")
	r := w.User("ann").In(ch).Slash("ask", opt("question", shoigu)).Wait()
	bob := w.User("bob").In(ch)
	w.turn(retrieval.Scope(g.ID), r)
	private(t, bob.Press(r.Message(), "👍").Wait())
	form := bob.Press(r.Message(), "👎").Modal()
	private(t, form.Submit(map[string]string{"reason": "too short"}).Wait())
	list, err := w.bot.Feedback(t.Context(), retrieval.Scope(g.ID), 0)
	if err != nil || len(list) != 1 || list[0].Good || list[0].Reason != "too short" || list[0].Question != shoigu {
		t.Errorf("Feedback() = %+v, %v; want the latter thumb with its reason", list, err)
	}
}

func TestUnansweredIsKept(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	const question = "What did the guest say about China?"
	w.User("ann").In(g.Channel("general")).Slash("ask", opt("question", question)).Wait()
	w.until("record", func() bool {
		list, err := w.bot.Unanswered(context.Background(), retrieval.Scope(g.ID), 0)
		return err == nil && len(list) == 1 && list[0].Question == question
	})
}

// TestPrivateTurnsStayPrivate: a form forged to follow somebody else's private
// answer learns nothing of it.
func TestPrivateTurnsStayPrivate(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.forgetCooldown(g)
	ch, scope := g.Channel("general"), retrieval.Scope(g.ID)
	hidden := w.User("ann").In(ch).Slash("ask", opt("question", "Which Russian leader did Kim Jong-il meet shortly before he died?"), opt("private", true)).Wait()
	w.turn(scope, hidden)
	bob := w.User("bob").In(ch)
	r := bob.Reply(hidden.Message(), "<@"+w.AppID()+"> and what year?", false).Wait()
	if turn := w.turn(scope, r); turn.Parent != "" || strings.Contains(turn.Standalone, "Kim") {
		t.Errorf("another's private question is followed: %+v", turn)
	}
	own := hidden.Press("Ask further").Modal().Submit(map[string]string{"question": "and what year?"}).Wait()
	says(t, own, "2011")
}
