package bot

import (
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
	count int
	score float64
}

// heading names a chapter by its own words: the phrases that occur in it more
// than in the rest of the episode.
func (t *talk) heading(c *chapter) string {
	inside, all := map[string]int{}, map[string]int{}
	for i := range t.sentences {
		for _, term := range retrieval.ContentTerms(t.sentences[i].Text) {
			all[term]++
			if i >= c.first && i <= c.last {
				inside[term]++
			}
		}
	}
	phrases := map[string]*phrase{}
	var order []string
	for i := c.first; i <= c.last; i++ {
		for _, p := range phrasesOf(t.sentences[i].Text) {
			key := strings.Join(p.stems, " ")
			if phrases[key] == nil {
				phrases[key] = &p
				order = append(order, key)
			}
			phrases[key].count++
		}
	}
	var chosen []*phrase
	for len(chosen) < headingPhrases {
		var best *phrase
		for _, key := range order {
			p := phrases[key]
			p.score = 0
			for _, stem := range p.stems {
				p.score += float64(inside[stem]) / float64(1+all[stem])
			}
			p.score *= float64(p.count) * (1 + 0.3*float64(len(p.stems)-1))
			if !shares(p, chosen) && (best == nil || p.score > best.score) {
				best = p
			}
		}
		if best == nil {
			break
		}
		chosen = append(chosen, best)
	}
	texts := make([]string, len(chosen))
	for i, p := range chosen {
		texts[i] = p.text
	}
	return capitalise(strings.Join(texts, ", "))
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

// phrasesOf lists runs of one to three content words that stand together
// without punctuation between.
func phrasesOf(text string) []phrase {
	tokens := retrieval.Tokens(text)
	var found []phrase
	for i := range tokens {
		stems := []string{}
		for j := i; j < len(tokens) && j-i < maxHeadingWords; j++ {
			word := tokens[j].Word
			if !canHead(word) || j == i && joinedBefore(text, tokens, i) {
				break
			}
			if j > i && text[tokens[j-1].End:tokens[j].Start] != " " && text[tokens[j-1].End:tokens[j].Start] != "-" {
				break
			}
			stems = append(stems, retrieval.Stem(word))
			found = append(found, phrase{text: text[tokens[i].Start:tokens[j].End], stems: append([]string(nil), stems...)})
		}
	}
	return found
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
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}
