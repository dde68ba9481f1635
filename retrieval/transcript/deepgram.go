package transcript

import (
	"encoding/json"
	"fmt"
)

// deepgramPart is an utterance or a word
// (https://developers.deepgram.com/reference/speech-to-text/listen-pre-recorded).
type deepgramPart struct {
	Start      json.RawMessage `json:"start"` // seconds
	End        json.RawMessage `json:"end"`
	Speaker    json.RawMessage `json:"speaker"` // a number, when diarised
	Transcript json.RawMessage `json:"transcript"`
	Word       json.RawMessage `json:"word"`
	Punctuated json.RawMessage `json:"punctuated_word"`
}

// readDeepgram reads the utterances, or, where there are none, the words of
// each channel's first alternative, or at last its transcript as one line
// without times. Speakers, numbers from 0 in the file, become "Speaker 0".
func readDeepgram(src *source, d *draft) error {
	r := newJSONReader(src, d)
	utterances := cueList{d: d, unordered: true}
	words := cueList{d: d, unordered: true}
	transcripts := cueList{d: d}
	const path = "results.channels[].alternatives[]"
	err := r.each(func(v jsonValue) error {
		if v.path != "results.utterances[]" && v.index[1] != 0 {
			return nil // a less likely reading of the same words
		}
		if v.path == path+".transcript" {
			return transcripts.add(cue{line: r.line, rows: r.text(v.text, "a channel")})
		}
		last := v.index[len(v.index)-1]
		what := fmt.Sprintf("utterance %d", last+1)
		list := &utterances
		if v.path == path+".words[]" {
			what = fmt.Sprintf("word %d", last+1)
			list = &words
		}
		var p deepgramPart
		if !r.decode(v, what, &p) {
			return list.add(cue{line: r.line})
		}
		return list.add(p.cue(r, what))
	}, "results.utterances[]", path+".words[]", path+".transcript")
	if err != nil {
		return err
	}
	list := &transcripts
	switch {
	case len(utterances.cues) > 0:
		list = &utterances
	case len(words.cues) > 0:
		list = &words
		list.cues = joinWords(list.cues)
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
