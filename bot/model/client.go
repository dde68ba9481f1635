package model

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"
)

// Errors of Complete; each comes wrapped with what the endpoint said, without
// keys.
var (
	// ErrDown is returned when the endpoint cannot be reached, keeps failing,
	// or failed so often just now that it is not asked (see [Client.State]).
	ErrDown = errors.New("language model cannot be reached")
	// ErrSlow is returned when a time limit ran out.
	ErrSlow = errors.New("language model is too slow")
	// ErrBusy is returned when the endpoint keeps saying 429.
	ErrBusy = errors.New("language model has no room")
	// ErrTooLong is returned when the prompt does not fit the model's window;
	// Window is then what was learnt of it.
	ErrTooLong = errors.New("prompt is too long for the language model")
	// ErrRejected is returned for a request that will be refused again: wrong
	// key, unknown model.
	ErrRejected = errors.New("language model refuses the request")
	// ErrEmpty is returned for a reply without text, or one that is none.
	ErrEmpty = errors.New("language model gave no answer")
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
	// and 60 s.
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
	Transport http.RoundTripper // nil is the default
}

// Client asks one model. Safe for concurrent use.
type Client struct{ options Options }

// New makes a client; it does not connect.
func New(o Options) (*Client, error) { return &Client{options: o}, nil }

// Model is the model's name.
func (c *Client) Model() string { return c.options.Model }

// Window is the model's context in tokens, as set, told or learnt.
func (c *Client) Window() int { return 8192 }

// Tokens estimates the tokens of a text, rather too many than too few; it
// learns from the counts that the endpoint tells.
func (c *Client) Tokens(text string) int { return len(text)/3 + 1 }

// State says whether the endpoint is asked at present.
type State struct {
	// Open says that it is not, until Until, since it failed too often.
	Open  bool
	Until time.Time
	// Last is the last failure, "" none since the last success.
	Last string
}

// State is the present one.
func (c *Client) State() State { return State{} }

// Complete asks for a reply. The reply is never nil: beside an error it has
// what was used and the text so far.
func (c *Client) Complete(ctx context.Context, r Request) (*Reply, error) { return &Reply{}, ErrDown }
