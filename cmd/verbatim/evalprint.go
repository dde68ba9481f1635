package main

import (
	"fmt"
	"strings"

	"verbatim/retrieval/eval"
)

// printFigures prints the figures of a set as tables, the ranges being those
// that hold 95 % of bootstrap resamples.
func printFigures(u *ui, f *figures) {
	u.printf("%s\n", u.bold(fmt.Sprintf("%s: %s, %s", f.Set, count(f.Questions, "question"), count(f.Transcripts, "transcript"))))
	printSearch(u, f.Search)
	if f.Answers != nil {
		printAnswers(u, f.Answers)
	}
	if len(f.Quotes) > 0 {
		u.printf("\n")
		t := &table{u: u, widths: []int{18, 6, 20, 7, 7, 9, 0}}
		t.row("quotes", "", "as it should be", "exact", "close", "meaning", "none")
		for _, g := range f.Quotes {
			t.row("  "+g.Kind, fmt.Sprintf("n=%d", g.Right.N), g.Right.String(), fmt.Sprint(g.Exact), fmt.Sprint(g.Close), fmt.Sprint(g.Meaning), fmt.Sprint(g.None))
		}
	}
	if len(f.Summaries) > 0 {
		u.printf("\n")
		printSummaries(u, f.Summaries)
	}
}

// printSearch prints a column for each mode.
func printSearch(u *ui, modes []searchFigures) {
	if len(modes) == 0 {
		return
	}
	t := &table{u: u, widths: []int{18, 20, 20, 0}}
	row := func(label string, value func(*searchFigures) string) {
		cells := []string{label}
		for i := range modes {
			cells = append(cells, value(&modes[i]))
		}
		t.row(cells...)
	}
	measure := func(label string, value func(*eval.Ranking) eval.Interval) {
		row("  "+label, func(m *searchFigures) string { return value(&m.Ranking).String() })
	}
	row("search", func(m *searchFigures) string { return m.Mode })
	measure("recall@1", func(r *eval.Ranking) eval.Interval { return r.Recall1 })
	measure("recall@3", func(r *eval.Ranking) eval.Interval { return r.Recall3 })
	measure("recall@5", func(r *eval.Ranking) eval.Interval { return r.Recall5 })
	measure("recall@10", func(r *eval.Ranking) eval.Interval { return r.Recall10 })
	measure("MRR", func(r *eval.Ranking) eval.Interval { return r.MRR })
	measure("line-nDCG@10", func(r *eval.Ranking) eval.Interval { return r.LineNDCG })
	measure("reach@50", func(r *eval.Ranking) eval.Interval { return r.Reach50 })
	row("  lines returned", func(m *searchFigures) string { return fmt.Sprintf("%.0f", m.Lines.Mean) })
	row("  p50, p95 in ms", func(m *searchFigures) string { return fmt.Sprintf("%.1f, %.1f", m.P50, m.P95) })
}

// printAnswers prints the figures that concern any question.
func printAnswers(u *ui, a *answerFigures) {
	u.printf("\n")
	t := &table{u: u, widths: []int{36, 20, 0}}
	t.row("answers", "", fmt.Sprintf("%d that can be answered, %d that cannot", a.Answerable, a.Unanswerable))
	for _, f := range eval.AnswerFigures() {
		v, ok := a.Figures[f]
		if !ok {
			continue
		}
		note := map[eval.Better]string{eval.Lower: "lower is better"}[f.Better()]
		switch f {
		case eval.PerAnswer:
			note = fmt.Sprintf("at most %d", a.MaxCitations)
		case eval.FirstToken:
			note = fmt.Sprintf("p50 %.0f, p95 %.0f", a.FirstTokenP50, a.FirstTokenP95)
		case eval.Took:
			note = fmt.Sprintf("p50 %.1f, p95 %.1f", a.P50, a.P95)
		}
		t.row("  "+f.Label(), figureText(f, v), note)
	}
}

// figureText is a figure with its range, as Interval prints shares.
func figureText(f eval.Figure, v eval.Interval) string {
	format := formatOf(f)
	if format == "%.3f" {
		return v.String()
	}
	return fmt.Sprintf(format+" ("+format+"-"+format+")", v.Mean, v.Low, v.High)
}

// printSummaries prints a row for each style, and what to read of the false
// statements.
func printSummaries(u *ui, all []summaryFigures) {
	t := &table{u: u, widths: []int{18, 8, 24, 12, 12, 14, 12, 0}}
	t.row("summaries", "points", "of the rubric's points", "lines read", "that cite", "ALCE p, r", "removed", "false statements suspected")
	for _, s := range all {
		mean := func(f eval.Figure) string { return shortText(f, s.Figures[f]) }
		suspected := 0
		for _, x := range s.Suspicions {
			if x.Suspected {
				suspected++
			}
		}
		t.row("  "+s.Style, fmt.Sprint(s.Points), mean(eval.RubricCovered), mean(eval.LinesRead), mean(eval.Cited),
			mean(eval.CitationPrecision)+", "+mean(eval.CitationRecall), mean(eval.Removed), fmt.Sprintf("%d of %d", suspected, len(s.Suspicions)))
	}
	for _, s := range all {
		for _, x := range s.Suspicions {
			u.printf("\n")
			u.paragraph("  ", plain(fmt.Sprintf("%s, false: %s", s.Style, x.Statement)))
			u.paragraph("  ", plain("the nearest point: "+x.Nearest))
		}
	}
}

// table prints rows whose cells have fixed widths, but for the last.
type table struct {
	u      *ui
	widths []int
}

func (t *table) row(cells ...string) {
	var b strings.Builder
	for i, cell := range cells {
		b.WriteString(cell)
		if i < len(t.widths) {
			b.WriteString(strings.Repeat(" ", max(1, t.widths[i]-columns(cell))))
		}
	}
	t.u.printf("%s\n", strings.TrimRight(b.String(), " "))
}
