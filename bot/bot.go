// Package bot is what Verbatim can do, free of any chat network: add and
// remove episodes, answer questions with citations, look quotes up, and
// summarise. Everything it says is taken from a [retrieval.Library]; times,
// lines, speakers and quotes come from there and from nowhere else.
//
// [New] makes a bot of a library and an embedder; [Bot.Reply], [Bot.FindQuote],
// [Bot.Summarize] and [Bot.Add] are the calls that matter.
package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"verbatim/retrieval"
)

// Extractive is the name under "model" of what was made without a language
// model, in the transcript's own words.
const Extractive = "extractive"

// Bot answers from one library. Safe for concurrent use.
type Bot struct {
	library  retrieval.Library
	embedder retrieval.Embedder
	// compare embeds questions and single sentences to compare them; it is
	// asked often and so never a remote model.
	compare retrieval.Lexicon
	// VectorWeight is that of queries which do not set their own, 0 being
	// retrieval's default; an endpoint's vectors deserve more. Set it before
	// the first call.
	VectorWeight float64
	// QueryEmbedder embeds questions in place of the embedder given to New,
	// which is then used for adding alone; nil is the same one. It must be of
	// the same model: see [Forgiving]. Set it before the first call.
	QueryEmbedder retrieval.Embedder
	// Log is told what became of questions and episodes, at Info and without their
	// words; nil is none. Set it before the first call.
	Log *slog.Logger
	// records is what the bot remembers beside the episodes, nil when it
	// cannot: see UseRecords. state is what of it is kept in memory.
	records retrieval.Records
	state   state
	// catalogs and summaries are caches of what the library has.
	catalogs  catalogs
	summaries summaries
	// chat is the language model, see UseModel.
	chat    chat
	replies replies
	metrics metrics
	// observers are told how long things take, see Observe.
	observers []Observer
	links     pageLinks
}

// New makes a bot. The embedder is that of the library's vectors; compare is
// a quick one for single sentences, the embedded model.
func New(library retrieval.Library, embedder retrieval.Embedder, compare retrieval.Lexicon) *Bot {
	return &Bot{library: library, embedder: embedder, compare: compare}
}

// Search ranks passages for a query.
func (b *Bot) Search(ctx context.Context, q retrieval.Query) ([]retrieval.Hit, error) {
	q.VectorWeight = cmp.Or(q.VectorWeight, b.VectorWeight)
	embedder := b.embedder
	if b.QueryEmbedder != nil {
		embedder = b.QueryEmbedder
	}
	if b.VectorWeight == 0 { // an endpoint's vectors know more than the lexicon
		q.Lexicon = b.compare
	}
	began := time.Now()
	hits, err := retrieval.Search(ctx, b.library, embedder, q)
	if err == nil {
		b.observeSearch(time.Since(began))
	}
	return hits, err
}

// resolve finds an episode by its ID in the first of the scopes that has it.
func (b *Bot) resolve(ctx context.Context, scopes []retrieval.Scope, id retrieval.EpisodeID) (*retrieval.EpisodeInfo, error) {
	for _, scope := range scopes {
		list, err := b.library.List(ctx, retrieval.Filter{Scopes: []retrieval.Scope{scope}, Episodes: []retrieval.EpisodeID{id}})
		if err != nil {
			return nil, err
		}
		if len(list) > 0 {
			return &list[0], nil
		}
	}
	return nil, fmt.Errorf("episode %q: %w", id, retrieval.ErrUnknownEpisode)
}

// checkEpisodes makes sure that the episodes a filter names exist.
func (b *Bot) checkEpisodes(ctx context.Context, f retrieval.Filter) error {
	for _, id := range f.Episodes {
		if _, err := b.resolve(ctx, f.Scopes, id); err != nil {
			return err
		}
	}
	return nil
}

// isUnknown reports whether an error says that there is no such episode.
func isUnknown(err error) bool { return errors.Is(err, retrieval.ErrUnknownEpisode) }

// episodeKey names an episode across scopes.
type episodeKey struct {
	scope retrieval.Scope
	id    retrieval.EpisodeID
}

// describe loads what is known of the episodes of some passages.
func (b *Bot) describe(ctx context.Context, ids []retrieval.PassageID) (map[episodeKey]*retrieval.EpisodeInfo, error) {
	known := map[episodeKey]*retrieval.EpisodeInfo{}
	for _, id := range ids {
		key := episodeKey{id.Scope, id.Episode}
		if known[key] != nil {
			continue
		}
		list, err := b.library.List(ctx, retrieval.Filter{Scopes: []retrieval.Scope{id.Scope}, Episodes: []retrieval.EpisodeID{id.Episode}})
		if err != nil {
			return nil, err
		}
		if len(list) == 0 { // removed meanwhile: cite it without its title
			list = []retrieval.EpisodeInfo{{Scope: id.Scope, ID: id.Episode}}
		}
		known[key] = &list[0]
	}
	return known, nil
}
