package prompts

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a mark is made of: a word for passage in the languages that the bot
// speaks, numbers, and what joins them.
const (
	passageWord  = `(?:passages?|sources?|points?|lines?|refs?|passagen?|abschnitte?|quellen?|extraits?|pasajes?|fragmentos?|fuentes?|p|no|nr|パッセージ|出典|구절|지문|출처)\.?`
	markNumber   = `(?:` + passageWord + `\s*)?[#^]?\s*\d{1,3}`
	markJoin     = `\s*(?:,|;|/|&|、|，|-|–|and|und|et|y|to|bis|à)\s*`
	markNumbers  = markNumber + `(?:` + markJoin + markNumber + `){0,11}`
	markTrailing = `(?:\s*†[^\]】]{0,40}|\s*[,:]\s*\d{1,2}(?::\d{2}){1,2})?`
)

var (
	// squareMark is [1], [1, 2], [passage 3], 【1†source】, [^1], [2](link).
	squareMark = regexp.MustCompile(`(?i)[\[【［]\s*(` + markNumbers + `)` + markTrailing + `\s*[\]】］](?:\([^()\s]{0,200}\))?`)
	// namedMark is (passage 3).
	namedMark = regexp.MustCompile(`(?i)\(\s*(?:see\s+|cf\.\s+)?(` + passageWord + `\s*\d{1,3}(?:` + markJoin + markNumber + `){0,11})\s*\)`)
	// roundMark is (1) or (1, 2): a mark only at the end of a sentence.
	roundMark = regexp.MustCompile(`\(\s*(\d{1,2}(?:\s*,\s*\d{1,2}){0,11})\s*\)`)
	// caretMark is word^1; superMark is word¹.
	caretMark = regexp.MustCompile(`\^(\d{1,2})\b`)
	superMark = regexp.MustCompile(`([¹²³⁰⁴-⁹]{1,2})`)
	// emptyMark is a mark copied from the instructions without a number.
	emptyMark = regexp.MustCompile(`(?i)[\[【]\s*(?:n|x|number|passage|passage number|citation|source)\s*[\]】]`)
	// copiedHead is time and speaker of a passage, copied with its number.
	copiedHead = regexp.MustCompile(`^\s*\((?:[^()]{0,120}, )?\d{1,2}(?::\d{2}){1,2}(?:, [^()]{0,80})?\)`)
	// partMark is a mark that a draft has begun.
	partMark = regexp.MustCompile(`\s*[\[【［(^][^\]】］)\[【［(]{0,60}$`)
)

// placed is a mark at an offset of the text that it was taken out of.
type placed struct {
	at      int
	numbers []int
}

// takeMarks takes the marks out of a line and says where they stood. Spaces
// before them go with them.
func takeMarks(line string) (string, []placed) {
	if !strings.ContainsAny(line, "[【［(^¹²³⁰⁴⁵⁶⁷⁸⁹") {
		return line, nil
	}
	var b strings.Builder
	var marks []placed
	from := 0
	for _, m := range findMarks(line) {
		if m.start < from {
			continue
		}
		b.WriteString(strings.TrimRight(line[from:m.start], " "))
		marks = append(marks, placed{at: b.Len(), numbers: m.numbers})
		from = m.end
		if head := copiedHead.FindString(line[from:]); head != "" {
			from += len(head)
		}
	}
	b.WriteString(line[from:])
	return b.String(), marks
}

// found is a mark and where it stands in a line.
type found struct {
	start, end int
	numbers    []int
}

// findMarks finds all that may be marks, by their starts; some may overlap.
func findMarks(line string) []found {
	var all []found
	find := func(re *regexp.Regexp, ok func(before, after string) bool) {
		for _, m := range re.FindAllStringSubmatchIndex(line, -1) {
			if ok != nil && !ok(line[:m[0]], line[m[1]:]) {
				continue
			}
			f := found{start: m[0], end: m[1]}
			if len(m) > 2 {
				f.numbers = parseNumbers(superscripts.Replace(line[m[2]:m[3]]))
			}
			all = append(all, f)
		}
	}
	find(squareMark, nil)
	find(emptyMark, nil)
	find(namedMark, nil)
	find(roundMark, endsSentence)
	find(caretMark, afterWord)
	find(superMark, afterWord)
	slices.SortStableFunc(all, func(a, b found) int { return a.start - b.start })
	return all
}

var superscripts = strings.NewReplacer("⁰", "0", "¹", "1", "²", "2", "³", "3", "⁴", "4", "⁵", "5", "⁶", "6", "⁷", "7", "⁸", "8", "⁹", "9")

// endsSentence reports whether a number in round brackets stands where marks do:
// before a full stop, after one, or at the end.
func endsSentence(before, after string) bool {
	after = strings.TrimLeft(after[:min(len(after), 8)], " ")
	before = strings.TrimRight(before[max(0, len(before)-8):], " ")
	if before == "" {
		return false // "(1) first, (2) second"
	}
	if after == "" || strings.ContainsAny(after[:1], ".!?([") || strings.HasPrefix(after, "。") {
		return true
	}
	last, _ := utf8.DecodeLastRuneInString(before)
	return strings.ContainsRune(".!?。！？”\"", last)
}

// afterWord reports whether a raised number stands where marks do: after a word
// or a full stop, not as an exponent.
func afterWord(before, _ string) bool {
	last, size := utf8.DecodeLastRuneInString(before)
	if strings.ContainsRune(".,;!?。！？”\"’)", last) {
		return true
	}
	previous, _ := utf8.DecodeLastRuneInString(before[:len(before)-size])
	return unicode.IsLetter(last) && unicode.IsLetter(previous) && !strings.HasSuffix(before, "km") && !strings.HasSuffix(before, "cm") && !strings.HasSuffix(before, "mm")
}

var (
	numberRun = regexp.MustCompile(`\d{1,4}`)
	rangeSign = regexp.MustCompile(`^\s*(?:-|–|to|bis|à)\s*$`)
)

// parseNumbers reads the numbers of a mark, ranges of at most ten filled.
func parseNumbers(text string) []int {
	var numbers []int
	end := 0
	for i, at := range numberRun.FindAllStringIndex(text, maxMarks) {
		n, err := strconv.Atoi(text[at[0]:at[1]])
		if err != nil || n < 1 || n > maxNumber {
			continue
		}
		if last := len(numbers) - 1; i > 0 && last >= 0 && rangeSign.MatchString(text[end:at[0]]) && n > numbers[last] && n-numbers[last] < 10 {
			for k := numbers[last] + 1; k < n; k++ {
				numbers = append(numbers, k)
			}
		}
		numbers = append(numbers, n)
		end = at[1]
	}
	return numbers
}

// addMarks adds numbers to marks, each once, in the order of their coming.
func addMarks(marks, numbers []int) []int {
	for _, n := range numbers {
		if len(marks) < maxMarks && !slices.Contains(marks, n) {
			marks = append(marks, n)
		}
	}
	return marks
}
