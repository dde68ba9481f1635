package transcript

import (
	"strings"
	"testing"
)

func TestReadPodcastJSON(t *testing.T) {
	testTimed(t, "podcast-json", []timedTest{{
		name: "segments",
		in:   `{"version":"1.0.0","segments":[{"speaker":"Ann","startTime":0.5,"endTime":1.5,"body":"a b"},{"startTime":2,"body":" c\nd "},{"startTime":3,"body":""}]}`,
		want: []string{"1 Ann 0.5-1.5 a b", "2  2-? c d"},
	}, {
		name: "words",
		in: `{"segments":[{"speaker":"Ann","startTime":1,"endTime":2,"body":"Oh"},{"speaker":"Ann","startTime":2,"endTime":3,"body":"no."},
{"speaker":"Ann","startTime":3,"endTime":4,"body":"Not"},{"speaker":"Bob","startTime":4,"endTime":5,"body":"Yes"}]}`,
		want: []string{"1 Ann 1-3 Oh no.", "2 Ann 3-4 Not", "3 Bob 4-5 Yes"},
	}, {
		name: "faults",
		in: `{"segments":[{"speaker":7,"startTime":NaN,"endTime":-Infinity,"body":"a NaN"},
{"speaker":null,"startTime":"2","endTime":1,"body":"c d"},
{"startTime":3},
{"startTime":4,"body":["x"]},
"x",
{"startTime":1,"body":"e f"},
{"startTime":5 "body":"g h"},
{"startTime":6,"body":"i j"},
{"startTime":7,"bo`,
		want: []string{"1 Speaker 7 ?-? a NaN", "2  2-? c d", "6  1-? e f", "8  6-? i j"},
		warnings: []string{
			`line 1: "NaN" is no time`, `line 1: "-Infinity" is no time`, "line 2: end 0:01 is before start 0:02", "line 3: segment 3 has no text",
			`line 4: the text of segment 4 is no string: ["x"]`, "line 5: segment 5 is left out: an unexpected string in it",
			"line 6: start 0:01 is before 0:04, where an earlier cue starts", "line 7: segment 7 is left out: invalid character '\"' after object key:value pair",
			"line 9: segment 9 is left out: unexpected end of JSON input",
		},
	}, {
		name:     "cut between segments",
		in:       "{\"segments\":[{\"startTime\":1,\"body\":\"a b\"},\n",
		want:     []string{"1  1-? a b"},
		warnings: []string{"line 1: broken JSON: unexpected end of JSON input"},
	}, {
		name:     "a quote is missing",
		in:       "{\"segments\":[\n{\"startTime\":1,\"body\":\"a b},\n{\"startTime\":2,\"body\":\"c d\"}\n]}",
		want:     []string{"2  2-? c d"},
		warnings: []string{"line 2: segment 1 is left out: unexpected end of JSON input"},
	}, {
		name:     "a brace is missing",
		in:       "{\"segments\":[\n  {\n    \"startTime\":1,\"body\":\"a b\"\n  ,\n  {\n   \"startTime\":2,\"body\":\"c d\"\n  }\n]}",
		want:     []string{"2  2-? c d"},
		warnings: []string{"line 2: segment 1 is left out: unexpected end of JSON input"},
	}})
}

func TestReadWhisper(t *testing.T) {
	testTimed(t, "whisper-json", []timedTest{{
		name: "openai-whisper",
		in:   `{"text":" a b c","segments":[{"id":0,"start":0.0,"end":1.5,"text":" a b","words":[{"word":" a","start":0,"end":1}]},{"id":1,"start":1.5,"end":2,"text":" c d"}],"language":"en"}`,
		want: []string{"1  0-1.5 a b", "2  1.5-2 c d"},
	}, {
		name: "WhisperX: speaker of the segment, of its words, of none, of several",
		in: `{"segments":[{"start":0,"end":1,"text":"a b","speaker":"SPEAKER_00","words":[{"word":"a","speaker":"SPEAKER_01"}]},
{"start":1,"end":2,"text":"c d","words":[{"word":"c","start":1,"end":1.5,"speaker":"SPEAKER_01"},{"word":"d","start":1.5,"end":2}]},
{"start":2,"end":3,"text":"e f","words":[{"word":"e"},{"word":"f"}]},
{"start":3,"end":6,"text":"g h","words":[{"word":"g","start":3,"end":4},{"word":"h","start":4,"end":5,"speaker":"SPEAKER_02"}]}]}`,
		want: []string{"1 SPEAKER_00 0-1 a b", "2 SPEAKER_01 1-2 c d", "3  2-3 e f", "4  3-4 g", "5 SPEAKER_02 4-5 h"},
	}, {
		name: "whisper.cpp",
		in:   `{"transcription":[{"timestamps":{"from":"00:00:01,500","to":"00:00:02,000"},"offsets":{"from":1500,"to":2000},"text":" a b","speaker":"1"},{"timestamps":{"from":"00:00:03,000","to":"x"},"text":" c d"}]}`,
		want: []string{"1 Speaker 1 1.5-2 a b", "2  3-? c d"}, warnings: []string{`line 1: "x" is no time`},
	}, {
		name: "chunks, with a time of null",
		in:   `{"text":"a","chunks":[{"timestamp":[0,1.5],"text":" a b"},{"timestamp":[1.5,null],"text":" c d"},{"timestamp":[],"text":" e f"}]}`,
		want: []string{"1  0-1.5 a b", "2  1.5-? c d", "3  ?-? e f"},
	}, {
		name: "a bare array, segments in any order of keys",
		in:   `[{"text":"a b","end":1,"start":0},{"end":2,"text":"c d","start":1}]`,
		want: []string{"1  0-1 a b", "2  1-2 c d"},
	}, {
		name: "words alone, joined at pauses",
		in:   `{"text":"a b c","words":[{"word":"a","start":0,"end":1},{"word":"b","start":1,"end":2},5,{"word":"c","start":9,"end":10}]}`,
		want: []string{"1  0-2 a b", "2  9-10 c"}, warnings: []string{"line 1: segment 3 is left out: an unexpected number in it"},
	}, {
		name: "words beside segments are not read twice",
		in:   `{"words":[{"word":"a","start":0,"end":1}],"segments":[{"start":0,"end":1,"text":"a b"}]}`,
		want: []string{"1  0-1 a b"},
	}, {
		name: "faults",
		in:   "{\"segments\":[{\"start\":2,\"end\":1,\"text\":\"a b\"},\n{\"start\":-1,\"end\":1,\"text\":\"c d\"},\n{\"start\":1,\"text\":null},\n[]]}",
		want: []string{"1  2-? a b", "2  ?-1 c d"},
		warnings: []string{"line 1: end 0:01 is before start 0:02", "line 2: -1 is no time", "line 3: the text of segment 3 is no string: null",
			"line 3: start 0:01 is before 0:02, where an earlier cue starts", "line 4: segment 4 is left out: an unexpected array in it"},
	}})
}

func TestReadDeepgram(t *testing.T) {
	const words = `{"results":{"channels":[{"alternatives":[{"transcript":"a b","words":[{"word":"oh","start":0,"end":1,"punctuated_word":"Oh."},{"word":"no","start":1,"end":2}]},{"transcript":"x","words":[{"word":"x","start":0,"end":1}]}]}]`
	testTimed(t, "deepgram-json", []timedTest{{
		name: "utterances, with speakers",
		in:   words + `,"utterances":[{"start":0.5,"end":1,"speaker":0,"transcript":"a b"},{"start":1,"end":2,"transcript":"c d"}]}}`,
		want: []string{"1 Speaker 0 0.5-1 a b", "2  1-2 c d"},
	}, {
		name: "words of the first alternative",
		in:   words + `}}`,
		want: []string{"1  0-1 Oh.", "2  1-2 no"},
	}, {
		name: "a transcript alone, a line a channel",
		in:   `{"results":{"channels":[{"alternatives":[{"transcript":"a b"}]},{"alternatives":[{"transcript":""}]},{"alternatives":[{"transcript":"c d"}]}]}}`,
		want: []string{"1 Channel 0 ?-? a b", "3 Channel 2 ?-? c d"},
	}, {
		name:     "faults",
		in:       "{\"results\":{\"utterances\":[{\"start\":\"x\",\"transcript\":\"a b\"},\n{\"start\":2,\"end\":1,\"transcript\":\"c d\"},\n{\"start\":3},\n8]}}",
		want:     []string{"1  ?-? a b", "2  2-? c d"},
		warnings: []string{`line 1: "x" is no time`, "line 3: utterance 3 has no text", "line 4: utterance 4 is left out: an unexpected number in it", "line 2: end 0:01 is before start 0:02"},
	}, {
		name: "channels talk at once",
		in: `{"results":{"channels":[{"alternatives":[{"words":[{"word":"oh","start":0,"end":1},{"word":"no","start":1,"end":2}]}]},` +
			`{"alternatives":[{"words":[{"word":"not","start":0.5,"end":1.5,"speaker":1},{"word":"you","start":2,"end":3,"speaker":1}]}]}]}}`,
		want: []string{"1 Channel 0 0-2 oh no", "2 Channel 1 Speaker 1 0.5-3 not you"},
	}, {
		name: "utterances of channels",
		in:   `{"results":{"utterances":[{"start":0,"end":2,"channel":0,"transcript":"a b"},{"start":1,"end":3,"channel":1,"transcript":"c d"}]}}`,
		want: []string{"1 Channel 0 0-2 a b", "2 Channel 1 1-3 c d"},
	}, {
		name:     "cut off among words",
		in:       words[:strings.Index(words, `,"end":2`)],
		want:     []string{"1  0-1 Oh."},
		warnings: []string{"line 1: word 2 is left out: unexpected end of JSON input"},
	}})
}

func TestReadAmazon(t *testing.T) {
	item := func(rest string) string { return `{"type":"pronunciation",` + rest + "},\n" }
	testTimed(t, "aws-transcribe-json", []timedTest{{
		name: "labels on items",
		in: `{"results":{"transcripts":[{"transcript":"x"}],"items":[` + item(`"start_time":"0.5","end_time":"1.0","alternatives":[{"content":"Oh"}],"speaker_label":"spk_0"`) +
			`{"type":"punctuation","alternatives":[{"content":"."}]},` + item(`"start_time":"1.0","end_time":"1.5","alternatives":[{"content":"No"}],"speaker_label":"spk_1"`) + `{}]}}`,
		want: []string{"1 spk_0 0.5-1 Oh.", "2 spk_1 1-1.5 No"}, warnings: []string{"line 3: item 4 has no text"},
	}, {
		name: "labels in a list of their own, and channels",
		in: `{"results":{"transcripts":[{"transcript":"x"}],"items":[` + item(`"start_time":"0.5","end_time":"1.0","alternatives":[{"content":"Oh"}]`) +
			item(`"start_time":"1.0","end_time":"1.5","alternatives":[{"content":"No"}],"channel_label":"ch_1"`) + `],"speaker_labels":{"segments":[{"items":[{"start_time":"0.5","speaker_label":"spk_0"}]}]}}}`,
		want: []string{"1 spk_0 0.5-1 Oh", "2 ch_1 1-1.5 No"}, warnings: []string{"line 3: broken JSON: invalid character ']' looking for beginning of value"},
	}, {
		name: "faults",
		in: "{\"results\":{\"transcripts\":[{\"transcript\":\"x\"}],\"items\":[" + item(`"start_time":"x","end_time":-1,"alternatives":[{"content":"a"}]`) +
			item(`"start_time":"1","alternatives":[{"content":null}]`) + item(`"start_time":"1","alternatives":[]`) + `7`,
		want: []string{"1  ?-? a"},
		warnings: []string{`line 1: "x" is no time`, "line 1: -1 is no time", "line 2: the text of item 2 is no string: null", "line 3: item 3 has no text",
			"line 4: item 4 is left out: an unexpected number in it"},
	}})
	testTimed(t, "aws-call-analytics-json", []timedTest{{
		name:     "turns and faults",
		in:       "{\"Transcript\":[{\"Content\":\"a b\",\"BeginOffsetMillis\":40,\"EndOffsetMillis\":\"500\",\"ParticipantRole\":\"AGENT\"},\n{\"Content\":\"c d\",\"BeginOffsetMillis\":null,\"ParticipantRole\":null},\n{\"BeginOffsetMillis\":900},\n\"x\"]}",
		want:     []string{"1 AGENT 0.04-0.5 a b", "2  ?-? c d"},
		warnings: []string{"line 3: turn 3 has no text", "line 4: turn 4 is left out: an unexpected string in it"},
	}})
}

func TestReadPodlove(t *testing.T) {
	testTimed(t, "podlove-json", []timedTest{{
		name: "segments, with ids, voices and milliseconds",
		in:   `[{"start":"00:00:00.5","end":"00:00:01","speaker":"ann","text":"a b"},{"start":"x","start_ms":2000,"end_ms":"2500","speaker":"1","voice":"Bob Ray","text":"c d"},{"start":"0:03","text":"e f"}]`,
		want: []string{"1 ann 0.5-1 a b", "2 Bob Ray 2-2.5 c d", "3  3-? e f"}, warnings: []string{`line 1: "x" is no time`},
	}, {
		name: "with contributors",
		in:   `{"transcripts":[{"start":"0:01","speaker":"1","text":"a b"},{"start":"0:02","speaker":"2","text":"c d"}],"contributors":[{"id":1,"name":"Ann Lee"},3]}`,
		want: []string{"1 Ann Lee 1-? a b", "2 Speaker 2 2-? c d"}, warnings: []string{"line 1: contributor is left out: an unexpected number in it"},
	}, {
		name: "grouped",
		in:   `[{"speaker":"ann","voice":"Ann","items":[{"start":"0:01","text":"a b"},{"start":"0:02","voice":"Bob","text":"c d"}]},{"items":[]}]`,
		want: []string{"1 Ann 1-? a b", "2 Bob 2-? c d"},
	}, {
		name:     "faults",
		in:       "[{\"start\":\"0:05\",\"end\":\"0:04\",\"text\":\"a b\"},\n{\"start\":\"0:03\",\"text\":\"c d\"},\n{\"start\":\"0:06\"},\n9,\n{\"start\":\"0:07\",\"te",
		want:     []string{"1  5-? a b", "2  3-? c d"},
		warnings: []string{"line 1: end 0:04 is before start 0:05", "line 2: start 0:03 is before 0:05, where an earlier cue starts", "line 3: segment 3 has no text", "line 4: segment 4 is left out: an unexpected number in it", "line 5: segment 5 is left out: unexpected end of JSON input"},
	}})
}
