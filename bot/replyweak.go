package bot

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

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
// A number of millions may also be that of the window: "8b-1m-context".
var namedSize = regexp.MustCompile(`(?:^|[^a-z0-9.])(\d{1,4}(?:\.\d+)?)([mb])(?:$|[^a-z0-9])`)

// weakModel reports whether a model's name tells a size below weakBillions. A name
// without one is that of a large hosted model. Of several sizes the largest
// counts, billions before millions.
func weakModel(name string) bool {
	name = strings.ToLower(name)
	window := strings.Contains(name, "context") || strings.Contains(name, "ctx")
	billions, millions := 0.0, 0.0
	// A separator may end one size and begin the next.
	for _, m := range namedSize.FindAllStringSubmatch(separated.ReplaceAllString(name, "$0$0"), -1) {
		size, err := strconv.ParseFloat(m[1], 64)
		switch {
		case err != nil:
		case m[2] == "b":
			billions = max(billions, size)
		case !window:
			millions = max(millions, size)
		}
	}
	size := billions
	if billions == 0 {
		size = millions / 1000
	}
	return size > 0 && size < weakBillions
}

// separated is what parts a name.
var separated = regexp.MustCompile(`[-_:/ ]`)

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

// nearness is how near a sentence must be to the words that it cites.
type nearness struct {
	// held is the least share of its content words that must stand there,
	// followed of those that must follow it in order, stray how many others may
	// lie between these for each of them.
	held, followed, stray float64
}

var (
	// weakNearness is for weak models, which put words of several sentences
	// together to what nobody said.
	weakNearness = nearness{heldShare, followedShare, strayShare}
	// foreignNearness is for transcripts in other languages than English, whose
	// names, numbers in words and denials the verifier does not know.
	foreignNearness = nearness{1, 1, 0}
)

// retold reports whether a sentence is as near to what it cites as it must be.
func (c *composer) retold(text string, supports []Support) bool {
	switch {
	case c.passages != "en" && (c.passages != "" || !ascii(text)):
		return retells(text, supports, c.sources(), foreignNearness)
	case weakModel(c.b.chat.client.Model()):
		return retells(text, supports, c.sources(), weakNearness)
	}
	return true
}

// ascii reports whether a text has no letters but English ones.
func ascii(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII && unicode.IsLetter(r) })
}

// retells reports whether a sentence is nearly the words of one cited place.
func retells(text string, supports []Support, sources []Source, near nearness) bool {
	words := near.words(text)
	for _, support := range supports {
		for i := range sources {
			s := &sources[i]
			if s.N == support.N && 0 <= support.First && support.First <= support.Last && support.Last < len(s.Sentences) &&
				near.follows(words, near.words(retrieval.JoinSentences(s.Sentences[support.First:support.Last+1]))) {
				return true
			}
		}
	}
	return false
}

// words are those of a text that count: all where all must stand there, since
// what says nothing in English may turn a sentence round in another language.
func (near nearness) words(text string) []string {
	if near.held == 1 {
		return retrieval.Terms(text)
	}
	return contentOf(text)
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

// common is a common subsequence: how many words it has, and where it begins in
// the longer text.
type common struct{ n, start int }

// better prefers the longer one and, of equally long ones, that which begins
// later, which is the denser up to the same end.
func (c common) better(o common) bool { return c.n > o.n || c.n == o.n && c.start > o.start }

// follows is retells with one place: whether some common subsequence is long and
// dense enough. They are found row by row, for each end the longest.
func (near nearness) follows(words, said []string) bool {
	held := 0
	for _, w := range words {
		if slices.Contains(said, w) {
			held++
		}
	}
	if len(words) < leastFollowed || float64(held) < near.held*float64(len(words)) {
		return false
	}
	before := make([]common, len(said)+1)
	ends := make([]common, len(said)+1) // that end with the word before
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
			if next.better(ends[j+1]) {
				ends[j+1] = next
			}
		}
		before = now
	}
	for end, c := range ends {
		stray := float64(end - c.start - c.n)
		if c.n > 0 && float64(c.n) >= near.followed*float64(len(words)) && stray <= near.stray*float64(c.n) {
			return true
		}
	}
	return false
}
