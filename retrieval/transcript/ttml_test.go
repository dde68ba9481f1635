package transcript

import "testing"

func TestReadTTML(t *testing.T) {
	const head = `<?xml version="1.0"?><tt xmlns:ttm="x" xmlns:ttp="y" ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001" ttp:subFrameRate="10">`
	testTimed(t, "ttml", []timedTest{{
		name: "kinds of time",
		in:   head + `<body><div><p begin="00:00:01.5" end="00:00:02">a a</p><p begin="3s" dur="500ms">b b</p><p begin="30f" end="00:00:05:15">c c</p><p begin="2997t">d d</p></div></body></tt>`,
		want: []string{"1  1.5-2 a a", "2  3-3.5 b b", "3  1.001-5.5005 c c", "4  9.99999-? d d"},
	}, {
		name: "times count from what is around",
		in:   "<tt><body begin=\"1h\"><div begin=\"1m\"><p begin=\"1s\" end=\"2s\">a</p><p dur=\"2s\"><span begin=\"3s\" end=\"4s\">b</span> <span begin=\"5s\" dur=\"1s\">c</span></p><p>d</p></div><div><p begin=\"1s\">e</p></div></body></tt>",
		want: []string{"1  3661-3662 a", "2  3663-3666 b c", "3  ?-? d", "4  3601-? e"},
	}, {
		name: "one after another",
		in:   `<tt><body timeContainer="seq"><p dur="1s">a</p><div><p begin="1s" end="2s">b</p></div></body></tt>`,
		want: []string{"1  ?-? a", "2  ?-? b"},
	}, {
		name: "agents",
		in: head + `<head><ttm:agent xml:id="a"><ttm:name>Ann Lee</ttm:name></ttm:agent><ttm:agent xml:id="b"/></head><body ttm:agent="a"><p>a</p><p ttm:agent="b">b</p>` +
			`<p>c <span ttm:agent="b">d</span> e</p><p ttm:agent="a b">f</p><p ttm:agent="z">g</p></body></tt>`,
		want: []string{"1 Ann Lee ?-? a", "2 b ?-? b", "3  ?-? c d e", "4 Ann Lee, b ?-? f", "5 z ?-? g"},
	}, {
		name: "words and no words",
		in:   "<tt><head><title>T</title><style id=\"s\"/></head><body>no<p><metadata><desc>no</desc></metadata>a<br/>b <span>c&amp;<span>d</span></span>\n  <![CDATA[e <f>]]></p><!-- no --><p> </p></body></tt>",
		want: []string{"1  ?-? a b c&d e <f>"},
	}, {
		name:     "faults",
		in:       "<tt>\n<body>\n<p begin=\"x\" end=\"1s\">a a\n<p begin=\"3s\" end=\"2s\">b b</p>\n</q>\n<p begin=4s>c c</div><p>d d",
		want:     []string{"1  ?-1 a a", "2  3-? b b", "3  4-? c c", "4  ?-? d d"},
		warnings: []string{`line 3: begin="x" is no time`, "line 4: <p> begins before the <p> above it ends", "line 4: end 0:02 is before start 0:03", "line 5: </q> ends nothing", "line 6: </div> ends nothing", "line 6: <p> begins before the <p> above it ends", "line 6: the file ends within <p>"},
	}})
	d := draftOf(t, "ttml", `<tt><head><metadata><ttm:title> A  title </ttm:title><ttm:title>Another</ttm:title></metadata></head><body><p><metadata><ttm:title>No</ttm:title></metadata>a</p></body></tt>`)
	if got, want := d.episode.Title, "A title"; got != want {
		t.Errorf("Title = %q, want %q", got, want)
	}
}
