package retrieval

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// minRepeatWords is the shortest overlap taken for an error of speech
	// recognition rather than for a speaker's own repetition.
	minRepeatWords = 4
	// maxRepeatWords bounds what is compared, so that hostile lines of
	// millions of words cost no more than honest ones.
	maxRepeatWords = 200
)

// findRepeats returns for each line the number of bytes at its start that say
// again what the line before ended with, as speech recognition does when it
// joins overlapping windows. Speakers must agree. len(result) == len(lines).
func findRepeats(lines []Line) []int {
	repeats := make([]int, len(lines))
	var tail []string // the last words of the line before
	for i := range lines {
		head := headTokens(lines[i].Text)
		if i > 0 && lines[i].Speaker == lines[i-1].Speaker {
			if n := overlap(tail, head); n >= minRepeatWords {
				repeats[i] = endOfWord(lines[i].Text, head[n-1].Start, head[n-1].End)
			}
		}
		tail = tailWords(lines[i].Text)
	}
	return repeats
}

// headTokens are the first maxRepeatWords tokens of a text.
func headTokens(text string) []Token {
	if len(text) > 16*maxRepeatWords {
		text = strings.ToValidUTF8(text[:16*maxRepeatWords], "")
	}
	tokens := Tokens(text)
	return tokens[:min(len(tokens), maxRepeatWords)]
}

// tailWords are the last maxRepeatWords words of a text.
func tailWords(text string) []string {
	if len(text) > 16*maxRepeatWords {
		text = strings.ToValidUTF8(text[len(text)-16*maxRepeatWords:], "")
	}
	tokens := Tokens(text)
	tokens = tokens[max(0, len(tokens)-maxRepeatWords):]
	words := make([]string, len(tokens))
	for i := range tokens {
		words[i] = tokens[i].Word
	}
	return words
}

// overlap is the length of the longest head that is also an end of tail, found
// with the failure function of Knuth, Morris and Pratt over head + tail.
func overlap(tail []string, head []Token) int {
	if len(tail) < minRepeatWords || len(head) < minRepeatWords {
		return 0
	}
	fail := make([]int, len(head))
	for i, k := 1, 0; i < len(head); i++ {
		for k > 0 && head[i].Word != head[k].Word {
			k = fail[k-1]
		}
		if head[i].Word == head[k].Word {
			k++
		}
		fail[i] = k
	}
	k := 0
	for _, word := range tail {
		for k > 0 && (k == len(head) || head[k].Word != word) {
			k = fail[k-1]
		}
		if head[k].Word == word {
			k++
		}
	}
	return k
}

// endOfWord moves past the punctuation that follows the word text[start:end].
func endOfWord(text string, start, end int) int {
	if r, _ := utf8.DecodeRuneInString(text[start:]); unspaced(r) {
		next, size := utf8.DecodeRuneInString(text[end:])
		if unicode.IsPunct(next) {
			end += size
		}
		return end
	}
	if space := strings.IndexByte(text[end:], ' '); space >= 0 {
		return end + space + 1
	}
	return len(text)
}

// cue is a phrase of teasers, subscription and sponsor talk.
type cue struct {
	phrase string // folded words joined by spaces
	weight int
}

// boilerplateCues weigh phrases by how surely they are not part of the talk;
// a sentence at an end of the episode needs 2, one in the middle 4. The words
// are those in which podcasts ask for money, subscriptions and ratings.
var boilerplateCues = []cue{
	{"private podcast feed", 3}, {"preferred podcast player", 3}, {"podcast player", 1}, {"available only to subscribers", 3},
	{"only to subscribers", 2}, {"subscribers only", 2}, {"for subscribers", 1}, {"exclusive episode", 1}, {"become a", 1},
	{"subscriber", 1}, {"subscribers", 1}, {"subscribe", 2}, {"subscribing", 1}, {"subscription", 1},
	{"step by step guide", 2}, {"for more information", 1}, {"for more detailed instructions", 2},
	{"full episode", 1}, {"full episodes", 1}, {"access to the full", 2}, {"hear the rest", 2}, {"listen to the rest", 2},
	{"you can listen to", 1}, {"youre listening to", 1}, {"you are listening to", 1},
	{"sponsor", 1}, {"sponsored by", 3}, {"our sponsor", 2}, {"sponsors", 1}, {"brought to you by", 3}, {"todays sponsor", 3}, {"word from our", 2},
	{"promo code", 3}, {"use code", 2}, {"use the code", 2}, {"offer code", 3}, {"discount code", 3}, {"free trial", 2}, {"percent off", 2},
	{"money back", 1}, {"terms and conditions apply", 3}, {"sign up at", 2}, {"sign up for our", 2}, {"newsletter", 1},
	{"patreon", 2}, {"support the show", 2}, {"supporting the show", 2}, {"support this podcast", 2}, {"leave us a review", 3}, {"leave a review", 3},
	{"rate and review", 3}, {"five star", 1}, {"apple podcasts", 1}, {"spotify", 1}, {"wherever you get your podcasts", 3},
	{"wherever you listen", 2}, {"follow us on", 2}, {"show notes", 1}, {"on our website", 1}, {"head to", 1}, {"head over to", 1},
	{"org slash", 2}, {"com slash", 2}, {"dot com", 1}, {"slash join", 2}, {"join us on", 1}, {"podcast feed", 1},
	{"this episode is brought", 2}, {"this podcast is produced", 2}, {"podcast was produced", 2}, {"edited by", 1}, {"theme music", 2}, {"music by", 1},
}

// cuesByFirst finds the cues that start with a word.
var cuesByFirst = func() map[string][]cueWords {
	byFirst := map[string][]cueWords{}
	for _, c := range boilerplateCues {
		words := strings.Fields(c.phrase)
		byFirst[words[0]] = append(byFirst[words[0]], cueWords{words, c.weight})
	}
	return byFirst
}()

type cueWords struct {
	words  []string
	weight int
}

// cueScore adds up the cues in a sentence.
func cueScore(text string) int {
	tokens := Tokens(text)
	score := 0
	for i := range tokens {
		for _, c := range cuesByFirst[tokens[i].Word] {
			if matchesAt(tokens, i, c.words) {
				score += c.weight
			}
		}
	}
	return score
}

func matchesAt(tokens []Token, i int, words []string) bool {
	if i+len(words) > len(tokens) {
		return false
	}
	for j, w := range words {
		if tokens[i+j].Word != w {
			return false
		}
	}
	return true
}

const (
	// edgeWords is how far from either end an episode's teaser and credits
	// reach, at most; edgeShare is the same as a share of the episode.
	edgeWords = 250
	edgeShare = 6 // one sixth
	// edgeCues and middleCues are the cue scores that make boilerplate.
	edgeCues   = 2
	middleCues = 4
)

// markBoilerplate marks teaser, subscription and sponsor sentences, and the
// lines that hold nothing else. A sentence between two marked ones near an
// end of the episode is taken along: teasers speak in short sentences.
func markBoilerplate(lines []Line, sentences []Sentence) {
	counts := make([]int, len(sentences))
	total := 0
	for i := range sentences {
		counts[i] = sentences[i].Words()
		total += counts[i]
	}
	edge := min(edgeWords, total/edgeShare)
	before := 0
	atEdge := make([]bool, len(sentences))
	for i := range sentences {
		atEdge[i] = before < edge || total-before-counts[i] < edge
		before += counts[i]
		need := middleCues
		if atEdge[i] {
			need = edgeCues
		}
		sentences[i].Boilerplate = cueScore(sentences[i].Text) >= need
	}
	for i := 1; i+1 < len(sentences); i++ {
		if atEdge[i] && sentences[i-1].Boilerplate && sentences[i+1].Boilerplate {
			sentences[i].Boilerplate = true
		}
	}
	markSponsors(sentences)
	markLines(lines, sentences)
}

// markLines marks the lines all of whose sentences are boilerplate.
func markLines(lines []Line, sentences []Sentence) {
	next := 0
	for i := range lines {
		for next < len(sentences) && sentences[next].LastLine < lines[i].N {
			next++
		}
		found, all := false, true
		for j := next; j < len(sentences) && sentences[j].FirstLine <= lines[i].N; j++ {
			found = true
			all = all && sentences[j].Boilerplate
		}
		lines[i].Boilerplate = found && all
	}
}
