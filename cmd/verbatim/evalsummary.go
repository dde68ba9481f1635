package main

import (
	"context"
	"fmt"
	"time"

	"verbatim/bot"
	"verbatim/retrieval"
	"verbatim/retrieval/eval"
)

// summaryFigures are those of a summary in one style.
type summaryFigures struct {
	Style      string                        `json:"style"`
	Points     int                           `json:"points"`
	Model      string                        `json:"model"`
	Removed    int                           `json:"removed"`
	Figures    map[eval.Figure]eval.Interval `json:"figures"`
	Suspicions []eval.Suspicion              `json:"false_statements"`
}

// measureSummaries finds which points of the rubric the styles cite, and what
// of them might say one of its false statements. Points are always checked, so
// that there is nothing to measure of them unverified.
func (c *call) measureSummaries(ctx context.Context, l *setLibrary, set *goldSet, f *figures, out *runFile) error {
	if set.rubric == nil || c.options.unverified {
		return nil
	}
	for _, style := range bot.Styles {
		p := c.ui.progress(set.name+": summary, "+style, 1)
		started := time.Now()
		s, err := l.bot.SummarizeAs(ctx, bot.SummaryRequest{
			Scopes: scopes, Episode: l.episodes[set.rubric.Doc], Style: style, Extractive: c.options.extractive,
			Progress: func(done, total int) { p.of(total).set(done) },
		})
		took := time.Since(started)
		p.stop()
		if err != nil {
			return fmt.Errorf("summary %s: %w", style, err)
		}
		measured, err := l.summaryCase(ctx, s, set.rubric)
		if err != nil {
			return fmt.Errorf("summary %s: %w", style, err)
		}
		measured.Took = took
		scores := measured.Scores(set.rubric)
		figures := map[eval.Figure]eval.Interval{}
		for figure, score := range scores {
			figures[figure] = eval.Ratio([]eval.Score{score})
		}
		f.Summaries = append(f.Summaries, summaryFigures{Style: style, Points: len(s.Points), Model: s.Model, Removed: s.Removed, Figures: figures, Suspicions: measured.Suspicions})
		if err := out.add(summaryRecord(set.name, s, measured, scores)); err != nil {
			return err
		}
	}
	return nil
}

// summaryRecord is the summary as a run keeps it.
func summaryRecord(set string, s *bot.Summary, c *eval.SummaryCase, scores eval.Scores) eval.Record {
	r := eval.Record{
		Kind: eval.RecordSummary, Set: set, ID: s.Style, Asked: true, Found: true, Model: s.Model, Without: string(s.Without), Removed: s.Removed,
		PromptTokens: s.Usage.PromptTokens, ReplyTokens: s.Usage.ReplyTokens, Cost: s.Usage.Cost, TookMS: milliseconds(c.Took),
		Citations: recordCitations(s.Citations), Suspicions: c.Suspicions, Scores: scores,
	}
	for i := range s.Points {
		text := s.Points[i].Text
		if s.Points[i].Heading != "" {
			text = s.Points[i].Heading + ": " + text
		}
		r.Sentences = append(r.Sentences, eval.RecordSentence{Text: text, Citations: s.Points[i].Citations})
	}
	return r
}

// summaryCase is what is measured of a summary.
func (l *setLibrary) summaryCase(ctx context.Context, s *bot.Summary, rubric *eval.Rubric) (*eval.SummaryCase, error) {
	c := &eval.SummaryCase{
		Style: s.Style, CoveredLines: s.CoveredLines, TotalLines: s.TotalLines,
		Use: l.use(s.Model, s.Without, s.Usage), Suspicions: []eval.Suspicion{},
	}
	c.Use.Said, c.Use.Removed = s.Removed, s.Removed
	if c.Use.ByModel {
		c.Use.Said += len(s.Points)
	}
	var err error
	if c.Citations, err = l.citations(ctx, s.Citations); err != nil {
		return nil, err
	}
	for i := range s.Points {
		c.Points = append(c.Points, statement(s.Points[i].Text, s.Points[i].Citations))
	}
	if c.Grade, err = l.grade(ctx, c.Points, s.Citations); err != nil {
		return nil, err
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
// statement, by the program that checks answers.
func (l *setLibrary) suspect(ctx context.Context, f *eval.FalseStatement, s *bot.Summary) (eval.Suspicion, error) {
	suspicion := eval.Suspicion{ID: f.ID, Statement: f.Text}
	known, err := l.List(ctx, retrieval.Filter{Scopes: scopes, Episodes: []retrieval.EpisodeID{s.Episode}})
	if err != nil {
		return suspicion, err
	}
	texts := []string{f.Text}
	for i := range s.Points {
		texts = append(texts, s.Points[i].Text)
	}
	vectors, err := l.static.Embed(ctx, texts)
	if err != nil {
		return suspicion, err
	}
	best := -1.0
	for i, point := range texts[1:] {
		if like := retrieval.Dot(vectors[0], vectors[i+1]); like > best {
			best, suspicion.Nearest = like, point
		}
		v, err := bot.NewVerifier(ctx, l.static, []bot.Source{{N: 1, Sentences: []retrieval.Sentence{{Text: point}}}}, known)
		if err != nil {
			return suspicion, err
		}
		check, err := v.Check(ctx, f.Text, []int{1})
		if err != nil {
			return suspicion, err
		}
		suspicion.Suspected = suspicion.Suspected || check.OK()
	}
	return suspicion, nil
}
