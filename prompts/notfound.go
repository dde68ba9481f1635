package prompts

import (
	"regexp"
	"strings"
)

// notFoundWords are what models say in place of NOT FOUND, as a whole sentence.
var notFoundWords = regexp.MustCompile(`(?i)^\W*(?:not[ _-]?found|no answer(?: found)?|n/a|unknown|not (?:mentioned|stated|specified|available|provided)|no information(?: (?:is )?(?:available|provided|found))?|nicht gefunden|keine angaben?|non trouvé|introuvable|no encontrado|見つかりません(?:でした)?|該当なし|찾을 수 없(?:음|습니다)|없음)\W*$`)

// theSource is how models call what they were given.
const theSource = `(?:(?:the |these |those |this |any of the |none of the |your )?(?:given |provided |numbered |above |available |podcast |supplied )*(?:passages?|transcripts?|excerpts?|context|text|information|episode|podcast|sources?|documents?)(?: (?:\d+|provided|given|above|here))?)`

var denials = []*regexp.Regexp{
	// The passages do not mention ...
	regexp.MustCompile(`(?i)^(?:[^.,]{0,40}, |i'm sorry,? |sorry,? |but )*` + theSource + ` (?:(?:do|does|did)(?: not|n't|n’t)|cannot|can't|never|has no|have no|contains? no|gives? no|provides? no|says? nothing|offers? no|makes? no)\b`),
	// This is a passage that does not hold the answer ...
	regexp.MustCompile(`(?i)\b(?:passages?|excerpts?) (?:that |which )?(?:(?:do|does|did)(?: not|n't|n’t)|never) (?:hold|contain|answer|mention|provide|include|tell)\b`),
	// None of the passages ..., no passage says ...
	regexp.MustCompile(`(?i)^(?:[^.,]{0,40}, |but )*(?:none of the|neither of the|no) (?:given |provided )?(?:passages?|excerpts?|transcripts?)\b`),
	// There is no information about ...
	regexp.MustCompile(`(?i)\bthere(?: is|'s| are| was|’s) (?:no|not any|not enough|insufficient|nothing)\b[^.]{0,60}\b(?:information|mention|indication|evidence|details?|data|context|passages?|transcripts?|answer)\b`),
	regexp.MustCompile(`(?i)^no (?:specific |direct |explicit |further )?(?:information|mention|details?|answer|data)\b`),
	// ... is not mentioned in the passages, cannot be determined from ...
	regexp.MustCompile(`(?i)\b(?:is|are|was|were|been)(?: not|n't|n’t) (?:explicitly |directly |specifically |clearly |fully )*(?:mentioned|stated|specified|provided|given|found|answered|discussed|addressed|available|included|named|described|clear|indicated|revealed|disclosed)\b[^.]{0,80}\b(?:in|by|from|within) ` + theSource),
	regexp.MustCompile(`(?i)\b(?:is|are|was|were)(?: not|n't|n’t) (?:explicitly |directly |specifically )*(?:mentioned|stated|specified|provided|given|answered|addressed)[.!]?$`),
	regexp.MustCompile(`(?i)\b(?:cannot|can't|can’t|could not|couldn't) be (?:determined|answered|found|inferred|verified|known)\b`),
	// I cannot find ...
	regexp.MustCompile(`(?i)^(?:[^.]{0,60}, |but |unfortunately |sorry,? |i'm sorry,? )*i (?:cannot|can't|can’t|could not|couldn't|am unable to|am not able to|was unable to|do not|don't|don’t|did not|didn't) (?:find|answer|determine|provide|locate|know|have (?:any |enough |the |access|sufficient )?|see)\b`),
	regexp.MustCompile(`(?i)\bnot enough (?:information|context)\b`),
	regexp.MustCompile(`(?i)^(?:[^.,]{0,40}, )?(?:die|der|den|das|diese|dieser|dem|in den|in der) (?:\S+ )?(?:passagen?|text|abschnitte?|transkript|auszüge?|informationen)\b[^.]{0,60}\b(?:nicht|kein\w*|nichts)\b`),
	regexp.MustCompile(`(?i)^(?:[^.,]{0,40}, )?(?:les|le|ces|cet?|aucun des|dans les) (?:passages?|textes?|extraits?|transcriptions?|informations?)\b[^.]{0,60}\b(?:ne |n'|n’|pas|aucune?)`),
	regexp.MustCompile(`(?i)^(?:[^.,]{0,40}, )?(?:los|el|estos|este|en los|ninguno de los) (?:pasajes?|textos?|fragmentos?|transcripci\S+)\b[^.]{0,60}\b(?:no|ningun\w*|ningún|nada)\b`),
	regexp.MustCompile(`(?:記載|言及|情報|記述|答え|回答|説明)[^。]{0,12}(?:ありません|見つかりません|含まれていません|ないため|されていません)|(?:パッセージ|文章|本文|抜粋)[^。]{0,40}(?:ありません|見つかりません|いません)`),
	regexp.MustCompile(`(?:언급|정보|내용|답변?|설명)[^.]{0,12}(?:없습니다|없다|않습니다|찾을 수 없)|(?:지문|본문|구절|발췌)[^.]{0,40}(?:없습니다|않습니다|않았습니다)`),
}

// Denies reports whether a sentence says that the passages do not hold the
// answer, in one of the bot's six languages. Such a sentence is about what was
// given, never about the episode, and cannot be cited.
func Denies(text string) bool {
	if len(text) > maxSentence {
		return false
	}
	if notFoundWords.MatchString(text) || strings.Contains(text, "NOT FOUND") {
		return true
	}
	for _, re := range denials {
		if re.MatchString(text) {
			return true
		}
	}
	return false
}

// beginsNotFound reports whether a reply is NOT FOUND as a whole: it begins so.
func beginsNotFound(text string) bool {
	text = strings.TrimLeft(plain(strings.TrimLeft(text, " \n#>-*`\"“'")), " \"“'`*:[(")
	if at := leadIn.FindStringIndex(text); at != nil {
		text = strings.TrimLeft(plain(text[at[1]:]), " \n\"“'`*[(")
	}
	for _, words := range []string{"NOT FOUND", "NOT_FOUND", "NOTFOUND", "Not found", "Not Found"} {
		if rest, ok := strings.CutPrefix(text, words); ok {
			return words[1] == 'O' || strings.Trim(rest, " .!*\"”`\n") == ""
		}
	}
	return false
}

// beginsLike reports whether words may go on to begin with text: what a draft
// shows of NOT FOUND.
func beginsLike(text, words string) bool {
	return text != "" && strings.HasPrefix(words, strings.ToUpper(strings.Trim(text, " .*\"“`")))
}
