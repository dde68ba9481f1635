package local

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"verbatim/retrieval"
)

// view is an unchanging picture of the library's scopes and episodes.
type view struct {
	generation int64
	// model is the serving one; number 0 when the library has none yet.
	model  model
	scopes map[retrieval.Scope]*scopeView
}

// model is a row of models.
type model struct {
	number    int64
	name      string
	dimension int
	// revision is meta's "vectors": another one, and all must be read again.
	revision int64
}

// scopeView is one scope. It is replaced whenever its episodes change, so that
// equal pointers mean equal contents.
type scopeView struct {
	number   int64
	name     retrieval.Scope
	episodes []*episodeView // by first, which is also the order of adding
	byID     map[retrieval.EpisodeID]*episodeView
	words    *scopeWords
}

// episodeView is one episode.
type episodeView struct {
	number int64
	scope  retrieval.Scope
	info   retrieval.EpisodeInfo
	// speakers are all that passages name by number; info.Speakers are those
	// of the lines.
	speakers []string
	// first is the passages.id of passage 0; passage i has first+i.
	first int64
	// spoken[i] are the speakers of passage i, as indices into speakers; nil
	// when no passage has any.
	spoken [][]int
	// vectors are those of the view's model.
	vectors *vectors
}

func (e *episodeView) passageID(row int64) retrieval.PassageID {
	return retrieval.PassageID{Scope: e.scope, Episode: e.info.ID, Seq: int(row - e.first)}
}

// run is an unbroken row of passages of one episode: passages.id from first to
// last, both included.
type run struct {
	episode     *episodeView
	first, last int64
}

// selection is the passages of one scope that pass a filter.
type selection struct {
	scope *scopeView
	runs  []run // by first
	count int
}

// find returns the ID of a passage, false when it is not selected.
func (s *selection) find(row int64) (retrieval.PassageID, bool) {
	i, found := slices.BinarySearchFunc(s.runs, row, func(r run, row int64) int {
		switch {
		case r.last < row:
			return -1
		case r.first > row:
			return 1
		}
		return 0
	})
	if !found {
		return retrieval.PassageID{}, false
	}
	return s.runs[i].episode.passageID(row), true
}

// piece is an unbroken row of passages.id, both included.
type piece struct{ first, last int64 }

// pieces is the selection with neighbouring episodes joined.
func (s *selection) pieces() []piece {
	var pieces []piece
	for _, r := range s.runs {
		if n := len(pieces); n > 0 && pieces[n-1].last+1 == r.first {
			pieces[n-1].last = r.last
			continue
		}
		pieces = append(pieces, piece{r.first, r.last})
	}
	return pieces
}

// selectPassages works the filter out, scope by scope in the order of names;
// scopes in which nothing passes are left out.
func (v *view) selectPassages(f *retrieval.Filter) []selection {
	var selections []selection
	for _, scope := range v.named(f.Scopes) {
		sel := selection{scope: scope}
		for _, e := range scope.episodes {
			if e.passes(f) {
				sel.add(e, f.Speaker)
			}
		}
		if sel.count > 0 {
			selections = append(selections, sel)
		}
	}
	return selections
}

// named returns the scopes of these names that have episodes, each once.
func (v *view) named(names []retrieval.Scope) []*scopeView {
	var scopes []*scopeView
	for _, name := range names {
		if s := v.scopes[name]; s != nil && !slices.Contains(scopes, s) {
			scopes = append(scopes, s)
		}
	}
	slices.SortFunc(scopes, func(a, b *scopeView) int { return cmp.Compare(a.name, b.name) })
	return scopes
}

// add selects the passages of the episode in which the speaker speaks, or all
// for "".
func (s *selection) add(e *episodeView, speaker string) {
	if speaker == "" {
		if e.info.Passages > 0 {
			s.addRun(e, e.first, e.first+int64(e.info.Passages)-1)
		}
		return
	}
	for i := range e.spoken {
		if slices.ContainsFunc(e.spoken[i], func(n int) bool { return strings.EqualFold(e.speakers[n], speaker) }) {
			s.addRun(e, e.first+int64(i), e.first+int64(i))
		}
	}
}

func (s *selection) addRun(e *episodeView, first, last int64) {
	s.count += int(last - first + 1)
	if n := len(s.runs); n > 0 && s.runs[n-1].episode == e && s.runs[n-1].last+1 == first {
		s.runs[n-1].last = last
		return
	}
	s.runs = append(s.runs, run{episode: e, first: first, last: last})
}

// passes applies all of the filter but scopes and speaker.
func (e *episodeView) passes(f *retrieval.Filter) bool {
	if len(f.Episodes) > 0 && !slices.Contains(f.Episodes, e.info.ID) {
		return false
	}
	if f.Show != "" && !strings.EqualFold(f.Show, e.info.Show) {
		return false
	}
	if f.From.IsZero() && f.To.IsZero() {
		return true
	}
	day := e.info.Date
	switch {
	case day.IsZero():
		return false
	case !f.From.IsZero() && day.Before(dayOf(f.From)):
		return false
	case !f.To.IsZero() && day.After(dayOf(f.To)):
		return false
	}
	return true
}

// dayOf is the start of the day that t names, at 00:00 UTC.
func dayOf(t time.Time) time.Time {
	year, month, day := t.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// speaks reports whether the speaker speaks in the episode; "" always does.
func (e *episodeView) speaks(speaker string) bool {
	return speaker == "" || slices.ContainsFunc(e.speakers, func(s string) bool { return strings.EqualFold(s, speaker) })
}

// sortScored puts a list in total order and cuts it to n.
func sortScored(list []retrieval.Scored, n int) []retrieval.Scored {
	slices.SortFunc(list, func(a, b retrieval.Scored) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), a.ID.Compare(b.ID))
	})
	return list[:min(n, len(list))]
}
