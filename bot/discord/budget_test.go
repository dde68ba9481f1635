package discord

import (
	"strings"
	"testing"

	"verbatim/bot/discord/render"
	"verbatim/bot/model"
	"verbatim/retrieval"
)

// small is a language model, as people are told of it.
var small = Chat{Model: "small-7b", Host: "llm.example.com:8000", Priced: true}

// TestBudget: a server's managers limit what it may use of the language model,
// see what it has used, and its answers say when that is all.
func TestBudget(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Chat = small })
	g := w.Guild("friends")
	w.forgetCooldown(g)
	ch, scope := g.Channel("general"), retrieval.Scope(g.ID)
	server := w.useModel(parrot, model.Options{PromptPrice: 1000, ReplyPrice: 1000})
	boss, ann := w.manager("boss", ch), w.User("ann").In(ch)
	panel := boss.Slash("settings").Wait()
	says(t, panel, "Language model: small-7b", "- as many tokens a day as the operator allows · today: 0", "- as much cost a day as the operator allows · today: 0.00")
	says(t, whole(ann.Slash("ask", opt("question", shoigu))), "Written by modeltest")

	for _, test := range []struct{ field, value, want string }{
		{render.FieldTokens, "many", "Tokens a day for the language model: please give a whole number from 0 to 1,000,000,000."},
		{render.FieldTokens, "-1", "from 0 to"},
		{render.FieldTokens, "1000000001", "from 0 to"},
		{render.FieldTokens, "1.5", "from 0 to"},
		{render.FieldCost, "much", "Cost a day for the language model: please give an amount from 0 to 100,000, such as 0.50."},
		{render.FieldCost, "-0.5", "from 0 to"},
		{render.FieldCost, "NaN", "from 0 to"},
		{render.FieldCost, "100000.5", "from 0 to"},
	} {
		r := panel.Press("Change limits").Modal().Submit(map[string]string{test.field: test.value}).Wait()
		private(t, r)
		says(t, r, test.want)
	}
	if s := w.bot.Settings(scope); s.TokensPerDay != 0 || s.CostPerDay != 0 {
		t.Errorf("wrong limits were kept: %+v", s)
	}
	panel = panel.Press("Change limits").Modal().Submit(map[string]string{render.FieldTokens: " 5 ", render.FieldCost: "0,25"}).Wait()
	says(t, panel, "- 5 tokens a day for the whole server", "- cost of up to 0.25 a day for the whole server")
	lacks(t, panel, "today: 0\n", "today: 0.00")
	if s := w.bot.Settings(scope); s.TokensPerDay != 5 || s.CostPerDay != 0.25 || s.UserPerDay != 100 {
		t.Errorf("the limits are kept as %+v", s)
	}

	calls := server.Calls()
	for _, r := range []interface{ Text() string }{
		whole(ann.Slash("ask", opt("question", "Who was it that went to Pyongyang in 2023?"))), whole(ann.Mention("Which man went to Pyongyang in 2023?")),
	} {
		for _, part := range []string{"In the transcript’s own words", "Today’s budget for the language model is used up."} {
			if !strings.Contains(r.Text(), part) {
				t.Errorf("an answer beyond the budget lacks %q:\n%s", part, r.Text())
			}
		}
	}
	if got := server.Calls(); got != calls {
		t.Errorf("beyond its budget the server made %d calls", got-calls)
	}
	// Another server's budget is its own.
	other := w.Guild("others")
	says(t, whole(w.User("bob").In(other.Channel("general")).Slash("ask", opt("question", "Who went to Pyongyang that year, 2023?"))), "Written by modeltest")
}

// TestNoModel: where there is none, nothing about one can be set, and a form of
// when there was one still works.
func TestNoModel(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	boss := w.manager("boss", g.Channel("general"))
	panel := boss.Slash("settings").Wait()
	says(t, panel, "Language model: none is set up, so answers are in the transcripts’ own words")
	lacks(t, panel, "tokens", "today")
	if n := len(panel.Press("Change limits").Modal().Inputs()); n != 3 {
		t.Errorf("the form of the limits has %d fields, want 3", n)
	}
	privacy, help := boss.Slash("privacy").Wait(), boss.Slash("help").Wait()
	lacks(t, privacy, "language model")
	says(t, help, "in the words of their transcripts")
}

// TestModelIsTold: /privacy and /help say what goes to the model, and to whom.
func TestModelIsTold(t *testing.T) {
	for _, logged := range []bool{false, true} {
		w := newWorld(t, func(o *Options) { o.Chat = small; o.Chat.Logged = logged; o.Chat.Priced = false })
		g := w.Guild("friends")
		boss := w.manager("boss", g.Channel("general"))
		privacy := boss.Slash("privacy").Wait()
		says(t, privacy, `the language model small-7b at llm.example.com\:8000 gets your question, the questions before it`)
		if strings.Contains(privacy.Text(), "None of this is written into my log.") == logged {
			t.Errorf("logged %v, and it says\n%s", logged, privacy.Text())
		}
		says(t, boss.Slash("help").Wait(), "check each sentence against their transcripts")
		panel := boss.Slash("settings").Wait()
		lacks(t, panel, "cost")
		if n := len(panel.Press("Change limits").Modal().Inputs()); n != 4 {
			t.Errorf("the form of the limits has %d fields, want 4", n)
		}
	}
}
