package web

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"verbatim/bot"
	"verbatim/retrieval"
)

// lineRange is lines of an episode, both included; the zero value is none.
type lineRange struct {
	First, Last int
	// Start is the moment of the first one.
	Start retrieval.Moment
}

// ID is the range as the page's address names it, "" for none.
func (r lineRange) ID() string {
	if r.First == 0 {
		return ""
	}
	return bot.LineRange(r.First, r.Last)
}

// Numbers is the range as people read it.
func (r lineRange) Numbers() string { return numbers(r.First, r.Last) }

func (r lineRange) holds(n int) bool { return r.First != 0 && r.First <= n && n <= r.Last }

// parseLineRange reads "L63" and "L63-L64".
func parseLineRange(text string) (first, last int, ok bool) {
	from, to, two := strings.Cut(text, "-")
	if first, ok = parseLine(from); !ok || !two {
		return first, first, ok
	}
	last, ok = parseLine(to)
	return first, last, ok && first <= last
}

// parseLine reads "L63". An episode has at most a million lines.
func parseLine(text string) (int, bool) {
	digits, found := strings.CutPrefix(text, "L")
	if !found || digits == "" || len(digits) > 7 || strings.Trim(digits, "0123456789") != "" || digits[0] == '0' {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil
}

// cited are the lines that an address asks for; none when it asks for such as
// the episode does not have.
func (t *transcripts) cited(ctx context.Context, v *view, text string) (lineRange, error) {
	first, last, ok := parseLineRange(text)
	if !ok || last > v.Info.TotalLines {
		return lineRange{}, nil
	}
	around, err := t.bot.Context(ctx, v.scopes(), bot.EpisodeRef{Scope: v.Info.Scope, ID: v.Info.ID}, first, last, 0)
	if errors.Is(err, retrieval.ErrUnknownEpisode) { // removed just now
		return lineRange{}, errNotFound
	}
	if err != nil {
		return lineRange{}, err
	}
	for i := range around.Lines {
		if l := &around.Lines[i]; first <= l.N && l.N <= last {
			return lineRange{First: first, Last: last, Start: l.Start}, nil
		}
	}
	return lineRange{}, nil
}

const (
	// paragraphCharacters is how long a paragraph gets before it ends with the
	// next sentence, longestParagraph where it ends anyhow: some five and ten
	// lines on a screen.
	paragraphCharacters = 450
	longestParagraph    = 900
)

// transcript is an episode's lines as they are set.
type transcript struct {
	Turns []turn
	// Times are the starts of all lines, for the player: tenths of a second
	// since the line before, "" unknown, with commas between. "" when none is
	// known.
	Times string
	Timed bool
	// Ads is true when some lines are not of the talk.
	Ads bool

	link func(n int) string // see lineWriter
}

// turn is what one speaker says in a row.
type turn struct {
	// Speaker is "" where the file names none; Unnamed is true when it names
	// others.
	Speaker    string
	Unnamed    bool
	Paragraphs []paragraph
}

// paragraph is some lines of one speaker.
type paragraph struct {
	// Ad is true for what is not of the talk.
	Ad    bool
	Start retrieval.Moment
	Lines []textLine

	characters int
	grouped    bool // it holds the first cited line
}

// textLine is a line with what surrounds it.
type textLine struct {
	N     int
	Text  string
	Cited bool
	// Opens is the name of the cited lines where they begin, Closes is true
	// where they, or this paragraph, end.
	Opens  string
	Closes bool
}

// setOut sets an episode's lines in turns and paragraphs.
func setOut(e *retrieval.Episode, cited lineRange) *transcript {
	t := &transcript{Timed: e.Timed()}
	named, landed := len(e.Speakers()) > 0, false
	for i := range e.Lines {
		l := &e.Lines[i]
		t.Ads = t.Ads || l.Boilerplate
		newTurn := i == 0 || e.Lines[i-1].Speaker != l.Speaker
		if newTurn {
			t.Turns = append(t.Turns, turn{Speaker: l.Speaker, Unnamed: named && l.Speaker == ""})
		}
		now := &t.Turns[len(t.Turns)-1]
		if newTurn || now.Paragraphs[len(now.Paragraphs)-1].endsBefore(l) {
			now.Paragraphs = append(now.Paragraphs, paragraph{Ad: l.Boilerplate, Start: l.Start})
		}
		p := &now.Paragraphs[len(now.Paragraphs)-1]
		if !landed && cited.holds(l.N) {
			landed, p.grouped = true, true
		}
		p.add(l, cited)
	}
	if t.Timed {
		t.Times = timesOf(e.Lines)
	}
	return t
}

// endsBefore reports whether the line opens another paragraph.
func (p *paragraph) endsBefore(l *retrieval.Line) bool {
	if p.Ad != l.Boilerplate || p.characters > longestParagraph {
		return true
	}
	return p.characters >= paragraphCharacters && endsSentence(p.Lines[len(p.Lines)-1].Text)
}

// add puts a line to the end. Cited lines stand together between Opens and
// Closes, in the paragraph where they begin.
func (p *paragraph) add(l *retrieval.Line, cited lineRange) {
	line := textLine{N: l.N, Text: l.Text, Cited: cited.holds(l.N)}
	if line.Cited && p.grouped {
		line.Closes = true
		if n := len(p.Lines); n > 0 && p.Lines[n-1].Cited {
			p.Lines[n-1].Closes = false
		} else {
			line.Opens = cited.ID()
		}
	}
	p.Lines = append(p.Lines, line)
	p.characters += utf8.RuneCountInString(l.Text)
}

// endsSentence reports whether a text ends with the end of a sentence.
func endsSentence(text string) bool {
	text = strings.TrimRight(text, `"')]”’»`)
	last, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune(".?!…。？！؟।", last)
}

// timesOf is as transcript.Times says.
func timesOf(lines []retrieval.Line) string {
	var b []byte
	before := int64(0)
	for i := range lines {
		if i > 0 {
			b = append(b, ',')
		}
		if m := lines[i].Start; m.Known {
			at := m.Offset.Milliseconds() / 100
			b = strconv.AppendInt(b, at-before, 10)
			before = at
		}
	}
	return string(b)
}
