package transcript

import (
	"regexp"
	"strings"

	"verbatim/retrieval"
)

// A page of podscripts.co saved as text is, line by line:
//
//	Show - Title
//	Episode Date: March 6, 2025In this episode, ...
//	Transcript
//	Discussion (0)
//	[Starting point is 00:00:00]
//	words
//
// The description is glued to the date, and has "..." after its first 200
// characters, where the page cuts it until a reader asks for more. The
// "Starting point" lines are in one of the page's two renderings only; their
// time is that of the next line with words.

const (
	datePrefix  = "Episode Date:"
	startPrefix = "Starting point is "
	// pageCut is where the page puts "..." into a description.
	pageCut = 200
)

// sniffPodscripts recognises the page by its date line and furniture.
func sniffPodscripts(src *source) bool {
	date, seen := false, 0
	for _, line := range src.lines {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		switch {
		case strings.HasPrefix(line, datePrefix):
			date = true
		case date && isPageFurniture(line), date && strings.HasPrefix(line, startPrefix):
			return true
		}
		if seen++; seen == 12 {
			return false
		}
	}
	return false
}

// discussion matches the heads of a page's two tabs, and the note below the
// text of an episode that nobody has commented on.
var discussion = regexp.MustCompile(`^(?:Transcript|Discussion ?\(\d+\)|There (?:aren't|are no) comments yet.{0,150})$`)

func isPageFurniture(line string) bool { return discussion.MatchString(line) }

// episodeDate splits the date line into the day and the description.
var episodeDate = regexp.MustCompile(`^Episode Date:\s*([A-Z][a-z]+ \d{1,2}, \d{4})\s*(.*)$`)

// readPodscripts reads such a page.
func readPodscripts(src *source, d *draft) error {
	e := &d.episode
	p := &pageReader{lines: src.lines, d: d}
	head, dated := 0, false
	for i, line := range src.lines {
		line = strings.TrimSpace(unescape(line))
		switch m := episodeDate.FindStringSubmatch(line); {
		case line == "":
		case m != nil && !dated:
			dated = true
			if day, ok := parseDate(m[1]); ok {
				e.Date = day
			} else {
				d.warn(i+1, "no date: %q", m[1])
			}
			e.Description = healCut(m[2])
			p.from = i + 1
		case strings.HasPrefix(line, datePrefix) && !dated:
			dated = true
			d.warn(i+1, "no date in %.60q", line)
			e.Description = strings.TrimSpace(strings.TrimPrefix(line, datePrefix))
			p.from = i + 1
		case !dated && head == 0:
			head = i + 1
			e.Show, e.Title = splitTitle(line)
		}
		if dated {
			break
		}
	}
	p.describeOn()
	return p.readStarts()
}

// describeOn takes the lines between the date and the head of the text for
// the description, where the page was saved with a line of its own for it.
func (p *pageReader) describeOn() {
	var more []string
	for i := p.from; i < min(len(p.lines), p.from+maxAbout); i++ {
		text, _ := p.body(i)
		switch {
		case text == "Transcript" || strings.HasPrefix(text, startPrefix):
			e := &p.d.episode
			e.Description = strings.TrimSpace(e.Description + " " + healCut(strings.Join(more, " ")))
			p.from = i
			return
		case text != "" && !isPageFurniture(text):
			more = append(more, text)
		}
	}
}

// readStarts makes lines of the page's body. A label is never looked for: the
// page has none.
func (p *pageReader) readStarts() error {
	e := &p.d.episode
	if e.TotalLines = len(p.lines); e.TotalLines > MaxLines {
		return ErrTooManyLines
	}
	var start retrieval.Moment
	for i := p.from; i < len(p.lines); i++ {
		text, _ := p.body(i)
		if after, ok := strings.CutPrefix(text, startPrefix); ok {
			at, _, rest, found := cutClock(strings.TrimSpace(after))
			if !found {
				p.d.warn(i+1, "no time in %.60q", text)
				continue
			}
			start, text = retrieval.At(at), strings.TrimSpace(rest)
		}
		if isPageFurniture(text) && (text != "Transcript" || len(e.Lines) == 0) || !hasWords(text) {
			continue
		}
		p.d.add(i+1, retrieval.Line{N: i + 1, Start: start, Text: text})
		start = retrieval.Moment{}
	}
	return nil
}

// splitTitle splits "Show - Title" at the first hyphen between blanks: shows
// hardly ever have one, titles often.
func splitTitle(line string) (show, title string) {
	show, title, ok := strings.Cut(line, " - ")
	if !ok {
		return "", line
	}
	return strings.TrimSpace(show), strings.TrimSpace(title)
}

// healCut takes out the dots that the page puts into a long description, often
// within a word.
func healCut(description string) string {
	r := []rune(description)
	if len(r) > pageCut+3 && string(r[pageCut:pageCut+3]) == "..." {
		return string(r[:pageCut]) + string(r[pageCut+3:])
	}
	return description
}
