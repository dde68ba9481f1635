package main

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// printUsage prints the usage of the program.
func printUsage(w io.Writer, all []command) error {
	var b strings.Builder
	b.WriteString("Verbatim answers questions about podcast episodes from their transcripts, with\n" +
		"citations to the exact words.\n\nUsage: verbatim COMMAND [flags] [arguments]\n")
	if len(all) > 0 {
		b.WriteString("\nCommands:\n")
		t := newTable(&b)
		for _, c := range all {
			fmt.Fprintf(t, "  %s\t%s\n", c.name, c.short)
		}
		t.Flush()
		b.WriteString("\nverbatim COMMAND -h tells more about one of them.\n")
	}
	writeSettings(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// printCommandUsage prints the usage of one command, whose flags fs has.
func printCommandUsage(w io.Writer, c *command, fs *flag.FlagSet) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\nUsage: %s\n", upperFirst(c.short)+".", strings.TrimSpace("verbatim "+c.name+" [flags] "+c.args))
	if c.long != "" {
		fmt.Fprintf(&b, "\n%s\n", c.long)
	}
	if len(c.flags) > 0 {
		b.WriteString("\nFlags:\n")
		t := newTable(&b)
		for _, name := range slices.Sorted(slices.Values(c.flags)) {
			f := *fs.Lookup(name)
			f.Usage = cmp.Or(c.usages[name], f.Usage)
			value, usage := flag.UnquoteUsage(&f)
			fmt.Fprintf(t, "  %s\t%s\n", strings.TrimSpace("-"+name+" "+value), usage)
		}
		t.Flush()
	}
	writeSettings(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// writeSettings lists the settings, which every command has.
func writeSettings(b *strings.Builder) {
	b.WriteString("\nSettings, each a flag, an environment variable or a line in .env:\n")
	for _, s := range settings() {
		fmt.Fprintf(b, "  -%s %s  (%s; default %s)\n        %s\n", s.Flag, s.Unit, s.Env, orNone(s.Default), s.Usage)
	}
	b.WriteString("\nExit status: 0 done, 1 failed, 2 wrong usage.\n")
}

func newTable(w io.Writer) *tabwriter.Writer { return tabwriter.NewWriter(w, 0, 0, 2, ' ', 0) }
