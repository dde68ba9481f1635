package bot

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"verbatim/retrieval"
)

// Claims made of sentences that people said or wrote, by program: light
// changes that leave what they say alone, and corruptions that do not. Each
// returns "" where the sentence allows none.

// corpusWords are words to put in the place of others.
type corpusWords struct {
	words []string // content words, lower case
	// names are capitalised words within sentences, of each transcript.
	names map[string][]string
	docs  []string
}

func readCorpusWords(docs []*evalDoc) *corpusWords {
	c := &corpusWords{names: map[string][]string{}}
	seen := map[string]bool{}
	for _, d := range docs {
		count, plain := map[string]int{}, map[string]int{}
		for i := range d.split.Sentences {
			text := d.split.Sentences[i].Text
			for k, t := range retrieval.Tokens(text) {
				written := text[t.Start:t.End]
				switch {
				case retrieval.IsCapital(written) && k > 0 && !retrieval.StartsSentence(text, t.Start):
					count[strings.TrimSuffix(strings.TrimSuffix(written, "'s"), "’s")]++
				case !retrieval.IsCapital(written):
					plain[t.Word]++
				}
				if len(t.Word) >= 5 && !retrieval.IsStop(t.Word) && written == t.Word && !seen[t.Word] && isLower(t.Word) {
					seen[t.Word] = true
					c.words = append(c.words, t.Word)
				}
			}
		}
		for _, name := range sortedKeys(count) {
			if len(name) >= 3 && count[name] >= 2 && plain[strings.ToLower(name)] == 0 && !retrieval.IsStop(strings.ToLower(name)) && !isMonthOrDay(name) && !strings.ContainsAny(name, "'’0123456789") {
				c.names[d.name] = append(c.names[d.name], name)
			}
		}
		if len(c.names[d.name]) > 3 {
			c.docs = append(c.docs, d.name)
		}
	}
	return c
}

func isLower(word string) bool {
	return strings.IndexFunc(word, func(r rune) bool { return r < 'a' || r > 'z' }) < 0
}

func sortedKeys(m map[string]int) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	sortStrings(keys)
	return keys
}

// wrongNumber puts another number in the place of one: by chance, or one that
// the transcript has elsewhere.
func (d *evalDoc) wrongNumber(text string) string {
	tokens := retrieval.Tokens(text)
	quantities := retrieval.Quantities(text, tokens)
	var usable []retrieval.Quantity
	for _, q := range quantities {
		if !q.Weak && q.Kind != retrieval.Vague && q.Kind != retrieval.Version {
			usable = append(usable, q)
		}
	}
	if len(usable) == 0 {
		return ""
	}
	q := usable[d.rng.IntN(len(usable))]
	other := d.otherNumber(&q)
	if other == "" {
		return ""
	}
	changed := text[:tokens[q.First].Start] + other + text[tokens[q.Last].End:]
	// What still says the same, or has the other number besides, is no
	// corruption.
	again := retrieval.Quantities(changed, retrieval.Tokens(changed))
	if len(again) != len(quantities) {
		return ""
	}
	for i := range again {
		if quantities[i].First == q.First && again[i].Same(&q) {
			return ""
		}
	}
	return changed
}

func (d *evalDoc) otherNumber(q *retrieval.Quantity) string {
	if q.Kind == retrieval.Month {
		return []string{"January", "February", "April", "June", "July", "August", "September", "October", "November", "December"}[d.rng.IntN(10)]
	}
	if q.Kind == retrieval.Weekday {
		return []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}[d.rng.IntN(7)]
	}
	if d.rng.IntN(2) == 0 { // one of elsewhere in the transcript
		for range 30 {
			s := &d.split.Sentences[d.rng.IntN(len(d.split.Sentences))]
			for _, p := range retrieval.Quantities(s.Text, retrieval.Tokens(s.Text)) {
				if p.Kind == q.Kind && !p.Weak && !p.Same(q) && p.Value > 0 {
					return p.Text
				}
			}
		}
	}
	if c := q.Text[0]; c >= '0' && c <= '9' {
		digits := []byte(q.Text)
		at := d.rng.IntN(len(digits))
		if digits[at] < '0' || digits[at] > '9' {
			return ""
		}
		digits[at] = '1' + (digits[at]-'0'+byte(d.rng.IntN(8)))%9
		return string(digits)
	}
	words := []string{"two", "three", "four", "five", "six", "seven", "eight", "nine", "twelve", "fifteen", "twenty", "thirty", "forty"}
	if q.Kind == retrieval.Ordinal {
		words = []string{"third", "fourth", "fifth", "sixth", "seventh", "eighth"}
	}
	return words[d.rng.IntN(len(words))]
}

// wrongName puts another name in the place of one, of the same transcript or
// of another.
func (d *evalDoc) wrongName(text string, c *corpusWords) string {
	tokens := retrieval.Tokens(text)
	own := c.names[d.name]
	var at []int
	for i, t := range tokens {
		for _, name := range own {
			if text[t.Start:t.End] == name {
				at = append(at, i)
			}
		}
	}
	if len(at) == 0 {
		return ""
	}
	t := tokens[at[d.rng.IntN(len(at))]]
	names := own
	if d.rng.IntN(2) == 0 {
		names = c.names[c.docs[d.rng.IntN(len(c.docs))]]
	}
	for range 20 {
		other := names[d.rng.IntN(len(names))]
		word := strings.ToLower(other)
		if retrieval.Stem(word) == retrieval.Stem(t.Word) || retrieval.Spelling(word, t.Word) > 0 || retrieval.SharesStart(word, t.Word) || strings.Contains(text, other) {
			continue
		}
		return text[:t.Start] + other + text[t.End:]
	}
	return ""
}

// wrongQuote quotes some words in a row with one to three content words
// swapped, or words of another transcript.
func (d *evalDoc) wrongQuote(text string, c *corpusWords, other *evalDoc) string {
	if d.rng.IntN(3) == 0 {
		text = other.split.Sentences[d.rng.IntN(len(other.split.Sentences))].Text
		if len(retrieval.ContentTerms(text)) < 4 {
			return ""
		}
		return quoteIn(d.rng, someWords(d.rng, text))
	}
	part := someWords(d.rng, text)
	tokens := retrieval.Tokens(part)
	var content []int
	for i, t := range tokens {
		if !retrieval.IsStop(t.Word) && len(t.Word) > 3 {
			content = append(content, i)
		}
	}
	if len(content) == 0 {
		return ""
	}
	d.rng.Shuffle(len(content), func(i, j int) { content[i], content[j] = content[j], content[i] })
	swaps := content[:min(len(content), 1+d.rng.IntN(3))]
	for i := len(tokens) - 1; i >= 0; i-- {
		for _, k := range swaps {
			if k == i {
				part = part[:tokens[i].Start] + c.words[d.rng.IntN(len(c.words))] + part[tokens[i].End:]
			}
		}
	}
	return quoteIn(d.rng, part)
}

// someWords is 5 to 14 words in a row.
func someWords(rng *rand.Rand, text string) string {
	words := strings.Fields(text)
	n := min(len(words), 5+rng.IntN(10))
	from := rng.IntN(len(words) - n + 1)
	return strings.Trim(strings.Join(words[from:from+n], " "), ".,;:?!\"“” ")
}

func quoteIn(rng *rand.Rand, words string) string {
	words = strings.NewReplacer("“", "", "”", "", "\"", "").Replace(words)
	switch rng.IntN(4) {
	case 0:
		return "It was said that “" + words + "”."
	case 1:
		return "In their words, \"" + words + "\"."
	case 2:
		return "“" + words + ",” as it was put."
	default:
		return "“" + words + "”"
	}
}

// auxiliaries may be denied by "not" after them.
var auxiliaries = wordSet("is are was were will would can could should has had must does did may might")

// flipped takes a negation out or puts one in.
func (d *evalDoc) flipped(text string) string {
	words := strings.Fields(text)
	for i, w := range words {
		bare := strings.ToLower(strings.Trim(w, ".,;:?!"))
		next := ""
		if i+1 < len(words) {
			next = strings.ToLower(words[i+1])
		}
		if next == "only" || next == "just" || next == "sure" || next == "know" || i > 0 && strings.ToLower(words[i-1]) == "or" {
			continue
		}
		switch {
		case (bare == "not" || bare == "never") && bare == w && i > 0:
			return joinWords(words[:i], words[i+1:])
		case strings.HasSuffix(bare, "n't") && bare != "can't" && bare != "won't" && bare != "ain't" && bare != "don't" && i+1 < len(words):
			return joinWords(words[:i], []string{strings.Replace(w, "n't", "", 1)}, words[i+1:])
		case (bare == "don't" || bare == "can't") && strings.ToLower(words[max(0, i-1)]) != "i" && i > 0 && i+1 < len(words):
			return joinWords(words[:i], []string{map[string]string{"don't": "do", "can't": "can"}[bare]}, words[i+1:])
		}
	}
	var at []int
	for i, w := range words {
		if auxiliaries[w] && i > 0 && i+1 < len(words) && isLower(strings.ToLower(strings.Trim(words[i+1], ",."))) && !strings.HasSuffix(words[i-1], ",") {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return ""
	}
	i := at[d.rng.IntN(len(at))]
	return joinWords(words[:i+1], []string{[]string{"not", "not", "never"}[d.rng.IntN(3)]}, words[i+1:])
}

func joinWords(parts ...[]string) string {
	var all []string
	for _, p := range parts {
		all = append(all, p...)
	}
	return strings.Join(all, " ")
}

// digits of number words, for changing one into the other.
var smallNumberWords = []string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}

// retold changes a sentence as a model does that keeps near the words.
func (d *evalDoc) retold(text string, neighbour string) string {
	if strings.ContainsAny(text, "\"“”‘«") {
		return text // the words of a quote are not to be changed
	}
	words := withoutFillers(strings.Fields(text))
	steps := []func([]string) []string{thirdPerson, expanded, d.withoutClause, otherDigits, withSynonyms}
	for _, step := range steps {
		if d.rng.IntN(2) == 0 {
			words = step(words)
		}
	}
	if neighbour != "" && !strings.ContainsAny(neighbour, "\"“”‘«") && d.rng.IntN(4) == 0 {
		next := withoutFillers(strings.Fields(neighbour))
		if len(next) > 3 && len(next)+len(words) < 60 {
			first := []rune(next[0])
			if !isPronounI(next[0]) && len(first) > 1 && !unicode.IsUpper(first[1]) && retrieval.IsStop(strings.ToLower(next[0])) {
				first[0] = unicode.ToLower(first[0])
			}
			next[0] = string(first)
			last := len(words) - 1
			words[last] = strings.TrimRight(words[last], ".,;:") + ","
			words = joinSlices(words, []string{"and"}, next)
		}
	}
	return strings.Join(words, " ")
}

func joinSlices(parts ...[]string) []string { return strings.Fields(joinWords(parts...)) }

func isPronounI(word string) bool {
	return word == "I" || strings.HasPrefix(word, "I'") || strings.HasPrefix(word, "I’")
}

// withoutFillers drops hesitation and words said twice.
func withoutFillers(words []string) []string {
	var kept []string
	for i, w := range words {
		bare := strings.ToLower(strings.Trim(w, ",."))
		if bare == "um" || bare == "uh" || bare == "er" || bare == "mm" || bare == "hmm" || i+1 < len(words) && strings.EqualFold(strings.Trim(w, ",."), strings.Trim(words[i+1], ",.")) && len(bare) < 5 && isLower(bare) {
			continue
		}
		kept = append(kept, w)
	}
	if len(kept) < 3 {
		return words
	}
	return kept
}

var persons = map[string]string{
	"i": "he", "i'm": "he is", "i've": "he has", "i'll": "he will", "i'd": "he would", "my": "his", "me": "him", "we": "they",
	"we're": "they are", "we've": "they have", "we'll": "they will", "our": "their", "us": "them", "am": "is",
}

func thirdPerson(words []string) []string {
	return replaceWords(words, persons)
}

var expansions = map[string]string{
	"don't": "do not", "doesn't": "does not", "didn't": "did not", "isn't": "is not", "aren't": "are not", "wasn't": "was not", "can't": "cannot",
	"won't": "will not", "wouldn't": "would not", "couldn't": "could not", "shouldn't": "should not", "haven't": "have not", "hasn't": "has not",
	"it's": "it is", "that's": "that is", "there's": "there is", "they're": "they are", "you're": "you are", "let's": "let us", "what's": "what is",
}

func expanded(words []string) []string { return replaceWords(words, expansions) }

var synonyms = map[string]string{
	"big": "large", "start": "begin", "started": "began", "buy": "purchase", "help": "assist", "show": "demonstrate", "maybe": "perhaps",
	"kids": "children", "guys": "people", "fix": "repair", "quick": "fast", "whole": "entire", "happen": "occur", "happens": "occurs", "tons": "lots",
	"get": "obtain", "need": "require", "needs": "requires", "hard": "difficult", "important": "significant", "use": "employ",
}

func withSynonyms(words []string) []string { return replaceWords(words, synonyms) }

func replaceWords(words []string, with map[string]string) []string {
	var changed []string
	for _, w := range words {
		bare := strings.TrimRight(w, ".,;:?!")
		other, ok := with[strings.ReplaceAll(strings.ToLower(bare), "’", "'")]
		if !ok {
			changed = append(changed, w)
			continue
		}
		if retrieval.IsCapital(bare) && len(changed) == 0 {
			other = strings.ToUpper(other[:1]) + other[1:]
		}
		changed = append(changed, strings.Fields(other+w[len(bare):])...)
	}
	return changed
}

// otherDigits writes small numbers in digits in words, and the other way
// round.
func otherDigits(words []string) []string {
	var changed []string
	for _, w := range words {
		bare := strings.TrimRight(w, ".,;:?!")
		for n, word := range smallNumberWords {
			if n < 2 {
				continue
			}
			if bare == word {
				bare = strconv.Itoa(n)
			} else if bare == strconv.Itoa(n) {
				bare = word
			} else {
				continue
			}
			w = bare + w[len(strings.TrimRight(w, ".,;:?!")):]
			break
		}
		changed = append(changed, w)
	}
	if after := quantityValues(joinWords(changed)); !slices.Equal(after, quantityValues(joinWords(words))) {
		return words // "twenty five" is not "twenty 5"
	}
	return changed
}

func quantityValues(text string) []float64 {
	var values []float64
	for _, q := range retrieval.Quantities(text, retrieval.Tokens(text)) {
		values = append(values, q.Value)
	}
	return values
}

// withoutClause drops what stands before the first comma or after the last,
// where enough is left.
func (d *evalDoc) withoutClause(words []string) []string {
	var commas []int
	for i, w := range words {
		if strings.HasSuffix(w, ",") {
			commas = append(commas, i)
		}
	}
	if len(commas) == 0 {
		return words
	}
	if first := commas[0] + 1; d.rng.IntN(2) == 0 && len(words)-first >= 8 {
		return words[first:]
	}
	if last := commas[len(commas)-1]; last >= 8 {
		kept := append([]string{}, words[:last+1]...)
		kept[last] = strings.TrimSuffix(kept[last], ",") + "."
		return kept
	}
	return words
}
