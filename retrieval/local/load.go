package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"verbatim/retrieval"
)

// errStale is how an attempt to read says that the view is behind the file.
var errStale = errors.New("view is behind")

// errEarly is how it says that the view has moved on since the attempt began.
var errEarly = errors.New("view is ahead")

// read runs f in a read transaction with the view of the same moment. f may
// run again; it must set its results rather than add to them.
func (l *Library) read(ctx context.Context, f func(s *session, v *view) error) error {
	return l.attempt(ctx, func(s *session) error {
		return s.reading(ctx, func() error {
			v, err := l.viewFor(ctx, s)
			if err != nil {
				return err
			}
			return f(s, v)
		})
	})
}

// readIndex runs f with the current view, without a transaction.
func (l *Library) readIndex(ctx context.Context, f func(v *view) error) error {
	return l.attempt(ctx, func(s *session) error {
		v, err := l.viewFor(ctx, s)
		if err != nil {
			return err
		}
		return f(v)
	})
}

// attempt lends f a session until it finds the view of its moment.
func (l *Library) attempt(ctx context.Context, f func(s *session) error) error {
	if err := l.enter(); err != nil {
		return err
	}
	defer l.work.Done()
	s, err := l.readers.take(ctx)
	if err != nil {
		return err
	}
	for early := 0; ; {
		err = f(s)
		if errors.Is(err, errEarly) && early < maxEarly {
			early++
			continue
		}
		if errors.Is(err, errEarly) || errors.Is(err, errStale) {
			if err = l.refresh(ctx, s); err == nil {
				continue
			}
		}
		l.readers.give(s, err)
		return err
	}
}

// maxEarly is how often an attempt is made anew since the view has moved on;
// more often than that only where the file was put back to an earlier state.
const maxEarly = 8

// viewFor returns the view of what the session sees: errStale when the file has
// moved on by another process, errEarly when the session's moment has passed.
// It never waits: a writer of this process has shown its view before it commits.
func (l *Library) viewFor(ctx context.Context, s *session) (*view, error) {
	generation, err := s.generation(ctx)
	if err != nil {
		return nil, err
	}
	// Between two of these loads a commit may have made coming current.
	for _, shown := range []*atomic.Pointer[view]{&l.current, &l.coming, &l.current} {
		if v := shown.Load(); v != nil && v.generation == generation {
			return v, nil
		}
	}
	if l.current.Load().generation > generation {
		return nil, errEarly
	}
	return nil, errStale
}

// refresh brings the view up to the file, which another process has written.
func (l *Library) refresh(ctx context.Context, s *session) error {
	l.applying.Lock()
	defer l.applying.Unlock()
	return s.reading(ctx, func() error {
		if _, err := l.viewFor(ctx, s); !errors.Is(err, errStale) && !errors.Is(err, errEarly) {
			return err
		}
		next, err := l.load(ctx, s)
		if err != nil {
			return err
		}
		l.show(next)
		return nil
	})
}

// show makes a view the current one. The caller holds applying.
func (l *Library) show(next *view) {
	l.current.Store(next)
	l.coming.Store(nil)
	l.words.drop(next)
}

// loading is a view being built from the file, taking over from the old view
// what has not changed: rows under a number never change.
type loading struct {
	session *session
	old     *view
	next    *view
	known   map[int64]*episodeView
}

// load makes the view of what the session sees. The caller is in a transaction.
func (l *Library) load(ctx context.Context, s *session) (*view, error) {
	w := &loading{session: s, old: l.current.Load(), known: map[int64]*episodeView{}}
	w.next = &view{scopes: map[retrieval.Scope]*scopeView{}}
	var err error
	if w.next.generation, err = s.generation(ctx); err != nil {
		return nil, err
	}
	if w.next.model, err = servingModel(ctx, s); err != nil {
		return nil, err
	}
	if w.old.model == w.next.model {
		for _, scope := range w.old.scopes {
			for _, e := range scope.episodes {
				w.known[e.number] = e
			}
		}
	}
	for _, step := range []func(context.Context) error{w.loadEpisodes, w.loadParts, w.shareScopes} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return w.next, nil
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

// loadParts loads who speaks where and the vectors of episodes that are new to
// the view.
func (w *loading) loadParts(ctx context.Context) error {
	for _, scope := range w.next.scopes {
		for _, e := range scope.episodes {
			if w.known[e.number] != nil {
				continue
			}
			if err := loadSpeakers(ctx, w.session, e); err != nil {
				return err
			}
			if err := w.loadVectors(ctx, scope, e); err != nil {
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

// loadVectors reads the vectors of an episode. One that is missing or of a
// wrong length leaves its passage without; Check names it.
func (w *loading) loadVectors(ctx context.Context, scope *scopeView, e *episodeView) error {
	model := w.next.model
	found := make([][]float32, e.info.Passages)
	err := w.session.each(ctx, func(rows *sql.Rows) error {
		var row int64
		var blob sql.RawBytes
		if err := rows.Scan(&row, &blob); err != nil {
			return err
		}
		found[row-e.first] = decodeVector(blob, model.dimension)
		return nil
	}, `SELECT passage, vector FROM vectors WHERE passage BETWEEN ? AND ? AND model = ?`,
		e.first, e.first+int64(e.info.Passages)-1, model.number)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%d/%d/%d", scope.number, e.number, model.number)
	e.vectors, err = newVectors(context.WithoutCancel(ctx), name, e.first, found, model.dimension)
	return err
}

// shareScopes takes over scopes that have not changed, and the words of those
// that have only grown.
func (w *loading) shareScopes(ctx context.Context) error {
	for name, scope := range w.next.scopes {
		old := w.old.scopes[name]
		if old != nil && slices.Equal(old.episodes, scope.episodes) {
			w.next.scopes[name] = old
			continue
		}
		scope.words = &scopeWords{}
		var fresh []*episodeView
		for _, e := range scope.episodes {
			if w.known[e.number] == nil {
				fresh = append(fresh, e)
			}
		}
		if old == nil || len(old.episodes)+len(fresh) != len(scope.episodes) || !old.words.begun.Load() {
			continue
		}
		added, err := countEpisodes(ctx, w.session, fresh)
		if err != nil {
			return err
		}
		scope.words.grow(old.words, added)
	}
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
