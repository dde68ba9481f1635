package bot

import (
	"context"
	"fmt"
	"slices"

	"verbatim/bot/model"
	"verbatim/prompts"
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
	CoveredLines int `json:"covered_lines"`
	TotalLines   int `json:"total_lines"`
	// Model is Extractive when all points are the transcript's own words.
	Model string `json:"model"`
	Title string `json:"-"`
	// Removed is how many points of the model's were not shown since they
	// could not be verified, Quoted how many of those shown are the
	// transcript's own words, in quotation marks, where the model gave none;
	// Without says why no model made the summary.
	Removed int         `json:"-"`
	Quoted  int         `json:"-"`
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

// SummaryRequest is a summary with all that belongs to it.
type SummaryRequest struct {
	Scopes  []retrieval.Scope
	Episode retrieval.EpisodeID
	Style   string
	// Payer and Language are as in [Question]; a Language of "" is that of the
	// transcript.
	Payer    retrieval.Scope
	Language string
	// Progress, if given, is told how many of the calls to the model are done,
	// by one goroutine, never after SummarizeAs has returned.
	Progress func(done, total int)
	// Extractive asks for no model.
	Extractive bool
}

// Summarize says what an episode says, in points that are each cited. The whole
// episode is read, whatever its length. With a language model the points are the
// model's, each verified; where they do not hold, and without a model, they are
// the sentences that carry the episode, in its own words. Errors: [ErrStyle],
// retrieval.ErrUnknownEpisode, and those of ctx and the library.
func (b *Bot) Summarize(ctx context.Context, scopes []retrieval.Scope, id retrieval.EpisodeID, style string) (*Summary, error) {
	r := SummaryRequest{Scopes: scopes, Episode: id, Style: style}
	s, _, err := b.summarize(ctx, &r, func(int, int) {})
	return s, err
}

// summarize makes a summary. whole is false when another try may give a better
// one: the model failed on the way.
func (b *Bot) summarize(ctx context.Context, r *SummaryRequest, progress func(done, total int)) (s *Summary, whole bool, err error) {
	if !slices.Contains(Styles, r.Style) {
		return nil, false, fmt.Errorf("summarise in style %q: %w", r.Style, ErrStyle)
	}
	info, err := b.resolve(ctx, r.Scopes, r.Episode)
	if err != nil {
		return nil, false, err
	}
	sentences, err := b.library.Sentences(ctx, info.Scope, info.ID)
	if err != nil {
		return nil, false, err
	}
	episode, err := b.library.Episode(ctx, info.Scope, info.ID)
	if err != nil {
		return nil, false, err
	}
	t, err := b.readTalk(ctx, info, sentences)
	if err != nil {
		return nil, false, err
	}
	s = &Summary{
		Episode: info.ID, Style: r.Style, Title: info.Title, Model: Extractive,
		CoveredLines: info.TotalLines - unread(episode.Lines, sentences), TotalLines: info.TotalLines,
	}
	if r.Extractive || b.chat.client == nil || len(t.sentences) == 0 {
		s.extract(info, t)
		return s, true, nil
	}
	d := newDigest(b, r, info, t, progress)
	if err := d.summarize(ctx, s); err != nil {
		return nil, false, err
	}
	return s, d.failure == nil, nil
}

// extract makes the points of the transcript's own words.
func (s *Summary) extract(info *retrieval.EpisodeInfo, t *talk) {
	s.Points, s.Citations = []Point{}, []retrieval.Citation{}
	for _, pick := range t.pick(s.Style) {
		c := retrieval.Cite(info, t.sentences[pick.first:pick.last+1])
		c.N = len(s.Citations) + 1
		s.Citations = append(s.Citations, c)
		s.Points = append(s.Points, Point{Heading: pick.heading, Text: c.Quote, Citations: []int{c.N}})
	}
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
	traits    []traits
	denied    []bool // whether what follows says that it is wrong
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
	usage     *wordUsage // made for the first heading
}

// readTalk weighs every sentence that is evidence. Those that speak to a
// language model are none.
func (b *Bot) readTalk(ctx context.Context, info *retrieval.EpisodeInfo, sentences []retrieval.Sentence) (*talk, error) {
	t := &talk{frequency: map[string]int{}, lexicon: b.compare}
	var texts []string
	for i, s := range sentences {
		if !s.Evidence() || prompts.Instructs(s.Text) {
			continue
		}
		t.sentences = append(t.sentences, s)
		t.place = append(t.place, i)
		t.denied = append(t.denied, i+1 < len(sentences) && denies(sentences[i+1].Text, s.Text))
		texts = append(texts, s.Text)
		terms := retrieval.ContentTerms(s.Text)
		t.terms = append(t.terms, terms)
		for _, term := range terms {
			t.frequency[term]++
		}
		t.words = append(t.words, s.Words())
		t.traits = append(t.traits, traitsOf(s.Text, s.Words()))
		t.before = append(t.before, t.total)
		t.total += t.words[len(t.words)-1]
	}
	if len(texts) == 0 {
		return t, nil
	}
	var err error
	if t.vectors, err = b.compare.Embed(ctx, append(texts, info.Title+". "+info.Description)); err != nil {
		return nil, err
	}
	t.about, t.vectors = t.vectors[len(texts)], t.vectors[:len(texts)]
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

// whole is all of the talk.
func (t *talk) whole() chapter {
	return chapter{first: 0, last: len(t.sentences) - 1, words: t.total}
}
