package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"verbatim/bot"
	"verbatim/retrieval"
)

const (
	// summaryTime is how long a summary in the transcript's own words may take,
	// modelSummaryTime one by a language model.
	summaryTime      = 20 * time.Second
	modelSummaryTime = 5 * time.Minute
)

// summaryPage is what templates/summary.html shows.
type summaryPage struct {
	frame
	*view
	Style  string
	Styles []summaryStyle
	// Model is the language model that could write it, "" none; ByModel is true
	// where it does.
	Model   string
	ByModel bool
	// Summary makes it. Meanwhile the page says how far it is.
	Summary func() *summaryView
	*parts
}

// summaryStyle is a style with the page of it.
type summaryStyle struct {
	Name, Link string
	Chosen     bool
}

// summaryView is a summary, or what is wrong.
type summaryView struct {
	Problem *failurePage
	// Numbered is true where the order of the points is their weight.
	Numbered bool
	Points   []pointView
	// Cards are those of points that are no quotes.
	Cards []card
	Made  string
	Notes []string
}

// pointView is a point of a summary: a card, where it is the transcript's own
// words, or a sentence.
type pointView struct {
	Heading string
	statement
	Card *card
}

// styleNames are the styles as people choose them.
var styleNames = map[string]string{bot.Brief: "Brief", bot.Detailed: "Detailed", bot.Chapters: "Chapters", bot.Takeaways: "Takeaways"}

// summary is the page of a summary. It is in the transcript's own words unless the
// language model is asked for, since that takes some minutes; then the page says
// how far it is while it is being written.
func (s *Server) summary(w http.ResponseWriter, r *http.Request) {
	v, err := s.open(r.Context(), r)
	style := r.FormValue("style")
	if style == "" {
		style = bot.Brief
	}
	if err == nil && !slices.Contains(bot.Styles, style) {
		err = errNotFound
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	p := &summaryPage{view: v, Style: style, Model: s.options.Model}
	p.ByModel = p.Model != "" && r.FormValue("by") == "model" && isOwnWish(r)
	p.Title, p.Private = styleNames[style]+" summary of “"+titleOf(v.Info.Title, v.Info.ID)+"”", v.Key != ""
	for _, name := range bot.Styles {
		p.Styles = append(p.Styles, summaryStyle{styleNames[name], p.link(name), name == style})
	}
	p.parts = newParts(w)
	request := bot.SummaryRequest{Scopes: v.scopes(), Episode: v.Info.ID, Style: style, Payer: retrieval.Public, Extractive: !p.ByModel}
	request.Progress = func(done, total int) { s.step(p.parts, done, total) }
	p.Summary = func() *summaryView { return s.summarize(r, request, v) }
	s.sendParts(w, r, http.StatusOK, "summary.html", p, p.parts)
}

// step tells within the page how far its summary is.
func (s *Server) step(p *parts, done, total int) {
	if html, err := s.fragment("step", [2]int{done, total}); err == nil {
		p.tell(html)
	}
}

// link is the page of another style.
func (p *summaryPage) link(style string) string {
	query := url.Values{"style": {style}}
	if p.Key != "" {
		query.Set("k", p.Key)
	}
	return "/e/" + url.PathEscape(string(p.Info.ID)) + "/summary?" + query.Encode()
}

// Page is the address of the episode's page.
func (p *summaryPage) Page() string {
	address := "/e/" + url.PathEscape(string(p.Info.ID))
	if p.Key != "" {
		address += "?k=" + url.QueryEscape(p.Key)
	}
	return address
}

// Name is the episode's title.
func (p *summaryPage) Name() string { return titleOf(p.Info.Title, p.Info.ID) }

// StyleName is the style as people choose it.
func (p *summaryPage) StyleName() string { return styleNames[p.Style] }

// summarize makes the summary; it shows what is wrong in its place.
func (s *Server) summarize(r *http.Request, request bot.SummaryRequest, v *view) *summaryView {
	limit := summaryTime
	if !request.Extractive {
		limit = modelSummaryTime
	}
	ctx, cancel := context.WithTimeout(r.Context(), limit)
	defer cancel()
	made, err := s.bot.SummarizeAs(ctx, request)
	if err != nil {
		return &summaryView{Problem: s.problemOf(r, err)}
	}
	return newSummaryView(made, v)
}

// newSummaryView shows a summary. The summary is shared: it is only read.
func newSummaryView(m *bot.Summary, v *view) *summaryView {
	view := &summaryView{Numbered: m.Style == bot.Takeaways}
	cards, _ := newCards(m.Citations, v.Key, nil)
	used := map[int]bool{}
	for _, p := range m.Points {
		point := pointView{Heading: p.Heading, statement: statement{p.Text, p.Citations}}
		if len(p.Citations) == 1 {
			i := slices.IndexFunc(m.Citations, func(c retrieval.Citation) bool { return c.N == p.Citations[0] })
			if i >= 0 && unquoted(p.Text) == m.Citations[i].Quote {
				point.Card, used[p.Citations[0]] = &cards[i], true
			}
		}
		view.Points = append(view.Points, point)
	}
	for _, c := range cards {
		if !used[c.N] {
			view.Cards = append(view.Cards, c)
		}
	}
	view.Made = "In the transcript’s own words"
	if m.Model != "" && m.Model != bot.Extractive {
		view.Made = "Written by " + m.Model + ", each point checked against the transcript"
	}
	if text := withouts[m.Without]; text != "" {
		view.Notes = append(view.Notes, text)
	}
	if m.Removed > 0 {
		view.Notes = append(view.Notes, counted(m.Removed, "point couldn’t be verified and was left out.", "points couldn’t be verified and were left out."))
	}
	read := "All " + thousands(m.TotalLines) + " lines read"
	if m.CoveredLines < m.TotalLines {
		read = thousands(m.CoveredLines) + " of " + thousands(m.TotalLines) + " lines read"
	}
	view.Notes = append(view.Notes, read+".")
	return view
}
