package embedding

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// reference is one sentence of testdata/reference.jsonl.gz, which
// data/distill/reference.py makes with the Hugging Face tokenizers library and
// sums in float64.
type reference struct {
	Text   string    `json:"text"`
	IDs    []int32   `json:"ids"`
	Vector []float64 `json:"vector"`
}

func TestAgainstReference(t *testing.T) {
	model, references := readReference(t)
	static := shippedStatic(t)
	if static.Model() != model {
		t.Fatalf("Model() = %q, the reference is of %q: run data/distill/reference.py", static.Model(), model)
	}
	if len(references) != 200 {
		t.Fatalf("%d sentences in the reference, want 200", len(references))
	}
	tokenizer := shippedTokenizer(t)
	var texts []string
	for _, want := range references {
		texts = append(texts, want.Text)
		if got := tokenizer.Append([]int32{}, want.Text); !cmp.Equal(got, want.IDs) {
			t.Errorf("ids of %q = %v, want %v", want.Text, got, want.IDs)
		}
	}
	vectors, err := static.Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range references {
		var cosine, length float64
		for j, x := range vectors[i] {
			cosine += float64(x) * want.Vector[j]
			length += want.Vector[j] * want.Vector[j]
		}
		if length == 0 {
			if dot(vectors[i], vectors[i]) != 0 {
				t.Errorf("vector of %q = %v, want zero", want.Text, vectors[i])
			}
			continue
		}
		if cosine < 0.9999 {
			t.Errorf("cosine of %q to the reference = %.6f, want more than 0.9999", want.Text, cosine)
		}
	}
}

func readReference(t *testing.T) (model string, references []reference) {
	t.Helper()
	file, err := os.Open("testdata/reference.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	plain, err := gzip.NewReader(bufio.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	lines := json.NewDecoder(plain)
	var head struct {
		Model string `json:"model"`
	}
	if err := lines.Decode(&head); err != nil {
		t.Fatal(err)
	}
	for lines.More() {
		var r reference
		if err := lines.Decode(&r); err != nil {
			t.Fatal(err)
		}
		references = append(references, r)
	}
	return head.Model, references
}
