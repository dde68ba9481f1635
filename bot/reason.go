package bot

import "verbatim/retrieval"

// Reason says why an answer is "not in this episode", in a form that can be
// said in any language; its String is English.
type Reason = retrieval.Reason

// ReasonKind says what kind of reason it is.
type ReasonKind = retrieval.ReasonKind

// The kinds of reasons, see package retrieval. The zero value is none, that
// of an answer.
const (
	ReasonNone        = retrieval.ReasonNone
	ReasonNothing     = retrieval.ReasonNothing
	ReasonNotSpokenOf = retrieval.ReasonNotSpokenOf // Words are those that do not occur
	ReasonNoNumber    = retrieval.ReasonNoNumber
	ReasonNoFuture    = retrieval.ReasonNoFuture
	ReasonThin        = retrieval.ReasonThin
	ReasonNobody      = retrieval.ReasonNobody // Words[0] is the speaker asked for
	ReasonNoShow      = retrieval.ReasonNoShow // Words[0] is the show asked for
	ReasonNoDates     = retrieval.ReasonNoDates
)

// nothingPasses says why no passage was found at all.
func nothingPasses(f retrieval.Filter) Reason {
	switch {
	case f.Speaker != "":
		return Reason{Kind: ReasonNobody, Words: []string{f.Speaker}}
	case f.Show != "":
		return Reason{Kind: ReasonNoShow, Words: []string{f.Show}}
	case !f.From.IsZero() || !f.To.IsZero():
		return Reason{Kind: ReasonNoDates}
	}
	return Reason{Kind: ReasonNothing}
}
