package bot

import (
	"context"
	"time"
)

// mend asks the model once more for the points of a call most of which do not
// hold, naming the faults. Where most hold, the episode is told of without the
// others.
func (d *digest) mend(ctx context.Context, c *composer, list []judged) (mended []judged, repaired int, err error) {
	held := 0
	for i := range list {
		if list[i].ok() {
			held++
		}
	}
	if 2*held >= len(list) || !d.spares(ctx, c) {
		return list, 0, nil
	}
	if mended, _, err = c.mend(ctx, list); err != nil {
		return nil, 0, err
	}
	if err := d.strict(ctx, c, mended); err != nil {
		return list, 0, nil // what holds is worth more than what may
	}
	for i := range mended {
		if mended[i].ok() && !list[i].ok() {
			repaired++
		}
	}
	return mended, repaired, nil
}

// spares reports whether there are time and budget for a call that the summary can
// do without, beside those to come: a part that is not read at all is worse than
// one that is told of by fewer points.
func (d *digest) spares(ctx context.Context, c *composer) bool {
	took := time.Since(c.started)
	lanes := summaryParallel
	if took > slowCall {
		lanes = 1
	}
	d.mutex.Lock()
	calls := max(1, d.total-d.done) // this one in place of the one that it mends
	failed := d.failures > 0
	d.mutex.Unlock()
	if failed || !c.hasTime(ctx) {
		return false
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < took*time.Duration(1+calls/lanes) {
		return false
	}
	each := d.b.estimate(&c.prompt)
	all := modelUse{Tokens: calls * each.Tokens, Cost: float64(calls) * each.Cost}
	return d.b.state.usage.affords(d.r.Payer, all, d.b.budgetOf(d.r.Payer), time.Now())
}
