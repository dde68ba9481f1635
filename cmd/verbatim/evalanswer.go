package main

import (
	"context"
	"fmt"
	"maps"
	"time"

	"verbatim/bot"
	"verbatim/bot/model"
	"verbatim/retrieval"
	"verbatim/retrieval/eval"
)

// answerFigures are those of a set's answers.
type answerFigures struct {
	eval.Answers
	P50           float64 `json:"p50_ms"`
	P95           float64 `json:"p95_ms"`
	FirstTokenP50 float64 `json:"first_token_p50_ms"`
	FirstTokenP95 float64 `json:"first_token_p95_ms"`
}

// measureAnswers asks each question about its own document, completes its
// record and writes it. Turns before a question are not told: ask knows no
// conversation.
func (c *call) measureAnswers(ctx context.Context, l *setLibrary, questions []eval.Question, records []eval.Record, out *runFile, p *progress) (*answerFigures, error) {
	cases := make([]eval.AnswerCase, len(questions))
	for i := range questions {
		q := &questions[i]
		p.set(i)
		started := time.Now()
		answer, err := c.reply(ctx, l.bot, bot.Question{Text: q.Query, Filter: l.filter(q), Extractive: c.options.extractive, Unverified: c.options.unverified})
		took := time.Since(started)
		if err != nil {
			return nil, fmt.Errorf("question %s: %w", q.ID, err)
		}
		if cases[i], err = l.answerCase(ctx, q, answer); err != nil {
			return nil, fmt.Errorf("question %s: %w", q.ID, err)
		}
		cases[i].Took = took
		maps.Copy(records[i].Scores, cases[i].Scores())
		tell(&records[i], answer, took)
		if err := out.add(records[i]); err != nil {
			return nil, err
		}
	}
	a := eval.Answer(cases)
	return &answerFigures{
		Answers: a, P50: milliseconds(a.P50), P95: milliseconds(a.P95),
		FirstTokenP50: milliseconds(a.FirstTokenP50), FirstTokenP95: milliseconds(a.FirstTokenP95),
	}, nil
}

// tell puts what was answered into a record.
func tell(r *eval.Record, a *bot.Answer, took time.Duration) {
	r.Asked, r.Found, r.Text, r.Model, r.Without, r.Removed = true, a.Found, a.Answer, a.Model, string(a.Without), a.Removed
	r.Beside = a.Beside
	r.PromptTokens, r.ReplyTokens, r.Cost = a.Usage.PromptTokens, a.Usage.ReplyTokens, a.Usage.Cost
	r.FirstTokenMS, r.TookMS = milliseconds(a.FirstToken), milliseconds(took)
	for i := range a.Sentences {
		r.Sentences = append(r.Sentences, eval.RecordSentence{Text: a.Sentences[i].Text, Citations: a.Sentences[i].Citations})
	}
	r.Citations = recordCitations(a.Citations)
}

func recordCitations(citations []retrieval.Citation) []eval.RecordCitation {
	var list []eval.RecordCitation
	for i := range citations {
		c := &citations[i]
		list = append(list, eval.RecordCitation{N: c.N, Lines: [2]int{c.FirstLine, c.LastLine}, Quote: c.Quote})
	}
	return list
}

// answerCase is what is measured of an answer.
func (l *setLibrary) answerCase(ctx context.Context, q *eval.Question, a *bot.Answer) (eval.AnswerCase, error) {
	c := eval.AnswerCase{Question: *q, Found: a.Found, Text: a.Answer, Use: l.use(a.Model, a.Without, a.Usage)}
	c.Use.Said, c.Use.Removed, c.Use.FirstToken = a.Claims, a.Removed+a.Beside, a.FirstToken
	var err error
	if c.Citations, err = l.citations(ctx, a.Citations); err != nil || !a.Found {
		return c, err
	}
	for i := range a.Sentences {
		c.Statements = append(c.Statements, statement(a.Sentences[i].Text, a.Sentences[i].Citations))
	}
	c.Grade, err = l.grade(ctx, c.Statements, a.Citations)
	return c, err
}

// use is what the language model did.
func (l *setLibrary) use(by string, without bot.Fallback, usage model.Usage) eval.ModelUse {
	return eval.ModelUse{
		Asked: l.chat != nil, ByModel: by != bot.Extractive, FellBack: without != bot.FallbackNone,
		Tokens: usage.Tokens(), Cost: usage.Cost,
	}
}

// statement is a sentence with its citations, which are numbered from 1 in
// their order.
func statement(text string, numbers []int) eval.Statement {
	s := eval.Statement{Text: text}
	for _, n := range numbers {
		s.Citations = append(s.Citations, n-1)
	}
	return s
}

// citations are the citations with the text of their lines.
func (l *setLibrary) citations(ctx context.Context, list []retrieval.Citation) ([]eval.Citation, error) {
	var all []eval.Citation
	for i := range list {
		c := &list[i]
		if c.N != i+1 {
			return nil, fmt.Errorf("citation %d has the number %d", i+1, c.N)
		}
		text, err := l.textOf(ctx, c)
		if err != nil {
			return nil, err
		}
		all = append(all, eval.Citation{Lines: [2]int{c.FirstLine, c.LastLine}, Quote: c.Quote, Text: text})
	}
	return all, nil
}

// grade grades statements by the program's own test of support.
func (l *setLibrary) grade(ctx context.Context, statements []eval.Statement, cited []retrieval.Citation) (*eval.CitationGrade, error) {
	grade, err := eval.GradeCitations(statements, func(statement string, citations []int) (bool, error) {
		var read []retrieval.Citation
		for _, n := range citations {
			read = append(read, cited[n])
		}
		return l.bot.Supports(ctx, statement, read)
	})
	return &grade, err
}

// textOf is the text of the lines that a citation names.
func (l *setLibrary) textOf(ctx context.Context, c *retrieval.Citation) (string, error) {
	lines, err := l.Lines(ctx, c.Scope, c.Episode, c.FirstLine, c.LastLine)
	text := ""
	for i := range lines {
		text += lines[i].Text + "\n"
	}
	return text, err
}
