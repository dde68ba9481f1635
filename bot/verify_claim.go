package bot

import (
	"context"
	"slices"
	"strings"

	"verbatim/retrieval"
)

// unitClass says what a unit of a claim is.
type unitClass int

const (
	plainWord  unitClass = iota
	numberUnit           // any quantity that is no weak one
	nameUnit             // a capitalised word within a sentence and the like
)

// claimText is a claim made ready.
type claimText struct {
	text  string
	units []unit
	words vocabulary // of the claim alone
	class []unitClass
	// weights is what each unit says, 0 for stop words; total their sum.
	weights []float64
	total   float64
	vector  []float32
	// like[i][id] is how well a word of the sources stands for unit i; nil for
	// stop words and numbers.
	like [][]float32
	// speaks marks the words of a speaker's name.
	speaks []bool
	quotes []claimQuote
}

// newClaimText reads a claim.
func (v *Verifier) newClaimText(ctx context.Context, text string) (*claimText, error) {
	c := &claimText{text: text, words: vocabulary{lexicon: v.words.lexicon, ids: map[string]int{}}, quotes: claimQuotes(text)}
	c.units = c.words.readUnits(text, 0)
	if err := c.words.embed(ctx); err != nil {
		return nil, err
	}
	c.markSpeakers(v.speakers)
	c.class = make([]unitClass, len(c.units))
	c.weights = make([]float64, len(c.units))
	c.like = make([][]float32, len(c.units))
	for i := range c.units {
		c.class[i] = v.classOf(c, i)
		c.weights[i] = c.weightOf(i)
		c.total += c.weights[i]
		if c.units[i].quantity == nil && c.weights[i] > 0 {
			c.like[i] = v.likeness(c.word(i), c.class[i] == nameUnit)
		}
	}
	vectors, err := v.words.lexicon.Embed(ctx, []string{c.saying()})
	if err != nil {
		return nil, err
	}
	c.vector = vectors[0]
	return c, nil
}

// saying is the claim without the words that tell who speaks.
func (c *claimText) saying() string {
	var b strings.Builder
	for i := range c.units {
		if !c.speaks[i] && !c.word(i).frame {
			b.WriteString(c.written(i))
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// markSpeakers finds the names of speakers in the claim: all words of a name in
// a row, or one word with a capital.
func (c *claimText) markSpeakers(speakers [][]string) {
	c.speaks = make([]bool, len(c.units))
	for _, name := range speakers {
		for i := range c.units {
			n := 0
			for n < len(name) && i+n < len(c.units) && c.word(i+n).stem == name[n] {
				n++
			}
			if n == len(name) && (n > 1 || c.units[i].capital) {
				for k := i; k < i+n; k++ {
					c.speaks[k] = true
				}
			} else if slices.Contains(name, c.word(i).stem) && c.units[i].capital && len(c.word(i).word) > 1 {
				c.speaks[i] = true
			}
		}
	}
}

// word is what is known of the word of unit i.
func (c *claimText) word(i int) *knownWord { return &c.words.words[c.units[i].id] }

// written is unit i as the claim has it.
func (c *claimText) written(i int) string { return c.text[c.units[i].start:c.units[i].end] }

// numberWeight and nameWeight are what a number and a name say.
const (
	numberWeight = 0.8
	nameWeight   = 1
)

func (c *claimText) weightOf(i int) float64 {
	switch {
	case c.speaks[i]:
		return min(frameWeight, c.word(i).weight)
	case c.class[i] == numberUnit:
		return numberWeight
	case c.class[i] == nameUnit:
		return nameWeight
	case c.units[i].quantity != nil:
		return frameWeight
	}
	return c.word(i).weight
}

// classOf tells names and numbers from plain words.
func (v *Verifier) classOf(c *claimText, i int) unitClass {
	u := &c.units[i]
	if u.quantity != nil {
		if u.quantity.Weak {
			return plainWord
		}
		return numberUnit
	}
	w := c.word(i)
	if retrieval.IsCurrency(w.word) || u.stop && !isAbbreviated(c.written(i)) || w.frame || w.word == "i" || w.word == "ok" {
		return plainWord
	}
	if u.joined && i > 0 && c.class[i-1] == nameUnit {
		return nameUnit // the second half of Jong-un
	}
	switch {
	case !u.capital:
		return plainWord
	case commonNouns[w.stem]:
		return plainWord
	case isAbbreviated(c.written(i)) || !u.initial:
		return nameUnit
	}
	// The first word of a sentence is a name when the sources have it as one,
	// or when the language does not know it.
	if id, ok := v.words.ids[w.word]; ok {
		if known := &v.words.words[id]; known.names > known.plain {
			return nameUnit
		} else if known.plain > 0 {
			return plainWord
		}
	}
	if v.about[w.stem] || !w.whole {
		return nameUnit
	}
	return plainWord
}

// commonNouns are written with capitals by some and say no name by themselves.
// Each by its stem.
var commonNouns = stemSet(`minister government committee parliament assembly commission council board department ministry office university
		college school institute bill act law budget company bank church state union party opposition chair chairman house senate congress court
		president secretary professor doctor director manager designer expert officer member chapter section part question answer
		prime north south east west internet web tv tvs pc pcs cd cds dvd dvds ceo phd`)

// isAbbreviated reports whether a word as written is two to six capitals.
func isAbbreviated(word string) bool {
	word = strings.TrimSuffix(strings.TrimSuffix(word, "'s"), "’s")
	word = strings.TrimSuffix(word, "s")
	for i := 0; i < len(word); i++ {
		if (word[i] < 'A' || word[i] > 'Z') && (i == 0 || word[i] < '0' || word[i] > '9') {
			return false
		}
	}
	return len(word) >= 2 && len(word) <= 6
}

// likeness compares a word of a claim with every word of the sources: 1 for
// the same stem, less for another spelling, a related form or a word of like
// meaning, 0 for another word. Names must be nearer in meaning.
func (v *Verifier) likeness(w *knownWord, isName bool) []float32 {
	key := w.word
	if isName {
		key = "^" + key
	}
	if kept, ok := v.kept.Load(key); ok {
		return kept.([]float32)
	}
	like := make([]float32, len(v.words.words))
	for id := range v.words.words {
		like[id] = float32(likeWords(w, &v.words.words[id], isName))
	}
	v.kept.Store(key, like)
	return like
}

// Bounds of likeness, as in retrieval's weigher: below unlikeWords two words
// have nothing to do with each other, from alikeWords on one may stand for the
// other. Names stand for each other from alikeNames on: for rival names - two
// countries, two presidents - the embedded table has cosines up to 0.66, for a
// country and its people or capital from 0.79.
const (
	unlikeWords  = 0.30
	alikeWords   = 0.75
	alikeNames   = 0.76
	likeSpelling = 0.9
)

func likeWords(a, b *knownWord, isName bool) float64 {
	switch {
	case a.stem == b.stem || a.word == b.word:
		return 1
	case b.stop:
		return 0
	}
	if !a.whole || !b.whole {
		if retrieval.Spelling(a.word, b.word) > 0 || retrieval.Spelling(a.stem, b.stem) > 0 {
			return likeSpelling
		}
	}
	if opposites[[2]string{a.stem, b.stem}] {
		return 0
	}
	if isName && retrieval.SharesStart(a.stem, b.stem) {
		return likeSpelling
	}
	cosine := 0.0
	if a.vector != nil && b.vector != nil {
		cosine = retrieval.Dot(a.vector, b.vector)
	}
	if isName { // Moscow and Russia, Wales and Welsh
		if cosine >= alikeNames {
			return likeSpelling
		}
		return 0
	}
	if retrieval.SharesStart(a.stem, b.stem) {
		cosine = max(cosine, alikeWords)
	}
	return min(max((cosine-unlikeWords)/(alikeWords-unlikeWords), 0), 1) * likeSpelling
}

// opposites are pairs of words, by stem and either way round, that are near in
// meaning's vectors and mean the contrary.
var opposites = func() map[[2]string]bool {
	pairs := strings.Fields(`increase/decrease increased/decreased rise/fall rose/fell more/less before/after above/below first/last
		open/close opened/closed support/oppose supported/opposed accept/reject accepted/rejected agree/disagree agreed/disagreed
		possible/impossible likely/unlikely win/lose won/lost positive/negative strong/weak stronger/weaker high/low higher/lower highest/lowest
		best/worst better/worse always/never begin/end began/ended start/stop started/stopped buy/sell bought/sold import/export imports/exports
		north/south northern/southern east/west eastern/western left/right up/down cheap/expensive cheaper/dearer safe/dangerous easy/difficult
		easier/harder succeed/fail succeeded/failed success/failure allow/forbid allowed/forbidden include/exclude included/excluded
		old/new older/newer young/old younger/older large/small larger/smaller big/little long/short longer/shorter fast/slow faster/slower
		early/late earlier/later many/few most/least maximum/minimum max/min true/false correct/wrong friend/enemy love/hate
		public/private male/female men/women man/woman boys/girls husband/wife mother/father son/daughter brother/sister
		enable/disable enabled/disabled add/remove added/removed push/pull send/receive sent/received inbound/outbound upper/lower
		start/end started/ended begin/stop began/stopped arrive/leave arrived/left arrive/depart arrived/departed good/bad good/poor excellent/bad excellent/poor
		rightful/wrongful same/different hot/cold hotter/colder warm/cool rich/poor war/peace attack/defend inside/outside internal/external hard/soft heavy/light`)
	set := map[[2]string]bool{}
	for _, pair := range pairs {
		a, b, _ := strings.Cut(pair, "/")
		a, b = retrieval.Stem(a), retrieval.Stem(b)
		set[[2]string{a, b}], set[[2]string{b, a}] = true, true
	}
	return set
}()
