package bot

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"verbatim/bot/model"
	"verbatim/prompts"
	"verbatim/retrieval"
)

const (
	// maxWindows is the most calls that read for one list; what does not fit
	// into them is not read, and the answer says so. One more may mend.
	maxWindows = 24
	// windowPieces is the most passages of one call.
	windowPieces = 8
	// listParallel is how many calls of one list are under way at once.
	listParallel = 4
	// maxItems is the longest list shown.
	maxItems = 40
	// loadAtOnce is how many passages are loaded at a time.
	loadAtOnce = 64
	// listMargin is how long before the end of the time the calls of a list
	// end, so that what was collected till then is given.
	listMargin = time.Second
)

// listWindow is what one call of a list reads.
type listWindow struct {
	material
	prompt prompts.Prompt
}

// collect makes a list from all passages of the episodes or, where they are too
// many, from those likeliest to hold something. m is what a short answer would
// be made of.
func (r *asking) collect(ctx context.Context, m material) (made *composed, cost model.Usage, without Fallback, err error) {
	ids, total := r.allPassages()
	if most := maxWindows * r.bot.piecesAtOnce(); len(ids) > most {
		if ids, err = r.likeliest(ctx, most); err != nil {
			return nil, cost, FallbackNone, err
		}
	}
	list, err := r.pieces(ctx, ids)
	if err != nil {
		return nil, cost, FallbackNone, err
	}
	if m.episodes, err = r.bot.describeGiven(ctx, list); err != nil {
		return nil, cost, FallbackNone, err
	}
	windows := r.bot.windows(&m, list)
	k := newKeyer("list")
	for i := range windows {
		part := r.bot.replyKey(r.q, &windows[i].material, &windows[i].prompt, "window")
		k.text(string(part[:]))
	}
	k.number(total)
	return r.bot.shared(ctx, r.q, k.sum(), func(ctx context.Context, publish func(Draft)) (*composed, error) {
		return r.bot.collectAll(ctx, r.q.Payer, windows, total, publish)
	})
}

// allPassages are those of all episodes that pass the filter; total is how many
// those are.
func (r *asking) allPassages() (ids []retrieval.PassageID, total int) {
	for i := range r.episodes {
		e := &r.episodes[i]
		for seq := range e.Passages {
			ids = append(ids, retrieval.PassageID{Scope: e.Scope, Episode: e.ID, Seq: seq})
		}
		total += e.Passages
	}
	return ids, total
}

// likeliest are the passages that a search finds best, in the order of the
// episodes.
func (r *asking) likeliest(ctx context.Context, n int) ([]retrieval.PassageID, error) {
	hits, err := r.bot.Search(ctx, retrieval.Query{Text: r.searched, Filter: r.q.Filter, K: n, Apart: true})
	if err != nil {
		return nil, err
	}
	ids := make([]retrieval.PassageID, len(hits))
	for i := range hits {
		ids[i] = hits[i].ID
	}
	slices.SortFunc(ids, retrieval.PassageID.Compare)
	return ids, nil
}

// pieces loads the passages and cuts them into what a model may be given, each
// sentence once.
func (r *asking) pieces(ctx context.Context, ids []retrieval.PassageID) ([]given, error) {
	var list []given
	var in episodeKey
	next := 0 // the first sentence of the episode that is not given yet
	for from := 0; from < len(ids); from += loadAtOnce {
		passages, err := r.bot.library.Passages(ctx, ids[from:min(from+loadAtOnce, len(ids))])
		if err != nil {
			return nil, err
		}
		for i := range passages {
			p := &passages[i]
			if key := (episodeKey{p.ID.Scope, p.ID.Episode}); key != in {
				in, next = key, 0
			}
			h := retrieval.Hit{Passage: *p}
			if skip := next - p.First; skip > 0 {
				h.Sentences, h.First = p.Sentences[min(skip, len(p.Sentences)):], next
			}
			next = max(next, p.Last+1)
			pieces := piecesOf(&h, r.q.Filter.Speaker)
			slices.SortFunc(pieces, func(a, b given) int { return cmp.Compare(a.first, b.first) })
			list = append(list, pieces...)
		}
	}
	return list, nil
}

// piecesAtOnce is how many pieces one call reads.
func (b *Bot) piecesAtOnce() int {
	if b.chat.client.Window() <= smallWindow {
		return smallPassages
	}
	return windowPieces
}

// windows divides pieces among calls, as many to each as fit.
func (b *Bot) windows(m *material, list []given) []listWindow {
	var windows []listWindow
	for len(list) > 0 && len(windows) < maxWindows {
		w := listWindow{material: *m}
		w.collecting = true
		w.given = slices.Clone(list[:min(b.piecesAtOnce(), len(list))])
		for i := range w.given {
			w.given[i].N = i + 1
		}
		w.prompt = b.fit(&w.material, len(w.given))
		windows, list = append(windows, w), list[len(w.given):]
	}
	return windows
}

// collectAll reads all windows. Those that fail are not read; an error comes
// back when all do.
func (b *Bot) collectAll(ctx context.Context, payer retrieval.Scope, windows []listWindow, total int, publish func(Draft)) (*composed, error) {
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-min(listMargin, time.Until(deadline)/4)))
		defer cancel()
	}
	c := &collection{items: make([][]shown, len(windows)), read: make([]bool, len(windows)), failed: make([][]judged, len(windows)), made: composed{total: total}}
	var group errgroup.Group
	group.SetLimit(listParallel)
	for i := range windows {
		group.Go(func() error {
			part := &composer{b: b, payer: payer, material: windows[i].material, prompt: windows[i].prompt, publish: func(Draft) {}, started: time.Now()}
			broken := catch(func() {
				judged, err := part.collect(ctx)
				c.take(i, part, judged, err)
				if err == nil {
					publish(c.draft(windows[i].episodes))
				}
			})
			if broken != nil {
				c.breaks(broken)
			}
			return nil
		})
	}
	group.Wait() // no error: those are in c
	c.broken.again()
	c.mend(ctx, b, payer, windows)
	return c.finish(windows)
}

// collection is a list that is being made. Safe for concurrent use.
type collection struct {
	mutex sync.Mutex
	// items, failed and read are by window; failed is what did not hold.
	items  [][]shown
	failed [][]judged
	read   []bool
	made   composed
	err    error
	// took is how long the slowest call took.
	took time.Duration
	// broken is a panic of one of the calls.
	broken *panicked
}

func (c *collection) breaks(p *panicked) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.broken = p
}

// take takes what came of a window.
func (c *collection) take(i int, part *composer, list []judged, err error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.made.usage.Add(part.usage)
	if err != nil {
		c.err = cmp.Or(c.err, err)
		return
	}
	if c.made.firstToken == 0 || part.first < c.made.firstToken {
		c.made.firstToken = part.first
	}
	c.took = max(c.took, time.Since(part.started))
	c.made.claims += len(list)
	c.items[i], c.read[i] = part.showable(&c.made, list), true
	for k := range list {
		if !list[k].ok() {
			c.failed[i] = append(c.failed[i], list[k])
		}
	}
}

// all are the items so far, in the order of the episodes, each once; left is how
// many more there are than can be shown.
func (c *collection) all() (list []shown, left int) {
	list = withoutRepeats(slices.Concat(c.items...))
	most := min(len(list), maxItems)
	return list[:most], len(list) - most
}

func (c *collection) draft(episodes map[episodeKey]*retrieval.EpisodeInfo) Draft {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	var d Draft
	list, _ := c.all()
	d.Sentences, d.Citations = render(list, episodes)
	return d
}

// finish is the list.
func (c *collection) finish(windows []listWindow) (*composed, error) {
	seen := map[retrieval.PassageID]bool{}
	any := false
	for i := range windows {
		if !c.read[i] {
			continue
		}
		any = true
		for j := range windows[i].given {
			seen[windows[i].given[j].ID] = true
		}
		for _, key := range windows[i].episodeKeys() {
			if !slices.Contains(c.made.of, key) {
				c.made.of = append(c.made.of, key)
			}
		}
	}
	if !any {
		return nil, c.err
	}
	c.made.notFound = c.made.claims == 0
	list, left := c.all()
	c.made.left = left
	c.made.sentences, c.made.citations = render(list, windows[0].episodes)
	if c.made.read = len(seen); len(windows) < maxWindows && !slices.Contains(c.read, false) {
		c.made.read = c.made.total // what was left out is no evidence
	}
	return &c.made, nil
}

// collect reads one window.
func (c *composer) collect(ctx context.Context) ([]judged, error) {
	reply, err := c.ask(ctx)
	if err != nil {
		return nil, err
	}
	return c.judge(ctx, c.claims(reply))
}
