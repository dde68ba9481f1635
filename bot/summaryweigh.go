package bot

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval"
)

// Shares of a sentence's weight as a point.
const (
	// deniedPrice is what a sentence loses that is said to be wrong.
	deniedPrice     = 2
	chapterShare    = 0.6  // nearness to what its chapter is about
	episodeShare    = 0.3  // to what the episode is about
	titleShare      = 0.15 // to its title and description
	repetitionShare = 0.35
	claimShare      = 0.3
	answerBonus     = 0.06 // for what follows a question
	leadPrice       = 0.15 // for what leads up to one
)

// weigh gives a point its weight: how near it is to what its chapter and the
// episode are about, more for what is come back to, for claims, names and
// numbers and for what answers a question, less for questions, talk about the
// talk and what leans on the sentence before.
func (t *talk) weigh(p pick) pick {
	p.vector = normed(sum(t.vectors[p.first : p.last+1]))
	text := retrieval.JoinSentences(t.sentences[p.first : p.last+1])
	words, repeated := 0, 0.0
	for i := p.first; i <= p.last; i++ {
		words += t.words[i]
		repeated = max(repeated, t.repeated[i])
	}
	p.weight = chapterShare*retrieval.Dot(p.vector, t.centres[t.chapterOf(p.first)]) +
		episodeShare*retrieval.Dot(p.vector, t.centre) + titleShare*retrieval.Dot(p.vector, t.about) +
		repetitionShare*repeated + claimShare*claimScore(text) + shape(text, words) - chatter(text)
	if slices.Contains(t.denied[p.first:p.last+1], true) {
		p.weight -= deniedPrice
	}
	if p.first > 0 && asks(t.sentences[p.first-1].Text) {
		p.weight += answerBonus
	}
	for next := p.last + 1; next <= p.last+2 && next < len(t.sentences); next++ {
		if asks(t.sentences[next].Text) {
			p.weight -= leadPrice / float64(next-p.last)
			break
		}
	}
	return p
}

// weighAbout is weigh for a point in other words, which stands for what the
// sentences say together with a neighbour that they go with.
func (t *talk) weighAbout(p pick) pick {
	p = t.weigh(p)
	first, last := p.first, p.last
	more := []pick{}
	if first > 0 && t.joins(first-1, first) {
		more = append(more, t.weigh(pick{first: first - 1, last: last}))
	}
	if last+1 < len(t.sentences) && t.joins(last, last+1) {
		more = append(more, t.weigh(pick{first: first, last: last + 1}))
	}
	for _, m := range more {
		if m.weight > p.weight {
			p.weight, p.vector = m.weight, m.vector
		}
	}
	return p
}

// normed scales a vector to length 1, unless it is 0.
func normed(v []float32) []float32 {
	scale := float32(1 / max(length(v), 1e-9))
	for i := range v {
		v[i] *= scale
	}
	return v
}

// repetition is 0 to 1 for each sentence: how many of its pairs of words come
// up in other sentences too. What speakers come back to is what they mean.
func repetition(t *talk) []float64 {
	pairs := make([][]string, len(t.sentences))
	count := map[string]int{}
	for i := range t.sentences {
		terms := t.terms[i]
		for j := 1; j < len(terms); j++ {
			pair := terms[j-1] + " " + terms[j]
			pairs[i] = append(pairs[i], pair)
			count[pair]++
		}
	}
	scores := make([]float64, len(t.sentences))
	for i := range pairs {
		for _, pair := range pairs[i] {
			if count[pair] > 1 {
				scores[i]++
			}
		}
		scores[i] = min(scores[i]/3, 1)
	}
	return scores
}

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
	words := firstTokens(text, 12)
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

// asks reports whether a sentence ends as a question.
func asks(text string) bool {
	return strings.HasSuffix(strings.TrimRight(text, "\"'”’)]» "), "?")
}

// shape weighs how a sentence is made.
func shape(text string, words int) float64 {
	weight := 0.0
	switch {
	case words < goodPointWords:
		weight -= 0.2
	case words > longPointWords:
		weight -= 0.05
	}
	if asks(text) {
		weight -= 0.35
	}
	if strings.HasSuffix(text, ",") || strings.HasSuffix(text, ";") {
		weight -= 0.25 // the first part of a long sentence
	}
	if first, _ := utf8.DecodeRuneInString(text); unicode.IsLower(first) {
		weight -= 0.25 // a later part of one
	}
	if leans(text) {
		weight -= 0.08
	}
	return weight
}

// leaning are words that point back when a sentence begins with them.
var leaning = map[string]bool{
	"it": true, "its": true, "that": true, "thats": true, "this": true, "these": true, "those": true, "they": true, "theyre": true, "he": true, "she": true,
	"hes": true, "shes": true, "them": true, "his": true, "their": true, "then": true, "there": true, "which": true, "because": true, "otherwise": true,
}

// linking are words before them that say nothing themselves.
var linking = map[string]bool{
	"so": true, "and": true, "but": true, "well": true, "right": true, "yes": true, "yeah": true, "no": true, "okay": true, "ok": true, "or": true, "now": true,
	"also": true, "actually": true, "i": true, "think": true, "mean": true,
}

// leans reports whether a sentence begins by pointing to what was said before.
func leans(text string) bool {
	for i, token := range firstTokens(text, 5) {
		switch {
		case leaning[token]:
			return true
		case !linking[token] || i > 3:
			return false
		}
	}
	return false
}

// firstTokens are up to n words with which a text begins.
func firstTokens(text string, n int) []string {
	if len(text) > 80 {
		text = strings.ToValidUTF8(text[:80], "")
	}
	var words []string
	for _, token := range retrieval.Tokens(text) {
		if len(words) < n {
			words = append(words, token.Word)
		}
	}
	return words
}

// chatterCues are phrases of courtesy, of hesitation and of talk about the
// talk itself, in folded words.
var chatterCues = []string{
	"welcome", "thank you", "thanks", "hello", "hi everyone", "nice to be here", "good morning", "great question", "good question", "heads up",
	"i dont know", "i guess", "im not sure", "not sure", "i forget", "i forgot", "remember correctly", "i might be wrong", "i may be wrong", "i have no idea", "or whatever",
	"lets", "let me", "going to talk", "gonna talk", "talk about", "talked about", "we talked", "talking about", "we will talk", "well talk", "speak about", "discuss this", "get into",
	"move on", "moving on", "next question", "first question", "last question", "jump in", "dive in", "walk us", "tell us", "hear about", "want to hear",
	"episode", "the show", "our guest", "your host", "listeners", "audience", "podcast", "next week", "last week",
	"mailing list", "tweet", "tweets", "link", "announce", "in the chat", "screen", "can you hear", "the mic", "by the way", "you know what", "as i said", "you said", "you mentioned",
}

// chatterPrice is what one such phrase takes away, and personPrice what a
// sentence would lose that had no words but "I", "you" and "we".
const (
	chatterPrice = 0.15
	personPrice  = 0.8
	stutterPrice = 1.5 // the same for hesitation
)

// sounds are those of hesitation.
var sounds = map[string]bool{"uh": true, "um": true, "er": true, "erm": true, "hmm": true, "mm": true, "mhm": true, "ah": true, "oh": true, "eh": true, "huh": true}

// addressing are the words by which speakers mean themselves and each other.
var addressing = map[string]bool{
	"i": true, "im": true, "ive": true, "id": true, "ill": true, "me": true, "my": true, "myself": true, "you": true, "youre": true, "youve": true, "your": true,
	"we": true, "were": false, "weve": true, "us": true, "our": true,
}

// chatter is how much a sentence is talk about the talk rather than about its
// subject, from 0.
func chatter(text string) float64 {
	tokens := retrieval.Tokens(text)
	var folded strings.Builder
	folded.WriteByte(' ')
	personal, stutters := 0, 0
	for i, token := range tokens {
		folded.WriteString(token.Word)
		folded.WriteByte(' ')
		if addressing[token.Word] {
			personal++
		}
		if sounds[token.Word] || i > 0 && strings.HasPrefix(token.Word, tokens[i-1].Word) && token.Start-tokens[i-1].End < 3 {
			stutters++
		}
	}
	score := (personPrice*float64(personal) + stutterPrice*float64(stutters)) / float64(max(len(tokens), 1))
	for _, cue := range chatterCues {
		if strings.Contains(folded.String(), " "+cue+" ") {
			score += chatterPrice
		}
	}
	return min(score, 0.6)
}

// claimCues are words with which people say what matters.
var claimCues = []string{
	" important", " main ", " key ", " basic", " real ", " reason", " because", " not just", " in fact", " rather than", " most ",
	" always", " never", " must ", " should ", " lesson", " point is", " conclude", " result", " start of", " change", " first time", " strongly", " will ",
}

// claimScore is 0 to 1: how much a sentence sounds like a claim, by cues,
// names and numbers.
func claimScore(text string) float64 {
	lower := " " + strings.ToLower(text) + " "
	score := 0.0
	for _, cue := range claimCues {
		if strings.Contains(lower, cue) {
			score += 0.2
		}
	}
	named := 0.0
	for i, token := range retrieval.Tokens(text) {
		first := text[token.Start]
		if first >= '0' && first <= '9' || i > 0 && first >= 'A' && first <= 'Z' && token.End-token.Start > 1 {
			named += 0.07
		}
	}
	return min(min(score, 0.7)+min(named, 0.3), 1)
}
