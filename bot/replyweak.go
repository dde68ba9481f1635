package bot

import (
	"regexp"
	"strconv"
	"strings"
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
