package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Info is what GET /gateway/bot says.
type Info struct {
	URL            string // ws or wss address for new sessions
	Shards         int    // how many Discord advises
	MaxConcurrency int    // shards that may identify at once, 0 for 1
	// Remaining is how many sessions may still be started until ResetAfter has
	// passed. ResetAfter 0 means that the count is not known.
	Remaining  int
	ResetAfter time.Duration
}

// Options are the settings of a [Client]. Token, URL and Handle are required.
type Options struct {
	// Token is the bot's, with or without "Bot " before it. It is in no log
	// line and in no error.
	Token string
	// URL says where the gateway is; it is asked at the start and before every
	// new session. Its first error ends Run, later ones are retried, unless
	// they wrap ErrToken.
	URL func(context.Context) (*Info, error)
	// Intents is the bit set of event groups [events/gateway: Gateway Intents].
	Intents int
	// Presence is shown from the start, as JSON of a presence update; nil: none.
	Presence any
	// ShardIDs are the shards that this process keeps, of ShardCount in all.
	// Without IDs it keeps all; without a count, as many as Discord advises.
	ShardIDs   []int
	ShardCount int
	// Handle gets every event, READY and RESUMED and unknown ones included, in
	// the order they came in. data is Handle's to keep. It is called by one
	// goroutine a shard, which also sends the heartbeats: it must return at
	// once and leave work to others. A panic in it is logged, and the event
	// counts as handled. After a resume an event may come a second time.
	Handle func(shard int, event string, data json.RawMessage)
	// Log gets what happens to connections; nil: nothing is logged.
	Log *slog.Logger
	// Dialer opens connections; nil: gorilla's with the environment's proxy.
	Dialer *websocket.Dialer
	// Random returns numbers in [0,1) for the jitter; nil: math/rand.
	Random func() float64
	// Backoff is the wait before a connection, after that many in a row that
	// failed or did not last 30 s; nil: 0, then 1 s doubled up to 60 s, less
	// up to half of it by chance.
	Backoff func(failures int) time.Duration
	// IdentifyEvery is the pause between new sessions, 0: Discord's 5 s.
	IdentifyEvery time.Duration
	// Pause is the wait after an invalid session; nil: 1 to 5 s by chance, as
	// Discord asks.
	Pause func() time.Duration
	// HelloTimeout is how long a connection, its HELLO and then its READY or
	// RESUMED may each take; 0: 20 s.
	HelloTimeout time.Duration
}

const (
	defaultHelloTimeout = 20 * time.Second
	maxBackoff          = 60 * time.Second
	// stableAfter is how long a connection must have worked to count as good.
	stableAfter = 30 * time.Second
)

// withDefaults checks the options and fills in what they leave out.
func (o Options) withDefaults() (Options, error) {
	o.Token = strings.TrimSpace(strings.TrimPrefix(o.Token, "Bot "))
	switch {
	case o.Token == "":
		return o, errors.New("new gateway client: no token")
	case o.URL == nil || o.Handle == nil:
		return o, errors.New("new gateway client: no URL or no Handle")
	case len(o.ShardIDs) > 0 && o.ShardCount <= 0:
		return o, errors.New("new gateway client: shard IDs without their count")
	}
	seen := make(map[int]bool)
	for _, id := range o.ShardIDs {
		if id < 0 || id >= o.ShardCount || seen[id] {
			return o, fmt.Errorf("new gateway client: shard %d is twice there or not one of %d", id, o.ShardCount)
		}
		seen[id] = true
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Dialer == nil {
		o.Dialer = &websocket.Dialer{Proxy: websocket.DefaultDialer.Proxy}
	}
	if o.Random == nil {
		o.Random = rand.Float64
	}
	if o.IdentifyEvery <= 0 {
		o.IdentifyEvery = identifyEvery
	}
	if o.HelloTimeout <= 0 {
		o.HelloTimeout = defaultHelloTimeout
	}
	random := o.Random
	if o.Backoff == nil {
		o.Backoff = func(failures int) time.Duration { return backoff(failures, random()) }
	}
	if o.Pause == nil {
		o.Pause = func() time.Duration { return time.Second + time.Duration(random()*float64(4*time.Second)) }
	}
	return o, nil
}

// backoff is the wait after failures in a row, with random in [0,1).
func backoff(failures int, random float64) time.Duration {
	if failures <= 0 {
		return 0
	}
	d := maxBackoff
	if failures <= 6 {
		d = min(d, time.Second<<(failures-1))
	}
	return d - time.Duration(random*float64(d)/2)
}

// Client keeps shards connected. It is safe for concurrent use.
type Client struct {
	options  Options
	identify *identifier

	mu       sync.Mutex
	shards   []*shard
	presence json.RawMessage
	// presences counts changes of presence, so that each is sent once.
	presences int
}

// New makes a client; it connects with [Client.Run].
func New(o Options) (*Client, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	c := &Client{options: o}
	c.identify = &identifier{
		every: o.IdentifyEvery, ask: o.URL, buckets: make(map[int]*bucket),
		waiting: func(shard, remaining int, wait time.Duration) {
			o.Log.Warn("too few new sessions are left today; waiting for the next count", "shard", shard, "remaining", remaining, "wait", wait)
		},
	}
	if o.Presence != nil {
		if c.presence, err = presenceJSON(o.Presence); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Run is [New] and [Client.Run] in one.
func Run(ctx context.Context, o Options) error {
	c, err := New(o)
	if err != nil {
		return err
	}
	return c.Run(ctx)
}

// Run keeps all shards connected until the context ends; then it closes them
// with code 1000 and returns nil. A [FatalError] of one shard ends all. All
// its goroutines have ended when it returns. It is to be called once.
func (c *Client) Run(ctx context.Context) error {
	info, err := c.options.URL(ctx)
	if err != nil {
		return fmt.Errorf("ask for the gateway: %w", err)
	}
	c.identify.learn(info, true)
	shards := c.makeShards(info.Shards)

	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, len(shards))
	for _, s := range shards {
		go func() { ended <- s.run(ctx) }()
	}
	var first error
	for range shards {
		if err := <-ended; err != nil && first == nil {
			first = err
			stop()
		}
	}
	return first
}

func (c *Client) makeShards(advised int) []*shard {
	ids, count := c.options.ShardIDs, c.options.ShardCount
	if count <= 0 {
		count = max(advised, 1)
	}
	if len(ids) == 0 {
		for id := range count {
			ids = append(ids, id)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range ids {
		c.shards = append(c.shards, newShard(c, id, count))
	}
	return c.shards
}

// SetPresence shows another presence on all shards: on those connected as soon
// as Discord's limit of 5 in 20 s allows, on others when they connect. Only the
// newest of several is sent. The presence is marshalled to the "d" of a
// presence update [events/gateway-events: Update Presence].
func (c *Client) SetPresence(presence any) error {
	data, err := presenceJSON(presence)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.presence = data
	c.presences++
	for _, s := range c.shards {
		select {
		case s.presenceChanged <- struct{}{}:
		default: // told already
		}
	}
	return nil
}

// maxPresence leaves room for the rest of an identify, in bytes.
const maxPresence = maxSend - 1024

func presenceJSON(presence any) (json.RawMessage, error) {
	data, err := json.Marshal(presence)
	if err != nil {
		return nil, fmt.Errorf("encode presence: %w", err)
	}
	if len(data) > maxPresence {
		return nil, fmt.Errorf("encode presence: %d bytes, more than %d", len(data), maxPresence)
	}
	return data, nil
}

func (c *Client) currentPresence() (json.RawMessage, int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.presence, c.presences
}

// redact takes the token out of what others wrote.
func (c *Client) redact(text string) string {
	return strings.ReplaceAll(text, c.options.Token, "[token]")
}
