package discord

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"verbatim/bot"
	"verbatim/bot/discord/discordtest"
	"verbatim/bot/discord/words"
	"verbatim/bot/model"
	"verbatim/bot/model/modeltest"
)

// useModel gives the bot a language model that replies so, within its time
// limits or those of options.
func (w *world) useModel(reply func(modeltest.Request) modeltest.Reply, options ...model.Options) *modeltest.Server {
	w.t.Helper()
	var o model.Options
	if len(options) > 0 {
		o = options[0]
	}
	return w.useServer(modeltest.Options{Reply: reply}, o)
}

// useServer is useModel of a server with more to choose.
func (w *world) useServer(choices modeltest.Options, o model.Options) *modeltest.Server {
	w.t.Helper()
	server := modeltest.NewWith(w.t, choices)
	o.BaseURL, o.Key, o.Model = server.URL(), modeltest.Key, modeltest.Model
	client, err := model.New(o)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(client.Close)
	w.chat = client
	w.bot.UseModel(client, bot.ModelOptions{})
	return server
}

// given is a numbered passage of a prompt: its number and text.
var given = regexp.MustCompile(`(?m)^\[(\d+)\] (?:\([^)]*\) )?(.+)$`)

// sentenceOf is a sentence of a text, or what is left of it.
var sentenceOf = regexp.MustCompile(`.*?[.!?](?:\s|$)|.+$`)

// passages are those that a prompt holds, as number and the sentence with most
// words of the question, those with more first: what is beside the point is not
// shown.
func passages(prompt string) [][2]string {
	_, rest, _ := strings.Cut(prompt, "<passages>")
	inside, rest, _ := strings.Cut(rest, "</passages>")
	_, rest, _ = strings.Cut(rest, "Question: ")
	question, _, _ := strings.Cut(rest, "\n")
	shared := func(text string) int {
		n := 0
		for _, w := range strings.Fields(question) {
			if w = strings.Trim(w, "?!.,"); len(w) > 3 && strings.Contains(text, w) {
				n++
			}
		}
		return n
	}
	var list [][2]string
	for _, m := range given.FindAllStringSubmatch(inside, -1) {
		best := ""
		for _, said := range sentenceOf.FindAllString(m[2], -1) {
			if said = strings.TrimSpace(said); best == "" || shared(said) > shared(best) {
				best = said
			}
		}
		list = append(list, [2]string{m[1], best})
	}
	slices.SortStableFunc(list, func(a, b [2]string) int { return shared(b[1]) - shared(a[1]) })
	return list
}

// parrot answers with the likeliest sentences of the two likeliest passages, each
// with its mark. Questions it does not rewrite.
func parrot(r modeltest.Request) modeltest.Reply {
	var said []string
	for _, p := range passages(r.User()) {
		if len(said) == 2 {
			break
		}
		end := len(p[1]) - 1
		said = append(said, p[1][:end]+" ["+p[0]+"]"+p[1][end:])
	}
	if len(said) == 0 {
		return modeltest.Reply{Text: "?"}
	}
	return modeltest.Reply{Text: strings.Join(said, " ")}
}

// isDraft reports whether a text is that of a draft in English.
func isDraft(text string) bool {
	return strings.Contains(text, words.English.Say(words.DraftUnchecked))
}

// drafted waits until a draft is shown.
func drafted(r *discordtest.Reply) *discordtest.Reply {
	return r.WaitFor("draft", func(r *discordtest.Reply) bool { return isDraft(r.Text()) })
}

// whole waits for the answer itself, whatever was shown before.
func whole(r *discordtest.Reply) *discordtest.Reply {
	return r.WaitFor("answer", func(r *discordtest.Reply) bool { return r.Button("👍") != nil })
}

// unsafe is what takes effect in a message and is not the bot's own.
var unsafe = regexp.MustCompile(`(?:^|[^\\])(?:<@|@everyone|@here|https?:)`)

// eachState fails the test for a state of the messages that no draft or answer
// may show.
func eachState(t testing.TB, r *discordtest.Reply) {
	t.Helper()
	for _, m := range r.Messages() {
		for _, state := range m.States {
			text := strings.ReplaceAll(state.Text, "(<https:", "(<") // links of the bot's own
			if bad := unsafe.FindString(text); bad != "" {
				t.Errorf("%q takes effect in a message:\n%s", bad, state.Text)
			}
			if isDraft(state.Text) && state.Buttons > 0 {
				t.Errorf("a draft has buttons:\n%s", state.Text)
			}
		}
	}
}
