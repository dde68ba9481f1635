package render

import (
	"strings"

	"verbatim/bot"
	"verbatim/bot/discord/wire"
	"verbatim/bot/discord/words"
	"verbatim/retrieval"
)

// maxWarnings is how many warnings an upload report shows.
const maxWarnings = 5

// Added reports what an upload was read into. Undo is the key that takes it
// back, "" when it cannot be.
func (r Renderer) Added(a *bot.Added, e *retrieval.EpisodeInfo, undo string) wire.Outgoing {
	title := words.Added
	if a.Replaced {
		title = words.Replaced
	}
	facts := lines(
		r.fact(words.LabelFormat, clip(a.Format, 60)),
		r.fact(words.LabelSize, r.Lang.Count(words.Lines, a.Lines)+", "+r.Lang.Count(words.Passages, a.Passages)),
		r.fact(words.LabelDate, r.date(e.Date)),
		r.fact(words.LabelSpeakers, r.speakers(e.Speakers)),
		r.fact(words.LabelTimes, r.yesNo(e.Timed)),
	)
	blocks := []block{textBlock(lines("### "+r.Lang.Say(title), "**"+r.title(e.Title, e.ID)+"**")), textBlock(facts)}
	if len(a.Warnings) > 0 {
		blocks = append(blocks, textBlock(r.warnings(a.Warnings)))
	}
	var take wire.Component
	if undo != "" {
		blocks = append(blocks, textBlock("-# "+r.Lang.Say(words.UndoHint)))
		take = r.button(words.ButtonUndo, Action{Kind: KindUndo, Key: undo})
	}
	public := e.Scope == retrieval.Public
	return message(colourDone, blocks, row(
		r.styled(wire.StylePrimary, words.ButtonAskAbout, Action{Kind: KindEpisodeAsk, Public: public, Episode: e.ID}),
		r.button(words.ButtonSummary, Action{Kind: KindSummaryPage, Public: public, Episode: e.ID, Style: bot.Brief}),
		take,
	))
}

func (r Renderer) warnings(list []string) string {
	shown := []string{"**" + r.Lang.Count(words.Warnings, len(list)) + "**"}
	for _, warning := range list[:min(len(list), maxWarnings)] {
		shown = append(shown, "- "+clip(warning, 250))
	}
	if more := len(list) - maxWarnings; more > 0 {
		shown = append(shown, "-# "+r.Lang.Count(words.More, more))
	}
	return strings.Join(shown, "\n")
}

// Undone says what an undo took away or brought back.
func (r Renderer) Undone(u *bot.Undone) wire.Outgoing {
	key := words.Undone
	if u.Restored {
		key = words.Restored
	}
	return r.said(colourDone, r.Lang.Say(key, r.named(u.Title, u.Episode)))
}

// named is a title in bold, to stand in a sentence.
func (r Renderer) named(title string, id retrieval.EpisodeID) string {
	return "**" + r.title(title, id) + "**"
}

func (r Renderer) said(colour int, text string, rows ...wire.Component) wire.Outgoing {
	return message(colour, []block{textBlock(text)}, rows...)
}

// RemoveConfirm asks before an episode is removed.
func (r Renderer) RemoveConfirm(e *retrieval.EpisodeInfo) wire.Outgoing {
	text := lines(r.Lang.Say(words.RemoveAsk, r.named(e.Title, e.ID)), r.facts(e), r.Lang.Say(words.RemoveWhat))
	return r.said(colourDanger, text, row(
		r.styled(wire.StyleDanger, words.ButtonRemove, Action{Kind: KindRemove, Public: e.Scope == retrieval.Public, Episode: e.ID}),
		r.button(words.ButtonKeep, Action{Kind: KindKeep}),
	))
}

// Removed says that an episode is gone.
func (r Renderer) Removed(e *retrieval.EpisodeInfo) wire.Outgoing {
	return r.said(colourDone, r.Lang.Say(words.Removed, r.named(e.Title, e.ID)))
}

// Kept says that nothing was removed after all.
func (r Renderer) Kept() wire.Outgoing { return r.said(colourNothing, r.Lang.Say(words.Kept)) }

// Pinned says which episode a channel is about; now is true when that was just
// changed.
func (r Renderer) Pinned(e *retrieval.EpisodeInfo, now bool) wire.Outgoing {
	key := words.PinShow
	if now {
		key = words.Pinned
	}
	return r.said(colourDone, r.Lang.Say(key, r.named(e.Title, e.ID)), row(r.button(words.ButtonUnpin, Action{Kind: KindUnpin})))
}

// NothingPinned says that a channel has no episode of its own.
func (r Renderer) NothingPinned() wire.Outgoing {
	return r.said(colourNothing, r.Lang.Say(words.PinNone, r.command("transcript", "pin")))
}

// Unpinned says that a channel is about all episodes again.
func (r Renderer) Unpinned() wire.Outgoing { return r.said(colourDone, r.Lang.Say(words.Unpinned)) }
