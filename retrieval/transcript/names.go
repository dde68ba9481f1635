package transcript

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is the longest name in bytes, and maxLabel the longest label, which
// may say more in brackets: "Mr. Randy Hoback (Prince Albert, CPC)".
const (
	maxName  = 60
	maxLabel = 120
)

// nameKind says how much a label looks like a speaker's name.
type nameKind int

const (
	noName nameKind = iota
	// lowerName is one word in lower case, such as a user name: a name only
	// where it recurs.
	lowerName
	// looseName is like a name but for a comma: "Ada Quay, Harbour Master". It
	// is a speaker only where it recurs or has a time.
	looseName
	// properName has capitals as names have them.
	properName
	// genericName is what programs write for a voice: "Speaker 1".
	genericName
)

// generic are first words of labels that programs give, with a number or
// letter behind them.
var generic = wordSet(`speaker spk speaker_ interviewer interviewee host guest moderator narrator unknown`)

// particles are words in lower case that stand within names.
var particles = wordSet(`van von der den de del della di da dos das du la le el al bin ibn ben y e of the an and und et ter ten zu zur`)

// leading are the particles that a name may begin with.
var leading = wordSet(`van von de del della di da du la le el al bin ibn ben`)

// notNames are whole labels that stand before a colon in speech and documents
// without being anybody's name.
var notNames = wordSet(`note notes nb ps warning caution disclaimer example examples http https ftp mailto url link links
	source sources title subtitle date subject re summary description keywords tags duration length file filename
	copyright time timestamp update updated correction edit edited fyi btw tldr spoiler reminder remember hint tip fact
	facts point step chapter section part episode show topic topics agenda attendees participants speakers present
	location transcript transcription contents references audio video media published recorded language email website web
	phone address author authors category id intro outro
	so and but or now then well yes no yeah okay ok right look listen anyway again also first second third firstly
	secondly thirdly finally lastly next today tomorrow yesterday problem solution result results conclusion because however
	basically actually honestly seriously meaning namely i you he she it we they this that these those here there what who
	why how when where which one two three four five six seven eight nine ten
	注意 备注 问题 答案 标题 日期 时间 来源 主题 例如 首先 其次 最后 结论 总结 摘要 目录`)

// credentials follow a name and a comma, written without dots.
var credentials = wordSet(`phd md jd mba rn esq jr sr cpa dds dvm facp facs mph msc ba bsc ma ms mp mpp mep mla qc kc obe mbe cbe
	ceo cto cfo coo pe cfa lcsw ii iii iv`)

// notFirst are first words that no label of several words has that is a name.
var notFirst = wordSet(`and but so or if when because what why how who where which i you we they he she it this that these
	those here there my your our his her their its chapter step part section episode figure table note example question
	answer topic season act scene day week month year`)

// sounds are words that make a bracketed text the description of a sound.
var sounds = wordSet(`music musical applause laughter laughs laughing laugh chuckles chuckling cheering cheers crosstalk
	inaudible silence sigh sighs sighing gasp gasps noise noises foreign unintelligible indiscernible coughs coughing cough
	clapping singing sings whispering speaking speaks sound sounds beep bleep static ringing rings playing plays theme
	intro outro jingle break ad ads blank_audio audio pause video clip chatter chattering murmurs murmuring footsteps
	sniffles sniffs groans moans grunts screams screaming shouting exhales inhales sobs sobbing buzzing beeps bleeps bleeped
	buzzer whistles humming hums instrumental indistinct unclear garbled overlapping expletive redacted censored sic verse`)

// noises are further words that make a bracketed text doubtful: sounds that
// are surnames as well, what makes them, languages, and remarks.
var noises = wordSet(`bell bells door doors dog dogs phone phones knock knocks horn horns siren sirens wind thunder engine
	whistle scream shout cry cries crowd audience breath breathes clears throat snores yawns claps bangs thud crash explosion
	gunshot gunshots barks rain water song songs melody piano guitar drums drum band choir tune translation translated
	translator interpreter subtitle subtitles captions caption continues continued end start begin beginning recording
	recorded cut fade scene english spanish french german italian portuguese russian ukrainian japanese chinese mandarin
	cantonese korean arabic hebrew hindi latin greek dutch polish turkish swedish in all both together everyone everybody
	various male female man woman voices unknown sponsor sponsors advertisement commercial promo blank slide slides screen
	link image photo chapter chorus refrain`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// kindOfName judges a label by its form alone; whether it is a speaker depends
// on the whole file.
func kindOfName(label string) nameKind {
	name := withoutCredentials(withoutParenthesis(label))
	if name == "" || len(name) > maxName || len(label) > maxLabel || !utf8.ValidString(name) {
		return noName
	}
	words := strings.Fields(name)
	lower := strings.ToLower(name)
	switch {
	case len(words) == 0, len(words) > 6, notNames[lower], len(words) > 1 && notFirst[strings.ToLower(words[0])]:
		return noName
	case isGeneric(words):
		return genericName
	case strings.Contains(name, ","):
		return kindOfList(name)
	case len(words) == 1 && isLowerWord(name):
		return lowerName
	}
	proper := false
	for i, w := range words {
		first, last := i == 0, i == len(words)-1
		if particles[w] {
			if first && !leading[w] || last {
				return noName
			}
			continue
		}
		if w == "&" && !first && !last {
			continue
		}
		if !first && isNumber(w) {
			continue
		}
		if !isNameWord(w) {
			return noName
		}
		proper = true
	}
	if !proper {
		return noName
	}
	return properName
}

// kindOfList judges names, or a name and an office, with commas between them.
func kindOfList(name string) nameKind {
	for part := range strings.SplitSeq(name, ",") {
		if part = strings.TrimSpace(part); part == "" || kindOfName(part) < properName {
			return noName
		}
	}
	return looseName
}

// withoutParenthesis takes an addition in round brackets off a label's end, as
// in "Matt Corallo (MC)".
func withoutParenthesis(label string) string {
	if i := strings.Index(label, " ("); i > 0 && strings.HasSuffix(label, ")") {
		return label[:i]
	}
	return label
}

// withoutCredentials takes degrees and the like off a name's end, as in "Dr
// Jane Q. Public, PhD".
func withoutCredentials(name string) string {
	for {
		i := strings.LastIndexByte(name, ',')
		if i <= 0 || !credentials[strings.ToLower(strings.ReplaceAll(strings.TrimSpace(name[i+1:]), ".", ""))] {
			return name
		}
		name = strings.TrimSpace(name[:i])
	}
}

// isGeneric reports labels such as "Speaker 1", "SPEAKER_00", "Host" or
// "Speaker A".
func isGeneric(words []string) bool {
	head, tail := strings.ToLower(words[0]), ""
	switch {
	case len(words) == 2:
		tail = words[1]
	case len(words) > 2:
		return false
	default:
		if i := strings.IndexAny(head, "_-#0123456789"); i > 0 {
			head, tail = head[:i], strings.TrimLeft(head[i:], "_-#")
		}
	}
	if !generic[head] {
		return false
	}
	tail = strings.TrimLeft(tail, "#")
	if tail == "" {
		return head != "speaker" || words[0] == "Speaker" || words[0] == "SPEAKER"
	}
	return isNumber(tail) || len(tail) == 1
}

// isNumber reports a number of up to four digits, as in "Speaker 12" or
// "MAN #2".
func isNumber(w string) bool {
	w = strings.TrimPrefix(w, "#")
	return w != "" && len(w) <= 4 && strings.Trim(w, "0123456789") == ""
}

// isLowerWord reports a word of small letters, digits and joints.
func isLowerWord(w string) bool {
	for i, r := range w {
		letter := unicode.IsLower(r)
		if !letter && (i == 0 || !unicode.IsDigit(r) && r != '_' && r != '-' && r != '.') {
			return false
		}
	}
	return len(w) > 0 && !strings.HasSuffix(w, ".")
}

// isNameWord reports a word that begins as names begin and holds nothing that
// names do not hold. Letters of scripts without case count as capitals.
func isNameWord(w string) bool {
	w = strings.Trim(w, `"“”`)
	for _, end := range []string{"'s", "’s", "'re", "’re", "'ll", "’ll", "'ve", "’ve", "'m", "’m", "n't", "n’t"} {
		if strings.HasSuffix(strings.ToLower(w), end) {
			return false
		}
	}
	begin := true
	for _, r := range w {
		switch {
		case begin && (unicode.IsUpper(r) || unicode.IsTitle(r) || unicode.Is(unicode.Lo, r)):
		case begin && r == '@' && len(w) > 1: // a handle
		case begin && strings.ContainsAny(w, "'’") && (strings.HasPrefix(w, "d") || strings.HasPrefix(w, "l")):
			// d'Entremont, l'Ouverture
		case begin:
			return false
		case unicode.IsLetter(r), unicode.IsMark(r), unicode.IsDigit(r), strings.ContainsRune("'’.-‐_/&·", r):
		default:
			return false
		}
		begin = false
	}
	return !begin
}

// isSound reports the words of a bracket that describe a sound or a remark of
// the transcriber, not a person.
func isSound(words string) bool {
	for w := range strings.FieldsSeq(strings.ToLower(words)) {
		if sounds[strings.Trim(w, ".,:!♪")] {
			return true
		}
	}
	return false
}

// isCaps reports a label all in capitals, as captions for the deaf have it:
// "MAN", "DR. SMITH", "WOMAN #2".
func isCaps(name string) bool {
	letters := 0
	for _, r := range name {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			letters++
		}
	}
	return letters >= 2
}
