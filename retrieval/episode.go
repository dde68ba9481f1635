package retrieval

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"
)

// EpisodeID names an episode within a scope: lower-case letters and digits in
// words joined by hyphens, as [Slug] makes them, at most 100 bytes.
type EpisodeID string

// Scope is one Discord server (its snowflake in decimal), or [Public]. Nothing
// of one scope is visible in a search that does not name it.
type Scope string

// Public is the scope of episodes that the operator adds for everybody.
const Public Scope = "public"

// Moment is a place in the audio, or unknown. The zero value is unknown, so a
// time that no file gave is never mistaken for the start of the episode.
type Moment struct {
	// Offset is the time since the start of the episode, never negative.
	// Meaningless unless Known.
	Offset time.Duration
	Known  bool
}

// At returns the known moment d after the start of the episode.
func At(d time.Duration) Moment { return Moment{Offset: d, Known: true} }

// MarshalJSON writes seconds, to the millisecond, or null when unknown.
func (m Moment) MarshalJSON() ([]byte, error) {
	if !m.Known {
		return []byte("null"), nil
	}
	seconds := math.Round(m.Offset.Seconds()*1000) / 1000
	return strconv.AppendFloat(nil, seconds, 'f', -1, 64), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (m *Moment) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*m = Moment{}
		return nil
	}
	var seconds float64
	if err := json.Unmarshal(data, &seconds); err != nil {
		return fmt.Errorf("moment: want seconds or null: %w", err)
	}
	*m = At(time.Duration(math.Round(seconds*1000)) * time.Millisecond)
	return nil
}

// String is h:mm:ss or m:ss, or "" when unknown.
func (m Moment) String() string {
	if !m.Known {
		return ""
	}
	s := int(m.Offset / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// Line is one line of a transcript: in text files the file's own line, in
// timed formats one cue or segment.
type Line struct {
	// N counts from 1. In text files blank lines and page furniture are
	// counted but not kept, so N may skip; it always rises.
	N int `json:"n"`
	// Speaker is the name as the file gives it, "" when it gives none.
	Speaker string `json:"speaker"`
	// Start and End are as the file gives them; unknown where it gives none.
	Start Moment `json:"start"`
	End   Moment `json:"end"`
	// Text is the spoken words without speaker label, time or markup; inner
	// white space is single spaces. Never empty.
	Text string `json:"text"`
	// Boilerplate marks teaser, subscription and sponsor text: quotable, but
	// no evidence for answers and summaries.
	Boilerplate bool `json:"boilerplate"`
}

// Episode is one transcript with what its file says about it.
type Episode struct {
	ID    EpisodeID
	Title string
	Show  string
	// Date is the day of publication at 00:00 UTC; zero when unknown.
	Date        time.Time
	Description string
	// AudioURL is http or https, or "".
	AudioURL string
	// Format is the reader's name for the file's format, such as "srt".
	Format string
	// TotalLines is the number of lines (text files) or cues in the file,
	// blank and furniture lines included: at least the N of the last line.
	TotalLines int
	Lines      []Line
}

// DateString is the date as 2006-01-02, "" when unknown.
func (e *Episode) DateString() string {
	if e.Date.IsZero() {
		return ""
	}
	return e.Date.Format(time.DateOnly)
}

// Timed reports whether any line has a known start.
func (e *Episode) Timed() bool {
	for i := range e.Lines {
		if e.Lines[i].Start.Known {
			return true
		}
	}
	return false
}

// Speakers returns the distinct speakers in order of first appearance; not
// nil.
func (e *Episode) Speakers() []string {
	speakers := []string{}
	seen := map[string]bool{}
	for i := range e.Lines {
		if s := e.Lines[i].Speaker; s != "" && !seen[s] {
			seen[s] = true
			speakers = append(speakers, s)
		}
	}
	return speakers
}
