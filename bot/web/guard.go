package web

import (
	"context"
	"errors"
	"net/http"

	"verbatim/bot"
	"verbatim/retrieval"
)

// guard stands before all pages: what holds for every request.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}

// pageHeaders are those of a page.
func (s *Server) pageHeaders(w http.ResponseWriter, f *frame) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	media := "'none'"
	if f.Media != "" {
		media = f.Media
	}
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; media-src "+media+
		"; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	if f.Private {
		h.Set("Cache-Control", "private, no-store")
		h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	}
}

// view is an episode that the visitor may see.
type view struct {
	Info retrieval.EpisodeInfo
	// Key is the signed part of the link that opened it, "" for a public
	// episode.
	Key string
}

// scopes are those that the visitor's searches may name, this episode's alone.
func (v *view) scopes() []retrieval.Scope { return []retrieval.Scope{v.Info.Scope} }

// open finds the episode that the path's {episode} and the query's k name. What
// the visitor may not see is errNotFound, as what does not exist.
func (s *Server) open(ctx context.Context, r *http.Request) (*view, error) {
	id := retrieval.EpisodeID(r.PathValue("episode"))
	scope, key := retrieval.Public, r.FormValue("k")
	if key != "" {
		var err error
		if scope, err = s.bot.CheckLink(ctx, id, key); err != nil {
			return nil, err
		}
	}
	info, err := s.bot.Info(ctx, []retrieval.Scope{scope}, bot.EpisodeRef{Scope: scope, ID: id})
	if errors.Is(err, retrieval.ErrUnknownEpisode) {
		return nil, errNotFound
	}
	if err != nil {
		return nil, err
	}
	return &view{Info: *info, Key: key}, nil
}

// errNotFound is a page that does not exist, or not for this visitor.
var errNotFound = errors.New("no such page")
