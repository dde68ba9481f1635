package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"verbatim/retrieval"
)

// EpisodeRef names an episode across scopes.
type EpisodeRef struct {
	Scope retrieval.Scope
	ID    retrieval.EpisodeID
}

// publicPrefix leads the ID of a public episode that one of the viewer's own
// has taken the bare ID of.
const publicPrefix = string(retrieval.Public) + "/"

// RefText is what FindEpisode finds the episode by: its ID, or "public/ID" when
// the bare ID means another one, see [Bot.Shadowed]. IDs that Add makes are
// at most 64 bytes, so that it fits the 100 characters that Discord allows for
// the value of a choice.
func RefText(info *retrieval.EpisodeInfo, shadowed bool) string {
	if shadowed && info.Scope == retrieval.Public {
		return publicPrefix + string(info.ID)
	}
	return string(info.ID)
}

// ParseRef reads what RefText makes. An empty scope stands for the first of
// the viewer's scopes that has the episode. ok is false when the text is no ID
// of any episode, such as a title.
func ParseRef(text string) (ref EpisodeRef, ok bool) {
	id, isPublic := strings.CutPrefix(strings.TrimSpace(text), publicPrefix)
	if isPublic {
		ref.Scope = retrieval.Public
	}
	ref.ID = retrieval.EpisodeID(id)
	return ref, id != "" && !strings.ContainsAny(id, "/ \t\r\n") && strings.ToLower(id) == id
}

// AmbiguousEpisode is the error of FindEpisode for a text that names no
// episode, or several. It wraps retrieval.ErrUnknownEpisode.
type AmbiguousEpisode struct {
	Text string
	// Near are the episodes that may be meant, likest first, a few at most;
	// none when nothing is like it.
	Near []retrieval.EpisodeInfo
}

// Error names what was asked for.
func (e *AmbiguousEpisode) Error() string {
	return fmt.Sprintf("episode %q: %v", e.Text, retrieval.ErrUnknownEpisode)
}

// Unwrap is retrieval.ErrUnknownEpisode.
func (e *AmbiguousEpisode) Unwrap() error { return retrieval.ErrUnknownEpisode }

const (
	// maxNear is how many episodes an AmbiguousEpisode lists.
	maxNear = 5
	// clearScore and clearLead, in twentieths, are what a nearly fitting
	// episode must have, and have more than the next one, to be the one meant.
	clearScore = 14
	clearLead  = 3
)

// foundEpisode is an episode with how well it fits.
type foundEpisode struct {
	info *retrieval.EpisodeInfo
	fit
	scope int // index of its scope among the viewer's
}

// Episodes lists the episodes of the scopes that fit what was typed, at most
// limit (0: all): first those that begin with it by title, show, ID or date,
// then those that have all its words, then those that nearly have; where there
// are none, those that have half of it or look like it. Equally good ones come
// newest first. Dates may be written as 2025-03, "march 2025"
// or "6. März". An empty search lists all.
func (b *Bot) Episodes(ctx context.Context, scopes []retrieval.Scope, typed string, limit int) ([]retrieval.EpisodeInfo, error) {
	found, err := b.findEpisodes(ctx, scopes, parseSearch(typed))
	if err != nil {
		return nil, err
	}
	if limit > 0 {
		found = found[:min(len(found), limit)]
	}
	list := make([]retrieval.EpisodeInfo, len(found))
	for i := range found {
		list[i] = *found[i].info
	}
	return list, nil
}

// findEpisodes lists the episodes that fit, best first.
func (b *Bot) findEpisodes(ctx context.Context, scopes []retrieval.Scope, s search) ([]foundEpisode, error) {
	var found []foundEpisode
	for n, scope := range scopes {
		if slices.Contains(scopes[:n], scope) {
			continue
		}
		list, c, err := b.catalog(ctx, scope)
		if err != nil {
			return nil, err
		}
		for _, f := range c.episodes.find(&s) {
			found = append(found, foundEpisode{info: &list[f.at], fit: f, scope: n})
		}
	}
	slices.SortFunc(found, func(a, b foundEpisode) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(b.score, a.score), b.info.Date.Compare(a.info.Date),
			cmp.Compare(a.info.ID, b.info.ID), cmp.Compare(a.scope, b.scope))
	})
	return onlyBetter(found, func(f *foundEpisode) rank { return f.rank }), nil
}

// Shadowed reports whether an episode of the same ID stands in a scope that
// comes before that of the episode, so that the bare ID means that one.
func (b *Bot) Shadowed(ctx context.Context, scopes []retrieval.Scope, info *retrieval.EpisodeInfo) (bool, error) {
	first, err := b.resolve(ctx, scopes, info.ID)
	if err != nil {
		return false, err
	}
	return first.Scope != info.Scope, nil
}

// FindEpisode is the episode that a user means by what he typed or chose: its
// ID, "public/ID", its title, or the only one that the words clearly fit. Of
// two with one ID it is the one in the scope that comes first. Errors:
// *AmbiguousEpisode and those of the library.
func (b *Bot) FindEpisode(ctx context.Context, scopes []retrieval.Scope, text string) (*retrieval.EpisodeInfo, error) {
	text = strings.TrimSpace(text)
	if ref, ok := ParseRef(text); ok {
		in := scopes
		if ref.Scope != "" {
			in = slices.DeleteFunc(slices.Clone(scopes), func(s retrieval.Scope) bool { return s != ref.Scope })
		}
		if info, err := b.resolve(ctx, in, ref.ID); err == nil || !isUnknown(err) {
			return info, err
		}
	}
	s := parseSearch(text)
	if s.text == "" {
		return nil, &AmbiguousEpisode{Text: text}
	}
	found, err := b.findEpisodes(ctx, scopes, s)
	if err != nil {
		return nil, err
	}
	found = withoutShadowed(found)
	if meant := clearlyMeant(found, s.text); meant != nil {
		return meant, nil
	}
	ambiguous := &AmbiguousEpisode{Text: text}
	for i := range found[:min(len(found), maxNear)] {
		ambiguous.Near = append(ambiguous.Near, *found[i].info)
	}
	if len(found) == 0 {
		list, err := b.Episodes(ctx, scopes, "", 0)
		if err != nil {
			return nil, err
		}
		ambiguous.Near = NearEpisodes(list, text, maxNear)
	}
	return nil, ambiguous
}

// withoutShadowed keeps of episodes with one ID that of the first scope.
func withoutShadowed(found []foundEpisode) []foundEpisode {
	first := map[retrieval.EpisodeID]int{}
	for i := range found {
		if scope, ok := first[found[i].info.ID]; !ok || found[i].scope < scope {
			first[found[i].info.ID] = found[i].scope
		}
	}
	return slices.DeleteFunc(found, func(f foundEpisode) bool { return f.scope != first[f.info.ID] })
}

// clearlyMeant is the episode of that title, or else the only good fit, or the
// fit that is much better than the next; nil if there is no such one.
func clearlyMeant(found []foundEpisode, text string) *retrieval.EpisodeInfo {
	var titled []int
	for i := range found {
		if foldText(found[i].info.Title) == text {
			titled = append(titled, i)
		}
	}
	switch {
	case len(titled) == 1:
		return found[titled[0]].info
	case len(titled) > 1 || len(found) == 0:
		return nil
	case found[0].rank <= rankWords:
		if len(found) == 1 || found[1].rank > found[0].rank {
			return found[0].info
		}
	case found[0].score >= clearScore && (len(found) == 1 || found[1].rank > found[0].rank || found[0].score-found[1].score >= clearLead):
		return found[0].info
	}
	return nil
}

// Speakers lists the distinct speakers of the episode, or of all episodes of
// the scopes for nil, that fit what was typed, at most limit (0: all), in the
// order of [Bot.Episodes]; equally good ones come by the newest episode, in the
// order in which they speak. Errors: retrieval.ErrUnknownEpisode and those of
// the library.
func (b *Bot) Speakers(ctx context.Context, scopes []retrieval.Scope, episode *EpisodeRef, typed string, limit int) ([]string, error) {
	s := parseSearch(typed)
	type foundSpeaker struct {
		name string
		fit
	}
	var found []foundSpeaker
	seen := map[string]bool{}
	take := func(names []string, index *nameIndex) {
		for _, f := range index.find(&s) {
			if folded := strings.ToLower(names[f.at]); !seen[folded] {
				seen[folded] = true
				found = append(found, foundSpeaker{names[f.at], f})
			}
		}
	}
	if episode != nil {
		info, err := b.Info(ctx, scopes, *episode)
		if err != nil {
			return nil, err
		}
		index := indexNames(info.Speakers)
		take(info.Speakers, &index)
	} else {
		for _, scope := range scopes {
			_, c, err := b.catalog(ctx, scope)
			if err != nil {
				return nil, err
			}
			take(c.speakers, &c.spoken)
		}
	}
	found = onlyBetter(found, func(f *foundSpeaker) rank { return f.rank })
	slices.SortStableFunc(found, func(a, b foundSpeaker) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(b.score, a.score))
	})
	if limit > 0 {
		found = found[:min(len(found), limit)]
	}
	names := make([]string, len(found))
	for i := range found {
		names[i] = found[i].name
	}
	return names, nil
}

// Info is what is known of one episode, by its exact ID. Errors:
// retrieval.ErrUnknownEpisode, also when the episode's scope is none of the
// viewer's, and those of the library.
func (b *Bot) Info(ctx context.Context, scopes []retrieval.Scope, ref EpisodeRef) (*retrieval.EpisodeInfo, error) {
	if !slices.Contains(scopes, ref.Scope) {
		return nil, fmt.Errorf("episode %q: %w", ref.ID, retrieval.ErrUnknownEpisode)
	}
	return b.resolve(ctx, []retrieval.Scope{ref.Scope}, ref.ID)
}

// catalog is the episodes and speakers of one scope made ready for searching.
// It never changes.
type catalog struct {
	list     []retrieval.EpisodeInfo
	episodes nameIndex
	speakers []string
	spoken   nameIndex
}

// catalogs keeps those of the scopes that were searched, for typing needs one
// with every letter. The zero value is empty. Safe for concurrent use.
type catalogs struct {
	mutex   sync.Mutex
	byScope map[retrieval.Scope]*catalog
}

// catalog returns the scope's episodes, newest first, and their catalog.
func (b *Bot) catalog(ctx context.Context, scope retrieval.Scope) ([]retrieval.EpisodeInfo, *catalog, error) {
	list, err := b.library.List(ctx, retrieval.Filter{Scopes: []retrieval.Scope{scope}})
	if err != nil {
		return nil, nil, err
	}
	c := &b.catalogs
	c.mutex.Lock()
	known := c.byScope[scope]
	c.mutex.Unlock()
	if known != nil && known.isOf(list) {
		return list, known, nil
	}
	made := newCatalog(list)
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.byScope == nil {
		c.byScope = map[retrieval.Scope]*catalog{}
	}
	if c.byScope[scope] = made; len(list) == 0 {
		delete(c.byScope, scope)
	}
	return list, made, nil
}

// forget drops the catalog of a scope.
func (c *catalogs) forget(scope retrieval.Scope) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	delete(c.byScope, scope)
}

// isOf reports whether the catalog is that of these episodes.
func (c *catalog) isOf(list []retrieval.EpisodeInfo) bool {
	return slices.EqualFunc(c.list, list, func(a, b retrieval.EpisodeInfo) bool {
		return a.ID == b.ID && a.Title == b.Title && a.Show == b.Show && a.Date.Equal(b.Date) && slices.Equal(a.Speakers, b.Speakers)
	})
}

func newCatalog(list []retrieval.EpisodeInfo) *catalog {
	c := &catalog{list: list, episodes: indexEpisodes(list)}
	seen := map[string]bool{}
	for i := range list {
		for _, name := range list[i].Speakers {
			if folded := strings.ToLower(name); !seen[folded] {
				seen[folded] = true
				c.speakers = append(c.speakers, name)
			}
		}
	}
	c.spoken = indexNames(c.speakers)
	return c
}

func indexNames(names []string) nameIndex {
	var x indexer
	for _, name := range names {
		x.add(time.Time{}, name)
	}
	return x.index
}
