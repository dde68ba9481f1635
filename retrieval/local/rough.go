package local

import (
	"container/heap"
	"context"
	"math"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

const (
	// lanes is how many components are multiplied at a time; vectors are
	// filled up to a multiple of it with zeros.
	lanes = 8
	// roundingSlack covers what adding up float32 products in another order
	// can make of a cosine: up to 4,096 components at 2^-24 each, nearly all of
	// it never met.
	roundingSlack = 1e-4
	// scanRuns is how many runs a worker takes at a time.
	scanRuns = 16
)

// rough is the vectors of an episode's passages in eight bits a component: a
// quarter of the memory to go through, and whole numbers to multiply. It tells
// each cosine but for an error of known size, so that what it rules out is
// ruled out for certain, and the others are few enough to be looked up in full.
type rough struct {
	// width is the dimension filled up to a multiple of lanes.
	width int
	// codes has component j of passage i at i*width+j.
	codes []int8
	// step is what one unit of a passage's codes stands for; 0 for a passage
	// without direction, whose cosine is 0.
	step []float32
	// spread is the distance between a passage's vector and what its codes
	// stand for.
	spread []float32
}

// newRough takes vectors of length 1, zero, or nil for none.
func newRough(vectors [][]float32, dimension int) *rough {
	width := (dimension + lanes - 1) / lanes * lanes
	r := &rough{width: width, codes: make([]int8, len(vectors)*width), step: make([]float32, len(vectors)), spread: make([]float32, len(vectors))}
	for i, vector := range vectors {
		codes := r.codes[i*width:]
		r.step[i], r.spread[i] = quantize(vector, math.MaxInt8, func(j, code int) { codes[j] = int8(code) })
	}
	return r
}

// quantize gives set every component as a multiple of step, -most to most, and
// returns the distance between the vector and what that stands for.
func quantize(vector []float32, most int, set func(j, code int)) (step, spread float32) {
	greatest := float32(0)
	for _, x := range vector {
		greatest = max(greatest, x, -x)
	}
	if greatest == 0 {
		return 0, 0
	}
	step = greatest / float32(most)
	sum := 0.0
	for j, x := range vector {
		code := math.Round(float64(x) / float64(step))
		set(j, int(code))
		off := float64(x) - code*float64(step)
		sum += off * off
	}
	return step, float32(math.Sqrt(sum))
}

// roughQuery is what is looked for, in sixteen bits a component.
type roughQuery struct {
	codes        []int16
	step, spread float32
}

func newRoughQuery(vector []float32) *roughQuery {
	q := &roughQuery{codes: make([]int16, (len(vector)+lanes-1)/lanes*lanes)}
	q.step, q.spread = quantize(vector, math.MaxInt16, func(j, code int) { q.codes[j] = int16(code) })
	return q
}

// cosine is that of passage i, right but for off: by Cauchy and Schwarz, what
// is left out of either vector can change it by no more than its length.
func (r *rough) cosine(q *roughQuery, i int) (cosine, off float32) {
	if r.step[i] == 0 {
		return 0, 0
	}
	sum := float32(product(q.codes, r.codes[i*r.width:(i+1)*r.width]))
	return sum * r.step[i] * q.step, r.spread[i] + q.spread*(1+r.spread[i]) + roundingSlack
}

// product multiplies component by component and adds up. Both have the same
// length, a multiple of lanes.
func product(q []int16, v []int8) int {
	var a, b, c, d int
	for len(q) >= lanes && len(v) >= lanes {
		x, y := (*[lanes]int16)(q), (*[lanes]int8)(v)
		a += int(x[0])*int(y[0]) + int(x[4])*int(y[4])
		b += int(x[1])*int(y[1]) + int(x[5])*int(y[5])
		c += int(x[2])*int(y[2]) + int(x[6])*int(y[6])
		d += int(x[3])*int(y[3]) + int(x[7])*int(y[7])
		q, v = q[lanes:], v[lanes:]
	}
	return a + b + c + d
}

// candidates lists the selected passages that may be among the n nearest, all
// that are in any case.
func (s *selection) candidates(ctx context.Context, query []float32, n int) ([]candidate, error) {
	q := newRoughQuery(query)
	starts := make([]int, len(s.runs)) // of each run in what follows
	count := 0
	for i, r := range s.runs {
		starts[i] = count
		count += int(r.last - r.first + 1)
	}
	cosines, offs := make([]float32, count), make([]float32, count)
	group, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	for range min(runtime.GOMAXPROCS(0), (len(s.runs)+scanRuns-1)/scanRuns) {
		group.Go(func() error {
			for from := int(next.Add(scanRuns)) - scanRuns; from < len(s.runs); from = int(next.Add(scanRuns)) - scanRuns {
				if err := ctx.Err(); err != nil {
					return err
				}
				for i := from; i < min(from+scanRuns, len(s.runs)); i++ {
					r := &s.runs[i]
					for row := r.first; row <= r.last; row++ {
						at := starts[i] + int(row-r.first)
						cosines[at], offs[at] = r.episode.vectors.rough.cosine(q, int(row-r.episode.first))
					}
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return s.atLeast(cosines, offs, leastOfBest(cosines, offs, n)), nil
}

// candidate is a passage by its row.
type candidate struct {
	episode *episodeView
	row     int64
}

// atLeast lists the passages whose cosine may reach least.
func (s *selection) atLeast(cosines, offs []float32, least float32) []candidate {
	var list []candidate
	at := 0
	for _, r := range s.runs {
		for row := r.first; row <= r.last; row++ {
			if cosines[at]+offs[at] >= least {
				list = append(list, candidate{r.episode, row})
			}
			at++
		}
	}
	return list
}

// leastOfBest is a cosine that n passages have at least.
func leastOfBest(cosines, offs []float32, n int) float32 {
	best := make(leastFirst, 0, n)
	for i, c := range cosines {
		c -= offs[i]
		switch {
		case len(best) < n:
			heap.Push(&best, c)
		case c > best[0]:
			best[0] = c
			heap.Fix(&best, 0)
		}
	}
	if len(best) < n {
		return float32(math.Inf(-1))
	}
	return best[0]
}

// leastFirst is a heap with the least on top.
type leastFirst []float32

func (h leastFirst) Len() int           { return len(h) }
func (h leastFirst) Less(i, j int) bool { return h[i] < h[j] }
func (h leastFirst) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *leastFirst) Push(x any)        { *h = append(*h, x.(float32)) }
func (h *leastFirst) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
