package prompts

import "unicode/utf8"

const (
	standAloneTokens = 80
	// lineTokens is the room for a translated sentence.
	lineTokens = 120
	// maxHistory is how many questions before one it is read with, the
	// nearest.
	maxHistory = 4
)

// standAloneData is what the template of stand-alone questions is filled with.
type standAloneData struct {
	History  []string
	Question string
}

// StandAlone is the prompt that makes a follow-up a question of its own; the
// history is the questions asked before, oldest first. Its reply is read by
// [ReadStandAlone].
func StandAlone(history []string, question string) Prompt {
	d := standAloneData{Question: Data(question)}
	for _, before := range history[max(0, len(history)-maxHistory):] {
		d.History = append(d.History, Data(before))
	}
	return render("standalone", d, standAloneTokens)
}

// cut shortens text to at most n bytes, between characters.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// translateData is what the template of translations is filled with.
type translateData struct {
	Language  string
	Sentences []string
}

// Translate is the prompt that translates sentences, one a line; language is
// the English name of the one wanted. Its reply is read by [ReadLines].
func Translate(sentences []string, language string) Prompt {
	d := translateData{Language: Data(language)}
	for _, s := range sentences {
		d.Sentences = append(d.Sentences, Data(s))
	}
	return render("translate", d, lineTokens*max(1, len(sentences)))
}
