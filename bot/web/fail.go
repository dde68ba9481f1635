package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"verbatim/bot"
	"verbatim/retrieval"
)

// failurePage is what is shown in the place of a page.
type failurePage struct {
	frame
	// What happened, and what to do about it.
	What, Try string
	// Reference is in the log as well, "" where there is nothing to look up.
	Reference string
}

// fail shows what is wrong in the place of a page. What is not the visitor's to
// know is in the log alone.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	status, p := failureOf(err)
	var limited *limitedError
	switch {
	case r.Context().Err() != nil: // nobody waits for it any more
	case status == http.StatusInternalServerError:
		p.Reference = newReference()
		s.log.Error("serve page", "page", r.Pattern, "reference", p.Reference, "error", err)
	case errors.As(err, &limited):
		w.Header().Set("Retry-After", strconv.Itoa(limited.seconds()))
	}
	s.showFailure(w, r, status, p)
}

func (s *Server) showFailure(w http.ResponseWriter, r *http.Request, status int, p *failurePage) {
	p.Title, p.Private = "Not shown", true
	s.render(w, r, status, "failure.html", p)
}

// failureOf says of an error what people are told.
func failureOf(err error) (status int, p *failurePage) {
	var limited *limitedError
	var tooLong *http.MaxBytesError
	switch {
	case errors.Is(err, errNotFound), errors.Is(err, retrieval.ErrUnknownEpisode):
		return http.StatusNotFound, &failurePage{What: "There is no such page.", Try: "The episodes that can be read here are on the first page. One of a Discord server opens only by a link that the bot gives to its members."}
	case errors.Is(err, bot.ErrLinkExpired):
		return http.StatusGone, &failurePage{What: "This link has expired.", Try: "Ask the bot once more, or press Context below its answer: it gives a new one."}
	case errors.Is(err, bot.ErrLink):
		return http.StatusNotFound, &failurePage{What: "There is no such page.", Try: "A link to a server's episode must be whole. Copy it once more, or ask the bot again."}
	case errors.Is(err, bot.ErrNothing):
		return http.StatusBadRequest, &failurePage{What: "There are no words to look for.", Try: "Type a few words and try again."}
	case errors.As(err, &limited):
		return http.StatusTooManyRequests, &failurePage{What: "That was too much at once.", Try: fmt.Sprintf("Try again in %d seconds.", limited.seconds())}
	case errors.As(err, &tooLong):
		return http.StatusRequestEntityTooLarge, &failurePage{What: "That is too long.", Try: "A question has a few sentences at most."}
	case errors.Is(err, errPosted):
		return http.StatusBadRequest, &failurePage{What: "What was sent could not be read.", Try: "Try again."}
	case errors.Is(err, errForeign):
		return http.StatusForbidden, &failurePage{What: "This came from another site.", Try: "Open the first page here and ask there."}
	case errors.Is(err, errHost):
		return http.StatusMisdirectedRequest, &failurePage{What: "These pages are not known by that name.", Try: "Whoever runs them can set PUBLIC_URL to the address that you opened."}
	case errors.Is(err, errMethod):
		return http.StatusMethodNotAllowed, &failurePage{What: "Pages are only read here.", Try: "Open the first page."}
	case errors.Is(err, bot.ErrLongQuote):
		return http.StatusBadRequest, &failurePage{What: "That is too long to be looked up.", Try: "A sentence or two of it will do."}
	case errors.Is(err, context.DeadlineExceeded):
		return http.StatusGatewayTimeout, &failurePage{What: "That took too long.", Try: "Try again in a moment."}
	}
	return http.StatusInternalServerError, &failurePage{What: "Something went wrong here.", Try: "Try again in a moment. If it happens again, tell whoever runs this, with the reference."}
}
