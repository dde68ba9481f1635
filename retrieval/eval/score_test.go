package eval

import (
	"encoding/json"
	"math"
	"testing"
)

func TestRatioDrawsQuestions(t *testing.T) {
	// Ten answers: five with ten right citations each, five with one wrong one.
	var byQuestion []Score
	var each []float64
	for range 5 {
		byQuestion = append(byQuestion, Score{10, 10}, Score{0, 1}, Score{})
		for range 10 {
			each = append(each, 1)
		}
		each = append(each, 0)
	}
	got, independent := Ratio(byQuestion), Bootstrap(each)
	if want := 50.0 / 55; got.N != 55 || math.Abs(got.Mean-want) > 1e-9 || math.Abs(independent.Mean-want) > 1e-9 {
		t.Errorf("Ratio = %+v, Bootstrap = %+v, want a mean of %.3f over 55", got, independent, want)
	}
	if got.Low > got.Mean || got.High < got.Mean {
		t.Errorf("Ratio = %+v, want the mean within the range", got)
	}
	if v := Ratio([]Score{{}, {}}); v != (Interval{}) {
		t.Errorf("Ratio of scores that concern nothing = %+v", v)
	}
}

// TestDifferenceIsPaired: questions differ much in how hard they are, and b is
// better by a tenth on every one, which only a paired range shows.
func TestDifferenceIsPaired(t *testing.T) {
	var a, b []Score
	for i := range 40 {
		hard := float64(i%10) / 12
		a, b = append(a, one(hard)), append(b, one(hard+0.1))
	}
	got := Difference(a, b)
	if got.N != 40 || math.Abs(got.Mean-0.1) > 1e-9 || math.Abs(got.Low-0.1) > 1e-9 || math.Abs(got.High-0.1) > 1e-9 {
		t.Errorf("Difference = %+v, want 0.1 throughout", got)
	}
	if back := Difference(b, a); math.Abs(back.Mean+0.1) > 1e-9 {
		t.Errorf("Difference the other way = %+v, want -0.1", back)
	}
	if same := Difference(a, a); same.Mean != 0 || same.Low != 0 || same.High != 0 {
		t.Errorf("Difference with itself = %+v, want 0 throughout", same)
	}
}

func TestDifferenceOfUnequalCounts(t *testing.T) {
	// b refused one question, which has no citations then.
	a := []Score{{1, 2}, {2, 2}, {}, {0, 4}}
	b := []Score{{2, 2}, {}, {}, {2, 4}}
	got := Difference(a, b)
	if want := 4.0/6 - 3.0/8; got.N != 3 || math.Abs(got.Mean-want) > 1e-9 || got.Low > want || got.High < want {
		t.Errorf("Difference = %+v, want %.3f over 3 questions", got, want)
	}
	if got := Difference([]Score{{1, 1}}, []Score{{}}); got != (Interval{}) {
		t.Errorf("Difference with nothing = %+v", got)
	}
	if got := Difference(nil, nil); got != (Interval{}) {
		t.Errorf("Difference of nothing = %+v", got)
	}
}

func TestScoreJSON(t *testing.T) {
	data, err := json.Marshal(Scores{Cited: {3, 4}, Cost: {0.25, 1}})
	if want := `{"cited":[3,4],"cost":[0.25,1]}`; err != nil || string(data) != want {
		t.Errorf("the JSON of scores is %s, %v, want %s", data, err, want)
	}
	var s Score
	if err := json.Unmarshal([]byte("[0.5,2]"), &s); err != nil || s != (Score{0.5, 2}) {
		t.Errorf("[0.5,2] is read as %+v, %v", s, err)
	}
	for _, bad := range []string{"[1]", "[1,2,3]", "[1,-1]", "[1,0]", "1", `["1",2]`, "null"} {
		if err := json.Unmarshal([]byte(bad), &s); err == nil {
			t.Errorf("the score %s is read as %+v", bad, s)
		}
	}
}

func TestEveryFigureHasItsLabel(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range descriptions {
		if label := d.figure.Label(); label == "" || label == string(d.figure) || seen[label] {
			t.Errorf("figure %s has the label %q, empty or of two", d.figure, label)
		} else {
			seen[label] = true
		}
	}
	if f := Figure("hybrid recall@1"); f.Label() != "hybrid recall@1" || f.Better() != Higher {
		t.Errorf("a figure of search is %q, %v", f.Label(), f.Better())
	}
	if f := Figure("of_a_later_version"); f.Label() != "of_a_later_version" || f.Better() != Neither {
		t.Errorf("an unknown figure is %q, %v", f.Label(), f.Better())
	}
}
