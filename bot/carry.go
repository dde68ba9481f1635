package bot

import (
	"slices"
	"strings"

	"verbatim/retrieval"
)

// carry adds the names and then the other content words of the question before.
func (q *asked) carry(before *asked) string {
	return q.with(before.names(q), before.words(q))
}

// carryNames adds the names of the question before, or its words when it has
// none.
func (q *asked) carryNames(before *asked) string {
	names := before.names(q)
	if len(names) > 0 {
		return q.with(names, nil)
	}
	return q.with(nil, before.words(q))
}

// with appends names and words. An "and" stands between names, since neighbours
// would be taken for one name of many words; what ends the question comes last,
// since a name after it would be taken for the first word of a sentence.
func (q *asked) with(names, words []string) string {
	if len(names)+len(words) == 0 {
		return q.text
	}
	body := strings.TrimRight(q.text, "?!.… ")
	mark := q.text[len(body):]
	if body == "" {
		return q.text
	}
	carried := strings.Join(names, " "+q.tongue.and()+" ")
	if len(words) > 0 {
		carried = strings.TrimPrefix(carried+" "+strings.Join(words, " "), " ")
	}
	return body + " (" + carried + ")" + strings.TrimSpace(mark)
}

// names are those that next does not have, as written.
func (q *asked) names(next *asked) []string {
	var names []string
	for _, span := range q.spans {
		if q.modifies(span) {
			span[1]++ // "Russian leader"
		}
		text := q.slice(span)
		if !next.holds(text) && !slices.Contains(names, text) && len(names) < carriedNames {
			names = append(names, text)
		}
	}
	return names
}

// words are the content words beside the names that next does not have, each
// once, as written.
func (q *asked) words(next *asked) []string {
	var list []string
	seen := map[string]bool{}
	for i := 0; i < len(q.tokens) && len(list) < carriedWords; i++ {
		last := i
		for last+1 < len(q.tokens) && joinedBefore(q.text, q.tokens, last+1) {
			last++
		}
		text := q.slice([2]int{i, last})
		key := strings.Join(retrieval.Terms(text), " ")
		if q.content(i) && !q.named(i) && !q.modified(i) && !next.holds(text) && !seen[key] {
			seen[key] = true
			list = append(list, text)
		}
		i = last
	}
	return list
}

// modifies reports whether a name is an adjective of the next word: "Russian
// leader".
func (q *asked) modifies(span [2]int) bool {
	next := span[1] + 1
	if span[0] != span[1] || next >= len(q.tokens) || !q.near(next) || !q.content(next) || q.named(next) {
		return false
	}
	word := q.tokens[span[0]].Word
	return slices.ContainsFunc(adjectiveEndings, func(e string) bool { return strings.HasSuffix(word, e) })
}

// adjectiveEndings are those of adjectives made of the names of peoples and
// places.
var adjectiveEndings = []string{"ian", "ean", "can", "ese", "ish", "ern", "iet"}

// modified reports whether the token belongs to the adjective before it.
func (q *asked) modified(i int) bool {
	return slices.ContainsFunc(q.spans, func(s [2]int) bool { return s[1] == i-1 && q.modifies(s) })
}

// holds reports whether the question has all words of the text.
func (q *asked) holds(text string) bool {
	have := retrieval.Terms(q.text)
	for _, term := range retrieval.Terms(text) {
		if !slices.Contains(have, term) {
			return false
		}
	}
	return true
}

// slice is the text of a range of tokens, both included.
func (q *asked) slice(span [2]int) string {
	return q.text[q.tokens[span[0]].Start:q.tokens[span[1]].End]
}

// and is the word between two names.
func (t *tongue) and() string {
	for i, word := range []string{"and", "und", "et", "y"} {
		if tongues[i] == t {
			return word
		}
	}
	return "and"
}

// substitute asks the question before about what this one names.
func (q *asked) substitute(before *asked) string {
	rest := q.slice([2]int{q.first, len(q.tokens) - 1})
	body := strings.TrimRight(before.text, "?!.… ")
	span, found := q.counterpart(before)
	if !found {
		if before.holds(rest) {
			return q.carry(before)
		}
		return strings.TrimRight(body, ")") + " " + q.joined(rest) + closing(body) + "?"
	}
	from, to := before.tokens[span[0]].Start, before.tokens[span[1]].End
	return body[:from] + rest + body[to:] + "?"
}

// closing is the bracket that the carried words of the question before end in.
func closing(body string) string {
	if strings.HasSuffix(body, ")") {
		return ")"
	}
	return ""
}

// joined is the rest as it may follow other words.
func (q *asked) joined(rest string) string {
	if q.tongue.prepositions[q.tokens[q.first].Word] {
		return rest
	}
	return q.tongue.and() + " " + rest
}

// counterpart is the part of the question before that this one replaces: what
// has the same preposition, or else a number for a number, a name for a name;
// of several names the one with a word in common, or the first.
func (q *asked) counterpart(before *asked) (span [2]int, found bool) {
	first := q.first
	numbers := q.only(isNumeral)
	if q.tongue.prepositions[q.tokens[first].Word] && first+1 < len(q.tokens) {
		first++
		if span, found := before.object(q.tokens[q.first].Word); found && (!numbers || before.numeral(span)) {
			return span, true
		}
	}
	if numbers {
		for i := range before.tokens {
			if isNumeral(before.tokens[i].Word) {
				return before.leadingIn(i, first > q.first), true
			}
		}
		return span, false
	}
	if len(q.spans) == 0 || len(before.spans) == 0 || first > q.first {
		return span, false
	}
	for _, name := range before.spans {
		if q.shares(before, name) {
			return name, true
		}
	}
	for _, name := range before.spans {
		if !before.modifies(name) {
			return name, true
		}
	}
	return span, false
}

// object is the words after a preposition, with it: up to the next function
// word but articles.
func (q *asked) object(preposition string) (span [2]int, found bool) {
	for i := len(q.tokens) - 2; i >= 0; i-- {
		if q.tokens[i].Word != preposition || joinedBefore(q.text, q.tokens, i) {
			continue
		}
		last := i
		for last+1 < len(q.tokens) && (q.content(last+1) || last == i && isArticle[q.tokens[last+1].Word]) {
			last++
		}
		if last > i {
			return [2]int{i, last}, true
		}
	}
	return span, false
}

var isArticle = wordSet("a an the der die das den dem le la les un une el los las")

// leadingIn is the token, with the preposition before it where that is to be
// replaced, too.
func (q *asked) leadingIn(i int, preposition bool) [2]int {
	if preposition && i > 0 && q.tongue.prepositions[q.tokens[i-1].Word] {
		return [2]int{i - 1, i}
	}
	return [2]int{i, i}
}

// numeral reports whether a number is in the range.
func (q *asked) numeral(span [2]int) bool {
	return slices.ContainsFunc(q.tokens[span[0]:span[1]+1], func(t retrieval.Token) bool { return isNumeral(t.Word) })
}

// only reports whether every content word passes.
func (q *asked) only(pass func(word string) bool) bool {
	n := 0
	for i := q.first; i < len(q.tokens); i++ {
		if !q.content(i) {
			continue
		}
		if n++; !pass(q.tokens[i].Word) {
			return false
		}
	}
	return n > 0
}

func isNumeral(word string) bool { return word[0] >= '0' && word[0] <= '9' }

// shares reports whether a name of the question before has a word in common
// with one of this question.
func (q *asked) shares(before *asked, name [2]int) bool {
	for i := name[0]; i <= name[1]; i++ {
		for _, span := range q.spans {
			for j := span[0]; j <= span[1]; j++ {
				if before.tokens[i].Word == q.tokens[j].Word {
					return true
				}
			}
		}
	}
	return false
}
