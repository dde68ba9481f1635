package embedding

import "testing"

func TestRank(t *testing.T) {
	s, err := NewStatic()
	if err != nil {
		t.Fatal(err)
	}
	common, whole := s.Rank("the")
	if !whole {
		t.Fatal(`Rank("the") is not whole`)
	}
	if rare, whole := s.Rank("treaty"); !whole || rare <= common {
		t.Errorf(`Rank("treaty") = %d, %v; want a whole word rarer than "the" (%d)`, rare, whole, common)
	}
	for _, word := range []string{"zwetsloot", "two words", ""} {
		if rank, whole := s.Rank(word); whole || rank != 0 {
			t.Errorf("Rank(%q) = %d, %v; want 0, false", word, rank, whole)
		}
	}
}
