package retrieval_test

import (
	"context"
	"slices"
	"testing"

	"verbatim/retrieval"
	"verbatim/retrieval/embedding"
)

// fixedIndex is an index whose lists are given.
type fixedIndex struct {
	retrieval.Index
	passages []retrieval.Passage
}

func (f fixedIndex) Vocabulary(context.Context, []retrieval.Scope) (*retrieval.Vocabulary, error) {
	return retrieval.NewVocabulary(len(f.passages), 40, map[string]int{"lamp": 2, "fuel": 1, "tower": 2}), nil
}

func (f fixedIndex) Lexical(context.Context, retrieval.Filter, []string, int) ([]retrieval.Scored, error) {
	return nil, nil
}

func (f fixedIndex) List(context.Context, retrieval.Filter) ([]retrieval.EpisodeInfo, error) {
	return nil, nil
}

// Nearest gives the passages as they stand.
func (f fixedIndex) Nearest(context.Context, retrieval.Filter, []float32, int) ([]retrieval.Scored, error) {
	var list []retrieval.Scored
	for i := range f.passages {
		list = append(list, retrieval.Scored{ID: f.passages[i].ID, Score: 1 - 0.1*float64(i)})
	}
	return list, nil
}

func (f fixedIndex) Passages(_ context.Context, ids []retrieval.PassageID) ([]retrieval.Passage, error) {
	var list []retrieval.Passage
	for _, id := range ids {
		list = append(list, f.passages[id.Seq])
	}
	return list, nil
}

// TestSearchOrdersAnew gives the answer the second place in the list, from where
// its sentence brings it up.
func TestSearchOrdersAnew(t *testing.T) {
	static, err := embedding.NewStatic()
	if err != nil {
		t.Fatal(err)
	}
	index := fixedIndex{}
	for i, text := range []string{"The weather was fine, and we had coffee on the lawn.", "The lamp of the tower burned paraffin oil."} {
		s := retrieval.Sentence{Text: text, FirstLine: i + 1, LastLine: i + 1}
		index.passages = append(index.passages, retrieval.Passage{ID: retrieval.PassageID{Episode: "e", Seq: i}, Sentences: []retrieval.Sentence{s}})
	}
	for _, lexicon := range []retrieval.Lexicon{nil, static} {
		hits, err := retrieval.Search(t.Context(), index, static, retrieval.Query{Text: "Which fuel did the lamp use?", Apart: true, Lexicon: lexicon})
		if err != nil || len(hits) != 2 {
			t.Fatalf("Search: %d hits, %v", len(hits), err)
		}
		if first := hits[0].ID.Seq; (first == 1) != (lexicon != nil) {
			t.Errorf("with the lexicon %v passage %d comes first", lexicon != nil, first)
		}
	}
}

// TestSearchJoinsWhatGoesOn ranks passages by their place in the list: one that
// goes on after a better one becomes part of it, one that leads up to it does not.
func TestSearchJoinsWhatGoesOn(t *testing.T) {
	static, err := embedding.NewStatic()
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{"We lit the lamp.", "The tower shook.", "Rain fell on the sea.", "A ship passed by."}
	tests := []struct {
		ranked []int // Seq, best first
		want   []retrieval.Span
	}{
		{[]int{0, 3, 1}, []retrieval.Span{{First: 0, Last: 1}, {First: 3, Last: 3}}},
		{[]int{1, 0}, []retrieval.Span{{First: 1, Last: 1}, {First: 0, Last: 0}}},
		{[]int{1, 2, 0}, []retrieval.Span{{First: 1, Last: 2}, {First: 0, Last: 0}}},
		{[]int{0, 1, 2, 3}, []retrieval.Span{{First: 0, Last: 1}, {First: 2, Last: 3}}}, // two parts at most
	}
	for _, tt := range tests {
		index := rankedIndex{ranked: tt.ranked}
		for i, text := range texts {
			s := retrieval.Sentence{Text: text, FirstLine: i + 1, LastLine: i + 1}
			index.passages = append(index.passages, retrieval.Passage{ID: retrieval.PassageID{Episode: "e", Seq: i}, First: i, Last: i, FirstLine: i + 1, LastLine: i + 1, Sentences: []retrieval.Sentence{s}})
		}
		hits, err := retrieval.Search(t.Context(), index, static, retrieval.Query{Text: "lamp"})
		if err != nil {
			t.Fatal(err)
		}
		var got []retrieval.Span
		for _, h := range hits {
			got = append(got, retrieval.Span{First: h.First, Last: h.Last})
			if len(h.Sentences) != h.Last-h.First+1 || h.FirstLine != h.First+1 || h.LastLine != h.Last+1 {
				t.Errorf("ranked %v: hit of sentences %d to %d has %d sentences, lines %d to %d", tt.ranked, h.First, h.Last, len(h.Sentences), h.FirstLine, h.LastLine)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("ranked %v: hits %v, want %v", tt.ranked, got, tt.want)
		}
	}
}

// rankedIndex is a fixedIndex whose nearest passages have an order of their own.
type rankedIndex struct {
	fixedIndex
	ranked []int
}

func (r rankedIndex) Nearest(context.Context, retrieval.Filter, []float32, int) ([]retrieval.Scored, error) {
	var list []retrieval.Scored
	for rank, seq := range r.ranked {
		list = append(list, retrieval.Scored{ID: r.passages[seq].ID, Score: 1 - 0.1*float64(rank)})
	}
	return list, nil
}
