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
		t := &table{u: u, widths: []int{18, 12, 0}}
		t.row("summaries", "points", "of the rubric's points")
		for _, s := range f.Summaries {
			t.row("  "+s.Style, fmt.Sprint(s.Points), s.Covered.String())
		}
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

func printAnswers(u *ui, a *answerFigures) {
	u.printf("\n")
	t := &table{u: u, widths: []int{36, 20, 0}}
	t.row("answers", "", "")
	t.row("  a citation meets the gold", a.Overlap.String(), fmt.Sprintf("of %d that can be answered", a.Answerable))
	t.row("  refused, though it is there", a.AnswerableRefused.String(), "lower is better")
	t.row("  refused, as it is not there", a.UnanswerableRefused.String(), fmt.Sprintf("of %d, higher is better", a.Unanswerable))
	t.row("  citations that meet the gold", a.Precision.String(), "")
	t.row("  citations of an answer", fmt.Sprintf("%.1f", a.PerAnswer.Mean), fmt.Sprintf("at most %d", a.MaxCitations))
	t.row("  citations that are verbatim", a.Verbatim.String(), "")
	t.row("  mentions all that it must", a.MustMention.String(), "")
	t.row("  p50, p95 in ms", fmt.Sprintf("%.1f, %.1f", a.P50, a.P95), "")
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
