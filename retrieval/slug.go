package retrieval

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxSlug keeps an ID within Discord's 100 characters for values of choices
// and custom_ids, with room for a scope and an action beside it.
const maxSlug = 64

// Slug makes an episode ID of a title or file name: letters and digits in
// lower case, everything else one hyphen, Latin letters without their accents,
// at most 64 bytes. It is "" when name has neither letter nor digit.
func Slug(name string) EpisodeID {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFD.String(name) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			r = unicode.ToLower(r)
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			if b.Len()+len(string(r)) > maxSlug {
				return EpisodeID(strings.TrimRight(b.String(), "-"))
			}
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	return EpisodeID(norm.NFC.String(b.String()))
}
