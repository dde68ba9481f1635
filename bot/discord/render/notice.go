package render

import (
	"strconv"
	"strings"

	"verbatim/bot/discord/wire"
	"verbatim/bot/discord/words"
)

// Notice is a message of that markdown, such as what went wrong. What of it
// does not fit a message is left out.
func (r Renderer) Notice(markdown string) wire.Outgoing {
	parts := Split(markdown, maxBlock)
	if len(parts) == 0 {
		parts = []string{r.Lang.Say(words.ErrorGeneral)}
	}
	return r.said(colourNearly, parts[0])
}

// Queued says which place in the queue a question has, from 1.
func (r Renderer) Queued(place int) wire.Outgoing {
	return r.said(colourNothing, r.Lang.Say(words.QueuePlace, place))
}

// Reading says how far an upload is: of its passages. Before the first is done
// it says that it is being read.
func (r Renderer) Reading(done, total int) wire.Outgoing {
	text := r.Lang.Say(words.Reading)
	if done > 0 && total > 0 {
		text = r.Lang.Say(words.Indexing, done, total)
	}
	return r.said(colourNothing, text)
}

// Hint says how to ask, for a mention without a question.
func (r Renderer) Hint(inServer bool) wire.Outgoing {
	note := ""
	if !inServer {
		note = "-# " + r.Lang.Say(words.OnlyPublic)
	}
	return r.said(colourAnswer, lines(r.Lang.Say(words.MentionEmpty, r.Lang.Quoted(r.Lang.Say(words.HintExample))), note))
}

// ThreadHint opens a thread; readsAll is true where the bot reads messages
// that do not mention it.
func (r Renderer) ThreadHint(readsAll bool) wire.Outgoing {
	if readsAll {
		return r.said(colourAnswer, r.Lang.Say(words.ThreadWelcomeAll))
	}
	return r.said(colourAnswer, r.Lang.Say(words.ThreadWelcome))
}

// ThreadOpened leads to a thread, by its ID.
func (r Renderer) ThreadOpened(id string) wire.Outgoing {
	return r.said(colourDone, r.Lang.Say(words.ThreadHere, "<#"+snowflake(id)+">"))
}

// Addressed names the user whom a message is for, where it does not answer his
// command any more. He is not pinged.
func Addressed(m wire.Outgoing, user string) wire.Outgoing {
	m.Components = append([]wire.Component{wire.Text("<@" + snowflake(user) + ">")}, m.Components...)
	return m
}

// Placed names the channel that a message is about, for one that arrives
// elsewhere.
func Placed(m wire.Outgoing, channel string) wire.Outgoing {
	m.Components = append([]wire.Component{wire.Text("-# <#" + snowflake(channel) + ">")}, m.Components...)
	return m
}

// snowflake is an ID of Discord's, "0" for what is none.
func snowflake(id string) string {
	if n, err := strconv.ParseUint(id, 10, 64); err == nil {
		return strconv.FormatUint(n, 10)
	}
	return "0"
}

// Summing says how far a summary by a model is, in steps.
func (r Renderer) Summing(done, total int) wire.Outgoing {
	return r.said(colourNothing, r.Lang.Say(words.SummaryWorking, done, total))
}

// Help says what the bot can do. Outside servers that have it there is nothing
// to add and to set.
func (r Renderer) Help(inServer bool, chat Chat) wire.Outgoing {
	l := r.Lang
	intro := words.HelpIntro
	if chat.Model != "" {
		intro = words.HelpIntroModel
	}
	line := func(does words.Key, name string, sub ...string) string {
		return r.command(name, sub...) + " " + l.Say(does)
	}
	list := []string{line(words.HelpAsk, "ask"), line(words.HelpSummary, "summary"), line(words.HelpQuote, "quote"), line(words.HelpEpisodes, "episodes")}
	if inServer {
		list = append(list, line(words.HelpTranscript, "transcript"), line(words.HelpSettings, "settings"))
	}
	list = append(list, line(words.HelpPrivacy, "privacy"))
	note := ""
	if !inServer {
		note = "-# " + l.Say(words.OnlyPublic)
	}
	return message(colourAnswer, []block{
		textBlock(lines("### "+l.Say(words.HelpTitle), l.Say(intro), l.Say(words.HelpHow))),
		textBlock("- " + strings.Join(list, "\n- ")),
		textBlock(lines(l.Say(words.HelpFollow), l.Say(words.HelpFind, l.Quoted(l.MessageCommand())), note)),
	})
}

// PrivacyContext is what of privacy depends on how the bot is run.
type PrivacyContext struct {
	// Endpoint says that questions go to an embedding endpoint, ReadsThreads
	// that every message in the bot's threads is taken for a question.
	Endpoint, ReadsThreads bool
	Chat                   Chat
}

// Chat is the language model that writes answers and summaries, as people are
// told of it. The zero value is none.
type Chat struct {
	// Model is its name, Host whom the questions go to, such as
	// "api.openai.com".
	Model, Host string
	// Priced says that its cost is known.
	Priced bool
	// Logged says that what it is told and says is written into the log.
	Logged bool
}

// privacy says what the model gets, "" without one.
func (c Chat) privacy(l words.Language) string {
	if c.Model == "" {
		return ""
	}
	log := words.PrivacyUnlogged
	if c.Logged {
		log = words.PrivacyLogged
	}
	return strings.Join([]string{l.Say(words.PrivacyModel, clip(c.Model, 60), clip(c.Host, 100)), l.Say(words.PrivacySummary), l.Say(log)}, " ")
}

// Privacy says what is kept of people, and what is not.
func (r Renderer) Privacy(run PrivacyContext) wire.Outgoing {
	l := r.Lang
	read, who := l.Say(words.PrivacyNotWhat), l.Say(words.PrivacyWhoWhat)
	if run.ReadsThreads {
		read += " " + l.Say(words.PrivacyThreads)
	}
	if run.Endpoint {
		who += " " + l.Say(words.PrivacyEndpoint)
	}
	heading := func(key words.Key) string { return "**" + l.Say(key) + "**" }
	return message(colourAnswer, []block{
		textBlock(lines("### "+l.Say(words.PrivacyTitle), heading(words.PrivacyKept),
			"- "+l.Say(words.PrivacyTurns), "- "+l.Say(words.PrivacyRatings), "- "+l.Say(words.PrivacyUnanswered), "- "+l.Say(words.PrivacyUndo), "- "+l.Say(words.PrivacyCounts))),
		textBlock(lines(heading(words.PrivacyNotKept), read, l.Say(words.PrivacyFind, l.MessageCommand()))),
		textBlock(lines(heading(words.PrivacyWho), who, run.Chat.privacy(l))),
		textBlock(l.Say(words.PrivacyForget, r.command("forget-me"))),
	})
}

// ForgetConfirm asks before what is kept of the asker is deleted.
func (r Renderer) ForgetConfirm() wire.Outgoing {
	text := lines("### "+r.Lang.Say(words.ForgetAsk), r.Lang.Say(words.ForgetWhat))
	return r.said(colourDanger, text, row(
		r.styled(wire.StyleDanger, words.ButtonForget, Action{Kind: KindForget}), r.button(words.ButtonCancel, Action{Kind: KindKeep}),
	))
}

// Forgotten says how many records were deleted.
func (r Renderer) Forgotten(n int) wire.Outgoing {
	if n == 0 {
		return r.said(colourDone, r.Lang.Say(words.ForgetNothing))
	}
	return r.said(colourDone, r.Lang.Count(words.ForgetDone, n))
}
