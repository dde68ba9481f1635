package render

import (
	"fmt"
	"slices"
	"strings"

	"verbatim/bot"
	"verbatim/bot/discord/wire"
	"verbatim/bot/discord/words"
)

// maxUnchecked is the most characters shown of what is not checked yet.
const maxUnchecked = 1200

// Draft is an answer on its way: the sentences that are checked, with their
// marks, and what is not in small italics. It has no buttons. Of what does not
// fit a message the end is shown, which is where it grows.
func (r Renderer) Draft(d bot.Draft, where AnswerContext) wire.Outgoing {
	head := "-# ✍️ " + r.Lang.Say(words.DraftUnchecked)
	if where.Question != "" {
		head = lines("### "+clip(where.Question, 300), head)
	}
	unchecked := ""
	if rest := clipEnd(strings.TrimSpace(d.Unchecked), maxUnchecked); rest != "" {
		unchecked = "-# *" + rest + "*"
	}
	checked := checkedEnd(d.Sentences, maxText-runes(head)-runes(unchecked)-2)
	return r.said(colourNothing, lines(head, checked, unchecked))
}

// checkedEnd is the last of the sentences that fit in n characters.
func checkedEnd(sentences []bot.AnswerSentence, n int) string {
	var shown []string
	left := n - 1 // for an ellipsis
	for _, s := range slices.Backward(sentences) {
		marks := markedBy(s.Citations)
		text := Escape(strings.TrimSpace(s.Text)) + marks
		if left -= runes(text) + 1; left >= 0 {
			shown = append(shown, text)
			continue
		}
		if last := len(shown) - 1; last >= 0 {
			shown[last] = "…" + shown[last]
		} else {
			shown = append(shown, clipEnd(s.Text, max(2, n-runes(marks)))+marks)
		}
		break
	}
	slices.Reverse(shown)
	return strings.Join(shown, " ")
}

// markedBy are the marks behind a sentence, with a space before them at which no
// line breaks.
func markedBy(citations []int) string {
	var b strings.Builder
	for i, n := range citations {
		if i == 0 {
			b.WriteRune('\u00a0')
		}
		fmt.Fprintf(&b, "[%d]", n)
	}
	return b.String()
}

// withouts are the texts for reasons why no model made an answer.
var withouts = map[bot.Fallback]words.Key{
	bot.FallbackDown: words.WithoutDown, bot.FallbackBusy: words.WithoutBusy, bot.FallbackSlow: words.WithoutSlow, bot.FallbackBudget: words.WithoutBudget,
	bot.FallbackUnsupported: words.WithoutUnsupported, bot.FallbackBeside: words.WithoutBeside,
}

// without says in small print why no model made an answer, "" where one did or
// there is none.
func (r Renderer) without(why bot.Fallback) string {
	key := withouts[why]
	if key == "" {
		return ""
	}
	return "-# " + r.Lang.Say(key)
}

// removed says in small print how much of what the model said is not shown, ""
// for nothing.
func (r Renderer) removed(what words.Key, n int) string {
	if n <= 0 {
		return ""
	}
	return "-# " + r.Lang.Count(what, n)
}

// notShown is removed of an answer's sentences, and tells of those that are beside
// the point in the same line.
func (r Renderer) notShown(a *bot.Answer) string {
	text := r.removed(words.SentencesRemoved, a.Removed)
	switch {
	case a.Beside <= 0:
		return text
	case text == "":
		return r.removed(words.SentencesBeside, a.Beside)
	}
	return text + " " + r.Lang.Count(words.SentencesBeside, a.Beside)
}

// clipEnd is Escape of the end of s in at most n characters, n at least 2,
// without spaces around it; an ellipsis stands for what was before.
func clipEnd(s string, n int) string {
	s = strings.TrimSpace(plain(s))
	escaped := Escape(s)
	if runes(escaped) <= n {
		return escaped
	}
	clusters := graphemes(s)
	clusters = clusters[max(0, len(clusters)-n):]
	for len(clusters) > 0 {
		escaped = "…" + Escape(strings.TrimLeft(strings.Join(clusters, ""), " "))
		over := runes(escaped) - n
		if over <= 0 {
			return escaped
		}
		clusters = clusters[max(1, min(over/4, len(clusters)-1)):]
	}
	return "…"
}
