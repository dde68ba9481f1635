package prompts

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	// courtesy is a sentence that says nothing.
	courtesy = regexp.MustCompile(`(?i)^(?:sure(?: thing)?|certainly|of course|absolutely|ok(?:ay)?|great question|good question|thank you(?: for .{0,60})?|i hope (?:this|that) helps.{0,40}|let me know if .{0,120}|(?:please )?feel free to .{0,120}|is there anything else .{0,80}|i(?:'m| am) (?:sorry|happy to help).{0,40}|the answer is(?: as follows)?|natürlich|gerne?|bien sûr|claro|por supuesto|はい|네)[!.,。]*$`)
	// leadIn is what stands before an answer, up to a colon or a comma.
	leadIn = regexp.MustCompile(`(?i)^(?:(?:sure(?: thing)?|certainly|of course|okay|ok|absolutely|yes, here)[!,.]?\s+)?` +
		`(?:(?:the )?(?:final |short |revised |corrected |rewritten |updated )?(?:answer|response|reply|antwort|réponse|respuesta|回答|答え|답변|답)(?: to (?:the|your) question)?(?: is(?: as follows)?)?\s*[:：]` +
		`|here(?:'s| is| are)\b[^.:!?]{0,120}:` +
		`|(?:based on|according to|from|in|per)\s+(?:only\s+)?(?:the\s+)?(?:information (?:in|from)\s+)?(?:the\s+)?(?:given |provided |numbered |above |podcast )*(?:passages?|transcripts?|text|excerpts?|context|information)(?: (?:provided|given|above))?\s*,` +
		`|(?:laut|gemäß|nach) (?:den|dem) (?:passagen|text|abschnitten)\s*,?` +
		`|(?:d'après|selon) les (?:passages|extraits)\s*,` +
		`|(?:según|de acuerdo con) los (?:pasajes|fragmentos)\s*,)\s*`)
	// citing is a lead-in that names the passage.
	citing = regexp.MustCompile(`(?i)^(?:(?:according to|as (?:stated|mentioned|said|noted|described|shown|seen) in|based on|in|from|per)\s+(?:the\s+)?` +
		`passages?\s*#?(\d{1,3}(?:\s*(?:,|and|&)\s*(?:passages?\s*)?\d{1,3}){0,9})\s*(?:,|:)\s*` +
		`|passages?\s*#?(\d{1,3}(?:\s*(?:,|and|&)\s*(?:passages?\s*)?\d{1,3}){0,9})\s+(?:says?|states?|mentions?|notes?|explains?|describes?|shows?|indicates?|reveals?|tells us|confirms?)(?:\s+that)?[,:]?\s+)`)
	// unnamed is "the passage says that" where marks name the passage.
	unnamed = regexp.MustCompile(`(?i)^(?:the|this)\s+(?:passages?|transcripts?|text|excerpts?)\s+(?:also\s+)?(?:says?|states?|mentions?|notes?|explains?|indicates?|reveals?|confirms?)\s+that\s+`)
	// ofPassages is a sentence about what was given rather than what was said.
	ofPassages = regexp.MustCompile(`(?i)^(?:the|this|these|all|both)\s+(?:of the\s+)?(?:given |provided |above |numbered )*passages?\s+(?:is|are|was|were|(?:also\s+)?(?:discuss|describe|talk|focus|highlight|cover|provide|refer|contain|do(?:es)? discuss)\w*)\b`)
	// dangling is a lead-in whose mark has been taken out: "According to," .
	dangling = regexp.MustCompile(`(?i)^(?:according to|as (?:stated|mentioned|said|noted|described|shown|seen) in|based on|in|from|per)\s*,\s*`)
	// butTail parts what a sentence denies from what it claims after all.
	butTail = regexp.MustCompile(`(?i)[,;]\s*(?:but|however|though|although|aber|jedoch|mais|pero)\b,?\s*`)
)

// strip takes lead-ins off a sentence. The text is "" when nothing is left that
// claims anything; denied says that the sentence says the passages do not tell.
func strip(text string, marks []int) (stripped string, all []int, denied bool) {
	all = marks
	text = strings.TrimSpace(text)
	for range 4 {
		before := text
		if m := citing.FindStringSubmatchIndex(text); m != nil {
			numbers := m[2:4]
			if m[2] < 0 {
				numbers = m[4:6]
			}
			all = addMarks(append([]int(nil), all...), parseNumbers(text[numbers[0]:numbers[1]]))
			text = text[m[1]:]
		}
		if at := leadIn.FindStringIndex(text); at != nil {
			text = text[at[1]:]
		}
		if at := unnamed.FindStringIndex(text); at != nil && !Denies(text) {
			text = text[at[1]:]
		}
		if at := dangling.FindStringIndex(text); at != nil {
			text = text[at[1]:]
		}
		if text == before {
			break
		}
		text = capital(strings.TrimSpace(text))
	}
	if Denies(text) {
		denied = true
		text = afterBut(text, len(all) > 0)
	}
	if echoes(text) || courtesy.MatchString(text) || ofPassages.MatchString(text) || strings.HasSuffix(text, ":") || strings.HasSuffix(text, "：") || strings.HasSuffix(text, "?") || strings.HasSuffix(text, "？") {
		return "", nil, denied // a question claims nothing
	}
	return text, all, denied
}

// told is all that the templates say, squashed.
var told = func() string {
	var b strings.Builder
	for name := range forms {
		b.WriteString(squash(mustRead(name)))
	}
	return b.String()
}()

// leastEcho is the fewest letters of a sentence that is told from chance.
const leastEcho = 16

// echoes reports whether a sentence is a piece of the instructions, which small
// models repeat.
func echoes(text string) bool {
	key := squash(text)
	return len(key) >= leastEcho && strings.Contains(told, key)
}

// afterBut is what a sentence claims after it has denied that the passages tell
// it all: only a marked one can.
func afterBut(text string, marked bool) string {
	at := butTail.FindStringIndex(text)
	if !marked || at == nil {
		return ""
	}
	tail := text[at[1]:]
	if len(strings.Fields(tail)) < 4 || Denies(tail) {
		return ""
	}
	return capital(tail)
}

// capital makes the first letter a capital one.
func capital(text string) string {
	r, size := utf8.DecodeRuneInString(text)
	if size == 0 || !unicode.IsLower(r) {
		return text
	}
	return string(unicode.ToUpper(r)) + text[size:]
}
