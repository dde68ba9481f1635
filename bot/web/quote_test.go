package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"verbatim/retrieval"
)

// TestQuotePage: words are found as exactly these, nearly these or the same in
// others, and that is said; so is that nobody says them.
func TestQuotePage(t *testing.T) {
	w := newWorld(t, Options{})
	for _, tt := range []struct{ name, words, grade, match, says, marked string }{
		{"exact", "marriage of convenience", "", "exact", "Said in exactly these words.", "marriage of convenience"},
		{"close", "the world saw it in 2023 when Shoigu came to Pyongyang", "", "close", "Said in nearly these words.", "Pyongyang"},
		{"meaning", "marriage of convenience", "meaning", "meaning", "Not said in these words.", ""},
		{"nobody", "xyzzy plugh", "", "", "Not said here", ""},
		{"only exact", "the world saw it in 2023 when Shoigu came to Pyongyang", "exact", "", "Not said here in exactly these words.", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := *w
			w.t = t
			d := w.page("/quote?" + url.Values{"words": {tt.words}, "grade": {tt.grade}}.Encode())
			match := d.id("quote-match")
			if match == nil || attribute(match, "data-match") != tt.match || !strings.Contains(textOf(match), tt.says) {
				t.Fatalf("it says %s", d.body)
			}
			cards := w.citedBy(d, "", markedIn) // around them stands the rest of the sentence
			if (len(cards) > 0) != (tt.match != "") {
				t.Fatalf("%d places", len(cards))
			}
			if len(cards) == 0 {
				if !strings.Contains(d.body, "Nobody says this here") {
					t.Error("it does not say that nobody says this")
				}
				return
			}
			if all := markedIn(cards[0]); !strings.Contains(strings.Join(all, " "), tt.marked) {
				t.Errorf("marked are %q", all)
			}
		})
	}
}

// markedIn are the words of a card that are marked.
func markedIn(card *html.Node) []string {
	var all []string
	for _, m := range under(card, "mark") {
		all = append(all, textOf(m))
	}
	return all
}

// TestQuoteProblems: what is wrong with the words is told beside them.
func TestQuoteProblems(t *testing.T) {
	w := newWorld(t, Options{})
	for given, want := range map[string]string{"?!": "Type a word", strings.Repeat("word ", 400): "too long"} {
		r, body := w.get("/quote?words=" + url.QueryEscape(given))
		if problem := fragmentOf(t, body).id("quote-problem"); r.StatusCode != http.StatusBadRequest || problem == nil || !strings.Contains(textOf(problem), want) {
			t.Errorf("%.20q is %s", given, r.Status)
		}
	}
	if d := w.page("/quote"); d.id("places") != nil || d.id("quote-form") == nil {
		t.Error("without words something was looked up")
	}
}

// TestAround: the lines beside are those of an episode that may be seen.
func TestAround(t *testing.T) {
	w := newWorld(t, Options{})
	w.add(retrieval.Public, "tides.vtt", talkVTT)
	w.add(guild, "carver.txt", secretText)
	d := w.page("/e/tides/around?l=L2-L3")
	marks := d.all(isTag("mark"))
	if len(marks) != 2 || textOf(marks[0]) != "Today we talk about tides & harbours." || !strings.Contains(textOf(d.root), `Ben "Tide" O'Neil`) {
		t.Errorf("beside is %s", d.body)
	}
	if d := w.page("/e/carver/around?l=L1&k=" + w.key(guild, "carver")); d.header.Get("Cache-Control") != "private, no-store" || !strings.Contains(d.body, "plaid zebras") {
		t.Errorf("a server's lines beside may be kept, or are not there:\n%s", d.body)
	}
	for _, path := range []string{"/e/carver/around?l=L1", "/e/tides/around", "/e/tides/around?l=L9", "/e/tides/around?l=L0", "/e/tides/around?l=2", "/e/tides/around?l=L3-L2", "/e/none/around?l=L1"} {
		if r, body := w.get(path); r.StatusCode != http.StatusNotFound || strings.Contains(strings.ToLower(body), secretWord) {
			t.Errorf("%s is %s", path, r.Status)
		}
	}
}
