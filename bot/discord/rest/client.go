package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
)

const (
	// defaultBase is Discord's own; version 9 is what discordgo v0.29.0 has
	// types for, and current [https://docs.discord.com/developers/reference,
	// "API Versioning", read 2026-08-06].
	defaultBase = "https://discord.com/api/v9"
	// homepage is part of the User-Agent, which Discord asks for in the form
	// "DiscordBot (url, version)" (same page, "User Agent").
	homepage = "https://github.com/verbatim-bot/verbatim"
	// requestTimeout bounds one try.
	requestTimeout = 15 * time.Second
	// maxTries bounds the tries of one call that fail, about half a minute in
	// all, so that it ends also where its context does not; patientTries is for
	// answers that somebody waits for, about 4 minutes.
	maxTries     = 12
	patientTries = 60
	// maxLimited bounds how often one call is told to come later, and maxWait
	// how much later.
	maxLimited = 50
	maxWait    = 5 * time.Minute
)

// Options are the choices in making a Client. Token is required.
type Options struct {
	// Token is the bot's, with or without "Bot " before it.
	Token string
	// BaseURL is the API's address with its version; "" is Discord's.
	BaseURL string
	// HTTP makes the requests; nil is a client of its own.
	HTTP *http.Client
	// Log gets what is repeated and why; nil discards it.
	Log *slog.Logger
	// Version is the program's, for the User-Agent.
	Version string
	// EditGap is the least time between two edits by one Editor; 0 is 1.2 s.
	EditGap time.Duration
	// Refused, if not nil, is called when Discord refuses the bot's token; from
	// then on calls that need it fail.
	Refused func()
	// RespondTry bounds one try of a first answer; 0 is 1.2 s.
	RespondTry time.Duration
	// Backoff is the wait before try n (from 1) of what failed; nil is 50 ms
	// doubled up to 5 s, less up to half of it by chance.
	Backoff func(n int) time.Duration
}

// Client calls Discord. Safe for concurrent use.
type Client struct {
	options Options
	session *discordgo.Session
	limiter *limiter
	refused atomic.Bool // the bot's token was
}

// New makes a client; it connects with its first call.
func New(o Options) (*Client, error) {
	o.Token = strings.TrimSpace(strings.TrimPrefix(o.Token, "Bot "))
	if o.Token == "" {
		return nil, errors.New("new REST client: no token")
	}
	if o.BaseURL == "" {
		o.BaseURL = defaultBase
	}
	if u, err := url.Parse(o.BaseURL); err != nil || u.Host == "" {
		return nil, errors.New("new REST client: the API's address is no URL")
	}
	o.BaseURL = strings.TrimRight(o.BaseURL, "/")
	if o.HTTP == nil {
		o.HTTP = &http.Client{Transport: newTransport()}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.EditGap <= 0 {
		o.EditGap = defaultEditGap
	}
	if o.Backoff == nil {
		o.Backoff = backoff
	}
	session, err := discordgo.New("Bot " + o.Token)
	if err != nil {
		return nil, fmt.Errorf("new REST client: %w", err)
	}
	session.StateEnabled = false
	session.LogLevel = -1 // it would write to the standard logger
	session.UserAgent = fmt.Sprintf("DiscordBot (%s, %s)", homepage, orUnknown(o.Version))
	client := *o.HTTP
	client.Transport = &recorder{next: client.Transport}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	session.Client = &client
	return &Client{options: o, session: session, limiter: newLimiter(time.Now)}, nil
}

func orUnknown(version string) string {
	if version == "" {
		return "0"
	}
	return version
}

// newTransport keeps as many connections as answers may be in the making.
func newTransport() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 64
	return t
}

func backoff(n int) time.Duration {
	d := min(5*time.Second, 50*time.Millisecond<<min(n-1, 10))
	return d - time.Duration(rand.Float64()*float64(d)/2)
}

// call is one request to make.
type call struct {
	method string
	// route is the path with its parameters named; path has them filled in.
	route, path string
	// major is what the limits of the route count by: a channel, a server or
	// an interaction's token.
	major string
	// asBot sends the bot's token; without it the path has a token of its own.
	asBot bool
	body  any
	// tries bounds the tries, those that were told to come later aside; 0 is
	// maxTries.
	tries int
	// timeout bounds one try; 0 is requestTimeout.
	timeout time.Duration
	// maxBackoff bounds the wait between two tries of what failed; 0 is no
	// bound.
	maxBackoff time.Duration
	// whole: a try under way is not cut short when the context ends.
	whole bool
	// spare is how many requests the limit must have room for beside this one;
	// above 0 the call does not wait for a limit but fails with a *fullError.
	spare int
	// reserved is the window that the request was counted into.
	reserved *window
}

func (c *call) name() string { return c.method + " " + c.route }

// do makes the request until it succeeds, fails for good, or the context ends.
// ambiguous says that a try that failed may have been carried out.
func (c *Client) do(ctx context.Context, q *call, into any) (ambiguous bool, err error) {
	tries := q.tries
	if tries == 0 {
		tries = maxTries
	}
	var sent []byte
	if q.body != nil {
		if sent, err = json.Marshal(q.body); err != nil {
			return false, fmt.Errorf("%s: %w", q.name(), err)
		}
	}
	for failed, limited := 0, 0; ; {
		if q.asBot && c.refused.Load() {
			return ambiguous, fmt.Errorf("%s: %w", q.name(), ErrToken)
		}
		if err := c.limiter.wait(ctx, q); err != nil {
			return ambiguous, fmt.Errorf("%s: wait for the rate limit: %w", q.name(), err)
		}
		body, x, err := c.once(ctx, q, sent)
		c.limiter.learn(q, x)
		if err == nil {
			return ambiguous, decode(q, body, into)
		}
		if x.status == http.StatusTooManyRequests {
			limited++
		} else {
			failed++
		}
		wait, again := c.judge(q, x, err, failed+limited)
		ambiguous = ambiguous || x.cut() || x.status >= 500
		deadline, bounded := ctx.Deadline()
		if !again || failed >= tries || limited >= maxLimited || wait > maxWait || bounded && time.Now().Add(wait).After(deadline) {
			return ambiguous, c.explain(q, x, err)
		}
		c.options.Log.Debug("request is repeated", "route", q.name(), "status", x.status, "try", failed+limited, "wait", wait)
		if err := sleep(ctx, wait); err != nil {
			return ambiguous, fmt.Errorf("%s: %w", q.name(), err)
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// once makes the request once, through discordgo.
func (c *Client) once(ctx context.Context, q *call, sent []byte) ([]byte, *exchange, error) {
	x := &exchange{}
	timeout := q.timeout
	if timeout == 0 {
		timeout = requestTimeout
	}
	if q.whole {
		ctx = context.WithoutCancel(ctx)
	}
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, exchangeKey{}, x), timeout)
	defer cancel()
	options := []discordgo.RequestOption{
		discordgo.WithContext(ctx), discordgo.WithRetryOnRatelimit(false), discordgo.WithRestRetries(0),
	}
	if !q.asBot {
		options = append(options, func(cfg *discordgo.RequestConfig) { cfg.Request.Header.Del("Authorization") })
	}
	// A limiter of this request's own: its bucket is nobody else's.
	bucket := discordgo.NewRatelimiter().LockBucket(q.route)
	data, err := c.session.RequestWithLockedBucket(q.method, c.options.BaseURL+q.path, "application/json", sent, bucket, 0, options...)
	return data, x, err
}

func decode(q *call, body []byte, into any) error {
	if into == nil || len(body) == 0 {
		return nil
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%s: the answer is not understood: %w", q.name(), err)
	}
	return nil
}

// judge says whether what failed may be tried again, and after which wait.
func (c *Client) judge(q *call, x *exchange, err error, try int) (wait time.Duration, again bool) {
	var limited *discordgo.RateLimitError
	switch {
	case errors.As(err, &limited):
		return max(limited.RetryAfter, x.retryAfter()), true
	case x.status == http.StatusTooManyRequests:
		return max(x.retryAfter(), c.backoff(q, try)), true
	case x.status >= 500 || x.cut():
		return c.backoff(q, try), true
	case x.status == http.StatusUnauthorized && q.asBot:
		if !c.refused.Swap(true) && c.options.Refused != nil {
			c.options.Refused()
		}
	}
	return 0, false
}

// backoff is the wait before a try of what failed.
func (c *Client) backoff(q *call, try int) time.Duration {
	d := c.options.Backoff(try)
	if q.maxBackoff > 0 {
		d = min(d, q.maxBackoff)
	}
	return d
}

// explain makes an error without tokens of what discordgo says.
func (c *Client) explain(q *call, x *exchange, err error) error {
	e := &Error{Route: q.name(), Status: x.status, asBot: q.asBot}
	var rest *discordgo.RESTError
	switch {
	case x.cut():
		return fmt.Errorf("%s: %w", q.name(), withoutAddress(err))
	case errors.As(err, &rest) && rest.Message != nil:
		e.Code, e.Message = rest.Message.Code, rest.Message.Message
		if details := formErrors(rest.ResponseBody); details != "" {
			e.Message += ": " + details
		}
	default:
		e.Message = http.StatusText(x.status)
	}
	e.Message = c.redact(q, e.Message)
	return e
}

// redact takes tokens out of what Discord wrote.
func (c *Client) redact(q *call, text string) string {
	text = strings.ReplaceAll(text, c.options.Token, "[token]")
	if !q.asBot && q.major != "" {
		text = strings.ReplaceAll(text, q.major, "[token]")
	}
	return text
}

// formErrors is what Discord found wrong in a form, shortened.
func formErrors(body []byte) string {
	var answer struct {
		Errors json.RawMessage `json:"errors"`
	}
	if json.Unmarshal(body, &answer) != nil || len(answer.Errors) == 0 {
		return ""
	}
	return string(answer.Errors[:min(len(answer.Errors), 500)])
}

// withoutAddress takes the path out of an error of net/http.
func withoutAddress(err error) error {
	var e *url.Error
	if !errors.As(err, &e) {
		return err
	}
	host := ""
	if u, parseErr := url.Parse(e.URL); parseErr == nil {
		host = u.Scheme + "://" + u.Host
	}
	return &url.Error{Op: e.Op, URL: host, Err: e.Err}
}
