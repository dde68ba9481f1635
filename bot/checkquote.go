package bot

import (
	"context"
	"fmt"
	"strings"

	"verbatim/retrieval"
)

// Verdict is what CheckQuote says about posted words.
type Verdict string

// The verdicts.
const (
	VerdictSaid   Verdict = "said"   // in exactly these words
	VerdictNearly Verdict = "nearly" // in much the same words; see the differences
	VerdictAbsent Verdict = "absent" // not in the episodes
)

// nearestQuotes is how many places that say much the same are shown of words
// that nobody said.
const nearestQuotes = 3

// Checked is what CheckQuote says.
type Checked struct {
	Verdict Verdict
	// Posted is the words that were looked up, without the quotation marks
	// around and the name below them; white space is single spaces.
	Posted string
	// Attributed is the name below them, as in "... - Georgy Toloraya", ""
	// when there was none or it belongs to the words. Whether it is Hit's
	// speaker is the reader's to see.
	Attributed string
	// Cut is true when only the first 300 words or so were looked up.
	Cut bool
	// Hit is the best place, nil for VerdictAbsent; More is how many further
	// places the same verdict holds for, among those looked at.
	Hit  *QuoteHit
	More int
	// Diff compares Posted with what was said: one equal part for
	// VerdictSaid, none for VerdictAbsent.
	Diff []DiffPart
	// Near are places that say much the same in other words, for
	// VerdictAbsent; none when nothing does.
	Near []QuoteHit
}

// CheckQuote looks up whether words that somebody posted were said: so, nearly
// so, or not. Quotation marks around them and a name below are set aside; of
// more than 300 words those up to the last sentence end are looked up. Only
// the same words are said: a difference in case, accents or punctuation is
// none, one in a sign, currency or percent of a number is. Words that nobody
// said are no error. Errors: [ErrNothing], retrieval.ErrUnknownEpisode, and
// those of the library.
func (b *Bot) CheckQuote(ctx context.Context, text string, f retrieval.Filter) (*Checked, error) {
	if err := b.checkEpisodes(ctx, f); err != nil {
		return nil, err
	}
	versions := postedVersions(text)
	if len(versions) == 0 {
		return nil, fmt.Errorf("check quote: %w", ErrNothing)
	}
	var best *checkedPlaces
	for i := range versions {
		c, err := b.checkVersion(ctx, &versions[i], f)
		if err != nil {
			return nil, err
		}
		if best == nil || c.better(best) {
			best = c
		}
		if best.verdict == VerdictSaid {
			break
		}
	}
	checked := &Checked{Verdict: best.verdict, Posted: best.text, Attributed: best.attributed, Cut: best.cut}
	if best.verdict == VerdictAbsent {
		// The last version is the barest one.
		result := &Quotes{Query: versions[len(versions)-1].text}
		if err := b.findMeaning(ctx, result, f, nearestQuotes); err != nil {
			return nil, err
		}
		checked.Near = result.Hits
		return checked, nil
	}
	place := &best.places[0]
	if best.verdict == VerdictNearly {
		place.widen(best.words)
	}
	hit, err := b.quoteHit(ctx, place, best.words)
	if err != nil {
		return nil, err
	}
	hit.N = 1
	checked.Hit, checked.More = &hit, len(best.places)-1
	checked.Diff = diffWords(best.text, hit.Quote)
	return checked, nil
}

// checkedPlaces is a version of posted words with where they were found.
type checkedPlaces struct {
	*postedVersion
	words   *retrieval.Words
	verdict Verdict
	places  []quotePlace // best first, all of the verdict
}

// better reports whether these places are nearer to what was posted.
func (c *checkedPlaces) better(d *checkedPlaces) bool {
	switch {
	case c.verdict == VerdictAbsent || d.verdict == VerdictSaid:
		return false
	case c.verdict == d.verdict:
		return c.places[0].match.Score > d.places[0].match.Score
	}
	return true
}

// checkVersion looks one version up.
func (b *Bot) checkVersion(ctx context.Context, v *postedVersion, f retrieval.Filter) (*checkedPlaces, error) {
	c := &checkedPlaces{postedVersion: v, words: retrieval.NewWords(v.text), verdict: VerdictAbsent}
	places, err := b.quotePlaces(ctx, v.text, c.words, f)
	if err != nil {
		return nil, err
	}
	var said, nearly []quotePlace
	for _, p := range places {
		if p.match.Exact && isSame(v.text, p.text) {
			said = append(said, p)
		} else if c.words.ContentWords() > 0 {
			nearly = append(nearly, p)
		}
	}
	switch {
	case len(said) > 0:
		c.verdict, c.places = VerdictSaid, said
	case len(nearly) > 0:
		c.verdict, c.places = VerdictNearly, nearly
	}
	return c, nil
}

// maxEdge is how many words that differ in a row are gone past to find more of
// a posted text at the edges of a match.
const maxEdge = 3

// widen grows a close match at its edges to posted words that were said there.
// Matching weighs a name, number or negation more than some plain words, so
// that where one differs near an edge it rather gives up the words beyond it:
// these would then be shown as not said.
func (p *quotePlace) widen(posted *retrieval.Words) {
	text := retrieval.JoinSentences(p.run)
	said := retrieval.NewWords(text)
	same := func(i, j int) bool { return posted.Tokens[i].Word == said.Tokens[j].Word }
	pairs := alignRange(posted, said, [2]int{0, len(posted.Tokens)}, [2]int{p.match.First, p.match.Last + 1}, same)
	if len(pairs) == 0 {
		return
	}
	edge := pairs[0]
	from := max(0, edge[1]-edge[0]-maxEdge)
	lead := alignRange(posted, said, [2]int{0, edge[0]}, [2]int{from, edge[1]}, same)
	for i := len(lead) - 1; i >= 0 && edge[0]-lead[i][0] <= maxEdge && edge[1]-lead[i][1] <= maxEdge; i-- {
		edge = lead[i]
	}
	p.match.First = min(p.match.First, edge[1])
	edge = pairs[len(pairs)-1]
	to := min(len(said.Tokens), edge[1]+len(posted.Tokens)-edge[0]+maxEdge)
	for _, next := range alignRange(posted, said, [2]int{edge[0] + 1, len(posted.Tokens)}, [2]int{edge[1] + 1, to}, same) {
		if next[0]-edge[0] > maxEdge || next[1]-edge[1] > maxEdge {
			break
		}
		edge = next
	}
	p.match.Last = max(p.match.Last, edge[1])
	p.set(text, said)
}

// isSame reports whether two texts of the same words have the same numbers.
func isSame(posted, said string) bool {
	diff := diffWords(posted, said)
	return len(diff) == 1 && diff[0].Op == DiffEqual
}

// postedVersion is one reading of a posted text: the words that somebody is
// quoted with.
type postedVersion struct {
	text       string
	attributed string
	cut        bool
}

// postedVersions are the readings of a posted text, the fullest first: all of
// it; without the name below or before it; what stands between quotation
// marks. None when it has no words.
func postedVersions(text string) []postedVersion {
	var versions []postedVersion
	seen := map[string]bool{}
	add := func(text, attributed string) {
		v := postedVersion{attributed: strings.Join(strings.Fields(attributed), " ")}
		v.text, v.cut = cutQuote(trimQuotes(text))
		if key := foldText(v.text); key != "" && !seen[key] {
			seen[key] = true
			versions = append(versions, v)
		}
	}
	add(text, "")
	words, name := cutAttribution(strings.TrimSpace(text))
	if name != "" {
		add(words, name)
	}
	if inner := quotedPart(words); inner != "" {
		add(inner, name)
	}
	return versions
}
