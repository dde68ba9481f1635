package bot

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"verbatim/retrieval"
)

const (
	// maxSearch is how many bytes of what was typed are looked at; Discord
	// sends no more than some hundred characters for autocompletion.
	maxSearch = 400
	// maxSearchWords is how many of its words are.
	maxSearchWords = 24
)

// search is what a user typed to find an episode or a speaker.
type search struct {
	// text is all words folded and joined by spaces.
	text string
	// day is the beginning of a date, "2025-0", when nothing else was typed.
	day   string
	words []searchWord
}

// searchWord is one word, or a date in numbers.
type searchWord struct {
	text string
	// days are readings of the word as a day, month or year, any of which is
	// enough; none for most words.
	days []dayPattern
	// phrase is true when text is several words, those of a date.
	phrase bool
}

// dayPattern is a date of which some parts are known; 0 is any.
type dayPattern struct {
	year, day int
	months    uint16 // bit 1 is January
}

func (p dayPattern) matches(date time.Time) bool {
	return !date.IsZero() && (p.year == 0 || p.year == date.Year()) && (p.day == 0 || p.day == date.Day()) &&
		(p.months == 0 || p.months&(1<<date.Month()) != 0)
}

var (
	isoDay      = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?[.,]?$`)
	numbersDay  = regexp.MustCompile(`^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})[.,]?$`)
	dayBegin    = regexp.MustCompile(`^\d{4}-(?:\d{1,2}(?:-\d{0,2})?)?$`)
	eastAsian   = regexp.MustCompile(`(\d{4})\s?[年년](?:\s?(\d{1,2})\s?[月월](?:\s?(\d{1,2})\s?[日일])?)?`)
	eastMonth   = regexp.MustCompile(`(\d{1,2})\s?[月월](?:\s?(\d{1,2})\s?[日일])?`)
	ordinalTail = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th|er)$`)
)

// parseSearch reads what was typed: dates as ISO 8601 and as people of the
// bot's languages write them, everything else as words.
func parseSearch(typed string) search {
	typed = strings.ToValidUTF8(cutBytes(strings.TrimSpace(typed), maxSearch), "")
	s := search{text: foldText(typed)}
	if dayBegin.MatchString(typed) {
		s.day = typed
	}
	typed = eastAsian.ReplaceAllStringFunc(typed, func(m string) string {
		parts := eastAsian.FindStringSubmatch(m)
		return " " + strings.TrimRight(strings.Join(parts[1:], "-"), "-") + " "
	})
	typed = eastMonth.ReplaceAllStringFunc(typed, func(m string) string {
		parts := eastMonth.FindStringSubmatch(m)
		n, _ := strconv.Atoi(parts[1])
		if n < 1 || n > 12 {
			return m
		}
		return " " + strings.ToLower(time.Month(n).String()) + " " + parts[2] + " "
	})
	for chunk := range strings.FieldsSeq(typed) {
		if days := numericDay(chunk); days != nil {
			s.words = append(s.words, searchWord{text: foldText(chunk), days: days, phrase: true})
			continue
		}
		for _, t := range retrieval.Tokens(chunk) {
			s.words = append(s.words, searchWord{text: t.Word, days: wordDays(t.Word)})
		}
	}
	s.words = s.words[:min(len(s.words), maxSearchWords)]
	s.readDays()
	return s
}

// foldText is the folded words of a text joined by single spaces.
func foldText(text string) string {
	tokens := retrieval.Tokens(text)
	words := make([]string, len(tokens))
	for i := range tokens {
		words[i] = tokens[i].Word
	}
	return strings.Join(words, " ")
}

// cutBytes is at most n bytes of a text, cut between characters.
func cutBytes(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && text[n]&0xC0 == 0x80 {
		n--
	}
	return text[:n]
}

// numericDay reads 2025-03, 2025-03-06, 06.03.2025 and 3/6/2025: where day and
// month are not clear, either will do.
func numericDay(chunk string) []dayPattern {
	if m := isoDay.FindStringSubmatch(chunk); m != nil {
		return validDays(number(m[1]), number(m[2]), number(m[3]))
	}
	m := numbersDay.FindStringSubmatch(chunk)
	if m == nil {
		return nil
	}
	year, a, b := number(m[3]), number(m[1]), number(m[2])
	return append(validDays(year, b, a), validDays(year, a, b)...)
}

// validDays is the pattern of these numbers, none if they are no date. Day 0
// is any day.
func validDays(year, month, day int) []dayPattern {
	if month < 1 || month > 12 || day > 31 {
		return nil
	}
	return []dayPattern{{year: year, months: 1 << month, day: day}}
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// wordDays reads a word as a year or a month.
func wordDays(word string) []dayPattern {
	if len(word) == 4 && (strings.HasPrefix(word, "19") || strings.HasPrefix(word, "20")) {
		if year, err := strconv.Atoi(word); err == nil {
			return []dayPattern{{year: year}}
		}
	}
	if months := monthsOf(word); months != 0 {
		return []dayPattern{{months: months}}
	}
	return nil
}

// readDays reads numbers beside a month as days.
func (s *search) readDays() {
	isMonth := func(i int) bool {
		return i >= 0 && i < len(s.words) && !s.words[i].phrase && len(s.words[i].days) > 0 && s.words[i].days[0].months != 0
	}
	for i := range s.words {
		w := &s.words[i]
		if w.phrase || !isMonth(i-1) && !isMonth(i+1) {
			continue
		}
		digits := w.text
		if m := ordinalTail.FindStringSubmatch(digits); m != nil {
			digits = m[1]
		}
		if day := number(digits); len(digits) <= 2 && day >= 1 && day <= 31 {
			w.days = []dayPattern{{day: day}}
		}
	}
}

// monthNames are those of English, German, French and Spanish, folded.
var monthNames = [13][]string{
	1: {"january", "januar", "janvier", "enero"}, 2: {"february", "februar", "fevrier", "febrero"}, 3: {"march", "marz", "maerz", "mars", "marzo"},
	4: {"april", "avril", "abril"}, 5: {"may", "mai", "mayo"}, 6: {"june", "juni", "juin", "junio"}, 7: {"july", "juli", "juillet", "julio"},
	8: {"august", "aout", "agosto"}, 9: {"september", "septembre", "septiembre"}, 10: {"october", "oktober", "octobre", "octubre"},
	11: {"november", "novembre", "noviembre"}, 12: {"december", "dezember", "decembre", "diciembre"},
}

// monthsOf are the months whose name begins with the word, of three letters at
// least.
func monthsOf(word string) uint16 {
	months := uint16(0)
	if len(word) < 3 {
		return 0
	}
	for month, names := range monthNames {
		for _, name := range names {
			if strings.HasPrefix(name, word) {
				months |= 1 << month
			}
		}
	}
	return months
}
