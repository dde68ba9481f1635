package eval

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Question is one line of a gold file: a question, a query or a quote to look
// up.
type Question struct {
	// ID is unique within the set.
	ID string
	// Doc is the file name of the transcript.
	Doc   string
	Query string
	// Answer is the reference answer, "" where the set has none.
	Answer string
	// Lines hold the answer; none where the transcript does not hold it.
	Lines [][2]int
	// Group is the question's type, domain or kind (the first that the set
	// gives), for separate figures; for quotes it is one of the Kind
	// constants.
	Group string
	// History is the turns before a follow-up question.
	History []Turn
	// MustMention entries must each occur in a right answer, see [Mentions].
	MustMention []string
	// Verdict is what a yes/no or either/or answer must come to, or "".
	Verdict string
	// Near are lines that tempt to a wrong answer where there is none.
	Near [][2]int
}

// Turn is a question and its answer earlier in a conversation.
type Turn struct {
	Question string `json:"q"`
	Answer   string `json:"a"`
}

// Answerable reports whether the transcript holds the answer.
func (q *Question) Answerable() bool { return len(q.Lines) > 0 }

// goldLine is a line of a gold file as it is written.
type goldLine struct {
	ID          string   `json:"id"`
	Doc         string   `json:"doc"`
	Query       string   `json:"query"`
	Question    string   `json:"question"`
	Answer      string   `json:"answer"`
	Lines       [][2]int `json:"lines"`
	Type        string   `json:"type"`
	Domain      string   `json:"domain"`
	Kind        string   `json:"kind"`
	History     []Turn   `json:"history"`
	MustMention []string `json:"must_mention"`
	Verdict     string   `json:"verdict"`
	Answerable  *bool    `json:"answerable"`
	Near        [][2]int `json:"near"`
}

// ReadGold reads a gold file: one JSON object a line, blank lines skipped,
// unknown fields ignored. An error names its line; no questions come with it.
func ReadGold(r io.Reader) ([]Question, error) {
	var questions []Question
	seen := make(map[string]bool)
	reader := bufio.NewReader(r)
	for n := 1; ; n++ {
		line, err := reader.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return nil, fmt.Errorf("read gold: line %d: %w", n, err)
		}
		if text := bytes.TrimSpace(line); len(text) > 0 {
			q, parseErr := parseGold(text)
			if parseErr == nil && seen[q.ID] {
				parseErr = fmt.Errorf("id %q is there twice", q.ID)
			}
			if parseErr != nil {
				return nil, fmt.Errorf("read gold: line %d: %w", n, parseErr)
			}
			seen[q.ID] = true
			questions = append(questions, q)
		}
		if err == io.EOF {
			break
		}
	}
	if len(questions) == 0 {
		return nil, errors.New("read gold: no questions")
	}
	return questions, nil
}

func parseGold(text []byte) (Question, error) {
	var g goldLine
	if err := json.Unmarshal(text, &g); err != nil {
		return Question{}, err
	}
	q := Question{
		ID: g.ID, Doc: g.Doc, Query: cmp.Or(g.Query, g.Question), Answer: g.Answer, Lines: g.Lines,
		Group: cmp.Or(g.Type, g.Domain, g.Kind), History: g.History, MustMention: g.MustMention, Verdict: g.Verdict, Near: g.Near,
	}
	switch {
	case q.ID == "":
		return Question{}, errors.New("no id")
	case q.Doc == "":
		return Question{}, errors.New("no doc")
	case q.Query == "":
		return Question{}, errors.New("no query")
	case g.Answerable != nil && *g.Answerable != q.Answerable():
		return Question{}, fmt.Errorf("answerable is %t with %d line ranges", *g.Answerable, len(q.Lines))
	}
	if err := checkRanges(q.Lines); err != nil {
		return Question{}, err
	}
	return q, checkRanges(q.Near)
}

func checkRanges(ranges [][2]int) error {
	for _, r := range ranges {
		if r[0] < 1 || r[1] < r[0] {
			return fmt.Errorf("lines %d to %d are no range", r[0], r[1])
		}
	}
	return nil
}

// Rubric says what a summary of one transcript must and must not hold.
type Rubric struct {
	Doc    string  `json:"doc"`
	Points []Point `json:"must_contain"`
	// False statements contradict the transcript.
	False []FalseStatement `json:"false_statements"`
}

// Point is something that a good summary says, with the lines that say it.
type Point struct {
	ID    string   `json:"id"`
	Text  string   `json:"point"`
	Lines [][2]int `json:"lines"`
}

// FalseStatement is something that a summary must not say, with the lines that
// tell otherwise.
type FalseStatement struct {
	ID             string   `json:"id"`
	Text           string   `json:"statement"`
	ContradictedBy [][2]int `json:"contradicted_by"`
}

// ReadRubric reads a rubric, one JSON object.
func ReadRubric(r io.Reader) (*Rubric, error) {
	var rubric Rubric
	if err := json.NewDecoder(r).Decode(&rubric); err != nil {
		return nil, fmt.Errorf("read rubric: %w", err)
	}
	if rubric.Doc == "" || len(rubric.Points) == 0 {
		return nil, errors.New("read rubric: no doc or no points")
	}
	for _, p := range rubric.Points {
		if len(p.Lines) == 0 {
			return nil, fmt.Errorf("read rubric: point %s: no lines", p.ID)
		}
		if err := checkRanges(p.Lines); err != nil {
			return nil, fmt.Errorf("read rubric: point %s: %w", p.ID, err)
		}
	}
	return &rubric, nil
}
