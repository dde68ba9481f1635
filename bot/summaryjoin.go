package bot

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"verbatim/prompts"
	"verbatim/retrieval"
)

const (
	// reducePoints is the most points that one call brings together.
	reducePoints = 40
	// chosenBonus is what a point gains that the model chose from all, and
	// quotePrice what one loses that is the transcript's own words.
	chosenBonus = 0.1
	quotePrice  = 0.3
	// reduceRounds bounds how often the points are brought together again
	// because they are too many for one call.
	reduceRounds = 4
	// wordedShare is the least share of a quote's content words, by number, that a
	// weak model's point has to say in its place.
	wordedShare = 0.8
)

// summarize fills the summary's points, by the model's where they hold. Its error
// is that of the caller's ctx alone.
func (d *digest) summarize(ctx context.Context, s *Summary) error {
	until, cancel := context.WithDeadline(ctx, summaryDeadline(ctx, time.Now()))
	defer cancel()
	list := d.stretches()
	d.total = len(list)
	if d.most() > 0 {
		d.total++ // bringing together
	}
	made := d.readAll(until, list)
	var points []drawn
	if slices.ContainsFunc(made, func(points []drawn) bool { return len(points) > 0 }) {
		if points = slices.Concat(made...); d.most() == 0 {
			points = d.byChapter(points)
		} else {
			points = d.reduced(until, points)
			d.step()
		}
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	d.finish(s, points)
	return nil
}

// summaryDeadline is when the model's part of a summary must be over.
func summaryDeadline(ctx context.Context, now time.Time) time.Time {
	if _, ok := ctx.Deadline(); !ok {
		return now.Add(longestSummary)
	}
	return modelDeadline(ctx, now)
}

// finish numbers the points, or quotes the transcript when no point is the
// model's.
func (d *digest) finish(s *Summary, points []drawn) {
	s.Usage, s.Removed = d.usage, d.counts.removed
	d.b.metrics.countComposed(&d.counts)
	if !slices.ContainsFunc(points, func(p drawn) bool { return !p.quoted }) {
		if s.Without = fallbackOf(d.failure); s.Without == FallbackNone {
			s.Without = FallbackUnsupported
		}
		s.extract(d.info, d.talk)
		return
	}
	s.Model = d.b.chat.client.Model()
	c := &citer{episodes: d.episodes}
	for i := range points {
		p := &points[i]
		point := Point{Heading: p.heading, Text: p.text}
		if p.quoted {
			point.Text = "“" + p.text + "”"
			s.Quoted++
		}
		for _, at := range c.add(p.places) {
			point.Citations = append(point.Citations, at+1)
		}
		s.Points = append(s.Points, point)
	}
	s.Citations = c.citations()
}

// byChapter gives each chapter the best of its points: as many as the style
// wants, and a heading if it wants one.
func (d *digest) byChapter(points []drawn) []drawn {
	own := make([][]drawn, len(d.talk.chapters))
	for i := range points {
		c := d.talk.chapterOf(points[i].pick.first)
		own[c] = append(own[c], points[i])
	}
	var all []drawn
	for i, c := range d.talk.chapters {
		n := chapterPoints
		if d.r.Style == Detailed {
			n = detailPoints(c.words)
		}
		heading := ""
		for _, p := range own[i] {
			heading = cmp.Or(heading, p.heading)
		}
		best := d.choose(c, n, slices.Concat(own[i], d.quotes(d.talk.spread(c, n))))
		for k := range best {
			best[k].heading = ""
		}
		if d.r.Style == Chapters {
			best[0].heading = cmp.Or(heading, d.talk.heading(&c))
		} else {
			best = withoutRepeated(best)
		}
		all = append(all, best...)
	}
	return all
}

// withoutRepeated leaves out points that say nothing but what one before them
// says.
func withoutRepeated(points []drawn) []drawn {
	list := make([]shown, len(points))
	for i := range points {
		list[i] = points[i].shown
	}
	var kept []drawn
	next := 0
	for _, s := range withoutRepeats(list) {
		for points[next].text != s.text {
			next++
		}
		kept = append(kept, points[next])
		next++
	}
	return kept
}

// most is how many points the style has at most, 0 where those of all stretches
// stay.
func (d *digest) most() int {
	switch d.r.Style {
	case Brief:
		return d.talk.briefPoints()
	case Takeaways:
		return d.talk.takeawayPoints()
	}
	return 0
}

// reduced brings the points together to as many as the style has: by the model
// where that holds, else the weightiest of them.
func (d *digest) reduced(ctx context.Context, points []drawn) []drawn {
	if weakModel(d.b.chat.client.Model()) {
		return d.worded(points)
	}
	n := d.most()
	// What is salient goes in as well, for the model to word.
	points = withoutRepeated(append(points, d.quotes(d.talk.pick(d.r.Style))...))
	joined := points
	for range reduceRounds {
		if len(joined) <= n {
			break
		}
		groups := d.groups(joined, n)
		most := n
		var next []drawn
		for _, group := range groups {
			if len(groups) > 1 {
				most = max(n, (len(group)+1)/2)
			}
			next = append(next, d.reduce(ctx, group, most)...)
		}
		joined = next
		if len(groups) == 1 {
			break
		}
	}
	// What the model chose counts for more, what is quoted for less, but
	// neither outweighs what the episode itself gives weight to.
	points = d.choose(d.talk.whole(), n, slices.Concat(joined, points))
	if d.r.Style == Takeaways {
		slices.SortStableFunc(points, func(a, b drawn) int { return cmp.Compare(b.pick.weight, a.pick.weight) })
	}
	return points
}

// worded are the points that the style has without a model, in the model's words
// where it has them for nearly all of one. A weak model keeps what is easy to copy
// rather than what the episode comes to.
func (d *digest) worded(points []drawn) []drawn {
	list := d.quotes(d.talk.pick(d.r.Style))
	for i := range list {
		q := &list[i]
		least := wordedShare * float64(len(contentOf(q.text)))
		at := slices.IndexFunc(points, func(p drawn) bool {
			return !p.quoted && q.pick.first <= p.pick.first && p.pick.last <= q.pick.last && float64(len(contentOf(p.text))) >= least
		})
		if at >= 0 {
			*q = points[at]
		}
	}
	return list
}

// groups part points into as many as one call can bring together.
func (d *digest) groups(points []drawn, n int) [][]drawn {
	var groups [][]drawn
	for len(points) > 0 {
		size := min(len(points), reducePoints)
		for size > n+1 {
			p := d.reducePrompt(points[:size], n)
			if d.fits(&p) {
				break
			}
			size = size * 3 / 4
		}
		groups, points = append(groups, points[:size]), points[size:]
	}
	return groups
}

func (d *digest) reducePrompt(points []drawn, most int) prompts.Prompt {
	list := make([]prompts.Passage, len(points))
	for i := range points {
		list[i] = prompts.Passage{N: i + 1, Text: points[i].text}
	}
	p := prompts.Reduce(prompts.ReduceRequest{
		Title: d.title(), Style: d.r.Style, Language: languageNames[d.r.Language], Most: most, Points: list,
	})
	p.ReplyTokens = min(p.ReplyTokens, max(1, d.b.chat.client.Window()/replyShare))
	return p
}

// reduce has the model bring points together. What it makes of them must hold
// by the words that they rest on; when nothing does, the weightiest stay.
func (d *digest) reduce(ctx context.Context, points []drawn, most int) []drawn {
	if len(points) <= 1 || d.givenUp(ctx) {
		return d.choose(d.talk.whole(), most, points)
	}
	made, err := d.join(ctx, points, most)
	d.fail(err)
	if len(made) == 0 {
		return d.choose(d.talk.whole(), most, points)
	}
	for i := range made {
		made[i].pick.weight += chosenBonus
	}
	return made[:min(len(made), most)]
}

// join asks for points made of points. Each of these is a source for every run
// of sentences that it rests on.
func (d *digest) join(ctx context.Context, points []drawn, most int) ([]drawn, error) {
	m := material{language: d.r.Language, episodes: d.episodes}
	numbers := map[int][]int{} // of the runs of each point
	for i := range points {
		for _, p := range points[i].places {
			n := len(m.given) + 1
			numbers[i+1] = append(numbers[i+1], n)
			id := retrieval.PassageID{Scope: d.info.Scope, Episode: d.info.ID, Seq: p.first}
			m.given = append(m.given, given{Source: Source{N: n, ID: id, Sentences: p.sentences}, first: p.first})
		}
	}
	return d.ask(ctx, d.talk.whole(), m, d.reducePrompt(points, most), numbers)
}

// choose takes n of the points, as talk.choose does.
func (d *digest) choose(run chapter, n int, points []drawn) []drawn {
	candidates := make([]pick, len(points))
	for i := range points {
		candidates[i] = points[i].pick
		candidates[i].of = i
		if points[i].quoted {
			candidates[i].weight -= quotePrice
			candidates[i].quote = true
		}
	}
	var chosen []drawn
	for _, p := range d.talk.choose(run, n, candidates) {
		chosen = append(chosen, points[p.of])
	}
	return chosen
}
