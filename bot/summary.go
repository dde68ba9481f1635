package bot

import (
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
	talk, err := b.readTalk(ctx, info, sentences)
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
	place     []int // of each sentence in the episode's list
	vectors   [][]float32
	words     []int // per sentence
	before    []int // words before each sentence, and before the end
	total     int
	repeated  []float64 // per sentence, see repetition
	depths    []float64 // of the gap before each sentence, see gapDepths
	chapters  []chapter
	centres   [][]float32 // what each chapter is about
	centre    []float32   // what all is about
	about     []float32   // the title and the description
	terms     [][]string  // content terms of each sentence
	frequency map[string]int
	lexicon   retrieval.Lexicon
}

// readTalk weighs every sentence that is evidence.
func (b *Bot) readTalk(ctx context.Context, info *retrieval.EpisodeInfo, sentences []retrieval.Sentence) (*talk, error) {
	t := &talk{frequency: map[string]int{}, lexicon: b.compare}
	var texts []string
	for i, s := range sentences {
		if s.Evidence() {
			t.sentences = append(t.sentences, s)
			t.place = append(t.place, i)
			texts = append(texts, s.Text)
			terms := retrieval.ContentTerms(s.Text)
			t.terms = append(t.terms, terms)
			for _, term := range terms {
				t.frequency[term]++
			}
			t.words = append(t.words, s.Words())
			t.before = append(t.before, t.total)
			t.total += t.words[len(t.words)-1]
		}
	}
	var err error
	if t.vectors, err = b.compare.Embed(ctx, append(texts, info.Title+". "+info.Description)); err != nil {
		return nil, err
	}
	t.about, t.vectors = t.vectors[len(texts)], t.vectors[:len(texts)]
	if len(texts) == 0 {
		return t, nil
	}
	t.before = append(t.before, t.total)
	t.depths = gapDepths(t)
	t.chapters = findChapters(t)
	t.repeated = repetition(t)
	t.centre = normed(sum(t.vectors))
	for _, c := range t.chapters {
		t.centres = append(t.centres, normed(sum(t.vectors[c.first:c.last+1])))
	}
	return t, nil
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
