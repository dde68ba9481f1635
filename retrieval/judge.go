package retrieval

import (
	"fmt"
	"strings"
)

// judge finds what the question names and the hits lack, and says why the
// evidence is too thin, "" when it is not.
func (w *weigher) judge(spans []EvidenceSpan) (missing []string, reason string) {
	if len(spans) == 0 {
		return nil, "nothing like it was found"
	}
	names, specific, lacking := w.missingNames(), 0, 0
	missing = append(missing, names...)
	for k := range w.askers {
		a := &w.askers[k]
		if a.name > 0 || !a.whole || a.rank < specificRank || len(a.token.Word) < minVariantLetters {
			continue
		}
		specific++
		if w.best[k] < missedWord {
			lacking++
			missing = append(missing, w.text[a.token.Start:a.token.End])
		}
	}
	for k := range w.askers { // names that are met are specific words as well
		if a := &w.askers[k]; a.name > 0 && w.best[k] >= alikeName {
			specific++
		}
	}
	switch {
	case len(names) > 0:
		return missing, "it does not speak of " + strings.Join(names, ", ")
	case lacking >= 2 && 2*lacking >= specific:
		return missing, "it does not speak of " + strings.Join(missing, ", ")
	case w.wantsNumber() && !anySpan(spans[:1], hasCount):
		return missing, "it gives no number for that"
	case w.wantsFuture() && !anySpan(spans[:1], isFuture):
		return missing, "it does not look ahead to that"
	case spans[0].Coverage < minCoverage:
		return missing, fmt.Sprintf("too little of the question is spoken of (%.0f %%)", 100*spans[0].Coverage)
	}
	return missing, ""
}

// minCoverage is the least share of the question that the best span must hold.
const minCoverage = 0.06

// missingNames are the names less than half of whose words occur in any
// spelling: "Dmitry Medvedev" is met by "Medvedev", "Russian Far East" is not
// by "Russian".
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
		if 2*met < k-from {
			missing = append(missing, w.text[w.askers[from].token.Start:w.askers[k-1].token.End])
		}
	}
	return missing
}

func anySpan(spans []EvidenceSpan, has func([]Sentence) bool) bool {
	for i := range spans {
		if has(spans[i].Sentences) {
			return true
		}
	}
	return false
}

// wantsNumber reports whether the question asks how many or how much.
func (w *weigher) wantsNumber() bool {
	q := " " + strings.Join(foldedWords(w.text), " ") + " "
	for _, phrase := range []string{" how many ", " how much ", " what percentage ", " what share ", " how big ", " how old "} {
		if strings.Contains(q, phrase) {
			return true
		}
	}
	return false
}

// foldedfoldedWords lists the folded words of a text.
func foldedWords(text string) []string {
	tokens := Tokens(text)
	words := make([]string, len(tokens))
	for i := range tokens {
		words[i] = tokens[i].Word
	}
	return words
}

func (w *weigher) wantsTime() bool {
	for i, word := range foldedWords(w.text) {
		if word == "when" && i < 8 || word == "year" || word == "date" {
			return true
		}
	}
	return false
}

// wantsFuture reports whether the question asks what is to come.
func (w *weigher) wantsFuture() bool {
	q := " " + strings.Join(foldedWords(w.text), " ") + " "
	for _, phrase := range []string{" will there ", " will he ", " will she ", " will they ", " expect from ", " going to happen ", " predict ", " predicts ", " forecast "} {
		if strings.Contains(q, phrase) {
			return true
		}
	}
	return false
}

var numberNames = func() map[string]bool {
	set := map[string]bool{"hundred": true, "hundreds": true, "thousand": true, "thousands": true, "million": true, "millions": true, "billion": true, "billions": true, "dozen": true, "dozens": true, "half": true, "percent": true}
	for _, n := range smallNumbers {
		set[n] = true
	}
	for _, n := range tens[2:] {
		set[n] = true
	}
	delete(set, "one") // "this one" counts nothing
	return set
}()

func hasNumber(sentences []Sentence) bool {
	for i := range sentences {
		for _, word := range foldedWords(sentences[i].Text) {
			if word[0] >= '0' && word[0] <= '9' || numberNames[word] {
				return true
			}
		}
	}
	return false
}

// hasCount reports whether the sentences hold a number that is no year.
func hasCount(sentences []Sentence) bool {
	for i := range sentences {
		for _, word := range foldedWords(sentences[i].Text) {
			digit := word[0] >= '0' && word[0] <= '9'
			year := len(word) == 4 && (strings.HasPrefix(word, "19") || strings.HasPrefix(word, "20"))
			if digit && !year || numberNames[word] {
				return true
			}
		}
	}
	return false
}

var futureWords = map[string]bool{"will": true, "would": true, "shall": true, "wont": true, "going": true, "expect": true, "future": true, "ill": false, "theyll": true, "itll": true, "hell": false}

func isFuture(sentences []Sentence) bool {
	for i := range sentences {
		for _, word := range foldedWords(sentences[i].Text) {
			if futureWords[word] {
				return true
			}
		}
	}
	return false
}

// fitsKind reports whether the sentences hold the kind of thing that is asked
// for, where the question asks for a number or a time.
func (w *weigher) fitsKind(sentences []Sentence) bool {
	return (w.wantsNumber() || w.wantsTime()) && hasNumber(sentences)
}
