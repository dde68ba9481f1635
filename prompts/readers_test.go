package prompts

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadDraft(t *testing.T) {
	tests := []struct {
		name, text string
		done       []Claim
		rest       string
	}{
		{"begun", "He le", nil, "He le"},
		{"a stop may be followed by a mark", "He left.", nil, "He left."},
		{"a mark may be followed by another", "He left. [1]", nil, "He left."},
		{"half a mark is not shown", "He left in 1997 [1", nil, "He left in 1997"},
		{"the next has begun", "He left [1]. She", nil, "He left. She"},
		{"the next has a whole word", "He left [1]. She w", []Claim{claim("He left.", 1)}, "She w"},
		{"no marks yet", "He left. She stayed. They met", nil, "He left. She stayed. They met"},
		{"marks reach back", "He left. She stayed [2]. They met in", []Claim{claim("He left.", 2), claim("She stayed.", 2)}, "They met in"},
		{"paragraph without marks", "He left.\n\nShe stayed", []Claim{claim("He left.")}, "She stayed"},
		{"list", "1. He left [1]\n2. She st", []Claim{claim("He left", 1)}, "She st"},
		{"lead-in", "Sure! Here is the answer:\n\n**He** left", nil, "He left"},
		{"marks before", "[1] He left. [2] She stayed ", []Claim{claim("He left.", 1)}, "She stayed"},
		{"not found begins", "NOT F", nil, ""},
		{"not found", "NOT FOUND. But he", nil, ""},
		{"denied", "The passages do not say when. He left [1]. So it", []Claim{claim("He left.", 1)}, "So it"},
		{"json", `{"answer":"He left.","cit`, nil, ""},
		{"thought", "<think>He left [1]. She stayed", nil, ""},
		{"japanese", "彼は去りました[1]。彼女は残りましたがそれからのことは", []Claim{claim("彼は去りました。", 1)}, "彼女は残りましたがそれからのことは"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			done, rest := ReadDraft(tt.text)
			if diff := cmp.Diff(tt.done, done); diff != "" || rest != tt.rest {
				t.Errorf("ReadDraft(%q): rest %q, want %q; done (-want +got):\n%s", tt.text, rest, tt.rest, diff)
			}
		})
	}
}

// TestDraftsOfAWhole cuts replies after every byte: what was done once stays, and
// all but the end is done in the end.
func TestDraftsOfAWhole(t *testing.T) {
	for _, text := range replies {
		want := ReadAnswer(text).Claims
		most := 0
		for i := range len(text) + 1 {
			done, _ := ReadDraft(text[:i])
			if len(done) < most || len(done) > len(want) {
				t.Fatalf("ReadDraft(%q) = %+v, after %d claims, of %+v", text[:i], done, most, want)
			}
			if diff := cmp.Diff(want[:len(done)], done); len(done) > 0 && diff != "" {
				t.Fatalf("ReadDraft(%q) (-answer +draft):\n%s", text[:i], diff)
			}
			most = len(done)
		}
	}
}

func TestReadPoints(t *testing.T) {
	point := func(heading, text string, marks ...int) Point {
		return Point{Heading: heading, Claim: claim(text, marks...)}
	}
	tests := []struct {
		name, text string
		want       []Point
	}{
		{"plain", "He left [1].\nShe stayed [2].", []Point{point("", "He left.", 1), point("", "She stayed.", 2)}},
		{"colon", "Early years: He left [1].\nLate years: She stayed [2].", []Point{point("Early years", "He left.", 1), point("Late years", "She stayed.", 2)}},
		{"bold", "1. **Early years** He left [1].\n2. **Late years:** She stayed [2].\n3. **Now** - Peace [3].", []Point{point("Early years", "He left.", 1), point("Late years", "She stayed.", 2), point("Now", "Peace.", 3)}},
		{"hashes", "## Early years\nHe left [1]. He came back [2].\n\n### Late years ###\nShe stayed [3].", []Point{point("Early years", "He left.", 1), point("", "He came back.", 2), point("Late years", "She stayed.", 3)}},
		{"alone on a line", "Early years\nHe left [1].\n\nLate years\nShe stayed [2].", []Point{point("Early years", "He left.", 1), point("Late years", "She stayed.", 2)}},
		{"labels", "Heading: Early years\nText: He left [1].\n\nChapter 2: Late years\nSummary: She stayed [2].", []Point{point("Early years", "He left.", 1), point("Late years", "She stayed.", 2)}},
		{"chapter and heading", "Chapter 1: Early years: He left [1].", []Point{point("Early years", "He left.", 1)}},
		{"no heading", "He said: we go [1].\nAt 12:05 she stayed [2].\nHe said that: peace [3].", []Point{point("", "He said: we go.", 1), point("", "At 12:05 she stayed.", 2), point("", "He said that: peace.", 3)}},
		{"chatter", "Sure! Here are the points:\n\n- He left [1].\n- He left [1].\n\nI hope this helps!", []Point{point("", "He left.", 1)}},
		{"json", `{"chapters":[{"heading":"Early years","text":"He left.","citations":[1]}]}`, []Point{point("Early years", "He left.", 1)}},
		{"japanese", "初期：彼は去った[1]。", []Point{point("初期", "彼は去った。", 1)}},
		{"not found", "NOT FOUND", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, ReadPoints(tt.text)); diff != "" {
				t.Errorf("ReadPoints(%q) (-want +got):\n%s", tt.text, diff)
			}
		})
	}
}

func TestReadLines(t *testing.T) {
	tests := []struct {
		name, text string
		n          int
		want       []string
	}{
		{"numbered", "1. One.\n2. Two.", 2, []string{"One.", "Two."}},
		{"other numbers", "[1] One.\n2) Two.\n3: Three.", 3, []string{"One.", "Two.", "Three."}},
		{"out of order, with chatter", "Sure! Here are the lines:\n\n2. Two.\n1. One.\n\nLet me know if you need more.", 2, []string{"One.", "Two."}},
		{"without numbers", "One.\n\nTwo.", 2, []string{"One.", "Two."}},
		{"number of the text", "12 people came.", 1, []string{"12 people came."}},
		{"too few", "1. One.", 2, nil},
		{"too many without numbers", "One.\nTwo.\nThree.", 2, nil},
		{"a number missing", "1. One.\n3. Three.", 2, nil},
		{"none", "", 1, nil},
		{"no lines wanted", "One.", 0, nil},
		{"fence", "```\n1. One.\n```", 1, []string{"One."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, ReadLines(tt.text, tt.n)); diff != "" {
				t.Errorf("ReadLines(%q, %d) (-want +got):\n%s", tt.text, tt.n, diff)
			}
		})
	}
}

func TestReadStandAlone(t *testing.T) {
	for text, want := range map[string]string{
		"When did Jane Doe sell ships?":                                      "When did Jane Doe sell ships?",
		"Question: When did Jane Doe sell ships?":                            "When did Jane Doe sell ships?",
		"Sure! Here is the rewritten question:\n\n**“When was it sold?”**\n": "When was it sold?",
		"Last question: \"When was it sold?\"":                               "When was it sold?",
		"Here is the question: When was it sold?":                            "When was it sold?",
		"1. When was it sold?\n2. By whom?":                                  "When was it sold?",
		"船はいつ売られましたか。":                                                       "船はいつ売られましたか。",
		"Quand a-t-il vendu ?":                                               "Quand a-t-il vendu ?",
		"배는 언제 팔렸습니까?":                                                       "배는 언제 팔렸습니까?",
		"She sold ships in 1997.":                                            "",
		"":                                                                   "",
		"???":                                                                "",
	} {
		if got := ReadStandAlone(text); got != want {
			t.Errorf("ReadStandAlone(%q) = %q, want %q", text, got, want)
		}
	}
}
