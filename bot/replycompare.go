package bot

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"verbatim/retrieval"
)

const (
	// comparedEpisodes is the most episodes that are set side by side; of more
	// no passage would be left for some.
	comparedEpisodes = 4
	// comparedHits is how many passages are searched to tell which episodes
	// speak of the question at all.
	comparedHits = 40
)

// findEach finds for each episode of a comparison what it says; it reports
// false when the question is none, or there is but one episode to compare.
func (r *asking) findEach(ctx context.Context) (bool, error) {
	if len(r.episodes) < 2 {
		return false, nil
	}
	compared := namedEpisodes(r.episodes, r.text)
	if len(compared) < 2 {
		if r.kind != kindCompare {
			return false, nil
		}
		var err error
		if compared, err = r.speakingEpisodes(ctx); err != nil || len(compared) < 2 {
			return false, err
		}
	}
	r.kind = kindCompare
	r.searched = withoutTitles(r.searched, compared)
	slices.SortStableFunc(compared, func(a, b retrieval.EpisodeInfo) int { return a.Date.Compare(b.Date) })
	compared = compared[:min(len(compared), comparedEpisodes)]
	all := &found{evidence: &retrieval.Evidence{}, each: true}
	var hits [][]retrieval.Hit
	var weak []retrieval.EvidenceSpan
	for i := range compared {
		f := r.q.Filter
		f.Scopes, f.Episodes = []retrieval.Scope{compared[i].Scope}, []retrieval.EpisodeID{compared[i].ID}
		one, err := r.bot.search(ctx, r.searched, f, max(2, askHits/len(compared)))
		if err != nil {
			return false, err
		}
		hits = append(hits, one.hits)
		if one.evidence.Enough() {
			all.evidence.Spans = append(all.evidence.Spans, one.evidence.Spans[0])
		} else {
			all.evidence.Reason = firstReason(all.evidence.Reason, one.evidence.Reason)
			weak = append(weak, one.evidence.Spans[:min(1, len(one.evidence.Spans))]...)
		}
	}
	all.hits = interleave(hits)
	if len(all.evidence.Spans) > 0 {
		all.evidence.Reason = Reason{}
	} else {
		all.evidence.Spans = weak
	}
	r.found = all
	return true, nil
}

// firstReason is the first reason that is one.
func firstReason(a, b Reason) Reason {
	if a.Kind != ReasonNone {
		return a
	}
	return b
}

// interleave takes the best of each list, then the second best, so that what is
// cut off at the end is cut off all alike.
func interleave(lists [][]retrieval.Hit) []retrieval.Hit {
	var all []retrieval.Hit
	for i := 0; ; i++ {
		more := false
		for _, list := range lists {
			if i < len(list) {
				all, more = append(all, list[i]), true
			}
		}
		if !more {
			return all
		}
	}
}

// speakingEpisodes are those with the best passages on the question, best
// first.
func (r *asking) speakingEpisodes(ctx context.Context) ([]retrieval.EpisodeInfo, error) {
	hits, err := r.bot.Search(ctx, retrieval.Query{Text: r.searched, Filter: r.q.Filter, K: comparedHits, Apart: true})
	if err != nil {
		return nil, err
	}
	var list []retrieval.EpisodeInfo
	for i := range hits {
		id := &hits[i].ID
		same := func(e retrieval.EpisodeInfo) bool { return e.Scope == id.Scope && e.ID == id.Episode }
		if slices.ContainsFunc(list, same) {
			continue
		}
		if at := slices.IndexFunc(r.episodes, same); at >= 0 {
			list = append(list, r.episodes[at])
		}
		if len(list) == comparedEpisodes {
			break
		}
	}
	return list, nil
}

// namedEpisodes are the episodes that the question names by their titles: all
// words of the title that tell it from most others are in the question, and they
// are two or more, or a number.
func namedEpisodes(episodes []retrieval.EpisodeInfo, text string) []retrieval.EpisodeInfo {
	if !mayName(episodes, text) {
		return nil
	}
	asked := map[string]bool{}
	for _, t := range retrieval.Terms(text) {
		asked[t] = true
	}
	titles := make([][]string, len(episodes))
	count := map[string]int{}
	for i := range episodes {
		titles[i] = retrieval.ContentTerms(episodes[i].Title)
		for _, t := range titles[i] {
			count[t]++
		}
	}
	var named []retrieval.EpisodeInfo
	for i := range episodes {
		telling, digits := 0, false
		all := true
		for _, t := range titles[i] {
			if len(episodes) > 2 && 2*count[t] > len(episodes) || len(episodes) == 2 && count[t] == 2 {
				continue // such as the show's name
			}
			telling++
			digits = digits || strings.ContainsAny(t, "0123456789")
			all = all && asked[t]
		}
		if all && (telling > 1 || telling == 1 && digits) {
			named = append(named, episodes[i])
		}
	}
	slices.SortStableFunc(named, func(a, b retrieval.EpisodeInfo) int { return cmp.Compare(a.ID, b.ID) })
	return named
}

// mayName reports whether two titles have words of the question, as written: a
// quick look, for there may be thousands.
func mayName(episodes []retrieval.EpisodeInfo, text string) bool {
	parts := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	asked := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), parts) {
		if !retrieval.IsStop(w) {
			asked[w] = true
		}
	}
	named := 0
	for i := range episodes {
		met := 0
		for w := range strings.FieldsFuncSeq(episodes[i].Title, parts) {
			if asked[strings.ToLower(w)] {
				if met++; unicode.IsDigit(rune(w[0])) {
					met++
				}
			}
		}
		if met > 1 {
			if named++; named > 1 {
				return true
			}
		}
	}
	return false
}

// withoutTitles is the text without the episodes' titles: they are seldom said.
func withoutTitles(text string, episodes []retrieval.EpisodeInfo) string {
	bare := text
	for i := range episodes {
		if title := episodes[i].Title; title != "" {
			bare = regexp.MustCompile(`(?i)["“„«]?`+regexp.QuoteMeta(title)+`["”“»]?`).ReplaceAllString(bare, " ")
		}
	}
	if len(retrieval.ContentTerms(bare)) == 0 {
		return text
	}
	return strings.Join(strings.Fields(bare), " ")
}
