package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"verbatim/retrieval"
)

// query is one thing to ask, search or look up.
type query struct {
	id     string
	text   string
	filter retrieval.Filter
	// number is its line in the batch file.
	number int
}

// batchLine is a line of a -batch file.
type batchLine struct {
	ID      string `json:"id"`
	Query   string `json:"query"`
	Episode string `json:"episode"`
}

// filter is what the flags narrow the search to.
func (c *call) filter() retrieval.Filter {
	f := retrieval.Filter{Scopes: scopes, Show: c.options.show, Speaker: c.options.speaker, From: c.options.from, To: c.options.to}
	if c.options.episode != "" {
		f.Episodes = []retrieval.EpisodeID{retrieval.EpisodeID(c.options.episode)}
	}
	return f
}

// forQueries opens the library and calls answer for the query of the command
// line, or for each of the batch file in its order. All of a batch is checked
// before the first is answered. The batch's id comes with each query.
func (c *call) forQueries(ctx context.Context, answer func(l *library, q query) error) error {
	queries := []query{{filter: c.filter()}}
	if c.options.batch != "" {
		var err error
		if queries, err = c.readBatch(); err != nil {
			return err
		}
	} else {
		queries[0].text = c.args[0]
	}
	for _, q := range queries {
		if len(retrieval.Tokens(q.text)) == 0 {
			return c.at(q, &usageError{message: fmt.Sprintf("%s %q: no words to look for", c.command.name, plain(q.text)), hint: "use letters or digits"})
		}
	}
	l, err := c.openReading(ctx, true)
	if err != nil {
		return err
	}
	defer l.Close()
	for _, q := range queries {
		for _, id := range q.filter.Episodes {
			if err := l.checkEpisode(ctx, c, string(id)); err != nil {
				return c.at(q, err)
			}
		}
	}
	for _, q := range queries {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := answer(l, q); err != nil {
			return c.at(q, c.hinted(err))
		}
	}
	return nil
}

// at says which line of a batch an error is about.
func (c *call) at(q query, err error) error {
	if c.options.batch == "" {
		return err
	}
	var usage *usageError
	if errors.As(err, &usage) { // bad data in a file is no wrong usage
		err = withHint(errors.New(usage.message), usage.hint)
	}
	return fmt.Errorf("batch %s: line %d: %w", c.options.batch, q.number, err)
}

// readBatch reads the whole batch file; - is standard input.
func (c *call) readBatch() ([]query, error) {
	name, in := c.options.batch, c.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("batch: %w", err)
		}
		defer f.Close()
		in = f
	}
	var queries []query
	reader := bufio.NewReader(in)
	for number := 1; ; number++ {
		line, readErr := reader.ReadBytes('\n')
		if readErr != nil && readErr != io.EOF {
			return nil, fmt.Errorf("batch %s: %w", name, readErr)
		}
		if text := bytes.TrimSpace(line); len(text) > 0 {
			q, err := c.parseBatchLine(text)
			if err != nil {
				return nil, withHint(fmt.Errorf("batch %s: line %d: %w", name, number, err), `want one JSON object a line: {"id":"q1","query":"...","episode":"ID"}; episode may be missing`)
			}
			q.number = number
			queries = append(queries, q)
		}
		if readErr == io.EOF {
			return queries, nil
		}
	}
}

func (c *call) parseBatchLine(text []byte) (query, error) {
	var line batchLine
	if err := json.Unmarshal(text, &line); err != nil {
		return query{}, fmt.Errorf("not such a JSON object: %w", err)
	}
	switch {
	case line.ID == "":
		return query{}, errors.New("no id")
	case line.Query == "":
		return query{}, errors.New("no query")
	}
	q := query{id: line.ID, text: line.Query, filter: c.filter()}
	if line.Episode != "" {
		q.filter.Episodes = []retrieval.EpisodeID{retrieval.EpisodeID(line.Episode)}
	}
	return q, nil
}

// batched is an answer with the id of its query before it.
type batched[T any] struct {
	ID string
	Of T
}

// MarshalJSON puts "id" before the fields of the answer, a JSON object.
func (b batched[T]) MarshalJSON() ([]byte, error) {
	id, err := marshal(b.ID)
	if err != nil {
		return nil, err
	}
	of, err := marshal(b.Of)
	if err != nil {
		return nil, err
	}
	joined := append([]byte(`{"id":`), id...)
	if len(of) > 2 {
		joined = append(joined, ',')
	}
	return append(joined, of[1:]...), nil
}

// marshal is json.Marshal that leaves <, > and & as they are.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// printJSON prints an answer: with its id on a line of its own in a batch.
func printJSON[T any](c *call, q query, v T) error {
	if c.options.batch != "" {
		return c.ui.jsonLine(batched[T]{ID: q.id, Of: v})
	}
	return c.ui.json(v)
}
