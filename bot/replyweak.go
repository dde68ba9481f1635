package bot

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"verbatim/retrieval"
)

const (
	// weakBillions is the size, in billions of parameters, below which a model is
	// taken for a weak one. Given whole passages, such models copy their beginnings
	// or invent; given the best sentences alone they mostly copy those
	// (docs/decisions.md has the figures).
	weakBillions = 1.2
	// besideBest is how many sentences on each side of a piece's best ones a weak
	// model is given with them.
	besideBest = 1
	// weakTokens is the longest answer of a weak model, about the three sentences
	// that it is asked for: it goes on to copy or invent when it has answered.
	weakTokens = 140
	// leastBest is how many sentences of a piece without best ones it is given.
	leastBest = 2
	// heldShare is the least share of the content words of a weak model's sentence
	// that must stand in a cited place, followedShare of those that must follow it
	// in order, and strayShare how many others may lie between them for each that
	// does. leastFollowed is the least number: "Exactly." answers nothing.
	heldShare     = 0.9
	followedShare = 0.75
	strayShare    = 0.4
	leastFollowed = 2
	// weakRelevantShare is relevantShare of each sentence of a weak model: it
	// tells what stands next to the answer as gladly as the answer.
	weakRelevantShare = 0.75
)

// namedSize is the size that names of models tell: "smollm2-135m", "qwen2.5:0.5b".
var namedSize = regexp.MustCompile(`(?:^|[^a-z0-9.])(\d{1,4}(?:\.\d+)?)([mb])(?:$|[^a-z0-9])`)

// weakModel reports whether a model's name tells a size below weakBillions. A name
// without one is that of a large hosted model.
func weakModel(name string) bool {
	m := namedSize.FindStringSubmatch(strings.ToLower(name))
	if m == nil {
		return false
	}
	size, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return false
	}
	if m[2] == "m" {
		size /= 1000
	}
	return size < weakBillions
}

// nearest are the pieces cut to their best sentences and those beside them.
func nearest(list []given) []given {
	cut := make([]given, len(list))
	for i := range list {
		g := &list[i]
		from, to := 0, min(leastBest, len(g.Sentences))
		if g.span.Last >= g.span.First {
			from, to = max(0, g.span.First-besideBest), min(len(g.Sentences), g.span.Last+1+besideBest)
		}
		cut[i] = g.cut(from, to-from)
	}
	return cut
}

// retells reports whether a sentence is nearly the cited words: its content words
// stand there, most of them in the same order and few others between them. Weak models put words
// of several sentences together to what nobody said, so that nothing else of
// theirs is shown.
func retells(text string, supports []Support, sources []Source) bool {
	words := contentOf(text)
	for _, support := range supports {
		for i := range sources {
			s := &sources[i]
			if s.N == support.N && 0 <= support.First && support.First <= support.Last && support.Last < len(s.Sentences) &&
				followsIn(words, contentOf(retrieval.JoinSentences(s.Sentences[support.First:support.Last+1]))) {
				return true
			}
		}
	}
	return false
}

// contentOf are the stems of a text that are no stop words, in order.
func contentOf(text string) []string {
	var content []string
	for _, term := range retrieval.Terms(text) {
		if !retrieval.IsStop(term) {
			content = append(content, term)
		}
	}
	return content
}

// common is a common subsequence: how many words it has and where it begins in the
// longer text.
type common struct{ n, start int }

// better prefers the longer run and, of equally long ones, the one that begins
// later, which is the denser.
func (c common) better(o common) bool { return c.n > o.n || c.n == o.n && c.start > o.start }

// followsIn is retells with one place. The longest common subsequence is found
// row by row.
func followsIn(words, said []string) bool {
	held := 0
	for _, w := range words {
		if slices.Contains(said, w) {
			held++
		}
	}
	if len(words) < leastFollowed || float64(held) < heldShare*float64(len(words)) {
		return false
	}
	before := make([]common, len(said)+1)
	for i := range words {
		now := make([]common, len(said)+1)
		for j := range said {
			now[j+1] = before[j+1]
			if now[j].better(now[j+1]) {
				now[j+1] = now[j]
			}
			if words[i] != said[j] {
				continue
			}
			next := common{before[j].n + 1, before[j].start}
			if before[j].n == 0 {
				next.start = j
			}
			if next.better(now[j+1]) {
				now[j+1] = next
			}
		}
		before = now
	}
	longest := before[len(said)]
	if float64(longest.n) < followedShare*float64(len(words)) {
		return false
	}
	end := 0
	for end < len(said) && before[end+1].n < longest.n {
		end++
	}
	stray := end + 1 - before[end+1].start - longest.n
	return float64(stray) <= strayShare*float64(longest.n)
}
