package discord

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"verbatim/bot"
	"verbatim/bot/discord/discordtest"
	"verbatim/bot/discord/words"
	"verbatim/retrieval"
)

// locales are those of Discord beside English that the bot speaks.
var locales = map[string]words.Language{
	"de": words.German, "fr": words.French, "es-ES": words.Spanish, "es-419": words.Spanish, "ja": words.Japanese, "ko": words.Korean,
}

// original is part of the answer to shoigu, in the language of the episode.
const original = "Shoigu went to Pyongyang"

// TestPrivateTextsInOwnLanguage: what a user alone sees is in his language,
// what others see, too, in the server's.
func TestPrivateTextsInOwnLanguage(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.forgetCooldown(g)
	ch := g.Channel("general")
	for locale, l := range locales {
		t.Run(locale, func(t *testing.T) {
			u := w.manager("user of "+locale, ch)
			u.User().SetLocale(locale)
			own := func(r *discordtest.Reply, keys ...words.Key) {
				t.Helper()
				private(t, r)
				for _, key := range keys {
					says(t, r, l.Say(key))
				}
			}
			own(u.Slash("help").Wait(), words.HelpTitle, words.HelpIntro)
			own(u.Slash("privacy").Wait(), words.PrivacyTitle, words.PrivacyTurns)
			own(u.Slash("forget-me").Wait(), words.ForgetAsk)
			own(u.Slash("settings").Wait(), words.SettingsTitle, words.LanguageServer)
			own(u.Slash("episodes").Wait(), words.EpisodesTitle)
			own(u.Slash("transcript add", opt("file", file("a.txt", " "))).Wait(), words.ReasonEmpty)
			own(upload(u, file("talk.srt", talkSRT)), words.UndoHint)
			removing := u.Slash("transcript remove", opt("episode", "talk")).Wait()
			own(removing, words.RemoveWhat)
			says(t, removing.Press(l.Say(words.ButtonRemove)).Wait(), "Talk")
			unknown := u.Slash("ask", opt("question", shoigu), opt("episode", "zzz qqq")).Wait()
			own(unknown)
			says(t, unknown, l.Say(words.EpisodeUnknown, l.Quoted("zzz qqq")), l.Slash("episodes"))

			hidden := u.Slash("ask", opt("question", shoigu), opt("private", true)).Wait()
			own(hidden, words.AnswerLead)
			says(t, hidden, original)
			shown := u.Slash("ask", opt("question", shoigu)).Wait()
			says(t, shown, original, words.English.Say(words.AnswerLead))
			own(shown.Press(contextOf(shown)).Wait())
			form := shown.Press("Ask further").Modal()
			if form.Title != l.Say(words.AskTitle) {
				t.Errorf("the form is called %q, want %q", form.Title, l.Say(words.AskTitle))
			}
			own(shown.Press("👍").Wait(), words.ThanksGood)
			own(u.PressID(shown.Message(), "v0:old").Wait(), words.OldButton)
			w.set(g, func(s *bot.Settings) { s.UserPerDay = 1 })
			own(u.Slash("summary").Wait())
			says(t, u.Slash("summary").Wait(), strings.SplitN(l.Say(words.DeniedUserDay), "%", 2)[0])
			w.set(g, func(s *bot.Settings) { s.UserPerDay = 0 })

			direct := u.User().InDM()
			says(t, direct.Slash("ask", opt("question", shoigu)).Wait(), original, l.Say(words.AnswerLead))
			says(t, u.User().DM("<@"+w.AppID()+">").Wait(), l.Say(words.OnlyPublic))
		})
	}
}

// TestPublicTextsInServersLanguage: the one that is set, else the server's own.
func TestPublicTextsInServersLanguage(t *testing.T) {
	w := newWorld(t, nil)
	w.stop()
	g := w.Guild("amis").SetLocale("fr")
	ch := g.Channel("general")
	w.forgetCooldown(g)
	w.start()
	ann := w.User("ann").In(ch)
	ann.User().SetLocale("ko")
	for _, test := range []struct {
		set  string
		want words.Language
	}{{"", words.French}, {"ja", words.Japanese}, {"en", words.English}} {
		w.set(g, func(s *bot.Settings) { s.Language = test.set })
		says(t, ann.Slash("ask", opt("question", shoigu)).Wait(), original, test.want.Say(words.AnswerLead))
		says(t, ann.Mention(shoigu).Wait(), original, test.want.Say(words.AnswerLead))
		says(t, ann.Mention("").Wait(), strings.SplitN(test.want.Say(words.MentionEmpty), "%", 2)[0])
		says(t, ann.Slash("ask", opt("question", "What did the guest say about China?")).Wait(), test.want.Say(words.NotInEpisode))
		summary := ann.Slash("summary").Wait()
		if summary.Button(test.want.Say(words.StyleChapters)) == nil {
			t.Errorf("the summary has no button %q, but %v", test.want.Say(words.StyleChapters), summary.Buttons())
		}
		says(t, ann.Slash("quote", opt("words", original)).Wait(), original, test.want.Say(words.GradeExact))
		answer := ann.Slash("ask", opt("question", shoigu)).Wait()
		w.turn(retrieval.Scope(g.ID), answer)
		says(t, answer.Press(test.want.Say(words.ButtonThread)).Wait(), "")
		answer.Thread().WaitMessage(test.want.Say(words.ThreadWelcome))
	}
}

// sent is what the bot sends to Discord.
type sent struct {
	next   http.RoundTripper
	mutex  sync.Mutex
	bodies []string
}

// RoundTrip keeps a request's body.
func (s *sent) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(body))
		s.mutex.Lock()
		s.bodies = append(s.bodies, string(body))
		s.mutex.Unlock()
	}
	return s.next.RoundTrip(r)
}

func (s *sent) take() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return slices.Clone(s.bodies)
}

// poison is what a transcript, a title or a name may hold to be more than
// text. No word of it is one that is asked for.
const poison = "**zb** __zu__ ||zs|| ~~zd~~ `zc` ```zf``` [zl](https://evil.example/a) <https://evil.example/b> https://evil.example/c discord.gg/evil " +
	"@everyone @here <@1> <@&2> <#3> </zx:4> <t:5:R> <a:zz:6> <id:guide> # zh > zq - zi 1. zn \u202ezr\u202c \u2066zr\u2069 \u05e9\u05dc\u05d5\u05dd -# zm >>> zz"

// Signs that are escaped, and markup that the bot makes itself: links of
// places, roles and channels that it names.
var (
	escapedSign = regexp.MustCompile(`\\[^0-9A-Za-z\s]`)
	ownLink     = regexp.MustCompile(`\]\(<https?://[^\s<>()\[\]]*>\)|<@&\d{10,}>|<#\d{10,}>|<t:\d{10}:R>`)
	foreignSign = []*regexp.Regexp{
		regexp.MustCompile(`(?i)[a-z]://|discord\.gg|evil\.example/[a-z]\)`),
		regexp.MustCompile(`<[@#:/ati]`),
		regexp.MustCompile(`@(everyone|here)`),
		regexp.MustCompile("__|\\|\\||```"),
		regexp.MustCompile("[_|`\\[(<]z[a-z]|(^|[^*])\\*z[a-z]|(^|[^~])~z[a-z]"),
		regexp.MustCompile(`(?m)^\s*(#{1,3}|>>>|-#|-|\d\.) z[a-z]\b`),
		regexp.MustCompile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff]"),
	}
)

// effective finds foreign markup that takes effect in a text that Discord
// renders.
func effective(text string) []string {
	rest := ownLink.ReplaceAllString(escapedSign.ReplaceAllString(text, "\u2022"), "")
	var found []string
	for _, p := range foreignSign {
		if m := p.FindString(rest); m != "" {
			found = append(found, m)
		}
	}
	// Bold and struck-through words are the bot's own, and end where they stand.
	for line := range strings.Lines(rest) {
		if strings.Count(line, "**")%2 != 0 || strings.Count(line, "~~")%2 != 0 {
			found = append(found, line)
		}
	}
	return found
}

// texts visits what is rendered as markdown in a request, and in plain what is
// shown as it is.
func texts(v any, markdown, plain func(string)) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			texts(e, markdown, plain)
		}
	case map[string]any:
		for key, e := range v {
			s, ok := e.(string)
			switch {
			case ok && key == "content":
				markdown(s)
			case ok && (key == "label" || key == "name" || key == "placeholder" || key == "description" || key == "title"):
				plain(s)
			default:
				texts(e, markdown, plain)
			}
		}
	}
}

func TestEffectiveFindsMarkup(t *testing.T) {
	for _, text := range []string{
		poison, "**zb", "__zu__", "||zs||", "~zd~", "*zi*", "_zi_", "`zc`", "```zf```", "[zl](x)", "https://x.y", "discord.gg/x", "@everyone", "@here", "<@1>", "<@&2>", "<#3>",
		"</zx:4>", "<t:5:R>", "<a:zz:6>", "<id:guide>", "a\n# zh", "- zi", "1. zn", "-# zm", ">>> zz", "\u202ezr",
	} {
		if len(effective(text)) == 0 {
			t.Errorf("effective(%q) finds nothing", text)
		}
	}
	if found := effective(`\*\*zb\*\* **zb** \*\***zb**\*\* ~~zd~~ [1:05](<https://a.b/c#t=65>) <@&1234567890123> \<\@1\>`); len(found) != 0 {
		t.Errorf("effective finds %q in what is harmless", found)
	}
}

// TestNothingForeignTakesEffect plays a library of poison through every place
// that shows it.
func TestNothingForeignTakesEffect(t *testing.T) {
	record := &sent{next: http.DefaultTransport}
	w := newWorld(t, func(o *Options) { o.HTTP = &http.Client{Transport: record} })
	g := w.Guild("friends")
	w.forgetCooldown(g)
	ch := g.Channel("general")
	boss, ann := w.manager("boss", ch), w.User("ann").In(ch)
	transcript := "1\n00:00:01,000 --> 00:00:06,000\nHost <@7> @everyone: Welcome to the show about animals " + poison + " and their strange colours.\n\n" +
		"2\n00:01:05,000 --> 00:01:12,000\nGuest: The secret aardvark is ultramarine " + poison + ", and it lives below the town hall since 1987.\n\n" +
		"3\n00:02:00,000 --> 00:02:09,000\nHost <@7> @everyone: " + poison + " but the aardvark has been seen by many people in the town.\n"
	title := opt("title", cut("Poison "+poison, maxTitle))
	report := upload(boss, file("**@everyone** [x](y) ||zs||.srt", transcript), title, opt("show", cut("Show "+poison, maxTitle)), opt("audio_url", "https://example.com/a_b(c)**d**.mp3"))
	says(t, report, "Transcript added")
	upload(boss, file("<@1>**zb**.json", `{"segments": [ "**zb** `+"`zc`"+` @everyone`)) // cannot be read
	upload(boss, file("||zs||.exe", "x"))
	upload(boss, file("zd.txt", "x"), opt("date", "**zb**<@1>"))
	report.Press("Summary").Wait()
	id := strings.TrimSpace(fmt.Sprint(ann.Autocomplete("ask", "episode", "Poison")[0].Value))
	episode := opt("episode", id)

	answer := ann.Slash("ask", opt("question", aardvark), episode).Wait()
	says(t, answer, "ultramarine")
	w.turn(retrieval.Scope(g.ID), answer)
	for _, b := range answer.Buttons() {
		if strings.HasPrefix(b.CustomID, "v1:c:") {
			answer.Press(b.CustomID).Wait()
		}
	}
	ann.Slash("ask", opt("question", "What about **zb** <@1> @everyone ||zs|| [zl](https://evil.example/a) in China?")).Wait()
	further := answer.Press("Ask further").Modal().Submit(map[string]string{"question": "and ||zs|| __zu__ <@1> @everyone in 2014?"}).Wait()
	w.turn(retrieval.Scope(g.ID), further)
	ann.Reply(answer.Message(), "and since when, @everyone ||zs||?", true).Wait()
	thread := ann.Slash("ask", opt("question", "Which colour is the secret aardvark @everyone **zb** <@1>?"), episode).Wait()
	w.turn(retrieval.Scope(g.ID), thread)
	thread.Press("Open thread").Wait()
	for _, quoted := range []string{"the secret aardvark is ultramarine", "the secret aardvark is crimson " + poison, "xylophones **zb** <@1> @everyone ||zs||"} {
		for _, match := range []string{"any", "exact"} {
			ann.Slash("quote", opt("words", quoted), episode, opt("match", match)).Wait()
		}
		ann.MessageCommand("Find in episodes", ann.Say(quoted).Trigger()).Wait()
	}
	ann.Autocomplete("quote", "speaker", "Host", episode)
	ann.Slash("quote", opt("words", "aardvark"), opt("speaker", "Host <@7> @everyone")).Wait()
	for _, style := range bot.Styles {
		ann.Slash("summary", episode, opt("style", style)).Wait()
	}
	for _, search := range []string{"Poison", "**zb** <@1> @everyone ||zs||"} {
		list := ann.Slash("episodes", opt("search", search)).Wait()
		if menus := list.Message().Selects(); len(menus) > 0 {
			list.Select(menus[0].CustomID, menus[0].Options[0].Value).Wait()
		}
	}
	ann.Slash("ask", opt("question", aardvark), opt("episode", "**zb** <@1> @everyone ||zs||")).Wait()
	boss.Slash("transcript pin", episode).Wait()
	boss.Slash("transcript pin").Wait()
	boss.Slash("transcript remove", episode).Wait().Press("Remove").Wait()
	// What cannot be told in the channel goes to the author, and is the bot's own.
	ann.Mention(strings.Repeat("**zb** <@1> @everyone ", 60))
	w.told(ann.User(), 1)

	shown, poisoned := 0, 0
	for _, body := range record.take() {
		var v any
		if err := json.Unmarshal([]byte(body), &v); err != nil || strings.HasPrefix(body, "[") { // the commands
			continue
		}
		texts(v, func(text string) {
			shown++
			if strings.Contains(text, "zb") {
				poisoned++
			}
			if found := effective(text); len(found) > 0 {
				t.Errorf("%q takes effect in\n%s", found, text)
			}
		}, func(text string) {
			if strings.ContainsAny(text, "\u202e\u2066\u2069\u202c\n") {
				t.Errorf("a label turns the direction of writing: %q", text)
			}
		})
	}
	if shown < 50 || poisoned < 20 {
		t.Errorf("%d texts were looked at, %d of them with poison; too few to say anything", shown, poisoned)
	}
}
