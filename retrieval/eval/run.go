package eval

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// A run is what one evaluation found, kept as lines of JSON: a [Header], then a
// [Record] for each thing that was tried. Two runs are compared by [Compare].

// RunFormat is the version of the form of runs.
const RunFormat = 1

// Header is the first line of a run: what was measured, and how.
type Header struct {
	// Format is [RunFormat].
	Format int `json:"verbatim_run"`
	// Date is RFC 3339 in UTC, Version the program's.
	Date    string `json:"date"`
	Version string `json:"version"`
	// Model is the language model, "extractive" without one; Unverified says
	// that its sentences were not checked.
	Model      string `json:"model"`
	Unverified bool   `json:"unverified"`
	// Prompts are the versions of the prompts by name, none without a model.
	Prompts map[string]string `json:"prompts,omitempty"`
	// Embedding is the model of the vectors.
	Embedding string `json:"embedding"`
	// Settings are those that matter, by their flag; no secrets.
	Settings map[string]string `json:"settings"`
	Sets     []SetSum          `json:"sets"`
}

// SetSum says which questions and transcripts a set had.
type SetSum struct {
	Name      string `json:"name"`
	Questions int    `json:"questions"`
	// SHA256 is over the gold and the transcripts.
	SHA256 string `json:"sha256"`
}

// The kinds of records.
const (
	RecordQuestion = "question"
	RecordQuote    = "quote"
	RecordSummary  = "summary"
)

// Record is a line of a run: one question, quote or summary, what came of it
// and what that gives to the figures.
type Record struct {
	Kind string `json:"kind"`
	Set  string `json:"set"`
	// ID is the question's, or the style of a summary.
	ID    string `json:"id"`
	Group string `json:"group,omitempty"`
	// Asked says that the question was put and answered, not only searched for.
	Asked bool   `json:"asked"`
	Found bool   `json:"found"`
	Text  string `json:"text,omitempty"`
	// Sentences are those of the answer, or the points of the summary.
	Sentences []RecordSentence `json:"sentences,omitempty"`
	Citations []RecordCitation `json:"citations,omitempty"`
	// Model is what answered; Without says why it was not the language model.
	// Of its sentences Removed could not be verified, Beside were beside the
	// question.
	Model        string      `json:"model,omitempty"`
	Without      string      `json:"without,omitempty"`
	Removed      int         `json:"removed"`
	Beside       int         `json:"beside,omitempty"`
	PromptTokens int         `json:"prompt_tokens"`
	ReplyTokens  int         `json:"reply_tokens"`
	Cost         float64     `json:"cost"`
	FirstTokenMS float64     `json:"first_token_ms"`
	TookMS       float64     `json:"took_ms"`
	Suspicions   []Suspicion `json:"false_statements,omitempty"`
	Scores       Scores      `json:"scores"`
}

// RecordSentence is a sentence with the numbers of its citations.
type RecordSentence struct {
	Text      string `json:"text"`
	Citations []int  `json:"citations"`
}

// RecordCitation is a citation with its lines.
type RecordCitation struct {
	N     int    `json:"n"`
	Lines [2]int `json:"lines"`
	Quote string `json:"quote"`
}

// key is what makes records of two runs one question.
type key struct{ kind, set, id string }

func (r *Record) key() key { return key{r.Kind, r.Set, r.ID} }

// Run is a run that was read.
type Run struct {
	Header  Header
	Records []Record
}

// WriteLine writes a Header or a Record as a line of a run.
func WriteLine[T Header | Record](w io.Writer, v *T) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// ReadRun reads a run. An error names its line; nothing comes with it.
func ReadRun(r io.Reader) (*Run, error) {
	var run *Run
	seen := map[key]bool{}
	reader := bufio.NewReader(r)
	for n := 1; ; n++ {
		line, err := reader.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return nil, fmt.Errorf("read run: line %d: %w", n, err)
		}
		if text := bytes.TrimSpace(line); len(text) > 0 {
			var fault error
			if run == nil {
				run, fault = readHeader(text)
			} else {
				fault = run.readRecord(text, seen)
			}
			if fault != nil {
				return nil, fmt.Errorf("read run: line %d: %w", n, fault)
			}
		}
		if err == io.EOF {
			break
		}
	}
	if run == nil {
		return nil, errors.New("read run: nothing in it")
	}
	return run, nil
}

func readHeader(text []byte) (*Run, error) {
	run := &Run{}
	if err := json.Unmarshal(text, &run.Header); err != nil {
		return nil, err
	}
	switch run.Header.Format {
	case RunFormat:
		return run, nil
	case 0:
		return nil, errors.New("not the first line of a run")
	}
	return nil, fmt.Errorf("run of the form %d, this program reads %d", run.Header.Format, RunFormat)
}

func (r *Run) readRecord(text []byte, seen map[key]bool) error {
	var record Record
	if err := json.Unmarshal(text, &record); err != nil {
		return err
	}
	switch k := record.key(); {
	case k.kind == "" || k.set == "" || k.id == "":
		return errors.New("no kind, no set or no id")
	case seen[k]:
		return fmt.Errorf("%s %q of the set %q is there twice", k.kind, k.id, k.set)
	default:
		seen[k] = true
	}
	r.Records = append(r.Records, record)
	return nil
}
