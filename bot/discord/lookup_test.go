package discord

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"verbatim/bot/discord/discordtest"
	"verbatim/data"
	"verbatim/retrieval"
)

func TestSummary(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.forgetCooldown(g)
	ch := g.Channel("general")
	ann, bob := w.User("ann").In(ch), w.User("bob").In(ch)
	for _, style := range []string{"", "brief", "detailed", "chapters", "takeaways"} {
		given := []discordtest.Given{}
		if style != "" {
			given = append(given, opt("style", style))
		}
		r := ann.Slash("summary", given...).Wait()
		says(t, r, "Toloraya")
		if r.Button("Next") == nil {
			continue
		}
		first := r.Text()
		next := r.Press("Next").Wait()
		if next.Text() == first {
			t.Errorf("style %q: the next page is the same", style)
		}
		own := bob.Press(r.Message().Now(), "Previous").Wait() // not his message: a copy for himself
		private(t, own)
		if own.Text() != first {
			t.Errorf("style %q: the copy shows\n%s\nwant\n%s", style, own.Text(), first)
		}
		if r.Message().Now().Text() == first {
			t.Error("somebody else turned the page of the asker's message")
		}
	}
}

func TestQuote(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.forgetCooldown(g)
	ann := w.User("ann").In(g.Channel("general"))
	exact := ann.Slash("quote", opt("words", "Shoigu went to Pyongyang")).Wait()
	says(t, exact, "**Shoigu went to Pyongyang**", "> ")
	near := ann.Slash("quote", opt("words", "he saw it as a righteous act")).Wait()
	says(t, near, "**he saw it as a** rightful **act**")
	none := ann.Slash("quote", opt("words", "he saw it as a righteous act"), opt("match", "exact")).Wait()
	lacks(t, none, "rightful act")
	absent := ann.Slash("quote", opt("words", "xylophones of the aardvark kingdom"), opt("match", "exact")).Wait()
	says(t, absent, "Not said")
	speaker := ann.Slash("quote", opt("words", "Shoigu went to Pyongyang"), opt("speaker", "Nobody")).Wait()
	lacks(t, speaker, "Shoigu went to Pyongyang**")
}

func TestFindInEpisodes(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.forgetCooldown(g)
	ch := g.Channel("general")
	ann, bob := w.User("ann").In(ch), w.User("bob").In(ch)
	for _, test := range []struct{ posted, want string }{
		{"> **And the world saw it in 2023**, when Shoigu went to Pyongyang", "Shoigu went to Pyongyang"},
		{"he saw it as a righteous act", "~~righteous~~"},
		{"xylophones of the aardvark kingdom sing at dawn", "Not said"},
	} {
		posted := bob.Say(test.posted).Trigger()
		r := ann.MessageCommand("Find in episodes", posted).Wait()
		private(t, r)
		says(t, r, test.want)
	}
	empty := bob.Say("<@1> https://example.com").Trigger()
	r := ann.MessageCommand("Find in episodes", empty).Wait()
	private(t, r)
}

func TestEpisodes(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	scope := retrieval.Scope(g.ID)
	for i := range 60 {
		w.add(scope, fmt.Sprintf("talk-%02d.txt", i), fmt.Sprintf("Ann: This is talk number %d of many.\nBob: It is about the number %d and its friends.\n", i, i))
	}
	ann := w.User("ann").In(g.Channel("general"))
	r := ann.Slash("episodes").Wait()
	private(t, r)
	next := r.Press("Next").Wait()
	if next.Text() == "" {
		t.Error("the second page is empty")
	}
	found := ann.Slash("episodes", opt("search", "Toloraya")).Wait()
	says(t, found, "Toloraya")
	menus := found.Message().Selects()
	if len(menus) != 1 || len(menus[0].Options) != 1 {
		t.Fatalf("the list has menus %v, want one with the episode found", menus)
	}
	card := found.Select(menus[0].CustomID, menus[0].Options[0].Value).Wait()
	says(t, card, "Toloraya", "2025")
	if card.Button("Summary") == nil {
		t.Error("the card has no button for the summary")
	}
	form := card.Press("Ask about it").Modal()
	says(t, form.Submit(map[string]string{"question": shoigu}).Wait(), "Shoigu")
	back := card.Press("Back").Wait()
	says(t, back, "Toloraya")
}

func TestAutocomplete(t *testing.T) {
	w := newWorld(t, nil)
	g, other := w.Guild("friends"), w.Guild("others")
	id := w.add(retrieval.Scope(g.ID), "secret.txt", secretEpisode)
	ann := w.User("ann").In(g.Channel("general"))
	values := func(choices []discordtest.Choice) string {
		var b strings.Builder
		for _, c := range choices {
			fmt.Fprintf(&b, "%v ", c.Value)
		}
		return b.String()
	}
	if got := values(ann.Autocomplete("ask", "episode", "")); !strings.Contains(got, string(id)) || !strings.Contains(got, "toloraya") || !strings.Contains(got, allEpisodes) {
		t.Errorf("choices for nothing typed: %s", got)
	}
	if got := values(ann.Autocomplete("ask", "episode", "tolor")); strings.Contains(got, string(id)) || !strings.Contains(got, "toloraya") {
		t.Errorf("choices for tolor: %s", got)
	}
	if got := values(w.User("bob").In(other.Channel("general")).Autocomplete("ask", "episode", "secret")); strings.Contains(got, string(id)) {
		t.Errorf("another server is offered the episode: %s", got)
	}
	if got := values(ann.Autocomplete("quote", "speaker", "gue", opt("episode", string(id)))); strings.TrimSpace(got) != "Guest" {
		t.Errorf("speakers for gue: %s", got)
	}
	boss := g.Member(w.User("boss"), discordtest.PermManageGuild).In(g.Channel("general"))
	if got := values(boss.Autocomplete("transcript remove", "episode", "")); strings.TrimSpace(got) != string(id) {
		t.Errorf("episodes to remove: %s, want the server's own alone", got)
	}
	// A public episode of the same ID stays within reach.
	sample := w.add(retrieval.Scope(g.ID), data.SampleName, secretEpisode)
	if got := values(ann.Autocomplete("ask", "episode", "")); !strings.Contains(got, "public/"+string(sample)) {
		t.Errorf("choices with a shadowed public episode: %s", got)
	}
}

// TestPlaceBeforeAnswer: whatever was waited for in a queue comes a second after
// the place that was shown, or later, long before the gap is over; so does what
// went wrong.
func TestPlaceBeforeAnswer(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.PerServer, o.EditGap = 1, time.Hour }, discordtest.Options{NoRateLimits: true, EditBudget: discordBudget})
	tests := []struct {
		name string
		ask  func(ch *discordtest.Channel, a *discordtest.Actor) *discordtest.Reply
		want string
	}{
		{"ask", func(_ *discordtest.Channel, a *discordtest.Actor) *discordtest.Reply {
			return a.Slash("ask", opt("question", shoigu))
		}, "Shoigu"},
		{"summary", func(_ *discordtest.Channel, a *discordtest.Actor) *discordtest.Reply { return a.Slash("summary") }, "Toloraya"},
		{"quote", func(_ *discordtest.Channel, a *discordtest.Actor) *discordtest.Reply {
			return a.Slash("quote", opt("words", "Shoigu went to Pyongyang"))
		}, "Shoigu"},
		{"find", func(_ *discordtest.Channel, a *discordtest.Actor) *discordtest.Reply {
			return a.MessageCommand(commandFind, a.Say("he saw it as a rightful act").Trigger())
		}, "rightful"},
		{"add", func(ch *discordtest.Channel, _ *discordtest.Actor) *discordtest.Reply {
			return w.manager("boss", ch).Slash("transcript add", opt("file", file("talk.srt", talkSRT)))
		}, "Transcript added"},
		{"add nothing", func(ch *discordtest.Channel, _ *discordtest.Actor) *discordtest.Reply {
			return w.manager("boss", ch).Slash("transcript add", opt("file", file("talk.srt", "\n\n")))
		}, "The file is empty"},
	}
	var replies []*discordtest.Reply
	var ahead []func()
	for _, test := range tests {
		g := w.Guild(test.name)
		for _, q := range []*queue{w.adapter.queue, w.adapter.adding} {
			leave, err := q.enter(t.Context(), g.ID, func(int) {})
			if err != nil {
				t.Fatal(err)
			}
			ahead = append(ahead, leave)
		}
		ch := g.Channel("general")
		replies = append(replies, test.ask(ch, w.User("ann").In(ch)))
	}
	for _, r := range replies {
		r.WaitText("Place 1 in the queue")
	}
	for _, leave := range ahead {
		leave()
	}
	for i, r := range replies {
		r.WaitFor("answer", func(r *discordtest.Reply) bool { return !strings.Contains(r.Text(), "in the queue") })
		says(t, r, tests[i].want)
		if r.Answers() != 1 {
			t.Errorf("%s: %d messages, want one", tests[i].name, r.Answers())
		}
		states := r.Message().States
		if len(states) != 3 {
			t.Errorf("%s: %d states, want thinking, place and answer", tests[i].name, len(states))
		}
		for n := 2; n < len(states); n++ { // the first is "thinking"
			if between := states[n].At.Sub(states[n-1].At); between < time.Second {
				t.Errorf("%s: the answer came %v after the place, want a second", tests[i].name, between)
			}
		}
	}
}
