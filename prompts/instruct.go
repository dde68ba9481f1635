package prompts

// Instructs reports whether a sentence of a transcript speaks to a language
// model, as in "ignore previous instructions": such words are not given to one,
// and are no evidence.
func Instructs(sentence string) bool { return false }
