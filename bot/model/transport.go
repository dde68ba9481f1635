package model

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	// maxReplyBytes bounds the body of a reply: some thousand tokens with the
	// 300 bytes that each takes in a stream, many times over.
	maxReplyBytes = 16 << 20
	// maxRefusalBytes bounds that of a refusal.
	maxRefusalBytes = 64 << 10
	// maxRedirects is for endpoints that moved to https or another path.
	maxRedirects = 3
)

// errRedirect is the cause when an endpoint sends the call elsewhere: the key
// and the prompt are for nobody else.
var errRedirect = errors.New("endpoint redirects to another host")

// exchange is what became of one HTTP request, beside what the library tells.
type exchange struct {
	// sent says that the request may have reached the endpoint.
	sent    bool
	status  int
	header  http.Header
	refusal []byte // the body when status tells no success
	// done says that a stream came to its end, whole that the reply was none,
	// junk that something came that is neither.
	done, whole, junk bool
	// body is the reply's, nil without success.
	body io.Reader
}

type exchangeKey struct{}

// failed is the status, 0 for those of success.
func (x *exchange) failed() int {
	if x.status < http.StatusMultipleChoices {
		return 0
	}
	return x.status
}

// doer sends the library's requests. It bounds what comes back, keeps what the
// library drops (headers, the body of a refusal) and closes bodies that it
// leaves open.
type doer struct{ client *http.Client }

// newHTTPClient has its own connections unless a transport is given.
func newHTTPClient(transport http.RoundTripper, parallel int) *http.Client {
	if transport == nil {
		transport = &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			ForceAttemptHTTP2:      true,
			TLSHandshakeTimeout:    10 * time.Second,
			MaxIdleConns:           parallel,
			MaxIdleConnsPerHost:    parallel,
			IdleConnTimeout:        90 * time.Second,
			MaxResponseHeaderBytes: 64 << 10,
		}
	}
	return &http.Client{Transport: transport, CheckRedirect: checkRedirect}
}

// checkRedirect follows to the same host only, or from http to https there,
// and only where the call stays what it was.
func checkRedirect(r *http.Request, via []*http.Request) error {
	from := via[0]
	same := r.URL.Host == from.URL.Host && r.URL.Scheme == from.URL.Scheme
	secured := r.URL.Hostname() == from.URL.Hostname() && from.URL.Scheme == "http" && r.URL.Scheme == "https"
	if !same && !secured || r.Method != from.Method || len(via) > maxRedirects {
		return errRedirect
	}
	return nil
}

// Do implements the library's interface.
func (d doer) Do(r *http.Request) (*http.Response, error) {
	x, ok := r.Context().Value(exchangeKey{}).(*exchange)
	if !ok {
		x = &exchange{}
	}
	reply, err := d.client.Do(r)
	if err != nil {
		x.sent = !isDial(err)
		return nil, err
	}
	x.sent, x.status, x.header = true, reply.StatusCode, reply.Header
	if reply.StatusCode < http.StatusOK || reply.StatusCode >= http.StatusMultipleChoices {
		// The library never closes it.
		defer reply.Body.Close()
		x.refusal, err = io.ReadAll(io.LimitReader(reply.Body, maxRefusalBytes))
		if err != nil && r.Context().Err() != nil {
			return nil, err
		}
		if reply.StatusCode < http.StatusBadRequest {
			return nil, errRedirect // one that names no place
		}
		reply.Body = io.NopCloser(bytes.NewReader(x.refusal))
		return reply, nil
	}
	limited := io.LimitReader(reply.Body, maxReplyBytes)
	x.body = limited
	var reader io.Reader = limited
	if r.Header.Get("Accept") == "text/event-stream" {
		reader = newEvents(limited, x)
	}
	reply.Body = struct {
		io.Reader
		io.Closer
	}{reader, reply.Body}
	return reply, nil
}

// drain reads what is left of a reply that is over, so that its connection can
// be used again.
func (x *exchange) drain() {
	const little = 4 << 10
	if x.body != nil {
		io.CopyN(io.Discard, x.body, little) // an error costs the connection only
	}
}

// isDial tells that no connection came about.
func isDial(err error) bool {
	var operation *net.OpError
	return errors.As(err, &operation) && operation.Op == "dial"
}

// mayRecover reports whether the network's error is one that passes: not a
// wrong name or certificate.
func mayRecover(err error) bool {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return dns.IsTimeout || dns.IsTemporary
	}
	var operation *net.OpError
	return errors.As(err, &operation) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// withoutAddress takes the URL out of an error of net/http, for it may hold a
// password.
func withoutAddress(err error) error {
	var network *url.Error
	if errors.As(err, &network) {
		return network.Err
	}
	return err
}

// hostOf checks the address and returns its host for errors. The address is
// not shown: somebody may have put the key there.
func hostOf(base string) (string, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", errors.New("language model: address is no http or https URL: check OPENAI_BASE_URL")
	}
	return u.Host, nil
}

// models asks for the list of models, whose extra fields the library drops.
func (d doer) models(ctx context.Context, base, key string) (status int, body []byte, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(base, "/")+"/models", nil)
	if err != nil {
		return 0, nil, err
	}
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	reply, err := d.client.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer reply.Body.Close()
	body, err = io.ReadAll(io.LimitReader(reply.Body, maxReplyBytes))
	return reply.StatusCode, body, err
}
