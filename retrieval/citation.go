package retrieval

import (
	"net/url"
	"strconv"
	"strings"
)

// Citation anchors a claim: episode, line range and the verbatim words, all
// from the index and none from a model. Its JSON is part of the command
// line's contract.
type Citation struct {
	// N counts from 1 within an answer, a summary or a list of hits.
	N       int       `json:"n"`
	Episode EpisodeID `json:"episode"`
	Title   string    `json:"title"`
	// FirstLine and LastLine are Line.N, both included.
	FirstLine int    `json:"first_line"`
	LastLine  int    `json:"last_line"`
	Speaker   string `json:"speaker"`
	Start     Moment `json:"start"`
	End       Moment `json:"end"`
	// Quote is the words as the transcript has them, a line break being one
	// space.
	Quote string `json:"quote"`
	// URL opens the audio at Start, where both are known; else "".
	URL   string `json:"url"`
	Scope Scope  `json:"-"`
}

// Cite makes a citation of neighbouring sentences, at least one. The speaker
// is left unknown when they have several. N is left 0.
func Cite(e *EpisodeInfo, sentences []Sentence) Citation {
	first, last := &sentences[0], &sentences[len(sentences)-1]
	c := Citation{
		Episode: e.ID, Title: e.Title, Scope: e.Scope,
		FirstLine: first.FirstLine, LastLine: last.LastLine,
		Speaker: first.Speaker, Start: first.Start, End: last.End,
		Quote: JoinSentences(sentences),
	}
	for i := range sentences {
		if sentences[i].Speaker != c.Speaker {
			c.Speaker = ""
		}
	}
	c.URL = AudioAt(e.AudioURL, c.Start)
	return c
}

// AudioAt is the address that opens the audio at a moment, "" when either is
// unknown: YouTube takes t in seconds, other players the media fragment #t=
// (W3C Media Fragments 1.0, section 4.2.1).
func AudioAt(audio string, m Moment) string {
	if audio == "" || !m.Known {
		return ""
	}
	u, err := url.Parse(audio)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	seconds := strconv.Itoa(int(m.Offset.Seconds()))
	if host := strings.TrimPrefix(u.Hostname(), "www."); host == "youtu.be" || host == "youtube.com" || host == "m.youtube.com" {
		q := u.Query()
		q.Set("t", seconds+"s")
		u.RawQuery = q.Encode()
	} else {
		u.Fragment = "t=" + seconds
	}
	return u.String()
}
