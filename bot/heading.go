package bot

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval"
)

const (
	// maxHeadingWords bounds a phrase in a heading; names may be longer.
	maxHeadingWords = 3
	longestName     = 5
	// headingPhrases is how many phrases a heading joins.
	headingPhrases = 2
	// furtherPhrase is how near the second phrase's score must come to the
	// first's.
	furtherPhrase = 0.35
	// headedShare is what stays of the score of a phrase that another chapter
	// is headed by.
	headedShare = 0.5
)

// phrase is a run of words of a chapter that may name its subject.
type phrase struct {
	text  string // as first written
	stems []string
	// telling is how much each word tells of a subject, 0 to 1.
	telling []float64
	name    bool
	count   int
	score   float64
}

// heading names a chapter by its own words: the names and noun phrases that occur
// in it more than in the rest of the episode, others than head the chapters
// before if it can be. Where it has none, its beginning.
func (t *talk) heading(c *chapter) string {
	if t.usage == nil {
		t.usage = usageOf(t.sentences)
	}
	inside := map[string]int{}
	for i := c.first; i <= c.last; i++ {
		for _, term := range t.terms[i] {
			inside[term]++
		}
	}
	phrases := map[string]*phrase{}
	var order []string
	for i := c.first; i <= c.last; i++ {
		for _, p := range t.phrasesOf(t.sentences[i].Text) {
			key := strings.Join(p.stems, " ")
			if phrases[key] == nil {
				phrases[key] = &p
				order = append(order, key)
			}
			phrases[key].count++
		}
	}
	for key, p := range phrases {
		p.weigh(inside, t.frequency)
		if t.usage.headed[key] {
			p.score *= headedShare
		}
	}
	var taken []*phrase
	for len(taken) < headingPhrases {
		var best *phrase
		for _, key := range order {
			if p := phrases[key]; !shares(p, taken) && (best == nil || p.score > best.score) {
				best = p
			}
		}
		if best == nil || len(taken) > 0 && best.score < furtherPhrase*taken[0].score {
			break
		}
		taken = append(taken, best)
	}
	if len(taken) == 0 {
		return t.openingOf(c)
	}
	texts := make([]string, len(taken))
	for i := range taken {
		texts[i] = taken[i].text
		t.usage.headed[strings.Join(taken[i].stems, " ")] = true
	}
	return capitalise(strings.Join(texts, ", "))
}

// weigh scores a phrase: by how much of its words' use is inside the chapter,
// how much they tell, how often it stands there, and how much it says.
func (p *phrase) weigh(inside, everywhere map[string]int) {
	for i, stem := range p.stems {
		p.score += p.telling[i] * float64(inside[stem]) / float64(1+everywhere[stem])
	}
	p.score *= math.Sqrt(float64(p.count)) * (1 + 0.4*float64(min(len(p.stems), maxHeadingWords)-1)) / math.Sqrt(float64(len(p.stems)))
	switch {
	case p.count == 1 && len(p.stems) == 1:
		p.score *= 0.5 // mentioned in passing
	case p.name && p.count > 1:
		p.score *= 1.2
	case !p.name && len(p.stems) == 1:
		p.score *= 0.8
	}
}

// openingOf is the beginning of the longest sentence of a chapter without any
// noun phrase that we know of.
func (t *talk) openingOf(c *chapter) string {
	text := t.sentences[t.longest(c)].Text
	tokens := retrieval.Tokens(text)
	if len(tokens) == 0 {
		return ""
	}
	return capitalise(text[tokens[0].Start:tokens[min(len(tokens), openingWords)-1].End]) + "…"
}

// openingWords is how many words such a heading has.
const openingWords = 6

// shares reports whether a phrase has a word that one of the others has.
func shares(p *phrase, others []*phrase) bool {
	for _, o := range others {
		for _, a := range p.stems {
			for _, b := range o.stems {
				if a == b {
					return true
				}
			}
		}
	}
	return false
}

// phrasesOf lists the phrases of a text that may stand in a heading: names,
// whole, and of each run of words the ends that have a noun for their head, with
// what follows "of" if such a run does.
func (t *talk) phrasesOf(text string) []phrase {
	r := headingRuns(text, t.usage.names)
	var found []phrase
	for i, run := range r.runs {
		for _, n := range r.namesIn(run) {
			if p, ok := t.named(r, n); ok {
				found = append(found, p)
			}
		}
		for from := run.first; from <= run.last; from++ {
			if p, ok := t.nounPhrase(r, from, run.last); ok {
				found = append(found, p)
			}
		}
		if i > 0 && r.ofBetween(r.runs[i-1], run) {
			if p, ok := t.ofPhrase(r, r.runs[i-1].last, run); ok {
				found = append(found, p)
			}
		}
	}
	return found
}

// named is a name as a phrase. A single word must be used as a name stands, not
// only before others as "Russian" is.
func (t *talk) named(r *runs, n tokenRun) (phrase, bool) {
	length := n.last - n.first + 1
	if length > longestName {
		return phrase{}, false
	}
	p := phrase{text: withoutPossessive(r.text[r.tokens[n.first].Start:r.tokens[n.last].End]), name: true}
	addresses := true
	for i := n.first; i <= n.last; i++ {
		word := r.tokens[i].Word
		addresses = addresses && t.usage.speakers[word]
		p.stems = append(p.stems, retrieval.Stem(word))
		p.telling = append(p.telling, 1)
	}
	use := t.usage.words[p.stems[length-1]]
	if addresses || length == 1 && (use == nil || 2*use.heads < use.heads+use.before || len(p.text) < 2) {
		return phrase{}, false
	}
	return p, true
}

// nounPhrase is the words from..to of a run that ends at to, if their head is a
// noun and none of the others is a verb or half a name.
func (t *talk) nounPhrase(r *runs, from, to int) (phrase, bool) {
	if to-from+1 > maxHeadingWords || !t.isNoun(r, to) || r.cutsName(from, to) {
		return phrase{}, false
	}
	p := phrase{text: withoutPossessive(r.text[r.tokens[from].Start:r.tokens[to].End])}
	best := 0.0
	for i := from; i <= to; i++ {
		use := t.usage.words[retrieval.Stem(r.tokens[i].Word)]
		if i < to && !r.capital[i] && use != nil && use.verbs > 0 && use.verbs >= use.nouns {
			return phrase{}, false
		}
		p.stems = append(p.stems, retrieval.Stem(r.tokens[i].Word))
		p.telling = append(p.telling, t.telling(r, i))
		best = max(best, p.telling[i-from])
	}
	if best < leastTelling || to == from && r.capital[to] {
		return phrase{}, false // single names are named's
	}
	return p, true
}

// ofPhrase is such as "convergence of values".
func (t *talk) ofPhrase(r *runs, head int, run tokenRun) (phrase, bool) {
	if run.last-run.first+1 > 2 || !t.isNoun(r, head) || !t.isNoun(r, run.last) || r.capital[head] || r.cutsName(run.first, run.last) {
		return phrase{}, false
	}
	p := phrase{text: withoutPossessive(r.text[r.tokens[head].Start:r.tokens[run.last].End])}
	best := 0.0
	for _, i := range append([]int{head}, indices(run)...) {
		telling := max(t.telling(r, i), 0.1)
		best = max(best, telling)
		p.stems = append(p.stems, retrieval.Stem(r.tokens[i].Word))
		p.telling = append(p.telling, telling)
	}
	return p, best >= leastTelling
}

func indices(run tokenRun) []int {
	var list []int
	for i := run.first; i <= run.last; i++ {
		list = append(list, i)
	}
	return list
}

// isNoun reports whether token i is used as a noun: by its neighbours in the
// whole episode.
func (t *talk) isNoun(r *runs, i int) bool {
	if r.capital[i] {
		return true
	}
	use := t.usage.words[retrieval.Stem(r.tokens[i].Word)]
	if use == nil || use.nouns == 0 {
		return false
	}
	if word := r.tokens[i].Word; strings.HasSuffix(word, "ing") {
		return use.nouns > 2*use.verbs && use.nouns > 1
	}
	return use.nouns > use.verbs
}

const (
	// commonRank is the rank up to which words are too common to tell a
	// subject: the nouns of everyday talk.
	commonRank = 1500
	// leastTelling is the least that one word of a phrase must tell.
	leastTelling = 0.15
)

// telling is how much a word tells of a subject, 0 to 1 for a name or a rare
// word.
func (t *talk) telling(r *runs, i int) float64 {
	if r.capital[i] {
		return 1
	}
	word := r.tokens[i].Word
	rank, whole := t.lexicon.Rank(word)
	switch {
	case !whole && len(word) < 6:
		return 0 // "gonna", "yknow"
	case !whole:
		return 0.5
	case rank < commonRank:
		return 0.05
	}
	return min(math.Log2(float64(rank)/commonRank)/3+0.15, 1)
}

func withoutPossessive(s string) string {
	return strings.TrimSuffix(strings.TrimSuffix(s, "'s"), "’s")
}

func capitalise(s string) string {
	if s == "" {
		return ""
	}
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}
