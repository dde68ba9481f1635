package web

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"verbatim/bot"
	"verbatim/retrieval"
)

const (
	// maxQuestion is the longest question, in characters.
	maxQuestion = 1000
	// maxBefore is how many questions before it a follow-up may name.
	maxBefore = 3
	// answerTime is how long an answer may take.
	answerTime = 2 * time.Minute
)

// askRoutes serves the first page, and what is asked and looked up on it.
func (s *Server) askRoutes(mux *http.ServeMux) {
	answer, quote, summary := s.costly(s.home), s.costly(s.quote), s.costly(s.summary)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		if asks(r) {
			answer(w, r)
			return
		}
		s.home(w, r)
	})
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, errNotFound) })
	mux.HandleFunc("POST /ask/stream", s.costly(s.askStream))
	mux.HandleFunc("GET /quote", func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodHead && strings.TrimSpace(r.FormValue("words")) != "" {
			quote(w, r)
			return
		}
		s.quote(w, r)
	})
	mux.HandleFunc("GET /e/{episode}/summary", summary)
	mux.HandleFunc("GET /e/{episode}/around", s.around)
}

// asks reports whether the request for the first page is for an answer.
func asks(r *http.Request) bool {
	return r.Method != http.MethodHead && strings.TrimSpace(r.FormValue("q")) != "" && isOwnWish(r)
}

// isOwnWish reports whether a visitor wants this page, as far as his browser says:
// no other site made it open the page, nor does it fetch one in advance. So no
// site can have its visitors spend what answers cost here.
func isOwnWish(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return (site == "" || site == "none" || site == "same-origin") && !strings.Contains(r.Header.Get("Sec-Purpose"), "prefetch")
}

// inquiry is a question as it was sent.
type inquiry struct {
	Text string
	// Before are the questions that it follows, oldest first.
	Before []string
	// View is the episode asked about, nil for all public ones.
	View *view
}

// errLongQuestion is a question longer than maxQuestion.
var errLongQuestion = errors.New("the question is too long")

// readInquiry reads a question with what belongs to it. With errLongQuestion
// comes the inquiry as well.
func (s *Server) readInquiry(ctx context.Context, r *http.Request) (*inquiry, error) {
	in := &inquiry{Text: oneLine(r.FormValue("q"))}
	if id := r.FormValue("episode"); id != "" {
		var err error
		if in.View, err = s.openEpisode(ctx, retrieval.EpisodeID(id), r.FormValue("k")); err != nil {
			return nil, err
		}
	}
	for _, before := range r.Form["before"] {
		if before = oneLine(before); before != "" && utf8.RuneCountInString(before) <= maxQuestion {
			in.Before = append(in.Before, before)
		}
	}
	in.Before = in.Before[max(0, len(in.Before)-maxBefore):]
	if utf8.RuneCountInString(in.Text) > maxQuestion {
		return in, errLongQuestion
	}
	return in, nil
}

// oneLine is a text that was typed, with single spaces and nothing that cannot be
// seen.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, " "))
	return strings.Join(strings.Fields(text), " ")
}

// Key is the signed part of the link to the episode asked about, "" for none.
func (in *inquiry) Key() string {
	if in.View == nil {
		return ""
	}
	return in.View.Key
}

// Link is the address of the first page with this question.
func (in *inquiry) Link() string {
	query := url.Values{"q": {in.Text}}
	if len(in.Before) > 0 {
		query["before"] = in.Before
	}
	if in.View != nil {
		query.Set("episode", string(in.View.Info.ID))
		if in.View.Key != "" {
			query.Set("k", in.View.Key)
		}
	}
	return "/?" + query.Encode()
}

// question is what the bot is asked. The pages have a budget of their own.
func (in *inquiry) question() bot.Question {
	q := bot.Question{Text: in.Text, Filter: retrieval.Filter{Scopes: []retrieval.Scope{retrieval.Public}}, Payer: retrieval.Public}
	if in.View != nil {
		q.Filter.Scopes, q.Filter.Episodes = in.View.scopes(), []retrieval.EpisodeID{in.View.Info.ID}
	}
	for _, before := range in.Before {
		q.History = append(q.History, bot.Turn{Question: before})
	}
	return q
}

// reply answers the inquiry; it shows what is wrong in the place of an answer.
func (s *Server) reply(r *http.Request, in *inquiry, draft func(bot.Draft)) *answerView {
	ctx, cancel := context.WithTimeout(r.Context(), answerTime)
	defer cancel()
	q := in.question()
	q.Draft = draft
	a, err := s.bot.Reply(ctx, q)
	if err != nil {
		return &answerView{Question: in.Text, Problem: s.problemOf(r, err)}
	}
	return newAnswerView(a, in)
}

// problemOf says what people are told of an error within a page, and tells the
// operator what it was.
func (s *Server) problemOf(r *http.Request, err error) *failurePage {
	if errors.Is(err, errLongQuestion) {
		return &failurePage{What: "That question is too long.", Try: fmt.Sprintf("Put it in at most %s characters.", thousands(maxQuestion))}
	}
	status, p := failureOf(err)
	if status == http.StatusInternalServerError && r.Context().Err() == nil {
		p.Reference = newReference()
		s.log.Error("serve page", "page", r.Pattern, "reference", p.Reference, "error", err)
	}
	return p
}

// examples are questions about the sample episode: three that it answers, one
// that is counted, one that it does not answer.
var examples = []string{
	"Who went to Pyongyang in 2023?", "When did Kim Il-sung visit the Soviet Union?", "What does he say about sanctions?",
	"How often is Putin mentioned?", "What does he say about China?",
}

// sampleEpisode is the ID of the sample episode.
const sampleEpisode retrieval.EpisodeID = "nk-news-toloraya-2025-03-06"

// example is a question that a link asks.
type example struct{ Text, Link string }

// homePage is what templates/home.html shows.
type homePage struct {
	frame
	*inquiry
	// Note says why a question was not answered yet.
	Note     string
	Examples []example
	List     *episodeList
	// Model is the language model that answers, "" none; Invite adds the bot to
	// a server, "" unknown; Discord is true where the bot is there already.
	Model, Invite string
	Discord       bool
	// Answer makes the answer, nil for none asked for.
	Answer func() *answerView
	*parts
	// MaxQuestion is the longest question, in characters.
	MaxQuestion int
}

// home is the first page, with an answer where there is a question.
func (s *Server) home(w http.ResponseWriter, r *http.Request) {
	in, err := s.readInquiry(r.Context(), r)
	status := http.StatusOK
	var problem *failurePage
	switch {
	case errors.Is(err, errLongQuestion):
		status, problem = http.StatusBadRequest, s.problemOf(r, err)
	case err != nil:
		s.fail(w, r, err)
		return
	}
	p := &homePage{inquiry: in, Model: s.options.Model, Discord: s.options.Discord != nil, MaxQuestion: maxQuestion}
	p.frame.Title, p.frame.Private = in.Text, in.Key() != ""
	if s.options.Invite != nil {
		p.Invite = s.options.Invite()
	}
	if p.List, err = s.listEpisodes(r.Context(), r); err != nil {
		s.fail(w, r, err)
		return
	}
	if p.Examples, err = s.examplesFor(r.Context(), in, p.List.All); err != nil {
		s.fail(w, r, err)
		return
	}
	switch {
	case problem != nil:
		p.Answer = func() *answerView { return &answerView{Problem: problem} }
	case asks(r):
		p.Answer = func() *answerView { return s.reply(r, in, nil) }
	case in.Text != "":
		p.Note = "This question came from elsewhere. Press Ask for its answer."
	}
	p.parts = newParts(w)
	s.sendParts(w, r, status, "home.html", p, p.parts)
}

// examplesFor are the example questions, none where others are asked about. In a
// library of more episodes they are about the sample alone.
func (s *Server) examplesFor(ctx context.Context, in *inquiry, episodes int) ([]example, error) {
	if in.View != nil && in.View.Info.ID != sampleEpisode || in.Key() != "" {
		return nil, nil
	}
	v, err := s.openEpisode(ctx, sampleEpisode, "")
	if errors.Is(err, errNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if episodes <= 1 && in.View == nil {
		v = nil
	}
	list := make([]example, len(examples))
	for i, text := range examples {
		list[i] = example{text, (&inquiry{Text: text, View: v}).Link()}
	}
	return list, nil
}

// parts is a page that is sent in parts, so that nobody waits for a model without
// a word.
type parts struct {
	out *bufio.Writer
	w   http.ResponseWriter
}

func newParts(w http.ResponseWriter) *parts { return &parts{bufio.NewWriterSize(w, 32<<10), w} }

// Sent sends what there is of the page; a template calls it.
func (p *parts) Sent() string {
	p.out.Flush()
	http.NewResponseController(p.w).Flush()
	return ""
}

// tell sends more of the page while its template waits for something.
func (p *parts) tell(html string) {
	p.out.WriteString(html)
	p.Sent()
}

// sendParts writes a page that is sent in parts.
func (s *Server) sendParts(w http.ResponseWriter, r *http.Request, status int, name string, page framed, p *parts) {
	s.pageHeaders(w, page.frameOf())
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return
	}
	err := s.pages[name].ExecuteTemplate(p.out, "frame", page)
	if err == nil {
		p.out.Flush()
		return
	}
	if r.Context().Err() == nil {
		s.log.Error("make page", "page", name, "error", err)
	}
	panic(http.ErrAbortHandler) // so that nobody takes the part for the whole
}
