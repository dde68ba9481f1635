package transcript

import (
	"encoding/json"
	"fmt"
)

// amazonItem is a word or punctuation mark of Amazon Transcribe's output
// (Amazon Transcribe Developer Guide, "Data input and output"). Times are
// seconds in strings; punctuation has none.
type amazonItem struct {
	Type         string          `json:"type"` // pronunciation or punctuation
	StartTime    json.RawMessage `json:"start_time"`
	EndTime      json.RawMessage `json:"end_time"`
	Speaker      json.RawMessage `json:"speaker_label"`
	Channel      json.RawMessage `json:"channel_label"`
	Alternatives []struct {
		Content json.RawMessage `json:"content"`
	} `json:"alternatives"`
}

// readAmazon reads Amazon Transcribe's standard output: its items, joined to
// sentences. Speakers are the labels as they are ("spk_0"), which older
// output has in a list of its own, else the channels ("ch_0").
func readAmazon(src *source, d *draft) error {
	r := newJSONReader(src, d)
	list := cueList{d: d, unordered: true}
	labels := map[string]string{} // start time as written -> speaker
	var starts []string           // of list.cues, as written
	const label = "results.speaker_labels.segments[].items[]"
	err := r.each(func(v jsonValue) error {
		what := fmt.Sprintf("item %d", v.index[len(v.index)-1]+1)
		var item amazonItem
		if !r.decode(v, what, &item) {
			return nil
		}
		if v.path == label {
			labels[string(item.StartTime)] = r.speaker(item.Speaker)
			return nil
		}
		if len(item.Alternatives) == 0 {
			r.d.warn(r.line, "%s has no text", what)
			return nil
		}
		c := cue{line: r.line, start: r.moment(item.StartTime, 1), end: r.moment(item.EndTime, 1)}
		c.rows = r.text(item.Alternatives[0].Content, what)
		if c.speaker = r.speaker(item.Speaker); c.speaker == "" {
			c.speaker = r.speaker(item.Channel)
		}
		starts = append(starts, string(item.StartTime))
		return list.add(c)
	}, "results.items[]", label)
	if err != nil {
		return err
	}
	for i := range list.cues {
		if c := &list.cues[i]; c.speaker == "" {
			c.speaker = labels[starts[i]]
		}
	}
	list.cues = joinWords(list.cues)
	list.finish(false)
	return nil
}

// callTurn is a turn of Amazon Transcribe Call Analytics.
type callTurn struct {
	Content json.RawMessage `json:"Content"`
	Begin   json.RawMessage `json:"BeginOffsetMillis"`
	End     json.RawMessage `json:"EndOffsetMillis"`
	Role    json.RawMessage `json:"ParticipantRole"`
}

// readCallAnalytics reads the output of Amazon Transcribe Call Analytics, in
// which a turn has the role of who speaks ("AGENT"). Turns may overlap.
func readCallAnalytics(src *source, d *draft) error {
	r := newJSONReader(src, d)
	list := cueList{d: d}
	err := r.each(func(v jsonValue) error {
		what := fmt.Sprintf("turn %d", v.index[0]+1)
		var turn callTurn
		if !r.decode(v, what, &turn) {
			return list.add(cue{line: r.line})
		}
		return list.add(cue{
			line:    r.line,
			start:   r.moment(turn.Begin, 1000),
			end:     r.moment(turn.End, 1000),
			speaker: r.speaker(turn.Role),
			rows:    r.text(turn.Content, what),
		})
	}, "Transcript[]")
	if err != nil {
		return err
	}
	list.finish(false)
	return nil
}
