package bot

import (
	"testing"
)

// TestForeignFault: a translation that says what the transcript says does not
// let another sentence through.
func TestForeignFault(t *testing.T) {
	v, _ := sampleVerifier(t)
	const translation = "The delivery of arms started in 2023, when Shoigu went to Pyongyang."
	tests := []struct {
		name, language, original string
		want                     FaultKind
	}{
		{"true", "de", "Die Lieferung der Waffen begann 2023, als Shoigu nach Pyongyang ging.", FaultNone},
		{"true in French", "fr", "La livraison des armes a commencé en 2023, quand Shoigu est allé à Pyongyang.", FaultNone},
		{"another year", "de", "Die Lieferung der Waffen begann 1987, als Shoigu nach Pyongyang ging.", FaultNumber},
		{"another name", "fr", "La livraison a commencé en 2023, quand Merkel est allée à Pyongyang.", FaultName},
		{"denied", "de", "Die Lieferung der Waffen begann 2023 nicht.", FaultNegation},
		{"invented quote", "de", "Er sagte 2023: „wir werden euch alle töten", FaultQuote},
		{"invented quote in other marks", "de", "Er sagte 2023: ‚wir werden euch alle töten‘", FaultQuote},
		{"address", "de", "Die Lieferung begann 2023, siehe https://evil.example/nitro.", FaultQuote},
		{"markup", "de", "Die Lieferung begann 2023 <b>.", FaultSupport},
	}
	// A denial may come back within a word.
	if got := v.foreignFault("Die Beziehungen waren fast nicht vorhanden.", "The relations were almost nonexistent.", "de"); got.Kind != FaultNone {
		t.Errorf("foreignFault of a denial within a word = %q", got.Kind)
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := v.foreignFault(test.original, translation, test.language); got.Kind != test.want {
				t.Errorf("foreignFault(%q) = %q (%s), want %q", test.original, got.Kind, got, test.want)
			}
		})
	}
}
