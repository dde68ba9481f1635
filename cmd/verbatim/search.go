package main

import (
	"context"
	"fmt"
	"math"

	"verbatim/retrieval"
)

// searchHit is a hit as the command line's contract has it.
type searchHit struct {
	Rank      int                 `json:"rank"`
	Score     float64             `json:"score"`
	Episode   retrieval.EpisodeID `json:"episode"`
	FirstLine int                 `json:"first_line"`
	LastLine  int                 `json:"last_line"`
	// Speaker is "" when several speak.
	Speaker string           `json:"speaker"`
	Start   retrieval.Moment `json:"start"`
	End     retrieval.Moment `json:"end"`
	Text    string           `json:"text"`
}

// searchHits are the hits of one query of a batch.
type searchHits struct {
	Hits []searchHit `json:"hits"`
}

// runSearch lists the passages that fit a query best.
func runSearch(ctx context.Context, c *call) error {
	return c.forQueries(ctx, func(l *library, q query) error {
		hits, err := l.bot.Search(ctx, retrieval.Query{Text: q.text, Filter: q.filter, K: c.options.k})
		if err != nil {
			return err
		}
		if c.options.batch != "" {
			return printJSON(c, q, searchHits{newSearchHits(hits)})
		}
		if c.options.json {
			return c.ui.json(newSearchHits(hits))
		}
		return printHits(ctx, c.ui, l, q.text, hits)
	})
}

func newSearchHits(hits []retrieval.Hit) []searchHit {
	list := make([]searchHit, len(hits))
	for i := range hits {
		h := &hits[i]
		list[i] = searchHit{
			Rank: i + 1, Score: math.Round(h.Score*1e6) / 1e6, Episode: h.ID.Episode, FirstLine: h.FirstLine, LastLine: h.LastLine,
			Speaker: oneSpeaker(h.Sentences), Start: h.Start, End: h.End, Text: h.Text(),
		}
	}
	return list
}

// oneSpeaker is who speaks all the sentences, "" when nobody does.
func oneSpeaker(sentences []retrieval.Sentence) string {
	speaker := sentences[0].Speaker
	for i := range sentences {
		if sentences[i].Speaker != speaker {
			return ""
		}
	}
	return speaker
}

// printHits prints of each hit the place and the words that fit best.
func printHits(ctx context.Context, u *ui, l *library, text string, hits []retrieval.Hit) error {
	if len(hits) == 0 {
		u.printf("Nothing found.\n")
		return nil
	}
	list, err := l.List(ctx, retrieval.Filter{Scopes: scopes})
	if err != nil {
		return err
	}
	titles := map[retrieval.EpisodeID]string{}
	for i := range list {
		titles[list[i].ID] = list[i].Title
	}
	t := termsOf(text)
	if err := t.spellings(ctx, l); err != nil {
		return err
	}
	for i := range hits {
		h := &hits[i]
		if i > 0 {
			u.printf("\n")
		}
		words := u.marked(retrieval.JoinSentences(h.Sentences[h.Span.First:h.Span.Last+1]), t)
		if h.Span.First > 0 {
			words = "… " + words
		}
		if h.Span.Last < len(h.Sentences)-1 {
			words += " …"
		}
		u.paragraph(fmt.Sprintf("%3d. ", i+1), words)
		where := place(titles[h.ID.Episode], h.FirstLine, h.LastLine, h.Start, h.End, oneSpeaker(h.Sentences))
		u.paragraph("     ", u.dimWords(fmt.Sprintf("%s%s· score%s%.3f", where, together, together, h.Score)))
	}
	return nil
}
