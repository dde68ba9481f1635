package local

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"verbatim/retrieval"
)

// Lexical implements retrieval.Index with the BM25 of FTS5, its sign turned:
// 0 and above, the statistics being those of each scope alone. A term with
// anything but letters, digits and marks occurs nowhere.
func (l *Library) Lexical(ctx context.Context, f retrieval.Filter, terms []string, n int) ([]retrieval.Scored, error) {
	var list []retrieval.Scored
	err := l.read(ctx, func(s *session, v *view) error {
		list = nil
		quoted := quote(terms)
		if len(quoted) == 0 || n <= 0 {
			return nil
		}
		expression := strings.Join(quoted, " OR ")
		for _, sel := range v.selectPassages(&f) {
			found, err := ranked(ctx, s, &sel, expression, n)
			if err != nil {
				return err
			}
			list = append(list, found...)
		}
		list = sortScored(list, n)
		return fillTerms(ctx, s, v, list)
	})
	if err != nil {
		return nil, fmt.Errorf("full-text search: %w", explain(err))
	}
	return list, nil
}

// Phrase implements retrieval.Index. A phrase with a term that no index holds
// occurs nowhere.
func (l *Library) Phrase(ctx context.Context, f retrieval.Filter, terms []string, n int) ([]retrieval.Scored, error) {
	var list []retrieval.Scored
	err := l.read(ctx, func(s *session, v *view) error {
		list = nil
		quoted := quote(terms)
		if len(quoted) == 0 || len(quoted) != len(terms) || n <= 0 {
			return nil
		}
		expression := strings.Join(quoted, " + ")
		for _, sel := range v.selectPassages(&f) {
			where, args := sel.condition()
			err := s.each(ctx, func(rows *sql.Rows) error {
				var row int64
				if err := rows.Scan(&row); err != nil {
					return err
				}
				if id, ok := sel.find(row); ok {
					list = append(list, retrieval.Scored{ID: id, Score: 1})
				}
				return nil
			}, fmt.Sprintf(`SELECT rowid FROM passages_fts_%d WHERE passages_fts_%[1]d MATCH ?`, sel.scope.number)+where,
				append([]any{expression}, args...)...)
			if err != nil {
				return err
			}
		}
		list = sortScored(list, n)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("phrase search: %w", explain(err))
	}
	return list, nil
}

// quote makes FTS5 strings of the terms that an index can hold, each once in a
// row of terms as given. Letters and digits alone can neither end the string
// nor be an operator.
func quote(terms []string) []string {
	quoted := make([]string, 0, len(terms))
	for _, t := range terms {
		if isTerm(t) {
			quoted = append(quoted, `"`+t+`"`)
		}
	}
	return quoted
}

func isTerm(term string) bool {
	return term != "" && !strings.ContainsFunc(term, func(r rune) bool {
		return r == unicode.ReplacementChar || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r)
	})
}

// ranked lists the best n of the selection by BM25. Rows come back until the
// last one is worse than the n-th, so that what ties at the cut is all seen.
func ranked(ctx context.Context, s *session, sel *selection, expression string, n int) ([]retrieval.Scored, error) {
	where, args := sel.condition()
	query := fmt.Sprintf(`SELECT rowid, rank FROM passages_fts_%d WHERE passages_fts_%[1]d MATCH ?`, sel.scope.number) +
		where + ` ORDER BY rank LIMIT ?`
	for limit := min(n, sel.count) + slack; ; limit *= 4 {
		var list []retrieval.Scored
		err := s.each(ctx, func(rows *sql.Rows) error {
			var row int64
			var rank float64
			if err := rows.Scan(&row, &rank); err != nil {
				return err
			}
			id, ok := sel.find(row)
			if !ok {
				return fmt.Errorf("%w: the full-text index has passage %d, which is gone", ErrDamaged, row)
			}
			list = append(list, retrieval.Scored{ID: id, Score: -rank})
			return nil
		}, query, slices.Concat([]any{expression}, args, []any{limit})...)
		if err != nil {
			return nil, err
		}
		if len(list) < limit || len(list) > n && list[len(list)-1].Score < list[n-1].Score {
			return sortScored(list, n), nil
		}
	}
}

// condition is the selection in SQL, to follow a MATCH. The plus sign keeps
// SQLite from running the search once for each passage of the list.
func (s *selection) condition() (where string, args []any) {
	first, last := s.runs[0].first, s.runs[len(s.runs)-1].last
	switch {
	case s.whole():
		return "", nil
	case last-first+1 == int64(s.count):
		return " AND rowid BETWEEN ? AND ?", []any{first, last}
	}
	list := make([]byte, 1, 8*s.count)
	list[0] = '['
	for _, r := range s.runs {
		for row := r.first; row <= r.last; row++ {
			if len(list) > 1 {
				list = append(list, ',')
			}
			list = strconv.AppendInt(list, row, 10)
		}
	}
	list = append(list, ']')
	return " AND rowid BETWEEN ? AND ? AND +rowid IN (SELECT value FROM json_each(?))", []any{first, last, string(list)}
}

// fillTerms loads the terms of the passages listed.
func fillTerms(ctx context.Context, s *session, v *view, list []retrieval.Scored) error {
	for i := range list {
		e := v.scopes[list[i].ID.Scope].byID[list[i].ID.Episode]
		err := s.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&list[i].Terms) },
			`SELECT terms FROM passages WHERE id = ?`, e.first+int64(list[i].ID.Seq))
		if err != nil {
			return err
		}
	}
	return nil
}
