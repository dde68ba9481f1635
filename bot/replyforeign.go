package bot

import (
	"slices"
	"strings"
	"unicode"

	"verbatim/prompts"
	"verbatim/retrieval"
)

// foreignNegations are the words that turn a statement round, folded, by
// language; where a language is missing, its negations are not compared.
var foreignNegations = map[string]map[string]bool{
	"de": wordSet("nicht kein keine keinen keinem keiner keines nie niemals niemand nichts nirgends ohne weder"),
	"fr": wordSet("pas jamais aucun aucune personne rien sans ni guere"),
	"es": wordSet("no nunca jamas ningun ninguna ninguno nadie nada sin ni tampoco"),
	"it": wordSet("non mai nessuno nessuna niente nulla senza ne"),
	"pt": wordSet("nao nunca ninguem nada sem nenhum nenhuma nem"),
	"nl": wordSet("niet geen nooit niemand niets zonder noch"),
}

// foreignFault holds a sentence in another language against its translation,
// which is what is checked: a translator may correct what it translates, and
// the sentence is what is shown. Quotes must be the passages' own; numbers in
// digits must be in the translation or the passages; addresses and mentions in
// the passages; a denial in both or neither; and a name, where capitals tell
// names, in the translation or the passages. In German all nouns have capitals,
// so that there a word counts as a name only when the translation has none like
// it and English does not know it.
func (v *Verifier) foreignFault(original, translation, language string) Fault {
	for _, q := range claimQuotes(original) {
		words := original[q.start:q.end]
		if len(retrieval.Tokens(words)) == 0 {
			continue
		}
		if _, ok := findQuote(words, v.sources); !ok {
			return Fault{Kind: FaultQuote, Words: []string{words}}
		}
	}
	known := strings.ToLower(translation)
	for _, s := range v.sources {
		known += "\n" + strings.ToLower(retrieval.JoinSentences(s.Sentences))
	}
	for _, e := range v.episodes {
		known += "\n" + strings.ToLower(e.Title+" "+strings.Join(e.Speakers, " "))
	}
	for _, link := range links.FindAllString(original, -1) {
		if !strings.Contains(known, strings.ToLower(strings.TrimRight(link, ".,;:!?)”\"'"))) {
			return Fault{Kind: FaultQuote, Words: []string{link}}
		}
	}
	if strings.ContainsAny(original, "<>`@") {
		return Fault{Kind: FaultSupport, Words: []string{original}}
	}
	words := map[string]bool{}
	for _, t := range retrieval.Tokens(known) {
		words[t.Word] = true
	}
	said := retrieval.Tokens(translation)
	for i, t := range retrieval.Tokens(original) {
		written := original[t.Start:t.End]
		switch {
		case unicode.IsDigit(rune(t.Word[0])):
			if !slices.ContainsFunc(said, func(x retrieval.Token) bool { return x.Word == t.Word }) {
				return Fault{Kind: FaultNumber, Words: []string{written}}
			}
		case i > 0 && retrieval.IsCapital(written) && !retrieval.StartsSentence(original, t.Start):
			if !v.knowsForeign(t.Word, words, language) {
				return Fault{Kind: FaultName, Words: []string{written}}
			}
		}
	}
	if negations := foreignNegations[language]; negations != nil {
		// "nicht vorhanden" may come back as "nonexistent".
		inOne := slices.ContainsFunc(said, func(t retrieval.Token) bool { return v.words.deniesItself(t.Word) })
		if no := saysNo(original, negations); no != negates(translation) && !(no && inOne) {
			return Fault{Kind: FaultNegation, Words: []string{original}}
		}
	}
	return Fault{}
}

// saysNo reports whether a text has one of the words.
func saysNo(text string, negations map[string]bool) bool {
	return slices.ContainsFunc(retrieval.Tokens(text), func(t retrieval.Token) bool { return negations[t.Word] })
}

// knowsForeign reports whether a capitalised word may be a form of a known one.
func (v *Verifier) knowsForeign(word string, known map[string]bool, language string) bool {
	if known[word] {
		return true
	}
	for k := range known {
		if retrieval.Spelling(word, k) > 0 || retrieval.SharesStart(word, k) {
			return true
		}
	}
	_, whole := v.words.lexicon.Rank(word)
	return language == "de" && !whole
}

// holdForeign finds what is wrong in the sentences themselves where their
// translations were checked.
func (c *composer) holdForeign(list []judged, texts []string, language string) {
	for i := range list {
		if texts == nil || !list[i].ok() {
			continue
		}
		if fault := c.verifier.foreignFault(list[i].Text, texts[i], language); fault.Kind != FaultNone {
			list[i].check = Check{Fault: fault}
		}
	}
}

// textsOf are the sentences of claims.
func textsOf(claims []prompts.Claim) []string {
	texts := make([]string, len(claims))
	for i := range claims {
		texts[i] = claims[i].Text
	}
	return texts
}
