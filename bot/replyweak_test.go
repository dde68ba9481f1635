package bot

import (
	"testing"

	"verbatim/retrieval"
)

func TestWeakModel(t *testing.T) {
	for name, want := range map[string]bool{
		"smollm2-135m": true, "SmolLM2-135M-Instruct.Q4_1": true, "gemma3:270m": true, "google/gemma-3-270m-it": true, "qwen2.5:0.5b": true,
		"Qwen/Qwen3-0.6B": true, "llama-3.2-1b-instruct": true, "llama3.2:3b": false, "mixtral-8x7b": false, "gpt-4o-mini": false,
		"qwen2.5-72b": false, "smollm2": false, "": false, "gemma-2b-1m": false,
	} {
		if got := weakModel(name); got != want {
			t.Errorf("weakModel(%q) = %v, want %v", name, got, want)
		}
	}
}

func TestNearest(t *testing.T) {
	sentences := make([]retrieval.Sentence, 8)
	for i := range sentences {
		sentences[i] = retrieval.Sentence{FirstLine: i}
	}
	whole := func(first, last int) given {
		return given{Source: Source{Sentences: sentences}, first: 10, span: retrieval.Span{First: first, Last: last}}
	}
	for _, tt := range []struct {
		name           string
		first, last    int
		from, n        int
		newFirst, newL int
	}{
		{"within", 3, 4, 2, 4, 1, 2},
		{"at the start", 0, 0, 0, 2, 0, 0},
		{"at the end", 7, 7, 6, 2, 1, 1},
		{"no best ones", 0, -1, 0, 2, 0, -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := nearest([]given{whole(tt.first, tt.last)})
			again := nearest(got) // asked for again where the window turned out to be smaller
			for _, g := range []given{got[0], again[0]} {
				if g.Sentences[0].FirstLine != tt.from || len(g.Sentences) != tt.n || g.first != 10+tt.from || g.span.First != tt.newFirst || g.span.Last != tt.newL {
					t.Errorf("nearest of %d-%d begins at %d with %d sentences, first %d, span %+v", tt.first, tt.last, g.Sentences[0].FirstLine, len(g.Sentences), g.first, g.span)
				}
			}
		})
	}
}
