package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"verbatim/bot/model"
	"verbatim/prompts"
	"verbatim/retrieval"
)

const (
	// summaryParallel is how many calls of one summary are under way at once.
	summaryParallel = 3
	// slowCall is how long the first call may take for that.
	slowCall = 5 * time.Second
	// maxFailures is how many calls may fail until no more are made.
	maxFailures = 3
	// longestSummary bounds the model's part of a summary without a time limit.
	longestSummary = 10 * time.Minute
)

// digest makes one summary with the language model: it reads the episode in
// stretches, has the model make points of each, checks every point, and has
// those of all stretches brought together.
type digest struct {
	b    *Bot
	r    *SummaryRequest
	info *retrieval.EpisodeInfo
	talk *talk
	// at is the index in the talk of each sentence of the episode's list.
	at       map[int]int
	episodes map[episodeKey]*retrieval.EpisodeInfo
	progress func(done, total int)

	mutex       sync.Mutex // guards what follows
	done, total int
	usage       model.Usage
	counts      composed // claims, removed, recited and repaired
	failures    int
	failure     error // the first
	// broken is a panic of one of the calls.
	broken *panicked
}

// drawn is a point that holds, with what it rests on.
type drawn struct {
	shown
	heading string
	// quoted says that it is the transcript's own words.
	quoted bool
	// pick are the sentences that it rests on most, with the vector and the
	// weight of all.
	pick pick
}

func newDigest(b *Bot, r *SummaryRequest, info *retrieval.EpisodeInfo, t *talk, progress func(done, total int)) *digest {
	d := &digest{b: b, r: r, info: info, talk: t, progress: progress, at: map[int]int{}}
	d.episodes = map[episodeKey]*retrieval.EpisodeInfo{{info.Scope, info.ID}: info}
	for i, place := range t.place {
		d.at[place] = i
	}
	return d
}

// readAll makes points of every stretch; made[i] is empty where the model gave
// none that holds. The first is read alone: a model that takes long for it has
// one processor, and calls side by side would only run out of their time.
func (d *digest) readAll(ctx context.Context, list []chapter) (made [][]drawn) {
	made = make([][]drawn, len(list))
	read := func(i int) {
		made[i] = d.read(ctx, list[i], i+1, len(list))
		d.step()
	}
	started := time.Now()
	read(0)
	var group errgroup.Group
	if group.SetLimit(summaryParallel); time.Since(started) > slowCall {
		group.SetLimit(1)
	}
	for i := 1; i < len(list); i++ {
		group.Go(func() error {
			if p := catch(func() { read(i) }); p != nil {
				d.breaks(p)
			}
			return nil
		})
	}
	group.Wait() // no error: failures are counted
	d.broken.again()
	return made
}

// read makes the points of a run. Where the model's window turns out to be too
// short for it, its halves are read.
func (d *digest) read(ctx context.Context, run chapter, part, parts int) []drawn {
	if d.givenUp(ctx) {
		return nil
	}
	m := d.material(run)
	points, err := d.ask(ctx, run, m, d.mapPrompt(&m, part, parts), nil)
	if errors.Is(err, model.ErrTooLong) && run.first < run.last {
		for _, half := range d.talk.halves(run) {
			points = append(points, d.read(ctx, half, part, parts)...)
		}
		return points
	}
	d.fail(err)
	return points
}

// ask has the model make points and keeps those that hold. run is where their
// headings must come from. Where the prompt has other numbers than the material,
// numbers has the material's for each of the prompt's.
func (d *digest) ask(ctx context.Context, run chapter, m material, p prompts.Prompt, numbers map[int][]int) ([]drawn, error) {
	c := &composer{b: d.b, payer: d.r.Payer, material: m, prompt: p, publish: func(Draft) {}, started: time.Now()}
	if err := c.verify(ctx); err != nil {
		return nil, err
	}
	defer func() { d.pay(c.usage) }()
	reply, err := d.b.complete(ctx, call{payer: d.r.Payer, purpose: "summary", prompt: p})
	c.usage.Add(reply.Usage)
	if err != nil {
		return nil, err
	}
	found := d.pointsOf(reply)
	claims := make([]prompts.Claim, len(found))
	for i := range found {
		claims[i] = found[i].Claim
		if numbers != nil {
			claims[i].Marks = nil
			for _, mark := range found[i].Marks {
				claims[i].Marks = append(claims[i].Marks, numbers[mark]...)
			}
		}
	}
	return d.hold(ctx, c, run, found, claims)
}

// pointsOf reads the points of a reply.
func (d *digest) pointsOf(reply *model.Reply) []prompts.Point {
	found := prompts.ReadPoints(reply.Text)
	if n := len(found); reply.Truncated && n > 1 {
		found = found[:n-1] // half a sentence
	}
	for i := range found {
		p := &found[i]
		// Where no headings are wanted, one is the beginning of a sentence.
		if first, _ := utf8.DecodeRuneInString(p.Text); d.r.Style != Chapters && p.Heading != "" && unicode.IsLower(first) {
			p.Text = p.Heading + ": " + p.Text
		}
	}
	return found
}

// hold checks the claims of the points found, has them mended where most fail, and
// makes points of those that hold.
func (d *digest) hold(ctx context.Context, c *composer, run chapter, found []prompts.Point, claims []prompts.Claim) ([]drawn, error) {
	list, err := d.judge(ctx, c, claims)
	if err != nil {
		return nil, err
	}
	counts := &composed{claims: len(list)}
	if list, counts.repaired, err = d.mend(ctx, c, list); err != nil {
		return nil, err
	}
	var points []drawn
	for i := range list {
		kept := c.showable(counts, list[i:i+1])
		if len(kept) == 0 {
			continue
		}
		p := d.drawn(kept[0])
		if p.heading, err = d.headingOf(ctx, c, run, found[i].Heading); err != nil {
			return nil, err
		}
		points = append(points, p)
	}
	d.count(counts)
	return points, nil
}

// leastTold is the least support of a point. Who summarises has the words at
// hand, and does not have to go as far from them as who answers a question.
const leastTold = 0.6

// judge checks claims by what they cite and, where that is not enough, by all
// that was given.
func (d *digest) judge(ctx context.Context, c *composer, claims []prompts.Claim) ([]judged, error) {
	list, err := c.judge(ctx, claims)
	if err != nil {
		return nil, err
	}
	return list, d.strict(ctx, c, list)
}

// strict holds claims that were judged to what a point has to meet beside: they
// have the least support of one, and are asserted.
func (d *digest) strict(ctx context.Context, c *composer, list []judged) error {
	var thin []prompts.Claim
	for i := range list {
		if list[i].ok() && list[i].check.Score < leastTold {
			thin = append(thin, prompts.Claim{Text: list[i].Text, Marks: d.marks(c)})
		}
	}
	again, err := c.judge(ctx, thin)
	if err != nil {
		return err
	}
	for i := range list {
		if list[i].ok() && list[i].check.Score < leastTold {
			list[i], again = again[0], again[1:]
			if list[i].check.Score < leastTold {
				list[i].check.Fault = Fault{Kind: FaultSupport}
			}
		}
		if list[i].ok() && !d.asserted(c.shown(&list[i]).places) {
			list[i].check.Fault = Fault{Kind: FaultSupport}
		}
	}
	return nil
}

// asserted reports whether somebody says at the places what a point says: not
// where all that is there is asked, nor where it is then said to be wrong.
func (d *digest) asserted(places []place) bool {
	said := false
	for i := range places {
		for at := places[i].first; at <= places[i].last; at++ {
			n, known := d.at[at]
			if !known || d.talk.denied[n] {
				return false
			}
			said = said || !d.talk.traits[n].asks
		}
	}
	return said
}

// drawn weighs a point that holds.
func (d *digest) drawn(s shown) drawn {
	p := drawn{shown: s}
	var vectors [][]float32
	for i := range p.places {
		at := d.talk.weighAbout(pick{first: d.at[p.places[i].first], last: d.at[p.places[i].last]})
		vectors = append(vectors, at.vector)
		if i == 0 {
			p.pick = at
			continue
		}
		p.pick.also = append(p.pick.also, retrieval.Span{First: at.first, Last: at.last})
		p.pick.weight = max(p.pick.weight, at.weight)
	}
	p.pick.vector = normed(sum(vectors))
	slices.SortStableFunc(p.places, func(a, b place) int { return a.first - b.first })
	return p
}

// quote makes a point of the transcript's own words.
func (d *digest) quote(p pick) drawn {
	sentences := d.talk.sentences[p.first : p.last+1]
	s := shown{text: retrieval.JoinSentences(sentences), places: []place{{
		episode: episodeKey{d.info.Scope, d.info.ID}, first: d.talk.place[p.first], last: d.talk.place[p.last], sentences: sentences,
	}}}
	return drawn{shown: s, heading: p.heading, quoted: true, pick: p}
}

func (d *digest) quotes(picks []pick) []drawn {
	list := make([]drawn, len(picks))
	for i := range picks {
		list[i] = d.quote(picks[i])
	}
	return list
}

// headingOf is the model's heading if every word of it that says something
// stands in the run, and nothing in it contradicts what was said; else "".
func (d *digest) headingOf(ctx context.Context, c *composer, run chapter, heading string) (string, error) {
	heading = strings.TrimSpace(strings.TrimRight(heading, ".:;,"))
	terms := retrieval.ContentTerms(heading)
	if d.r.Style != Chapters || len(terms) == 0 || len(terms) > maxHeadingTerms {
		return "", nil
	}
	said := map[string]bool{}
	for i := run.first; i <= run.last; i++ {
		for _, term := range d.talk.terms[i] {
			said[term] = true
		}
	}
	if !holdsAll(said, terms) || negates(heading) {
		return "", nil
	}
	check, err := c.verifier.CheckAny(ctx, heading, d.marks(c))
	if err != nil {
		return "", err
	}
	if kind := check.Fault.Kind; kind != FaultNone && kind != FaultSupport {
		return "", nil
	}
	return capitalise(heading), nil
}

// maxHeadingTerms is the most words that say something in a heading.
const maxHeadingTerms = 8

// marks are the numbers of all that was given.
func (d *digest) marks(c *composer) []int {
	marks := make([]int, len(c.given))
	for i := range c.given {
		marks[i] = c.given[i].N
	}
	return marks
}

// givenUp reports whether no more calls are to be made.
func (d *digest) givenUp(ctx context.Context) bool {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return ctx.Err() != nil || d.failures >= maxFailures
}

// fail counts a failed call. An exhausted budget or a refused key will not do
// better.
func (d *digest) fail(err error) {
	if err == nil {
		return
	}
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.failures++
	if errors.Is(err, errBudget) || errors.Is(err, model.ErrRejected) {
		d.failures = maxFailures
	}
	if d.failure == nil {
		d.failure = err
	}
}

func (d *digest) breaks(p *panicked) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.broken = p
}

func (d *digest) pay(u model.Usage) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.usage.Add(u)
}

func (d *digest) count(c *composed) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.counts.claims += c.claims
	d.counts.removed += c.removed
	d.counts.recited += c.recited
	d.counts.repaired += c.repaired
}

// step tells that another call is done.
func (d *digest) step() {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.done++
	d.progress(d.done, d.total)
}
