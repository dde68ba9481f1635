package transcript

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// deepgramPart is an utterance or a word
// (https://developers.deepgram.com/reference/speech-to-text/listen-pre-recorded).
type deepgramPart struct {
	Start      json.RawMessage `json:"start"` // seconds
	End        json.RawMessage `json:"end"`
	Speaker    json.RawMessage `json:"speaker"` // a number, when diarised
	Channel    *int            `json:"channel"` // of an utterance, from 0
	Transcript json.RawMessage `json:"transcript"`
	Word       json.RawMessage `json:"word"`
	Punctuated json.RawMessage `json:"punctuated_word"`
}

// readDeepgram reads the utterances, or, where there are none, the words of
// each channel's first alternative, or at last its transcript as one line
// without times. Speakers, numbers from 0 in the file, become "Speaker 0".
//
// Where several channels have words, each is a recording of its own: their
// words are not joined, and the lines, by start, have the speaker "Channel 0"
// or, since every channel counts its speakers from 0, "Channel 0 Speaker 1".
func readDeepgram(src *source, d *draft) error {
	r := deepgramReader{jsonReader: newJSONReader(src, d), d: d}
	err := r.each(r.value, "results.utterances[]", deepgramPath+".words[]", deepgramPath+".transcript")
	if err != nil {
		return err
	}
	channels := r.transcripts
	switch {
	case len(r.utterances) > 0:
		channels = r.utterances
	case len(r.words) > 0:
		for i, words := range r.words {
			r.words[i] = joinWords(words)
		}
		channels = r.words
	}
	return r.finish(channels)
}

// deepgramPath is where the readings of a channel are.
const deepgramPath = "results.channels[].alternatives[]"

// maxChannels is more than any recording has; the words of further channels
// are taken for those of the last one.
const maxChannels = 64

// deepgramReader collects the parts of a file, by channel.
type deepgramReader struct {
	*jsonReader
	d                              *draft
	utterances, words, transcripts [][]cue
	count                          int
}

// value takes an utterance, a word or a transcript.
func (r *deepgramReader) value(v jsonValue) error {
	if r.count++; r.count > MaxLines {
		return &Error{Line: r.line, Err: ErrTooManyLines}
	}
	if v.path == "results.utterances[]" {
		c, channel := r.part(v, "utterance")
		r.utterances = addTo(r.utterances, channel, c)
		return nil
	}
	if v.index[1] != 0 {
		return nil // a less likely reading of the same words
	}
	if v.path == deepgramPath+".transcript" {
		r.transcripts = addTo(r.transcripts, v.index[0], cue{line: r.line, rows: r.text(v.text, "a channel")})
		return nil
	}
	c, _ := r.part(v, "word")
	r.words = addTo(r.words, v.index[0], c)
	return nil
}

// part reads an utterance or word, and the channel it names, 0 if it does not.
func (r *deepgramReader) part(v jsonValue, kind string) (c cue, channel int) {
	what := fmt.Sprintf("%s %d", kind, v.index[len(v.index)-1]+1)
	var p deepgramPart
	if !r.decode(v, what, &p) {
		return cue{line: r.line}, 0
	}
	if p.Channel != nil {
		channel = max(*p.Channel, 0)
	}
	return p.cue(r.jsonReader, what), channel
}

// addTo adds a cue to a channel's.
func addTo(channels [][]cue, channel int, c cue) [][]cue {
	channel = min(channel, maxChannels-1)
	for len(channels) <= channel {
		channels = append(channels, nil)
	}
	channels[channel] = append(channels[channel], c)
	return channels
}

// finish makes the lines of what the channels have.
func (r *deepgramReader) finish(channels [][]cue) error {
	spoken := 0
	for _, cues := range channels {
		if slices.ContainsFunc(cues, func(c cue) bool { return len(c.rows) > 0 }) {
			spoken++
		}
	}
	var all []cue
	for i, cues := range channels {
		for _, c := range cues {
			if spoken > 1 {
				c.speaker = strings.TrimSpace(fmt.Sprintf("Channel %d %s", i, c.speaker))
			}
			all = append(all, c)
		}
	}
	if spoken > 1 {
		slices.SortStableFunc(all, func(a, b cue) int { return cmp.Compare(a.start.Offset, b.start.Offset) })
	}
	list := cueList{d: r.d, unordered: true}
	for _, c := range all {
		if err := list.add(c); err != nil {
			return err
		}
	}
	list.finish(false)
	return nil
}

// cue makes a cue of an utterance or word.
func (p *deepgramPart) cue(r *jsonReader, what string) cue {
	text := p.Transcript
	if text == nil {
		text = p.Punctuated
	}
	if text == nil {
		text = p.Word
	}
	return cue{
		line:    r.line,
		start:   r.moment(p.Start, 1),
		end:     r.moment(p.End, 1),
		speaker: r.speaker(p.Speaker),
		rows:    r.text(text, what),
	}
}
