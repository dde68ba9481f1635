package prompts

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

// jsonReply is what models send that answer in JSON, unasked. Names are matched
// without regard to case.
type jsonReply struct {
	Answer, Answers, Response, Result, Text, Sentence, Claim, Item, Point, Content, Question json.RawMessage
	Sentences, Claims, Items, Points, Chapters, Takeaways                                    json.RawMessage
	Heading, Title                                                                           string
	Citations, Citation, Passages, Passage, Marks, Sources, Source, Numbers                  json.RawMessage
}

// maxJSONDepth is how deep texts are looked for.
const maxJSONDepth = 5

var digits = regexp.MustCompile(`\d{1,3}`)

// readJSON turns JSON into the lines that [ReadAnswer] reads, false when it is
// none or holds no text.
func readJSON(text string) (string, bool) {
	var b strings.Builder
	if !json.Valid([]byte(text)) {
		return "", false
	}
	writeJSON(&b, json.RawMessage(text), "", 0)
	return b.String(), strings.TrimSpace(b.String()) != ""
}

// writeJSON writes the texts in raw, one a line, each with the marks given for
// it.
func writeJSON(b *strings.Builder, raw json.RawMessage, marks string, depth int) {
	if len(raw) == 0 || depth > maxJSONDepth {
		return
	}
	switch raw[0] {
	case '"':
		var s string
		if json.Unmarshal(raw, &s) == nil && strings.TrimSpace(s) != "" {
			b.WriteString(strings.TrimSpace(s) + marks + "\n")
		}
	case '[':
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) != nil {
			return
		}
		for _, item := range list {
			writeJSON(b, item, marks, depth+1)
			b.WriteString("\n") // a paragraph of its own
		}
	case '{':
		var r jsonReply
		if json.Unmarshal(raw, &r) != nil {
			return
		}
		if own := jsonMarks(r); own != "" {
			marks = own
		}
		if h := strings.TrimSpace(r.Heading + r.Title); h != "" {
			b.WriteString("## " + strings.ReplaceAll(h, "\n", " ") + "\n")
		}
		for _, part := range []json.RawMessage{r.Answer, r.Answers, r.Response, r.Result, r.Text, r.Sentence, r.Claim, r.Item, r.Point, r.Content, r.Question, r.Sentences, r.Claims, r.Items, r.Points, r.Chapters, r.Takeaways} {
			writeJSON(b, part, marks, depth+1)
		}
	}
}

func jsonMarks(r jsonReply) string {
	var b strings.Builder
	for _, raw := range []json.RawMessage{r.Citations, r.Citation, r.Passages, r.Passage, r.Marks, r.Sources, r.Source, r.Numbers} {
		if len(raw) > 200 {
			continue // texts rather than numbers
		}
		for _, d := range digits.FindAllString(string(raw), maxMarks) {
			n, _ := strconv.Atoi(d) // three digits
			b.WriteString(" [" + strconv.Itoa(n) + "]")
		}
	}
	return b.String()
}
