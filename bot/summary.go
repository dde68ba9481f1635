package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"verbatim/bot/model"
	"verbatim/retrieval"
)

// Styles of a summary.
const (
	Brief     = "brief"     // the gist, up to five points
	Detailed  = "detailed"  // what was said, part by part
	Chapters  = "chapters"  // the parts, each with a heading
	Takeaways = "takeaways" // what to remember, weightiest first
)

// Styles lists the styles in the order in which help shows them.
var Styles = []string{Brief, Detailed, Chapters, Takeaways}

// Summary is what Summarize says. Its JSON is part of the command line's
// contract.
type Summary struct {
	Episode   retrieval.EpisodeID  `json:"episode"`
	Style     string               `json:"style"`
	Points    []Point              `json:"points"`
	Citations []retrieval.Citation `json:"citations"`
	// CoveredLines is how many of the file's TotalLines were read; lines
	// without words of the talk (blank, furniture, boilerplate) were read
	// and set aside.
	CoveredLines int    `json:"covered_lines"`
	TotalLines   int    `json:"total_lines"`
	Model        string `json:"model"`
	Title        string `json:"-"`
	// Removed is how many points of the model's were not shown since they
	// could not be verified; Without says why no model made the summary.
	Removed int         `json:"-"`
	Without Fallback    `json:"-"`
	Usage   model.Usage `json:"-"`
}

// Point is one statement of a summary.
type Point struct {
	// Heading is words of the part it opens, in the chapters style; else "".
	Heading string `json:"heading"`
	Text    string `json:"text"`
	// Citations are the N of citations, at least one.
	Citations []int `json:"citations"`
}

// Summarize picks the sentences that carry an episode, in its own words, each
// cited. The whole episode is read, whatever its length. Errors: [ErrStyle],
// retrieval.ErrUnknownEpisode, and those of the library.
func (b *Bot) Summarize(ctx context.Context, scopes []retrieval.Scope, id retrieval.EpisodeID, style string) (*Summary, error) {
	if !slices.Contains(Styles, style) {
		return nil, fmt.Errorf("summarise in style %q: %w", style, ErrStyle)
	}
	info, err := b.resolve(ctx, scopes, id)
	if err != nil {
		return nil, err
	}
	sentences, err := b.library.Sentences(ctx, info.Scope, info.ID)
	if err != nil {
		return nil, err
	}
	episode, err := b.library.Episode(ctx, info.Scope, info.ID)
	if err != nil {
		return nil, err
	}
	talk, err := b.readTalk(ctx, sentences)
	if err != nil {
		return nil, err
	}
	s := &Summary{
		Episode: info.ID, Style: style, Title: info.Title, Model: Extractive,
		Points: []Point{}, Citations: []retrieval.Citation{},
		CoveredLines: info.TotalLines - unread(episode.Lines, sentences), TotalLines: info.TotalLines,
	}
	for _, pick := range talk.pick(style) {
		c := retrieval.Cite(info, talk.sentences[pick.first:pick.last+1])
		c.N = len(s.Citations) + 1
		s.Citations = append(s.Citations, c)
		s.Points = append(s.Points, Point{Heading: pick.heading, Text: c.Quote, Citations: []int{c.N}})
	}
	return s, nil
}

// unread counts the lines with words that no sentence holds.
func unread(lines []retrieval.Line, sentences []retrieval.Sentence) int {
	n, next := 0, 0
	for i := range lines {
		for next < len(sentences) && sentences[next].LastLine < lines[i].N {
			next++
		}
		if next == len(sentences) || sentences[next].FirstLine > lines[i].N {
			n++
		}
	}
	return n
}

// talk is the evidence of an episode with what is needed to weigh it.
type talk struct {
	sentences []retrieval.Sentence
	vectors   [][]float32
	words     []int // per sentence
	total     int
	salience  []float64
	chapters  []chapter
	terms     [][]string // content terms of each sentence
	frequency map[string]int
	lexicon   retrieval.Lexicon
}

// readTalk weighs every sentence that is evidence.
func (b *Bot) readTalk(ctx context.Context, sentences []retrieval.Sentence) (*talk, error) {
	t := &talk{frequency: map[string]int{}, lexicon: b.compare}
	var texts []string
	for _, s := range sentences {
		if s.Evidence() {
			t.sentences = append(t.sentences, s)
			texts = append(texts, s.Text)
			terms := retrieval.ContentTerms(s.Text)
			t.terms = append(t.terms, terms)
			for _, term := range terms {
				t.frequency[term]++
			}
			t.words = append(t.words, s.Words())
			t.total += t.words[len(t.words)-1]
		}
	}
	var err error
	if t.vectors, err = b.compare.Embed(ctx, texts); err != nil {
		return nil, err
	}
	t.chapters = findChapters(t)
	t.salience = weighSentences(t)
	return t, nil
}

// pick is a point to be: sentences first to last of the talk.
type pick struct {
	first, last int
	heading     string
}

// pick chooses the points of a style.
func (t *talk) pick(style string) []pick {
	if len(t.sentences) == 0 {
		return nil
	}
	var picks []pick
	switch style {
	case Brief:
		picks = t.spread(min(5, 2+t.total/400), nil)
	case Takeaways:
		bonus := make([]float64, len(t.sentences))
		for i := range bonus {
			bonus[i] = 0.3 * claimScore(t.sentences[i].Text)
		}
		picks = t.spread(min(7, 3+t.total/300), bonus)
		slices.SortStableFunc(picks, func(a, b pick) int {
			return cmp.Compare(t.salience[b.first]+bonus[b.first], t.salience[a.first]+bonus[a.first])
		})
	case Chapters:
		for i := range t.chapters {
			c := &t.chapters[i]
			for n, at := range t.best(c, 2, nil) {
				p := pick{first: at, last: at}
				if n == 0 {
					p.heading = t.heading(c)
				}
				picks = append(picks, p)
			}
		}
	default:
		for i := range t.chapters {
			c := &t.chapters[i]
			for _, at := range t.best(c, min(6, 1+c.words/60), nil) {
				picks = append(picks, pick{first: at, last: at})
			}
		}
	}
	return picks
}

// spread picks n sentences over the whole episode: first the best of the
// weightiest chapters, then whatever adds most. The order is the episode's.
func (t *talk) spread(n int, bonus []float64) []pick {
	whole := chapter{first: 0, last: len(t.sentences) - 1}
	var picks []pick
	for _, at := range t.best(&whole, n, bonus) {
		picks = append(picks, pick{first: at, last: at})
	}
	return picks
}

// Shares of maximal marginal relevance: what likeness to a sentence already
// chosen takes away, and what being in a chapter already quoted does.
const (
	likenessPrice = 0.6
	chapterPrice  = 0.15
)

// best picks up to n sentences of a chapter by maximal marginal relevance
// (Carbonell and Goldstein, SIGIR 1998), in the episode's order.
func (t *talk) best(c *chapter, n int, bonus []float64) []int {
	var chosen []int
	for len(chosen) < n {
		best, bestGain := -1, 0.0
		for i := c.first; i <= c.last; i++ {
			if slices.Contains(chosen, i) || t.words[i] < minPointWords {
				continue
			}
			gain := t.salience[i]
			if bonus != nil {
				gain += bonus[i]
			}
			likest, sameChapter := 0.0, 0.0
			for _, j := range chosen {
				likest = max(likest, retrieval.Dot(t.vectors[i], t.vectors[j]))
				if t.chapterOf(i) == t.chapterOf(j) {
					sameChapter++
				}
			}
			gain -= likenessPrice*likest + chapterPrice*sameChapter
			if best < 0 || gain > bestGain {
				best, bestGain = i, gain
			}
		}
		if best < 0 {
			break
		}
		chosen = append(chosen, best)
	}
	if len(chosen) == 0 { // nothing but short sentences
		chosen = append(chosen, t.longest(c))
	}
	slices.Sort(chosen)
	return chosen
}

func (t *talk) longest(c *chapter) int {
	at := c.first
	for i := c.first; i <= c.last; i++ {
		if t.words[i] > t.words[at] {
			at = i
		}
	}
	return at
}

// SummaryRequest is a summary with all that belongs to it.
type SummaryRequest struct {
	Scopes  []retrieval.Scope
	Episode retrieval.EpisodeID
	Style   string
	// Payer and Language are as in [Question].
	Payer    retrieval.Scope
	Language string
	// Progress, if given, is told how many of the calls to the model are done.
	Progress func(done, total int)
	// Extractive asks for no model.
	Extractive bool
}

// SummarizeAs makes a summary, kept in memory as by SummarizeCached.
func (b *Bot) SummarizeAs(ctx context.Context, r SummaryRequest) (*Summary, error) {
	return b.SummarizeCached(ctx, r.Scopes, r.Episode, r.Style)
}
