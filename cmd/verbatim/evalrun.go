package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"verbatim/bot"
	"verbatim/prompts"
	"verbatim/retrieval/eval"
)

// runFile keeps what an evaluation finds. Lines are written one by one, so that
// a run that is broken off leaves those before. A nil one keeps nothing.
type runFile struct{ file *os.File }

// newRunFile makes the file that -out names, with its header; nil without one.
func (c *call) newRunFile(sets []goldSet, m *models) (*runFile, error) {
	if c.options.out == "" {
		return nil, nil
	}
	h := c.runHeader(m)
	for i := range sets {
		sum, err := sets[i].sum()
		if err != nil {
			return nil, fmt.Errorf("eval %s: %w", sets[i].name, err)
		}
		h.Sets = append(h.Sets, eval.SetSum{Name: sets[i].name, Questions: len(sets[i].questions), SHA256: sum})
	}
	if at := doubled(h.Sets); at != "" {
		return nil, &usageError{message: fmt.Sprintf("eval: -out with two sets of the name %q, whose questions a run could not tell apart", at), hint: "write a run for each"}
	}
	f, err := os.Create(c.options.out)
	if err != nil {
		return nil, fmt.Errorf("eval: write run: %w", err)
	}
	if err := eval.WriteLine(f, &h); err != nil {
		f.Close()
		return nil, fmt.Errorf("eval: write run: %w", err)
	}
	return &runFile{f}, nil
}

// doubled is the first name that two sets have, or "".
func doubled(sets []eval.SetSum) string {
	seen := map[string]bool{}
	for _, s := range sets {
		if seen[s.Name] {
			return s.Name
		}
		seen[s.Name] = true
	}
	return ""
}

// runHeader says how this run measures, without its sets.
func (c *call) runHeader(m *models) eval.Header {
	h := eval.Header{
		Format: eval.RunFormat, Date: time.Now().UTC().Format(time.RFC3339), Version: version(),
		Model: bot.Extractive, Unverified: c.options.unverified, Embedding: m.configured.Model(),
		Settings: map[string]string{"mode": c.options.mode, "answers": strconv.FormatBool(c.options.answers)},
	}
	chat := &c.config.Chat
	if chat.Model == "" || c.options.extractive {
		return h
	}
	h.Model, h.Prompts = chat.Model, prompts.Versions()
	window := strconv.Itoa(chat.Window)
	if chat.Window == 0 {
		window = "auto"
	}
	for name, value := range map[string]string{
		"chat-window": window, "chat-first-token-seconds": seconds(chat.FirstToken), "chat-seconds": seconds(chat.Total), "chat-parallel": strconv.Itoa(chat.Parallel),
		"chat-prompt-price": decimal(chat.PromptPrice), "chat-reply-price": decimal(chat.ReplyPrice),
		"chat-tokens-per-day": strconv.Itoa(chat.TokensPerDay), "chat-cost-per-day": decimal(chat.CostPerDay),
	} {
		h.Settings[name] = value
	}
	return h
}

func seconds(d time.Duration) string { return decimal(d.Seconds()) }

func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// add writes records.
func (r *runFile) add(records ...eval.Record) error {
	if r == nil {
		return nil
	}
	for i := range records {
		if err := eval.WriteLine(r.file, &records[i]); err != nil {
			return fmt.Errorf("write run: %w", err)
		}
	}
	return nil
}

func (r *runFile) close() error {
	if r == nil {
		return nil
	}
	if err := r.file.Close(); err != nil {
		return fmt.Errorf("eval: write run: %w", err)
	}
	return nil
}

// sum is the checksum of the set's gold and transcripts, each file with its
// name and length before it.
func (s *goldSet) sum() (string, error) {
	hash := sha256.New()
	add := func(name string, content []byte) {
		fmt.Fprintf(hash, "%s %d\n", name, len(content))
		hash.Write(content)
	}
	for _, path := range s.gold {
		content, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		add(filepath.Base(path), content)
	}
	for _, name := range s.docNames() {
		content, err := s.readDoc(name)
		if err != nil {
			return "", err
		}
		add(name, content)
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// readRun reads a file that -out has written; - is standard input.
func (c *call) readRun(path string) (*eval.Run, error) {
	in := c.stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("eval compare: %w", err)
		}
		defer f.Close()
		in = io.Reader(f)
	}
	run, err := eval.ReadRun(in)
	if err != nil {
		return nil, withHint(fmt.Errorf("eval compare: %s: %w", path, err), "runs are written by verbatim eval -out FILE GOLD...")
	}
	return run, nil
}

// comparison is what eval compare prints as JSON.
type comparison struct {
	A    eval.Header       `json:"a"`
	B    eval.Header       `json:"b"`
	Sets []eval.Comparison `json:"sets"`
	// Changed are the sets whose gold or transcripts differ.
	Changed []string `json:"changed_sets"`
}

// compareRuns sets two runs side by side.
func (c *call) compareRuns(paths []string) error {
	if len(paths) != 2 {
		return &usageError{message: fmt.Sprintf("eval compare: %s, want two", count(len(paths), "run")), hint: "usage: verbatim eval compare A B"}
	}
	var runs [2]*eval.Run
	for i, path := range paths {
		var err error
		if runs[i], err = c.readRun(path); err != nil {
			return err
		}
	}
	both := comparison{A: runs[0].Header, B: runs[1].Header, Sets: eval.Compare(runs[0], runs[1]), Changed: changedSets(runs[0].Header.Sets, runs[1].Header.Sets)}
	if c.options.json {
		return c.ui.json(both)
	}
	printComparison(c.ui, paths, &both)
	return nil
}

// changedSets are the sets that both runs have, with other contents.
func changedSets(a, b []eval.SetSum) []string {
	changed := []string{}
	for _, s := range a {
		i := slices.IndexFunc(b, func(t eval.SetSum) bool { return t.Name == s.Name })
		if i >= 0 && b[i].SHA256 != s.SHA256 {
			changed = append(changed, s.Name)
		}
	}
	return changed
}

// printComparison prints a table for each set.
func printComparison(u *ui, paths []string, both *comparison) {
	for i, h := range []*eval.Header{&both.A, &both.B} {
		by := h.Model
		if h.Unverified {
			by += ", unverified"
		}
		u.printf("%s  %s: %s, %s, version %s\n", u.bold(string(rune('A'+i))), plain(paths[i]), plain(by), plain(h.Date), plain(cmp.Or(h.Version, "unknown")))
	}
	for _, name := range both.Changed {
		u.printf("The set %s is not the same in both: its questions or transcripts have changed.\n", plain(name))
	}
	for i := range both.Sets {
		s := &both.Sets[i]
		u.printf("\n%s\n", u.bold(fmt.Sprintf("%s: %d common of %d in A and %d in B", plain(s.Set), s.Common, s.A, s.B)))
		if len(s.Figures) == 0 {
			continue
		}
		t := &table{u: u, widths: []int{34, 10, 10, 28, 6, 0}}
		t.row("  over what is common", "A", "B", "B - A, 95 % range", "n", "")
		for j := range s.Figures {
			f := &s.Figures[j]
			t.row("  "+plain(f.Figure.Label()), shortText(f.Figure, f.A), shortText(f.Figure, f.B), differenceText(f), differenceCount(f), verdict(f))
		}
	}
}

// shortText is a figure without its range.
func shortText(f eval.Figure, v eval.Interval) string {
	if v.N == 0 {
		return "-"
	}
	return fmt.Sprintf(formatOf(f), v.Mean)
}

func differenceText(f *eval.FigureComparison) string {
	d := f.Difference
	if d.N == 0 {
		return "-"
	}
	signed := "%+" + formatOf(f.Figure)[1:]
	return fmt.Sprintf(signed+" ("+signed+" to "+signed+")", d.Mean, d.Low, d.High)
}

func differenceCount(f *eval.FigureComparison) string {
	if f.Difference.N == 0 {
		return ""
	}
	return strconv.Itoa(f.Difference.N)
}

// verdict says which side is better where the range leaves 0 out.
func verdict(f *eval.FigureComparison) string {
	if !f.Differs() {
		return ""
	}
	up := f.Difference.Mean > 0
	switch f.Figure.Better() {
	case eval.Higher:
	case eval.Lower:
		up = !up
	default:
		return "differs"
	}
	if up {
		return "B better"
	}
	return "A better"
}

// formatOf is how a figure is printed: shares with three digits, what is
// counted or timed with one.
func formatOf(f eval.Figure) string {
	switch f {
	case eval.PerAnswer, eval.Took, eval.FirstToken, eval.Tokens:
		return "%.1f"
	case eval.Cost:
		return "%.6f"
	}
	return "%.3f"
}
