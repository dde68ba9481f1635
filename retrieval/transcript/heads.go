package transcript

import (
	"strings"
	"time"

	"verbatim/retrieval"
)

// head is what stands before the words of a line of a text file: a time, a
// speaker label, or both, in the order the exports of the common services have
// them. Labels and bare times are judged over the whole file afterwards.
type head struct {
	line       int // index of the line
	start, end retrieval.Moment
	// bare is set for a time without brackets that no name goes with: "12:30
	// is when we start" may be speech.
	bare bool
	// afterTime is the line without its time, the words if there is no label.
	afterTime string
	label     label
	hasLabel  bool
	// nameFirst is set where the time follows a name: if that is no speaker,
	// the time is speech as well.
	nameFirst bool
	// clock is set for "[Name] 10:02:33", as Zoom saves its captions: times of
	// day rather than of the recording.
	clock bool
}

// stamp is a time, or a range of times, found in text.
type stamp struct {
	start, end retrieval.Moment
	bracketed  bool
	hours      bool // written with hours
}

// parseHead reads the head of a line, which is free of outer white space; ok
// is false where there is neither a time nor the form of a label.
func parseHead(s string) (h head, ok bool) {
	st, rest, found := cutStamp(s)
	marked := false
	if !found {
		st, rest, found = cutMarkedStamp(s)
		marked = found
	}
	if found {
		h = head{start: st.start, end: st.end, afterTime: rest}
		// With hours and alone on its line no time is speech.
		h.bare = !st.bracketed && !st.end.Known && !(st.hours && rest == "")
		dash := strings.TrimLeft(rest, "-–—| ")
		if l, labelled := splitLabel(strings.TrimLeft(dash, "> ")); labelled && l.form != bracketForm {
			l.timed = st.bracketed || marked
			h.bare = h.bare && !marked // no speech is set in bold with a time
			h.label, h.hasLabel = l, true
		} else if dash != rest && kindOfName(dash) == properName && !isAnswer(dash) {
			// "[00:00:01] - Speaker 1", the words below
			h.label, h.hasLabel = label{name: dash, kind: kindOfName(dash), form: timeForm}, true
		}
		return h, true
	}
	if h, ok = nameAndTime(s); ok {
		return h, true
	}
	if l, labelled := splitLabel(s); labelled {
		return head{label: l, hasLabel: true, afterTime: s}, true
	}
	return head{}, false
}

// isAnswer reports "Yes." and the like, which have the form of a name.
func isAnswer(s string) bool {
	return strings.HasSuffix(s, "?") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, ".") && !strings.Contains(s, " ")
}

// cutMarkedStamp is cutStamp for a time within emphasis: "**[0:12] Name:** words",
// of which "**Name:** words" remains, and "*[0:12]* words".
func cutMarkedStamp(s string) (st stamp, rest string, ok bool) {
	inner := strings.TrimLeft(s[:min(len(s), 4)], "*_")
	mark := s[:min(len(s), 4)-len(inner)]
	if mark == "" || len(mark) > 3 {
		return stamp{}, s, false
	}
	st, rest, ok = cutStamp(s[len(mark):])
	if !ok {
		return stamp{}, s, false
	}
	if after, shut := strings.CutPrefix(rest, mark); shut {
		return st, strings.TrimLeft(after, " \t\u00a0"), true
	}
	return st, mark + rest, true
}

// nameAndTime reads "Name (0:12)", "Name: 00:12:34", "**Name** [0:12]: words",
// "[Name] 10:02:33" and their like. A time without brackets must end the line
// or be written with hours after a colon: "John 3:16 says" is speech.
func nameAndTime(s string) (head, bool) {
	limit := min(len(s), maxLabel+8)
	for p := 1; p < limit; p++ {
		if c := s[p]; c != '[' && c != '(' && c != '\\' && !isDigit(c) || isDigit(s[p-1]) {
			continue
		}
		st, rest, found := cutStamp(s[p:])
		if !found {
			continue
		}
		name, marks := nameBefore(s[:p])
		kind := kindOfName(name)
		if kind == noName {
			return head{}, false
		}
		l := label{name: name, kind: kind, form: timeForm}
		switch {
		case marks.bold:
			l.form = boldForm
		case marks.colon:
			l.form = colonForm
		}
		// Some set the words off by blanks: "Speaker 1:   00:04   Hello."
		apart := strings.HasSuffix(s[:len(s)-len(rest)], "  ") || strings.HasSuffix(s[:len(s)-len(rest)], "\t")
		if after, cut := strings.CutPrefix(rest, ":"); cut {
			rest = strings.TrimLeft(after, " \t")
		}
		if marks.open != "" {
			rest = strings.TrimLeft(strings.TrimPrefix(strings.TrimPrefix(rest, marks.open), ":"), " \t")
		}
		switch {
		case st.bracketed, st.hours && (marks.colon || rest == ""), marks.bracket && rest == "", marks.colon && apart:
			l.timed = true
		case rest != "":
			return head{}, false
		}
		l.rest = rest
		h := head{start: st.start, end: st.end, label: l, hasLabel: true, afterTime: s, nameFirst: true}
		h.clock = marks.bracket && st.hours
		return h, true
	}
	return head{}, false
}

// nameMarks is how a name in front of a time is set off.
type nameMarks struct {
	colon, bold, bracket bool
	open                 string // emphasis that ends behind the time
}

// nameBefore takes the marks off the name in front of a time.
func nameBefore(s string) (name string, m nameMarks) {
	s = strings.TrimRight(s, " \t-–—|,•")
	if t := strings.TrimLeft(s, "*_"); t != s {
		mark := s[:len(s)-len(t)]
		s, m.bold = t, true
		if i := strings.Index(s, mark); i >= 0 {
			s = s[:i] + s[i+len(mark):]
		} else {
			m.open = mark
		}
	}
	if t, ok := cutColon(s); ok {
		s, m.colon = t, true
	}
	if i := strings.IndexByte(s, ':'); i > 0 && isNumber(strings.TrimSpace(s[i+1:])) {
		s = s[:i] // "Adam Jonas: 0: 00:01:02"
	}
	if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
		s, m.bracket = s[1:len(s)-1], true
	}
	return strings.TrimSpace(s), m
}

// cutStamp takes a time off the start of s: "0:12", "00:12:34.5", "[00:12]",
// "(1:02:03)", "\[04:00\]" as Markdown escapes it, and ranges of two times in
// one bracket or two. Without brackets a blank or the end must follow, unless
// the time has hours.
func cutStamp(s string) (stamp, string, bool) {
	first, rest, ok := cutTime(s)
	if !ok {
		return stamp{}, s, false
	}
	if first.end.Known {
		return first, strings.TrimLeft(rest, " \t\u00a0"), true
	}
	rest = strings.TrimLeft(rest, " \t\u00a0")
	for _, to := range []string{"-->", "->", "-", "–", "—", "to "} {
		after, cut := strings.CutPrefix(rest, to)
		if !cut {
			continue
		}
		second, after, ok := cutTime(strings.TrimLeft(after, " \t"))
		if ok && second.bracketed == first.bracketed && !second.end.Known {
			first.end = second.start
			return first, strings.TrimLeft(after, " \t\u00a0"), true
		}
		break
	}
	return first, rest, true
}

// cutTime takes one time, or a range in one pair of brackets, off the start.
func cutTime(s string) (stamp, string, bool) {
	open := strings.TrimPrefix(s, `\`)
	if open == "" {
		return stamp{}, s, false
	}
	var shut string
	switch open[0] {
	case '[':
		shut = "]"
	case '(':
		shut = ")"
	default:
		at, hours, rest, ok := cutClock(s)
		if !ok || !hours && rest != "" && !strings.ContainsRune(" \t:)]-–—", rune(rest[0])) && !strings.HasPrefix(rest, "–") {
			return stamp{}, s, false
		}
		return stamp{start: retrieval.At(at), hours: hours}, rest, true
	}
	inner := strings.TrimLeft(open[1:], " ")
	if shut == ")" && strings.HasPrefix(inner, "[") {
		return cutLinked(inner)
	}
	at, hours, rest, ok := cutClock(inner)
	if !ok {
		return stamp{}, s, false
	}
	st := stamp{start: retrieval.At(at), hours: hours, bracketed: true}
	rest = strings.TrimLeft(rest, " ")
	for _, to := range []string{"-->", "->", "-", "–"} {
		if after, cut := strings.CutPrefix(rest, to); cut {
			end, _, after, ok := cutClock(strings.TrimLeft(after, " "))
			if !ok {
				return stamp{}, s, false
			}
			st.end, rest = retrieval.At(end), strings.TrimLeft(after, " ")
			break
		}
	}
	rest = strings.TrimPrefix(rest, `\`)
	rest, ok = strings.CutPrefix(rest, shut)
	return st, rest, ok
}

// cutLinked takes "[0:12](address))", the rest of a time that is a link.
func cutLinked(inner string) (stamp, string, bool) {
	st, rest, ok := cutTime(inner)
	if !ok {
		return st, rest, false
	}
	if n := closing(rest[:min(len(rest), maxInline)]); n > 0 && rest[0] == '(' {
		rest = rest[n:]
	}
	rest, ok = strings.CutPrefix(rest, ")")
	return st, rest, ok
}

// cutClock takes a time written in digits off the start of s.
func cutClock(s string) (at time.Duration, hours bool, rest string, ok bool) {
	n := 0
	for n < len(s) && n < 20 && (isDigit(s[n]) || s[n] == ':' || (s[n] == '.' || s[n] == ',') && n+1 < len(s) && isDigit(s[n+1])) {
		n++
	}
	token := strings.TrimRight(s[:n], ":")
	colons := strings.Count(token, ":")
	if colons == 0 {
		return 0, false, s, false
	}
	at, ok = parseClock(token)
	return at, colons == 2, s[len(token):], ok
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
