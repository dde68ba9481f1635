package render

import (
	"fmt"
	"strings"

	"verbatim/bot"
	"verbatim/bot/discord/wire"
	"verbatim/bot/discord/words"
	"verbatim/retrieval"
)

const (
	// summaryText is about how many characters of points a page holds, and
	// summaryPoints how many points: what reads well on a phone.
	summaryText   = 1600
	summaryPoints = 8
	// maxPoint is the most characters of one point.
	maxPoint = 1200
	// maxPlaces is how many characters of places make no more follow.
	maxPlaces = 600
	// summaryLinks is how many characters of a page's points may be addresses of
	// the transcript's page, which nobody sees.
	summaryLinks = 1000
)

// styles are the names of the styles.
var styles = map[string]words.Key{
	bot.Brief: words.StyleBrief, bot.Detailed: words.StyleDetailed, bot.Chapters: words.StyleChapters, bot.Takeaways: words.StyleTakeaways,
}

// SummaryPage is a page of a summary, from 0; one beyond the end is the last.
// Public says whose the episode is.
func (r Renderer) SummaryPage(s *bot.Summary, public bool, page int) wire.Outgoing {
	all := r.summaryPages(s)
	page = min(max(page, 0), len(all)-1)
	state := func(style string, page, n int) Action {
		return Action{Kind: KindSummaryPage, Public: public, Episode: s.Episode, Style: style, Page: page, N: n}
	}
	title := lines("### "+r.title(s.Title, s.Episode), "-# "+r.Lang.Say(styles[s.Style]))
	read := r.Lang.Say(words.SummaryReadAll, s.TotalLines)
	if s.CoveredLines < s.TotalLines {
		read = r.Lang.Say(words.SummaryRead, s.CoveredLines, s.TotalLines)
	}
	if len(all) > 1 {
		read = dotted(read, r.Lang.Say(words.PageOf, page+1, len(all)))
	}
	foot := "-# " + read
	if s.Model != "" && s.Model != bot.Extractive {
		foot = lines("-# "+r.Lang.Say(words.SummaryModel, clip(s.Model, 60)), r.removed(words.PointsRemoved, s.Removed), foot)
	}
	blocks := []block{textBlock(title), textBlock(all[page]), textBlock(lines(r.without(s.Without), foot))}
	var others []wire.Component
	for i, style := range bot.Styles {
		if style != s.Style {
			others = append(others, r.button(styles[style], state(style, 0, i+1)))
		}
	}
	others = append(others, r.button(words.ButtonAskAbout, Action{Kind: KindEpisodeAsk, Public: public, Episode: s.Episode}))
	turn := r.pageRow(page, len(all), func(page int) Action { return state(s.Style, page, 0) })
	return message(colourAnswer, blocks, turn, row(others...))
}

// summaryPages are the points by page, at least one page.
func (r Renderer) summaryPages(s *bot.Summary) []string {
	byNumber := map[int]*retrieval.Citation{}
	for i := range s.Citations {
		byNumber[s.Citations[i].N] = &s.Citations[i]
	}
	var all []string
	var page []string
	used, room := 0, summaryText
	if r.Page != nil {
		room += summaryLinks
	}
	for i := range s.Points {
		text := r.point(s, i, byNumber)
		if len(page) > 0 && (used+runes(text) > room || len(page) == summaryPoints) {
			all = append(all, strings.Join(page, "\n"))
			page, used = nil, 0
		}
		page = append(page, text)
		used += runes(text)
	}
	if len(page) > 0 {
		all = append(all, strings.Join(page, "\n"))
	}
	if len(all) == 0 {
		all = []string{r.Lang.Say(words.SummaryEmpty)}
	}
	return all
}

// point is a point with its places below it, under its heading if it has one.
func (r Renderer) point(s *bot.Summary, i int, byNumber map[int]*retrieval.Citation) string {
	p := &s.Points[i]
	heading := ""
	if strings.TrimSpace(plain(p.Heading)) != "" {
		heading = "**" + clip(p.Heading, 120) + "**"
	}
	text := clip(p.Text, maxPoint)
	if s.Style == bot.Takeaways {
		text = fmt.Sprintf("**%d.** %s", i+1, text)
	} else {
		text = "- " + text
	}
	places := ""
	for _, n := range p.Citations {
		switch c := byNumber[n]; {
		case c == nil || runes(places) > maxPlaces:
		case places == "":
			places = "-# " + r.place(c, false)
		default:
			places += "; " + r.place(c, false)
		}
	}
	return lines(heading, text, places)
}
