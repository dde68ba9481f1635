package web

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"verbatim/bot"
	"verbatim/bot/model/modeltest"
	"verbatim/retrieval/embedding"
	"verbatim/retrieval/local"
)

// healthOf reads /healthz.
func healthOf(t *testing.T, body string) healthReport {
	t.Helper()
	var h healthReport
	if err := json.Unmarshal([]byte(body), &h); err != nil {
		t.Fatalf("/healthz is %q: %v", body, err)
	}
	return h
}

// TestHealthWithoutAnybody: the library alone is enough.
func TestHealthWithoutAnybody(t *testing.T) {
	w := newWorld(t, Options{})
	r, body := w.get("/healthz?strict")
	h := healthOf(t, body)
	if r.StatusCode != http.StatusOK || h.Status != stateOK || h.Library.State != stateOK || h.Discord.State != stateOff || h.Model.State != stateOff {
		t.Errorf("%d: %s", r.StatusCode, body)
	}
	if h.Library.Since == nil || h.Discord.Since != nil || h.Model.Since != nil {
		t.Errorf("what is off has no time, and what is on has: %s", body)
	}
	if r.Header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		t.Errorf("kept: %q, type: %q", r.Header.Get("Cache-Control"), r.Header.Get("Content-Type"))
	}
	if head, err := http.Head(w.url + "/healthz"); err != nil || head.StatusCode != http.StatusOK {
		t.Errorf("HEAD: %v, %v", head, err)
	}
}

// TestHealthOfClosedLibrary: whoever cannot read answers nobody.
func TestHealthOfClosedLibrary(t *testing.T) {
	static, err := embedding.NewStatic()
	if err != nil {
		t.Fatal(err)
	}
	library, err := local.OpenMemory(t.Context(), local.Options{Model: static.Model(), Dimension: static.Dimension()})
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(bot.New(library, static, static), Options{})
	if err != nil {
		t.Fatal(err)
	}
	ask := func() (int, healthReport) {
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/healthz", nil))
		return w.Code, healthOf(t, w.Body.String())
	}
	if code, h := ask(); code != http.StatusOK || h.Library.State != stateOK {
		t.Fatalf("open: %d, %+v", code, h)
	}
	if err := library.Close(); err != nil {
		t.Fatal(err)
	}
	code, h := ask()
	if code != http.StatusServiceUnavailable || h.Status != stateDown || h.Library.State != stateDown || h.Library.Why != "It cannot be read." {
		t.Errorf("closed: %d, %+v", code, h)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/metrics", nil)
	r.RemoteAddr = "127.0.0.1:1"
	s.Handler().ServeHTTP(w, r)
	if body := w.Body.String(); w.Code != http.StatusOK || !strings.Contains(body, `verbatim_up{part="library"} 0`) || strings.Contains(body, "verbatim_library_episodes") {
		t.Errorf("the numbers of a closed library: %d %s", w.Code, body)
	}
}

// TestHealthOfDiscord: the worst connection counts; none of their numbers is told.
func TestHealthOfDiscord(t *testing.T) {
	early, late := time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC), time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	ready := func(id int, since time.Time) Shard {
		return Shard{ID: id, Ready: true, Status: "ready", Since: since, Guilds: 4711, Latency: 42 * time.Millisecond}
	}
	waiting := func(id int, since time.Time) Shard {
		return Shard{ID: id, Status: "waiting", Since: since, Guilds: 4711}
	}
	tests := []struct {
		name   string
		shards []Shard
		state  string
		since  time.Time
		strict int
	}{
		{"none yet", nil, stateStarting, time.Time{}, 503},
		{"ready", []Shard{ready(0, early), ready(1, late)}, stateOK, late, 200},
		{"one away", []Shard{ready(0, early), waiting(1, late)}, stateDown, late, 503},
		{"all away", []Shard{waiting(0, late), waiting(1, early)}, stateDown, early, 503},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, Options{Discord: func() []Shard { return test.shards }})
			r, body := w.get("/healthz")
			h := healthOf(t, body)
			if r.StatusCode != http.StatusOK || h.Discord.State != test.state || (h.Status == stateOK) != (test.strict == 200) {
				t.Errorf("%d: %s", r.StatusCode, body)
			}
			if got := h.Discord.Since; (got == nil) != test.since.IsZero() || got != nil && !got.Equal(test.since) {
				t.Errorf("since %v, want %v", got, test.since)
			}
			if (h.Discord.Why == "") != (test.state == stateOK) || strings.Contains(body, "4711") || strings.Contains(body, "42") {
				t.Errorf("it tells too much or nothing: %s", body)
			}
			if r, _ := w.get("/healthz?strict"); r.StatusCode != test.strict {
				t.Errorf("strict: %d, want %d", r.StatusCode, test.strict)
			}
		})
	}
}

// TestHealthOfModel goes by what came of calls, and makes none.
func TestHealthOfModel(t *testing.T) {
	w := newWorld(t, Options{})
	server := w.useModel(func(modeltest.Request) modeltest.Reply { return modeltest.Reply{Text: "NOT FOUND"} })
	state := func(want, why string, strict int) {
		t.Helper()
		calls := server.Calls()
		r, body := w.get("/healthz")
		h := healthOf(t, body)
		if r.StatusCode != http.StatusOK || h.Model.State != want || !strings.HasPrefix(h.Model.Why, why) || (why == "") != (h.Model.Why == "") {
			t.Errorf("%d, want %s %q: %s", r.StatusCode, want, why, body)
		}
		if (h.Model.Since == nil) != (want == stateStarting) {
			t.Errorf("since %v while %s", h.Model.Since, want)
		}
		if r, _ := w.get("/healthz?strict"); r.StatusCode != strict || server.Calls() != calls {
			t.Errorf("strict: %d, want %d; %d calls were made for it", r.StatusCode, strict, server.Calls()-calls)
		}
		for _, secret := range []string{modeltest.Key, modeltest.Model, strings.TrimPrefix(server.URL(), "http://"), "127.0.0.1"} {
			if strings.Contains(body, secret) {
				t.Errorf("/healthz tells %q: %s", secret, body)
			}
		}
	}
	state(stateStarting, "", 200)
	w.get("/?q=" + strings.ReplaceAll(shoigu, " ", "+"))
	state(stateOK, "", 200)
	server.Inject(nil, modeltest.WrongStatus(http.StatusUnauthorized, "the key is wrong"))
	w.get("/?q=When+did+Kim+Il-sung+visit+the+Soviet+Union?")
	state(stateDown, "It refuses the requests.", 503)
	server.Heal()
	server.Kill()
	w.get("/?q=When+did+Kim+Jong-il+visit+Moscow?")
	state(stateDown, "It cannot be reached.", 503)
	if err := server.Revive(); err != nil {
		t.Fatal(err)
	}
	w.get("/?q=Which+year+did+Putin+go+to+Pyongyang?")
	state(stateOK, "", 200)
}

// TestWhoMayWatch: the numbers are for this machine and private networks.
func TestWhoMayWatch(t *testing.T) {
	tests := []struct {
		name, peer, host string
		header           http.Header
		sees             bool
	}{
		{"this machine", "127.0.0.1:999", "localhost", nil, true},
		{"this machine, IPv6", "[::1]:999", "localhost", nil, true},
		{"private", "10.1.2.3:999", "verbatim:8080", nil, true},
		{"private, IPv6", "[fd00::7]:999", "verbatim:8080", nil, true},
		{"outside", "203.0.113.9:999", "verbatim:8080", nil, false},
		{"outside, IPv6", "[2001:db8::1]:999", "verbatim:8080", nil, false},
		{"outside, says otherwise", "203.0.113.9:999", "verbatim:8080", http.Header{"X-Forwarded-For": {"127.0.0.1"}}, false},
		{"no address", "@", "verbatim:8080", nil, false},
		{"proxy for outside", "127.0.0.1:999", "pages.example", http.Header{"X-Forwarded-For": {"203.0.113.9"}}, false},
		{"proxy for outside, which says otherwise", "127.0.0.1:999", "pages.example", http.Header{"X-Forwarded-For": {"127.0.0.1, 203.0.113.9"}}, false},
		{"two proxies for outside", "127.0.0.1:999", "pages.example", http.Header{"X-Forwarded-For": {"203.0.113.9, 10.0.0.1"}}, false},
		{"two lines", "127.0.0.1:999", "pages.example", http.Header{"X-Forwarded-For": {"10.0.0.1", "203.0.113.9"}}, false},
		{"proxy for private", "127.0.0.1:999", "pages.example", http.Header{"X-Forwarded-For": {"10.0.0.8"}}, true},
		{"proxy for nobody knows", "127.0.0.1:999", "pages.example", http.Header{"X-Forwarded-For": {"unknown"}}, false},
		{"other header", "127.0.0.1:999", "verbatim:8080", http.Header{"X-Real-Ip": {"203.0.113.9"}}, false},
		{"standard header", "127.0.0.1:999", "verbatim:8080", http.Header{"Forwarded": {"for=203.0.113.9"}}, false},
		{"silent proxy", "127.0.0.1:999", "pages.example", nil, false},
		{"silent proxy, with a port", "127.0.0.1:999", "Pages.example:8443", nil, false},
	}
	s, err := New(&bot.Bot{}, Options{PublicURL: "https://pages.example"})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "http://"+test.host+"/metrics", nil)
			r.RemoteAddr = test.peer
			if test.header != nil {
				r.Header = test.header
			}
			if got := s.mayWatch(r); got != test.sees {
				t.Errorf("mayWatch = %v, want %v", got, test.sees)
			}
		})
	}
}

// TestMetricsAreNotFoundOutside: others see the page of what does not exist.
func TestMetricsAreNotFoundOutside(t *testing.T) {
	w := newWorld(t, Options{})
	for address, want := range map[string]int{"203.0.113.9": 404, "10.0.0.8": 200} {
		r, err := http.NewRequest("GET", w.url+"/metrics", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Forwarded-For", address)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("for %s: %d, want %d", address, answer.StatusCode, want)
		}
	}
}
