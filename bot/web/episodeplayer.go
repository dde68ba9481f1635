package web

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"verbatim/retrieval"
)

// audioFiles are the endings of files that browsers play.
var audioFiles = []string{".mp3", ".m4a", ".m4b", ".mp4", ".aac", ".ogg", ".oga", ".opus", ".wav", ".flac", ".webm"}

// player is an episode's audio.
type player struct {
	// Audio is true for a file that the page can play; else there is a link
	// alone.
	Audio bool
	// Link opens the audio at Start, or at its beginning where that is unknown.
	Link  string
	Start retrieval.Moment
	// Host is where it comes from.
	Host string
}

// newPlayer plays an address, from a moment on; nil for what is no web address.
func newPlayer(address string, start retrieval.Moment) *player {
	u, err := url.Parse(address)
	if err != nil || originOf(address) == "" {
		return nil
	}
	p := &player{
		Audio: slices.Contains(audioFiles, strings.ToLower(path.Ext(u.Path))),
		Link:  retrieval.AudioAt(address, start), Start: start, Host: strings.TrimPrefix(u.Hostname(), "www."),
	}
	if p.Link == "" {
		p.Link = u.String()
	}
	return p
}

// Seconds is where to begin, 0 the beginning.
func (p *player) Seconds() float64 { return p.Start.Offset.Seconds() }
