package discordtest

import (
	"encoding/json"
	"io"
	"log"
	"mime"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// request is a REST request on its way through the server.
type request struct {
	*http.Request
	route  *route
	params map[string]string
	raw    any            // decoded body, nil when there is none
	body   map[string]any // the same when it is an object
	auth   bool           // came with the bot's token
	now    time.Time
	fault  Fault
}

// apiError is an error as Discord answers it [reference: Error Messages].
type apiError struct {
	status, code int
	message      string
	errors       map[string]any // nested, of code 50035
}

// The errors that the server gives [topics/opcodes-and-status-codes].
var (
	errUnauthorized    = &apiError{status: 401, code: 0, message: "401: Unauthorized"}
	errNotFound        = &apiError{status: 404, code: 0, message: "404: Not Found"}
	errUnknownChannel  = &apiError{status: 404, code: 10003, message: "Unknown Channel"}
	errUnknownGuild    = &apiError{status: 404, code: 10004, message: "Unknown Guild"}
	errUnknownMessage  = &apiError{status: 404, code: 10008, message: "Unknown Message"}
	errUnknownUser     = &apiError{status: 404, code: 10013, message: "Unknown User"}
	errUnknownWebhook  = &apiError{status: 404, code: 10015, message: "Unknown Webhook"}
	errUnknownInter    = &apiError{status: 404, code: 10062, message: "Unknown interaction"}
	errAcknowledged    = &apiError{status: 400, code: 40060, message: "Interaction has already been acknowledged."}
	errTooManyFollowUp = &apiError{status: 403, code: 40094, message: "This interaction has reached its maximum number of follow up messages"}
	errNoAccess        = &apiError{status: 403, code: 50001, message: "Missing Access"}
	errOthersMessage   = &apiError{status: 403, code: 50005, message: "Cannot edit a message authored by another user"}
	errEmptyMessage    = &apiError{status: 400, code: 50006, message: "Cannot send an empty message"}
	errDMClosed        = &apiError{status: 403, code: 50007, message: "Cannot send messages to this user"}
	errNoPermission    = &apiError{status: 403, code: 50013, message: "Missing Permissions"}
	errWrongKind       = &apiError{status: 400, code: 50024, message: "Cannot execute action on this channel type"}
	errBadToken        = &apiError{status: 401, code: 50027, message: "Invalid Webhook Token"}
	errArchived        = &apiError{status: 400, code: 50083, message: "Thread is archived"}
	errNoHistory       = &apiError{status: 403, code: 160002, message: "Cannot reply without permission to read message history"}
	errHasThread       = &apiError{status: 400, code: 160004, message: "A thread has already been created for this message"}
	errNotJSON         = &apiError{status: 400, code: 50109, message: "The request body contains invalid JSON."}
)

// maxBody is the largest request [reference: Uploading Files].
const maxBody = 25 << 20

// userAgent is the form asked for [reference: User Agent].
var userAgent = regexp.MustCompile(`^DiscordBot \(\S+, [^)]+\)`)

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

// serveREST takes a request through checks, faults, limits and its handler.
func (s *Server) serveREST(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/api/v9"), "/api/v10")
	q := &request{Request: r, auth: r.Header.Get("Authorization") == "Bot "+s.o.Token}
	var known bool
	q.route, q.params, known = findRoute(r.Method, path)
	fail := q.readBody()
	var problems []problem
	if q.route != nil && fail == nil {
		problems = s.check(q)
	}

	s.mu.Lock()
	q.now = s.now()
	s.checkHeaders(q)
	if q.route == nil {
		s.unknownRoute(q, path, known)
		s.count("unknown", 404)
		s.mu.Unlock()
		writeError(w, nil, errNotFound)
		return
	}
	q.fault = s.pickFault(q)
	if q.fault == CutBefore {
		s.noteTrouble(q)
		s.mu.Unlock()
		panic(http.ErrAbortHandler)
	}
	status, body, apiErr := s.limitAndHandle(w.Header(), q, fail, problems)
	if apiErr != nil {
		status = apiErr.status
	}
	if q.fault == CutAfter {
		s.noteTrouble(q)
		s.mu.Unlock()
		panic(http.ErrAbortHandler)
	}
	s.count(q.route.key(), status)
	s.notify()
	s.mu.Unlock()

	if apiErr != nil {
		writeError(w, body, apiErr)
		return
	}
	writeJSON(w, status, body)
}

// limitAndHandle answers a request: by a fault, a rate limit, an error or its
// handler. s.mu is held.
func (s *Server) limitAndHandle(h http.Header, q *request, fail *apiError, problems []problem) (int, any, *apiError) {
	if q.route.needsToken && !q.auth {
		return 0, nil, errUnauthorized
	}
	if status, body := s.faultResponse(h, q); status != 0 {
		s.noteTrouble(q)
		return status, body, nil
	}
	if body := s.rateLimit(h, q); body != nil {
		return http.StatusTooManyRequests, body, nil
	}
	if fail != nil {
		s.violate("%s: %s", q.route.key(), fail.message)
		return 0, nil, fail
	}
	if bad := s.noteProblems(q, problems); bad != nil {
		return 0, nil, bad
	}
	return q.route.handle(s, q)
}

// noteProblems turns problems into violations, and into an error where
// Discord refuses the request. s.mu is held.
func (s *Server) noteProblems(q *request, problems []problem) *apiError {
	var bad *apiError
	for _, p := range problems {
		s.violate("%s: %s", q.route.key(), p)
		if p.lenient {
			continue
		}
		if bad == nil {
			bad = &apiError{status: 400, code: 50035, message: "Invalid Form Body", errors: map[string]any{}}
		}
		p.nest(bad.errors)
	}
	return bad
}

func (s *Server) checkHeaders(q *request) {
	if ua := q.Header.Get("User-Agent"); !userAgent.MatchString(ua) {
		s.violate("%s %s: User-Agent %q is not of the form DiscordBot (url, version)", q.Method, routeName(q), ua)
	}
}

func routeName(q *request) string {
	if q.route != nil {
		return q.route.pattern
	}
	return "unknown route"
}

func (s *Server) unknownRoute(q *request, path string, known bool) {
	switch {
	case known:
		s.violate("%s %s: no such method there", q.Method, path)
	case s.spec != nil && s.spec.hasPath(path):
		s.violate("%s %s: an official route that discordtest does not play", q.Method, path)
	default:
		s.violate("%s %s: no such route", q.Method, path)
	}
}

// readBody reads and decodes the body, from JSON or from payload_json of a form.
func (q *request) readBody() *apiError {
	data, err := io.ReadAll(io.LimitReader(q.Body, maxBody+1))
	if err != nil {
		return errNotJSON
	}
	if len(data) > maxBody {
		return &apiError{status: 413, code: 40005, message: "Request entity too large"}
	}
	if len(data) == 0 {
		return nil
	}
	kind, params, _ := mime.ParseMediaType(q.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
	case "multipart/form-data":
		if data = payloadJSON(data, params["boundary"]); data == nil {
			return errNotJSON
		}
	default:
		return &apiError{status: 400, code: 50035, message: "Invalid Form Body: Content-Type " + kind + " is neither JSON nor a form"}
	}
	if err := json.Unmarshal(data, &q.raw); err != nil {
		return errNotJSON
	}
	q.body, _ = q.raw.(map[string]any)
	return nil
}

// count notes a request for the statistics. s.mu is held.
func (s *Server) count(route string, status int) {
	s.stats.Requests[route]++
	s.stats.Statuses[status]++
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	if body == nil {
		w.WriteHeader(status)
		return
	}
	data, ok := body.([]byte)
	if !ok {
		var err error
		if data, err = json.Marshal(body); err != nil {
			panic(err) // a mistake of this package
		}
	}
	w.Header().Set("Content-Type", "application/json")
	if ok {
		w.Header().Set("Content-Type", "text/html")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(status)
	_, _ = w.Write(data) // the client may have gone
}

func writeError(w http.ResponseWriter, body any, e *apiError) {
	if body == nil {
		m := map[string]any{"message": e.message, "code": e.code}
		if e.errors != nil {
			m["errors"] = e.errors
		}
		body = m
	}
	writeJSON(w, e.status, body)
}
