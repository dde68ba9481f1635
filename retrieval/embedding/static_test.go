package embedding

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verbatim/data"
)

func TestStaticVectors(t *testing.T) {
	static := tinyStatic(t)
	const h = math.Sqrt2 / 2
	tests := []struct {
		name, text string
		want       []float32
	}{
		{"one token", "a", []float32{0: 1, 7: 0}},
		{"order and repetition of the whole do not matter", "b a b a", []float32{0: h, 5: h, 7: 0}},
		{"negative values", "c", []float32{5: -1, 7: 0}},
		{"weights", "a a d", []float32{0: 4. / 5, 5: 3. / 5, 7: 0}},
		{"a token of weight 0 adds nothing", "e a", []float32{0: 1, 7: 0}},
		{"unknown words add nothing", "a zzz", []float32{0: 1, 7: 0}},
		{"unknown only", "zzz", make([]float32, 8)},
		{"what adds up to nothing", "b c", make([]float32, 8)},
		{"empty", "", make([]float32, 8)},
		{"every place", "f", unit(1, 2, 3, 4, 5, -6, 7, 8)},
		{"sums past 32 bits", strings.Repeat("a d ", 300_000), unit(2, 0, 0, 0, 0, 3, 0, 0)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := static.Embed(t.Context(), []string{tt.text})
			if err != nil {
				t.Fatal(err)
			}
			near := cmp.Comparer(func(x, y float32) bool { return math.Abs(float64(x-y)) < 1e-6 })
			if diff := cmp.Diff([][]float32{tt.want}, got, near); diff != "" {
				t.Errorf("Embed mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

// tinyStatic is a model in which a and b are axes, c is minus b, d is b at one
// and a half times the weight, e is left out, and f has all places.
func tinyStatic(t *testing.T) *Static {
	t.Helper()
	table := tableFile("tiny-8", 8, []byte{0, 100, 100, 100, 150, 0, 255}, [][]int8{
		{9}, {100}, {5: 100}, {5: -100}, {5: 100}, {9, 9}, {10, 20, 30, 40, 50, -60, 70, 80},
	})
	static, err := NewStaticFrom(table, "[UNK]\na\nb\nc\nd\ne\nf\n")
	if err != nil {
		t.Fatal(err)
	}
	return static
}

func unit(v ...float32) []float32 {
	normalize(v)
	return v
}

func tableFile(name string, dimension int, weights []byte, rows [][]int8) string {
	b := []byte(tableMagic)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(weights)))
	b = binary.LittleEndian.AppendUint32(b, uint32(dimension))
	b = append(b, name...)
	b = append(b, make([]byte, tableName-len(name))...)
	b = append(b, weights...)
	for _, row := range rows {
		values := make([]int8, dimension)
		copy(values, row)
		for _, v := range values {
			b = append(b, byte(int(v)+tableOffset))
		}
	}
	return string(b)
}

func TestNewStaticFromRefuses(t *testing.T) {
	const vocabulary = "[UNK]\na\n"
	file := func(dimension int) string { return tableFile("m", dimension, []byte{1, 1}, make([][]int8, 2)) }
	good := file(8)
	tests := []struct{ name, table, vocabulary, want string }{
		{"empty", "", vocabulary, "no \"VBEMBED1\" header"},
		{"another file", strings.Repeat("x", 200), vocabulary, "no \"VBEMBED1\" header"},
		{"cut short", good[:len(good)-1], vocabulary, "bytes, want"},
		{"too long", good + "x", vocabulary, "bytes, want"},
		{"vocabulary of another table", good, "[UNK]\na\nb\n", "2 rows for a vocabulary of 3 tokens"},
		{"broken vocabulary", good, "a\n", "[UNK] is missing"},
		{"no dimension", file(0), vocabulary, "dimension 0"},
		{"dimension is no multiple of 8", file(12), vocabulary, "dimension 12"},
		{"dimension too high", file(maxDimension + 8), vocabulary, "dimension 4104"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := NewStaticFrom(tt.table, tt.vocabulary)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("NewStaticFrom error = %v, want one with %q", err, tt.want)
			}
		})
	}
}

func TestStaticModel(t *testing.T) {
	static := shippedStatic(t)
	if want := fmt.Sprintf("-%d-", static.Dimension()); static.Dimension() != 256 || !strings.Contains(static.Model(), want) {
		t.Errorf("Model() = %q, Dimension() = %d, want 256 in both", static.Model(), static.Dimension())
	}
}

// TestStaticMeaning checks that the shipped table knows what words mean: each
// question is nearer to its answer than to the others' although they share no
// word that tells.
func TestStaticMeaning(t *testing.T) {
	pairs := [][2]string{
		{"How did the physician treat her illness?", "A doctor at the hospital gave the patient medicine."},
		{"Which automobiles are made there?", "The factory builds trucks and cars with big engines."},
		{"What do musicians earn?", "The band's guitarist and singer get money for each concert."},
		{"Was the attorney present in court?", "Her lawyer spoke to the judge and the jury."},
		{"Where do ships unload?", "Cargo boats come into the harbour and dock at the port."},
	}
	var texts []string
	for _, p := range pairs {
		texts = append(texts, p[0], p[1])
	}
	vectors, err := shippedStatic(t).Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range pairs {
		own := dot(vectors[2*i], vectors[2*i+1])
		for j, q := range pairs {
			if other := dot(vectors[2*i], vectors[2*j+1]); i != j && other >= own {
				t.Errorf("cosine of %q to %q is %.3f, to its answer %q %.3f, want less", p[0], q[1], other, p[1], own)
			}
		}
	}
}

func TestStaticBatchEqualsOneByOne(t *testing.T) {
	static := shippedStatic(t)
	texts := append(passages(300), "", "the end")
	batch, err := static.Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	if len(batch) != len(texts) {
		t.Fatalf("Embed of %d texts = %d vectors", len(texts), len(batch))
	}
	for i, text := range texts {
		one, err := static.Embed(t.Context(), []string{text})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(one[0], batch[i]); diff != "" {
			t.Fatalf("vector %d of a batch differs from that of the text alone (-alone +batch):\n%s", i, diff)
		}
		if got := math.Sqrt(dot(batch[i], batch[i])); text != "" && math.Abs(got-1) > 1e-6 {
			t.Errorf("vector %d has length %v, want 1", i, got)
		}
	}
	// Appending to one vector must not write into the next.
	_ = append(batch[0], 42)
	if batch[1][0] == 42 {
		t.Errorf("vectors share room: append to one changed the next")
	}
}

func TestStaticConcurrent(t *testing.T) {
	static := shippedStatic(t)
	texts := passages(40)
	want, err := static.Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			got, err := static.Embed(context.Background(), texts)
			if err != nil || !cmp.Equal(got, want) {
				t.Errorf("concurrent Embed differs from the first one, error %v", err)
			}
		})
	}
	wg.Wait()
}

func TestStaticCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, n := range []int{0, 1, 100} {
		vectors, err := shippedStatic(t).Embed(ctx, passages(n))
		if !errors.Is(err, context.Canceled) || vectors != nil {
			t.Errorf("Embed of %d texts with a cancelled context = %d vectors, error %v, want none and %v", n, len(vectors), err, context.Canceled)
		}
	}
}

func TestStaticNoTexts(t *testing.T) {
	vectors, err := shippedStatic(t).Embed(t.Context(), nil)
	if err != nil || vectors == nil || len(vectors) != 0 {
		t.Errorf("Embed(nil) = %v, %v, want an empty list", vectors, err)
	}
}

// shippedStatic opens the shipped model once for all tests.
func shippedStatic(tb testing.TB) *Static {
	tb.Helper()
	static, err := openShipped()
	if err != nil {
		tb.Fatal(err)
	}
	return static
}

var openShipped = sync.OnceValues(NewStatic)

func dot(a, b []float32) (sum float64) {
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

// passages cuts n passages of 120 words from the sample episode, each
// beginning seven words after the one before.
func passages(n int) []string {
	words := strings.Fields(data.Sample)
	texts := make([]string, n)
	for i := range texts {
		from := i * 7 % (len(words) - 120)
		texts[i] = strings.Join(words[from:from+120], " ")
	}
	return texts
}

func BenchmarkStaticPassages(b *testing.B) {
	static := shippedStatic(b)
	texts := passages(2000)
	for b.Loop() {
		if _, err := static.Embed(context.Background(), texts); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(texts))/b.Elapsed().Seconds(), "passages/s")
}

func BenchmarkStaticQuestion(b *testing.B) {
	static := shippedStatic(b)
	texts := []string{"What did Toloraya say about the economic cooperation between Moscow and Pyongyang?"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := static.Embed(context.Background(), texts); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTokenizer(b *testing.B) {
	tokenizer := shippedTokenizer(b)
	texts := passages(100)
	var ids []int32
	b.ReportAllocs()
	for b.Loop() {
		for _, text := range texts {
			ids = tokenizer.Append(ids[:0], text)
		}
	}
	b.ReportMetric(float64(b.N*len(texts))/b.Elapsed().Seconds(), "passages/s")
}

func BenchmarkStaticOpen(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := NewStatic(); err != nil {
			b.Fatal(err)
		}
	}
}
