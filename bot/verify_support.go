package bot

import (
	"context"

	"verbatim/retrieval"
)

// Supports reports whether the lines of the citations together support a claim,
// by the same rules as answers are verified by: it is the support test of the
// evaluation. Without citations nothing is supported. Errors:
// retrieval.ErrUnknownEpisode, and those of the library.
func (b *Bot) Supports(ctx context.Context, claim string, cited []retrieval.Citation) (bool, error) {
	var sources []Source
	var marks []int
	var ids []retrieval.PassageID
	for i := range cited {
		c := &cited[i]
		sentences, err := b.library.Sentences(ctx, c.Scope, c.Episode)
		if err != nil {
			return false, err
		}
		id := retrieval.PassageID{Scope: c.Scope, Episode: c.Episode}
		sources = append(sources, Source{N: i + 1, ID: id, Sentences: sentencesOf(sentences, c)})
		marks, ids = append(marks, i+1), append(ids, id)
	}
	known, err := b.describe(ctx, ids)
	if err != nil {
		return false, err
	}
	var episodes []retrieval.EpisodeInfo
	for _, e := range known {
		episodes = append(episodes, *e)
	}
	v, err := NewVerifier(ctx, b.compare, sources, episodes)
	if err != nil {
		return false, err
	}
	c, err := v.newClaimText(ctx, claim)
	if err != nil || len(marks) == 0 {
		return false, err
	}
	check, err := v.checkStrictly(ctx, c, v.sources)
	return check.OK(), err
}

// sentencesOf are the sentences on the lines of a citation.
func sentencesOf(sentences []retrieval.Sentence, c *retrieval.Citation) []retrieval.Sentence {
	var found []retrieval.Sentence
	for _, s := range sentences {
		if s.LastLine >= c.FirstLine && s.FirstLine <= c.LastLine {
			found = append(found, s)
		}
	}
	return found
}
