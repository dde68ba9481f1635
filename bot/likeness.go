package bot

import (
	"cmp"
	"slices"
	"strings"

	"verbatim/retrieval"
)

// leastLikeness is the share of letter triples from which two names look
// alike.
const leastLikeness = 0.2

// NearEpisodes are the episodes of the list, at most n, whose ID or title
// looks most like what was asked for, the likest first: those that share most
// letter triples with it. None when none looks like it.
func NearEpisodes(list []retrieval.EpisodeInfo, asked string, n int) []retrieval.EpisodeInfo {
	type near struct {
		at       int
		likeness float64
	}
	want := string(retrieval.Slug(asked))
	wanted := triplesOf(want)
	var found []near
	for i := range list {
		id, title := string(list[i].ID), string(retrieval.Slug(list[i].Title))
		likeness := max(dice(wanted, triplesOf(id)), dice(wanted, triplesOf(title)))
		if want != "" && (strings.Contains(id, want) || strings.Contains(title, want)) {
			likeness = 1
		}
		if likeness >= leastLikeness {
			found = append(found, near{i, likeness})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return cmp.Compare(b.likeness, a.likeness) })
	var episodes []retrieval.EpisodeInfo
	for _, f := range found[:min(n, len(found))] {
		episodes = append(episodes, list[f.at])
	}
	return episodes
}

// triples are the distinct runs of three characters of a text between spaces,
// ascending: each of the three takes 21 bits, which any rune fits in.
type triples []uint64

func triplesOf(s string) triples {
	runes := []rune("  " + s + " ")
	set := make(triples, 0, len(runes)-2)
	for i := range len(runes) - 2 {
		set = append(set, uint64(runes[i])<<42|uint64(runes[i+1])<<21|uint64(runes[i+2]))
	}
	slices.Sort(set)
	return slices.Compact(set)
}

// dice is twice the shared elements over all elements, 0 to 1 (Dice 1945).
func dice(a, b triples) float64 {
	shared := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			shared, i, j = shared+1, i+1, j+1
		}
	}
	return 2 * float64(shared) / float64(len(a)+len(b))
}

// slips is the number of letters left out, added, put for others, or swapped
// with a neighbour (Damerau 1964, each place once) that turns a into the
// nearest beginning of b: b may go on. More than most is most+1.
func slips(a, b string, most int) int {
	x, y := []rune(a), []rune(b)
	y = y[:min(len(y), len(x)+most)]
	before, row, next := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(x); i++ {
		next[0] = i
		least := i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			next[j] = min(row[j-1]+cost, row[j]+1, next[j-1]+1)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
			least = min(least, next[j])
		}
		if least > most {
			return most + 1
		}
		before, row, next = row, next, before
	}
	return min(slices.Min(row), most+1)
}
