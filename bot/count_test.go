package bot

import (
	"fmt"
	"strings"
	"testing"

	"verbatim/data"
	"verbatim/retrieval"
)

func TestCountingOf(t *testing.T) {
	tests := []struct {
		question string
		want     countWant
		subject  string // "" is no question about mentions
		by       string
	}{
		{"How many times is “sanctions” mentioned?", wantTimes, "sanctions", ""},
		{"how often do they talk about the sanctions in this episode", wantTimes, "sanctions", ""},
		{"How often does the word trade occur?", wantTimes, "trade", ""},
		{"How many times does he say \"you know\"?", wantTimes, "you know", ""},
		{"How often does Ann mention Varna?", wantTimes, "Varna", "Ann"},
		{"How many mentions of Kim Jong-il are there?", wantTimes, "Kim Jong-il", ""},
		{"How many times are sanctions mentioned across all episodes?", wantTimes, "sanctions", ""},
		{"When is Gorbachev first mentioned?", wantFirst, "Gorbachev", ""},
		{"Where do they first mention the harbour?", wantFirst, "harbour", ""},
		{"In which episode is Varna mentioned for the first time?", wantFirst, "Varna", ""},
		{"the first mention of Medvedev", wantFirst, "Medvedev", ""},
		{"When was Putin last mentioned?", wantLast, "Putin", ""},
		{"List all mentions of Crimea", wantAll, "Crimea", ""},
		{"Show me every place where the treaty is mentioned.", wantAll, "treaty", ""},
		{"Wie oft wird das Wort „Sanktionen“ gesagt?", wantTimes, "Sanktionen", ""},
		{"Wann wird Gorbatschow zum ersten Mal erwähnt?", wantFirst, "Gorbatschow", ""},
		{"Nenne alle Erwähnungen von Putin", wantAll, "Putin", ""},
		{"Combien de fois Poutine est-il mentionné ?", wantTimes, "Poutine", ""},
		{"Quand Gorbatchev est-il mentionné pour la première fois ?", wantFirst, "Gorbatchev", ""},
		{"¿Cuántas veces se menciona a Putin?", wantTimes, "Putin", ""},
		{"¿Cuándo se menciona Crimea por primera vez?", wantFirst, "Crimea", ""},

		{"How many times did Kim Il-sung visit Russia?", 0, "", ""},
		{"How often do the delegations come?", 0, "", ""},
		{"When did Shoigu first go to Pyongyang?", 0, "", ""},
		{"How many countries are mentioned?", 0, "", ""},
		{"How often do they say that the economy will grow again next year?", 0, "", ""},
		{"What is mentioned first?", 0, "", ""},
		{"Was sagt er über Putin?", 0, "", ""},
	}
	for _, test := range tests {
		c, ok := countingOf(test.question)
		if !ok {
			c = counting{}
		}
		if ok != (test.subject != "") || c.want != test.want || c.subject != test.subject || c.by != test.by {
			t.Errorf("countingOf(%q) = %+v, %v; want %q by %q", test.question, c, ok, test.subject, test.by)
		}
	}
}

// said counts the words in the sample file, line breaks aside.
func said(words string) int {
	return strings.Count(strings.Join(strings.Fields(data.Sample), " "), words)
}

func TestCountSample(t *testing.T) {
	b := newBot(t)
	server := useModel(t, b, ModelOptions{}, answers("They say it 99 times [1]."))
	tests := []struct {
		question, holds string
		citations       int
	}{
		{"How many times is “convergence of values” said?", "“convergence of values” is said 3 times, in 3 places", 3},
		{"How often is Gorbachev mentioned?", "“Gorbachev” is said once, in 1 place.", 1},
		{"How many times is sanctions mentioned?", fmt.Sprintf("“sanctions” is said %d times", said("sanctions")), 1},
		{"When is Medvedev first mentioned?", "“Medvedev” is first said on line 74.", 1},
		{"When is Medvedev last mentioned?", "“Medvedev” is last said on line 74.", 1},
		{"List all mentions of Yeltsin", "“Yeltsin” is said once", 1},
		{"List all mentions of Russia", "in 13 places (the first 10 are given here).", listedPlaces},
		{"Wie oft wird „Gorbachev“ erwähnt?", "„Gorbachev“ einmal gesagt", 1},
		{"¿Cuántas veces se menciona a Gorbachev?", "«Gorbachev» se dice una vez", 1},
	}
	for _, test := range tests {
		a := reply(t, b, Question{Text: test.question})
		if !a.Found || !strings.Contains(a.Answer, test.holds) || len(a.Citations) != test.citations || a.Model != Extractive || a.Without != FallbackNone {
			t.Errorf("Reply(%q) = %q with %d citations by %s, want %q with %d", test.question, a.Answer, len(a.Citations), a.Model, test.holds, test.citations)
		}
		for i := range a.Citations {
			checkWords(t, &a.Citations[i])
		}
	}
	if server.Calls() != 0 {
		t.Errorf("the model was asked %d times to count", server.Calls())
	}
	a := reply(t, b, Question{Text: "How many times is Macron mentioned?"})
	if a.Found || a.Why.Kind != ReasonNotSpokenOf || !strings.HasPrefix(a.Answer, "Not in this episode.") {
		t.Errorf("Reply about what is not said = %q (%s)", a.Answer, a.Reason)
	}
	if m := b.Metrics(); m.Counted != int64(len(tests)) {
		t.Errorf("metrics: %d counted, want %d", m.Counted, len(tests))
	}
}

// TestCountSpellings counts spellings apart, and words written twice once.
func TestCountSpellings(t *testing.T) {
	b := newBot(t)
	a := reply(t, b, Question{Text: "How often is Toloraya mentioned?"})
	if !a.Found || !strings.Contains(a.Answer, "It is also written “Toleraya” (1)") {
		t.Errorf("Reply = %q, want the other spelling with its count", a.Answer)
	}
	a = reply(t, b, Question{Text: "How many times is “like or strive for” said?"})
	if !strings.Contains(a.Answer, "is said once") || !strings.Contains(a.Answer, "wrote the same words twice, not counted") {
		t.Errorf("Reply = %q, want the words counted once and the repeat told", a.Answer)
	}
}

func TestCountSpeakerAndEpisodes(t *testing.T) {
	b := newBot(t)
	add := func(name, date, text string) {
		t.Helper()
		if _, err := b.Add(t.Context(), "100", NewEpisode{File: name, Data: []byte(text), Date: date}, nil); err != nil {
			t.Fatal(err)
		}
	}
	add("b.txt", "2025-02-01", "Ann: The harbour is large. I like the harbour.\nBob: Which harbour do you mean?\n")
	add("a.txt", "2025-03-01", "Bob: We spoke of the harbour before.\nAnn: Harbours are our theme.\n")
	tests := []struct {
		question string
		f        retrieval.Filter
		holds    string
	}{
		{"How many times is the harbour mentioned?", in100, "said 5 times, in 5 places of 2 episodes (counted together: “harbour” (4), “Harbours” (1))."},
		{"How many times does Ann mention the harbour?", in100, "said 3 times"},
		{"How often is the harbour mentioned?", retrieval.Filter{Scopes: in100.Scopes, Speaker: "bob"}, "said twice"},
		{"When is the harbour first mentioned?", in100, "on line 1 of “"},
		{"How often is the harbour mentioned?", retrieval.Filter{Scopes: in100.Scopes, Episodes: []retrieval.EpisodeID{"a"}}, "said 2 times, in 2 places"},
	}
	for _, test := range tests {
		a := reply(t, b, Question{Text: test.question, Filter: test.f})
		if want := strings.Replace(test.holds, "twice", "2 times", 1); !strings.Contains(a.Answer, want) {
			t.Errorf("Reply(%q) = %q, want %q", test.question, a.Answer, want)
		}
	}
	a := reply(t, b, Question{Text: "When is the harbour first mentioned?", Filter: in100})
	if a.Citations[0].Episode != "b" {
		t.Errorf("the first mention is in %s, want the older episode b", a.Citations[0].Episode)
	}
	a = reply(t, b, Question{Text: "When is the harbour last mentioned?", Filter: in100})
	if a.Citations[0].Episode != "a" || a.Citations[0].FirstLine != 2 {
		t.Errorf("the last mention is in %s on line %d, want a, 2", a.Citations[0].Episode, a.Citations[0].FirstLine)
	}
	if other := reply(t, b, Question{Text: "How often is the harbour mentioned?"}); other.Found {
		t.Errorf("Reply in another scope = %q", other.Answer)
	}
}

// TestCountLarge counts in an episode of many passages, where each sentence is
// in two of them.
func TestCountLarge(t *testing.T) {
	b := newBot(t)
	var text strings.Builder
	want := 0
	for i := range 600 {
		if i%7 == 0 {
			text.WriteString("Ann: Now the lighthouse of number ")
			want++
		} else {
			text.WriteString("Ann: Then the garden of number ")
		}
		fmt.Fprintf(&text, "%d was looked at by everybody who had come that day, and a few words were said.\n", i)
	}
	addText(t, b, "100", "large.txt", text.String())
	a := reply(t, b, Question{Text: "How many times is the lighthouse mentioned?", Filter: in100})
	if !strings.Contains(a.Answer, fmt.Sprintf("said %d times, in %d places (the first 5 are given here)", want, want)) || len(a.Citations) != countedPlaces {
		t.Errorf("Reply = %q with %d citations, want %d times", a.Answer, len(a.Citations), want)
	}
	a = reply(t, b, Question{Text: "List all mentions of the lighthouse", Filter: in100})
	if len(a.Citations) != listedPlaces {
		t.Errorf("%d places are listed, want %d", len(a.Citations), listedPlaces)
	}
}

func TestCountLanguages(t *testing.T) {
	b := newBot(t)
	for _, language := range Languages {
		a := reply(t, b, Question{Text: "How many times is “convergence of values” said?", Language: language})
		if strings.Contains(a.Answer, "%!") || !strings.Contains(a.Answer, "3") || !strings.Contains(a.Answer, "convergence of values") {
			t.Errorf("in %s: %q", language, a.Answer)
		}
		a = reply(t, b, Question{Text: "When is “convergence of values” first said?", Language: language})
		if strings.Contains(a.Answer, "%!") || !strings.Contains(a.Answer, "27") {
			t.Errorf("in %s: %q", language, a.Answer)
		}
	}
}

// TestCountTimes: where the file has times, they say where.
func TestCountTimes(t *testing.T) {
	b := newBot(t)
	addText(t, b, "100", "timed.srt", "1\n00:00:05,000 --> 00:00:09,000\nWelcome to the show about rivers.\n\n2\n00:12:05,000 --> 00:12:09,000\nThe lighthouse of Varna is old.\n\n3\n01:02:03,000 --> 01:02:08,000\nWe climbed the lighthouse again.\n")
	for question, want := range map[string]string{
		"When is the lighthouse first mentioned?":                   "“lighthouse” is first said at 12:05.",
		"When is the lighthouse last mentioned?":                    "“lighthouse” is last said at 1:02:03.",
		"Quand lighthouse est-il mentionné pour la première fois ?": "« lighthouse » est dit pour la première fois à 12:05.",
	} {
		if a := reply(t, b, Question{Text: question, Filter: in100}); !strings.HasPrefix(a.Answer, want) {
			t.Errorf("Reply(%q) = %q, want %q", question, a.Answer, want)
		}
	}
}

// TestNoCountStillAnswers: words that are never said together are a topic, and
// the question is answered as any other.
func TestNoCountStillAnswers(t *testing.T) {
	b := newBot(t)
	server := useModel(t, b, ModelOptions{}, answers("NOT FOUND"))
	reply(t, b, Question{Text: "How often is the nuclear program of Korea mentioned?"})
	if server.Calls() != 1 || purposeOf(server.Last()) != "answer" {
		t.Errorf("the model was asked %d times, for %q", server.Calls(), purposeOf(server.Last()))
	}
}
