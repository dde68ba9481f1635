package main

import (
	"context"
	"fmt"
	"time"

	"verbatim/bot"
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

type answerFigures struct {
	eval.Answers
	P50 float64 `json:"p50_ms"`
	P95 float64 `json:"p95_ms"`
}

// summaryFigures say how many of the rubric's points a style cites.
type summaryFigures struct {
	Style   string        `json:"style"`
	Points  int           `json:"points"`
	Covered eval.Interval `json:"covered"`
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
		answers, err := measureAnswers(ctx, l, set.questions)
		if err != nil {
			return nil, fmt.Errorf("eval %s: %w", set.name, err)
		}
		f.Answers = &answerFigures{Answers: answers, P50: milliseconds(answers.P50), P95: milliseconds(answers.P95)}
	}
	if f.Quotes, err = measureQuotes(ctx, l, set.quotes); err == nil {
		f.Summaries, err = measureSummaries(ctx, l, set.rubric)
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

// measureAnswers asks each question about its own document. Turns before it
// are not told: ask knows no conversation.
func measureAnswers(ctx context.Context, l *setLibrary, questions []eval.Question) (eval.Answers, error) {
	cases := make([]eval.AnswerCase, len(questions))
	for i := range questions {
		q := &questions[i]
		started := time.Now()
		answer, err := l.bot.Ask(ctx, q.Query, l.filter(q))
		if err != nil {
			return eval.Answers{}, fmt.Errorf("question %s: %w", q.ID, err)
		}
		cases[i] = eval.AnswerCase{Question: *q, Found: answer.Found, Text: answer.Answer, Took: time.Since(started)}
		for j := range answer.Citations {
			cited := &answer.Citations[j]
			verbatim, err := l.isVerbatim(ctx, cited)
			if err != nil {
				return eval.Answers{}, err
			}
			cases[i].Citations = append(cases[i].Citations, eval.Citation{Lines: [2]int{cited.FirstLine, cited.LastLine}, Verbatim: verbatim})
		}
	}
	return eval.Answer(cases), nil
}

// isVerbatim reports whether the quoted words stand in the lines cited.
func (l *setLibrary) isVerbatim(ctx context.Context, c *retrieval.Citation) (bool, error) {
	lines, err := l.Lines(ctx, c.Scope, c.Episode, c.FirstLine, c.LastLine)
	if err != nil {
		return false, err
	}
	text := ""
	for i := range lines {
		text += lines[i].Text + "\n"
	}
	return eval.Verbatim(c.Quote, text), nil
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

// measureSummaries finds which points of the rubric the styles cite.
func measureSummaries(ctx context.Context, l *setLibrary, rubric *eval.Rubric) ([]summaryFigures, error) {
	if rubric == nil {
		return nil, nil
	}
	var all []summaryFigures
	for _, style := range bot.Styles {
		s, err := l.bot.Summarize(ctx, scopes, l.episodes[rubric.Doc], style)
		if err != nil {
			return nil, err
		}
		var lines [][2]int
		for i := range s.Citations {
			lines = append(lines, [2]int{s.Citations[i].FirstLine, s.Citations[i].LastLine})
		}
		all = append(all, summaryFigures{Style: style, Points: len(s.Points), Covered: eval.Covered(rubric.Points, lines)})
	}
	return all, nil
}
