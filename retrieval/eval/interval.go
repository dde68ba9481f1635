package eval

import (
	"fmt"
	"math"
	"slices"
	"time"
)

const (
	// resamples keep the ends of a 95 % range steady to about 0.01.
	resamples = 1000
	// seed is fixed so that the same values always give the same range.
	seed = 20261122
)

// Interval is a mean over N values with the range in which 95 % of the means
// of bootstrap resamples lie (percentile method). All zero without values.
type Interval struct {
	N    int     `json:"n"`
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// String is "0.615 (0.38-0.85)", or "-" without values.
func (v Interval) String() string {
	if v.N == 0 {
		return "-"
	}
	return fmt.Sprintf("%.3f (%.2f-%.2f)", v.Mean, v.Low, v.High)
}

// Bootstrap returns the mean of the values with its range. Equal values in
// equal order give an equal result, on every machine.
func Bootstrap(values []float64) Interval {
	scores := make([]Score, len(values))
	for i, v := range values {
		scores[i] = one(v)
	}
	return Ratio(scores)
}

// Percentile returns the smallest duration that at least p percent (0 to 100)
// of the durations do not exceed (nearest rank); 0 without durations.
func Percentile(durations []time.Duration, p float64) time.Duration {
	if len(durations) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(durations))
	rank := int(math.Ceil(p / 100 * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// sample collects the values of one measure.
type sample []float64

func (s *sample) add(v float64) { *s = append(*s, v) }

func (s *sample) addBool(v bool) {
	if v {
		s.add(1)
	} else {
		s.add(0)
	}
}
