package main

import (
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// documents are the files whose words about the program must be true of it.
func documents(t *testing.T) []string {
	t.Helper()
	var docs []string
	for _, name := range repoFiles(t) {
		if path.Ext(name) == ".md" && (path.Dir(name) == "." || path.Dir(name) == "docs") {
			docs = append(docs, name)
		}
	}
	return docs
}

// codeOf returns the code in Markdown text: spans in back quotes, and the
// lines of fenced and indented blocks.
func codeOf(text string) []string {
	span := regexp.MustCompile("`([^`\n]+)`")
	var code []string
	fenced := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case strings.HasPrefix(strings.TrimSpace(line), "```"):
			fenced = !fenced
		case fenced || strings.HasPrefix(line, "    "):
			code = append(code, strings.TrimSpace(line))
		default:
			for _, m := range span.FindAllStringSubmatch(line, -1) {
				code = append(code, m[1])
			}
		}
	}
	return code
}

var (
	pathPattern    = regexp.MustCompile(`(?:^|[\s"'=(])(?:\./)?((?:cmd|bot|retrieval|prompts|data|docs)/[\w./*-]+)`)
	commandPattern = regexp.MustCompile(`^(?:\$ )?(?:go run )?(?:\./cmd/|\./bin/|\./)?verbatim(?: (.*))?$`)
	flagPattern    = regexp.MustCompile(`^-[a-z][a-z-]*$`)
	envPattern     = regexp.MustCompile(`^[A-Z]+(?:_[A-Z]+)+$`)
	testPattern    = regexp.MustCompile(`^(?:Test|Fuzz|Benchmark|Example)[A-Z]\w*$`)
	quotedPattern  = regexp.MustCompile(`"[^"]*"|'[^']*'`)
)

// otherFlags are flags in the documents that are not verbatim's: those of the
// tests, and help, which every command has.
var otherFlags = []string{"-h", "-pictures", "-update", "-race", "-shuffle", "-json", "-fuzz"}

// otherVariables are those in the documents that are no settings.
var otherVariables = []string{"NO_COLOR"}

// claims collects what is wrong with a piece of code from a document. tests
// are the names of test functions that exist.
func claims(code string, tests map[string]bool) []string {
	var wrong []string
	for _, m := range pathPattern.FindAllStringSubmatch(code, -1) {
		name := strings.TrimRight(strings.TrimSuffix(m[1], "/..."), "./")
		if found, err := filepath.Glob(filepath.Join(repoRoot, name)); err != nil || len(found) == 0 {
			wrong = append(wrong, "there is no "+name)
		}
	}
	if m := commandPattern.FindStringSubmatch(code); m != nil {
		wrong = append(wrong, commandLineFaults(strings.Fields(quotedPattern.ReplaceAllString(m[1], "QUOTED")))...)
	}
	switch {
	case flagPattern.MatchString(code) && !slices.Contains(otherFlags, code) && !knownFlag(code[1:], nil):
		wrong = append(wrong, "there is no flag "+code)
	case envPattern.MatchString(code) && !slices.Contains(otherVariables, code) &&
		!slices.ContainsFunc(settings(), func(s setting) bool { return s.Env == code }):
		wrong = append(wrong, "there is no setting "+code)
	case testPattern.MatchString(code) && !tests[code]:
		wrong = append(wrong, "there is no test "+code)
	}
	return wrong
}

// commandLineFaults checks the words after "verbatim".
func commandLineFaults(words []string) []string {
	var cmd *command
	var wrong []string
	for i, word := range words {
		if word == "#" || word == "|" || word == ">" || word == "--" {
			break
		}
		name, isFlag := strings.CutPrefix(strings.Trim(word, "[]"), "-")
		name, _, _ = strings.Cut(strings.TrimPrefix(name, "-"), "=")
		switch {
		case isFlag && name != "" && name != "h" && !knownFlag(name, cmd):
			wrong = append(wrong, "there is no flag -"+name+" in verbatim "+strings.Join(words, " "))
		case !isFlag && cmd == nil && (i == 0 || !strings.HasPrefix(words[i-1], "-")) && word != "help" && strings.ToUpper(word) != word:
			j := slices.IndexFunc(commandTable, func(c command) bool { return c.name == word })
			if j < 0 {
				return append(wrong, "there is no command "+word)
			}
			cmd = &commandTable[j]
		}
	}
	return wrong
}

// knownFlag reports whether name is a setting or a flag of the command; of any
// command if cmd is nil.
func knownFlag(name string, cmd *command) bool {
	if slices.ContainsFunc(settings(), func(s setting) bool { return s.Flag == name }) {
		return true
	}
	if cmd != nil {
		return slices.Contains(cmd.flags, name)
	}
	return slices.ContainsFunc(commandTable, func(c command) bool { return slices.Contains(c.flags, name) })
}

// testNames are the names of all functions in test files.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark|Example)\w+)\(`)
	names := make(map[string]bool)
	for _, name := range repoFiles(t) {
		if strings.HasSuffix(name, "_test.go") {
			for _, m := range declared.FindAllSubmatch(readRepoFile(t, name), -1) {
				names[string(m[1])] = true
			}
		}
	}
	return names
}

func TestDocumentsNameWhatExists(t *testing.T) {
	tests := testNames(t)
	for _, doc := range documents(t) {
		for _, code := range codeOf(string(readRepoFile(t, doc))) {
			for _, fault := range claims(code, tests) {
				t.Errorf("%s: `%s`: %s", doc, code, fault)
			}
		}
	}
}

// TestDocumentsNameAllCommands holds the README to naming every command and
// every setting.
func TestDocumentsNameAllCommands(t *testing.T) {
	if _, err := os.Stat(filepath.Join(repoRoot, "README.md")); err != nil {
		t.Fatal("README.md is missing")
	}
	readme := string(readRepoFile(t, "README.md"))
	for _, c := range commandTable {
		if !strings.Contains(readme, "verbatim "+c.name) && !strings.Contains(readme, "`"+c.name+"`") {
			t.Errorf("README.md does not name the command %s", c.name)
		}
	}
	for _, s := range settings() {
		if !strings.Contains(readme, "`"+s.Env+"`") || !strings.Contains(readme, "`-"+s.Flag+"`") {
			t.Errorf("README.md does not name the setting `%s` (`-%s`)", s.Env, s.Flag)
		}
	}
}

func TestClaimsFind(t *testing.T) {
	tests := map[string]string{
		"go run ./cmd/verbatim ask \"who is -nobody?\"": "",
		"verbatim search -k 3 -data x \"a b\" | head":   "",
		"verbatim [-data DIR] COMMAND":                  "",
		"verbatim -data x ask -json":                    "",
		"verbatim frobnicate x":                         "there is no command frobnicate",
		"verbatim ask -k 3 x":                           "there is no flag -k in verbatim ask -k 3 x",
		"go test ./retrieval/...":                       "",
		"retrieval/nowhere":                             "there is no retrieval/nowhere",
		"-embedding-model":                              "",
		"-nope":                                         "there is no flag -nope",
		"VERBATIM_DATA":                                 "",
		"VERBATIM_DATE":                                 "there is no setting VERBATIM_DATE",
		"TestKnown":                                     "",
		"TestNothing":                                   "there is no test TestNothing",
	}
	for _, code := range slices.Sorted(maps.Keys(tests)) {
		if got := strings.Join(claims(code, map[string]bool{"TestKnown": true}), "; "); got != tests[code] {
			t.Errorf("claims(%q) = %q, want %q", code, got, tests[code])
		}
	}
}

func TestCodeOf(t *testing.T) {
	text := "Use `a b` or `c`.\n\n    indented\n\n```sh\nfenced `x`\n```\nplain\n"
	want := []string{"a b", "c", "indented", "fenced `x`"}
	if got := codeOf(text); !slices.Equal(got, want) {
		t.Errorf("codeOf(%q) = %q, want %q", text, got, want)
	}
}
