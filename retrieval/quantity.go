package retrieval

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// QuantityKind says what sort of number a Quantity is.
type QuantityKind int

// The kinds.
const (
	Cardinal QuantityKind = iota // 26, "twenty-six", a year, an amount
	Ordinal                      // 26th, "third"
	Decade                       // "the seventies" is 70, 1970s is 1970
	Month                        // 1 to 12
	Weekday                      // 0, Sunday, to 6
	Clock                        // 10:30 is 1030
	Version                      // 24.0.1; Value is 0, the words decide
	Vague                        // "thousands"
)

// Quantity is a number, a date or the like in a text, in digits or in words.
type Quantity struct {
	// First and Last index the text's Tokens, both included.
	First, Last int
	Kind        QuantityKind
	// Value is never NaN.
	Value float64
	// Unit is "%", a currency as "dollar", or "" for anything else.
	Unit string
	// Text is the words as written.
	Text string
	// Weak marks what is often no number at all, as "one", "first", "both" or
	// "a second", and what only counts what is told: "second,", "the second
	// was", "two reasons".
	Weak bool
	// Paired is true for what was said in pairs of digits, as years are:
	// "twelve fifty" is 1250, and may be 12.50.
	Paired bool
}

// Quantities reads the numbers, dates, amounts, percentages and clock times of
// a text, in order; they do not overlap. tokens are Tokens(text). Digits and
// English number words come to the same: "nineteen eighty four" and 1984, "one
// and a half million" and 1.5 million, "twelve dollars" and $12. A run of words
// is read as the longest number it may be.
func Quantities(text string, tokens []Token) []Quantity {
	r := quantityReader{text: text, tokens: tokens}
	var found []Quantity
	for i := 0; i < len(tokens); {
		q, next := r.read(i)
		if next == i {
			i++
			continue
		}
		q.First, q.Last = i, next-1
		q.Text = text[tokens[q.First].Start:tokens[q.Last].End]
		r.addUnit(&q)
		r.weaken(&q)
		found = append(found, q)
		i = next
	}
	return found
}

// Same reports whether two quantities may stand for each other: the same
// number and, where both say so, the same currency; a percentage is one only
// of a percentage or of a fraction, as three quarters of 75 %. An ordinal is the same as a cardinal, since
// dates are said both ways. A decade without its century is that of any. What was said in pairs of
// digits may be a price.
func (q *Quantity) Same(p *Quantity) bool {
	if q.Kind == Version || p.Kind == Version {
		return q.Kind == p.Kind && strings.EqualFold(q.Text, p.Text)
	}
	if (q.Kind == Decade || p.Kind == Decade) && q.Kind == p.Kind && (q.Value < 100 || p.Value < 100) {
		return math.Mod(q.Value, 100) == math.Mod(p.Value, 100)
	}
	if special(q.Kind) || special(p.Kind) {
		clock := (q.Kind == Clock || p.Kind == Clock) && (q.Kind == Cardinal || p.Kind == Cardinal)
		return (q.Kind == p.Kind || clock) && q.Value == p.Value
	}
	if (q.Unit == "%") != (p.Unit == "%") {
		part, percent := q, p
		if q.Unit == "%" {
			part, percent = p, q
		}
		return part.Value > 0 && part.Value < 1 && percent.Value == 100*part.Value
	}
	if q.Unit != "" && p.Unit != "" && q.Unit != p.Unit {
		return false
	}
	return q.equals(p.Value) || q.Paired != p.Paired && (q.Paired && q.equals(100*p.Value) || p.Paired && p.equals(100*q.Value))
}

func (q *Quantity) equals(value float64) bool {
	return math.Abs(q.Value-value) <= 1e-9*math.Abs(q.Value)
}

// special kinds are the same as their own kind only.
func special(k QuantityKind) bool {
	return k == Decade || k == Month || k == Weekday || k == Clock || k == Vague
}

// quantityReader reads one text.
type quantityReader struct {
	text   string
	tokens []Token
}

// word is the folded word of token i, "" beyond the last.
func (r *quantityReader) word(i int) string {
	if i < 0 || i >= len(r.tokens) {
		return ""
	}
	return r.tokens[i].Word
}

// read reads the quantity that starts with token i and returns the token after
// it, i when there is none.
func (r *quantityReader) read(i int) (Quantity, int) {
	if isDigits(r.word(i)) {
		return r.readDigits(i)
	}
	if n, ok := months[r.word(i)]; ok && r.isMonth(i) {
		return Quantity{Kind: Month, Value: float64(n)}, i + 1
	}
	if n, ok := weekdays[r.word(i)]; ok {
		return Quantity{Kind: Weekday, Value: float64(n)}, i + 1
	}
	if q, ok := r.prefixed(i); ok {
		return q, i + 1
	}
	return r.readWords(i)
}

// joined is the text between token i and the next when nothing but those
// bytes stands there and the next is a number; "" otherwise.
func (r *quantityReader) joined(i int) string {
	if i+1 >= len(r.tokens) || !isDigits(r.word(i+1)) {
		return ""
	}
	gap := r.text[r.tokens[i].End:r.tokens[i+1].Start]
	if len(gap) != 1 {
		return ""
	}
	return gap
}

// readDigits reads a number in digits: 1,500, 12.5, 10:30, 26th, 1970s, 30k,
// 1.5 million.
func (r *quantityReader) readDigits(i int) (Quantity, int) {
	digits, tail := splitDigits(r.word(i))
	next := i + 1
	switch {
	case tail == "":
	case tail == "st" || tail == "nd" || tail == "rd" || tail == "th":
		return Quantity{Kind: Ordinal, Value: number(digits)}, next
	case tail == "s" && len(digits) >= 2 && strings.HasSuffix(digits, "0"):
		return Quantity{Kind: Decade, Value: number(digits)}, next
	case suffixes[tail] > 0:
		return Quantity{Value: number(digits) * suffixes[tail]}, next
	case len(tail) > 3 && isLetters(tail): // a space is missing
	default:
		return Quantity{Kind: Version}, next // 3d, 2x4
	}
	for len(digits) <= 3 && r.joined(next-1) == "," && len(r.word(next)) == 3 && allDigits(r.word(next)) || next > i+1 && r.joined(next-1) == "," && len(r.word(next)) == 3 && allDigits(r.word(next)) {
		digits += r.word(next)
		next++
	}
	if r.joined(next-1) == ":" && next == i+1 && len(r.word(next)) == 2 && allDigits(r.word(next)) {
		return Quantity{Kind: Clock, Value: 100*number(digits) + number(r.word(next))}, next + 1
	}
	value := number(digits)
	if r.joined(next-1) == "." {
		part, tail := splitDigits(r.word(next))
		if r.joined(next) == "." && tail == "" {
			for next++; r.joined(next-1) == "."; next++ {
			}
			return Quantity{Kind: Version}, next
		}
		if tail == "" || suffixes[tail] > 0 || len(tail) > 3 && isLetters(tail) {
			value = number(digits + "." + part)
			if suffixes[tail] > 0 {
				value *= suffixes[tail]
			}
			next++
		}
	}
	for scales[r.word(next)] > 0 && !strings.HasSuffix(r.word(next), "s") {
		value *= scales[r.word(next)]
		next++
	}
	return Quantity{Value: value}, next
}

// prefixed reads a number that letters are glued to, as in BIP340.
func (r *quantityReader) prefixed(i int) (Quantity, bool) {
	word := r.word(i)
	at := strings.IndexAny(word, "0123456789")
	if at <= 0 || !isLetters(word[:at]) || !allDigits(word[at:]) {
		return Quantity{}, false
	}
	return Quantity{Value: number(word[at:])}, true
}

func splitDigits(word string) (digits, tail string) {
	n := 0
	for n < len(word) && word[n] >= '0' && word[n] <= '9' {
		n++
	}
	return word[:n], word[n:]
}

// isDigits is isNumber for words that may be "".
func isDigits(word string) bool { return word != "" && isNumber(word) }

func allDigits(word string) bool {
	digits, tail := splitDigits(word)
	return digits != "" && tail == ""
}

// number is the value of digits; absurdly long ones are as good as infinite.
func number(digits string) float64 {
	f, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return math.MaxFloat64
	}
	return f
}

// isMonth reports whether token i, a month's name, is one: of those that are
// also verbs, only with a capital within a sentence, or beside a number.
func (r *quantityReader) isMonth(i int) bool {
	if word := r.word(i); word != "may" && word != "march" {
		return true
	}
	beside := func(j int) bool {
		word := r.word(j)
		return isDigits(word) || ordinals[word] > 0 || smalls[word] > 0
	}
	start := r.tokens[i].Start
	if capital(r.text[start:]) && !startsSentence(r.text, start) {
		return true
	}
	return beside(i-1) || r.word(i-1) == "of" && beside(i-2) || r.word(i-1) == "in" || isDigits(r.word(i+1)) || ordinals[r.word(i+1)] > 0
}

// addUnit sets the unit by the marks and words around the quantity.
func (r *quantityReader) addUnit(q *Quantity) {
	if q.Kind != Cardinal {
		return
	}
	before := strings.TrimRight(r.text[:r.tokens[q.First].Start], " -−")
	after := strings.TrimLeft(r.text[r.tokens[q.Last].End:], " \u00a0\u202f")
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(after)
	switch {
	case first == '%' || r.word(q.Last+1) == "percent" || r.word(q.Last+1) == "percentage" || r.word(q.Last+1) == "per" && r.word(q.Last+2) == "cent":
		q.Unit = "%"
	case currencySigns[last] != "":
		q.Unit = currencySigns[last]
	case currencySigns[first] != "":
		q.Unit = currencySigns[first]
	default:
		q.Unit = currencies[r.word(q.Last+1)]
	}
	start := r.tokens[q.First].Start
	if start > 0 && r.text[start-1] == '-' && (start == 1 || r.text[start-2] == ' ') || r.word(q.First-1) == "minus" {
		q.Value = -q.Value
	}
}

// weaken marks quantities that are often none.
func (r *quantityReader) weaken(q *Quantity) {
	word, before, after := r.word(q.First), r.word(q.First-1), r.word(q.Last+1)
	if q.First != q.Last || isDigits(word) {
		return
	}
	switch {
	case word == "one" || word == "half" || word == "first" || word == "zero":
		q.Weak = q.Unit == "" && scales[after] == 0
	case seldomNumbers[word] > 0:
		q.Weak = true
	case q.Kind == Cardinal && q.Value >= 2 && q.Value <= 5:
		q.Weak = toldThings[after]
	case word == "second":
		q.Weak = before == "a" || before == "per" || before == "one" || before == "this" || before == "every" || before == "each"
	}
	if q.Kind == Ordinal {
		rest := strings.TrimLeft(r.text[r.tokens[q.Last].End:], " ")
		q.Weak = q.Weak || strings.HasPrefix(rest, ",") || startsSentence(r.text, r.tokens[q.First].Start) || enumerated[after] && before == "the"
	}
}
