package discord

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"verbatim/bot"
	"verbatim/bot/discord/discordtest"
	"verbatim/bot/discord/gateway"
	"verbatim/bot/discord/wire"
	"verbatim/retrieval"
)

var pageLink = regexp.MustCompile(`https://pages\.example/[^\s>)"]*`)

// pageLinks are the addresses of pages in a message, those of its buttons too.
func pageLinks(m *discordtest.Message) []string {
	text := m.Text()
	for _, b := range m.Buttons() {
		text += "\n" + b.URL
	}
	return pageLink.FindAllString(text, -1)
}

// TestLinksStayInTheirServer: wherever an episode is cited, its members get a link
// to the page, which opens that server's episode; others get one to what is
// everybody's alone, though the same is asked and answers are kept.
func TestLinksStayInTheirServer(t *testing.T) {
	w := newWorld(t, nil)
	w.bot.UsePages("https://pages.example")
	one, two := w.Guild("one"), w.Guild("two")
	for _, g := range []*discordtest.Guild{one, two} {
		w.forgetCooldown(g)
		w.add(retrieval.Scope(g.ID), "zebra.txt", "Ann: The zebra of the town is plaid, and everybody knows it.\nBob: Is it really?\n")
	}
	w.add(retrieval.Public, "zebra.txt", "Cem: The zebra of the town is plaid, and that is known to all.\nDan: Indeed.\n")
	const question = "What colour is the zebra of the town?"
	check := func(what string, scope retrieval.Scope, m *discordtest.Message) {
		t.Helper()
		links := pageLinks(m)
		if len(links) == 0 {
			t.Errorf("%s: no link to a page:\n%s", what, m.Text())
		}
		for _, link := range links {
			u, err := url.Parse(link)
			if err != nil {
				t.Fatal(err)
			}
			key := u.Query().Get("k")
			if scope == retrieval.Public {
				if key != "" {
					t.Errorf("%s: a key for those who are in no server: %s", what, link)
				}
				continue
			}
			got, err := w.bot.CheckLink(t.Context(), retrieval.EpisodeID(strings.TrimPrefix(u.Path, "/e/")), key)
			if key != "" && (err != nil || got != scope) {
				t.Errorf("%s: the link opens %q, %v; want %q", what, got, err, scope)
			}
		}
	}
	asked := 0
	someone := func() *discordtest.User { // who need not wait
		asked++
		return w.User(fmt.Sprintf("user%d", asked))
	}
	for range 2 { // the second time from what is kept
		for what, in := range map[retrieval.Scope]func() *discordtest.Actor{
			retrieval.Scope(one.ID): func() *discordtest.Actor { return someone().In(one.Channel("general")) },
			retrieval.Scope(two.ID): func() *discordtest.Actor { return someone().In(two.Channel("general")) },
			retrieval.Public:        func() *discordtest.Actor { return someone().InDM() },
		} {
			name := string(what)
			ask := in().Slash("ask", opt("question", question)).Wait()
			check(name+" ask", what, ask.Message())
			if what != retrieval.Public && !strings.Contains(strings.Join(pageLinks(ask.Message()), " "), "k=") {
				t.Errorf("%s: the server's own episode is not linked:\n%s", name, ask.Text())
			}
			for _, b := range ask.Message().Buttons() {
				if strings.HasPrefix(b.Label, "Context") {
					check(name+" context", what, ask.Press(b.Label).Wait().Message())
				}
			}
			check(name+" quote", what, in().Slash("quote", opt("words", "the zebra of the town is plaid")).Wait().Message())
			check(name+" summary", what, in().Slash("summary", opt("episode", "zebra")).Wait().Message())
		}
	}
}

// TestPageOfWhatMayBeSeen: no message is given the page of a scope that its reader
// may not see, even if it should cite it.
func TestPageOfWhatMayBeSeen(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.add(retrieval.Scope(g.ID), "zebra.txt", "Ann: The zebra of the town is plaid.\n")
	inside, outside := &viewer{scopes: []retrieval.Scope{retrieval.Scope(g.ID), retrieval.Public}}, &viewer{scopes: []retrieval.Scope{retrieval.Public}}
	if w.adapter.pageOf(inside) != nil {
		t.Error("there is a page where none is served")
	}
	w.bot.UsePages("https://pages.example")
	if link := w.adapter.pageOf(inside)(retrieval.Scope(g.ID), "zebra", 1, 1); !strings.Contains(link, "k=") {
		t.Errorf("a member's link is %q", link)
	}
	for _, scope := range []retrieval.Scope{retrieval.Scope(g.ID), "2222222222222222222", "", bot.TurnScope("", "1")} {
		if link := w.adapter.pageOf(outside)(scope, "zebra", 1, 1); link != "" {
			t.Errorf("a stranger's link to %q is %q", scope, link)
		}
	}
}

// TestLongAnswerWithLinks: addresses count among a message's characters, and an
// answer with many long ones is parted, each part as Discord takes it.
func TestLongAnswerWithLinks(t *testing.T) {
	w := newWorld(t, nil)
	w.bot.UsePages("https://" + strings.Repeat("pages-", 20) + "x.example")
	g := w.Guild("friends")
	w.forgetCooldown(g)
	var text strings.Builder
	for i := range 12 {
		text.WriteString(strings.Repeat("Ann: The plaid zebra number "+strings.Repeat("i", i+1)+" of the town walks by the river, and people wonder about stripes and squares. ", 3) + "\n")
	}
	w.add(retrieval.Scope(g.ID), strings.Repeat("zebra-", 12)+".txt", text.String())
	r := w.User("ann").In(g.Channel("general")).Slash("ask", opt("question", "What does the plaid zebra do by the river?")).Wait()
	if !strings.Contains(r.Text(), "?k=") {
		t.Errorf("the answer has no link:\n%s", r.Text())
	}
	if n := len([]rune(r.Text())); n > wire.MaxText {
		t.Errorf("%d characters", n)
	}
	if v := w.Violations(); len(v) > 0 {
		t.Errorf("Discord refuses: %v", v)
	}
}

// TestShardsAreTold: pages for an operator learn how the connections fare, and
// where the bot is added to a server.
func TestShardsAreTold(t *testing.T) {
	w := newWorld(t, nil)
	w.User("ann").In(w.Guild("friends").Channel("general")).Slash("help").Wait() // it is connected
	shards := w.adapter.Shards()
	if len(shards) != 1 || shards[0].Status != gateway.StatusReady {
		t.Errorf("the shards are %+v, want one that is ready", shards)
	}
	if got := w.adapter.Invite(); !strings.Contains(got, "client_id="+w.AppID()) {
		t.Errorf("the invite is %q", got)
	}
	unconnected, err := New(w.bot, w.options)
	if err != nil {
		t.Fatal(err)
	}
	if shards, invite := unconnected.Shards(), unconnected.Invite(); len(shards) != 0 || invite != "" {
		t.Errorf("before Run there are the shards %+v and the invite %q", shards, invite)
	}
}
