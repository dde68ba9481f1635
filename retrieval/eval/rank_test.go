package eval

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestFirstHit(t *testing.T) {
	gold := [][2]int{{10, 12}, {30, 30}}
	tests := []struct {
		name string
		hits [][2]int
		want int
	}{
		{"no hits", nil, 0},
		{"just before and just after", [][2]int{{8, 9}, {13, 29}}, 0},
		{"touches the first line", [][2]int{{1, 9}, {8, 10}}, 2},
		{"touches the last line", [][2]int{{12, 20}}, 1},
		{"second range", [][2]int{{1, 1}, {2, 2}, {30, 31}}, 3},
		{"within", [][2]int{{11, 11}}, 1},
		{"another transcript keeps its rank", [][2]int{{0, 0}, {11, 11}}, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := FirstHit(tt.hits, gold); got != tt.want {
				t.Errorf("FirstHit(%v, %v) = %d, want %d", tt.hits, gold, got, tt.want)
			}
		})
	}
}

func TestLineNDCG(t *testing.T) {
	var ideal100, long float64
	for r := range 100 {
		ideal100 += 1 / math.Log2(2+float64(r))
	}
	for r := range 200 {
		long += 1 / math.Log2(2+float64(r))
	}
	tests := []struct {
		name       string
		hits, gold [][2]int
		want       float64
	}{
		{"perfect", [][2]int{{5, 6}}, [][2]int{{5, 6}}, 1},
		{"lines after the gold cost nothing", [][2]int{{5, 9}}, [][2]int{{5, 5}}, 1},
		// Two lines are read before: 1/log2(4).
		{"two lines before", [][2]int{{3, 5}}, [][2]int{{5, 5}}, 0.5},
		// Line 1 has gain 1, line 4 follows three lines: 1/log2(5); the ideal
		// is 1 + 1/log2(3).
		{"two places", [][2]int{{1, 2}, {3, 4}}, [][2]int{{1, 1}, {4, 4}}, (1 + 0.43067655807339306) / (1 + 0.6309297535714575)},
		// Lines 2 and 3 are read once, so line 4 follows three lines.
		{"overlapping hits", [][2]int{{1, 3}, {2, 4}}, [][2]int{{4, 4}}, 0.43067655807339306},
		{"overlapping gold", [][2]int{{1, 2}}, [][2]int{{1, 2}, {2, 2}}, 1},
		{"missed", [][2]int{{1, 2}}, [][2]int{{7, 8}}, 0},
		{"half", [][2]int{{1, 1}}, [][2]int{{1, 1}, {9, 9}}, 1 / (1 + 0.6309297535714575)},
		{"another transcript", [][2]int{{0, 0}, {5, 5}}, [][2]int{{5, 5}}, 1},
		{"eleventh hit", [][2]int{{1, 1}, {2, 2}, {3, 3}, {4, 4}, {5, 5}, {6, 6}, {7, 7}, {8, 8}, {9, 9}, {10, 10}, {20, 20}}, [][2]int{{20, 20}}, 0},
		{"scaled down past 100 lines", [][2]int{{1, 200}}, [][2]int{{1, 1}}, 0.5},
		{"at 100 lines not scaled", [][2]int{{1, 100}}, [][2]int{{1, 1}}, 1},
		{"gold of 200 lines, 100 read", [][2]int{{1, 100}}, [][2]int{{1, 200}}, 1},
		{"gold of 200 lines, all read", [][2]int{{1, 200}}, [][2]int{{1, 200}}, long / 2 / ideal100},
		{"no gold", [][2]int{{1, 1}}, nil, 0},
		{"no hits", nil, [][2]int{{1, 1}}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := LineNDCG(tt.hits, tt.gold); !near(got, tt.want) {
				t.Errorf("LineNDCG(%v, %v) = %v, want %v", tt.hits, tt.gold, got, tt.want)
			}
		})
	}
}

func TestReach(t *testing.T) {
	tests := []struct {
		name string
		hits [][2]int
		n    int
		want bool
	}{
		{"last line read", [][2]int{{1, 40}, {51, 60}}, 50, true},
		{"one line further", [][2]int{{1, 41}, {51, 60}}, 50, false},
		{"lines met twice count once", [][2]int{{1, 40}, {1, 40}, {60, 60}}, 41, true},
		{"fewer lines than asked", [][2]int{{1, 2}}, 50, false},
	}
	gold := [][2]int{{60, 60}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Reach(tt.hits, gold, tt.n); got != tt.want {
				t.Errorf("Reach(%v, %v, %d) = %t, want %t", tt.hits, gold, tt.n, got, tt.want)
			}
		})
	}
}

func TestRank(t *testing.T) {
	gold := [][2]int{{20, 20}}
	got := Rank([]RankCase{
		{Hits: [][2]int{{20, 20}, {1, 3}}, Gold: gold, Took: 1 * time.Millisecond},
		{Hits: [][2]int{{1, 1}, {20, 20}}, Gold: gold, Took: 4 * time.Millisecond},
		{Hits: [][2]int{{1, 60}, {2, 2}, {3, 3}, {20, 20}}, Gold: gold, Took: 2 * time.Millisecond},
		{Hits: nil, Gold: gold, Took: 3 * time.Millisecond},
		{Hits: [][2]int{{1, 1}}, Took: 9 * time.Millisecond}, // no gold: latency only
	})
	means := map[string]float64{
		"recall@1": got.Recall1.Mean, "recall@3": got.Recall3.Mean, "recall@5": got.Recall5.Mean, "recall@10": got.Recall10.Mean,
		"MRR": got.MRR.Mean, "reach@50": got.Reach50.Mean, "lines": got.Lines.Mean,
	}
	want := map[string]float64{
		"recall@1": 0.5, "recall@3": 0.75, "recall@5": 0.75, "recall@10": 0.75,
		"MRR": (1 + 0.5 + 1) / 4, "reach@50": 0.75, "lines": (4.0 + 2 + 60) / 4,
	}
	if diff := cmp.Diff(want, means); diff != "" {
		t.Errorf("Rank (-want +got):\n%s", diff)
	}
	// 1, 1/log2(3), 1/log2(21), 0.
	if want := (1 + 0.6309297535714575 + 1/math.Log2(21)) / 4; !near(got.LineNDCG.Mean, want) || got.LineNDCG.N != 4 {
		t.Errorf("Rank line-nDCG = %v of %d, want %v of 4", got.LineNDCG.Mean, got.LineNDCG.N, want)
	}
	if got.P50 != 3*time.Millisecond || got.P95 != 9*time.Millisecond {
		t.Errorf("Rank latency = %v, %v, want 3ms, 9ms", got.P50, got.P95)
	}
}

func TestRankLooksAtTenHits(t *testing.T) {
	hits := make([][2]int, 10, 11)
	for i := range hits {
		hits[i] = [2]int{i + 1, i + 1}
	}
	got := Rank([]RankCase{{Hits: append(hits, [2]int{99, 99}), Gold: [][2]int{{99, 99}}}})
	if got.MRR.Mean != 0 || got.Recall10.Mean != 0 || got.Reach50.Mean != 0 || got.Lines.Mean != 10 {
		t.Errorf("Rank with the gold at rank 11 = %+v, want zeros and 10 lines", got)
	}
}

func TestBootstrap(t *testing.T) {
	if got := Bootstrap(nil); got != (Interval{}) || got.String() != "-" {
		t.Errorf("Bootstrap(nil) = %+v, want zeros", got)
	}
	if got, want := Bootstrap([]float64{0.5, 0.5, 0.5}), (Interval{N: 3, Mean: 0.5, Low: 0.5, High: 0.5}); got != want {
		t.Errorf("Bootstrap of equal values = %+v, want %+v", got, want)
	}
	// A share of 1/2 over 400: the standard error is 0.025, so 95 % lie
	// within 0.049.
	values := make([]float64, 400)
	for i := range values {
		values[i] = float64(i % 2)
	}
	got := Bootstrap(values)
	if got.Mean != 0.5 || math.Abs(got.Low-0.451) > 0.01 || math.Abs(got.High-0.549) > 0.01 {
		t.Errorf("Bootstrap of 400 tosses = %+v, want 0.5 (0.451-0.549) within 0.01", got)
	}
	if again := Bootstrap(values); again != got {
		t.Errorf("Bootstrap again = %+v, want %+v", again, got)
	}
	if got, want := (Interval{N: 13, Mean: 0.61538, Low: 0.38, High: 0.846}).String(), "0.615 (0.38-0.85)"; got != want {
		t.Errorf("String = %q, want %q", got, want)
	}
}

func TestPercentile(t *testing.T) {
	d := []time.Duration{40, 10, 30, 20}
	tests := []struct {
		p    float64
		want time.Duration
	}{{0, 10}, {25, 10}, {26, 20}, {50, 20}, {95, 40}, {100, 40}}
	for _, tt := range tests {
		if got := Percentile(d, tt.p); got != tt.want {
			t.Errorf("Percentile(%v, %v) = %d, want %d", d, tt.p, got, tt.want)
		}
	}
	if got := Percentile(nil, 50); got != 0 {
		t.Errorf("Percentile(nil, 50) = %v, want 0", got)
	}
	if diff := cmp.Diff([]time.Duration{40, 10, 30, 20}, d); diff != "" {
		t.Errorf("Percentile changed its input:\n%s", diff)
	}
}

func TestRankScoresAreThoseOfRank(t *testing.T) {
	cases := []RankCase{
		{Hits: [][2]int{{1, 2}, {5, 6}}, Gold: [][2]int{{6, 6}}},
		{Hits: [][2]int{{9, 9}}, Gold: [][2]int{{9, 9}}},
		{Hits: [][2]int{{9, 9}}, Gold: [][2]int{{1, 1}}},
		{Hits: [][2]int{{9, 9}}},
	}
	byFigure := map[Figure][]Score{}
	for i := range cases {
		for f, s := range cases[i].Scores("bm25") {
			byFigure[f] = append(byFigure[f], s)
		}
	}
	r := Rank(cases)
	for f, want := range map[Figure]Interval{
		"bm25 recall@1": r.Recall1, "bm25 recall@5": r.Recall5, "bm25 recall@10": r.Recall10, "bm25 MRR": r.MRR, "bm25 line-nDCG@10": r.LineNDCG, "bm25 reach@50": r.Reach50,
	} {
		if got := Ratio(byFigure[f]); got != want || got.N != 3 {
			t.Errorf("%s is %v, want %v of 3", f, got, want)
		}
	}
	if len(byFigure) != 6 {
		t.Errorf("Scores has %d figures, want 6", len(byFigure))
	}
}
