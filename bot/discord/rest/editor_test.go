package rest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"verbatim/bot/discord/wire"
)

// contents are the messages shown, with the time since then.
func contents(n *network, since time.Time) []string {
	var list []string
	for _, in := range n.all() {
		text := strings.TrimPrefix(in.body, `{"content":"`)
		text, _, _ = strings.Cut(text, `"`)
		list = append(list, fmt.Sprintf("%s@%v", text, in.at.Sub(since)))
	}
	return list
}

func state(i int) wire.Outgoing { return wire.Outgoing{Content: fmt.Sprint(i)} }

// Of states that come faster than they may be shown the newest are, 1.2 s
// apart, and the final one whatever is in the way.
func TestEditorCoalesces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, n := newTest(t, always(message))
		began := time.Now()
		e := c.Coalesced("2", hookToken)
		for i := range 30 {
			e.Update(state(i))
			time.Sleep(100 * time.Millisecond)
		}
		m, err := e.Final(t.Context(), wire.Outgoing{Content: "end"})
		if err != nil || m.ID != "9" {
			t.Errorf("Final = %+v, %v", m, err)
		}
		want := []string{"0@0s", "11@1.2s", "23@2.4s", "end@3s"}
		got := contents(n, began)
		// State 12 comes at the very moment of an edit.
		for i := range got {
			got[i] = strings.NewReplacer("12@1.2s", "11@1.2s", "24@2.4s", "23@2.4s").Replace(got[i])
		}
		if !slices.Equal(got, want) {
			t.Errorf("shown %v, want %v", got, want)
		}
		e.Update(state(99))
		synctest.Wait()
		if len(n.all()) != len(want) {
			t.Error("a state is shown after the final one")
		}
		for _, in := range n.all() {
			if !strings.Contains(in.body, mute) {
				t.Errorf("edit %s may ping", in.body)
			}
		}
	})
}

func TestEditorShowsNoStateTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, n := newTest(t, always(message))
		e := c.Coalesced("2", hookToken)
		for range 5 {
			e.Update(state(1))
			time.Sleep(3 * time.Second)
		}
		e.Close()
		if got := len(n.all()); got != 1 {
			t.Errorf("%d edits for one state", got)
		}
	})
}

// The final edit waits for one under way, which could otherwise arrive after
// it; but not for longer than a try of that takes.
func TestEditorFinalComesLast(t *testing.T) {
	for _, test := range []struct {
		name  string
		first answer
		at    string
	}{
		{"slow", answer{status: 200, body: `{}`, after: 3 * time.Second}, "end@3s"},
		{"hangs", answer{after: -1}, "end@5s"},
		{"fails", answer{status: 500, after: time.Second}, "end@1s"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, n := newTest(t, inTurn(test.first, message))
				began := time.Now()
				e := c.Coalesced("2", hookToken)
				e.Update(state(1))
				synctest.Wait()
				e.Update(state(2)) // stale by the time of Final
				if _, err := e.Final(t.Context(), wire.Outgoing{Content: "end"}); err != nil {
					t.Error(err)
				}
				if got, want := contents(n, began), []string{"1@0s", test.at}; !slices.Equal(got, want) {
					t.Errorf("shown %v, want %v", got, want)
				}
			})
		})
	}
}

// A passing state is not tried often, the final one until the token dies.
func TestEditorOutlastsOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var up atomic.Bool
		c, _ := newTest(t, func(int, sent) answer {
			if !up.Load() {
				return answer{status: 503}
			}
			return message
		})
		c.options.Backoff = backoff
		e := c.Coalesced("2", hookToken)
		e.Update(state(1))
		synctest.Wait()
		time.AfterFunc(14*time.Minute, func() { up.Store(true) })
		if _, err := e.Final(t.Context(), wire.Outgoing{Content: "end"}); err != nil {
			t.Errorf("Final after an outage of 14 min = %v", err)
		}
		up.Store(false)
		began := time.Now()
		_, err := c.CoalescedSince("2", hookToken, began.Add(-10*time.Minute)).Final(t.Context(), wire.Outgoing{Content: "end"})
		if took := time.Since(began); statusOf(err) != 503 || took > 5*time.Minute || took < 4*time.Minute {
			t.Errorf("Final 10 min after the interaction = %v after %v, want until its token dies", err, took)
		}
	})
}

func TestEditorStopsWhenExpired(t *testing.T) {
	for _, a := range []answer{failure(401, 50027), failure(404, 10008), failure(403, 50001)} {
		synctest.Test(t, func(t *testing.T) {
			c, n := newTest(t, always(a))
			e := c.Coalesced("2", hookToken)
			for i := range 10 {
				e.Update(state(i))
				time.Sleep(2 * time.Second)
			}
			if got := len(n.all()); got != 1 {
				t.Errorf("%d edits, want one, after %s", got, a.body)
			}
			if _, err := e.Final(t.Context(), state(99)); err == nil {
				t.Error("Final returns no error")
			}
			e.Close()
		})
	}
}

// Close and Final may come in any order, also before any state, and leave no
// goroutine (synctest sees to that).
func TestEditorEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, n := newTest(t, always(message))
		c.Coalesced("2", hookToken).Close()
		e := c.Coalesced("2", hookToken)
		if _, err := e.Final(t.Context(), state(1)); err != nil {
			t.Error(err)
		}
		e.Close()
		e.Close()
		e.Update(state(2))
		e = c.Coalesced("2", hookToken)
		e.Update(state(3))
		synctest.Wait()
		began := time.Now()
		e.Close() // within the gap
		if took := time.Since(began); took != 0 {
			t.Errorf("Close waited %v in the gap", took)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := e.Final(ctx, state(4)); !errors.Is(err, context.Canceled) {
			t.Errorf("Final of an ended context = %v", err)
		}
		if got, want := len(n.all()), 2; got != want {
			t.Errorf("%d requests, want %d", got, want)
		}
	})
}

// A limit that holds up a passing state does not hold up Close.
func TestEditorCloseEndsWaitForLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := newTest(t, inTurn(limited("60", nil), message))
		e := c.Coalesced("2", hookToken)
		e.Update(state(1))
		synctest.Wait()
		began := time.Now()
		e.Close()
		if took := time.Since(began); took != 0 {
			t.Errorf("Close waited %v", took)
		}
	})
}
