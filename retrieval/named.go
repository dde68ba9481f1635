package retrieval

import (
	"context"
	"strings"
)

// namedBoost is what a passage of an episode gains, as a share of its own
// score, when the question names the episode fully by its title, show, date
// or description.
const namedBoost = 0.5

// preferNamed lets titles, shows, dates and descriptions be searched: passages
// of an episode that the question names gain in rank over those of other
// episodes. Within one episode nothing changes.
func preferNamed(ctx context.Context, index Index, q Query, hits []Hit) ([]Hit, error) {
	if len(q.Filter.Episodes) == 1 || len(hits) == 0 {
		return hits, nil
	}
	terms := ContentTerms(q.Text)
	if len(terms) == 0 {
		return hits, nil
	}
	episodes, err := index.List(ctx, q.Filter)
	if err != nil || len(episodes) < 2 {
		return hits, err
	}
	type key struct {
		scope Scope
		id    EpisodeID
	}
	holds := make([]map[string]bool, len(episodes))
	frequency := map[string]int{}
	for i := range episodes {
		holds[i] = aboutTerms(&episodes[i])
		for _, t := range terms {
			if holds[i][t] {
				frequency[t]++
			}
		}
	}
	counts := Vocabulary{Passages: len(episodes)}
	boosts := map[key]float64{}
	for i := range episodes {
		held, all := 0.0, 0.0
		for _, t := range terms {
			w := counts.IDF(frequency[t])
			all += w
			if holds[i][t] {
				held += w
			}
		}
		boosts[key{episodes[i].Scope, episodes[i].ID}] = 1 + namedBoost*held/all
	}
	for i := range hits {
		if b, ok := boosts[key{hits[i].ID.Scope, hits[i].ID.Episode}]; ok {
			hits[i].Score *= b
		}
	}
	sortHits(hits)
	return hits, nil
}

// aboutTerms are the terms of what is known about an episode.
func aboutTerms(e *EpisodeInfo) map[string]bool {
	about := []string{e.Title, e.Show, e.Description, strings.Join(e.Speakers, " ")}
	if !e.Date.IsZero() {
		about = append(about, e.Date.Format("2006-01-02 January 2"))
	}
	set := map[string]bool{}
	for _, t := range Terms(strings.Join(about, " ")) {
		set[t] = true
	}
	return set
}
