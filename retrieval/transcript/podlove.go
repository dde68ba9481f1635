package transcript

import (
	"encoding/json"
	"fmt"
	"strings"
)

// podloveSegment is a segment of a Podlove transcript, as Podlove Publisher
// writes and Podlove Web Player reads it (docs.podlove.org, transcripts).
type podloveSegment struct {
	Start   json.RawMessage  `json:"start"`
	StartMs json.RawMessage  `json:"start_ms"`
	End     json.RawMessage  `json:"end"`
	EndMs   json.RawMessage  `json:"end_ms"`
	Speaker json.RawMessage  `json:"speaker"` // an id
	Voice   json.RawMessage  `json:"voice"`   // its name
	Text    json.RawMessage  `json:"text"`
	Items   []podloveSegment `json:"items"` // of the form grouped by speaker
}

// podloveName is an entry of the contributors or voices beside the segments.
type podloveName struct {
	ID   json.RawMessage `json:"id"`
	Name string          `json:"name"`
}

// readPodlove reads the array of segments, alone or under "transcripts", plain
// or grouped by speaker. A speaker's id is given its name where the file has
// one for it.
func readPodlove(src *source, d *draft) error {
	r := newJSONReader(src, d)
	list := cueList{d: d}
	names := map[string]string{}
	err := r.each(func(v jsonValue) error {
		if !strings.HasPrefix(v.path, "[]") && !strings.HasPrefix(v.path, "transcripts") {
			var n podloveName
			if r.decode(v, "contributor", &n) && n.Name != "" {
				names[r.speaker(n.ID)] = clean(n.Name)
			}
			return nil
		}
		what := fmt.Sprintf("segment %d", v.index[0]+1)
		var s podloveSegment
		if !r.decode(v, what, &s) {
			return list.add(cue{line: r.line})
		}
		if s.Items == nil {
			return list.add(s.cue(r, what))
		}
		for _, item := range s.Items {
			if item.Speaker == nil {
				item.Speaker = s.Speaker
			}
			if item.Voice == nil {
				item.Voice = s.Voice
			}
			if err := list.add(item.cue(r, what)); err != nil {
				return err
			}
		}
		return nil
	}, "[]", "transcripts[]", "contributors[]", "voices[]")
	if err != nil {
		return err
	}
	for i := range list.cues {
		if name := names[list.cues[i].speaker]; name != "" {
			list.cues[i].speaker = name
		}
	}
	list.finish(false)
	return nil
}

// cue makes a cue of the segment.
func (s *podloveSegment) cue(r *jsonReader, what string) cue {
	c := cue{line: r.line, rows: r.text(s.Text, what)}
	if c.speaker = r.speaker(s.Voice); c.speaker == "" {
		c.speaker = r.speaker(s.Speaker)
	}
	if c.start = r.moment(s.Start, 1); !c.start.Known {
		c.start = r.moment(s.StartMs, 1000)
	}
	if c.end = r.moment(s.End, 1); !c.end.Known {
		c.end = r.moment(s.EndMs, 1000)
	}
	return c
}
