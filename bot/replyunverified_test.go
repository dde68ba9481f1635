package bot

import (
	"strings"
	"testing"
)

// TestUnverified has what the model says as it says it, and the checked answer
// to an equal question beside it, which must not come out of the same memory.
func TestUnverified(t *testing.T) {
	b := newBot(t)
	useModel(t, b, ModelOptions{}, answers("Kim Il-sung visited Russia in 1984 {in 1984 when}. He stayed for 77 days {in 1984 when}. Everybody was glad. See [99]."))
	raw, err := b.Reply(t.Context(), Question{Text: kimQuestion, Filter: public, Unverified: true})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(raw.Answer, "77 days. [1]") || !strings.Contains(raw.Answer, "Everybody was glad.") || raw.Removed != 0 {
		t.Errorf("unverified, the answer is %q with %d removed, want all that the model said", raw.Answer, raw.Removed)
	}
	if len(raw.Sentences) < 3 || len(raw.Sentences[2].Citations) != 0 {
		t.Errorf("unverified, the sentences are %+v, want one without marks", raw.Sentences)
	}
	for i := range raw.Citations {
		checkWords(t, &raw.Citations[i])
	}
	checked := reply(t, b, Question{Text: kimQuestion})
	if strings.Contains(checked.Answer, "77") || strings.Contains(checked.Answer, "glad") || checked.Removed == 0 {
		t.Errorf("verified, the answer is %q with %d removed", checked.Answer, checked.Removed)
	}
}
