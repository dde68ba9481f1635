package main

import (
	"context"
	"fmt"

	"verbatim/bot"
	"verbatim/retrieval"
)

// runSummary summarizes an episode in the style asked for.
func runSummary(ctx context.Context, c *call) error {
	l, err := c.openReading(ctx, false)
	if err != nil {
		return err
	}
	defer l.Close()
	id, err := l.oneEpisode(ctx, c)
	if err != nil {
		return err
	}
	if !c.options.json {
		c.noteNoModel()
	}
	p := c.ui.progress("parts read", 1)
	s, err := l.bot.SummarizeAs(ctx, bot.SummaryRequest{
		Scopes: scopes, Episode: id, Style: c.options.style, Extractive: c.options.extractive,
		Progress: func(done, total int) { p.of(total).set(done) },
	})
	p.stop()
	if err != nil {
		return c.hinted(err)
	}
	c.noteWithout(s.Without)
	if c.options.json {
		return c.ui.json(s)
	}
	printSummary(c.ui, s)
	c.noteRemoved(s.Removed, "point")
	return nil
}

func printSummary(u *ui, s *bot.Summary) {
	by := "in the transcript's own words"
	if s.Model != bot.Extractive {
		by = "by " + plain(s.Model) + ", each point checked"
	}
	u.paragraph("", u.boldWords(plain(s.Title)))
	u.paragraph("", u.dimWords(fmt.Sprintf("%s, %s; %d of %s read", styleNames[s.Style], by, s.CoveredLines, count(s.TotalLines, "line"))))
	if len(s.Points) == 0 {
		u.printf("\nNothing but announcements in it.\n")
	}
	for i := range s.Points {
		p := &s.Points[i]
		if i == 0 || s.Style != bot.Chapters || p.Heading != "" {
			u.printf("\n")
		}
		if p.Heading != "" {
			u.paragraph("", u.boldWords(plain(p.Heading)))
		}
		u.paragraph("  - ", plain(p.Text))
		for _, n := range p.Citations {
			cited := &s.Citations[n-1]
			u.paragraph("    ", u.dimWords(where(cited)))
		}
	}
}

var styleNames = map[string]string{
	bot.Brief: "Brief summary", bot.Detailed: "Detailed summary", bot.Chapters: "Chapters", bot.Takeaways: "Takeaways",
}

// where is the place of a citation within its episode.
func where(c *retrieval.Citation) string {
	return place("", c.FirstLine, c.LastLine, c.Start, c.End, c.Speaker)
}
