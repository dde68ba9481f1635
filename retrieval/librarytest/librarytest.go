// Package librarytest is the conformance suite that every retrieval.Library
// passes, reopening included: [Run]. Its makers of small episodes, splittings
// and vectors serve the libraries' own tests too.
package librarytest

import (
	"fmt"
	"hash/fnv"
	"math"
	"strings"
	"testing"
	"time"
	"unicode"

	"verbatim/retrieval"
)

const (
	// Model is the name of the model that makes Vector.
	Model = "librarytest"
	// Dimension is the length of Vector.
	Dimension = 16
	// passageLines is how many lines a passage of Split has.
	passageLines = 2
)

// Opener makes an empty library for the model Model of dimension Dimension.
// reopen closes nothing; it opens the same library again after the test has
// closed it, and is nil for a library that does not outlive Close.
type Opener func(t *testing.T) (library retrieval.Library, reopen func() retrieval.Library)

// Run runs the suite, each test on a library of its own.
func Run(t *testing.T, open Opener) {
	t.Helper()
	tests := []struct {
		name string
		run  func(*testing.T, Opener)
	}{
		{"round trip", testRoundTrip},
		{"lines", testLines},
		{"replace", testReplace},
		{"remove", testRemove},
		{"unknown episode", testUnknown},
		{"invalid episode", testInvalid},
		{"list", testList},
		{"empty library", testEmpty},
		{"filters before the cut", testFilters},
		{"ties", testTies},
		{"lexical", testLexical},
		{"terms are no syntax", testSyntax},
		{"phrase", testPhrase},
		{"nearest", testNearest},
		{"dimension", testDimension},
		{"vocabulary", testVocabulary},
		{"scopes are apart", testScopes},
		{"passages", testPassages},
		{"cancelled", testCancelled},
		{"cancelled midway", testCancelledMidway},
		{"old or new", testOldOrNew},
		{"close", testClose},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(t, open)
		})
	}
}

// Episode makes an episode of a line for each text, every second line of the
// file being blank; "Name: words" names a speaker. Lines have no times.
func Episode(id retrieval.EpisodeID, texts ...string) *retrieval.Episode {
	e := &retrieval.Episode{ID: id, Title: "Title of " + string(id), Show: "Show", Format: "text", TotalLines: 2 * len(texts)}
	for i, text := range texts {
		speaker, words, ok := strings.Cut(text, ": ")
		if !ok {
			speaker, words = "", text
		}
		e.Lines = append(e.Lines, retrieval.Line{N: 2*i + 1, Speaker: speaker, Text: words})
	}
	return e
}

// Split makes a sentence of each line and a passage of every two sentences.
func Split(e *retrieval.Episode) *retrieval.Splitting {
	s := &retrieval.Splitting{}
	for _, line := range e.Lines {
		s.Sentences = append(s.Sentences, retrieval.Sentence{Text: line.Text, FirstLine: line.N, LastLine: line.N,
			Speaker: line.Speaker, Start: line.Start, End: line.End, Boilerplate: line.Boilerplate})
	}
	for first := 0; first < len(s.Sentences); first += passageLines {
		last := min(first+passageLines, len(s.Sentences)) - 1
		p := retrieval.Passage{
			ID:    retrieval.PassageID{Episode: e.ID, Seq: len(s.Passages)},
			First: first, Last: last, Sentences: s.Sentences[first : last+1],
			FirstLine: s.Sentences[first].FirstLine, LastLine: s.Sentences[last].LastLine,
			Start: s.Sentences[first].Start, End: s.Sentences[last].End,
		}
		for _, sentence := range p.Sentences {
			if n := len(p.Speakers); sentence.Speaker != "" && (n == 0 || p.Speakers[n-1] != sentence.Speaker) {
				p.Speakers = append(p.Speakers, sentence.Speaker)
			}
		}
		p.Terms = strings.Join(Terms(p.IndexText()), " ")
		s.Passages = append(s.Passages, p)
	}
	return s
}

// Terms is the lower-case words of a text.
func Terms(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// Vector is made of the text's words, each adding to one component: texts with
// common words are near each other. It has length 1; of no words it is zero.
func Vector(text string) []float32 {
	counts := make([]float64, Dimension)
	sum := 0.0
	for _, term := range Terms(text) {
		h := fnv.New32a()
		h.Write([]byte(term))
		counts[h.Sum32()%Dimension]++
	}
	for _, c := range counts {
		sum += c * c
	}
	vector := make([]float32, Dimension)
	for i := range counts {
		if sum > 0 {
			vector[i] = float32(counts[i] / math.Sqrt(sum))
		}
	}
	return vector
}

// Vectors are those of the passages.
func Vectors(s *retrieval.Splitting) [][]float32 {
	vectors := make([][]float32, len(s.Passages))
	for i := range s.Passages {
		vectors[i] = Vector(s.Passages[i].IndexText())
	}
	return vectors
}

// Add splits, embeds and adds the episode.
func Add(t *testing.T, l retrieval.Library, scope retrieval.Scope, e *retrieval.Episode) (replaced bool) {
	t.Helper()
	s := Split(e)
	replaced, err := l.Add(t.Context(), scope, e, s, Vectors(s))
	if err != nil {
		t.Fatalf("Add(%q, %q): %v", scope, e.ID, err)
	}
	return replaced
}

// day is a date in 2025.
func day(month time.Month, d int) time.Time { return time.Date(2025, month, d, 0, 0, 0, 0, time.UTC) }

// numbered makes n texts that differ in one word.
func numbered(n int, format string) []string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprintf(format, i)
	}
	return texts
}

// in is the filter of these scopes.
func in(scopes ...retrieval.Scope) retrieval.Filter { return retrieval.Filter{Scopes: scopes} }

func ids(list []retrieval.Scored) []retrieval.PassageID {
	found := []retrieval.PassageID{}
	for _, s := range list {
		found = append(found, s.ID)
	}
	return found
}
