package bot

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"verbatim/retrieval"
)

const (
	// maxTallied is the most passages that are looked through for one
	// spelling; far more than libraries have.
	maxTallied = 50_000
	// keptPlaces is how many places of each episode are kept for citing.
	keptPlaces = 10
	// maxSpellings is how many other spellings are counted.
	maxSpellings = 8
)

// wordTally is what was counted.
type wordTally struct {
	// total is how often the words are said, places in how many sentences,
	// repeats how often more in words that speech-to-text wrote twice.
	total, places, repeats int
	// forms are the forms counted together, such as "sanction" and
	// "sanctions", with their counts, commonest first.
	forms []spelling
	// spellings are other spellings, counted apart.
	spellings []spelling
	// episodes are those in which the words are said, oldest first, undated
	// ones last.
	episodes []*tallied
}

// spelling is a spelling with how often it occurs.
type spelling struct {
	text  string
	count int
	first *spot
}

// tallied is what was counted in one episode.
type tallied struct {
	info  *retrieval.EpisodeInfo
	first []spot // the first keptPlaces, in order
	last  spot
}

// spot is where the words are said.
type spot struct {
	info *retrieval.EpisodeInfo
	place
}

// tally counts the words in all lines that pass the filter, one episode at a
// time.
func (b *Bot) tally(ctx context.Context, subject string, f retrieval.Filter) (*wordTally, error) {
	words, err := b.library.Vocabulary(ctx, f.Scopes)
	if err != nil {
		return nil, err
	}
	episodes, err := b.library.List(ctx, f)
	if err != nil {
		return nil, err
	}
	terms := stems(subject)
	t := &wordTally{}
	main, err := b.tallyTerms(ctx, terms, f, episodes)
	if err != nil {
		return nil, err
	}
	t.total, t.places, t.repeats, t.episodes = main.total, main.places, main.repeats, main.episodes
	t.forms = main.commonest()
	for _, other := range b.otherSpellings(terms, words) {
		o, err := b.tallyTerms(ctx, other, f, episodes)
		if err != nil {
			return nil, err
		}
		if o.total > 0 {
			s := o.commonest()[0]
			t.spellings = append(t.spellings, spelling{text: s.text, count: o.total, first: &o.episodes[0].first[0]})
		}
	}
	slices.SortStableFunc(t.spellings, func(a, b spelling) int { return cmp.Compare(b.count, a.count) })
	return t, nil
}

// stems are the words of a text as they are compared.
func stems(text string) []string {
	tokens := retrieval.Tokens(text)
	list := make([]string, len(tokens))
	for i := range tokens {
		list[i] = retrieval.Stem(tokens[i].Word)
	}
	return list
}

// otherSpellings are the terms with one of them spelt otherwise. Of two words
// that the language has, neither is a misspelling of the other.
func (b *Bot) otherSpellings(terms []string, v *retrieval.Vocabulary) [][]string {
	var list [][]string
	for i, term := range terms {
		if retrieval.IsStop(term) {
			continue
		}
		_, known := b.compare.Rank(term)
		for _, variant := range v.Variants(term) {
			if _, also := b.compare.Rank(variant.Term); known && also || len(list) == maxSpellings {
				continue
			}
			other := slices.Clone(terms)
			other[i] = variant.Term
			list = append(list, other)
		}
	}
	return list
}

// termTally counts one spelling.
type termTally struct {
	terms                  []string
	speaker                string
	total, places, repeats int
	forms                  map[string]int
	episodes               []*tallied
	stem                   map[string]string
}

func (b *Bot) tallyTerms(ctx context.Context, terms []string, f retrieval.Filter, episodes []retrieval.EpisodeInfo) (*termTally, error) {
	t := &termTally{terms: terms, speaker: f.Speaker, forms: map[string]int{}, stem: map[string]string{}}
	list, err := b.library.Phrase(ctx, f, retrieval.Terms(strings.Join(terms, " ")), maxTallied)
	if err != nil {
		return nil, err
	}
	known := make(map[episodeKey]*retrieval.EpisodeInfo, len(episodes))
	for i := range episodes {
		known[episodeKey{episodes[i].Scope, episodes[i].ID}] = &episodes[i]
	}
	var in *episodeTally
	for from := 0; from < len(list); from += loadAtOnce {
		var ids []retrieval.PassageID
		for _, s := range list[from:min(from+loadAtOnce, len(list))] {
			ids = append(ids, s.ID)
		}
		passages, err := b.library.Passages(ctx, ids)
		if err != nil {
			return nil, err
		}
		for i := range passages {
			p := &passages[i]
			key := episodeKey{p.ID.Scope, p.ID.Episode}
			if known[key] == nil { // added meanwhile
				continue
			}
			if in == nil || in.key != key {
				t.end(in)
				in = &episodeTally{key: key, info: known[key], seen: map[[2]int]bool{}}
			}
			t.read(in, p)
		}
	}
	t.end(in)
	slices.SortStableFunc(t.episodes, func(a, b *tallied) int {
		if a.info.Date.IsZero() != b.info.Date.IsZero() {
			return cmp.Compare(boolInt(a.info.Date.IsZero()), boolInt(b.info.Date.IsZero()))
		}
		return a.info.Date.Compare(b.info.Date)
	})
	return t, nil
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// episodeTally is what was counted in the episode that is being read.
type episodeTally struct {
	key  episodeKey
	info *retrieval.EpisodeInfo
	// seen are the places counted, by sentence and word: passages overlap.
	seen map[[2]int]bool
	// lastSentence is the one counted last, from 1.
	lastSentence int
	first        []spot
	last         spot
}

// end takes over what was counted in an episode.
func (t *termTally) end(in *episodeTally) {
	if in != nil && len(in.first) > 0 {
		t.episodes = append(t.episodes, &tallied{info: in.info, first: in.first, last: in.last})
	}
}

// word is a word of a passage: sentence is the index in the passage, at the
// place in the sentence.
type passageWord struct {
	sentence, at int
	stem, text   string
}

// read counts in one passage, across the ends of sentences.
func (t *termTally) read(in *episodeTally, p *retrieval.Passage) {
	var words []passageWord
	for i := range p.Sentences {
		for at, token := range retrieval.Tokens(p.Sentences[i].Text) {
			words = append(words, passageWord{i, at, t.stemOf(token.Word), p.Sentences[i].Text[token.Start:token.End]})
		}
	}
	for i := 0; i+len(t.terms) <= len(words); i++ {
		if !t.matches(words[i:]) {
			continue
		}
		first, last := words[i].sentence, words[i+len(t.terms)-1].sentence
		key := [2]int{p.First + first, words[i].at}
		if in.seen[key] || t.speaker != "" && !strings.EqualFold(p.Sentences[first].Speaker, t.speaker) || last > first+1 {
			continue
		}
		in.seen[key] = true
		if p.Sentences[first].Repeat {
			t.repeats++
			continue
		}
		t.total++
		t.forms[formOf(words[i:i+len(t.terms)])]++
		if in.lastSentence == key[0]+1 {
			continue
		}
		in.lastSentence = key[0] + 1
		t.places++
		in.last = spot{in.info, place{in.key, p.First + first, p.First + last, p.Sentences[first : last+1]}}
		if len(in.first) < keptPlaces {
			in.first = append(in.first, in.last)
		}
	}
}

func (t *termTally) matches(words []passageWord) bool {
	for i, term := range t.terms {
		if words[i].stem != term {
			return false
		}
	}
	return true
}

func (t *termTally) stemOf(word string) string {
	stem, known := t.stem[word]
	if !known {
		stem = retrieval.Stem(word)
		t.stem[word] = stem
	}
	return stem
}

// formOf is the words as written, in lower case but for names: what begins with
// a capital and goes on without is left to the commonest form.
func formOf(words []passageWord) string {
	texts := make([]string, len(words))
	for i := range words {
		texts[i] = words[i].text
	}
	return strings.Join(texts, " ")
}

// commonest are the forms, those that differ in capitals alone together under
// the commonest of them.
func (t *termTally) commonest() []spelling {
	byFold := map[string]*spelling{}
	most := map[string]int{}
	var order []string
	for text, n := range t.forms {
		fold := strings.ToLower(text)
		s := byFold[fold]
		if s == nil {
			s = &spelling{}
			byFold[fold] = s
			order = append(order, fold)
		}
		s.count += n
		if n > most[fold] || n == most[fold] && (s.text == "" || text > s.text) {
			most[fold], s.text = n, text
		}
	}
	list := make([]spelling, len(order))
	for i, fold := range order {
		list[i] = *byFold[fold]
	}
	slices.SortFunc(list, func(a, b spelling) int { return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.text, b.text)) })
	return list
}
