package bot

import (
	"context"

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
}

// String says it in English, for the model that is to mend it.
func (f Fault) String() string { return string(f.Kind) }

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
type Verifier struct{}

// NewVerifier reads the sources; episodes are those that the sources are of.
func NewVerifier(ctx context.Context, lexicon retrieval.Lexicon, sources []Source, episodes []retrieval.EpisodeInfo) (*Verifier, error) {
	return &Verifier{}, nil
}

// Check checks a claim against the sources that it cites.
func (v *Verifier) Check(ctx context.Context, claim string, marks []int) (Check, error) {
	return Check{Fault: Fault{Kind: FaultSupport}}, nil
}

// CheckAny is Check, and when that fails, a look whether other sources support
// the claim.
func (v *Verifier) CheckAny(ctx context.Context, claim string, marks []int) (Check, error) {
	return v.Check(ctx, claim, marks)
}
