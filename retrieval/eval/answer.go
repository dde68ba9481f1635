package eval

import (
	"time"
)

// AnswerCase is one question and what the program answered.
type AnswerCase struct {
	Question Question
	// Found is false when the program said that the answer is not there.
	Found bool
	Text  string
	// Citations are those of the answer, in order; of a refusal, the nearest
	// moments.
	Citations []Citation
	// Statements are the sentences of the answer, none of a refusal.
	Statements []Statement
	// Grade is that of the statements, nil when they were not graded.
	Grade *CitationGrade
	Use   ModelUse
	// Took is the time from the question to the answer.
	Took time.Duration
}

// ModelUse is what a language model did for an answer or a summary.
type ModelUse struct {
	// Asked says that there was one, ByModel that the sentences are its,
	// FellBack that they are not since it failed.
	Asked, ByModel, FellBack bool
	// Said is how many sentences it made, also where others were shown instead,
	// Removed how many of them were not shown, for whatever reason.
	Said, Removed int
	// Tokens and Cost are what it used.
	Tokens int
	Cost   float64
	// FirstToken is the time to its first word, 0 without one.
	FirstToken time.Duration
}

// Citation is what is measured of a citation.
type Citation struct {
	Lines [2]int
	// Quote is the words shown, Text those of the lines as the transcript has
	// them.
	Quote, Text string
}

// Scores are what the question gives to each figure.
func (c *AnswerCase) Scores() Scores {
	s := Scores{}
	scoreVerbatim(s, c.Citations)
	s.set(Took, one(milliseconds(c.Took)))
	if c.Found {
		c.scoreAnswer(s)
	}
	if c.Question.Answerable() {
		c.scoreGold(s)
	} else {
		s.set(UnanswerableRefused, truth(!c.Found))
	}
	c.Use.score(s)
	return s
}

// scoreAnswer scores what is measured of answers given.
func (c *AnswerCase) scoreAnswer(s Scores) {
	s.set(PerAnswer, one(float64(len(c.Citations))))
	scoreStatements(s, c.Statements, c.Citations, c.Grade)
}

// scoreStatements scores how sentences cite.
func scoreStatements(s Scores, statements []Statement, citations []Citation, grade *CitationGrade) {
	cited, verbatim, quoted := 0, 0, 0
	for i := range statements {
		statement := &statements[i]
		if len(statement.Citations) > 0 {
			cited++
		}
		text := ""
		for _, n := range statement.Citations {
			text += citations[n].Text + "\n"
		}
		for _, words := range Quoted(statement.Text) {
			quoted++
			if Says(text, words) {
				verbatim++
			}
		}
	}
	s.set(Cited, share(cited, len(statements)))
	s.set(VerbatimQuotes, share(verbatim, quoted))
	if grade != nil {
		s.set(CitationRecall, one(grade.Recall))
		s.set(CitationPrecision, one(grade.Precision))
	}
}

// scoreVerbatim scores whether citations quote what is there.
func scoreVerbatim(s Scores, citations []Citation) {
	verbatim := 0
	for i := range citations {
		if Verbatim(citations[i].Quote, citations[i].Text) {
			verbatim++
		}
	}
	s.set(VerbatimCitations, share(verbatim, len(citations)))
}

// scoreGold compares with the gold of an answerable question.
func (c *AnswerCase) scoreGold(s Scores) {
	s.set(AnswerableRefused, truth(!c.Found))
	met := 0
	if c.Found {
		for i := range c.Citations {
			if overlapsAny(c.Citations[i].Lines, c.Question.Lines) {
				met++
			}
		}
		s.set(GoldPrecision, share(met, len(c.Citations)))
	}
	s.set(GoldMet, truth(met > 0))
	if len(c.Question.MustMention) > 0 {
		s.set(MustMention, truth(c.Found && MentionsAll(c.Text, c.Question.MustMention)))
	}
}

// score scores what the model did.
func (u *ModelUse) score(s Scores) {
	if !u.Asked {
		return
	}
	s.set(Removed, share(u.Removed, u.Said))
	s.set(Fallbacks, truth(u.FellBack))
	s.set(Tokens, one(float64(u.Tokens)))
	if u.Cost > 0 {
		s.set(Cost, one(u.Cost))
	}
	if u.FirstToken > 0 {
		s.set(FirstToken, one(milliseconds(u.FirstToken)))
	}
}

// milliseconds rounds to microseconds.
func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// Answers is what Answer measures.
type Answers struct {
	Answerable   int `json:"answerable"`
	Unanswerable int `json:"unanswerable"`
	// Figures are those that concern any of the questions.
	Figures map[Figure]Interval `json:"figures"`
	// MaxCitations is the most citations of one answer.
	MaxCitations int `json:"max_citations"`
	// P50 and P95 are of the time to the answer, the others of that to the
	// model's first word, where there was one.
	P50           time.Duration `json:"-"`
	P95           time.Duration `json:"-"`
	FirstTokenP50 time.Duration `json:"-"`
	FirstTokenP95 time.Duration `json:"-"`
}

// Answer measures answers and refusals.
func Answer(cases []AnswerCase) Answers {
	a := Answers{}
	var took, first []time.Duration
	scores := make([]Scores, len(cases))
	for i := range cases {
		c := &cases[i]
		scores[i] = c.Scores()
		took = append(took, c.Took)
		if c.Use.FirstToken > 0 {
			first = append(first, c.Use.FirstToken)
		}
		a.MaxCitations = max(a.MaxCitations, len(c.Citations))
		if c.Question.Answerable() {
			a.Answerable++
		} else {
			a.Unanswerable++
		}
	}
	a.Figures = figuresOf(scores)
	a.P50, a.P95 = Percentile(took, 50), Percentile(took, 95)
	a.FirstTokenP50, a.FirstTokenP95 = Percentile(first, 50), Percentile(first, 95)
	return a
}

// figuresOf joins the scores of questions to figures.
func figuresOf(scores []Scores) map[Figure]Interval {
	byFigure := map[Figure][]Score{}
	for _, s := range scores {
		for f, v := range s {
			byFigure[f] = append(byFigure[f], v)
		}
	}
	figures := map[Figure]Interval{}
	for f, list := range byFigure {
		figures[f] = Ratio(list)
	}
	return figures
}
