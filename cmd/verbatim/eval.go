package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
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

// compareWord in the place of the first GOLD sets runs side by side.
const compareWord = "compare"

// runEval measures the program against sets of questions.
func runEval(ctx context.Context, c *call) error {
	if c.args[0] == compareWord {
		return c.compareRuns(c.args[1:])
	}
	if c.options.unverified && (c.config.Chat.Model == "" || c.options.extractive) {
		return &usageError{message: "eval: -unverified without a language model", hint: "set CHAT_MODEL, and leave -extractive out"}
	}
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
	out, err := c.newRunFile(sets, m)
	if err != nil {
		return err
	}
	all := make([]*figures, len(sets))
	for i := range sets {
		if all[i], err = c.measure(ctx, &sets[i], m, out); err != nil {
			return errors.Join(c.hinted(err), out.close())
		}
		if !c.options.json {
			if i > 0 {
				c.ui.printf("\n")
			}
			printFigures(c.ui, all[i])
		}
	}
	if err := out.close(); err != nil {
		return err
	}
	if c.options.json {
		return c.ui.json(all)
	}
	return nil
}

// measure runs one set, and writes what it finds into out.
func (c *call) measure(ctx context.Context, set *goldSet, m *models, out *runFile) (*figures, error) {
	l, err := set.load(ctx, c, m)
	if err != nil {
		return nil, err
	}
	defer l.Close()
	f := &figures{Set: set.name, Questions: len(set.questions), Transcripts: len(l.episodes), Embedding: m.configured.Model()}
	for _, step := range []func(context.Context, *setLibrary, *goldSet, *figures, *runFile) error{
		c.measureQuestions, c.measureQuotes, c.measureSummaries,
	} {
		if err := step(ctx, l, set, f, out); err != nil {
			return nil, fmt.Errorf("eval %s: %w", set.name, err)
		}
	}
	return f, nil
}

// measureQuestions searches for the questions, and asks those that are to be
// asked.
func (c *call) measureQuestions(ctx context.Context, l *setLibrary, set *goldSet, f *figures, out *runFile) error {
	records := make([]eval.Record, len(set.questions))
	for i := range records {
		q := &set.questions[i]
		records[i] = eval.Record{Kind: eval.RecordQuestion, Set: set.name, ID: q.ID, Group: q.Group, Scores: eval.Scores{}}
	}
	for _, mode := range modes {
		if c.options.mode != "all" && c.options.mode != mode.name {
			continue
		}
		p := c.ui.progress(set.name+": "+mode.name, len(set.questions))
		cases, err := searchAll(ctx, l, set.questions, mode.mode, p)
		p.stop()
		if err != nil {
			return err
		}
		for i := range cases {
			maps.Copy(records[i].Scores, cases[i].Scores(mode.name))
		}
		ranking := eval.Rank(cases)
		f.Search = append(f.Search, searchFigures{Mode: mode.name, Ranking: ranking, P50: milliseconds(ranking.P50), P95: milliseconds(ranking.P95)})
	}
	if !set.answers && !c.options.answers {
		return out.add(records...)
	}
	p := c.ui.progress(set.name+": answers", len(set.questions))
	defer p.stop()
	var err error
	f.Answers, err = c.measureAnswers(ctx, l, set.questions, records, out, p)
	return err
}

// milliseconds rounds to microseconds.
func milliseconds(d time.Duration) float64 {
	return float64(d.Microseconds()) / 1000
}

// searchAll searches for each question in its own document. The vector of the
// question is part of the time.
func searchAll(ctx context.Context, l *setLibrary, questions []eval.Question, mode retrieval.Mode, p *progress) ([]eval.RankCase, error) {
	cases := make([]eval.RankCase, len(questions))
	for i := range questions {
		q := &questions[i]
		p.set(i)
		started := time.Now()
		hits, err := l.bot.Search(ctx, retrieval.Query{Text: q.Query, Filter: l.filter(q), K: 10, Mode: mode})
		if err != nil {
			return nil, fmt.Errorf("question %s: %w", q.ID, err)
		}
		cases[i] = eval.RankCase{Gold: q.Lines, Took: time.Since(started)}
		for j := range hits {
			cases[i].Hits = append(cases[i].Hits, [2]int{hits[j].FirstLine, hits[j].LastLine})
		}
	}
	return cases, nil
}

// measureQuotes looks the set's quotes up.
func (c *call) measureQuotes(ctx context.Context, l *setLibrary, set *goldSet, f *figures, out *runFile) error {
	cases := make([]eval.QuoteCase, len(set.quotes))
	for i := range set.quotes {
		q := &set.quotes[i]
		found, err := l.bot.FindQuote(ctx, q.Query, l.filter(q), 0)
		if err != nil {
			return fmt.Errorf("quote %s: %w", q.ID, err)
		}
		cases[i] = eval.QuoteCase{Kind: q.Group, Gold: q.Lines, Match: found.Match}
		r := eval.Record{Kind: eval.RecordQuote, Set: set.name, ID: q.ID, Group: q.Group, Asked: true, Found: found.Found, Text: found.Match}
		for j := range found.Hits {
			h := &found.Hits[j]
			cases[i].Hits = append(cases[i].Hits, [2]int{h.FirstLine, h.LastLine})
			r.Citations = append(r.Citations, eval.RecordCitation{N: j + 1, Lines: [2]int{h.FirstLine, h.LastLine}, Quote: h.Quote})
		}
		r.Scores = cases[i].Scores()
		if err := out.add(r); err != nil {
			return err
		}
	}
	f.Quotes = eval.Quote(cases)
	return nil
}
