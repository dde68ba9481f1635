package transcript

import (
	"strings"

	"verbatim/retrieval"
)

// labelTurns takes the speaker labels from the texts of captions: "Name:",
// "[Name]" and ">> Name:" at the start of a text become the line's Speaker. A
// label is never guessed: it counts only where the file as a whole is evidently
// labelled (see judge). There a turn goes on over the following lines until
// the next label; a ">>", ">" or "-" without a name begins a turn of somebody
// unknown, and a description of a sound such as "[Music]" is nobody's. In a
// file without such evidence a label in capitals ("MAN: Where are we?") is
// taken for its own line only.
//
// rows are the rows of each caption, of which its text is made; nil where there
// are none. A caption in which a row, or ">>" within one, begins the turn of
// somebody else is one line all the same, so that lines keep the numbers of the
// captions. It has no speaker, being of several; the labels within it stay in
// the text, and the last of them goes on over the lines after it.
//
// Lines that have a speaker keep it and end the turn before them. It returns
// the number of labels taken. A line that held nothing but its label is left
// without text, for the reader to drop.
func labelTurns(lines []retrieval.Line, rows [][]string) int {
	found := findLabels(lines, rows)
	labels := make([]label, len(found))
	inner := 0
	for i := range found {
		labels[i] = found[i].label
		if found[i].part > 0 {
			inner++
		}
	}
	texts := func(yield func(string) bool) {
		for i := range lines {
			if !yield(lines[i].Text) {
				return
			}
		}
	}
	verdicts, evident := judge(labels, len(lines)+inner, texts)
	t := captionTurn{evident: evident}
	next := 0
	for i := range lines {
		first := next
		for next < len(found) && found[next].line == i {
			found[next].verdict = verdicts[next]
			next++
		}
		if lines[i].Speaker != "" {
			t.speaker = ""
			continue
		}
		t.line(&lines[i], partsOf(lines, rows, i), found[first:next])
	}
	return t.count
}

// captionLabel is what has the form of a label within a caption.
type captionLabel struct {
	label
	line, part int // index of the line, and of the part that it begins
	verdict    verdict
}

// findLabels finds what has the form of a label at the start of a part, in the
// order of the captions.
func findLabels(lines []retrieval.Line, rows [][]string) []captionLabel {
	found := make([]captionLabel, 0, len(lines)/4)
	boundary := true
	for i := range lines {
		if lines[i].Speaker != "" {
			boundary = endsTurn(lines[i].Text)
			continue
		}
		for k, part := range partsOf(lines, rows, i) {
			text, changed := cutChange(part)
			if l, ok := splitLabel(text); ok {
				l.boundary = boundary || changed
				found = append(found, captionLabel{label: l, line: i, part: k})
			}
			boundary = endsTurn(part)
		}
	}
	return found
}

// partsOf is a caption's text in the parts with which a turn may begin: its
// rows, cut before each ">>", a label alone in its row with the row below it.
// Joined by spaces they are the text.
func partsOf(lines []retrieval.Line, rows [][]string, i int) []string {
	own := lines[i : i+1]
	if rows == nil || len(rows[i]) < 2 && !strings.Contains(own[0].Text, " >>") {
		return []string{own[0].Text}
	}
	var parts []string
	alone := false
	for _, row := range rows[i] {
		if alone {
			row = parts[len(parts)-1] + " " + row
			parts = parts[:len(parts)-1]
		}
		for {
			at := strings.Index(row, " >>")
			if at < 0 {
				break
			}
			parts = append(parts, row[:at])
			row = row[at+1:]
		}
		parts = append(parts, row)
		text, _ := cutChange(row)
		l, ok := splitLabel(text)
		alone = ok && l.rest == ""
	}
	return parts
}

// captionTurn is the state while captions are given their speakers.
type captionTurn struct {
	evident bool
	speaker string // of the turn at hand, "" when unknown
	count   int    // labels taken
}

// line gives a line its speaker; found are the labels in its parts.
func (t *captionTurn) line(l *retrieval.Line, parts []string, found []captionLabel) {
	spoke, several := false, false
	for k, part := range parts {
		var own *captionLabel
		if len(found) > 0 && found[0].part == k {
			own, found = &found[0], found[1:]
		}
		text, changed := cutChange(part)
		speaker, begins := t.speaker, false
		switch {
		case own != nil && own.taken(t.evident):
			speaker, begins = own.name, true
			t.count++
		case own != nil && own.verdict == maySpeak:
			speaker = ""
			begins = true
		case changed:
			speaker = ""
			begins = true
		case isRemark(part):
			// nobody's, and the turn goes on after it
			continue
		}
		if begins && spoke && (speaker != t.speaker || speaker == "") {
			several = true
		}
		switch {
		case own != nil && own.taken(t.evident) && (!spoke || speaker == t.speaker):
			// Other labels than the first stay if several speak.
			parts[k] = own.rest
		case changed && !spoke && !strings.HasPrefix(part, "-"):
			parts[k] = text
		}
		spoke = spoke || parts[k] != ""
		t.speaker = speaker
	}
	if l.Speaker = t.speaker; several || !spoke && l.Text != "" {
		l.Speaker = ""
	}
	l.Text = strings.TrimSpace(strings.Join(parts, " "))
	if !t.evident {
		t.speaker = ""
	}
}

// taken reports a label that names the speaker of what follows it.
func (c *captionLabel) taken(evident bool) bool {
	return c.verdict == isSpeaker || !evident && isCaption(c.label)
}
