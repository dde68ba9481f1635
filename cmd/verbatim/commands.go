package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"time"
)

// command is one subcommand.
type command struct {
	name string
	// args are its arguments as the usage shows them: "QUESTION".
	args string
	// minArgs and maxArgs bound their number; maxArgs < 0 means any.
	// With -batch there are none.
	minArgs, maxArgs int
	// joined means that several arguments are one text, joined by spaces.
	joined bool
	// short is its line in the list of commands.
	short string
	// long is what its own usage says beside that.
	long string
	// flags are the names of its flags in optionFlags; -h and the settings
	// every command has.
	flags []string
	run   func(ctx context.Context, c *call) error
}

// call is one call of a subcommand.
type call struct {
	command *command
	config  Config
	options options
	// args are the arguments that are no flags, one if joined.
	args  []string
	stdin io.Reader
	ui    *ui
	log   *slog.Logger
}

// filters are the flags that narrow what is searched.
var filters = []string{"episode", "show", "speaker", "from", "to"}

// commands lists the subcommands that this build has.
func commands() []command {
	return slices.DeleteFunc(slices.Clone(commandTable), func(c command) bool { return c.run == nil })
}

// commandTable lists all subcommands in the order in which the usage shows
// them. One without a run function is neither listed nor found.
var commandTable = []command{
	{
		name: "ask", args: "QUESTION", minArgs: 1, maxArgs: -1, joined: true,
		short: "answer a question, with citations",
		long: "Answers from the transcripts, each sentence with the words it rests on. When the\n" +
			"transcripts do not hold the answer it says so and exits with 0.",
		flags: slices.Concat([]string{"json", "batch"}, filters),
	},
	{
		name: "search", args: "QUERY", minArgs: 1, maxArgs: -1, joined: true,
		short: "list the passages that fit a query best",
		flags: slices.Concat([]string{"json", "batch", "k"}, filters),
	},
	{
		name: "quote", args: "WORDS", minArgs: 1, maxArgs: -1, joined: true,
		short: "find where words were said: exactly, nearly or in meaning",
		long: "Looks for the words as they stand, then with small errors forgiven, then by\n" +
			"meaning. When they were not said it says so and exits with 0.",
		flags: slices.Concat([]string{"json", "batch"}, filters),
	},
	{
		name: "summary", args: "EPISODE", minArgs: 1, maxArgs: 1,
		short: "summarize an episode, each point with its citation",
		flags: []string{"json", "style"},
	},
	{
		name: "add", args: "FILE...", minArgs: 1, maxArgs: -1,
		short: "add transcripts to the library",
		long: "Reads transcripts of any common format, gzip included. An episode that is there\n" +
			"already is replaced. A file that cannot be read is reported, the others are\n" +
			"still added, and the exit status is 1.",
		flags: []string{"json"},
	},
	{
		name: "remove", args: "EPISODE...", minArgs: 1, maxArgs: -1,
		short: "remove episodes from the library",
	},
	{
		name:  "episodes",
		short: "list the episodes",
		flags: []string{"json", "show", "speaker", "from", "to"},
	},
	{
		name: "show", args: "EPISODE", minArgs: 1, maxArgs: 1,
		short: "print a transcript with its line numbers",
		flags: []string{"json"},
	},
	{
		name: "eval", args: "GOLD...", minArgs: 1, maxArgs: -1,
		short: "measure answers and search against questions with marked lines",
		long: "GOLD is a *.gold.jsonl file with its transcripts in a folder of the same name\n" +
			"beside it, or a folder with questions.jsonl and quotes.jsonl.",
		flags: []string{"json", "mode"},
	},
	{
		name:  "check",
		short: "check that the library is whole",
		flags: []string{"json"},
	},
}

// options are the values of the flags of subcommands.
type options struct {
	json    bool
	batch   string
	k       int
	episode string
	show    string
	speaker string
	// from and to are days at 00:00 UTC, zero when not given.
	from, to time.Time
	style    string
	mode     string
}

// optionFlags says for each flag of a subcommand how it is declared. The word
// in back quotes is what the usage calls its value.
var optionFlags = map[string]func(*flag.FlagSet, *options){
	"json": func(fs *flag.FlagSet, o *options) {
		fs.BoolVar(&o.json, "json", false, "print JSON on stdout and nothing else")
	},
	"batch": func(fs *flag.FlagSet, o *options) {
		fs.StringVar(&o.batch, "batch", "", `answer each line {"id","query","episode"} of `+"`FILE`"+` (- for standard input) with a line of JSON`)
	},
	"k": func(fs *flag.FlagSet, o *options) {
		o.k = 10
		fs.Func("k", "at most `N` hits (default 10)", func(s string) error { return parseCount(s, &o.k) })
	},
	"episode": func(fs *flag.FlagSet, o *options) {
		fs.StringVar(&o.episode, "episode", "", "look in the episode `ID` only")
	},
	"show": func(fs *flag.FlagSet, o *options) {
		fs.StringVar(&o.show, "show", "", "look in episodes of the show `NAME` only")
	},
	"speaker": func(fs *flag.FlagSet, o *options) {
		fs.StringVar(&o.speaker, "speaker", "", "look where the speaker `NAME` speaks only")
	},
	"from": func(fs *flag.FlagSet, o *options) {
		fs.Func("from", "look in episodes of this `DAY` (2025-03-06) or later only", func(s string) error { return parseDay(s, &o.from) })
	},
	"to": func(fs *flag.FlagSet, o *options) {
		fs.Func("to", "look in episodes of this `DAY` (2025-03-06) or earlier only", func(s string) error { return parseDay(s, &o.to) })
	},
	"style": func(fs *flag.FlagSet, o *options) {
		o.style = "brief"
		fs.Func("style", "`STYLE`: brief, detailed, chapters or takeaways (default brief)", oneOf(&o.style, "brief", "detailed", "chapters", "takeaways"))
	},
	"mode": func(fs *flag.FlagSet, o *options) {
		o.mode = "hybrid"
		fs.Func("mode", "`MODE` of search: hybrid, bm25 or vectors (default hybrid)", oneOf(&o.mode, "hybrid", "bm25", "vectors"))
	},
}

// parseCount reads a number from 1 to 1000.
func parseCount(s string, n *int) error {
	v, err := strconv.Atoi(s)
	if err != nil || v < 1 || v > 1000 {
		return errors.New("want a number from 1 to 1000")
	}
	*n = v
	return nil
}

func parseDay(s string, t *time.Time) error {
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return errors.New("want a day such as 2025-03-06")
	}
	*t = day
	return nil
}

// oneOf sets *value to any of the choices.
func oneOf(value *string, choices ...string) func(string) error {
	return func(s string) error {
		for _, c := range choices {
			if s == c {
				*value = s
				return nil
			}
		}
		return fmt.Errorf("want one of %q", choices)
	}
}
