package embedding

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/sashabaranov/go-openai"
)

const (
	firstPause = 500 * time.Millisecond
	maxPause   = 30 * time.Second
	// maxRetryAfter is the longest that an endpoint may make us wait.
	maxRetryAfter = 2 * time.Minute
)

// call asks the endpoint, again where that may help.
func (e *OpenAI) call(ctx context.Context, request openai.EmbeddingRequestStrings) ([]openai.Embedding, error) {
	pause := firstPause
	for try := 0; ; try++ {
		reply, err := e.callOnce(ctx, request)
		if err == nil {
			return reply.Data, nil
		}
		if cause := ctx.Err(); cause != nil {
			return nil, cause
		}
		failure, again := e.explain(err)
		if !again || try >= e.options.MaxRetries {
			return nil, failure
		}
		// Between half the pause and all of it, so that many callers that
		// were refused together do not come back together.
		d := time.Duration(float64(pause) * (1 + e.jitter()) / 2)
		pause = min(2*pause, maxPause)
		d = max(d, e.retryAfter(reply.Header()))
		if deadline, ok := ctx.Deadline(); d > maxRetryAfter || ok && e.now().Add(d).After(deadline) {
			return nil, fmt.Errorf("%w (next try in %v, too late)", failure, d.Round(time.Second))
		}
		if err := e.wait(ctx, d); err != nil {
			return nil, err
		}
	}
}

// callOnce is one request with its own deadline. The reply has the headers
// even where there is an error.
func (e *OpenAI) callOnce(ctx context.Context, request openai.EmbeddingRequestStrings) (openai.EmbeddingResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, e.options.Timeout)
	defer cancel()
	return e.client.CreateEmbeddings(ctx, request)
}

// wait is time.Sleep that ctx ends.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// retryAfter is the pause that a Retry-After header asks for, in seconds or as
// a date (RFC 9110, section 10.2.3); 0 without one.
func (e *OpenAI) retryAfter(header http.Header) time.Duration {
	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseFloat(value, 64); err == nil {
		if seconds > maxRetryAfter.Seconds() {
			return 2 * maxRetryAfter
		}
		return time.Duration(seconds * float64(time.Second))
	}
	if date, err := http.ParseTime(value); err == nil {
		return max(0, date.Sub(e.now()))
	}
	return 0
}

// explain turns the client's error into ours, and says whether another try
// may help. What the client says of a reply is not passed on as it is: it
// holds the reply's body, and an endpoint may have put the key there.
func (e *OpenAI) explain(err error) (failure error, again bool) {
	var api *openai.APIError
	var request *openai.RequestError
	switch {
	case errors.As(err, &api) && api.HTTPStatusCode != 0:
		return e.explainStatus(api.HTTPStatusCode, api.Message, isQuota(api))
	case errors.As(err, &request):
		return e.explainStatus(request.HTTPStatusCode, string(request.Body), false)
	}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	if errors.As(err, &syntax) || errors.As(err, &kind) {
		return fmt.Errorf("%w: not the JSON of embeddings: check OPENAI_BASE_URL", ErrReply), false
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%w: no reply within %v", ErrUnreachable, e.options.Timeout), true
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: connection was cut", ErrUnreachable), true
	}
	var network *url.Error
	if errors.As(err, &network) {
		// Without the address, which may hold a password.
		err = network.Err
	}
	var operation *net.OpError
	dialled := !errors.As(err, &operation) || operation.Op != "dial"
	return fmt.Errorf("%w: %s: check OPENAI_BASE_URL", ErrUnreachable, e.withoutKey(err.Error())), dialled && operation != nil
}

// isQuota tells the 429 of an empty account, which no waiting mends, from that
// of too many requests. Code and type as in OpenAI's guide to error codes.
func isQuota(api *openai.APIError) bool {
	const quota = "insufficient_quota"
	return api.Type == quota || api.Code == quota
}

func (e *OpenAI) explainStatus(status int, message string, quota bool) (failure error, again bool) {
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		// Endpoints like to repeat parts of the key here.
		if e.options.APIKey == "" {
			return fmt.Errorf("%w: status %d and no key was sent: set OPENAI_API_KEY", ErrKey, status), false
		}
		return fmt.Errorf("%w: status %d: check OPENAI_API_KEY", ErrKey, status), false
	case status == http.StatusNotFound:
		return fmt.Errorf("%w: status %d: check EMBEDDING_MODEL and OPENAI_BASE_URL", ErrModel, status), false
	case quota:
		return fmt.Errorf("%w: status %d: check the account of OPENAI_API_KEY", ErrQuota, status), false
	}
	again = status == http.StatusTooManyRequests || status >= http.StatusInternalServerError
	return fmt.Errorf("status %d: %s", status, e.withoutKey(message)), again
}

// withoutKey is an outside message fit for an error: one line, not long,
// without control characters, and withheld if any eight characters of the key
// are in it.
func (e *OpenAI) withoutKey(message string) string {
	const most, part = 200, 8
	line := strings.Join(strings.Fields(strings.ToValidUTF8(message, "")), " ")
	line = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, line)
	key := e.options.APIKey
	for i := 0; key != "" && i <= max(0, len(key)-part); i++ {
		secret := key[i:min(len(key), i+part)]
		if strings.Contains(message, secret) || strings.Contains(line, secret) {
			return "message withheld, for it repeats the key"
		}
	}
	if runes := []rune(line); len(runes) > most {
		line = string(runes[:most]) + " ..."
	}
	if line == "" {
		return "no message"
	}
	return line
}
