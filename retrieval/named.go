package retrieval

import (
	"context"
	"strings"
)

const (
	// namedBoost is what a passage of an episode gains, as a share of its own
	// score, when the question names the episode fully by its title, show,
	// date, speakers or description.
	namedBoost = 0.5
	// namedShare is the share of the question, weighed by rarity, from which
	// it counts as naming the episode: its passages are then looked at even
	// if their own words would not bring them up.
	namedShare = 0.5
	// maxNamed bounds how many episodes one question can name.
	maxNamed = 3
)

// episodeKey names an episode across scopes.
type episodeKey struct {
	scope Scope
	id    EpisodeID
}

// aboutEpisode is what is known about an episode, as terms.
type aboutEpisode struct {
	key   episodeKey
	text  string
	terms map[string]bool
}

// about lists what is known about every episode of the vocabulary's scopes;
// it is read once for each vocabulary, which lives until the library changes.
func (v *Vocabulary) about(ctx context.Context, index Index, scopes []Scope) ([]aboutEpisode, error) {
	v.aboutMutex.Lock()
	defer v.aboutMutex.Unlock()
	if v.aboutRead {
		return v.aboutList, nil
	}
	episodes, err := index.List(ctx, Filter{Scopes: scopes})
	if err != nil {
		return nil, err
	}
	known := make(map[episodeKey]*aboutEpisode, len(v.aboutList))
	for i := range v.aboutList {
		known[v.aboutList[i].key] = &v.aboutList[i]
	}
	list := make([]aboutEpisode, len(episodes))
	for i := range episodes {
		key, text := episodeKey{episodes[i].Scope, episodes[i].ID}, aboutText(&episodes[i])
		if k := known[key]; k != nil && k.text == text {
			list[i] = *k
			continue
		}
		list[i] = aboutEpisode{key, text, aboutTerms(text)}
	}
	v.aboutList, v.aboutRead = list, true
	return v.aboutList, nil
}

// Follow takes over what is known about the episodes of an earlier vocabulary,
// so that about looks only at those that are others since.
func (v *Vocabulary) Follow(earlier *Vocabulary) {
	earlier.aboutMutex.Lock()
	list := earlier.aboutList
	earlier.aboutMutex.Unlock()
	v.aboutMutex.Lock()
	defer v.aboutMutex.Unlock()
	if !v.aboutRead {
		v.aboutList = list
	}
}

// aboutText is what is known about an episode.
func aboutText(e *EpisodeInfo) string {
	about := []string{e.Title, e.Show, e.Description, strings.Join(e.Speakers, " ")}
	if !e.Date.IsZero() {
		about = append(about, e.Date.Format("2006-01-02 January 2"))
	}
	return strings.Join(about, " ")
}

// aboutTerms are the terms of what is known about an episode.
func aboutTerms(text string) map[string]bool {
	set := map[string]bool{}
	for _, t := range Terms(text) {
		set[t] = true
	}
	return set
}

// preferNamed lets titles, shows, dates and descriptions be searched: passages
// of an episode that the question names gain in rank over those of other
// episodes, and its nearest passages are added. Within one episode nothing
// changes.
func preferNamed(ctx context.Context, index Index, q Query, v *Vocabulary, vector []float32, hits []Hit) ([]Hit, error) {
	terms := namingTerms(q.Text)
	if len(q.Filter.Episodes) == 1 || len(terms) == 0 {
		return hits, nil
	}
	about, err := v.about(ctx, index, q.Filter.Scopes)
	if err != nil || len(about) < 2 {
		return hits, err
	}
	shares := namedShares(terms, about)
	if vector != nil {
		if hits, err = addNamed(ctx, index, q, vector, hits, shares); err != nil {
			return nil, err
		}
	}
	for i := range hits {
		hits[i].boost = 1 + namedBoost*shares[episodeKey{hits[i].ID.Scope, hits[i].ID.Episode}]
		hits[i].Score *= hits[i].boost
	}
	sortHits(hits)
	return hits, nil
}

// namingTerms are the content terms of a question, and the month of May, which
// is a stop word otherwise.
func namingTerms(text string) []string {
	terms := ContentTerms(text)
	for _, t := range Tokens(text) {
		if text[t.Start:t.End] == "May" {
			return append(terms, Stem("may"))
		}
	}
	return terms
}

// namedShares gives for each episode what share of the terms, weighed by how
// few episodes have them, is known about it.
func namedShares(terms []string, about []aboutEpisode) map[episodeKey]float64 {
	frequency := map[string]int{}
	for i := range about {
		for _, t := range terms {
			if about[i].terms[t] {
				frequency[t]++
			}
		}
	}
	counts := Vocabulary{Passages: len(about)}
	all := 0.0
	for _, t := range terms {
		all += counts.IDF(frequency[t])
	}
	shares := map[episodeKey]float64{}
	for i := range about {
		held := 0.0
		for _, t := range terms {
			if about[i].terms[t] {
				held += counts.IDF(frequency[t])
			}
		}
		if held > 0 {
			shares[about[i].key] = held / all
		}
	}
	return shares
}

// addNamed adds the nearest passages of the episodes that the question names.
func addNamed(ctx context.Context, index Index, q Query, vector []float32, hits []Hit, shares map[episodeKey]float64) ([]Hit, error) {
	f := q.Filter
	named := map[episodeKey]bool{}
	f.Episodes = nil
	for key, share := range shares {
		if share >= namedShare && allows(q.Filter.Episodes, key.id) {
			named[key] = true
			f.Episodes = append(f.Episodes, key.id)
		}
	}
	if len(named) == 0 || len(named) > maxNamed {
		return hits, nil
	}
	list, err := index.Nearest(ctx, f, vector, q.K)
	if err != nil {
		return nil, err
	}
	at := make(map[PassageID]int, len(hits))
	for i := range hits {
		at[hits[i].ID] = i
	}
	for rank := range list {
		id := list[rank].ID
		if !named[episodeKey{id.Scope, id.Episode}] {
			continue // the same ID in another scope
		}
		i, ok := at[id]
		if !ok {
			i = len(hits)
			hits = append(hits, Hit{Passage: Passage{ID: id}, Cosine: list[rank].Score})
		}
		hits[i].Score += shares[episodeKey{id.Scope, id.Episode}] / float64(rrfK+rank+1)
	}
	return hits, nil
}

func allows(episodes []EpisodeID, id EpisodeID) bool {
	for _, e := range episodes {
		if e == id {
			return true
		}
	}
	return len(episodes) == 0
}
