package bot

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval"
)

// TestWhy asks a question for every reason there is not to answer.
func TestWhy(t *testing.T) {
	b := newBot(t)
	with := func(change func(*retrieval.Filter)) retrieval.Filter {
		f := retrieval.Filter{Scopes: slices.Clone(public.Scopes)}
		change(&f)
		return f
	}
	everything := with(func(*retrieval.Filter) {})
	tests := []struct {
		name, question string
		filter         retrieval.Filter
		want           Reason
	}{
		{"an answer", "When did Kim Il-sung visit the Soviet Union?", everything, Reason{}},
		{"a name", "What does he say about Emmanuel Macron?", everything, Reason{Kind: ReasonNotSpokenOf, Words: []string{"Emmanuel Macron"}}},
		{"a number", "How much did the trade with the Soviet Union cost each year?", everything, Reason{Kind: ReasonNoNumber}},
		{"the future", "Will Gorbachev visit the Soviet Union?", everything, Reason{Kind: ReasonNoFuture}},
		{"too little", "Why is the sky blue?", everything, Reason{Kind: ReasonThin}},
		{"nothing in the scope", "Who won?", retrieval.Filter{Scopes: []retrieval.Scope{"300"}}, Reason{Kind: ReasonNothing}},
		{"no such speaker", "Who won?", with(func(f *retrieval.Filter) { f.Speaker = "Nobody" }), Reason{Kind: ReasonNobody, Words: []string{"Nobody"}}},
		{"no such show", "Who won?", with(func(f *retrieval.Filter) { f.Show = "Sea Talk" }), Reason{Kind: ReasonNoShow, Words: []string{"Sea Talk"}}},
		{"no such dates", "Who won?", with(func(f *retrieval.Filter) { f.To = time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC) }), Reason{Kind: ReasonNoDates}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a, err := b.Ask(t.Context(), test.question, test.filter)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, a.Why); diff != "" {
				t.Errorf("Ask(%q): %q (-want +got):\n%s", test.question, a.Answer, diff)
			}
			if a.Reason != a.Why.String() || a.Found != (a.Why.Kind == ReasonNone) {
				t.Errorf("Ask(%q) = found %v for the reason %q, in English %q", test.question, a.Found, a.Why.Kind, a.Reason)
			}
		})
	}
}

func TestAskKnowsWhenOneEpisodeIsSearched(t *testing.T) {
	b := newBot(t)
	addText(t, b, guild, "two.txt", "Ann: The harbour froze in the winter of 1962, all of it.\n")
	for _, test := range []struct {
		filter retrieval.Filter
		want   bool
	}{
		{public, true},
		{retrieval.Filter{Scopes: guildAndPublic}, false},
		{retrieval.Filter{Scopes: guildAndPublic, Episodes: []retrieval.EpisodeID{"two"}}, true},
		{retrieval.Filter{Scopes: []retrieval.Scope{"300"}}, false},
	} {
		for _, question := range []string{"When did the harbour freeze?", "What about Emmanuel Macron?"} {
			if a, err := b.Ask(t.Context(), question, test.filter); err != nil || a.One != test.want {
				t.Errorf("Ask(%q) of %+v = one %v, %v; want %v", question, test.filter, a.One, err, test.want)
			}
		}
	}
}
