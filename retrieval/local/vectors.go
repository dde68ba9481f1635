package local

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/philippgille/chromem-go"

	"verbatim/retrieval"
)

// mostExact: selections of up to this many passages, and those of which one in
// exactShare is asked for, are gone through in full.
const (
	mostExact  = 1000
	exactShare = 4
)

// vectors is the vector index of one episode for one model: a chromem
// collection in memory, which never changes once it is filled.
type vectors struct {
	// collection is nil when no passage has a direction. A passage without
	// one has the zero vector, which chromem would turn into NaN, or no
	// vector of this model yet; its cosine to anything is 0.
	collection *chromem.Collection
	rough      *rough
}

var errNoText = errors.New("passages are added with their vectors")

// newVectors makes the index of passages numbered from first on. Each vector is
// of length 1, zero, or nil for none; the collection keeps the slices.
func newVectors(ctx context.Context, name string, first int64, list [][]float32, dimension int) (*vectors, error) {
	v := &vectors{rough: newRough(list, dimension)}
	for i, vector := range list {
		if isZero(vector) {
			continue
		}
		if v.collection == nil {
			var err error
			embed := func(context.Context, string) ([]float32, error) { return nil, errNoText }
			if v.collection, err = chromem.NewDB().CreateCollection(name, nil, embed); err != nil {
				return nil, fmt.Errorf("vector collection %s: %w", name, err)
			}
		}
		err := v.collection.AddDocument(ctx, chromem.Document{ID: documentID(first + int64(i)), Embedding: vector})
		if err != nil {
			return nil, err
		}
	}
	return v, nil
}

func documentID(row int64) string { return strconv.FormatInt(row, 10) }

// count is how many passages have a direction.
func (v *vectors) count() int {
	if v.collection == nil {
		return 0
	}
	return v.collection.Count()
}

// nearest lists the best n of the selection in total order. query is of length
// 1 or zero, and of the model's dimension.
func (s *selection) nearest(ctx context.Context, query []float32, n int) ([]retrieval.Scored, error) {
	if isZero(query) {
		return sortScored(all(s), n), nil
	}
	var list []retrieval.Scored
	var err error
	if s.count <= mostExact || n >= s.count/exactShare {
		list, err = s.exact(ctx, query)
	} else {
		list, err = s.best(ctx, query, n)
	}
	return sortScored(list, n), err
}

// best lists at least the best n.
func (s *selection) best(ctx context.Context, query []float32, n int) ([]retrieval.Scored, error) {
	candidates, err := s.candidates(ctx, query, n)
	if err != nil {
		return nil, err
	}
	list := make([]retrieval.Scored, len(candidates))
	for i, c := range candidates {
		if list[i], err = c.episode.score(ctx, c.row, query); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// exact lists the whole selection: episodes that are in it as a whole by a
// query of their collection, passages of others one by one.
func (s *selection) exact(ctx context.Context, query []float32) ([]retrieval.Scored, error) {
	list := make([]retrieval.Scored, 0, s.count)
	for _, r := range s.runs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if int(r.last-r.first+1) == r.episode.info.Passages && r.episode.vectors.count() == r.episode.info.Passages {
			found, err := r.episode.scoreAll(ctx, query)
			if err != nil {
				return nil, err
			}
			list = append(list, found...)
			continue
		}
		for row := r.first; row <= r.last; row++ {
			scored, err := r.episode.score(ctx, row, query)
			if err != nil {
				return nil, err
			}
			list = append(list, scored)
		}
	}
	return list, nil
}

// scoreAll scores all passages of an episode, each of which has a direction.
func (e *episodeView) scoreAll(ctx context.Context, query []float32) ([]retrieval.Scored, error) {
	// With a context that ends, chromem returns part of the results and no
	// error.
	results, err := e.vectors.collection.QueryEmbedding(context.WithoutCancel(ctx), query, e.info.Passages, nil, nil)
	if err != nil {
		return nil, err
	}
	list := make([]retrieval.Scored, len(results))
	for i := range results {
		row, err := strconv.ParseInt(results[i].ID, 10, 64)
		if err != nil {
			return nil, err
		}
		list[i] = retrieval.Scored{ID: e.passageID(row), Score: float64(results[i].Similarity)}
	}
	return list, nil
}

// score scores one passage.
func (e *episodeView) score(ctx context.Context, row int64, query []float32) (retrieval.Scored, error) {
	scored := retrieval.Scored{ID: e.passageID(row)}
	if e.vectors.rough.step[row-e.first] == 0 {
		return scored, nil
	}
	d, err := e.vectors.collection.GetByID(ctx, documentID(row))
	if err == nil {
		scored.Score = cosine(query, d.Embedding)
	}
	return scored, err
}

// all lists the whole selection with score 0.
func all(sel *selection) []retrieval.Scored {
	list := make([]retrieval.Scored, 0, sel.count)
	for _, r := range sel.runs {
		for row := r.first; row <= r.last; row++ {
			list = append(list, retrieval.Scored{ID: r.episode.passageID(row)})
		}
	}
	return list
}

// cosine of two vectors of length 1, added up in chromem's order so that both
// ways to a score give the same one.
func cosine(a, b []float32) float64 {
	b = b[:len(a)]
	var sum float32
	for i := range a {
		sum += a[i] * b[i]
	}
	return float64(sum)
}

func isZero(vector []float32) bool {
	return !slices.ContainsFunc(vector, func(x float32) bool { return x != 0 })
}

// unit returns the vector at length 1, or zero as it is; a vector that is both
// already is not copied. It fails on NaN and infinity.
func unit(vector []float32) ([]float32, error) {
	sum := 0.0
	for _, x := range vector {
		sum += float64(x) * float64(x)
	}
	length := math.Sqrt(sum)
	switch {
	case math.IsNaN(length) || math.IsInf(length, 0):
		return nil, errors.New("vector has a component that is no number")
	case length == 0 || math.Abs(length-1) < 1e-6: // chromem's tolerance
		return vector, nil
	}
	scaled := make([]float32, len(vector))
	for i, x := range vector {
		scaled[i] = float32(float64(x) / length)
	}
	return scaled, nil
}

func encodeVector(vector []float32) []byte {
	blob := make([]byte, 0, 4*len(vector))
	for _, x := range vector {
		blob = binary.LittleEndian.AppendUint32(blob, math.Float32bits(x))
	}
	return blob
}

// decodeVector returns nil for a blob of another dimension.
func decodeVector(blob []byte, dimension int) []float32 {
	if len(blob) != 4*dimension {
		return nil
	}
	vector := make([]float32, dimension)
	for i := range vector {
		vector[i] = math.Float32frombits(binary.LittleEndian.Uint32(blob[4*i:]))
	}
	return vector
}

// Nearest implements retrieval.Index. The vector must be of the serving model
// (see [Library.ServingModel]); another length is retrieval.ErrDimension.
// Passages without a vector of that model have cosine 0.
func (l *Library) Nearest(ctx context.Context, f retrieval.Filter, vector []float32, n int) ([]retrieval.Scored, error) {
	list, err := l.nearest(ctx, &f, vector, n)
	if err != nil {
		return nil, fmt.Errorf("nearest passages: %w", explain(err))
	}
	return list, nil
}

func (l *Library) nearest(ctx context.Context, f *retrieval.Filter, vector []float32, n int) ([]retrieval.Scored, error) {
	query, err := unit(vector)
	if err != nil {
		return nil, err
	}
	var list []retrieval.Scored
	err = l.readIndex(ctx, func(v *view) error {
		if want := l.serving(v).dimension; want != 0 && len(query) != want {
			return fmt.Errorf("%w: it has %d components, the library's have %d", retrieval.ErrDimension, len(query), want)
		}
		if n <= 0 {
			return nil
		}
		for _, sel := range v.selectPassages(f) {
			found, err := sel.nearest(ctx, query, n)
			if err != nil {
				return err
			}
			list = append(list, found...)
		}
		return nil
	})
	return sortScored(list, max(n, 0)), err
}

// serving is the model of the view, or before there is one, that of Options.
func (l *Library) serving(v *view) model {
	if v.model.number != 0 {
		return v.model
	}
	return model{name: l.options.Model, dimension: l.options.Dimension}
}
