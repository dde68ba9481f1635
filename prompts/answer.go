package prompts

// Kind says what kind of answer is wanted.
type Kind int

// The kinds.
const (
	Factual Kind = iota
	List         // "list all ..."
	Compare      // over several episodes
)

// String is the kind's name in the templates.
func (k Kind) String() string {
	switch k {
	case List:
		return "list"
	case Compare:
		return "compare"
	}
	return "factual"
}

// The most sentences that an answer has, and the most tokens of a reply: about
// 60 for a sentence with its marks, and some to spare for languages that take
// more.
const (
	factualSentences = 3
	compareSentences = 6
	factualTokens    = 320
	compareTokens    = 600
	listTokens       = 800
	repairTokens     = 400
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

// answerData is what the templates of answers are filled with.
type answerData struct {
	Question, Language, Kind string
	Sentences, Example       int
	Passages                 []shown
	Failed                   []Failed
}

// Answer is the prompt for an answer. Its reply is read by [ReadAnswer].
func Answer(r AnswerRequest) Prompt {
	d := newAnswerData(r.Question, r.Language, r.Passages)
	d.Kind, d.Sentences = r.Kind.String(), factualSentences
	tokens := factualTokens
	switch r.Kind {
	case List:
		tokens = listTokens
	case Compare:
		tokens, d.Sentences = compareTokens, compareSentences
	}
	return render("answer", d, tokens)
}

func newAnswerData(question, language string, passages []Passage) answerData {
	return answerData{Question: Data(question), Language: Data(language), Passages: show(passages), Example: example(passages)}
}

// CollectRequest asks for what one window of passages adds to a list.
type CollectRequest struct {
	Question string
	// Language is the English name of the answer's language, "" for that of
	// the question.
	Language string
	Passages []Passage
}

// Collect is the prompt for the items of a list that some of the passages hold,
// where all of them are too many for one call. Its reply is read by
// [ReadAnswer]: each item is a claim.
func Collect(r CollectRequest) Prompt {
	return render("collect", newAnswerData(r.Question, r.Language, r.Passages), listTokens)
}

// Failed is a sentence that could not be verified, with what is wrong in it.
type Failed struct{ Sentence, Fault string }

// RepairRequest asks to mend sentences.
type RepairRequest struct {
	// Question is what they answer, "" for those of a summary.
	Question string
	Language string
	Passages []Passage
	Failed   []Failed
}

// Repair is the prompt that names the faults. Its reply is read by
// [ReadAnswer].
func Repair(r RepairRequest) Prompt {
	d := newAnswerData(r.Question, r.Language, r.Passages)
	for _, f := range r.Failed {
		d.Failed = append(d.Failed, Failed{Sentence: Data(f.Sentence), Fault: Data(f.Fault)})
	}
	return render("repair", d, repairTokens)
}
