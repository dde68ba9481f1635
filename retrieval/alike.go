package retrieval

// Spelling says how well one folded word may be a misspelling of the other,
// as speech recognition makes them: 0 not at all, 1 the same word, else as
// Variant.Weight. Of two words of a language it is for the caller to know that
// neither is a misspelling of the other.
func Spelling(a, b string) float64 {
	if a == b {
		return 1
	}
	if len(a) < minVariantLetters || len(b) < minVariantLetters || !isLetters(a) || !isLetters(b) {
		return 0
	}
	return variantWeight(a, b, soundKey(a) == soundKey(b))
}

// SharesStart reports whether one stem is the start of the other, but for an
// ending of up to three letters: "west" and "western".
func SharesStart(a, b string) bool { return sharesStart(a, b) }

// IsNegation reports whether the folded word turns a statement round: "not",
// "didnt", "never".
func IsNegation(word string) bool { return negations[word] }

// IsFiller reports whether the folded word is a sound or word of hesitation.
func IsFiller(word string) bool { return fillers[word] }

// IsCapital reports whether the text begins with an upper-case letter.
func IsCapital(text string) bool { return capital(text) }

// StartsSentence reports whether the word at text[at:] is the first of a
// sentence, where a capital says nothing.
func StartsSentence(text string, at int) bool { return startsSentence(text, at) }

// IsCurrency reports whether the folded word is the name of a country's
// currency.
func IsCurrency(word string) bool { return currencies[word] != "" && currencies[word] != "bitcoin" }
