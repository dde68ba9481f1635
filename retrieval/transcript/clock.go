package transcript

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"verbatim/retrieval"
)

// maxClockDigits bounds the leading field of a clock (hours, or minutes where
// there are no hours), so that no clock overflows a time.Duration.
const maxClockDigits = 6

// maxSeconds bounds a number of seconds for the same reason.
const maxSeconds = 4e9

// parseClock reads a time of day as transcripts write it: h:mm:ss or m:ss,
// with an optional fraction of 1 to 9 digits after a dot or comma. Minutes
// after hours, and seconds, are two digits below 60. Minutes without hours may
// be 60 and more ("75:30"). Nothing else may surround it.
func parseClock(s string) (time.Duration, bool) {
	return clock(s, 2)
}

// parseLooseClock is parseClock for places where a time is expected anyhow,
// such as both sides of an arrow: fields may be one digit ("0:0:1,5") and
// blanks may stand beside what parts them ("00: 00: 01, 500").
func parseLooseClock(s string) (time.Duration, bool) {
	if strings.ContainsAny(s, " \t") {
		var b strings.Builder
		for i, field := range strings.Fields(s) {
			if i > 0 && !strings.ContainsAny(field[:1], ":.,") && !strings.ContainsAny(b.String()[b.Len()-1:], ":.,") {
				return 0, false
			}
			b.WriteString(field)
		}
		s = b.String()
	}
	return clock(s, 1)
}

// clock reads [h:]m:s[.fraction]; inner fields are minDigits to 2 digits.
func clock(s string, minDigits int) (time.Duration, bool) {
	s, fraction, ok := cutFraction(s)
	if !ok {
		return 0, false
	}
	fields := make([]string, 0, 3)
	for rest := s; ; {
		field, after, more := strings.Cut(rest, ":")
		fields = append(fields, field)
		if !more {
			break
		}
		if len(fields) == 3 {
			return 0, false
		}
		rest = after
	}
	if len(fields) < 2 {
		return 0, false
	}
	first, ok := digits(fields[0], 1, maxClockDigits)
	if !ok {
		return 0, false
	}
	total := first
	for _, field := range fields[1:] {
		n, ok := digits(field, minDigits, 2)
		if !ok || n >= 60 {
			return 0, false
		}
		total = total*60 + n
	}
	return time.Duration(total)*time.Second + fraction, true
}

// cutFraction takes the fraction after the last dot or comma off s.
func cutFraction(s string) (whole string, fraction time.Duration, ok bool) {
	i := strings.IndexAny(s, ".,")
	if i < 0 {
		return s, 0, true
	}
	part := s[i+1:]
	n, ok := digits(part, 1, 9)
	if !ok {
		return s, 0, false
	}
	for range 9 - len(part) {
		n *= 10
	}
	return s[:i], time.Duration(n), true
}

// digits reads a number of least to most ASCII digits; most is at most 18.
func digits(s string, least, most int) (int64, bool) {
	if len(s) < least || len(s) > most {
		return 0, false
	}
	var n int64
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int64(s[i]-'0')
	}
	return n, true
}

// parseSeconds reads bare seconds: digits with an optional fraction, "0.860"
// or "12". No sign, no exponent.
func parseSeconds(s string) (time.Duration, bool) {
	whole, fraction, ok := cutFraction(s)
	if !ok {
		return 0, false
	}
	n, ok := digits(whole, 1, 9)
	if !ok {
		return 0, false
	}
	return time.Duration(n)*time.Second + fraction, true
}

// momentOf is the moment that many seconds after the start, to the
// microsecond, since files write decimal seconds that binary ones only
// approach. It is false for NaN, infinite, negative and absurd numbers.
func momentOf(seconds float64) (retrieval.Moment, bool) {
	if math.IsNaN(seconds) || seconds < 0 || seconds > maxSeconds {
		return retrieval.Moment{}, false
	}
	return retrieval.At(time.Duration(math.Round(seconds*1e6)) * time.Microsecond), true
}

// frameRates is how a TTML file counts what is not seconds.
type frameRates struct {
	frames float64 // a second
	ticks  float64 // a second
}

// parseTimeExpression reads a TTML time: a clock, a clock with frames
// ("00:00:01:12"), or an offset in h, m, s, ms, f or t ("12.5s", "400ms").
// Source: W3C TTML2, section 12.3.1 <timeExpression>.
func parseTimeExpression(s string, rates frameRates) (time.Duration, bool) {
	s = strings.TrimSpace(s)
	if d, ok := clock(s, 1); ok && strings.Count(s, ":") == 2 {
		return d, true
	}
	if strings.Count(s, ":") == 3 {
		i := strings.LastIndexByte(s, ':')
		d, ok := clock(s[:i], 1)
		frames, _, _ := strings.Cut(s[i+1:], ".") // sub-frames are left out
		n, isFrames := digits(frames, 1, 6)
		if !ok || !isFrames || rates.frames <= 0 {
			return 0, false
		}
		m, ok := momentOf(float64(n) / rates.frames)
		return d + m.Offset, ok
	}
	return parseOffset(s, rates)
}

// parseOffset reads a number with a unit.
func parseOffset(s string, rates frameRates) (time.Duration, bool) {
	end := len(strings.TrimRight(s, "hmsft"))
	number, err := strconv.ParseFloat(s[:end], 64)
	if err != nil || !plainNumber(s[:end]) {
		return 0, false
	}
	var seconds float64
	switch s[end:] {
	case "h":
		seconds = number * 3600
	case "m":
		seconds = number * 60
	case "s":
		seconds = number
	case "ms":
		seconds = number / 1000
	case "f":
		seconds = number / rates.frames
	case "t":
		seconds = number / rates.ticks
	default:
		return 0, false
	}
	m, ok := momentOf(seconds)
	return m.Offset, ok
}

// plainNumber reports whether s is digits with at most a dot in them.
func plainNumber(s string) bool {
	return strings.Trim(s, "0123456789.") == "" && s != ""
}

// jsonMoment reads a JSON number, or a string that holds one or a clock, in
// units of a second divided by perSecond (1 for seconds, 1000 for
// milliseconds). A missing, null or empty value is unknown and ok.
func jsonMoment(raw json.RawMessage, perSecond float64) (m retrieval.Moment, ok bool) {
	s := strings.TrimSpace(string(raw))
	if s == "" || s == "null" {
		return retrieval.Moment{}, true
	}
	if s[0] == '"' {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			return retrieval.Moment{}, false
		}
		if s = strings.TrimSpace(text); s == "" {
			return retrieval.Moment{}, true
		}
		if d, ok := parseClock(s); ok {
			return retrieval.At(d), true
		}
	}
	number, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return retrieval.Moment{}, false
	}
	return momentOf(number / perSecond)
}
