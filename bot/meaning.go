package bot

import (
	"context"

	"verbatim/retrieval"
)

// meaningCoverage is the least share of a quote's words, or near relatives of
// them, that a sentence must hold to say much the same.
const meaningCoverage = 0.30

// findMeaning fills the result with sentences that say much the same in other
// words, if there are any.
func (b *Bot) findMeaning(ctx context.Context, result *Quotes, f retrieval.Filter, limit int) error {
	hits, err := b.Search(ctx, retrieval.Query{Text: result.Query, Filter: f, K: askHits, Apart: true})
	if err != nil {
		return err
	}
	words, err := b.library.Vocabulary(ctx, f.Scopes)
	if err != nil {
		return err
	}
	evidence, err := retrieval.Weigh(ctx, result.Query, hits, words, b.compare)
	if err != nil || !evidence.Enough() {
		return err
	}
	for _, span := range evidence.Spans {
		if span.Coverage < meaningCoverage || len(result.Hits) == limit {
			break
		}
		info, err := b.describe(ctx, []retrieval.PassageID{span.ID})
		if err != nil {
			return err
		}
		c := retrieval.Cite(info[episodeKey{span.ID.Scope, span.ID.Episode}], span.Sentences)
		result.Hits = append(result.Hits, QuoteHit{Citation: c, Score: span.Coverage})
	}
	if result.Found = len(result.Hits) > 0; result.Found {
		result.Match = MatchMeaning
	}
	return nil
}
