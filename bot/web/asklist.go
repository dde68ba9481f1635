package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"verbatim/bot"
	"verbatim/retrieval"
)

const (
	// listPage is how many episodes a page lists.
	listPage = 50
	// manyEpisodes is from how many on there is a box to filter them by.
	manyEpisodes = 10
)

// episodeList is the public episodes, or those of them that fit what was typed.
type episodeList struct {
	// Typed is what they are filtered by, "" nothing.
	Typed string
	// All is how many public episodes there are, Fitting how many of them fit.
	All, Fitting int
	Episodes     []listedEpisode
	// Page counts from 1, of Pages.
	Page, Pages int
}

// listedEpisode is an episode in a list.
type listedEpisode struct {
	Info   *retrieval.EpisodeInfo
	Length string
}

// listEpisodes lists a page of the public episodes, newest first.
func (s *Server) listEpisodes(ctx context.Context, r *http.Request) (*episodeList, error) {
	scopes := []retrieval.Scope{retrieval.Public}
	l := &episodeList{Typed: oneLine(r.FormValue("list")), Page: 1}
	if len(l.Typed) > maxQuestion {
		l.Typed = ""
	}
	all, err := s.bot.Episodes(ctx, scopes, "", 0)
	if err != nil {
		return nil, err
	}
	l.All = len(all)
	if l.Typed != "" {
		if all, err = s.bot.Episodes(ctx, scopes, l.Typed, 0); err != nil {
			return nil, err
		}
	}
	l.Fitting, l.Pages = len(all), max(1, (len(all)+listPage-1)/listPage)
	if n, err := strconv.Atoi(r.FormValue("page")); err == nil {
		l.Page = min(max(n, 1), l.Pages)
	}
	first := (l.Page - 1) * listPage
	for i := range all[first:min(first+listPage, len(all))] {
		info := &all[first+i]
		length, err := s.listedLength(ctx, info)
		if err != nil {
			return nil, err
		}
		l.Episodes = append(l.Episodes, listedEpisode{info, length})
	}
	return l, nil
}

// listedLength says how long an episode is: where it is timed by the time of its
// last lines, or else by their number.
func (s *Server) listedLength(ctx context.Context, info *retrieval.EpisodeInfo) (string, error) {
	if info.Timed {
		last, err := s.bot.Context(ctx, []retrieval.Scope{info.Scope}, bot.EpisodeRef{Scope: info.Scope, ID: info.ID}, info.TotalLines, info.TotalLines, 0)
		if err != nil {
			return "", err
		}
		if text := lengthOf(&retrieval.Episode{Lines: last.Lines}); !strings.HasSuffix(text, "words") && !strings.HasSuffix(text, "word") {
			return text, nil
		}
	}
	if info.TotalLines == 1 {
		return "1 line", nil
	}
	return thousands(info.TotalLines) + " lines", nil
}

// Filtered reports whether there is a box to filter by.
func (l *episodeList) Filtered() bool { return l.All > manyEpisodes || l.Typed != "" }

// Earlier and Later are links to the pages beside this one, "" for none.
func (l *episodeList) Earlier() string { return l.at(l.Page - 1) }

// Later is the link to the next page.
func (l *episodeList) Later() string { return l.at(l.Page + 1) }

func (l *episodeList) at(page int) string {
	if page < 1 || page > l.Pages {
		return ""
	}
	query := url.Values{}
	if l.Typed != "" {
		query.Set("list", l.Typed)
	}
	if page > 1 {
		query.Set("page", strconv.Itoa(page))
	}
	return "/?" + query.Encode() + "#episodes"
}

// Page is the address of the episode's page.
func (e listedEpisode) Page() string { return "/e/" + url.PathEscape(string(e.Info.ID)) }

// Title is the episode's title, its ID when it has none.
func (e listedEpisode) Title() string { return titleOf(e.Info.Title, e.Info.ID) }

// Day is the date as people write it, "" when unknown.
func (e listedEpisode) Day() string {
	if e.Info.Date.IsZero() {
		return ""
	}
	return e.Info.Date.Format("2 January 2006")
}

// titleOf is a title, the ID for none.
func titleOf(title string, id retrieval.EpisodeID) string {
	if strings.TrimSpace(title) == "" {
		return string(id)
	}
	return title
}
