package transcript

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval"
)

func TestUnroll(t *testing.T) {
	type shown struct {
		from, to float64
		rows     []string
	}
	tests := []struct {
		name string
		in   []shown
		want [][]string
	}{{
		name: "YouTube",
		in:   []shown{{0, 2, []string{"a b"}}, {2, 2.01, []string{"a b"}}, {2.01, 4, []string{"a b", "c d"}}, {4, 4.01, []string{"c d"}}},
		want: [][]string{{"a b"}, {}, {"c d"}, {}},
	}, {
		name: "three rows rolling up",
		in:   []shown{{0, 1, []string{"a"}}, {1, 2, []string{"a", "b"}}, {2, 3, []string{"a", "b", "c"}}, {3, 4, []string{"b", "c", "d"}}},
		want: [][]string{{"a"}, {"b"}, {"c"}, {"d"}},
	}, {
		name: "a row painted on word by word",
		in:   []shown{{0, 1, []string{"so"}}, {1, 2, []string{"so here"}}, {2, 3, []string{"so here we"}}, {3, 4, []string{"are"}}},
		want: [][]string{{"so"}, {"here"}, {"we"}, {"are"}},
	}, {
		name: "a row said twice while rolling",
		in:   []shown{{0, 1, []string{"a"}}, {1, 2, []string{"a", "b"}}, {2, 3, []string{"b", "b"}}, {3, 4, []string{"b", "c"}}},
		want: [][]string{{"a"}, {"b"}, {"b"}, {"c"}},
	}, {
		name: "a row shown again after a gap",
		in:   []shown{{0, 1, []string{"a"}}, {1, 2, []string{"a", "b"}}, {5, 6, []string{"b"}}},
		want: [][]string{{"a"}, {"b"}, {"b"}},
	}, {
		name: "repeats in captions that do not roll",
		in:   []shown{{0, 1, []string{"yes"}}, {1, 2, []string{"yes"}}, {2, 3, []string{"yes"}}, {3, 4, []string{"no"}}},
		want: [][]string{{"yes"}, {"yes"}, {"yes"}, {"no"}},
	}, {
		name: "one overlap among many captions",
		in:   []shown{{0, 1, []string{"a"}}, {1, 2, []string{"b"}}, {2, 3, []string{"b", "c"}}, {3, 4, []string{"d"}}, {4, 5, []string{"e"}}},
		want: [][]string{{"a"}, {"b"}, {"b", "c"}, {"d"}, {"e"}},
	}, {
		name: "no captions",
	}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var cues []cue
			for _, s := range tt.in {
				start, _ := momentOf(s.from)
				end, _ := momentOf(s.to)
				cues = append(cues, cue{start: start, end: end, rows: s.rows})
			}
			unroll(cues)
			var got [][]string
			for _, c := range cues {
				got = append(got, append([]string{}, c.rows...))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("unroll (-want +got):\n%s", diff)
			}
		})
	}
	speakers := []cue{
		{speaker: "Ann", rows: []string{"yes"}},
		{speaker: "Bob", rows: []string{"yes", "no"}, start: retrieval.At(0)},
	}
	unroll(speakers)
	if len(speakers[1].rows) != 2 {
		t.Errorf("unroll took words of Bob that Ann had said before: %v", speakers[1].rows)
	}
}
