package retrieval

import (
	"context"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of likeness between words, as cosines of the embedded table: below
// unlikeWord two words have nothing to do with each other, from alikeWord on
// one may stand for the other. Narrower bounds and higher ones chose worse
// spans. Names stand for each other only from alikeName on ("Moscow" for
// Russia): nearer by are cities of one country, which must not be mixed up.
const (
	unlikeWord = 0.30
	alikeWord  = 0.75
	missedWord = 0.45
	alikeName  = 0.76
	// alikeSpelling is the likeness of a word in another spelling.
	alikeSpelling = 0.9
	// specificRank is the rank from which a word is specific enough that its
	// absence says something: it leaves the commonest 1,900 words out.
	specificRank = 2900
)

// asker is one word of a question.
type asker struct {
	token Token
	at    int // of token among those of the question
	stem  string
	group int // in the question's groups, -1 for none
	// name marks a capitalised word within the sentence; names that follow
	// one another have the same number, from 1.
	name int
	// anchor marks a number, a name or an unknown word that few passages of
	// the library hold: where it stands is where the answer is sought.
	anchor bool
	// abbreviation is true for words such as LCD.
	abbreviation bool
	// known is the form under which the lexicon has the word, if whole.
	known  string
	whole  bool
	rank   int
	vector []float32
	weight float64
}

// weigher holds the question, and the hits as compared with it.
type weigher struct {
	text    string
	asked   question
	wants   offer
	askers  []asker
	total   float64 // of the askers' weights
	vector  []float32
	lexicon Lexicon

	words       map[string][]float64 // by folded word: likeness to each asker; nil for stop words
	notes       map[noteKey]*note
	passages    map[PassageID][]float32
	bestLexical float64
	best        []float64 // per asker: the likest word in any sentence
	cased       bool      // whether the hits have capitals at all
}

// noteKey names what a note is about: equal words by one speaker are noted
// once, since passages overlap.
type noteKey struct{ speaker, text string }

func noteOf(s *Sentence) noteKey { return noteKey{s.Speaker, s.Text} }

// note is what is known about a sentence.
type note struct {
	tokens []Token
	held   []float64 // per asker: the likest word
	cosine float64
	offers offer
}

func newWeigher(ctx context.Context, text string, v *Vocabulary, lexicon Lexicon) (*weigher, error) {
	w := &weigher{
		text: text, asked: analyze(text, v), lexicon: lexicon,
		words: map[string][]float64{}, notes: map[noteKey]*note{}, passages: map[PassageID][]float32{},
	}
	w.readQuestion(v)
	texts := []string{text}
	for _, a := range w.askers {
		texts = append(texts, a.known)
	}
	vectors, err := lexicon.Embed(ctx, texts)
	if err != nil {
		return nil, err
	}
	w.vector = vectors[0]
	for i := range w.askers {
		w.askers[i].vector = vectors[i+1]
	}
	w.best = make([]float64, len(w.askers))
	return w, nil
}

// readQuestion lists the words of the question that are no stop words.
func (w *weigher) readQuestion(v *Vocabulary) {
	tokens := Tokens(w.text)
	w.wants = wanted(tokens)
	names := 0
	inName := false
	for i, t := range tokens {
		stem := Stem(t.Word)
		named := i > 0 && capital(w.text[t.Start:]) && !stopTerms[stem] && !startsSentence(w.text, t.Start)
		if named && !inName {
			names++
		}
		inName = named
		if stopTerms[stem] {
			continue
		}
		a := asker{token: t, at: i, stem: stem, group: w.asked.group(stem), known: t.Word, abbreviation: isAbbreviated(w.text[t.Start:t.End])}
		if named {
			a.name = names
		}
		if a.rank, a.whole = w.lexicon.Rank(t.Word); !a.whole {
			if a.rank, a.whole = w.lexicon.Rank(stem); a.whole {
				a.known = stem // "vetoed" is known as "veto"
			}
		}
		// How rare a word is says the library and the language; in one
		// short episode the first alone knows too little.
		a.weight = a.specificity() + v.IDF(v.Frequency(stem))/v.IDF(0)
		few := v.Frequency(stem) <= max(rareFrequency, v.Passages/anchorShare)
		a.anchor = few && (named || !a.whole || isNumber(t.Word))
		w.askers = append(w.askers, a)
		w.total += a.weight
	}
}

// anchorShare is the share of the library's passages, one in so many, that an
// anchor may stand in.
const anchorShare = 8

func isNumber(word string) bool { return word[0] >= '0' && word[0] <= '9' }

// specificity is 0.1 for the commonest words to 1 for rare ones, by rank on a
// logarithmic scale, and in between for words that are not in the list.
func (a *asker) specificity() float64 {
	if !a.whole {
		return 0.4
	}
	return min(max(math.Log2(float64(a.rank)/2000)/3, 0.1), 1)
}

func capital(word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(first)
}

// startsSentence reports whether the word at text[at:] is the first of a
// sentence, where a capital says nothing.
func startsSentence(text string, at int) bool {
	before := strings.TrimRight(text[:at], " \"'“‘(")
	return before == "" || strings.IndexByte(".?!:", before[len(before)-1]) >= 0
}

func (q *question) group(stem string) int {
	for i := range q.groups {
		if q.groups[i].term == stem {
			return i
		}
	}
	return -1
}

// readHits notes every sentence of the hits that may be evidence, comparing
// each distinct word with the question's words.
func (w *weigher) readHits(ctx context.Context, hits []Hit) error {
	var words, stems, texts []string
	var order []noteKey
	for i := range hits {
		texts = append(texts, hits[i].IndexText())
		w.bestLexical = max(w.bestLexical, hits[i].Lexical)
	}
	for i := range hits {
		for j := range hits[i].Sentences {
			s := &hits[i].Sentences[j]
			key := noteOf(s)
			if w.notes[key] != nil || !s.Evidence() {
				continue
			}
			n := &note{tokens: Tokens(s.Text)}
			w.notes[key] = n
			order = append(order, key)
			for _, t := range n.tokens {
				if _, ok := w.words[t.Word]; ok {
					continue
				}
				w.words[t.Word] = nil
				if stem := Stem(t.Word); !stopTerms[stem] {
					words, stems = append(words, t.Word), append(stems, stem)
				}
			}
		}
	}
	for _, key := range order {
		texts = append(texts, key.text)
	}
	vectors, err := w.lexicon.Embed(ctx, append(texts, words...))
	if err != nil {
		return err
	}
	for i := range hits {
		w.passages[hits[i].ID] = vectors[i]
	}
	sentences := vectors[len(hits):]
	w.readWords(words, stems, sentences[len(order):])
	for i, key := range order {
		w.read(key, sentences[i])
	}
	return nil
}

// readWords compares the words of the hits with those of the question.
func (w *weigher) readWords(words, stems []string, vectors [][]float32) {
	room := make([]float64, len(words)*len(w.askers))
	for i, word := range words {
		likeness := room[:len(w.askers):len(w.askers)]
		room = room[len(w.askers):]
		for k := range w.askers {
			likeness[k] = w.like(&w.askers[k], word, stems[i], vectors[i])
		}
		w.words[word] = likeness
	}
}

// read completes the note of a sentence.
func (w *weigher) read(key noteKey, vector []float32) {
	n := w.notes[key]
	n.cosine = max(0, Dot(w.vector, vector))
	n.held = make([]float64, len(w.askers))
	for _, t := range n.tokens {
		for k, l := range w.words[t.Word] {
			n.held[k] = max(n.held[k], l)
		}
	}
	w.dropLowerCase(n, key.text)
	w.holdInitials(n, key.text)
	w.holdAbbreviated(n, key.text)
	w.holdSpeaker(n, key.speaker)
	for k, l := range n.held {
		w.best[k] = max(w.best[k], l)
	}
	n.offers = w.offered(key.text, n.tokens)
	w.cased = w.cased || strings.ContainsFunc(key.text, unicode.IsUpper)
}

// holdInitials lets words stand for the abbreviation that the question has:
// "Lightning Network" for LN, "L C D" for LCD. Two words must have capitals,
// since their initials meet by chance too often.
func (w *weigher) holdInitials(n *note, text string) {
	for k := range w.askers {
		a := &w.askers[k]
		letters := a.token.Word
		if !a.abbreviation || n.held[k] == 1 {
			continue
		}
		for i := 0; i+len(letters) <= len(n.tokens); i++ {
			met := 0
			for met < len(letters) {
				t := n.tokens[i+met]
				if t.Word[0] != letters[met] || len(letters) == 2 && !capital(text[t.Start:]) {
					break
				}
				met++
			}
			if met == len(letters) {
				n.held[k] = 1
				break
			}
		}
	}
}

// dropLowerCase takes away that a small word stands for an abbreviation in
// capitals, where the text has capitals: "Kim Jong-un" says nothing of the UN.
func (w *weigher) dropLowerCase(n *note, text string) {
	if !strings.ContainsFunc(text, unicode.IsUpper) {
		return
	}
	for k := range w.askers {
		a := &w.askers[k]
		if !a.abbreviation || n.held[k] < 1 {
			continue
		}
		met := slices.ContainsFunc(n.tokens, func(t Token) bool {
			return Stem(t.Word) == a.stem && isAbbreviated(text[t.Start:t.End])
		})
		if !met {
			n.held[k] = 0
		}
	}
}

// holdAbbreviated lets an abbreviation stand for the words that the question
// has: "UN" for united nations, in whatever case people ask.
func (w *weigher) holdAbbreviated(n *note, text string) {
	for _, t := range n.tokens {
		if !isAbbreviated(text[t.Start:t.End]) {
			continue
		}
		letters := t.Word
		for k := 0; k+len(letters) <= len(w.askers); k++ {
			met := 0
			for met < len(letters) && w.askers[k+met].token.Word[0] == letters[met] && w.askers[k+met].at == w.askers[k].at+met {
				met++
			}
			if met < len(letters) {
				continue
			}
			for ; met > 0; met-- {
				n.held[k+met-1] = 1
			}
		}
	}
}

// isAbbreviated reports whether a word as written is two to six capitals.
func isAbbreviated(word string) bool {
	word = strings.TrimSuffix(strings.TrimSuffix(word, "'s"), "’s")
	for i := 0; i < len(word); i++ {
		if word[i] < 'A' || word[i] > 'Z' {
			return false
		}
	}
	return len(word) >= 2 && len(word) <= 6
}

// holdSpeaker lets the speaker's name stand for itself: what Johnny thinks is
// in what Johnny says, where his name seldom occurs.
func (w *weigher) holdSpeaker(n *note, speaker string) {
	if speaker == "" {
		return
	}
	for _, term := range Terms(speaker) {
		for k := range w.askers {
			if w.askers[k].stem == term {
				n.held[k] = 1
			}
		}
	}
}

// like is how well a word of the transcript stands for one of the question:
// 1 for the same stem, alikeSpelling for another spelling, else the cosine,
// where the lexicon has the word whole. Of two words that the language has, neither is a misspelling of the other.
func (w *weigher) like(a *asker, word, stem string, vector []float32) float64 {
	if a.stem == stem || sameNumber(a.token.Word, word) {
		return 1
	}
	if a.group >= 0 && w.asked.groups[a.group].weight(stem) > 0 {
		if _, whole := w.lexicon.Rank(word); !whole || !a.whole {
			return alikeSpelling
		}
	}
	if sharesStart(a.stem, stem) {
		return max(alikeWord, Dot(a.vector, vector))
	}
	if !a.whole {
		return 0 // vectors of pieces liken kimchi to Kim
	}
	return max(0, Dot(a.vector, vector))
}

// sharesStart reports whether one stem is the start of the other, but for an
// ending: "west" and "western".
func sharesStart(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return len(a) >= minVariantLetters && len(b)-len(a) <= 3 && strings.HasPrefix(b, a)
}

// Dot is the dot product, of vectors of length 1 the cosine of their angle. Of
// vectors of different lengths the shorter decides.
func Dot(a, b []float32) float64 {
	var sum float32
	for i := range min(len(a), len(b)) {
		sum += a[i] * b[i]
	}
	return float64(sum)
}

// scaled maps a likeness to what it counts for, 0 to 1.
func scaled(likeness float64) float64 {
	return min(max((likeness-unlikeWord)/(alikeWord-unlikeWord), 0), 1)
}
