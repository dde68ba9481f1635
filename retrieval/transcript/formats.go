package transcript

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// textFormats are the kinds of transcript that are pages and plain text, in
// the order they are tried; the last one takes everything.
var textFormats = []format{
	{name: "podcast-html", sniff: sniffPodcastHTML, read: readHTML},
	{name: "html", sniff: sniffHTML, read: readHTML},
	{name: "podscripts", sniff: sniffPodscripts, read: readPodscripts},
	{name: "markdown", sniff: sniffMarkdown, read: readMarkdown},
	{name: "text", sniff: func(*source) bool { return true }, read: readText},
}

// recognise finds the format by content. What no timed format takes and is
// data of a program all the same is no transcript.
func recognise(src *source) (*format, error) {
	for i := range timedFormats {
		if timedFormats[i].sniff(src) {
			return &timedFormats[i], nil
		}
	}
	if err := refuseJSON(src); err != nil {
		return nil, err
	}
	if err := refuseXML(src); err != nil {
		return nil, err
	}
	for i := range textFormats {
		if textFormats[i].sniff(src) {
			return &textFormats[i], nil
		}
	}
	return nil, ErrNotTranscript
}

// refuseJSON is the error for JSON that no format has taken, nil for files
// that are not JSON: "[Music]" and "{laughs}" begin text.
func refuseJSON(src *source) error {
	raw := bytes.TrimSpace(src.raw)
	if !looksJSON(raw) {
		return nil
	}
	if err := brokenJSON(src.raw); err != nil {
		return err
	}
	return &Error{Err: ErrNotTranscript, Reason: "JSON of no known transcript format (" + shapeOf(raw) + ")"}
}

// brokenJSON is the error for JSON that ends early or makes no sense, nil for
// valid JSON. NaN and Infinity are no fault, as Python writes them.
func brokenJSON(raw []byte) error {
	var value skipJSON
	err := json.Unmarshal(quoteNaN(raw), &value)
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return &Error{Line: lineAt(raw, max(int(syntax.Offset)-1, 0)), Err: ErrNotTranscript, Reason: "broken JSON: " + syntax.Error()}
	case err != nil:
		return &Error{Err: ErrNotTranscript, Reason: "broken JSON: " + err.Error()}
	}
	return nil
}

// looksJSON reports data that begins as a JSON object or array does and text
// hardly ever.
func looksJSON(raw []byte) bool {
	if len(raw) < 2 || raw[0] != '{' && raw[0] != '[' {
		return false
	}
	next := bytes.TrimLeft(raw[1:], " \t\r\n")
	if len(next) == 0 {
		return false
	}
	switch {
	case raw[0] == '{':
		return next[0] == '"' || next[0] == '}' && len(next) == 1
	case next[0] == '{':
		return looksJSON(next) || bytes.HasPrefix(bytes.TrimLeft(next[1:], " \t\r\n"), []byte("}"))
	case next[0] == '"':
		return true
	}
	return json.Valid(raw)
}

// shapeOf names what a valid JSON value holds, for the message.
func shapeOf(value json.RawMessage) string {
	var object map[string]json.RawMessage
	if value[0] == '{' && json.Unmarshal(value, &object) == nil {
		keys := make([]string, 0, len(object))
		for k := range object {
			keys = append(keys, fmt.Sprintf("%.40q", k))
		}
		slices.Sort(keys)
		if len(keys) > 5 {
			keys = append(keys[:5], "...")
		}
		return "an object with " + strings.Join(keys, ", ")
	}
	list := json.NewDecoder(bytes.NewReader(value))
	var first json.RawMessage
	switch open, err := list.Token(); {
	case err != nil || open != json.Delim('['):
		return "a plain value"
	case !list.More() || list.Decode(&first) != nil:
		return "an empty list"
	case first[0] == '[':
		return "a list of lists"
	}
	return "a list; its first entry is " + shapeOf(first)
}

// otherXML are root elements of XML that holds no transcript.
var otherXML = []string{"<?xml", "<rss", "<feed", "<svg", "<opml", "<urlset", "<plist", "<tt", "<transcript", "<timedtext"}

// refuseXML is the error for XML that no format has taken, nil for HTML and
// text.
func refuseXML(src *source) error {
	head := strings.ToLower(string(bytes.TrimSpace(src.raw[:min(len(src.raw), 2048)])))
	for _, root := range otherXML {
		if strings.HasPrefix(head, root) && !strings.Contains(head, "<html") {
			return &Error{Err: ErrNotTranscript, Reason: "XML of no known transcript format"}
		}
	}
	return nil
}
