package rest

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"verbatim/bot/discord/wire"
)

// counted answers as Discord does for buckets of that limit and span, by
// channel or token, and fails the test for a request that would get 429.
func counted(t *testing.T, limit int, span time.Duration) func(int, sent) answer {
	type bucket struct {
		used  int
		reset time.Time
	}
	var mu sync.Mutex
	buckets := map[string]*bucket{}
	return func(_ int, r sent) answer {
		mu.Lock()
		defer mu.Unlock()
		major := strings.Split(r.path, "/")[4]
		if strings.Contains(r.path, "/webhooks/") {
			major = strings.Split(r.path, "/")[5]
		}
		b := buckets[major]
		if b == nil {
			b = &bucket{}
			buckets[major] = b
		}
		now := time.Now()
		if !now.Before(b.reset) {
			*b = bucket{reset: now.Add(span)}
		}
		after := fmt.Sprint(b.reset.Sub(now).Seconds())
		if b.used++; b.used > limit {
			t.Errorf("request %d of %d to %s would be limited", b.used, limit, r)
			return limited(after, limits("bucket", limit, 0, after))
		}
		a := message
		a.header = limits("bucket", limit, limit-b.used, after)
		return a
	}
}

// Once a bucket is known, none of its requests is told to come later, however
// many are made at once, and other channels do not wait for it.
func TestBuckets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, n := newTest(t, counted(t, 5, 5*time.Second))
		send := func(channel string) {
			if _, err := c.Send(t.Context(), channel, wire.Outgoing{Content: "hi"}); err != nil {
				t.Error(err)
			}
		}
		began := time.Now()
		send("1")
		var group sync.WaitGroup
		for range 21 {
			group.Go(func() { send("1") })
		}
		synctest.Wait()
		send("2")
		if waited := time.Since(began); waited != 0 {
			t.Errorf("another channel waited %v", waited)
		}
		group.Wait()
		if took, want := time.Since(began), 20*time.Second; took != want {
			t.Errorf("22 sends at 5 in 5 s took %v, want %v", took, want)
		}
		if got := len(n.all()); got != 23 {
			t.Errorf("%d requests, want 23", got)
		}
	})
}

// Routes that Discord counts together are counted together, as
// X-RateLimit-Bucket says and no address could.
func TestBucketSharedByRoutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := newTest(t, counted(t, 2, 5*time.Second))
		began := time.Now()
		learn := func(token string) {
			t.Helper()
			if _, err := c.EditOriginal(t.Context(), "2", token, wire.Outgoing{}); err != nil {
				t.Error(err)
			}
			if _, err := c.FollowUp(t.Context(), "2", token, wire.Outgoing{}); err != nil {
				t.Error(err)
			}
		}
		learn("a") // both routes' bucket is known from here
		learn("b")
		if took := time.Since(began); took != 0 {
			t.Errorf("waited %v too early", took)
		}
		if _, err := c.EditOriginal(t.Context(), "2", "b", wire.Outgoing{}); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("third request of the bucket after %v, want 5s", took)
		}
	})
}

// A 429 makes other requests of its bucket wait, too.
func TestLimitedBucketIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, n := newTest(t, inTurn(limited("2", nil), message)) // without the other headers
		began := time.Now()
		var group sync.WaitGroup
		group.Go(func() { _, _ = c.Send(t.Context(), "1", wire.Outgoing{}) })
		synctest.Wait()
		for range 3 {
			group.Go(func() { _, _ = c.Send(t.Context(), "1", wire.Outgoing{}) })
		}
		group.Wait()
		all := n.all()
		for _, in := range all[1:] {
			if in.at.Sub(began) < 2*time.Second {
				t.Errorf("request after %v, within the limit", in.at.Sub(began))
			}
		}
	})
}

// A global limit pauses what the bot's token is for, and no interaction.
func TestGlobalLimit(t *testing.T) {
	for name, header := range map[string]map[string]string{
		"global": {"X-RateLimit-Global": "true"},
		"scope":  {"X-RateLimit-Scope": "global"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, _ := newTest(t, inTurn(limited("3", header), message))
				began := time.Now()
				var group sync.WaitGroup
				for range 2 {
					group.Go(func() {
						if _, err := c.Send(t.Context(), "1", wire.Outgoing{}); err != nil {
							t.Error(err)
						}
						if got := time.Since(began); got != 3*time.Second {
							t.Errorf("sent after %v, want 3s", got)
						}
					})
					synctest.Wait()
				}
				if err := c.Respond(t.Context(), "1", hookToken, wire.Response{Type: wire.ReplyDeferred}); err != nil {
					t.Error(err)
				}
				if got := time.Since(began); got != 0 {
					t.Errorf("an interaction waited %v", got)
				}
				group.Wait()
			})
		})
	}
}

// Calls with the bot's token stay under the 50 in a second that Discord allows
// in all; interactions are outside that limit.
func TestPacing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, n := newTest(t, always(message))
		began := time.Now()
		var group sync.WaitGroup
		for i := range 200 {
			group.Go(func() { _, _ = c.Send(t.Context(), fmt.Sprint(i), wire.Outgoing{}) })
			group.Go(func() {
				_ = c.Respond(t.Context(), "1", fmt.Sprint("token", i), wire.Response{Type: wire.ReplyDeferred})
				if waited := time.Since(began); waited != 0 {
					t.Errorf("an interaction waited %v", waited)
				}
			})
		}
		group.Wait()
		var bot []time.Time
		for _, in := range n.all() {
			if in.header.Get("Authorization") != "" {
				bot = append(bot, in.at)
			}
		}
		slices.SortFunc(bot, time.Time.Compare)
		for i := perSecond; i < len(bot); i++ {
			if bot[i].Sub(bot[i-perSecond]) < time.Second {
				t.Fatalf("more than %d calls in %v", perSecond, bot[i].Sub(bot[i-perSecond]))
			}
		}
		if took := time.Since(began); len(bot) != 200 || took > 5*time.Second {
			t.Errorf("%d calls in %v", len(bot), took)
		}
	})
}

// 20,000 interactions leave nothing behind: discordgo keeps a bucket for each.
func TestMemoryStaysFlat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &network{t: t, answer: func(_ int, r sent) answer {
			a := message
			a.header = limits("bucket", 5, 4, "2")
			return a
		}}
		c, err := New(Options{Token: botToken, HTTP: &http.Client{Transport: n}})
		if err != nil {
			t.Fatal(err)
		}
		most := 0
		for i := range 20_000 {
			token := fmt.Sprint("token", i)
			if err := c.Respond(t.Context(), "1", token, wire.Response{Type: wire.ReplyDeferred}); err != nil {
				t.Fatal(err)
			}
			if _, err := c.EditOriginal(t.Context(), "2", token, wire.Outgoing{}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(50 * time.Millisecond)
			most = max(most, len(c.limiter.windows))
			n.sent = n.sent[:0]
		}
		// 20 a second, two windows each, forgotten after about sweepEvery.
		if most > 3000 {
			t.Errorf("%d windows are kept", most)
		}
		if len(c.limiter.buckets) > 10 {
			t.Errorf("%d routes are kept", len(c.limiter.buckets))
		}
		if kept := reflect.ValueOf(c.session.Ratelimiter).Elem().FieldByName("buckets").Len(); kept != 0 {
			t.Errorf("discordgo keeps %d buckets", kept)
		}
	})
}

// One interaction whose requests hang does not hold up another; see
// TestDiscordgoSharesOneBucket.
func TestStuckAnswerDelaysNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := newTest(t, func(_ int, r sent) answer {
			if strings.Contains(r.path, "stuck") {
				return answer{after: -1}
			}
			a := message
			a.header = limits("bucket", 5, 4, "5")
			return a
		})
		// The bucket's name is known, and the stuck token has one of its own.
		if _, err := c.EditOriginal(t.Context(), "2", "first", wire.Outgoing{}); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var group sync.WaitGroup
		for range 10 {
			group.Go(func() { _, _ = c.EditOriginal(ctx, "2", "stuck", wire.Outgoing{}) })
		}
		synctest.Wait()
		began := time.Now()
		for _, do := range []func() error{
			func() error { _, err := c.EditOriginal(t.Context(), "2", "other", wire.Outgoing{}); return err },
			func() error { _, err := c.FollowUp(t.Context(), "2", "other", wire.Outgoing{}); return err },
			func() error { return c.DeleteFollowUp(t.Context(), "2", "other", "3") },
			func() error { _, err := c.Send(t.Context(), "4", wire.Outgoing{}); return err },
		} {
			if err := do(); err != nil {
				t.Error(err)
			}
		}
		if waited := time.Since(began); waited != 0 {
			t.Errorf("another answer waited %v", waited)
		}
		cancel()
		group.Wait()
	})
}

// Headers that are odd do no harm; discordgo turns such a success into an
// error.
func TestOddHeaders(t *testing.T) {
	for _, header := range []map[string]string{
		{"X-RateLimit-Reset": "1470173023", "Date": "no date"},
		limits("b", 5, 4, "soon"),
		limits("b", -1, -1, "-5"),
		limits("", 0, 0, "1e300"),
		{"X-RateLimit-Remaining": "many", "X-RateLimit-Limit": "1.5"},
	} {
		synctest.Test(t, func(t *testing.T) {
			a := message
			a.header = header
			c, _ := newTest(t, always(a))
			for range 20 {
				began := time.Now()
				if _, err := c.EditMessage(t.Context(), "4", "5", wire.Outgoing{}); err != nil {
					t.Errorf("with %v: %v", header, err)
				}
				if took := time.Since(began); took > 10*time.Second {
					t.Errorf("with %v: waited %v", header, took)
				}
			}
		})
	}
}
