package discordtest

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// bucket is one window of a rate limit.
type bucket struct {
	used  int
	reset time.Time // when the window ends
	told  time.Time // wall clock: since when the client knows that it is empty
}

// defaultBuckets are the limits of routes, observed (about 5 in 5 s for
// sending, editing and webhook tokens), not documented.
var defaultBuckets = map[string]Bucket{
	"POST /channels/{channel_id}/messages":                             {5, 5 * time.Second},
	"PATCH /channels/{channel_id}/messages/{message_id}":               {5, 5 * time.Second},
	"DELETE /channels/{channel_id}/messages/{message_id}":              {5, 1 * time.Second},
	"POST /channels/{channel_id}/messages/{message_id}/threads":        {50, 5 * time.Minute},
	"POST /interactions/{interaction_id}/{interaction_token}/callback": {5, 5 * time.Second},
	"PUT /applications/{application_id}/commands":                      {5, 20 * time.Second},
	"PUT /applications/{application_id}/guilds/{guild_id}/commands":    {5, 20 * time.Second},
	"GET /gateway/bot": {5, 5 * time.Second},
}

// otherBucket is the limit of routes that have none of their own, webhookBucket
// that of one webhook token over all its routes.
var (
	otherBucket   = Bucket{25, 5 * time.Second}
	webhookBucket = Bucket{5, 5 * time.Second}
)

// bucketOf is the limit of a request and the name of its window: per route
// and channel, guild or webhook token [topics/rate-limits].
func (s *Server) bucketOf(q *request) (name string, limit Bucket) {
	key := q.route.key()
	limit, ok := s.o.Buckets[key]
	if !ok {
		limit, ok = defaultBuckets[key]
	}
	major := q.params["channel_id"] + q.params["guild_id"]
	if token := q.params["webhook_token"]; token != "" {
		major, key = token, "webhook token"
		if !ok {
			limit, ok = webhookBucket, true
		}
	}
	if token := q.params["interaction_token"]; token != "" {
		major = token
	}
	if !ok {
		limit = otherBucket
	}
	return key + "|" + major, limit
}

func (s *Server) scaled(d time.Duration) time.Duration {
	return time.Duration(float64(d) * s.o.RateScale)
}

// take counts a request in the window: false when it is full.
func (b *bucket) take(now time.Time, limit int, per time.Duration) bool {
	if !now.Before(b.reset) {
		*b = bucket{reset: now.Add(per)}
	}
	if b.used >= limit {
		return false
	}
	b.used++
	return true
}

// rateLimit sets the headers of limits, and returns the body of a 429 where
// one is over. s.mu is held.
func (s *Server) rateLimit(h http.Header, q *request) any {
	name, limit := s.bucketOf(q)
	b := s.bucket(name)
	if s.o.NoRateLimits {
		setLimitHeaders(h, name, limit.Limit, limit.Limit-1, s.scaled(limit.Per))
		return nil
	}
	if q.route.global && !s.global.take(q.now, s.o.Global, s.scaled(time.Second)) {
		s.noteDisobedience(q, &s.global, "global limit")
		s.global.told = time.Now()
		return tooMany(h, "global", s.global.reset.Sub(q.now))
	}
	ok := b.take(q.now, limit.Limit, s.scaled(limit.Per))
	left := b.reset.Sub(q.now)
	setLimitHeaders(h, name, limit.Limit, max(0, limit.Limit-b.used), left)
	if !ok {
		s.noteDisobedience(q, b, "bucket")
		if b.told.IsZero() {
			b.told = time.Now()
		}
		return tooMany(h, "user", left)
	}
	if b.used == limit.Limit && b.told.IsZero() {
		b.told = time.Now()
	}
	return nil
}

func (s *Server) bucket(name string) *bucket {
	b := s.buckets[name]
	if b == nil {
		if len(s.buckets) >= 4096 {
			s.sweepBuckets()
		}
		b = &bucket{}
		s.buckets[name] = b
	}
	return b
}

func (s *Server) sweepBuckets() {
	now := s.now()
	for name, b := range s.buckets {
		if !now.Before(b.reset) {
			delete(s.buckets, name)
		}
	}
}

// noteDisobedience notes a request into a window of which the client knew that
// it was over. s.mu is held.
func (s *Server) noteDisobedience(q *request, b *bucket, what string) {
	s.stats.RateLimited++
	if !b.told.IsZero() && time.Since(b.told) > s.o.RateGrace {
		s.violate("%s: sent into an empty %s, %v before its reset, though it was told", q.route.key(), what, b.reset.Sub(q.now).Round(time.Millisecond))
	}
}

func setLimitHeaders(h http.Header, name string, limit, remaining int, resetAfter time.Duration) {
	route, _, _ := strings.Cut(name, "|")
	h.Set("X-RateLimit-Limit", strconv.Itoa(limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(remaining))
	h.Set("X-RateLimit-Reset-After", seconds(resetAfter))
	h.Set("X-RateLimit-Reset", strconv.FormatFloat(float64(time.Now().Add(resetAfter).UnixMilli())/1000, 'f', 3, 64))
	h.Set("X-RateLimit-Bucket", hexFor("bucket", route)[:32])
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }

// tooMany is the body of a 429; its headers are set.
func tooMany(h http.Header, scope string, wait time.Duration) any {
	wait = max(wait, time.Millisecond)
	h.Set("X-RateLimit-Scope", scope)
	h.Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	if scope == "global" {
		h.Set("X-RateLimit-Global", "true")
	}
	return map[string]any{
		"message": "You are being rate limited.", "retry_after": math.Ceil(wait.Seconds()*1000) / 1000, "global": scope == "global",
	}
}
