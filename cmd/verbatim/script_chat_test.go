package main

import (
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"verbatim/bot/model/modeltest"
)

// chatCommand starts a language model and sets OPENAI_BASE_URL, OPENAI_API_KEY
// and CHAT_MODEL:
//
//	chat FILE [FAULT]
//
// A line of FILE is what it says for a purpose, "answer: It is so {as was said}.":
// the purpose is the first verb of the prompt; what stands in braces becomes the
// number of the passage with those words; " | " is a line break. Nothing is
// said for purposes that FILE has no line for, and "OK." to what has none. FAULT is one of chatFaults, or
// "key", which takes another key than is set.
func chatCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: chat FILE [FAULT]")
	}
	texts := map[string]string{"": "OK."}
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		purpose, text, _ := strings.Cut(strings.TrimSpace(line), ": ")
		texts[purpose] = strings.ReplaceAll(text, " | ", "\n")
	}
	options := modeltest.Options{
		Reply: func(r modeltest.Request) modeltest.Reply {
			return modeltest.Reply{Text: citing(r, texts[purposeOf(r)])}
		},
		TellWindow: true, Window: 4000,
	}
	fault := ""
	if len(args) == 2 {
		fault = args[1]
	}
	if fault == "key" {
		options.Key = "another-key"
	}
	server, err := modeltest.Start(options)
	ts.Check(err)
	ts.Defer(server.Kill)
	if spoil := chatFaults[fault]; spoil != nil {
		server.Inject(modeltest.EveryCall(1), spoil)
	} else if fault != "" && fault != "key" {
		ts.Fatalf("unknown fault %s", fault)
	}
	ts.Setenv("OPENAI_BASE_URL", server.URL())
	ts.Setenv("OPENAI_API_KEY", modeltest.Key)
	ts.Setenv("CHAT_MODEL", modeltest.Model)
}

// chatFaults are what can be wrong with every call.
var chatFaults = map[string]modeltest.Fault{
	"stalled": modeltest.Stalled(1),
	"slow":    modeltest.SlowFirst(time.Hour),
	"broken":  modeltest.WrongStatus(http.StatusInternalServerError, "out of memory"),
	"empty":   modeltest.EmptyAnswer(),
	"unknown": modeltest.WrongStatus(http.StatusNotFound, "no such model"),
}

// purposeOf is the verb that a prompt begins with: "answer" of "You answer ...".
func purposeOf(r modeltest.Request) string {
	verb, _, _ := strings.Cut(strings.TrimPrefix(r.System(), "You "), " ")
	return strings.TrimSuffix(verb, ".")
}

var (
	promptPassage = regexp.MustCompile(`(?m)^\[(\d+)\] (.*)$`)
	promptWords   = regexp.MustCompile(`\{([^}]*)\}`)
)

// citing puts the numbers of the prompt's passages in the place of words of
// theirs.
func citing(r modeltest.Request, text string) string {
	passages := promptPassage.FindAllStringSubmatch(r.User(), -1)
	return promptWords.ReplaceAllStringFunc(text, func(words string) string {
		for _, p := range passages {
			if strings.Contains(p[2], words[1:len(words)-1]) {
				return "[" + p[1] + "]"
			}
		}
		return "[99]"
	})
}
