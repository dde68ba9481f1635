package web

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"verbatim/bot"
	"verbatim/bot/model/modeltest"
)

const samplePage = "/e/" + sampleID + "/summary"

// TestSummaryPage: each style shows its points, each with the words and the way
// to their lines.
func TestSummaryPage(t *testing.T) {
	w := newWorld(t, Options{})
	for _, style := range bot.Styles {
		d := w.page(samplePage + "?style=" + style)
		if cards, points := w.cited(d, ""), d.classed("points"); len(points) != 1 || len(cards) < 3 || !strings.Contains(textOf(d.id("summary")), "All 121 lines read.") {
			t.Errorf("%s: %d cards:\n%s", style, len(cards), textOf(d.id("summary")))
		}
		chosen := d.all(func(n *html.Node) bool { return attribute(n, "aria-current") == "page" })
		if len(chosen) != 1 || !strings.EqualFold(textOf(chosen[0]), style) {
			t.Errorf("%s: %d styles are chosen", style, len(chosen))
		}
		if headings := len(under(d.classed("points")[0], "h3")); (headings > 1) != (style == bot.Chapters) {
			t.Errorf("%s has %d headings", style, headings)
		}
	}
	if brief, plain := w.page(samplePage+"?style=brief"), w.page(samplePage); brief.body != plain.body {
		t.Error("without a style it is not brief")
	}
	if r, _ := w.get(samplePage + "?style=poem"); r.StatusCode != http.StatusNotFound {
		t.Errorf("an unknown style is %s", r.Status)
	}
	if strings.Contains(w.page(samplePage).body, `value="model"`) {
		t.Error("without a model one is offered")
	}
}

// TestPrivateSummary keeps the key in its links, and out of caches.
func TestPrivateSummary(t *testing.T) {
	w := newWorld(t, Options{})
	w.add(guild, "carver.txt", secretText)
	key := w.key(guild, "carver")
	d := w.page("/e/carver/summary?style=detailed&k=" + key)
	if cards := w.cited(d, key); len(cards) == 0 || d.header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("%d cards, kept: %s", len(cards), d.header.Get("Cache-Control"))
	}
	for _, link := range d.all(isTag("a")) {
		if href := attribute(link, "href"); (strings.Contains(href, "carver")) != strings.Contains(href, "k="+key) {
			t.Errorf("the link %q", href)
		}
	}
}

// TestSummaryByModel: with a model the transcript's own words come first; asked
// for, the model's points come, checked, on a page that says how far it is; and
// no other site can ask for it.
func TestSummaryByModel(t *testing.T) {
	w := newWorld(t, Options{Model: modeltest.Model})
	server := w.useModel(func(r modeltest.Request) modeltest.Reply {
		var lines []string
		for _, p := range promptPassage.FindAllStringSubmatch(r.User(), -1) {
			said, _, _ := strings.Cut(p[2], ". ")
			lines = append(lines, strings.TrimSuffix(said, ".")+" ["+p[1]+"].")
		}
		return modeltest.Reply{Text: strings.Join(lines[:min(len(lines), 4)], "\n")}
	})
	plain := w.page(samplePage)
	if server.Calls() != 0 || !strings.Contains(plain.body, "In the transcript’s own words") || !strings.Contains(plain.body, `name="by" value="model"`) {
		t.Fatalf("after %d calls: %s", server.Calls(), plain.body)
	}
	r, err := http.NewRequest("GET", w.url+samplePage+"?by=model", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.ReadAll(answer.Body)
	answer.Body.Close()
	if err != nil || server.Calls() != 0 {
		t.Errorf("another site has the model write, in %d calls; %v", server.Calls(), err)
	}
	d := w.page(samplePage + "?by=model")
	text := textOf(d.id("summary"))
	if !strings.Contains(text, "is reading the whole episode") || len(d.classed("step")) == 0 || !strings.Contains(text, "Written by modeltest, each point checked") {
		t.Errorf("the page says: %s", text)
	}
	w.cited(d, "")
	server.Kill()
	text = textOf(w.page(samplePage + "?style=takeaways&by=model").id("summary"))
	if !strings.Contains(text, "The language model can’t be reached right now.") || !strings.Contains(text, "In the transcript’s own words") {
		t.Errorf("without the model the page says: %s", text)
	}
}
