package eval

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRunIsReadAsWritten(t *testing.T) {
	want := &Run{
		Header: Header{Format: RunFormat, Date: "2026-11-24T20:00:00Z", Model: "m", Prompts: map[string]string{"answer": "answer/1"}, Settings: map[string]string{"chat-window": "auto"}, Sets: []SetSum{{"seed", 2, "ab"}}},
		Records: []Record{
			{
				Kind: RecordQuestion, Set: "seed", ID: "s1", Found: true, Text: "<So> it is. [1]", Sentences: []RecordSentence{{"<So> it is.", []int{1}}},
				Citations: []RecordCitation{{1, [2]int{3, 4}, "so"}}, Removed: 1, PromptTokens: 900, Cost: 0.01, FirstTokenMS: 20.5, TookMS: 99, Scores: Scores{Cited: {1, 1}},
			},
			{Kind: RecordSummary, Set: "seed", ID: "brief", Suspicions: []Suspicion{{ID: "f1", Suspected: true}}, Scores: Scores{}},
		},
	}
	var file bytes.Buffer
	if err := WriteLine(&file, &want.Header); err != nil {
		t.Fatal(err)
	}
	for i := range want.Records {
		if err := WriteLine(&file, &want.Records[i]); err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(file.String(), "\n"); n != 3 || !strings.Contains(file.String(), "<So>") {
		t.Errorf("the run has %d lines, want 3, and < as it is:\n%s", n, &file)
	}
	got, err := ReadRun(&file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ReadRun (-want +got):\n%s", diff)
	}
}

func TestReadRunNamesTheLine(t *testing.T) {
	const header, record = `{"verbatim_run":1}` + "\n", `{"kind":"question","set":"s","id":"1","scores":{}}` + "\n"
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "\n", "read run: nothing in it"},
		{"gold", `{"id":"s1","query":"q"}` + "\n", "read run: line 1: not the first line of a run"},
		{"later form", `{"verbatim_run":2}` + "\n", "read run: line 1: run of the form 2, this program reads 1"},
		{"no JSON", "\n" + header + "x\n", "read run: line 3: invalid character 'x' looking for beginning of value"},
		{"cut off", header + record + record[:20], "read run: line 3: unexpected end of JSON input"},
		{"no id", header + `{"kind":"question","set":"s"}`, "read run: line 2: no kind, no set or no id"},
		{"twice", header + record + record, `read run: line 3: question "1" of the set "s" is there twice`},
		{"bad score", header + `{"kind":"question","set":"s","id":"1","scores":{"cited":[1]}}`, "read run: line 2: score [1]: want [sum, n]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if run, err := ReadRun(strings.NewReader(tt.text)); err == nil || err.Error() != tt.want || run != nil {
				t.Errorf("ReadRun = %v, %v, want %s", run, err, tt.want)
			}
		})
	}
}

func TestCompare(t *testing.T) {
	question := func(set, id string, s Scores) Record {
		return Record{Kind: RecordQuestion, Set: set, ID: id, Scores: s}
	}
	a := &Run{Records: []Record{
		question("x", "1", Scores{Cited: {1, 2}, GoldMet: {1, 1}}),
		question("x", "2", Scores{Cited: {1, 1}, GoldMet: {0, 1}}),
		question("x", "3", Scores{Cited: {0, 9}}),
		question("old", "1", Scores{Cited: {1, 1}}),
	}}
	b := &Run{Records: []Record{ // in another order, with another figure
		question("x", "4", Scores{Cited: {0, 9}}),
		question("x", "2", Scores{Cited: {2, 2}, "of a later version": {1, 1}}),
		question("x", "1", Scores{Cited: {2, 2}, GoldMet: {1, 1}}),
		{Kind: RecordQuote, Set: "x", ID: "1", Scores: Scores{QuoteRight: {1, 1}}},
	}}
	got := Compare(a, b)
	if len(got) != 2 || got[0].Set != "old" || got[0].Common != 0 || got[0].A != 1 || got[0].B != 0 || len(got[0].Figures) != 0 {
		t.Fatalf("Compare has %+v, want old, with nothing in common, and x", got)
	}
	x := got[1]
	if x.A != 3 || x.B != 4 || x.Common != 2 {
		t.Errorf("x has %d, %d and %d in common, want 3, 4 and 2", x.A, x.B, x.Common)
	}
	var names []Figure
	for _, f := range x.Figures {
		names = append(names, f.Figure)
	}
	if diff := cmp.Diff([]Figure{GoldMet, Cited, "of a later version"}, names); diff != "" {
		t.Fatalf("the figures (-want +got):\n%s", diff)
	}
	cited := x.Figures[1]
	if math.Abs(cited.A.Mean-2.0/3) > 1e-9 || cited.B.Mean != 1 || math.Abs(cited.Difference.Mean-1.0/3) > 1e-9 || cited.Difference.N != 2 {
		t.Errorf("cited is %+v, want 0.667, 1 and a difference of 0.333 over 2", cited)
	}
	if cited.Differs() { // the second question alone shows none
		t.Errorf("cited differs, by %+v", cited.Difference)
	}
	if later := x.Figures[2]; later.Difference.N != 0 || later.A.N != 0 || later.B.Mean != 1 {
		t.Errorf("a figure of one side is %+v, want no difference", later)
	}
	if !(&FigureComparison{Difference: Interval{N: 3, Mean: -0.2, Low: -0.3, High: -0.1}}).Differs() {
		t.Error("a difference of -0.3 to -0.1 is none")
	}
}

func TestCompareWithItself(t *testing.T) {
	a := &Run{}
	for _, id := range []string{"1", "2", "3"} {
		a.Records = append(a.Records, Record{Kind: RecordQuestion, Set: "x", ID: id, Scores: Scores{Took: {float64(len(a.Records)), 1}}})
	}
	got := Compare(a, a)
	if d := got[0].Figures[0].Difference; d.Mean != 0 || d.Low != 0 || d.High != 0 || d.N != 3 {
		t.Errorf("Compare with itself has the difference %+v", d)
	}
}
