package main

import (
	"context"
	"fmt"

	"verbatim/bot"
	"verbatim/retrieval"
	"verbatim/retrieval/eval"
)

// summaryFigures are those of a summary in one style.
type summaryFigures struct {
	Style      string                        `json:"style"`
	Points     int                           `json:"points"`
	Figures    map[eval.Figure]eval.Interval `json:"figures"`
	Suspicions []eval.Suspicion              `json:"false_statements"`
}

// measureSummaries finds which points of the rubric the styles cite, and what
// of them might say one of its false statements.
func (c *call) measureSummaries(ctx context.Context, l *setLibrary, rubric *eval.Rubric) ([]summaryFigures, error) {
	if rubric == nil {
		return nil, nil
	}
	var all []summaryFigures
	for _, style := range bot.Styles {
		p := c.ui.progress("summary: "+style, 1)
		s, err := l.bot.SummarizeAs(ctx, bot.SummaryRequest{
			Scopes: scopes, Episode: l.episodes[rubric.Doc], Style: style, Extractive: c.options.extractive,
			Progress: func(done, total int) { p.of(total).set(done) },
		})
		p.stop()
		if err != nil {
			return nil, fmt.Errorf("summary %s: %w", style, err)
		}
		measured, err := l.summaryCase(ctx, s, rubric)
		if err != nil {
			return nil, fmt.Errorf("summary %s: %w", style, err)
		}
		figures := map[eval.Figure]eval.Interval{}
		for f, score := range measured.Scores(rubric) {
			figures[f] = eval.Ratio([]eval.Score{score})
		}
		all = append(all, summaryFigures{Style: style, Points: len(s.Points), Figures: figures, Suspicions: measured.Suspicions})
	}
	return all, nil
}

// summaryCase is what is measured of a summary.
func (l *setLibrary) summaryCase(ctx context.Context, s *bot.Summary, rubric *eval.Rubric) (*eval.SummaryCase, error) {
	c := &eval.SummaryCase{Style: s.Style, CoveredLines: s.CoveredLines, TotalLines: s.TotalLines, Suspicions: []eval.Suspicion{}}
	for i := range s.Citations {
		c.Lines = append(c.Lines, [2]int{s.Citations[i].FirstLine, s.Citations[i].LastLine})
	}
	for i := range s.Points {
		statement := eval.Statement{Text: s.Points[i].Text}
		for _, n := range s.Points[i].Citations {
			statement.Citations = append(statement.Citations, n-1)
		}
		c.Points = append(c.Points, statement)
	}
	for i := range rubric.False {
		suspicion, err := l.suspect(ctx, &rubric.False[i], s)
		if err != nil {
			return nil, err
		}
		c.Suspicions = append(c.Suspicions, suspicion)
	}
	return c, nil
}

// suspect looks for points whose own words would pass for evidence of a false
// statement.
func (l *setLibrary) suspect(ctx context.Context, f *eval.FalseStatement, s *bot.Summary) (eval.Suspicion, error) {
	suspicion := eval.Suspicion{ID: f.ID, Statement: f.Text}
	texts := []string{f.Text}
	for i := range s.Points {
		texts = append(texts, s.Points[i].Text)
	}
	vectors, err := l.static.Embed(ctx, texts)
	if err != nil {
		return suspicion, err
	}
	best := -1.0
	for i := range s.Points {
		if like := retrieval.Dot(vectors[0], vectors[i+1]); like > best {
			best, suspicion.Nearest = like, s.Points[i].Text
		}
		supports := l.supports()
		if supports == nil {
			continue
		}
		says, err := supports(ctx, f.Text, []retrieval.Citation{{Scope: retrieval.Public, Episode: s.Episode, Quote: s.Points[i].Text}})
		if err != nil {
			return suspicion, err
		}
		suspicion.Suspected = suspicion.Suspected || says
	}
	return suspicion, nil
}
