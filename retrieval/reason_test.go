package retrieval_test

import (
	"testing"

	"verbatim/retrieval"
)

func TestReasonInEnglish(t *testing.T) {
	for _, tt := range []struct {
		reason retrieval.Reason
		want   string
	}{
		{retrieval.Reason{}, ""},
		{retrieval.Reason{Kind: retrieval.ReasonNothing}, "nothing like it was found"},
		{retrieval.Reason{Kind: retrieval.ReasonNotSpokenOf, Words: []string{"Kalmar", "vaccine"}}, "it does not speak of Kalmar, “vaccine”"},
		{retrieval.Reason{Kind: retrieval.ReasonNoNumber}, "it gives no number for that"},
		{retrieval.Reason{Kind: retrieval.ReasonNoFuture}, "it does not look ahead to that"},
		{retrieval.Reason{Kind: retrieval.ReasonThin}, "it says too little about that"},
		{retrieval.Reason{Kind: retrieval.ReasonNobody, Words: []string{`An "Ann"`}}, `nobody called "An \"Ann\"" speaks there`},
		{retrieval.Reason{Kind: retrieval.ReasonNoShow, Words: []string{"Sea Talk"}}, `there is no episode of a show called "Sea Talk"`},
		{retrieval.Reason{Kind: retrieval.ReasonNoDates}, "there is no episode of those dates"},
		{retrieval.Reason{Kind: "of a later version"}, "nothing like it was found"},
	} {
		if got := tt.reason.String(); got != tt.want {
			t.Errorf("%+v says %q, want %q", tt.reason, got, tt.want)
		}
	}
}
