package bot

import (
	"cmp"
	"slices"
)

// window is a short run of sentences with what of a claim it holds.
type window struct {
	source      *sourceText
	first, last int // sentences, both included
	// held is, for every unit of the claim, how well a word of the window
	// stands for it.
	held  []float32
	cover float64
}

// Bounds of a window: three sentences, or more short ones, as in talk.
const (
	windowSentences = 3
	windowUnits     = 45
	maxWindow       = 8
)

// holds notes what sentence i of the source holds of the claim.
func (c *claimText) holds(held []float32, s *sourceText, sentence int) {
	for j := s.starts[sentence]; j < s.starts[sentence+1]; j++ {
		u := &s.units[j]
		for i := range c.units {
			switch {
			case c.weights[i] == 0:
			case c.units[i].quantity != nil:
				if u.quantity != nil && c.units[i].quantity.Same(u.quantity) {
					held[i] = 1
				}
			case c.units[i].stop && !u.capital: // "us" says nothing of the US
			case u.quantity == nil:
				held[i] = max(held[i], c.like[i][u.id])
			}
		}
	}
}

// leastTotal keeps a claim that says little from being held in full by chance.
const leastTotal = 0.8

// cover is the share of the claim, by weight, that is held.
func (c *claimText) cover(held []float32) float64 {
	sum := 0.0
	for i, h := range held {
		sum += float64(h) * c.weights[i]
	}
	return sum / max(c.total, leastTotal)
}

// othersShare is what words of others hold of a claim that says whose words it
// tells.
const othersShare = 0.2

// listWindows lists the windows of the sources, best first. by, if not nil,
// tells whose words the claim tells.
func (c *claimText) listWindows(sources []*sourceText, by func(speaker string) bool) []window {
	var list []window
	for _, s := range sources {
		sentences := make([][]float32, len(s.Sentences))
		for i := range sentences {
			sentences[i] = make([]float32, len(c.units))
			if s.evidence[i] {
				c.holds(sentences[i], s, i)
				if by != nil && !by(s.Sentences[i].Speaker) {
					for k := range sentences[i] {
						sentences[i][k] *= othersShare
					}
				}
			}
		}
		for first := range sentences {
			if !s.evidence[first] {
				continue
			}
			held := make([]float32, len(c.units))
			for last := first; last < len(sentences) && s.evidence[last] && last-first < maxWindow; last++ {
				if last-first >= windowSentences && s.starts[last+1]-s.starts[first] > windowUnits {
					break
				}
				for i, h := range sentences[last] {
					held[i] = max(held[i], h)
				}
				list = append(list, window{s, first, last, slices.Clone(held), c.cover(held)})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b window) int {
		return cmp.Or(cmp.Compare(b.cover-0.01*float64(b.last-b.first), a.cover-0.01*float64(a.last-a.first)), cmp.Compare(a.source.N, b.source.N), cmp.Compare(a.first, b.first))
	})
	return list
}
