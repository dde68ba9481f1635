package bot

import (
	"context"
	"slices"
	"time"

	"verbatim/prompts"
	"verbatim/retrieval"
)

// maxMended is the most items of a list that one call mends: as many as its reply
// has room for.
const maxMended = 8

// unheld is an item of a list that does not hold, with the window it came from.
type unheld struct {
	window int
	judged
}

// mend asks once for all items that do not hold, each beside the passages that it
// was made of, and puts those that then hold to the items of their windows.
// Whatever goes wrong, the list is as good as before.
func (c *collection) mend(ctx context.Context, b *Bot, payer retrieval.Scope, windows []listWindow) {
	failed := c.mendable(windows)
	if len(failed) == 0 {
		return
	}
	part := &composer{b: b, payer: payer, publish: func(Draft) {}, started: time.Now().Add(-c.took)}
	for {
		part.material = materialOf(failed, windows)
		p := part.repairPrompt(failed)
		if b.promptTokens(&p)+p.ReplyTokens <= b.chat.client.Window() {
			break
		}
		if len(failed) == 1 {
			return
		}
		failed = failed[:len(failed)/2]
	}
	if err := part.verify(ctx); err != nil {
		return
	}
	list := make([]judged, len(failed))
	for i := range failed {
		list[i] = failed[i].judged
		list[i].check.Fault = part.renumbered(&failed[i], windows)
	}
	mended, repaired, err := part.mend(ctx, list)
	c.made.usage.Add(part.usage)
	if err != nil || repaired == 0 {
		return
	}
	before, _ := c.all()
	for i := range mended {
		if mended[i].ok() {
			c.made.best = max(c.made.best, mended[i].check.Score)
			w := failed[i].window
			c.items[w] = append(c.items[w], part.shown(&mended[i]))
		}
	}
	after, _ := c.all()
	// What was said already mends nothing.
	repaired = max(0, len(after)-len(before))
	c.made.repaired += repaired
	c.made.removed -= repaired
}

// mendable are the items that failed, each once, for which there are passages.
func (c *collection) mendable(windows []listWindow) []unheld {
	var list []unheld
	seen := map[string]bool{}
	for w := range c.failed {
		for _, j := range c.failed[w] {
			item := unheld{w, j}
			if seen[j.Text] || len(item.sources(windows)) == 0 {
				continue
			}
			seen[j.Text] = true
			if list = append(list, item); len(list) == maxMended {
				return list
			}
		}
	}
	return list
}

// sources are the passages of its window that the item cites, and the one that is
// said to hold it; where it cites none that there is, the one with most of its
// words.
func (u *unheld) sources(windows []listWindow) []given {
	all := windows[u.window].given
	var list []given
	for i := range all {
		if slices.Contains(u.Marks, all[i].N) || all[i].N == u.check.Fault.Better {
			list = append(list, all[i])
		}
	}
	if len(list) > 0 {
		return list
	}
	terms := retrieval.ContentTerms(u.Text)
	best, most := -1, 0
	for i := range all {
		said := map[string]bool{}
		for _, t := range retrieval.Terms(retrieval.JoinSentences(all[i].Sentences)) {
			said[t] = true
		}
		n := 0
		for _, t := range terms {
			if said[t] {
				n++
			}
		}
		if n > most {
			best, most = i, n
		}
	}
	if best < 0 {
		return nil
	}
	return all[best : best+1]
}

// materialOf is what the items are made of, numbered anew.
func materialOf(failed []unheld, windows []listWindow) material {
	m := windows[failed[0].window].material
	m.given = nil
	for i := range failed {
		for _, g := range failed[i].sources(windows) {
			if m.numberOf(&g) == 0 {
				g.N = len(m.given) + 1
				m.given = append(m.given, g)
			}
		}
	}
	return m
}

// numberOf is the number that a passage has in the material, 0 for none.
func (m *material) numberOf(g *given) int {
	for i := range m.given {
		if own := &m.given[i]; own.ID == g.ID && own.first == g.first && len(own.Sentences) == len(g.Sentences) {
			return own.N
		}
	}
	return 0
}

// renumbered is the item's fault as one by the numbers of the material.
func (c *composer) renumbered(u *unheld, windows []listWindow) Fault {
	fault := u.check.Fault
	if fault.Kind == FaultNotGiven { // now there may be one of that number
		return Fault{Kind: FaultUncited}
	}
	if fault.Better == 0 {
		return fault
	}
	all := windows[u.window].given
	at := slices.IndexFunc(all, func(g given) bool { return g.N == fault.Better })
	if fault.Better = 0; at >= 0 {
		fault.Better = c.numberOf(&all[at])
	}
	return fault
}

// repairPrompt is about what the items are mended by, for its length.
func (c *composer) repairPrompt(failed []unheld) prompts.Prompt {
	r := prompts.RepairRequest{Question: c.question, Language: languageNames[c.language], Passages: c.material.passages()}
	for i := range failed {
		r.Failed = append(r.Failed, prompts.Failed{Sentence: failed[i].Text, Fault: failed[i].check.Fault.String()})
	}
	return prompts.Repair(r)
}
