package transcript

import (
	"fmt"
	"html"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval"
)

// finish checks what a reader made and completes it: one form of white space,
// no empty lines, times in range, an ID and a title.
func (d *draft) finish(src *source) error {
	e := &d.episode
	if e.TotalLines > MaxLines || len(e.Lines) > MaxLines {
		return ErrTooManyLines
	}
	kept := e.Lines[:0]
	check := timeCheck{d: d}
	for i := range e.Lines {
		l := e.Lines[i]
		l.Text, l.Speaker = clean(l.Text), clean(l.Speaker)
		if l.Text == "" {
			continue
		}
		if len(kept) > 0 && l.N <= kept[len(kept)-1].N || l.N < 1 {
			return fmt.Errorf("line numbers of format %s do not rise at %d", e.Format, l.N)
		}
		fileLine := 0
		if len(d.fileLines) == len(e.Lines) {
			fileLine = d.fileLines[i]
		}
		if err := check.line(&l, fileLine); err != nil {
			return err
		}
		kept = append(kept, l)
	}
	clear(e.Lines[len(kept):])
	e.Lines = kept
	if len(kept) == 0 {
		return &Error{Err: ErrNotTranscript, Reason: "no spoken words"}
	}
	e.TotalLines = max(e.TotalLines, kept[len(kept)-1].N)
	d.nameEpisode(src.name)
	return nil
}

// nameEpisode cleans what the file says about itself and names the episode.
func (d *draft) nameEpisode(file string) {
	e := &d.episode
	e.Title, e.Show, e.Description = clean(e.Title), clean(e.Show), clean(e.Description)
	if !isWebAddress(e.AudioURL) {
		e.AudioURL = ""
	}
	base := withoutExtension(file)
	e.ID = retrieval.Slug(base)
	if e.ID == "" {
		e.ID = retrieval.Slug(e.Title)
	}
	if e.ID == "" {
		e.ID = "episode"
	}
	if e.Title == "" {
		e.Title = readable(base)
	}
	if e.Title == "" {
		e.Title = "Episode"
	}
}

// backwards is how far a start may lie before the one above it without a
// warning: people speak over one another, and hand-made times are rounded.
const backwards = 2 * time.Second

// timeCheck looks at the times of the lines in their order.
type timeCheck struct {
	d    *draft
	last retrieval.Moment // latest start so far
}

// line checks one line's times. Times that run backwards stay as the file has
// them; an end that cannot be becomes unknown.
func (c *timeCheck) line(l *retrieval.Line, fileLine int) error {
	for _, m := range []*retrieval.Moment{&l.Start, &l.End} {
		if !m.Known {
			*m = retrieval.Moment{}
		}
		// A Moment is written to the millisecond everywhere else.
		m.Offset = m.Offset.Round(time.Millisecond)
		if m.Offset < 0 {
			c.d.warn(fileLine, "negative time")
			*m = retrieval.Moment{}
		}
		if m.Offset > MaxHours*time.Hour {
			return &Error{Line: fileLine, Err: ErrTooLong}
		}
	}
	if l.Start.Known && l.End.Known && l.End.Offset < l.Start.Offset {
		c.d.warn(fileLine, "end %s is before start %s", l.End, l.Start)
		l.End = retrieval.Moment{}
	}
	if !l.Start.Known {
		return nil
	}
	// Readers of timed formats do not tell file lines here: they have warned
	// already, each by its format's rules.
	if fileLine > 0 && c.last.Known && l.Start.Offset+backwards < c.last.Offset {
		c.d.warn(fileLine, "start %s is before %s, where an earlier line starts", l.Start, c.last)
	}
	c.last = l.Start
	return nil
}

// clean makes all white space single spaces and drops control characters and
// marks without width, which break up words that look whole.
func clean(s string) string {
	if isClean(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			gap = true
		case r == utf8.RuneError, isInvisible(r):
		default:
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isInvisible reports control characters and marks of no width but those that
// join letters or pictures into one.
func isInvisible(r rune) bool {
	switch {
	case unicode.IsControl(r), r == '\u00ad', r == '\u2060', r == '\ufeff':
		return true
	case r == '\u200b', r == '\u200e', r == '\u200f':
		return true
	}
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// isClean is a quick test for texts that clean leaves alone.
func isClean(s string) bool {
	space := true // at the start no space may stand
	for i := 0; i < len(s); i++ {
		switch b := s[i]; {
		case b >= utf8.RuneSelf || b < ' ' || b == 0x7f, b == ' ' && space:
			return false
		default:
			space = b == ' '
		}
	}
	return !space || s == ""
}

// maxEntity is the length of the longest entity worth decoding, with & and ;.
const maxEntity = 34

// unescape decodes the HTML entities of s once. An ampersand that begins no
// complete entity ("AT&T", "R&D") stays as it is.
func unescape(s string) string {
	i := strings.IndexByte(s, '&')
	if i < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for ; i >= 0; i = strings.IndexByte(s, '&') {
		b.WriteString(s[:i])
		s = s[i:]
		end := strings.IndexByte(s[:min(len(s), maxEntity)], ';')
		if end < 0 {
			end = 0
		}
		b.WriteString(html.UnescapeString(s[:end+1]))
		s = s[end+1:]
	}
	b.WriteString(s)
	return b.String()
}

// extensions are those that files of the known formats bear.
var extensions = wordSet(`txt text md markdown mdown srt vtt webvtt json json3 srv1 srv2 srv3 xml ttml dfxp itt ssa ass sbv
	tsv csv html htm xhtml gz static lrc transcript`)

// withoutExtension takes the extensions off a file name, one after another,
// with a language before them (".eng.tsv", ".en-US.vtt"). Nothing else is
// taken: "2025.03.06.txt" keeps its date.
func withoutExtension(name string) string {
	cut := false
	for {
		i := strings.LastIndexByte(name, '.')
		if i < 0 || i == 0 && !extensions[strings.ToLower(name[1:])] {
			return name
		}
		ext := strings.ToLower(name[i+1:])
		if !extensions[ext] && !(cut && isLanguage(ext)) {
			return name
		}
		cut = true
		name = name[:i]
	}
}

// languages are the codes that captions are commonly saved under.
var languages = wordSet(`en eng de deu ger fr fra fre es spa it ita pt por nl nld dut ru rus uk ukr ja jpn ko kor zh zho
	chi ar ara he heb hi hin pl pol tr tur sv swe da dan fi fin no nb nor cs ces cze el ell hu hun ro ron vi vie id ind th tha`)

// isLanguage reports a language tag such as "eng", "en" or "en-us".
func isLanguage(ext string) bool {
	tag, region, _ := strings.Cut(ext, "-")
	return languages[tag] && len(region) <= 4
}

// readable makes a title of a file name: "my_show-12" becomes "My show 12".
// Dates keep their hyphens, and a name with spaces is left as it is.
func readable(base string) string {
	if strings.Contains(base, " ") {
		return clean(base)
	}
	b := []rune(base)
	for i, r := range b {
		between := i > 0 && i+1 < len(b) && unicode.IsDigit(b[i-1]) && unicode.IsDigit(b[i+1])
		if r == '_' || r == '-' && !between {
			b[i] = ' '
		}
	}
	title := []rune(clean(string(b)))
	if len(title) > 0 {
		title[0] = unicode.ToUpper(title[0])
	}
	return string(title)
}

// isWebAddress reports an http or https address without white space.
func isWebAddress(s string) bool {
	return (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")) && !strings.ContainsAny(s, " \t\r\n")
}
