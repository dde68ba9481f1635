package web

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"verbatim/bot"
	"verbatim/retrieval"
)

// maxQuotes is how many places a look-up in all episodes shows.
const maxQuotes = 20

// quotePage is what templates/quote.html shows.
type quotePage struct {
	frame
	findResult
	// Looked is true when words were looked up.
	Looked bool
	Cards  []card
	// From is the title of the episode that all places are in, "" for several.
	From   string
	Grades []findGrade
}

// quote looks words up in all public episodes.
func (s *Server) quote(w http.ResponseWriter, r *http.Request) {
	p := &quotePage{findResult: findResult{Words: oneLine(r.FormValue("words"))}}
	for _, g := range findGrades {
		chosen := g.Value == r.FormValue("grade")
		p.Grades = append(p.Grades, findGrade{g.Value, g.Name, chosen})
		if chosen {
			p.Grade = g.Value
		}
	}
	p.Title = "Look up a quote"
	status := http.StatusOK
	if p.Words != "" && r.Method != http.MethodHead {
		p.Title, p.Looked = "“"+shortened(p.Words)+"”", true
		if err := s.lookUp(r.Context(), p); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	if p.Problem != "" {
		status = http.StatusBadRequest
	}
	s.render(w, r, status, "quote.html", p)
}

// lookUp fills in what was found. What is wrong with the words is no error.
func (s *Server) lookUp(ctx context.Context, p *quotePage) error {
	ctx, cancel := context.WithTimeout(ctx, findTime)
	defer cancel()
	q, err := s.bot.FindQuoteGrade(ctx, p.Words, retrieval.Filter{Scopes: []retrieval.Scope{retrieval.Public}}, p.Grade, maxQuotes)
	switch {
	case errors.Is(err, bot.ErrNothing):
		p.Problem = "Type a word or a few to look for."
		return nil
	case errors.Is(err, bot.ErrLongQuote):
		p.Problem = "That is too long to be looked up. A sentence or two of it will do."
		return nil
	case err != nil:
		return err
	}
	p.Match, p.More = q.Match, len(q.Hits) == maxQuotes
	citations := make([]retrieval.Citation, len(q.Hits))
	for i := range q.Hits {
		citations[i] = q.Hits[i].Citation
	}
	p.Cards, p.From = newCards(citations, "", nil)
	for i := range p.Cards {
		p.Cards[i].Parts = markedParts(&q.Hits[i])
	}
	return nil
}

// around is the lines around a citation, as a part of a page to be shown beside.
func (s *Server) around(w http.ResponseWriter, r *http.Request) {
	v, err := s.open(r.Context(), r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	first, last, ok := parseLineRange(r.FormValue("l"))
	if !ok || last > v.Info.TotalLines {
		s.fail(w, r, errNotFound)
		return
	}
	a, err := s.bot.Context(r.Context(), v.scopes(), bot.EpisodeRef{Scope: v.Info.Scope, ID: v.Info.ID}, first, last, 0)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	html, err := s.fragment("around", newAroundView(a, v.Key))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.pageHeaders(w, &frame{Private: v.Key != ""})
	w.Write([]byte(html))
}

// aroundView is lines around a citation as templates/cited.html shows them.
type aroundView struct {
	Card  card
	Turns []aroundTurn
	// Before and After are true where the episode goes on.
	Before, After bool
}

// aroundTurn is what one speaker says in a row.
type aroundTurn struct {
	Speaker string
	Parts   []aroundPart
}

// aroundPart is a line, Cited or not.
type aroundPart struct {
	Text  string
	Start retrieval.Moment
	Cited bool
}

func newAroundView(a *bot.Around, key string) *aroundView {
	c := retrieval.Citation{Episode: a.Info.ID, Title: a.Info.Title, Scope: a.Info.Scope, FirstLine: a.First, LastLine: a.Last}
	if i := slices.IndexFunc(a.Lines, func(l retrieval.Line) bool { return l.N >= a.First }); i >= 0 {
		c.Start = a.Lines[i].Start
		c.URL = retrieval.AudioAt(a.Info.AudioURL, c.Start)
	}
	v := &aroundView{Card: newCard(&c, key, nil), Before: a.HasBefore, After: a.HasAfter}
	for i := range a.Lines {
		l := &a.Lines[i]
		if last := len(v.Turns) - 1; last < 0 || v.Turns[last].Speaker != l.Speaker {
			v.Turns = append(v.Turns, aroundTurn{Speaker: l.Speaker})
		}
		turn := &v.Turns[len(v.Turns)-1]
		turn.Parts = append(turn.Parts, aroundPart{l.Text, l.Start, a.First <= l.N && l.N <= a.Last})
	}
	return v
}
