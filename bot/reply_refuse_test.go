package bot

import (
	"fmt"
	"slices"
	"testing"

	"verbatim/bot/model"
	"verbatim/bot/model/modeltest"
	"verbatim/retrieval"
)

// TestRelevantWeighsEach: in an answer of more sentences than the evidence keeps
// places, each has its own confidence; the last of them answer as well as the
// first.
func TestRelevantWeighsEach(t *testing.T) {
	b := newBot(t)
	q := Question{Text: kimQuestion, Filter: public}
	r := &asking{bot: b, q: &q, text: q.Text, answer: &Answer{}}
	if err := r.find(t.Context()); err != nil {
		t.Fatal(err)
	}
	made := &composed{}
	const sentences, beside = 20, 3
	for i := range sentences {
		text := fmt.Sprintf("Kim Il-sung visited the Soviet Union in %d.", 1950+i)
		if i == beside {
			text = "The weather in the harbour was fine."
		}
		made.citations = append(made.citations, retrieval.Citation{N: i + 1, Quote: text})
		made.sentences = append(made.sentences, AnswerSentence{Text: text, Citations: []int{i + 1}})
	}
	to, err := r.relevant(t.Context(), made, weakRelevantShare)
	if err != nil {
		t.Fatal(err)
	}
	want := slices.Repeat([]bool{true}, sentences)
	want[beside] = false
	if !slices.Equal(to, want) {
		t.Errorf("relevant = %v, want all but number %d", to, beside)
	}
}

// TestBesideIsNotRemoved: what is true and beside the point is counted apart from
// what could not be verified, alike in the answer and in the metrics.
func TestBesideIsNotRemoved(t *testing.T) {
	const (
		right  = "In 1984 Kim Il-sung visited Russia and the Soviet Union {in 1984 when}."
		aside  = "Giorgi Toleraya is a seasoned Russian diplomat and scholar [1]."
		beside = "So that was a new phase of relations, pragmatic ones {pragmatic ones}."
		faulty = "Dolphins guard the harbour of Nampo {in 1984 when}."
	)
	tests := []struct {
		name, model, said       string
		without                 Fallback
		claims, removed, beside int
	}{
		{"all aside", "large", aside, FallbackBeside, 1, 0, 1},
		{"aside and faulty", "large", aside + " " + faulty, FallbackBeside, 2, 1, 1},
		{"all faulty", "large", faulty, FallbackUnsupported, 1, 1, 0},
		{"right and faulty", "large", right + " " + faulty, FallbackNone, 2, 1, 0},
		{"right, aside and faulty", "tiny-135m", right + " " + beside + " " + faulty, FallbackNone, 3, 1, 1},
		{"not found", "large", "NOT FOUND", FallbackBeside, 0, 0, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newBot(t)
			server := modeltest.NewWith(t, modeltest.Options{Model: test.model, Reply: answers(test.said)})
			useServer(t, b, ModelOptions{}, server, func(o *model.Options) { o.Model = test.model })
			a := reply(t, b, Question{Text: kimQuestion})
			if a.Without != test.without || a.Claims != test.claims || a.Removed != test.removed || a.Beside != test.beside {
				t.Errorf("Reply = %q without %q: %d claims, %d removed, %d beside; want %q: %d, %d, %d",
					a.Answer, a.Without, a.Claims, a.Removed, a.Beside, test.without, test.claims, test.removed, test.beside)
			}
			m := b.Metrics()
			if m.Sentences != int64(a.Claims) || m.Removed != int64(a.Removed) || m.LeftOut != int64(a.Beside) {
				t.Errorf("metrics: %d of %d removed, %d left out; the answer says %d of %d, %d", m.Removed, m.Sentences, m.LeftOut, a.Removed, a.Claims, a.Beside)
			}
		})
	}
}
