package transcript_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval"
	"verbatim/retrieval/transcript"
)

// shown is the lines of an episode as "n [speaker] start: text".
func shown(e *retrieval.Episode) []string {
	var lines []string
	for _, l := range e.Lines {
		s := fmt.Sprintf("%d [%s]", l.N, l.Speaker)
		if l.Start.Known {
			s += " " + l.Start.Offset.String()
		}
		lines = append(lines, s+": "+l.Text)
	}
	return lines
}

// TestStyles has a row for each way in which people write speakers and times
// into text, and for what only looks like one.
func TestStyles(t *testing.T) {
	tests := []struct {
		name string
		text string
		want []string
	}{
		{"Rev with colon first", "Speaker 1: (00:00)\nHi.\nSpeaker 2: (00:04)\nHo.", []string{"2 [Speaker 1] 0s: Hi.", "4 [Speaker 2] 4s: Ho."}},
		{"Rev with links", "Ada Quay ([00:12](https://www.rev.com/x?ts=12)):\nHi.\n\n# x\n", []string{"2 [Ada Quay] 12s: Hi."}},
		{"one voice with a time", "Ada (00:12:34)\nHi.", []string{"2 [Ada] 12m34s: Hi."}},
		{"words on the line of name and time", "Ada [00:01]: Hi.\nBo [00:02]: Ho.", []string{"1 [Ada] 1s: Hi.", "2 [Bo] 2s: Ho."}},
		{"time before name", "(00:12:34) Ada: Hi.\n[1:00:00] Bo: Ho.", []string{"1 [Ada] 12m34s: Hi.", "2 [Bo] 1h0m0s: Ho."}},
		{"Temi", "Speaker 1:     00:00     Hi.\nSpeaker 2:     00:04     Ho.", []string{"1 [Speaker 1] 0s: Hi.", "2 [Speaker 2] 4s: Ho."}},
		{"bold with time inside", "**Ada (0:10):** Hi.\n**Bo (0:12):** Ho.", []string{"1 [Ada] 10s: Hi.", "2 [Bo] 12s: Ho."}},
		{"bold before colon", "**Ada**: Hi.\n\n**Bo**: Ho.\n", []string{"1 [Ada]: Hi.", "3 [Bo]: Ho."}},
		{"time within bold before the name", "**[0:10] Ada Quay:** Hi.\n\n**0:12 Bo:** Ho.\n\n*[0:14]* **Ada Quay**: Ha.\n\n- **[0:16] Bo:** He.",
			[]string{"1 [Ada Quay] 10s: Hi.", "3 [Bo] 12s: Ho.", "5 [Ada Quay] 14s: Ha.", "7 [Bo] 16s: He."}},
		{"time within bold, no name", "**Ada:** Hi.\n**Bo:** Ho.\n\n**[0:10]** And so.\n", []string{"1 [Ada]: Hi.", "2 [Bo]: Ho.", "4 [Bo] 10s: And so."}},
		{"facts below the title", "# Harbours\n\nPublished: 2025-03-04\n\n**Ada:** Hi.\n**Bo:** Ho.\n", []string{"5 [Ada]: Hi.", "6 [Bo]: Ho."}},
		{"marks of a change", ">> ADA: Hi.\n>> BO QUAY: Ho.\nAnd so.\n>> Who?\n[0:10] >> ADA: Ha.\n[0:12] >> He.", []string{
			"1 [ADA]: Hi.", "2 [BO QUAY]: Ho.", "3 [BO QUAY]: And so.", "4 []: Who?", "5 [ADA] 10s: Ha.", "6 [] 12s: He."}},
		{"a name in another script", "José Ñandú: Gracias.\n李明: 谢谢大家。\nZoë (0:02): Hi.", []string{"1 [José Ñandú]: Gracias.", "2 [李明]: 谢谢大家。", "3 [Zoë] 2s: Hi."}},
		{"a degree, an office", "Ada: Hi.\nBo: Ho.\nDr Cy Q. Dock, PhD: Ha.\nAda: He.\nDi Pier, Harbour Master: Hm.\nSo.\nBo: Yes.", []string{
			"1 [Ada]: Hi.", "2 [Bo]: Ho.", "3 [Dr Cy Q. Dock, PhD]: Ha.", "4 [Ada]: He.", "5 []: Di Pier, Harbour Master: Hm.", "6 []: So.", "7 [Bo]: Yes."}},
		{"a sound and its times", "**Ada:** Hi.\n\n**Jingle:** \\[0:10\\] to \\[0:20\\]\n\n**Break:** \\[0:30\\]\n\n**Ada:** Ho.\n", []string{
			"1 [Ada]: Hi.", "3 [Jingle] 10s: [0:10] to [0:20]", "7 [Ada]: Ho."}},
		{"italic label", "*Ada:* Hi.\n\n*Bo:* Ho.\n\n*Ada:* Ha.\n", []string{"1 [Ada]: Hi.", "3 [Bo]: Ho.", "5 [Ada]: Ha."}},
		{"diarisation", "SPEAKER_00: Hi.\nSPEAKER_01: Ho.\nAnd so on: yes.", []string{"1 [SPEAKER_00]: Hi.", "2 [SPEAKER_01]: Ho.", "3 [SPEAKER_01]: And so on: yes."}},
		{"headings with times", "## Ada (0:00)\n\nHi.\n\n## Bo (0:04)\n\nHo.\n", []string{"3 [Ada] 0s: Hi.", "7 [Bo] 4s: Ho."}},
		{"list of turns", "- **Ada:** Hi.\n- **Bo:** Ho.\n", []string{"1 [Ada]: Hi.", "2 [Bo]: Ho."}},
		{"times alone", "[0:10]\nHi.\nHo.\n[0:20]\nHa.", []string{"2 [] 10s: Hi.", "3 []: Ho.", "5 [] 20s: Ha."}},
		{"Google Meet", "This editable transcript was computer generated and might contain errors.\n00:00:00\n\nAda: Hi.\nBo: Ho.\n00:05:00\n\nAda: Ha.",
			[]string{"4 [Ada] 0s: Hi.", "5 [Bo]: Ho.", "8 [Ada] 5m0s: Ha."}},
		{"Fathom", "0:00 - Ada Quay (Harbour Ltd)\n  Hi.\n\n0:04 - Bo\n  Ho.\n\n0:09 - Ada Quay (Harbour Ltd)\n  Ha.\n\n0:11 - Bo\n  He.",
			[]string{"2 [Ada Quay (Harbour Ltd)] 0s: Hi.", "5 [Bo] 4s: Ho.", "8 [Ada Quay (Harbour Ltd)] 9s: Ha.", "11 [Bo] 11s: He."}},
		{"empty turn keeps no time", "Ada (0:01):\nBo (0:02):\nHo.\nAda:\nHi.\nAda (0:03):\nBo:\nHa.",
			[]string{"3 [Bo] 2s: Ho.", "5 [Ada]: Hi.", "8 [Bo]: Ha."}},
		{"a verse", "John 3:16 says it.\nJohn 3:17 goes on.\nAnd that is all.", []string{"1 []: John 3:16 says it.", "2 []: John 3:17 goes on.", "3 []: And that is all."}},
		{"a clock", "12:30 is lunch.\nAt 12:40: tea.\nWork goes on.\nAnd on.\nAnd on.\n9:15 was early.", []string{
			"1 []: 12:30 is lunch.", "2 []: At 12:40: tea.", "3 []: Work goes on.", "4 []: And on.", "5 []: And on.", "6 []: 9:15 was early."}},
		{"one colon", "Harbour Master: a title.\nIt is old.\nIt is honoured.\nIt is kept.", []string{
			"1 []: Harbour Master: a title.", "2 []: It is old.", "3 []: It is honoured.", "4 []: It is kept."}},
		{"entity in a label", "Ada &amp; Bo: Hi &lt;all&gt;.\nCy: Ho.\nAda &amp; Bo: Ha.", []string{"1 [Ada & Bo]: Hi <all>.", "2 [Cy]: Ho.", "3 [Ada & Bo]: Ha."}},
		{"laughs begin a file", "{laughs} Hi.\n[Music]", []string{"1 []: {laughs} Hi.", "2 []: [Music]"}},
		{"heading of one hash in plain text", "# 1 on the list\nis tide.", []string{"2 []: is tide."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := transcript.Read("x.txt", []byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, shown(r.Episode)); diff != "" {
				t.Errorf("Read(%q) (-want +got):\n%s", tt.text, diff)
			}
		})
	}
}

// TestCaptionLabels checks labels within captions, which all caption formats
// share.
func TestCaptionLabels(t *testing.T) {
	tests := []struct {
		name string
		cues []string
		want []string
	}{
		{"a turn over several cues", []string{"Ada: We begin", "here.", "Bo: Yes.", "[Music]", "And so.", "Ada: Well: good.", "Bo: Bye."},
			[]string{"1 [Ada]: We begin", "2 [Ada]: here.", "3 [Bo]: Yes.", "4 []: [Music]", "5 [Bo]: And so.", "6 [Ada]: Well: good.", "7 [Bo]: Bye."}},
		{"change without a name", []string{"Ada: Hi.", "Bo: Ho.", ">> Who is this?", "It rings.", ">> Ada: Me.", "Bo: Me.", "- You?"},
			[]string{"1 [Ada]: Hi.", "2 [Bo]: Ho.", "3 []: Who is this?", "4 []: It rings.", "5 [Ada]: Me.", "6 [Bo]: Me.", "7 []: - You?"}},
		{"for the deaf", []string{"(deep rumbling)", "MAN: How did we end up here?", "This is dull.", "NOTE: not a man."},
			[]string{"1 []: (deep rumbling)", "2 [MAN]: How did we end up here?", "3 []: This is dull.", "4 []: NOTE: not a man."}},
		{"names in brackets", []string{"[Ada] Hi.", "[Bo] Ho.", "[Ada] Ha.", "[Bo] He.", "[Ada] So.", "[Laughs] Hm.", "[Bo] Bye."},
			[]string{"1 [Ada]: Hi.", "2 [Bo]: Ho.", "3 [Ada]: Ha.", "4 [Bo]: He.", "5 [Ada]: So.", "6 [Ada]: [Laughs] Hm.", "7 [Bo]: Bye."}},
		{"two names in brackets, once each", []string{"[Ada] Hi.", "[Bo Quay] Ho."}, []string{"1 [Ada]: Hi.", "2 [Bo Quay]: Ho."}},
		{"names in brackets, a sound, a colon", []string{"[Ada] Hi.", "and more", "[Bo Quay] Ho.", "[music] Yes.", "[Bo Quay]: Ha."},
			[]string{"1 [Ada]: Hi.", "2 [Ada]: and more", "3 [Bo Quay]: Ho.", "4 [Bo Quay]: [music] Yes.", "5 [Bo Quay]: Ha."}},
		{"sounds in brackets", []string{"[MUSIC PLAYING] Hi.", "[DOG BARKS] Ho.", "[Door Slams] Ha.", "[Singing] He.", "[Applause] Hm."},
			[]string{"1 []: [MUSIC PLAYING] Hi.", "2 []: [DOG BARKS] Ho.", "3 []: [Door Slams] Ha.", "4 []: [Singing] He.", "5 []: [Applause] Hm."}},
		{"words put in by an editor", []string{"They say that", "[Bitcoin] is old", "and", "that", "[Ethereum] is", "not.", "So", "[Bitcoin] wins.", "Well."},
			[]string{"1 []: They say that", "2 []: [Bitcoin] is old", "3 []: and", "4 []: that", "5 []: [Ethereum] is", "6 []: not.", "7 []: So", "8 []: [Bitcoin] wins.", "9 []: Well."}},
		{"no labels", []string{"The point is: go.", "It is 5: no, 6.", "What's it FUD: fear.", "Well."},
			[]string{"1 []: The point is: go.", "2 []: It is 5: no, 6.", "3 []: What's it FUD: fear.", "4 []: Well."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b strings.Builder
			for i, c := range tt.cues {
				fmt.Fprintf(&b, "%d\n00:00:%02d,000 --> 00:00:%02d,500\n%s\n\n", i+1, i, i, c)
			}
			r, err := transcript.Read("x.srt", []byte(b.String()))
			if err != nil {
				t.Fatal(err)
			}
			got := shown(r.Episode)
			for i := range got {
				before, text, _ := strings.Cut(got[i], "]")
				_, text, _ = strings.Cut(text, ":")
				got[i] = before + "]:" + text
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("captions %q (-want +got):\n%s", tt.cues, diff)
			}
		})
	}
}
