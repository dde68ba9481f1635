package web

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"verbatim/bot"
	"verbatim/bot/model"
	"verbatim/bot/model/modeltest"
	"verbatim/retrieval"
)

const (
	putin     = "How often is Putin mentioned?"
	shoigu    = "Who went to Pyongyang in 2023?"
	sanctions = "What does he say about sanctions?"
	china     = "What does he say about China?"
)

// asking is the path of the page that answers a question; pairs are what else its
// query holds.
func asking(question string, pairs ...string) string {
	v := url.Values{"q": {question}}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return "/?" + v.Encode()
}

// classed are the elements of a class.
func (d *document) classed(class string) []*html.Node {
	return d.all(func(n *html.Node) bool { return slices.Contains(strings.Fields(attribute(n, "class")), class) })
}

// isTag holds for elements of a tag.
func isTag(tag string) func(*html.Node) bool { return func(n *html.Node) bool { return n.Data == tag } }

// under are the elements of a tag within one.
func under(n *html.Node, tag string) []*html.Node {
	var list []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == tag {
			list = append(list, d)
		}
	}
	return list
}

// fragmentOf reads HTML that is a part of a page.
func fragmentOf(t *testing.T, text string) *document {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return &document{t: t, root: root, body: text}
}

// useModel gives the bot a model that replies so, and that nothing but the end of a
// request hurries.
func (w *world) useModel(reply func(modeltest.Request) modeltest.Reply) *modeltest.Server {
	w.t.Helper()
	server := modeltest.New(w.t, reply)
	client, err := model.New(model.Options{BaseURL: server.URL(), Key: modeltest.Key, Model: modeltest.Model, Retries: -1, FirstToken: time.Hour, Total: time.Hour})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(client.Close)
	w.bot.UseModel(client, bot.ModelOptions{})
	return server
}

var promptPassage = regexp.MustCompile(`(?m)^\[(\d+)\] (.*)$`)

// marked puts the mark of the passage that holds the words behind a sentence.
func marked(r modeltest.Request, sentence, words string) string {
	for _, p := range promptPassage.FindAllStringSubmatch(r.User(), -1) {
		if strings.Contains(p[2], words) {
			return strings.TrimSuffix(sentence, ".") + " [" + p[1] + "]."
		}
	}
	return sentence
}

// cited fails the test unless every mark leads to a card, and every card's words
// stand, word for word, in the lines that its link names.
func (w *world) cited(d *document, key string) []*html.Node {
	w.t.Helper()
	return w.citedBy(d, key, func(card *html.Node) []string { return []string{textOf(under(card, "blockquote")[0])} })
}

// citedBy is cited for those words of a card that its link is about.
func (w *world) citedBy(d *document, key string, about func(card *html.Node) []string) []*html.Node {
	w.t.Helper()
	cards := d.classed("card")
	ids := map[string]bool{}
	for _, c := range cards {
		ids["#"+attribute(c, "id")] = true
		link := under(c, "a")[0]
		u, err := url.Parse(attribute(link, "href"))
		if err != nil {
			w.t.Fatal(err)
		}
		first, last, ok := parseLineRange(u.Query().Get("l"))
		if !ok || u.Fragment != u.Query().Get("l") || u.Query().Get("k") != key {
			w.t.Errorf("the link of a card is %q", u)
		}
		scope := retrieval.Public
		if key != "" {
			scope = guild
		}
		id := retrieval.EpisodeID(strings.TrimPrefix(u.Path, "/e/"))
		e, err := w.bot.Transcript(w.t.Context(), []retrieval.Scope{scope}, bot.EpisodeRef{Scope: scope, ID: id})
		if err != nil {
			w.t.Fatal(err)
		}
		var lines []string
		for _, l := range e.Lines {
			if first <= l.N && l.N <= last {
				lines = append(lines, l.Text)
			}
		}
		said := strings.Join(lines, " ")
		for _, quote := range about(c) {
			if quote == "" || !strings.Contains(said, quote) {
				w.t.Errorf("%q is not in %s: %q", quote, u.Fragment, said)
			}
		}
		if around, body := w.get(attribute(link, "data-around")); around.StatusCode != http.StatusOK || !strings.Contains(body, "<mark>"+html.EscapeString(lines[0])+"</mark>") {
			w.t.Errorf("%s beside is %s without the line %q:\n%s", u.Fragment, around.Status, lines[0], body)
		}
	}
	for _, mark := range d.classed("cite") {
		if !ids[attribute(mark, "href")] || attribute(mark, "aria-label") == "" {
			w.t.Errorf("the mark %s leads to no card, or has no name", attribute(mark, "href"))
		}
	}
	return cards
}

// TestAnswerPage: a question is answered on a whole page, without a script, and
// each mark leads to the words and their lines.
func TestAnswerPage(t *testing.T) {
	w := newWorld(t, Options{})
	for _, tt := range []struct {
		question, made, said string
		cards, marks         int
	}{
		{shoigu, "In the transcript’s own words", "when Shoigu went to Pyongyang", 1, 0},
		{putin, "Counted in the transcripts", "“Putin” is said 2 times", 2, 2},
	} {
		d := w.page(asking(tt.question))
		answers := d.classed("answer")
		if len(answers) != 1 || !strings.Contains(textOf(answers[0]), tt.said) || !strings.Contains(textOf(answers[0]), tt.made) {
			t.Fatalf("%s: %d answers:\n%s", tt.question, len(answers), d.body)
		}
		if cards, marks := w.cited(d, ""), d.classed("cite"); len(cards) != tt.cards || len(marks) != tt.marks {
			t.Errorf("%s: %d cards, %d marks", tt.question, len(cards), len(marks))
		}
		box := d.all(func(n *html.Node) bool { return n.Data == "textarea" })[0]
		if textOf(box) != tt.question || len(d.classed("example")) != 0 {
			t.Errorf("%s: the box holds %q", tt.question, textOf(box))
		}
	}
	d := w.page(asking(shoigu))
	var named []string
	for _, m := range under(d.classed("card")[0], "mark") {
		named = append(named, textOf(m))
	}
	if !slices.Equal(named, []string{"2023", "went", "Pyongyang"}) {
		t.Errorf("marked are %q", named)
	}
}

// TestRefusalPage: what the episodes do not say is told so, with the reason and
// the nearest moments.
func TestRefusalPage(t *testing.T) {
	w := newWorld(t, Options{})
	d := w.page(asking(china))
	text := textOf(d.classed("refused")[0])
	for _, want := range []string{"Not in this episode", "There’s no mention of “China”.", "The nearest moments"} {
		if !strings.Contains(text, want) {
			t.Errorf("the refusal lacks %q: %s", want, text)
		}
	}
	if cards := w.cited(d, ""); len(cards) == 0 || len(d.classed("made")) != 0 {
		t.Errorf("%d nearest moments; or an answer besides", len(cards))
	}
}

// TestExamples: each example of the first page is answered there, the last one
// honestly refused.
func TestExamples(t *testing.T) {
	w := newWorld(t, Options{})
	links := w.page("/").classed("example")
	if len(links) != len(examples) {
		t.Fatalf("%d examples", len(links))
	}
	for i, link := range links {
		d := w.page(attribute(link, "href"))
		if refused := len(d.classed("refused")) == 1; refused != (i == len(links)-1) || len(d.classed("card")) == 0 {
			t.Errorf("%s: refused is %v:\n%s", textOf(link), refused, textOf(d.classed("answer")[0]))
		}
	}
	w.add(retrieval.Public, "harbours.txt", "Anna: The harbour of the town has tides of twelve metres.\n")
	for _, link := range w.page("/").classed("example") {
		if !strings.Contains(attribute(link, "href"), "episode="+sampleID) {
			t.Errorf("among others the example %q is not about the sample", attribute(link, "href"))
		}
	}
	if d := w.page("/?episode=harbours"); len(d.classed("example")) != 0 {
		t.Error("there are examples about the sample beside another episode")
	}
}

// TestFollowUpPage: what is asked further is understood from what was asked.
func TestFollowUpPage(t *testing.T) {
	w := newWorld(t, Options{})
	before := w.page(asking(sanctions)).all(func(n *html.Node) bool { return attribute(n, "name") == "before" })
	if len(before) != 1 || attribute(before[0], "value") != sanctions {
		t.Fatalf("a follow-up carries %d questions", len(before))
	}
	d := w.page(asking("And in 2006?", "before", attribute(before[0], "value")))
	if got := d.classed("understood"); len(got) != 1 || !strings.Contains(textOf(got[0]), "sanctions") {
		t.Fatalf("the follow-up is not understood:\n%s", textOf(d.classed("answer")[0]))
	}
	if d := w.page(asking("And in 2006?")); len(d.classed("understood")) != 0 {
		t.Error("a question without others is understood as another")
	}
}

// TestAskingIsTheVisitorsOwn: no other site has its visitors ask, and what only
// fetches a page in advance asks nothing.
func TestAskingIsTheVisitorsOwn(t *testing.T) {
	w := newWorld(t, Options{})
	for _, tt := range []struct {
		method, header, value string
		answered              bool
	}{
		{"GET", "Sec-Fetch-Site", "cross-site", false}, {"GET", "Sec-Fetch-Site", "same-site", false}, {"GET", "Sec-Purpose", "prefetch;prerender", false},
		{"GET", "Sec-Fetch-Site", "none", true}, {"GET", "Sec-Fetch-Site", "same-origin", true},
	} {
		r, err := http.NewRequest(tt.method, w.url+asking(shoigu), nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set(tt.header, tt.value)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		root, err := html.Parse(answer.Body)
		answer.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		d := &document{t: t, root: root}
		box := d.all(func(n *html.Node) bool { return n.Data == "textarea" })[0]
		if answered := len(d.classed("answer")) == 1; answered != tt.answered || textOf(box) != shoigu {
			t.Errorf("%s %s: answered is %v, the box holds %q", tt.header, tt.value, answered, textOf(box))
		}
		if notes := d.classed("note"); (len(notes) == 1) == tt.answered {
			t.Errorf("%s %s: %d notes", tt.header, tt.value, len(notes))
		}
	}
	if got := w.bot.Metrics().Asked; got != 2 {
		t.Errorf("%d questions were asked, want 2", got)
	}
	if r, err := http.Head(w.url + asking(shoigu)); err != nil || r.StatusCode != http.StatusOK || w.bot.Metrics().Asked != 2 {
		t.Errorf("the head of a page asks: %v", err)
	}
}

// TestAskProblems: what is wrong with a question is told beside it.
func TestAskProblems(t *testing.T) {
	w := newWorld(t, Options{})
	for _, tt := range []struct {
		name, question, want string
		status               int
	}{
		{"long", strings.Repeat("word ", 300), "That question is too long.", http.StatusBadRequest},
		{"no words", "???", "There are no words to look for.", http.StatusOK},
	} {
		r, body := w.get(asking(tt.question))
		d := fragmentOf(t, body)
		problems := d.classed("problem")
		if r.StatusCode != tt.status || len(problems) != 1 || !strings.Contains(textOf(problems[0]), tt.want) || !strings.Contains(body, "<textarea") {
			t.Errorf("%s: %s, %d problems", tt.name, r.Status, len(problems))
		}
	}
	if r, _ := w.get(asking(shoigu, "episode", "nothing")); r.StatusCode != http.StatusNotFound {
		t.Errorf("a question about no episode is %s", r.Status)
	}
	d := w.page("/?q=++")
	if len(d.classed("answer"))+len(d.classed("problem"))+len(d.classed("note")) != 0 {
		t.Error("no question at all is answered")
	}
}

// TestPrivateIsNotAsked: a server's episode is neither listed nor answered from,
// but for whoever has its link, and then kept out of caches.
func TestPrivateIsNotAsked(t *testing.T) {
	w := newWorld(t, Options{})
	w.add(guild, "carver.txt", secretText)
	const question = "What does the carver of the town do at night?"
	for _, path := range []string{"/", "/?list=carver", asking(question), asking("Who carves plaid zebras?"), "/quote?words=carves+plaid+zebras"} {
		if _, body := w.get(path); strings.Contains(strings.ToLower(body), secretWord) || strings.Contains(body, "/e/carver") {
			t.Errorf("%s shows the server's episode", path)
		}
	}
	key := w.key(guild, "carver")
	d := w.page(asking(question, "episode", "carver", "k", key))
	if cards := w.cited(d, key); len(cards) == 0 || !strings.Contains(textOf(d.classed("answer")[0]), "plaid zebras") {
		t.Errorf("with its link it is not answered from:\n%s", textOf(d.classed("answer")[0]))
	}
	if keep := d.header.Get("Cache-Control"); keep != "private, no-store" || !strings.Contains(d.body, `name="robots"`) {
		t.Errorf("its answer may be kept: %s", keep)
	}
	for _, n := range d.all(func(n *html.Node) bool { return attribute(n, "name") == "k" }) {
		if attribute(n, "value") != key {
			t.Errorf("a follow-up asks with the key %q", attribute(n, "value"))
		}
	}
}

// TestEpisodeList: the public episodes are listed newest first, by pages, and can
// be filtered.
func TestEpisodeList(t *testing.T) {
	w := newWorld(t, Options{})
	for i := range listPage + 5 {
		w.addFile(bot.NewEpisode{File: fmt.Sprintf("talk-%d.txt", i), Data: []byte(fmt.Sprintf("Harbour talk %d\nEpisode Date: March %d, 2020\nTranscript\nThe tide is %d metres high.\n", i, 1+i%28, i))})
	}
	listed := func(path string) []*html.Node {
		d := w.page(path)
		lists := d.classed("episodes")
		if len(lists) == 0 {
			return nil
		}
		return under(lists[0], "li")
	}
	if first := listed("/"); len(first) != listPage || !strings.Contains(textOf(first[0]), "Toloraya") || !strings.Contains(textOf(first[0]), "6 March 2025 · 121 lines") {
		t.Errorf("the first page lists %d, the first of them %q", len(first), textOf(first[0]))
	}
	for path, want := range map[string]int{"/?page=2": 6, "/?page=99": 6, "/?page=-1": listPage, "/?page=x": listPage, "/?list=toloraya": 1, "/?list=qqqqqq": 0} {
		if got := len(listed(path)); got != want {
			t.Errorf("%s lists %d, want %d", path, got, want)
		}
	}
	if body := w.page("/").body; !strings.Contains(body, `href="/?page=2#episodes"`) || !strings.Contains(body, `name="list"`) {
		t.Error("there is no way to the second page, or no box to filter by")
	}
}

// TestTimedLength: where lines have times, the length of an episode is in time.
func TestTimedLength(t *testing.T) {
	w := newWorld(t, Options{})
	w.add(retrieval.Public, "tides.vtt", talkVTT)
	if d := w.page("/"); !strings.Contains(textOf(d.classed("episodes")[0]), "1 h 2 min") {
		t.Errorf("the length of the talk is not told: %s", textOf(d.classed("episodes")[0]))
	}
}

// TestFirstPageTellsWhatToDo where there is nothing yet.
func TestFirstPageTellsWhatToDo(t *testing.T) {
	w := newWorld(t, Options{})
	if d := w.page("/"); !strings.Contains(d.body, "docs/discord-setup.md") {
		t.Error("without Discord nothing says how to add the bot")
	}
	if err := w.bot.Remove(t.Context(), retrieval.Public, sampleID); err != nil {
		t.Fatal(err)
	}
	d := w.page("/")
	if !strings.Contains(d.body, "verbatim add FILE") || len(d.classed("example")) != 0 {
		t.Error("an empty library does not say how to add to it, or has examples")
	}
	if d := w.page(asking(shoigu)); len(d.classed("refused")) != 1 {
		t.Errorf("an empty library answers: %s", d.body)
	}
	w = newWorld(t, Options{Invite: func() string { return "https://discord.com/oauth2/authorize?client_id=1" }, Discord: func() []Shard { return nil }})
	if d := w.page("/"); !strings.Contains(d.body, `href="https://discord.com/oauth2/authorize?client_id=1"`) || strings.Contains(d.body, "docs/discord-setup.md") {
		t.Error("the first page does not lead to Discord")
	}
}
