package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"verbatim/retrieval"
)

// scrubWait is how many milliseconds a removal waits for readers of other
// processes, so that it can empty the log behind it.
const scrubWait = 200

// Add implements retrieval.Library. The vectors are of Options.Model; they are
// brought to length 1. Passage IDs are made of scope, e.ID and place, whatever
// the passages say. Errors: [ErrInvalid], retrieval.ErrDimension,
// retrieval.ErrLocked, retrieval.ErrFull, [ErrReadOnly].
func (l *Library) Add(ctx context.Context, scope retrieval.Scope, e *retrieval.Episode, s *retrieval.Splitting, vectors [][]float32) (replaced bool, err error) {
	vectors, err = l.validate(scope, e, s, vectors)
	if err == nil {
		replaced, err = l.add(ctx, scope, e, s, vectors)
	}
	switch {
	case err == nil:
		return replaced, nil
	case e == nil:
		return false, fmt.Errorf("add episode: %w", explain(err))
	}
	return false, fmt.Errorf("add episode %q: %w", e.ID, explain(err))
}

func (l *Library) add(ctx context.Context, scope retrieval.Scope, e *retrieval.Episode, s *retrieval.Splitting, vectors [][]float32) (bool, error) {
	replaced := false
	err := l.write(ctx, func(w *writer) error {
		var err error
		if w.scope, err = w.ensureScope(ctx, scope); err != nil {
			return err
		}
		old, err := w.find(ctx, w.scope, e.ID)
		if err != nil {
			return err
		}
		if replaced = old != nil; replaced {
			if err := w.delete(ctx, old); err != nil {
				return err
			}
		}
		if err := w.insert(ctx, e, s, vectors); err != nil || !replaced {
			return err
		}
		return w.purgeWords(ctx)
	})
	return replaced && err == nil, err
}

// Remove implements retrieval.Library. When it returns, the words are gone
// from the file and its log, unless another process is reading just then: if
// so, they go with the next write or when the last process closes the library.
func (l *Library) Remove(ctx context.Context, scope retrieval.Scope, id retrieval.EpisodeID) error {
	err := l.write(ctx, func(w *writer) error {
		number, err := w.number(ctx, `SELECT number FROM scopes WHERE name = ?`, string(scope))
		if errors.Is(err, sql.ErrNoRows) {
			return retrieval.ErrUnknownEpisode
		}
		if err != nil {
			return err
		}
		w.scope = number
		old, err := w.find(ctx, number, id)
		if err != nil {
			return err
		}
		if old == nil {
			return retrieval.ErrUnknownEpisode
		}
		if err := w.deleteRecordsOf(ctx, scope, id); err != nil {
			return err
		}
		rest, err := w.number(ctx, `SELECT count(*) FROM episodes WHERE scope = ? AND number <> ?`, number, old.number)
		if err != nil {
			return err
		}
		if rest == 0 {
			return w.dropScope(ctx, old)
		}
		if err := w.delete(ctx, old); err != nil {
			return err
		}
		return w.purgeWords(ctx)
	})
	if err != nil {
		return fmt.Errorf("remove episode %q in scope %q: %w", id, scope, explain(err))
	}
	return nil
}

// writer is a write transaction.
type writer struct {
	session *session
	options *Options
	scope   int64
	// scrub says that words were removed, and the log must be emptied.
	scrub bool
}

// writeStage is how far a write has come.
type writeStage int

const (
	written   writeStage = iota // all is in the transaction
	coming                      // the view of after it is made, and shown to who may see it already
	committed                   // readers see the transaction
)

// write runs f in a write transaction, and shows its effect to readers before
// it returns. The view of after it is made before it is committed, from what
// the transaction alone sees: so no reader waits for it.
func (l *Library) write(ctx context.Context, f func(w *writer) error) error {
	if err := l.enter(); err != nil {
		return err
	}
	defer l.work.Done()
	if l.options.ReadOnly {
		return ErrReadOnly
	}
	s, err := l.writer.take(ctx)
	if err != nil {
		return err
	}
	w := &writer{session: s, options: &l.options}
	var next *view
	err = s.writing(ctx, func() error {
		if err := f(w); err != nil {
			return err
		}
		if err := w.exec(ctx, nextGeneration); err != nil {
			return err
		}
		l.reach(written)
		var err error
		next, err = l.load(ctx, s)
		return err
	}, func(commit func() error) error { return l.apply(next, commit) })
	if err == nil && w.scrub && l.path != "" {
		s.scrub(context.WithoutCancel(ctx), l.options.lockWait().Milliseconds())
	}
	l.writer.give(s, err)
	if err == nil {
		next.makeWords()
	}
	return err
}

// nextGeneration leaves a random number of generations out: no commit that went
// wrong, and no other process, gives the same number to another state.
const nextGeneration = `UPDATE meta SET value = value + 1 + (random() & 0xFFFFFF) WHERE key = 'generation'`

// apply commits what the view is of, and makes it the current one.
func (l *Library) apply(next *view, commit func() error) error {
	l.applying.Lock()
	defer l.applying.Unlock()
	l.coming.Store(next)
	l.reach(coming)
	if err := commit(); err != nil {
		l.coming.Store(nil)
		return err
	}
	l.reach(committed)
	l.show(next)
	return nil
}

func (l *Library) reach(stage writeStage) {
	if l.atStage != nil {
		l.atStage(stage)
	}
}

// scrub moves the log into the file and empties it. Other processes at work
// may prevent it; a later one does it then.
func (s *session) scrub(ctx context.Context, usual int64) {
	s.conn.ExecContext(ctx, "PRAGMA busy_timeout = "+strconv.Itoa(scrubWait))
	s.conn.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	s.conn.ExecContext(ctx, "PRAGMA busy_timeout = "+strconv.FormatInt(usual, 10))
}

func (w *writer) exec(ctx context.Context, query string, args ...any) error {
	_, err := w.insertRow(ctx, query, args...)
	return err
}

// insertRow returns the rowid of the row inserted last. The statement runs to
// its end even when ctx ends: that is looked at in between, which is cheaper
// than a watcher for each of thousands of rows.
func (w *writer) insertRow(ctx context.Context, query string, args ...any) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	result, err := w.session.exec(context.WithoutCancel(ctx), query, args...)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

func (w *writer) number(ctx context.Context, query string, args ...any) (int64, error) {
	return w.session.number(ctx, query, args...)
}

// stored is an episode's place in the file.
type stored struct {
	number, first, passages int64
}

// find returns nil when the scope has no such episode.
func (w *writer) find(ctx context.Context, scope int64, id retrieval.EpisodeID) (*stored, error) {
	var e *stored
	err := w.session.each(ctx, func(rows *sql.Rows) error {
		e = &stored{}
		return rows.Scan(&e.number, &e.first, &e.passages)
	}, `SELECT number, first_passage, passages FROM episodes WHERE scope = ? AND id = ?`, scope, string(id))
	return e, err
}

// ensureScope returns the scope's number, and makes its tables when it is new.
func (w *writer) ensureScope(ctx context.Context, scope retrieval.Scope) (int64, error) {
	number, err := w.number(ctx, `SELECT number FROM scopes WHERE name = ?`, string(scope))
	if err == nil || !errors.Is(err, sql.ErrNoRows) {
		return number, err
	}
	if number, err = w.insertRow(ctx, `INSERT INTO scopes (name) VALUES (?)`, string(scope)); err != nil {
		return 0, err
	}
	_, err = w.session.conn.ExecContext(ctx, fmt.Sprintf(`
		CREATE VIEW passages_of_%d AS
			SELECT p.id, p.terms FROM passages p JOIN episodes e ON e.number = p.episode WHERE e.scope = %[1]d;
		CREATE VIRTUAL TABLE passages_fts_%[1]d USING fts5(terms, content = 'passages_of_%[1]d', content_rowid = 'id', tokenize = 'ascii');
		CREATE VIRTUAL TABLE passages_vocab_%[1]d USING fts5vocab('passages_fts_%[1]d', 'row');
	`, number))
	return number, err
}

// purgeWords writes the scope's full-text index anew, without what was deleted:
// until then FTS5 keeps it beside a mark. Its own secure-delete option takes
// longer (see docs/decisions.md), since it looks for each word of each passage.
func (w *writer) purgeWords(ctx context.Context) error {
	return w.exec(ctx, fmt.Sprintf(`INSERT INTO passages_fts_%d (passages_fts_%[1]d) VALUES ('optimize')`, w.scope))
}

// delete takes an episode out of every table; purgeWords must follow.
func (w *writer) delete(ctx context.Context, e *stored) error {
	err := w.exec(ctx, fmt.Sprintf(`INSERT INTO passages_fts_%d (passages_fts_%[1]d, rowid, terms)
		SELECT 'delete', id, terms FROM passages WHERE episode = ?`, w.scope), e.number)
	if err != nil {
		return err
	}
	return w.deleteRows(ctx, e)
}

func (w *writer) deleteRows(ctx context.Context, e *stored) error {
	w.scrub = true
	if err := w.exec(ctx, `DELETE FROM vectors WHERE passage BETWEEN ? AND ?`, e.first, e.first+e.passages-1); err != nil {
		return err
	}
	for _, table := range []string{"passages", "sentences", "lines", "speakers"} {
		if err := w.exec(ctx, `DELETE FROM `+table+` WHERE episode = ?`, e.number); err != nil {
			return err
		}
	}
	return w.exec(ctx, `DELETE FROM episodes WHERE number = ?`, e.number)
}

// dropScope removes a scope with its last episode.
func (w *writer) dropScope(ctx context.Context, last *stored) error {
	if err := w.deleteRows(ctx, last); err != nil {
		return err
	}
	w.session.forget() // a prepared statement would hold on to the tables
	_, err := w.session.conn.ExecContext(ctx, fmt.Sprintf(
		`DROP TABLE passages_vocab_%d; DROP TABLE passages_fts_%[1]d; DROP VIEW passages_of_%[1]d`, w.scope))
	if err != nil {
		return err
	}
	return w.exec(ctx, `DELETE FROM scopes WHERE number = ?`, w.scope)
}

// insert puts an episode with all its parts in.
func (w *writer) insert(ctx context.Context, e *retrieval.Episode, s *retrieval.Splitting, vectors [][]float32) error {
	highest, err := w.number(ctx, `SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'passages'), 0)`)
	if err != nil {
		return err
	}
	var date any
	if !e.Date.IsZero() {
		date = e.DateString()
	}
	number, err := w.insertRow(ctx, `INSERT INTO episodes (scope, id, title, show, date, description, audio_url, format,
			total_lines, timed, first_passage, passages) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		w.scope, string(e.ID), e.Title, e.Show, date, e.Description, e.AudioURL, e.Format,
		e.TotalLines, e.Timed(), highest+1, len(s.Passages))
	if err != nil {
		return err
	}
	for i := range e.Lines {
		line := &e.Lines[i]
		err := w.exec(ctx, `INSERT INTO lines (episode, n, speaker, start_ns, end_ns, text, boilerplate) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			number, line.N, line.Speaker, nanoseconds(line.Start), nanoseconds(line.End), line.Text, line.Boilerplate)
		if err != nil {
			return err
		}
	}
	for i := range s.Sentences {
		t := &s.Sentences[i]
		err := w.exec(ctx, `INSERT INTO sentences (episode, seq, text, first_line, last_line, speaker, start_ns, end_ns, boilerplate, repeat)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, number, i, t.Text, t.FirstLine, t.LastLine, t.Speaker,
			nanoseconds(t.Start), nanoseconds(t.End), t.Boilerplate, t.Repeat)
		if err != nil {
			return err
		}
	}
	speakers, err := w.insertSpeakers(ctx, number, e, s)
	if err != nil {
		return err
	}
	return w.insertPassages(ctx, number, highest+1, s, speakers, vectors)
}

// insertSpeakers returns all speakers in the order of their numbers.
func (w *writer) insertSpeakers(ctx context.Context, episode int64, e *retrieval.Episode, s *retrieval.Splitting) ([]string, error) {
	speakers := e.Speakers()
	inLines := len(speakers)
	for i := range s.Passages {
		for _, name := range s.Passages[i].Speakers {
			if !slices.Contains(speakers, name) {
				speakers = append(speakers, name)
			}
		}
	}
	for i, name := range speakers {
		if err := w.exec(ctx, `INSERT INTO speakers (episode, seq, name, in_line) VALUES (?, ?, ?, ?)`, episode, i, name, i < inLines); err != nil {
			return nil, err
		}
	}
	return speakers, nil
}

// insertPassages gives the passages the IDs from first on, with their terms in
// the full-text index and their vectors.
func (w *writer) insertPassages(ctx context.Context, episode, first int64, s *retrieval.Splitting, speakers []string, vectors [][]float32) error {
	var model int64
	if len(vectors) > 0 {
		var err error
		if model, err = w.ensureModel(ctx, len(vectors[0])); err != nil {
			return err
		}
	}
	index := fmt.Sprintf(`INSERT INTO passages_fts_%d (rowid, terms) VALUES (?, ?)`, w.scope)
	for i := range s.Passages {
		p := &s.Passages[i]
		row := first + int64(i)
		var spoken []byte
		for j, name := range p.Speakers {
			if j > 0 {
				spoken = append(spoken, ',')
			}
			spoken = strconv.AppendInt(spoken, int64(slices.Index(speakers, name)), 10)
		}
		err := w.exec(ctx, `INSERT INTO passages (id, episode, seq, first_sentence, last_sentence, first_line, last_line, start_ns, end_ns, speakers, terms)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, row, episode, i, p.First, p.Last, p.FirstLine, p.LastLine,
			nanoseconds(p.Start), nanoseconds(p.End), string(spoken), p.Terms)
		if err != nil {
			return err
		}
		if err := w.exec(ctx, index, row, p.Terms); err != nil {
			return err
		}
		if err := w.exec(ctx, `INSERT INTO vectors (passage, model, vector) VALUES (?, ?, ?)`, row, model, encodeVector(vectors[i])); err != nil {
			return err
		}
	}
	return nil
}

// nanoseconds is a moment as columns hold it.
func nanoseconds(m retrieval.Moment) any {
	if !m.Known {
		return nil
	}
	return int64(m.Offset)
}
