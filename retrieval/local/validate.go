package local

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"verbatim/retrieval"
)

// maxIDBytes is the limit of retrieval.EpisodeID.
const maxIDBytes = 100

// validate checks what Add is given against what the types promise, and
// returns the vectors at length 1.
func (l *Library) validate(scope retrieval.Scope, e *retrieval.Episode, s *retrieval.Splitting, given [][]float32) ([][]float32, error) {
	switch {
	case scope == "":
		return nil, invalid("no scope")
	case e == nil || s == nil:
		return nil, invalid("no episode or no splitting")
	case !isEpisodeID(e.ID):
		return nil, invalid("ID %q is not lower-case letters and digits joined by hyphens, of at most %d bytes", e.ID, maxIDBytes)
	case len(given) != len(s.Passages):
		return nil, invalid("%d vectors for %d passages", len(given), len(s.Passages))
	}
	if err := validateLines(e); err != nil {
		return nil, err
	}
	for i := range s.Sentences {
		t := &s.Sentences[i]
		if t.Text == "" || t.FirstLine < 1 || t.LastLine < t.FirstLine {
			return nil, invalid("sentence %d is empty or its lines %d to %d are out of order", i, t.FirstLine, t.LastLine)
		}
	}
	for i := range s.Passages {
		if err := validatePassage(i, &s.Passages[i], s.Sentences); err != nil {
			return nil, err
		}
	}
	return l.validateVectors(given)
}

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
}

func isEpisodeID(id retrieval.EpisodeID) bool {
	return id != "" && len(id) <= maxIDBytes && !strings.ContainsFunc(string(id), func(r rune) bool {
		return r == unicode.ReplacementChar || r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r)
	})
}

func validateLines(e *retrieval.Episode) error {
	last := 0
	for i := range e.Lines {
		line := &e.Lines[i]
		if line.N <= last {
			return invalid("line %d follows line %d", line.N, last)
		}
		if line.Text == "" {
			return invalid("line %d is empty", line.N)
		}
		last = line.N
	}
	switch {
	case last == 0:
		return invalid("no lines")
	case e.TotalLines < last:
		return invalid("line %d of a file of %d lines", last, e.TotalLines)
	}
	return nil
}

func validatePassage(i int, p *retrieval.Passage, sentences []retrieval.Sentence) error {
	switch {
	case p.ID.Seq != i:
		return invalid("passage %d is called %d", i, p.ID.Seq)
	case p.First < 0 || p.Last < p.First || p.Last >= len(sentences):
		return invalid("passage %d has sentences %d to %d of %d", i, p.First, p.Last, len(sentences))
	case !slices.Equal(p.Sentences, sentences[p.First:p.Last+1]):
		return invalid("passage %d does not hold sentences %d to %d", i, p.First, p.Last)
	case p.FirstLine < 1 || p.LastLine < p.FirstLine:
		return invalid("passage %d has lines %d to %d", i, p.FirstLine, p.LastLine)
	case p.Terms == "" && strings.ContainsFunc(p.Text(), func(r rune) bool { return 'a' <= r && r <= 'z' }):
		return invalid("passage %d has words but no terms", i)
	}
	if p.Terms == "" {
		return nil
	}
	for term := range strings.SplitSeq(p.Terms, " ") {
		if !isTerm(term) {
			return invalid("passage %d has the term %q, which the full-text index would not keep whole", i, term)
		}
	}
	return nil
}

// validateVectors wants one dimension, that of Options where it is known.
func (l *Library) validateVectors(given [][]float32) ([][]float32, error) {
	if len(given) == 0 {
		return nil, nil
	}
	want := l.options.Dimension
	if want == 0 {
		want = len(given[0])
	}
	vectors := make([][]float32, len(given))
	for i := range given {
		if len(given[i]) != want || want == 0 {
			return nil, fmt.Errorf("%w: passage %d has %d components, want %d", retrieval.ErrDimension, i, len(given[i]), want)
		}
		vector, err := unit(given[i])
		if err != nil {
			return nil, invalid("passage %d: %v", i, err)
		}
		vectors[i] = vector
	}
	return vectors, nil
}
