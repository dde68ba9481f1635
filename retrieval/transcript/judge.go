package transcript

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// judge decides which of a file's candidate labels are speakers, and whether
// the file is evidently labelled. A wrong speaker is worse than none, so:
//
//   - A file is labelled when names recur (at least two names, four labels, one
//     line in a hundred; or one name on a tenth of the lines), when half of its
//     lines have a label, or when a label is one that nothing else has: a name
//     with a time, or "Speaker 1"; or when names in brackets are its labels
//     (see bracketed).
//   - In a labelled file a name that recurs is a speaker. A name that occurs
//     once is one if it has the form of the others, stands where a turn may
//     begin (which is anywhere if nearly every line has a label), and is no
//     word that the file uses in lower case as well.
//   - What stands there and looks like a name but for its form, or like a list
//     of names, may be another speaker: the turn before it ends.
//
// spoken is the number of lines with words, texts are those lines; they are
// looked at only if a name that occurs once has to be judged.
func judge(labels []label, spoken int, texts iter.Seq[string]) (verdicts []verdict, evident bool) {
	verdicts = make([]verdict, len(labels))
	b := weigh(labels, spoken)
	if !b.evident {
		return verdicts, false
	}
	ordinary := ordinaryWords(labels, b, texts)
	for i, l := range labels {
		switch {
		case b.recurs(l) || l.kind == genericName || l.timed && l.kind == properName:
			verdicts[i] = isSpeaker
		case l.form != bracketForm && b.count[withoutParenthesis(l.name)] > 1:
			verdicts[i] = isSpeaker // "The Chair (Mr. Bruce Stanton)" where "The Chair" recurs
		case l.form == bracketForm || l.kind != properName && l.kind != looseName:
		case !l.boundary && !b.uniform, ordinary.all(l.name):
		case (l.kind == properName || l.timed) && b.forms[l.form]:
			verdicts[i] = isSpeaker
		default:
			verdicts[i] = maySpeak
		}
	}
	return verdicts, true
}

// verdict is what judge says of a label.
type verdict int

const (
	noSpeaker verdict = iota // words like any others
	// maySpeak: perhaps somebody else speaks from here on, so that the words
	// are nobody's known.
	maySpeak
	isSpeaker
)

// balance is the evidence of a file's labels.
type balance struct {
	count   map[string]int
	forms   [numForms]bool // forms that labels above all doubt have
	evident bool
	// dense: half of the lines have a label; uniform: nearly all have one, so
	// that a line is a turn.
	dense, uniform bool
	// bracketed: names in square brackets are this file's labels.
	bracketed bool
}

// recurs reports a name that occurs often enough for its kind. A name in
// lower case, with commas or in brackets needs more, since ordinary words come that way;
// once is enough for a name in brackets where those are the file's labels.
func (b *balance) recurs(l label) bool {
	if b.bracketed && isBracketName(l) {
		return true
	}
	need := 2
	if l.kind < properName || l.form == bracketForm && !l.timed {
		need = 3
	}
	return b.count[l.name] >= need
}

// weigh counts the labels.
func weigh(labels []label, spoken int) *balance {
	b := &balance{count: map[string]int{}, bracketed: bracketed(labels, spoken)}
	for _, l := range labels {
		b.count[l.name]++
	}
	names := map[string]bool{}
	recurrent, shaped, sure := 0, 0, 0
	for _, l := range labels {
		if b.recurs(l) {
			recurrent++
			names[l.name] = true
			b.forms[l.form] = true
		}
		if l.kind >= properName && l.form != bracketForm {
			shaped++
		}
		if l.kind == genericName || l.timed && l.kind == properName {
			sure++
			b.forms[l.form] = true
		}
	}
	b.dense = shaped >= 2 && shaped*2 >= spoken
	b.uniform = b.dense && shaped*10 >= spoken*9
	b.evident = b.dense || sure > 0 || b.bracketed ||
		len(names) >= 2 && recurrent >= 4 && recurrent*100 >= spoken ||
		recurrent >= 3 && recurrent*10 >= spoken
	if b.dense {
		for _, l := range labels {
			b.forms[l.form] = true
		}
	}
	return b
}

// bracketed reports that names in square brackets are a file's labels: two or
// more names, or one that recurs, on half of the lines, or on a twentieth
// if each of the names begins a turn or sentence somewhere. Editors put words into brackets
// as well ("[Bitcoin] is old"), but less often and in the middle of sentences.
func bracketed(labels []label, spoken int) bool {
	n, others := 0, 0
	begins := map[string]bool{}
	for _, l := range labels {
		switch {
		case l.form == bracketForm && isBracketName(l):
			n++
			first, _ := utf8.DecodeRuneInString(l.rest)
			begins[l.name] = begins[l.name] || l.boundary || unicode.IsUpper(first)
		case l.form != bracketForm && l.kind >= properName:
			others++
		}
	}
	if n < 2 || n <= others || n*20 < spoken {
		return false
	}
	all := true
	for _, ok := range begins {
		all = all && ok
	}
	return all || n*2 >= spoken
}

// isBracketName reports "[Ada Quay] words", of which nothing says that it is a
// sound or a remark rather than a name.
func isBracketName(l label) bool {
	if l.form != bracketForm || l.kind != properName || l.rest == "" || strings.ContainsAny(l.rest[:1], "([") {
		return false
	}
	words := strings.Fields(strings.ToLower(l.name))
	for _, w := range words {
		if noises[w] || len(w) > 4 && strings.HasSuffix(w, "ing") {
			return false
		}
	}
	// "[DOG BARKS]" looks like "[ADA WILLIAMS]".
	return len(words) <= 4 && !(len(words) > 1 && isCaps(l.name) && strings.HasSuffix(words[len(words)-1], "s"))
}

// vocabulary is a set of words in lower case.
type vocabulary map[string]bool

// all reports that every word of the name is in the vocabulary.
func (v vocabulary) all(name string) bool {
	for w := range strings.FieldsSeq(strings.ToLower(withoutParenthesis(name))) {
		if !v[w] && !isNumber(w) {
			return false
		}
	}
	return true
}

// ordinaryWords returns those words of the names that occur once which the
// texts have in lower case: "Lightning:" is not a person where people speak of
// lightning.
func ordinaryWords(labels []label, b *balance, texts iter.Seq[string]) vocabulary {
	wanted := vocabulary{}
	for _, l := range labels {
		if (l.kind == properName || l.kind == looseName) && !b.recurs(l) {
			for w := range strings.FieldsSeq(strings.ToLower(l.name)) {
				// In scripts without case every name would be found.
				wanted[w] = w != strings.ToUpper(w)
			}
		}
	}
	found := vocabulary{}
	if len(wanted) == 0 {
		return found
	}
	for text := range texts {
		for w := range strings.FieldsFuncSeq(text, isWordEdge) {
			if wanted[w] {
				found[w] = true
			}
		}
	}
	return found
}

func isWordEdge(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’' && r != '-'
}
