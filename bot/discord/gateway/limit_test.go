package gateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestIdentifyLimit(t *testing.T) {
	tests := []struct {
		name        string
		concurrency int
		ids         []int
		count       int
		advised     int
		want        []string // shard at second
	}{
		{"one at a time", 1, nil, 3, 9, []string{"0@0", "1@5", "2@10"}},
		{"as many as advised", 1, nil, 0, 2, []string{"0@0", "1@5"}},
		{"buckets", 2, nil, 4, 9, []string{"0@0", "1@0", "2@5", "3@5"}},
		{"some of many", 4, []int{9, 5, 6}, 16, 9, []string{"5@0", "6@0", "9@5"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t)
				f.info.MaxConcurrency, f.info.Shards = test.concurrency, test.advised
				run(t, f, func(o *Options) { o.ShardIDs, o.ShardCount = test.ids, test.count })
				began := time.Now()
				var got []string
				var shards []int
				for range test.want {
					p := f.accept()
					p.hello(interval)
					in := p.expect(opIdentify)
					var id identify
					if err := json.Unmarshal(in.Data, &id); err != nil {
						t.Fatal(err)
					}
					if count := max(test.count, 1); test.count > 0 && id.Shard[1] != count {
						t.Errorf("identify names %v shards, want %d", id.Shard, count)
					}
					got = append(got, fmt.Sprintf("%d@%g", id.Shard[0], in.at.Sub(began).Seconds()))
					shards = append(shards, id.Shard[0])
					p.ready(1, fmt.Sprint("session-", id.Shard[0]))
				}
				// Which shard of a bucket is first is not said.
				slices.Sort(shards)
				if want := sortedShards(test.want); !slices.Equal(shards, want) {
					t.Errorf("shards %v identified, want %v", shards, want)
				}
				if g, w := times(got), times(test.want); !slices.Equal(g, w) {
					t.Errorf("identified at %v, want %v", got, test.want)
				}
			})
		})
	}
}

func times(all []string) []string {
	var t []string
	for _, s := range all {
		t = append(t, s[strings.Index(s, "@"):])
	}
	return t
}

func sortedShards(all []string) []int {
	var ids []int
	for _, s := range all {
		var id, at int
		if _, err := fmt.Sscanf(s, "%d@%d", &id, &at); err != nil {
			panic(err)
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// The pause counts from the identify itself, however long the dial took.
func TestIdentifyPauseCountsFromSending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		first := true
		f.dial = func(string) error {
			if first {
				first = false
				time.Sleep(4 * time.Second)
			}
			return nil
		}
		run(t, f, func(o *Options) { o.ShardCount = 2 })
		began := time.Now()
		f.start(interval)
		f.start(interval)
		if got, want := time.Since(began), 9*time.Second; got != want {
			t.Errorf("second identify after %v, want %v", got, want)
		}
	})
}

// A storm of invalid sessions never uses up the day's sessions, which would
// reset the token.
func TestSessionsOfTheDayAreNotUsedUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.info.Remaining, f.info.ResetAfter = 20, 10*time.Hour
		r := run(t, f, func(o *Options) { o.Pause = func() time.Duration { return 3 * time.Second } })
		began := time.Now()
		for left := 20; left > keptIdentifies; {
			p := f.accept()
			p.hello(interval)
			p.expect(opIdentify)
			left = f.remaining(func(n int) int { return n - 1 })
			p.send(`{"op":9,"d":false}`)
		}
		stormed := time.Since(began)
		go func() { // Discord's day is over
			time.Sleep(10 * time.Hour)
			f.remaining(func(int) int { return 1000 })
		}()
		f.start(interval)
		if got := time.Since(began) - stormed; got < 10*time.Hour || got > 11*time.Hour {
			t.Errorf("waited for %v, want for the next count", got)
		}
		if err := r.end(); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(r.logs.String(), "too few new sessions"); n != 1 {
			t.Errorf("the wait is %d times in the log, want once", n)
		}
		if got, want := r.States()[0].Identifies, 18; got != want {
			t.Errorf("%d identifies, want %d", got, want)
		}
	})
}

func TestWindow(t *testing.T) {
	start := time.Unix(1000, 0)
	w := window{max: 5, span: 20 * time.Second}
	for i := range 5 {
		now := start.Add(time.Duration(i) * time.Second)
		if wait := w.wait(now, 0); wait != 0 {
			t.Errorf("wait before act %d = %v, want 0", i, wait)
		}
		w.add(now)
	}
	for _, test := range []struct {
		at    time.Duration
		spare int
		want  time.Duration
	}{
		{4 * time.Second, 0, 16 * time.Second},
		{4 * time.Second, 2, 18 * time.Second},
		{19 * time.Second, 0, time.Second},
		{20 * time.Second, 0, 0},
		{20 * time.Second, 1, time.Second},
		{time.Minute, 4, 0},
	} {
		if got := w.wait(start.Add(test.at), test.spare); got != test.want {
			t.Errorf("wait after %v with %d spare = %v, want %v", test.at, test.spare, got, test.want)
		}
	}
}

// Requests for heartbeats cannot make us send more than Discord allows, nor
// keep the timed ones from being sent.
func TestSendLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		run(t, f, nil)
		p := f.start(interval)
		var sent []time.Time
		for range 90 {
			for range 10 {
				p.send(`{"op":1}`)
			}
			time.Sleep(time.Second)
		}
		synctest.Wait()
		for len(p.got) > 0 {
			sent = append(sent, (<-p.got).at)
		}
		for i := range sent {
			if i >= maxSends && sent[i].Sub(sent[i-maxSends]) < sendSpan {
				t.Fatalf("more than %d sends within %v", maxSends, sent[i].Sub(sent[i-maxSends]))
			}
		}
		if len(sent) < 120 {
			t.Errorf("%d sends, want as many as allowed", len(sent))
		}
		select {
		case code := <-p.closed:
			t.Errorf("closed with %d: a timed heartbeat was not sent", code)
		default:
		}
	})
}

func TestPresence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		r := run(t, f, nil)
		set := func(n int) {
			t.Helper()
			if err := r.SetPresence(map[string]int{"n": n}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		p := f.accept()
		set(1)
		p.hello(interval)
		if in := p.expect(opIdentify); !strings.Contains(string(in.Data), `"presence":{"n":1}`) {
			t.Errorf("identify = %s, want the newest presence", in.Data)
		}
		set(2) // between identify and READY
		p.ready(1, "session-1")
		began := time.Now()
		if in := p.expect(opPresence); string(in.Data) != `{"n":2}` {
			t.Errorf("presence = %s, want 2", in.Data)
		}
		for n := 3; n <= 20; n++ {
			set(n)
		}
		for _, want := range []string{"3@0", "4@0", "5@0", "6@0", "20@20"} {
			in := p.expect(opPresence)
			if got := fmt.Sprintf("%s@%g", strings.Trim(string(in.Data), `{"n:}`), in.at.Sub(began).Seconds()); got != want {
				t.Errorf("presence %s, want %s", got, want)
			}
		}
		// Set while the connection is down.
		p.send(`{"op":7}`)
		p.closedWith()
		set(21)
		p = f.accept()
		p.hello(interval)
		p.expect(opResume)
		p.event(2, "RESUMED", "{}")
		if in := p.expect(opPresence); string(in.Data) != `{"n":21}` {
			t.Errorf("presence after the resume = %s, want 21", in.Data)
		}
		if err := r.SetPresence(strings.Repeat("x", maxSend)); err == nil {
			t.Error("a presence too large for a frame is taken")
		}
	})
}

// A handler that panics costs one event, not the connection, and its event is
// not replayed for ever.
func TestHandlerPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		r := run(t, f, func(o *Options) {
			next := o.Handle
			o.Handle = func(shard int, event string, data json.RawMessage) {
				if event == "BAD" {
					panic(errors.New("broken with " + testToken))
				}
				next(shard, event, data)
			}
		})
		p := f.start(interval)
		p.event(2, "BAD", "{}")
		p.event(3, "GOOD", "{}")
		r.next()
		if h := r.next(); h.event != "GOOD" {
			t.Errorf("after the panic came %+v, want GOOD", h)
		}
		p.send(`{"op":7}`)
		expectResume(t, f.accept(), "session-1", 3)
		r.next()
		if err := r.end(); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(r.logs.String(), "event handler panicked") || !strings.Contains(r.logs.String(), "event=BAD") {
			t.Errorf("the panic is not in the log:\n%s", r.logs)
		}
	})
}

// An event counts as received when its handler has returned: a connection that
// ends in between brings it again.
func TestSequenceFollowsHandler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		release := make(chan struct{})
		r := run(t, f, func(o *Options) {
			next := o.Handle
			o.Handle = func(shard int, event string, data json.RawMessage) {
				if event == "SLOW" {
					<-release
				}
				next(shard, event, data)
			}
		})
		p := f.start(interval)
		p.event(2, "SLOW", "{}")
		p.event(3, "BEHIND", "{}")
		synctest.Wait()
		p.close(0, "")
		close(release)
		p = f.accept()
		p.hello(interval)
		// 3 was read, or not; what was not handled is asked for again.
		in := p.expect(opResume)
		var got resume
		if err := json.Unmarshal(in.Data, &got); err != nil {
			t.Fatal(err)
		}
		var events []string
		for len(r.events) > 0 {
			events = append(events, (<-r.events).event)
		}
		if int(got.Seq) != len(events) {
			t.Errorf("resumed at %d after events %v", got.Seq, events)
		}
	})
}

// A handler that blocks holds up the heartbeats, but is no zombie.
func TestSlowHandlerMakesNoZombie(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		r := run(t, f, func(o *Options) {
			next := o.Handle
			o.Random = func() float64 { return 0.5 }
			o.Handle = func(shard int, event string, data json.RawMessage) {
				if event == "SLOW" {
					time.Sleep(3 * interval)
				}
				next(shard, event, data)
			}
		})
		p := f.start(interval)
		p.expect(opHeartbeat)
		p.event(2, "SLOW", "{}")
		p.event(3, "NEXT", "{}")
		for _, want := range []string{"READY", "SLOW", "NEXT"} {
			if h := r.next(); h.event != want {
				t.Errorf("event %s, want %s", h.event, want)
			}
		}
		p.expect(opHeartbeat)
		if err := r.end(); err != nil {
			t.Fatal(err)
		}
		if code := p.closedWith(); code != 1000 {
			t.Errorf("closed with %d, want 1000 at the end", code)
		}
		if !strings.Contains(r.logs.String(), "event handler is slow") {
			t.Errorf("the slow handler is not in the log:\n%s", r.logs)
		}
	})
}
