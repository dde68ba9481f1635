package discord

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"verbatim/bot"
	"verbatim/bot/discord/discordtest"
	"verbatim/bot/discord/render"
	"verbatim/retrieval"
)

// restRoutes are the routes of Discord behind the calls of the REST client that
// the product uses, by the call.
var restRoutes = map[string][]string{
	"Respond":        {"POST /interactions/{interaction_id}/{interaction_token}/callback"},
	"EditOriginal":   {"PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"},
	"CoalescedSince": {"PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"},
	"DeleteOriginal": {"DELETE /webhooks/{webhook_id}/{webhook_token}/messages/@original"},
	"FollowUp":       {"POST /webhooks/{webhook_id}/{webhook_token}"},
	"Send":           {"POST /channels/{channel_id}/messages"},
	"DraftIn":        {"POST /channels/{channel_id}/messages", "PATCH /channels/{channel_id}/messages/{message_id}"},
	"DeleteMessage":  {"DELETE /channels/{channel_id}/messages/{message_id}"},
	"Typing":         {"POST /channels/{channel_id}/typing"},
	"StartThread":    {"POST /channels/{channel_id}/messages/{message_id}/threads"},
	"OpenDM":         {"POST /users/@me/channels"},
	"GatewayBot":     {"GET /gateway/bot"},
	"Application":    {"GET /applications/@me"},
	"Commands":       {"GET /applications/{application_id}/commands", "GET /applications/{application_id}/guilds/{guild_id}/commands"},
	"PutCommands":    {"PUT /applications/{application_id}/commands", "PUT /applications/{application_id}/guilds/{guild_id}/commands"},
}

// restCalls are the calls of the REST client in the product's source.
func restCalls(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	calls := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			call, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if client, ok := call.X.(*ast.SelectorExpr); ok && client.Sel.Name == "rest" {
				calls[call.Sel.Name] = true
			}
			return true
		})
	}
	return slices.Sorted(maps.Keys(calls))
}

// TestEveryRoute runs through all commands and looks at what was asked of
// Discord: every route that the product uses, each as the official description
// has it, where that is at hand, and within the limits in any case.
func TestEveryRoute(t *testing.T) {
	// The gap between edits is the product's own, for the limits hold here.
	over := make(chan time.Time)
	w := newWorld(t, func(o *Options) {
		o.EditGap, o.after = 0, func(time.Duration) <-chan time.Time { return over }
	},
		discordtest.Options{NoRateLimits: true, EditBudget: discordBudget})
	g := w.Guild("friends")
	w.forgetCooldown(g)
	held := &gate{after: 3}
	held.close()
	w.useModel(held.parrot)
	mention := drafted(w.User("drew").In(g.Channel("general")).Mention(shoigu))
	held.open()
	whole(mention)
	w.everyCommand(g.Channel("general"))
	w.everyMessage(g.Channel("general"), over)
	w.stop()
	w.options.GuildID = g.ID
	w.start()

	requests := w.Stats().Requests
	seen := map[string]bool{}
	for _, call := range restCalls(t) {
		routes, known := restRoutes[call]
		if !known {
			t.Errorf("the product calls rest.Client.%s, whose route is not known here", call)
		}
		for _, route := range routes {
			seen[route] = true
			if requests[route] == 0 {
				t.Errorf("%s (%s) was never asked for", route, call)
			}
		}
	}
	for route := range requests {
		if !seen[route] {
			t.Errorf("%s was asked for and is no route of a known call", route)
		}
	}
	w.everythingAnswered()
	if v := w.Violations(); len(v) > 0 {
		t.Errorf("requests break rules: %s", strings.Join(v, "\n"))
	}
	t.Run("official description", func(t *testing.T) {
		path, ok := discordtest.FindOpenAPI()
		if !ok {
			t.Skip("shared/data/discord-openapi.json is not beside the checkout: requests were checked against the documented limits alone")
		}
		t.Logf("%d requests on %d routes were checked against %s", total(requests), len(requests), filepath.Base(path))
	})
}

func total(counts map[string]int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}

// everyCommand plays all commands, and all that can be pressed in their
// answers.
func (w *world) everyCommand(ch *discordtest.Channel) {
	w.t.Helper()
	scope := retrieval.Scope(ch.Guild().ID)
	boss, ann := w.manager("boss", ch), w.User("ann").In(ch)
	upload(boss, file("talk.srt", talkSRT), opt("title", "The Secret Show"), opt("audio_url", "https://example.com/talk.mp3"))
	boss.Slash("transcript pin", opt("episode", "talk")).Wait().Press("Unpin").Wait()
	panel := boss.Slash("settings").Wait()
	panel.Press("Change limits").Modal().Submit(nil).Wait()
	panel.Select(id(render.KindAskRoles)).Wait()
	panel.Select(id(render.KindAddRoles)).Wait()
	panel.Select(id(render.KindLanguage), "English").Wait()
	w.Advance(10 * time.Second)
	panel.Press("Answer privately").Wait().Press("Answer publicly").Wait()
	answer := ann.Slash("ask", opt("question", aardvark)).Wait()
	w.turn(scope, answer)
	around := ann.Slash("ask", opt("question", shoigu)).Wait()
	around.Press(contextOf(around)).Wait().Press("Earlier").Wait()
	answer.Press(contextOf(answer)).Wait()
	answer.Press("Ask further").Modal().Submit(map[string]string{"question": "And since when?"}).Wait()
	answer.Press("Open thread").Wait()
	answer.Press("👍").Wait()
	answer.Press("👎").Modal().Submit(map[string]string{"reason": "?"}).Wait()
	ann.Slash("ask", opt("question", aardvark), opt("episode", "zzz qqq")).Wait() // takes a placeholder away
	for _, style := range bot.Styles {
		summary := ann.Slash("summary", opt("episode", sample), opt("style", style)).Wait()
		if next := summary.Button("Next"); next != nil && !next.Disabled {
			summary.Press("Next").Wait()
		}
	}
	for _, match := range []string{matchAny, bot.MatchExact, bot.MatchClose, bot.MatchMeaning} {
		ann.Slash("quote", opt("words", "the secret aardvark is ultramarine"), opt("match", match)).Wait()
	}
	ann.MessageCommand(commandFind, ann.Say("the secret aardvark is crimson").Trigger()).Wait()
	list := ann.Slash("episodes").Wait()
	card := list.Select(list.Message().Selects()[0].CustomID, "The Secret Show").Wait()
	card.Press("Summary").Wait()
	list = ann.Slash("episodes").Wait()
	card = list.Select(list.Message().Selects()[0].CustomID, "The Secret Show").Wait()
	card.Press("Back").Wait()
	list = ann.Slash("episodes").Wait()
	card = list.Select(list.Message().Selects()[0].CustomID, "The Secret Show").Wait()
	card.Press("Ask about it").Modal().Submit(map[string]string{"question": aardvark}).Wait()
	ann.Autocomplete("ask", "episode", "sec")
	ann.Autocomplete("quote", "speaker", "")
	for _, name := range []string{"help", "privacy"} {
		ann.Slash(name).Wait()
	}
	ann.Slash("forget-me").Wait().Press("Delete my data").Wait()
	boss.Slash("transcript remove", opt("episode", "talk")).Wait().Press("Keep").Wait()
	boss.Slash("transcript remove", opt("episode", "talk")).Wait().Press("Remove").Wait()
	upload(boss, file("talk.srt", talkSRT)).Press("Undo").Wait()
}

// everyMessage plays the ways to write to the bot, and to be refused; by over a
// notice's time ends.
func (w *world) everyMessage(ch *discordtest.Channel, over chan time.Time) {
	w.t.Helper()
	g := ch.Guild()
	ann, closed := w.User("ann").In(ch), w.User("closed").In(ch)
	closed.User().CloseDM(true)
	asked := ann.Mention(shoigu).Wait()
	w.turn(retrieval.Scope(g.ID), asked)
	ann.Reply(asked.Message(), "And when?", true).Wait()
	ann.User().DM(shoigu).Wait()
	w.set(g, func(s *bot.Settings) { s.AskRoles = []string{"1"} })
	ann.Mention(shoigu)
	w.told(ann.User(), 2)
	refused := closed.Mention(shoigu).Wait()
	close(over)
	refused.WaitFor("end of the notice", func(r *discordtest.Reply) bool { return r.Answers() == 0 })
}

// everythingAnswered looks for a command or a kind of button, menu or form that
// was not played, and for interactions that are still owed an answer.
func (w *world) everythingAnswered() {
	w.t.Helper()
	played := map[string]bool{}
	for _, in := range w.Interactions() {
		played[in.Kind+" "+in.Name] = true
		if action, err := render.ParseAction(in.Name); err == nil {
			played["action "+string(action.Kind)] = true
		}
		if !in.Answered || in.Repeats != 0 || in.Late {
			w.t.Errorf("%s %s: answered %v, %d first answers too many, late %v", in.Kind, in.Name, in.Answered, in.Repeats, in.Late)
		}
	}
	for kind := range actionHandlers {
		if !played["action "+string(kind)] {
			w.t.Errorf("nothing of kind %q was pressed, chosen or sent", kind)
		}
	}
	for _, name := range w.CommandNames(nil) {
		names := []string{name}
		if name == commandTranscript {
			names = []string{name + " " + subAdd, name + " " + subRemove, name + " " + subPin}
		}
		for _, name := range names {
			if !played["command "+name] {
				w.t.Errorf("/%s was not played", name)
			}
		}
	}
}
