package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"verbatim/retrieval"
)

// Grades of a quote look-up.
const (
	MatchExact   = "exact"   // the same words in the same order
	MatchClose   = "close"   // but for fillers, misheard or misremembered words
	MatchMeaning = "meaning" // other words that say much the same
)

const (
	// closeScore is the least Match.Score of a close match.
	closeScore = 0.66
	// quoteLists is how many passages of each list are compared.
	quoteLists = 30
	// defaultQuotes is how many hits come back when the call does not say.
	defaultQuotes = 5
)

// Quotes is what FindQuote says. Its JSON is part of the command line's
// contract.
type Quotes struct {
	Query string `json:"query"`
	Found bool   `json:"found"`
	// Match is the grade of the hits; "" when nothing was found.
	Match string     `json:"match"`
	Hits  []QuoteHit `json:"hits"`
}

// QuoteHit is a place where the words stand.
type QuoteHit struct {
	retrieval.Citation
	// Score is 1 for the same words, less for others; 0 to 1.
	Score float64 `json:"score"`
	// Before and After are the rest of the sentences that the words stand in:
	// Before+Quote+After is what the transcript says, a line break being one
	// space.
	Before string `json:"-"`
	After  string `json:"-"`
	// Bold are the parts of Quote that agree with what was looked up: byte
	// ranges, ascending and apart.
	Bold [][2]int `json:"-"`
}

// FindQuote looks up who said these words, or nearly these, and where: the
// best grade that finds anything, up to limit hits (0: five), best first, then
// by episode and line. A quote that nobody said is no error: Found is false.
// Errors: [ErrNothing], [ErrLongQuote], retrieval.ErrUnknownEpisode, and those
// of the library.
func (b *Bot) FindQuote(ctx context.Context, words string, f retrieval.Filter, limit int) (*Quotes, error) {
	return b.FindQuoteGrade(ctx, words, f, "", limit)
}

// FindQuoteGrade is FindQuote for hits of a grade: MatchExact, MatchClose, which
// exact hits are as well, or MatchMeaning; "" is the best that finds anything.
// Quotes.Match is then the grade of the least exact hit. One error more:
// [ErrGrade].
func (b *Bot) FindQuoteGrade(ctx context.Context, words string, f retrieval.Filter, grade string, limit int) (*Quotes, error) {
	if !slices.Contains([]string{"", MatchExact, MatchClose, MatchMeaning}, grade) {
		return nil, fmt.Errorf("quote with match %q: %w", grade, ErrGrade)
	}
	words = strings.Join(strings.Fields(words), " ")
	quote := retrieval.NewWords(words)
	if len(quote.Tokens) == 0 {
		return nil, fmt.Errorf("quote %q: %w", words, ErrNothing)
	}
	if len(quote.Tokens) > retrieval.MaxQuoteWords {
		return nil, fmt.Errorf("quote of %d words: %w", len(quote.Tokens), ErrLongQuote)
	}
	if limit <= 0 {
		limit = defaultQuotes
	}
	if err := b.checkEpisodes(ctx, f); err != nil {
		return nil, err
	}
	result := &Quotes{Query: words, Hits: []QuoteHit{}}
	if grade == MatchMeaning {
		return result, b.findMeaning(ctx, result, f, limit)
	}
	places, err := b.quotePlaces(ctx, words, quote, f)
	if err != nil {
		return nil, err
	}
	places, result.Match = ofGrade(places, quote, grade, limit)
	if len(places) == 0 {
		if grade == "" {
			err = b.findMeaning(ctx, result, f, limit)
		}
		return result, err
	}
	result.Found = true
	for i := range places {
		hit, err := b.quoteHit(ctx, &places[i], quote)
		if err != nil {
			return nil, err
		}
		hit.N = i + 1
		result.Hits = append(result.Hits, hit)
	}
	return result, nil
}

// ofGrade keeps the places of that grade, best first, at most limit, and says
// what they are. "" is exact ones if there are any, or else close ones. Words
// that say nothing by themselves are never matched closely.
func ofGrade(places []quotePlace, quote *retrieval.Words, grade string, limit int) (kept []quotePlace, match string) {
	exact := slices.DeleteFunc(slices.Clone(places), func(p quotePlace) bool { return !p.match.Exact })
	if grade == MatchExact || grade == "" && len(exact) > 0 || quote.ContentWords() == 0 {
		places = exact
	}
	places = places[:min(len(places), limit)]
	switch {
	case len(places) == 0:
		return nil, ""
	case places[len(places)-1].match.Exact: // the best come first
		return places, MatchExact
	}
	return places, MatchClose
}

// quotePlace is a stretch of an episode that the quote was matched with.
type quotePlace struct {
	scope     retrieval.Scope
	episode   retrieval.EpisodeID
	sentences []retrieval.Sentence // those that the match touches
	text      string               // the matched words as written
	// before and after are the rest of the sentences.
	before, after string
	// run is the sentences that the quote was matched with.
	run   []retrieval.Sentence
	match retrieval.Match
}

// quotePlaces matches the quote with every passage that may hold it.
func (b *Bot) quotePlaces(ctx context.Context, words string, quote *retrieval.Words, f retrieval.Filter) ([]quotePlace, error) {
	windows, err := b.quoteWindows(ctx, words, f)
	if err != nil {
		return nil, err
	}
	var places []quotePlace
	for _, p := range windows {
		for _, run := range turns(p.Sentences, f.Speaker) {
			places = appendMatches(places, p.ID, run, quote)
		}
	}
	slices.SortStableFunc(places, func(a, b quotePlace) int {
		return cmp.Or(cmp.Compare(b.match.Score, a.match.Score), cmp.Compare(a.scope, b.scope), cmp.Compare(a.episode, b.episode),
			cmp.Compare(a.sentences[0].FirstLine, b.sentences[0].FirstLine))
	})
	return dropOverlaps(places), nil
}

// quoteWindows loads the passages that may hold the quote, each grown by its
// neighbours so that a quote over their border is whole.
func (b *Bot) quoteWindows(ctx context.Context, words string, f retrieval.Filter) ([]retrieval.Passage, error) {
	terms := retrieval.Terms(words)
	quoteWords := len(terms)
	phrase, err := b.library.Phrase(ctx, f, terms, quoteLists)
	if err != nil {
		return nil, err
	}
	hits, err := b.Search(ctx, retrieval.Query{Text: words, Filter: f, K: quoteLists, Apart: true})
	if err != nil {
		return nil, err
	}
	wanted := map[retrieval.PassageID]bool{}
	var centres, ids []retrieval.PassageID
	for _, s := range phrase {
		centres = append(centres, s.ID)
	}
	for i := range hits {
		centres = append(centres, hits[i].ID)
	}
	for _, id := range centres {
		for _, seq := range []int{id.Seq - 1, id.Seq, id.Seq + 1} {
			near := id
			if near.Seq = seq; seq >= 0 && !wanted[near] {
				wanted[near] = true
				ids = append(ids, near)
			}
		}
	}
	slices.SortFunc(ids, retrieval.PassageID.Compare)
	passages, err := b.library.Passages(ctx, ids)
	if err != nil {
		return nil, err
	}
	return joinRuns(passages, 2+quoteWords/shortPassage), nil
}

// turns are the runs of sentences by a speaker; "" is anybody, and one run.
func turns(sentences []retrieval.Sentence, speaker string) [][]retrieval.Sentence {
	if speaker == "" {
		return [][]retrieval.Sentence{sentences}
	}
	var runs [][]retrieval.Sentence
	first := 0
	for i := 0; i <= len(sentences); i++ {
		if i < len(sentences) && strings.EqualFold(sentences[i].Speaker, speaker) {
			continue
		}
		if i > first {
			runs = append(runs, sentences[first:i])
		}
		first = i + 1
	}
	return runs
}

// shortPassage is about the fewest words that a passage adds to the one before
// it.
const shortPassage = 60

// joinRuns joins passages that follow one another to windows such that any
// reach of them in a row stand together in one.
func joinRuns(passages []retrieval.Passage, reach int) []retrieval.Passage {
	var windows []retrieval.Passage
	for first := 0; first < len(passages); {
		end := first + 1
		for end < len(passages) && follows(&passages[end-1], &passages[end]) {
			end++
		}
		const step = 2
		for at := first; ; at += step {
			last := min(at+reach+step-1, end)
			window := passages[at]
			for i := at + 1; i < last; i++ {
				window.Join(&passages[i])
			}
			windows = append(windows, window)
			if last == end {
				break
			}
		}
		first = end
	}
	return windows
}

func follows(p, q *retrieval.Passage) bool {
	return p.ID.Scope == q.ID.Scope && p.ID.Episode == q.ID.Episode && p.ID.Seq+1 == q.ID.Seq
}

// appendMatches finds the quote in a run of sentences: the best place and, if
// that is near enough, more of them before and after it.
func appendMatches(places []quotePlace, id retrieval.PassageID, sentences []retrieval.Sentence, quote *retrieval.Words) []quotePlace {
	text := retrieval.JoinSentences(sentences)
	words := retrieval.NewWords(text)
	match, ok := retrieval.MatchQuote(quote, words)
	if !ok || match.Score < closeScore {
		return places
	}
	p := quotePlace{scope: id.Scope, episode: id.Episode, match: match, run: sentences}
	first, last := p.set(text, words)
	places = append(places, p)
	places = appendMatches(places, id, sentences[:first], quote)
	return appendMatches(places, id, sentences[last+1:], quote)
}

// set fills in what the match says, from the text of the run and its words. It
// returns the first and the last sentence that the match touches.
func (p *quotePlace) set(text string, words *retrieval.Words) (first, last int) {
	from, to := words.Tokens[p.match.First].Start, words.Tokens[p.match.Last].End
	starts := retrieval.SentenceStarts(p.run)
	first = -1
	for i, at := range starts {
		if at < to && at+len(p.run[i].Text) > from {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	end := starts[last] + len(p.run[last].Text)
	p.sentences = p.run[first : last+1]
	p.text = withMarks(text[:end], from, to)
	p.before, p.after = text[starts[first]:from], text[from+len(p.text):end]
	return first, last
}

// withMarks is text[from:to] with the punctuation that belongs to its ends.
func withMarks(text string, from, to int) string {
	for to < len(text) && strings.IndexByte(".,;:!?'\")", text[to]) >= 0 {
		to++
	}
	return strings.TrimRight(text[from:to], ",;:")
}

// dropOverlaps keeps the best of places that share a sentence.
func dropOverlaps(places []quotePlace) []quotePlace {
	var kept []quotePlace
	for _, p := range places {
		clash := slices.ContainsFunc(kept, func(k quotePlace) bool {
			return k.scope == p.scope && k.episode == p.episode && retrieval.ShareSentence(k.sentences, p.sentences)
		})
		if !clash {
			kept = append(kept, p)
		}
	}
	return kept
}
