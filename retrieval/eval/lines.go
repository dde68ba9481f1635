package eval

// overlap reports whether two ranges share a line.
func overlap(a, b [2]int) bool {
	return a[0] > 0 && b[0] > 0 && a[0] <= b[1] && b[0] <= a[1]
}

// overlapsAny reports whether the range shares a line with any of the gold.
func overlapsAny(r [2]int, gold [][2]int) bool {
	for _, g := range gold {
		if overlap(r, g) {
			return true
		}
	}
	return false
}

// reading returns the distinct lines of the hits in the order in which a
// reader meets them: hit by hit from the top, each line once.
func reading(hits [][2]int) []int {
	var lines []int
	seen := make(map[int]bool)
	for _, h := range hits {
		if h[0] < 1 {
			continue
		}
		for n := h[0]; n <= h[1]; n++ {
			if !seen[n] {
				seen[n] = true
				lines = append(lines, n)
			}
		}
	}
	return lines
}

// lineSet is the set of the lines in the ranges.
func lineSet(ranges [][2]int) map[int]bool {
	set := make(map[int]bool)
	for _, n := range reading(ranges) {
		set[n] = true
	}
	return set
}
