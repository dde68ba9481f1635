package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"verbatim/retrieval"
)

// errStale is how an attempt to read says that the view is behind the file.
var errStale = errors.New("view is behind")

// read runs f in a read transaction with the view of the same moment. f may
// run again; it must set its results rather than add to them.
func (l *Library) read(ctx context.Context, f func(s *session, v *view) error) error {
	return l.attempt(ctx, func(s *session) error {
		v := l.current.Load()
		return s.reading(ctx, func() error {
			if err := current(ctx, s, v); err != nil {
				return err
			}
			return f(s, v)
		})
	})
}

// readIndex runs f with the current view and its collections, without a
// transaction.
func (l *Library) readIndex(ctx context.Context, f func(v *view) error) error {
	return l.attempt(ctx, func(s *session) error {
		l.collections.RLock()
		defer l.collections.RUnlock()
		v := l.current.Load()
		if err := current(ctx, s, v); err != nil {
			return err
		}
		return f(v)
	})
}

// attempt lends f a session until it does not find the view stale.
func (l *Library) attempt(ctx context.Context, f func(s *session) error) error {
	if err := l.enter(); err != nil {
		return err
	}
	defer l.work.Done()
	s, err := l.readers.take(ctx)
	if err != nil {
		return err
	}
	for {
		err = f(s)
		if errors.Is(err, errStale) {
			if err = l.refresh(ctx, s); err == nil {
				continue
			}
		}
		l.readers.give(s, err)
		return err
	}
}

// current returns errStale when the file has moved on from the view.
func current(ctx context.Context, s *session, v *view) error {
	generation, err := s.generation(ctx)
	if err == nil && generation != v.generation {
		err = errStale
	}
	return err
}

// refresh brings the view up to the file. A writer of this process that has
// just committed is waited for, and has done the work.
func (l *Library) refresh(ctx context.Context, s *session) error {
	l.applying.Lock()
	defer l.applying.Unlock()
	return s.reading(ctx, func() error {
		if err := current(ctx, s, l.current.Load()); !errors.Is(err, errStale) {
			return err
		}
		return l.load(ctx, s)
	})
}

// loading is a view being built from the file, taking over from the old view
// what has not changed: rows under a number never change.
type loading struct {
	session *session
	old     *view
	next    *view
	known   map[int64]*episodeView
	// fresh are episodes whose vectors are yet to be loaded.
	fresh []*episodeView
	// documents wait to be put into collections that are in use.
	documents []document
}

type document struct {
	to     *vectors
	row    int64
	vector []float32
}

// load makes the view of the file's present state and swaps it in. The caller
// is in a read transaction and holds applying.
func (l *Library) load(ctx context.Context, s *session) error {
	w := &loading{session: s, old: l.current.Load(), known: map[int64]*episodeView{}}
	w.next = &view{scopes: map[retrieval.Scope]*scopeView{}}
	for _, scope := range w.old.scopes {
		for _, e := range scope.episodes {
			w.known[e.number] = e
		}
	}
	var err error
	if w.next.generation, err = s.generation(ctx); err != nil {
		return err
	}
	if w.next.model, err = servingModel(ctx, s); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{w.loadEpisodes, w.loadSpeakers, w.shareScopes, w.loadVectors} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return l.swap(ctx, w)
}

func servingModel(ctx context.Context, s *session) (model, error) {
	var m model
	err := s.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&m.number, &m.name, &m.dimension, &m.revision) },
		`SELECT number, name, dimension, value FROM models, meta WHERE state = 'serving' AND key = 'vectors'`)
	return m, err
}

// loadEpisodes lists scopes and episodes.
func (w *loading) loadEpisodes(ctx context.Context) error {
	return w.session.each(ctx, func(rows *sql.Rows) error {
		e := &episodeView{}
		var date sql.NullString
		var scope int64
		i := &e.info
		if err := rows.Scan(&scope, &e.scope, &e.number, &i.ID, &i.Title, &i.Show, &date, &i.Description, &i.AudioURL,
			&i.Format, &i.TotalLines, &i.Timed, &e.first, &i.Passages); err != nil {
			return err
		}
		var err error
		if i.Date, err = parseDate(date); err != nil {
			return fmt.Errorf("episode %q: %w", i.ID, err)
		}
		i.Scope, i.Speakers = e.scope, []string{}
		in := w.next.scopes[e.scope]
		if in == nil {
			in = &scopeView{number: scope, name: e.scope, byID: map[retrieval.EpisodeID]*episodeView{}}
			w.next.scopes[e.scope] = in
		}
		if known := w.known[e.number]; known != nil {
			e = known
		}
		in.episodes = append(in.episodes, e)
		in.byID[e.info.ID] = e
		return nil
	}, `SELECT s.number, s.name, e.number, e.id, e.title, e.show, e.date, e.description, e.audio_url,
			e.format, e.total_lines, e.timed, e.first_passage, e.passages
		FROM episodes e JOIN scopes s ON s.number = e.scope ORDER BY e.number`)
}

// loadSpeakers loads who speaks where, of episodes that are new to the view.
func (w *loading) loadSpeakers(ctx context.Context) error {
	for _, scope := range w.next.scopes {
		for _, e := range scope.episodes {
			if w.known[e.number] != nil {
				continue
			}
			if err := loadSpeakers(ctx, w.session, e); err != nil {
				return err
			}
		}
	}
	return nil
}

func loadSpeakers(ctx context.Context, s *session, e *episodeView) error {
	err := s.each(ctx, func(rows *sql.Rows) error {
		var name string
		var inLine bool
		if err := rows.Scan(&name, &inLine); err != nil {
			return err
		}
		e.speakers = append(e.speakers, name)
		if inLine {
			e.info.Speakers = append(e.info.Speakers, name)
		}
		return nil
	}, `SELECT name, in_line FROM speakers WHERE episode = ? ORDER BY seq`, e.number)
	if err != nil || len(e.speakers) == 0 {
		return err
	}
	e.spoken = make([][]int, e.info.Passages)
	return s.each(ctx, func(rows *sql.Rows) error {
		var seq int
		var list string
		if err := rows.Scan(&seq, &list); err != nil {
			return err
		}
		if seq < 0 || seq >= len(e.spoken) {
			return nil // Check names it
		}
		e.spoken[seq] = parseOrdinals(list, len(e.speakers))
		return nil
	}, `SELECT seq, speakers FROM passages WHERE episode = ?`, e.number)
}

// shareScopes takes over scopes that have not changed, collections whose model
// has not, and lists the episodes whose vectors are missing.
func (w *loading) shareScopes(context.Context) error {
	for name, scope := range w.next.scopes {
		old := w.old.scopes[name]
		if old == nil || old.number != scope.number || w.old.model != w.next.model {
			v, err := newVectors(collectionName(scope.number, w.next.model.number))
			if err != nil {
				return err
			}
			scope.vectors = v
			w.fresh = append(w.fresh, scope.episodes...)
			continue
		}
		scope.vectors = old.vectors
		changed := len(old.episodes) != len(scope.episodes)
		for _, e := range scope.episodes {
			if w.known[e.number] == nil {
				w.fresh = append(w.fresh, e)
				changed = true
			}
		}
		if !changed {
			w.next.scopes[name] = old
		}
	}
	return nil
}

func collectionName(scope, model int64) string {
	return strconv.FormatInt(scope, 10) + "/" + strconv.FormatInt(model, 10)
}

// loadVectors reads the vectors of the fresh episodes. One that is missing or
// of a wrong length leaves its passage blank; Check names it.
func (w *loading) loadVectors(ctx context.Context) error {
	for _, e := range w.fresh {
		if e.info.Passages == 0 {
			continue
		}
		found := make([][]float32, e.info.Passages)
		err := w.session.each(ctx, func(rows *sql.Rows) error {
			var row int64
			var blob sql.RawBytes
			if err := rows.Scan(&row, &blob); err != nil {
				return err
			}
			found[row-e.first] = decodeVector(blob, w.next.model.dimension)
			return nil
		}, `SELECT passage, vector FROM vectors WHERE passage BETWEEN ? AND ? AND model = ?`,
			e.first, e.first+int64(e.info.Passages)-1, w.next.model.number)
		if err != nil {
			return err
		}
		to := w.next.scopes[e.scope].vectors
		for i, vector := range found {
			w.documents = append(w.documents, document{to: to, row: e.first + int64(i), vector: vector})
		}
	}
	return nil
}

// swap shows the new view, and takes out of the collections what has left.
func (l *Library) swap(ctx context.Context, w *loading) error {
	lasting := context.WithoutCancel(ctx) // half of it would be worse
	kept := map[int64]bool{}
	for _, scope := range w.next.scopes {
		for _, e := range scope.episodes {
			kept[e.number] = true
		}
	}
	l.collections.Lock()
	defer l.collections.Unlock()
	for _, d := range w.documents {
		if err := d.to.add(lasting, d.row, d.vector); err != nil {
			return err
		}
	}
	for _, scope := range w.old.scopes {
		for _, e := range scope.episodes {
			if kept[e.number] {
				continue
			}
			if err := scope.vectors.remove(lasting, e); err != nil {
				return err
			}
		}
	}
	l.current.Store(w.next)
	l.words.drop(w.next)
	return nil
}

func parseDate(date sql.NullString) (time.Time, error) {
	if !date.Valid {
		return time.Time{}, nil
	}
	return time.Parse(time.DateOnly, date.String)
}

// parseOrdinals reads numbers below limit, with commas between.
func parseOrdinals(list string, limit int) []int {
	if list == "" {
		return nil
	}
	var numbers []int
	for part := range strings.SplitSeq(list, ",") {
		if n, err := strconv.Atoi(part); err == nil && n >= 0 && n < limit {
			numbers = append(numbers, n)
		}
	}
	return numbers
}
