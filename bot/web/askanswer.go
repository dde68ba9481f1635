package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"verbatim/bot"
	"verbatim/retrieval"
)

// answerView is an answer as templates/cited.html shows it, or what is wrong.
type answerView struct {
	// Problem is shown in place of an answer, nil for none.
	Problem  *failurePage
	Question string
	// Understood is what was searched for where the question hangs on others.
	Understood string
	Found      bool
	// Refusal says that there is no answer, Reason why; "" where there is one.
	Refusal, Reason string
	// Sentences are what is said; none where the cards say it themselves.
	Sentences []statement
	// Made says who wrote the answer, Notes what else there is to say about it.
	Made  string
	Notes []string
	// From is the title of the episode that all cards are from, "" for several.
	From  string
	Cards []card
	// Asked are the questions a follow-up would follow; Inquiry is where to.
	Asked   []string
	Inquiry *inquiry
}

// statement is a sentence with its marks.
type statement struct {
	Text  string
	Marks []int
}

// card is a citation with the ways to where it was said.
type card struct {
	N     int
	Parts []markedPart
	// Title is that of the episode, "" where it stands above all cards.
	Title   string
	Numbers string
	Start   retrieval.Moment
	Speaker string
	// Page opens the lines in the transcript, Around are those around them
	// alone, to be shown beside. Audio plays from there, "" unknown.
	Page, Around, Audio string
}

// newCard shows a citation; key is the signed part of links to its episode, the
// terms of named are marked.
func newCard(c *retrieval.Citation, key string, named []string) card {
	query := url.Values{}
	if key != "" {
		query.Set("k", key)
	}
	lines := bot.LineRange(c.FirstLine, c.LastLine)
	query.Set("l", lines)
	path := "/e/" + url.PathEscape(string(c.Episode))
	k := card{
		N: c.N, Parts: namedParts(c.Quote, named), Title: titleOf(c.Title, c.Episode), Numbers: numbers(c.FirstLine, c.LastLine),
		Start: c.Start, Speaker: c.Speaker, Page: path + "?" + query.Encode() + "#" + lines, Around: path + "/around?" + query.Encode(),
	}
	if originOf(c.URL) != "" {
		k.Audio = c.URL
	}
	return k
}

// newCards are the cards of citations. Where all are of one episode its title is
// returned, and on none of them.
func newCards(citations []retrieval.Citation, key string, named []string) (cards []card, from string) {
	one := len(citations) > 0
	for i := range citations {
		c := &citations[i]
		one = one && c.Scope == citations[0].Scope && c.Episode == citations[0].Episode
		cards = append(cards, newCard(c, key, named))
	}
	if !one {
		return cards, ""
	}
	from = cards[0].Title
	for i := range cards {
		cards[i].Title = ""
	}
	return cards, from
}

// namedParts parts a text at the words whose stems are among the terms.
func namedParts(text string, terms []string) []markedPart {
	var parts []markedPart
	at := 0
	for _, token := range retrieval.Tokens(text) {
		if !slices.Contains(terms, retrieval.Stem(token.Word)) {
			continue
		}
		last := len(parts) - 1
		if between := text[at:token.Start]; last >= 0 && strings.Trim(between, " -’'") == "" {
			parts[last].Text += between + text[token.Start:token.End] // neighbours are one
		} else {
			if between != "" {
				parts = append(parts, markedPart{between, false})
			}
			parts = append(parts, markedPart{text[token.Start:token.End], true})
		}
		at = token.End
	}
	if at < len(text) {
		parts = append(parts, markedPart{text[at:], false})
	}
	return parts
}

// newAnswerView shows an answer.
func newAnswerView(a *bot.Answer, in *inquiry) *answerView {
	v := &answerView{Question: a.Question, Found: a.Found, Inquiry: in}
	v.Asked = append(slices.Clone(in.Before), in.Text)
	if a.Standalone != "" && a.Standalone != a.Question {
		v.Understood = a.Standalone
		v.Asked = []string{a.Standalone}
	}
	v.Asked = v.Asked[max(0, len(v.Asked)-maxBefore):]
	var named []string
	if a.Found && a.Model == bot.Extractive {
		named = a.Named
	}
	v.Cards, v.From = newCards(a.Citations, in.Key(), named)
	if text := withouts[a.Without]; text != "" {
		v.Notes = append(v.Notes, text)
	}
	if !a.Found {
		v.Refusal = "Not in these episodes"
		if a.One {
			v.Refusal = "Not in this episode"
		}
		v.Reason = reasonOf(a.Why)
		return v
	}
	switch {
	case a.Model == bot.Extractive && isQuotes(a):
		v.Made = "In the transcript’s own words"
	case a.Model == bot.Extractive:
		v.Made, v.Sentences = "Counted in the transcripts", statementsOf(a.Sentences)
	default:
		v.Made, v.Sentences = "Written by "+a.Model+" from the passages below, each sentence checked against them", statementsOf(a.Sentences)
	}
	v.Notes = append(v.Notes, notShown(a)...)
	return v
}

// isQuotes reports whether the sentences of an answer are what it cites, word for
// word, so that showing them twice would say nothing.
func isQuotes(a *bot.Answer) bool {
	said := map[string]bool{}
	for i := range a.Citations {
		said[a.Citations[i].Quote] = true
	}
	return !slices.ContainsFunc(a.Sentences, func(s bot.AnswerSentence) bool { return !said[unquoted(s.Text)] })
}

// unquoted is a text without quotation marks around it.
func unquoted(text string) string { return strings.TrimSuffix(strings.TrimPrefix(text, "“"), "”") }

func statementsOf(sentences []bot.AnswerSentence) []statement {
	list := make([]statement, len(sentences))
	for i, s := range sentences {
		list[i] = statement{strings.TrimSpace(s.Text), s.Citations}
	}
	return list
}

// withouts say why no model made an answer.
var withouts = map[bot.Fallback]string{
	bot.FallbackDown: "The language model can’t be reached right now.", bot.FallbackBusy: "The language model has too many questions just now.",
	bot.FallbackSlow: "The language model took too long.", bot.FallbackBudget: "Today’s budget for the language model is used up.",
	bot.FallbackUnsupported: "What the language model said couldn’t be verified.", bot.FallbackBeside: "The language model found no answer to the point.",
}

// notShown says what of an answer is not shown.
func notShown(a *bot.Answer) []string {
	var notes []string
	if a.Removed > 0 {
		notes = append(notes, counted(a.Removed, "sentence couldn’t be verified and was left out.", "sentences couldn’t be verified and were left out."))
	}
	if a.Beside > 0 {
		notes = append(notes, counted(a.Beside, "sentence beside the point was left out.", "sentences beside the point were left out."))
	}
	if c := a.Covered; c.Read < c.Total {
		notes = append(notes, fmt.Sprintf("Read for this: %s of %s passages, the likeliest ones.", thousands(c.Read), thousands(c.Total)))
	}
	if left := a.Covered.Left; left > 0 {
		notes = append(notes, fmt.Sprintf("The first %d are given here; %s", len(a.Sentences), counted(left, "more was found.", "more were found.")))
	}
	return notes
}

// counted is a number with the words for one or for several.
func counted(n int, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + several
}

// reasons are the texts for kinds of reasons; %s are the words that they are
// about.
var reasons = map[bot.ReasonKind]string{
	bot.ReasonNothing: "Nothing like it was found.", bot.ReasonNotSpokenOf: "There’s no mention of %s.", bot.ReasonNoNumber: "No number is given for that.",
	bot.ReasonNoFuture: "Nobody looks ahead to that.", bot.ReasonThin: "Too little is said about that.", bot.ReasonNobody: "Nobody called %s speaks there.",
	bot.ReasonNoShow: "There’s no episode of a show called %s.", bot.ReasonNoDates: "There’s no episode from those dates.",
}

// reasonOf says why there is no answer, "" when that is not known.
func reasonOf(why bot.Reason) string {
	text := reasons[why.Kind]
	if !strings.Contains(text, "%s") {
		return text
	}
	if len(why.Words) == 0 {
		return reasons[bot.ReasonNothing]
	}
	var quoted []string
	for _, word := range why.Words[:min(len(why.Words), 5)] {
		quoted = append(quoted, "“"+word+"”")
	}
	if last := len(quoted) - 1; last > 0 {
		return fmt.Sprintf(text, strings.Join(quoted[:last], ", ")+" or "+quoted[last])
	}
	return fmt.Sprintf(text, quoted[0])
}
