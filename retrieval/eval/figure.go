package eval

import (
	"slices"
	"strings"
)

// Figure is one thing that is measured, by its name in files.
type Figure string

// The figures of answers.
const (
	// AnswerableRefused is the share of answerable questions that were
	// refused, UnanswerableRefused that of the others.
	AnswerableRefused   Figure = "answerable_refused"
	UnanswerableRefused Figure = "unanswerable_refused"
	// GoldMet is the share of answerable questions, refused ones among them,
	// with a citation that shares a line with the gold.
	GoldMet Figure = "gold_met"
	// GoldPrecision is the share of citations of answered answerable questions
	// that share a line with the gold. No part of the program has a say in it.
	GoldPrecision Figure = "gold_precision"
	// CitationRecall and CitationPrecision are ALCE's, see [GradeCitations]:
	// means over the answers given.
	CitationRecall    Figure = "citation_recall"
	CitationPrecision Figure = "citation_precision"
	// Cited is the share of sentences, or points, that cite anything.
	Cited Figure = "cited"
	// VerbatimCitations is the share of all citations, those of refusals among
	// them, whose quote stands in their lines, see [Verbatim].
	VerbatimCitations Figure = "verbatim_citations"
	// VerbatimQuotes is the share of the quoted passages within sentences that
	// stand in what the sentence cites, see [Quoted].
	VerbatimQuotes Figure = "verbatim_quotes"
	// Removed is the share of the language model's sentences that were not
	// shown: those that could not be verified and those beside the question,
	// also where something else was shown in place of all of them.
	Removed Figure = "removed"
	// Fallbacks is the share of questions that no language model answered,
	// though there was one.
	Fallbacks Figure = "fallbacks"
	// MustMention is the share of answerable questions with such entries,
	// refused ones among them, whose answer mentions every one.
	MustMention Figure = "must_mention"
	// PerAnswer is the number of citations of an answer that was given.
	PerAnswer Figure = "citations_per_answer"
	// Tokens and Cost are what the language model used for a question.
	Tokens Figure = "tokens"
	Cost   Figure = "cost"
	// FirstToken and Took are milliseconds from the question.
	FirstToken Figure = "first_token_ms"
	Took       Figure = "took_ms"
)

// The figures of look-up and of summaries.
const (
	// QuoteRight is the share of quotes that were found as they should be, see
	// [QuoteGrade].
	QuoteRight Figure = "quote_right"
	// RubricCovered is the share of a rubric's points that the citations of a
	// summary meet, LinesRead that of the episode's lines that were read.
	RubricCovered Figure = "rubric_covered"
	LinesRead     Figure = "lines_read"
	// FalseSuspected is the share of a rubric's false statements that the words
	// of some point might bear out: to be read by a person.
	FalseSuspected Figure = "false_suspected"
)

// Better says which way a figure is better.
type Better int

// The ways.
const (
	Neither Better = iota
	Higher
	Lower
)

// description is what people are told of a figure.
type description struct {
	figure Figure
	label  string
	better Better
}

// descriptions are of all figures, in the order of tables.
var descriptions = []description{
	{GoldMet, "a citation meets the gold", Higher},
	{AnswerableRefused, "refused, though it is there", Lower},
	{UnanswerableRefused, "refused, as it is not there", Higher},
	{GoldPrecision, "citations that meet the gold", Higher},
	{CitationPrecision, "citation precision (ALCE)", Higher},
	{CitationRecall, "citation recall (ALCE)", Higher},
	{Cited, "sentences that cite", Higher},
	{VerbatimCitations, "citations that are verbatim", Higher},
	{VerbatimQuotes, "quoted words that are verbatim", Higher},
	{MustMention, "mentions all that it must", Higher},
	{Removed, "sentences removed", Neither},
	{Fallbacks, "answered without the model", Neither},
	{PerAnswer, "citations of an answer", Neither},
	{Tokens, "tokens of a question", Lower},
	{Cost, "cost of a question", Lower},
	{FirstToken, "first token, mean in ms", Lower},
	{Took, "answer, mean in ms", Lower},
	{QuoteRight, "quotes found as they should be", Higher},
	{RubricCovered, "of the rubric's points", Higher},
	{LinesRead, "of the lines read", Higher},
	{FalseSuspected, "false statements suspected", Lower},
}

// AnswerFigures are the figures of answers in the order of tables.
func AnswerFigures() []Figure {
	var figures []Figure
	for _, d := range descriptions {
		if d.figure == QuoteRight {
			break
		}
		figures = append(figures, d.figure)
	}
	return figures
}

// Label is what the figure is called in tables.
func (f Figure) Label() string {
	if i := f.rank(); i < len(descriptions) {
		return descriptions[i].label
	}
	return string(f)
}

// Better says which way the figure is better.
func (f Figure) Better() Better {
	if i := f.rank(); i < len(descriptions) {
		return descriptions[i].better
	}
	if strings.Contains(string(f), " ") { // of search, see [RankCase.Scores]
		return Higher
	}
	return Neither
}

// rank is the figure's place in tables; figures that are not known, such as
// those of a later version, come last.
func (f Figure) rank() int {
	i := slices.IndexFunc(descriptions, func(d description) bool { return d.figure == f })
	if i < 0 {
		return len(descriptions)
	}
	return i
}

// Scores are those of one question by figure; what does not concern it is not
// there.
type Scores map[Figure]Score

// set keeps a score that concerns the question.
func (s Scores) set(f Figure, v Score) {
	if v.N > 0 {
		s[f] = v
	}
}
