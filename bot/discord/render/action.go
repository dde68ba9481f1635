package render

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"verbatim/bot/discord/wire"
	"verbatim/retrieval"
)

// ErrOldButton is returned by ParseAction for what it does not know: a button
// of another version of the program, or of another bot.
var ErrOldButton = errors.New("button is of an older version")

// Kind is what a button, a menu or a form does.
type Kind string

// The kinds, as they stand in custom_ids; messages outlive the program, so
// that a value is never given another meaning.
const (
	KindContext      Kind = "c"  // passage around a citation: Episode, First, Last
	KindContextPage  Kind = "cp" // another page of it: Page as well
	KindAskFurther   Kind = "a"  // opens the form for a further question
	KindAskForm      Kind = "af" // that form: Message followed, or Episode
	KindOpenThread   Kind = "t"
	KindUp           Kind = "u"
	KindDown         Kind = "d"  // opens the form for a reason
	KindDownForm     Kind = "df" // that form
	KindSummaryPage  Kind = "s"  // Episode, Style, Page
	KindEpisodesPage Kind = "l"  // Text searched, Page
	KindEpisodeOpen  Kind = "eo" // menu: Text and Page of the list to go back to
	KindEpisodeAsk   Kind = "ea" // opens the form for a question: Episode
	KindUndo         Kind = "z"  // Key
	KindRemove       Kind = "r"  // Episode
	KindKeep         Kind = "k"
	KindUnpin        Kind = "up"
	KindAskRoles     Kind = "sa" // menu of roles
	KindAddRoles     Kind = "sd" // menu of roles
	KindPrivate      Kind = "sp" // turns private answers on and off
	KindLanguage     Kind = "sl" // menu of languages
	KindLimits       Kind = "sm" // opens the form of the limits
	KindLimitsForm   Kind = "sf" // that form
	KindForget       Kind = "f"
)

// What the button of private answers wants, as N of its Action: it says what
// shall be, since the panel that it stands on may be an old one.
const (
	WantPrivate = 1
	WantPublic  = 2
)

var kinds = map[Kind]bool{
	KindContext: true, KindContextPage: true, KindAskFurther: true, KindAskForm: true, KindOpenThread: true, KindUp: true, KindDown: true,
	KindDownForm: true, KindSummaryPage: true, KindEpisodesPage: true, KindEpisodeOpen: true, KindEpisodeAsk: true, KindUndo: true,
	KindRemove: true, KindKeep: true, KindUnpin: true, KindAskRoles: true, KindAddRoles: true, KindPrivate: true, KindLanguage: true,
	KindLimits: true, KindLimitsForm: true, KindForget: true,
}

// Action is the state in a custom_id. Clients can read and forge it: it holds
// no secret, and what it asks for is checked again.
type Action struct {
	Kind Kind
	// Public is true for an episode that everybody sees, false for one of the
	// server's own.
	Public  bool
	Episode retrieval.EpisodeID
	// First and Last are the cited lines.
	First, Last int
	// Page counts from 0; of context it may be negative.
	Page int
	// N tells apart what is otherwise the same in one message, such as two
	// citations of one place.
	N int
	// Style is that of a summary.
	Style string
	// Key is that of an undo.
	Key string
	// Message is the message that a question follows.
	Message string
	// Text is what was searched for.
	Text string
}

// actionVersion leads every custom_id. Its fields follow, parted by colons, in
// the order of Action; numbers have base 36, and empty ones at the end are
// left out.
const actionVersion = "v1"

// String is the custom_id, at most 100 characters: of a Text that does not fit
// only the beginning. It is "" when the rest is too long, which no ID that
// retrieval.Slug makes is.
func (a Action) String() string {
	for {
		id := a.encode()
		over := runes(id) - wire.MaxCustomID
		if over <= 0 {
			return id
		}
		letters := graphemes(a.Text)
		if len(letters) == 0 {
			return ""
		}
		a.Text = strings.TrimRight(strings.Join(letters[:len(letters)-max(1, min(over/4, len(letters)))], ""), " ")
	}
}

func (a Action) encode() string {
	public := ""
	if a.Public {
		public = "p"
	}
	fields := []string{
		actionVersion, string(a.Kind), public, quoteField(string(a.Episode)), base36(a.First), base36(a.Last), base36(a.Page), base36(a.N),
		quoteField(a.Style), quoteField(a.Key), quoteField(a.Message), quoteField(a.Text),
	}
	return strings.TrimRight(strings.Join(fields, ":"), ":")
}

// actionFields is how many fields encode writes.
const actionFields = 12

// ParseAction reads a custom_id. The error wraps ErrOldButton.
func ParseAction(id string) (Action, error) {
	fields := strings.Split(id, ":")
	if fields[0] != actionVersion || len(fields) < 2 || len(fields) > actionFields || !kinds[Kind(fields[1])] || !utf8.ValidString(id) {
		return Action{}, fmt.Errorf("parse action %.120q: %w", id, ErrOldButton)
	}
	for len(fields) < actionFields {
		fields = append(fields, "")
	}
	a := Action{Kind: Kind(fields[1]), Public: fields[2] == "p"}
	ok := fields[2] == "" || a.Public
	number := func(field string) int {
		if field == "" {
			return 0
		}
		n, err := strconv.ParseInt(field, 36, 32)
		ok = ok && err == nil
		return int(n)
	}
	text := func(field string) string {
		s, err := unquoteField(field)
		ok = ok && err == nil
		return s
	}
	a.Episode = retrieval.EpisodeID(text(fields[3]))
	a.First, a.Last, a.Page, a.N = number(fields[4]), number(fields[5]), number(fields[6]), number(fields[7])
	a.Style, a.Key, a.Message, a.Text = text(fields[8]), text(fields[9]), text(fields[10]), text(fields[11])
	if !ok {
		return Action{}, fmt.Errorf("parse action %.120q: %w", id, ErrOldButton)
	}
	return a, nil
}

func base36(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(int64(n), 36)
}

// fieldQuoter keeps the colon for between fields.
var fieldQuoter = strings.NewReplacer("%", "%%", ":", "%.")

func quoteField(s string) string { return fieldQuoter.Replace(s) }

func unquoteField(s string) (string, error) {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, "%")
		b.WriteString(before)
		switch {
		case !found:
			return b.String(), nil
		case strings.HasPrefix(after, "%"):
			b.WriteByte('%')
		case strings.HasPrefix(after, "."):
			b.WriteByte(':')
		default:
			return "", ErrOldButton
		}
		s = after[1:]
	}
}
