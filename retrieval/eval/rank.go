package eval

import (
	"math"
	"time"
)

const (
	// depth is the number of hits that LineNDCG, MRR and the lines returned
	// look at.
	depth = 10
	// reachLines is how far a patient reader reads.
	reachLines = 50
	// fullLines is the number of lines that a result may have without being
	// scaled down: ten passages of ten lines.
	fullLines = 100
)

// FirstHit returns the rank, counted from 1, of the first hit that shares a
// line with the gold; 0 when none does.
func FirstHit(hits, gold [][2]int) int {
	for i, h := range hits {
		if overlapsAny(h, gold) {
			return i + 1
		}
	}
	return 0
}

// LineNDCG is the gain of reading the first 10 hits line by line, between 0
// and 1. Hits are read in order and each line counts once, when first met. A
// gold line has the gain 1/log2(2+r), r being the number of lines read before
// it. The sum is divided by that of an ideal reading, which opens with the gold
// lines alone, up to 100 of them. A result of more than 100 distinct
// lines is multiplied by 100/lines, so that returning all does not pay. It is
// 0 without gold.
func LineNDCG(hits, gold [][2]int) float64 {
	want := lineSet(gold)
	if len(want) == 0 {
		return 0
	}
	lines := reading(hits[:min(len(hits), depth)])
	gain := 0.0
	for read, n := range lines {
		if want[n] {
			gain += discount(read)
		}
	}
	ideal := 0.0
	for read := range min(len(want), fullLines) {
		ideal += discount(read)
	}
	if len(lines) > fullLines {
		gain *= fullLines / float64(len(lines))
	}
	return gain / ideal
}

func discount(read int) float64 { return 1 / math.Log2(2+float64(read)) }

// Reach reports whether a gold line is among the first n distinct lines read.
func Reach(hits, gold [][2]int, n int) bool {
	want := lineSet(gold)
	lines := reading(hits)
	for _, line := range lines[:min(n, len(lines))] {
		if want[line] {
			return true
		}
	}
	return false
}

// RankCase is one question's ranked hits, best first.
type RankCase struct {
	Hits, Gold [][2]int
	// Took is the time from the question to the hits.
	Took time.Duration
}

// Scores are what the question gives to the figures of search, whose names
// begin with that of the mode; none without gold.
func (c *RankCase) Scores(mode string) Scores {
	if len(c.Gold) == 0 {
		return nil
	}
	hits := c.Hits[:min(len(c.Hits), depth)]
	first := FirstHit(hits, c.Gold)
	rank := 0.0
	if first > 0 {
		rank = 1 / float64(first)
	}
	name := func(figure string) Figure { return Figure(mode + " " + figure) }
	return Scores{
		name("recall@1"): truth(first == 1), name("recall@5"): truth(first > 0 && first <= 5), name("recall@10"): truth(first > 0),
		name("MRR"): one(rank), name("line-nDCG@10"): one(LineNDCG(hits, c.Gold)), name("reach@50"): truth(Reach(hits, c.Gold, reachLines)),
	}
}

// Ranking is what Rank measures.
type Ranking struct {
	// Recall1 to Recall10 are the shares of questions with a hit among the
	// first k that shares a line with the gold.
	Recall1  Interval `json:"recall_at_1"`
	Recall3  Interval `json:"recall_at_3"`
	Recall5  Interval `json:"recall_at_5"`
	Recall10 Interval `json:"recall_at_10"`
	// MRR is the mean of 1/FirstHit over the first 10 hits, 0 for none.
	MRR      Interval `json:"mrr"`
	LineNDCG Interval `json:"line_ndcg_at_10"`
	// Reach50 is the share of questions with a gold line among the first 50
	// lines read.
	Reach50 Interval `json:"reach_at_50"`
	// Lines is the number of distinct lines in the first 10 hits.
	Lines    Interval      `json:"lines_returned"`
	P50, P95 time.Duration `json:"-"`
}

// Rank measures the cases that have gold; the others are left out, but for
// the latency.
func Rank(cases []RankCase) Ranking {
	var recall [4]sample
	var mrr, ndcg, reach, lines sample
	var took []time.Duration
	for _, c := range cases {
		took = append(took, c.Took)
		if len(c.Gold) == 0 {
			continue
		}
		hits := c.Hits[:min(len(c.Hits), depth)]
		first := FirstHit(hits, c.Gold)
		for i, k := range []int{1, 3, 5, 10} {
			recall[i].addBool(first > 0 && first <= k)
		}
		if first > 0 {
			mrr.add(1 / float64(first))
		} else {
			mrr.add(0)
		}
		ndcg.add(LineNDCG(hits, c.Gold))
		reach.addBool(Reach(hits, c.Gold, reachLines))
		lines.add(float64(len(reading(hits))))
	}
	return Ranking{
		Recall1: Bootstrap(recall[0]), Recall3: Bootstrap(recall[1]), Recall5: Bootstrap(recall[2]), Recall10: Bootstrap(recall[3]),
		MRR: Bootstrap(mrr), LineNDCG: Bootstrap(ndcg), Reach50: Bootstrap(reach), Lines: Bootstrap(lines),
		P50: Percentile(took, 50), P95: Percentile(took, 95),
	}
}
