package transcript

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"verbatim/retrieval"
)

const ms = time.Millisecond

func TestParseClock(t *testing.T) {
	tests := []struct {
		in    string
		want  time.Duration
		ok    bool
		loose bool // parseLooseClock reads it where parseClock does not
	}{
		{in: "00:00:01.500", want: 1500 * ms, ok: true},
		{in: "1:02:03,25", want: 3723250 * ms, ok: true},
		{in: "01:39", want: 99 * time.Second, ok: true},
		{in: "75:30", want: 4530 * time.Second, ok: true},
		{in: "0:00:00.000000001", want: 1, ok: true},
		{in: "100:00:00", want: 100 * time.Hour, ok: true},
		{in: "0:0:1,5", want: 1500 * ms, loose: true},
		{in: "00: 00: 01, 500", want: 1500 * ms, loose: true},
		{in: "0:1", want: time.Second, loose: true},
		{in: ""},
		{in: " "},
		{in: "1 00:00:01"},
		{in: "00:00 :01 2"},
		{in: "12"},
		{in: "1:60"},
		{in: "0:60:00"},
		{in: "1:2:3:4"},
		{in: "00:00:01."},
		{in: "00:00:01.0000000001"},
		{in: "00:00:01.5.5"},
		{in: "-0:01"},
		{in: "+0:01"},
		{in: ":30"},
		{in: "1234567:00"},
		{in: "0:000"},
		{in: "0:1٣"},
		{in: "0:01am"},
	}
	for _, tt := range tests {
		got, ok := parseClock(tt.in)
		if ok != tt.ok || ok && got != tt.want {
			t.Errorf("parseClock(%q) = %v, %v, want %v, %v", tt.in, got, ok, tt.want, tt.ok)
		}
		got, ok = parseLooseClock(tt.in)
		if wantOK := tt.ok || tt.loose; ok != wantOK || ok && got != tt.want {
			t.Errorf("parseLooseClock(%q) = %v, %v, want %v, %v", tt.in, got, ok, tt.want, wantOK)
		}
	}
}

func TestParseSeconds(t *testing.T) {
	tests := []struct {
		in   string
		want time.Duration
		ok   bool
	}{
		{"0.860", 860 * ms, true},
		{"12", 12 * time.Second, true},
		{"7,5", 7500 * ms, true},
		{"", 0, false},
		{".5", 0, false},
		{"-1", 0, false},
		{"1e3", 0, false},
		{"1234567890", 0, false},
		{"1:00", 0, false},
	}
	for _, tt := range tests {
		if got, ok := parseSeconds(tt.in); ok != tt.ok || ok && got != tt.want {
			t.Errorf("parseSeconds(%q) = %v, %v, want %v, %v", tt.in, got, ok, tt.want, tt.ok)
		}
	}
}

func TestParseTimeExpression(t *testing.T) {
	rates := frameRates{frames: 25, ticks: 1000}
	tests := []struct {
		in    string
		rates frameRates
		want  time.Duration
		ok    bool
	}{
		{"00:02:33.440", rates, 153440 * ms, true},
		{"00:02:33:11", rates, 153440 * ms, true},
		{"00:00:01:10.1", rates, 1400 * ms, true},
		{" 12.5s ", rates, 12500 * ms, true},
		{"400ms", rates, 400 * ms, true},
		{"1.5h", rates, 90 * time.Minute, true},
		{"2m", rates, 2 * time.Minute, true},
		{"50f", rates, 2 * time.Second, true},
		{"1500t", rates, 1500 * ms, true},
		{"30f", frameRates{frames: 30000.0 / 1001, ticks: 1}, 1001 * ms, true},
		{"02:33", rates, 0, false},
		{"12", rates, 0, false},
		{"-3s", rates, 0, false},
		{"3x", rates, 0, false},
		{"1e3s", rates, 0, false},
		{"NaNs", rates, 0, false},
		{"Infs", rates, 0, false},
		{"00:00:01:xx", rates, 0, false},
		{"99999999999999h", rates, 0, false},
		{"5f", frameRates{}, 0, false},
		{"0f", frameRates{}, 0, false},
		{"00:00:01:05", frameRates{}, 0, false},
		{"", rates, 0, false},
	}
	for _, tt := range tests {
		if got, ok := parseTimeExpression(tt.in, tt.rates); ok != tt.ok || ok && got != tt.want {
			t.Errorf("parseTimeExpression(%q, %v) = %v, %v, want %v, %v", tt.in, tt.rates, got, ok, tt.want, tt.ok)
		}
	}
}

func TestMomentOf(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -0.001, 1e300} {
		if got, ok := momentOf(bad); ok || got.Known {
			t.Errorf("momentOf(%v) = %v, %v, want unknown, false", bad, got, ok)
		}
	}
	// 0.1+0.2 is not 0.3 in binary; the moment is what the file meant.
	if got, ok := momentOf(0.1 + 0.2); !ok || got != retrieval.At(300*ms) {
		t.Errorf("momentOf(0.1+0.2) = %v, %v, want 300ms, true", got, ok)
	}
}

func TestJSONMoment(t *testing.T) {
	tests := []struct {
		in        string
		perSecond float64
		want      retrieval.Moment
		ok        bool
	}{
		{`1.5`, 1, retrieval.At(1500 * ms), true},
		{`1500`, 1000, retrieval.At(1500 * ms), true},
		{`"12.3"`, 1, retrieval.At(12300 * ms), true},
		{`"00:00:43.1"`, 1, retrieval.At(43100 * ms), true},
		{`null`, 1, retrieval.Moment{}, true},
		{``, 1, retrieval.Moment{}, true},
		{`"NaN"`, 1, retrieval.Moment{}, false},
		{`-1`, 1, retrieval.Moment{}, false},
		{`"soon"`, 1, retrieval.Moment{}, false},
		{`""`, 1, retrieval.Moment{}, true},
		{`true`, 1, retrieval.Moment{}, false},
		{`[1]`, 1, retrieval.Moment{}, false},
		{`"\x"`, 1, retrieval.Moment{}, false},
	}
	for _, tt := range tests {
		if got, ok := jsonMoment(json.RawMessage(tt.in), tt.perSecond); ok != tt.ok || got != tt.want {
			t.Errorf("jsonMoment(%s, %v) = %v, %v, want %v, %v", tt.in, tt.perSecond, got, ok, tt.want, tt.ok)
		}
	}
}
