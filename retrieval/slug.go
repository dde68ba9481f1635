package retrieval

import (
	"encoding/hex"
	"hash/fnv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxSlug keeps an ID within Discord's 100 characters for values of choices
// and custom_ids, with room for a scope and an action beside it.
const maxSlug = 64

// Slug makes an episode ID of a title or file name: letters and digits in
// lower case, everything else one hyphen, Latin and Greek letters without
// their accents, at most 64 bytes. A longer name is cut and ends with eight
// hexadecimal digits of all of it, so that names of the same beginning differ.
// It is "" when name has neither letter nor digit. The slug of a slug is
// itself.
func Slug(name string) EpisodeID {
	slug := slugify(name)
	if len(slug) <= maxSlug {
		return EpisodeID(slug)
	}
	h := fnv.New32a()
	h.Write([]byte(slug))
	end := "-" + hex.EncodeToString(h.Sum(nil))
	cut := maxSlug - len(end)
	for cut > 0 && !startsLetter(slug[cut:]) {
		cut--
	}
	return EpisodeID(strings.Trim(strings.TrimRight(slug[:cut], "-")+end, "-"))
}

// slugify is Slug without a limit of length.
func slugify(name string) string {
	var b strings.Builder
	gap, bare := false, false // bare: the letter before loses its marks
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case unicode.Is(unicode.M, r):
			if !bare && !gap && b.Len() > 0 {
				b.WriteRune(r)
			}
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap, bare = false, unicode.In(r, unicode.Latin, unicode.Greek) || unicode.IsDigit(r)
			b.WriteRune(unicode.ToLower(r))
		default:
			gap = true
		}
	}
	return norm.NFC.String(b.String())
}

// startsLetter reports whether a text may be cut before s: neither within a
// character nor between a letter and its marks.
func startsLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return utf8.RuneStart(s[0]) && !unicode.Is(unicode.M, r)
}
