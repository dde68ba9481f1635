package render

import (
	"fmt"
	"slices"
	"strings"

	"verbatim/bot"
	"verbatim/bot/discord/wire"
	"verbatim/bot/discord/words"
	"verbatim/retrieval"
)

// AnswerContext says where an answer is shown.
type AnswerContext struct {
	// Public is true when others see the answer, too.
	Public bool
	// Server is true in a server that has the bot, false in direct messages
	// and where a user alone has it.
	Server bool
	// Threadable is true where a thread can be opened from the answer.
	Threadable bool
	// Question is shown above the answer where nobody sees it otherwise, as
	// beside a command, whose options Discord shows to nobody; "" elsewhere.
	Question string
}

// Answer is an answer, or "not in this episode" with the nearest moments: one
// message or, when it is too long for one, several. The buttons are on the
// first.
func (r Renderer) Answer(a *bot.Answer, where AnswerContext) []wire.Outgoing {
	footer := r.answerRow(where)
	head := ""
	if where.Question != "" {
		head = "### " + clip(where.Question, 300)
	}
	if a.Standalone != "" && a.Standalone != a.Question {
		head = lines(head, "-# "+r.Lang.Say(words.AnswerUnderstood, clip(a.Standalone, 300)))
	}
	without := r.without(a.Without)
	switch {
	case !a.Found:
		head = lines(head, without)
		return pack(colourNearly, r.refusal(a, head, where), footer)
	case a.Model == bot.Extractive && quotes(a):
		lead := lines(head, r.lead(a.Citations, where, r.Lang.Say(words.AnswerLead)), without)
		return pack(colourAnswer, append([]block{textBlock(lead)}, r.entries(a.Citations, a.Named, 0)...), footer)
	}
	made := r.Lang.Say(words.AnswerCounted)
	if a.Model != bot.Extractive {
		made = r.Lang.Say(words.AnswerModel, clip(a.Model, 60))
	}
	head = lines(head, "-# "+dotted(r.onlyTitle(a.Citations), made), r.notShown(a), r.covered(a), without)
	return r.packGroups(colourAnswer, r.written(a, head), footer)
}

// quotes reports whether the sentences of an answer are what it cites, word for
// word, so that showing them twice would say nothing.
func quotes(a *bot.Answer) bool {
	said := map[string]bool{}
	for i := range a.Citations {
		said[a.Citations[i].Quote] = true
	}
	return !slices.ContainsFunc(a.Sentences, func(s bot.AnswerSentence) bool {
		return !said[strings.TrimSuffix(strings.TrimPrefix(s.Text, "“"), "”")]
	})
}

// covered says how much was read for a list, and how much of the list is shown;
// "" where that is all.
func (r Renderer) covered(a *bot.Answer) string {
	read, left := "", ""
	if c := a.Covered; c.Read < c.Total {
		read = "-# " + r.Lang.Say(words.AnswerCovered, c.Read, c.Total)
	}
	if a.Covered.Left > 0 {
		left = "-# " + r.Lang.Count(words.AnswerLeft, a.Covered.Left, r.Lang.Number(len(a.Sentences)))
	}
	return lines(read, left)
}

// lead says from which episode the citations are, if from one, and how to take
// them; small below a question that stands above.
func (r Renderer) lead(citations []retrieval.Citation, where AnswerContext, how string) string {
	if where.Question == "" {
		return lines(r.onlyTitle(citations), "-# "+how)
	}
	return "-# " + dotted(r.onlyTitle(citations), how)
}

// answerRow holds the buttons below an answer.
func (r Renderer) answerRow(where AnswerContext) wire.Component {
	var thread wire.Component
	if where.Threadable && where.Public && where.Server {
		thread = r.button(words.ButtonThread, Action{Kind: KindOpenThread})
	}
	// On a phone the first three fill a line.
	return row(r.button(words.ButtonAskFurther, Action{Kind: KindAskFurther}),
		wire.EmojiButton("👍", Action{Kind: KindUp}.String()), wire.EmojiButton("👎", Action{Kind: KindDown}.String()), thread)
}

// onlyTitle is the title, in bold, of the episode that all citations are from;
// "" when they are from several.
func (r Renderer) onlyTitle(citations []retrieval.Citation) string {
	for i := range citations {
		if citations[i].Scope != citations[0].Scope || citations[i].Episode != citations[0].Episode {
			return ""
		}
	}
	if len(citations) == 0 {
		return ""
	}
	return r.named(citations[0].Title, citations[0].Episode)
}

// entries shows citations as block quotes with their marks, the words asked
// for in bold, and their places. The title stands with each when there are
// several, else above all of them. Quotes longer than most characters end
// before that, at a word; 0 is no limit.
func (r Renderer) entries(citations []retrieval.Citation, named []string, most int) []block {
	var blocks []block
	titles := r.onlyTitle(citations) == ""
	for i := range citations {
		c := &citations[i]
		text := c.Quote
		if most > 0 {
			text = atWord(text, most)
		}
		quote := quoteLine(fmt.Sprintf("%s [%d]", bold(text, namedIn(text, named)), c.N))
		blocks = append(blocks, r.entry(quote, "-# "+r.marked(c, titles), r.contextButton(c))...)
	}
	return blocks
}

// atWord shortens a text to n characters, between words where it has any.
func atWord(text string, n int) string {
	short := shorten(text, n)
	if short == strings.TrimSpace(plain(text)) {
		return short
	}
	if i := strings.LastIndexByte(short, ' '); i > len(short)/2 {
		short = strings.TrimRight(short[:i], " ,;:") + "…"
	}
	return short
}

// marked is a citation's place led by its mark.
func (r Renderer) marked(c *retrieval.Citation, title bool) string {
	return fmt.Sprintf("**[%d]** %s", c.N, r.place(c, title))
}

// namedIn are the ranges of a text whose words are among the terms, in any
// form, neighbours as one.
func namedIn(text string, terms []string) [][2]int {
	var ranges [][2]int
	for _, token := range retrieval.Tokens(text) {
		if !slices.Contains(terms, retrieval.Stem(token.Word)) {
			continue
		}
		last := len(ranges) - 1
		if last >= 0 && strings.Trim(text[ranges[last][1]:token.Start], " -’'") == "" {
			ranges[last][1] = token.End
		} else {
			ranges = append(ranges, [2]int{token.Start, token.End})
		}
	}
	return ranges
}

// maxMoment is the most characters shown of a moment that is no answer; its
// context has the rest.
const maxMoment = 160

// refusal says that there is no answer, why, and what comes nearest.
func (r Renderer) refusal(a *bot.Answer, head string, where AnswerContext) []block {
	title := r.Lang.Say(words.NotInEpisodes)
	if a.One {
		title = r.Lang.Say(words.NotInEpisode)
	}
	var note string
	if !where.Server {
		note = "-# " + r.Lang.Say(words.OnlyPublic)
	}
	if where.Question == "" {
		title = "### " + title
	} else {
		title = "**" + title + "**"
	}
	text := lines(head, title, r.reason(a.Why), note)
	if len(a.Citations) > 0 {
		text = lines(text, "-# "+dotted(r.Lang.Say(words.NearestMoments), r.onlyTitle(a.Citations)))
	}
	return append([]block{textBlock(text)}, r.entries(a.Citations, nil, maxMoment)...)
}

// reasons are the texts for kinds of reasons without words of their own.
var reasons = map[bot.ReasonKind]words.Key{
	bot.ReasonNothing: words.WhyNothing, bot.ReasonNoNumber: words.WhyNoNumber, bot.ReasonNoFuture: words.WhyNoFuture,
	bot.ReasonThin: words.WhyThin, bot.ReasonNoDates: words.WhyNoDates,
	bot.ReasonNotSpokenOf: words.WhyNotSpokenOf, bot.ReasonNobody: words.WhyNobody, bot.ReasonNoShow: words.WhyNoShow,
}

// reason says why there is no answer; "" when that is not known.
func (r Renderer) reason(why bot.Reason) string {
	key := reasons[why.Kind]
	switch why.Kind {
	case bot.ReasonNotSpokenOf, bot.ReasonNobody, bot.ReasonNoShow:
		if len(why.Words) == 0 {
			return r.Lang.Say(words.WhyNothing)
		}
		quoted := make([]string, min(len(why.Words), 5))
		for i := range quoted {
			quoted[i] = r.Lang.Quoted(clip(why.Words[i], 60))
		}
		return r.Lang.Say(key, r.Lang.List(quoted))
	}
	if key == "" {
		return ""
	}
	return r.Lang.Say(key)
}

// group is what a model's sentence brings: its text with marks, and the
// sources that it is the first to cite.
type group struct {
	text    string
	sources []block
}

// written shows an answer that a model wrote, sentence by sentence, escaped as
// what it quotes is: a transcript may have talked the model into anything.
func (r Renderer) written(a *bot.Answer, head string) []group {
	var groups []group
	shown := map[int]bool{}
	titles := r.onlyTitle(a.Citations) == ""
	for i, s := range a.Sentences {
		var g group
		text := Escape(strings.TrimSpace(s.Text)) + markedBy(s.Citations)
		for _, n := range s.Citations {
			at := slices.IndexFunc(a.Citations, func(c retrieval.Citation) bool { return c.N == n })
			if at < 0 || shown[n] {
				continue
			}
			shown[n] = true
			c := &a.Citations[at]
			g.sources = append(g.sources, r.entry(quoteLine(Escape(c.Quote)), "-# "+r.marked(c, titles), r.contextButton(c))...)
		}
		if i == 0 {
			text = lines(head, text)
		}
		for _, part := range Split(text, maxBlock) {
			g.text = part
			groups = append(groups, g)
			g.sources = nil
		}
	}
	return groups
}

// packGroups puts sentences and, below them, their sources into as many
// messages as they need; the sources stay with the sentences that cite them
// first. The row goes with the first message.
func (r Renderer) packGroups(colour int, groups []group, footer wire.Component) []wire.Outgoing {
	var messages []wire.Outgoing
	var text string
	var sources []block
	heading := "\n-# " + r.Lang.Say(words.Sources)
	used, count := size([]wire.Component{footer})
	flush := func() {
		if len(sources) > 0 {
			text += heading
		}
		blocks := append([]block{textBlock(text)}, sources...)
		messages = append(messages, pack(colour, blocks, footer)...)
		text, sources, footer = "", nil, wire.Component{}
		used, count = 0, 0
	}
	for _, g := range groups {
		t, c := runes(g.text)+1, 0
		for _, b := range g.sources {
			bt, bc := size(b)
			t, c = t+bt, c+bc+1
		}
		if text != "" && (used+t+runes(heading) > maxText || count+c+4 > maxComponents) {
			flush()
		}
		if text != "" {
			text += " "
		}
		text += g.text
		sources = append(sources, g.sources...)
		used, count = used+t, count+c
	}
	if text != "" {
		flush()
	}
	return messages
}
