package local

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"verbatim/retrieval"
)

// List implements retrieval.Index.
func (l *Library) List(ctx context.Context, f retrieval.Filter) ([]retrieval.EpisodeInfo, error) {
	list := []retrieval.EpisodeInfo{}
	err := l.readIndex(ctx, func(v *view) error {
		for _, scope := range v.named(f.Scopes) {
			for _, e := range scope.episodes {
				if e.passes(&f) && e.speaks(f.Speaker) {
					info := e.info
					info.Speakers = slices.Clone(info.Speakers)
					list = append(list, info)
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list episodes: %w", explain(err))
	}
	slices.SortFunc(list, func(a, b retrieval.EpisodeInfo) int {
		// The zero date of undated episodes is before all others.
		return cmp.Or(b.Date.Compare(a.Date), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Scope, b.Scope))
	})
	return list, nil
}

func (v *view) episode(scope retrieval.Scope, id retrieval.EpisodeID) *episodeView {
	if s := v.scopes[scope]; s != nil {
		return s.byID[id]
	}
	return nil
}

// Episode implements retrieval.Library.
func (l *Library) Episode(ctx context.Context, scope retrieval.Scope, id retrieval.EpisodeID) (*retrieval.Episode, error) {
	var episode *retrieval.Episode
	err := l.read(ctx, func(s *session, v *view) error {
		e := v.episode(scope, id)
		if e == nil {
			return unknown(scope, id)
		}
		episode = &retrieval.Episode{ID: id, Title: e.info.Title, Show: e.info.Show, Date: e.info.Date, Description: e.info.Description,
			AudioURL: e.info.AudioURL, Format: e.info.Format, TotalLines: e.info.TotalLines}
		var err error
		episode.Lines, err = lines(ctx, s, e.number, 0, maxSeq)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load episode: %w", explain(err))
	}
	return episode, nil
}

// Lines implements retrieval.Library.
func (l *Library) Lines(ctx context.Context, scope retrieval.Scope, id retrieval.EpisodeID, first, last int) ([]retrieval.Line, error) {
	var list []retrieval.Line
	err := l.read(ctx, func(s *session, v *view) error {
		e := v.episode(scope, id)
		if e == nil {
			return unknown(scope, id)
		}
		var err error
		list, err = lines(ctx, s, e.number, int64(first), int64(last))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load lines: %w", explain(err))
	}
	return list, nil
}

// maxSeq is beyond every line and sentence: an episode has at most a million
// lines.
const maxSeq = 1 << 40

// lines loads those numbered first to last, both included.
func lines(ctx context.Context, s *session, episode, first, last int64) ([]retrieval.Line, error) {
	var list []retrieval.Line
	err := s.each(ctx, func(rows *sql.Rows) error {
		var line retrieval.Line
		var start, end moment
		err := rows.Scan(&line.N, &line.Speaker, &start, &end, &line.Text, &line.Boilerplate)
		line.Start, line.End = start.Moment, end.Moment
		list = append(list, line)
		return err
	}, `SELECT n, speaker, start_ns, end_ns, text, boilerplate FROM lines
		WHERE episode = ? AND n BETWEEN ? AND ? ORDER BY n`, episode, first, last)
	return list, err
}

// Sentences implements retrieval.Library.
func (l *Library) Sentences(ctx context.Context, scope retrieval.Scope, id retrieval.EpisodeID) ([]retrieval.Sentence, error) {
	var list []retrieval.Sentence
	err := l.read(ctx, func(s *session, v *view) error {
		e := v.episode(scope, id)
		if e == nil {
			return unknown(scope, id)
		}
		var err error
		list, err = sentences(ctx, s, e.number, 0, maxSeq)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load sentences: %w", explain(err))
	}
	return list, nil
}

// sentences loads those from first to last, both included.
func sentences(ctx context.Context, s *session, episode, first, last int64) ([]retrieval.Sentence, error) {
	var list []retrieval.Sentence
	err := s.each(ctx, func(rows *sql.Rows) error {
		var t retrieval.Sentence
		var start, end moment
		err := rows.Scan(&t.Text, &t.FirstLine, &t.LastLine, &t.Speaker, &start, &end, &t.Boilerplate, &t.Repeat)
		t.Start, t.End = start.Moment, end.Moment
		list = append(list, t)
		return err
	}, `SELECT text, first_line, last_line, speaker, start_ns, end_ns, boilerplate, repeat FROM sentences
		WHERE episode = ? AND seq BETWEEN ? AND ? ORDER BY seq`, episode, first, last)
	return list, err
}

// Passages implements retrieval.Index.
func (l *Library) Passages(ctx context.Context, ids []retrieval.PassageID) ([]retrieval.Passage, error) {
	var list []retrieval.Passage
	err := l.read(ctx, func(s *session, v *view) error {
		list = make([]retrieval.Passage, 0, len(ids))
		for _, id := range ids {
			e := v.episode(id.Scope, id.Episode)
			if e == nil || id.Seq < 0 || id.Seq >= e.info.Passages {
				continue
			}
			p, err := passage(ctx, s, e, id.Seq)
			if err != nil {
				return err
			}
			list = append(list, p)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("load passages: %w", explain(err))
	}
	return list, nil
}

func passage(ctx context.Context, s *session, e *episodeView, seq int) (retrieval.Passage, error) {
	p := retrieval.Passage{ID: e.passageID(e.first + int64(seq))}
	var start, end moment
	found := false
	err := s.each(ctx, func(rows *sql.Rows) error {
		found = true
		return rows.Scan(&p.First, &p.Last, &p.FirstLine, &p.LastLine, &start, &end, &p.Terms)
	}, `SELECT first_sentence, last_sentence, first_line, last_line, start_ns, end_ns, terms FROM passages WHERE id = ?`, e.first+int64(seq))
	if err != nil {
		return p, err
	}
	if !found {
		return p, fmt.Errorf("%w: passage %d of episode %q is missing", ErrDamaged, seq, e.info.ID)
	}
	p.Start, p.End = start.Moment, end.Moment
	if e.spoken != nil {
		for _, n := range e.spoken[seq] {
			p.Speakers = append(p.Speakers, e.speakers[n])
		}
	}
	p.Sentences, err = sentences(ctx, s, e.number, int64(p.First), int64(p.Last))
	return p, err
}

// moment scans a nullable column of nanoseconds.
type moment struct{ retrieval.Moment }

func (m *moment) Scan(value any) error {
	switch n := value.(type) {
	case nil:
		m.Moment = retrieval.Moment{}
	case int64:
		m.Moment = retrieval.At(time.Duration(n))
	default:
		return fmt.Errorf("time is a %T, want nanoseconds", value)
	}
	return nil
}

// Size counts the episodes and passages of all scopes.
func (l *Library) Size(ctx context.Context) (episodes, passages int, err error) {
	err = l.readIndex(ctx, func(v *view) error {
		episodes, passages = 0, 0
		for _, scope := range v.scopes {
			episodes += len(scope.episodes)
			for _, e := range scope.episodes {
				passages += e.info.Passages
			}
		}
		return nil
	})
	if err != nil {
		return 0, 0, fmt.Errorf("count episodes: %w", explain(err))
	}
	return episodes, passages, nil
}

// Scopes lists the scopes that have an episode, in order of their names.
func (l *Library) Scopes(ctx context.Context) ([]retrieval.Scope, error) {
	scopes := []retrieval.Scope{}
	err := l.read(ctx, func(_ *session, v *view) error {
		scopes = scopes[:0]
		for name, scope := range v.scopes {
			if len(scope.episodes) > 0 {
				scopes = append(scopes, name)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list scopes: %w", explain(err))
	}
	slices.Sort(scopes)
	return scopes, nil
}
