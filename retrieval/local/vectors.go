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

const (
	// fewShare: up to this share of a collection, passages are looked up one
	// by one; above it, one pass over the whole collection is quicker
	// (measured, 10,000 passages: a look-up copies the vector).
	fewShare = 4
	// slack is how many more than asked a first pass returns, so that what
	// ties with the last one is seen. chromem cuts ties at random.
	slack = 16
)

// vectors is the vector index of one scope for one model: a chromem collection
// in memory. The caller guards it with Library.collections.
type vectors struct {
	collection *chromem.Collection
	// blank are the passages that have no direction: the zero vector, which
	// chromem would turn into NaN, or no vector of this model yet. Their
	// cosine to anything is 0.
	blank map[int64]bool
}

var errNoText = errors.New("passages are added with their vectors")

func newVectors(name string) (*vectors, error) {
	embed := func(context.Context, string) ([]float32, error) { return nil, errNoText }
	c, err := chromem.NewDB().CreateCollection(name, nil, embed)
	if err != nil {
		return nil, fmt.Errorf("vector collection %s: %w", name, err)
	}
	return &vectors{collection: c, blank: map[int64]bool{}}, nil
}

// add puts passage row in; vector is of length 1, zero, or nil for none. The
// collection keeps the slice.
func (v *vectors) add(ctx context.Context, row int64, vector []float32) error {
	if isZero(vector) {
		v.blank[row] = true
		return nil
	}
	return v.collection.AddDocument(ctx, chromem.Document{ID: documentID(row), Embedding: vector})
}

// remove takes the episode's passages out.
func (v *vectors) remove(ctx context.Context, e *episodeView) error {
	ids := make([]string, 0, e.info.Passages)
	for i := range int64(e.info.Passages) {
		delete(v.blank, e.first+i)
		ids = append(ids, documentID(e.first+i))
	}
	if len(ids) == 0 {
		return nil // for chromem, no IDs are all
	}
	return v.collection.Delete(ctx, nil, nil, ids...)
}

func documentID(row int64) string { return strconv.FormatInt(row, 10) }

// nearest lists the best n of the selection in total order. query is of length
// 1 or zero, and of the model's dimension.
func (v *vectors) nearest(ctx context.Context, sel *selection, query []float32, n int) ([]retrieval.Scored, error) {
	size := v.collection.Count()
	list := v.blanks(sel)
	switch {
	case size == 0:
	case isZero(query):
		list = all(sel)
	case sel.count <= size/fewShare:
		found, err := v.few(ctx, sel, query)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	default:
		found, err := v.many(ctx, sel, query, n)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	return sortScored(list, n), nil
}

// few looks each selected passage up.
func (v *vectors) few(ctx context.Context, sel *selection, query []float32) ([]retrieval.Scored, error) {
	list := make([]retrieval.Scored, 0, sel.count)
	for _, r := range sel.runs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for row := r.first; row <= r.last; row++ {
			if v.blank[row] {
				continue
			}
			d, err := v.collection.GetByID(ctx, documentID(row))
			if err != nil {
				return nil, err
			}
			list = append(list, retrieval.Scored{ID: r.episode.passageID(row), Score: cosine(query, d.Embedding)})
		}
	}
	return list, nil
}

// many asks the collection for its best and filters them. What comes back is
// complete down to the worst score, at which the cut is random: it is enough
// when n selected ones are better than that. If not, every score is asked for.
func (v *vectors) many(ctx context.Context, sel *selection, query []float32, n int) ([]retrieval.Scored, error) {
	size := v.collection.Count()
	k := size
	if want := n*fewShare + slack; n < size && want < size/2 {
		k = want
	}
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		// With a context that ends, chromem returns part of the results and no
		// error.
		results, err := v.collection.QueryEmbedding(context.WithoutCancel(ctx), query, k, nil, nil)
		if err != nil {
			return nil, err
		}
		worst := results[len(results)-1].Similarity
		list := make([]retrieval.Scored, 0, len(results))
		better := 0
		for i := range results {
			row, err := strconv.ParseInt(results[i].ID, 10, 64)
			if err != nil {
				return nil, err
			}
			if id, ok := sel.find(row); ok {
				list = append(list, retrieval.Scored{ID: id, Score: float64(results[i].Similarity)})
				if results[i].Similarity > worst {
					better++
				}
			}
		}
		if k == size || better >= n {
			return list, nil
		}
		k = size
	}
}

// blanks lists the selected passages without direction.
func (v *vectors) blanks(sel *selection) []retrieval.Scored {
	var list []retrieval.Scored
	for row := range v.blank {
		if id, ok := sel.find(row); ok {
			list = append(list, retrieval.Scored{ID: id})
		}
	}
	return list
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
			found, err := sel.scope.vectors.nearest(ctx, &sel, query, n)
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
