package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verbatim/bot"
	"verbatim/retrieval"
	"verbatim/retrieval/local"
	"verbatim/retrieval/transcript"
)

// environment makes a lookup of the variables given.
func environment(vars map[string]string) lookupFunc {
	return func(name string) (string, bool) {
		value, ok := vars[name]
		return value, ok || name == "HTTP_ADDR" // no pages unless a test asks for them: tests share a machine
	}
}

// echoCommands has one command that takes all flags and keeps its call.
func echoCommands(got **call) []command {
	keep := func(_ context.Context, c *call) error { *got = c; return nil }
	return []command{
		{name: "echo", args: "WORDS", minArgs: 1, maxArgs: -1, joined: true, short: "say it again", flags: []string{"json", "batch", "k", "from", "style"}, run: keep},
		{name: "pair", args: "A [B]", minArgs: 1, maxArgs: 2, short: "take two", run: keep},
		{name: "bad", short: "fail", run: func(context.Context, *call) error { return withHint(errors.New("no luck"), "try again") }},
		{name: "full", short: "fill the disk", run: func(_ context.Context, c *call) error { c.ui.printf("x"); return nil }},
	}
}

func TestDispatch(t *testing.T) {
	t.Chdir(t.TempDir())
	tests := []struct {
		name     string
		args     string
		wantArgs []string
		want     options
		wantErr  string
		wantExit int
	}{
		{name: "words are joined", args: "echo|a|b", wantArgs: []string{"a b"}, want: options{k: 10, style: "brief"}},
		{name: "flags after words", args: "echo|a|-k|3|b|-json", wantArgs: []string{"a b"}, want: options{json: true, k: 3, style: "brief"}},
		{name: "words after two hyphens", args: "echo|-k|3|--|-5|degrees", wantArgs: []string{"-5 degrees"}, want: options{k: 3, style: "brief"}},
		{name: "batch needs no words", args: "echo|-batch|f", want: options{batch: "f", k: 10, style: "brief"}},
		{name: "batch and words", args: "echo|-batch|f|a", wantErr: "echo: -batch takes its queries from the file, so there must be no other", wantExit: exitUsage},
		{name: "day", args: "echo|-from|2025-03-06|a", wantArgs: []string{"a"}, want: options{k: 10, style: "brief", from: time.Date(2025, 3, 6, 0, 0, 0, 0, time.UTC)}},
		{name: "no such day", args: "echo|-from|2025-02-30|a", wantErr: `invalid value "2025-02-30" for flag -from: want a day such as 2025-03-06`, wantExit: exitUsage},
		{name: "k of zero", args: "echo|-k|0|a", wantErr: `invalid value "0" for flag -k: want a number from 1 to 1000`, wantExit: exitUsage},
		{name: "unknown style", args: "echo|-style|long|a", wantErr: `invalid value "long" for flag -style: want one of ["brief" "detailed" "chapters" "takeaways"]`, wantExit: exitUsage},
		{name: "no words", args: "echo", wantErr: "echo: no WORDS given", wantExit: exitUsage},
		{name: "blank words", args: "echo| ", wantErr: "echo: no WORDS given", wantExit: exitUsage},
		{name: "unknown flag", args: "echo|-nope|a", wantErr: "unknown flag -nope", wantExit: exitUsage},
		{name: "unknown command", args: "ech0|a", wantErr: `unknown command "ech0"`, wantExit: exitUsage},
		{name: "two arguments", args: "pair|a|b", wantArgs: []string{"a", "b"}},
		{name: "one too many", args: "pair|a|b|c", wantErr: `pair: unexpected argument "c"`, wantExit: exitUsage},
		{name: "one too few", args: "pair", wantErr: "pair: no A [B] given", wantExit: exitUsage},
		{name: "failure", args: "bad", wantErr: "no luck", wantExit: exitFailed},
		{name: "wrong setting", args: "pair|-log-level|loud|a", wantErr: "setting -log-level (LOG_LEVEL) is not valid", wantExit: exitUsage},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got *call
			var stdout, stderr bytes.Buffer
			err := dispatch(t.Context(), echoCommands(&got), strings.Split(tt.args, "|"), environment(nil), strings.NewReader(""), &stdout, &stderr)
			if exit := report(io.Discard, err); exit != tt.wantExit {
				t.Errorf("dispatch(%q) exits with %d, want %d", tt.args, exit, tt.wantExit)
			}
			if tt.wantErr != "" {
				if err == nil || err.Error() != tt.wantErr {
					t.Errorf("dispatch(%q) = %v, want %s", tt.args, err, tt.wantErr)
				}
				return
			}
			if err != nil {
				t.Fatalf("dispatch(%q) = %v", tt.args, err)
			}
			if diff := cmp.Diff(tt.wantArgs, got.args); diff != "" {
				t.Errorf("dispatch(%q) arguments (-want +got):\n%s", tt.args, diff)
			}
			if diff := cmp.Diff(tt.want, got.options, cmp.AllowUnexported(options{})); diff != "" {
				t.Errorf("dispatch(%q) options (-want +got):\n%s", tt.args, diff)
			}
		})
	}
}

func TestDispatchCommandUsage(t *testing.T) {
	for _, args := range [][]string{{"echo", "-h"}, {"echo", "words", "--help"}, {"help", "echo"}} {
		var got *call
		var stdout bytes.Buffer
		if err := dispatch(t.Context(), echoCommands(&got), args, environment(nil), nil, &stdout, io.Discard); err != nil {
			t.Errorf("dispatch(%q) = %v", args, err)
		}
		for _, want := range []string{"Say it again.\n", "Usage: verbatim echo [flags] WORDS\n", "  -k N ", "  -json ", "  -style STYLE ", "-openai-api-key key  (OPENAI_API_KEY; default none)"} {
			if !strings.Contains(stdout.String(), want) {
				t.Errorf("dispatch(%q) prints no %q:\n%s", args, want, stdout.String())
			}
		}
		if got != nil {
			t.Errorf("dispatch(%q) ran the command", args)
		}
	}
}

// fullDisk is a writer without room.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestDispatchReportsFailedOutput(t *testing.T) {
	t.Chdir(t.TempDir())
	var got *call
	err := dispatch(t.Context(), echoCommands(&got), []string{"full"}, environment(nil), nil, fullDisk{}, io.Discard)
	if want := "write output: no space left on device"; err == nil || err.Error() != want {
		t.Errorf("dispatch with a full disk = %v, want %s", err, want)
	}
}

func TestUnknownCommandHints(t *testing.T) {
	var got *call
	tests := map[string]string{
		"nothing":        "verbatim -h lists the commands",
		"ec":             "did you mean verbatim echo?",
		"echoes":         "did you mean verbatim echo?",
		"who was there?": `to ask a question: verbatim ask "..."`,
	}
	for name, want := range tests {
		var usage *usageError
		if err := unknownCommand(name, echoCommands(&got)); !errors.As(err, &usage) || usage.hint != want {
			t.Errorf("unknownCommand(%q) = %#v, want the hint %q", name, err, want)
		}
	}
}

func TestReport(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want string
		exit int
	}{
		{"done", nil, "", exitDone},
		{"plain", errors.New("disk on fire"), "verbatim: disk on fire\n", exitFailed},
		{"hint through layers", fmt.Errorf("add a.srt: %w", withHint(errors.New("no"), "do")), "verbatim: add a.srt: no\nhint: do\n", exitFailed},
		{"wrong usage", &usageError{message: "what?", hint: "so"}, "verbatim: what?\nhint: so\n", exitUsage},
		{"steering the terminal", withHint(errors.New("\x1b]0;x\x07no"), "\x1b[2Jdo"), "verbatim: ]0;xno\nhint: [2Jdo\n", exitFailed},
		{"said already", fmt.Errorf("x: %w", errFailed), "", exitFailed},
		{"interrupted", fmt.Errorf("add: %w", context.Canceled), "verbatim: interrupted\n", exitFailed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var stderr bytes.Buffer
			if exit := report(&stderr, tt.err); exit != tt.exit || stderr.String() != tt.want {
				t.Errorf("report(%v) = %d with %q, want %d with %q", tt.err, exit, stderr.String(), tt.exit, tt.want)
			}
		})
	}
}

func TestDispatchReadsSettings(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile(".env", []byte("VERBATIM_DATA=from-file\nOPENAI_BASE_URL=http://file.example/v1\nEMBEDDING_MODEL='m 1' # mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := environment(map[string]string{"OPENAI_BASE_URL": "http://env.example/v1", "LOG_LEVEL": "debug", "OPENAI_API_KEY": "hunter2"})
	var got *call
	if err := dispatch(t.Context(), echoCommands(&got), []string{"-log-level", "info", "pair", "-data", "from-flag", "a"}, env, nil, io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}
	want := Config{DataDir: "from-flag", OpenAIKey: "hunter2", OpenAIBaseURL: "http://env.example/v1", EmbeddingModel: "m 1", Discord: discordConfig{PerServer: 4}, Chat: chatConfig{FirstToken: 20 * time.Second, Total: time.Minute, Parallel: 4}}
	if diff := cmp.Diff(want, got.config); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
}

func TestCommandTable(t *testing.T) {
	seen := make(map[string]bool)
	for _, c := range commandTable {
		if c.name == "" || c.short == "" || seen[c.name] {
			t.Errorf("command %q is nameless, unexplained or there twice", c.name)
		}
		seen[c.name] = true
		for _, f := range c.flags {
			if optionFlags[f] == nil {
				t.Errorf("command %s has the undeclared flag -%s", c.name, f)
			}
		}
	}
}

// TestFileErrors wants a fault of one file to leave the others alone.
func TestFileErrors(t *testing.T) {
	tests := map[error]bool{
		fmt.Errorf("add: %w", local.ErrInvalid):     true,
		fmt.Errorf("add: %w", bot.ErrSameID):        true,
		&transcript.Error{Err: transcript.ErrEmpty}: true,
		fmt.Errorf("add: %w", retrieval.ErrFull):    false,
		fmt.Errorf("add: %w", local.ErrReadOnly):    false,
		context.Canceled:                            false,
	}
	for err, want := range tests {
		if got := isFileError(err); got != want {
			t.Errorf("isFileError(%v) = %t, want %t", err, got, want)
		}
	}
}
