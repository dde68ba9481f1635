package eval

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

func TestReadGold(t *testing.T) {
	const text = `{"id":"s1","type":"factual","question":"who?","answer":"he","lines":[[9,9],[11,12]],"must_mention":["he|him"],"answerable":true,"verdict":"yes","history":[{"q":"a?","a":"b"}],"doc":"a.txt"}

{"id":"u1","type":"neighbour_topic","question":"why?","lines":[],"answerable":false,"near":[[3,4]],"doc":"a.txt"}
{"id":"q1","query":"words","kind":"exact","lines":[[5,5]],"doc":"a.txt"}
{"id":"m1","meeting":"m","domain":"Academic","query":"what?","turns":[[0,1]],"lines":[[1,2]],"doc":"m.txt"}`
	want := []Question{
		{
			ID: "s1", Doc: "a.txt", Query: "who?", Answer: "he", Lines: [][2]int{{9, 9}, {11, 12}}, Group: "factual",
			History: []Turn{{Question: "a?", Answer: "b"}}, MustMention: []string{"he|him"}, Verdict: "yes",
		},
		{ID: "u1", Doc: "a.txt", Query: "why?", Lines: [][2]int{}, Group: "neighbour_topic", Near: [][2]int{{3, 4}}},
		{ID: "q1", Doc: "a.txt", Query: "words", Lines: [][2]int{{5, 5}}, Group: "exact"},
		{ID: "m1", Doc: "m.txt", Query: "what?", Lines: [][2]int{{1, 2}}, Group: "Academic"},
	}
	got, err := ReadGold(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ReadGold (-want +got):\n%s", diff)
	}
	if got[1].Answerable() || !got[0].Answerable() {
		t.Errorf("Answerable = %t, %t, want true, false", got[0].Answerable(), got[1].Answerable())
	}
}

func TestReadGoldErrors(t *testing.T) {
	const good = `{"id":"a","doc":"d","query":"q","lines":[[1,1]]}` + "\n"
	tests := []struct{ name, text, want string }{
		{"empty", "\n \n", "read gold: no questions"},
		{"no JSON", good + "\n{", "read gold: line 3: unexpected end of JSON input"},
		{"same id", good + good, `read gold: line 2: id "a" is there twice`},
		{"no id", `{"doc":"d","query":"q"}`, "read gold: line 1: no id"},
		{"no doc", `{"id":"a","query":"q"}`, "read gold: line 1: no doc"},
		{"no query", `{"id":"a","doc":"d"}`, "read gold: line 1: no query"},
		{"lines from 0", `{"id":"a","doc":"d","query":"q","lines":[[0,1]]}`, "read gold: line 1: lines 0 to 1 are no range"},
		{"lines backwards", `{"id":"a","doc":"d","query":"q","lines":[[1,1]],"near":[[3,2]]}`, "read gold: line 1: lines 3 to 2 are no range"},
		{"answerable without lines", `{"id":"a","doc":"d","query":"q","answerable":true}`, "read gold: line 1: answerable is true with 0 line ranges"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ReadGold(strings.NewReader(tt.text))
			if err == nil || err.Error() != tt.want || got != nil {
				t.Errorf("ReadGold(%q) = %v, %v, want %s", tt.text, got, err, tt.want)
			}
		})
	}
	broken := errors.New("broken pipe")
	if _, err := ReadGold(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("ReadGold of a broken reader = %v, want %v", err, broken)
	}
}

func TestReadRubric(t *testing.T) {
	got, err := ReadRubric(strings.NewReader(`{"doc":"a.txt","must_contain":[{"id":"p","point":"so","lines":[[1,2]]}],"false_statements":[{"id":"f","statement":"not so","contradicted_by":[[3,4]]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := &Rubric{
		Doc:    "a.txt",
		Points: []Point{{ID: "p", Text: "so", Lines: [][2]int{{1, 2}}}},
		False:  []FalseStatement{{ID: "f", Text: "not so", ContradictedBy: [][2]int{{3, 4}}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ReadRubric (-want +got):\n%s", diff)
	}
	for text, want := range map[string]string{
		`{}`:     "read rubric: no doc or no points",
		`{"doc"`: "read rubric: unexpected EOF",
		`{"doc":"a","must_contain":[{"id":"p"}]}`:                 "read rubric: point p: no lines",
		`{"doc":"a","must_contain":[{"id":"p","lines":[[2,1]]}]}`: "read rubric: point p: lines 2 to 1 are no range",
	} {
		if _, err := ReadRubric(strings.NewReader(text)); err == nil || err.Error() != want {
			t.Errorf("ReadRubric(%s) = %v, want %s", text, err, want)
		}
	}
}

// TestReadSharedGold reads every set of the evaluation data; the counts are
// those of its README.
func TestReadSharedGold(t *testing.T) {
	shared := os.DirFS("../../../shared/eval")
	if _, err := fs.Stat(shared, "README.md"); err != nil {
		t.Skipf("evaluation data is not beside the checkout: %v", err)
	}
	for name, want := range map[string]int{
		"seed/questions.jsonl":           20,
		"seed/quotes.jsonl":              8,
		"qmsum/val.gold.jsonl":           237,
		"spoken_squad/public.gold.jsonl": 1873,
		"btc_podcasts/public.gold.jsonl": 288,
		"optech_recap/public.gold.jsonl": 330,
	} {
		f, err := shared.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		questions, err := ReadGold(f)
		f.Close()
		if err != nil || len(questions) != want {
			t.Errorf("ReadGold(%s) = %d questions, %v, want %d", name, len(questions), err, want)
		}
	}
	f, err := shared.Open("seed/summary_rubric.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if rubric, err := ReadRubric(f); err != nil || len(rubric.Points) != 4 || len(rubric.False) != 2 {
		t.Errorf("ReadRubric = %+v, %v, want 4 points and 2 false statements", rubric, err)
	}
}
