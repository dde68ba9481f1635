package transcript

import (
	"regexp"
	"strings"
	"time"

	"verbatim/retrieval"
)

// maxAbout is how many lines front matter and preambles may take.
const maxAbout = 500

// fields is what a file says about itself, keys in lower case.
type fields map[string]string

// frontMatter reads the block of "key: value" lines between "---" lines at
// the start of a Markdown file, as static site generators have it. Of YAML it
// knows what such blocks use for text: plain and quoted values, and values
// that go on over indented lines; lists and nested maps are passed over. end
// is the index of the first line after the block, 0 where there is none.
func frontMatter(lines []string) (f fields, end int) {
	if len(lines) == 0 || strings.TrimRight(lines[0], " \t") != "---" {
		return nil, 0
	}
	f = fields{}
	key, folded := "", false
	for i, line := range lines[1:min(len(lines), maxAbout)] {
		text := strings.TrimRight(line, " \t")
		if text == "---" || text == "..." {
			return f, i + 2
		}
		if text == "" || text[0] == '#' {
			continue
		}
		if text[0] == ' ' || text[0] == '\t' {
			if folded && len(f[key]) < 4096 {
				f[key] = strings.TrimSpace(f[key] + " " + strings.TrimSpace(text))
			}
			continue
		}
		k, value, ok := strings.Cut(text, ":")
		if !ok || value != "" && value[0] != ' ' && value[0] != '\t' {
			if text[0] != '-' {
				return nil, 0 // text between two rules
			}
			folded = false
			continue
		}
		key, value = strings.ToLower(strings.TrimSpace(k)), strings.TrimSpace(value)
		switch value {
		case ">", "|", ">-", "|-", ">+", "|+":
			value, folded = "", true
		default:
			folded = value != "" && !strings.ContainsAny(value[:1], "[{")
		}
		f[key] = unquote(value)
	}
	return nil, 0
}

// unquote takes YAML's quotes off a value.
func unquote(s string) string {
	if len(s) < 2 || s[0] != s[len(s)-1] {
		return s
	}
	switch s[0] {
	case '\'':
		return strings.ReplaceAll(s[1:len(s)-1], "''", "'")
	case '"':
		return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(s[1 : len(s)-1])
	}
	return s
}

// describe fills in what the fields say, where the episode has nothing yet.
func describe(f fields, e *retrieval.Episode) {
	set := func(to *string, keys ...string) {
		for _, k := range keys {
			if v := f[k]; *to == "" && v != "" && !strings.ContainsAny(v[:1], "[{") {
				*to = unescape(v)
			}
		}
	}
	set(&e.Title, "title", "episode title", "episode_title")
	set(&e.Show, "show", "podcast", "series", "show name")
	set(&e.Description, "description", "summary", "excerpt", "subtitle")
	if e.Date.IsZero() {
		for _, k := range []string{"date", "published", "episode date", "release date", "pubdate"} {
			if day, ok := parseDate(f[k]); ok {
				e.Date = day
				break
			}
		}
	}
	for _, k := range []string{"audio", "audio_url", "audiourl", "audio url", "enclosure", "media", "mp3"} {
		if isWebAddress(f[k]) {
			e.AudioURL = f[k]
			break
		}
	}
}

// dateForms are the ways of writing a day that leave no doubt which number is
// the month.
var dateForms = []string{
	time.DateOnly, "2006/01/02", "January 2, 2006", "Jan 2, 2006", "Jan. 2, 2006", "2 January 2006", "2 Jan 2006",
	"Mon, Jan 2, 2006", "Monday, January 2, 2006", "Mon, 2 Jan 2006", "January 2 2006",
}

// parseDate reads a day, which may be followed by a time of day.
func parseDate(s string) (time.Time, bool) {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 40 {
		s = s[:40]
	}
	for {
		for _, form := range dateForms {
			if day, err := time.Parse(form, s); err == nil && day.Year() > 1900 {
				return day, true
			}
		}
		i := strings.LastIndexAny(s, " T")
		if i < 0 {
			return time.Time{}, false
		}
		s = strings.TrimRight(s[:i], " ,")
	}
}

// preambleKeys are the keys of "Key: value" lines at the head of a text file
// that are about the episode. None of them is anybody's name.
var preambleKeys = map[string]bool{
	"title": true, "episode title": true, "date": true, "episode date": true, "published": true, "release date": true,
	"show": true, "podcast": true, "series": true, "description": true, "summary": true, "duration": true,
	"url": true, "link": true, "source": true, "audio": true, "media": true, "language": true, "file": true, "filename": true,
}

// cutPreamble reads what a text file says about itself before the words: lines
// such as "Title: ...", or the head of an Otter export with its keywords and
// list of speakers. It returns the index of the first line of the body.
func cutPreamble(lines []string, e *retrieval.Episode) int {
	if end := otterHead(lines, e); end > 0 {
		return end
	}
	f := fields{}
	for i, line := range lines[:min(len(lines), 40)] {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		key, value, ok := strings.Cut(line, ":")
		key = strings.ToLower(strings.TrimSpace(strings.Trim(key, "*_")))
		if !ok || !preambleKeys[key] {
			describe(f, e)
			if len(f) == 0 {
				return 0
			}
			return i
		}
		f[key] = strings.TrimSpace(strings.Trim(value, "*_ "))
	}
	return 0
}

// otterHead reads the head of a transcript exported by Otter: title, date and
// length, "SUMMARY KEYWORDS" and "SPEAKERS" with a paragraph each. It returns
// the index after it, 0 where there is none.
func otterHead(lines []string, e *retrieval.Episode) int {
	end, first := 0, -1
	for i, line := range lines[:min(len(lines), 60)] {
		switch line = strings.TrimSpace(line); {
		case line == "SUMMARY KEYWORDS" || line == "SPEAKERS":
			for end = i + 1; end < len(lines) && !isBlank(lines[end]); end++ {
			}
		case line != "" && first < 0:
			first = i
		}
	}
	if end == 0 || first < 0 || first >= end {
		return 0
	}
	if title := strings.TrimSpace(lines[first]); title != "SUMMARY KEYWORDS" && title != "SPEAKERS" {
		e.Title = title
		for _, line := range lines[first+1 : min(first+4, end)] {
			if day, ok := parseDate(strings.TrimSpace(line)); ok {
				e.Date = day
			}
		}
	}
	return end
}

// furniture matches lines that transcription services put into their exports.
var furniture = regexp.MustCompile(`^(?i:transcribed by https?://\S+|transcript by rev\.com|page \d+ of \d+|` +
	`this transcript was exported on .{1,60}|this editable transcript was computer generated.{0,150}|` +
	`.{1,100} \(completed \d\d/\d\d/\d\d\))$`)

// isFurniture reports a line that a service has added.
func isFurniture(text string) bool {
	if len(text) > 200 {
		return false
	}
	switch text[0] {
	case 'T', 't', 'P', 'p':
		return furniture.MatchString(text)
	}
	return strings.HasSuffix(text, ")") && strings.Contains(text, "(Completed ") && furniture.MatchString(text)
}
