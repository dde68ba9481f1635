package bot

import (
	"math/bits"
	"slices"
	"strings"
	"time"

	"verbatim/retrieval"
)

// rank says how well a name fits what was typed; less is better.
type rank int

const (
	rankPrefix rank = iota // the name begins with what was typed
	rankWords              // each word typed begins a word of the name, in any order
	rankFuzzy              // each does or nearly does
	rankPartly             // half of what was typed does or nearly does
	rankAlike              // the letters are much the same
)

// fit is a name that fits what was typed.
type fit struct {
	at   int // index of the name
	rank rank
	// score is how much of what was typed fits, in twentieths, from rankFuzzy
	// on; it orders within these ranks.
	score int
}

const (
	// leastPartly is the share of what was typed, by letters, that must be
	// met, nearly at least.
	leastPartly = 0.5
	// leastAlike is the share of letter triples, for names of which no word
	// is met: "nknews" is "NK News".
	leastAlike = 0.4
	// nearlyMet is what a word with a slip counts for, less for a second.
	nearlyMet = 0.85
	perSlip   = 0.15
)

// nameIndex is names made ready for searching. It never changes.
type nameIndex struct {
	// vocabulary is the distinct words of all names, letters their letters.
	vocabulary []string
	letters    []uint64
	names      []indexedName
}

// indexedName is one thing with the texts it is found by.
type indexedName struct {
	texts []string // folded, see foldText
	words []int32  // indices into vocabulary
	alike []triples
	date  time.Time // zero: none
}

// indexer builds a nameIndex.
type indexer struct {
	index nameIndex
	known map[string]int32
}

// add appends a name.
func (x *indexer) add(date time.Time, texts ...string) {
	if x.known == nil {
		x.known = map[string]int32{}
	}
	name := indexedName{date: date}
	for _, text := range texts {
		folded := foldText(text)
		if folded == "" {
			continue
		}
		name.texts = append(name.texts, folded)
		name.alike = append(name.alike, triplesOf(folded))
		for word := range strings.SplitSeq(folded, " ") {
			at, ok := x.known[word]
			if !ok {
				at = int32(len(x.index.vocabulary))
				x.known[word] = at
				x.index.vocabulary = append(x.index.vocabulary, word)
				x.index.letters = append(x.index.letters, lettersOf(word))
			}
			name.words = append(name.words, at)
		}
	}
	x.index.names = append(x.index.names, name)
}

// lettersOf is the set of a word's letters, others than a to z and digits
// sharing the bits that are left.
func lettersOf(word string) uint64 {
	set := uint64(0)
	for _, r := range word {
		switch {
		case r >= 'a' && r <= 'z':
			set |= 1 << (r - 'a')
		case r >= '0' && r <= '9':
			set |= 1 << (26 + r - '0')
		default:
			set |= 1 << (36 + r%28)
		}
	}
	return set
}

// find lists the names that fit what was typed, in their own order; names that
// fit partly only when none fits better, and those that are alike only when
// none fits partly. Nothing typed fits all.
func (x *nameIndex) find(s *search) []fit {
	var fits []fit
	if len(s.words) == 0 {
		if s.text == "" {
			for i := range x.names {
				fits = append(fits, fit{at: i})
			}
		}
		return fits
	}
	met := make([][]float32, len(s.words))
	letters := float32(0)
	for i := range s.words {
		met[i] = x.meet(&s.words[i])
		letters += float32(len(s.words[i].text))
	}
	for i := range x.names {
		name := &x.names[i]
		if name.begins(s) {
			fits = append(fits, fit{at: i, rank: rankPrefix})
			continue
		}
		share, least := name.share(s, met)
		switch score := int(20 * share / letters); {
		case least == 1:
			fits = append(fits, fit{at: i, rank: rankWords})
		case least > 0:
			fits = append(fits, fit{at: i, rank: rankFuzzy, score: score})
		case share >= leastPartly*letters:
			fits = append(fits, fit{at: i, rank: rankPartly, score: score})
		}
	}
	if len(fits) == 0 {
		return x.alike(s)
	}
	return onlyBetter(fits, func(f *fit) rank { return f.rank })
}

// onlyBetter leaves out what fits partly or is alike where something fits
// better.
func onlyBetter[F any](fits []F, of func(*F) rank) []F {
	best := rankAlike
	for i := range fits {
		best = min(best, of(&fits[i]))
	}
	best = max(best, rankFuzzy)
	return slices.DeleteFunc(fits, func(f F) bool { return of(&f) > best })
}

// begins reports whether the name, or its date, begins with what was typed.
func (n *indexedName) begins(s *search) bool {
	for _, text := range n.texts {
		if strings.HasPrefix(text, s.text) {
			return true
		}
	}
	return s.day != "" && !n.date.IsZero() && strings.HasPrefix(n.date.Format(time.DateOnly), s.day)
}

// share is how many letters of what was typed the name meets, and how well it
// meets the word that it meets least, 0 to 1.
func (n *indexedName) share(s *search, met [][]float32) (share, least float32) {
	least = 1
	for i := range s.words {
		w := &s.words[i]
		best := float32(0)
		for _, word := range n.words {
			best = max(best, met[i][word])
		}
		if best < 1 && n.onDay(w) {
			best = 1
		}
		least = min(least, best)
		share += best * float32(len(w.text))
	}
	return share, least
}

// onDay reports whether the word is a date that is the name's, or stands in
// its text.
func (n *indexedName) onDay(w *searchWord) bool {
	for _, p := range w.days {
		if p.matches(n.date) {
			return true
		}
	}
	if w.phrase {
		for _, text := range n.texts {
			if strings.Contains(" "+text+" ", " "+w.text+" ") {
				return true
			}
		}
	}
	return false
}

// meet says for each word of the vocabulary how well it meets the word typed:
// 1 when it begins with it, less with slips of the pen, else 0. Numbers and
// words of three letters forgive none.
func (x *nameIndex) meet(w *searchWord) []float32 {
	met := make([]float32, len(x.vocabulary))
	if w.phrase {
		return met
	}
	most := 0
	if !strings.ContainsAny(w.text, "0123456789") {
		switch n := len([]rune(w.text)); {
		case n >= 8:
			most = 2
		case n >= 4:
			most = 1
		}
	}
	letters := lettersOf(w.text)
	for i, word := range x.vocabulary {
		if strings.HasPrefix(word, w.text) {
			met[i] = 1
			continue
		}
		if most == 0 || bits.OnesCount64(letters&^x.letters[i]) > most {
			continue
		}
		if n := slips(w.text, word, most); n <= most {
			met[i] = nearlyMet - perSlip*float32(n-1)
		}
	}
	return met
}

// alike lists the names whose letters are much the same.
func (x *nameIndex) alike(s *search) []fit {
	var fits []fit
	wanted := triplesOf(s.text)
	for i := range x.names {
		best := 0.0
		for _, t := range x.names[i].alike {
			best = max(best, dice(wanted, t))
		}
		if best >= leastAlike {
			fits = append(fits, fit{at: i, rank: rankAlike, score: int(20 * best)})
		}
	}
	return fits
}

// indexEpisodes makes an index of episodes, by title, show, ID and date.
func indexEpisodes(list []retrieval.EpisodeInfo) nameIndex {
	var x indexer
	for i := range list {
		e := &list[i]
		x.add(e.Date, e.Title, e.Show, strings.ReplaceAll(string(e.ID), "-", " "))
	}
	return x.index
}
