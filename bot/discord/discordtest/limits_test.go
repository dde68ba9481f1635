package discordtest

import (
	"encoding/json"
	"io"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// still is a clock that stands, so that no window ends by itself.
func still() func() time.Time {
	now := time.Now()
	return func() time.Time { return now }
}

func TestRateLimits(t *testing.T) {
	s := New(t, Options{RateGrace: time.Nanosecond, Now: still()})
	b, _ := held(t, s)
	ch := s.Guild("g").Channel("x")
	path := "/channels/" + ch.ID + "/messages"
	var h http.Header
	for range 5 {
		_, _, h = b.doHeader("POST", path, answer("x"))
	}
	if h.Get("X-RateLimit-Limit") != "5" || h.Get("X-RateLimit-Remaining") != "0" || h.Get("X-RateLimit-Bucket") == "" {
		t.Errorf("headers %v", h)
	}
	status, body, h := b.doHeader("POST", path, answer("x"))
	var wait struct {
		RetryAfter float64 `json:"retry_after"`
		Global     bool
	}
	if err := json.Unmarshal([]byte(body), &wait); err != nil || status != 429 || wait.RetryAfter <= 0 || wait.RetryAfter > 5 || h.Get("Retry-After") == "" || h.Get("X-RateLimit-Scope") != "user" {
		t.Errorf("%d %s %v", status, body, h)
	}
	broke(t, s, "sent into an empty bucket")
	other := s.Guild("g").Channel("y")
	status, body = b.do("POST", "/channels/"+other.ID+"/messages", answer("x"))
	want(t, status, body, 200, 0)
	s.Advance(6 * time.Second)
	status, body = b.do("POST", path, answer("x"))
	want(t, status, body, 200, 0)
	if s.Stats().RateLimited != 1 {
		t.Errorf("%+v", s.Stats())
	}
}

func TestGlobalLimit(t *testing.T) {
	s := New(t, Options{Global: 3, RateScale: 1000})
	b := newBot(t, s, nil)
	for i := range 4 {
		status, body, h := b.doHeader("GET", "/users/@me", "")
		if i == 3 && (status != 429 || h.Get("X-RateLimit-Scope") != "global" || !strings.Contains(body, `"global":true`)) {
			t.Errorf("%d %s", status, body)
		}
	}
	status, body := b.do("POST", "/interactions/1/x/callback", `{"type":5}`)
	want(t, status, body, 404, 10062) // not limited
}

func TestOwnBuckets(t *testing.T) {
	s := New(t, Options{RateScale: 0.001, Now: still(), Buckets: map[string]Bucket{"GET /users/@me": {1, time.Hour}}})
	b := newBot(t, s, nil)
	b.do("GET", "/users/@me", "")
	status, _, h := b.doHeader("GET", "/users/@me", "")
	if after, err := strconv.ParseFloat(h.Get("X-RateLimit-Reset-After"), 64); status != 429 || err != nil || after > 3.6 || after < 3 {
		t.Errorf("%d %v", status, h)
	}
}

func TestEditBudget(t *testing.T) {
	s := New(t, Options{NoRateLimits: true, EditBudget: Bucket{3, time.Hour}})
	b, inters := held(t, s)
	s.User("ann").In(s.Guild("g").Channel("x")).Slash("summary")
	d := <-inters
	b.do("POST", callbackPath(d), `{"type":5}`)
	for i := range 4 {
		if i == 3 && len(s.Violations()) > 0 {
			t.Errorf("violations %q", s.Violations())
		}
		b.do("PATCH", hookPath(s, d)+"/messages/@original", answer(strconv.Itoa(i)))
	}
	broke(t, s, "4 edits of one message")
}

func TestScriptedFaults(t *testing.T) {
	s := New(t)
	b, inters := held(t, s)
	ch := s.Guild("g").Channel("x")
	path := "/channels/" + ch.ID + "/messages"
	for _, c := range []struct {
		fault  Fault
		status int
		sent   int
	}{{Status500, 500, 0}, {Status502, 502, 0}, {Status503, 503, 0}, {Status429, 429, 0}, {CutBefore, 0, 0}, {CutAfter, 0, 1}, {NoFault, 200, 2}} {
		if c.fault != NoFault {
			s.FailNext("POST /channels/{channel_id}/messages", 1, c.fault)
		}
		status, body := b.do("POST", path, answer("x"))
		if status != c.status || len(ch.Messages()) != c.sent {
			t.Errorf("%s: %d %s, %d sent", c.fault, status, body, len(ch.Messages()))
		}
	}
	// A repeated callback after a cut is no violation.
	s.FailNext("callback", 1, CutAfter)
	s.User("ann").In(ch).Slash("summary")
	d := <-inters
	b.do("POST", callbackPath(d), `{"type":5}`)
	status, body := b.do("POST", callbackPath(d), `{"type":5}`)
	want(t, status, body, 400, 40060)
	st := s.Stats()
	if st.Faults[CutAfter] != 2 || st.Faults[Status500] != 1 || st.Repeats != 1 {
		t.Errorf("%+v", st)
	}
}

func TestShareOfFaults(t *testing.T) {
	s := New(t, Options{NoRateLimits: true})
	b := newBot(t, s, nil)
	s.Faults(0.3, 7)
	failed := 0
	for range 300 {
		if status, _ := b.do("GET", "/users/@me", ""); status != 200 {
			failed++
		}
	}
	// GET is repeated by the client of Go itself where the connection was cut.
	if failed < 40 || failed > 130 {
		t.Errorf("%d of 300 failed", failed)
	}
	for _, f := range allFaults {
		if s.Stats().Faults[f] == 0 {
			t.Errorf("no fault %q", f)
		}
	}
}

func TestCDN(t *testing.T) {
	s := New(t)
	_, inters := held(t, s)
	ch := s.Guild("g").Channel("x")
	ann := s.Guild("g").Member(s.User("ann"), PermManageGuild).In(ch)
	add := func(f *Upload) (address string, size float64) {
		ann.Slash("transcript add", Opt("file", f))
		d := <-inters
		data := d["data"].(map[string]any)
		for _, v := range data["resolved"].(map[string]any)["attachments"].(map[string]any) {
			m := v.(map[string]any)
			return m["url"].(string), m["size"].(float64)
		}
		return "", 0
	}
	get := func(address string, h http.Header) (int, string) {
		req, err := http.NewRequest("GET", address, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header = h
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return 0, err.Error()
		}
		defer func() { _ = res.Body.Close() }()
		data, _ := io.ReadAll(io.LimitReader(res.Body, 100))
		return res.StatusCode, string(data)
	}
	address, size := add(File("a b.vtt", []byte("WEBVTT")))
	if status, body := get(address, nil); status != 200 || body != "WEBVTT" || size != 6 || s.Fetches("a b.vtt") != 1 {
		t.Errorf("%s: %d %q, size %v", address, status, body, size)
	}
	if status, _ := get(strings.Replace(address, "hm=", "hm=0", 1), nil); status != 404 {
		t.Errorf("wrong signature: %d", status)
	}
	get(address, http.Header{"Authorization": {"Bot " + s.Token()}})
	broke(t, s, "token was sent to the CDN")
	for _, c := range []struct {
		file   *Upload
		status int
		body   string
	}{
		{&Upload{Name: "x", Data: []byte("x"), Expired: true}, 404, "no longer available"},
		{&Upload{Name: "x", Data: []byte("x"), Status: 503}, 503, ""},
		{&Upload{Name: "x", Data: []byte("x"), Redirect: true}, 200, "a stranger's file"},
		{&Upload{Name: "x", Endless: true}, 200, "endless"},
	} {
		address, _ = add(c.file)
		if status, body := get(address, nil); status != c.status || !strings.Contains(body, c.body) {
			t.Errorf("%+v: %d %q", c.file, status, body)
		}
	}
	if s.ElsewhereHits() != 1 {
		t.Errorf("%d requests elsewhere", s.ElsewhereHits())
	}
	if _, size := add(&Upload{Name: "x", Size: 1 << 30}); size != 1<<30 {
		t.Errorf("told size %v", size)
	}
}

// TestForgetful checks that what is over is dropped and counted all the same.
func TestForgetful(t *testing.T) {
	s := New(t, Options{Forgetful: true, NoRateLimits: true, NoSchema: true})
	startBot(t, s, func(b *testBot, event string, d map[string]any) {
		if event == "INTERACTION_CREATE" {
			b.do("POST", callbackPath(d), `{"type":4,"data":`+answer("x")+`}`)
		}
	})
	ann := s.User("ann").In(s.Guild("g").Channel("x"))
	const n = 3000
	for range n {
		ann.Slash("summary").Wait()
	}
	if len(s.Interactions()) > 2*forgetfulInters || len(s.AckTimes()) != n {
		t.Errorf("%d interactions, %d times", len(s.Interactions()), len(s.AckTimes()))
	}
	if st := s.Stats(); st.Interactions != n || st.Answered != n {
		t.Errorf("%+v", st)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.messages) > 2*forgetfulMessages || len(s.inters) != len(s.interOrder) || len(s.buckets) > 5000 {
		t.Errorf("%d messages, %d interactions, %d buckets", len(s.messages), len(s.inters), len(s.buckets))
	}
}

func BenchmarkInteraction(b *testing.B) {
	s := New(b, Options{Forgetful: true, NoRateLimits: true})
	startBot(b, s, func(bot *testBot, event string, d map[string]any) {
		if event == "INTERACTION_CREATE" {
			bot.do("POST", callbackPath(d), `{"type":4,"data":`+answer("x")+`}`)
		}
	})
	ann := s.User("ann").In(s.Guild("g").Channel("x"))
	var m runtime.MemStats
	for b.Loop() {
		ann.Slash("summary").Wait()
	}
	runtime.GC()
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapAlloc)/1e6, "MB-heap")
}
