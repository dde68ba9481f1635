package transcript_test

import (
	"fmt"

	"verbatim/retrieval/transcript"
)

func ExampleRead() {
	page := "Ada (00:12):\nWhy do tides rise twice a day?\n\nBo (00:15):\nBecause the water bulges on both sides.\n"
	r, err := transcript.Read("tides.txt", []byte(page))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range r.Episode.Lines {
		fmt.Printf("%s line %d, %s at %s: %s\n", r.Episode.ID, l.N, l.Speaker, l.Start, l.Text)
	}
	// Output:
	// tides line 2, Ada at 0:12: Why do tides rise twice a day?
	// tides line 5, Bo at 0:15: Because the water bulges on both sides.
}

func ExampleRead_warnings() {
	r, err := transcript.Read("tides.txt", []byte("[00:09] Later.\n[00:01] Sooner.\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, w := range r.Warnings {
		fmt.Println(w)
	}
	// Output:
	// line 2: start 0:01 is before 0:09, where an earlier line starts
}
