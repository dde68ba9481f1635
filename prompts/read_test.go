package prompts

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// claim makes a claim for tests.
func claim(text string, marks ...int) Claim { return Claim{Text: text, Marks: marks} }

func TestReadAnswer(t *testing.T) {
	tests := []struct {
		name string
		text string
		want []Claim
	}{
		{"one", "He left in 1997 [2].", []Claim{claim("He left in 1997.", 2)}},
		{"after the stop", "He left in 1997. [2] She stayed. [3]", []Claim{claim("He left in 1997.", 2), claim("She stayed.", 3)}},
		{"several", "He left [1][2]. She stayed [3, 4]. They met [passage 5].", []Claim{claim("He left.", 1, 2), claim("She stayed.", 3, 4), claim("They met.", 5)}},
		{"before, each", "[1] He left. [2] She stayed.", []Claim{claim("He left.", 1), claim("She stayed.", 2)}},
		{"other brackets", "He left【1†source】. She stayed (2). They met^3. It rained.¹", []Claim{claim("He left.", 1), claim("She stayed.", 2), claim("They met.", 3), claim("It rained.", 1)}},
		{"range and repeat", "He left [1-3][2].", []Claim{claim("He left.", 1, 2, 3)}},
		{"numbers in brackets that are none", "In episode (12) they met [2024] people [1].", []Claim{claim("In episode (12) they met [2024] people.", 1)}},
		{"marks reach back", "He left. She stayed. They met [2]. It rained. It snowed [3].", []Claim{claim("He left.", 2), claim("She stayed.", 2), claim("They met.", 2), claim("It rained.", 3), claim("It snowed.", 3)}},
		{"not over paragraphs", "He left.\n\nShe stayed [2].", []Claim{claim("He left."), claim("She stayed.", 2)}},
		{"list", "Here are the guests:\n\n1. **Anna** Smith [1]\n2. Bob Jones [2]\n- Carl", []Claim{claim("Anna Smith", 1), claim("Bob Jones", 2), claim("Carl")}},
		{"chatter", "Sure! Here is the answer:\n\nBased on the passages, he left [1]. I hope this helps!", []Claim{claim("He left.", 1)}},
		{"according to", "According to passage 3, he left. Passage 4 says that she stayed.", []Claim{claim("He left.", 3), claim("She stayed.", 4)}},
		{"abbreviations", "Mr. Lee and Dr. Kim of the U.S. team met at 3.5 km, e.g. near St. Paul [1]. Then No. 5 left [2].", []Claim{claim("Mr. Lee and Dr. Kim of the U.S. team met at 3.5 km, e.g. near St. Paul.", 1), claim("Then No. 5 left.", 2)}},
		{"ends in an abbreviation", "He lives in the U.S. [1] She lives in Rome [2].", []Claim{claim("He lives in the U.S.", 1), claim("She lives in Rome.", 2)}},
		{"quotation", "He said “It is over. We go. Now.” to them [1]. Then he left [2].", []Claim{claim("He said “It is over. We go. Now.” to them.", 1), claim("Then he left.", 2)}},
		{"quotation at the end", "He said “It is over.” [1] Then he left [2].", []Claim{claim("He said “It is over.”", 1), claim("Then he left.", 2)}},
		{"repeats", "He left [1]. He left [1]. He left [2]. He left.", []Claim{claim("He left.", 1)}},
		{"fence", "```\nHe left [1].\n```", []Claim{claim("He left.", 1)}},
		{"json", `{"answer":"He left.","citations":[1,2]}`, []Claim{claim("He left.", 1, 2)}},
		{"json sentences", "```json\n{\"sentences\":[{\"text\":\"He left.\",\"citations\":[\"[1]\"]},{\"text\":\"She stayed.\",\"passage\":2}]}\n```", []Claim{claim("He left.", 1), claim("She stayed.", 2)}},
		{"thoughts", "<think>The passage [1] says a lot. Well.</think>\nHe left [2].", []Claim{claim("He left.", 2)}},
		{"copied heads", "[2] (12:05, Jane Doe) He left in spring.", []Claim{claim("He left in spring.", 2)}},
		{"copied heads as items", "1. (12:05) He left in spring.\n2) (13:00, Jane Doe) She stayed.\n(14:10) They met.", []Claim{claim("He left in spring.", 1), claim("She stayed.", 2), claim("They met.")}},
		{"denied and claimed", "The passages do not say when he left. He went to Rome [2].", []Claim{claim("He went to Rome.", 2)}},
		{"denied, but", "The passages do not name the year, but he left in the spring [2].", []Claim{claim("He left in the spring.", 2)}},
		{"german", "Er ging am 3. März 1997 nach Rom [1]. Sie blieb [2].", []Claim{claim("Er ging am 3. März 1997 nach Rom.", 1), claim("Sie blieb.", 2)}},
		{"japanese", "彼は去りました[1]。彼女は残りました【2】。", []Claim{claim("彼は去りました。", 1), claim("彼女は残りました。", 2)}},
		{"nothing", " \n\n ", nil},
		{"heading", "## Answer\nHe left [1].", []Claim{claim("He left.", 1)}},
		{"placeholder", "He left [number].", []Claim{claim("He left.")}},
		{"question repeated", "Why did he leave? He left for Rome [1].", []Claim{claim("He left for Rome.", 1)}},
		{"question quoted", "He asked “Why?” [1]", []Claim{claim("He asked “Why?”", 1)}},
		{"tags copied", "<passages>\n[1] He left.\n<passage2>\n</passages>", []Claim{claim("He left.", 1)}},
		{"goes on to ask", "Question: Why did he leave?\nHe left for Rome [1].\n\nQuestion: Who stayed?\nAnswer: She stayed [2].", []Claim{claim("He left for Rome.", 1)}},
		{"instructions repeated", "He left for Rome [1]. End each sentence with the number of its passage in brackets. Put quoted words in “ ”, in their own", []Claim{claim("He left for Rome.", 1)}},
		{"about the passages", "The passages discuss trade [1]. The passage is about ships [1]. The passage to India is open [2].", []Claim{claim("The passage to India is open.", 2)}},
		{"zero", "He left [0].", []Claim{claim("He left.")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ReadAnswer(tt.text)
			if diff := cmp.Diff(tt.want, got.Claims); diff != "" {
				t.Errorf("ReadAnswer(%q) (-want +got):\n%s", tt.text, diff)
			}
			if got.NotFound {
				t.Errorf("ReadAnswer(%q).NotFound = true", tt.text)
			}
		})
	}
}

func TestReadAnswerNotFound(t *testing.T) {
	for _, text := range []string{
		"NOT FOUND", "not found.", "**NOT FOUND**", "Answer: NOT FOUND", "NOT FOUND. The passages talk about trade [1].",
		"The passage does not provide any information about the price.",
		"I'm sorry, but the passages don't mention it. Let me know if you need anything else!",
		"There is no information about his age in the passages.",
		"His age is not mentioned in the passages [1].",
		"This is a passage that does not hold the answer to the question [1].",
		"I cannot find the answer in the given text.",
		"Die Passagen enthalten keine Angaben dazu.",
		"Les passages ne mentionnent pas son âge.",
		"Los pasajes no mencionan su edad.",
		"この文章には記載がありません。",
		"지문에는 그런 내용이 없습니다.",
		`{"answer":"NOT FOUND","citations":[]}`,
	} {
		if got := ReadAnswer(text); !got.NotFound || len(got.Claims) > 0 {
			t.Errorf("ReadAnswer(%q) = %+v, want NotFound and no claims", text, got)
		}
	}
}

// TestReadReal reads what real models wrote: each file testdata/*.reply, named
// after its model, has its reading beside it. A new case needs no Go code.
func TestReadReal(t *testing.T) {
	files, err := filepath.Glob("testdata/*.reply")
	if err != nil || len(files) == 0 {
		t.Fatalf("no replies: %v", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.MarshalIndent(ReadAnswer(string(text)), "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name+".golden", string(got)+"\n")
	}
}
