package embedding

// Rank tells how common a word is: its place in the vocabulary, which the
// teacher's makers sorted by frequency, common words first (from about 1,000
// for "the" to 30,000). whole is false, and rank 0, for a word that the
// vocabulary has only in pieces: its vector is then little better than a
// guess. word is one word in lower case.
func (s *Static) Rank(word string) (rank int, whole bool) {
	var buffer [8]int32
	ids := s.tokenizer.Append(buffer[:0], word)
	if len(ids) != 1 || ids[0] == s.tokenizer.Unknown() {
		return 0, false
	}
	return int(ids[0]), true
}
