package bot

import (
	"fmt"
	"slices"
	"strings"

	"verbatim/prompts"
	"verbatim/retrieval"
)

// maxCited is how many sentences a citation may have when overlapping ones are
// joined to it; longer ones would be a page to read.
const maxCited = 5

// place is a run of sentences of an episode: first and last index the
// episode's list, both included.
type place struct {
	episode     episodeKey
	first, last int
	sentences   []retrieval.Sentence
}

// meets reports whether the places have a sentence in common.
func (p *place) meets(o *place) bool {
	return p.episode == o.episode && p.first <= o.last && o.first <= p.last
}

// join grows the place by one that meets it, unless it would become too long.
func (p *place) join(o *place) bool {
	if o.first >= p.first && o.last <= p.last {
		return true
	}
	first, last := min(p.first, o.first), max(p.last, o.last)
	if !p.meets(o) || last-first+1 > maxCited {
		return false
	}
	a, b := p, o
	if b.first < a.first {
		a, b = b, a
	}
	sentences := slices.Clone(a.sentences)
	if b.last > a.last {
		sentences = append(sentences, b.sentences[a.last+1-b.first:]...)
	}
	p.first, p.last, p.sentences = first, last, sentences
	return true
}

// citer numbers the places that sentences rest on, in order of first use.
type citer struct {
	episodes map[episodeKey]*retrieval.EpisodeInfo
	places   []place
}

// add returns the indices of the places, each once; equal and overlapping ones
// become one.
func (c *citer) add(places []place) []int {
	var at []int
	for i := range places {
		n := slices.IndexFunc(c.places, func(p place) bool {
			return p.episode == places[i].episode && p.first <= places[i].first && p.last >= places[i].last
		})
		for k := range c.places {
			if n >= 0 {
				break
			}
			if c.places[k].meets(&places[i]) && c.places[k].join(&places[i]) {
				n = k
			}
		}
		if n < 0 {
			n = len(c.places)
			c.places = append(c.places, places[i])
		}
		if !slices.Contains(at, n) {
			at = append(at, n)
		}
	}
	return at
}

// citations are those of all places; place i has the number i+1.
func (c *citer) citations() []retrieval.Citation {
	list := make([]retrieval.Citation, len(c.places))
	for i := range c.places {
		p := &c.places[i]
		info := c.episodes[p.episode]
		if info == nil { // removed meanwhile
			info = &retrieval.EpisodeInfo{Scope: p.episode.scope, ID: p.episode.id}
		}
		list[i] = retrieval.Cite(info, p.sentences)
		list[i].N = i + 1
	}
	return list
}

// shown is a sentence that may be shown, with the places that it rests on.
type shown struct {
	text   string
	places []place
}

// render numbers the citations of the sentences.
func render(list []shown, episodes map[episodeKey]*retrieval.EpisodeInfo) ([]AnswerSentence, []retrieval.Citation) {
	c := &citer{episodes: episodes}
	sentences := make([]AnswerSentence, len(list))
	for i := range list {
		at := c.add(list[i].places)
		sentences[i] = AnswerSentence{Text: list[i].text, Citations: make([]int, len(at))}
		for k := range at {
			sentences[i].Citations[k] = at[k] + 1
		}
	}
	return sentences, c.citations()
}

// joinAnswer joins sentences to one text, each with its marks.
func joinAnswer(sentences []AnswerSentence, separator string) string {
	texts := make([]string, len(sentences))
	for i := range sentences {
		texts[i] = sentences[i].Text + " " + marksOf(sentences[i].Citations)
	}
	return strings.Join(texts, separator)
}

// marksOf is such as "[1][2]".
func marksOf(citations []int) string {
	var b strings.Builder
	for _, n := range citations {
		fmt.Fprintf(&b, "[%d]", n)
	}
	return b.String()
}

// withoutRepeats drops sentences that say nothing but what one before them says:
// all their content words, figures included, are in it, and as many negations.
func withoutRepeats(list []shown) []shown {
	return withoutRepeatsOf(list, func(_, _ *shown) bool { return true })
}

// distinct are sentences without repeats. In a comparison the same said in another
// episode is none.
func (m *material) distinct(list []shown) []shown {
	if m.kind != prompts.Compare {
		return withoutRepeats(list)
	}
	return withoutRepeatsOf(list, func(a, b *shown) bool {
		return !slices.ContainsFunc(b.places, func(of place) bool {
			return !slices.ContainsFunc(a.places, func(p place) bool { return p.episode == of.episode })
		})
	})
}

// withoutRepeatsOf is withoutRepeats where b may be a repeat of a only if may says
// so.
func withoutRepeatsOf(list []shown, may func(a, b *shown) bool) []shown {
	type said struct {
		*shown
		terms    map[string]bool
		negative bool
	}
	var kept []shown
	var before []said
	for i := range list {
		s := &list[i]
		terms := retrieval.ContentTerms(s.text)
		if len(terms) == 0 {
			terms = retrieval.Terms(s.text)
		}
		now := said{shown: s, terms: map[string]bool{}, negative: negates(s.text)}
		for _, t := range terms {
			now.terms[t] = true
		}
		if slices.ContainsFunc(before, func(b said) bool { return b.negative == now.negative && holdsAll(b.terms, terms) && may(b.shown, s) }) {
			continue
		}
		kept, before = append(kept, *s), append(before, now)
	}
	return kept
}

func holdsAll(set map[string]bool, terms []string) bool {
	return !slices.ContainsFunc(terms, func(t string) bool { return !set[t] })
}

// negations are the words that turn a statement round, folded, of the languages
// that questions are asked in most.
var negations = wordSet(`not no never none nobody nothing neither nor without cannot nicht kein keine keinen nie niemals niemand nichts
	pas jamais aucun aucune rien personne sans nunca ningun ninguna nadie nada sin`)

// negates reports whether a text has a negation.
func negates(text string) bool {
	for _, t := range retrieval.Tokens(text) {
		if negations[t.Word] || len(t.Word) > 3 && strings.HasSuffix(t.Word, "nt") && strings.ContainsAny(text[t.Start:t.End], "'’") {
			return true
		}
	}
	return false
}
