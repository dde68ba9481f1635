package main

import (
	"context"

	"verbatim/bot"
)

// runAsk answers a question, or each of a batch.
func runAsk(ctx context.Context, c *call) error {
	return c.forQueries(ctx, func(l *library, q query) error {
		answer, err := l.bot.Ask(ctx, q.text, q.filter)
		if err != nil {
			return err
		}
		if c.options.json || c.options.batch != "" {
			return printJSON(c, q, answer)
		}
		t := termsOf(q.text)
		if err := t.spellings(ctx, l); err != nil {
			return err
		}
		printAnswer(c.ui, answer, t)
		return nil
	})
}

func printAnswer(u *ui, a *bot.Answer, t terms) {
	if a.Found {
		u.paragraph("", u.dimWords("In the transcript's own words:"))
	} else {
		u.paragraph("", plain(a.Answer))
		if a.Reason != "" {
			u.paragraph("", u.dimWords(upperFirst(plain(a.Reason))+"."))
		}
	}
	for i := range a.Citations {
		u.printf("\n")
		u.citation(&a.Citations[i], t)
	}
}
