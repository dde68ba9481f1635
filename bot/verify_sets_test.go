package bot

import (
	"encoding/json"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"verbatim/retrieval"
	"verbatim/retrieval/transcript"
)

// evalData is where the evaluation data lies beside a checkout; it is not part
// of it.
const evalData = "../../shared/eval"

// evalDoc is a transcript of a public set.
type evalDoc struct {
	name  string
	set   string
	info  retrieval.EpisodeInfo
	split *retrieval.Splitting
	// held says that the transcript is in the half that nothing was tuned on.
	held bool
	rng  *rand.Rand
}

// evalAnswer is a human-written answer with the lines that it was written from.
type evalAnswer struct {
	Doc    string
	Answer string
	Lines  [][2]int
}

// readEvalDocs reads all transcripts of the four public sets; the test is
// skipped where they are not.
func readEvalDocs(t testing.TB) []*evalDoc {
	t.Helper()
	if underRace {
		t.Skip("measured without the race detector")
	}
	var docs []*evalDoc
	for _, set := range []string{"qmsum/val", "spoken_squad/public", "btc_podcasts/public", "optech_recap/public"} {
		files, err := filepath.Glob(filepath.Join(evalData, set, "*.txt"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			read, err := transcript.Read(filepath.Base(name), text)
			if err != nil {
				t.Fatal(err)
			}
			e := read.Episode
			hash := fnv.New64a()
			hash.Write([]byte(filepath.Base(name)))
			docs = append(docs, &evalDoc{
				name: filepath.Base(name), set: set, split: retrieval.Split(e),
				info: retrieval.EpisodeInfo{ID: e.ID, Title: e.Title, Show: e.Show, Description: e.Description, Speakers: e.Speakers()},
				held: hash.Sum64()%2 == 1, rng: rand.New(rand.NewPCG(hash.Sum64(), evalSeed)),
			})
		}
	}
	if len(docs) == 0 {
		t.Skip("no evaluation data at ../shared beside the repository")
	}
	return docs
}

// readEvalAnswers reads the human-written answers of QMSum.
func readEvalAnswers(t testing.TB) []evalAnswer {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(evalData, "qmsum/val.gold.jsonl"))
	if err != nil {
		t.Skip("no evaluation data at ../shared beside the repository")
	}
	var answers []evalAnswer
	for line := range strings.Lines(string(text)) {
		var a evalAnswer
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		if len(a.Lines) > 0 && a.Answer != "" {
			answers = append(answers, a)
		}
	}
	return answers
}

// sentences cuts a text as transcripts are cut.
func evalSentences(text string) []string {
	e := &retrieval.Episode{ID: "text", Lines: []retrieval.Line{{N: 1, Text: strings.Join(strings.Fields(text), " ")}}}
	var list []string
	for _, s := range retrieval.Split(e).Sentences {
		list = append(list, s.Text)
	}
	return list
}

// sourceWords is about how long a source is.
const sourceWords = 120

// linesOf cuts the sentences on the lines into sources.
func (d *evalDoc) linesOf(lines [][2]int) []Source {
	var sources []Source
	for _, r := range lines {
		var run []retrieval.Sentence
		words := 0
		for i := range d.split.Sentences {
			s := &d.split.Sentences[i]
			if s.LastLine < r[0] || s.FirstLine > r[1] {
				continue
			}
			run = append(run, *s)
			if words += s.Words(); words >= sourceWords {
				sources = append(sources, Source{N: len(sources) + 1, Sentences: run})
				run, words = nil, 0
			}
		}
		if len(run) > 0 {
			sources = append(sources, Source{N: len(sources) + 1, Sentences: run})
		}
	}
	return sources
}

// allMarks cite all of the sources.
func allMarks(sources []Source) []int {
	var marks []int
	for _, s := range sources {
		marks = append(marks, s.N)
	}
	return marks
}

// given are passages as an answer is made from: n of the transcript, by chance,
// of which the first is the one that holds a claim.
func (d *evalDoc) given(first, n int) []Source {
	order := d.rng.Perm(len(d.split.Passages))
	sources := []Source{{N: 1, ID: d.split.Passages[first].ID, Sentences: d.split.Passages[first].Sentences}}
	for _, p := range order {
		if p != first && len(sources) < n {
			sources = append(sources, Source{N: len(sources) + 1, ID: d.split.Passages[p].ID, Sentences: d.split.Passages[p].Sentences})
		}
	}
	return sources
}

// evalSeed makes the claims the same every time.
const evalSeed = 4
