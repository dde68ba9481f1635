package bot

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"verbatim/bot/model"
	"verbatim/bot/model/modeltest"
	"verbatim/retrieval"
)

func TestWeakModel(t *testing.T) {
	for name, want := range map[string]bool{
		"smollm2-135m": true, "SmolLM2-135M-Instruct.Q4_1": true, "gemma3:270m": true, "google/gemma-3-270m-it": true, "qwen2.5:0.5b": true,
		"Qwen/Qwen3-0.6B": true, "llama-3.2-1b-instruct": true, "llama3.2:3b": false, "mixtral-8x7b": false, "gpt-4o-mini": false,
		"qwen2.5-72b": false, "smollm2": false, "": false, "gemma-2b-1m": false,
		"claude-200m-context": false, "ministral-1m-context-8b": false, "qwen2.5-7b-instruct-1m": false, "tiny-1m-0.5b": true,
	} {
		if got := weakModel(name); got != want {
			t.Errorf("weakModel(%q) = %v, want %v", name, got, want)
		}
	}
}

func TestNearest(t *testing.T) {
	sentences := make([]retrieval.Sentence, 8)
	for i := range sentences {
		sentences[i] = retrieval.Sentence{FirstLine: i}
	}
	whole := func(first, last int) given {
		return given{Source: Source{Sentences: sentences}, first: 10, span: retrieval.Span{First: first, Last: last}}
	}
	for _, tt := range []struct {
		name           string
		first, last    int
		from, n        int
		newFirst, newL int
	}{
		{"within", 3, 4, 2, 4, 1, 2},
		{"at the start", 0, 0, 0, 2, 0, 0},
		{"at the end", 7, 7, 6, 2, 1, 1},
		{"no best ones", 0, -1, 0, 2, 0, -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := nearest([]given{whole(tt.first, tt.last)})
			again := nearest(got) // asked for again where the window turned out to be smaller
			for _, g := range []given{got[0], again[0]} {
				if g.Sentences[0].FirstLine != tt.from || len(g.Sentences) != tt.n || g.first != 10+tt.from || g.span.First != tt.newFirst || g.span.Last != tt.newL {
					t.Errorf("nearest of %d-%d begins at %d with %d sentences, first %d, span %+v", tt.first, tt.last, g.Sentences[0].FirstLine, len(g.Sentences), g.first, g.span)
				}
			}
		})
	}
}

func TestFollows(t *testing.T) {
	said := contentOf("In 1984, when Kim Il-sung made a historic visit to Russia and the Soviet Union, some agreements were reached on economic and military cooperation.")
	for text, want := range map[string]bool{
		"Kim Il-sung made a historic visit to Russia and the Soviet Union.": true,
		"In 1984 Kim Il-sung made a visit to the Soviet Union.":             true,
		"Some agreements were reached on military cooperation.":             true,
		"Kim Il-sung made a historic visit to China and the Soviet Union.":  false, // another word
		"The Soviet Union made a historic visit to Kim Il-sung.":            false, // another order
		"Kim Il-sung reached cooperation.":                                  false, // picked from all over
		"Exactly.":                                                          false,
		"Kim.":                                                              false, // says nothing of it
		"The Soviet Union gave Kim Il-sung satellite technology and some agreements were made.": false,
	} {
		if got := weakNearness.follows(contentOf(text), said); got != want {
			t.Errorf("follows(%q) = %v, want %v", text, got, want)
		}
	}
	left := "They were rather cool during the period of late Kim Jong-il, the attempt of Kim Jong-il to restore them by his meeting with Medvedev in 2011, it was a successful one."
	if weakNearness.follows(contentOf("They were rather cool during the period of late Kim Jong-il's meeting with Medvedev in 2011, it was a successful one."), contentOf(left)) {
		t.Error("a sentence that leaves out what it is about passes")
	}
	for text, said := range map[string]string{
		"Trade grew.":         "Trade with Russia, the minister read aloud, slowly grew. In the end trade grew.",
		"Kim visited Moscow.": "Kim, I mean the father of the one who is there now, flew first to Moscow. Kim visited Moscow.",
	} {
		if !weakNearness.follows(contentOf(text), contentOf(said)) {
			t.Errorf("%q does not follow %q, whose end it is", text, said)
		}
	}
	if weakNearness.follows(nil, said) || weakNearness.follows(said, nil) {
		t.Error("nothing follows, or follows nothing")
	}
}

func TestOnly(t *testing.T) {
	made := &composed{
		sentences: []AnswerSentence{{Text: "a", Citations: []int{1, 2}}, {Text: "b", Citations: []int{3}}, {Text: "c", Citations: []int{4, 2}}},
		citations: []retrieval.Citation{{N: 1, Quote: "one"}, {N: 2, Quote: "two"}, {N: 3, Quote: "three"}, {N: 4, Quote: "four"}},
		removed:   1,
	}
	got := made.only([]bool{false, true, true})
	want := &composed{
		sentences: []AnswerSentence{{Text: "b", Citations: []int{1}}, {Text: "c", Citations: []int{2, 3}}},
		citations: []retrieval.Citation{{N: 1, Quote: "three"}, {N: 2, Quote: "four"}, {N: 3, Quote: "two"}},
		removed:   2,
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(composed{})); diff != "" {
		t.Errorf("only (-want +got):\n%s", diff)
	}
	if made.removed != 1 || made.citations[2].N != 3 {
		t.Error("only changed what is shared")
	}
}

// TestWeakModelsRetell holds what a small model says to the cited words and to
// the question, sentence by sentence; a large one may say it in its own.
func TestWeakModelsRetell(t *testing.T) {
	const said = "In 1984 Kim Il-sung visited Russia and the Soviet Union {in 1984 when}. " +
		"Russia had reached some agreements in 1984 with Kim Il-sung, who visited {in 1984 when}."
	for name, want := range map[string]int{"large": 2, "tiny-135m": 1} {
		t.Run(name, func(t *testing.T) {
			b := newBot(t)
			server := modeltest.NewWith(t, modeltest.Options{Model: name, Reply: answers(said)})
			useServer(t, b, ModelOptions{}, server, func(o *model.Options) { o.Model = name })
			a := reply(t, b, Question{Text: kimQuestion})
			if a.Model != name || len(a.Sentences) != want || a.Removed != 2-want {
				t.Errorf("Reply = %q by %q with %d removed, want %d sentences by %q", a.Answer, a.Model, a.Removed, want, name)
			}
		})
	}
}
