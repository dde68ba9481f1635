package bot

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"verbatim/prompts"
)

// draftPause is how many times as long as making a draft takes none is made
// thereafter: tokens may come faster than they can be read.
const draftPause = 3

// drafts makes drafts of a reply while it comes, beside the stream, each of the
// latest text. stop ends that; until then nothing else may use the composer.
func (c *composer) drafts(ctx context.Context) (progress func(text string), stop func()) {
	latest, stopping, done := make(chan string, 1), make(chan struct{}), make(chan struct{})
	var broken *panicked
	go func() {
		defer close(done)
		broken = catch(func() {
			for {
				select {
				case <-stopping:
					return
				case text := <-latest:
					started := time.Now()
					c.tell(ctx, text)
					pause := time.NewTimer(draftPause * time.Since(started))
					select {
					case <-pause.C:
					case <-stopping:
					}
					pause.Stop()
				}
			}
		})
	}()
	progress = func(text string) {
		select {
		case <-latest: // nobody has seen it yet
		default:
		}
		select {
		case latest <- text: // there is room: nobody else puts anything in
		case <-done:
		}
	}
	return progress, func() {
		close(stopping)
		<-done
		broken.again()
	}
}

// tell makes a draft of the reply so far. In another language than the
// passages' nothing can be checked before the end.
func (c *composer) tell(ctx context.Context, text string) {
	done, rest := prompts.ReadDraft(text)
	same := slices.EqualFunc(done, c.done, func(a, b prompts.Claim) bool { return a.Text == b.Text && slices.Equal(a.Marks, b.Marks) })
	if !same || c.draft == nil {
		d, err := c.draftOf(ctx, done)
		if err != nil {
			return // the end is near
		}
		c.done, c.draft = done, d
	}
	d := *c.draft
	if rest = withoutMarks(rest); rest != "" {
		d.Unchecked = strings.TrimSpace(d.Unchecked + " " + rest)
	}
	c.publish(d)
}

// draftOf is a draft of the sentences that are complete.
func (c *composer) draftOf(ctx context.Context, done []prompts.Claim) (*Draft, error) {
	foreign := c.language != "" && c.passages != "" && c.language != c.passages
	var list []shown
	var unchecked []string
	best := 0.0
	for _, claim := range done {
		if foreign {
			unchecked = append(unchecked, claim.Text)
			continue
		}
		check, err := c.check(ctx, claim.Text, claim.Marks)
		if err != nil {
			return nil, err
		}
		if check.OK() {
			best = max(best, check.Score)
			list = append(list, c.shown(&judged{Claim: claim, check: check}))
		}
	}
	if c.strong && best < strongSupport {
		// They may be withdrawn, for want of one that is supported strongly.
		for _, s := range list {
			unchecked = append(unchecked, s.text)
		}
		list = nil
	}
	d := &Draft{Unchecked: strings.Join(unchecked, " ")}
	d.Sentences, d.Citations = render(c.distinct(list), c.episodes)
	return d, nil
}

// anyMark is a mark, or the beginning of one at the end.
var anyMark = regexp.MustCompile(`\s*\[[\d,;\s]*(?:\]|$)`)

func withoutMarks(text string) string { return strings.TrimSpace(anyMark.ReplaceAllString(text, "")) }
