package local

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"verbatim/retrieval"
)

// maxVocabularies bounds the cache: more scope sets than this are asked for
// only by a bot on very many servers, where the oldest can be made again.
const maxVocabularies = 64

// scopeWords is the vocabulary of a scope. It is counted at the first question;
// from then on that of the scope with further episodes is made from it.
type scopeWords struct {
	// begun says that it is known or being made.
	begun atomic.Bool

	mutex sync.Mutex
	words *retrieval.Vocabulary
	// before and added make it: what was before, and what has come since.
	before *scopeWords
	added  *wordCount
}

// grow makes w what before is with more counted.
func (w *scopeWords) grow(before *scopeWords, added *wordCount) {
	w.before, w.added = before, added
	w.begun.Store(true)
}

// makeWords makes the words of scopes that have grown, so that what was added is
// not kept one by one until a question comes.
func (v *view) makeWords() {
	for _, scope := range v.scopes {
		if scope.words.begun.Load() {
			scope.words.made()
		}
	}
}

// made returns the vocabulary if it is known or can be told from what was
// before, and waits for whoever counts it; else nil.
func (w *scopeWords) made() *retrieval.Vocabulary {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.makeGrown()
}

func (w *scopeWords) makeGrown() *retrieval.Vocabulary {
	if w.before != nil {
		if before := w.before.made(); before != nil {
			w.words = before.Grown(w.added.passages, w.added.terms, w.added.frequency)
		} else {
			w.begun.Store(false) // who counted that was cancelled
		}
		w.before, w.added = nil, nil
	}
	return w.words
}

// get returns the vocabulary, counted if it must be in the session's
// transaction, which is of the scope's moment.
func (w *scopeWords) get(ctx context.Context, s *session, scope *scopeView) (*retrieval.Vocabulary, error) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if words := w.makeGrown(); words != nil {
		return words, nil
	}
	w.begun.Store(true)
	c, err := countScope(ctx, s, scope)
	if err != nil {
		w.begun.Store(false)
		return nil, err
	}
	w.words = retrieval.NewVocabulary(c.passages, c.terms, c.frequency)
	return w.words, nil
}

// wordCount is what retrieval.NewVocabulary is made of.
type wordCount struct {
	passages, terms int
	frequency       map[string]int
}

// countScope counts a scope's words by its full-text index.
func countScope(ctx context.Context, s *session, scope *scopeView) (*wordCount, error) {
	c := &wordCount{frequency: map[string]int{}}
	for _, e := range scope.episodes {
		c.passages += e.info.Passages
	}
	err := s.each(ctx, func(rows *sql.Rows) error {
		var term string
		var in, occurrences int
		if err := rows.Scan(&term, &in, &occurrences); err != nil {
			return err
		}
		c.frequency[term] += in
		c.terms += occurrences
		return nil
	}, fmt.Sprintf(`SELECT term, doc, cnt FROM passages_vocab_%d`, scope.number))
	return c, err
}

// countEpisodes counts the words of episodes as the full-text index would.
func countEpisodes(ctx context.Context, s *session, episodes []*episodeView) (*wordCount, error) {
	c := &wordCount{frequency: map[string]int{}}
	in := map[string]int{} // number of the passage, from 1, that had the term last
	for _, e := range episodes {
		err := s.each(ctx, func(rows *sql.Rows) error {
			var terms string
			if err := rows.Scan(&terms); err != nil {
				return err
			}
			c.passages++
			for term := range strings.FieldsSeq(terms) {
				c.terms++
				if in[term] != c.passages {
					in[term] = c.passages
					c.frequency[term]++
				}
			}
			return nil
		}, `SELECT terms FROM passages WHERE episode = ?`, e.number)
		if err != nil {
			return nil, err
		}
	}
	return c, nil
}

// vocabularies caches the vocabularies of several scopes together.
type vocabularies struct {
	mutex   sync.Mutex
	entries []vocabulary // oldest first
}

type vocabulary struct {
	scopes []*scopeView // equal pointers: equal contents
	words  *retrieval.Vocabulary
}

// find returns the scopes' vocabulary, and that of an earlier time; nil where
// there is none.
func (c *vocabularies) find(scopes []*scopeView) (words, earlier *retrieval.Vocabulary) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for _, e := range c.entries {
		if slices.Equal(e.scopes, scopes) {
			return e.words, nil
		}
		if slices.EqualFunc(e.scopes, scopes, func(a, b *scopeView) bool { return a.number == b.number }) {
			earlier = e.words
		}
	}
	return nil, earlier
}

// keep caches the vocabulary in place of an earlier one of the same scopes.
func (c *vocabularies) keep(l *Library, scopes []*scopeView, words *retrieval.Vocabulary) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if l.current.Load().shrunk(scopes) {
		return // then nobody would drop it
	}
	c.entries = slices.DeleteFunc(c.entries, func(e vocabulary) bool {
		return slices.EqualFunc(e.scopes, scopes, func(a, b *scopeView) bool { return a.number == b.number })
	})
	if len(c.entries) >= maxVocabularies {
		c.entries = slices.Delete(c.entries, 0, 1)
	}
	c.entries = append(c.entries, vocabulary{scopes: scopes, words: words})
}

// drop forgets all vocabularies of scopes that episodes have left. The view must
// be the current one already.
func (c *vocabularies) drop(v *view) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.entries = slices.DeleteFunc(c.entries, func(e vocabulary) bool { return v.shrunk(e.scopes) })
}

// shrunk reports whether an episode of the scopes is not in the view.
func (v *view) shrunk(scopes []*scopeView) bool {
	for _, s := range scopes {
		now := v.scopes[s.name]
		if now == s {
			continue
		}
		if now == nil || now.number != s.number {
			return true
		}
		for _, e := range s.episodes {
			if now.byID[e.info.ID] != e {
				return true
			}
		}
	}
	return false
}

// Vocabulary implements retrieval.Index. The words of a scope are counted once
// and kept until an episode leaves it; one that comes is added to them.
func (l *Library) Vocabulary(ctx context.Context, scopes []retrieval.Scope) (*retrieval.Vocabulary, error) {
	var words *retrieval.Vocabulary
	err := l.read(ctx, func(s *session, v *view) error {
		named := v.named(scopes)
		var earlier *retrieval.Vocabulary
		if words, earlier = l.words.find(named); words != nil {
			return nil
		}
		parts := make([]*retrieval.Vocabulary, len(named))
		for i, scope := range named {
			var err error
			if parts[i], err = scope.words.get(ctx, s, scope); err != nil {
				return err
			}
		}
		if len(parts) == 1 {
			words = parts[0]
			return nil
		}
		words = retrieval.JoinVocabularies(parts)
		if earlier != nil {
			words.Follow(earlier)
		}
		l.words.keep(l, named, words)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("vocabulary: %w", explain(err))
	}
	return words, nil
}
