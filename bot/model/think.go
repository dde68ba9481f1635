package model

import "strings"

// thoughts are the tags that models put around what they think before they
// answer, as part of the text.
var thoughts = []struct{ open, close string }{{"<think>", "</think>"}, {"<thinking>", "</thinking>"}}

// answer is what a model says without the thoughts before it; "" while it is
// still thinking. The text is final, or as far as it has come. Some templates
// open the thoughts themselves, so that only the closing tag is in the text.
func answer(text string, final bool) string {
	text = strings.TrimLeft(text, " \t\r\n")
	for _, tag := range thoughts {
		if !final && strings.HasPrefix(tag.open, text) {
			return "" // it may become the tag
		}
		if _, after, closed := strings.Cut(text, tag.close); closed {
			return strings.TrimLeft(after, " \t\r\n")
		}
		if strings.HasPrefix(text, tag.open) {
			return ""
		}
	}
	return text
}
