package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"verbatim/retrieval"
)

// Source is what a model was given under one number.
type Source struct {
	// N counts from 1.
	N  int
	ID retrieval.PassageID
	// Sentences are neighbours in the episode.
	Sentences []retrieval.Sentence
}

// FaultKind says what is wrong with a sentence.
type FaultKind string

// The faults.
const (
	FaultNone     FaultKind = ""
	FaultUncited  FaultKind = "uncited"   // it cites nothing
	FaultNotGiven FaultKind = "not-given" // it cites a number that was not given
	FaultQuote    FaultKind = "quote"     // quoted words are not there
	FaultNumber   FaultKind = "number"
	FaultName     FaultKind = "name"
	FaultNegation FaultKind = "negation"
	FaultSpeaker  FaultKind = "speaker" // it says who said it, which is not known
	FaultSupport  FaultKind = "support" // too little of it is there
)

// Fault is what is wrong with a sentence.
type Fault struct {
	Kind FaultKind
	// Words are those of the sentence that it is about.
	Words []string
	// Better is, for FaultSupport, the number of a source that was not cited
	// and says it, 0 for none.
	Better int
}

// String says it in English, for the model that is to mend it: a clause
// without a full stop, such as "the number 26 is not in the cited passages".
// "" for none.
func (f Fault) String() string {
	words := strings.Join(f.Words, ", ")
	switch f.Kind {
	case FaultNone:
		return ""
	case FaultUncited:
		return "it cites no passage"
	case FaultNotGiven:
		return "there is no passage " + words
	case FaultQuote:
		return "the quoted words \"" + words + "\" are not in the cited passages word for word"
	case FaultNumber:
		return "the number " + words + " is not in the cited passages, or is said of something else there"
	case FaultName:
		return "the name " + words + " is not in the cited passages, or is said of something else there"
	case FaultNegation:
		return "the cited passages say the contrary about " + words
	case FaultSpeaker:
		return "the cited passages do not show that it was " + words + " who said it"
	}
	switch {
	case f.Better > 0:
		return fmt.Sprintf("the cited passages do not say it, passage %d does", f.Better)
	case words == "":
		return "the cited passages do not say it"
	}
	return "the cited passages do not say it: nothing in them is about " + words
}

// Support is a run of sentences that a claim rests on.
type Support struct {
	// N is the source's; First and Last index its Sentences, both included.
	N, First, Last int
	// Score is 0 to 1.
	Score float64
}

// Check is what Verifier.Check finds.
type Check struct {
	Fault Fault
	// Supports are the places that the claim rests on, best first, few and
	// short; none when it failed.
	Supports []Support
	// Score is how much of the claim is supported, 0 to 1.
	Score float64
	// Recited says that other sources than those cited support it.
	Recited bool
}

// OK reports whether the claim may be shown.
func (c *Check) OK() bool { return c.Fault.Kind == FaultNone }

// Verifier checks claims against sources. Safe for concurrent use.
type Verifier struct {
	words    vocabulary
	sources  []*sourceText
	episodes []retrieval.EpisodeInfo
	// kept is, for words of claims, how like each word of the sources is.
	kept sync.Map
	// about are the stems of what is known of the episodes.
	about map[string]bool
	// speakers are the names of those who speak in the sources, as stems.
	speakers [][]string
}

// NewVerifier reads the sources; episodes are those that the sources are of.
func NewVerifier(ctx context.Context, lexicon retrieval.Lexicon, sources []Source, episodes []retrieval.EpisodeInfo) (*Verifier, error) {
	v := &Verifier{words: vocabulary{lexicon: lexicon, ids: map[string]int{}}, episodes: episodes, about: aboutStems(episodes)}
	for _, s := range sources {
		v.sources = append(v.sources, newSourceText(s, &v.words))
	}
	v.speakers = speakerStems(sources)
	if err := v.words.embed(ctx); err != nil {
		return nil, err
	}
	return v, nil
}

// Check checks a claim against the sources that it cites, the way a person's
// summing up of them would be read. What a model wrote goes through CheckAny.
func (v *Verifier) Check(ctx context.Context, claim string, marks []int) (Check, error) {
	sources, fault := v.cited(marks)
	if fault.Kind != FaultNone {
		return Check{Fault: fault}, nil
	}
	c, err := v.newClaimText(ctx, claim)
	if err != nil {
		return Check{}, err
	}
	return v.check(ctx, c, sources)
}

// cited are the sources that the marks name.
func (v *Verifier) cited(marks []int) ([]*sourceText, Fault) {
	if len(marks) == 0 {
		return nil, Fault{Kind: FaultUncited}
	}
	var sources []*sourceText
	for _, n := range marks {
		at := slices.IndexFunc(v.sources, func(s *sourceText) bool { return s.N == n })
		if at < 0 {
			return nil, Fault{Kind: FaultNotGiven, Words: []string{strconv.Itoa(n)}}
		}
		sources = append(sources, v.sources[at])
	}
	return sources, Fault{}
}

func (v *Verifier) check(ctx context.Context, c *claimText, sources []*sourceText) (Check, error) {
	f, err := v.examine(ctx, c, sources)
	if err != nil {
		return Check{}, err
	}
	return f.conclude(ctx, f.least())
}

// conclude is what was found, least being the least score that supports.
func (f *finding) conclude(ctx context.Context, least float64) (Check, error) {
	check := Check{Fault: f.fault(least), Score: min(max(f.score, 0), 1)}
	if check.OK() {
		better, err := f.outdoneBy(ctx)
		if err != nil {
			return Check{}, err
		}
		if better != nil {
			check.Fault = Fault{Kind: FaultSupport, Better: better.N}
		}
	}
	if check.OK() {
		check.Supports = f.supports()
	}
	return check, nil
}

// aboutStems are the stems of the names in what is known of episodes.
func aboutStems(episodes []retrieval.EpisodeInfo) map[string]bool {
	stems := map[string]bool{}
	for i := range episodes {
		e := &episodes[i]
		for _, text := range append([]string{e.Title, e.Show, e.Description}, e.Speakers...) {
			for _, t := range retrieval.Tokens(text) {
				if retrieval.IsCapital(text[t.Start:]) && !retrieval.IsStop(t.Word) {
					stems[retrieval.Stem(t.Word)] = true
				}
			}
		}
	}
	return stems
}

// speakerStems are the names of those who speak in the sources.
func speakerStems(sources []Source) [][]string {
	var names [][]string
	seen := map[string]bool{"": true}
	for _, source := range sources {
		for i := range source.Sentences {
			name := source.Sentences[i].Speaker
			if seen[name] {
				continue
			}
			seen[name] = true
			var stems []string
			for _, t := range retrieval.Tokens(name) {
				stems = append(stems, retrieval.Stem(t.Word))
			}
			if len(stems) > 0 {
				names = append(names, stems)
			}
		}
	}
	return names
}
