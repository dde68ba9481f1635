package retrieval

import (
	"context"
	"time"
)

// Embedder turns text into vectors.
type Embedder interface {
	// Model names the model, dimension and version included where they
	// matter: vectors of different Model values are never compared.
	Model() string
	// Dimension is the length of every vector; 0 until the first Embed for
	// endpoints that do not say it beforehand.
	Dimension() int
	// Embed returns one vector of length 1 (cosine equals dot product) a
	// text, in order: len(result) == len(texts). A text without any known
	// token gives the zero vector. Safe for concurrent use.
	Embed(ctx context.Context, texts []string) ([][]float32, error)
}

// Filter narrows what is searched or listed. It applies before any cut to the
// best k. The zero value of every field but Scopes matches everything.
type Filter struct {
	// Scopes are those that may be seen; none named, nothing found.
	Scopes []Scope
	// Episodes keeps these only.
	Episodes []EpisodeID
	// Show keeps episodes of this show, upper and lower case being equal.
	Show string
	// Speaker keeps passages in which this speaker speaks, upper and lower
	// case being equal.
	Speaker string
	// From and To keep episodes dated in that range of days, both included;
	// a zero bound is open. An undated episode fails any bound.
	From, To time.Time
}

// EpisodeInfo is an episode as a list shows it.
type EpisodeInfo struct {
	Scope Scope
	ID    EpisodeID
	Title string
	Show  string
	// Date is at 00:00 UTC; zero when unknown.
	Date        time.Time
	Description string
	AudioURL    string
	Format      string
	// TotalLines is as in Episode.
	TotalLines int
	Passages   int
	// Speakers are in order of first appearance.
	Speakers []string
	Timed    bool
}

// Scored is a passage in a ranked list.
type Scored struct {
	ID PassageID
	// Score is higher for better; its range is that of the list's maker.
	Score float64
	// Terms are the passage's terms joined by spaces, where the list's maker
	// has them at hand (Lexical does), else "".
	Terms string
}

// Index is what [Search] needs of a library. Every list is in total order:
// score descending, then ID; every filter applies before the cut: if n
// passages match, n come back.
type Index interface {
	// Lexical lists up to n passages that hold any of the terms (as [Terms]
	// makes them), ranked by BM25, Terms filled in.
	Lexical(ctx context.Context, f Filter, terms []string, n int) ([]Scored, error)
	// Phrase lists up to n passages that hold the terms in this order with
	// nothing between them, in ID order, Score 1.
	Phrase(ctx context.Context, f Filter, terms []string, n int) ([]Scored, error)
	// Nearest lists up to n passages by cosine to the vector, -1 to 1.
	Nearest(ctx context.Context, f Filter, vector []float32, n int) ([]Scored, error)
	// Passages loads passages, sentences included, in the order asked; one
	// that is gone is left out.
	Passages(ctx context.Context, ids []PassageID) ([]Passage, error)
	// Vocabulary is that of the scopes together. The result is shared: read
	// only.
	Vocabulary(ctx context.Context, scopes []Scope) (*Vocabulary, error)
	// List returns the episodes that pass the filter (Speaker: those in which
	// that speaker speaks), newest first, then undated ones, then by ID.
	List(ctx context.Context, f Filter) ([]EpisodeInfo, error)
}

// Library keeps episodes. All methods are safe for concurrent use. Methods
// that name an episode return [ErrUnknownEpisode] when the scope has none of
// that ID.
type Library interface {
	Index
	// Add puts the episode with its sentences, passages and vectors into the
	// scope, in place of any of the same ID: all of it or nothing.
	// Passages[i] has the vector vectors[i]. It reports whether an episode of
	// that ID was replaced.
	Add(ctx context.Context, scope Scope, e *Episode, s *Splitting, vectors [][]float32) (replaced bool, err error)
	// Remove takes the episode out of everything: text, full-text index,
	// vectors and caches.
	Remove(ctx context.Context, scope Scope, id EpisodeID) error
	// Episode loads one episode with all its lines.
	Episode(ctx context.Context, scope Scope, id EpisodeID) (*Episode, error)
	// Lines loads the lines numbered first to last, both included, in order;
	// numbers that the episode does not have are left out.
	Lines(ctx context.Context, scope Scope, id EpisodeID, first, last int) ([]Line, error)
	// Sentences loads the episode's whole sentence list, in order.
	Sentences(ctx context.Context, scope Scope, id EpisodeID) ([]Sentence, error)
	// Close stops intake, waits for what is at work, and closes the files.
	Close() error
}
