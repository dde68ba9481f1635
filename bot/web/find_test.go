package web

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"verbatim/bot"
)

func escape(s string) string { return url.QueryEscape(s) }

func TestFind(t *testing.T) {
	w := newWorld(t, Options{})
	tests := []struct {
		name, find, grade string
		match             string
		place             string // of the first hit
		marks             string // its marked words
		says              string
	}{
		{"exact", "strongly anti-Western", "", bot.MatchExact, "L29", "strongly anti-Western.", "in exactly these words"},
		{"close", "a kind of marriage for convenience", "", bot.MatchClose, "L24", "", "in nearly these words"},
		{"meaning", "the two leaders dislike the western world order", "meaning", bot.MatchMeaning, "", "", "nearest in meaning"},
		{"only exact", "a kind of marriage for convenience", "exact", "", "", "", "Not said here in exactly these words."},
		{"nothing", "xylophone zebra quantum", "", "", "", "", "Not said here"},
		{"nothing of that meaning", "xylophone zebra quantum", "meaning", "", "", "", "Nothing here says much the same"},
		{"unknown grade", "strongly anti-Western", "perfect", bot.MatchExact, "L29", "", "in exactly these words"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := w.page("/e/" + sampleID + "?find=" + escape(test.find) + "&grade=" + test.grade)
			says := d.id("find-grade")
			if says == nil || attrOf(says, "data-match") != test.match || !strings.Contains(textOf(says), test.says) {
				t.Fatalf("got %q, want %q in it and the match %q", textOf(says), test.says, test.match)
			}
			if got := attrOf(d.id("find"), "value"); got != test.find {
				t.Errorf("the box holds %q", got)
			}
			places := d.all(func(n *html.Node) bool {
				return n.Data == "a" && strings.Contains(attrOf(n, "href"), "find=") && attrOf(n, "class") == "to"
			})
			if (test.match == "") != (len(places) == 0) {
				t.Fatalf("%d places", len(places))
			}
			if len(places) == 0 {
				return
			}
			href := attrOf(places[0], "href")
			if test.place != "" && !strings.HasSuffix(href, "&l="+test.place+"#"+test.place) {
				t.Errorf("the first place is %s, want %s", href, test.place)
			}
			marks := d.all(func(n *html.Node) bool { return n.Data == "mark" })
			if len(marks) == 0 || test.marks != "" && textOf(marks[0]) != test.marks {
				t.Errorf("marked: %d, want %q", len(marks), test.marks)
			}
			if to := d.id(strings.SplitN(href, "#", 2)[1]); test.place != "" && to == nil {
				t.Error("the link leads nowhere")
			}
		})
	}
}

func TestFindProblems(t *testing.T) {
	w := newWorld(t, Options{})
	for find, want := range map[string]string{
		"":                           "Type a word",
		"  \t ":                      "Type a word",
		"?!":                         "Type a word",
		strings.Repeat("word ", 301): "too long",
		"\xff\xfe":                   "Type a word",
	} {
		d := w.page("/e/" + sampleID + "?find=" + escape(find))
		if got := textOf(d.id("find-problem")); !strings.Contains(got, want) {
			t.Errorf("find=%q: got %q, want %q in it", find[:min(len(find), 20)], got, want)
		}
		if d.id("L63") == nil {
			t.Errorf("find=%q: the transcript is gone", find[:min(len(find), 20)])
		}
	}
}

// TestFindIsThisEpisodeAlone looks for words that another one says, a server's
// and a public one.
func TestFindIsThisEpisodeAlone(t *testing.T) {
	w := newWorld(t, Options{})
	w.add(guild, "secret.vtt", talkVTT)
	w.addFile(bot.NewEpisode{File: "talk.vtt", Data: []byte(talkVTT)})
	d := w.page("/e/" + sampleID + "?find=" + escape("The harbour of Saint-Malo has tides of twelve metres"))
	if got := attrOf(d.id("find-grade"), "data-match"); got != "" || strings.Contains(d.body, "metres.") {
		t.Errorf("found what another episode says: %q", got)
	}
}

func TestFindIsLimited(t *testing.T) {
	w := newWorld(t, Options{PagesPerMinute: 1000, CostlyPerMinute: 1})
	path := "/e/" + sampleID
	if r, _ := w.get(path + "?find=treaty"); r.StatusCode != 200 {
		t.Fatal(r.Status)
	}
	if r, _ := w.get(path + "?find=treaty"); r.StatusCode != 429 || r.Header.Get("Retry-After") == "" {
		t.Errorf("a second search: %s", r.Status)
	}
	if r, _ := w.get(path); r.StatusCode != 200 {
		t.Errorf("the page without a search: %s", r.Status)
	}
}
