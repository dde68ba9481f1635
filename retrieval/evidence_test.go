package retrieval_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval"
	"verbatim/retrieval/embedding"
)

// lighthouse is a small episode of our own: one sentence a line.
var lighthouse = []retrieval.Line{
	{Speaker: "Nora Whitcombe", Text: "Welcome to Coast Stories, today with Tobias Ekdahl, the last keeper of the Skarvholm lighthouse."},
	{Speaker: "Nora Whitcombe", Text: "You moved to the island in 1987, is that right?"},
	{Speaker: "Tobias Ekdahl", Text: "Exactly."},
	{Speaker: "Tobias Ekdahl", Text: "My wife and I came over in a fishing boat with two goats and a piano."},
	{Speaker: "Tobias Ekdahl", Text: "The lamp burned paraffin oil, and every four hours somebody had to wind the clockwork."},
	{Speaker: "Tobias Ekdahl", Text: "We had a storm in November that broke eleven windows of the lantern room."},
	{Speaker: "Nora Whitcombe", Text: "Were you ever afraid up there?"},
	{Speaker: "Tobias Ekdahl", Text: "Afraid is not the word, but I did not sleep for three nights."},
	{Speaker: "Tobias Ekdahl", Text: "In 1996 the Lightning Rod Company automated everything, and the harbour authority told us to leave."},
	{Speaker: "Tobias Ekdahl", Text: "I was angry because nobody had asked the people who live by the sea."},
	{Speaker: "Tobias Ekdahl", Text: "Today the tower is a museum, and in summer the school children of Hallevik visit it."},
	{Speaker: "Tobias Ekdahl", Text: "The museum will open a second floor with the old lens, they plan to finish it soon."},
	{Speaker: "Nora Whitcombe", Text: "Thank you for the coffee and the stories, Tobias."},
}

// weigh asks the question of an episode that has these lines.
func weigh(t *testing.T, question string, lines []retrieval.Line) *retrieval.Evidence {
	t.Helper()
	return weighMarked(t, question, lines, func(*retrieval.Sentence) {})
}

// weighMarked is weigh with marks set on the sentences first.
func weighMarked(t *testing.T, question string, lines []retrieval.Line, mark func(*retrieval.Sentence)) *retrieval.Evidence {
	t.Helper()
	static, err := embedding.NewStatic()
	if err != nil {
		t.Fatal(err)
	}
	e := &retrieval.Episode{ID: "own"}
	for i, line := range lines {
		line.N = i + 1
		e.Lines = append(e.Lines, line)
	}
	var hits []retrieval.Hit
	frequency, terms := map[string]int{}, 0
	for _, p := range retrieval.Split(e).Passages {
		for i := range p.Sentences {
			mark(&p.Sentences[i])
		}
		hits = append(hits, retrieval.Hit{Passage: p})
		seen := map[string]bool{}
		for _, term := range strings.Fields(p.Terms) {
			terms++
			if !seen[term] {
				seen[term] = true
				frequency[term]++
			}
		}
	}
	v := retrieval.NewVocabulary(len(hits), terms, frequency)
	evidence, err := retrieval.Weigh(t.Context(), question, hits, v, static)
	if err != nil {
		t.Fatal(err)
	}
	return evidence
}

func TestWeighFindsTheLine(t *testing.T) {
	tests := []struct {
		name, question string
		line           int // that the best span must hold
	}{
		{"the same words", "What did the lamp burn?", 5},
		{"like words", "Which fuel did the lamp use?", 5},
		{"a number asked for", "How many windows did the storm break?", 6},
		{"what follows a question rather than the question", "Was he afraid?", 8},
		{"a reason", "Why was he angry?", 10},
		{"a misspelt name", "What do the children of Halevik do?", 11},
		{"the speaker is named, not the words", "What did Tobias Ekdahl bring in a boat?", 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := weigh(t, tt.question, lighthouse)
			if len(e.Spans) == 0 {
				t.Fatalf("Weigh(%q) found no spans", tt.question)
			}
			s := e.Spans[0].Sentences
			if first, last := s[0].FirstLine, s[len(s)-1].LastLine; first > tt.line || last < tt.line {
				t.Errorf("Weigh(%q): best span is lines %d to %d, %q, want line %d", tt.question, first, last, retrieval.JoinSentences(s), tt.line)
			}
		})
	}
}

func TestWeighSpans(t *testing.T) {
	e := weigh(t, "What happened to the lamp in the storm?", lighthouse)
	taken := map[int]bool{}
	for i, s := range e.Spans {
		if s.Confidence < 0 || s.Confidence > 1 || s.Coverage < 0 || s.Coverage > 1 {
			t.Errorf("span %d has confidence %v and coverage %v, want 0 to 1", i, s.Confidence, s.Coverage)
		}
		if i > 0 && s.Score > e.Spans[i-1].Score {
			t.Errorf("span %d has score %v after %v, want best first", i, s.Score, e.Spans[i-1].Score)
		}
		for _, sentence := range s.Sentences {
			if sentence.Speaker != s.Sentences[0].Speaker {
				t.Errorf("span %d has two speakers, want one", i)
			}
			if taken[sentence.FirstLine] {
				t.Errorf("line %d is in two spans", sentence.FirstLine)
			}
			taken[sentence.FirstLine] = true
		}
	}
	if again := weigh(t, "What happened to the lamp in the storm?", lighthouse); !cmp.Equal(e, again, cmp.AllowUnexported(retrieval.EvidenceSpan{})) {
		t.Error("the same question is weighed differently the second time")
	}
}

// TestWeighLeavesOut lets neither boilerplate nor repeats be evidence.
func TestWeighLeavesOut(t *testing.T) {
	marks := map[string]func(*retrieval.Sentence){
		"boilerplate": func(s *retrieval.Sentence) { s.Boilerplate = s.FirstLine == 5 },
		"repeats":     func(s *retrieval.Sentence) { s.Repeat = s.FirstLine == 5 },
	}
	for name, mark := range marks {
		for _, s := range weighMarked(t, "What did the lamp burn?", lighthouse, mark).Spans {
			for _, sentence := range s.Sentences {
				if sentence.FirstLine == 5 {
					t.Errorf("%s: span %q holds line 5", name, retrieval.JoinSentences(s.Sentences))
				}
			}
		}
	}
}

func TestWeighTellsWhatLacksTheNumber(t *testing.T) {
	e := weigh(t, "What happened on the island in 1996?", lighthouse)
	if len(e.Spans) < 2 {
		t.Fatalf("%d spans, want several", len(e.Spans))
	}
	for _, s := range e.Spans {
		text := retrieval.JoinSentences(s.Sentences)
		if s.LacksNumber == strings.Contains(text, "1996") {
			t.Errorf("LacksNumber = %v of %q", s.LacksNumber, text)
		}
	}
	for _, s := range weigh(t, "What happened on the island in 1803?", lighthouse).Spans {
		if s.LacksNumber {
			t.Errorf("LacksNumber for a number that nobody says: %q", retrieval.JoinSentences(s.Sentences))
		}
	}
}

func TestWeighTellsAbbreviationsFromNames(t *testing.T) {
	lines := append(lighthouse[:13:13],
		retrieval.Line{Speaker: "Tobias Ekdahl", Text: "Kim Jong-un was in the news and somebody decided to sell the boat."},
		retrieval.Line{Speaker: "Tobias Ekdahl", Text: "A panel of the UN decided about the sea lanes in those days."})
	e := weigh(t, "What was decided at the UN?", lines)
	if len(e.Spans) == 0 || !strings.Contains(retrieval.JoinSentences(e.Spans[0].Sentences), "the UN decided") {
		t.Errorf("the best span is %+v, want the line of the UN", e.Spans[:min(1, len(e.Spans))])
	}
}

func TestWeighNothing(t *testing.T) {
	if e := weigh(t, "What did the lamp burn?", nil); e.Enough() || e.Reason.Kind == retrieval.ReasonNone {
		t.Errorf("Weigh without hits = %+v, want a reason", e)
	}
	// A question of stop words alone has no words to look for.
	if e := weigh(t, "And then what?", lighthouse); e.Enough() {
		t.Errorf("Weigh of stop words is enough: %q", retrieval.JoinSentences(e.Spans[0].Sentences))
	}
}
