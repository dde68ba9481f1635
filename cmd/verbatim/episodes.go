package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"verbatim/retrieval"
)

// episodeEntry is an episode of the list, as the contract has it.
type episodeEntry struct {
	ID       retrieval.EpisodeID `json:"id"`
	Title    string              `json:"title"`
	Show     string              `json:"show"`
	Date     string              `json:"date"`
	Lines    int                 `json:"lines"`
	Passages int                 `json:"passages"`
	Speakers []string            `json:"speakers"`
	Timed    bool                `json:"timed"`
}

// runEpisodes lists the episodes.
func runEpisodes(ctx context.Context, c *call) error {
	l, err := c.openReading(ctx, false)
	if err != nil {
		return err
	}
	defer l.Close()
	list, err := l.List(ctx, c.filter())
	if err != nil {
		return c.hinted(err)
	}
	if !c.options.json {
		printEpisodes(c.ui, list)
		return nil
	}
	entries := make([]episodeEntry, len(list))
	for i := range list {
		e := &list[i]
		entries[i] = episodeEntry{
			ID: e.ID, Title: e.Title, Show: e.Show, Date: day(e.Date), Lines: e.TotalLines,
			Passages: e.Passages, Speakers: append([]string{}, e.Speakers...), Timed: e.Timed,
		}
	}
	return c.ui.json(entries)
}

// day is the date as 2006-01-02, "" when unknown.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// leastTitle is how much of a title a table must have room for.
const leastTitle = 24

// printEpisodes prints a table; the titles take the room that the rest leaves.
// Where long IDs leave too little, it is a list.
func printEpisodes(u *ui, list []retrieval.EpisodeInfo) {
	if len(list) == 0 {
		u.printf("No episode fits.\n")
		return
	}
	ids, lines := len("EPISODE"), len("LINES")
	for i := range list {
		ids = max(ids, columns(string(list[i].ID)))
		lines = max(lines, len(strconv.Itoa(list[i].TotalLines)))
	}
	room := lineWidth - ids - lines - len(time.DateOnly) - 6
	if room < leastTitle {
		printEpisodeList(u, list)
		return
	}
	row := func(id, date, n, title string, style func(string) string) {
		pad := strings.Repeat(" ", max(0, ids-columns(id)))
		u.printf("%s\n", strings.TrimRight(style(fmt.Sprintf("%s%s  %-10s  %*s  %s", id, pad, date, lines, n, title)), " "))
	}
	row("EPISODE", "DATE", "LINES", "TITLE", u.dim)
	for i := range list {
		e := &list[i]
		row(string(e.ID), day(e.Date), strconv.Itoa(e.TotalLines), cut(plain(e.Title), room), func(s string) string { return s })
	}
}

// printEpisodeList prints the IDs with the rest below them.
func printEpisodeList(u *ui, list []retrieval.EpisodeInfo) {
	for i := range list {
		e := &list[i]
		about := []string{plain(e.Title), day(e.Date), strings.ReplaceAll(count(e.TotalLines, "line"), " ", together)}
		about = slices.DeleteFunc(about, func(s string) bool { return s == "" })
		u.printf("%s\n", u.bold(string(e.ID)))
		u.paragraph("    ", u.dimWords(strings.Join(about, together+"· ")))
	}
}
