package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
)

// dotenvName is looked for in the working directory.
const dotenvName = ".env"

// defaultCommand is what runs when no command is given.
const defaultCommand = "serve"

// run carries out one command line, args without the program's name. Its error
// is what [report] prints and turns into the exit status.
func run(ctx context.Context, args []string, env lookupFunc, stdin io.Reader, stdout, stderr io.Writer) error {
	return dispatch(ctx, commandTable, args, env, stdin, stdout, stderr)
}

// dispatch is run with the subcommands given, for tests.
func dispatch(ctx context.Context, all []command, args []string, env lookupFunc, stdin io.Reader, stdout, stderr io.Writer) error {
	given := make(map[string]string)
	top := newFlagSet("verbatim", given)
	if err := top.Parse(args); errors.Is(err, flag.ErrHelp) {
		return printUsage(stdout, all)
	} else if err != nil {
		return flagError(err, "verbatim -h lists the flags")
	}
	name, rest := defaultCommand, []string{}
	if top.NArg() > 0 {
		name, rest = top.Arg(0), top.Args()[1:]
	}
	if name == "help" {
		if len(rest) == 0 {
			return printUsage(stdout, all)
		}
		name, rest = rest[0], []string{"-h"}
	}
	i := slices.IndexFunc(all, func(c command) bool { return c.name == name })
	if i < 0 {
		return unknownCommand(name, all)
	}
	cmd := &all[i]

	c := &call{command: cmd, stdin: stdin, ui: newUI(stdout, stderr, env)}
	fs := newFlagSet(cmd.name, given)
	for _, f := range cmd.flags {
		optionFlags[f](fs, &c.options)
	}
	positional, err := parseMixed(fs, rest)
	if errors.Is(err, flag.ErrHelp) {
		return printCommandUsage(stdout, cmd, fs)
	} else if err != nil {
		return flagError(err, "verbatim "+cmd.name+" -h lists the flags")
	}
	if c.args, err = cmd.arguments(positional, c.options.batch != ""); err != nil {
		return err
	}
	if c.config, err = readConfig(given, env); err != nil {
		return err
	}
	c.log = slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: c.config.LogLevel}))
	if err := cmd.run(ctx, c); err != nil {
		return err
	}
	return c.ui.Err()
}

// newFlagSet declares the settings; those that are given are put into given.
func newFlagSet(name string, given map[string]string) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	for _, s := range settings() {
		fs.Func(s.Flag, s.Usage, func(value string) error {
			given[s.Flag] = value
			return nil
		})
	}
	return fs
}

// parseMixed parses flags before, between and after the arguments, which it
// returns. Everything after a "--" is an argument.
func parseMixed(fs *flag.FlagSet, args []string) (positional []string, err error) {
	var verbatim []string
	if i := slices.Index(args, "--"); i >= 0 {
		args, verbatim = args[:i], args[i+1:]
	}
	for {
		if err := fs.Parse(args); err != nil {
			return nil, err
		}
		if fs.NArg() == 0 {
			return append(positional, verbatim...), nil
		}
		positional = append(positional, fs.Arg(0))
		args = fs.Args()[1:]
	}
}

// arguments checks how many there are and joins those that are one text.
func (c *command) arguments(args []string, batch bool) ([]string, error) {
	wrong := func(message string) error {
		return &usageError{message: c.name + ": " + message, hint: strings.TrimSpace("usage: verbatim " + c.name + " [flags] " + c.args)}
	}
	if batch {
		if len(args) > 0 {
			return nil, wrong("-batch takes its queries from the file, so there must be no other")
		}
		return nil, nil
	}
	if c.joined {
		text := strings.TrimSpace(strings.Join(args, " "))
		if text == "" {
			return nil, wrong("no " + c.args + " given")
		}
		return []string{text}, nil
	}
	switch {
	case len(args) < c.minArgs:
		return nil, wrong("no " + strings.TrimSuffix(c.args, "...") + " given")
	case c.maxArgs >= 0 && len(args) > c.maxArgs:
		return nil, wrong(fmt.Sprintf("unexpected argument %q", args[c.maxArgs]))
	}
	return args, nil
}

// readConfig reads the settings once.
func readConfig(given map[string]string, env lookupFunc) (Config, error) {
	dotenv, err := readDotenv(dotenvName)
	if err != nil {
		return Config{}, err
	}
	config, err := newConfig(resolve(given, env, dotenv))
	if err != nil {
		return Config{}, err
	}
	// Who works in a folder from elsewhere works with its .env.
	ofFolder := func(flagName string) bool { return isOfDotenv(flagName, given, env, dotenv) }
	if ofFolder("openai-base-url") && !ofFolder("openai-api-key") {
		err = config.checkKeyStays()
	}
	if err == nil && ofFolder("discord-api-base") && !ofFolder("discord-token") {
		err = config.checkTokenStays()
	}
	return config, err
}

// flagError makes an error of the flag package one of ours.
func flagError(err error, hint string) error {
	message := err.Error()
	if name, ok := strings.CutPrefix(message, "flag provided but not defined: "); ok {
		message = "unknown flag " + name
		hint += "; words that begin with a hyphen go after --"
	}
	return &usageError{message: message, hint: hint}
}

func unknownCommand(name string, all []command) error {
	hint := "verbatim -h lists the commands"
	if strings.Contains(strings.TrimSpace(name), " ") {
		hint = "to ask a question: verbatim ask \"...\""
	}
	for _, c := range all {
		if strings.HasPrefix(c.name, name) || strings.HasPrefix(name, c.name) {
			hint = "did you mean verbatim " + c.name + "?"
		}
	}
	return &usageError{message: fmt.Sprintf("unknown command %q", name), hint: hint}
}
