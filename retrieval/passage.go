package retrieval

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentence is one sentence, or the stretch between two pauses where the text
// has no punctuation. It never crosses a change of speaker.
type Sentence struct {
	// Text is the verbatim words; a line break within is one space.
	Text string
	// FirstLine and LastLine are the lines it starts and ends on (Line.N).
	FirstLine, LastLine int
	Speaker             string
	// Start is that of the first line, End that of the last.
	Start, End Moment
	// Boilerplate is true when its lines are.
	Boilerplate bool
	// Repeat marks words that speech-to-text wrote twice: the same words
	// stand, whole, in a neighbouring sentence. Quotable, no evidence.
	Repeat bool
}

// Evidence reports whether the sentence may support an answer or a summary.
func (s *Sentence) Evidence() bool { return !s.Boilerplate && !s.Repeat }

// PassageID names a passage. Seq counts from 0 within the episode.
type PassageID struct {
	Scope   Scope
	Episode EpisodeID
	Seq     int
}

// Compare orders IDs by scope, episode and place.
func (p PassageID) Compare(q PassageID) int {
	return cmp.Or(cmp.Compare(p.Scope, q.Scope), cmp.Compare(p.Episode, q.Episode), cmp.Compare(p.Seq, q.Seq))
}

// Words is the length in words: those between spaces, and one for every two
// characters of scripts written without spaces.
func (s *Sentence) Words() int { return countWords(s.Text) }

// Passage is the unit that is embedded and ranked: a run of sentences of about
// 80 to 160 words. Neighbours overlap by one or two sentences.
type Passage struct {
	ID PassageID
	// First and Last are the indices, both included, of its sentences in the
	// episode's sentence list.
	First, Last int
	// Sentences is that part of the list: len(Sentences) == Last-First+1.
	Sentences           []Sentence
	FirstLine, LastLine int
	Start, End          Moment
	// Speakers are those of its sentences, in order of appearance.
	Speakers []string
	// Terms is Terms(IndexText()) joined by single spaces: what the full-text
	// index holds.
	Terms string
}

// Text is the passage's words, see [JoinSentences].
func (p *Passage) Text() string { return JoinSentences(p.Sentences) }

// IndexText is what is embedded and indexed: the words with each turn led by
// its speaker's name and a colon.
func (p *Passage) IndexText() string {
	var b strings.Builder
	speaker := ""
	for i := range p.Sentences {
		s := &p.Sentences[i]
		if i > 0 {
			b.WriteString(gap(&p.Sentences[i-1], s))
		}
		if s.Speaker != speaker && s.Speaker != "" {
			b.WriteString(s.Speaker)
			b.WriteString(": ")
		}
		speaker = s.Speaker
		b.WriteString(s.Text)
	}
	return b.String()
}

// JoinSentences joins neighbouring sentences as their file has them: by single
// spaces, or by nothing on one line of a script written without spaces.
func JoinSentences(sentences []Sentence) string {
	var b strings.Builder
	for i := range sentences {
		if i > 0 {
			b.WriteString(gap(&sentences[i-1], &sentences[i]))
		}
		b.WriteString(sentences[i].Text)
	}
	return b.String()
}

// SentenceStarts are the byte offsets at which the sentences begin in what
// JoinSentences makes of them.
func SentenceStarts(sentences []Sentence) []int {
	starts := make([]int, len(sentences))
	at := 0
	for i := range sentences {
		if i > 0 {
			at += len(gap(&sentences[i-1], &sentences[i]))
		}
		starts[i] = at
		at += len(sentences[i].Text)
	}
	return starts
}

// gap is what stands between two sentences.
func gap(before, after *Sentence) string {
	last, _ := utf8.DecodeLastRuneInString(before.Text)
	first, _ := utf8.DecodeRuneInString(after.Text)
	if before.LastLine == after.FirstLine && (unspaced(last) || last >= 0x3000 && unicode.IsPunct(last)) && (unspaced(first) || first >= 0x3000) {
		return ""
	}
	return " "
}

// ShareSentence reports whether two runs of sentences of one episode have a
// sentence in common.
func ShareSentence(a, b []Sentence) bool {
	for i := range a {
		for j := range b {
			if a[i].FirstLine == b[j].FirstLine && a[i].LastLine == b[j].LastLine && a[i].Text == b[j].Text {
				return true
			}
		}
	}
	return false
}
