package local

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"

	"verbatim/retrieval"
)

// maxVocabularies bounds the cache: more scope sets than this are asked for
// only by a bot on very many servers, where the oldest can be made again.
const maxVocabularies = 64

// vocabularies caches vocabularies by their set of scopes.
type vocabularies struct {
	mutex   sync.Mutex
	entries []vocabulary // oldest first
}

type vocabulary struct {
	scopes []*scopeView // equal pointers: equal contents
	words  *retrieval.Vocabulary
}

func (c *vocabularies) find(scopes []*scopeView) *retrieval.Vocabulary {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for _, e := range c.entries {
		if slices.Equal(e.scopes, scopes) {
			return e.words
		}
	}
	return nil
}

// keep caches the vocabulary unless the library's view has moved on from its
// scopes: then nobody would drop it.
func (c *vocabularies) keep(l *Library, scopes []*scopeView, words *retrieval.Vocabulary) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if !l.current.Load().hasAll(scopes) {
		return
	}
	if len(c.entries) >= maxVocabularies {
		c.entries = slices.Delete(c.entries, 0, 1)
	}
	c.entries = append(c.entries, vocabulary{scopes: scopes, words: words})
}

// drop forgets all vocabularies of scopes that the view has no more as they
// were. The view must be the current one already.
func (c *vocabularies) drop(v *view) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.entries = slices.DeleteFunc(c.entries, func(e vocabulary) bool { return !v.hasAll(e.scopes) })
}

func (v *view) hasAll(scopes []*scopeView) bool {
	return !slices.ContainsFunc(scopes, func(s *scopeView) bool { return v.scopes[s.name] != s })
}

// Vocabulary implements retrieval.Index. It is made once for each set of
// scopes and kept until one of them changes.
func (l *Library) Vocabulary(ctx context.Context, scopes []retrieval.Scope) (*retrieval.Vocabulary, error) {
	var words *retrieval.Vocabulary
	err := l.read(ctx, func(s *session, v *view) error {
		named := v.named(scopes)
		if words = l.words.find(named); words != nil {
			return nil
		}
		var err error
		if words, err = countWords(ctx, s, named); err == nil {
			l.words.keep(l, named, words)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("vocabulary: %w", explain(err))
	}
	return words, nil
}

func countWords(ctx context.Context, s *session, scopes []*scopeView) (*retrieval.Vocabulary, error) {
	frequency := map[string]int{}
	passages, terms := 0, 0
	for _, scope := range scopes {
		for _, e := range scope.episodes {
			passages += e.info.Passages
		}
		err := s.each(ctx, func(rows *sql.Rows) error {
			var term string
			var in, occurrences int
			if err := rows.Scan(&term, &in, &occurrences); err != nil {
				return err
			}
			frequency[term] += in
			terms += occurrences
			return nil
		}, fmt.Sprintf(`SELECT term, doc, cnt FROM passages_vocab_%d`, scope.number))
		if err != nil {
			return nil, err
		}
	}
	return retrieval.NewVocabulary(passages, terms, frequency), nil
}
