package transcript

import "testing"

func TestReadSBV(t *testing.T) {
	testTimed(t, "sbv", []timedTest{{
		name: "plain, breaks, blank lines inside",
		in:   "0:00:01.500,0:00:02.000\na[br]b\n\nc\n\n0:00:03,0:00:04\n\n0:00:05.000,0:00:06.000\nd &amp; e\n",
		want: []string{"1  1.5-2 a b c", "3  5-6 d & e"},
	}, {
		name:     "faults",
		in:       "by Ann\n0:00:01.000,0:00:02.000\na b\n0:00:03.000,0:00:0x\nc d\n0:00:05.000,0:00:04.000\ne f\n0:00:04.000,0:00:06.000\ng h\n",
		want:     []string{"1  1-2 a b", "2  3-? c d", "3  5-? e f", "4  4-6 g h"},
		warnings: []string{`line 1: text before the first time is left out: "by Ann"`, `line 4: "0:00:03.000,0:00:0x" are no two times`, "line 6: end 0:04 is before start 0:05", "line 8: start 0:04 is before 0:05, where an earlier cue starts"},
	}})
}
