package web

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"verbatim/bot"
	"verbatim/retrieval"
)

const (
	otherGuild = retrieval.Scope("2222222222222222222")
	// secretWord stands in the text, title and speakers of a server's episode and
	// nowhere else.
	secretWord = "xylographer"
	secretText = "Xylographer Ann: The xylographer of the town carves plaid zebras at night.\nBob: Does the xylographer sleep?\nXylographer Ann: Hardly ever, and then in the morning.\n"
)

// route is a way to an episode: the path and query for an ID with a key, "" none.
type route struct {
	name, method string
	at           func(id, key string) (path string, form url.Values)
}

// routes are all ways to an episode or to what is said in it. A new one belongs
// here.
var routes = []route{
	{"page", "GET", func(id, key string) (string, url.Values) { return "/e/" + id, keyed(key) }},
	{"lines", "GET", func(id, key string) (string, url.Values) { return "/e/" + id, keyed(key, "l", "L1-L2") }},
	{"find", "GET", func(id, key string) (string, url.Values) {
		return "/e/" + id, keyed(key, "find", secretWord+" of the town")
	}},
	{"brief", "GET", func(id, key string) (string, url.Values) { return "/e/" + id + "/summary", keyed(key) }},
	{"summary", "GET", func(id, key string) (string, url.Values) {
		return "/e/" + id + "/summary", keyed(key, "style", "detailed")
	}},
	{"ask", "GET", func(id, key string) (string, url.Values) {
		return "/", keyed(key, "episode", id, "q", "What does the carver of the town do at night?")
	}},
	{"stream", "POST", func(id, key string) (string, url.Values) {
		return "/ask/stream", keyed(key, "episode", id, "q", "What does the carver of the town do at night?")
	}},
	{"lines beside", "GET", func(id, key string) (string, url.Values) { return "/e/" + id + "/around", keyed(key, "l", "L1-L2") }},
}

// openRoutes are about public episodes only, whatever is added to them.
var openRoutes = []route{
	{"first page", "GET", func(id, key string) (string, url.Values) { return "/", keyed(key) }},
	{"ask all", "GET", func(id, key string) (string, url.Values) {
		return "/", keyed(key, "q", "Who carves plaid zebras at night?")
	}},
	{"stream all", "POST", func(id, key string) (string, url.Values) {
		return "/ask/stream", keyed(key, "q", "Who carves plaid zebras at night?")
	}},
	{"quote", "GET", func(id, key string) (string, url.Values) {
		return "/quote", keyed(key, "words", "carves plaid zebras at night", "episode", id)
	}},
	{"asset", "GET", func(id, key string) (string, url.Values) { return "/assets/" + id, keyed(key) }},
	{"health", "GET", func(id, key string) (string, url.Values) { return "/healthz", keyed(key) }},
	{"metrics", "GET", func(id, key string) (string, url.Values) { return "/metrics", keyed(key) }},
	{"robots", "GET", func(id, key string) (string, url.Values) { return "/robots.txt", keyed(key) }},
}

func keyed(key string, pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	if key != "" {
		v.Set("k", key)
	}
	return v
}

// fetch takes a route, and returns the answer with its body read.
func (w *world) fetch(r route, id, key string) (*http.Response, string) {
	w.t.Helper()
	path, form := r.at(id, key)
	if r.method == "GET" {
		return w.get(path + "?" + form.Encode())
	}
	response, err := http.PostForm(w.url+path, form)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return response, string(body)
}

// key is the signed part of a link to an episode.
func (w *world) key(scope retrieval.Scope, id retrieval.EpisodeID) string {
	w.t.Helper()
	link, err := w.bot.PageLink(w.t.Context(), bot.EpisodeRef{Scope: scope, ID: id}, 1, 1)
	if err != nil {
		w.t.Fatal(err)
	}
	u, err := url.Parse(link)
	if err != nil || u.Query().Get("k") == "" {
		w.t.Fatalf("the link %q has no key, %v", link, err)
	}
	return u.Query().Get("k")
}

// safe fails the test if an answer lacks what protects it, or shows the inside.
func safe(t *testing.T, what string, r *http.Response, body string) {
	t.Helper()
	policy := r.Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		t.Errorf("%s: the policy is %q", what, policy)
	}
	if r.StatusCode >= http.StatusInternalServerError {
		t.Errorf("%s: status %d:\n%.300s", what, r.StatusCode, body)
	}
}

// TestOtherServersAreClosed: no way leads to a server's episode but with its own
// key: not by guessing, not with an altered or borrowed one, not after its removal.
func TestOtherServersAreClosed(t *testing.T) {
	w := newWorld(t, Options{})
	w.add(guild, "carver.txt", secretText)
	w.add(guild, "neighbour.txt", "Cem: Nothing of that is spoken of here.\n")
	w.add(otherGuild, "stranger.txt", "Dan: Nothing of that is spoken of here, either.\n")
	own := w.key(guild, "carver")
	for _, r := range routes {
		answer, body := w.fetch(r, "carver", own)
		if answer.StatusCode != http.StatusOK || !strings.Contains(strings.ToLower(body), secretWord) {
			t.Errorf("%s: with its own key the episode is %d without %q, so that this test shows nothing:\n%.300s", r.name, answer.StatusCode, secretWord, body)
		}
		if cache, robots := answer.Header.Get("Cache-Control"), answer.Header.Get("X-Robots-Tag"); !strings.Contains(cache, "no-store") || !strings.Contains(robots, "noindex") {
			t.Errorf("%s: a server's episode may be kept (%q) or indexed (%q)", r.name, cache, robots)
		}
	}
	keys := map[string]string{
		"no key": "", "garbage": "x", "altered": own[:20] + "x" + own[21:], "cut": own[:len(own)-1], "grown": own + "A", "quotes": `"><script>`,
		"its neighbour's": w.key(guild, "neighbour"), "another server's": w.key(otherGuild, "stranger"), "long": strings.Repeat("A", 5000), "NUL": "\x00", "the server": string(guild),
	}
	closed := func(name, key string, all []route) {
		t.Helper()
		for _, r := range all {
			answer, body := w.fetch(r, "carver", key)
			if strings.Contains(strings.ToLower(body), secretWord) {
				t.Errorf("%s with %s shows the server's episode:\n%.600s", r.name, name, body)
			}
			safe(t, r.name+" with "+name, answer, body)
		}
	}
	for name, key := range keys {
		closed(name, key, routes)
	}
	closed("its own key", own, []route{openRoutes[1], openRoutes[2], openRoutes[3], openRoutes[4], openRoutes[5], openRoutes[6], openRoutes[7]})
	closed("no key", "", openRoutes)

	if err := w.bot.Remove(t.Context(), guild, "carver"); err != nil {
		t.Fatal(err)
	}
	closed("the key of what is removed", own, routes)
	w.add(guild, "carver.txt", secretText)
	closed("the key of what was removed", own, routes)
	w.add(retrieval.Public, "carver.txt", "Cem: The carver of everybody carves spoons.\n")
	if answer, body := w.get("/e/carver"); answer.StatusCode != http.StatusOK || !strings.Contains(body, "spoons") || strings.Contains(strings.ToLower(body), secretWord) {
		t.Errorf("without a key the ID does not show the public episode: %d", answer.StatusCode)
	}
}

// TestLinksTellNothing: a key for a server that is there and one for a server that
// is not are refused in the same words.
func TestLinksTellNothing(t *testing.T) {
	w := newWorld(t, Options{})
	w.add(guild, "carver.txt", secretText)
	own := w.key(guild, "carver")
	wrong, body := w.get("/e/carver?k=" + own[:30] + "xx" + own[32:])
	for _, path := range []string{"/e/carver?k=" + own[:12] + "xxxx" + own[16:], "/e/nothing?k=" + own, "/e/carver?k=AAAA", "/e/" + sampleID + "?k=" + own} {
		if answer, text := w.get(path); answer.StatusCode != wrong.StatusCode || text != body {
			t.Errorf("%s is answered otherwise: %d, %d", path, answer.StatusCode, wrong.StatusCode)
		}
	}
	for name, err := range map[string]error{"link": bot.ErrLink, "expired": bot.ErrLinkExpired, "unknown": retrieval.ErrUnknownEpisode} {
		if status, p := failureOf(err); status < 400 || status >= 500 || p.What == "" {
			t.Errorf("%s: status %d %+v", name, status, p)
		}
	}
}

// TestPathsLeadNowhere: no writing of a path leads past the door.
func TestPathsLeadNowhere(t *testing.T) {
	w := newWorld(t, Options{})
	w.add(guild, "carver.txt", secretText)
	for _, path := range []string{
		"/e/..%2fcarver", "/e/%2e%2e/e/carver", "/e//carver", "/e/carver/", "/e/carver%00", "/e/carver%0a", "/e/" + string(guild) + "/carver", "/e/" + string(guild) + "%2fcarver",
		"/E/carver", "/e/CARVER", "/e/carver;k=1", "/e/" + strings.Repeat("a", 101), "/e/%ff", "/e/carver%20", "/e/*", "/e/%25", "/e/'%20or%201=1--", "/assets/../carver",
		"/assets/%2e%2e%2fguard.go", "/assets/base.css", "/assets/", "/static/base.css", "/templates/frame.html", "/e/", "/e", "/.env", "/debug/pprof/", "/verbatim-data/library.db",
	} {
		answer, body := w.get(path)
		safe(t, path, answer, body)
		if answer.StatusCode != http.StatusNotFound || strings.Contains(strings.ToLower(body), secretWord) {
			t.Errorf("%s = %d:\n%.300s", path, answer.StatusCode, body)
		}
	}
}

// attacks are texts that would do something if they were let be.
var attacks = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `'><svg/onload=alert(1)>`, `</title><script>alert(1)</script>`, `<style>*{display:none}</style>`,
	`<a href="javascript:alert(1)">x</a>`, `</p></main></body><iframe src=//evil.example>`, `{{.Key}}`, `<!--`, `&lt;script&gt;alert(1)&lt;/script&gt;`, `\u003cscript\u003e`, `<base href=//evil.example>`,
	`<meta http-equiv=refresh content="0;url=//evil.example">`, "<scr\x00ipt>", `<form action=//evil.example><input name=k>`,
}

// TestNothingForeignTakesEffect: a transcript, what is said about it, and what is
// asked are text on every page.
func TestNothingForeignTakesEffect(t *testing.T) {
	w := newWorld(t, Options{})
	for i, attack := range attacks {
		type segment struct {
			Start   float64 `json:"start"`
			End     float64 `json:"end"`
			Speaker string  `json:"speaker"`
			Text    string  `json:"text"`
		}
		file, err := json.Marshal(map[string]any{
			"title": "Title " + attack, "description": "About " + attack, "show": "Show " + attack, "audio_url": "https://cdn.example/" + attack + ".mp3",
			"segments": []segment{
				{0, 4, "Ann " + attack, "The zebra of the town is plaid " + attack + ", and everybody knows it."},
				{4, 9, "Bob", "Is the zebra plaid? " + strings.Repeat("It is. ", 5)},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		added, err := w.bot.Add(t.Context(), retrieval.Public, bot.NewEpisode{File: fmt.Sprintf("talk %d %s.json", i, attack), Data: file, ID: retrieval.EpisodeID(fmt.Sprintf("talk-%d", i))}, nil)
		if err != nil {
			t.Fatal(err)
		}
		id, said := string(added.Episode), url.QueryEscape(attack)
		for _, path := range []string{
			"/", "/e/" + id, "/e/" + id + "?l=L1", "/e/" + id + "/around?l=L1", "/e/" + id + "?find=" + said, "/e/" + id + "?find=plaid+" + said, "/e/" + id + "/summary", "/e/" + id + "/summary?style=" + said,
			"/?q=What+is+plaid%3F+" + said, "/?q=" + said + "&episode=" + id, "/?episode=" + said, "/quote?words=zebra+is+plaid+" + said, "/quote?words=" + said,
			"/e/" + id + "?l=" + said, "/e/" + id + "?k=" + said, "/e/" + said, "/" + said, "/e/" + id + "?find=" + said + "&grade=" + said,
		} {
			answer, body := w.get(path)
			safe(t, path, answer, body)
			if strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") {
				harmless(t, path, body)
			}
		}
		path, form := routes[6].at(id, "")
		form.Set("q", "What is plaid? "+attack)
		streamed, err := http.PostForm(w.url+path, form)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(streamed.Body)
		streamed.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		safe(t, path, streamed, string(body))
		events := json.NewDecoder(strings.NewReader(string(body)))
		for events.More() {
			var event streamEvent
			if err := events.Decode(&event); err != nil {
				t.Fatalf("%s: %v: %s", path, err, body)
			}
			harmless(t, path, event.HTML)
		}
		if t.Failed() {
			return
		}
	}
}

// elements are all that pages are made of.
var elements = map[string]bool{"iframe": false, "object": false, "embed": false, "style": false, "base": false, "frame": false, "applet": false, "svg": false, "img": false, "math": false, "template": true}

// harmless reads a page as a browser does, and fails the test for whatever acts
// and is not the pages' own.
func harmless(t *testing.T, path, page string) {
	t.Helper()
	tree, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range tree.Descendants() {
		if n.Type == html.CommentNode {
			t.Errorf("%s: a comment %q", path, n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		if allowed, listed := elements[n.Data]; listed && !allowed {
			t.Errorf("%s: <%s %v>", path, n.Data, n.Attr)
		}
		if n.Data == "script" && (n.FirstChild != nil || !strings.HasPrefix(attribute(n, "src"), "/assets/script.")) {
			t.Errorf("%s: a script %v", path, n.Attr)
		}
		if n.Data == "meta" && attribute(n, "http-equiv") != "" {
			t.Errorf("%s: <meta %v>", path, n.Attr)
		}
		for _, a := range n.Attr {
			key, value := strings.ToLower(a.Key), strings.ToLower(strings.TrimSpace(a.Val))
			switch {
			case strings.HasPrefix(key, "on"), key == "style", key == "srcdoc":
				t.Errorf("%s: <%s %s=%q>", path, n.Data, a.Key, a.Val)
			case key == "href" || key == "src" || key == "action" || key == "formaction":
				local := strings.HasPrefix(value, "/") && !strings.HasPrefix(value, "//") || strings.HasPrefix(value, "?") || strings.HasPrefix(value, "#") || value == ""
				known := strings.HasPrefix(value, "https://cdn.example/") || strings.HasPrefix(value, "https://discord.com/") || strings.HasPrefix(value, "http://127.0.0.1:")
				if !local && !known {
					t.Errorf("%s: <%s %s=%q> leads elsewhere", path, n.Data, a.Key, a.Val)
				}
			}
		}
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
