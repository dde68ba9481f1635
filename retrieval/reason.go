package retrieval

import (
	"fmt"
	"strings"
)

// ReasonKind says what kind of reason there is for not answering.
type ReasonKind string

// The reasons. The zero value, ReasonNone, is that of an answer.
const (
	ReasonNone        ReasonKind = ""
	ReasonNothing     ReasonKind = "nothing"       // nothing like it was found
	ReasonNotSpokenOf ReasonKind = "not-spoken-of" // Words, names or others, do not occur
	ReasonNoNumber    ReasonKind = "no-number"     // a number was asked for, and none is given
	ReasonNoFuture    ReasonKind = "no-future"     // what is to come was asked for, and is not spoken of
	ReasonThin        ReasonKind = "thin"          // too little is said about it
	ReasonNobody      ReasonKind = "nobody"        // nobody called Words[0] speaks there
	ReasonNoShow      ReasonKind = "no-show"       // there is no episode of a show called Words[0]
	ReasonNoDates     ReasonKind = "no-dates"      // there is no episode of those dates
)

// Reason says why a question was not answered, in a form that can be said in
// any language. [Reason.String] says it in English.
type Reason struct {
	Kind ReasonKind
	// Words are those that the reason speaks of, as they were asked; nil for
	// the kinds that need none.
	Words []string
}

// String is the reason as a clause in English, "" for none.
func (r Reason) String() string {
	switch r.Kind {
	case ReasonNone:
		return ""
	case ReasonNotSpokenOf:
		return "it does not speak of " + strings.Join(quoteCommon(r.Words), ", ")
	case ReasonNoNumber:
		return "it gives no number for that"
	case ReasonNoFuture:
		return "it does not look ahead to that"
	case ReasonThin:
		return "it says too little about that"
	case ReasonNobody:
		return fmt.Sprintf("nobody called %q speaks there", strings.Join(r.Words, " "))
	case ReasonNoShow:
		return fmt.Sprintf("there is no episode of a show called %q", strings.Join(r.Words, " "))
	case ReasonNoDates:
		return "there is no episode of those dates"
	default:
		return "nothing like it was found"
	}
}

// quoteCommon puts words that are no names between quotation marks.
func quoteCommon(words []string) []string {
	quoted := make([]string, len(words))
	for i, word := range words {
		if quoted[i] = word; !capital(word) {
			quoted[i] = "“" + word + "”"
		}
	}
	return quoted
}
