package retrieval

import "strings"

// offer is a set of kinds of things: what a question wants, or what a sentence
// offers.
type offer uint8

const (
	offersCount  offer = 1 << iota // a number that is no year
	offersTime                     // a year, a date, a length of time
	offersName                     // a name that the question does not have
	offersFuture                   // what is to come
)

// wantedPhrases are the words of a question, in order, that tell what it
// wants. Each stands between spaces.
var wantedPhrases = []struct {
	kind    offer
	phrases []string
}{
	{offersCount, []string{" how many ", " how much ", " what percentage ", " what percent ", " what share ", " what number of ", " how big ", " how large ", " how old ", " how far ", " how tall ", " how high "}},
	{offersTime, []string{" when ", " what year ", " which year ", " what date ", " what day ", " how long "}},
	{offersName, []string{" who ", " whom ", " whose "}},
	{offersFuture, []string{" will ", " going to ", " predict ", " predicts ", " forecast ", " forecasts ", " expect ", " expects ", " next year ", " next month ", " next week ", " next time "}},
}

// wanted reads what kinds of things the question asks for.
func wanted(tokens []Token) offer {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteByte(' ')
		b.WriteString(t.Word)
	}
	b.WriteByte(' ')
	text := b.String()
	wants := offer(0)
	for _, w := range wantedPhrases {
		for _, phrase := range w.phrases {
			if strings.Contains(text, phrase) {
				wants |= w.kind
			}
		}
	}
	return wants
}

var timeWords = wordSet(`january february march april may june july august september october november december
monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow
century centuries decade decades year years month months week weeks day days hour hours minute minutes ago nineteen eighteen`)

var futureWords = wordSet(`will would shall wont going gonna theyll itll youll weve expect expects expected expecting predict
predicts predicted future next hope hopefully plan plans planning soon upcoming forecast`)

// numberNames are the words of numbers but for "one": "this one" counts
// nothing.
var numberNames = func() map[string]bool {
	set := wordSet("hundred hundreds thousand thousands million millions billion billions trillion dozen dozens half percent")
	for _, n := range smallNumbers {
		set[n] = true
	}
	for _, n := range tens[2:] {
		set[n] = true
	}
	delete(set, "one")
	return set
}()

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// offered reads what kinds of things a sentence holds, of those wanted.
func (w *weigher) offered(text string, tokens []Token) offer {
	if w.wants == 0 {
		return 0
	}
	offers := offer(0)
	for i, t := range tokens {
		digit := t.Word[0] >= '0' && t.Word[0] <= '9'
		switch {
		case digit && isYear(t.Word):
			offers |= offersTime
		case digit || numberNames[t.Word]:
			offers |= offersCount | offersTime
		case timeWords[t.Word]:
			offers |= offersTime
		case futureWords[t.Word]:
			offers |= offersFuture
		}
		if i > 0 && capital(text[t.Start:]) && !startsSentence(text, t.Start) && t.Word != "i" && !w.asks(t.Word) {
			offers |= offersName
		}
	}
	return offers
}

func isYear(word string) bool {
	return len(word) == 4 && (strings.HasPrefix(word, "19") || strings.HasPrefix(word, "20"))
}

// asks reports whether the word is one of the question's, or stands for one.
func (w *weigher) asks(word string) bool {
	for _, l := range w.words[word] {
		if l >= alikeName {
			return true
		}
	}
	return IsStop(word)
}
