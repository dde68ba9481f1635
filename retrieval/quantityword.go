package retrieval

import "strings"

// smalls are the number words below a hundred, tens the multiples of ten among
// them from twenty.
var (
	smalls = func() map[string]int {
		words := map[string]int{}
		for n, w := range smallNumbers {
			words[w] = n
		}
		for n, w := range tens[2:] {
			words[w] = 10 * (n + 2)
		}
		return words
	}()
	ordinals = func() map[string]int {
		words := map[string]int{
			"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12,
			"twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50, "sixtieth": 60, "seventieth": 70, "eightieth": 80, "ninetieth": 90,
			"hundredth": 100, "thousandth": 1000,
		}
		for n := 4; n < 20; n++ {
			if w := smallNumbers[n] + "th"; n != 5 && n != 8 && n != 9 && n != 12 {
				words[w] = n
			}
		}
		return words
	}()
	decades = map[string]int{
		"twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70, "eighties": 80, "nineties": 90,
	}
	scales = map[string]float64{
		"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12,
	}
	vagues   = map[string]float64{"hundreds": 1e2, "thousands": 1e3, "millions": 1e6, "billions": 1e9, "trillions": 1e12, "dozens": 12}
	suffixes = map[string]float64{"k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "b": 1e9}
	months   = map[string]int{
		"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9,
		"october": 10, "november": 11, "december": 12,
		"jan": 1, "feb": 2, "apr": 4, "aug": 8, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
	}
	// seldomNumbers may be meant as numbers.
	seldomNumbers = map[string]float64{"both": 2, "couple": 2, "pair": 2, "twice": 2, "once": 1, "single": 1, "double": 2, "triple": 3}
	// toldThings are what a writer counts who sums up.
	toldThings = wordSet("things points reasons aspects issues topics questions ways parts factors ideas suggestions options problems")
	fractions  = map[string]float64{"quarter": 4, "quarters": 4, "third": 3, "thirds": 3, "fifth": 5, "fifths": 5}
	// enumerated words follow ordinals that count what is told.
	enumerated = wordSet("one point was is thing reason issue question")
	weekdays   = map[string]int{
		"sunday": 0, "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6,
		"sundays": 0, "mondays": 1, "tuesdays": 2, "wednesdays": 3, "thursdays": 4, "fridays": 5, "saturdays": 6,
	}
	currencySigns = map[rune]string{'$': "dollar", '€': "euro", '£': "pound", '¥': "yen", '₹': "rupee", '₽': "rouble", '₿': "bitcoin"}
	currencies    = map[string]string{
		"dollar": "dollar", "dollars": "dollar", "bucks": "dollar", "usd": "dollar", "euro": "euro", "euros": "euro", "eur": "euro",
		"pound": "pound", "pounds": "pound", "gbp": "pound", "yen": "yen", "rupees": "rupee", "roubles": "rouble", "rubles": "rouble",
		"bitcoin": "bitcoin", "bitcoins": "bitcoin", "btc": "bitcoin", "cents": "cent", "cent": "cent",
	}
)

// readWords reads a number in words that starts with token i. It returns the
// token after it, i when there is none.
func (r *quantityReader) readWords(i int) (Quantity, int) {
	word := r.word(i)
	switch {
	case seldomNumbers[word] > 0:
		return Quantity{Value: seldomNumbers[word]}, i + 1
	case fractions[r.word(i+1)] > 0 && r.adjacent(i) && isFraction(word, r.word(i+1), r.word(i+2)):
		return Quantity{Value: float64(max(smalls[word], 1)) / fractions[r.word(i+1)]}, i + 2
	case vagues[word] > 0:
		return Quantity{Kind: Vague, Value: vagues[word]}, i + 1
	case decades[word] > 0:
		return Quantity{Kind: Decade, Value: float64(decades[word])}, i + 1
	case ordinals[word] > 0:
		return Quantity{Kind: Ordinal, Value: float64(ordinals[word])}, i + 1
	}
	if n, kind, next := r.pair(i); kind == Ordinal {
		return Quantity{Kind: Ordinal, Value: float64(n)}, next // twenty-first
	}
	if q, next := r.readYear(i); next > i {
		return q, next
	}
	value, next := r.readCardinal(i)
	if next == i {
		return Quantity{}, i
	}
	if r.word(next) == "point" {
		if decimal, after := r.readDecimal(next + 1); after > next+1 {
			value, next = value+decimal, after
			for scales[r.word(next)] > 0 {
				value *= scales[r.word(next)]
				next++
			}
		}
	}
	if r.word(next) == "and" && r.word(next+1) == "a" && r.word(next+2) == "half" {
		value, next = value+0.5, next+3
		for scales[r.word(next)] > 0 {
			value *= scales[r.word(next)]
			next++
		}
	}
	return Quantity{Value: value}, next
}

// pair reads a number of one or two digits said as one word or two, "five",
// "nineteen", "eighty four", and an ordinal or decade at its end.
func (r *quantityReader) pair(i int) (value int, kind QuantityKind, next int) {
	n, ok := smalls[r.word(i)]
	if !ok {
		return 0, 0, i
	}
	if n < 20 {
		return n, Cardinal, i + 1
	}
	if m, ok := smalls[r.word(i+1)]; ok && m > 0 && m < 10 && r.adjacent(i) {
		return n + m, Cardinal, i + 2
	}
	if m := ordinals[r.word(i+1)]; m > 0 && m < 10 && r.adjacent(i) {
		return n + m, Ordinal, i + 2
	}
	return n, Cardinal, i + 1
}

// adjacent reports whether no punctuation but a hyphen stands between token i
// and the next.
func (r *quantityReader) adjacent(i int) bool {
	if i < 0 || i+1 >= len(r.tokens) {
		return false
	}
	return strings.Trim(r.text[r.tokens[i].End:r.tokens[i+1].Start], " -‐‑") == ""
}

// readYear reads a year said in pairs, "nineteen eighty four", "twenty oh
// eight", "nineteen hundred", "the nineteen seventies".
func (r *quantityReader) readYear(i int) (Quantity, int) {
	century, kind, next := r.pair(i)
	if next == i || kind != Cardinal || century < 10 || century > 29 || !r.adjacent(next-1) {
		return Quantity{}, i
	}
	if d := decades[r.word(next)]; d > 0 {
		return Quantity{Kind: Decade, Value: float64(100*century + d)}, next + 1
	}
	if w := r.word(next); w == "oh" || w == "o" {
		if n, ok := smalls[r.word(next+1)]; ok && n < 10 {
			return Quantity{Value: float64(100*century + n)}, next + 2
		}
	}
	// "twenty" and a number up to nine is one pair; twenty twelve is a year.
	year, kind, after := r.pair(next)
	if after == next || kind != Cardinal || year < 10 || scales[r.word(after)] > 0 {
		return Quantity{}, i
	}
	return Quantity{Value: float64(100*century + year), Paired: true}, after
}

// readCardinal reads hundreds, thousands and so on.
func (r *quantityReader) readCardinal(i int) (float64, int) {
	total, group := 0.0, 0.0
	next, read := i, false
	if w := r.word(i); w == "a" && scales[r.word(i+1)] > 0 {
		group, next = 1, i+1
	} else if w == "half" && (r.word(i+1) == "a" || r.word(i+1) == "an") && scales[r.word(i+2)] > 0 {
		group, next = 0.5, i+2
	} else if w == "half" {
		return 0.5, i + 1
	}
	for {
		if next > i && !r.adjacent(next-1) {
			break
		}
		word := r.word(next)
		if scale := scales[word]; scale > 0 {
			if group == 0 && total == 0 {
				group = 1
			}
			if scale == 100 || scale == 12 {
				group *= scale
			} else {
				if group == 0 {
					group = 1
				}
				total, group = total+group*scale, 0
			}
			next, read = next+1, true
			continue
		}
		at := next
		if word == "and" && read && r.adjacent(next) {
			at++
		}
		if read && scales[r.word(next-1)] == 0 {
			break // two numbers in a row
		}
		n, kind, after := r.pair(at)
		if after == at || kind != Cardinal {
			break
		}
		if at > next && scales[r.word(next-1)] == 0 {
			break
		}
		group, next, read = group+float64(n), after, true
	}
	if !read {
		return 0, i
	}
	return total + group, next
}

// readDecimal reads the digits after a spoken point.
func (r *quantityReader) readDecimal(i int) (float64, int) {
	value, place, next := 0.0, 0.1, i
	for {
		n, ok := smalls[r.word(next)]
		switch {
		case ok && n < 10:
			value, place, next = value+float64(n)*place, place/10, next+1
		case ok && next == i:
			pair, _, after := r.pair(next)
			return float64(pair) / 100, after
		default:
			return value, next
		}
	}
}

// isFraction reports whether the words are a fraction: "three quarters", "a
// third of".
func isFraction(count, part, next string) bool {
	if n := smalls[count]; n > 1 && n < 5 {
		return part[len(part)-1] == 's'
	}
	return (count == "a" || count == "one") && part[len(part)-1] != 's' && next == "of"
}
