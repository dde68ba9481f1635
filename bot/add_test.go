package bot

import (
	"strings"
	"testing"

	"verbatim/retrieval"
)

// TestAddReplaces adds two files of one name. Only when another episode is lost
// by it does it warn.
func TestAddReplaces(t *testing.T) {
	const garden = "Ann: Welcome to the garden hour. Our guest grows tomatoes on a roof in Lisbon.\n" +
		"Bob: Thank you. I water the tomatoes at six every morning, before the sun is on them.\n" +
		"Ann: And what do you do against the snails? My own lettuce was eaten in one night.\n" +
		"Bob: A ring of copper around each pot keeps the snails away. Salt never worked for me.\n"
	const bread = "Ann: Welcome to the kitchen hour. Today a baker tells us about rye bread.\n" +
		"Cem: Sourdough wants time: a day for the first dough and another one for the loaf.\n" +
		"Ann: How hot is your oven when the loaves go in, and for how long do they stay?\n"
	const warning = `replaced the episode show (Show, lines: 4), whose text was different; give the file another -id to keep both`
	tests := []struct {
		name, file, text string
		warned           bool
	}{
		{"the same", "show.txt", garden, false},
		{"corrected", "show.txt", strings.ReplaceAll(garden, "copper", "Copper wire"), false},
		{"longer", "show.txt", garden + bread, false},
		{"a part", "show.txt", garden[:strings.Index(garden, "Ann: And")], false},
		{"another format", "show.vtt", "WEBVTT\n\n00:01.000 --> 00:05.000\nWelcome to the garden hour. Our guest\n\n00:05.000 --> 00:09.000\ngrows tomatoes on a roof\n\n" +
			"00:09.000 --> 00:11.000\nin Lisbon. Thank you. I water the tomatoes at\n\n00:11.000 --> 00:14.000\nsix every morning, before the sun is on them.\n", false},
		{"another episode", "show.txt", bread, true},
		{"few other words", "show.txt", "Ann: Hello.\nBob: Hi.\n", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newBot(t)
			if first := addText(t, b, retrieval.Public, "show.txt", garden); first.Replaced || len(first.Warnings) > 0 {
				t.Errorf("first Add = %+v, want no warning", first)
			}
			added := addText(t, b, retrieval.Public, test.file, test.text)
			warned := len(added.Warnings) > 0 && strings.HasPrefix(added.Warnings[0], "replaced")
			if !added.Replaced || warned != test.warned {
				t.Errorf("Add = %+v, want replaced, warning %v", added, test.warned)
			}
			if warned && added.Warnings[0] != warning {
				t.Errorf("warning %q, want %q", added.Warnings[0], warning)
			}
		})
	}
}
