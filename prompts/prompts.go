// Package prompts is every word that a language model is told, as embedded
// templates with versions, and the reading of its replies. What comes from a
// transcript goes in as delimited data with its number, speaker and time.
package prompts

// Message is one message to the model; Role is "system" or "user".
type Message struct{ Role, Text string }

// Prompt is what one call tells the model.
type Prompt struct {
	Messages []Message
	// Version names the template and its version, such as "answer/1".
	Version string
	// ReplyTokens is the longest reply that makes sense.
	ReplyTokens int
}

// Passage is a piece of a transcript, as the model is given it.
type Passage struct {
	// N is the number to cite it by.
	N       int
	Episode string // title
	Date    string // 2006-01-02 or ""
	Speaker string // "" unknown or several
	Time    string // such as 12:05, "" unknown
	Text    string
}

// Exchange is a question asked before and the gist of its answer.
type Exchange struct{ Question, Answer string }

// Kind says what kind of answer is wanted.
type Kind int

// The kinds.
const (
	Factual Kind = iota
	List         // "list all ..."
	Compare      // over several episodes
)

// AnswerRequest asks for an answer from passages.
type AnswerRequest struct {
	Question string
	// Language is the English name of the answer's language, "" for that of
	// the question.
	Language string
	Kind     Kind
	Passages []Passage
}

// Answer is the prompt for an answer. Its reply is read by [ReadAnswer].
func Answer(r AnswerRequest) Prompt { return Prompt{} }

// Failed is a sentence that could not be verified, with what is wrong in it.
type Failed struct{ Sentence, Fault string }

// RepairRequest asks to mend sentences.
type RepairRequest struct {
	Question string
	Language string
	Passages []Passage
	Failed   []Failed
}

// Repair is the prompt that names the faults. Its reply is read by
// [ReadAnswer].
func Repair(r RepairRequest) Prompt { return Prompt{} }

// StandAlone is the prompt that makes a follow-up a question of its own. Its
// reply is read by [ReadStandAlone].
func StandAlone(history []Exchange, question string) Prompt { return Prompt{} }

// Translate is the prompt that translates sentences, one a line; language is
// the English name of the one wanted. Its reply is read by [ReadLines].
func Translate(sentences []string, language string) Prompt { return Prompt{} }

// MapRequest asks for the points of one part of an episode.
type MapRequest struct {
	Title string
	Style string // brief, detailed, chapters or takeaways
	// Part counts from 1 to Parts.
	Part, Parts int
	Language    string
	Passages    []Passage
}

// Map is the prompt for the points of a part. Its reply is read by
// [ReadPoints].
func Map(r MapRequest) Prompt { return Prompt{} }

// ReduceRequest asks to choose and join points.
type ReduceRequest struct {
	Title    string
	Style    string
	Language string
	// Most is the most points wanted.
	Most int
	// Points are numbered by N; Text is the point, Speaker and Time unused.
	Points []Passage
}

// Reduce is the prompt that chooses and joins the points of all parts; each
// new point names the numbers of those it is made of. Its reply is read by
// [ReadPoints].
func Reduce(r ReduceRequest) Prompt { return Prompt{} }

// Claim is a sentence with the numbers that it cites.
type Claim struct {
	Text  string // without marks
	Marks []int  // in order, each once
}

// AnswerReply is what a model answered.
type AnswerReply struct {
	// NotFound says that the model did not find the answer.
	NotFound bool
	Claims   []Claim
}

// ReadAnswer reads a reply to [Answer] or [Repair], whatever it is: no reply is an error.
func ReadAnswer(text string) AnswerReply { return AnswerReply{} }

// ReadDraft reads a reply that is still coming: the sentences that are
// complete, and the rest.
func ReadDraft(text string) (done []Claim, rest string) { return nil, text }

// ReadStandAlone reads a reply to [StandAlone], "" when it is no question.
func ReadStandAlone(text string) string { return "" }

// ReadLines reads n numbered lines; nil when there are not as many.
func ReadLines(text string, n int) []string { return nil }

// Point is a point of a summary.
type Point struct {
	Heading string
	Claim
}

// ReadPoints reads a reply to [Map] or [Reduce].
func ReadPoints(text string) []Point { return nil }

// Instructs reports whether a sentence of a transcript speaks to a language
// model, as in "ignore previous instructions": such words are not given to one,
// and are no evidence.
func Instructs(sentence string) bool { return false }
