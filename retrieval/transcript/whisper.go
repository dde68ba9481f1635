package transcript

import (
	"encoding/json"
	"fmt"
	"strings"

	"verbatim/retrieval"
)

// whisperSegment is a segment or a word of any of the writers; each fills some
// of the fields.
type whisperSegment struct {
	Start   json.RawMessage   `json:"start"` // seconds
	End     json.RawMessage   `json:"end"`
	Text    json.RawMessage   `json:"text"`
	Word    json.RawMessage   `json:"word"` // of words, instead of text
	Speaker json.RawMessage   `json:"speaker"`
	Words   []whisperSegment  `json:"words"`
	Pair    []json.RawMessage `json:"timestamp"` // start and end in seconds

	// whisper.cpp
	Offsets    whisperSpan `json:"offsets"`    // milliseconds
	Timestamps whisperSpan `json:"timestamps"` // clocks
}

type whisperSpan struct {
	From json.RawMessage `json:"from"`
	To   json.RawMessage `json:"to"`
}

// readWhisper reads the JSON of openai-whisper, whisper-timestamped,
// faster-whisper and WhisperX ("segments", times in seconds; WhisperX adds
// speakers), of whisper.cpp ("transcription"), of Hugging Face pipelines
// ("chunks"), a bare array of segments, and words alone (OpenAI's API with
// timestamp_granularities, WhisperX's "word_segments"). Words are read only
// where there are no segments.
//
// A segment without a speaker whose words have speakers (WhisperX) counts as
// one segment a speaker: each word has its time, so that no line need have two
// speakers, and such segments have no numbers of their own.
func readWhisper(src *source, d *draft) error {
	r := newJSONReader(src, d)
	segments, words := cueList{d: d}, cueList{d: d}
	err := r.each(func(v jsonValue) error {
		what := fmt.Sprintf("segment %d", v.index[0]+1)
		var s whisperSegment
		isWord := v.path == "words[]" || v.path == "word_segments[]"
		switch {
		case !r.decode(v, what, &s):
			if isWord {
				return nil
			}
			return segments.add(cue{line: r.line})
		case isWord:
			return s.addWord(r, &words)
		}
		return s.addSegment(r, &segments, what)
	}, "segments[]", "transcription[]", "chunks[]", "[]", "words[]", "word_segments[]")
	if err != nil {
		return err
	}
	list := &segments
	if len(segments.cues) == 0 {
		list = &words
		list.cues = joinWords(list.cues)
	}
	list.finish(false)
	return nil
}

// addSegment adds the segment as a cue, or one a speaker.
func (s *whisperSegment) addSegment(r *jsonReader, list *cueList, what string) error {
	c := cue{line: r.line, speaker: r.speaker(s.Speaker)}
	c.start, c.end = s.times(r)
	if c.speaker == "" {
		if turns := s.turns(r); len(turns) == 1 {
			c.speaker = turns[0].speaker
		} else if len(turns) > 1 {
			for _, turn := range turns {
				if err := list.add(turn); err != nil {
					return err
				}
			}
			return nil
		}
	}
	c.rows, c.spaced = r.text(s.Text, what), leadingSpace(s.Text)
	return list.add(c)
}

// times reads the times in whichever form they have.
func (s *whisperSegment) times(r *jsonReader) (start, end retrieval.Moment) {
	switch {
	case s.Start != nil || s.End != nil:
		return r.moment(s.Start, 1), r.moment(s.End, 1)
	case s.Offsets.From != nil || s.Offsets.To != nil:
		return r.moment(s.Offsets.From, 1000), r.moment(s.Offsets.To, 1000)
	case s.Timestamps.From != nil || s.Timestamps.To != nil:
		return r.moment(s.Timestamps.From, 1), r.moment(s.Timestamps.To, 1)
	case len(s.Pair) == 2:
		return r.moment(s.Pair[0], 1), r.moment(s.Pair[1], 1)
	}
	return start, end
}

// turns joins the words of the segment by speaker; nil when no word has one.
// A word without speaker stays with the word before it.
func (s *whisperSegment) turns(r *jsonReader) []cue {
	named, spacing := false, false
	words := make([]cue, 0, len(s.Words))
	for i := range s.Words {
		w := &s.Words[i]
		speaker := r.speaker(w.Speaker)
		named = named || speaker != ""
		if n := len(words); speaker == "" && n > 0 {
			speaker = words[n-1].speaker
		}
		start, end := w.times(r)
		words = append(words, cue{line: r.line, start: start, end: end, speaker: speaker, rows: r.text(w.word(), "a word"), spaced: leadingSpace(w.word())})
		spacing = spacing || words[i].spaced
	}
	if !named {
		return nil
	}
	var turns []cue
	for first := 0; first < len(words); {
		last := first
		for last+1 < len(words) && words[last+1].speaker == words[first].speaker {
			last++
		}
		turns = append(turns, sentenceOf(words[first:last+1], spacing))
		first = last + 1
	}
	return turns
}

// word is the text of a word.
func (s *whisperSegment) word() json.RawMessage {
	if s.Word != nil {
		return s.Word
	}
	return s.Text
}

// addWord adds a word.
func (s *whisperSegment) addWord(r *jsonReader, list *cueList) error {
	c := cue{line: r.line, speaker: r.speaker(s.Speaker), rows: r.text(s.word(), "a word"), spaced: leadingSpace(s.word())}
	c.start, c.end = s.times(r)
	return list.add(c)
}

// leadingSpace reports whether a JSON string begins with a space. Whisper's
// tokens do where a word begins.
func leadingSpace(raw json.RawMessage) bool { return strings.HasPrefix(string(raw), `" `) }
