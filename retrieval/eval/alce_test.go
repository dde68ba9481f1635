package eval

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// wordSupport holds a statement borne out when each of its words is in one of
// the passages.
func wordSupport(passages ...string) Support {
	return func(statement string, citations []int) (bool, error) {
		var words []string
		for _, c := range citations {
			words = append(words, strings.Fields(passages[c])...)
		}
		for word := range strings.FieldsSeq(statement) {
			if !slices.Contains(words, word) {
				return false, nil
			}
		}
		return true, nil
	}
}

func TestGradeCitations(t *testing.T) {
	supports := wordSupport("a b", "c d", "a b c", "x")
	for _, tt := range []struct {
		name       string
		statements []Statement
		want       CitationGrade
	}{
		{"nothing said", nil, CitationGrade{}},
		{"nothing cited", []Statement{{Text: "a"}}, CitationGrade{}},
		{"one that supports", []Statement{{"a b", []int{0}}}, CitationGrade{1, 1}},
		{"one that does not", []Statement{{"a z", []int{0}}}, CitationGrade{0, 0}},
		{"two, each needed", []Statement{{"b c", []int{0, 1}}}, CitationGrade{1, 1}},
		{"two, each enough alone", []Statement{{"a b", []int{0, 2}}}, CitationGrade{1, 1}},
		{"one of no use", []Statement{{"a b", []int{0, 3}}}, CitationGrade{1, 0.5}},
		// Neither alone, and the third is not missed.
		{"needed, needed, of no use", []Statement{{"b d", []int{0, 1, 3}}}, CitationGrade{1, 2.0 / 3}},
		// ALCE's known blind spot: of two that stand in for each other neither is
		// missed, and neither is enough alone.
		{"two that stand in for each other", []Statement{{"b c d", []int{0, 2, 1}}}, CitationGrade{1, 1.0 / 3}},
		{"no recall, so no precision", []Statement{{"a z", []int{0, 2}}}, CitationGrade{0, 0}},
		{"several statements", []Statement{{"a b", []int{0}}, {"a z", []int{0, 2}}, {"c", nil}, {"d", []int{1}}}, CitationGrade{0.5, 0.5}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := GradeCitations(tt.statements, supports)
			if err != nil || got != tt.want {
				t.Errorf("GradeCitations(%v) = %+v, %v, want %+v", tt.statements, got, err, tt.want)
			}
		})
	}
}

func TestGradeCitationsPassesErrorsOn(t *testing.T) {
	no := errors.New("no luck")
	for fails := 1; fails <= 3; fails++ {
		asked := 0
		_, err := GradeCitations([]Statement{{"b c", []int{0, 1}}}, func(string, []int) (bool, error) {
			if asked++; asked == fails {
				return false, no
			}
			return asked == 1, nil
		})
		if !errors.Is(err, no) {
			t.Errorf("call %d fails and GradeCitations = %v", fails, err)
		}
	}
}

func ExampleGradeCitations() {
	passages := []string{"the panel was closed", "it was closed in 2024", "thanks for listening"}
	g, _ := GradeCitations([]Statement{
		{Text: "panel closed in 2024", Citations: []int{0, 1, 2}},
	}, wordSupport(passages...))
	fmt.Printf("recall %.2f, precision %.2f\n", g.Recall, g.Precision)
	// Output: recall 1.00, precision 0.67
}
