package local

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"slices"
	"strings"

	"verbatim/retrieval"
)

// Report is what Check found.
type Report struct {
	// Problems say in plain words what is wrong; none, and the library is
	// whole.
	Problems []string
	Scopes, Episodes, Lines, Sentences, Passages,
	// Vectors are those of the serving model, Model.
	Vectors int
	Model string
	// Waiting is the number of passages whose vector of the serving model is
	// still to come, because the model is being changed (see Reembed).
	Waiting int
	// Bytes is the size of the file and its log; 0 in memory.
	Bytes int64
}

// Whole reports whether nothing is wrong.
func (r *Report) Whole() bool { return len(r.Problems) == 0 }

func (r *Report) add(format string, args ...any) {
	r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
}

// rule is a query that counts what must not be.
type rule struct {
	problem string // with %d for the count
	query   string
}

// rules hold whatever the model. Foreign keys are looked at by SQLite itself.
var rules = []rule{
	{"%d sentences are missing between others of their episode",
		`SELECT coalesce(sum(gaps), 0) FROM (SELECT max(seq) + 1 - count(*) AS gaps FROM sentences GROUP BY episode)`},
	{"%d passages have sentences that their episode has not",
		`SELECT count(*) FROM passages p WHERE p.first_sentence < 0 OR p.last_sentence < p.first_sentence OR p.last_sentence >
			coalesce((SELECT max(seq) FROM sentences s WHERE s.episode = p.episode), -1)`},
	{"%d passages are not where their episode says",
		`SELECT count(*) FROM passages p JOIN episodes e ON e.number = p.episode
			WHERE p.id <> e.first_passage + p.seq OR p.seq NOT BETWEEN 0 AND e.passages - 1`},
	{"%d episodes have more or fewer passages than they say",
		`SELECT count(*) FROM episodes e WHERE passages <> (SELECT count(*) FROM passages p WHERE p.episode = e.number)`},
	{"%d episodes have no lines",
		`SELECT count(*) FROM episodes e WHERE NOT EXISTS (SELECT 1 FROM lines l WHERE l.episode = e.number)`},
	{"%d lines are beyond the end of their file",
		`SELECT count(*) FROM lines l JOIN episodes e ON e.number = l.episode WHERE l.n < 1 OR l.n > e.total_lines`},
	{"%d scopes have no episode",
		`SELECT count(*) FROM scopes s WHERE NOT EXISTS (SELECT 1 FROM episodes e WHERE e.scope = s.number)`},
	{"%d embedding models more than one are serving",
		`SELECT max(0, count(*) - 1) FROM models WHERE state = 'serving'`},
	{"no embedding model is serving, though there are %d passages",
		`SELECT count(*) FROM passages WHERE NOT EXISTS (SELECT 1 FROM models WHERE state = 'serving')`},
	{"%d vectors are not of their model's dimension",
		`SELECT count(*) FROM vectors v JOIN models m ON m.number = v.model WHERE length(v.vector) <> 4 * m.dimension`},
	{"%d passages have no vector",
		`SELECT count(*) FROM passages p WHERE NOT EXISTS (SELECT 1 FROM vectors v JOIN models m ON m.number = v.model
			WHERE v.passage = p.id AND m.state <> 'retired')`},
	{"%d passages have no vector of the serving model, and no other is being made",
		`SELECT count(*) FROM passages p WHERE NOT EXISTS (SELECT 1 FROM models WHERE state = 'filling')
			AND EXISTS (SELECT 1 FROM vectors v WHERE v.passage = p.id)
			AND NOT EXISTS (SELECT 1 FROM vectors v JOIN models m ON m.number = v.model WHERE v.passage = p.id AND m.state = 'serving')`},
}

// Check looks for damage: in the file's structure, between its tables, in the
// full-text indexes, and between the file and the vector index in memory. The
// error says that the check could not be done; what it found is in the report.
// With Options.ReadOnly the words of the full-text indexes are not compared.
func (l *Library) Check(ctx context.Context) (*Report, error) {
	report := &Report{}
	err := l.read(ctx, func(s *session, v *view) error {
		*report = Report{Model: v.model.name}
		return l.check(ctx, s, v, report)
	})
	if err == nil && !l.options.ReadOnly {
		err = l.checkWords(ctx, report)
	}
	if err != nil {
		return nil, fmt.Errorf("check library: %w", explain(err))
	}
	for _, suffix := range []string{"", "-wal"} {
		if info, err := os.Stat(l.path + suffix); err == nil && l.path != "" {
			report.Bytes += info.Size()
		}
	}
	return report, nil
}

func (l *Library) check(ctx context.Context, s *session, v *view, report *Report) error {
	for _, scope := range v.scopes {
		// A search makes this connection's FTS5 look at the file again. Asked
		// for integrity it does not by itself, and finds its own memory of
		// before another connection's write to be damage (SQLite 3.54).
		err := s.each(ctx, func(*sql.Rows) error { return nil },
			fmt.Sprintf(`SELECT rowid FROM passages_fts_%d WHERE passages_fts_%[1]d MATCH '"x"' LIMIT 1`, scope.number))
		if err != nil && ctx.Err() != nil {
			return err // any other is what the check is about to name
		}
	}
	if err := report.structure(ctx, s); err != nil {
		return err
	}
	if err := report.counts(ctx, s); err != nil {
		return err
	}
	for _, r := range rules {
		n, err := s.number(ctx, r.query)
		if err != nil {
			return err
		}
		if n > 0 {
			report.add(r.problem, n)
		}
	}
	if err := report.indexes(ctx, s, v); err != nil {
		return err
	}
	report.memory(v)
	return nil
}

// structure asks SQLite.
func (r *Report) structure(ctx context.Context, s *session) error {
	err := s.each(ctx, func(rows *sql.Rows) error {
		var message string
		err := rows.Scan(&message)
		if message != "ok" {
			r.add("SQLite finds: %s", message)
		}
		return err
	}, `PRAGMA integrity_check`)
	if err != nil {
		return err
	}
	return s.each(ctx, func(rows *sql.Rows) error {
		var table, parent string
		var n int
		err := rows.Scan(&table, &parent, &n)
		r.add("%d rows of %s belong to no row of %s", n, table, parent)
		return err
	}, `SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2 ORDER BY 1, 2`)
}

func (r *Report) counts(ctx context.Context, s *session) error {
	for _, c := range []struct {
		to    *int
		query string
	}{
		{&r.Scopes, `SELECT count(*) FROM scopes`},
		{&r.Episodes, `SELECT count(*) FROM episodes`},
		{&r.Lines, `SELECT count(*) FROM lines`},
		{&r.Sentences, `SELECT count(*) FROM sentences`},
		{&r.Passages, `SELECT count(*) FROM passages`},
		{&r.Vectors, `SELECT count(*) FROM vectors v JOIN models m ON m.number = v.model WHERE m.state = 'serving'`},
		{&r.Waiting, `SELECT count(*) FROM passages p WHERE EXISTS (SELECT 1 FROM models WHERE state = 'filling') AND NOT EXISTS
			(SELECT 1 FROM vectors v JOIN models m ON m.number = v.model WHERE v.passage = p.id AND m.state = 'serving')`},
	} {
		n, err := s.number(ctx, c.query)
		if err != nil {
			return err
		}
		*c.to = int(n)
	}
	return nil
}

// indexes compares the full-text indexes with the scopes and their passages.
func (r *Report) indexes(ctx context.Context, s *session, v *view) error {
	var tables []string
	err := s.each(ctx, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		tables = append(tables, name)
		return err
	}, `SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%USING fts5(%'`)
	if err != nil {
		return err
	}
	for _, scope := range v.scopes {
		name := fmt.Sprintf("passages_fts_%d", scope.number)
		i := slices.Index(tables, name)
		if i < 0 {
			r.add("scope %q has no full-text index", scope.name)
			continue
		}
		tables = slices.Delete(tables, i, i+1)
		n, err := s.number(ctx, fmt.Sprintf(`SELECT count(*) FROM passages_of_%d p
			FULL JOIN passages_fts_%[1]d_docsize f ON f.id = p.id WHERE p.id IS NULL OR f.id IS NULL`, scope.number))
		if err != nil {
			return err
		}
		if n > 0 {
			r.add("%d passages of scope %q are not in both the library and its full-text index", n, scope.name)
		}
	}
	if len(tables) > 0 {
		r.add("full-text indexes without a scope: %s", strings.Join(tables, ", "))
	}
	return nil
}

// memory compares the view and its collections with the counts of the file.
func (r *Report) memory(v *view) {
	episodes, passages, documents, blank := 0, 0, 0, 0
	for _, scope := range v.scopes {
		episodes += len(scope.episodes)
		for _, e := range scope.episodes {
			passages += e.info.Passages
			documents += e.vectors.count()
			for _, step := range e.vectors.rough.step {
				if step == 0 {
					blank++
				}
			}
		}
	}
	if episodes != r.Episodes || passages != r.Passages {
		r.add("in memory are %d episodes with %d passages, in the file %d with %d", episodes, passages, r.Episodes, r.Passages)
	}
	if documents+blank != passages {
		r.add("the vector index has %d passages and lacks %d, of %d", documents, blank, passages)
	}
}

// checkWords has FTS5 compare each index with the terms of the passages. For
// SQLite that is a write, though nothing changes.
func (l *Library) checkWords(ctx context.Context, report *Report) error {
	if err := l.enter(); err != nil {
		return err
	}
	defer l.work.Done()
	s, err := l.writer.take(ctx)
	if err != nil {
		return err
	}
	err = s.writing(ctx, func() error {
		type scope struct {
			number int64
			name   retrieval.Scope
		}
		var scopes []scope
		err := s.each(ctx, func(rows *sql.Rows) error {
			var c scope
			err := rows.Scan(&c.number, &c.name)
			scopes = append(scopes, c)
			return err
		}, `SELECT s.number, s.name FROM scopes s JOIN sqlite_schema t ON t.name = 'passages_fts_' || s.number`)
		if err != nil {
			return err
		}
		for _, c := range scopes {
			_, err := s.exec(ctx, fmt.Sprintf(`INSERT INTO passages_fts_%d (passages_fts_%[1]d, rank) VALUES ('integrity-check', 1)`, c.number))
			if isDamage(err) {
				report.add("the full-text index of scope %q does not hold the words of its passages", c.name)
				continue
			}
			if err != nil {
				return err
			}
		}
		return nil
	}, commitOnly)
	l.writer.give(s, err)
	return err
}
