package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"verbatim/bot"
)

// door is a server whose page is the handler given, behind all that stands before
// pages.
func door(t *testing.T, o Options, page http.HandlerFunc) *Server {
	t.Helper()
	s, err := New(&bot.Bot{}, o)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/page", page)
	mux.HandleFunc("/costly", s.costly(page))
	s.assetRoutes(mux)
	s.handler = s.guard(mux)
	return s
}

// ask makes a request from an address; change may be nil.
func ask(s *Server, method, target, from string, change func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	r.RemoteAddr = from
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

func hello(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") }

// TestAddressOf: a visitor behind a proxy is known by what the proxy says, one who
// only says that he is somebody else is not.
func TestAddressOf(t *testing.T) {
	for _, tt := range []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"plain", "203.0.113.7:1234", nil, "203.0.113.7/32"},
		{"invented", "203.0.113.7:1234", []string{"198.51.100.1"}, "203.0.113.7/32"},
		{"proxy here", "127.0.0.1:1234", []string{"198.51.100.1"}, "198.51.100.1/32"},
		{"proxy in the network", "10.1.2.3:1234", []string{"198.51.100.1"}, "198.51.100.1/32"},
		{"last entry", "127.0.0.1:1234", []string{"192.0.2.9, 198.51.100.1"}, "198.51.100.1/32"},
		{"last line", "127.0.0.1:1234", []string{"192.0.2.9", "198.51.100.1"}, "198.51.100.1/32"},
		{"garbage", "127.0.0.1:1234", []string{"198.51.100.1, <script>"}, "127.0.0.1/32"},
		{"with a port", "[::1]:1234", []string{"198.51.100.1:99"}, "198.51.100.1/32"},
		{"IPv6 network", "[2001:db8:1:2:3:4:5:6]:1234", nil, "2001:db8:1:2::/64"},
		{"forwarded IPv6", "127.0.0.1:1234", []string{"2001:db8:1:2::9"}, "2001:db8:1:2::/64"},
		{"mapped", "[::ffff:203.0.113.7]:1234", nil, "203.0.113.7/32"},
		{"zone", "[fe80::1%eth0]:1234", nil, "fe80::/64"},
		{"none", "@", nil, "invalid Prefix"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = tt.peer
		r.Header["X-Forwarded-For"] = tt.forwarded
		if got := addressOf(r).String(); got != tt.want {
			t.Errorf("%s: address %s, want %s", tt.name, got, tt.want)
		}
	}
}

// TestLimits: each address has its own budgets, costly requests one apart from
// pages; what is beyond is told when to come again, and counted.
func TestLimits(t *testing.T) {
	s := door(t, Options{PagesPerMinute: 30, CostlyPerMinute: 2}, hello)
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s.limits.now = func() time.Time { return now }
	status := func(path, from string) int { return ask(s, "GET", path, from, nil).Code }
	const ann, bob = "203.0.113.1:1", "203.0.113.2:1"
	for i := range 3 {
		want := http.StatusOK
		if i == 2 {
			want = http.StatusTooManyRequests
		}
		if got := status("/costly", ann); got != want {
			t.Errorf("costly request %d: %d, want %d", i+1, got, want)
		}
	}
	if got := status("/costly", bob); got != http.StatusOK {
		t.Errorf("another address: %d, want 200", got)
	}
	refused := ask(s, "GET", "/costly", ann, nil)
	if after := refused.Header().Get("Retry-After"); after != "30" || !strings.Contains(refused.Body.String(), "30 seconds") || refused.Header().Get("Content-Security-Policy") == "" {
		t.Errorf("Retry-After %q, want 30, on a page that says so:\n%s", after, refused.Body)
	}
	pages := 0
	for status("/page", ann) == http.StatusOK {
		pages++
	}
	if pages != 6 { // of a third of 30, four went with the costly ones
		t.Errorf("%d pages at once, want 6", pages)
	}
	if got := status("/../page", ann); got != http.StatusTooManyRequests {
		t.Errorf("a path that is none is free: %d", got)
	}
	if got := s.limited.Load(); got != 4 {
		t.Errorf("%d requests counted as refused, want 4", got)
	}
	now = now.Add(30 * time.Second)
	if got := status("/costly", ann); got != http.StatusOK {
		t.Errorf("half a minute later: %d, want 200", got)
	}
}

// TestLimitsAreBounded: addresses are forgotten, and as many as there may be take
// no more memory than some.
func TestLimitsAreBounded(t *testing.T) {
	l := newLimits(Options{PagesPerMinute: 3, CostlyPerMinute: 1})
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(i int) netip.Prefix {
		return netip.PrefixFrom(netip.AddrFrom4([4]byte{1, byte(i >> 16), byte(i >> 8), byte(i)}), 32)
	}
	l.now = func() time.Time { return now }
	for i := range 3 * maxAddresses {
		l.take(at(i), true)
	}
	if len(l.known) > maxAddresses {
		t.Errorf("%d addresses are remembered, want at most %d", len(l.known), maxAddresses)
	}
	if wait := l.take(at(0), true); wait <= 0 {
		t.Error("whoever was there before the flood is forgotten in it")
	}
	if wait := l.take(at(4*maxAddresses), true); wait <= 0 {
		t.Error("those that there is no room for share no budget")
	}
	now = now.Add(2 * forgetAfter)
	if wait := l.take(at(5*maxAddresses), true); wait > 0 || len(l.known) != 1 {
		t.Errorf("after a while %d addresses are remembered and a new one waits %v", len(l.known), wait)
	}
}

// TestCostlyAtOnce: many addresses together cannot have more at work than fits.
func TestCostlyAtOnce(t *testing.T) {
	hold, at := make(chan struct{}), make(chan struct{})
	s := door(t, Options{}, func(http.ResponseWriter, *http.Request) { at <- struct{}{}; <-hold })
	for i := range costlyAtOnce {
		go ask(s, "GET", "/costly", fmt.Sprintf("203.0.113.%d:1", i), nil)
	}
	for range costlyAtOnce {
		<-at
	}
	if got := ask(s, "GET", "/costly", "198.51.100.1:1", nil).Code; got != http.StatusTooManyRequests {
		t.Errorf("one more: %d, want 429", got)
	}
	close(hold)
}

// TestPathTricks: a path has one way to be written.
func TestPathTricks(t *testing.T) {
	s := door(t, Options{}, hello)
	for _, path := range []string{
		"/../page", "/./page", "//page", "/page/", "/x/../page", "/%2e%2e/page", "/x/%2e%2e/page", "/x%2fpage", "/page%00", "/page%0a", "/%5cpage",
		"/pa%ffge", "/e/" + strings.Repeat("a", 500), "/.", "/..", "/page/.",
	} {
		w := ask(s, "GET", path, "203.0.113.1:1", nil)
		if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "no such page") {
			t.Errorf("GET %s = %d, want a page that says 404:\n%.200s", path, w.Code, w.Body)
		}
	}
	if got := ask(s, "GET", "/page?x=../y%00%2f", "203.0.113.1:1", nil).Code; got != http.StatusOK {
		t.Errorf("a query is no path, yet the answer is %d", got)
	}
}

// TestMethods: pages are read, questions posted, and nothing else.
func TestMethods(t *testing.T) {
	s := door(t, Options{}, hello)
	for _, method := range []string{"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"} {
		w := ask(s, method, "/page", "203.0.113.1:1", nil)
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD, POST" {
			t.Errorf("%s = %d with Allow %q", method, w.Code, w.Header().Get("Allow"))
		}
	}
}

// TestForeignPosts: no other site has its visitors ask here.
func TestForeignPosts(t *testing.T) {
	s := door(t, Options{PublicURL: "https://pages.example/"}, hello)
	for _, tt := range []struct {
		name   string
		header map[string]string
		want   int
	}{
		{"this page", map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "http://example.com"}, http.StatusOK},
		{"another site", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, http.StatusForbidden},
		{"a neighbour", map[string]string{"Sec-Fetch-Site": "same-site", "Origin": "https://evil.pages.example"}, http.StatusForbidden},
		{"an old browser elsewhere", map[string]string{"Origin": "https://evil.example"}, http.StatusForbidden},
		{"an old browser here", map[string]string{"Origin": "http://example.com"}, http.StatusOK},
		{"behind a proxy", map[string]string{"Origin": "https://pages.example"}, http.StatusOK},
		{"no browser", nil, http.StatusOK},
	} {
		w := ask(s, "POST", "/page", "203.0.113.1:1", func(r *http.Request) {
			for name, value := range tt.header {
				r.Header.Set(name, value)
			}
		})
		if w.Code != tt.want || w.Header().Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %d, want %d, with a policy", tt.name, w.Code, tt.want)
		}
	}
}

// TestLongPosts: nobody posts a book.
func TestLongPosts(t *testing.T) {
	s := door(t, Options{}, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, len(r.FormValue("q"))) })
	for _, tt := range []struct{ length, want int }{{1000, http.StatusOK}, {maxBody, http.StatusRequestEntityTooLarge}} {
		body := "q=" + strings.Repeat("x", tt.length)
		r := httptest.NewRequest("POST", "/page", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		if w.Code != tt.want || tt.want == http.StatusOK && w.Body.String() != fmt.Sprint(tt.length) {
			t.Errorf("%d bytes: %d %.40s, want %d", tt.length, w.Code, w.Body, tt.want)
		}
	}
}

// TestHeaders: what protects a page stands on every answer, whatever it is.
func TestHeaders(t *testing.T) {
	s := door(t, Options{}, hello)
	for _, path := range []string{"/page", "/none", "/../x", "/assets/style.css", "/assets/" + assets["script.js"].name, "/robots.txt", "/page?k=secret"} {
		h := ask(s, "GET", path, "203.0.113.1:1", nil).Header()
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		policy := h.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") || strings.Contains(policy, "data:") {
			t.Errorf("%s: the policy is %q", path, policy)
		}
		if !strings.Contains(h.Get("Permissions-Policy"), "camera=()") {
			t.Errorf("%s: no Permissions-Policy", path)
		}
		private := strings.Contains(h.Get("Cache-Control"), "no-store") && strings.Contains(h.Get("X-Robots-Tag"), "noindex")
		if strings.Contains(path, "k=") && !private {
			t.Errorf("%s may be kept and indexed: %v", path, h)
		}
	}
}

// TestMediaOrigin: an episode's audio address opens the policy to its host and to
// those with HTTPS that it may send on to, and to nothing else.
func TestMediaOrigin(t *testing.T) {
	for address, want := range map[string]string{
		"https://CDN.example:8443/a.mp3?x=1": "https://cdn.example:8443", "http://[2001:db8::1]/a": "http://[2001:db8::1]",
		"https://a.example;script-src *": "", "https://a.example'unsafe-inline'/": "", "javascript:alert(1)": "", "https://*.example/": "",
		"https://a.example, https://b.example": "", "data:audio/mp3,x": "", "": "", "/a.mp3": "", "https:///a": "", "https://user@a.example/": "https://a.example",
	} {
		if got := originOf(address); got != want {
			t.Errorf("originOf(%q) = %q, want %q", address, got, want)
		}
	}
	for address, want := range map[string]string{
		"https://cdn.example:8443/a.mp3": "https:", "http://127.0.0.1:81/a.mp3": "http://127.0.0.1:81 https:", "": "'none'", "https://a.example;script-src *": "'none'",
	} {
		if got := mediaSource(address); got != want {
			t.Errorf("mediaSource(%q) = %q, want %q", address, got, want)
		}
	}
}

// TestPanic: a page that panics says so, with a reference that the log has, and
// nothing of what it was; one that had begun breaks off.
func TestPanic(t *testing.T) {
	var log bytes.Buffer
	s := door(t, Options{Log: slog.New(slog.NewTextHandler(&log, nil))}, func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("begun") != "" {
			w.Write(bytes.Repeat([]byte("x"), 4096))
		}
		panic("secret of the inside")
	})
	w := ask(s, "GET", "/page?k=thekey&q=thequestion", "203.0.113.1:1", func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") })
	body := w.Body.String()
	_, reference, _ := strings.Cut(body, "<code>")
	reference, _, _ = strings.Cut(reference, "</code>")
	if w.Code != http.StatusInternalServerError || strings.Contains(body, "secret") || len(reference) < 8 || !strings.Contains(log.String(), reference) || w.Header().Get("Content-Encoding") != "" {
		t.Errorf("%d, reference %q:\n%s\nlog: %s", w.Code, reference, body, &log)
	}
	if !strings.Contains(log.String(), "secret of the inside") || strings.Contains(log.String(), "thekey") || strings.Contains(log.String(), "thequestion") {
		t.Errorf("the log lacks the panic, or has what was asked:\n%s", &log)
	}
	served := httptest.NewServer(s.Handler())
	defer served.Close()
	r, err := http.Get(served.URL + "/page?begun=1")
	if err == nil {
		_, err = io.ReadAll(r.Body)
		r.Body.Close()
	}
	if err == nil {
		t.Error("half an answer looks whole")
	}
}

// TestRequestLog: a line a request, of what it was and not of whom or of what.
func TestRequestLog(t *testing.T) {
	var log bytes.Buffer
	s := door(t, Options{Log: slog.New(slog.NewTextHandler(&log, nil))}, hello)
	ask(s, "GET", "/page?k=thekey&q=thequestion", "203.0.113.77:1", nil)
	for _, want := range []string{"msg=request", "method=GET", "page=/page", "status=200", "took="} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q: %s", want, &log)
		}
	}
	for _, not := range []string{"thekey", "thequestion", "203.0.113.77"} {
		if strings.Contains(log.String(), not) {
			t.Errorf("the log has %q: %s", not, &log)
		}
	}
}

func TestCompress(t *testing.T) {
	long := strings.Repeat("A line of a transcript. ", 200)
	for _, tt := range []struct {
		name, accept, kind, text string
		header                   map[string]string
		zipped                   bool
	}{
		{name: "long", accept: "gzip", kind: "text/html; charset=utf-8", text: long, zipped: true},
		{name: "browser", accept: "gzip, deflate, br, zstd", kind: "application/json", text: long, zipped: true},
		{name: "unknown type", accept: "gzip", text: "<!doctype html>" + long, zipped: true},
		{name: "short", accept: "gzip", kind: "text/html", text: "hello"},
		{name: "not asked for", kind: "text/html", text: long},
		{name: "refused", accept: "gzip;q=0, *", kind: "text/html", text: long},
		{name: "weighed", accept: "br, gzip; q=0.5", kind: "text/html", text: long, zipped: true},
		{name: "picture", accept: "gzip", kind: "image/png", text: long},
		{name: "range", accept: "gzip", kind: "text/html", text: long, header: map[string]string{"Range": "bytes=0-1"}},
		{name: "empty", accept: "gzip", kind: "text/html"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := door(t, Options{}, func(w http.ResponseWriter, _ *http.Request) {
				if tt.kind != "" {
					w.Header().Set("Content-Type", tt.kind)
				}
				w.WriteHeader(http.StatusAccepted)
				for part := range strings.SplitAfterSeq(tt.text, " ") {
					io.WriteString(w, part)
				}
			})
			w := ask(s, "GET", "/page", "203.0.113.1:1", func(r *http.Request) {
				r.Header.Set("Accept-Encoding", tt.accept)
				for name, value := range tt.header {
					r.Header.Set(name, value)
				}
			})
			text := w.Body.String()
			if (w.Header().Get("Content-Encoding") == "gzip") != tt.zipped || w.Header().Get("Vary") != "Accept-Encoding" || w.Code != http.StatusAccepted {
				t.Fatalf("%d %v", w.Code, w.Header())
			}
			if tt.zipped {
				if len(text) > len(tt.text)/5 {
					t.Errorf("%d of %d bytes", len(text), len(tt.text))
				}
				text = unzipped(t, w.Body)
			}
			if text != tt.text {
				t.Errorf("%d bytes came, want %d", len(text), len(tt.text))
			}
		})
	}
}

func unzipped(t *testing.T, r io.Reader) string {
	t.Helper()
	z, err := gzip.NewReader(r)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestStreamsAreFlushed: what is streamed is there before its end, compressed or
// not.
func TestStreamsAreFlushed(t *testing.T) {
	for _, compressed := range []bool{true, false} {
		more := make(chan struct{})
		s := door(t, Options{}, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			io.WriteString(w, "first\n")
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Error(err)
			}
			<-more
			io.WriteString(w, "second\n")
		})
		served := httptest.NewServer(s.Handler())
		client := &http.Client{Transport: &http.Transport{DisableCompression: !compressed}}
		r, err := client.Get(served.URL + "/page")
		if err != nil {
			t.Fatal(err)
		}
		first := make([]byte, 6)
		if _, err := io.ReadFull(r.Body, first); err != nil || string(first) != "first\n" || r.Uncompressed != compressed {
			t.Errorf("compressed %v: %q, %v before the end", compressed, first, err)
		}
		close(more)
		if rest, err := io.ReadAll(r.Body); err != nil || string(rest) != "second\n" {
			t.Errorf("compressed %v: then %q, %v", compressed, rest, err)
		}
		r.Body.Close()
		served.Close()
	}
}

// TestAssets: a file is kept until it changes, and not sent twice.
func TestAssets(t *testing.T) {
	s := door(t, Options{}, hello)
	for name, a := range assets {
		for path, keep := range map[string]string{"/assets/" + name: "no-cache", "/assets/" + a.name: "public, max-age=31536000, immutable"} {
			for _, encoding := range []string{"", "gzip"} {
				first := ask(s, "GET", path, "203.0.113.1:1", func(r *http.Request) { r.Header.Set("Accept-Encoding", encoding) })
				tag := first.Header().Get("ETag")
				if first.Code != http.StatusOK || first.Header().Get("Cache-Control") != keep || tag == "" {
					t.Errorf("%s: %d, %v", path, first.Code, first.Header())
				}
				again := ask(s, "GET", path, "203.0.113.1:1", func(r *http.Request) {
					r.Header.Set("Accept-Encoding", encoding)
					r.Header.Set("If-None-Match", tag)
				})
				if again.Code != http.StatusNotModified || again.Body.Len() > 0 {
					t.Errorf("%s once more: %d with %d bytes, want 304", path, again.Code, again.Body.Len())
				}
			}
		}
	}
}

// TestServeEnds: an interrupt lets what is under way end, and closes the door.
func TestServeEnds(t *testing.T) {
	at := make(chan struct{})
	more := make(chan struct{})
	s := door(t, Options{}, func(w http.ResponseWriter, _ *http.Request) {
		close(at)
		<-more
		io.WriteString(w, "whole")
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended, got := make(chan error, 1), make(chan string, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	go func() {
		r, err := http.Get("http://" + l.Addr().String() + "/page")
		if err != nil {
			got <- err.Error()
			return
		}
		defer r.Body.Close()
		body, _ := io.ReadAll(r.Body)
		got <- string(body)
	}()
	<-at
	cancel()
	close(more)
	if text := <-got; text != "whole" {
		t.Errorf("under way: %q", text)
	}
	if err := <-ended; err != nil {
		t.Errorf("Serve = %v", err)
	}
	if _, err := net.Dial("tcp", l.Addr().String()); err == nil {
		t.Error("the door is still open")
	}
}

// TestFailuresSayNothing: an error that nobody thought of is a reference.
func TestFailuresSayNothing(t *testing.T) {
	var log bytes.Buffer
	var s *Server
	s = door(t, Options{Log: slog.New(slog.NewTextHandler(&log, nil))}, func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, errors.New("open /var/lib/secret.db: disk I/O error"))
	})
	w := ask(s, "GET", "/page", "203.0.113.1:1", nil)
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "secret") || !strings.Contains(log.String(), "secret.db") {
		t.Errorf("%d:\n%s\nlog: %s", w.Code, w.Body, &log)
	}
}

// TestForeignNames: on one machine alone, a site whose name leads there reads
// nothing.
func TestForeignNames(t *testing.T) {
	s := door(t, Options{PublicURL: "https://pages.example:8443"}, hello)
	at := func(host string) int {
		return ask(s, "GET", "/page", "127.0.0.1:1", func(r *http.Request) { r.Host = host }).Code
	}
	if got := at("evil.example"); got != http.StatusOK {
		t.Errorf("on the net: %d, want 200", got)
	}
	s.here.Store(true)
	for host, want := range map[string]int{
		"127.0.0.1:8080": 200, "localhost:8080": 200, "LOCALHOST": 200, "[::1]:8080": 200, "pages.example:8443": 200, "Pages.Example:8443": 200, "verbatim.localhost:1": 200, "192.0.2.7": 200, "pages.example": 200,
		"evil.example": 421, "evil.example:8080": 421, "localhost.evil.example": 421, "127.0.0.1.evil.example": 421, "evil.pages.example": 421, "": 421,
	} {
		if got := at(host); got != want {
			t.Errorf("host %q: %d, want %d", host, got, want)
		}
	}
}
