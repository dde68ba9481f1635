package eval

import "time"

// Covered is the share of the rubric's points with a line that a citation of
// the summary holds. It does not judge what the summary says of them.
func Covered(points []Point, citations [][2]int) Interval {
	var covered sample
	for _, p := range points {
		covered.addBool(FirstHit(citations, p.Lines) > 0)
	}
	return Bootstrap(covered)
}

// SummaryCase is a summary in one style.
type SummaryCase struct {
	Style string
	// Points are its statements, whose Citations index Citations.
	Points    []Statement
	Citations []Citation
	// Grade is that of the points, nil when they were not graded.
	Grade *CitationGrade
	Use   ModelUse
	// CoveredLines of TotalLines were read.
	CoveredLines, TotalLines int
	Took                     time.Duration
	// Suspicions are what was found for each false statement of the rubric.
	Suspicions []Suspicion
}

// Suspicion is a false statement of a rubric beside what a summary says. No
// program that counts words knows for sure that two sentences say the same, so
// it is given to read.
type Suspicion struct {
	ID        string `json:"id"`
	Statement string `json:"statement"`
	// Nearest is the point that is most like the statement, "" without points.
	Nearest string `json:"nearest"`
	// Suspected says that the words of some point pass for evidence of the
	// statement, by the test that answers are checked by.
	Suspected bool `json:"suspected"`
}

// Scores are what the summary gives to each figure, by the rubric.
func (c *SummaryCase) Scores(rubric *Rubric) Scores {
	s := Scores{}
	var lines [][2]int
	for i := range c.Citations {
		lines = append(lines, c.Citations[i].Lines)
	}
	covered, suspected := 0, 0
	for i := range rubric.Points {
		if FirstHit(lines, rubric.Points[i].Lines) > 0 {
			covered++
		}
	}
	for i := range c.Suspicions {
		if c.Suspicions[i].Suspected {
			suspected++
		}
	}
	s.set(RubricCovered, share(covered, len(rubric.Points)))
	s.set(LinesRead, share(c.CoveredLines, c.TotalLines))
	scoreStatements(s, c.Points, c.Citations, c.Grade)
	scoreVerbatim(s, c.Citations)
	c.Use.score(s)
	s.set(FalseSuspected, share(suspected, len(c.Suspicions)))
	s.set(Took, one(milliseconds(c.Took)))
	return s
}
