package bot

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"verbatim/bot/model"
	"verbatim/bot/model/modeltest"
	"verbatim/retrieval"
)

func TestKindOf(t *testing.T) {
	for text, want := range map[string]questionKind{
		"List all the presidents that are mentioned":           kindList,
		"Please name every city he visited.":                   kindList,
		"Nenne alle Städte":                                    kindList,
		"Citez toutes les villes":                              kindList,
		"Enumera todas las ciudades":                           kindList,
		"Compare what Ann and Bob say about trade":             kindCompare,
		"How did the view of trade change across the episodes": kindCompare,
		"What changed from episode to episode?":                kindCompare,
		"Was sagen sie in jeder Folge über Handel?":            kindCompare,
		"What did he list among the reasons?":                  kindFactual,
		"Who compares the two?":                                kindFactual,
		"When did Kim visit?":                                  kindFactual,
	} {
		if got := kindOf(text); got != want {
			t.Errorf("kindOf(%q) = %d, want %d", text, got, want)
		}
	}
}

// fruitEpisode names a fruit in every so many lines.
func fruitEpisode(lines int) (text string, fruits []string) {
	names := []string{"apples", "pears", "cherries", "plums", "quinces", "figs", "grapes", "lemons", "oranges", "medlars", "apricots", "peaches"}
	var b strings.Builder
	for i := range lines {
		if i%10 == 5 && len(fruits) < len(names) {
			fruits = append(fruits, names[len(fruits)])
			fmt.Fprintf(&b, "Ann: In that garden the farmer grew %s along the southern wall.\n", fruits[len(fruits)-1])
			continue
		}
		fmt.Fprintf(&b, "Ann: We walked for another %d minutes through the rain, talked of this and that, and looked at some fences.\n", i+2)
	}
	return b.String(), fruits
}

// collector lists the fruits of the prompt's passages.
func collector(r modeltest.Request) modeltest.Reply {
	var items []string
	for _, p := range promptPassage.FindAllStringSubmatch(r.User(), -1) {
		for _, s := range strings.Split(p[2], ". ") {
			if at := strings.Index(s, "the farmer grew "); at >= 0 {
				items = append(items, "- The farmer grew "+strings.Fields(s[at+len("the farmer grew "):])[0]+" along the southern wall ["+p[1]+"].")
			}
		}
	}
	if len(items) == 0 {
		return modeltest.Reply{Text: "NOT FOUND"}
	}
	return modeltest.Reply{Text: strings.Join(append(items, "- Dolphins guard the harbour of Nampo [1]."), "\n")}
}

var fruitQuestion = Question{Text: "List all the fruits that the farmer grew in the garden.", Filter: in100}

func TestListReadsAll(t *testing.T) {
	b := newBot(t)
	text, fruits := fruitEpisode(120)
	addText(t, b, "100", "fruits.txt", text)
	server := useModel(t, b, ModelOptions{}, collector)
	var mutex sync.Mutex
	drafts := 0
	q := fruitQuestion
	q.Draft = func(d Draft) {
		mutex.Lock()
		defer mutex.Unlock()
		drafts++
	}
	a := reply(t, b, q)
	for _, fruit := range fruits {
		if !strings.Contains(a.Answer, fruit) {
			t.Errorf("the list lacks %s", fruit)
		}
	}
	if strings.Contains(a.Answer, "Dolphins") || len(a.Sentences) != len(fruits) || a.Removed == 0 || a.Covered != (Coverage{}) {
		t.Errorf("Reply = %q with %d removed, covered %+v; want each fruit once and all read", a.Answer, a.Removed, a.Covered)
	}
	if !strings.Contains(a.Answer, "\n") || drafts == 0 || server.Calls() < 2 {
		t.Errorf("the list %q came in %d drafts by %d calls", a.Answer, drafts, server.Calls())
	}
	calls := server.Calls()
	if again := reply(t, b, fruitQuestion); again.Answer != a.Answer || server.Calls() != calls {
		t.Error("the list is not kept")
	}
}

func TestListSaysWhatItRead(t *testing.T) {
	b := newBot(t)
	text, _ := fruitEpisode(120)
	addText(t, b, "100", "fruits.txt", text)
	server := modeltest.New(t, collector)
	server.Inject(modeltest.OnCall(2), modeltest.WrongStatus(500, "oops"))
	useServer(t, b, ModelOptions{}, server, func(o *model.Options) { o.Parallel = 1 })
	a := reply(t, b, fruitQuestion)
	if a.Model != modeltest.Model || a.Covered.Read == 0 || a.Covered.Read >= a.Covered.Total || !strings.Contains(a.Answer, "passages were read") {
		t.Errorf("Reply = %q, covered %+v; want a part, said to be so", a.Answer, a.Covered)
	}
	server.Inject(nil, modeltest.WrongStatus(500, "oops"))
	q := fruitQuestion
	q.Text = "List all the fruits that the farmer grew."
	if a := reply(t, b, q); a.Model != Extractive || a.Without != FallbackDown || len(a.Citations) == 0 {
		t.Errorf("Reply = %+v, want the transcript's own words when all calls fail", a)
	}
}

// TestListMended: all items that do not hold are mended by one call, which sees
// what they were made of.
func TestListMended(t *testing.T) {
	b := newBot(t)
	text, fruits := fruitEpisode(120)
	addText(t, b, "100", "fruits.txt", text)
	mends := 0
	var mutex sync.Mutex
	server := useModel(t, b, ModelOptions{}, func(r modeltest.Request) modeltest.Reply {
		reply := collector(r)
		mutex.Lock()
		defer mutex.Unlock()
		if strings.Contains(r.User(), "of an answer are wrong") {
			mends++
			for _, fruit := range []string{"figs", "pears"} {
				if !strings.Contains(r.User(), "grew 7000 "+fruit) {
					t.Errorf("the model was asked to mend by %q, want %s in it", r.User(), fruit)
				}
			}
			if !strings.Contains(r.User(), "the number 7000 is not in the cited passages") || strings.Contains(r.User(), "- The farmer grew plums") {
				t.Errorf("the model was asked to mend by %q, want what failed, with its fault", r.User())
			}
			return reply
		}
		for _, fruit := range []string{"figs", "pears"} { // of different windows
			reply.Text = strings.Replace(reply.Text, "grew "+fruit, "grew 7000 "+fruit, 1)
		}
		return reply
	})
	a := reply(t, b, fruitQuestion)
	for _, fruit := range fruits {
		if !strings.Contains(a.Answer, "grew "+fruit) {
			t.Errorf("the list lacks %s", fruit)
		}
	}
	m := b.Metrics()
	if mends != 1 || len(a.Sentences) != len(fruits) || strings.Contains(a.Answer, "7000") || m.Repaired != 2 || m.Removed != int64(a.Removed) || m.Calls != int64(server.Calls()) {
		t.Errorf("Reply = %q with %d removed after %d calls to mend of %d; want 2 items mended by one: %+v", a.Answer, a.Removed, mends, server.Calls(), m)
	}
	for i := range a.Citations {
		if c := &a.Citations[i]; !strings.Contains(text, c.Quote) {
			t.Errorf("citation %d quotes %q, which nobody says", c.N, c.Quote)
		}
	}
}

// TestListNotMended: when mending fails, what holds is the list.
func TestListNotMended(t *testing.T) {
	b := newBot(t)
	text, fruits := fruitEpisode(120)
	addText(t, b, "100", "fruits.txt", text)
	server := modeltest.New(t, collector)
	useServer(t, b, ModelOptions{}, server)
	whole := reply(t, b, fruitQuestion)
	mend := server.Calls()
	b = newBot(t)
	addText(t, b, "100", "fruits.txt", text)
	server = modeltest.New(t, collector)
	server.Inject(modeltest.FromCall(mend), modeltest.WrongStatus(401, "oops"))
	useServer(t, b, ModelOptions{}, server)
	if a := reply(t, b, fruitQuestion); len(a.Sentences) != len(fruits) || a.Answer != whole.Answer || a.Covered != (Coverage{}) || server.Calls() != mend {
		t.Errorf("Reply = %q after %d calls, want the same as with mending that mends nothing", a.Answer, server.Calls())
	}
}

// TestListSaysWhatItCuts has more items than a list may have.
func TestListSaysWhatItCuts(t *testing.T) {
	const grown = maxItems + 7
	b := newBot(t)
	var text strings.Builder
	for i := range grown {
		fmt.Fprintf(&text, "Ann: In that garden the farmer grew plum%ca%c along the southern wall.\n", "bdfgkmprtz"[i/6], "bgkmpt"[i%6])
	}
	addText(t, b, "100", "fruits.txt", text.String())
	useModel(t, b, ModelOptions{}, collector)
	a := reply(t, b, fruitQuestion)
	want := Coverage{Left: grown - maxItems}
	if len(a.Sentences) != maxItems || a.Covered != want || !strings.HasSuffix(a.Answer, "\n"+want.String()) {
		t.Errorf("Reply has %d items, covered %+v, and ends with %q; want %d and %+v, said", len(a.Sentences), a.Covered, a.Answer[max(0, len(a.Answer)-100):], maxItems, want)
	}
}

// TestListOfALargeLibrary reads what is likeliest to hold something.
func TestListOfALargeLibrary(t *testing.T) {
	b := newBot(t)
	text, fruits := fruitEpisode(1200)
	addText(t, b, "100", "fruits.txt", text)
	server := useModel(t, b, ModelOptions{}, collector, func(o *model.Options) { o.Window = 4000 })
	a := reply(t, b, fruitQuestion)
	if server.Calls() > maxWindows+1 || a.Covered.Read == 0 || a.Covered.Read >= a.Covered.Total {
		t.Errorf("%d calls read %+v, want a part by at most %d", server.Calls(), a.Covered, maxWindows+1)
	}
	for _, fruit := range fruits {
		if !strings.Contains(a.Answer, fruit) {
			t.Errorf("the list lacks %s, though a search would find it", fruit)
		}
	}
}

func TestListExtractive(t *testing.T) {
	b := newBot(t)
	text, _ := fruitEpisode(120)
	addText(t, b, "100", "fruits.txt", text)
	a := reply(t, b, fruitQuestion)
	if len(a.Citations) <= maxCitations || len(a.Citations) > maxListed {
		t.Errorf("%d citations, want more than %d and at most %d", len(a.Citations), maxCitations, maxListed)
	}
}

// addBridges adds three episodes on one matter.
func addBridges(t *testing.T, b *Bot) {
	t.Helper()
	for i, text := range []string{
		"Ann: I think that the bridge over the Danube is too narrow for the traffic of today.\nAnn: The ferry is slow in winter.\n",
		"Bob: In my opinion the bridge over the Danube is wide enough for the traffic.\nBob: Nobody needs a tunnel.\n",
		"Eve: The recipe needs two cups of flour and an egg.\n",
	} {
		titles := []string{"Rivers of the East", "Concrete and Steel", "Cakes for Beginners"}
		n := NewEpisode{File: fmt.Sprintf("e%d.txt", i), Data: []byte(text), Title: titles[i], Date: fmt.Sprintf("2025-0%d-01", i+1)}
		if _, err := b.Add(t.Context(), "100", n, nil); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCompare(t *testing.T) {
	for _, question := range []string{
		"Compare what is said about the traffic on the bridge over the Danube across the episodes.",
		"What do Rivers of the East and Concrete and Steel say about the traffic on the bridge over the Danube?",
	} {
		b := newBot(t)
		addBridges(t, b)
		a := reply(t, b, Question{Text: question, Filter: in100})
		episodes := map[retrieval.EpisodeID]int{}
		for _, c := range a.Citations {
			episodes[c.Episode]++
		}
		if !a.Found || episodes["e0"] != 1 || episodes["e1"] != 1 {
			t.Errorf("Reply(%q) without a model = %q of %v, want one place of each episode", question, a.Answer, episodes)
		}
		server := useModel(t, b, ModelOptions{}, answers("The bridge is too narrow for the traffic {too narrow}. The bridge is wide enough for the traffic {wide enough}."))
		a = reply(t, b, Question{Text: question, Filter: in100})
		said := server.Last().User()
		if len(a.Sentences) != 2 || !strings.Contains(said, "“Rivers of the East”, 2025-01-01") || !strings.Contains(said, "“Concrete and Steel”") || !strings.Contains(said, "what each episode says") {
			t.Errorf("Reply(%q) = %q, the model was told\n%s", question, a.Answer, said)
		}
	}
}

func TestCompareWithinOneEpisode(t *testing.T) {
	b := newBot(t)
	server := useModel(t, b, ModelOptions{}, answers("NOT FOUND"))
	reply(t, b, Question{Text: "Compare the relations under Gorbachev and Yeltsin."})
	if said := server.Last().User(); strings.Contains(said, "what each episode says") || said == "" {
		t.Errorf("the model was told %q of one episode", said)
	}
}
