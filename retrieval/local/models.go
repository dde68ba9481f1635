package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"verbatim/retrieval"
)

const (
	// reembedBatch is how many passages are embedded and committed at once:
	// what an interruption can lose, and what endpoints take in one request.
	reembedBatch = 256
	// removalBatch is how many old vectors go in one transaction, so that
	// other writers wait only briefly.
	removalBatch = 2000
)

// ServingModel is the model whose vectors are searched: queries must be
// embedded by it. Before anything was added it is that of Options. dimension
// is 0 when not known yet.
func (l *Library) ServingModel() (name string, dimension int) {
	m := l.serving(l.latest())
	return m.name, m.dimension
}

// latest is the view, brought up to the file where that can be read.
func (l *Library) latest() *view {
	v := l.current.Load()
	// The error, if any, meets the caller's next call, which can return it.
	_ = l.readIndex(context.Background(), func(up *view) error {
		v = up
		return nil
	})
	return v
}

// Stale reports whether the library serves vectors of another model than
// Options names, so that Reembed is due.
func (l *Library) Stale() bool {
	m := l.latest().model
	return m.number != 0 && l.options.Model != "" &&
		(m.name != l.options.Model || l.options.Dimension != 0 && m.dimension != l.options.Dimension)
}

// ensureModel returns the number of the model of Options for vectors of the
// dimension. The first model of a library serves; any other is being filled
// until Reembed completes it.
func (w *writer) ensureModel(ctx context.Context, dimension int) (int64, error) {
	name := w.options.Model
	if name == "" {
		serving, err := servingModel(ctx, w.session)
		if err != nil {
			return 0, err
		}
		if serving.number == 0 {
			return 0, errors.New("no embedding model named for the first vectors of the library")
		}
		name = serving.name
		if serving.dimension != dimension {
			return 0, fmt.Errorf("%w: %d components, the library's have %d", retrieval.ErrDimension, dimension, serving.dimension)
		}
	}
	return w.modelNumber(ctx, name, dimension)
}

// modelNumber finds or makes the model. Without Options.Dimension a model of
// the same name and another dimension is taken for a mistake.
func (w *writer) modelNumber(ctx context.Context, name string, dimension int) (int64, error) {
	var found int64
	other, serving := 0, false
	err := w.session.each(ctx, func(rows *sql.Rows) error {
		var m model
		var state string
		if err := rows.Scan(&m.number, &m.name, &m.dimension, &state); err != nil {
			return err
		}
		serving = serving || state == "serving"
		switch {
		case m.name == name && m.dimension == dimension:
			found = m.number
		case m.name == name && state != "retired":
			other = m.dimension
		}
		return nil
	}, `SELECT number, name, dimension, state FROM models`)
	switch {
	case err != nil:
		return 0, err
	case found == 0 && other != 0 && w.options.Dimension == 0:
		return 0, fmt.Errorf("%w: %d components, those of model %q have %d", retrieval.ErrDimension, dimension, name, other)
	case found == 0 && serving:
		return w.insertRow(ctx, `INSERT INTO models (name, dimension, state) VALUES (?, ?, 'filling')`, name, dimension)
	case found == 0:
		return w.insertRow(ctx, `INSERT INTO models (name, dimension, state) VALUES (?, ?, 'serving')`, name, dimension)
	case !serving:
		return found, w.exec(ctx, `UPDATE models SET state = 'serving' WHERE number = ?`, found)
	}
	return found, w.exec(ctx, `UPDATE models SET state = 'filling' WHERE number = ? AND state = 'retired'`, found)
}

// Reembed makes vectors of the embedder's model for every passage that has
// none, in batches, while the old ones serve; then it switches over in one
// transaction and removes the old ones. Interrupted, by ctx or by a crash, the
// next call goes on where it stopped. progress may be nil; it is called in
// this goroutine with done rising to total.
func (l *Library) Reembed(ctx context.Context, embedder retrieval.Embedder, progress func(done, total int)) error {
	if progress == nil {
		progress = func(int, int) {}
	}
	if err := l.reembed(ctx, embedder, progress); err != nil {
		return fmt.Errorf("re-embed with %s: %w", embedder.Model(), explain(err))
	}
	return nil
}

func (l *Library) reembed(ctx context.Context, embedder retrieval.Embedder, progress func(done, total int)) error {
	name := embedder.Model()
	for {
		batch, err := l.pending(ctx, name, embedder.Dimension())
		if err != nil {
			return err
		}
		progress(batch.total-batch.left, batch.total)
		if len(batch.texts) == 0 {
			switched, err := l.switchTo(ctx, name, embedder.Dimension())
			if err != nil {
				return err
			}
			if switched {
				return l.removeOldVectors(ctx)
			}
			continue // somebody added an episode meanwhile
		}
		vectors, err := embedder.Embed(ctx, batch.texts)
		if err != nil {
			return err
		}
		if err := l.saveVectors(ctx, name, batch.rows, vectors); err != nil {
			return err
		}
	}
}

// pendingBatch is the next passages without a vector of a model.
type pendingBatch struct {
	rows        []int64
	texts       []string // Passage.IndexText
	left, total int      // all that are without, all passages
}

const missingVectors = ` FROM passages p WHERE NOT EXISTS (
	SELECT 1 FROM vectors v JOIN models m ON m.number = v.model
	WHERE v.passage = p.id AND m.name = ?1 AND (?2 = 0 OR m.dimension = ?2) AND m.state <> 'retired')`

func (l *Library) pending(ctx context.Context, name string, dimension int) (*pendingBatch, error) {
	var b *pendingBatch
	err := l.read(ctx, func(s *session, v *view) error {
		b = &pendingBatch{}
		left, err := s.number(ctx, `SELECT count(*)`+missingVectors, name, dimension)
		if err != nil {
			return err
		}
		total, err := s.number(ctx, `SELECT count(*) FROM passages`)
		if err != nil {
			return err
		}
		b.left, b.total = int(left), int(total)
		err = s.each(ctx, func(rows *sql.Rows) error {
			var row int64
			err := rows.Scan(&row)
			b.rows = append(b.rows, row)
			return err
		}, `SELECT p.id`+missingVectors+` ORDER BY p.id LIMIT ?3`, name, dimension, reembedBatch)
		if err != nil {
			return err
		}
		return b.loadTexts(ctx, s, v)
	})
	return b, err
}

func (b *pendingBatch) loadTexts(ctx context.Context, s *session, v *view) error {
	everything := retrieval.Filter{}
	for name := range v.scopes {
		everything.Scopes = append(everything.Scopes, name)
	}
	selections := v.selectPassages(&everything)
	for _, row := range b.rows {
		for i := range selections {
			id, ok := selections[i].find(row)
			if !ok {
				continue
			}
			p, err := passage(ctx, s, v.episode(id.Scope, id.Episode), id.Seq)
			if err != nil {
				return err
			}
			b.texts = append(b.texts, p.IndexText())
		}
	}
	if len(b.texts) != len(b.rows) {
		return fmt.Errorf("%w: passages without an episode", ErrDamaged)
	}
	return nil
}

// saveVectors keeps a batch; passages that have gone meanwhile are left out.
func (l *Library) saveVectors(ctx context.Context, name string, rows []int64, vectors [][]float32) error {
	if len(vectors) != len(rows) {
		return fmt.Errorf("%d vectors came back for %d texts", len(vectors), len(rows))
	}
	dimension := len(vectors[0])
	blobs := make([][]byte, len(vectors))
	for i := range vectors {
		if len(vectors[i]) != dimension || dimension == 0 {
			return fmt.Errorf("%w: %d and %d components", retrieval.ErrDimension, dimension, len(vectors[i]))
		}
		vector, err := unit(vectors[i])
		if err != nil {
			return err
		}
		blobs[i] = encodeVector(vector)
	}
	return l.write(ctx, func(w *writer) error {
		number, err := w.modelNumber(ctx, name, dimension)
		if err != nil {
			return err
		}
		for i, row := range rows {
			err := w.exec(ctx, `INSERT OR IGNORE INTO vectors (passage, model, vector)
				SELECT id, ?, ? FROM passages WHERE id = ?`, number, blobs[i], row)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// switchTo makes the model serve and retires all others, unless passages
// without its vectors have turned up.
func (l *Library) switchTo(ctx context.Context, name string, dimension int) (bool, error) {
	switched := false
	err := l.write(ctx, func(w *writer) error {
		left, err := w.number(ctx, `SELECT count(*)`+missingVectors, name, dimension)
		if err != nil || left > 0 {
			return err
		}
		if err := w.exec(ctx, `UPDATE models SET state = 'retired' WHERE name <> ?1 OR ?2 > 0 AND dimension <> ?2`, name, dimension); err != nil {
			return err
		}
		if err := w.exec(ctx, `UPDATE meta SET value = value + 1 WHERE key = 'vectors'`); err != nil {
			return err
		}
		switched = true
		return w.exec(ctx, `UPDATE models SET state = 'serving' WHERE state = 'filling'`)
	})
	return switched, err
}

func (l *Library) removeOldVectors(ctx context.Context) error {
	if err := l.enter(); err != nil {
		return err
	}
	defer l.work.Done()
	s, err := l.writer.take(ctx)
	if err != nil {
		return err
	}
	err = removeRetired(ctx, s)
	l.writer.give(s, err)
	return err
}

// removeRetired removes the models that serve no more, with their vectors.
// Readers have no use for either, so the generation stays.
func removeRetired(ctx context.Context, s *session) error {
	for {
		retired, err := s.number(ctx, `SELECT count(*) FROM models WHERE state = 'retired'`)
		if err != nil || retired == 0 {
			return err
		}
		err = s.writing(ctx, func() error {
			result, err := s.exec(ctx, `DELETE FROM vectors WHERE id IN (SELECT v.id FROM vectors v
				JOIN models m ON m.number = v.model WHERE m.state = 'retired' LIMIT ?)`, removalBatch)
			if err != nil {
				return err
			}
			if n, err := result.RowsAffected(); err != nil || n == removalBatch {
				return err
			}
			_, err = s.exec(ctx, `DELETE FROM models WHERE state = 'retired'`)
			return err
		}, commitOnly)
		if err != nil {
			return err
		}
	}
}
