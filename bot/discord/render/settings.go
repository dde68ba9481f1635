package render

import (
	"strconv"
	"strings"

	"verbatim/bot"
	"verbatim/bot/discord/wire"
	"verbatim/bot/discord/words"
)

// LanguageOfServer is the value in the menu of languages for the server's own.
const LanguageOfServer = "server"

// Fields of forms.
const (
	FieldQuestion     = "question"
	FieldReason       = "reason"
	FieldUserPerDay   = "user"
	FieldServerPerDay = "server"
	FieldCooldown     = "cooldown"
	FieldTokens       = "tokens"
	FieldCost         = "cost"
)

// maxRoles is how many roles a menu takes.
const maxRoles = 25

// ModelUse is how much of a language model a server has used today.
type ModelUse struct {
	Tokens int
	Cost   float64
}

// Settings is the panel of a server's settings.
func (r Renderer) Settings(s bot.Settings, chat Chat, used ModelUse) wire.Outgoing {
	ask := r.Lang.Say(words.Everyone)
	if len(s.AskRoles) > 0 {
		ask = r.Lang.List(roles(s.AskRoles))
	}
	manage := r.Lang.Say(words.PeopleWith, r.Lang.Say(words.ManageServer))
	add := r.Lang.List(append(roles(s.AddRoles), manage))
	answers, turn := words.SettingsOpen, words.ButtonMakeHidden
	want := WantPrivate
	if s.Private {
		answers, turn, want = words.SettingsHidden, words.ButtonMakePublic, WantPublic
	}
	text := lines(
		"### "+r.Lang.Say(words.SettingsTitle),
		r.fact(words.SettingsAsk, ask), r.fact(words.SettingsAdd, add), r.fact(words.SettingsAnswers, r.Lang.Say(answers)),
		"**"+r.Lang.Say(words.SettingsLimits)+"**", "- "+r.limit(s.UserPerDay, words.SettingsPerUser, words.SettingsNoUser),
		"- "+r.limit(s.ServerPerDay, words.SettingsPerServer, words.SettingsNoServer), "- "+r.limit(s.CooldownSeconds, words.SettingsCooldown, words.SettingsNoWait),
		r.budget(s, chat, used), r.fact(words.SettingsLanguage, r.language(s.Language)),
	)
	return r.said(colourAnswer, text,
		r.roleMenu(KindAskRoles, words.SettingsAskHint, s.AskRoles), r.roleMenu(KindAddRoles, words.SettingsAddHint, s.AddRoles), r.languageMenu(s.Language),
		row(r.button(turn, Action{Kind: KindPrivate, N: want}), r.button(words.ButtonLimits, Action{Kind: KindLimits})),
	)
}

// budget is what a server may use of the language model, and has.
func (r Renderer) budget(s bot.Settings, chat Chat, used ModelUse) string {
	l := r.Lang
	if chat.Model == "" {
		return r.fact(words.SettingsModel, l.Say(words.SettingsNoModel))
	}
	tokens, cost := l.Say(words.SettingsNoTokens), l.Say(words.SettingsNoCost)
	if s.TokensPerDay > 0 {
		tokens = l.Count(words.SettingsTokens, s.TokensPerDay)
	}
	if s.CostPerDay > 0 {
		cost = l.Say(words.SettingsCost, l.Amount(s.CostPerDay))
	}
	text := lines(r.fact(words.SettingsModel, clip(chat.Model, 60)), "- "+dotted(tokens, l.Say(words.SettingsToday, used.Tokens)))
	if !chat.Priced {
		return text
	}
	return lines(text, "- "+dotted(cost, l.Say(words.SettingsToday, l.Amount(used.Cost))))
}

// roles names roles; allowed_mentions sees to it that nobody is pinged.
func roles(ids []string) []string {
	var names []string
	for _, id := range ids[:min(len(ids), maxRoles)] {
		if _, err := strconv.ParseUint(id, 10, 64); err == nil {
			names = append(names, "<@&"+id+">")
		}
	}
	return names
}

func (r Renderer) limit(n int, count, none words.Key) string {
	if n <= 0 {
		return r.Lang.Say(none)
	}
	return r.Lang.Count(count, n)
}

func (r Renderer) language(code string) string {
	if code == "" {
		return r.Lang.Say(words.LanguageServer)
	}
	return words.Pick(code).Say(words.LanguageName)
}

func (r Renderer) roleMenu(kind Kind, hint words.Key, chosen []string) wire.Component {
	none := 0
	menu := wire.Component{Type: wire.TypeRoleSelect, CustomID: Action{Kind: kind}.String(), Placeholder: r.Lang.Say(hint), MinValues: &none, MaxValues: maxRoles}
	for _, id := range chosen[:min(len(chosen), maxRoles)] {
		menu.DefaultValues = append(menu.DefaultValues, wire.DefaultValue{ID: id, Type: "role"})
	}
	return wire.Row(menu)
}

func (r Renderer) languageMenu(chosen string) wire.Component {
	menu := wire.Component{Type: wire.TypeSelect, CustomID: Action{Kind: KindLanguage}.String(), Placeholder: r.Lang.Say(words.SettingsLanguage)}
	menu.Options = []wire.SelectOption{{Label: r.Lang.Say(words.LanguageServer), Value: LanguageOfServer, Default: chosen == ""}}
	for _, l := range words.Languages {
		menu.Options = append(menu.Options, wire.SelectOption{Label: l.Say(words.LanguageName), Value: string(l), Default: chosen == string(l)})
	}
	return wire.Row(menu)
}

// LimitsForm asks for a server's limits; for those of the language model where
// there is one.
func (r Renderer) LimitsForm(s bot.Settings, chat Chat) wire.Modal {
	input := func(label, hint words.Key, field, value string, most int) wire.Component {
		c := wire.Input(wire.InputShort, r.Lang.Say(label), field, true, most)
		c.Description = r.Lang.Say(hint)
		c.Component.Value = value
		return c
	}
	number := func(label words.Key, field string, value int) wire.Component {
		return input(label, words.LimitsHint, field, strconv.Itoa(value), 6)
	}
	fields := []wire.Component{
		number(words.LimitsUser, FieldUserPerDay, s.UserPerDay), number(words.LimitsServer, FieldServerPerDay, s.ServerPerDay),
		number(words.LimitsCooldown, FieldCooldown, s.CooldownSeconds),
	}
	if chat.Model != "" {
		fields = append(fields, input(words.LimitsTokens, words.LimitsModelHint, FieldTokens, strconv.Itoa(s.TokensPerDay), 10))
	}
	if chat.Model != "" && chat.Priced {
		amount := strconv.FormatFloat(s.CostPerDay, 'f', -1, 64)
		fields = append(fields, input(words.LimitsCost, words.LimitsModelHint, FieldCost, amount[:min(len(amount), 12)], 12))
	}
	return wire.Modal{CustomID: Action{Kind: KindLimitsForm}.String(), Title: r.Lang.Say(words.LimitsTitle), Components: fields}
}

// maxQuestion is the longest question a form takes, in characters; maxReason
// the longest reason.
const (
	maxQuestion = 1000
	maxReason   = 1000
)

// AskFurtherForm asks for a question that follows the answer in a message.
func (r Renderer) AskFurtherForm(message string) wire.Modal {
	return r.questionForm(Action{Kind: KindAskForm, Message: message}, words.AskTitle, words.AskHint)
}

// AskEpisodeForm asks for a question about the episode of an action.
func (r Renderer) AskEpisodeForm(about Action) wire.Modal {
	return r.questionForm(Action{Kind: KindAskForm, Public: about.Public, Episode: about.Episode}, words.AskAboutTitle, words.AskAboutHint)
}

func (r Renderer) questionForm(a Action, title, hint words.Key) wire.Modal {
	input := wire.Input(wire.InputParagraph, r.Lang.Say(words.AskLabel), FieldQuestion, true, maxQuestion)
	input.Component.Placeholder = r.Lang.Say(hint)
	return wire.Modal{CustomID: a.String(), Title: r.Lang.Say(title), Components: []wire.Component{input}}
}

// WhyForm asks what was wrong with an answer; nothing need be said.
func (r Renderer) WhyForm() wire.Modal {
	input := wire.Input(wire.InputParagraph, r.Lang.Say(words.FeedbackLabel), FieldReason, false, maxReason)
	input.Component.Placeholder = r.Lang.Say(words.FeedbackHint)
	return wire.Modal{CustomID: Action{Kind: KindDownForm}.String(), Title: r.Lang.Say(words.FeedbackTitle), Components: []wire.Component{input}}
}

// Thanks is said for a rating.
func (r Renderer) Thanks(good bool) wire.Outgoing {
	if good {
		return r.said(colourDone, r.Lang.Say(words.ThanksGood))
	}
	return r.said(colourDone, r.Lang.Say(words.ThanksBad))
}

// ThreadName is the name of a thread about a question, the beginning of it.
func (r Renderer) ThreadName(question string) string {
	if name := shorten(strings.Join(strings.Fields(question), " "), wire.MaxThreadName); name != "" {
		return name
	}
	return r.Lang.Say(words.ThreadName)
}
