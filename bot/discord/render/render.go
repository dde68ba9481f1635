// Package render turns what the bot found into messages as Discord takes them:
// answers, quotes, summaries, passages, lists and panels, in Components V2.
//
// A [Renderer] makes them in a language. [Escape] makes foreign text harmless,
// [Split] parts long texts, and [Action] is the state that buttons carry. The
// package computes only: nothing is sent, and nothing read but what
// Renderer.Page looks up. Every message pings
// nobody and keeps to the limits of package wire.
package render

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"verbatim/bot/discord/wire"
	"verbatim/bot/discord/words"
	"verbatim/retrieval"
)

// Renderer makes messages in a language.
type Renderer struct {
	Lang words.Language
	// Page gives the address of the page that shows lines of an episode, first 0
	// being the whole of it; "" for one that has none for those who read the
	// message. Nil is no pages.
	Page func(scope retrieval.Scope, id retrieval.EpisodeID, first, last int) string
}

// page is the address of the page of some lines, "" for none.
func (r Renderer) page(scope retrieval.Scope, id retrieval.EpisodeID, first, last int) string {
	if r.Page == nil || id == "" {
		return ""
	}
	return safeURL(r.Page(scope, id, first, last))
}

// Colours of the edge of messages: Discord's own, for what they mean there.
const (
	colourAnswer  = 0x5865F2 // blue: what the episodes say
	colourNearly  = 0xF0B232 // yellow: not quite, or not at all
	colourNothing = 0x80848E // grey: nothing there
	colourDone    = 0x23A55A // green: done
	colourDanger  = 0xDA373C // red: cannot be taken back
)

const (
	// maxText and maxComponents keep room within Discord's limits for a line
	// that names the asker, see Addressed, and for rows of Context buttons.
	maxText       = wire.MaxText - 100
	maxComponents = wire.MaxComponents - 4
	// maxBlock is the most text of one block, so that it fits a message with
	// a heading.
	maxBlock = 3000
)

// block is what stays together in one message.
type block []wire.Component

func textBlock(markdown string) block { return block{wire.Text(markdown)} }

// message puts blocks and rows of buttons, which follow below the coloured
// box, into one message. Its maker sees to it that all fit.
//
// Sections give their Context buttons up to rows below the box: beside a
// quote, a button leaves it half the width of a phone.
func message(colour int, blocks []block, rows ...wire.Component) wire.Outgoing {
	inside, contexts := apart(spaced(blocks))
	components := append([]wire.Component{wire.Container(colour, inside...)}, contexts...)
	components = append(components, slices.DeleteFunc(rows, func(row wire.Component) bool { return len(row.Components) == 0 })...)
	return wire.Outgoing{Components: components, Flags: wire.FlagV2}.Safe()
}

// apart takes the Context buttons out of sections and puts them into rows, each
// with the number of its citation when there are several.
func apart(components []wire.Component) (texts, rows []wire.Component) {
	var buttons []wire.Component
	for _, c := range components {
		action, err := Action{}, ErrOldButton
		if c.Accessory != nil {
			action, err = ParseAction(c.Accessory.CustomID)
		}
		if err != nil || action.Kind != KindContext {
			texts = append(texts, c)
			continue
		}
		texts = append(texts, c.Components...)
		button := *c.Accessory
		if action.N > 0 {
			button.Label += " " + strconv.Itoa(action.N)
		}
		buttons = append(buttons, button)
	}
	if len(buttons) == 1 {
		buttons[0].Label = strings.TrimRight(buttons[0].Label, " 0123456789")
	}
	for row := range slices.Chunk(buttons, wire.MaxRowButtons) {
		rows = append(rows, wire.Row(row...))
	}
	return texts, rows
}

// spaced joins blocks with thin lines between.
func spaced(blocks []block) []wire.Component {
	var all []wire.Component
	for _, b := range blocks {
		if len(all) > 0 {
			all = append(all, wire.Divider())
		}
		all = append(all, b...)
	}
	return all
}

// pack puts blocks into as many messages as they need. The rows go with the
// first one: its ID is the one that follow-ups, ratings and threads go by.
func pack(colour int, blocks []block, rows ...wire.Component) []wire.Outgoing {
	var messages []wire.Outgoing
	var batch []block
	text, count := size(rows)
	flush := func() {
		messages = append(messages, message(colour, batch, rows...))
		batch, rows = nil, nil
		text, count = 0, 0
	}
	for _, b := range blocks {
		t, c := size(b)
		if len(batch) > 0 && (text+t > maxText || count+c+2 > maxComponents) { // the box and a line
			flush()
		}
		batch = append(batch, b)
		text, count = text+t, count+c+1
	}
	if len(batch) > 0 {
		flush()
	}
	return messages
}

// size counts what Discord limits: characters of text, and components.
func size(components []wire.Component) (text, count int) {
	wire.Walk(components, func(c *wire.Component) {
		count++
		text += runes(c.Content)
	})
	return text, count
}

// row is a row of those buttons that are any.
func row(buttons ...wire.Component) wire.Component {
	return wire.Row(slices.DeleteFunc(buttons, func(b wire.Component) bool { return b.Type == 0 })...)
}

// button is a grey button, none when its state does not fit.
func (r Renderer) button(label words.Key, a Action) wire.Component {
	return r.styled(wire.StyleSecondary, label, a)
}

func (r Renderer) styled(style int, label words.Key, a Action) wire.Component {
	id := a.String()
	if id == "" {
		return wire.Component{}
	}
	return wire.Button(style, r.Lang.Say(label), id)
}

// section is text with a button beside it, or text alone when there is none.
func section(markdown string, button wire.Component) wire.Component {
	if button.Type == 0 {
		return wire.Text(markdown)
	}
	return wire.Section(markdown, button)
}

// bold is escaped text with the ranges, in bytes of text, in bold. Ranges that
// are not apart, or cut a character, are passed over.
func bold(text string, ranges [][2]int) string {
	shown := plain(text)
	markup := map[int]string{}
	at, end := 0, -1
	for _, r := range ranges {
		from, to := r[0], r[1]
		if from < at || from >= to || to > len(text) || !utf8.RuneStart(text[from]) || to < len(text) && !utf8.RuneStart(text[to]) {
			continue
		}
		at = to
		from, to = len(plain(text[:from])), len(plain(text[:to]))
		for from < to && shown[from] == ' ' {
			from++
		}
		for to > from && shown[to-1] == ' ' {
			to--
		}
		switch {
		case from >= to || to > len(shown):
		case from == end: // in touch with the one before
			delete(markup, end)
			markup[to], end = "**", to
		default:
			markup[from], markup[to], end = "**", "**", to
		}
	}
	return escapeAround(shown, markup)
}

// lines joins those that are not empty.
func lines(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "\n")
}

// dotted joins the facts of one line that are not empty.
func dotted(facts ...string) string {
	return strings.Join(slices.DeleteFunc(facts, func(s string) bool { return s == "" }), " · ")
}

// pages is how many pages n things fill, at least one.
func pages(n, each int) int { return max(1, (n+each-1)/each) }

// pageRow is the row that turns pages, none when there is one page; action
// makes the state of the button for a page.
func (r Renderer) pageRow(page, count int, action func(page int) Action) wire.Component {
	if count <= 1 {
		return wire.Component{}
	}
	before, after := r.button(words.ButtonPrevious, action(page-1)), r.button(words.ButtonNext, action(page+1))
	before.Disabled, after.Disabled = page <= 0, page >= count-1
	return row(before, after)
}
