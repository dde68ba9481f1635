package discordtest

import "time"

// Options are the settings of a Server; the zero value is Discord as it is.
type Options struct {
	// Token is the bot's, without "Bot "; default "token-of-the-test-bot".
	Token string
	// AckLimit is how long the first answer may take; default 3 s.
	AckLimit time.Duration
	// TokenLife is how long an interaction's token lives; default 15 min.
	TokenLife time.Duration
	// Now is the clock; default time.Now. See also Server.Advance.
	Now func() time.Time
	// Wait bounds every waiting of tests; default 2 min, for slow machines.
	Wait time.Duration

	// RateScale multiplies the lengths of rate limit windows: 0.01 makes 5 s
	// to 50 ms. Default 1.
	RateScale float64
	// NoRateLimits answers every request, headers included, as if buckets never ran out.
	NoRateLimits bool
	// Buckets replaces the limit of routes, by "METHOD /path/{as}/{in}/openapi".
	Buckets map[string]Bucket
	// Global is the number of requests with the bot's token per second; default 50.
	Global int
	// RateGrace is how long after learning that a bucket is empty a request
	// may still arrive, since it may have been on its way; default 100 ms.
	RateGrace time.Duration
	// EditBudget is how often one message may be edited; default 5 times in 5 s.
	EditBudget Bucket

	// NoSchema leaves the official description alone, for benchmarks.
	NoSchema bool
	// Forgetful drops interactions, messages and files that are over, so that
	// memory stays flat. Their latencies are kept.
	Forgetful bool
	// AllowMessageContent enables the privileged intent.
	AllowMessageContent bool

	// Heartbeat is the interval told in HELLO; default 41.25 s.
	Heartbeat time.Duration
	// Shards is what GET /gateway/bot recommends; default 1.
	Shards int
	// MaxConcurrency is the number of identifies per IdentifyGap; default 1.
	MaxConcurrency int
	// IdentifyGap is the window of MaxConcurrency; default 5 s.
	IdentifyGap time.Duration
	// Sessions is the number of identifies in 24 h; default 1000.
	Sessions int
	// Replay is how many events a session keeps for RESUME; default 1000.
	Replay int
}

// Bucket is a rate limit: so many requests in so long, before RateScale.
type Bucket struct {
	Limit int
	Per   time.Duration
}

func orDefault[T comparable](v *T, def T) {
	var zero T
	if *v == zero {
		*v = def
	}
}

func (o *Options) setDefaults() {
	orDefault(&o.Token, "token-of-the-test-bot")
	orDefault(&o.AckLimit, 3*time.Second)
	orDefault(&o.TokenLife, 15*time.Minute)
	orDefault(&o.Wait, 2*time.Minute)
	orDefault(&o.RateScale, 1)
	orDefault(&o.Global, 50)
	orDefault(&o.RateGrace, 100*time.Millisecond)
	orDefault(&o.EditBudget, Bucket{5, 5 * time.Second})
	orDefault(&o.Heartbeat, 41250*time.Millisecond)
	orDefault(&o.Shards, 1)
	orDefault(&o.MaxConcurrency, 1)
	orDefault(&o.IdentifyGap, 5*time.Second)
	orDefault(&o.Sessions, 1000)
	orDefault(&o.Replay, 1000)
	if o.Now == nil {
		o.Now = time.Now
	}
}
