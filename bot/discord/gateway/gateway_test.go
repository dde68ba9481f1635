package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"verbatim/bot/discord/wire"
)

const interval = 40 * time.Second

func TestIdentify(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		r := run(t, f, func(o *Options) { o.Presence = map[string]string{"status": "online"} })
		p := f.accept()
		if got, want := p.url.String(), "//first.test/?encoding=json&first=1&v=9"; got != want {
			t.Errorf("connected to %s, want %s", got, want)
		}
		p.hello(interval)
		var got identify
		if err := json.Unmarshal(p.expect(opIdentify).Data, &got); err != nil {
			t.Fatal(err)
		}
		if got.Token != testToken || got.Intents != 513 || got.Shard != [2]int{0, 1} || string(got.Presence) != `{"status":"online"}` || got.Properties.Browser == "" {
			t.Errorf("identify = %+v", got)
		}
		p.ready(1, "session-1")
		p.event(2, "SOMETHING_NEW", `{"a":[1,{}]}`)
		if h := r.next(); h.event != "READY" || !strings.Contains(h.data, `"application":{"id":"22"}`) {
			t.Errorf("first event is %+v, want READY as it came", h)
		}
		if h := r.next(); h.event != "SOMETHING_NEW" || h.data != `{"a":[1,{}]}` {
			t.Errorf("second event is %+v, want the unknown one as it came", h)
		}
		synctest.Wait()
		want := State{Status: StatusReady, Identifies: 1, User: "11", Application: "22", Guilds: 1}
		got2 := r.States()[0]
		want.Since, want.LastAck = got2.Since, got2.LastAck
		if diff := cmp.Diff(want, got2); diff != "" {
			t.Errorf("state (-want +got):\n%s", diff)
		}
		if err := r.end(); err != nil {
			t.Errorf("Run: %v", err)
		}
		if code := p.closedWith(); code != 1000 {
			t.Errorf("closed with %d at the end, want 1000", code)
		}
		if got := r.States()[0].Status; got != StatusStopped {
			t.Errorf("status %s at the end, want %s", got, StatusStopped)
		}
	})
}

// The first beat comes after interval x random, the others each interval.
func TestHeartbeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		r := run(t, f, func(o *Options) { o.Random = func() float64 { return 0.25 } })
		began := time.Now()
		p := f.accept()
		p.hello(interval)
		p.expect(opIdentify)
		p.ready(7, "session-1")
		for i, want := range []time.Duration{10 * time.Second, 50 * time.Second, 90 * time.Second} {
			in := p.expect(opHeartbeat)
			if got := in.at.Sub(began); got != want || string(in.Data) != "7" {
				t.Errorf("heartbeat %d after %v with %s, want after %v with 7", i, got, in.Data, want)
			}
		}
		synctest.Wait()
		if s := r.States()[0]; s.LastAck.IsZero() || s.Latency < 0 {
			t.Errorf("state = %+v, want the last answer", s)
		}
	})
}

// discordgo waits for 5 intervals and then closes with 1000, which ends the
// session.
func TestZombieClosesResumable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		r := run(t, f, nil)
		p := f.start(interval)
		p.acks.Store(false)
		began := time.Now()
		if code := p.closedWith(); code != closeResumable {
			t.Errorf("closed with %d, want %d", code, closeResumable)
		}
		// The beat at 0 may still have been answered.
		if took := time.Since(began); took > 2*interval {
			t.Errorf("noticed after %v, want within two intervals", took)
		}
		expectResume(t, f.accept(), "session-1", 1)
		r.next()
	})
}

// expectResume brings a connection to RESUMED.
func expectResume(t *testing.T, p *peer, session string, seq int64) {
	t.Helper()
	if got, want := p.url.String(), "//resume.test/?encoding=json&v=9"; got != want {
		t.Errorf("resumed at %s, want %s", got, want)
	}
	p.hello(interval)
	var got resume
	if err := json.Unmarshal(p.expect(opResume).Data, &got); err != nil {
		t.Fatal(err)
	}
	if want := (resume{testToken, session, seq}); got != want {
		t.Errorf("resume = %+v, want %+v", got, want)
	}
	p.event(int(seq)+1, "RESUMED", "{}")
}

func TestHeartbeatRequestIsAnsweredAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		run(t, f, func(o *Options) { o.Random = func() float64 { return 0.5 } })
		p := f.start(interval)
		began := time.Now()
		p.send(`{"op":1,"d":null}`)
		if in := p.expect(opHeartbeat); in.at != began {
			t.Errorf("answered after %v, want at once", in.at.Sub(began))
		}
	})
}

// Requested beats without an answer are not taken for timed ones: the
// connection lives as long as those are answered.
func TestRequestedHeartbeatMakesNoZombie(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		run(t, f, func(o *Options) { o.Random = func() float64 { return 0.5 } })
		p := f.start(interval)
		for range 10 {
			p.acks.Store(false)
			p.send(`{"op":1,"d":null}`)
			p.expect(opHeartbeat)
			p.acks.Store(true)
			p.expect(opHeartbeat)
		}
		select {
		case code := <-p.closed:
			t.Errorf("closed with %d", code)
		default:
		}
	})
}

// ends are the ways in which Discord ends a connection.
var ends = []struct {
	name string
	do   func(p *peer)
	// resumes is what follows: a resume, or a new session.
	resumes bool
	// code that we close with, -1 when the other side was first.
	code int
	// wait before we connect again.
	wait time.Duration
}{
	{"reconnect", func(p *peer) { p.send(`{"op":7,"d":null}`) }, true, 4000, time.Second},
	{"invalid, resumable", func(p *peer) { p.send(`{"op":9,"d":true}`) }, true, 4000, time.Second},
	{"invalid", func(p *peer) { p.send(`{"op":9,"d":false}`) }, false, 4000, 3 * time.Second},
	{"invalid, odd", func(p *peer) { p.send(`{"op":9,"d":{}}`) }, false, 4000, 3 * time.Second},
	{"abrupt", func(p *peer) { p.close(0, "") }, true, -1, time.Second},
	{"1000", func(p *peer) { p.close(1000, "") }, true, -1, time.Second},
	{"1001", func(p *peer) { p.close(1001, "") }, true, -1, time.Second},
	{"1011", func(p *peer) { p.close(1011, "") }, true, -1, time.Second},
	{"4000", func(p *peer) { p.close(4000, "unknown error") }, true, -1, time.Second},
	{"4001", func(p *peer) { p.close(4001, "") }, true, -1, time.Second},
	{"4002", func(p *peer) { p.close(4002, "") }, true, -1, time.Second},
	{"4003", func(p *peer) { p.close(4003, "") }, false, -1, time.Second},
	{"4005", func(p *peer) { p.close(4005, "") }, true, -1, time.Second},
	{"4007", func(p *peer) { p.close(4007, "") }, false, -1, time.Second},
	{"4008", func(p *peer) { p.close(4008, "") }, true, -1, time.Second},
	{"4009", func(p *peer) { p.close(4009, "") }, false, -1, time.Second},
	{"4999", func(p *peer) { p.close(4999, "") }, true, -1, time.Second},
	{"damaged frame first", func(p *peer) { p.send(`{"op":`); p.close(4000, "") }, true, -1, time.Second},
	{"too large a frame", func(p *peer) {
		p.event(9, "GUILD_CREATE", `"`+strings.Repeat("x", maxReceive)+`"`)
	}, false, -1, time.Second},
}

func TestEnds(t *testing.T) {
	for _, test := range ends {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t)
				r := run(t, f, func(o *Options) { o.Pause = func() time.Duration { return 3 * time.Second } })
				p := f.start(interval)
				p.event(5, "MESSAGE_CREATE", "{}")
				r.next()
				r.next()
				<-f.dials
				// The limit on identifies is not what is tested.
				time.Sleep(10 * time.Second)
				began := time.Now()
				test.do(p)
				if code := p.closedWith(); test.code > 0 && code != test.code {
					t.Errorf("closed with %d, want %d", code, test.code)
				}
				if wait := (<-f.dials).at.Sub(began); wait != test.wait {
					t.Errorf("connected again after %v, want %v", wait, test.wait)
				}
				p = f.accept()
				if test.resumes {
					expectResume(t, p, "session-1", 5)
					return
				}
				p.hello(interval)
				if p.url.Host != "first.test" {
					t.Errorf("new session at %s, want the first address", p.url)
				}
				p.expect(opIdentify)
				p.ready(1, "session-2")
				r.next()
				p.send(`{"op":7}`)
				expectResume(t, f.accept(), "session-2", 1)
			})
		})
	}
}

// A connection that lasted is taken up again at once.
func TestStableConnectionResumesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		run(t, f, nil)
		p := f.start(interval)
		<-f.dials
		time.Sleep(stableAfter)
		began := time.Now()
		p.send(`{"op":7,"d":null}`)
		if wait := (<-f.dials).at.Sub(began); wait != 0 {
			t.Errorf("connected again after %v, want at once", wait)
		}
		expectResume(t, f.accept(), "session-1", 1)
	})
}

// discordgo deadlocks on these, and without HELLO or READY waits for ever.
func TestInPlaceOfHelloAndReady(t *testing.T) {
	tests := []struct {
		name        string
		first, then string // sent in place of HELLO, and of READY
		code        int
		after       time.Duration
	}{
		{"reconnect for READY", "", `{"op":7,"d":null}`, 4000, 0},
		{"invalid for READY", "", `{"op":9,"d":false}`, 4000, 0},
		{"invalid, resumable though there is nothing to resume", "", `{"op":9,"d":true}`, 4000, 0},
		{"reconnect for HELLO", `{"op":7,"d":null}`, "", 4000, 0},
		{"invalid for HELLO", `{"op":9,"d":false}`, "", 4000, 0},
		{"silence for HELLO", `{"op":11}`, "", 4000, defaultHelloTimeout},
		{"silence for READY", "", `{"op":11}`, 4000, defaultHelloTimeout},
		{"damaged HELLO", `{"op":10,"d":{"heartbeat_interval":-1}}`, "", 4000, 0},
		{"odd HELLO", `{"op":10,"d":[]}`, "", 4000, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t)
				run(t, f, nil)
				p := f.accept()
				began := time.Now()
				if test.first != "" {
					p.send(test.first)
				} else {
					p.hello(interval)
					p.expect(opIdentify)
					p.send(test.then)
				}
				if code := p.closedWith(); code != test.code {
					t.Errorf("closed with %d, want %d", code, test.code)
				}
				if took := time.Since(began); took != test.after {
					t.Errorf("closed after %v, want %v", took, test.after)
				}
				p = f.start(interval)
				p.send(`{"op":7}`)
				expectResume(t, f.accept(), "session-1", 1)
			})
		})
	}
}

// The same in place of RESUMED; a session that is never taken up again is
// given up in the end.
func TestInPlaceOfResumed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		run(t, f, nil)
		f.start(interval).send(`{"op":7}`)
		for i, send := range []string{`{"op":7}`, `{"op":9,"d":true}`, `{"op":7}`, `{"op":9,"d":true}`} {
			p := f.accept()
			p.hello(interval)
			if in := p.expect(opResume); !strings.Contains(string(in.Data), "session-1") {
				t.Errorf("resume %d = %s", i, in.Data)
			}
			p.send(send)
		}
		f.start(interval)
	})
}

func TestFatalCodes(t *testing.T) {
	for code, want := range fatalCodes {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t)
				f.info.MaxConcurrency = 2
				r := run(t, f, func(o *Options) { o.ShardCount = 2 })
				first, second := f.start(interval), f.start(interval)
				second.close(code, "go away, "+testToken)
				err := r.wait()
				var fatal *FatalError
				if !errors.As(err, &fatal) || fatal.Code != code || !errors.Is(err, want) {
					t.Errorf("Run = %v, want code %d and %v", err, code, want)
				}
				if strings.Contains(err.Error(), testToken) {
					t.Errorf("the token is in %q", err)
				}
				if code := first.closedWith(); code != 1000 {
					t.Errorf("the other shard closed with %d, want 1000", code)
				}
				if len(f.peers) > 0 || len(f.dials) != 2 {
					t.Errorf("%d connections were made, want 2", len(f.dials))
				}
			})
		})
	}
}

func TestBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		var up atomic.Bool
		f.dial = func(string) error {
			if !up.Load() {
				return errors.New("no route")
			}
			return nil
		}
		run(t, f, nil)
		want := []time.Duration{1, 2, 4, 8, 16, 32, 60, 60, 60}
		last := (<-f.dials).at
		for i, seconds := range want {
			d := <-f.dials
			if got := d.at.Sub(last); got != seconds*time.Second {
				t.Errorf("wait %d is %v, want %v", i, got, seconds*time.Second)
			}
			last = d.at
			up.Store(i >= len(want)-2)
		}
		f.start(interval)
	})
}

func TestBackoffIsBounded(t *testing.T) {
	for failures := range 200 {
		for _, random := range []float64{0, 0.5, 0.999} {
			d := backoff(failures, random)
			if failures == 0 && d != 0 || failures > 0 && (d < 500*time.Millisecond || d > maxBackoff) {
				t.Errorf("backoff(%d, %g) = %v", failures, random, d)
			}
		}
	}
}

// A resume address out of reach is left for the first one.
func TestResumeFallsBackToFirstAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.dial = func(host string) error {
			if host == "resume.test" {
				return errors.New("no route")
			}
			return nil
		}
		r := run(t, f, nil)
		f.start(interval).send(`{"op":7}`)
		p := f.accept()
		if p.url.Host != "first.test" {
			t.Errorf("resumed at %s, want the first address", p.url)
		}
		p.hello(interval)
		p.expect(opResume)
		p.event(2, "RESUMED", "{}")
		r.next()
		r.next()
		if s := r.States()[0]; s.Resumes != 1 || s.Identifies != 1 {
			t.Errorf("state = %+v, want 1 resume, 1 identify", s)
		}
	})
}

func TestResumeAddress(t *testing.T) {
	tests := []struct{ first, resume, want string }{
		{"wss://gateway.test", "wss://resume.test/?a=1", "wss://resume.test/?a=1&encoding=json&v=9"},
		{"ws://127.0.0.1:1", "ws://127.0.0.1:2/x", "ws://127.0.0.1:2/x?encoding=json&v=9"},
		{"wss://gateway.test", "ws://resume.test", ""}, // would show the token
		{"wss://gateway.test", "", ""},
		{"wss://gateway.test", "http://resume.test", ""},
		{"wss://gateway.test", "://", ""},
		{"wss://gateway.test", "wss://", ""},
	}
	for _, test := range tests {
		s := testShard(t)
		s.client.identify.learn(&Info{URL: test.first}, false)
		got := ""
		if u := s.resumeAddress(test.resume); u != nil {
			got = u.String()
		}
		if got != test.want {
			t.Errorf("resumeAddress(%q) after %q = %q, want %q", test.resume, test.first, got, test.want)
		}
	}
}

func testShard(t testing.TB) *shard {
	t.Helper()
	c, err := New(Options{
		Token: testToken, URL: func(context.Context) (*Info, error) { return &Info{URL: firstURL}, nil },
		Handle: func(int, string, json.RawMessage) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	c.identify.learn(&Info{URL: firstURL}, true)
	return newShard(c, 0, 1)
}

// Stopping works from every state, and leaves no goroutine (synctest sees to
// that).
func TestStop(t *testing.T) {
	tests := []struct {
		name string
		do   func(f *fake)
		code int // 0 for no connection
	}{
		{"before HELLO", func(f *fake) {}, 1000},
		{"before READY", func(f *fake) { p := f.accept(); p.hello(interval); f.peers <- p }, 1000},
		{"ready", func(f *fake) { f.peers <- f.start(interval) }, 1000},
		{"waiting", func(f *fake) { f.start(interval).close(0, "") }, 0},
		{"waiting for sessions", func(f *fake) {
			p := f.start(interval)
			f.remaining(func(int) int { return 0 })
			p.send(`{"op":9,"d":false}`)
			time.Sleep(time.Hour)
		}, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t)
				r := run(t, f, nil)
				test.do(f)
				synctest.Wait()
				began := time.Now()
				if err := r.end(); err != nil {
					t.Errorf("Run = %v, want nil", err)
				}
				if took := time.Since(began); took > closeWait {
					t.Errorf("stopped after %v", took)
				}
				if test.code != 0 {
					if code := f.accept().closedWith(); code != test.code {
						t.Errorf("closed with %d, want %d", code, test.code)
					}
				}
			})
		})
	}
}

// modalSubmit is what Discord sends when a modal of labels is submitted.
const modalSubmit = `{"id":"1","application_id":"2","type":5,"token":"t","version":1,"channel_id":"3",` +
	`"data":{"custom_id":"m","components":[{"type":18,"id":1,"component":{"type":4,"id":2,"custom_id":"why","value":"because"}}]}}`

// discordgo hands on such an event without its data.
func TestModalOfLabelsArrivesWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		r := run(t, f, nil)
		f.start(interval).event(2, "INTERACTION_CREATE", modalSubmit)
		r.next()
		var i wire.Interaction
		if err := json.Unmarshal([]byte(r.next().data), &i); err != nil {
			t.Fatal(err)
		}
		if got := i.Data.Field("why"); got != "because" {
			t.Errorf("field = %q, want because", got)
		}
	})
}

// The closes get through on real sockets, too.
func TestOverTCP(t *testing.T) {
	f := &fake{t: t, peers: make(chan *peer, 10)}
	server := httptest.NewServer(f)
	defer server.Close()
	address := "ws" + strings.TrimPrefix(server.URL, "http")
	f.info = Info{URL: address, Shards: 1}
	r := run(t, f, func(o *Options) {
		o.Dialer = nil
		o.Backoff = func(int) time.Duration { return 0 }
	})
	p := f.accept()
	p.hello(20 * time.Millisecond)
	p.expect(opIdentify)
	p.event(1, "READY", fmt.Sprintf(`{"session_id":"s","resume_gateway_url":%q}`, address+"/resume"))
	for range 3 {
		p.expect(opHeartbeat)
	}
	p.send(`{"op":7,"d":null}`)
	if code := p.closedWith(); code != closeResumable {
		t.Errorf("closed with %d, want %d", code, closeResumable)
	}
	p = f.accept()
	if p.url.Path != "/resume" {
		t.Errorf("resumed at %s", p.url)
	}
	p.hello(20 * time.Millisecond)
	p.expect(opResume)
	p.event(2, "RESUMED", `{}`)
	for r.next().event != "RESUMED" {
	}
	if err := r.end(); err != nil {
		t.Error(err)
	}
	if code := p.closedWith(); code != 1000 {
		t.Errorf("closed with %d at the end, want 1000", code)
	}
}

func TestURLErrors(t *testing.T) {
	down := errors.New("no network")
	if err := Run(t.Context(), Options{Token: testToken, Handle: func(int, string, json.RawMessage) {}, URL: func(context.Context) (*Info, error) { return nil, down }}); !errors.Is(err, down) {
		t.Errorf("Run = %v, want the first error of URL", err)
	}
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		asked := 0
		r := run(t, f, func(o *Options) {
			good := o.URL
			o.URL = func(ctx context.Context) (*Info, error) {
				asked++
				switch asked {
				case 1, 4:
					return good(ctx)
				case 2, 3:
					return nil, down
				}
				return nil, fmt.Errorf("ask: %w", ErrToken)
			}
		})
		f.start(interval).send(`{"op":9,"d":false}`)
		f.start(interval).send(`{"op":9,"d":false}`)
		err := r.wait()
		if !errors.Is(err, ErrToken) || asked != 5 {
			t.Errorf("Run = %v after %d questions, want %v after 5", err, asked, ErrToken)
		}
	})
}

func TestNewRefuses(t *testing.T) {
	handle := func(int, string, json.RawMessage) {}
	info := func(context.Context) (*Info, error) { return nil, nil }
	for name, o := range map[string]Options{
		"no token":          {URL: info, Handle: handle},
		"only a prefix":     {Token: "Bot ", URL: info, Handle: handle},
		"no handler":        {Token: "t", URL: info},
		"no address":        {Token: "t", Handle: handle},
		"IDs without count": {Token: "t", URL: info, Handle: handle, ShardIDs: []int{0}},
		"ID out of range":   {Token: "t", URL: info, Handle: handle, ShardIDs: []int{2}, ShardCount: 2},
		"ID twice":          {Token: "t", URL: info, Handle: handle, ShardIDs: []int{1, 1}, ShardCount: 2},
		"huge presence":     {Token: "t", URL: info, Handle: handle, Presence: strings.Repeat("x", maxPresence)},
		"odd presence":      {Token: "t", URL: info, Handle: handle, Presence: func() {}},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s: New returns no error", name)
		}
	}
}
