package retrieval_test

import (
	"context"
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
