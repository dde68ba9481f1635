package bot

import (
	"context"
	"slices"
	"strings"

	"verbatim/retrieval"
)

// quoteHit cites the lines that the matched words stand on, which may be fewer
// than those of their sentences.
func (b *Bot) quoteHit(ctx context.Context, p *quotePlace, quote *retrieval.Words) (QuoteHit, error) {
	info, err := b.describe(ctx, []retrieval.PassageID{{Scope: p.scope, Episode: p.episode}})
	if err != nil {
		return QuoteHit{}, err
	}
	e := info[episodeKey{p.scope, p.episode}]
	c := retrieval.Cite(e, p.sentences)
	c.Quote = p.text
	lines, err := b.library.Lines(ctx, p.scope, p.episode, c.FirstLine, c.LastLine)
	if err != nil {
		return QuoteHit{}, err
	}
	if first, last, ok := narrow(lines, p.text); ok {
		c.FirstLine, c.LastLine = lines[first].N, lines[last].N
		c.Start, c.End = lines[first].Start, lines[last].End
		c.URL = retrieval.AudioAt(e.AudioURL, c.Start)
	}
	return QuoteHit{Citation: c, Score: p.match.Score, Before: p.before, After: p.after, Bold: agreeing(quote, p)}, nil
}

// narrow finds the lines that the words stand on; they are known to stand
// within lines, unbroken.
func narrow(lines []retrieval.Line, words string) (first, last int, ok bool) {
	quote := retrieval.NewWords(words)
	var all strings.Builder
	ends := make([]int, len(lines))
	for i := range lines {
		if i > 0 {
			all.WriteByte(' ')
		}
		all.WriteString(lines[i].Text)
		ends[i] = all.Len()
	}
	text := retrieval.NewWords(all.String())
	match, found := retrieval.MatchQuote(quote, text)
	if !found || !match.Exact {
		return 0, 0, false
	}
	from, to := text.Tokens[match.First].Start, text.Tokens[match.Last].End
	first, _ = slices.BinarySearch(ends, from+1)
	last, _ = slices.BinarySearch(ends, to)
	return first, last, true
}

// agreeing are the ranges of a matched text whose words are those of the quote.
func agreeing(quote *retrieval.Words, p *quotePlace) [][2]int {
	if p.match.Exact {
		return [][2]int{{0, len(p.text)}}
	}
	said := retrieval.NewWords(p.text)
	same := make([]bool, len(said.Tokens))
	for _, pair := range align(quote, said, func(i, j int) bool { return quote.SameStem(i, said, j) }) {
		same[pair[1]] = true
	}
	return runsOf(said.Tokens, same)
}

// sharing are the ranges of a text whose words stand for content words of the
// query, in any form.
func sharing(terms []string, text string) [][2]int {
	tokens := retrieval.Tokens(text)
	same := make([]bool, len(tokens))
	for i := range tokens {
		same[i] = slices.Contains(terms, retrieval.Stem(tokens[i].Word))
	}
	return runsOf(tokens, same)
}

// runsOf are the byte ranges of the tokens that are in, neighbours as one.
func runsOf(tokens []retrieval.Token, in []bool) [][2]int {
	var ranges [][2]int
	for i := range tokens {
		switch {
		case !in[i]:
		case i > 0 && in[i-1]:
			ranges[len(ranges)-1][1] = tokens[i].End
		default:
			ranges = append(ranges, [2]int{tokens[i].Start, tokens[i].End})
		}
	}
	return ranges
}
