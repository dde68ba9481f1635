package main

import (
	"context"

	"verbatim/bot"
)

// runQuote finds where words were said.
func runQuote(ctx context.Context, c *call) error {
	return c.forQueries(ctx, func(l *library, q query) error {
		quotes, err := l.bot.FindQuote(ctx, q.text, q.filter, 0)
		if err != nil {
			return err
		}
		if c.options.json || c.options.batch != "" {
			return printJSON(c, q, quotes)
		}
		t := termsOf(q.text)
		if err := t.spellings(ctx, l); err != nil {
			return err
		}
		printQuotes(c.ui, quotes, t)
		return nil
	})
}

// grades say what the grades of a match mean.
var grades = map[string]string{
	bot.MatchExact:   "Said in exactly these words:",
	bot.MatchClose:   "Said nearly so:",
	bot.MatchMeaning: "Not said in these words, but this comes near in meaning:",
}

func printQuotes(u *ui, quotes *bot.Quotes, t terms) {
	if !quotes.Found {
		u.printf("Not said here.\n")
		return
	}
	u.paragraph("", u.bold(grades[quotes.Match]))
	for i := range quotes.Hits {
		u.printf("\n")
		u.citation(&quotes.Hits[i].Citation, t)
	}
}
