package retrieval_test

import (
	"strings"
	"testing"

	"verbatim/retrieval"
)

// TestJudge has for each rule a question that it refuses and one, much like
// it, that it lets pass.
func TestJudge(t *testing.T) {
	lower := make([]retrieval.Line, len(lighthouse))
	for i, line := range lighthouse {
		lower[i] = retrieval.Line{Text: strings.ToLower(line.Text)}
	}
	tests := []struct {
		name, question string
		lines          []retrieval.Line
		reason         string // begins with; "" for an answer
	}{
		{"name missing", "What did the children of Kalmar visit?", lighthouse, "it does not speak of Kalmar"},
		{"name there", "What did the children of Hallevik visit?", lighthouse, ""},
		{"name misspelt", "What did the children of Halevick visit?", lighthouse, ""},
		{"surname missing but first name there", "What broke the windows of Tobias Lindgren's lantern room?", lighthouse, ""},
		{"two of three words of a name missing", "What broke the windows of the Skarvholm Yacht Club?", lighthouse, "it does not speak of Skarvholm Yacht Club"},
		{"name missing where the text has no capitals", "What did the children of Kalmar visit, is the tower a museum?", lower, ""},
		{"name missing where the text has no capitals and little speaks for one place", "When did Lindgren move to the island?", lower, "it does not speak of Lindgren"},
		{"abbreviation of words that stand there", "Did the LRC automate everything and tell us to leave?", lighthouse, ""},
		{"name that stands abbreviated", "What did the Harbour Works Union say about the pay?", append(lighthouse[:13:13], retrieval.Line{Speaker: "Tobias Ekdahl", Text: "The HWU said that our pay was fair."}), ""},
		{"abbreviation of nothing", "Did the XRZ automate everything and tell us to leave?", lighthouse, "it does not speak of XRZ"},

		{"specific words missing", "Did the vaccine or the algorithm break the windows of the room?", lighthouse, "it does not speak of “vaccine”, “algorithm”"},
		{"one specific word missing of several", "Did the storm break the lantern windows like a cannon?", lighthouse, ""},

		{"two plain words missing of three", "Does Tobias Ekdahl get satellite technology in the storm?", lighthouse, "it does not speak of “satellite”, “technology”"},
		{"two plain words missing of six", "Did the storm break the windows of the lantern like satellite technology?", lighthouse, ""},

		{"most is absent and nothing speaks for one place", "Did the school children of the island win money in a game?", lighthouse, "it says too little"},
		{"much is absent and one place speaks for it", "Who had to wind the clockwork of the lamp by decree?", lighthouse, ""},

		{"identifier missing", "What broke the windows of the lantern room in issue #3141?", lighthouse, "it does not speak of “#3141”"},
		{"identifier there", "What broke the windows in issue #3141?", append(lighthouse[:13:13], retrieval.Line{Speaker: "Nora Whitcombe", Text: "Issue 3141 is about the windows that the storm broke."}), ""},
		{"long number missing", "What broke the 31415 windows of the lantern room?", lighthouse, "it does not speak of “31415”"},
		{"year missing", "Did the storm in November 1803 break the windows of the lantern room?", lighthouse, ""},

		{"number asked and given", "How many windows of the lantern room did the storm break?", lighthouse, ""},
		{"number asked and none given", "How big is the tower, a museum that school children visit?", lighthouse, "it gives no number"},
		{"number given for something else", "How many school children visit the museum?", lighthouse, "it gives no number"},

		{"future asked and told", "Will the museum open a second floor?", lighthouse, ""},
		{"future asked and not told", "Will the storm break the windows of the lantern room?", lighthouse, "it does not look ahead"},

		{"too little in one place", "Who won the game?", lighthouse, "it says too little"},
		{"like words in one place", "Who comes to see the tower in the summer months?", lighthouse, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := weigh(t, tt.question, tt.lines)
			if reason := e.Reason.String(); tt.reason == "" && reason != "" || !strings.HasPrefix(reason, tt.reason) {
				t.Errorf("Weigh(%q): reason %q, want %q (best %.2f %q)", tt.question, e.Reason, tt.reason, e.Spans[0].Confidence, retrieval.JoinSentences(e.Spans[0].Sentences))
			}
			if e.Enough() != (tt.reason == "") {
				t.Errorf("Weigh(%q).Enough() = %v, want %v", tt.question, e.Enough(), tt.reason == "")
			}
		})
	}
}

// TestMissing lists what the question names and the episode lacks.
func TestMissing(t *testing.T) {
	e := weigh(t, "Did the vaccine from Kalmar break the lamp?", lighthouse)
	if got, want := strings.Join(e.Missing, ", "), "Kalmar, vaccine"; got != want {
		t.Errorf("Missing = %q, want %q", got, want)
	}
}
