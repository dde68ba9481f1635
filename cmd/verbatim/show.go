package main

import (
	"context"
	"fmt"
	"strings"

	"verbatim/retrieval"
)

// shownEpisode is a transcript as the contract has it.
type shownEpisode struct {
	ID          retrieval.EpisodeID `json:"id"`
	Title       string              `json:"title"`
	Show        string              `json:"show"`
	Date        string              `json:"date"`
	Description string              `json:"description"`
	AudioURL    string              `json:"audio_url"`
	Format      string              `json:"format"`
	Lines       []retrieval.Line    `json:"lines"`
}

// runShow prints a transcript.
func runShow(ctx context.Context, c *call) error {
	l, err := c.openReading(ctx, false)
	if err != nil {
		return err
	}
	defer l.Close()
	id, err := l.oneEpisode(ctx, c)
	if err != nil {
		return err
	}
	e, err := l.Episode(ctx, retrieval.Public, id)
	if err != nil {
		return c.hinted(err)
	}
	if c.options.json {
		return c.ui.json(shownEpisode{
			ID: e.ID, Title: e.Title, Show: e.Show, Date: e.DateString(), Description: e.Description,
			AudioURL: e.AudioURL, Format: e.Format, Lines: append([]retrieval.Line{}, e.Lines...),
		})
	}
	printEpisode(c.ui, e)
	return nil
}

func printEpisode(u *ui, e *retrieval.Episode) {
	u.paragraph("", u.boldWords(plain(e.Title)))
	about := []string{}
	for _, s := range []string{e.Show, e.DateString(), e.Format, count(e.TotalLines, "line")} {
		if s != "" {
			about = append(about, plain(s))
		}
	}
	u.paragraph("", u.dimWords(strings.Join(about, " · ")))
	if e.Description != "" {
		u.printf("\n")
		u.paragraph("", plain(e.Description))
	}
	marked := false
	for i := range e.Lines {
		marked = marked || e.Lines[i].Boilerplate
	}
	if marked {
		u.printf("\n")
		u.paragraph("", u.dimWords("Lines with a ~ are announcements: they can be quoted, but answer nothing."))
	}
	u.printf("\n")
	number := len(fmt.Sprint(e.TotalLines))
	timed := e.Timed()
	speaker := ""
	for i := range e.Lines {
		line := &e.Lines[i]
		head := fmt.Sprintf("%*d ", number, line.N)
		if timed {
			head += fmt.Sprintf("%8s ", line.Start)
		}
		mark := " "
		if line.Boilerplate {
			mark = "~"
		}
		text := plain(line.Text)
		if line.Speaker != speaker && line.Speaker != "" {
			text = u.boldWords(plain(line.Speaker)+":") + " " + text
		}
		speaker = line.Speaker
		u.paragraph(u.dim(head+mark)+" ", text)
	}
}
