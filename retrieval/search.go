package retrieval

import (
	"cmp"
	"context"
	"slices"
)

const (
	// rrfK is the constant of reciprocal rank fusion: a passage at rank r of
	// a list gets weight/(rrfK+r). Source: Cormack, Clarke and Büttcher,
	// "Reciprocal Rank Fusion outperforms Condorcet and individual Rank
	// Learning Methods", SIGIR 2009. Theirs is 60 for lists of a thousand
	// that are equally good; docs/decisions.md has the measurements behind
	// ours.
	rrfK = 5
	// embeddedWeight is the weight of the vector list beside 1 for the
	// full-text list: the embedded table knows words, not sentences, so that
	// it adds to the full-text list rather than overrule it.
	embeddedWeight = 0.15
	// listLength is how many of each list are fused.
	listLength = 100
	// defaultK is how many hits come back when the query does not say.
	defaultK = 10
)

// Mode says which lists a search uses.
type Mode int

// The modes: both lists fused, or one of them alone for comparison.
const (
	Hybrid Mode = iota
	LexicalOnly
	VectorsOnly
)

// Query is what a search looks for.
type Query struct {
	Text   string
	Filter Filter
	// K is the most hits to return; 0 is 10.
	K int
	// VectorWeight is the weight of the vector list beside 1 for the
	// full-text list; 0 is 0.15, which suits the embedded model.
	VectorWeight float64
	// Mode is Hybrid unless lists are compared.
	Mode Mode
	// Lexicon, if given, compares sentences of the best passages with the text,
	// to order them anew; see rerank.
	Lexicon Lexicon
	// Apart leaves a passage that goes on where a better one ends as a hit of
	// its own instead of joining the two.
	Apart bool
}

// Hit is a passage, or one and the next joined, in answer to a query.
type Hit struct {
	Passage
	// Score orders the hits of one search and says nothing across searches:
	// the sum of reciprocal ranks, above 0, or that of rerank.
	Score float64
	// Lexical is the BM25 score, 0 or more; Cosine is -1 to 1. Each is 0
	// when the passage was not in that list.
	Lexical float64
	Cosine  float64
	// Span is the part that answers best: First and Last index Sentences.
	Span Span
	// boost is what the score was multiplied with since the question names the
	// episode, 0 for nothing.
	boost float64
}

// Search ranks passages by fusing a full-text and a vector list by reciprocal
// rank. Hits come back best first, in total order: score, then ID. What goes on
// where a better hit among the best K ends is joined to it, so that fewer than K
// may come back though more match. A query of stop words alone is searched by its vector.
func Search(ctx context.Context, index Index, embedder Embedder, q Query) ([]Hit, error) {
	if q.K <= 0 {
		q.K = defaultK
	}
	if q.VectorWeight <= 0 {
		q.VectorWeight = embeddedWeight
	}
	v, err := index.Vocabulary(ctx, q.Filter.Scopes)
	if err != nil {
		return nil, err
	}
	asked := analyze(q.Text, v)
	lexical, nearest, vector, err := bothLists(ctx, index, embedder, &q, &asked, v)
	if err != nil {
		return nil, err
	}
	fused := fuse(lexical, nearest, q.VectorWeight)
	if fused, err = preferNamed(ctx, index, q, v, vector, fused); err != nil {
		return nil, err
	}
	hits, err := loadHits(ctx, index, fused, v, q)
	if err != nil {
		return nil, err
	}
	for i := range hits {
		hits[i].Span = bestSpan(hits[i].Sentences, &asked)
	}
	return hits, nil
}

// bothLists makes the lists side by side, and the query's vector. A panic of
// either is the caller's.
func bothLists(ctx context.Context, index Index, embedder Embedder, q *Query, asked *question, v *Vocabulary) (lexical, nearest []Scored, vector []float32, err error) {
	n := max(listLength, 2*q.K)
	var panicked any
	var lexicalErr error
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { panicked = recover() }()
		if q.Mode != VectorsOnly {
			lexical, lexicalErr = lexicalList(ctx, index, q.Filter, asked, v, n)
		}
	}()
	func() {
		defer func() { <-done }() // even if embedding panics
		if q.Mode == LexicalOnly {
			return
		}
		if vector, err = embedQuery(ctx, embedder, q.Text); err == nil && vector != nil {
			nearest, err = index.Nearest(ctx, q.Filter, vector, n)
		}
	}()
	if panicked != nil {
		panic(panicked)
	}
	return lexical, nearest, vector, cmp.Or(lexicalErr, err)
}

// lexicalList asks the index for candidates and ranks them with spellings,
// number words and neighbouring words counted.
func lexicalList(ctx context.Context, index Index, f Filter, asked *question, v *Vocabulary, n int) ([]Scored, error) {
	if len(asked.terms) == 0 {
		return nil, nil
	}
	list, err := index.Lexical(ctx, f, asked.terms, n)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].Score = asked.bm25(list[i].Terms, v)
	}
	sortScored(list)
	return list, nil
}

// embedQuery is nil when the text has not one known word: nothing is near it.
func embedQuery(ctx context.Context, embedder Embedder, text string) ([]float32, error) {
	vectors, err := embedder.Embed(ctx, []string{text})
	if err != nil {
		return nil, err
	}
	if isZero(vectors[0]) {
		return nil, nil
	}
	return vectors[0], nil
}

func isZero(vector []float32) bool {
	for _, x := range vector {
		if x != 0 {
			return false
		}
	}
	return true
}

// fuse adds up the weighted reciprocal ranks of both lists.
func fuse(lexical, nearest []Scored, vectorWeight float64) []Hit {
	at := make(map[PassageID]int, len(lexical)+len(nearest))
	var hits []Hit
	add := func(list []Scored, weight float64, set func(*Hit, float64)) {
		for rank := range list {
			i, ok := at[list[rank].ID]
			if !ok {
				i = len(hits)
				at[list[rank].ID] = i
				hits = append(hits, Hit{Passage: Passage{ID: list[rank].ID}})
			}
			hits[i].Score += weight / float64(rrfK+rank+1)
			set(&hits[i], list[rank].Score)
		}
	}
	add(lexical, 1, func(h *Hit, s float64) { h.Lexical = s })
	add(nearest, vectorWeight, func(h *Hit, s float64) { h.Cosine = s })
	sortHits(hits)
	return hits
}

// loadHits loads the passages of the best hits, orders them anew and joins
// neighbours.
func loadHits(ctx context.Context, index Index, fused []Hit, v *Vocabulary, q Query) ([]Hit, error) {
	anew := q.Lexicon != nil && q.Mode == Hybrid
	n := q.K
	if anew {
		n = max(n, rerankHits)
	}
	fused = fused[:min(len(fused), n)]
	ids := make([]PassageID, len(fused))
	for i := range fused {
		ids[i] = fused[i].ID
	}
	passages, err := index.Passages(ctx, ids)
	if err != nil {
		return nil, err
	}
	loaded := make(map[PassageID]*Passage, len(passages))
	for i := range passages {
		loaded[passages[i].ID] = &passages[i]
	}
	hits := fused[:0]
	for _, h := range fused {
		if p := loaded[h.ID]; p != nil { // else removed meanwhile
			h.Passage = *p
			hits = append(hits, h)
		}
	}
	if anew {
		if err := rerank(ctx, q.Text, hits, v, q.Lexicon); err != nil {
			return nil, err
		}
		hits = hits[:min(len(hits), q.K)]
	}
	if q.Apart {
		return hits, nil
	}
	return joinNeighbours(hits), nil
}

// sortHits orders by score descending, then by ID.
func sortHits(hits []Hit) {
	slices.SortFunc(hits, func(a, b Hit) int { return cmp.Or(cmp.Compare(b.Score, a.Score), a.ID.Compare(b.ID)) })
}

func sortScored(list []Scored) {
	slices.SortFunc(list, func(a, b Scored) int { return cmp.Or(cmp.Compare(b.Score, a.Score), a.ID.Compare(b.ID)) })
}

// maxJoined is how many neighbouring passages one hit may join: more would be
// a page rather than a place.
const maxJoined = 2

// joinNeighbours joins to a hit the lower one that goes on where it ends. One
// that leads up to it stays a hit of its own: before the better one it would be
// what is read first.
func joinNeighbours(hits []Hit) []Hit {
	ends := make(map[PassageID]int, len(hits)) // last part -> index in joined
	parts := make([]int, 0, len(hits))
	joined := hits[:0:0]
	for _, h := range hits {
		before := h.ID
		before.Seq--
		i, ok := ends[before]
		if !ok || parts[i] >= maxJoined || h.Sentences[0].Boilerplate != joined[i].Sentences[0].Boilerplate {
			ends[h.ID] = len(joined)
			joined = append(joined, h)
			parts = append(parts, 1)
			continue
		}
		delete(ends, before)
		ends[h.ID] = i
		parts[i]++
		joined[i].Join(&h.Passage)
		joined[i].Lexical = max(joined[i].Lexical, h.Lexical)
		joined[i].Cosine = max(joined[i].Cosine, h.Cosine)
	}
	return joined
}

// Join grows a passage by a neighbour of the same episode; the ID is that of
// the first part.
func (p *Passage) Join(q *Passage) {
	first, second := p, q
	if q.First < p.First {
		first, second = q, p
	}
	grown := *first
	shared := first.Last - second.First + 1 // sentences that both hold; 0 when they only touch
	grown.Sentences = append(append([]Sentence(nil), first.Sentences...), second.Sentences[min(max(shared, 0), len(second.Sentences)):]...)
	grown.Last, grown.LastLine, grown.End = second.Last, second.LastLine, second.End
	grown.Speakers = append([]string(nil), first.Speakers...)
	for _, s := range second.Speakers {
		if !slices.Contains(grown.Speakers, s) {
			grown.Speakers = append(grown.Speakers, s)
		}
	}
	grown.Terms = ""
	*p = grown
}
