package web

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"verbatim/bot"
	"verbatim/retrieval"
)

const (
	// maxFound is how many places are shown.
	maxFound = 20
	// findTime is how long a search may take.
	findTime = 10 * time.Second
)

// findResult is what was found in an episode.
type findResult struct {
	Words string
	// Grade is that asked for, "" the best that finds anything.
	Grade string
	// Match is the grade of the hits, "" when there are none.
	Match string
	Hits  []foundPlace
	// More is true when there may be more places.
	More bool
	// Problem is what is wrong with the words, in place of hits.
	Problem string
}

// foundPlace is a place where the words stand.
type foundPlace struct {
	Link, Numbers string
	Start         retrieval.Moment
	Speaker       string
	Parts         []markedPart
}

// markedPart is a part of the transcript's words, marked where they are those
// looked for.
type markedPart struct {
	Text string
	Mark bool
}

// findGrades are the choices of a search.
var findGrades = []struct{ Value, Name string }{
	{"", "Best match"}, {bot.MatchExact, "Exact words"}, {bot.MatchClose, "Nearly these words"}, {bot.MatchMeaning, "Same meaning"},
}

// FindGrades are the choices, with the one made.
func (p *episodePage) FindGrades() []findGrade {
	list := make([]findGrade, len(findGrades))
	for i, g := range findGrades {
		list[i] = findGrade{g.Value, g.Name, p.Find != nil && p.Find.Grade == g.Value}
	}
	return list
}

type findGrade struct {
	Value, Name string
	Chosen      bool
}

// find looks words up in an episode. What is wrong with the words is no error.
func (t *transcripts) find(ctx context.Context, v *view, words, grade string) (*findResult, error) {
	f := &findResult{Words: strings.Join(strings.Fields(strings.ToValidUTF8(words, "")), " ")}
	if slices.Contains([]string{bot.MatchExact, bot.MatchClose, bot.MatchMeaning}, grade) {
		f.Grade = grade
	}
	ctx, cancel := context.WithTimeout(ctx, findTime)
	defer cancel()
	only := retrieval.Filter{Scopes: v.scopes(), Episodes: []retrieval.EpisodeID{v.Info.ID}}
	q, err := t.bot.FindQuoteGrade(ctx, f.Words, only, f.Grade, maxFound)
	switch {
	case errors.Is(err, bot.ErrNothing):
		f.Problem = "Type a word or a few to look for."
		return f, nil
	case errors.Is(err, bot.ErrLongQuote):
		f.Problem = "That is too long to be looked up. A sentence or two of it will do."
		return f, nil
	case err != nil:
		return nil, err
	}
	f.Match, f.More = q.Match, len(q.Hits) == maxFound
	for i := range q.Hits {
		f.Hits = append(f.Hits, v.place(f, &q.Hits[i]))
	}
	return f, nil
}

// place is a hit as the page shows it.
func (v *view) place(f *findResult, h *bot.QuoteHit) foundPlace {
	also := url.Values{"find": {f.Words}}
	if f.Grade != "" {
		also.Set("grade", f.Grade)
	}
	return foundPlace{
		Link:    linesLink(v.Key, also, h.FirstLine, h.LastLine),
		Numbers: numbers(h.FirstLine, h.LastLine), Start: h.Start, Speaker: h.Speaker, Parts: markedParts(h),
	}
}

// markedParts are the sentences that the words stand in.
func markedParts(h *bot.QuoteHit) []markedPart {
	var parts []markedPart
	add := func(text string, mark bool) {
		if text != "" {
			parts = append(parts, markedPart{text, mark})
		}
	}
	add(h.Before, false)
	at := 0
	for _, bold := range h.Bold {
		add(h.Quote[at:bold[0]], false)
		add(h.Quote[bold[0]:bold[1]], true)
		at = bold[1]
	}
	add(h.Quote[at:], false)
	add(h.After, false)
	return parts
}

// Says is what was found, in a sentence.
func (f *findResult) Says() string {
	switch f.Match {
	case bot.MatchExact:
		return "Said in exactly these words."
	case bot.MatchClose:
		return "Said in nearly these words."
	case bot.MatchMeaning:
		return "Not said in these words. This comes nearest in meaning."
	}
	switch f.Grade {
	case bot.MatchExact:
		return "Not said here in exactly these words."
	case bot.MatchClose:
		return "Not said here in these words, nor nearly."
	case bot.MatchMeaning:
		return "Nothing here says much the same in other words."
	}
	return "Not said here: not in these words, nor nearly, nor in others."
}
