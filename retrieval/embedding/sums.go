package embedding

import "math"

// sums adds up weighted table rows, eight bytes at a time: each word of lanes
// holds two sums of 32 bits side by side.
type sums struct {
	lanes []uint64
	// weight is what lanes have taken in; past maxLaneWeight they are
	// emptied into totals, before a sum runs over into its neighbour.
	weight uint64
	totals []int64
}

// maxLaneWeight times the largest byte, and one row more, is within 32 bits.
const maxLaneWeight = math.MaxUint32/math.MaxUint8 - math.MaxUint8

func newSums(dimension int) sums {
	return sums{lanes: make([]uint64, dimension/2), totals: make([]int64, dimension)}
}

// add takes in a row, its bytes times weight. The four products of eight bits
// by eight that a multiplication makes fit their 16 bits each.
func (s *sums) add(row string, weight byte) {
	const bytes, words = 0x00FF00FF00FF00FF, 0x0000FFFF0000FFFF
	s.weight += uint64(weight)
	w := uint64(weight)
	for lanes := s.lanes; len(lanes) >= 4 && len(row) >= 8; lanes, row = lanes[4:], row[8:] {
		x := uint64(row[0]) | uint64(row[1])<<8 | uint64(row[2])<<16 | uint64(row[3])<<24 |
			uint64(row[4])<<32 | uint64(row[5])<<40 | uint64(row[6])<<48 | uint64(row[7])<<56
		even, odd := (x&bytes)*w, (x>>8&bytes)*w
		lanes[0] += even & words       // bytes 0 and 4
		lanes[1] += odd & words        // bytes 1 and 5
		lanes[2] += even >> 16 & words // bytes 2 and 6
		lanes[3] += odd >> 16 & words  // bytes 3 and 7
	}
	if s.weight > maxLaneWeight {
		s.drain()
	}
}

// drain empties the lanes into totals and takes out the offset that every
// byte has.
func (s *sums) drain() {
	offset := int64(s.weight) * tableOffset
	for i, pair := range s.lanes {
		at := i/4*8 + i%4
		s.totals[at] += int64(pair&math.MaxUint32) - offset
		s.totals[at+4] += int64(pair>>32) - offset
	}
	clear(s.lanes)
	s.weight = 0
}

// direction writes the totals, brought to length 1, into v and begins anew; v
// is zero where they are.
func (s *sums) direction(v []float32) {
	s.drain()
	var square float64
	for _, total := range s.totals {
		// The conversion of the product keeps the compiler from fusing it
		// with the sum, which rounds otherwise on some machines.
		square += float64(float64(total) * float64(total))
	}
	factor := 0.0
	if square > 0 {
		factor = 1 / math.Sqrt(square)
	}
	for i, total := range s.totals {
		v[i] = float32(float64(total) * factor)
	}
	clear(s.totals)
}

// normalize brings v to length 1; a zero vector stays as it is.
func normalize(v []float32) {
	var square float64
	for _, x := range v {
		square += float64(x) * float64(x)
	}
	if square == 0 {
		return
	}
	factor := 1 / math.Sqrt(square)
	for i, x := range v {
		v[i] = float32(float64(x) * factor)
	}
}
