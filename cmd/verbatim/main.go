// Command verbatim answers questions about podcast episodes from their
// transcripts, each claim with a citation to the exact words.
//
// The subcommands are listed in [commands], the settings in [settings]. Each
// subcommand is one file with one run function; [run] reads flags and settings
// for it and is all that tests need.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.LookupEnv, os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(report(os.Stderr, err))
}
