package render

import (
	"cmp"
	"net/url"
	"strings"
	"time"

	"verbatim/bot/discord/wire"
	"verbatim/bot/discord/words"
	"verbatim/retrieval"
)

// maxTitle is the most characters of a title within a message.
const maxTitle = 150

// maxName is the most characters of a speaker's name.
const maxName = 80

// place says where a citation stands: title, time or lines, speaker. The time
// or, without one, the lines open the page of the lines or, without pages, the
// audio where it is known.
func (r Renderer) place(c *retrieval.Citation, title bool) string {
	where := c.Start.String()
	if where == "" {
		where = r.lines(c.FirstLine, c.LastLine)
	}
	var name, speaker string
	if title {
		name = r.title(c.Title, c.Episode)
	}
	if c.Speaker != "" {
		speaker = clip(c.Speaker, maxName)
	}
	return dotted(name, linked(where, cmp.Or(r.page(c.Scope, c.Episode, c.FirstLine, c.LastLine), c.URL)), speaker)
}

// title is an episode's title, its ID when it has none.
func (r Renderer) title(title string, id retrieval.EpisodeID) string {
	switch {
	case strings.TrimSpace(plain(title)) != "":
		return clip(strings.TrimSpace(title), maxTitle)
	case id != "":
		return clip(string(id), maxTitle)
	}
	return r.Lang.Say(words.Untitled)
}

func (r Renderer) lines(first, last int) string {
	if last <= first {
		return r.Lang.Say(words.PlaceLine, first)
	}
	return r.Lang.Say(words.PlaceLines, first, last)
}

// linked makes markdown open an address; without a good one it is left as it
// is.
func linked(markdown, address string) string {
	if address = safeURL(address); address == "" {
		return markdown
	}
	return "[" + markdown + "](<" + address + ">)"
}

// safeURL is a web address that ends neither a link nor its angle brackets; ""
// for what is none or longer than Discord opens.
func safeURL(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return ""
	}
	var b strings.Builder
	for _, c := range []byte(u.String()) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("<>()[]{}\"'\\^`|*_~", c) >= 0 && c != '_' && c != '~' {
			const hex = "0123456789ABCDEF"
			b.WriteString("%" + string(hex[c>>4]) + string(hex[c&15]))
			continue
		}
		b.WriteByte(c)
	}
	if b.Len() > wire.MaxURL {
		return ""
	}
	return b.String()
}

// listen is a button that opens an address, none without a good one.
func (r Renderer) listen(address string) wire.Component {
	if address = safeURL(address); address == "" {
		return wire.Component{}
	}
	return wire.Link(r.Lang.Say(words.ButtonListen), address)
}

// transcript is a button that opens the page of some lines, none where there is
// no such page.
func (r Renderer) transcript(scope retrieval.Scope, id retrieval.EpisodeID, first, last int) wire.Component {
	address := r.page(scope, id, first, last)
	if address == "" {
		return wire.Component{}
	}
	return wire.Link(r.Lang.Say(words.ButtonTranscript), address)
}

// quoteLine is escaped or marked-up text as one line of a block quote.
func quoteLine(markdown string) string { return "> " + strings.TrimSpace(markdown) }

// date is the day in words, "" when unknown.
func (r Renderer) date(day time.Time) string { return r.Lang.Date(day) }

// contextButton opens the passage around a citation.
func (r Renderer) contextButton(c *retrieval.Citation) wire.Component {
	return r.button(words.ButtonContext, Action{
		Kind: KindContext, Public: c.Scope == retrieval.Public, Episode: c.Episode, First: c.FirstLine, Last: c.LastLine, N: c.N,
	})
}

// entry is a quote with its place and its Context button: as a rule one block,
// of a very long quote several.
func (r Renderer) entry(quote, place string, button wire.Component) []block {
	parts := Split(quote, maxBlock-runes(place)-1)
	if len(parts) == 0 {
		return []block{{section(place, button)}}
	}
	var blocks []block
	for _, part := range parts[:len(parts)-1] {
		blocks = append(blocks, textBlock(part))
	}
	return append(blocks, block{section(lines(parts[len(parts)-1], place), button)})
}
