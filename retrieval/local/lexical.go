package local

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"unicode"

	"verbatim/retrieval"
)

// maxPieces is how many searches a selection is worth: each works out the
// frequency of every term again.
const maxPieces = 4

// slack is how many more than asked are listed at first, so that what ties
// with the last one is seen.
const slack = 16

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
			err := s.each(ctx, func(rows *sql.Rows) error {
				var row int64
				if err := rows.Scan(&row); err != nil {
					return err
				}
				if id, ok := sel.find(row); ok {
					list = append(list, retrieval.Scored{ID: id, Score: 1})
				}
				return nil
			}, fmt.Sprintf(`SELECT rowid FROM passages_fts_%d WHERE passages_fts_%[1]d MATCH ? AND rowid BETWEEN ? AND ?`, sel.scope.number),
				expression, sel.runs[0].first, sel.runs[len(sel.runs)-1].last)
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

// quote makes FTS5 strings of the terms that an index can hold. Letters and digits alone can neither end the string
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

// ranked lists the best n of the selection by BM25. A selection in few pieces
// is searched piece by piece; for one of many pieces, such as a speaker's
// passages, what lies between is searched with them and left out here.
func ranked(ctx context.Context, s *session, sel *selection, expression string, n int) ([]retrieval.Scored, error) {
	pieces := sel.pieces()
	if len(pieces) > maxPieces {
		pieces = []piece{{pieces[0].first, pieces[len(pieces)-1].last}}
	}
	var list []retrieval.Scored
	for _, p := range pieces {
		found, err := p.ranked(ctx, s, sel, expression, n)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	return sortScored(list, n), nil
}

// ranked lists at least the best n of the selection within the piece. What
// comes back is complete down to the worst score, where ties are cut: it is
// enough when n selected ones are better than that. If not, more is asked for.
func (p piece) ranked(ctx context.Context, s *session, sel *selection, expression string, n int) ([]retrieval.Scored, error) {
	query := fmt.Sprintf(`SELECT rowid, rank FROM passages_fts_%d WHERE passages_fts_%[1]d MATCH ?
		AND rowid BETWEEN ? AND ? ORDER BY rank LIMIT ?`, sel.scope.number)
	size := int(p.last - p.first + 1)
	for limit := min(n, sel.count)*max(1, size/sel.count) + slack; ; limit *= 4 {
		var list []retrieval.Scored
		rows, worst := 0, 0.0
		err := s.each(ctx, func(r *sql.Rows) error {
			var row int64
			var rank float64
			if err := r.Scan(&row, &rank); err != nil {
				return err
			}
			rows++
			worst = -rank
			if id, ok := sel.find(row); ok {
				list = append(list, retrieval.Scored{ID: id, Score: worst})
			}
			return nil
		}, query, expression, p.first, p.last, limit)
		if err != nil {
			return nil, err
		}
		if rows < limit || len(list) >= n && list[n-1].Score > worst {
			return list, nil
		}
	}
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
