package local

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestRough wants every rough cosine within the error that it names, and the
// errors small enough to rule nearly everything out.
func TestRough(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, dimension := range []int{1, 8, 30, 256, 1536} {
		var list [][]float32
		for i := range 200 {
			vector := make([]float32, dimension)
			for j := range vector {
				vector[j] = float32(r.NormFloat64() / math.Sqrt(float64(j+1))) // some components weigh more, as in a model's
			}
			if i == 7 {
				clear(vector)
			}
			vector, err := unit(vector)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, vector)
		}
		rough, q := newRough(append(list, nil), dimension), newRoughQuery(list[0])
		for i, vector := range list {
			got, off := rough.cosine(q, i)
			if want := cosine(list[0], vector); math.Abs(float64(got)-want) > float64(off) {
				t.Errorf("%d dimensions: cosine %d = %v, off by %v at most, want %v", dimension, i, got, off, want)
			}
			if off > 0.1 {
				t.Errorf("%d dimensions: cosine %d may be off by %v", dimension, i, off)
			}
		}
		if got, off := rough.cosine(q, len(list)); got != 0 || off != 0 {
			t.Errorf("cosine without a vector = %v, off by %v, want 0", got, off)
		}
	}
}
