package eval

import (
	"cmp"
	"slices"
)

// Comparison is two runs side by side, on one set.
type Comparison struct {
	Set string `json:"set"`
	// A and B count what each run tried of the set, Common what both did.
	A      int `json:"a"`
	B      int `json:"b"`
	Common int `json:"common"`
	// Figures are over what is common alone, in the order of tables.
	Figures []FigureComparison `json:"figures"`
}

// FigureComparison is one figure of two runs.
type FigureComparison struct {
	Figure Figure   `json:"figure"`
	A      Interval `json:"a"`
	B      Interval `json:"b"`
	// Difference is B less A, see [Difference]; its N counts the questions.
	Difference Interval `json:"difference"`
}

// Differs reports whether the range of the difference leaves 0 out.
func (c *FigureComparison) Differs() bool {
	return c.Difference.N > 0 && (c.Difference.Low > 0 || c.Difference.High < 0)
}

// Compare sets two runs side by side, set by set in the order of their names,
// those with nothing in common among them.
func Compare(a, b *Run) []Comparison {
	ofB := map[key]*Record{}
	for i := range b.Records {
		ofB[b.Records[i].key()] = &b.Records[i]
	}
	bySet := map[string]*Comparison{}
	pairs := map[string][][2]*Record{}
	get := func(set string) *Comparison {
		if bySet[set] == nil {
			bySet[set] = &Comparison{Set: set}
		}
		return bySet[set]
	}
	for i := range a.Records {
		r := &a.Records[i]
		c := get(r.Set)
		c.A++
		if other := ofB[r.key()]; other != nil {
			c.Common++
			pairs[r.Set] = append(pairs[r.Set], [2]*Record{r, other})
		}
	}
	for i := range b.Records {
		get(b.Records[i].Set).B++
	}
	var all []Comparison
	for set, c := range bySet {
		c.Figures = compareFigures(pairs[set])
		all = append(all, *c)
	}
	slices.SortFunc(all, func(x, y Comparison) int { return cmp.Compare(x.Set, y.Set) })
	return all
}

// compareFigures compares each figure that either side has.
func compareFigures(pairs [][2]*Record) []FigureComparison {
	// A resample depends on the order, which must not be that of the file.
	slices.SortStableFunc(pairs, func(x, y [2]*Record) int {
		return cmp.Or(cmp.Compare(x[0].Kind, y[0].Kind), cmp.Compare(x[0].ID, y[0].ID))
	})
	figures := map[Figure]bool{}
	for _, p := range pairs {
		for _, r := range p {
			for f := range r.Scores {
				figures[f] = true
			}
		}
	}
	all := []FigureComparison{}
	for f := range figures {
		var scores [2][]Score
		for _, p := range pairs {
			for i, r := range p {
				scores[i] = append(scores[i], r.Scores[f])
			}
		}
		all = append(all, FigureComparison{Figure: f, A: Ratio(scores[0]), B: Ratio(scores[1]), Difference: Difference(scores[0], scores[1])})
	}
	slices.SortFunc(all, func(x, y FigureComparison) int {
		return cmp.Or(cmp.Compare(x.Figure.rank(), y.Figure.rank()), cmp.Compare(x.Figure, y.Figure))
	})
	return all
}
