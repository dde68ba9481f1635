package main

import (
	"context"
	"fmt"
	"time"

	"verbatim/retrieval"
	"verbatim/retrieval/eval"
)

// modes are the modes of search by their names, in the order of the table.
var modes = []struct {
	name string
	mode retrieval.Mode
}{
	{"hybrid", retrieval.Hybrid},
	{"bm25", retrieval.LexicalOnly},
	{"vectors", retrieval.VectorsOnly},
}

// figures are what eval measures of one set.
type figures struct {
	Set         string `json:"set"`
	Questions   int    `json:"questions"`
	Transcripts int    `json:"transcripts"`
	// Embedding is the model of the vectors.
	Embedding string            `json:"embedding"`
	Search    []searchFigures   `json:"search"`
	Answers   *answerFigures    `json:"answers,omitempty"`
	Quotes    []eval.QuoteGrade `json:"quotes,omitempty"`
	Summaries []summaryFigures  `json:"summaries,omitempty"`
}

// searchFigures are those of one mode.
type searchFigures struct {
	Mode string `json:"mode"`
	eval.Ranking
	P50 float64 `json:"p50_ms"`
	P95 float64 `json:"p95_ms"`
}

// runEval measures the program against sets of questions.
func runEval(ctx context.Context, c *call) error {
	var sets []goldSet
	for _, path := range c.args {
		found, err := findSets(path)
		if err != nil {
			return err
		}
		sets = append(sets, found...)
	}
	m, err := c.models()
	if err != nil {
		return err
	}
	all := make([]*figures, len(sets))
	for i := range sets {
		if all[i], err = c.measure(ctx, &sets[i], m); err != nil {
			return c.hinted(err)
		}
		if !c.options.json {
			if i > 0 {
				c.ui.printf("\n")
			}
			printFigures(c.ui, all[i])
		}
	}
	if c.options.json {
		return c.ui.json(all)
	}
	return nil
}

// measure runs one set.
func (c *call) measure(ctx context.Context, set *goldSet, m *models) (*figures, error) {
	l, err := set.load(ctx, c, m)
	if err != nil {
		return nil, err
	}
	defer l.Close()
	f := &figures{Set: set.name, Questions: len(set.questions), Transcripts: len(l.episodes), Embedding: m.configured.Model()}
	for _, mode := range modes {
		if c.options.mode != "all" && c.options.mode != mode.name {
			continue
		}
		p := c.ui.progress(set.name+": "+mode.name, len(set.questions))
		ranking, err := measureSearch(ctx, l, set.questions, mode.mode, p)
		p.stop()
		if err != nil {
			return nil, fmt.Errorf("eval %s: %w", set.name, err)
		}
		f.Search = append(f.Search, searchFigures{Mode: mode.name, Ranking: ranking, P50: milliseconds(ranking.P50), P95: milliseconds(ranking.P95)})
	}
	if set.answers {
		p := c.ui.progress(set.name+": answers", len(set.questions))
		f.Answers, err = c.measureAnswers(ctx, l, set.questions, p)
		p.stop()
		if err != nil {
			return nil, fmt.Errorf("eval %s: %w", set.name, err)
		}
	}
	if f.Quotes, err = measureQuotes(ctx, l, set.quotes); err == nil {
		f.Summaries, err = c.measureSummaries(ctx, l, set.rubric)
	}
	if err != nil {
		return nil, fmt.Errorf("eval %s: %w", set.name, err)
	}
	return f, nil
}

// milliseconds rounds to microseconds.
func milliseconds(d time.Duration) float64 {
	return float64(d.Microseconds()) / 1000
}

// measureSearch searches for each question in its own document. The vector of
// the question is part of the time.
func measureSearch(ctx context.Context, l *setLibrary, questions []eval.Question, mode retrieval.Mode, p *progress) (eval.Ranking, error) {
	cases := make([]eval.RankCase, len(questions))
	for i := range questions {
		q := &questions[i]
		p.set(i)
		started := time.Now()
		hits, err := l.bot.Search(ctx, retrieval.Query{Text: q.Query, Filter: l.filter(q), K: 10, Mode: mode})
		if err != nil {
			return eval.Ranking{}, fmt.Errorf("question %s: %w", q.ID, err)
		}
		cases[i] = eval.RankCase{Gold: q.Lines, Took: time.Since(started)}
		for j := range hits {
			cases[i].Hits = append(cases[i].Hits, [2]int{hits[j].FirstLine, hits[j].LastLine})
		}
	}
	return eval.Rank(cases), nil
}

func measureQuotes(ctx context.Context, l *setLibrary, quotes []eval.Question) ([]eval.QuoteGrade, error) {
	cases := make([]eval.QuoteCase, len(quotes))
	for i := range quotes {
		q := &quotes[i]
		found, err := l.bot.FindQuote(ctx, q.Query, l.filter(q), 0)
		if err != nil {
			return nil, fmt.Errorf("quote %s: %w", q.ID, err)
		}
		cases[i] = eval.QuoteCase{Kind: q.Group, Gold: q.Lines, Match: found.Match}
		for j := range found.Hits {
			cases[i].Hits = append(cases[i].Hits, [2]int{found.Hits[j].FirstLine, found.Hits[j].LastLine})
		}
	}
	return eval.Quote(cases), nil
}
