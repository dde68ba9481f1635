package bot

import (
	"strings"

	"verbatim/retrieval"
)

// tongue is what is known of a language to tell follow-ups from questions that
// stand alone: function words, folded as retrieval.Token.Word is.
type tongue struct {
	// leads begin a question that goes on from another: "and".
	leads map[string]bool
	// abouts, of several words, begin one that asks the same about something
	// else: "what about".
	abouts [][]string
	// asks are question words and auxiliary verbs: a question with one of
	// them has a form of its own.
	asks map[string]bool
	// persons and things stand for what was named before; things only in
	// some places, see refersTo.
	persons map[string]bool
	things  map[string]bool
	// last stand for a place or a time, at the end of a question: "there".
	last map[string]bool
	// prepositions tell which part of a question another one replaces.
	prepositions map[string]bool
	// stops are all other function words.
	stops map[string]bool
	// idle words say nothing of what a question is about: "happened", and
	// "year" in "what year".
	idle map[string]bool
	// nouns says that all nouns are capitalised, so that names are not told
	// by it.
	nouns bool
}

// english comes first: in doubt it is English.
var tongues = []*tongue{
	{
		leads:  wordSet("and but so or also plus"),
		abouts: phrases("what about", "how about", "what of", "and what about", "and how about", "but what about"),
		asks: wordSet(`what which who whom whose when where why how is are was were do does did has have had can could will would
			should may might isnt wasnt didnt doesnt dont`),
		persons:      wordSet("he she him her his hers they them their theirs"),
		things:       wordSet("it its this that these those"),
		last:         wordSet("there then so else more afterwards afterward before after"),
		prepositions: wordSet("in on at by for with about against between into during before after from under over since until of to"),
		idle: wordSet(`happen happened happens change changed changes mean meant means matter matters work works worked come came follow followed
			exact exactly specifically true really explain elaborate detail details example examples reason reasons result results
			year years date day month time place name number part exactly think thinks thought believe believes feel feels
			start started begin began end ended year because meaning tell more else other others start long often far big`),
	},
	{
		leads:  wordSet("und aber oder also auch"),
		abouts: phrases("was ist mit", "was war mit", "wie ist es mit", "wie steht es mit", "wie sieht es mit", "und was ist mit", "und wie steht es mit"),
		asks: wordSet(`was welche welcher welches welchem welchen wer wen wem wessen wann wo wohin woher warum wieso weshalb wie wofur womit
			ist sind war waren hat haben hatte hatten wird wurde wurden kann konnte hatte sagt sagte`),
		persons:      wordSet("er sie ihn ihm ihr ihre ihren ihrer sein seine seinen seiner ihnen"),
		things:       wordSet("es das dies diese dieser dieses daruber danach davor dabei damit dazu davon dafur dagegen daran"),
		last:         wordSet("dort da dann damals danach davor genau noch"),
		prepositions: wordSet("in im an am bei mit uber gegen zwischen vor nach von vom unter seit bis zu zum zur aus fur durch wahrend"),
		stops:        wordSet("der die den dem des ein eine einen einem einer eines nicht kein keine ich du wir man so noch schon denn mal doch sich ja nein dass"),
		idle:         wordSet("passiert passierte geschah geschehen bedeutet jahr jahre tag monat zeit genau mehr grund beispiel anders"),
		nouns:        true,
	},
	{
		leads:        wordSet("et mais ou donc aussi"),
		abouts:       phrases("quen est il de", "quen est il du", "et quen est il de", "quid de", "quid du", "et pour", "et a propos de"),
		asks:         wordSet("que quoi quel quelle quels quelles qui quand ou pourquoi comment combien est sont etait etaient a ont avait avaient fut"),
		persons:      wordSet("il elle ils elles lui leur leurs son sa ses eux"),
		things:       wordSet("cela ca ce cet cette ces celui celle y"),
		last:         wordSet("la alors apres avant ensuite encore exactement"),
		prepositions: wordSet("en dans sur a au aux avec contre entre pendant avant apres de du des depuis sous pour par chez vers"),
		stops:        wordSet("le la les un une l d qu est ce n ne pas on je tu nous vous se s c me plus"),
		idle:         wordSet("passe arrive change signifie annee annees date jour mois exactement raison exemple"),
	},
	{
		leads:        wordSet("y e pero o tambien"),
		abouts:       phrases("que pasa con", "que hay de", "y que pasa con", "y que hay de", "que tal"),
		asks:         wordSet("que cual cuales quien quienes cuando donde por como cuanto cuanta cuantos cuantas es son era eran fue fueron ha han habia hay"),
		persons:      wordSet("el ella ellos ellas su sus le les suyo suya"),
		things:       wordSet("eso esto ello lo esa ese esta este esos estas"),
		last:         wordSet("alli ahi entonces despues antes luego mas exactamente"),
		prepositions: wordSet("en a al con contra entre durante antes despues de del desde hasta bajo para por sobre hacia"),
		stops:        wordSet("el la los las un una unos unas se no si me te nos ya muy lo"),
		idle:         wordSet("paso ocurrio sucedio cambio significa ano anos fecha dia mes exactamente razon ejemplo"),
	},
}

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// stemSet is wordSet of the words' stems.
func stemSet(words string) map[string]bool {
	set := map[string]bool{}
	for word := range wordSet(words) {
		set[retrieval.Stem(word)] = true
	}
	return set
}

func phrases(list ...string) [][]string {
	split := make([][]string, len(list))
	for i := range list {
		split[i] = strings.Fields(list[i])
	}
	return split
}

// tongueOf is the language with most function words in the tokens.
func tongueOf(text string, tokens []retrieval.Token) *tongue {
	best, most := tongues[0], 0
	for _, t := range tongues {
		n := 0
		for i := range tokens {
			if !joinedBefore(text, tokens, i) && t.isFunction(tokens[i].Word) {
				n++
			}
		}
		if n > most {
			best, most = t, n
		}
	}
	return best
}

// isFunction reports whether the word only holds a sentence together.
func (t *tongue) isFunction(word string) bool {
	if t == tongues[0] && retrieval.IsStop(word) {
		return true
	}
	for _, set := range []map[string]bool{t.leads, t.asks, t.persons, t.things, t.last, t.prepositions, t.stops} {
		if set[word] {
			return true
		}
	}
	return false
}
