package bot

import (
	"regexp"
	"strings"

	"verbatim/prompts"
	"verbatim/retrieval"
)

// questionKind says how a question is answered.
type questionKind int

const (
	kindFactual questionKind = iota
	kindList                 // all of something
	kindCompare              // several episodes with one another
)

// lines reports whether each sentence of the answer has a line of its own.
func (k questionKind) lines() bool { return k == kindList }

func (k questionKind) prompt() prompts.Kind {
	switch k {
	case kindList:
		return prompts.List
	case kindCompare:
		return prompts.Compare
	}
	return prompts.Factual
}

// listForms are the beginnings of questions for all of something.
var listForms = regexp.MustCompile(`(?i)^(?:please |can you |could you )*(?:list|name|enumerate|give me|tell me|show me|what are|which are|who are)(?: me| a list of)? (?:all|every|each)\b` +
	`|^(?:please |can you |could you )*(?:list|enumerate|make a list of|give me a list of)\b` +
	`|^(?:bitte )?(?:liste|nenne|nenn|zähle|zähl|zeige|zeig)(?: mir)?(?: bitte)? (?:alle|jede[nrs]?|sämtliche)\b` +
	`|^(?:liste|listez|énumère|énumérez|cite|citez|nomme|nommez|donne-moi|donnez-moi)(?:-moi)? (?:tous|toutes|chaque)\b` +
	`|^(?:lista|enumera|nombra|dime|menciona)(?:me)? (?:todos|todas|cada)\b`)

// compareForms are words of questions that set episodes side by side.
var compareForms = regexp.MustCompile(`(?i)\b(?:compare|compared|comparison|contrast)\b|\bdiffer(?:ences?)? (?:between|from|across)\b.*\bepisodes?\b` +
	`|\b(?:across|over|between|among) (?:the |all |these |all the |both |different |several )*episodes\b|\bepisode to (?:the next|episode|another)\b|\bin (?:each|both|every|all)(?: of)?(?: the| these)? episodes?\b` +
	`|\b(?:vergleiche|vergleich|vergleichen)\b|\bvon folge zu folge\b|\bin (?:jeder|beiden|allen) folgen?\b|\bzwischen den folgen\b` +
	`|\b(?:comparez|comparer|comparaison)\b|d['’]un épisode à l['’]autre|\bdans (?:chaque|tous les|les deux) épisodes?\b` +
	`|\b(?:compara|comparar|comparación)\b|\bde (?:un )?episodio (?:en|a) (?:otro|episodio)\b|\ben (?:cada|todos los|ambos) episodios?\b`)

// kindOf tells the kind of a question. One that only the episodes make a
// comparison, since it names two, is told by namedEpisodes.
func kindOf(text string) questionKind {
	switch {
	case compareForms.MatchString(text):
		return kindCompare
	case listForms.MatchString(text):
		return kindList
	}
	return kindFactual
}

// searchable is the question without the words that only say how it is to be
// answered: no transcript holds them.
func searchable(text string) string {
	bare := compareForms.ReplaceAllString(listForms.ReplaceAllString(text, " "), " ")
	if bare = strings.Join(strings.Fields(bare), " "); bare == text || len(retrieval.ContentTerms(bare)) == 0 {
		return text
	}
	return bare
}
