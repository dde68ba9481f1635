package transcript

import "testing"

func TestReadTSV(t *testing.T) {
	testTimed(t, "tsv", []timedTest{{
		name: "Whisper's, in milliseconds",
		in:   "start\tend\ttext\n0\t1500\ta b\n\n1500\t2250\tc\td\n",
		want: []string{"1  0-1.5 a b", "2  1.5-2.25 c d"},
	}, {
		name: "the same header with seconds",
		in:   "start\tend\ttext\n0\t1.5\ta b\n1.5\t2\tc d\n",
		want: []string{"1  0-1.5 a b", "2  1.5-2 c d"},
	}, {
		name: "clocks, a speaker, columns that mean nothing here",
		in:   "Speaker\tID\tText\tStart\nAnn\t1\ta b\t00:01\nBob\t2\tc d\t1:00:00.5\n",
		want: []string{"1 Ann 1-? a b", "2 Bob 3600.5-? c d"},
	}, {
		name: "labels as Audacity writes them",
		in:   "0.0\t1.5\ta b\n1.5\t2.0\tc d\n",
		want: []string{"1  0-1.5 a b", "2  1.5-2 c d"},
	}, {
		name: "name, clock, words",
		in:   "Ann Lee\t0:01\ta b\nBob\t1:05\tc d\n",
		want: []string{"1 Ann Lee 1-? a b", "2 Bob 65-? c d"},
	}, {
		name: "a list of sentences",
		in:   "1\ta b\n2\tc d\n",
		want: []string{"1  ?-? a b", "2  ?-? c d"},
	}, {
		name:     "whole numbers without a unit",
		in:       "0\t15\ta b\n15\t20\tc d\n",
		want:     []string{"1  ?-? a b", "2  ?-? c d"},
		warnings: []string{`line 1: nothing tells whether times such as "0" are seconds or milliseconds: left out`},
	}, {
		name:     "faults",
		in:       "start\tend\ttext\nx\t1000\ta b\n2000\t1000\tc d\n1000\n1500\t1600\te f\n1700\t1800\t\n\t\tg h\n",
		want:     []string{"1  ?-1 a b", "2  2-? c d", "4  1.5-1.6 e f", "6  ?-? g h"},
		warnings: []string{`line 2: "x" is no time`, "line 3: end 0:01 is before start 0:02", "line 4: a row of 1 columns has no text", "line 5: start 0:01.500 is before 0:02, where an earlier cue starts", "line 6: start 0:01.700 is before 0:02, where an earlier cue starts"},
	}})
}
