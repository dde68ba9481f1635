package eval

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
)

// Score is what one question gives to a figure, which is the sum of the Sums
// over the sum of the Ns: with an N of 1 a mean over questions, with the number
// of an answer's citations one over citations. An N of 0 says that the figure
// does not concern the question. Its JSON is [sum, n].
type Score struct {
	Sum float64
	N   float64
}

// MarshalJSON writes [sum, n].
func (s Score) MarshalJSON() ([]byte, error) { return json.Marshal([2]float64{s.Sum, s.N}) }

// UnmarshalJSON reads [sum, n]; a sum of nothing is an error, as is an n below
// 0.
func (s *Score) UnmarshalJSON(data []byte) error {
	var pair []float64
	if err := json.Unmarshal(data, &pair); err != nil {
		return err
	}
	if len(pair) != 2 || pair[1] < 0 || pair[1] == 0 && pair[0] != 0 {
		return fmt.Errorf("score %s: want [sum, n]", data)
	}
	s.Sum, s.N = pair[0], pair[1]
	return nil
}

// one is the score of a figure that concerns a question once.
func one(v float64) Score { return Score{Sum: v, N: 1} }

// share counts those of a question's things that are right.
func share(right, all int) Score { return Score{Sum: float64(right), N: float64(all)} }

func truth(v bool) Score {
	if v {
		return one(1)
	}
	return one(0)
}

// Ratio is the figure of the scores with the range in which 95 % of bootstrap
// resamples lie. Questions are drawn, not what belongs to them: the citations
// of one answer are not independent of each other. The interval's N is the sum
// of the Ns.
func Ratio(scores []Score) Interval {
	scores = slices.DeleteFunc(slices.Clone(scores), func(s Score) bool { return s.N == 0 })
	if len(scores) == 0 {
		return Interval{}
	}
	random := rand.New(rand.NewPCG(seed, uint64(len(scores))))
	means := make([]float64, resamples)
	for i := range means {
		var drawn Score
		for range scores {
			drawn.add(scores[random.IntN(len(scores))])
		}
		means[i] = drawn.value()
	}
	var all Score
	for _, s := range scores {
		all.add(s)
	}
	return interval(all.value(), int(all.N), means)
}

func (s *Score) add(t Score) { s.Sum, s.N = s.Sum+t.Sum, s.N+t.N }

func (s *Score) value() float64 { return s.Sum / s.N }

// interval has the ends of the middle 95 % of the means of resamples, which it
// sorts (percentile method).
func interval(mean float64, n int, means []float64) Interval {
	slices.Sort(means)
	return Interval{N: n, Mean: mean, Low: means[len(means)*25/1000], High: means[max(len(means)*975/1000-1, 0)]}
}

// Difference is how much higher the figure of b is than that of a over the
// same questions, a[i] and b[i] being of one. The range is that of a paired
// bootstrap: each resample draws questions and takes both their scores, so that
// how hard the questions are cancels out. Its N is the number of questions
// that the figure concerns in either. It is all zero where the figure concerns
// none in a, or none in b.
func Difference(a, b []Score) Interval {
	if len(a) != len(b) {
		panic(fmt.Sprintf("difference of %d and %d scores: want as many", len(a), len(b)))
	}
	var pairs [][2]Score
	var all [2]Score
	for i := range a {
		if a[i].N > 0 || b[i].N > 0 {
			pairs = append(pairs, [2]Score{a[i], b[i]})
			all[0].add(a[i])
			all[1].add(b[i])
		}
	}
	if all[0].N == 0 || all[1].N == 0 {
		return Interval{}
	}
	random := rand.New(rand.NewPCG(seed, uint64(len(pairs))))
	var differences []float64
	for range resamples {
		var drawn [2]Score
		for range pairs {
			p := &pairs[random.IntN(len(pairs))]
			drawn[0].add(p[0])
			drawn[1].add(p[1])
		}
		if drawn[0].N > 0 && drawn[1].N > 0 { // else the resample has no figure
			differences = append(differences, drawn[1].value()-drawn[0].value())
		}
	}
	if len(differences) == 0 {
		return Interval{}
	}
	return interval(all[1].value()-all[0].value(), len(pairs), differences)
}
