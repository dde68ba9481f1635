package rest

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// exchange is what was seen of one try: discordgo hands the status and headers
// on in its errors only.
type exchange struct {
	status int // 0: no answer came
	header http.Header
}

type exchangeKey struct{}

// maxAnswer bounds an answer, in bytes; the longest are lists of commands, of
// some 100 KiB.
const maxAnswer = 8 << 20

// recorder notes status and headers of each answer in the exchange that the
// request's context holds. discordgo gets the answer without the headers of
// limits: it would turn an answer whose headers it cannot read into an error.
type recorder struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	next := r.next
	if next == nil {
		next = http.DefaultTransport
	}
	resp, err := next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if x, ok := req.Context().Value(exchangeKey{}).(*exchange); ok {
		x.status, x.header = resp.StatusCode, resp.Header
	}
	resp.Header = resp.Header.Clone()
	for name := range resp.Header {
		if strings.HasPrefix(name, "X-Ratelimit-") {
			resp.Header.Del(name)
		}
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, maxAnswer), resp.Body}
	return resp, nil
}

// cut reports whether a try that failed did so before its answer was whole.
func (x *exchange) cut() bool { return x.status == 0 || x.status >= 200 && x.status < 300 }

// retryAfter is the header of that name, 0 without.
func (x *exchange) retryAfter() time.Duration { return seconds(x.header.Get("Retry-After")) }

// seconds reads a header in seconds, fractions included.
func seconds(s string) time.Duration {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f < 0 || f > 1e6 {
		return 0
	}
	return time.Duration(f * float64(time.Second))
}
