package render

import (
	"strings"

	"verbatim/bot"
	"verbatim/bot/discord/wire"
	"verbatim/bot/discord/words"
)

// maxAround is the most characters of a quote's sentence that are shown before
// and after the words.
const maxAround = 240

// grades are the headings by grade.
var grades = map[string]words.Key{bot.MatchExact: words.GradeExact, bot.MatchClose: words.GradeClose, bot.MatchMeaning: words.GradeMeaning}

// Quotes is what was found of words that somebody looked up: one message or,
// when that is too long, several. Grade is the only one that was looked for,
// "" for any.
func (r Renderer) Quotes(q *bot.Quotes, grade string) []wire.Outgoing {
	if !q.Found {
		return []wire.Outgoing{r.notSaid(q.Query, grade)}
	}
	colour := colourAnswer
	if q.Match != bot.MatchExact {
		colour = colourNearly
	}
	head := lines("### "+r.Lang.Say(grades[q.Match]), "-# "+r.Lang.Count(words.Places, len(q.Hits)))
	blocks := []block{textBlock(head)}
	return pack(colour, append(blocks, r.hits(q.Hits)...))
}

func (r Renderer) notSaid(query, grade string) wire.Outgoing {
	quoted := r.Lang.Quoted(clip(query, 1000))
	text := r.Lang.Say(words.NotSaidWhat, quoted)
	if key := grades[grade]; key != "" {
		text = r.Lang.Say(words.NotSaidGrade, quoted, r.Lang.Say(key))
	}
	return message(colourNothing, []block{textBlock(lines("### "+r.Lang.Say(words.NotSaid), text))})
}

// hits shows places, each with its number when there are several.
func (r Renderer) hits(hits []bot.QuoteHit) []block {
	var blocks []block
	for i := range hits {
		place := r.place(&hits[i].Citation, true)
		if len(hits) > 1 {
			place = r.marked(&hits[i].Citation, true)
		}
		blocks = append(blocks, r.hit(&hits[i], place)...)
	}
	return blocks
}

// hit shows the words within their sentence, what agrees in bold.
func (r Renderer) hit(h *bot.QuoteHit, place string) []block {
	before, after := tail(h.Before), shorten(h.After, maxAround)
	if after != "" && strings.HasPrefix(h.After, " ") {
		after = " " + after
	}
	ranges := make([][2]int, len(h.Bold))
	for i, b := range h.Bold {
		ranges[i] = [2]int{b[0] + len(before), b[1] + len(before)}
	}
	quote := quoteLine(bold(before+h.Quote+after, ranges))
	return r.entry(quote, "-# "+place, r.contextButton(&h.Citation))
}

// tail is the end of a text, up to maxAround characters, begun at a word.
func tail(s string) string {
	s = plain(s)
	letters := graphemes(s)
	if len(letters) <= maxAround {
		return s
	}
	s = strings.Join(letters[len(letters)-maxAround:], "")
	if _, after, found := strings.Cut(s, " "); found && strings.TrimSpace(after) != "" {
		s = after
	}
	return "…" + s
}

// Checked says whether the words of a message were said: so, nearly so with the
// differences, or not with what comes nearest.
func (r Renderer) Checked(c *bot.Checked) []wire.Outgoing {
	cut := ""
	if c.Cut {
		cut = "-# " + r.Lang.Say(words.CheckCut)
	}
	switch {
	case c.Verdict == bot.VerdictSaid && c.Hit != nil:
		head := lines("### "+r.Lang.Say(words.CheckSaid), cut)
		return pack(colourDone, append([]block{textBlock(head)}, r.found(c, r.hits([]bot.QuoteHit{*c.Hit}))...))
	case c.Verdict == bot.VerdictNearly && c.Hit != nil:
		head := lines("### "+r.Lang.Say(words.CheckNearly), cut, "-# "+r.Lang.Say(words.CheckLegend))
		compared := r.entry(quoteLine(diff(c.Diff)), "-# "+r.place(&c.Hit.Citation, true), r.contextButton(&c.Hit.Citation))
		return pack(colourNearly, append([]block{textBlock(head)}, r.found(c, compared)...))
	}
	text := lines("### "+r.Lang.Say(words.CheckNotSaid), quoteLine(clip(c.Posted, 1000)), cut)
	blocks := []block{textBlock(text)}
	if len(c.Near) > 0 {
		blocks = append(blocks, textBlock("-# "+r.Lang.Say(words.CheckNear)))
		blocks = append(blocks, r.hits(c.Near)...)
	}
	return pack(colourNothing, blocks)
}

// found adds how many more places there are.
func (r Renderer) found(c *bot.Checked, blocks []block) []block {
	if c.More > 0 {
		blocks = append(blocks, textBlock("-# "+r.Lang.Count(words.More, c.More)))
	}
	return blocks
}

// diff shows what is only in the message struck through, what is only in the
// transcript in bold.
func diff(parts []bot.DiffPart) string {
	var b strings.Builder
	for i, p := range parts {
		text := Escape(strings.TrimSpace(p.Text))
		if text == "" {
			continue
		}
		// Two runs of markup in touch would be read as one mark.
		if i > 0 && (!p.Glued || p.Op != bot.DiffEqual && parts[i-1].Op != bot.DiffEqual) {
			b.WriteByte(' ')
		}
		switch p.Op {
		case bot.DiffMissing:
			text = "~~" + text + "~~"
		case bot.DiffAdded:
			text = "**" + text + "**"
		}
		b.WriteString(text)
	}
	return b.String()
}
