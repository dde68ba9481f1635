package bot

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"verbatim/prompts"
	"verbatim/retrieval"
)

// leastMend is the least time that must be left for a further call; and it must
// be as much as the first one took.
const leastMend = 2 * time.Second

// judged is a claim with what was found of it.
type judged struct {
	prompts.Claim
	check Check
}

func (j *judged) ok() bool { return j.check.OK() }

// judge checks claims. Where they are in another language than the passages,
// what is checked is a translation, by a call that sees nothing but the
// sentences, so that it cannot know what they should say.
func (c *composer) judge(ctx context.Context, claims []prompts.Claim) ([]judged, error) {
	if c.unverified {
		return c.trusted(claims), nil
	}
	texts := textsOf(claims)
	foreign := foreignTo(c.passages, strings.Join(texts, " "))
	if foreign != "" {
		var err error
		if texts, err = c.translate(ctx, texts); err != nil {
			return nil, err
		}
	}
	list := make([]judged, len(claims))
	for i := range claims {
		list[i].Claim = claims[i]
		if texts == nil { // there is no translation to check
			list[i].check.Fault = Fault{Kind: FaultSupport}
			continue
		}
		var err error
		if list[i].check, err = c.check(ctx, texts[i], claims[i].Marks); err != nil {
			return nil, err
		}
	}
	if foreign != "" {
		c.holdForeign(list, texts, foreign)
	}
	return list, nil
}

// mend asks the model once to mend what failed, naming the faults, and puts what
// then holds in its place. When that cannot be done, what failed stays failed.
func (c *composer) mend(ctx context.Context, list []judged) (mended []judged, repaired int, err error) {
	var failed []prompts.Failed
	for i := range list {
		if !list[i].ok() {
			failed = append(failed, prompts.Failed{Sentence: list[i].Text, Fault: list[i].check.Fault.String()})
		}
	}
	if len(failed) == 0 || !c.hasTime(ctx) {
		return list, 0, nil
	}
	prompt := prompts.Repair(prompts.RepairRequest{Question: c.question, Language: languageNames[c.language], Passages: c.material.passages(), Failed: failed})
	if c.b.promptTokens(&prompt)+prompt.ReplyTokens > c.b.chat.client.Window() {
		return list, 0, nil
	}
	reply, err := c.b.complete(ctx, call{payer: c.payer, purpose: "repair", prompt: prompt})
	c.usage.Add(reply.Usage)
	if err != nil {
		if errors.Is(ctx.Err(), context.Canceled) {
			return nil, 0, ctx.Err() // nobody waits any more
		}
		return list, 0, nil
	}
	again, err := c.judge(ctx, prompts.ReadAnswer(reply.Text).Claims)
	if err != nil {
		// The sentences that hold are worth more than those that may.
		return list, 0, nil
	}
	mended, repaired = placeMended(list, again)
	return mended, repaired, nil
}

// hasTime reports whether there is time for another call.
func (c *composer) hasTime(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return !ok || time.Until(deadline) > max(leastMend, time.Since(c.started))
}

// placeMended puts what was mended and holds in the place of what failed: one
// for one when there are as many, else in order, the rest after the last.
func placeMended(list, again []judged) (mended []judged, repaired int) {
	failed := 0
	for i := range list {
		if !list[i].ok() {
			failed++
		}
	}
	one := len(again) == failed
	next := 0
	for i := range list {
		if list[i].ok() {
			mended = append(mended, list[i])
			continue
		}
		if !one {
			for next < len(again) && !again[next].ok() {
				next++
			}
		}
		if next < len(again) && again[next].ok() {
			mended = append(mended, again[next])
			repaired++
		} else {
			mended = append(mended, list[i])
		}
		next++
	}
	return mended, repaired
}

// shown is the claim with the places that it rests on.
func (c *composer) shown(j *judged) shown {
	s := shown{text: j.Text}
	for _, support := range j.check.Supports {
		for i := range c.given {
			g := &c.given[i]
			if g.N != support.N || support.First < 0 || support.Last >= len(g.Sentences) || support.First > support.Last {
				continue
			}
			s.places = append(s.places, place{
				episode: episodeKey{g.ID.Scope, g.ID.Episode}, first: g.first + support.First, last: g.first + support.Last,
				sentences: g.Sentences[support.First : support.Last+1],
			})
		}
	}
	return s
}

// quoted finds words in quotation marks.
var quoted = regexp.MustCompile(`“[^“”]*”|„[^„“”]*[“”]|«[^«»]*»|»[^«»]*«|「[^「」]*」|『[^『』]*』|"[^"]*"`)

// translate translates sentences into the passages' language, nil when the reply
// is none. What is quoted is checked as it stands, not as translated.
func (c *composer) translate(ctx context.Context, texts []string) ([]string, error) {
	if len(texts) == 0 {
		return texts, nil
	}
	prompt := prompts.Translate(texts, languageNames[c.passages])
	reply, err := c.b.complete(ctx, call{payer: c.payer, purpose: "translate", prompt: prompt})
	c.usage.Add(reply.Usage)
	if err != nil {
		return nil, err
	}
	translated := prompts.ReadLines(reply.Text, len(texts))
	for i := range translated {
		translated[i] = keepQuotes(texts[i], translated[i])
	}
	return translated, nil
}

// keepQuotes puts the quotes of a sentence into its translation, in the place of
// those there, or else at its end.
func keepQuotes(text, translation string) string {
	quotes := quoted.FindAllString(text, -1)
	for i, q := range quotes {
		runes := []rune(q)
		quotes[i] = "“" + string(runes[1:len(runes)-1]) + "”"
	}
	if len(quoted.FindAllString(translation, -1)) == len(quotes) {
		next := 0
		return quoted.ReplaceAllStringFunc(translation, func(string) string {
			next++
			return quotes[next-1]
		})
	}
	bare := quoted.ReplaceAllStringFunc(translation, func(q string) string {
		runes := []rune(q)
		return string(runes[1 : len(runes)-1])
	})
	return strings.Join(append([]string{bare}, quotes...), " ")
}

// describeGiven loads what is known of the episodes of the pieces.
func (b *Bot) describeGiven(ctx context.Context, list []given) (map[episodeKey]*retrieval.EpisodeInfo, error) {
	ids := make([]retrieval.PassageID, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	return b.describe(ctx, ids)
}
