package transcript

import (
	"encoding/json"
	"fmt"
)

// podcastSegment is a segment of the Podcasting 2.0 JSON transcript
// (https://github.com/Podcastindex-org/podcast-namespace, transcripts.md):
// seconds, speaker and end optional. Some hosts write a segment a word.
type podcastSegment struct {
	Speaker   json.RawMessage `json:"speaker"`
	StartTime json.RawMessage `json:"startTime"`
	EndTime   json.RawMessage `json:"endTime"`
	Body      json.RawMessage `json:"body"`
}

// readPodcastJSON reads Podcasting 2.0 JSON.
func readPodcastJSON(src *source, d *draft) error {
	r := newJSONReader(src, d)
	list := cueList{d: d}
	err := r.each(func(v jsonValue) error {
		what := fmt.Sprintf("segment %d", v.index[0]+1)
		var s podcastSegment
		if !r.decode(v, what, &s) {
			return list.add(cue{line: r.line})
		}
		return list.add(cue{
			line:    r.line,
			start:   r.moment(s.StartTime, 1),
			end:     r.moment(s.EndTime, 1),
			speaker: r.speaker(s.Speaker),
			rows:    r.text(s.Body, what),
		})
	}, "segments[]")
	if err != nil {
		return err
	}
	list.finish(false)
	return nil
}
