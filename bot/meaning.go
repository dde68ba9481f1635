package bot

import (
	"cmp"
	"context"
	"slices"

	"verbatim/retrieval"
)

// meaningConfidence is the least confidence in a span that says much the same
// as the quote in other words. Of sentences of minutes looked up in the meeting
// they sum up, 0.315 finds the right lines for 77 %, 0.37 for 71 % and 0.43 for
// 60 %; when the meeting is another one, something is found for 20, 15 and 6 %.
const meaningConfidence = 0.35

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
	evidence, err := retrieval.Weigh(ctx, result.Query, saidBy(hits, f.Speaker), words, b.compare)
	if err != nil || !evidence.Enough() {
		return err
	}
	terms := retrieval.ContentTerms(result.Query)
	for _, span := range evidence.Spans {
		if len(result.Hits) == limit {
			break
		}
		if span.Confidence < meaningConfidence {
			continue
		}
		info, err := b.describe(ctx, []retrieval.PassageID{span.ID})
		if err != nil {
			return err
		}
		c := retrieval.Cite(info[episodeKey{span.ID.Scope, span.ID.Episode}], span.Sentences)
		result.Hits = append(result.Hits, QuoteHit{Citation: c, Score: span.Confidence, Bold: sharing(terms, c.Quote)})
	}
	slices.SortStableFunc(result.Hits, func(a, b QuoteHit) int { return cmp.Compare(b.Score, a.Score) })
	for i := range result.Hits {
		result.Hits[i].N = i + 1
	}
	if result.Found = len(result.Hits) > 0; result.Found {
		result.Match = MatchMeaning
	}
	return nil
}
