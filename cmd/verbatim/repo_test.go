package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The rules of the repository as tests: who imports whom, sizes, secrets,
// sources of data, dependencies. Documents are in repo_docs_test.go.

// repoRoot is the root of the checkout, from this package's folder.
const repoRoot = "../.."

// module is the module's path, and so the prefix of its packages.
const module = "verbatim"

// Limits of the style guide.
const (
	maxFunctionLines      = 80
	maxFileLines          = 400
	maxDirectDependencies = 9 // one more than the style guide says, for Prometheus: see docs/decisions.md
)

// repoFiles lists all files of the checkout by their slash-separated path from
// its root, without what git ignores by name and git's own.
func repoFiles(t *testing.T) []string {
	t.Helper()
	skip := []string{".git", ".idea", ".vscode", "verbatim-data", "bin", "node_modules", "out"}
	var files []string
	err := fs.WalkDir(os.DirFS(repoRoot), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains(skip, d.Name()):
			return fs.SkipDir
		case d.Type().IsRegular() && d.Name() != ".env":
			files = append(files, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(files, "go.mod") {
		t.Fatalf("no go.mod among the %d files of the checkout", len(files))
	}
	return files
}

func readRepoFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(repoRoot, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// goFile is a parsed Go file of the checkout.
type goFile struct {
	name string // from the root
	pkg  string // folder from the root: "retrieval/local"
	test bool
	tree *ast.File
	fset *token.FileSet
	// imports are the paths imported.
	imports []string
	lines   int
}

func goFiles(t *testing.T) []goFile {
	t.Helper()
	var files []goFile
	for _, name := range repoFiles(t) {
		if !strings.HasSuffix(name, ".go") || strings.Contains(name, "testdata/") {
			continue
		}
		fset := token.NewFileSet()
		source := readRepoFile(t, name)
		tree, err := parser.ParseFile(fset, name, source, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		f := goFile{name: name, pkg: path.Dir(name), test: strings.HasSuffix(name, "_test.go"), tree: tree, fset: fset, lines: bytes.Count(source, []byte("\n"))}
		for _, spec := range tree.Imports {
			p, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			f.imports = append(f.imports, p)
		}
		files = append(files, f)
	}
	return files
}

// within reports whether p is the import path or folder dir, or below it.
func within(p, dir string) bool { return p == dir || strings.HasPrefix(p, dir+"/") }

// arrows says for every package which others of the module its files, tests
// aside, may import: cmd -> bot/* -> bot -> prompts, retrieval.
var arrows = map[string][]string{
	"cmd/verbatim":            {"bot", "bot/discord", "bot/discord/gateway", "bot/discord/rest", "bot/model", "bot/web", "data", "prompts", "retrieval", "retrieval/embedding", "retrieval/eval", "retrieval/local", "retrieval/transcript", "retrieval/weaviate"},
	"bot":                     {"bot/model", "prompts", "retrieval", "retrieval/transcript"},
	"bot/discord":             {"bot", "bot/discord/gateway", "bot/discord/render", "bot/discord/rest", "bot/discord/wire", "bot/discord/words", "retrieval", "retrieval/transcript"},
	"bot/discord/discordtest": {},
	"bot/discord/gateway":     {"bot/discord/wire"},
	"bot/discord/render":      {"bot", "bot/discord/wire", "bot/discord/words", "retrieval"},
	"bot/discord/rest":        {"bot/discord/wire"},
	"bot/discord/wire":        {},
	"bot/discord/words":       {},
	"bot/model":               {},
	"bot/model/modeltest":     {},
	"bot/web":                 {"bot", "retrieval"},
	"data":                    {},
	"prompts":                 {"retrieval"},
	"retrieval":               {},
	"retrieval/embedding":     {"data", "retrieval"},
	"retrieval/eval":          {"retrieval"},
	"retrieval/librarytest":   {"retrieval"},
	"retrieval/local":         {"retrieval"},
	"retrieval/transcript":    {"retrieval"},
	"retrieval/weaviate":      {"retrieval"},
}

// importers says who alone, tests included, may import a module.
var importers = map[string][]string{
	"modernc.org/sqlite":                 {"retrieval/local"},
	"github.com/philippgille/chromem-go": {"retrieval/local"},
	"github.com/sashabaranov/go-openai":  {"bot/model", "retrieval/embedding"},
	"github.com/bwmarrin/discordgo":      {"bot/discord", "bot/discord/gateway", "bot/discord/rest"},
	"github.com/prometheus":              {"bot/web"},
	"github.com/gorilla/websocket":       {"bot/discord/discordtest", "bot/discord/gateway"},
}

// pure packages compute; the imports named are not for them.
var (
	purePackages   = []string{"retrieval", "retrieval/eval"}
	impureImports  = []string{"os", "net", "database", "syscall", "log", "embed"}
	pureAllTheSame = []string{"net/url"}
	forbiddenNames = []string{"util", "utils", "common", "types", "helpers", "misc"}
)

func TestImports(t *testing.T) {
	for _, f := range goFiles(t) {
		allowed, known := arrows[f.pkg]
		if !known {
			t.Errorf("%s: package %s is not in the table of arrows; add it with what it may import", f.name, f.pkg)
			continue
		}
		for _, p := range f.imports {
			if own, ok := strings.CutPrefix(p, module+"/"); ok && !f.test && !slices.Contains(allowed, own) {
				t.Errorf("%s imports %s, but %s may import only %q", f.name, p, f.pkg, allowed)
			}
			for library, only := range importers {
				if within(p, library) && !slices.Contains(only, f.pkg) {
					t.Errorf("%s imports %s, which is for %q only", f.name, p, only)
				}
			}
			if within(p, "testing") && !f.test && !strings.HasSuffix(f.pkg, "test") {
				t.Errorf("%s imports %s, which is for tests and packages named ...test", f.name, p)
			}
			if slices.Contains(purePackages, f.pkg) && !f.test && !slices.Contains(pureAllTheSame, p) && slices.ContainsFunc(impureImports, func(dir string) bool { return within(p, dir) }) {
				t.Errorf("%s imports %s, but %s is pure", f.name, p, f.pkg)
			}
		}
		if slices.Contains(forbiddenNames, f.tree.Name.Name) {
			t.Errorf("%s: package %s says nothing about what it does", f.name, f.tree.Name.Name)
		}
	}
}

// TestUncheckedAnswersAreMeasuredOnly keeps what asks for sentences that nobody
// has checked out of all that people ask through.
func TestUncheckedAnswersAreMeasuredOnly(t *testing.T) {
	seen := 0
	for _, f := range goFiles(t) {
		if f.pkg == "bot" || f.pkg == "retrieval/eval" {
			continue
		}
		ast.Inspect(f.tree, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && id.Name == "Unverified" {
				if seen++; f.pkg != "cmd/verbatim" || !strings.HasPrefix(path.Base(f.name), "eval") && !f.test {
					t.Errorf("%s names Unverified, which is for eval alone", f.name)
				}
			}
			return true
		})
	}
	if seen == 0 {
		t.Error("nobody asks for unchecked answers any more; this test looks for the wrong name")
	}
}

func TestSizes(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test || ast.IsGenerated(f.tree) {
			continue
		}
		if f.lines > maxFileLines {
			t.Errorf("%s has %d lines, more than %d", f.name, f.lines, maxFileLines)
		}
		for _, decl := range f.tree.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := f.fset.Position(fn.End()).Line - f.fset.Position(fn.Pos()).Line + 1; n > maxFunctionLines {
				t.Errorf("%s: function %s has %d lines, more than %d", f.name, fn.Name.Name, n, maxFunctionLines)
			}
		}
	}
}

// TestDirectDependencies counts as docs/decisions.md says: what the program
// itself imports, beyond golang.org/x.
func TestDirectDependencies(t *testing.T) {
	required := regexp.MustCompile(`(?m)^(?:require)?\s+([\w.-]+\.[\w./-]+) v`).FindAllSubmatch(readRepoFile(t, "go.mod"), -1)
	if len(required) == 0 {
		t.Fatal("go.mod requires nothing")
	}
	direct := make(map[string]bool)
	for _, f := range goFiles(t) {
		if f.test || strings.HasSuffix(f.pkg, "test") {
			continue
		}
		for _, p := range f.imports {
			for _, m := range required {
				if mod := string(m[1]); within(p, mod) && !within(mod, "golang.org/x") {
					direct[mod] = true
				}
			}
		}
	}
	if len(direct) > maxDirectDependencies {
		t.Errorf("%d direct dependencies, more than %d: %v", len(direct), maxDirectDependencies, direct)
	}
}

func TestDataHasSources(t *testing.T) {
	sources := readRepoFile(t, "data/SOURCES.md")
	for _, name := range repoFiles(t) {
		rest, ok := strings.CutPrefix(name, "data/")
		if !ok || rest == "SOURCES.md" || strings.HasSuffix(rest, ".go") {
			continue
		}
		if !bytes.Contains(sources, []byte("`"+rest+"`")) {
			t.Errorf("data/SOURCES.md has no line for `%s`", rest)
		}
	}
}

// secretPattern matches the forms of keys that services give out.
var secretPattern = regexp.MustCompile(`\bsk-[A-Za-z0-9_-]{20,}` + // OpenAI and kin
	`|\bAKIA[0-9A-Z]{16}\b` + // Amazon
	`|\bgh[pousr]_[A-Za-z0-9]{36,}|\bgithub_pat_[A-Za-z0-9_]{22,}` + // GitHub
	`|\bxox[abprs]-[A-Za-z0-9-]{10,}` + // Slack
	`|\bAIza[0-9A-Za-z_-]{35}` + // Google
	`|\b[MNO][A-Za-z\d_-]{23,27}\.[A-Za-z\d_-]{6}\.[A-Za-z\d_-]{27,}`) // Discord

// minSecret is the length of the shortest of them. Only words that long are
// matched, since the pattern is slow over megabytes of fixtures.
const minSecret = 15

// machineStrings have no place in a repository: paths of one machine and the
// hosts of package registries, which depend on where a clone is built. They
// are put together here so that this file does not hold them.
func machineStrings() []string {
	return []string{
		"/wo" + "rk/main", "/wo" + "rk/shared", "/wo" + "rk/.lib", "/ro" + "ot/",
		"proxy.gol" + "ang.org", "sum.gol" + "ang.org", "registry.npm" + "js.org", "registry.yarn" + "pkg.com",
		"py" + "pi.org", "pythonho" + "sted.org", "crat" + "es.io", "repo1.ma" + "ven.org", "repo.ma" + "ven.apache.org", "deb.deb" + "ian.org",
	}
}

// leak returns what in the text must not be in a repository, or "".
func leak(text []byte) string {
	if bytes.Contains(text, []byte("PRIVATE KEY"+"-----")) {
		return "a private key"
	}
	notInKey := func(r rune) bool {
		return r != '-' && r != '_' && r != '.' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}
	for word := range bytes.FieldsFuncSeq(text, notInKey) {
		if len(word) >= minSecret && secretPattern.Match(word) {
			return "what looks like a secret: " + string(word[:6]) + "..."
		}
	}
	for _, s := range machineStrings() {
		if bytes.Contains(text, []byte(s)) {
			return strconv.Quote(s)
		}
	}
	return ""
}

func TestNoSecretsOrMachineStrings(t *testing.T) {
	for _, name := range repoFiles(t) {
		if found := leak(readRepoFile(t, name)); found != "" {
			t.Errorf("%s holds %s", name, found)
		}
	}
}

func TestLeakFinds(t *testing.T) {
	fifty := strings.Repeat("aB3d5", 10)
	for _, text := range append(machineStrings(),
		"key = s"+"k-proj-"+fifty, "AK"+"IAABCDEFGHIJKLMNOP", "gh"+"p_"+fifty, "xo"+"xb-1234567890-x", "AI"+"za"+fifty[:35],
		"M"+fifty[:24]+".abcdef."+fifty[:30], "-----BEG"+"IN RSA PRIVATE K"+"EY-----",
	) {
		if leak([]byte("a "+text+" b")) == "" {
			t.Errorf("leak(%q) finds nothing", text)
		}
	}
	for _, text := range []string{"sk-...", "task-force-of-the-working-group-on", "https://example.com/v1"} {
		if found := leak([]byte(text)); found != "" {
			t.Errorf("leak(%q) = %s, want nothing", text, found)
		}
	}
}
