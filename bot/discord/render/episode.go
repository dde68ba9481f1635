package render

import (
	"strings"

	"verbatim/bot"
	"verbatim/bot/discord/wire"
	"verbatim/bot/discord/words"
	"verbatim/retrieval"
)

// episodesPerPage is how many episodes a page of the list shows.
const episodesPerPage = 10

// maxDescription is the most characters of a description on a card.
const maxDescription = 1500

// EpisodesPage is a page of a list of episodes, with a menu that opens one.
// Search is what was looked for, "" for all; page counts from 0.
func (r Renderer) EpisodesPage(list []retrieval.EpisodeInfo, search string, page int) wire.Outgoing {
	if len(list) == 0 {
		return r.noEpisodes(search)
	}
	count := pages(len(list), episodesPerPage)
	page = min(max(page, 0), count-1)
	shown := list[page*episodesPerPage : min(len(list), (page+1)*episodesPerPage)]
	title := r.Lang.Say(words.EpisodesTitle)
	if search != "" {
		title = r.Lang.Say(words.EpisodesFound, r.Lang.Quoted(clip(search, 100)))
	}
	facts := r.Lang.Count(words.Episodes, len(list))
	if count > 1 {
		facts = dotted(facts, r.Lang.Say(words.PageOf, page+1, count))
	}
	blocks := []block{textBlock(lines("### "+title, "-# "+facts))}
	entries := make([]string, len(shown))
	for i := range shown {
		entries[i] = lines("**"+r.title(shown[i].Title, shown[i].ID)+"**", r.facts(&shown[i]))
	}
	blocks = append(blocks, textBlock(strings.Join(entries, "\n")))
	turn := r.pageRow(page, count, func(page int) Action { return Action{Kind: KindEpisodesPage, Text: search, Page: page} })
	return message(colourAnswer, blocks, r.openMenu(shown, search, page), turn)
}

func (r Renderer) noEpisodes(search string) wire.Outgoing {
	if search == "" {
		text := lines("### "+r.Lang.Say(words.NothingAdded), r.Lang.Say(words.NothingAddedHow, r.command("transcript", "add")))
		return message(colourNothing, []block{textBlock(text)})
	}
	text := r.Lang.Say(words.EpisodesNoMatch, r.Lang.Quoted(clip(search, 100)))
	all := Action{Kind: KindEpisodesPage}.String()
	return message(colourNothing, []block{textBlock(text)}, row(wire.Button(wire.StyleSecondary, r.Lang.Say(words.AllEpisodes), all)))
}

// openMenu opens one of the episodes.
func (r Renderer) openMenu(shown []retrieval.EpisodeInfo, search string, page int) wire.Component {
	menu := wire.Component{
		Type: wire.TypeSelect, CustomID: Action{Kind: KindEpisodeOpen, Text: search, Page: page}.String(), Placeholder: r.Lang.Say(words.EpisodesOpen),
	}
	taken := map[string]bool{}
	for i := range shown {
		value := bot.RefText(&shown[i], true)
		if runes(value) > wire.MaxOptionText {
			value = bot.RefText(&shown[i], false)
		}
		if value == "" || runes(value) > wire.MaxOptionText || taken[value] {
			continue
		}
		taken[value] = true
		menu.Options = append(menu.Options, wire.SelectOption{
			Label: r.plainTitle(&shown[i]), Value: value,
			Description: shorten(dotted(r.date(shown[i].Date), strings.TrimSpace(plain(shown[i].Show))), wire.MaxOptionText),
		})
	}
	if len(menu.Options) == 0 {
		return wire.Component{}
	}
	return wire.Row(menu)
}

// plainTitle is a title for places without markdown.
func (r Renderer) plainTitle(e *retrieval.EpisodeInfo) string {
	for _, title := range []string{e.Title, string(e.ID)} {
		if title = shorten(title, wire.MaxOptionText); title != "" {
			return title
		}
	}
	return r.Lang.Say(words.Untitled)
}

// facts are an episode's date, show and length, as small print.
func (r Renderer) facts(e *retrieval.EpisodeInfo) string {
	show := ""
	if strings.TrimSpace(plain(e.Show)) != "" {
		show = clip(strings.TrimSpace(e.Show), 80)
	}
	return "-# " + dotted(r.date(e.Date), show, r.Lang.Count(words.Lines, e.TotalLines))
}

// EpisodeCard is what is known of an episode. Back is the action that opened
// it: its Text and Page lead back to the list.
func (r Renderer) EpisodeCard(e *retrieval.EpisodeInfo, back Action) wire.Outgoing {
	blocks := []block{textBlock("### " + r.title(e.Title, e.ID))}
	if description := strings.TrimSpace(plain(e.Description)); description != "" {
		blocks = append(blocks, textBlock(clip(description, maxDescription)))
	}
	seen := words.SeenHere
	if e.Scope == retrieval.Public {
		seen = words.SeenByAll
	}
	show := ""
	if strings.TrimSpace(plain(e.Show)) != "" {
		show = clip(strings.TrimSpace(e.Show), 150)
	}
	blocks = append(blocks, textBlock(lines(
		r.fact(words.LabelShow, show), r.fact(words.LabelDate, r.date(e.Date)), r.fact(words.LabelSpeakers, r.speakers(e.Speakers)),
		r.fact(words.LabelSize, r.Lang.Count(words.Lines, e.TotalLines)), r.fact(words.LabelTimes, r.yesNo(e.Timed)), r.fact(words.LabelSeen, r.Lang.Say(seen)),
	)))
	public := e.Scope == retrieval.Public
	return message(colourAnswer, blocks, row(
		r.styled(wire.StylePrimary, words.ButtonAskAbout, Action{Kind: KindEpisodeAsk, Public: public, Episode: e.ID}),
		r.button(words.ButtonSummary, Action{Kind: KindSummaryPage, Public: public, Episode: e.ID, Style: bot.Brief}),
		r.transcript(e.Scope, e.ID, 0, 0),
		r.listen(e.AudioURL),
		r.button(words.ButtonBack, Action{Kind: KindEpisodesPage, Text: back.Text, Page: back.Page}),
	))
}

// fact is a line "label: value", "" without a value.
func (r Renderer) fact(label words.Key, value string) string {
	if value == "" {
		return ""
	}
	return r.Lang.Pair("**"+r.Lang.Say(label)+"**", value)
}

func (r Renderer) yesNo(yes bool) string {
	if yes {
		return r.Lang.Say(words.Yes)
	}
	return r.Lang.Say(words.No)
}

// maxSpeakers is how many speakers a card names.
const maxSpeakers = 10

func (r Renderer) speakers(names []string) string {
	var shown []string
	for _, name := range names[:min(len(names), maxSpeakers)] {
		if strings.TrimSpace(plain(name)) != "" {
			shown = append(shown, clip(name, 60))
		}
	}
	text := r.Lang.List(shown)
	if more := len(names) - maxSpeakers; more > 0 {
		text += " " + r.Lang.Count(words.More, more)
	}
	return text
}

// EpisodeLine is an episode in one line of a message, escaped.
func EpisodeLine(e *retrieval.EpisodeInfo, l words.Language) string {
	r := Renderer{Lang: l}
	show := ""
	if strings.TrimSpace(plain(e.Show)) != "" {
		show = clip(strings.TrimSpace(e.Show), 80)
	}
	return dotted("**"+r.title(e.Title, e.ID)+"**", r.date(e.Date), show)
}

// EpisodeChoice is an episode's name among the choices of an option.
func EpisodeChoice(e *retrieval.EpisodeInfo) string {
	date := ""
	if !e.Date.IsZero() {
		date = e.Date.Format("2006-01-02")
	}
	r := Renderer{Lang: words.English}
	facts := dotted(date, shorten(e.Show, 40))
	if facts == "" {
		return r.plainTitle(e)
	}
	return dotted(shorten(r.plainTitle(e), wire.MaxOptionText-runes(facts)-3), facts)
}

// SpeakerChoices are speakers as the choices of an option. One whose name does
// not fit, and so could not be found again, is left out.
func SpeakerChoices(names []string) []wire.Choice {
	choices := []wire.Choice{}
	for _, name := range names {
		label := shorten(name, wire.MaxOptionText)
		if label != "" && runes(name) <= wire.MaxOptionText && len(choices) < wire.MaxOptions {
			choices = append(choices, wire.Choice{Name: label, Value: name})
		}
	}
	return choices
}

// AllEpisodes is the choice that means every episode.
func (r Renderer) AllEpisodes() string { return r.Lang.Say(words.AllEpisodes) }

// command shows how a command is typed.
func (r Renderer) command(name string, sub ...string) string {
	return "`" + r.Lang.Slash(name, sub...) + "`"
}
