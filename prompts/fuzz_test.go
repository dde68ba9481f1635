package prompts

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// replies are seeds of the fuzz tests: what models wrote, and what none should.
var replies = []string{
	"", "NOT FOUND", "He left in 1997 [2].", "He left. [2] She stayed [3, 4]. They met (5).",
	"[1] He left. [2] She stayed.", "Sure! Here is the answer:\n\n1. **Anna** [1]\n2. Bob [2]\n\nI hope this helps!",
	"According to passage 3, Mr. Lee said “It is over. We go.” in the U.S. [1] The passages do not say when.",
	`{"answer":"He left.","citations":[1,2]}`, "```json\n[{\"text\":\"a b\",\"passage\":1}]\n```",
	"<think>well [1]</think> He left【2†source】. It rained.¹ x^2", "彼は去りました[1]。彼女は残りました【2】。",
	"Heading: text [1]\n**Bold** more [2]\n## Third\nBody here. And more [1-3].", "1. eins\n2) zwei\n[3] drei",
	"Question: “Who is he?”", "[[[[1]]]] ((((1)))) ****", "He said \"a. b. c", "“““ a. b. c ”", "[1", "a [1]. [2]. [3] b [", "> > - * 1. a)",
	"- [1] x\n- [2]\n\n[3]", "Die am 3. März [1]. Und z. B. das. The Answer: NOT", "a.) b [2].) C d e.",
}

func seed(f *testing.F) {
	for _, r := range replies {
		f.Add(r)
	}
	files, _ := filepath.Glob("testdata/*.reply")
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
}

// checkClaims holds what every reading promises.
func checkClaims(t *testing.T, text string, claims []Claim) {
	t.Helper()
	if len(claims) > maxClaims {
		t.Errorf("%q has %d claims", text, len(claims))
	}
	seen := map[string]bool{}
	for _, c := range claims {
		if squash(c.Text) == "" || len(c.Text) > maxSentence || !utf8.ValidString(c.Text) || strings.ContainsAny(c.Text, "\n\x00") || seen[c.Text] {
			t.Errorf("%q claims %q", text, c.Text)
		}
		seen[c.Text] = true
		for i, n := range c.Marks {
			if n < 1 || n > maxNumber || slices.Contains(c.Marks[:i], n) {
				t.Errorf("%q has marks %d", text, c.Marks)
			}
		}
		if len(c.Marks) > maxMarks {
			t.Errorf("%q has %d marks", text, len(c.Marks))
		}
	}
}

func FuzzReadAnswer(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text string) {
		got := ReadAnswer(text)
		checkClaims(t, text, got.Claims)
		if got.NotFound && len(got.Claims) > 0 {
			t.Errorf("ReadAnswer(%q) is not found with %d claims", text, len(got.Claims))
		}
	})
}

// FuzzReadDraft cuts a reply where the stream may stand and holds what was done
// then to be the beginning of the whole.
func FuzzReadDraft(f *testing.F) {
	for i, r := range replies {
		f.Add(r, uint16(len(r)/2))
		f.Add(r, uint16(i))
		f.Add(r+" "+replies[(i+5)%len(replies)], uint16(len(r)))
	}
	f.Fuzz(func(t *testing.T, text string, at uint16) {
		if !utf8.ValidString(text) {
			return // a model's stream is text
		}
		text = cut(text, 4000)
		part := cut(text, int(at)%(len(text)+1))
		done, rest := ReadDraft(part)
		checkClaims(t, part, done)
		if strings.ContainsAny(rest, "\n\x00") {
			t.Errorf("ReadDraft(%q) has rest %q", part, rest)
		}
		want := ReadAnswer(text).Claims
		if len(done) > len(want) {
			t.Fatalf("ReadDraft(%q) = %+v, but ReadAnswer(%q) = %+v", part, done, text, want)
		}
		if diff := cmp.Diff(want[:len(done)], done); len(done) > 0 && diff != "" {
			t.Errorf("ReadDraft(%q) is no beginning of ReadAnswer(%q) (-answer +draft):\n%s", part, text, diff)
		}
	})
}

func FuzzReadPoints(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text string) {
		points := ReadPoints(text)
		claims := make([]Claim, len(points))
		for i, p := range points {
			claims[i] = p.Claim
			if len(p.Heading) > maxHeading || strings.ContainsAny(p.Heading, "\n\x00") {
				t.Errorf("ReadPoints(%q) has heading %q", text, p.Heading)
			}
		}
		checkClaims(t, text, claims)
	})
}

func FuzzReadLines(f *testing.F) {
	for i, r := range replies {
		f.Add(r, i%4)
	}
	f.Fuzz(func(t *testing.T, text string, n int) {
		lines := ReadLines(text, n)
		if lines != nil && len(lines) != n {
			t.Errorf("ReadLines(%q, %d) has %d lines", text, n, len(lines))
		}
		for _, l := range lines {
			if strings.TrimSpace(l) == "" || strings.ContainsAny(l, "\n\x00") || len(l) > maxLine {
				t.Errorf("ReadLines(%q, %d) has %q", text, n, l)
			}
		}
	})
}

func FuzzReadStandAlone(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text string) {
		got := ReadStandAlone(text)
		if got != "" && (len(got) > maxQuestion || strings.ContainsAny(got, "\n\x00") || squash(got) == "") {
			t.Errorf("ReadStandAlone(%q) = %q", text, got)
		}
	})
}

// garbage is what a model that runs wild repeats.
var garbage = []string{"a", " ", "[", "[1]", "(1) ", "(", "“", "\"", ". ", "A. ", "1. ", "\n", "**", "*a", "<think>", "</", "{", "[{", "```", "^1", "¹a ", "the passage does ", ", but ", "- ", "Sure! ", "He left [1]. ", "去る。", "\xff", "ab cd ef gh "}

// readAll reads a reply in every way there is.
func readAll(text string) AnswerReply {
	ReadDraft(text)
	ReadPoints(text)
	ReadStandAlone(text)
	ReadLines(text, 3)
	Instructs(text)
	return ReadAnswer(text)
}

// TestEndlessGarbage reads a megabyte of each kind of garbage, whole and as a
// draft: work that grows with the square of it would not come to an end.
func TestEndlessGarbage(t *testing.T) {
	for _, piece := range garbage {
		checkClaims(t, piece, readAll(strings.Repeat(piece, 1<<20/len(piece))).Claims)
	}
}

// BenchmarkReadGarbage reads a megabyte of each kind of garbage in every way:
// the time for each byte shall be about the same for all.
func BenchmarkReadGarbage(b *testing.B) {
	for _, piece := range garbage {
		text := strings.Repeat(piece, 1<<20/len(piece))
		b.Run(strconv.Quote(piece), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				readAll(text)
			}
		})
	}
}
