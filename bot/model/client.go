package model

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/sashabaranov/go-openai"
)

// Errors of Complete; each comes wrapped with what the endpoint said, without
// keys.
var (
	// ErrDown is returned when the endpoint cannot be reached, keeps failing,
	// or failed so often just now that it is not asked (see [Client.State]).
	ErrDown = errors.New("language model cannot be reached")
	// ErrSlow is returned when a time limit ran out.
	ErrSlow = errors.New("language model is too slow")
	// ErrBusy is returned when the endpoint keeps saying 429, and when too many
	// calls are under way here.
	ErrBusy = errors.New("language model has no room")
	// ErrTooLong is returned when the prompt, or prompt and reply, do not fit
	// the model's window; Window and Tokens have then learnt from it, so that
	// a prompt fitted anew is shorter.
	ErrTooLong = errors.New("prompt is too long for the language model")
	// ErrRejected is returned for a request that will be refused again: wrong
	// key, unknown model, empty account.
	ErrRejected = errors.New("language model refuses the request")
	// ErrEmpty is returned for a reply without text, or one that is none.
	ErrEmpty = errors.New("language model gave no answer")
)

const (
	defaultBaseURL    = "https://api.openai.com/v1"
	defaultFirstToken = 20 * time.Second
	defaultTotal      = time.Minute
	defaultRetries    = 2
	defaultParallel   = 4
	defaultMaxTokens  = 512
	// keepAlives is how many lines that say nothing the library lets pass; ours
	// removes them before.
	keepAlives = 1 << 20
)

// Options are what New needs. The zero value of each but Model works.
type Options struct {
	// BaseURL is http or https, "" for OpenAI's own. Key may be "".
	BaseURL, Key string
	Model        string
	// Window is the model's context in tokens, 0 for what the endpoint tells,
	// or else 8192 until it refuses.
	Window int
	// FirstToken and Total bound one Complete, retries included: 0 is 20 s
	// and 60 s. FirstToken also bounds each silence after the first token; a
	// model that is heard to think is not silent.
	FirstToken, Total time.Duration
	// Retries is how often a call is tried again; 0 is 2, -1 never.
	Retries int
	// Parallel is how many calls are under way at once; 0 is 4.
	Parallel int
	// PromptPrice and ReplyPrice are for a million tokens.
	PromptPrice, ReplyPrice float64
	// Log is told of failures; nil is none. Trace adds prompts and replies.
	Log       *slog.Logger
	Trace     bool
	Transport http.RoundTripper // nil is the client's own
}

// Client asks one model. Safe for concurrent use.
type Client struct {
	options Options
	host    string
	doer    doer
	api     *openai.Client
	slots   chan struct{}
	breaker breaker
	health  health
	counter counter
	window  window

	mu       sync.Mutex
	features features
	// proven says that a request with the present features has succeeded, so
	// that a vague refusal means something else.
	proven bool

	closing context.Context // ends with Close; for what is asked aside only
	close   context.CancelFunc
	aside   sync.WaitGroup

	// The clock and the dice, for tests.
	now    func() time.Time
	wait   func(ctx context.Context, d time.Duration) error
	jitter func() float64
}

// New checks the options and makes a client; it does not connect. Close it
// after use.
func New(o Options) (*Client, error) {
	o.Key = strings.TrimSpace(o.Key)
	if o.BaseURL == "" {
		o.BaseURL = defaultBaseURL
	}
	host, err := hostOf(o.BaseURL)
	switch {
	case err != nil:
		return nil, err
	case o.Model == "":
		return nil, errors.New("language model: no model named: set CHAT_MODEL")
	case strings.ContainsFunc(o.Key, func(r rune) bool { return r <= ' ' || r >= 0x7F }):
		return nil, errors.New("language model: key has a character that no key has: check OPENAI_API_KEY")
	case o.Window < 0 || o.PromptPrice < 0 || o.ReplyPrice < 0:
		return nil, errors.New("language model: window and prices must not be negative")
	}
	o.FirstToken = positiveOr(o.FirstToken, defaultFirstToken)
	o.Total = positiveOr(o.Total, defaultTotal)
	o.Parallel = positiveOr(o.Parallel, defaultParallel)
	if o.Retries == 0 {
		o.Retries = defaultRetries
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	c := &Client{
		options: o, host: host, doer: doer{newHTTPClient(o.Transport, o.Parallel)}, slots: make(chan struct{}, o.Parallel),
		window: window{set: o.Window}, now: time.Now, wait: wait, jitter: rand.Float64,
	}
	c.closing, c.close = context.WithCancel(context.Background())
	config := openai.DefaultConfig(o.Key)
	config.BaseURL, config.HTTPClient, config.EmptyMessagesLimit = o.BaseURL, c.doer, keepAlives
	c.api = openai.NewClientWithConfig(config)
	return c, nil
}

func positiveOr[T int | time.Duration](v, otherwise T) T {
	if v > 0 {
		return v
	}
	return otherwise
}

// Close lets go of idle connections. Calls under way go on; later ones work
// and leave connections open again.
func (c *Client) Close() {
	c.mu.Lock()
	c.close()
	c.mu.Unlock()
	c.aside.Wait()
	c.doer.client.CloseIdleConnections()
}

// Model is the model's name.
func (c *Client) Model() string { return c.options.Model }

// Window is the model's context in tokens, as set, told or learnt.
func (c *Client) Window() int {
	n, _ := c.window.tokens()
	return n
}

// PromptTokens estimates the tokens of a prompt with what is put around messages,
// rather too many than too few; it learns from the counts that the endpoint
// tells.
func (c *Client) PromptTokens(messages []Message) int { return c.counter.prompt(messages) }

// State says whether the endpoint is asked at present.
type State struct {
	// Open says that it is not, until Until, since it failed too often.
	Open  bool
	Until time.Time
	// Last is the last failure, "" none since the last success.
	Last string
}

// State is the present one.
func (c *Client) State() State { return c.breaker.state(c.now()) }

// Check asks for one word and says whether endpoint, key and model work. Its
// errors are those of Complete. It also asks how long prompts may be.
func (c *Client) Check(ctx context.Context) error {
	if c.window.begin(c.now()) {
		c.askWindow(ctx)
	}
	reply, err := c.Complete(ctx, Request{
		Messages:  []Message{{User, "Say the word OK."}},
		MaxTokens: 16, Purpose: "check",
	})
	if errors.Is(err, ErrEmpty) && reply.Truncated {
		return nil // it was still thinking
	}
	return err
}

// Complete asks for a reply. The reply is never nil: beside an error it has
// what was used and the text so far. The errors are this package's, or that of
// ctx.
func (c *Client) Complete(ctx context.Context, r Request) (*Reply, error) {
	r.MaxTokens = positiveOr(r.MaxTokens, defaultMaxTokens)
	started := c.now()
	reply := &Reply{}
	err := c.complete(ctx, &r, reply, started)
	reply.Took = c.now().Sub(started)
	reply.Usage.Cost = (float64(reply.Usage.PromptTokens)*c.options.PromptPrice + float64(reply.Usage.ReplyTokens)*c.options.ReplyPrice) / 1e6
	c.health.note(c.now(), reply, err)
	c.logEnd(ctx, &r, reply, err)
	if err != nil {
		return reply, fmt.Errorf("ask %s at %s: %w", c.options.Model, c.host, err)
	}
	return reply, nil
}

// complete waits for room, keeps off an endpoint that is down, and asks.
func (c *Client) complete(ctx context.Context, r *Request, reply *Reply, started time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if c.breaker.shut(c.now()) {
		return c.notAsked()
	}
	if err := c.enter(ctx); err != nil {
		return err
	}
	defer func() { <-c.slots }()
	if n, known := c.window.tokens(); known && c.counter.prompt(r.Messages)-messageTokens*len(r.Messages) > n {
		return fmt.Errorf("%w: about %d tokens, and it takes %d", ErrTooLong, c.counter.prompt(r.Messages), n)
	}
	ok, probe := c.breaker.admit(c.now())
	if !ok {
		return c.notAsked()
	}
	c.askWindowAside()
	result, last := neutral, ""
	defer func() {
		// Deferred, so that a probe is over even after a panic in Progress.
		if c.breaker.done(c.now(), probe, result, last) {
			c.options.Log.WarnContext(ctx, "language model is not asked for a while", "model", c.options.Model, "until", c.State().Until)
		}
	}()
	bounded, cancel := context.WithTimeoutCause(ctx, c.options.Total-c.now().Sub(started), ErrSlow)
	defer cancel()
	call := &call{c: c, request: r, reply: reply, parent: ctx, ctx: bounded, started: started, silent: started.Add(c.options.FirstToken), end: started.Add(c.options.Total)}
	err := call.run()
	result = outcomeOf(err)
	if err != nil {
		last = err.Error()
	}
	return err
}

func (c *Client) notAsked() error {
	s := c.State()
	return fmt.Errorf("%w: it failed too often and is asked again in %v", ErrDown, max(0, s.Until.Sub(c.now())).Round(time.Second))
}

// enter waits for one of the parallel places.
func (c *Client) enter(ctx context.Context) error {
	select {
	case c.slots <- struct{}{}:
		return nil
	default:
	}
	// Half, so that the endpoint is never blamed for what waiting here took.
	timer := time.NewTimer(min(c.options.FirstToken, c.options.Total) / 2)
	defer timer.Stop()
	select {
	case c.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return fmt.Errorf("%w: %d calls are under way", ErrBusy, c.options.Parallel)
	}
}

// logEnd tells of a call's end: failures, without a word of prompt or reply,
// and with Trace those too.
func (c *Client) logEnd(ctx context.Context, r *Request, reply *Reply, err error) {
	log := c.options.Log
	if c.options.Trace {
		for _, m := range r.Messages {
			log.DebugContext(ctx, "language model was told", "purpose", r.Purpose, "role", string(m.Role), "text", m.Text)
		}
		log.DebugContext(ctx, "language model said", "purpose", r.Purpose, "text", reply.Text, "took", reply.Took)
	}
	if err == nil || ctx.Err() != nil {
		return
	}
	status := 0
	var f *failure
	if errors.As(err, &f) {
		status = f.status
	}
	for _, kind := range []error{ErrDown, ErrSlow, ErrBusy, ErrTooLong, ErrRejected, ErrEmpty} {
		if errors.Is(err, kind) {
			log.WarnContext(ctx, "language model call failed", "purpose", r.Purpose, "model", c.options.Model, "kind", kind.Error(), "status", status, "took", reply.Took)
			return
		}
	}
}
