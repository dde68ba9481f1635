package bot

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval"
)

const (
	// carriedNames and carriedWords are how many names, and how many other
	// words, a follow-up takes over at most: more would drown its own.
	carriedNames = 3
	carriedWords = 6
	// fullWords is how many content words of its own a question has that
	// needs none of another one's, in spite of an "and" before it.
	fullWords = 3
	// briefWords is the most tokens of a bare name or phrase, such as
	// "Putin?", that asks what was asked before.
	briefWords = 4
)

// StandAlone makes a question that follows others one that can be searched for
// by itself, without a model: "and what year?" gets the names and content words
// of what it follows, "and under Yeltsin?" becomes the question before with
// Yeltsin in it. The last of the history is what it follows. Any other question
// comes back as it is, byte for byte. Spelling and capitals stay, and no word is
// there twice: retrieval's judge counts each name that it does not find.
func StandAlone(history []Turn, question string) string {
	if len(history) == 0 {
		return question
	}
	last := &history[len(history)-1]
	before := readAsked(cmp.Or(last.Standalone, last.Question), nil)
	q := readAsked(question, before.tongue)
	if len(before.tokens) == 0 || len(q.tokens) == 0 {
		return question
	}
	switch q.kind() {
	case followsWhole:
		return q.carry(before)
	case followsNames:
		return q.carryNames(before)
	case followsForm:
		return q.substitute(before)
	}
	return question
}

// followKind says how a question hangs on another one.
type followKind int

const (
	standsAlone  followKind = iota
	followsWhole            // "and why?": it needs the names and words of the other
	followsNames            // "why did he think that trade would grow?": the names alone
	followsForm             // "and in 2014?": the other question, about something else
)

// asked is a question as StandAlone sees it.
type asked struct {
	text   string
	tokens []retrieval.Token
	tongue *tongue
	// first is the token after "and", "what about" and the like, which led
	// and about are about.
	first      int
	led, about bool
	// spans are the names, as ranges of tokens, both included.
	spans [][2]int
}

// readAsked reads a question; one too short to tell its language is in that of
// the question before, if given.
func readAsked(text string, before *tongue) *asked {
	q := &asked{text: strings.TrimSpace(text)}
	q.tokens = retrieval.Tokens(q.text)
	q.tongue = tongueOf(q.text, q.tokens)
	if before != nil && q.tongue == tongues[0] && !slices.ContainsFunc(q.tokens, func(t retrieval.Token) bool { return tongues[0].isFunction(t.Word) }) {
		q.tongue = before
	}
	q.readLead()
	q.readNames()
	return q
}

// readLead steps over what says that the question goes on from another.
func (q *asked) readLead() {
	phrase := 0
	for _, about := range q.tongue.abouts {
		if len(about) > phrase && len(about) < len(q.tokens) && q.starts(about) {
			phrase = len(about)
		}
	}
	if phrase > 0 {
		q.first, q.about = phrase, true
		return
	}
	for q.first < len(q.tokens)-1 && q.tongue.leads[q.tokens[q.first].Word] {
		q.first++
		q.led = true
	}
}

func (q *asked) starts(words []string) bool {
	for i := range words {
		if q.tokens[i].Word != words[i] {
			return false
		}
	}
	return true
}

// readNames finds runs of capitalised words, with what hyphens tie to them. The
// first word of a sentence is one only beside another.
func (q *asked) readNames() {
	if q.tongue.nouns {
		return
	}
	for i := q.first; i < len(q.tokens); i++ {
		if !q.capital(i) || q.tongue.isFunction(q.tokens[i].Word) {
			continue
		}
		last := i
		for last+1 < len(q.tokens) && (joinedBefore(q.text, q.tokens, last+1) || q.capital(last+1) && q.near(last+1) && !q.tongue.isFunction(q.tokens[last+1].Word)) {
			last++
		}
		if !q.opens(i) || last > i || q.led || q.about || len(q.tokens) == 1 {
			q.spans = append(q.spans, [2]int{i, last})
		}
		i = last
	}
}

func (q *asked) capital(i int) bool {
	first, _ := utf8.DecodeRuneInString(q.text[q.tokens[i].Start:])
	return unicode.IsUpper(first)
}

// near reports whether nothing but a space parts the token from the one before.
func (q *asked) near(i int) bool { return q.text[q.tokens[i-1].End:q.tokens[i].Start] == " " }

// opens reports whether the token begins a sentence.
func (q *asked) opens(i int) bool {
	return i == 0 || strings.ContainsAny(q.text[q.tokens[i-1].End:q.tokens[i].Start], ".?!:")
}

// content reports whether the token says what the question is about.
func (q *asked) content(i int) bool {
	w := q.tokens[i].Word
	if joinedBefore(q.text, q.tokens, i) || q.named(i) {
		return true
	}
	return !q.tongue.isFunction(w) && !q.tongue.idle[w] && !retrieval.IsStop(w)
}

func (q *asked) named(i int) bool {
	return slices.ContainsFunc(q.spans, func(s [2]int) bool { return s[0] <= i && i <= s[1] })
}

// own counts the words of content from token first on, a name as one.
func (q *asked) own() int {
	n := 0
	for i := q.first; i < len(q.tokens); i++ {
		begins := !q.named(i) || slices.ContainsFunc(q.spans, func(s [2]int) bool { return s[0] == i })
		if begins && q.content(i) && !joinedBefore(q.text, q.tokens, i) {
			n++
		}
	}
	return n
}

// asks reports whether the question has a question word or a verb of asking
// where one stands: at its beginning, or after one other word ("in what year").
func (q *asked) asks() bool {
	for i := q.first; i < min(q.first+2, len(q.tokens)); i++ {
		if q.tongue.asks[q.tokens[i].Word] && !joinedBefore(q.text, q.tokens, i) {
			return true
		}
	}
	return false
}

// kind tells whether and how the question hangs on another one.
func (q *asked) kind() followKind {
	own, asks := q.own(), q.asks()
	person, thing := q.refers(own)
	switch {
	case q.about, q.led && !asks && own < fullWords:
		if own == 0 || person || thing {
			return followsWhole
		}
		return followsForm
	case (person || thing) && own >= fullWords:
		return followsNames
	case person || thing:
		return followsWhole
	case own == 0 && len(q.tokens) > 0 && (asks || q.led || q.onlyFunction()):
		return followsWhole
	case q.led && own < fullWords && len(q.spans) == 0, q.reacts(own):
		return followsWhole
	case !asks && own > 0 && len(q.tokens) <= briefWords && q.isBrief():
		return followsForm
	}
	return standsAlone
}

// reactions are what somebody named does about something else.
var reactions = wordSet("react reacts reacted reaction respond responds responded response answer answered think thinks thought feel feels felt agree agrees agreed")

// reacts reports whether the question asks for nothing but somebody's reaction:
// "how did Kim Jong-un react?".
func (q *asked) reacts(own int) bool {
	last := q.tokens[len(q.tokens)-1].Word
	others := 0
	for i := q.first; i < len(q.tokens); i++ {
		if q.content(i) && !q.named(i) && !reactions[q.tokens[i].Word] {
			others++
		}
	}
	return len(q.spans) == 1 && others == 0 && own <= 2 && reactions[last]
}

// onlyFunction reports whether no word at all could be searched for.
func (q *asked) onlyFunction() bool { return len(retrieval.ContentTerms(q.text)) == 0 }

// isBrief reports whether it is a bare name with a question mark, or begins
// with a preposition: "Putin?", "in 2014?".
func (q *asked) isBrief() bool {
	if !strings.HasSuffix(q.text, "?") {
		return false
	}
	return q.tongue.prepositions[q.tokens[q.first].Word] || len(q.spans) == 1 && q.spans[0] == [2]int{0, len(q.tokens) - 1}
}

// refers reports whether a word stands for a person or for a thing that was
// named before. In a question that names somebody, it stands for him.
func (q *asked) refers(own int) (person, thing bool) {
	if len(q.spans) > 0 {
		return false, false
	}
	for i := q.first; i < len(q.tokens); i++ {
		w := q.tokens[i].Word
		if joinedBefore(q.text, q.tokens, i) {
			continue
		}
		person = person || q.tongue.persons[w]
		thing = thing || q.tongue.things[w] && (own < fullWords || q.tongue != tongues[0] || q.refersTo(i))
		thing = thing || q.tongue.last[w] && i == len(q.tokens)-1 && own < fullWords
	}
	return person, thing
}

// refersTo reports whether an English "that" and the like stands for something
// in a question of many words: at its end, or after a preposition. Elsewhere it
// joins clauses, or nothing is meant by it.
func (q *asked) refersTo(i int) bool {
	return i == len(q.tokens)-1 || i > 0 && q.tongue.prepositions[q.tokens[i-1].Word] && q.tokens[i].Word != "its" && i+2 >= len(q.tokens)
}
