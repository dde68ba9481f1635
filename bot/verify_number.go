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
		if u.quantity == nil || f.quoted[i] || f.consistent(i) {
			continue
		}
		fault := Fault{Kind: FaultNumber, Words: []string{c.written(i)}}
		rival := false
		f.slot(i, func(s *sourceText, j int) {
			q := s.units[j].quantity
			rival = rival || q != nil && rivals(q, u.quantity)
		})
		dense := f.dense(i)
		switch {
		case rival && dense:
			return fault
		case c.class[i] != numberUnit || f.adjoined(i):
			continue
		case rival && !f.besideNeighbours(i, 1) && f.nearest(i, 1, sourceReach) < sureAround:
			return fault
		case f.nearest(i, 1, sourceReach) < leastAround || f.outdone(i):
			return fault
		}
	}
	return Fault{}
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
