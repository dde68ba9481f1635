package bot

import (
	"math/bits"
	"strings"
	"time"

	"verbatim/retrieval"
)

// rank says how well a name fits what was typed; less is better.
type rank int

const (
	rankPrefix rank = iota // the name begins with what was typed
	rankWords              // each word typed begins a word of the name, in any order
	rankFuzzy              // most do, or nearly
	rankAlike              // the letters are much the same
)

// fit is a name that fits what was typed.
type fit struct {
	at   int // index of the name
	rank rank
	// score is how much of what was typed fits, in twentieths, for rankFuzzy
	// and rankAlike; it orders within these.
	score int
}

const (
	// leastFuzzy is the share of what was typed, by letters, that must be
	// met, nearly at least.
	leastFuzzy = 0.5
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

// find lists the names that fit what was typed, in their own order. Nothing
// typed fits all.
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
		share, whole := name.share(s, met)
		if whole {
			fits = append(fits, fit{at: i, rank: rankWords})
		} else if share >= leastFuzzy*letters {
			fits = append(fits, fit{at: i, rank: rankFuzzy, score: int(20 * share / letters)})
		}
	}
	if len(fits) == 0 {
		return x.alike(s)
	}
	return fits
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

// share is how many letters of what was typed the name meets; whole, whether
// each word is met fully.
func (n *indexedName) share(s *search, met [][]float32) (share float32, whole bool) {
	whole = true
	for i := range s.words {
		w := &s.words[i]
		best := float32(0)
		for _, word := range n.words {
			best = max(best, met[i][word])
		}
		if best < 1 && n.onDay(w) {
			best = 1
		}
		whole = whole && best == 1
		share += best * float32(len(w.text))
	}
	return share, whole
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
