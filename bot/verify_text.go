package bot

import (
	"context"
	"math"
	"strings"
	"sync"

	"verbatim/prompts"
	"verbatim/retrieval"
)

// knownWord is a distinct word of the sources or of a claim.
type knownWord struct {
	word, stem string
	// stop words say nothing, frame words only how something is told.
	stop, frame bool
	// whole says that the language has the word, so that its vector means
	// something.
	whole  bool
	vector []float32
	// weight is how much the word says, 0 to 1: rare words say more.
	weight float64
	// names and plain count, in the sources, where it has a capital within a
	// sentence, and where it has none.
	names, plain int
}

// unit is a word of a text, or the words of one number together.
type unit struct {
	// start and end are byte offsets into the sentence's text.
	start, end int
	id         int // in the vocabulary; of a number the first word's
	sentence   int
	quantity   *retrieval.Quantity // nil for words
	// capital is true for a word with a capital, initial for the first of a
	// sentence, joined for one that a hyphen joins to the word before.
	capital, initial, joined bool
	// apart is true when a comma or the like parts it from the word before.
	apart    bool
	negation bool
	// stop is true for a word that says nothing, but not for a number.
	stop bool
}

// frameWords tell who speaks and that somebody does: the words of somebody who
// reports, which need not be those of the transcript. Each by its stem.
var frameWords = stemSet(`group team participant participants member members meeting meetings discussion discussions conversation
		speaker speakers host hosts guest guests episode podcast transcript interview interviewer interviewee passage passages
		discuss discusses discussed discussing talk talks talked talking mention mentions mentioned mentioning
		argue argues argued arguing explain explains explained explaining note notes noted noting point points pointed pointing
		suggest suggests suggested suggesting think thinks thought thinking believe believes believed believing
		ask asks asked asking answer answers answered answering reply replied according opinion opinions view views
		describe describes described describing state states stated stating claim claims claimed claiming
		emphasize emphasized emphasise emphasised stress stressed conclude concluded add added adds summarize summarized
		introduce introduced introduces present presented presents propose proposed proposes
		also besides moreover furthermore additionally addition however therefore thus hence meanwhile finally lastly firstly secondly thirdly
		regarding concerning terms next various several different certain particular especially`)

// frameWeight is what a frame word says.
const frameWeight = 0.1

// learn looks a word up in the lexicon: whether the language has it, under
// which form, and how much it says.
func (w *knownWord) learn(lexicon retrieval.Lexicon) (form string) {
	form = w.word
	rank, whole := lexicon.Rank(form)
	if !whole {
		if rank, whole = lexicon.Rank(w.stem); whole {
			form = w.stem // "vetoed" is known as "veto"
		}
	}
	w.whole = whole
	switch {
	case w.stop:
		w.weight = 0
	case w.frame:
		w.weight = frameWeight
	case !whole:
		w.weight = 1
	default:
		w.weight = min(max(math.Log2(float64(rank)/1000)/4, 0.2), 1)
	}
	return form
}

// vocabulary is distinct words.
type vocabulary struct {
	lexicon retrieval.Lexicon
	ids     map[string]int
	words   []knownWord
}

// id finds or adds a word.
func (v *vocabulary) id(word string) int {
	if id, ok := v.ids[word]; ok {
		return id
	}
	id := len(v.words)
	stem := retrieval.Stem(word)
	v.words = append(v.words, knownWord{word: word, stem: stem, stop: retrieval.IsStop(word), frame: frameWords[stem]})
	v.ids[word] = id
	return id
}

// embed fills in what the lexicon knows of the words.
func (v *vocabulary) embed(ctx context.Context) error {
	var forms []string
	var at []int
	for i := range v.words {
		w := &v.words[i]
		if form := w.learn(v.lexicon); !w.stop && w.whole {
			forms, at = append(forms, form), append(at, i)
		}
	}
	vectors, err := v.lexicon.Embed(ctx, forms)
	if err != nil {
		return err
	}
	for i, vector := range vectors {
		v.words[at[i]].vector = vector
	}
	return nil
}

// readUnits reads the units of one sentence.
func (v *vocabulary) readUnits(text string, sentence int) []unit {
	tokens := retrieval.Tokens(text)
	quantities := retrieval.Quantities(text, tokens)
	units := make([]unit, 0, len(tokens))
	end := 0
	for i, next := 0, 0; i < len(tokens); i++ {
		t := tokens[i]
		if n := spelledOut(text, tokens, i); n > 1 {
			t.Word, t.End = joinLetters(tokens[i:i+n]), tokens[i+n-1].End
			units = append(units, unit{start: t.Start, end: t.End, id: v.id(t.Word), sentence: sentence, capital: true, apart: i == 0})
			end, i = t.End, i+n-1
			for next < len(quantities) && quantities[next].First <= i {
				next++
			}
			continue
		}
		gap := text[end:t.Start]
		u := unit{start: t.Start, end: t.End, id: v.id(t.Word), sentence: sentence, apart: i == 0 || strings.ContainsAny(gap, ",;:—–().?!")}
		u.capital = retrieval.IsCapital(text[t.Start:])
		u.initial = u.capital && retrieval.StartsSentence(text, t.Start)
		u.joined = i > 0 && (gap == "-" || gap == "‑")
		u.negation = isNegation(tokens, text, i)
		u.stop = v.words[u.id].stop
		if next < len(quantities) && quantities[next].First == i {
			u.quantity = &quantities[next]
			i = u.quantity.Last
			u.end, u.stop = tokens[i].End, false
			next++
		}
		end = u.end
		units = append(units, u)
	}
	return units
}

// spelledOut is how many tokens from i on spell an abbreviation letter by
// letter, as in L_C_D_ and U.S.; 0 for other words. Letters parted by spaces
// alone must be three or more.
func spelledOut(text string, tokens []retrieval.Token, i int) int {
	n, spaced := 0, false
	for ; i+n < len(tokens); n++ {
		t := tokens[i+n]
		if t.End-t.Start != 1 || !retrieval.IsCapital(text[t.Start:]) {
			break
		}
		if n == 0 {
			continue
		}
		switch text[tokens[i+n-1].End:t.Start] {
		case "_", ".", "-", ". ", "_ ":
		case " ":
			spaced = true
		default:
			return spelledLength(n, spaced)
		}
	}
	return spelledLength(n, spaced)
}

func spelledLength(n int, spaced bool) int {
	if n < 2 || spaced && n < 3 {
		return 0
	}
	return n
}

func joinLetters(tokens []retrieval.Token) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(t.Word)
	}
	return b.String()
}

// sourceText is a source made ready.
type sourceText struct {
	Source
	units []unit
	// starts[i] is the index of sentence i's first unit; one more at the end
	// is len(units).
	starts []int
	// evidence[i] says that sentence i may support a claim.
	evidence []bool
	// instructs[i] says that sentence i speaks to a language model.
	instructs []bool
	// markedText is for quotes, see marked.
	markedOnce sync.Once
	markedText *markedText
	// cased says that the text has capitals within sentences.
	cased bool
}

// newSourceText reads a source.
func newSourceText(s Source, v *vocabulary) *sourceText {
	t := &sourceText{Source: s}
	for i := range s.Sentences {
		t.starts = append(t.starts, len(t.units))
		instructs := prompts.Instructs(s.Sentences[i].Text)
		t.instructs = append(t.instructs, instructs)
		t.evidence = append(t.evidence, s.Sentences[i].Evidence() && !instructs)
		units := v.readUnits(s.Sentences[i].Text, i)
		for k := range units {
			w := &v.words[units[k].id]
			switch u := &units[k]; {
			case u.capital && !u.initial:
				w.names++
				t.cased = t.cased || w.word != "i"
			case !u.capital:
				w.plain++
			}
		}
		t.units = append(t.units, units...)
	}
	t.starts = append(t.starts, len(t.units))
	return t
}
