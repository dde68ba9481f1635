package bot

import (
	"slices"
	"strings"
	"testing"

	"verbatim/retrieval"
)

func TestStandAlone(t *testing.T) {
	const (
		met   = "Which Russian leader did Kim Jong-il meet shortly before he died?"
		visit = "When did Kim Il-sung visit the Soviet Union?"
		cool  = "What did relations look like under Gorbachev?"
		year  = "How many delegations came in 2014?"
		lower = "why was the debt a problem"
		de    = "Was war das Problem mit der Schuld in Russland?"
		fr    = "Quel dirigeant russe Kim Jong-il a-t-il rencontré ?"
		es    = "¿Qué líder ruso se reunió con Kim Jong-il?"
	)
	same := "" // the question as it is
	tests := []struct {
		name, before, question, want string
	}{
		// Bare question words and what has no word of its own.
		{"a year asked for", met, "and what year?", "and what year (Russian leader and Kim Jong-il meet shortly died)?"},
		{"bare why", met, "why?", "why (Russian leader and Kim Jong-il meet shortly died)?"},
		{"bare why, no mark", met, "why", "why (Russian leader and Kim Jong-il meet shortly died)"},
		{"but why", visit, "But why?", "But why (Kim Il-sung and Soviet Union visit)?"},
		{"why not", visit, "why not?", "why not (Kim Il-sung and Soviet Union visit)?"},
		{"how long", cool, "for how long?", "for how long (Gorbachev relations look)?"},
		{"what else", cool, "what else?", "what else (Gorbachev relations look)?"},
		{"what happened then", visit, "What happened then?", "What happened then (Kim Il-sung and Soviet Union visit)?"},
		{"and then", visit, "and then?", "and then (Kim Il-sung and Soviet Union visit)?"},
		{"tell me more", lower, "tell me more", "tell me more (debt problem)"},
		{"no capitals before", lower, "and when?", "and when (debt problem)?"},
		{"hyphen in small letters", "when did kim jong-il die", "and where?", "and where (kim jong-il die)?"},
		// Words that stand for what was named.
		{"he", met, "who was he?", "who was he (Russian leader and Kim Jong-il meet shortly died)?"},
		{"a word is not said twice", met, "why did he die?", "why did he die (Russian leader and Kim Jong-il meet shortly)?"},
		{"it", met, "was it successful?", "was it successful (Russian leader and Kim Jong-il meet shortly died)?"},
		{"that", met, "in what year was that?", "in what year was that (Russian leader and Kim Jong-il meet shortly died)?"},
		{"there", "What happened at the Olympics in Sochi?", "who was there?", "who was there (Olympics and Sochi)?"},
		{"their", cool, "how did their trade develop?", "how did their trade develop (Gorbachev relations look)?"},
		{"she, with words of her own", "When did Angela Merkel resign?", "why did she believe that the coalition would survive another winter?", "why did she believe that the coalition would survive another winter (Angela Merkel)?"},
		{"and with a verb", visit, "and who signed the treaty?", "and who signed the treaty (Kim Il-sung and Soviet Union visit)?"},
		{"a reaction", "What did Russia do in 2016?", "how did Kim Jong-un react?", "how did Kim Jong-un react (Russia 2016)?"},
		// The question before, about something else.
		{"a name for a name by preposition", cool, "and under Yeltsin?", "What did relations look like under Yeltsin?"},
		{"what about a name", met, "what about Putin?", "Which Russian leader did Putin meet shortly before he died?"},
		{"how about", cool, "How about Yeltsin?", "What did relations look like under Yeltsin?"},
		{"and a name", visit, "and Putin?", "When did Putin visit the Soviet Union?"},
		{"of the same family", "Did Boris Yeltsin call Kim Il-sung?", "and Kim Jong-il?", "Did Boris Yeltsin call Kim Jong-il?"},
		{"a bare name", visit, "Putin?", "When did Putin visit the Soviet Union?"},
		{"a year for a year", year, "and in 2015?", "How many delegations came in 2015?"},
		{"a bare year", year, "and 2015?", "How many delegations came in 2015?"},
		{"a year, no and", year, "in 2015?", "How many delegations came in 2015?"},
		{"a year where none was", visit, "and in 2014?", "When did Kim Il-sung visit the Soviet Union in 2014?"},
		{"what about a thing", visit, "what about the debt?", "When did Kim Il-sung visit the Soviet Union and the debt?"},
		{"what about that", visit, "what about that?", "what about that (Kim Il-sung and Soviet Union visit)?"},
		// Other languages.
		{"German why", de, "und warum?", "und warum (Problem Schuld Russland)?"},
		{"German er", de, "hat er es gelöst?", "hat er es gelöst (Problem Schuld Russland)?"},
		{"German what about", de, "Und was ist mit Nordkorea?", "Was war das Problem mit der Schuld in Russland und Nordkorea?"},
		{"German preposition", "Wie war der Handel unter Gorbatschow?", "und unter Jelzin?", "Wie war der Handel unter Jelzin?"},
		{"French year", fr, "et en quelle année ?", "et en quelle année (Kim Jong-il dirigeant russe rencontré)?"},
		{"French why", fr, "pourquoi ?", "pourquoi (Kim Jong-il dirigeant russe rencontré)?"},
		{"Spanish year", es, "¿y en qué año?", "¿y en qué año (Kim Jong-il líder ruso reunió)?"},
		{"Spanish why", es, "¿por qué?", "¿por qué (Kim Jong-il líder ruso reunió)?"},
		// Questions that stand alone.
		{"a full question", met, visit, same},
		{"spaces kept", met, "  When did Kim Il-sung  visit the Soviet Union? ", same},
		{"and before a full one", met, "And when did Kim Il-sung visit the Soviet Union?", same},
		{"he beside a name", met, "What does he say about Emmanuel Macron?", same},
		{"no name, no pronoun", met, "Was the meeting successful?", same},
		{"who is", met, "Who is the host?", same},
		{"who is somebody", met, "Who is Georgy Toloraya?", same},
		{"small letters", met, "what is bitcoin?", same},
		{"a keyword", met, "sanctions", same},
		{"two keywords", met, "debt problem", same},
		{"that joins clauses", met, "did experts predict that relations with neighbours improve?", same},
		{"it of no meaning", met, "is it hard to grow tomatoes in winter?", same},
		{"there of no meaning", met, "were there economic projects?", same},
		{"German full", de, "Wann besuchte Kim Il-sung die Sowjetunion?", same},
		{"no words", met, "?!", same},
		{"what happened in a year", met, "What happened in 2014?", same},
	}
	if len(tests) < 40 {
		t.Errorf("%d cases, want 40", len(tests))
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := test.want
			if want == same {
				want = test.question
			}
			if got := StandAlone([]Turn{{Question: "What else?"}, {Question: test.before}}, test.question); got != want {
				t.Errorf("StandAlone(%q after %q)\n got %q\nwant %q", test.question, test.before, got, want)
			}
			if got := StandAlone(nil, test.question); got != test.question {
				t.Errorf("StandAlone without history = %q, want it as it is", got)
			}
		})
	}
}

// TestStandAloneChain follows follow-ups: each searches what the one before
// searched for, and stays of a length that can be searched for.
func TestStandAloneChain(t *testing.T) {
	var history []Turn
	for _, question := range []string{"Which Russian leader did Kim Jong-il meet shortly before he died?", "and what year?", "why?", "and who was there?", "was it successful?", "and then?"} {
		standalone := StandAlone(history, question)
		history = append(history, Turn{Question: question, Standalone: standalone})
		if n := len(retrieval.Tokens(standalone)); n > 20 {
			t.Errorf("%q became %q: %d words", question, standalone, n)
		}
		if !strings.Contains(standalone, "Kim Jong-il") {
			t.Errorf("%q became %q, want it to keep the name", question, standalone)
		}
		terms := retrieval.ContentTerms(standalone)
		slices.Sort(terms)
		if unique := slices.Compact(slices.Clone(terms)); len(unique) != len(terms) {
			t.Errorf("%q has words twice", standalone)
		}
	}
}

func FuzzStandAlone(f *testing.F) {
	f.Add("Which Russian leader did Kim Jong-il meet?", "and what year?")
	f.Add("(", "and in 2014?")
	f.Add("and Putin (Kim-Il and X)?", "what about 日本?")
	f.Add("É", "y qué?")
	f.Fuzz(func(t *testing.T, before, question string) {
		got := StandAlone([]Turn{{Question: before}}, question)
		if len(got) > len(before)+len(question)+20 {
			t.Errorf("StandAlone(%q after %q) = %q: longer than both", question, before, got)
		}
	})
}

// followUps are questions about the sample, with what a listener would ask
// next, and the lines that answer it.
var followUps = []struct {
	before, question string
	first, last      int
}{
	{"Which Russian leader did Kim Jong-il meet shortly before he died?", "and what year?", 74, 75},
	{"When did Kim Il-sung visit the Soviet Union?", "and what did they agree on?", 50, 52},
	{"What happened to relations under Gorbachev?", "and under Yeltsin?", 53, 56},
	{"Why was the debt a problem?", "when was that?", 65, 67},
	{"What did Russia do after the nuclear test?", "why did it join them?", 68, 71},
	{"When did the rapprochement with Kim Jong-un start?", "and why?", 77, 82},
	{"Whom did Kim Jong-un send to the Olympics in Sochi?", "where was that?", 84, 86},
	{"What did Russia do in 2016 and 2017?", "how did Kim Jong-un react?", 92, 92},
	{"When did the delivery of arms start?", "who went there?", 102, 104},
	{"What changed in 2022?", "was it because of the war?", 108, 110},
	{"Who is Georgy Toloraya?", "where was he posted?", 12, 15},
	{"Who is Georgy Toloraya?", "what does he direct now?", 16, 18},
	{"Which number was the episode in February 2018?", "and when was it recorded?", 9, 10},
	{"What do most analysts get wrong about Russia and North Korea?", "why does he think so?", 24, 31},
	{"What happened in 2014?", "and in 2022?", 98, 112},
	{"How do Russia and North Korea vote in the UN?", "what does that show?", 37, 39},
	{"When was the new treaty signed?", "and who exchanged visits?", 63, 64},
	{"What were relations like under Yeltsin?", "what about Gorbachev?", 53, 54},
}

// TestAskFollowing asks follow-ups end to end and wants most of them answered
// from the right lines, as measured when this was written.
func TestAskFollowing(t *testing.T) {
	const floor = 16
	b := newBot(t)
	right, alone := 0, 0
	for _, f := range followUps {
		first, err := b.Ask(t.Context(), f.before, public)
		if err != nil {
			t.Fatal(err)
		}
		a, err := b.AskFollowing(t.Context(), []Turn{{Question: first.Question, Found: first.Found}}, f.question, public)
		if err != nil {
			t.Fatal(err)
		}
		if a.Question != f.question || a.Standalone != StandAlone([]Turn{{Question: f.before}}, f.question) {
			t.Errorf("%q after %q: Question = %q, Standalone = %q", f.question, f.before, a.Question, a.Standalone)
		}
		for i := range a.Citations {
			checkVerbatim(t, &a.Citations[i])
		}
		if answersFrom(a, f.first, f.last) {
			right++
		} else {
			t.Logf("%q after %q (%q): found %v %s, not on lines %d to %d", f.question, f.before, a.Standalone, a.Found, a.Reason, f.first, f.last)
		}
		if plain, err := b.Ask(t.Context(), f.question, public); err == nil && answersFrom(plain, f.first, f.last) {
			alone++
		}
	}
	t.Logf("%d of %d follow-ups answered from the right lines; %d when asked alone", right, len(followUps), alone)
	if right < floor {
		t.Errorf("%d of %d follow-ups answered from the right lines, want %d", right, len(followUps), floor)
	}
	if a, err := b.AskFollowing(t.Context(), nil, "When did Kim Il-sung visit the Soviet Union?", public); err != nil || a.Standalone != "" || !a.Found {
		t.Errorf("AskFollowing without history = %+v, %v, want Ask", a, err)
	}
}

func answersFrom(a *Answer, first, last int) bool {
	return a.Found && slices.ContainsFunc(a.Citations, func(c retrieval.Citation) bool { return c.FirstLine <= last && c.LastLine >= first })
}
