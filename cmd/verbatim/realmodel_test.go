package main

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"verbatim/bot"
	"verbatim/data"
	"verbatim/retrieval/eval"
)

// seedSet is the public questions about the sample episode.
const seedSet = "../../../shared/eval/seed"

// realModel gives the environment of a call with the real model that whoever
// runs the tests has started, or skips.
func realModel(t *testing.T) lookupFunc {
	t.Helper()
	url := os.Getenv("VERBATIM_TEST_MODEL_URL")
	if url == "" {
		t.Skip("VERBATIM_TEST_MODEL_URL is not set: scripts/model-server starts a small model and says how to reach it")
	}
	if _, err := os.Stat(seedSet); err != nil {
		t.Skipf("no evaluation data beside the checkout: %v", err)
	}
	return environment(map[string]string{
		"OPENAI_BASE_URL": url, "OPENAI_API_KEY": cmp.Or(os.Getenv("VERBATIM_TEST_MODEL_KEY"), "local"), "CHAT_MODEL": cmp.Or(os.Getenv("VERBATIM_TEST_MODEL_NAME"), "smollm2-135m"),
		// A small machine takes long; how quick it is, is not what is tested.
		"CHAT_FIRST_TOKEN_SECONDS": "300", "CHAT_SECONDS": "600",
	})
}

// evaluate runs eval on the public questions and reads the run that it wrote.
func evaluate(t *testing.T, env lookupFunc, flags ...string) *eval.Run {
	t.Helper()
	out := filepath.Join(t.TempDir(), "run.jsonl")
	var stdout, stderr bytes.Buffer
	args := slices.Concat([]string{"eval", "-mode", "hybrid", "-out", out}, flags, []string{seedSet})
	if err := run(context.Background(), args, env, nil, &stdout, &stderr); err != nil {
		t.Fatalf("verbatim %s = %v\n%s", strings.Join(args, " "), err, &stderr)
	}
	t.Logf("verbatim %s\n%s", strings.Join(args, " "), &stdout)
	f, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := eval.ReadRun(f)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// meanOf is a figure of all of a run's questions.
func meanOf(r *eval.Run, f eval.Figure) eval.Interval {
	var scores []eval.Score
	for i := range r.Records {
		if r.Records[i].Kind == eval.RecordQuestion {
			scores = append(scores, r.Records[i].Scores[f])
		}
	}
	return eval.Ratio(scores)
}

// TestRealModel asks a real language model the public questions: what it may
// get wrong is not shown, whatever it is. The same model unchecked is logged
// beside it.
func TestRealModel(t *testing.T) {
	env := realModel(t)
	checked := evaluate(t, env)
	byModel := 0
	for i := range checked.Records {
		r := &checked.Records[i]
		if r.Kind == eval.RecordQuestion && r.Model != bot.Extractive {
			byModel++
		}
		checkRecord(t, r)
	}
	if byModel == 0 {
		t.Error("the model answered nothing, so that nothing was tested of it")
	}
	for _, limit := range []struct {
		figure     eval.Figure
		least, top float64
	}{
		{eval.VerbatimCitations, 1, 1},
		{eval.Cited, 1, 1},
		{eval.CitationPrecision, 0.95, 1},
		{eval.UnanswerableRefused, 0.85, 1},
		{eval.AnswerableRefused, 0, 0.10},
	} {
		if v := meanOf(checked, limit.figure); v.N == 0 || v.Mean < limit.least || v.Mean > limit.top {
			t.Errorf("%s: %v of %d, want %.2f to %.2f", limit.figure.Label(), v, v.N, limit.least, limit.top)
		}
	}
	if v := meanOf(checked, eval.VerbatimQuotes); v.N > 0 && v.Mean < 1 {
		t.Errorf("%s: %v of %d, want all", eval.VerbatimQuotes.Label(), v, v.N)
	}
	unchecked := evaluate(t, env, "-unverified")
	for _, c := range eval.Compare(unchecked, checked) {
		for i := range c.Figures {
			f := &c.Figures[i]
			t.Logf("%-34s unchecked %s, checked %s, difference %s", f.Figure.Label(), shortText(f.Figure, f.A), shortText(f.Figure, f.B), differenceText(f))
		}
	}
}

// checkRecord looks up by other means than the program's own that every quote
// stands in its lines and every sentence cites; summaries cover all lines.
func checkRecord(t *testing.T, r *eval.Record) {
	t.Helper()
	lines := strings.Split(data.Sample, "\n")
	cited := map[int]string{}
	for _, c := range r.Citations {
		if c.Lines[0] < 1 || c.Lines[0] > c.Lines[1] || c.Lines[1] > len(lines) {
			t.Errorf("%s %s: citation %d is of the lines %v of %d", r.Kind, r.ID, c.N, c.Lines, len(lines))
			continue
		}
		cited[c.N] = strings.Join(lines[c.Lines[0]-1:c.Lines[1]], "\n")
		if !eval.Verbatim(c.Quote, cited[c.N]) {
			t.Errorf("%s %s: citation %d quotes %q, which is not in lines %v", r.Kind, r.ID, c.N, c.Quote, c.Lines)
		}
	}
	if r.Kind == eval.RecordQuestion && !r.Found && len(r.Sentences) > 0 {
		t.Errorf("question %s: nothing found, and yet %d sentences", r.ID, len(r.Sentences))
	}
	for _, s := range r.Sentences {
		text := ""
		for _, n := range s.Citations {
			text += cited[n] + "\n"
		}
		if strings.TrimSpace(text) == "" {
			t.Errorf("%s %s: %q cites nothing: %v", r.Kind, r.ID, s.Text, slices.Sorted(maps.Keys(cited)))
		}
		for _, words := range eval.Quoted(s.Text) {
			if !eval.Says(text, words) {
				t.Errorf("%s %s: %q quotes what it does not cite: %q", r.Kind, r.ID, s.Text, words)
			}
		}
	}
	if score, ok := r.Scores[eval.LinesRead]; ok && score.Sum != score.N {
		t.Errorf("summary %s: %.0f of %.0f lines read", r.ID, score.Sum, score.N)
	}
}

// TestExtractiveEvalIsSound checks the same of answers and summaries without a
// model.
func TestExtractiveEvalIsSound(t *testing.T) {
	if _, err := os.Stat(seedSet); err != nil {
		t.Skipf("no evaluation data beside the checkout: %v", err)
	}
	r := evaluate(t, environment(nil))
	for i := range r.Records {
		if r.Records[i].Kind != eval.RecordQuote {
			checkRecord(t, &r.Records[i])
		}
	}
	if v := meanOf(r, eval.CitationPrecision); v.Mean != 1 {
		t.Errorf("quotes that answer have the citation precision %v, want 1", v)
	}
}
