package rest

import (
	"net/http"
	"strconv"
	"time"
)

// exchange is what was seen of one try: discordgo hands the status and headers
// on in its errors only.
type exchange struct {
	status int // 0: no answer came
	header http.Header
}

type exchangeKey struct{}

// recorder notes status and headers of each answer in the exchange that the
// request's context holds.
type recorder struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	next := r.next
	if next == nil {
		next = http.DefaultTransport
	}
	resp, err := next.RoundTrip(req)
	if x, ok := req.Context().Value(exchangeKey{}).(*exchange); ok && err == nil {
		x.status, x.header = resp.StatusCode, resp.Header
	}
	return resp, err
}

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
