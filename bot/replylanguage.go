package bot

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval"
)

// languageNames are the English names of the languages that can be told apart,
// by ISO 639-1 code, as prompts name them.
var languageNames = map[string]string{
	"en": "English", "de": "German", "fr": "French", "es": "Spanish", "ja": "Japanese", "ko": "Korean",
	"it": "Italian", "pt": "Portuguese", "nl": "Dutch", "pl": "Polish", "sv": "Swedish", "tr": "Turkish",
	"zh": "Chinese", "ru": "Russian", "ar": "Arabic", "he": "Hebrew", "el": "Greek", "th": "Thai", "hi": "Hindi",
}

// languageWords are the commonest function words of the languages written in
// Latin letters, folded as retrieval.Token.Word is.
var languageWords = map[string]map[string]bool{
	"en": wordSet(`the of and to in is that it was for on are as with his they at be this have from or had by what when where who
		how why which does did do say says said about there not he she we you will would were has their its an but if`),
	"de": wordSet(`der die das und ist in zu den mit von fur auf nicht ein eine einen einem einer wie was wer wann wo warum sagt uber
		dem des es sich auch wird haben hat sind war waren wurde er sie wir ich im zum zur als dass oder aber noch nach bei um`),
	"fr": wordSet(`le la les de des et est un une du que qui dans pour pas sur au aux avec il elle ce cette quand ou comment pourquoi
		quel quelle sont dit se par a ont a ete etait nous vous ils leur mais plus ne en son sa ses d l qu c s n`),
	"es": wordSet(`el la los las de del y que en un una es por con no para se su como cuando donde quien cual lo al mas sobre fue son
		dice esta este pero sus le ha era habia muy tambien desde hasta`),
	"it": wordSet(`il lo la gli i di che e un una per in con non del della dei delle sono come cosa quando dove chi perche si ha nel
		nella al alla piu anche ma questo questa era dice su da`),
	"pt": wordSet(`o os a as de do da dos das e que em um uma para com nao por no na nos nas como quando onde quem se mais foi sao ao
		mas ele ela isso diz sobre tambem muito`),
	"nl": wordSet(`de het een en van is in dat op te zijn met voor niet wat wie waar wanneer hoe waarom er aan door ook hij ze werd
		maar om naar bij deze dit over zegt worden`),
	"pl": wordSet(`i w na z nie sie ze jest to co kto kiedy gdzie jak do o od po za ale dla czy jego byl byla przez tego`),
	"sv": wordSet(`och att det som en ett ar pa av for med den till inte vad nar var hur vem om har de i sager men han hon vi fran`),
	"tr": wordSet(`ve bir bu da de icin ne kim nerede nasil mi ile cok var daha ama gibi olarak o olan ki zaman neden`),
}

// languageOrder makes the choice the same every time.
var languageOrder = []string{"en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "tr"}

const (
	// leastLanguage is the least evidence for a language: one function word
	// that no other language has, or two that one other has, too; and it must
	// be two words at least, since one may be a name.
	leastLanguage = 1.0
	leastWords    = 2
	// languageLead is how much more of it the best must have than the next.
	languageLead = 1.2
	// foreignLead is the same for a text that is expected to be in another
	// language: names and quotes bring in words of many.
	foreignLead = 2.5
)

// languageOf is the code of the language that a text is in, "" when that cannot
// be told: by its script, or by its function words.
func languageOf(text string) string {
	code, _ := tellLanguage(text, "")
	return code
}

// foreignTo is the code of the language of a text that is clearly not in the
// language expected, "" else.
func foreignTo(expected, text string) string {
	code, lead := tellLanguage(text, expected)
	if expected == "" || code == expected || lead < foreignLead {
		return ""
	}
	return code
}

// tellLanguage is the language with the most function words, each counting less
// the more languages have it, and how much more it has than the expected one, or
// the next best for "". Capitalised words within a sentence, and what hyphens tie
// to another word, are names rather than function words.
func tellLanguage(text, expected string) (code string, lead float64) {
	if code := scriptLanguage(text); code != "" {
		return code, math.Inf(1)
	}
	scores, words := map[string]float64{}, map[string]int{}
	tokens := retrieval.Tokens(text)
	for i, t := range tokens {
		if namesSomething(text, tokens, i) {
			continue
		}
		var in []string
		for _, code := range languageOrder {
			if languageWords[code][t.Word] {
				in = append(in, code)
			}
		}
		for _, code := range in {
			scores[code] += 1 / float64(len(in))
			words[code]++
		}
	}
	best, next := "", ""
	for _, code := range languageOrder {
		switch {
		case best == "" || scores[code] > scores[best]:
			best, next = code, best
		case next == "" || scores[code] > scores[next]:
			next = code
		}
	}
	if scores[best] < leastLanguage || words[best] < leastWords || scores[best] < languageLead*scores[next] {
		return "", 0
	}
	if expected != "" {
		next = expected
	}
	return best, scores[best] / max(scores[next], 0.1)
}

// namesSomething reports whether a word is capitalised within a sentence, or tied by a
// hyphen to one that is capitalised.
func namesSomething(text string, tokens []retrieval.Token, i int) bool {
	capital := func(i int) bool {
		first, _ := utf8.DecodeRuneInString(text[tokens[i].Start:])
		return unicode.IsUpper(first)
	}
	switch {
	case joinedBefore(text, tokens, i) && (capital(i) || capital(i-1)):
		return true
	case i+1 < len(tokens) && joinedBefore(text, tokens, i+1) && (capital(i) || capital(i+1)):
		return true
	}
	return capital(i) && i > 0 && !strings.ContainsAny(text[tokens[i-1].End:tokens[i].Start], ".?!:¿")
}

// scriptLanguage is the language that a script other than Latin tells, if a
// third of the text's letters are of it: names in another script are common.
func scriptLanguage(text string) string {
	letters := 0
	counts := map[string]int{}
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		letters++
		switch {
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			counts["ja"]++
		case unicode.Is(unicode.Han, r):
			counts["zh"]++
		case unicode.Is(unicode.Hangul, r):
			counts["ko"]++
		case unicode.Is(unicode.Cyrillic, r):
			counts["ru"]++
		case unicode.Is(unicode.Arabic, r):
			counts["ar"]++
		case unicode.Is(unicode.Hebrew, r):
			counts["he"]++
		case unicode.Is(unicode.Greek, r):
			counts["el"]++
		case unicode.Is(unicode.Thai, r):
			counts["th"]++
		case unicode.Is(unicode.Devanagari, r):
			counts["hi"]++
		}
	}
	if counts["ja"] > 0 { // Han letters among kana are Japanese
		counts["ja"], counts["zh"] = counts["ja"]+counts["zh"], 0
	}
	for code, n := range counts {
		if 3*n > letters && n == maxCount(counts) {
			return code
		}
	}
	return ""
}

func maxCount(counts map[string]int) int {
	most := 0
	for _, n := range counts {
		most = max(most, n)
	}
	return most
}

// answerLanguage is the code of the language in which a question is to be
// answered, "" when it cannot be told.
func (q *Question) answerLanguage() string {
	if _, known := languageNames[q.Language]; known {
		return q.Language
	}
	return languageOf(q.Text)
}
