package render

import (
	"strings"

	"verbatim/bot"
	"verbatim/bot/discord/wire"
	"verbatim/bot/discord/words"
	"verbatim/retrieval"
)

// Context is a page of a passage: the lines with their numbers or times, the
// speaker where he changes, the cited lines in bold.
func (r Renderer) Context(a *bot.Around) wire.Outgoing {
	head := lines("### "+r.title(a.Info.Title, a.Info.ID), r.facts(&a.Info))
	blocks := []block{textBlock(head)}
	room := maxText - runes(head) - 200
	var body []string
	for _, run := range runsOf(a) {
		text := r.run(a, run, &room)
		if text == "" {
			break
		}
		body = append(body, text)
	}
	if len(body) > 0 {
		blocks = append(blocks, textBlock(strings.Join(body, "\n")))
	}
	public := a.Info.Scope == retrieval.Public
	turn := func(label words.Key, page, n int) wire.Component {
		return r.button(label, Action{Kind: KindContextPage, Public: public, Episode: a.Info.ID, First: a.First, Last: a.Last, Page: page, N: n})
	}
	earlier, cited, later := turn(words.ButtonEarlier, a.Page-1, 1), turn(words.ButtonCited, 0, 2), turn(words.ButtonLater, a.Page+1, 3)
	earlier.Disabled, cited.Disabled, later.Disabled = !a.HasBefore, a.Page == 0, !a.HasAfter
	var listen wire.Component
	if at := firstTime(a); at.Known {
		listen = r.listen(retrieval.AudioAt(a.Info.AudioURL, at))
	}
	return message(colourAnswer, blocks, row(earlier, cited, later, r.transcript(a.Info.Scope, a.Info.ID, a.First, a.Last), listen))
}

// firstTime is when the cited lines begin, or else the page.
func firstTime(a *bot.Around) retrieval.Moment {
	for i := range a.Lines {
		if a.Lines[i].N >= a.First && a.Lines[i].Start.Known {
			return a.Lines[i].Start
		}
	}
	return a.Lines[0].Start
}

// runLines is the most lines that stand in one paragraph.
const runLines = 4

// runsOf parts a page into paragraphs: lines of one speaker, all cited or none.
func runsOf(a *bot.Around) [][]retrieval.Line {
	var runs [][]retrieval.Line
	for i := range a.Lines {
		line := &a.Lines[i]
		if i > 0 {
			before := &a.Lines[i-1]
			last := &runs[len(runs)-1]
			if before.Speaker == line.Speaker && cited(a, before) == cited(a, line) && (len(*last) < runLines || cited(a, line)) {
				*last = append(*last, *line)
				continue
			}
		}
		runs = append(runs, []retrieval.Line{*line})
	}
	return runs
}

func cited(a *bot.Around, line *retrieval.Line) bool { return line.N >= a.First && line.N <= a.Last }

// run is a paragraph, at most as long as there is room; "" when there is none.
// Speakers are named where they change, in bold.
func (r Renderer) run(a *bot.Around, run []retrieval.Line, room *int) string {
	first, last := &run[0], &run[len(run)-1]
	where := first.Start.String()
	if where == "" {
		where = r.lines(first.N, last.N)
	}
	where = "-# " + where
	if first.Speaker != "" && first.Speaker != speakerBefore(a, first) {
		where += " · **" + clip(first.Speaker, maxName) + "**"
	}
	texts := make([]string, len(run))
	for i := range run {
		texts[i] = run[i].Text
	}
	const marks = 8 // line break, and bold
	left := *room - runes(where) - marks
	if left < 40 {
		return ""
	}
	text := clip(strings.Join(texts, " "), left)
	if cited(a, first) {
		text = "**" + text + "**"
	}
	*room = left - runes(text)
	return where + "\n" + text
}

// speakerBefore is who speaks the line before this one on the page, "" for the
// first.
func speakerBefore(a *bot.Around, line *retrieval.Line) string {
	before := ""
	for i := range a.Lines {
		if a.Lines[i].N == line.N {
			return before
		}
		before = a.Lines[i].Speaker
	}
	return before
}
