package web

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"verbatim/bot"
	"verbatim/retrieval"
)

// talkVTT is a short talk with times, two speakers, one that is not named, and an
// advertisement.
const talkVTT = `WEBVTT

00:00:01.000 --> 00:00:04.000
<v Anna Berg>Welcome to the show.

00:00:04.500 --> 00:00:08.000
<v Anna Berg>Today we talk about tides & <b>harbours</b>.

00:00:08.000 --> 00:00:12.000
<v Ben "Tide" O'Neil>The harbour of Saint-Malo has tides of twelve metres.

00:00:12.000 --> 00:00:15.000
Nobody knows who says this.

01:02:15.000 --> 01:02:20.000
<v Anna Berg>That is a great deal of water.
`

// addFile adds a public episode with what its file does not say.
func (w *world) addFile(n bot.NewEpisode) retrieval.EpisodeID {
	w.t.Helper()
	added, err := w.bot.Add(w.t.Context(), retrieval.Public, n, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return added.Episode
}

// page fetches a page that is there, read as a browser reads it.
func (w *world) page(path string) *document {
	w.t.Helper()
	r, body := w.get(path)
	if r.StatusCode != http.StatusOK {
		w.t.Fatalf("GET %s: %s", path, r.Status)
	}
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	return &document{t: w.t, root: root, header: r.Header, body: body}
}

type document struct {
	t      testing.TB
	root   *html.Node
	header http.Header
	body   string
}

// all are the elements for which is holds, in order.
func (d *document) all(is func(*html.Node) bool) []*html.Node {
	var list []*html.Node
	for n := range d.root.Descendants() {
		if n.Type == html.ElementNode && is(n) {
			list = append(list, n)
		}
	}
	return list
}

// id is the element of that ID, nil when there is none; there are never two.
func (d *document) id(id string) *html.Node {
	d.t.Helper()
	list := d.all(func(n *html.Node) bool { return attrOf(n, "id") == id })
	if len(list) > 1 {
		d.t.Fatalf("%d elements have the ID %s", len(list), id)
	}
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

// marked are the IDs of the lines shown as cited.
func (d *document) marked() string {
	var ids []string
	for _, n := range d.all(func(n *html.Node) bool { return attrOf(n, "class") == "cited" }) {
		ids = append(ids, attrOf(n, "id"))
	}
	return strings.Join(ids, " ")
}

func attrOf(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// textOf is all text in an element, "" for nil, white space being single spaces.
func textOf(n *html.Node) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	for m := range n.Descendants() {
		if m.Type == html.TextNode {
			b.WriteString(m.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestEpisodePage(t *testing.T) {
	w := newWorld(t, Options{PublicURL: "https://verbatim.example/"})
	d := w.page("/e/" + sampleID)
	const title = "Georgy Toloraya: Why the North Korea-Russia relationship is built to last"
	headings := d.all(func(n *html.Node) bool { return n.Data == "h1" })
	if len(headings) != 1 || textOf(headings[0]) != title {
		t.Errorf("headings: %d, first %q", len(headings), textOf(headings[0]))
	}
	for id, want := range map[string]string{
		"show": "North Korea News Podcast by NK News", "date": "6 March 2025", "length": "1,345 words",
		"L63": "63 And it resulted in the iteration of relations into a thousand when the new treaty was signed",
	} {
		if got := textOf(d.id(id)); got != want {
			t.Errorf("%s: got %q, want %q", id, got, want)
		}
	}
	if got := textOf(d.id("description")); !strings.HasPrefix(got, "In this episode, Russian scholar") {
		t.Errorf("description: %q", got)
	}
	if got := d.marked(); got != "" {
		t.Errorf("marked without being asked for: %s", got)
	}
	e, err := w.bot.Transcript(t.Context(), []retrieval.Scope{retrieval.Public}, bot.EpisodeRef{Scope: retrieval.Public, ID: sampleID})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range d.all(func(n *html.Node) bool { return n.Data == "p" && strings.HasPrefix(attrOf(n, "id"), "L") }) {
		got = append(got, textOf(n))
		if link := n.FirstChild; attrOf(link, "href") != "#"+attrOf(n, "id") {
			t.Errorf("line %s links to %q", attrOf(n, "id"), attrOf(link, "href"))
		}
	}
	var want []string
	for i := range e.Lines {
		want = append(want, fmt.Sprintf("%d %s", e.Lines[i].N, e.Lines[i].Text))
	}
	if !slices.Equal(got, want) {
		t.Errorf("the page has %d lines, the episode %d, or others", len(got), len(want))
	}
	if !strings.Contains(d.body, `<link rel="canonical" href="https://verbatim.example/e/`+sampleID+`">`) ||
		!strings.Contains(d.body, `<meta property="og:title" content="`+title+`">`) || !strings.Contains(d.body, `<meta name="description" content="In this episode,`) {
		t.Error("the head of a public page does not say what it is")
	}
	if got := d.header.Get("Content-Security-Policy"); !strings.Contains(got, "media-src 'none'") || d.id("player") != nil {
		t.Errorf("without audio: %s", got)
	}
}

func TestEpisodeDimsBoilerplate(t *testing.T) {
	d := newWorld(t, Options{}).page("/e/" + sampleID)
	ads := d.all(func(n *html.Node) bool { return attrOf(n, "class") == "ad" })
	if len(ads) == 0 {
		t.Fatal("nothing is dimmed")
	}
	if got := textOf(ads[0]); !strings.Contains(got, "You're listening to an exclusive episode") || strings.Contains(got, "I am your host") {
		t.Errorf("dimmed: %q", got)
	}
}

func TestEpisodeMarksCitedLines(t *testing.T) {
	w := newWorld(t, Options{})
	talk := "/e/" + string(w.addFile(bot.NewEpisode{File: "talk.vtt", Data: []byte(talkVTT)}))
	tests := []struct {
		name, path, cited, marked, group string
	}{
		{"a range", "/e/" + sampleID, "L63-L64", "L63 L64", "63 And it resulted in the iteration of relations into a thousand when the new treaty was signed 64 and when Putin and Kim Jong-il exchanged visits."},
		{"one line", "/e/" + sampleID, "L63", "L63", "63 And it resulted in the iteration of relations into a thousand when the new treaty was signed"},
		{"one line as a range", "/e/" + sampleID, "L63-L63", "L63", "63 And it resulted in the iteration of relations into a thousand when the new treaty was signed"},
		{"over turns", talk, "L2-L4", "L2 L3 L4", "2 Today we talk about tides & harbours."},
		{"the last line", talk, "L5", "L5", "5 That is a great deal of water."},
		{"reversed", "/e/" + sampleID, "L64-L63", "", ""},
		{"none", "/e/" + sampleID, "", "", ""},
		{"no number", "/e/" + sampleID, "L", "", ""},
		{"zero", "/e/" + sampleID, "L0-L3", "", ""},
		{"leading zero", "/e/" + sampleID, "L063", "", ""},
		{"a line without words", "/e/" + sampleID, "L1", "", ""},
		{"beyond the end", talk, "L6", "", ""},
		{"ends beyond the end", talk, "L2-L6", "", ""},
		{"huge", talk, "L99999999999999999999-L999999999999999999999", "", ""},
		{"signed", talk, "L+2", "", ""},
		{"three", talk, "L1-L2-L3", "", ""},
		{"markup", talk, `L1"><script>alert(1)</script>`, "", ""},
		{"long", talk, strings.Repeat("L1-", 1000), "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := w.page(test.path + "?l=" + escape(test.cited))
			if got := d.marked(); got != test.marked {
				t.Errorf("l=%s: got %q marked, want %q", test.cited, got, test.marked)
			}
			groups := d.all(func(n *html.Node) bool { return attrOf(n, "class") == "range" })
			if test.group == "" {
				if len(groups) > 0 || d.id("cited-note") != nil || strings.Contains(d.body, "<script>") {
					t.Error("the page says something of lines that were not asked for")
				}
				return
			}
			if got := textOf(groups[0]); got != test.group {
				t.Errorf("l=%s: got the group %q, want %q", test.cited, got, test.group)
			}
			first, last, _ := parseLineRange(test.cited)
			if d.id(bot.LineRange(first, last)) == nil {
				t.Errorf("l=%s: no element to land on", test.cited)
			}
		})
	}
}

func TestEpisodeSpeakersAndTimes(t *testing.T) {
	w := newWorld(t, Options{})
	d := w.page("/e/" + string(w.addFile(bot.NewEpisode{File: "talk.vtt", Data: []byte(talkVTT)})))
	var names []string
	for _, n := range d.all(func(n *html.Node) bool { return n.Data == "b" }) {
		names = append(names, textOf(n))
	}
	if want := []string{"Anna Berg", `Ben "Tide" O'Neil`, "Speaker not named", "Anna Berg"}; !slices.Equal(names, want) {
		t.Errorf("got the speakers %q, want %q", names, want)
	}
	if got := textOf(d.id("speakers")); got != `Anna Berg, Ben "Tide" O'Neil` {
		t.Errorf("speakers: %q", got)
	}
	if got := textOf(d.id("length")); got != "1 h 2 min" {
		t.Errorf("length: %q", got)
	}
	// Tenths of a second from start to start.
	if got := attrOf(d.id("lines"), "data-times"); got != "10,35,35,40,37230" {
		t.Errorf("times: %q", got)
	}
	if got := textOf(d.id("L5").Parent.FirstChild); got != "1:02:15" {
		t.Errorf("the time of line 5 is %q", got)
	}
	if d := w.page("/e/" + sampleID); strings.Contains(d.body, "not named") || strings.Contains(d.body, "data-times") {
		t.Error("a file without speakers and times shows some")
	}
}

func TestEpisodeEscapes(t *testing.T) {
	const bad = `</p></div><script>alert(1)</script><img src=x onerror=alert(2)>`
	w := newWorld(t, Options{})
	text := "WEBVTT\n\n00:01.000 --> 00:02.000\nEvil &lt;script&gt;alert(3)&lt;/script&gt; &amp;lt; words.\n\n00:02.000 --> 00:03.000\nMore words\" onclick=alert(4) of it.\n"
	id := w.addFile(bot.NewEpisode{File: "evil.vtt", Data: []byte(text), Title: bad, Show: bad, AudioURL: `https://audio.example/a.mp3?"><script>alert(5)</script>`})
	json := `{"version":"1.0.0","segments":[{"speaker":"<script>alert(6)</script>","startTime":0.5,"endTime":1,"body":"Words <script>alert(7)</script> of Eve."},{"speaker":"B","startTime":2,"endTime":3,"body":"Others."}]}`
	other := w.addFile(bot.NewEpisode{File: "eve.json", Data: []byte(json)})
	for _, path := range []string{"/e/" + string(id), "/e/" + string(other), "/e/" + string(id) + "?l=L1-L2&find=" + escape(bad), "/e/" + string(other) + "?find=of+Eve"} {
		d := w.page(path)
		for _, n := range d.all(func(n *html.Node) bool { return n.Data == "script" || n.Data == "img" }) {
			if !strings.HasPrefix(attrOf(n, "src"), "/assets/") || n.FirstChild != nil {
				t.Errorf("%s: a script or picture of the episode's: %v", path, n.Attr)
			}
		}
		for n := range d.root.Descendants() {
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
					t.Errorf("%s: attribute %s", path, a.Key)
				}
			}
		}
	}
	if d := w.page("/e/" + string(id)); textOf(d.id("show")) != bad || !strings.Contains(textOf(d.id("L2")), `More words" onclick=alert(4) of it.`) {
		t.Error("words are lost in escaping")
	}
}

func TestEpisodeOfAServer(t *testing.T) {
	w := newWorld(t, Options{})
	w.add(guild, "talk.vtt", talkVTT)
	ref := bot.EpisodeRef{Scope: guild, ID: "talk"}
	link, err := w.bot.PageLink(t.Context(), ref, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	d := w.page(strings.Replace(link, "#", "&find=harbour#", 1))
	if got := d.marked(); got != "L2 L3" {
		t.Errorf("marked: %q", got)
	}
	if got := d.header.Get("X-Robots-Tag"); !strings.Contains(got, "noindex") || !strings.Contains(d.body, `content="noindex, nofollow"`) || strings.Contains(d.body, "canonical") || strings.Contains(d.body, "og:") {
		t.Errorf("a private page can be indexed: %q", got)
	}
	if got := d.header.Get("Cache-Control"); got != "private, no-store" {
		t.Errorf("Cache-Control: %q", got)
	}
	key := strings.SplitN(strings.SplitN(link, "k=", 2)[1], "&", 2)[0]
	links := 0
	for _, n := range d.all(func(n *html.Node) bool { return n.Data == "a" }) {
		if href := attrOf(n, "href"); strings.HasPrefix(href, "?") || strings.HasPrefix(href, "/e/") {
			if links++; !strings.Contains(href, "k="+key) {
				t.Errorf("a link loses the key: %s", href)
			}
		}
	}
	if links < 3 {
		t.Errorf("%d links with the key, want those of cited lines, places found and summary", links)
	}
	if hidden := d.all(func(n *html.Node) bool { return attrOf(n, "name") == "k" }); len(hidden) != 1 || attrOf(hidden[0], "value") != key {
		t.Error("a search loses the key")
	}
	for _, path := range []string{"/e/talk", "/e/talk?k=", "/e/talk?k=" + key[:len(key)-1], "/e/" + sampleID + "?k=" + key, "/e/nothing", "/e/nothing?find=a"} {
		if r, body := w.get(path); r.StatusCode != http.StatusNotFound || strings.Contains(body, "harbour") {
			t.Errorf("GET %s: %s", path, r.Status)
		}
	}
}

func TestEpisodePlayer(t *testing.T) {
	tests := []struct {
		name, audio, media, src, link string
	}{
		{"a file", "https://Audio.Example:8443/a/talk.MP3?x=1", "https:;", "https://Audio.Example:8443/a/talk.MP3?x=1#t=8", "https://Audio.Example:8443/a/talk.MP3?x=1#t=8"},
		{"youtube", "https://www.youtube.com/watch?v=abc", "'none';", "", "https://www.youtube.com/watch?t=8s&v=abc"},
		{"a page", "https://show.example/episodes/4", "'none';", "", "https://show.example/episodes/4#t=8"},
		{"an odd host", "https://audio.example;script-src/a.mp3", "'none';", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, Options{})
			id := w.addFile(bot.NewEpisode{File: "talk.vtt", Data: []byte(talkVTT), AudioURL: test.audio})
			d := w.page("/e/" + string(id) + "?l=L3")
			policy := d.header.Get("Content-Security-Policy")
			if !strings.Contains(policy, "media-src "+test.media) {
				t.Errorf("policy: %s", policy)
			}
			src := ""
			if audio := d.id("audio"); audio != nil {
				src = attrOf(audio, "src")
				if attrOf(audio, "preload") != "none" {
					t.Error("the browser asks for the audio before anybody plays it")
				}
			}
			link := ""
			if listen := d.id("listen"); listen != nil {
				link = attrOf(listen, "href")
				if attrOf(listen, "rel") != "noopener noreferrer" {
					t.Errorf("rel: %q", attrOf(listen, "rel"))
				}
			}
			if src != test.src || link != test.link {
				t.Errorf("got the audio %q, the link %q; want %q, %q", src, link, test.src, test.link)
			}
			if test.link == "" {
				return
			}
			if got := attrOf(d.id("player"), "data-at"); got != "8" {
				t.Errorf("it begins at %q", got)
			}
			if got := attrOf(d.id("L3").Parent.PrevSibling, "href"); got != "?l=L3#L3" {
				t.Errorf("the time of line 3 links to %q", got)
			}
		})
	}
}

func TestEpisodeHead(t *testing.T) {
	w := newWorld(t, Options{})
	for path, want := range map[string]int{"/e/" + sampleID: 200, "/e/" + sampleID + "?find=a&l=L3": 200, "/e/nothing": 404} {
		r, err := http.Head(w.url + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(r.Body)
		r.Body.Close()
		if r.StatusCode != want || len(body) > 0 || r.Header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("HEAD %s: %s, %d bytes, %q", path, r.Status, len(body), r.Header.Get("Content-Type"))
		}
	}
}

// patient serves transcripts that wait so long for their chapters.
func (w *world) patient(wait time.Duration) {
	s, err := New(w.bot, Options{PagesPerMinute: 1e6, CostlyPerMinute: 1e6})
	if err != nil {
		w.t.Fatal(err)
	}
	mux := http.NewServeMux()
	(&transcripts{Server: s, chapterTime: wait}).routes(mux)
	served := httptest.NewServer(s.guard(mux))
	w.t.Cleanup(served.Close)
	w.url = served.URL
}

func TestEpisodeChapters(t *testing.T) {
	w := newWorld(t, Options{})
	w.patient(time.Hour)
	d := w.page("/e/" + sampleID)
	chapters := d.id("chapters")
	if chapters == nil {
		t.Fatal("no chapters")
	}
	s, err := w.bot.SummarizeAs(t.Context(), bot.SummaryRequest{Scopes: []retrieval.Scope{retrieval.Public}, Episode: sampleID, Style: bot.Chapters, Extractive: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range s.Points {
		if p.Heading == "" {
			continue
		}
		c := s.Citations[p.Citations[0]-1]
		place := bot.LineRange(c.FirstLine, c.LastLine)
		links := d.all(func(n *html.Node) bool { return n.Data == "a" && attrOf(n, "href") == "?l="+place+"#"+place })
		if len(links) == 0 || !strings.Contains(textOf(links[0]), p.Heading) {
			t.Errorf("no link to %q at %s", p.Heading, place)
		}
	}

	w.patient(0)
	d = w.page("/e/" + sampleID)
	later := d.all(func(n *html.Node) bool {
		return n.Data == "a" && attrOf(n, "href") == "/e/"+sampleID+"/summary?style=chapters"
	})
	if d.id("chapters") != nil || len(later) != 1 || d.id("L63") == nil {
		t.Error("a page whose chapters are not found yet has no way to them, or no lines")
	}
}

func TestSetOut(t *testing.T) {
	line := func(n, characters int, end string) retrieval.Line {
		return retrieval.Line{N: n, Text: strings.Repeat("a", characters) + end}
	}
	e := &retrieval.Episode{Lines: []retrieval.Line{
		line(1, 300, "."), line(2, 300, ""), line(3, 100, `."`), line(5, 10, ""), line(6, 500, ""), line(7, 500, ""), line(8, 10, ""),
	}}
	set := setOut(e, lineRange{})
	var got []int // the first line of each paragraph
	for _, p := range set.Turns[0].Paragraphs {
		got = append(got, p.Lines[0].N)
	}
	if want := []int{1, 5, 8}; len(set.Turns) != 1 || !slices.Equal(got, want) {
		t.Errorf("paragraphs begin at %v, want %v", got, want)
	}
}

func TestShortened(t *testing.T) {
	for text, want := range map[string]string{
		"":                                    "",
		" a \n b":                             "a b",
		strings.Repeat("word ", 50):           strings.TrimSpace(strings.Repeat("word ", 40)) + " …",
		strings.Repeat("語", 300):              strings.Repeat("語", 200) + " …",
		strings.Repeat("a", 198) + " b c d e": strings.Repeat("a", 198) + " …",
	} {
		if got := shortened(text); got != want {
			t.Errorf("shortened(%q) = %q, want %q", text, got, want)
		}
	}
}
