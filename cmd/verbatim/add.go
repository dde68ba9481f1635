package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"verbatim/bot"
	"verbatim/retrieval"
	"verbatim/retrieval/local"
	"verbatim/retrieval/transcript"
)

// addedFile is what became of a file, as the contract has it.
type addedFile struct {
	File     string              `json:"file"`
	Episode  retrieval.EpisodeID `json:"episode"`
	Format   string              `json:"format"`
	Lines    int                 `json:"lines"`
	Passages int                 `json:"passages"`
	Warnings []string            `json:"warnings"`
}

// failedFile is a file that was not added.
type failedFile struct {
	File  string `json:"file"`
	Error string `json:"error"`
}

// runAdd adds transcripts, each for itself. What ends it early is what would
// go wrong with every file: the library or the endpoint.
func runAdd(ctx context.Context, c *call) error {
	if err := c.checkAddFlags(); err != nil {
		return err
	}
	a := &adder{call: c, taken: map[retrieval.EpisodeID]string{}}
	defer a.close()
	var fatal error
	for i, file := range c.args {
		a.showProgress(i)
		err := a.add(ctx, file)
		if err != nil && !isFileError(err) {
			fatal = c.hinted(err)
			break
		}
	}
	a.hideProgress()
	if c.options.json {
		if fatal != nil {
			a.giveUp(fatal)
		}
		if err := c.ui.json(a.results); err != nil {
			return err
		}
	}
	switch {
	case fatal != nil:
		return fatal
	case a.failed:
		return errFailed
	}
	return nil
}

// checkAddFlags makes sure that what is said about one file is not said about
// several.
func (c *call) checkAddFlags() error {
	o := &c.options
	if len(c.args) > 1 && (o.id != "" || o.title != "" || !o.date.IsZero() || o.audioURL != "") {
		return &usageError{message: "add: -id, -title, -date and -audio-url are for one file alone", hint: "add that file by itself"}
	}
	return nil
}

// isFileError reports whether the fault is the file's own.
func isFileError(err error) bool {
	var read *transcript.Error
	return errors.As(err, &read) || errors.Is(err, bot.ErrSameID) || errors.Is(err, bot.ErrEpisodeID) || errors.Is(err, local.ErrInvalid)
}

// adder adds files one after another.
type adder struct {
	*call
	library *library // nil until the first file that can be read
	taken   map[retrieval.EpisodeID]string
	results []any
	failed  bool
	bar     *progress
	// detail shows how far one large file is.
	detail *progress
}

func (a *adder) close() {
	if a.library != nil {
		a.library.Close()
	}
}

// add adds a file, and reports it unless the error is not the file's own.
func (a *adder) add(ctx context.Context, file string) error {
	added, err := a.addFile(ctx, file)
	if err != nil {
		if isFileError(err) {
			a.fail(file, err)
		}
		return err
	}
	a.taken[added.Episode] = file
	a.results = append(a.results, addedFile{
		File: file, Episode: added.Episode, Format: added.Format, Lines: added.Lines, Passages: added.Passages, Warnings: added.Warnings,
	})
	a.hideProgress()
	if !a.options.json {
		printAdded(a.ui, file, added)
	}
	return nil
}

func (a *adder) addFile(ctx context.Context, file string) (*bot.Added, error) {
	content, err := transcript.Load(file)
	if err != nil {
		return nil, err
	}
	if a.library == nil {
		if a.library, err = a.openAdding(ctx); err != nil {
			return nil, err
		}
	}
	o := &a.options
	return a.library.bot.Add(ctx, retrieval.Public, bot.NewEpisode{
		File: file, Data: content, ID: retrieval.EpisodeID(o.id), Title: o.title, Show: o.show, Date: day(o.date), AudioURL: o.audioURL, Taken: a.taken,
	}, a.embedded)
}

// fail reports a file that cannot be added.
func (a *adder) fail(file string, err error) {
	a.failed = true
	a.results = append(a.results, failedFile{File: file, Error: err.Error()})
	a.hideProgress()
	if !a.options.json {
		a.ui.notef("verbatim: %s", plain(err.Error()))
		if hint := fileHint(err); hint != "" {
			a.ui.notef("hint: %s", hint)
		}
	}
}

// giveUp says of the files not reached that they were not added.
func (a *adder) giveUp(fatal error) {
	for _, file := range a.args[len(a.results):] {
		a.results = append(a.results, failedFile{File: file, Error: "not added: " + fatal.Error()})
	}
}

func fileHint(err error) string {
	var read *transcript.Error
	switch {
	case errors.Is(err, transcript.ErrEmpty):
		return "the file has no content; export the transcript again"
	case errors.Is(err, transcript.ErrNotTranscript):
		return "give a transcript: text, SRT, WebVTT, JSON, HTML or another common format"
	case errors.Is(err, transcript.ErrTooLarge), errors.Is(err, transcript.ErrTooManyLines), errors.Is(err, transcript.ErrTooLong):
		return "split the file into episodes"
	case errors.As(err, &read):
		return "check the name; folders are added file by file: verbatim add FOLDER/*"
	}
	return ""
}

// fewPassages are embedded before a bar could be read.
const fewPassages = 2000

// showProgress shows which of several files is at work.
func (a *adder) showProgress(done int) {
	if len(a.args) < 2 {
		return
	}
	if a.bar == nil {
		a.bar = a.ui.progress("files", len(a.args))
	}
	a.bar.set(done)
}

// embedded shows how far a single file is, where that takes a while.
func (a *adder) embedded(done, total int) {
	if len(a.args) > 1 || total < fewPassages && a.config.EmbeddingModel == "" {
		return
	}
	if a.detail == nil {
		a.detail = a.ui.progress("passages", total)
	}
	a.detail.set(done)
}

// hideProgress makes room for a line of text.
func (a *adder) hideProgress() {
	for _, p := range []*progress{a.bar, a.detail} {
		if p != nil {
			p.hide()
		}
	}
}

// fewWarnings of a file are printed; -json gives all.
const fewWarnings = 5

func printAdded(u *ui, file string, added *bot.Added) {
	verb := "Added"
	if added.Replaced {
		verb = "Replaced"
	}
	u.printf("%s %s: %s, %s, %s (%s)\n", verb, u.bold(plain(string(added.Episode))), added.Format, count(added.Lines, "line"), count(added.Passages, "passage"), plain(file))
	for _, w := range added.Warnings[:min(len(added.Warnings), fewWarnings)] {
		u.paragraph("  ", plain(w))
	}
	if more := len(added.Warnings) - fewWarnings; more > 0 {
		u.printf("  and %s; -json lists all\n", count(more, "more warning"))
	}
}

// runRemove removes episodes. When one of them is not there nothing is
// removed.
func runRemove(ctx context.Context, c *call) error {
	m, err := c.models()
	if err != nil {
		return err
	}
	opened, err := c.existing(ctx, m)
	if err != nil {
		return err
	}
	l := c.newLibrary(opened, m.static, m)
	defer l.Close()
	var ids []string
	for _, id := range c.args {
		if slices.Contains(ids, id) {
			continue
		}
		ids = append(ids, id)
		if err := l.checkEpisode(ctx, c, id); err != nil {
			return fmt.Errorf("nothing was removed: %w", err)
		}
	}
	for _, id := range ids {
		if err := l.bot.Remove(ctx, retrieval.Public, retrieval.EpisodeID(id)); err != nil {
			return c.hinted(err)
		}
		c.ui.printf("Removed %s\n", plain(id))
	}
	return nil
}
