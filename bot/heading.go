package bot

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval"
)

const (
	// maxHeadingWords bounds a phrase in a heading.
	maxHeadingWords = 3
	// headingPhrases is how many phrases a heading joins.
	headingPhrases = 2
)

// phrase is a run of words of a chapter that may name its subject.
type phrase struct {
	text  string // as first written
	stems []string
	// telling is how much each word tells of a subject, 0 to 1.
	telling []float64
	count   int
	score   float64
}

// heading names a chapter by its own words: the phrases that occur in it more
// than in the rest of the episode.
func (t *talk) heading(c *chapter) string {
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
	for _, p := range phrases {
		for i, stem := range p.stems {
			p.score += p.telling[i] * float64(inside[stem]) / float64(1+t.frequency[stem])
		}
		p.score *= float64(p.count) * (1 + 0.3*float64(len(p.stems)-1))
	}
	var chosen []string
	var taken []*phrase
	for len(chosen) < headingPhrases {
		var best *phrase
		for _, key := range order {
			if p := phrases[key]; !shares(p, taken) && (best == nil || p.score > best.score) {
				best = p
			}
		}
		if best == nil {
			break
		}
		taken = append(taken, best)
		chosen = append(chosen, best.text)
	}
	return capitalise(strings.Join(chosen, ", "))
}

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

// phrasesOf lists runs of one to three telling words that stand together
// without punctuation between.
func (t *talk) phrasesOf(text string) []phrase {
	tokens := retrieval.Tokens(text)
	var found []phrase
	for i := range tokens {
		p := phrase{}
		for j := i; j < len(tokens) && j-i < maxHeadingWords; j++ {
			if j > i && text[tokens[j-1].End:tokens[j].Start] != " " && text[tokens[j-1].End:tokens[j].Start] != "-" {
				break
			}
			telling := t.telling(text, tokens, j)
			if telling == 0 || j == i && joinedBefore(text, tokens, i) {
				break
			}
			p.stems = append(p.stems, retrieval.Stem(tokens[j].Word))
			p.telling = append(p.telling, telling)
			found = append(found, phrase{text: text[tokens[i].Start:tokens[j].End], stems: slices.Clone(p.stems), telling: slices.Clone(p.telling)})
		}
	}
	return found
}

// commonRank is the rank up to which words are too common to tell a subject:
// verbs, adverbs and the nouns of everyday talk.
const commonRank = 1500

// telling is how much a word tells of a subject: 0 for a word that may not
// stand in a heading, 1 for a name or a rare word.
func (t *talk) telling(text string, tokens []retrieval.Token, i int) float64 {
	word := tokens[i].Word
	if !canHead(word) {
		return 0
	}
	if first := text[tokens[i].Start]; i > 0 && first >= 'A' && first <= 'Z' {
		return 1
	}
	rank, whole := t.lexicon.Rank(word)
	switch {
	case !whole && len(word) < 6:
		return 0 // "gonna", "yknow"
	case !whole:
		return 0.5
	case rank < commonRank:
		return 0
	}
	return min(math.Log2(float64(rank)/commonRank)/3+0.1, 1)
}

// smallTalk is what people say at the ends of a talk; it names no subject.
var smallTalk = map[string]bool{
	"welcome": true, "back": true, "hello": true, "hi": true, "thanks": true, "thank": true, "nice": true, "today": true, "guest": true,
	"episode": true, "show": true, "podcast": true, "talk": true, "first": true, "new": true, "neither": true, "either": true,
}

// canHead reports whether a word may be part of a heading: no number, no stop
// word, no small talk, and by its ending no form of a verb.
func canHead(word string) bool {
	digit := word[0] >= '0' && word[0] <= '9'
	verb := len(word) > 4 && (strings.HasSuffix(word, "ed") || strings.HasSuffix(word, "ing"))
	return !digit && !verb && !retrieval.IsStop(word) && !smallTalk[word]
}

// joinedBefore reports whether a hyphen ties token i to the one before: half a
// name is no phrase.
func joinedBefore(text string, tokens []retrieval.Token, i int) bool {
	return i > 0 && text[tokens[i-1].End:tokens[i].Start] == "-"
}

func capitalise(s string) string {
	if s == "" {
		return ""
	}
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}
