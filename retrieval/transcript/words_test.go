package transcript

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval"
)

// wordCues makes cues of words: half a second each, 0.1 s apart. "/" is a
// pause of two seconds, "Ann:" a change of speaker, "_" a leading space.
func wordCues(text string) []cue {
	var cues []cue
	at, speaker := time.Duration(0), ""
	for field := range strings.FieldsSeq(text) {
		if field == "/" {
			at += 2 * time.Second
			continue
		}
		if name, ok := strings.CutSuffix(field, ":"); ok {
			speaker = name
			continue
		}
		word, spaced := strings.CutPrefix(field, "_")
		cues = append(cues, cue{start: retrieval.At(at), end: retrieval.At(at + 500*ms), speaker: speaker, rows: []string{word}, spaced: spaced})
		at += 600 * ms
	}
	return cues
}

func TestJoinWords(t *testing.T) {
	long := strings.TrimSpace(strings.Repeat("w ", 30))
	tests := []struct {
		name, in string
		want     []string
	}{
		{"punctuation", "Oh no. Not you! What? Yes… so", []string{"Oh no.", "Not you!", "What?", "Yes…", "so"}},
		{"closing quotes", "“Go.” (Now!) he said", []string{"“Go.”", "(Now!)", "he said"}},
		{"no sentence ends", "Mr. Lee and J. Smith paid 1.5 dollars", []string{"Mr. Lee and J. Smith paid 1.5 dollars"}},
		{"I alone ends one", "It is I. So", []string{"It is I.", "So"}},
		{"pause", "so / then we", []string{"so", "then we"}},
		{"change of speaker", "Ann: so you Bob: yes", []string{"Ann so you", "Bob yes"}},
		{"punctuation apart", "so , then . Yes ' s", []string{"so, then.", "Yes ' s"}},
		{"contractions apart", "I do n't think it 's", []string{"I don't think it's"}},
		{"punctuation first", ", so", []string{", so"}},
		{"tokens with leading spaces", "_My _fell ow _Americ ans . _Ask", []string{"My fellow Americans.", "Ask"}},
		{"no spaces in this script", "今 日 は 。 良 い", []string{"今日は。", "良い"}},
		{"forty words", long + " " + long, []string{long + strings.Repeat(" w", 10), strings.TrimSpace(strings.Repeat("w ", 20))}},
		{"forty words with a comma", long + ", " + long, []string{long + ",", long}},
		{"", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, s := range joinWords(wordCues(tt.in)) {
				got = append(got, strings.TrimSpace(s.speaker+" "+joinRows(s.rows)))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("joinWords(%q) (-want +got):\n%s", tt.in, diff)
			}
		})
	}
}

func TestJoinWordsTimes(t *testing.T) {
	at := func(s float64) retrieval.Moment { m, _ := momentOf(s); return m }
	unknown := retrieval.Moment{}
	word := func(text string, start, end retrieval.Moment) cue {
		return cue{rows: []string{text}, start: start, end: end}
	}
	tests := []struct {
		name       string
		in         []cue
		start, end retrieval.Moment
	}{
		{"first and last", []cue{word("a", at(1), at(2)), word("b", at(2), at(3))}, at(1), at(3)},
		{"mark without times", []cue{word("a", at(1), at(2)), word(".", unknown, unknown)}, at(1), at(2)},
		{"last word without end", []cue{word("a", at(1), at(2)), word("b", at(2), unknown)}, at(1), unknown},
		{"first word without start", []cue{word("a", unknown, at(2)), word("b", at(2), at(3))}, unknown, at(3)},
		{"times that run backwards", []cue{word("a", at(9), at(10)), word("b", at(2), at(3))}, at(9), unknown},
		{"a cue without words", []cue{word("a", at(1), at(2)), {start: at(3), end: at(4)}}, at(1), at(2)},
	}
	for _, tt := range tests {
		got := joinWords(tt.in)
		if len(got) != 1 || got[0].start != tt.start || got[0].end != tt.end {
			t.Errorf("%s: joinWords = %+v, want one sentence from %v to %v", tt.name, got, tt.start, tt.end)
		}
	}
}

func TestWordLevel(t *testing.T) {
	tests := []struct {
		in   string // captions parted by "|"
		want bool
	}{
		{"so|here|we|are", true},
		{"so|here|we|are|all of us", true},
		{"so|here|we|all of us", false},
		{"yes|no|maybe", false},
		{"", false},
		{"今日|は|良い|天気", true},
		{"今日は良い天気|ですね本当に|はいそうです|ではまた明日", false},
		{"||so|here|we|are", true},
	}
	for _, tt := range tests {
		var cues []cue
		for text := range strings.SplitSeq(tt.in, "|") {
			cues = append(cues, cue{rows: tidyRows(text)})
		}
		if got := wordLevel(cues); got != tt.want {
			t.Errorf("wordLevel(%q) = %v, want %v", tt.in, got, tt.want)
		}
	}
}
