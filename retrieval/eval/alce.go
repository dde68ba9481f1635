package eval

// Statement is a sentence of an answer.
type Statement struct {
	Text string
	// Citations index the answer's citations, from 0.
	Citations []int
}

// Support tests whether some of an answer's citations, by their index and read
// together, bear a statement out.
type Support func(statement string, citations []int) (bool, error)

// CitationGrade is how well an answer's citations fit its statements.
type CitationGrade struct {
	// Recall is the share of statements that their citations bear out, taken
	// together; a statement without any is not borne out.
	Recall float64
	// Precision is the share of citations, each counted once for each statement
	// that cites it, that are of use: their statement has recall, and they bear
	// it out alone or the others do not without them. 0 without citations.
	Precision float64
}

// GradeCitations grades the statements of an answer by the definitions of ALCE
// (Gao, Yen, Yu, Chen: Enabling Large Language Models to Generate Text with
// Citations, EMNLP 2023, "Citation quality"), but for the test of
// support, which is the caller's: ALCE asks a model of natural language
// inference (TRUE, a T5 of 11 billion parameters), while the program's own test
// is a deterministic one of words, numbers, names and negations. Where that
// same test has filtered the answer before, high grades are no independent
// proof: they say that the filter was applied; see [GoldPrecision] for a figure
// that does not depend on it. It is 0 without statements.
func GradeCitations(statements []Statement, supports Support) (CitationGrade, error) {
	recalled, cited, useful := 0, 0, 0
	for i := range statements {
		s := &statements[i]
		cited += len(s.Citations)
		if len(s.Citations) == 0 {
			continue
		}
		ok, err := supports(s.Text, s.Citations)
		if err != nil {
			return CitationGrade{}, err
		}
		if !ok {
			continue
		}
		recalled++
		n, err := s.useful(supports)
		if err != nil {
			return CitationGrade{}, err
		}
		useful += n
	}
	var g CitationGrade
	if len(statements) > 0 {
		g.Recall = float64(recalled) / float64(len(statements))
	}
	if cited > 0 {
		g.Precision = float64(useful) / float64(cited)
	}
	return g, nil
}

// useful counts the citations of a supported statement that are of use.
func (s *Statement) useful(supports Support) (int, error) {
	if len(s.Citations) == 1 { // without it nothing is left that could support
		return 1, nil
	}
	n := 0
	for i, c := range s.Citations {
		alone, err := supports(s.Text, []int{c})
		if err != nil {
			return 0, err
		}
		if alone {
			n++
			continue
		}
		others := append(append([]int{}, s.Citations[:i]...), s.Citations[i+1:]...)
		without, err := supports(s.Text, others)
		if err != nil {
			return 0, err
		}
		if !without {
			n++
		}
	}
	return n, nil
}
