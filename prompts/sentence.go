package prompts

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxQuoted is how long a quotation may be, in bytes, for its inner full stops
// to end nothing; a quotation mark without its fellow is passed over.
const maxQuoted = 700

// readSentences cuts a line of a reply into sentences with their marks. Ended
// says that the line is complete; the last sentences of one that is not may still
// change.
func readSentences(line string, ended bool) []sentence {
	text, open := line, ""
	if !ended {
		if at := partMark.FindStringIndex(line); at != nil {
			text, open = line[:at[0]], line[at[0]:]
		}
	}
	text, marks := takeMarks(text)
	ends := sentenceEnds(text, marks)
	leading := leads(text, marks, ends[0])
	sentences := make([]sentence, 0, len(ends))
	from, next := 0, 0
	var carried []int // marks that stood before any word
	for i, end := range ends {
		s := sentence{leading: leading, settled: ended}
		for next < len(marks) && (marks[next].at < end || marks[next].at == end && (!leading || i == len(ends)-1)) {
			s.marks = addMarks(s.marks, marks[next].numbers)
			next++
		}
		s.text = tidy(text[from:end])
		if !ended {
			s.settled = settledAfter(text[end:])
		}
		from = end
		if s.text == "" {
			if n := len(sentences); n > 0 && !leading {
				sentences[n-1].marks = addMarks(sentences[n-1].marks, s.marks)
			} else {
				carried = s.marks
			}
			continue
		}
		s.marks, carried = addMarks(carried, s.marks), nil
		sentences = append(sentences, s)
	}
	if open != "" {
		sentences = append(sentences, sentence{text: ""})
	}
	return sentences
}

// leads reports whether marks stand before their sentences in a line: it begins with
// one, and its first sentence, which ends at end, has no other.
func leads(text string, marks []placed, end int) bool {
	before := 0
	for before < len(marks) && strings.TrimSpace(text[:marks[before].at]) == "" {
		before++
	}
	return before > 0 && (before == len(marks) || marks[before].at >= end)
}

// settledAfter reports whether what follows a sentence in a draft shows that it
// has ended: a whole word that begins the next.
func settledAfter(rest string) bool {
	rest = strings.TrimLeft(rest, " ")
	i := strings.IndexByte(rest, ' ')
	if i < 0 {
		return utf8.RuneCountInString(rest) >= 12 // scripts without spaces
	}
	return strings.ContainsFunc(rest[:i], func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// tidy closes the gaps that marks have left.
func tidy(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	for _, stop := range []string{".", ",", ";", "!", "?", ":", ")"} {
		if strings.Contains(text, " "+stop) {
			text = strings.ReplaceAll(text, " "+stop, stop)
		}
	}
	for strings.HasSuffix(text, "..") && !strings.HasSuffix(text, "...") {
		text = text[:len(text)-1] // a stop before the mark and one after it
	}
	return text
}

// sentenceEnds are the offsets after each sentence of text, the last being its
// length. Where marks stand, a full stop ends a sentence though an abbreviation
// may have it.
func sentenceEnds(text string, marks []placed) []int {
	var ends []int
	marked := map[int]bool{}
	for _, m := range marks {
		marked[m.at] = true
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if n := quoted(text[i:], r, size); n > 0 {
			i += n
			if inner := strings.TrimRight(text[max(0, i-12):i], "”\"“»」』’'"); len(inner) > 0 && strings.ContainsAny(inner[len(inner)-1:], ".!?") && beginsSentence(text[i:], marked[i]) {
				ends = append(ends, i)
			}
			continue
		}
		end := stopAt(text, i, r, size, marked)
		if end < 0 {
			i += size
			continue
		}
		ends = append(ends, end)
		i = end
	}
	if len(ends) == 0 || ends[len(ends)-1] < len(text) {
		ends = append(ends, len(text))
	}
	return ends
}

// stopAt is the offset after the sentence whose mark stands at text[i], -1 when
// none ends there.
func stopAt(text string, i int, r rune, size int, marked map[int]bool) int {
	end := i + size
	switch r {
	case '。', '！', '？':
		for end < len(text) {
			closer, n := utf8.DecodeRuneInString(text[end:])
			if !strings.ContainsRune("。！？」』”）", closer) {
				break
			}
			end += n
		}
		return end
	case '.', '!', '?', '…':
	default:
		return -1
	}
	for end < len(text) {
		closer, n := utf8.DecodeRuneInString(text[end:])
		if !strings.ContainsRune(".?!…\"'”’)]»", closer) {
			break
		}
		end += n
	}
	cited := false
	for k := i; k <= end; k++ {
		cited = cited || marked[k]
	}
	if end < len(text) && !cited && text[end] != ' ' {
		return -1
	}
	if !beginsSentence(text[end:], cited) || r == '.' && !cited && abbreviated(text[:i], text[end:]) {
		return -1
	}
	return end
}

// beginsSentence reports whether rest may begin a sentence; after a mark anything
// but a small letter may.
func beginsSentence(rest string, cited bool) bool {
	next := strings.TrimLeft(rest, " \"'“‘(«„")
	if next == "" {
		return true
	}
	if !cited && rest[0] != ' ' {
		return false
	}
	r, _ := utf8.DecodeRuneInString(next)
	return !unicode.IsLower(r)
}

// fellows are quotation marks and those that close them.
var fellows = map[rune]string{'“': "”", '„': "“”", '«': "»", '「': "」", '『': "』", '"': "\""}

// quoted is the length of the quotation that begins text, 0 when none does or it
// does not end.
func quoted(text string, r rune, size int) int {
	closers, ok := fellows[r]
	if !ok {
		return 0
	}
	inner := text[size:min(len(text), size+maxQuoted)]
	i := strings.IndexAny(inner, closers)
	if i < 0 {
		return 0
	}
	_, n := utf8.DecodeRuneInString(inner[i:])
	return size + i + n
}

// abbreviations end in a full stop that ends no sentence. Those in their second
// list may end one, and do where a capital follows.
var (
	abbreviations = wordSet("mr mrs ms mx dr prof st sr vs gen col lt sgt capt rep sen gov rev hon messrs mme mlle " +
		"e.g i.e cf dept approx fig vol ed no nr art ca bzw z.b d.h u.a evtl ggf sog inkl usw. sra srta ud uds ee.uu p.ej av jan feb mar apr jun jul aug sep sept oct nov dec")
	germanMonths = wordSet("januar februar märz april mai juni juli august september oktober november dezember jahrhundert")
)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// abbreviated reports whether the full stop between before and after ends an
// abbreviation, an initial or a German ordinal rather than a sentence.
func abbreviated(before, after string) bool {
	start := strings.LastIndexAny(before, " \u00a0") + 1
	word := strings.TrimLeft(before[start:], "\"'“‘([«„")
	next, _, _ := strings.Cut(strings.TrimLeft(after, " "), " ")
	lower := strings.ToLower(word)
	if lower == "no" || lower == "art" || lower == "nr" || lower == "mar" || lower == "ed" {
		return next != "" && next[0] >= '0' && next[0] <= '9' // "No. 5", but "He said no. Then"
	}
	if abbreviations[lower] {
		return true
	}
	if word == "" {
		return false
	}
	if len(word) <= 2 && strings.Trim(word, "0123456789") == "" {
		return germanMonths[strings.ToLower(strings.TrimRight(next, ".,;"))]
	}
	last := word[len(word)-1]
	initial := last >= 'A' && last <= 'Z' && (len(word) == 1 && last != 'I' || len(word) > 1 && word[len(word)-2] == '.')
	return initial && strings.TrimSpace(after) != ""
}
