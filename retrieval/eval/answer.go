package eval

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// AnswerCase is one question and what the program answered.
type AnswerCase struct {
	Question Question
	// Found is false when the program said that the answer is not there.
	Found bool
	Text  string
	// Citations are those of the answer, in order.
	Citations []Citation
	// Took is the time from the question to the answer.
	Took time.Duration
}

// Citation is what is measured of a citation.
type Citation struct {
	Lines [2]int
	// Verbatim is whether its words stand in those lines, see [Verbatim].
	Verbatim bool
}

// Answers is what Answer measures.
type Answers struct {
	Answerable   int `json:"answerable"`
	Unanswerable int `json:"unanswerable"`
	// AnswerableRefused is the share of answerable questions that were
	// refused: lower is better.
	AnswerableRefused Interval `json:"answerable_refused"`
	// UnanswerableRefused is the share of unanswerable questions that were
	// refused: higher is better.
	UnanswerableRefused Interval `json:"unanswerable_refused"`
	// Overlap is the share of answerable questions, refused ones among them,
	// with a citation that shares a line with the gold.
	Overlap Interval `json:"citation_overlap"`
	// Precision is the share of citations of answered answerable questions
	// that share a line with the gold.
	Precision Interval `json:"citation_precision"`
	// PerAnswer is the number of citations of an answer that was given.
	PerAnswer Interval `json:"citations_per_answer"`
	// MaxCitations is the most citations of one answer.
	MaxCitations int `json:"max_citations"`
	// Verbatim is the share of all citations whose words stand in their lines.
	Verbatim Interval `json:"verbatim"`
	// MustMention is the share of answerable questions with such entries,
	// refused ones among them, whose answer mentions every one.
	MustMention Interval      `json:"must_mention"`
	P50, P95    time.Duration `json:"-"`
}

// Answer measures answers and refusals.
func Answer(cases []AnswerCase) Answers {
	var a Answers
	var refused, rightlyRefused, overlaps, precision, perAnswer, verbatim, mentions sample
	var took []time.Duration
	for _, c := range cases {
		took = append(took, c.Took)
		for _, citation := range c.Citations {
			verbatim.addBool(citation.Verbatim)
		}
		a.MaxCitations = max(a.MaxCitations, len(c.Citations))
		if c.Found {
			perAnswer.add(float64(len(c.Citations)))
		}
		if !c.Question.Answerable() {
			a.Unanswerable++
			rightlyRefused.addBool(!c.Found)
			continue
		}
		a.Answerable++
		refused.addBool(!c.Found)
		met := false
		if c.Found {
			for _, citation := range c.Citations {
				right := overlapsAny(citation.Lines, c.Question.Lines)
				precision.addBool(right)
				met = met || right
			}
		}
		overlaps.addBool(met)
		if len(c.Question.MustMention) > 0 {
			mentions.addBool(c.Found && MentionsAll(c.Text, c.Question.MustMention))
		}
	}
	a.AnswerableRefused, a.UnanswerableRefused = Bootstrap(refused), Bootstrap(rightlyRefused)
	a.Overlap, a.Precision, a.PerAnswer = Bootstrap(overlaps), Bootstrap(precision), Bootstrap(perAnswer)
	a.Verbatim, a.MustMention = Bootstrap(verbatim), Bootstrap(mentions)
	a.P50, a.P95 = Percentile(took, 50), Percentile(took, 95)
	return a
}

// Verbatim reports whether the quote stands in the text, runs of white space
// counting as one space in both. Nothing else is forgiven. An empty quote
// stands nowhere.
func Verbatim(quote, text string) bool {
	quote = strings.Join(strings.Fields(quote), " ")
	return quote != "" && strings.Contains(strings.Join(strings.Fields(text), " "), quote)
}

// MentionsAll reports whether the text mentions every entry.
func MentionsAll(text string, entries []string) bool {
	for _, e := range entries {
		if !Mentions(text, e) {
			return false
		}
	}
	return true
}

// Mentions reports whether any of the entry's alternatives, parted by "|",
// occurs in the text at the start of a word: after neither letter nor digit.
// Upper and lower case are the same, runs of white space are one space.
func Mentions(text, entry string) bool {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	for alternative := range strings.SplitSeq(entry, "|") {
		if mentionsOne(text, strings.ToLower(strings.TrimSpace(alternative))) {
			return true
		}
	}
	return false
}

func mentionsOne(text, words string) bool {
	if words == "" {
		return false
	}
	for from := 0; ; {
		i := strings.Index(text[from:], words)
		if i < 0 {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(text[:from+i])
		if from+i == 0 || !unicode.IsLetter(before) && !unicode.IsDigit(before) {
			return true
		}
		_, size := utf8.DecodeRuneInString(text[from+i:])
		from += i + size
	}
}

// Covered is the share of the rubric's points with a line that a citation of
// the summary holds. It does not judge what the summary says of them.
func Covered(points []Point, citations [][2]int) Interval {
	var covered sample
	for _, p := range points {
		covered.addBool(FirstHit(citations, p.Lines) > 0)
	}
	return Bootstrap(covered)
}
