package transcript

import (
	"bytes"
	"strings"
)

// jsonShape is what makes JSON one of a format: all of the paths occur. A path
// that ends in ":clock" is one whose value is a clock in a string, and only
// that; without, it is one of any other value.
type jsonShape struct {
	format string
	paths  []string
}

var jsonShapes = []jsonShape{
	{"podlove-json", []string{"[].start:clock", "[].text"}},
	{"podlove-json", []string{"[].items[].start:clock", "[].items[].text"}},
	{"podlove-json", []string{"transcripts[].start:clock", "transcripts[].text"}},
	{"podcast-json", []string{"segments[].startTime", "segments[].body"}},
	{"youtube-json3", []string{"events[].tStartMs", "events[].segs[].utf8"}},
	{"youtube-json", []string{"[].start", "[].duration", "[].text"}},
	{"whisper-json", []string{"segments[].start", "segments[].text"}},
	{"whisper-json", []string{"segments[].start:clock", "segments[].text"}},
	{"whisper-json", []string{"transcription[].offsets.from", "transcription[].text"}},
	{"whisper-json", []string{"transcription[].timestamps.from:clock", "transcription[].text"}},
	{"whisper-json", []string{"words[].start", "words[].word"}},
	{"whisper-json", []string{"word_segments[].start", "word_segments[].word"}},
	{"whisper-json", []string{"chunks[].timestamp[]", "chunks[].text"}},
	{"whisper-json", []string{"[].start", "[].end", "[].text"}},
	{"deepgram-json", []string{"results.channels[].alternatives[].transcript"}},
	{"deepgram-json", []string{"results.channels[].alternatives[].words[].word"}},
	{"deepgram-json", []string{"results.utterances[].transcript"}},
	{"aws-call-analytics-json", []string{"Transcript[].ParticipantRole", "Transcript[].Content"}},
	{"aws-transcribe-json", []string{"results.transcripts[].transcript", "results.items[].alternatives[].content"}},
	{"aws-transcribe-json", []string{"results.items[].start_time", "results.items[].alternatives[].content"}},
}

// sniffJSON makes the sniffer of a JSON format.
func sniffJSON(format string) func(*source) bool {
	return func(src *source) bool { return jsonKind(src) == format }
}

// jsonKind is the format of the first of the shapes that is complete, reading
// from the start; "" when the file is no JSON or of no known shape. The file
// is looked through once.
func jsonKind(src *source) string {
	if src.json != nil {
		return *src.json
	}
	kind := findJSONKind(src.raw)
	src.json = &kind
	return kind
}

func findJSONKind(raw []byte) string {
	raw = bytes.TrimLeft(raw, " \t\r\n")
	if len(raw) == 0 || raw[0] != '{' && raw[0] != '[' {
		return ""
	}
	wanted := map[string]bool{}
	for _, shape := range jsonShapes {
		for _, path := range shape.paths {
			wanted[strings.TrimSuffix(path, ":clock")] = true
		}
	}
	kind := ""
	found := map[string]bool{}
	walkJSON(raw, wanted, func(v jsonValue) bool {
		path := v.path
		if _, ok := parseClock(strings.Trim(string(v.text[:min(len(v.text), 40)]), `"`)); ok && v.text[0] == '"' {
			path += ":clock"
		}
		if !found[path] {
			found[path] = true
			kind = completeShape(found)
		}
		return kind == ""
	})
	return kind
}

// completeShape is the format of the first shape of which all paths are found.
func completeShape(found map[string]bool) string {
	for _, shape := range jsonShapes {
		complete := true
		for _, path := range shape.paths {
			complete = complete && found[path]
		}
		if complete {
			return shape.format
		}
	}
	return ""
}
