package bot

import "verbatim/prompts"

// trusted takes claims as the model made them, for measuring what checking them
// is worth: each rests on all of the passages that it marks, as far as those
// were given.
func (c *composer) trusted(claims []prompts.Claim) []judged {
	list := make([]judged, len(claims))
	for i := range claims {
		list[i] = judged{Claim: claims[i], check: Check{Score: 1}}
		for _, n := range claims[i].Marks {
			for j := range c.given {
				if g := &c.given[j]; g.N == n {
					list[i].check.Supports = append(list[i].check.Supports, Support{N: n, Last: len(g.Sentences) - 1, Score: 1})
				}
			}
		}
	}
	return list
}
