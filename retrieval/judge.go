package retrieval

import "slices"

// Shares of the confidence that there is an answer: the coverage and the
// cosine of the best span, and the likeness of its passage to the question. A
// logit fitted to tell questions that an episode answers from those it does
// not, brought to sum 1. Coverage weighs less than in the choice of a span,
// since people ask in other words than the speakers'. At minConfidence two to
// seven in a hundred answerable questions are refused; docs/decisions.md has
// the curve around it.
const (
	sureCoverage  = 0.20
	sureCosine    = 0.23
	surePassage   = 0.57
	minConfidence = 0.22
	// minCountScore is the least score, its bonus left out, of a span that
	// answers how many: numbers are everywhere, so it must be about the rest
	// of the question more than others.
	minCountScore = 1.0
	// manyMissing specific words that nothing comes near, being half of all
	// names and specific words of the question or more, are too many.
	manyMissing = 2
	// plainRank is the rank from which the absence of two words and more says
	// something where they are two thirds of all such words, names aside.
	plainRank = 1900
	// A question of which more than mostAbsent, by weight, comes near nothing in
	// the hits must have one place that speaks for it more than others must.
	absentWord       = 0.40
	mostAbsent       = 0.50
	absentConfidence = 0.30
	// unheardConfidence is needed where none of the question's names occurs in a
	// text without capitals, which may have misheard them.
	unheardConfidence = 0.40
	// never is a confidence that no span has.
	never = 2
)

// judge finds what the question names and the hits lack, and says why the
// evidence is too thin, if it is. A rule stands here only if it
// refuses several times as many unanswerable questions as answerable ones
// on the development sets.
func (w *weigher) judge(spans []EvidenceSpan) (missing []string, reason Reason, least float64) {
	if len(spans) == 0 {
		return nil, Reason{Kind: ReasonNothing}, never
	}
	names := w.missingNames()
	words, specific := w.missingWords(specificRank)
	plain, plainAll := w.missingWords(plainRank)
	numbers := w.missingIdentifiers()
	missing = slices.Concat(names, numbers, words)
	best := &spans[0]
	least = minConfidence
	if w.absent() > mostAbsent {
		least = absentConfidence
	}
	if !w.cased && w.unheard() {
		least = max(least, unheardConfidence)
	}
	switch {
	case len(names) > 0 && w.cased:
		return missing, notSpokenOf(names), never
	case len(numbers) > 0:
		return missing, notSpokenOf(numbers), never
	case len(words) >= manyMissing && 2*len(words) >= specific+w.namedWords():
		return missing, notSpokenOf(words), never
	case len(plain) >= manyMissing && 3*len(plain) >= 2*plainAll:
		return append(names, plain...), notSpokenOf(plain), never
	case w.wants&offersCount != 0 && (best.Score-best.counted < minCountScore || !w.offersWanted(spans[:1], offersCount)):
		return missing, Reason{Kind: ReasonNoNumber}, never
	case !w.offersWanted(spans[:min(len(spans), 2)], offersFuture):
		return missing, Reason{Kind: ReasonNoFuture}, never
	case best.Confidence < least && len(missing) > 0:
		return missing, notSpokenOf(missing), least
	case best.Confidence < least:
		return missing, Reason{Kind: ReasonThin}, least
	}
	return missing, Reason{}, least
}

func notSpokenOf(words []string) Reason { return Reason{Kind: ReasonNotSpokenOf, Words: words} }

// missingNames are the names whose words do not occur in any spelling: of
// one or two words at least one must, of more all but one. "Dmitry Medvedev"
// is met by "Medvedev", "Russian Far East" is not by "Russian".
func (w *weigher) missingNames() []string {
	var missing []string
	for k := 0; k < len(w.askers); {
		name := w.askers[k].name
		if name == 0 {
			k++
			continue
		}
		from, met := k, 0
		for ; k < len(w.askers) && w.askers[k].name == name; k++ {
			if w.best[k] >= alikeName {
				met++
			}
		}
		if met < max(1, k-from-1) {
			missing = append(missing, w.text[w.askers[from].token.Start:w.askers[k-1].token.End])
		}
	}
	return missing
}

// missingWords are the words of that rank or a higher one, no names, that
// nothing comes near; all counts those that something comes near, too.
func (w *weigher) missingWords(rank int) (missing []string, all int) {
	for k := range w.askers {
		a := &w.askers[k]
		if a.name > 0 || !a.whole || a.rank < rank || len(a.token.Word) < minVariantLetters {
			continue
		}
		all++
		if w.best[k] < missedWord {
			missing = append(missing, w.text[a.token.Start:a.token.End])
		}
	}
	return missing, all
}

// longNumber is how many digits make a number one that names something.
const longNumber = 5

// missingIdentifiers are the numbers that name something, "#1234" or as long as
// "27255", if none of them occurs: years and counts may be said in other words,
// and so may all numbers where the text is as heard, without capitals.
func (w *weigher) missingIdentifiers() []string {
	var missing []string
	for k := range w.askers {
		t := w.askers[k].token
		marked := t.Start > 0 && w.text[t.Start-1] == '#'
		if !isNumber(t.Word) || !marked && (len(t.Word) < longNumber || !w.cased) {
			continue
		}
		if w.best[k] >= alikeSpelling {
			return nil
		}
		start := t.Start
		if marked {
			start--
		}
		missing = append(missing, w.text[start:t.End])
	}
	return missing
}

// namedWords is how many words of the question are of names.
func (w *weigher) namedWords() int {
	n := 0
	for k := range w.askers {
		if w.askers[k].name > 0 {
			n++
		}
	}
	return n
}

// unheard reports whether the question has names and no word of them occurs.
func (w *weigher) unheard() bool {
	for k := range w.askers {
		if w.askers[k].name > 0 && w.best[k] >= alikeSpelling {
			return false
		}
	}
	return w.namedWords() > 0
}

// absent is the share of the question, by weight, that nothing in the hits comes
// near, 0 to 1.
func (w *weigher) absent() float64 {
	absent := 0.0
	for k := range w.askers {
		if w.best[k] < absentWord {
			absent += w.askers[k].weight
		}
	}
	return absent / max(w.total, 1e-9)
}

// offersWanted reports whether one of the spans offers the kind, or the
// question does not want it.
func (w *weigher) offersWanted(spans []EvidenceSpan, kind offer) bool {
	if w.wants&kind == 0 {
		return true
	}
	for i := range spans {
		for j := range spans[i].Sentences {
			if w.notes[noteOf(&spans[i].Sentences[j])].offers&kind != 0 {
				return true
			}
		}
	}
	return false
}
