package transcript

import "testing"

func TestReadSRT(t *testing.T) {
	testTimed(t, "srt", []timedTest{{
		name: "plain",
		in:   "1\n00:00:01,000 --> 00:00:02,500\nHello\nthere\n\n2\n00:00:03,000 --> 00:00:04,000\nAgain\n",
		want: []string{"1  1-2.5 Hello there", "2  3-4 Again"},
	}, {
		name: "dots, no fractions, one-digit fields, spaces in clocks",
		in:   "1\n00:00:01.5 --> 00:00:02\na b\n\n2\n0:0:3,25 -> 0:0:4,5\nc d\n\n3\n00: 00: 05, 000 –> 00: 00: 06, 000\ne f\n",
		want: []string{"1  1.5-2 a b", "2  3.25-4.5 c d", "3  5-6 e f"},
	}, {
		name: "number on the line of times, and coordinates",
		in:   "1 00:00:01,000 --> 00:00:02,000 X1:40 X2:600\na b\n",
		want: []string{"1  1-2 a b"},
	}, {
		name: "no blank line between captions, a year as text",
		in:   "1\n0:01 --> 0:02\nIt was\n1984\n2\n0:03 --> 0:04\n1985\n\n3\n0:05 --> 0:06\n7\n8\n",
		want: []string{"1  1-2 It was 1984", "2  3-4 1985", "3  5-6 7 8"},
	}, {
		name: "digits that are text where captions have no numbers",
		in:   "0:01 --> 0:02\nhow many?\n42\n0:03 --> 0:04\nso few\n",
		want: []string{"1  1-2 how many? 42", "2  3-4 so few"},
	}, {
		name: "blank line between number and times",
		in:   "1\n\n0:01 --> 0:02\na b\n\n2\n\n0:03 --> 0:04\nc d\n",
		want: []string{"1  1-2 a b", "2  3-4 c d"},
	}, {
		name: "blank lines inside a caption",
		in:   "1\n0:01 --> 0:02\na\n\n\nb\n\n2\n0:03 --> 0:04\nc d\n",
		want: []string{"1  1-2 a b", "2  3-4 c d"},
	}, {
		name: "arrows in the text",
		in:   "0:01 --> 0:02\nfrom 1 --> 2\nand a.b --> c\nx -> 0:05\n",
		want: []string{"1  1-2 from 1 --> 2 and a.b --> c x -> 0:05"},
	}, {
		name: "markup and entities",
		in:   "0:01 --> 0:02\n<font color=\"red\"><i>a</i></font> &lt;b&gt; {\\an8}c<br>d <laughs> 1<2 {e}\n",
		want: []string{"1  1-2 a <b> c d <laughs> 1<2 {e}"},
	}, {
		name: "voice tags borrowed from WebVTT",
		in:   "0:01 --> 0:02\n<v Ann>Hello.</v> <v Bob>Hi.</v>\n",
		want: []string{"1  1-2 Hello. Hi."},
	}, {
		name: "two labels in a caption",
		in:   "0:01 --> 0:02\nAda: Hi.\nBo: Ho.\n\n0:03 --> 0:04\nand so\n\n0:05 --> 0:06\nAda: Ha. >> Bo: He.\n\n0:07 --> 0:08\nAda: Hm\nhm.\n\n0:09 --> 0:10\n[Sighs]\nBo: Ah.\n",
		want: []string{"1  1-2 Hi. Bo: Ho.", "2 Bo 3-4 and so", "3  5-6 Ha. >> Bo: He.", "4 Ada 7-8 Hm hm.", "5 Bo 9-10 [Sighs] Ah."},
	}, {
		name: "a caption without words is counted",
		in:   "0:01 --> 0:02\n<i> </i>\n\n0:03 --> 0:04\nb b\n",
		want: []string{"2  3-4 b b"},
	}, {
		name: "words on the line of times",
		in:   "0:01 --> 0:02 Hello there\n",
		want: []string{"1  1-2 Hello there"},
	}, {
		name: "a caption that is a label alone",
		in:   "0:01 --> 0:02\nAnn Lee:\n\n0:02 --> 0:03\nHello there.\n\n0:03 --> 0:04\nBob Ray: Oh hello.\n\n0:04 --> 0:05\nAnn Lee: So.\n\n0:05 --> 0:06\nBob Ray: Yes.\n",
		want: []string{"2 Ann Lee 2-3 Hello there.", "3 Bob Ray 3-4 Oh hello.", "4 Ann Lee 4-5 So.", "5 Bob Ray 5-6 Yes."},
	}, {
		name: "YouTube's rolling captions made SRT",
		in:   "1\n0:00 --> 0:02\nhello and\n\n2\n0:02 --> 0:02,01\nhello and\n\n3\n0:02,01 --> 0:04\nhello and\nwelcome back\n\n4\n0:04 --> 0:04,01\nwelcome back\n\n5\n0:04,01 --> 0:06\nwelcome back\nto us all\n",
		want: []string{"1  0-2 hello and", "3  2.01-4 welcome back", "5  4.01-6 to us all"},
	}, {
		name: "a word a caption",
		in:   "0:01 --> 0:02\nOh\n\n0:02 --> 0:03\nno.\n\n0:03 --> 0:04\nNot\n\n0:04 --> 0:05\nagain.\n",
		want: []string{"1  1-3 Oh no.", "2  3-5 Not again."},
	}})
}

func TestReadSRTFaults(t *testing.T) {
	testTimed(t, "srt", []timedTest{{
		name:     "text before the first caption",
		in:       "Subtitles by Ann\n1\n0:01 --> 0:02\na b\n",
		want:     []string{"1  1-2 a b"},
		warnings: []string{`line 1: text before the first time is left out: "Subtitles by Ann"`},
	}, {
		name:     "broken start, broken end, both broken",
		in:       "0:01 --> 0:02\na b\n\nx --> 0:04\nc d\n\n0:05 --> \ne f\n\n0:99 --> 1:0x\ng h\n",
		want:     []string{"1  1-2 a b", "2  ?-4 c d", "3  5-? e f", "4  ?-? g h"},
		warnings: []string{`line 4: "x" is no time`, `line 7: "0:05 -->" is no time`, `line 10: "0:99 --> 1:0x" is no time`},
	}, {
		name:     "end before start, start before an earlier one",
		in:       "0:05 --> 0:04\na b\n\n0:03 --> 0:06.5\nc d\n\n0:04 --> 0:07\ne f\n\n0:05 --> 0:08\ng h\n",
		want:     []string{"1  5-? a b", "2  3-6.5 c d", "3  4-7 e f", "4  5-8 g h"},
		warnings: []string{"line 1: end 0:04 is before start 0:05", "line 4: start 0:03 is before 0:05, where an earlier cue starts", "line 7: start 0:04 is before 0:05, where an earlier cue starts"},
	}, {
		name:     "a caption whose times are missing",
		in:       "1\n0:01 --> 0:02\na b\n\n2\nc d\n\n3\n0:05 --> 0:06\ne f\n",
		want:     []string{"1  1-2 a b", "2  ?-? c d", "3  5-6 e f"},
		warnings: []string{"line 5: caption 2 has no times"},
	}, {
		name:     "cut off behind a number",
		in:       "1\n0:01 --> 0:02\na b\n\n2\n",
		want:     []string{"1  1-2 a b"},
		warnings: []string{"line 5: caption 2 has no times"},
	}})
}
