package local

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
)

// maxStatements bounds the prepared statements of a session; with four for
// each scope, that is room for the busiest twenty or so.
const maxStatements = 100

// session is one database connection with its prepared statements. It serves
// one caller at a time.
type session struct {
	conn       *sql.Conn
	statements map[string]*sql.Stmt
}

// prepare returns the statement for the SQL text, prepared once.
func (s *session) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt, ok := s.statements[query]; ok {
		return stmt, nil
	}
	if len(s.statements) >= maxStatements {
		s.forget()
	}
	stmt, err := s.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s.statements[query] = stmt
	return stmt, nil
}

// forget closes all prepared statements.
func (s *session) forget() {
	for _, stmt := range s.statements {
		stmt.Close()
	}
	clear(s.statements)
}

func (s *session) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	stmt, err := s.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(ctx, args...)
}

// each calls scan for every row; scan may keep nothing of sql.RawBytes.
func (s *session) each(ctx context.Context, scan func(*sql.Rows) error, query string, args ...any) error {
	stmt, err := s.prepare(ctx, query)
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// number reads one integer; sql.ErrNoRows when there is no row.
func (s *session) number(ctx context.Context, query string, args ...any) (int64, error) {
	stmt, err := s.prepare(ctx, query)
	if err != nil {
		return 0, err
	}
	var n int64
	err = stmt.QueryRowContext(ctx, args...).Scan(&n)
	return n, err
}

func (s *session) generation(ctx context.Context) (int64, error) {
	return s.number(ctx, `SELECT value FROM meta WHERE key = 'generation'`)
}

// reading runs f in a read transaction: all it reads is of one moment.
func (s *session) reading(ctx context.Context, f func() error) error {
	return s.transaction(ctx, "BEGIN", f, func(commit func() error) error { return commit() })
}

// writing runs f in a write transaction and commits it inside around, which
// must call commit once. When f or commit fails, nothing of it is kept.
func (s *session) writing(ctx context.Context, f func() error, around func(commit func() error) error) error {
	return s.transaction(ctx, "BEGIN IMMEDIATE", f, around)
}

func (s *session) transaction(ctx context.Context, begin string, f func() error, around func(func() error) error) error {
	lasting := context.WithoutCancel(ctx)
	if _, err := s.exec(ctx, begin); err != nil {
		// Cancelled just then, BEGIN may have succeeded nevertheless: the
		// driver tells of ctx alone.
		s.exec(lasting, "ROLLBACK")
		return err
	}
	committed := false
	err := f()
	if err == nil {
		err = around(func() error {
			_, err := s.exec(lasting, "COMMIT")
			committed = err == nil
			return err
		})
	}
	if !committed {
		// Beside a disk error SQLite may have rolled back already; then this
		// says that there is no transaction, which is what is wanted.
		s.exec(lasting, "ROLLBACK")
	}
	return err
}

// pool lends sessions. It opens them as they are needed, up to its size.
type pool struct {
	db   *sql.DB
	free chan *session // nil: may be opened
}

func newPool(db *sql.DB, size int) *pool {
	p := &pool{db: db, free: make(chan *session, size)}
	for range size {
		p.free <- nil
	}
	return p
}

// take waits for a session, or for ctx.
func (p *pool) take(ctx context.Context) (*session, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	default:
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case s := <-p.free:
		if s != nil {
			return s, nil
		}
	}
	conn, err := p.db.Conn(ctx)
	if err != nil {
		p.free <- nil
		return nil, err
	}
	return &session{conn: conn, statements: map[string]*sql.Stmt{}}, nil
}

// give takes a session back; err is what its last user met.
func (p *pool) give(s *session, err error) {
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) {
		s.forget()
		s.conn.Close()
		s = nil
	}
	p.free <- s
}

// close waits for all sessions to come back and closes them.
func (p *pool) close() error {
	var errs []error
	for range cap(p.free) {
		if s := <-p.free; s != nil {
			s.forget()
			errs = append(errs, s.conn.Close())
		}
	}
	return errors.Join(append(errs, p.db.Close())...)
}
