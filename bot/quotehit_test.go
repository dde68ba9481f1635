package bot

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval"
)

// wholeText is the text of an episode with single spaces.
func wholeText(t *testing.T, b *Bot, scope retrieval.Scope, id retrieval.EpisodeID) string {
	t.Helper()
	e, err := b.library.Episode(t.Context(), scope, id)
	if err != nil {
		t.Fatal(err)
	}
	texts := make([]string, len(e.Lines))
	for i := range e.Lines {
		texts[i] = e.Lines[i].Text
	}
	return strings.Join(strings.Fields(strings.Join(texts, " ")), " ")
}

// checkHit fails the test when what a hit shows is not what the episode says,
// or its bold ranges are none.
func checkHit(t *testing.T, h *QuoteHit, text string) {
	t.Helper()
	if shown := h.Before + h.Quote + h.After; !strings.Contains(text, strings.Join(strings.Fields(shown), " ")) {
		t.Errorf("hit shows %q + %q + %q, which the episode does not say", h.Before, h.Quote, h.After)
	}
	at := 0
	for i, r := range h.Bold {
		if r[0] < at || i > 0 && r[0] == at || r[1] <= r[0] || r[1] > len(h.Quote) || !utf8.RuneStart(h.Quote[r[0]]) || r[1] < len(h.Quote) && !utf8.RuneStart(h.Quote[r[1]]) {
			t.Errorf("bold ranges %v of %q", h.Bold, h.Quote)
			return
		}
		at = r[1]
	}
}

// bolded is the quote with its bold parts between asterisks.
func bolded(h *QuoteHit) string {
	var b strings.Builder
	at := 0
	for _, r := range h.Bold {
		b.WriteString(h.Quote[at:r[0]] + "*" + h.Quote[r[0]:r[1]] + "*")
		at = r[1]
	}
	return b.String() + h.Quote[at:]
}

func TestQuoteHitShowsItsSentences(t *testing.T) {
	b := newBot(t)
	addText(t, b, guild, "sea.txt", "Ann: We shall see, she sang; we shall overcome the sea. Then, quietly, came the tide of 1962.\nBob: 海は静かだった。港は凍っていた。船は動けなかった。\n")
	tests := []struct {
		name, words, grade, match string
		scope                     retrieval.Scope
		before, bold, after       string
	}{
		{"middle of a sentence", "we shall overcome", "", MatchExact, guild, "We shall see, she sang; ", "*we shall overcome*", " the sea."},
		{"over two sentences", "the sea then quietly", "", MatchExact, guild, "We shall see, she sang; we shall overcome ", "*the sea. Then, quietly*", ", came the tide of 1962."},
		{"whole sentence", "Then, quietly, came the tide of 1962.", "", MatchExact, guild, "", "*Then, quietly, came the tide of 1962.*", ""},
		{"another word", "we shall see she sang we will overcome the sea", MatchClose, MatchClose, guild, "", "*We shall see, she sang; we* shall *overcome the sea*.", ""},
		{"a word more", "then came the tide of 1962", MatchClose, MatchClose, guild, "Then, quietly, ", "*came the tide of 1962*.", ""},
		{"a script without spaces", "港は凍っていた", "", MatchExact, guild, "", "*港は凍っていた*", "。"},
		{"a misremembered word", "he saw it as a righteous act", "", MatchClose, retrieval.Public, "", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			q, err := b.FindQuoteGrade(t.Context(), test.words, retrieval.Filter{Scopes: []retrieval.Scope{test.scope}}, test.grade, 1)
			if err != nil || q.Match != test.match || len(q.Hits) == 0 {
				t.Fatalf("FindQuoteGrade(%q) = %+v, %v; want a hit of match %q", test.words, q, err, test.match)
			}
			h := &q.Hits[0]
			checkHit(t, h, wholeText(t, b, test.scope, h.Episode))
			if test.bold == "" {
				return
			}
			got := []string{h.Before, bolded(h), h.After}
			if diff := cmp.Diff([]string{test.before, test.bold, test.after}, got); diff != "" {
				t.Errorf("FindQuoteGrade(%q) shows (-want +got):\n%s", test.words, diff)
			}
		})
	}
}

// TestQuoteHitsAreVerbatim looks up stretches of the sample, as they stand and
// with words changed, in every grade.
func TestQuoteHitsAreVerbatim(t *testing.T) {
	b := newBot(t)
	text := wholeText(t, b, retrieval.Public, sampleID)
	words := strings.Fields(text)
	seen := map[string]int{}
	for n, at := 0, 3; at+40 < len(words); n, at = n+1, at+127 {
		quote := slices.Clone(words[at : at+2+n%23])
		if n%3 == 1 {
			quote[len(quote)/2] = "lighthouse"
		}
		for _, grade := range []string{"", MatchExact, MatchClose, MatchMeaning} {
			q, err := b.FindQuoteGrade(t.Context(), strings.Join(quote, " "), public, grade, 0)
			if err != nil {
				t.Fatal(err)
			}
			seen[q.Match]++
			for i := range q.Hits {
				checkHit(t, &q.Hits[i], text)
				if q.Hits[i].N != i+1 {
					t.Errorf("hit %d of %q has number %d", i+1, quote, q.Hits[i].N)
				}
				if q.Match == MatchExact && (q.Hits[i].Score != 1 || len(q.Hits[i].Bold) != 1) {
					t.Errorf("exact hit of %q has score %v and bold %v", quote, q.Hits[i].Score, q.Hits[i].Bold)
				}
			}
			allowed := map[string][]string{"": {"", MatchExact, MatchClose, MatchMeaning}, MatchExact: {"", MatchExact}, MatchClose: {"", MatchExact, MatchClose}, MatchMeaning: {"", MatchMeaning}}
			if !slices.Contains(allowed[grade], q.Match) || q.Found != (len(q.Hits) > 0) || q.Found != (q.Match != "") {
				t.Errorf("FindQuoteGrade(%q, %q) has %d hits of match %q", quote, grade, len(q.Hits), q.Match)
			}
		}
	}
	for _, match := range []string{MatchExact, MatchClose, MatchMeaning, ""} {
		if seen[match] == 0 {
			t.Errorf("no look-up had match %q: %v", match, seen)
		}
	}
}

func TestFindQuoteGrades(t *testing.T) {
	b := newBot(t)
	addText(t, b, guild, "two.txt", "The harbour froze over in the cold winter, she said.\n\nThe children skated for days on end, all of them together, and the old people looked on.\n\nThe harbour froze over in the long winter, he said.\n")
	own := retrieval.Filter{Scopes: []retrieval.Scope{guild}}
	const exact = "the harbour froze over in the cold winter"
	for _, test := range []struct {
		words, grade, match string
		hits                int
	}{
		{exact, "", MatchExact, 1},
		{exact, MatchExact, MatchExact, 1},
		{exact, MatchClose, MatchClose, 2},
		{"the harbour froze over in the dark winter", MatchExact, "", 0},
		{"the harbour froze over in the dark winter", MatchClose, MatchClose, 2},
		{"the harbour froze over in the dark winter", "", MatchClose, 2},
		{"of them", MatchClose, MatchExact, 1}, // stop words are matched exactly or not at all
		{"of those", MatchClose, "", 0},
	} {
		q, err := b.FindQuoteGrade(t.Context(), test.words, own, test.grade, 0)
		if err != nil || q.Match != test.match || len(q.Hits) != test.hits || q.Found != (test.hits > 0) {
			t.Errorf("FindQuoteGrade(%q, %q) = %+v, %v; want match %q and %d hits", test.words, test.grade, q, err, test.match, test.hits)
		}
	}
	if q, err := b.FindQuoteGrade(t.Context(), exact, own, MatchClose, 1); err != nil || q.Match != MatchExact || len(q.Hits) != 1 {
		t.Errorf("one close hit = %+v, %v; want the exact one, said to be so", q, err)
	}
	if _, err := b.FindQuoteGrade(t.Context(), exact, own, "nearly", 0); !errors.Is(err, ErrGrade) {
		t.Errorf("unknown grade: %v, want ErrGrade", err)
	}
}
