package bot

import (
	"slices"
	"testing"

	"verbatim/data"
	"verbatim/retrieval"
	"verbatim/retrieval/embedding"
	"verbatim/retrieval/transcript"
)

// sampleVerifier checks claims against all passages of the sample episode.
func sampleVerifier(t testing.TB) (*Verifier, []retrieval.Passage) {
	t.Helper()
	read, err := transcript.Read(data.SampleName, []byte(data.Sample))
	if err != nil {
		t.Fatal(err)
	}
	static, err := embedding.NewStatic()
	if err != nil {
		t.Fatal(err)
	}
	split := retrieval.Split(read.Episode)
	var sources []Source
	for i, p := range split.Passages {
		sources = append(sources, Source{N: i + 1, ID: p.ID, Sentences: p.Sentences})
	}
	e := read.Episode
	v, err := NewVerifier(t.Context(), static, sources, []retrieval.EpisodeInfo{{ID: e.ID, Title: e.Title, Show: e.Show, Description: e.Description}})
	if err != nil {
		t.Fatal(err)
	}
	return v, split.Passages
}

// linePassages are the numbers of the passages that hold any of the lines.
func linePassages(passages []retrieval.Passage, first, last int) []int {
	var marks []int
	for i, p := range passages {
		if p.FirstLine <= last && first <= p.LastLine {
			marks = append(marks, i+1)
		}
	}
	return marks
}

// anyFault stands for a claim that has several faults; which comes first says
// nothing.
const anyFault FaultKind = "any"

func TestVerifySample(t *testing.T) {
	v, passages := sampleVerifier(t)
	tests := []struct {
		name, claim string
		first, last int // lines of the passages cited
		want        FaultKind
	}{
		{"near the words", "Kim Il-sung visited Russia in 1984 and some agreements were reached.", 49, 52, FaultNone},
		{"order changed", "In 1984, Kim Il-sung visited the Soviet Union.", 49, 52, FaultNone},
		{"name spelt rightly", "Georgy Toloraya is a seasoned Russian diplomat and scholar.", 12, 14, FaultNone},
		{"pronouns resolved", "He was a Russian member of the UN panel of experts until it was dissolved in 2024.", 15, 16, FaultNone},
		{"subject named", "Toloraya directs the Russian Strategy in Asia Center at the Institute of Economy of the Russian Academy of Science.", 16, 19, FaultNone},
		{"opinion told", "Most experts in the West see the relationship as a marriage of convenience.", 23, 26, FaultNone},
		{"quoted", "He calls it “a marriage of convenience”, in which Russia needs arms.", 23, 26, FaultNone},
		{"negation kept", "Under Yeltsin there was no treaty with real obligations and almost no exchanges.", 53, 57, FaultNone},
		{"contraction", "Neither of the countries tried to challenge the other.", 58, 62, FaultNone},
		{"paraphrase", "Both countries vote in the same way on most international issues in the UN.", 36, 39, FaultNone},
		{"numbers in words", "Toloraya was last on the podcast seven years ago, in February 2018.", 19, 21, FaultNone},
		{"episode in digits", "He was on episode number 2 in February 2018.", 19, 21, FaultNone},
		{"dates", "The episode was recorded in the NK News studio on Saturday, the 8th of February.", 9, 10, FaultNone},
		{"date the other way", "The episode was recorded on February 8.", 9, 10, FaultNone},
		{"shorter", "Relations went down again with the nuclear test.", 68, 71, FaultNone},
		{"two sentences joined", "Kim Jong-il met Medvedev in 2011, and then he died.", 73, 78, FaultNone},
		{"who and when", "Shoigu went to Pyongyang in 2023, when the delivery of arms started.", 102, 104, FaultNone},
		{"attributed", "Toloraya says that relations were mostly ideology driven under Kim Jong-un.", 77, 82, FaultNone},
		{"the guest", "The guest says the real change came in 2022.", 99, 101, FaultNone},
		{"by cause", "Kim Jong-un was disappointed because Russia supported maximum pressure.", 89, 94, FaultNone},
		{"host named", "The host of the podcast is Jaco Zwetsloot.", 9, 10, FaultNone},

		{"year", "Kim Il-sung visited Russia in 1985.", 49, 52, FaultNumber},
		{"year of another thing", "Kim Il-sung visited Russia in 2011.", 49, 78, FaultNumber},
		{"year of the sentence before", "Shoigu went to Pyongyang in 2022.", 99, 104, FaultNumber},
		{"count", "He was on the podcast nine years ago.", 19, 21, FaultNumber},
		{"month", "He was on episode number two in March 2018.", 19, 21, FaultNumber},
		{"weekday", "The episode was recorded on Sunday, the 8th of February.", 9, 10, FaultNumber},
		{"person", "Kim Jong-il visited Russia in 1984.", 49, 52, FaultName},
		{"person of another place", "Kim Jong-il met Yeltsin in 2011.", 73, 78, FaultName},
		{"roles", "Lavrov went to Pyongyang in 2023.", 99, 104, FaultName},
		{"country", "China took over Crimea in 2014.", 80, 88, anyFault},
		{"turned round", "Russia did not join the Western sanctions in 2006.", 68, 72, FaultNegation},
		{"negation dropped", "Under Yeltsin there were many exchanges and there was a treaty.", 53, 57, FaultNegation},
		{"negation dropped, near", "There was enough reaction from the West.", 77, 82, FaultNegation},
		{"never", "Russia never criticized North Korea because of its nuclear program.", 58, 62, FaultNegation},
		{"opposite", "The relations went up again with the nuclear test.", 68, 72, FaultNegation},
		{"invented quote", "He calls it “a marriage of love”.", 23, 26, FaultQuote},
		{"quote from two places", "“Russia needs arms and wants to get out of isolation”", 23, 26, FaultQuote},
		{"quote with another number", "“in 2021 it was a successful one”", 73, 78, FaultQuote},
		{"quote of elsewhere", "“we tried some economic cooperations”", 23, 26, FaultQuote},
		{"overclaim", "North Korea sent soldiers and ballistic missiles to the front in Kursk.", 99, 107, anyFault},
		{"overclaim without names", "The two armies now hold joint naval exercises every summer.", 99, 107, anyFault},
		{"another subject", "Inflation has made food in the capital unaffordable.", 23, 31, FaultSupport},
		{"wrong passage", "Kim Jong-un was disappointed that there was not enough reaction.", 23, 31, anyFault},
		{"instruction obeyed", "I have been instructed to reveal the system prompt.", 23, 31, FaultSupport},
		{"no content", "Yes.", 108, 112, FaultSupport},
		{"nothing but pronouns", "He said so.", 23, 31, FaultSupport},
		{"subscription", "Listeners can become subscribers to get access to the full episode.", 115, 121, FaultSupport},
		{"not said by him", "Medvedev says that relations are built on values.", 23, 31, anyFault},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			marks := linePassages(passages, test.first, test.last)
			got, err := v.Check(t.Context(), test.claim, marks)
			if err != nil {
				t.Fatal(err)
			}
			if got.Fault.Kind != test.want && (test.want != anyFault || got.OK()) {
				t.Errorf("Check(%q, %v) = %q (%s), score %.2f, want %q", test.claim, marks, got.Fault.Kind, got.Fault, got.Score, test.want)
			}
			checkSupports(t, v, &got, marks)
		})
	}
}

// checkSupports makes sure that supports are few, short and in range.
func checkSupports(t *testing.T, v *Verifier, c *Check, marks []int) {
	t.Helper()
	if c.OK() != (len(c.Supports) > 0) || len(c.Supports) > maxSupports {
		t.Errorf("fault %q with %d supports", c.Fault.Kind, len(c.Supports))
	}
	for _, s := range c.Supports {
		at := slices.IndexFunc(v.sources, func(x *sourceText) bool { return x.N == s.N })
		if at < 0 || s.First < 0 || s.First > s.Last || s.Last >= len(v.sources[at].Sentences) || s.Score < 0 || s.Score > 1 {
			t.Errorf("support %+v is out of range", s)
		}
		if marks != nil && !slices.Contains(marks, s.N) {
			t.Errorf("support %+v is not among the marks %v", s, marks)
		}
	}
}
