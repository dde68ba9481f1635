package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"verbatim/bot/model"
	"verbatim/prompts"
	"verbatim/retrieval"
)

const (
	// extractTime is what is kept of a question's time for the answer without
	// the model, should the model fail; of less than four times that, a
	// quarter.
	extractTime = 2 * time.Second
	// longestReply bounds the model's part of a question without a time limit,
	// all calls together.
	longestReply = 2 * time.Minute
	// longTries is how often a prompt is made shorter for a model that says
	// that it is too long.
	longTries = 3
)

// composed is what came of asking the model. It is shared: read only.
type composed struct {
	// notFound says that the model did not find the answer, or had nothing to
	// say.
	notFound  bool
	sentences []AnswerSentence
	citations []retrieval.Citation
	// best is the support of the best supported sentence, 0 to 1.
	best float64
	// claims is how many sentences the model made; the others are how many of
	// them were not shown, rest on other passages than they cited, and are
	// shown as mended.
	claims, removed, recited, repaired int
	// read and total are how many passages were read, of how many, for a list.
	read, total int
	// left is how many items of a list are not shown.
	left       int
	usage      model.Usage
	firstToken time.Duration
	// of are the episodes that it was made of.
	of []episodeKey
}

// modelDeadline is when the model's part of a question must be over.
func modelDeadline(ctx context.Context, now time.Time) time.Time {
	deadline, ok := ctx.Deadline()
	if !ok {
		return now.Add(longestReply)
	}
	return deadline.Add(-min(extractTime, max(0, deadline.Sub(now)/4)))
}

// composer makes one answer with the model.
type composer struct {
	b     *Bot
	payer retrieval.Scope
	material
	prompt prompts.Prompt
	// passages is the language of what was given, "" unknown.
	passages string
	verifier *Verifier
	checked  map[string]Check // by claim and marks
	// draft is that of the complete sentences done, without the rest.
	done    []prompts.Claim
	draft   *Draft
	publish func(Draft)
	started time.Time
	usage   model.Usage
	first   time.Duration
}

// compose makes the answer, or takes it from memory, or waits for the one that
// is being made for an equal question. Its error is that of the caller's ctx
// alone; what else goes wrong is the fallback. cost is what this question has to
// pay for.
func (b *Bot) compose(ctx context.Context, q *Question, m material) (made *composed, cost model.Usage, without Fallback, err error) {
	asked := b.fit(&m, len(m.given))
	key := b.replyKey(q, &m, &asked, "answer")
	return b.shared(ctx, q, key, func(ctx context.Context, publish func(Draft)) (*composed, error) {
		c := &composer{b: b, payer: q.Payer, material: m, prompt: asked, publish: publish, started: time.Now()}
		return c.compose(ctx)
	})
}

// replyKey is the key of an answer of that material to that prompt. Answers are
// never shared between those who pay, nor between what may be seen.
func (b *Bot) replyKey(q *Question, m *material, p *prompts.Prompt, kind string) replyKey {
	k := newKeyer(kind)
	k.text(b.chat.client.Model())
	k.text(string(q.Payer))
	k.number(len(q.Filter.Scopes))
	for _, s := range q.Filter.Scopes {
		k.text(string(s))
	}
	versions := prompts.Versions()
	for _, name := range []string{"repair", "translate"} {
		k.text(versions[name])
	}
	k.prompt(p)
	k.material(m)
	return k.sum()
}

// shared gives what run makes: from memory, or from an equal question's flight,
// or from a new one.
func (b *Bot) shared(ctx context.Context, q *Question, key replyKey, run func(context.Context, func(Draft)) (*composed, error)) (made *composed, cost model.Usage, without Fallback, err error) {
	deadline := modelDeadline(ctx, time.Now())
	until, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	for {
		f, kept, first := b.replies.join(ctx, key, deadline, run)
		if kept != nil {
			b.metrics.cached.Add(1)
			return kept, cost, FallbackNone, nil
		}
		if !first {
			b.metrics.shared.Add(1)
		}
		ended := func() bool {
			defer b.replies.leave(ctx, key, f) // even if telling of a draft panics
			return f.follow(until, nil, q.Draft)
		}()
		if ended {
			f.broken.again()
		}
		switch {
		case ended && f.err == nil && first:
			return f.made, f.made.usage, FallbackNone, nil
		case ended && f.err == nil:
			return f.made, cost, FallbackNone, nil
		case ctx.Err() != nil:
			return nil, cost, FallbackNone, ctx.Err()
		case until.Err() != nil:
			return nil, cost, FallbackSlow, nil
		case !first && fallbackOf(f.err) == FallbackSlow:
			continue // the time of the one who asked first was shorter than ours
		}
		return nil, cost, fallbackOf(f.err), nil
	}
}

// compose asks, checks, mends and numbers.
func (c *composer) compose(ctx context.Context) (*composed, error) {
	reply, err := c.ask(ctx)
	if err != nil {
		return nil, err
	}
	claims := c.claims(reply)
	made := &composed{claims: len(claims), notFound: len(claims) == 0, firstToken: c.first, of: c.episodeKeys()}
	if !made.notFound {
		if err := c.settle(ctx, made, claims); err != nil {
			return nil, err
		}
	}
	made.usage = c.usage
	return made, nil
}

// claims are the sentences of a reply, none for "not found".
func (c *composer) claims(reply *model.Reply) []prompts.Claim {
	read := prompts.ReadAnswer(reply.Text)
	if read.NotFound {
		return nil
	}
	if reply.Truncated { // the last sentence may be half of one
		if done, _ := prompts.ReadDraft(reply.Text); len(done) > 0 {
			return done
		}
	}
	return read.Claims
}

// settle checks the claims, has the faulty ones mended, and numbers what is
// left.
func (c *composer) settle(ctx context.Context, made *composed, claims []prompts.Claim) error {
	judged, err := c.judge(ctx, claims)
	if err != nil {
		return err
	}
	if judged, made.repaired, err = c.mend(ctx, judged); err != nil {
		return err
	}
	made.sentences, made.citations = render(c.distinct(c.showable(made, judged)), c.episodes)
	return nil
}

// showable are the sentences that hold; the others are counted.
func (c *composer) showable(made *composed, judged []judged) []shown {
	var list []shown
	for i := range judged {
		j := &judged[i]
		if !j.ok() {
			made.removed++
			continue
		}
		made.best = max(made.best, j.check.Score)
		if j.check.Recited {
			made.recited++
		}
		list = append(list, c.shown(j))
	}
	return list
}

// ask sends the prompt; one that is too long is made shorter.
func (c *composer) ask(ctx context.Context) (*model.Reply, error) {
	for try := 0; ; try++ {
		if err := c.verify(ctx); err != nil {
			return nil, err
		}
		reply, err := c.listen(ctx)
		c.usage.Add(reply.Usage)
		c.first = reply.FirstToken
		if !errors.Is(err, model.ErrTooLong) || try == longTries {
			return reply, err
		}
		// What was learnt of the window may not say it all.
		before := len(c.given)
		c.prompt = c.b.fit(&c.material, max(1, before*3/4))
		if len(c.given) == before && len(c.given[0].Sentences) > 1 {
			c.given = []given{c.given[0].half()}
			c.prompt = c.material.prompt()
		}
	}
}

// listen sends the prompt as it is, and makes drafts of the reply.
func (c *composer) listen(ctx context.Context) (*model.Reply, error) {
	progress, stop := c.drafts(ctx)
	defer stop()
	return c.b.complete(ctx, call{payer: c.payer, purpose: "answer", prompt: c.prompt, progress: progress})
}

// verify makes the verifier of what is given.
func (c *composer) verify(ctx context.Context) error {
	var infos []retrieval.EpisodeInfo
	for _, key := range c.episodeKeys() {
		if info := c.episodes[key]; info != nil {
			infos = append(infos, *info)
		}
	}
	var texts []string
	for i := range c.given {
		texts = append(texts, retrieval.JoinSentences(c.given[i].Sentences))
	}
	c.passages = languageOf(strings.Join(texts, "\n"))
	c.checked, c.draft = map[string]Check{}, nil
	var err error
	c.verifier, err = NewVerifier(ctx, c.b.compare, c.sources(), infos)
	return err
}

// episodeKeys are the episodes of what is given, each once.
func (m *material) episodeKeys() []episodeKey {
	var keys []episodeKey
	for i := range m.given {
		key := episodeKey{m.given[i].ID.Scope, m.given[i].ID.Episode}
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// check checks a claim, once.
func (c *composer) check(ctx context.Context, text string, marks []int) (Check, error) {
	key := fmt.Sprint(marks, text)
	if known, ok := c.checked[key]; ok {
		return known, nil
	}
	found, err := c.verifier.CheckAny(ctx, text, marks)
	if err != nil {
		return found, err
	}
	if found.OK() && len(found.Supports) == 0 {
		found.Fault = Fault{Kind: FaultSupport}
	}
	if found.OK() && !c.retold(text, found.Supports) {
		found.Fault, found.Supports = Fault{Kind: FaultSupport}, nil
	}
	c.checked[key] = found
	return found, nil
}

// sentencesCopy and citationsCopy are for an answer of its own.
func (c *composed) sentencesCopy() []AnswerSentence {
	list := slices.Clone(c.sentences)
	for i := range list {
		list[i].Citations = slices.Clone(list[i].Citations)
	}
	return list
}

func (c *composed) citationsCopy() []retrieval.Citation { return slices.Clone(c.citations) }
