package local

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"verbatim/retrieval"
	"verbatim/retrieval/librarytest"
)

// tail is an embedder whose vectors are those of librarytest with more
// components behind, so that searches come out the same.
type tail struct {
	name   string
	more   int
	before func(batch int) error // called before each batch is made
	batch  int
}

func (e *tail) Model() string  { return e.name }
func (e *tail) Dimension() int { return librarytest.Dimension + e.more }

func (e *tail) Embed(_ context.Context, texts []string) ([][]float32, error) {
	e.batch++
	if e.before != nil {
		if err := e.before(e.batch); err != nil {
			return nil, err
		}
	}
	vectors := make([][]float32, len(texts))
	for i, text := range texts {
		vectors[i] = append(librarytest.Vector(text), make([]float32, e.more)...)
	}
	return vectors, nil
}

// manyPassages is more than two batches.
const manyPassages = 2*reembedBatch + 50

func manyEpisode() *retrieval.Episode {
	texts := make([]string, 2*manyPassages)
	for i := range texts {
		texts[i] = fmt.Sprintf("word%d and word%d", i, i/7)
	}
	return librarytest.Episode("many", texts...)
}

// checkServes wants the model to serve vectors of the dimension that find.
func checkServes(t *testing.T, l *Library, name string, more int) {
	t.Helper()
	dimension := librarytest.Dimension + more
	if got, d := l.ServingModel(); got != name || d != dimension {
		t.Errorf("ServingModel = %q, %d, want %q, %d", got, d, name, dimension)
	}
	text := "word8 and word1 word9 and word1"
	vector := append(librarytest.Vector(text), make([]float32, more)...)
	f := retrieval.Filter{Scopes: []retrieval.Scope{"1"}, Episodes: []retrieval.EpisodeID{"many"}}
	got, err := l.Nearest(t.Context(), f, vector, 1)
	if err != nil || len(got) != 1 || math.Abs(got[0].Score-1) > 1e-5 {
		t.Errorf("Nearest = %v, %v, want a score of 1", got, err)
	}
	if _, err := l.Nearest(t.Context(), f, append(vector, 0), 1); !errors.Is(err, retrieval.ErrDimension) {
		t.Errorf("Nearest of another dimension: %v, want ErrDimension", err)
	}
	report, err := l.Check(t.Context())
	if err != nil || !report.Whole() {
		t.Errorf("Check = %+v, %v, want no problems", report, err)
	}
}

func TestReembed(t *testing.T) {
	dir := t.TempDir()
	old := openTest(t, dir, testOptions)
	librarytest.Add(t, old, "1", manyEpisode())
	if old.Stale() {
		t.Errorf("Stale = true for the model that made the vectors")
	}
	l := openTest(t, dir, Options{Model: "new", Dimension: librarytest.Dimension + 4})
	if !l.Stale() {
		t.Errorf("Stale = false for another model")
	}
	checkServes(t, l, librarytest.Model, 0)

	// Interrupted in the second batch, the old model serves on.
	stop := errors.New("stop")
	embedder := &tail{name: "new", more: 4, before: func(batch int) error {
		if batch == 2 {
			return stop
		}
		return nil
	}}
	var progress [][2]int
	note := func(done, total int) { progress = append(progress, [2]int{done, total}) }
	if err := l.Reembed(t.Context(), embedder, note); !errors.Is(err, stop) {
		t.Fatalf("Reembed: %v, want what the embedder says", err)
	}
	checkServes(t, l, librarytest.Model, 0)
	l.Close()

	// Opened again it goes on; an episode added meanwhile is done too.
	l = openTest(t, dir, Options{Model: "new", Dimension: librarytest.Dimension + 4})
	embedder = &tail{name: "new", more: 4, before: func(batch int) error {
		checkServes(t, l, librarytest.Model, 0)
		if batch == 2 {
			librarytest.Add(t, old, "2", librarytest.Episode("late", "words"))
		}
		return nil
	}}
	if err := l.Reembed(t.Context(), embedder, note); err != nil {
		t.Fatalf("Reembed: %v", err)
	}
	const b, n = reembedBatch, manyPassages
	want := [][2]int{{0, n}, {b, n}, {b, n}, {2 * b, n}, {n, n + 1}, {n + 1, n + 1}}
	if !slices.Equal(progress, want) {
		t.Errorf("progress = %v, want %v", progress, want)
	}
	if l.Stale() {
		t.Errorf("Stale = true after Reembed")
	}
	checkServes(t, l, "new", 4)
	checkServes(t, old, "new", 4) // the other handle follows
	if report, err := l.Check(t.Context()); err != nil || report.Vectors != n+1 || report.Waiting != 0 {
		t.Errorf("Check = %+v, %v, want %d vectors", report, err, n+1)
	}
	if left := numberIn(t, l, `SELECT (SELECT count(*) FROM vectors) + (SELECT count(*) FROM models)`); left != n+1+1 {
		t.Errorf("%d vectors and models are left, want %d", left, n+2)
	}
}

func numberIn(t *testing.T, l *Library, query string) int {
	t.Helper()
	n := 0
	err := l.read(t.Context(), func(s *session, _ *view) error {
		count, err := s.number(t.Context(), query)
		n = int(count)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestAddWhileStale adds with the new model's vectors, while the old serves.
func TestAddWhileStale(t *testing.T) {
	dir := t.TempDir()
	librarytest.Add(t, openTest(t, dir, testOptions), "1", manyEpisode())
	l := openTest(t, dir, Options{Model: "new", Dimension: librarytest.Dimension + 4})
	embedder := &tail{name: "new", more: 4}
	e := librarytest.Episode("new", "fresh words")
	s := librarytest.Split(e)
	vectors, err := embedder.Embed(t.Context(), []string{s.Passages[0].IndexText()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Add(t.Context(), "1", e, s, vectors); err != nil {
		t.Fatalf("Add: %v", err)
	}
	f := retrieval.Filter{Scopes: []retrieval.Scope{"1"}, Episodes: []retrieval.EpisodeID{"new"}}
	got, err := l.Nearest(t.Context(), f, librarytest.Vector("fresh"), 5)
	if err != nil || len(got) != 1 || got[0].Score != 0 {
		t.Errorf("Nearest = %v, %v, want the new passage, not compared", got, err)
	}
	report, err := l.Check(t.Context())
	if err != nil || !report.Whole() || report.Waiting != 1 {
		t.Errorf("Check = %+v, %v, want one passage waiting", report, err)
	}
	if err := l.Reembed(t.Context(), embedder, nil); err != nil {
		t.Fatal(err)
	}
	vectors, err = embedder.Embed(t.Context(), []string{"fresh words"})
	if err != nil {
		t.Fatal(err)
	}
	got, err = l.Nearest(t.Context(), f, vectors[0], 5)
	if err != nil || len(got) != 1 || got[0].Score < 0.99 {
		t.Errorf("Nearest after Reembed = %v, %v, want score 1", got, err)
	}
}

// TestReembedRepairs makes vectors that are missing of the model that serves.
func TestReembedRepairs(t *testing.T) {
	dir := t.TempDir()
	l := openTest(t, dir, testOptions)
	librarytest.Add(t, l, "1", manyEpisode())
	l.Close()
	execFile(t, dir, `DELETE FROM vectors WHERE passage BETWEEN 3 AND 9`)
	l = openTest(t, dir, testOptions)
	if report, err := l.Check(t.Context()); err != nil || report.Whole() {
		t.Fatalf("Check = %+v, %v, want a problem", report, err)
	}
	if err := l.Reembed(t.Context(), &tail{name: librarytest.Model}, nil); err != nil {
		t.Fatal(err)
	}
	checkServes(t, l, librarytest.Model, 0)
}

func TestReembedBadEmbedders(t *testing.T) {
	tests := []struct {
		name  string
		embed func(texts []string) [][]float32
		want  error
	}{
		{"too few", func(texts []string) [][]float32 { return make([][]float32, len(texts)-1) }, nil},
		{"none", func([]string) [][]float32 { return nil }, nil},
		{"empty", func(texts []string) [][]float32 { return make([][]float32, len(texts)) }, retrieval.ErrDimension},
		{"two lengths", func(texts []string) [][]float32 {
			vectors := slices.Repeat([][]float32{{1, 0}}, len(texts))
			vectors[1] = []float32{1}
			return vectors
		}, retrieval.ErrDimension},
		{"no numbers", func(texts []string) [][]float32 {
			return slices.Repeat([][]float32{{float32(math.Inf(1))}}, len(texts))
		}, nil},
	}
	l := openTest(t, t.TempDir(), testOptions)
	librarytest.Add(t, l, "1", manyEpisode())
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := l.Reembed(t.Context(), bad{test.embed}, nil)
			if err == nil || test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("Reembed = %v, want an error (%v)", err, test.want)
			}
			checkServes(t, l, librarytest.Model, 0)
		})
	}
}

type bad struct{ embed func([]string) [][]float32 }

func (bad) Model() string  { return "bad" }
func (bad) Dimension() int { return 0 }
func (b bad) Embed(_ context.Context, texts []string) ([][]float32, error) {
	return b.embed(texts), nil
}

func TestNoModel(t *testing.T) {
	l := openTest(t, t.TempDir(), Options{})
	if err := put(t.Context(), l, librarytest.Episode("e", "words")); err == nil {
		t.Error("Add of the first vectors without a model's name = nil, want an error")
	}
	// Without a dimension in Options that of the first vectors holds.
	dir := t.TempDir()
	l = openTest(t, dir, Options{Model: librarytest.Model})
	librarytest.Add(t, l, "1", manyEpisode())
	e := librarytest.Episode("e", "words")
	s := librarytest.Split(e)
	if _, err := l.Add(t.Context(), "1", e, s, [][]float32{{1, 0}}); !errors.Is(err, retrieval.ErrDimension) {
		t.Errorf("Add of another dimension: %v, want ErrDimension", err)
	}
	checkServes(t, l, librarytest.Model, 0)
	l = openTest(t, dir, Options{}) // whatever serves
	librarytest.Add(t, l, "1", e)
	if l.Stale() {
		t.Errorf("Stale = true without a model named")
	}
}
