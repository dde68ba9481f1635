package transcript

import (
	"iter"
	"strings"
	"time"
	"unicode"

	"verbatim/retrieval"
)

// pageReader reads the lines of a text file. A line of the episode is a line
// of the file and has its number; blank lines, headings and furniture are
// counted but not kept.
//
// A speaker label begins a turn, which goes on over the following lines and
// paragraphs until the next label: exports of every kind break turns into
// paragraphs without repeating the name. Before the first label there is no
// speaker. A time belongs to the line that it stands in or, on a line without
// words, to the next line with words; the lines after that have none.
type pageReader struct {
	lines []string
	from  int // index of the first line of the body
	d     *draft
	// markdown is set where headings and inline markup are taken out.
	markdown bool
	// skip is set for lines that are not spoken, by index; it may be nil.
	skip map[int]bool
}

// readText reads plain text, with or without labels and times.
func readText(src *source, d *draft) error {
	p := &pageReader{lines: src.lines, d: d}
	p.from = cutPreamble(src.lines, &d.episode)
	return p.read()
}

// read fills the draft from the body.
func (p *pageReader) read() error {
	p.d.episode.TotalLines = len(p.lines)
	if len(p.lines) > MaxLines {
		return ErrTooManyLines
	}
	heads, spoken := p.heads()
	trustTimes(heads)
	labels := make([]label, 0, len(heads))
	for i := range heads {
		if heads[i].hasLabel {
			labels = append(labels, heads[i].label)
		}
	}
	verdicts, _ := judge(labels, spoken, p.texts())
	bare := trustBare(heads, spoken)
	p.checkClock(heads, verdicts)

	t := turn{p: p}
	next, nextLabel := 0, 0
	for i := p.from; i < len(p.lines); i++ {
		var h *head
		v := noSpeaker
		if next < len(heads) && heads[next].line == i {
			h = &heads[next]
			next++
			if h.hasLabel {
				v = verdicts[nextLabel]
				nextLabel++
			}
		}
		t.line(i, h, v, bare)
	}
	return nil
}

// body is a line as it is parsed: trimmed, entities decoded, Markdown's marks
// of a block cut off. Heading tells a Markdown heading.
func (p *pageReader) body(i int) (text string, heading bool) {
	text = strings.TrimSpace(unescape(p.lines[i]))
	if text == "" || p.skip[i] || isFurniture(text) {
		return "", false
	}
	if p.markdown {
		return cutBlock(text)
	}
	return text, false
}

// cutMark takes ">>", which captioners write where the speaker changes, off a
// line. In Markdown it marks a quotation and is gone already.
func (p *pageReader) cutMark(text string) (rest string, changed bool) {
	if !strings.HasPrefix(text, ">>") {
		return text, false
	}
	return cutChange(text)
}

// texts yields the lines of the body.
func (p *pageReader) texts() iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := p.from; i < len(p.lines); i++ {
			if text, _ := p.body(i); text != "" && !yield(text) {
				return
			}
		}
	}
}

// heads parses every line and returns what has a head, and the number of lines
// that have words.
func (p *pageReader) heads() (heads []head, spoken int) {
	boundary := true
	for i := p.from; i < len(p.lines); i++ {
		text, heading := p.body(i)
		if text == "" {
			boundary = true
			continue
		}
		text, changed := p.cutMark(text)
		h, ok := parseHead(text)
		if heading && !ok && kindOfName(plainMarks(text)) >= properName {
			// "## Emma" above the words of a turn, if it recurs
			name := plainMarks(text)
			h, ok = head{label: label{name: name, kind: kindOfName(name), form: timeForm}, hasLabel: true}, !isSound(name)
		}
		if ok {
			h.line = i
			h.label.boundary = boundary || heading || changed
			heads = append(heads, h)
		}
		if !heading {
			spoken++
		}
		boundary = heading || endsTurn(text)
	}
	return heads, spoken
}

// trustTimes decides whether "Ada 0:03" at the end of a line is a head: there
// are several, a name recurs among them, and the times rise. "John 3:16" in
// between does not rise for long.
func trustTimes(heads []head) {
	count := map[string]int{}
	n, rising, recurs := 0, 0, false
	last := time.Duration(-1)
	for i := range heads {
		h := &heads[i]
		if !h.nameFirst || h.label.timed {
			continue
		}
		n++
		if h.start.Offset >= last {
			rising++
		}
		last = h.start.Offset
		count[h.label.name]++
		recurs = recurs || count[h.label.name] > 1
	}
	if !recurs || rising*10 < n*8 {
		return
	}
	for i := range heads {
		if h := &heads[i]; h.nameFirst {
			h.label.timed = true
		}
	}
}

// trustBare decides whether times without brackets at the start of lines are
// marks of time: there are several, on a fifth of the lines, and they rise.
func trustBare(heads []head, spoken int) bool {
	n, rising := 0, 0
	last := time.Duration(-1)
	for i := range heads {
		if h := &heads[i]; h.bare {
			n++
			if h.start.Offset >= last {
				rising++
			}
			last = h.start.Offset
		}
	}
	return n >= 2 && n*5 >= spoken && rising*10 >= n*9
}

// checkClock forgets times of day, which Zoom writes beside names in square
// brackets: when the recording began is not said.
func (p *pageReader) checkClock(heads []head, verdicts []verdict) {
	n, late, nextLabel := 0, true, 0
	for i := range heads {
		h := &heads[i]
		if !h.hasLabel {
			continue
		}
		if h.clock && verdicts[nextLabel] == isSpeaker {
			n++
			late = late && h.start.Offset >= time.Hour
		}
		nextLabel++
	}
	if n == 0 || !late {
		return
	}
	for i := range heads {
		if heads[i].clock {
			heads[i].start, heads[i].end = retrieval.Moment{}, retrieval.Moment{}
		}
	}
	p.d.warn(0, "times are times of day; left unknown")
}

// turn is the state while the lines are made.
type turn struct {
	p       *pageReader
	speaker string
	// start and end are a time that waits for words; alone is set if it had a
	// line of its own, so that a label may follow.
	start, end retrieval.Moment
	alone      bool
}

// line makes line i of the file a line of the episode, if it has words.
func (t *turn) line(i int, h *head, v verdict, bare bool) {
	text, heading := t.p.body(i)
	text, changed := t.p.cutMark(text)
	if text == "" {
		return
	}
	isTaken := v == isSpeaker
	switch {
	case isTaken:
		text = h.label.rest
		t.speaker = h.label.name
	case heading:
		return
	case changed || v == maySpeak:
		t.speaker = ""
	}
	speaker := t.speaker
	switch {
	case isTaken:
		if isSound(speaker) {
			t.speaker = "" // "Break:" has no further lines
		}
		t.head(h, &text, bare)
	case h != nil && h.start.Known && !h.nameFirst && (!h.bare || bare):
		t.start, t.end, text = h.start, h.end, h.afterTime
		t.alone = text == ""
		if text, changed = t.p.cutMark(text); changed {
			speaker, t.speaker = "", ""
		}
	}
	text = cutStamps(text)
	if t.p.markdown {
		text = inline(text)
	}
	if !hasWords(text) && isTaken && isSound(speaker) && t.end.Known {
		// "Jingle: [0:12] to [0:30]": its words are its times.
		if l, ok := splitLabel(h.afterTime); ok {
			text = inline(l.rest)
		}
	}
	if !hasWords(text) {
		if isTaken && isSound(speaker) {
			t.start, t.end = retrieval.Moment{}, retrieval.Moment{}
		}
		return
	}
	if isRemark(text) && !isTaken {
		speaker = ""
	}
	t.p.d.add(i+1, retrieval.Line{N: i + 1, Speaker: speaker, Start: t.start, End: t.end, Text: text})
	t.start, t.end, t.alone = retrieval.Moment{}, retrieval.Moment{}, false
}

// head sets the time of a turn that begins with a label: the one beside the
// label, in brackets after it, or on a line of its own before it.
func (t *turn) head(h *head, text *string, bare bool) {
	waiting := t.alone
	t.alone = false
	if h.start.Known && (!h.bare || bare) {
		t.start, t.end = h.start, h.end
		return
	}
	if st, rest, ok := cutStamp(*text); ok && st.bracketed {
		t.start, t.end, *text = st.start, st.end, rest
		return
	}
	if !waiting {
		t.start, t.end = retrieval.Moment{}, retrieval.Moment{}
	}
}

// cutStamps takes out times in square brackets between the words, as editors
// put them after a break; "[inaudible 00:10:35]" stays, being a remark.
func cutStamps(s string) string {
	i := strings.IndexByte(s, '[')
	if i < 0 {
		return s
	}
	var b strings.Builder
	for ; i >= 0; i = strings.IndexByte(s, '[') {
		from := i
		if i > 0 && s[i-1] == '\\' {
			from--
		}
		st, rest, ok := cutTime(s[i:])
		if !ok || !st.bracketed {
			b.WriteString(s[:i+1])
			s = s[i+1:]
			continue
		}
		b.WriteString(s[:from])
		b.WriteByte(' ')
		s = rest
	}
	b.WriteString(s)
	return strings.TrimSpace(b.String())
}

// hasWords reports a text that is more than a rule ("-----", "***").
func hasWords(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || r > unicode.MaxLatin1 && !unicode.IsSpace(r) && !unicode.IsPunct(r) && !isInvisible(r)
	}) >= 0
}
