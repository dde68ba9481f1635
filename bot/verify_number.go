package bot

import "verbatim/retrieval"

// absentNumber finds a number of the claim that is not in the sources.
func (f *finding) absentNumber() Fault {
	for i := range f.c.units {
		if f.c.class[i] == numberUnit && !f.quoted[i] && !f.occurs(i, 1) {
			return Fault{Kind: FaultNumber, Words: []string{f.c.written(i)}}
		}
	}
	return Fault{}
}

// leastAround is the least share of the words around a number that must stand
// around it in the source too.
const leastAround = 0.08

// sureAround is the share of the words around a number from which it is sure
// enough that it is said of them, though another number stands nearer.
const sureAround = 0.45

// wrongNumber finds a number that stands in the sources, but not with what it
// is put to in the claim: another number has its place there, or none of the
// words around it are around it there.
func (f *finding) wrongNumber() Fault {
	c := f.c
	for i := range c.units {
		u := &c.units[i]
		if u.quantity == nil || f.quoted[i] {
			continue
		}
		fault := Fault{Kind: FaultNumber, Words: []string{c.written(i)}}
		isRival := func(s *sourceText, j int) bool {
			q := s.units[j].quantity
			return q != nil && rivals(q, u.quantity)
		}
		if f.consistent(i) {
			if f.skips(i, isRival) {
				return fault
			}
			continue
		}
		rival := false
		f.slot(i, func(s *sourceText, j int) { rival = rival || isRival(s, j) })
		dense := f.dense(i)
		switch {
		case rival && (dense || f.enclosed(i)):
			return fault
		case c.class[i] != numberUnit || f.adjoined(i) && !f.estranged(i):
			continue
		case rival && !f.besideNeighbours(i, 1) && f.nearest(i, 1, sourceReach) < sureAround:
			return fault
		case f.nearest(i, 1, sourceReach) < leastAround || f.outdone(i) || f.estranged(i):
			return fault
		}
	}
	return Fault{}
}

// How near a word numbers stand that are said of it, in units: others, and the
// claim's own.
const (
	otherNear = 5
	ownNear   = 12
)

// estranged reports whether the word that the number is said of in the claim
// has, wherever it stands in the sources, another number beside it or none,
// and never that of the claim.
func (f *finding) estranged(i int) bool {
	c := f.c
	q := c.units[i].quantity
	of := -1
	for _, k := range []int{i - 1, i - 2, i + 1, i + 2, i - 3, i + 3} {
		if k >= 0 && k < len(c.units) && c.units[k].quantity == nil && c.weights[k] >= 0.2 && !retrieval.IsCurrency(c.word(k).word) {
			of = k
			break
		}
	}
	if of < 0 {
		return false
	}
	own, other := false, false
	f.occurrences(of, likeSpelling, func(s *sourceText, j int) bool {
		for n := max(0, j-ownNear); n <= min(len(s.units)-1, j+ownNear); n++ {
			p := s.units[n].quantity
			if p == nil {
				continue
			}
			own = own || q.Same(p)
			other = other || rivals(p, q) && sortOf(p) == sortOf(q) && max(n-j, j-n) <= otherNear
		}
		return !own
	})
	return other && !own
}

// outdone reports whether the sentence that holds most of the words around the
// number has another number of its sort in its stead, and no sentence with
// the number holds nearly as many.
func (f *finding) outdone(i int) bool {
	best, with := 0.0, 0.0
	rival := false
	for _, s := range f.sources {
		for n := range s.Sentences {
			if !s.evidence[n] {
				continue
			}
			share, has, other := f.aroundIn(i, s, n)
			if has {
				with = max(with, share)
			} else if share > best {
				best, rival = share, other
			}
		}
	}
	return rival && with < 0.5*best
}

// aroundIn is the share of the words around the number that sentence n holds,
// whether it holds the number, and whether it holds another of its sort.
func (f *finding) aroundIn(i int, s *sourceText, n int) (share float64, has, other bool) {
	c := f.c
	q := c.units[i].quantity
	met, all := 0.0, 0.0
	for k := max(0, i-claimReach); k <= min(len(c.units)-1, i+claimReach); k++ {
		if k == i || c.weights[k] == 0 || c.units[k].quantity != nil {
			continue
		}
		best := 0.0
		for j := s.starts[n]; j < s.starts[n+1]; j++ {
			best = max(best, f.likeUnit(k, s, j))
		}
		met += best * c.weights[k]
		all += c.weights[k]
	}
	for j := s.starts[n]; j < s.starts[n+1]; j++ {
		if p := s.units[j].quantity; p != nil {
			has = has || q.Same(p)
			other = other || sortOf(p) == sortOf(q) && sortOf(q) != ""
		}
	}
	return met / max(all, 1e-9), has, other
}

// sortOf is what a number is of, where it can be told by itself; "" else.
func sortOf(q *retrieval.Quantity) string {
	switch {
	case q.Kind == retrieval.Month:
		return "month"
	case q.Kind == retrieval.Weekday:
		return "day"
	case q.Kind == retrieval.Clock:
		return "clock"
	case q.Unit != "":
		return q.Unit
	case q.Kind == retrieval.Cardinal && q.Value >= 1000 && q.Value <= 2100:
		return "year"
	}
	return ""
}

// rivals reports whether two numbers exclude each other in one place.
func rivals(q, p *retrieval.Quantity) bool {
	if q.Same(p) || q.Weak && p.Weak {
		return false
	}
	return isTime(q) == isTime(p) && (!isTime(q) || q.Kind == p.Kind)
}

// isTime reports whether a quantity is a name of a time rather than a number.
func isTime(q *retrieval.Quantity) bool {
	return q.Kind == retrieval.Month || q.Kind == retrieval.Weekday
}
