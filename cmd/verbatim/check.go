package main

import (
	"context"
	"fmt"

	"verbatim/retrieval/local"
)

// health is what check prints as JSON.
type health struct {
	Library  string   `json:"library"`
	Whole    bool     `json:"whole"`
	Problems []string `json:"problems"`
	Episodes int      `json:"episodes"`
	Lines    int      `json:"lines"`
	Passages int      `json:"passages"`
	Vectors  int      `json:"vectors"`
	// Waiting are passages without a vector of the serving model.
	Waiting int    `json:"waiting"`
	Model   string `json:"model"`
	Bytes   int64  `json:"bytes"`
}

// runCheck looks for damage in the library.
func runCheck(ctx context.Context, c *call) error {
	m, err := c.models()
	if err != nil {
		return err
	}
	l, err := c.existing(ctx, m)
	if err != nil {
		return err
	}
	defer l.Close()
	report, err := l.Check(ctx)
	if err != nil {
		return c.hinted(err)
	}
	if c.options.json {
		err = c.ui.json(health{
			Library: c.config.DataDir, Whole: report.Whole(), Problems: append([]string{}, report.Problems...),
			Episodes: report.Episodes, Lines: report.Lines, Passages: report.Passages, Vectors: report.Vectors,
			Waiting: report.Waiting, Model: report.Model, Bytes: report.Bytes,
		})
	} else {
		printReport(c, l, report)
	}
	if err == nil && !report.Whole() {
		return withHint(fmt.Errorf("check library %s: %s", plain(c.config.DataDir), count(len(report.Problems), "problem")), c.libraryHint(local.ErrDamaged))
	}
	return err
}

func printReport(c *call, l *local.Library, r *local.Report) {
	u := c.ui
	for _, p := range r.Problems {
		u.paragraph("- ", plain(p))
	}
	if r.Whole() {
		u.printf("The library in %s is whole.\n", plain(c.config.DataDir))
	}
	u.printf("%s, %s, %s, %s", count(r.Episodes, "episode"), count(r.Lines, "line"), count(r.Passages, "passage"), count(r.Vectors, "vector"))
	u.printf("; %.1f MiB\n", float64(r.Bytes)/(1<<20))
	if r.Model != "" {
		u.printf("Embedding model: %s\n", plain(r.Model))
	}
	if r.Waiting > 0 || l.Stale() {
		u.printf("The vectors are of another model than the configured one: the next add makes them\nanew.\n")
	}
}
