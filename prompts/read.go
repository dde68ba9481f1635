package prompts

import (
	"strings"
	"unicode"
)

// Limits of what is read of a reply. A longer one is cut: no answer is that
// long, and a model that does not stop says nothing new.
const (
	maxReply    = 64 << 10 // bytes
	maxRead     = 8 << 10  // bytes of one line
	maxClaims   = 100
	maxSentence = 1200 // bytes; a longer one is a loop or no sentence
	maxMarks    = 12   // of one claim
	maxNumber   = 999  // of a mark
)

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

// ReadAnswer reads a reply to [Answer], [Collect] or [Repair], whatever it is:
// no reply is an error.
//
// Claims are sentences or list items, in order, each once, without Markdown,
// lead-ins ("Sure! Here is the answer:"), courtesies and questions. Their marks are written
// [1], [1, 2], [1][2], [1-3], (1), [passage 3], 【1】 or ^1, before or after the
// full stop. A sentence without marks takes those of the next marked sentence of
// its paragraph, as people cite: marks reach back to the last marked sentence, or
// the paragraph's start, and never over a line of a list. In a line that begins
// with a mark, and whose first sentence has no other, marks stand before their
// sentences, and reach forward in the same way.
//
// NotFound is true when the reply begins with NOT FOUND, whatever follows, and when
// it holds no claim but says that the passages do not tell. Such sentences are never
// claims. A reply cut by the limit on its length may end in half a sentence; read
// that by [ReadDraft].
func ReadAnswer(text string) AnswerReply {
	r := newReading(text, false)
	if r.notFound {
		return AnswerReply{NotFound: true}
	}
	claims := r.claims()
	return AnswerReply{NotFound: len(claims) == 0 && r.denied, Claims: claims}
}

// ReadDraft reads a reply that is still coming: the sentences that are
// complete, with their marks, and the rest for show, without marks and Markdown.
//
// What is done stays: for every longer reply that begins with this text,
// ReadAnswer's claims begin with done, unless it is NOT FOUND as a whole, which is
// known from its first words. So a sentence is done only when the next has begun,
// and one without marks when those that reach back to it are known. A reply in JSON
// has neither until it is complete.
func ReadDraft(text string) (done []Claim, rest string) {
	r := newReading(text, true)
	if r.notFound {
		return nil, ""
	}
	return r.claims(), r.rest()
}

// reading is a reply on its way to claims.
type reading struct {
	sentences []sentence
	// notFound says that the reply is NOT FOUND as a whole; denied that some
	// sentence says that the passages do not tell.
	notFound, denied bool
	// open is what a draft does not know the end of yet.
	open string
}

// sentence is one sentence of a reply, with what is needed to give it marks.
type sentence struct {
	text  string
	marks []int
	// paragraph counts; marks do not reach over its ends.
	paragraph int
	// leading says that marks stand before their sentences here.
	leading bool
	// settled says that more text does not change it.
	settled bool
}

func newReading(text string, draft bool) *reading {
	r := &reading{}
	text, whole := prepare(text, draft)
	if !whole {
		return r
	}
	if r.notFound = beginsNotFound(text); r.notFound {
		return r
	}
	lines := strings.Split(text, "\n")
	paragraph, before := 0, 0
	for i, line := range lines {
		before = paragraph
		line, kind := readLine(line)
		if kind != linePlain {
			paragraph++
		}
		if kind == lineBlank || kind == lineHeading || kind == lineFence {
			continue
		}
		if asksAgain.MatchString(line) {
			if len(r.sentences) > 0 {
				break // the model goes on with the next question and its answer
			}
			continue
		}
		ended := !draft || i < len(lines)-1
		for _, s := range readSentences(line, ended) {
			s.paragraph = paragraph
			r.sentences = append(r.sentences, s)
		}
		if kind == lineItem {
			paragraph++
		}
	}
	if draft {
		// The last line may yet turn out to go on the paragraph before it.
		r.hold(before)
	}
	return r
}

// hold moves what is not settled at the end of a draft to open: from the first
// sentence on that may still change. Sentences without marks change in the
// paragraph that is still coming, since marks may reach back to them.
func (r *reading) hold(paragraph int) {
	keep := len(r.sentences)
	for i, s := range r.sentences {
		if !s.settled {
			keep = i
			break
		}
	}
	for keep > 0 {
		s := &r.sentences[keep-1]
		if s.paragraph < paragraph || len(s.marks) > 0 || s.leading {
			break
		}
		keep--
	}
	var open []string
	for _, s := range r.sentences[keep:] {
		open = append(open, s.text)
	}
	r.open = strings.Join(open, " ")
	r.sentences = r.sentences[:keep]
}

// claims gives the marks to the sentences that have none and keeps what claims
// something.
func (r *reading) claims() []Claim {
	r.reachBack()
	r.reachForward()
	var claims []Claim
	seen := map[string]bool{}
	for i := range r.sentences {
		s := &r.sentences[i]
		text, marks, denied := strip(s.text, s.marks)
		r.denied = r.denied || denied
		key := squash(text)
		if key == "" || seen[key] || len(text) > maxSentence || loops(text) {
			continue
		}
		seen[key] = true
		if claims = append(claims, Claim{Text: text, Marks: marks}); len(claims) == maxClaims {
			break
		}
	}
	return claims
}

func (r *reading) reachBack() {
	for i := len(r.sentences) - 2; i >= 0; i-- {
		s, next := &r.sentences[i], &r.sentences[i+1]
		if len(s.marks) == 0 && !s.leading && !next.leading && s.paragraph == next.paragraph {
			s.marks = next.marks
		}
	}
}

func (r *reading) reachForward() {
	for i := 1; i < len(r.sentences); i++ {
		s, before := &r.sentences[i], &r.sentences[i-1]
		if len(s.marks) == 0 && s.leading && before.leading && s.paragraph == before.paragraph {
			s.marks = before.marks
		}
	}
}

// rest is the open text for show.
func (r *reading) rest() string {
	var kept []string
	text, _, denied := strip(r.open, nil)
	if denied || beginsLike(text, "NOT FOUND") {
		return ""
	}
	kept = append(kept, cut(text, maxSentence))
	return strings.TrimSpace(strings.Join(kept, " "))
}

// squash is text reduced to its letters and digits in lower case, to tell
// repetitions; "" for a text that says nothing.
func squash(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// loops reports whether a sentence is a model's endless loop: the same four words
// more than three times.
func loops(text string) bool {
	words := strings.Fields(strings.ToLower(text))
	seen := map[[4]string]int{}
	for i := 0; i+4 <= len(words); i++ {
		k := [4]string(words[i : i+4])
		if seen[k]++; seen[k] > 3 {
			return true
		}
	}
	return false
}
