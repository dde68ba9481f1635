package local

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"verbatim/retrieval"
	"verbatim/retrieval/librarytest"
)

const (
	benchDimension = 256
	benchLines     = 700 // of 14 to 15 words: 10,000 words, an hour of talk
	benchPassages  = 100
)

var benchOptions = Options{Model: "bench", Dimension: benchDimension}

// benchEpisode is an hour of talk. Words are drawn by Zipf's law, so that some
// are in every passage and most are rare.
func benchEpisode(n int) (*retrieval.Episode, *retrieval.Splitting, [][]float32) {
	r := rand.New(rand.NewPCG(uint64(n), 7))
	zipf := rand.NewZipf(r, 1.1, 5, 40_000)
	texts := make([]string, benchLines)
	for i := range texts {
		words := make([]string, 14+i%2)
		for j := range words {
			words[j] = benchWord(zipf.Uint64())
		}
		texts[i] = strings.Join(words, " ")
	}
	e := librarytest.Episode(retrieval.EpisodeID(fmt.Sprintf("episode-%d", n)), texts...)
	s := widen(e, librarytest.Split(e))
	vectors := make([][]float32, len(s.Passages))
	for i := range vectors {
		vectors[i] = benchVector(r)
	}
	return e, s, vectors
}

// widen makes passages of seven sentences, as real ones have.
func widen(e *retrieval.Episode, s *retrieval.Splitting) *retrieval.Splitting {
	s.Passages = nil
	for i := range benchPassages {
		first, last := 7*i, 7*i+6
		p := retrieval.Passage{ID: retrieval.PassageID{Episode: e.ID, Seq: i}, First: first, Last: last, Sentences: s.Sentences[first : last+1],
			FirstLine: s.Sentences[first].FirstLine, LastLine: s.Sentences[last].LastLine}
		p.Terms = strings.Join(librarytest.Terms(p.Text()), " ")
		s.Passages = append(s.Passages, p)
	}
	return s
}

func benchWord(rank uint64) string {
	word := []byte{'a' + byte(rank%23)}
	for ; rank > 0; rank /= 23 {
		word = append(word, 'a'+byte(rank%23), 'e')
	}
	return string(word)
}

func benchVector(r *rand.Rand) []float32 {
	vector := make([]float32, benchDimension)
	for i := range vector {
		vector[i] = float32(r.NormFloat64())
	}
	return vector
}

// benchDir makes the library of 10,000 passages once for all benchmarks.
var benchDir = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "verbatim-bench") })

func openBench(b *testing.B, passages int) *Library {
	b.Helper()
	dir := b.TempDir()
	if passages > benchPassages {
		var err error
		if dir, err = benchDir(); err != nil {
			b.Fatal(err)
		}
	}
	l, err := Open(b.Context(), dir, benchOptions)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { l.Close() })
	list, err := l.List(b.Context(), retrieval.Filter{Scopes: []retrieval.Scope{"1"}})
	if err != nil {
		b.Fatal(err)
	}
	for n := len(list); n < passages/benchPassages; n++ {
		e, s, vectors := benchEpisode(n)
		if _, err := l.Add(b.Context(), "1", e, s, vectors); err != nil {
			b.Fatal(err)
		}
	}
	return l
}

// p50 runs f and reports the median of its times.
func p50(b *testing.B, f func(i int)) {
	b.Helper()
	var took []time.Duration
	i := 0
	for b.Loop() {
		start := time.Now()
		f(i)
		took = append(took, time.Since(start))
		i++
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2])/1e6, "p50-ms")
	b.ReportMetric(float64(took[len(took)*95/100])/1e6, "p95-ms")
}

func benchSizes(b *testing.B, run func(b *testing.B, l *Library)) {
	for _, passages := range []int{100, 10_000} {
		b.Run(fmt.Sprint(passages), func(b *testing.B) { run(b, openBench(b, passages)) })
	}
}

func BenchmarkOpen(b *testing.B) {
	benchSizes(b, func(b *testing.B, l *Library) {
		dir := strings.TrimSuffix(l.path, "/"+fileName)
		l.Close()
		p50(b, func(int) {
			l, err := Open(b.Context(), dir, benchOptions)
			if err != nil {
				b.Fatal(err)
			}
			l.Close()
		})
		b.ReportMetric(peakMemory(b), "peak-MB")
	})
}

// peakMemory is the most resident memory that the process has had, so far, in
// MB; 0 where the system does not say.
func peakMemory(b *testing.B) float64 {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	var kilobytes float64
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	fmt.Sscan(after, &kilobytes)
	return kilobytes / 1000
}

// BenchmarkAdd adds 10,000 words; the larger library shows what size costs.
func BenchmarkAdd(b *testing.B) {
	e, s, vectors := benchEpisode(1000)
	for _, replace := range []bool{false, true} {
		b.Run(fmt.Sprintf("replace=%v", replace), func(b *testing.B) {
			l := openBench(b, 10_000)
			took := []time.Duration{}
			for b.Loop() {
				start := time.Now()
				if _, err := l.Add(b.Context(), "1", e, s, vectors); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
				if !replace {
					if err := l.Remove(b.Context(), "1", e.ID); err != nil {
						b.Fatal(err)
					}
				}
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2])/1e6, "p50-ms")
			if replace {
				if err := l.Remove(b.Context(), "1", e.ID); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkLexical(b *testing.B) {
	queries := map[string][]uint64{
		"rare":   {900, 1500, 2500, 4000, 7000, 9000, 15000, 20000},
		"common": {12, 40, 90, 200, 450, 900, 2000, 6000},
	}
	benchSizes(b, func(b *testing.B, l *Library) {
		for _, name := range []string{"rare", "common"} {
			var terms []string
			for _, rank := range queries[name] {
				terms = append(terms, benchWord(rank))
			}
			for _, filter := range []retrieval.Filter{
				{Scopes: []retrieval.Scope{"1"}},
				{Scopes: []retrieval.Scope{"1"}, Episodes: []retrieval.EpisodeID{"episode-0"}},
				{Scopes: []retrieval.Scope{"1"}, Episodes: []retrieval.EpisodeID{"episode-0", "episode-50"}},
			} {
				b.Run(fmt.Sprintf("%s/episodes=%d", name, len(filter.Episodes)), func(b *testing.B) {
					p50(b, func(int) {
						if _, err := l.Lexical(b.Context(), filter, terms, 100); err != nil {
							b.Fatal(err)
						}
					})
				})
			}
		}
	})
}

func BenchmarkNearest(b *testing.B) {
	benchSizes(b, func(b *testing.B, l *Library) {
		vector := benchVector(rand.New(rand.NewPCG(1, 1)))
		for _, filter := range []retrieval.Filter{
			{Scopes: []retrieval.Scope{"1"}},
			{Scopes: []retrieval.Scope{"1"}, Episodes: []retrieval.EpisodeID{"episode-0"}},
		} {
			b.Run(fmt.Sprintf("episodes=%d", len(filter.Episodes)), func(b *testing.B) {
				p50(b, func(int) {
					if _, err := l.Nearest(b.Context(), filter, vector, 100); err != nil {
						b.Fatal(err)
					}
				})
			})
		}
	})
}

func BenchmarkPassages(b *testing.B) {
	l := openBench(b, 10_000)
	var ids []retrieval.PassageID
	for i := range 20 {
		ids = append(ids, retrieval.PassageID{Scope: "1", Episode: retrieval.EpisodeID(fmt.Sprintf("episode-%d", 3*i)), Seq: 4 * i})
	}
	p50(b, func(int) {
		if _, err := l.Passages(b.Context(), ids); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkVocabulary makes it anew each time.
func BenchmarkVocabulary(b *testing.B) {
	benchSizes(b, func(b *testing.B, l *Library) {
		p50(b, func(int) {
			l.current.Load().scopes["1"].words = &scopeWords{}
			if _, err := l.Vocabulary(b.Context(), []retrieval.Scope{"1"}); err != nil {
				b.Fatal(err)
			}
		})
	})
}

func BenchmarkClose(b *testing.B) { // runs last: removes the large library
	b.Cleanup(func() {
		if dir, err := benchDir(); err == nil {
			os.RemoveAll(dir)
		}
	})
	for b.Loop() {
		l, err := OpenMemory(b.Context(), benchOptions)
		if err != nil {
			b.Fatal(err)
		}
		if err := l.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
