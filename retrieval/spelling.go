package retrieval

import "strings"

const (
	// minVariantLetters is the shortest word for which misspellings are
	// sought: of shorter ones too many differ by a letter only.
	minVariantLetters = 4
	// maxVariants bounds how many spellings of one word are searched for.
	maxVariants = 6
)

// Variant is another spelling of a word that stands in the library.
type Variant struct {
	Term string
	// Weight says how near it is: below 1, above 0.
	Weight float64
}

// Variants returns up to six terms of the vocabulary that the term may be a
// misspelling of, or that may be misspellings of it, nearest first: words that
// differ by a letter or two or that sound the same. Speech recognition writes
// names by their sound ("Toleraya" for Toloraya), people write them as they
// remember them.
func (v *Vocabulary) Variants(term string) []Variant {
	if len(term) < minVariantLetters || !isLetters(term) {
		return nil
	}
	sound := soundKey(term)
	var found []Variant
	seen := map[string]bool{term: true}
	consider := func(candidates []string, sameSound bool) {
		for _, c := range candidates {
			if seen[c] {
				continue
			}
			if w := variantWeight(term, c, sameSound); w > 0 {
				seen[c] = true
				found = append(found, Variant{c, w})
			}
		}
	}
	for _, p := range v.parts {
		p.indexOnce.Do(p.buildIndex)
		consider(p.bySound[sound], true)
	}
	for n := len(term) - 2; n <= len(term)+2; n++ {
		for _, p := range v.parts {
			consider(p.byLength[lengthKey(term[0], n)], false)
		}
	}
	sortVariants(found, v)
	return found[:min(len(found), maxVariants)]
}

// variantWeight is 0 when the words are too far apart.
func variantWeight(a, b string, sameSound bool) float64 {
	allowed := 1
	if min(len(a), len(b)) >= 8 {
		allowed = 2
	}
	if sameSound {
		allowed = max(2, min(len(a), len(b))/3)
	}
	d := editDistance(a, b, allowed)
	if d > allowed {
		return 0
	}
	// Two words of one stem that differ by an ending ("trade", "trades") are
	// joined by Stem already; other words of five letters or fewer that differ
	// by their first letter or an ending are other words.
	if !sameSound && min(len(a), len(b)) < 5 {
		return 0
	}
	weight := 0.8 - 0.15*float64(d-1)
	if sameSound {
		weight += 0.1
	}
	return max(weight, 0.3)
}

func isLetters(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return true
}

func lengthKey(first byte, n int) string {
	return string([]byte{first, byte(min(max(n, 0), 255))})
}

// soundKey folds a word to how it sounds, roughly: digraphs to one letter,
// voiced and unvoiced consonants together, vowels after the first letter left
// out, repeats once. It is a coarse relative of Metaphone (Philips, "Hanging
// on the Metaphone", Computer Language 7(12), 1990) that treats the spellings
// in which foreign names vary alike: j/y, k/c/q, w/v, z/s/ts.
func soundKey(word string) string {
	word = soundDigraphs.Replace(word)
	key := make([]byte, 0, len(word))
	for i := 0; i < len(word); i++ {
		c := soundOf(word[i])
		if c == 0 && i > 0 {
			continue
		}
		if c == 0 {
			c = 'a'
		}
		if len(key) > 0 && key[len(key)-1] == c {
			continue
		}
		key = append(key, c)
	}
	return string(key)
}

var soundDigraphs = strings.NewReplacer(
	"sch", "s", "tch", "c", "ck", "k", "ph", "f", "gh", "g", "sh", "s", "ch", "k", "th", "t", "kh", "k", "zh", "s",
	"wh", "w", "kn", "n", "wr", "r", "tz", "s", "ts", "s", "zz", "s", "dg", "j", "qu", "kw", "x", "ks", "wz", "ws", "zw", "sw",
)

func soundOf(c byte) byte {
	switch c {
	case 'a', 'e', 'i', 'o', 'u', 'y', 'h':
		return 0
	case 'b', 'p':
		return 'p'
	case 'c', 'k', 'q', 'g':
		return 'k'
	case 'd', 't':
		return 't'
	case 'f', 'v', 'w':
		return 'f'
	case 's', 'z':
		return 's'
	default:
		return c
	}
}

// editDistance is the number of letters to insert, delete, replace or swap
// with a neighbour (optimal string alignment, after Damerau 1964) between the
// words, or limit+1 when it is more than limit.
func editDistance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	if len(a) > 64 || len(b) > 64 {
		if a == b {
			return 0
		}
		return limit + 1
	}
	var rows [3][65]int
	before, row, next := &rows[0], &rows[1], &rows[2]
	for j := 0; j <= len(b); j++ {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			next[j] = d
			least = min(least, d)
		}
		if least > limit {
			return limit + 1
		}
		before, row, next = row, next, before
	}
	return min(row[len(b)], limit+1)
}
