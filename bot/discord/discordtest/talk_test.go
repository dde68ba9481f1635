package discordtest

import (
	"strings"
	"testing"
)

func TestSlash(t *testing.T) {
	s := New(t)
	startBot(t, s, echo)
	ch := s.Guild("friends").Channel("general")
	r := s.User("ann").In(ch).Slash("ask", Opt("question", "why?")).Wait()
	if got := r.Text(); got != "you asked: why?" {
		t.Errorf("Text() = %q", got)
	}
	if r.Ack() != 5 || r.AckAfter() <= 0 || r.Ephemeral() || r.Answers() != 1 {
		t.Errorf("ack %d after %v, ephemeral %v, %d answers", r.Ack(), r.AckAfter(), r.Ephemeral(), r.Answers())
	}
	if l := ch.Messages(); len(l) != 1 || l[0].Author != s.AppID() {
		t.Errorf("Messages() = %v", l)
	}
	if l := s.Interactions(); len(l) != 1 || !l[0].Answered || l[0].Updates != 1 {
		t.Errorf("Interactions() = %+v", l)
	}
}

func TestMistakesOfTests(t *testing.T) {
	r := &recorder{TB: t}
	s := New(r)
	startBot(t, s, echo)
	defer r.end()
	g := s.Guild("friends")
	ch := g.Channel("general")
	ann := s.User("ann").In(ch)
	for _, c := range []struct {
		name, want string
		do         func()
	}{
		{"unregistered", "no such command", func() { ann.Slash("nothing") }},
		{"required missing", `required option "question"`, func() { ann.Slash("ask") }},
		{"unknown option", `no option "x"`, func() { ann.Slash("ask", Opt("x", "1")) }},
		{"wrong type", "does not fit", func() { ann.Slash("ask", Opt("question", 1)) }},
		{"too long", "characters", func() { ann.Slash("ask", Opt("question", strings.Repeat("x", 301))) }},
		{"no choice", "none of the choices", func() { ann.Slash("summary", Opt("style", "odd")) }},
		{"bare", "subcommand is missing", func() {
			s.Guild("friends").Member(s.User("adm"), PermManageGuild)
			s.User("adm").In(ch).Slash("transcript")
		}},
		{"no permission", "default_member_permissions", func() { ann.Slash("transcript remove") }},
		{"not in DMs", "context 1", func() { s.User("ann").InDM().Slash("transcript remove") }},
		{"foreign", "nor installed", func() { s.User("ann").In(s.ForeignGuild("far").Channel("x")).Slash("summary") }},
		{"no such button", "no button", func() { ann.Press(ann.Say("hi").Trigger(), "x") }},
		{"no autocomplete", "has no autocomplete", func() { ann.Autocomplete("ask", "question", "x") }},
	} {
		if got := fatalOf(c.do); !strings.Contains(got, c.want) {
			t.Errorf("%s: Fatalf(%q), want %q", c.name, got, c.want)
		}
	}
	if ann.MayUse("transcript remove") || !ann.MayUse("ask") || !ann.MayUse("Find in episodes") {
		t.Error("MayUse is wrong")
	}
	if got := fatalOf(func() { ann.Force().Slash("transcript remove").Wait() }); got != "" {
		t.Errorf("Force: %s", got)
	}
	if v := s.TakeViolations(); len(v) != 0 {
		t.Errorf("violations %q", v)
	}
}
