package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval"
)

// wordUsage is how an episode uses its words, so that nouns are told from verbs
// without a dictionary.
type wordUsage struct {
	words map[string]*wordUse // by stem
	// names are the words written with a capital within sentences, more often
	// than not.
	names map[string]bool
	// speakers are the words of the speakers' names: who is spoken to by name
	// is no subject.
	speakers map[string]bool
	// headed are the phrases, as stems, that head a chapter so far.
	headed map[string]bool
}

// wordUse counts how a word stands: as the last word of a noun phrase, where
// verbs stand, at the end of a run of words, and before another word of one.
type wordUse struct{ nouns, verbs, heads, before int }

// Where nouns and verbs stand.
var (
	beforeNouns = wordSet(`a an the this these those my your our his her its their some any no each every another of in on at by for with
		about from between into through under over against during without within than`)
	beforeVerbs = wordSet(`i you we they he she it who to will would can could should may might must do does did not dont doesnt didnt wont
		wouldnt cant couldnt shouldnt lets let us never always ive youve weve theyve im youre were theyre hes shes id youd wed theyd ill youll well theyll
		cannot please just really actually also`)
)

// usageOf reads how words are used.
func usageOf(sentences []retrieval.Sentence) *wordUsage {
	u := &wordUsage{words: map[string]*wordUse{}, names: namesOf(sentences), speakers: map[string]bool{}, headed: map[string]bool{}}
	use := func(word string) *wordUse {
		stem := retrieval.Stem(word)
		if u.words[stem] == nil {
			u.words[stem] = &wordUse{}
		}
		return u.words[stem]
	}
	for i := range sentences {
		for _, t := range retrieval.Tokens(sentences[i].Speaker) {
			u.speakers[t.Word] = true
		}
		r := headingRuns(sentences[i].Text, u.names)
		for _, run := range r.runs {
			before := ""
			if run.first > 0 {
				before = r.tokens[run.first-1].Word
			}
			switch {
			case beforeNouns[before]:
				use(r.tokens[run.last].Word).nouns++
			case beforeVerbs[before]:
				use(r.tokens[run.first].Word).verbs++
			}
			use(r.tokens[run.last].Word).heads++
			for i := run.first; i < run.last; i++ {
				use(r.tokens[i].Word).before++
			}
		}
	}
	return u
}

// namesOf are the words that are written with a capital where no sentence
// begins, more often than not.
func namesOf(sentences []retrieval.Sentence) map[string]bool {
	capital, small := map[string]int{}, map[string]int{}
	for i := range sentences {
		text := sentences[i].Text
		for at, t := range retrieval.Tokens(text) {
			switch first, _ := utf8.DecodeRuneInString(text[t.Start:]); {
			case !unicode.IsUpper(first):
				small[t.Word]++
			case at > 0 && !sentenceStarts(text, t.Start):
				capital[t.Word]++
			}
		}
	}
	names := map[string]bool{}
	for word, n := range capital {
		if n > small[word] && !retrieval.IsStop(word) {
			names[word] = true
		}
	}
	return names
}

// sentenceStarts reports whether a word at that offset begins a sentence, or a
// quotation.
func sentenceStarts(text string, at int) bool {
	before := strings.TrimRight(text[:at], " ")
	last, _ := utf8.DecodeLastRuneInString(before)
	return before == "" || strings.ContainsRune(".!?:…\"“‘(", last)
}

// tokenRun is a run of tokens, both included.
type tokenRun struct{ first, last int }

// runs are a text's words and their runs: words that may be in a heading and
// stand together.
type runs struct {
	text    string
	tokens  []retrieval.Token
	capital []bool // is a name's
	runs    []tokenRun
}

// headingRuns finds the runs of a text; names are the words that are names'.
func headingRuns(text string, names map[string]bool) *runs {
	r := &runs{text: text, tokens: retrieval.Tokens(text)}
	r.capital = make([]bool, len(r.tokens))
	open := -1
	end := func(last int) {
		if open >= 0 {
			r.runs = append(r.runs, tokenRun{open, last})
		}
		open = -1
	}
	for i := range r.tokens {
		t := &r.tokens[i]
		first, _ := utf8.DecodeRuneInString(text[t.Start:])
		tied := i > 0 && r.tied(i) && r.capital[i-1] // "Jong-un"
		r.capital[i] = unicode.IsUpper(first) && names[t.Word] || tied
		switch {
		case !tied && !canHead(t.Word, r.capital[i]):
			end(i - 1)
		case open < 0:
			open = i
		case !r.together(i):
			end(i - 1)
			open = i
		}
	}
	end(len(r.tokens) - 1)
	return r
}

// together reports whether token i follows the one before with nothing but a
// space or a hyphen between.
func (r *runs) together(i int) bool {
	between := r.text[r.tokens[i-1].End:r.tokens[i].Start]
	return between == " " || r.tied(i)
}

// tied reports whether a hyphen or the like ties token i to the one before.
func (r *runs) tied(i int) bool {
	switch r.text[r.tokens[i-1].End:r.tokens[i].Start] {
	case "-", "‑", "_", "/", "":
		return true
	}
	return false
}

// namesIn are the names of a run, each as long as it is.
func (r *runs) namesIn(run tokenRun) []tokenRun {
	var names []tokenRun
	for i := run.first; i <= run.last; i++ {
		if !r.capital[i] {
			continue
		}
		first := i
		for i < run.last && r.capital[i+1] {
			i++
		}
		if first > 0 && r.tied(first) || i+1 < len(r.tokens) && r.tied(i+1) {
			continue // a part of a word such as "anti-Western"
		}
		names = append(names, tokenRun{first, i})
	}
	return names
}

// cutsName reports whether the words from..to of a run part a name or a word
// with a hyphen.
func (r *runs) cutsName(from, to int) bool {
	joined := func(i int) bool { // i to the one before it
		return i > 0 && i < len(r.tokens) && (r.tied(i) || r.together(i) && r.capital[i] && r.capital[i-1])
	}
	return joined(from) || joined(to+1)
}

// ofBetween reports whether nothing but "of" or "of the" stands between two
// runs.
func (r *runs) ofBetween(a, b tokenRun) bool {
	return b.first == a.last+2 && r.tokens[a.last+1].Word == "of" && r.together(a.last+1) && r.together(b.first)
}

// smallTalk is what people say at the ends of a talk, the calendar, and words
// for quantities and qualities of anything; none of these names a subject.
var smallTalk = wordSet(`welcome back hello hi thanks thank nice today tomorrow yesterday guest guests host episode episodes show podcast talk talks first
	second third last next new old good great big small little long short neither either part parts way ways time times day days week weeks month months
	year years moment point points question questions answer answers example examples reason reasons idea ideas guy guys folks people person lot
	number numbers case cases story stuff bunch couple course sense sure different same interesting important possible able whole half end beginning
	january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday
	two three four five six seven eight nine ten hundred thousand million billion latest forever anymore together instead already else later alone away apart ahead soon maybe gonna wanna gotta yknow etc uh um`)

// canHead reports whether a word may be part of a heading: no number, no stop
// word, no small talk and, unless it is a name's, by its ending no adverb and no
// past form of a verb.
func canHead(word string, name bool) bool {
	digit := word[0] >= '0' && word[0] <= '9'
	if digit || retrieval.IsStop(word) || smallTalk[word] || len(word) < 2 {
		return false
	}
	return name || len(word) <= 4 || !strings.HasSuffix(word, "ed") && !strings.HasSuffix(word, "ly")
}

// joinedBefore reports whether a hyphen ties token i to the one before: half a
// name is no phrase.
func joinedBefore(text string, tokens []retrieval.Token, i int) bool {
	return i > 0 && text[tokens[i-1].End:tokens[i].Start] == "-"
}
