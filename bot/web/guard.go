package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path"
	"runtime/debug"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"verbatim/bot"
	"verbatim/retrieval"
)

const (
	// maxPath and maxID bound addresses, in bytes; an ID is at most 64.
	maxPath = 400
	maxID   = 100
	// maxBody bounds what may be posted, in bytes: questions.
	maxBody = 64 << 10
	// bodyTime is how long a client may take to post it.
	bodyTime = 10 * time.Second
	// writeTime is how long a client may take to take a piece of an answer.
	writeTime = 30 * time.Second
)

// strictPolicy is the Content-Security-Policy of all that is no page.
const strictPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// guard stands before all pages: what holds for every request.
func (s *Server) guard(next http.Handler) http.Handler {
	within := http.NewCrossOriginProtection()
	if origin := originOf(s.options.PublicURL); origin != "" {
		within.AddTrustedOrigin(origin) // behind a proxy that asks by another name
	}
	within.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, errForeign) }))
	return s.logged(headed(s.paced(s.checked(within.Handler(s.received(compress(next)))))))
}

// logged writes a line about each request, and makes a failure page of a panic.
// Neither addresses' queries, which hold keys and questions, nor visitors are
// in the log.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.active.Add(1)
		defer s.active.Done()
		began := time.Now()
		rec := &recorder{ResponseWriter: w, control: http.NewResponseController(w)}
		defer func() {
			failed := recover()
			if failed != nil && failed != http.ErrAbortHandler {
				s.panicked(rec, r, failed)
			}
			s.log.Info("request", "method", r.Method, "page", r.Pattern, "status", rec.status, "took", time.Since(began))
			if failed != nil && (failed == http.ErrAbortHandler || rec.cut) {
				panic(http.ErrAbortHandler) // ends the connection: nobody takes the part for the whole
			}
		}()
		next.ServeHTTP(rec, r)
	})
}

// panicked tells of a panic: the operator what it was, the visitor that it was.
func (s *Server) panicked(rec *recorder, r *http.Request, failed any) {
	reference := newReference()
	s.log.Error("page panicked", "page", r.Pattern, "reference", reference, "panic", failed, "stack", string(debug.Stack()))
	if rec.status != 0 {
		rec.cut = true
		return
	}
	for _, name := range []string{"Content-Encoding", "Content-Length", "ETag", "Last-Modified"} {
		rec.Header().Del(name)
	}
	status, p := failureOf(errors.New("panic"))
	p.Reference = reference
	s.showFailure(rec, r, status, p)
}

// newReference is what a visitor can name and the operator find in the log.
func newReference() string { return rand.Text()[:8] }

// recorder knows what was answered, and lets no client take forever over it.
type recorder struct {
	http.ResponseWriter
	control *http.ResponseController
	status  int
	cut     bool // it ended before its end
}

// Unwrap is for http.ResponseController.
func (rec *recorder) Unwrap() http.ResponseWriter { return rec.ResponseWriter }

// WriteHeader notes the status.
func (rec *recorder) WriteHeader(status int) {
	if rec.status == 0 && status >= http.StatusOK {
		rec.status = status
	}
	rec.ResponseWriter.WriteHeader(status)
}

// Write gives the client time for this piece.
func (rec *recorder) Write(p []byte) (int, error) {
	if rec.status == 0 {
		rec.status = http.StatusOK
	}
	rec.control.SetWriteDeadline(time.Now().Add(writeTime))
	return rec.ResponseWriter.Write(p)
}

// FlushError gives the client time for what is left.
func (rec *recorder) FlushError() error {
	rec.control.SetWriteDeadline(time.Now().Add(writeTime))
	return rec.control.Flush()
}

// Flush is FlushError for those who ask for an http.Flusher.
func (rec *recorder) Flush() { rec.FlushError() }

// headed sets the headers of every answer.
func headed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Content-Security-Policy", strictPolicy)
		h.Set("X-Frame-Options", "DENY")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if r.Method == http.MethodPost || r.URL.Query().Has("k") {
			keepPrivate(h)
		}
		next.ServeHTTP(w, r)
	})
}

// checked refuses what no page asks for.
func (s *Server) checked(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPost:
			w.Header().Set("Allow", "GET, HEAD, POST")
			s.fail(w, r, errMethod)
			return
		case s.here.Load() && !s.isOwnHost(r.Host):
			s.fail(w, r, errHost)
			return
		case !isPlainPath(r.URL):
			s.fail(w, r, errNotFound)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// received reads what is posted before anything is done about it, so that it is
// bounded in length and time; of other requests nothing is read.
func (s *Server) received(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			r.Body = http.NoBody
			next.ServeHTTP(w, r)
			return
		}
		control := http.NewResponseController(w)
		control.SetReadDeadline(time.Now().Add(bodyTime))
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		control.SetReadDeadline(time.Time{}) // the answer may take longer
		if err != nil {
			s.fail(w, r, fmt.Errorf("%w: %w", errPosted, err))
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	})
}

// isOwnHost reports whether a request names this machine, or the address that
// people were given. A server that only this machine reaches is otherwise asked by
// a site that has its own name lead here, to read what it gets (DNS rebinding).
func (s *Server) isOwnHost(host string) bool {
	if s.isPublicHost(host) || parseAddress(host).IsValid() {
		return true
	}
	name := hostName(host)
	return name == "localhost" || strings.HasSuffix(name, ".localhost")
}

// isPublicHost reports whether a request names the address that people were
// given, whatever the port: proxies pass the name on with or without it.
func (s *Server) isPublicHost(host string) bool {
	u, err := url.Parse(s.options.PublicURL)
	return err == nil && u.Host != "" && hostName(u.Host) == hostName(host)
}

// hostName is a host without its port, in lower case.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.Trim(host, "[]"))
}

// isPlainPath reports whether a path is written in the one way that pages are
// linked by: nothing encoded that divides paths, no dots, no control characters.
func isPlainPath(u *url.URL) bool {
	p := u.Path
	if p == "" || p[0] != '/' || len(p) > maxPath || !utf8.ValidString(p) || p != path.Clean(p) || strings.ContainsRune(p, '\\') || strings.ContainsFunc(p, unicode.IsControl) {
		return false
	}
	raw := strings.ToLower(u.EscapedPath())
	return !strings.Contains(raw, "%2f") && !strings.Contains(raw, "%2e")
}

// keepPrivate keeps an answer out of caches and indexes.
func keepPrivate(h http.Header) {
	h.Set("Cache-Control", "private, no-store")
	h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
}

// pageHeaders are those of a page.
func (s *Server) pageHeaders(w http.ResponseWriter, f *frame) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; media-src "+mediaSource(f.Media)+
		"; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	switch {
	case f.Private:
		keepPrivate(h)
	case h.Get("Cache-Control") == "":
		h.Set("Cache-Control", "no-cache")
	}
}

// mediaSource is where a page may fetch audio from. An episode's address, as a
// rule, is that of a counter of downloads, which sends the listener on to one of
// many hosts: those with HTTPS are let in, on a page that has audio.
func mediaSource(audio string) string {
	switch origin := originOf(audio); {
	case origin == "":
		return "'none'"
	case strings.HasPrefix(origin, "https:"):
		return "https:"
	default:
		return origin + " https:"
	}
}

// originOf is the origin of a web address, as a policy may name it: scheme, host
// and port without anything that would end it; "" for what has none.
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	odd := func(r rune) bool {
		return r != '.' && r != '-' && r != ':' && r != '[' && r != ']' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}
	if strings.ContainsFunc(u.Host, odd) {
		return ""
	}
	return u.Scheme + "://" + strings.ToLower(u.Host)
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
	return s.openEpisode(ctx, retrieval.EpisodeID(r.PathValue("episode")), r.FormValue("k"))
}

// openEpisode is open for an ID and a key that stand elsewhere, the key "" for a
// public episode.
func (s *Server) openEpisode(ctx context.Context, id retrieval.EpisodeID, key string) (*view, error) {
	if id == "" || len(id) > maxID {
		return nil, errNotFound
	}
	scope := retrieval.Public
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

// Errors of requests that are answered by a failure page.
var (
	// errNotFound is a page that does not exist, or not for this visitor.
	errNotFound = errors.New("no such page")
	errMethod   = errors.New("method not allowed")
	errPosted   = errors.New("read what is posted")
	// errHost is a request to a name that is not this machine's.
	errHost    = errors.New("asked by a foreign name")
	errForeign = errors.New("posted from another site")
)
