package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"verbatim/data"
	"verbatim/retrieval"
	"verbatim/retrieval/embedding"
	"verbatim/retrieval/local"
	"verbatim/retrieval/transcript"
)

const sampleID = retrieval.EpisodeID("nk-news-toloraya-2025-03-06")

var public = retrieval.Filter{Scopes: []retrieval.Scope{retrieval.Public}}

// newBot makes a bot on a library in memory that holds the sample episode.
func newBot(t *testing.T) *Bot {
	t.Helper()
	b := newEmptyBot(t)
	addText(t, b, retrieval.Public, data.SampleName, data.Sample)
	return b
}

// newEmptyBot makes a bot on a library in memory.
func newEmptyBot(t *testing.T) *Bot {
	t.Helper()
	static, err := embedding.NewStatic()
	if err != nil {
		t.Fatal(err)
	}
	library, err := local.OpenMemory(t.Context(), local.Options{Model: static.Model(), Dimension: static.Dimension()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := library.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return New(library, static, static)
}

func addText(t *testing.T, b *Bot, scope retrieval.Scope, name, text string) *Added {
	t.Helper()
	added, err := b.Add(t.Context(), scope, NewEpisode{File: name, Data: []byte(text)}, nil)
	if err != nil {
		t.Fatalf("Add(%s): %v", name, err)
	}
	return added
}

// checkVerbatim fails the test when a citation's words do not stand on its
// lines of the sample file.
func checkVerbatim(t *testing.T, c *retrieval.Citation) {
	t.Helper()
	lines := strings.Split(data.Sample, "\n")
	if c.FirstLine < 1 || c.LastLine > len(lines) || c.FirstLine > c.LastLine || c.LastLine-c.FirstLine > 3 {
		t.Errorf("citation %d has lines %d to %d, want 1 to 4 lines of %d", c.N, c.FirstLine, c.LastLine, len(lines))
		return
	}
	text := strings.Join(strings.Fields(strings.Join(lines[c.FirstLine-1:c.LastLine], " ")), " ")
	if !strings.Contains(text, c.Quote) {
		t.Errorf("citation %d quotes %q, lines %d to %d say %q", c.N, c.Quote, c.FirstLine, c.LastLine, text)
	}
}

func TestAskAnswers(t *testing.T) {
	b := newBot(t)
	tests := []struct {
		name, question string
		first, last    int // some citation shares a line with these
	}{
		{"a fact", "When did Kim Il-sung visit the Soviet Union?", 48, 52},
		{"a name written otherwise", "Which posts did Georgy Toloraya hold?", 12, 18},
		{"lower case, no question mark", "why was the debt a problem", 66, 67},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a, err := b.Ask(t.Context(), test.question, public)
			if err != nil {
				t.Fatal(err)
			}
			if !a.Found || len(a.Citations) == 0 || len(a.Citations) > maxCitations {
				t.Fatalf("Ask = found %v with %d citations (%s), want an answer with 1 to %d", a.Found, len(a.Citations), a.Reason, maxCitations)
			}
			near := false
			for i := range a.Citations {
				c := &a.Citations[i]
				checkVerbatim(t, c)
				near = near || c.FirstLine <= test.last && c.LastLine >= test.first
				if !strings.Contains(a.Answer, fmt.Sprintf("[%d]", c.N)) {
					t.Errorf("answer %q has no mark for citation %d", a.Answer, c.N)
				}
			}
			if !near {
				t.Errorf("no citation on lines %d to %d: %+v", test.first, test.last, a.Citations)
			}
		})
	}
}

func TestAskRefuses(t *testing.T) {
	b := newBot(t)
	for _, question := range []string{"What does he say about Emmanuel Macron?", "Who won the football match in Lisbon?"} {
		a, err := b.Ask(t.Context(), question, public)
		if err != nil {
			t.Fatal(err)
		}
		if a.Found || a.Reason == "" || !strings.HasPrefix(a.Answer, "Not in this episode.") || len(a.Sentences) > 0 {
			t.Errorf("Ask(%q) = found %v, %q (%s); want a refusal with its reason", question, a.Found, a.Answer, a.Reason)
		}
		for i := range a.Citations {
			checkVerbatim(t, &a.Citations[i])
		}
	}
}

func TestAskNobodyThere(t *testing.T) {
	b := newBot(t)
	f := public
	f.Speaker = "Nobody"
	a, err := b.Ask(t.Context(), "Who is the host?", f)
	if err != nil || a.Found || !strings.Contains(a.Reason, `"Nobody"`) {
		t.Errorf("Ask of an unknown speaker = found %v, %q, %v; want a refusal that names him", a.Found, a.Reason, err)
	}
}

func TestAskErrors(t *testing.T) {
	b := newBot(t)
	if _, err := b.Ask(t.Context(), " ?! ", public); !errors.Is(err, ErrNothing) {
		t.Errorf("Ask without words: %v, want ErrNothing", err)
	}
	f := public
	f.Episodes = []retrieval.EpisodeID{"no-such"}
	if _, err := b.Ask(t.Context(), "Who?", f); !errors.Is(err, retrieval.ErrUnknownEpisode) {
		t.Errorf("Ask of an unknown episode: %v, want ErrUnknownEpisode", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Ask(ctx, "Who is the host?", public); !errors.Is(err, context.Canceled) {
		t.Errorf("Ask after cancellation: %v, want context.Canceled", err)
	}
}

func TestScopesAreApart(t *testing.T) {
	b := newBot(t)
	addText(t, b, "100", "secret.txt", "Ann: The launch code is platypus, she said.\nBob: Platypus it is, then.\n")
	own := retrieval.Filter{Scopes: []retrieval.Scope{"100"}}
	if q, err := b.FindQuote(t.Context(), "the launch code is platypus", own, 0); err != nil || q.Match != MatchExact {
		t.Fatalf("FindQuote in its own scope = %+v, %v; want an exact match", q, err)
	}
	for _, f := range []retrieval.Filter{public, {Scopes: []retrieval.Scope{"200"}}, {}} {
		q, err := b.FindQuote(t.Context(), "the launch code is platypus", f, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, hit := range q.Hits {
			if hit.Scope == "100" || strings.Contains(hit.Quote, "platypus") {
				t.Errorf("FindQuote in %v shows %q of scope 100", f.Scopes, hit.Quote)
			}
		}
		hits, err := b.Search(t.Context(), retrieval.Query{Text: "launch code platypus", Filter: f})
		if err != nil {
			t.Fatal(err)
		}
		for _, hit := range hits {
			if hit.ID.Scope == "100" {
				t.Errorf("Search in %v shows a passage of scope 100", f.Scopes)
			}
		}
	}
}

func TestFindQuote(t *testing.T) {
	b := newBot(t)
	tests := []struct {
		name, words, match string
		first, last        int
		quote              string
	}{
		{"exact", "there was no obligations in either part", MatchExact, 56, 56, "there was no obligations in either part."},
		{"exact in other case and marks", "THERE was: no obligations, in either part?", MatchExact, 56, 56, "there was no obligations in either part."},
		{"over a line break", "the period of late Kim Jong-il, the attempt of Kim Jong-il to restore", MatchExact, 72, 73, ""},
		{"boilerplate is quotable", "Curious to hear the rest?", MatchExact, 115, 115, "Curious to hear the rest?"},
		{"misremembered", "he saw it as a righteous act", MatchClose, 82, 82, "he saw it as a rightful act"},
		{"with fillers", "um the trade, uh, came to very low figures", MatchClose, 57, 57, ""},
		{"stop words alone", "as you remember", MatchExact, 83, 83, "as you remember"},
		{"another name", "it went to Nadir under Gorbachev", MatchMeaning, 53, 54, ""},
		{"not said", "the recipe needs two cups of flour", "", 0, 0, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			q, err := b.FindQuote(t.Context(), test.words, public, 0)
			if err != nil {
				t.Fatal(err)
			}
			if q.Match != test.match || q.Found != (test.match != "") || q.Found != (len(q.Hits) > 0) {
				t.Fatalf("FindQuote = %+v, want match %q", q, test.match)
			}
			if !q.Found {
				return
			}
			hit := q.Hits[0]
			checkVerbatim(t, &hit.Citation)
			if hit.FirstLine != test.first || hit.LastLine != test.last {
				t.Errorf("lines %d to %d, want %d to %d (%q)", hit.FirstLine, hit.LastLine, test.first, test.last, hit.Quote)
			}
			if test.quote != "" && hit.Quote != test.quote {
				t.Errorf("quote %q, want %q", hit.Quote, test.quote)
			}
			if test.match == MatchExact && hit.Score != 1 || hit.Score <= 0 || hit.Score > 1 {
				t.Errorf("score %v of a match %q", hit.Score, test.match)
			}
		})
	}
}

func TestFindQuoteSaidTwice(t *testing.T) {
	b := newBot(t)
	addText(t, b, "7", "two.txt", "We shall overcome some day, she sang. And again, louder: we shall overcome, some day! Then came silence.\n")
	q, err := b.FindQuote(t.Context(), "we shall overcome some day", retrieval.Filter{Scopes: []retrieval.Scope{"7"}}, 0)
	if err != nil || q.Match != MatchExact || len(q.Hits) != 2 {
		t.Fatalf("FindQuote on one line = %+v, %v; want both places, exactly", q, err)
	}
	addText(t, b, "7", "two.txt", "We shall overcome some day, she sang.\nAnd again, louder: we shall overcome, some day!\n")
	if q, err = b.FindQuote(t.Context(), "we shall overcome some day", retrieval.Filter{Scopes: []retrieval.Scope{"7"}}, 0); err != nil || len(q.Hits) != 2 {
		t.Errorf("FindQuote = %+v, %v; want both lines", q, err)
	}
}

func TestFindQuoteTurnedRound(t *testing.T) {
	b := newBot(t)
	for _, words := range []string{"the trade never came to very low figures", "relations with China went down again with the nuclear test"} {
		q, err := b.FindQuote(t.Context(), words, public, 0)
		if err != nil || q.Match == MatchExact || q.Match == MatchClose {
			t.Errorf("FindQuote(%q) is matched %q (%v): it was not said so", words, q.Match, err)
		}
	}
}

func TestFindQuoteTooLong(t *testing.T) {
	b := newBot(t)
	if _, err := b.FindQuote(t.Context(), strings.Repeat("word ", 301), public, 0); !errors.Is(err, ErrLongQuote) {
		t.Errorf("FindQuote of 301 words: %v, want ErrLongQuote", err)
	}
	e, err := b.library.Episode(t.Context(), retrieval.Public, sampleID)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, l := range e.Lines {
		words = append(words, strings.Fields(l.Text)...)
	}
	for at := 100; at+280 < len(words)-80; at += 131 {
		quote := strings.Join(words[at:at+280], " ")
		if q, err := b.FindQuote(t.Context(), quote, public, 1); err != nil || q.Match != MatchExact {
			t.Errorf("280 words from %d are matched %q (%v), want exact", at, q.Match, err)
		}
	}
}

func TestMeaningHitsAreNumbered(t *testing.T) {
	b := newBot(t)
	q, err := b.FindQuote(t.Context(), "the tie rests on shared values of the leaders of both countries", public, 0)
	if err != nil || q.Match != MatchMeaning {
		t.Fatalf("FindQuote = %+v, %v; want something by meaning", q, err)
	}
	for i, hit := range q.Hits {
		if hit.N != i+1 || i > 0 && hit.Score > q.Hits[i-1].Score {
			t.Errorf("hit %d has number %d and score %v", i, hit.N, hit.Score)
		}
	}
}

func TestSpeakerFilter(t *testing.T) {
	b := newBot(t)
	addText(t, b, "7", "two.txt", "Ann: The harbour froze in the winter of 1962, all of it.\nBob: The harbour froze twice, I think, and the boats were stuck.\nAnn: We walked over the harbour ice to school.\n")
	f := retrieval.Filter{Scopes: []retrieval.Scope{"7"}, Speaker: "bob"}
	q, err := b.FindQuote(t.Context(), "the harbour froze", f, 0)
	if err != nil || len(q.Hits) != 1 || q.Hits[0].Speaker != "Bob" {
		t.Errorf("FindQuote by Bob = %+v, %v; want Bob's line alone", q.Hits, err)
	}
	a, err := b.Ask(t.Context(), "When did the harbour freeze?", f)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range a.Citations {
		if c.Speaker != "Bob" {
			t.Errorf("Ask of Bob cites %q: %q", c.Speaker, c.Quote)
		}
	}
}

func TestFindQuoteOverPassages(t *testing.T) {
	// Every run of 30 words of the sample is found whole, wherever passages
	// are cut.
	b := newBot(t)
	e, err := b.library.Episode(t.Context(), retrieval.Public, sampleID)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, l := range e.Lines {
		words = append(words, strings.Fields(l.Text)...)
	}
	for at := 0; at+30 <= len(words); at += 23 {
		quote := strings.Join(words[at:at+30], " ")
		q, err := b.FindQuote(t.Context(), quote, public, 1)
		if err != nil {
			t.Fatal(err)
		}
		if q.Match != MatchExact {
			t.Errorf("words %d to %d are matched %q, want exact: %q", at, at+30, q.Match, quote)
		}
	}
}

func TestSummarize(t *testing.T) {
	b := newBot(t)
	for _, style := range Styles {
		t.Run(style, func(t *testing.T) {
			s, err := b.Summarize(t.Context(), public.Scopes, sampleID, style)
			if err != nil {
				t.Fatal(err)
			}
			if s.CoveredLines != 121 || s.TotalLines != 121 || s.Model != Extractive || len(s.Points) < 3 {
				t.Errorf("Summarize = %d of %d lines, model %q, %d points", s.CoveredLines, s.TotalLines, s.Model, len(s.Points))
			}
			headings := 0
			for i, p := range s.Points {
				if len(p.Citations) != 1 || p.Citations[0] != s.Citations[i].N || p.Text != s.Citations[i].Quote {
					t.Errorf("point %d %q cites %v", i, p.Text, p.Citations)
				}
				if p.Heading != "" {
					headings++
				}
				c := s.Citations[i]
				checkVerbatim(t, &c)
				if c.FirstLine < 9 || c.LastLine > 114 {
					t.Errorf("point %d is boilerplate: lines %d to %d", i, c.FirstLine, c.LastLine)
				}
			}
			if (style == Chapters) != (headings > 1) {
				t.Errorf("%d headings", headings)
			}
			ordered := slices.IsSortedFunc(s.Citations, func(a, b retrieval.Citation) int { return a.FirstLine - b.FirstLine })
			if style != Takeaways && !ordered {
				t.Errorf("points are not in the episode's order")
			}
		})
	}
	if _, err := b.Summarize(t.Context(), public.Scopes, sampleID, "haiku"); !errors.Is(err, ErrStyle) {
		t.Errorf("Summarize in an unknown style: %v, want ErrStyle", err)
	}
	if _, err := b.Summarize(t.Context(), public.Scopes, "no-such", Brief); !errors.Is(err, retrieval.ErrUnknownEpisode) {
		t.Errorf("Summarize of an unknown episode: %v, want ErrUnknownEpisode", err)
	}
}

func TestAdd(t *testing.T) {
	b := newBot(t)
	again := addText(t, b, retrieval.Public, data.SampleName, data.Sample)
	if !again.Replaced || again.Episode != sampleID || again.Lines != 121 {
		t.Errorf("Add of the same file = %+v, want it replaced", again)
	}
	list, err := b.library.List(t.Context(), public)
	if err != nil || len(list) != 1 {
		t.Errorf("%d episodes after adding one twice (%v), want 1", len(list), err)
	}
	if _, err := b.Add(t.Context(), retrieval.Public, NewEpisode{File: "x.bin", Data: []byte("\x89PNG\r\n\x1a\n\x00\x00")}, nil); !errors.Is(err, transcript.ErrNotTranscript) {
		t.Errorf("Add of a picture: %v, want ErrNotTranscript", err)
	}
	if _, err := b.Add(t.Context(), retrieval.Public, NewEpisode{File: data.SampleName, Data: []byte(data.Sample), Taken: map[retrieval.EpisodeID]string{sampleID: "other.txt"}}, nil); !errors.Is(err, ErrSameID) {
		t.Errorf("Add under a taken ID: %v, want ErrSameID", err)
	}
	srt := []byte("1\n00:00:01,000 --> 00:00:02,000\nHello there, all of you.\n")
	if added, err := b.Add(t.Context(), retrieval.Public, NewEpisode{File: "talk.srt", Data: srt, Taken: map[retrieval.EpisodeID]string{"talk": "talk.vtt"}}, nil); err != nil || added.Episode != "talk-srt" {
		t.Errorf("Add of talk.srt beside talk.vtt = %+v, %v; want the episode talk-srt", added, err)
	}
	for _, bad := range []NewEpisode{{ID: "Not An ID"}, {Date: "March 6"}} {
		bad.File, bad.Data = data.SampleName, []byte(data.Sample)
		if _, err := b.Add(t.Context(), retrieval.Public, bad, nil); err == nil {
			t.Errorf("Add with ID %q and date %q: no error", bad.ID, bad.Date)
		}
	}
}

func TestRemovedIsRemoved(t *testing.T) {
	b := newBot(t)
	if _, err := b.Ask(t.Context(), "Who is the host?", public); err != nil { // fill every cache
		t.Fatal(err)
	}
	if err := b.Remove(t.Context(), retrieval.Public, sampleID); err != nil {
		t.Fatal(err)
	}
	a, err := b.Ask(t.Context(), "Who is the host?", public)
	if err != nil || a.Found || len(a.Citations) > 0 {
		t.Errorf("Ask after Remove = %+v, %v; want nothing", a, err)
	}
	q, err := b.FindQuote(t.Context(), "there was no obligations in either part", public, 0)
	if err != nil || q.Found {
		t.Errorf("FindQuote after Remove = %+v, %v; want nothing", q, err)
	}
	if err := b.Remove(t.Context(), retrieval.Public, sampleID); !errors.Is(err, retrieval.ErrUnknownEpisode) {
		t.Errorf("second Remove: %v, want ErrUnknownEpisode", err)
	}
}

func TestTitlesAreSearchable(t *testing.T) {
	b := newBot(t)
	filler := strings.Repeat("We spoke of the weather and the sea for a long while that day. ", 40)
	addText(t, b, retrieval.Public, "a.md", "---\ntitle: Lighthouse keepers of Skagen\ndate: 2024-05-01\n---\n"+filler)
	addText(t, b, retrieval.Public, "b.md", "---\ntitle: Beekeeping at home\ndate: 2024-06-01\n---\n"+filler)
	for question, want := range map[string]retrieval.EpisodeID{"lighthouse keepers": "a", "Skagen lighthouse": "a", "beekeeping at home": "b", "May 1 2024": "a"} {
		hits, err := b.Search(t.Context(), retrieval.Query{Text: question, Filter: public, K: 3})
		if err != nil {
			t.Fatal(err)
		}
		if len(hits) == 0 || hits[0].ID.Episode != want {
			t.Errorf("Search(%q) does not find a passage of episode %s first", question, want)
		}
	}
}
