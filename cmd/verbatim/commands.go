package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"slices"
	"strconv"
	"time"

	"verbatim/bot"
	"verbatim/retrieval"
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
	// usages take the place of what optionFlags says of a flag.
	usages map[string]string
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
	// saidWithout are the reasons for answers without the language model that
	// were told already.
	saidWithout map[bot.Fallback]bool
}

// filters are the flags that narrow what is searched.
var filters = []string{"episode", "show", "speaker", "from", "to"}

// commandTable lists all subcommands in the order in which the usage shows
// them.
var commandTable = []command{
	{
		name:  "serve",
		short: "answer in a browser and in Discord; what verbatim does when no command is given",
		long: "Serves pages at HTTP_ADDR to ask and to read on, and, with DISCORD_TOKEN,\n" +
			"registers the commands in Discord and answers there, until it is interrupted;\n" +
			"then it finishes the answers in the making, up to 20 s. Episodes of the library\n" +
			"are for everybody; those added in a server are for it alone. On an empty library\n" +
			"it adds the sample episode, to try.",
		run: runServe,
	},
	{
		name: "ask", args: "QUESTION", minArgs: 1, maxArgs: -1, joined: true,
		short: "answer a question, with citations",
		long: "Answers from the transcripts, each sentence with the words it rests on. When the\n" +
			"transcripts do not hold the answer it says so and exits with 0.",
		flags: slices.Concat([]string{"json", "batch", "extractive"}, filters),
		run:   runAsk,
	},
	{
		name: "search", args: "QUERY", minArgs: 1, maxArgs: -1, joined: true,
		short: "list the passages that fit a query best",
		flags: slices.Concat([]string{"json", "batch", "k"}, filters),
		run:   runSearch,
	},
	{
		name: "quote", args: "WORDS", minArgs: 1, maxArgs: -1, joined: true,
		short: "find where words were said: exactly, nearly or in meaning",
		long: "Looks for the words as they stand, then with small errors forgiven, then by\n" +
			"meaning. When they were not said it says so and exits with 0.",
		flags: slices.Concat([]string{"json", "batch"}, filters),
		run:   runQuote,
	},
	{
		name: "summary", args: "[EPISODE]", maxArgs: 1,
		short: "summarize an episode, each point with its citation",
		long:  "EPISODE may be left out when the library has only one.",
		flags: []string{"json", "style", "extractive"},
		run:   runSummary,
	},
	{
		name: "add", args: "FILE...", minArgs: 1, maxArgs: -1,
		short: "add transcripts to the library",
		long: "Reads transcripts of any common format, gzip included. An episode that is there\n" +
			"already is replaced. A file that cannot be read is reported, the others are\n" +
			"still added, and the exit status is 1. -id, -title, -date and -audio-url take\n" +
			"the place of what the file says, where it is the only one.",
		flags:  []string{"json", "id", "title", "show", "date", "audio-url"},
		usages: map[string]string{"show": "the show `NAME` that the files belong to"},
		run:    runAdd,
	},
	{
		name: "remove", args: "EPISODE...", minArgs: 1, maxArgs: -1,
		short: "remove episodes from the library",
		run:   runRemove,
	},
	{
		name:  "episodes",
		short: "list the episodes",
		flags: []string{"json", "show", "speaker", "from", "to"},
		run:   runEpisodes,
	},
	{
		name: "show", args: "[EPISODE]", maxArgs: 1,
		short: "print a transcript with its line numbers",
		long:  "EPISODE may be left out when the library has only one.",
		flags: []string{"json"},
		run:   runShow,
	},
	{
		name: "eval", args: "GOLD...", minArgs: 1, maxArgs: -1,
		short: "measure answers and search against questions with marked lines",
		long: "GOLD is a *.gold.jsonl file with its transcripts in a folder of the same name\n" +
			"beside it, a folder with questions.jsonl and quotes.jsonl, or a folder of such\n" +
			"sets. It is read into memory; the library is not touched.\n\n" +
			"verbatim eval compare A B sets two runs side by side that -out has written: the\n" +
			"figures of each over the questions that both have, and how much B is higher, with\n" +
			"the range that holds 95 % of paired bootstrap resamples.",
		flags: []string{"json", "mode", "extractive", "answers", "out", "unverified"},
		run:   runEval,
	},
	{
		name:  "check",
		short: "check that the library is whole and the language model answers",
		flags: []string{"json"},
		run:   runCheck,
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
	// extractive asks for no language model, unverified for one whose sentences
	// are not checked.
	extractive, unverified bool
	// answers has all sets asked; out is the file of the run.
	answers bool
	out     string
	// id to audioURL are about the file to add.
	id, title, audioURL string
	date                time.Time
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
	"extractive": func(fs *flag.FlagSet, o *options) {
		fs.BoolVar(&o.extractive, "extractive", false, "use no language model, though one is set")
	},
	"unverified": func(fs *flag.FlagSet, o *options) {
		fs.BoolVar(&o.unverified, "unverified", false, "leave the language model's sentences and marks as they are, to see what checking them is worth")
	},
	"answers": func(fs *flag.FlagSet, o *options) {
		fs.BoolVar(&o.answers, "answers", false, "ask the questions of *.gold.jsonl files, too, rather than only search for them")
	},
	"out": func(fs *flag.FlagSet, o *options) {
		fs.StringVar(&o.out, "out", "", "write what comes of each question into `FILE`, a line of JSON for each")
	},
	"id": func(fs *flag.FlagSet, o *options) {
		fs.Func("id", "the episode's `ID`: lower-case letters, digits and hyphens (default: made of the file's name)", func(s string) error {
			if s == "" || string(retrieval.Slug(s)) != s {
				return fmt.Errorf("want lower-case letters, digits and hyphens, such as %q", cmp.Or(retrieval.Slug(s), "episode-12"))
			}
			o.id = s
			return nil
		})
	},
	"title": func(fs *flag.FlagSet, o *options) {
		fs.StringVar(&o.title, "title", "", "the episode's `TITLE`")
	},
	"date": func(fs *flag.FlagSet, o *options) {
		fs.Func("date", "the `DAY` (2025-03-06) of the episode", func(s string) error { return parseDay(s, &o.date) })
	},
	"audio-url": func(fs *flag.FlagSet, o *options) {
		fs.Func("audio-url", "the `URL` of the episode's audio, for links to the moment", func(s string) error {
			u, err := url.Parse(s)
			if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
				return errors.New("want a URL such as https://example.com/12.mp3")
			}
			o.audioURL = s
			return nil
		})
	},
	"mode": func(fs *flag.FlagSet, o *options) {
		o.mode = "all"
		fs.Func("mode", "`MODE` of search: hybrid, bm25, vectors or all (default all)", oneOf(&o.mode, "hybrid", "bm25", "vectors", "all"))
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
