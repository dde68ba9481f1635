package main

import (
	"context"
	"strings"

	"verbatim/bot"
)

// runAsk answers a question, or each of a batch.
func runAsk(ctx context.Context, c *call) error {
	forPeople := !c.options.json && c.options.batch == ""
	if forPeople {
		c.noteNoModel()
	}
	return c.forQueries(ctx, func(l *library, q query) error {
		question := bot.Question{Text: q.text, Filter: q.filter, Extractive: c.options.extractive}
		region := c.ui.region()
		if forPeople && region != nil {
			question.Draft = func(d bot.Draft) { region.show(draftText(c.ui, d)) }
		}
		answer, err := c.reply(ctx, l.bot, question)
		region.clear()
		if err != nil {
			return err
		}
		c.noteWithout(answer.Without)
		if !forPeople {
			return printJSON(c, q, answer)
		}
		t := termsOf(q.text)
		if err := t.spellings(ctx, l); err != nil {
			return err
		}
		printAnswer(c.ui, answer, t)
		c.noteNotShown(answer)
		return nil
	})
}

// draftText is an answer on its way: what is not checked yet is said to be so.
func draftText(u *ui, d bot.Draft) string {
	var b strings.Builder
	draft := &ui{stdout: &b, styled: u.styled}
	if len(d.Sentences) > 0 {
		draft.paragraph("", sentencesText(d.Sentences))
	}
	if rest := strings.TrimSpace(plain(d.Unchecked)); rest != "" {
		draft.paragraph("", draft.dimWords("Draft, not checked yet: "+rest))
	}
	return b.String()
}

// sentencesText is the sentences joined, each with its marks, which no line
// break parts from its last word.
func sentencesText(sentences []bot.AnswerSentence) string {
	texts := make([]string, len(sentences))
	for i := range sentences {
		texts[i] = plain(sentences[i].Text) + marks(sentences[i].Citations)
	}
	return strings.Join(texts, " ")
}

func printAnswer(u *ui, a *bot.Answer, t terms) {
	switch {
	case !a.Found:
		u.paragraph("", plain(a.Answer))
		if a.Reason != "" {
			u.paragraph("", u.dimWords(upperFirst(plain(a.Reason))+"."))
		}
	case onlyQuotes(a):
		u.paragraph("", u.dimWords("In the transcript's own words:"))
	default:
		for line := range strings.Lines(a.Answer) {
			u.paragraph("", strings.ReplaceAll(strings.TrimSpace(plain(line)), " [", together+"["))
		}
	}
	for i := range a.Citations {
		u.printf("\n")
		u.citation(&a.Citations[i], t)
	}
}

// onlyQuotes reports whether the sentences are the citations' quotes, so that
// to print both would be to say all twice.
func onlyQuotes(a *bot.Answer) bool {
	if len(a.Sentences) != len(a.Citations) {
		return false
	}
	for i := range a.Sentences {
		if a.Sentences[i].Text != "“"+a.Citations[i].Quote+"”" {
			return false
		}
	}
	return true
}
