package bot

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval"
)

// traits are how a sentence is made, or several together.
type traits struct {
	tokens, words int
	// claimed and chatted are the phrases in it with which people say what
	// matters, and talk about the talk; named the names and numbers; personal
	// the words such as "I" and "you", stutters the sounds of hesitation.
	claimed, chatted, named, personal, stutters int
	asks, leans                                 bool
	// begun and cut say that it goes on from before, or goes on after, where a
	// long sentence was parted.
	begun, cut bool
}

// with are the traits of two sentences as one.
func (m traits) with(n *traits) traits {
	m.tokens += n.tokens
	m.words += n.words
	m.claimed += n.claimed
	m.chatted += n.chatted
	m.named += n.named
	m.personal += n.personal
	m.stutters += n.stutters
	m.asks, m.cut = n.asks, n.cut
	return m
}

// traitsOf reads a sentence of that many words.
func traitsOf(text string, words int) traits {
	tokens := retrieval.Tokens(text)
	m := traits{tokens: len(tokens), words: words, asks: asks(text), leans: leans(tokens)}
	m.cut = strings.HasSuffix(text, ",") || strings.HasSuffix(text, ";")
	first, _ := utf8.DecodeRuneInString(text)
	m.begun = unicode.IsLower(first)
	for i := range tokens {
		word := tokens[i].Word
		m.claimed += claimCues.at(tokens, i)
		m.chatted += chatterCues.at(tokens, i)
		if addressing[word] {
			m.personal++
		}
		if sounds[word] || i > 0 && strings.HasPrefix(word, tokens[i-1].Word) && tokens[i].Start-tokens[i-1].End < 3 {
			m.stutters++ // "th they"
		}
		c := text[tokens[i].Start]
		if c >= '0' && c <= '9' || i > 0 && c >= 'A' && c <= 'Z' && tokens[i].End-tokens[i].Start > 1 {
			m.named++
		}
	}
	return m
}

// shape weighs how a point is made, at most 0.
func (m *traits) shape() float64 {
	weight := 0.0
	switch {
	case m.words < goodPointWords:
		weight -= 0.2
	case m.words > longPointWords:
		weight -= 0.05
	}
	if m.asks {
		weight -= 0.35
	}
	if m.cut {
		weight -= 0.25
	}
	if m.begun {
		weight -= 0.25
	}
	if m.leans {
		weight -= 0.08
	}
	return weight
}

// claims is 0 to 1: how much a point sounds like a claim, by cues, names and
// numbers.
func (m *traits) claims() float64 {
	return min(0.2*float64(m.claimed), 0.7) + min(0.07*float64(m.named), 0.3)
}

const (
	// chatterPrice is what a phrase of talk about the talk takes away.
	chatterPrice = 0.15
	// personPrice is what a sentence would lose that had no words but "I",
	// "you" and "we", stutterPrice the same for sounds of hesitation.
	personPrice  = 0.8
	stutterPrice = 1.5
	// mostChatter is the most that all of it takes away.
	mostChatter = 0.6
)

// chatter is how much a point is talk about the talk rather than about its
// subject, from 0.
func (m *traits) chatter() float64 {
	person := (personPrice*float64(m.personal) + stutterPrice*float64(m.stutters)) / float64(max(m.tokens, 1))
	return min(person+chatterPrice*float64(m.chatted), mostChatter)
}

// asks reports whether a sentence ends as a question.
func asks(text string) bool {
	return strings.HasSuffix(strings.TrimRight(text, "\"'”’)]» "), "?")
}

var (
	// leaning are words that point back when a sentence begins with them,
	// linking words before them that say nothing themselves.
	leaning = wordSet(`it its that thats this these those they theyre he she hes shes them his their then there which because otherwise`)
	linking = wordSet(`so and but well right yes yeah no okay ok or now also actually i think mean`)
	// sounds are those of hesitation.
	sounds = wordSet(`uh um er erm hmm mm mhm ah oh eh huh`)
	// addressing are the words by which speakers mean themselves and each
	// other.
	addressing = wordSet(`i im ive id ill me my myself you youre youve your we weve us our`)
)

// leans reports whether a sentence begins by pointing to what was said before.
func leans(tokens []retrieval.Token) bool {
	const reach = 4
	for i := range min(reach, len(tokens)) {
		switch word := tokens[i].Word; {
		case leaning[word]:
			return true
		case !linking[word]:
			return false
		}
	}
	return false
}

// cues are phrases in folded words, by their first.
type cues map[string][][]string

// cuesOf reads phrases, one between each two commas.
func cuesOf(list string) cues {
	c := cues{}
	for phrase := range strings.SplitSeq(list, ",") {
		words := strings.Fields(phrase)
		c[words[0]] = append(c[words[0]], words[1:])
	}
	return c
}

// at counts the phrases that begin at token i.
func (c cues) at(tokens []retrieval.Token, i int) int {
	n := 0
	for _, rest := range c[tokens[i].Word] {
		met := i+len(rest) < len(tokens)
		for k := 0; met && k < len(rest); k++ {
			met = tokens[i+1+k].Word == rest[k]
		}
		if met {
			n++
		}
	}
	return n
}

var (
	// chatterCues are courtesies, hesitation and talk about the talk.
	chatterCues = cuesOf(`welcome, thank you, thanks, hello, hi everyone, nice to be here, good morning, great question, good question, heads up, i dont know,
		i guess, im not sure, not sure, i forget, i forgot, remember correctly, i might be wrong, i may be wrong, i have no idea, or whatever, lets, let me,
		going to talk, gonna talk, talk about, talked about, we talked, talking about, we will talk, well talk, speak about, discuss this, get into, move on,
		moving on, next question, first question, last question, jump in, dive in, walk us, tell us, hear about, want to hear, episode, the show, our guest,
		your host, listeners, audience, podcast, next week, last week, mailing list, tweet, tweets, link, announce, in the chat, screen, can you hear, the mic,
		by the way, you know what, as i said, you said, you mentioned`)
	// claimCues are words with which people say what matters.
	claimCues = cuesOf(`important, importantly, main, key, basic, basically, real, reason, reasons, because, not just, in fact, rather than, most, always, never,
		must, should, lesson, lessons, point is, conclude, conclusion, result, results, resulted, start of, change, changes, changed, first time, strongly, will`)
)

// rebuttals begin what says that the sentence before is wrong, in folded words,
// when a negation follows.
var rebuttals = []string{"no i", "no its", "no it", "no he", "no hes", "no she", "no shes", "no they", "no theyre", "no we", "no thats", "no that", "no this", "no there", "actually no"}

// wrongs say it outright.
var wrongs = []string{"thats not true", "thats not right", "thats not correct", "thats not what", "thats wrong", "thats incorrect", "thats false", "that is not true",
	"that is not right", "that is not correct", "that is wrong", "thats a mistake", "i was wrong", "correction"}

// denies reports whether a sentence says that the one before it is wrong. To
// agree with a negation, people say no as well: "It never works. No, it does
// not."
func denies(text, before string) bool {
	words := firstWords(text, 12)
	folded := " " + strings.Join(words, " ") + " "
	for _, w := range wrongs {
		if strings.HasPrefix(folded, " "+w+" ") || strings.HasPrefix(folded, " no "+w+" ") {
			return true
		}
	}
	if len(words) > shortDenial || !negates(text[strings.IndexByte(text+" ", ' '):]) || negates(before) || asks(before) {
		return false
	}
	return slices.ContainsFunc(rebuttals, func(d string) bool { return strings.HasPrefix(folded, " "+d+" ") })
}

// shortDenial is the longest denial, in words: a longer sentence that begins
// with no goes on to something else.
const shortDenial = 9

// firstWords are up to n folded words with which a text begins.
func firstWords(text string, n int) []string {
	if len(text) > 16*n {
		text = strings.ToValidUTF8(text[:16*n], "")
	}
	var words []string
	for _, token := range retrieval.Tokens(text) {
		if len(words) < n {
			words = append(words, token.Word)
		}
	}
	return words
}
