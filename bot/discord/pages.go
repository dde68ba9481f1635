package discord

import (
	"slices"

	"verbatim/bot"
	"verbatim/retrieval"
)

// pageOf gives the addresses of pages for messages to a viewer: of episodes that
// he may see, and of nothing else, whatever a message is about. A link to a
// server's episode is made anew for each message, and stands in no answer that is
// kept. It is nil where no pages are served.
func (a *Adapter) pageOf(v *viewer) func(scope retrieval.Scope, id retrieval.EpisodeID, first, last int) string {
	if !a.bot.HasPages() {
		return nil
	}
	return func(scope retrieval.Scope, id retrieval.EpisodeID, first, last int) string {
		if !slices.Contains(v.scopes, scope) {
			return ""
		}
		link, err := a.bot.PageLink(a.base, bot.EpisodeRef{Scope: scope, ID: id}, first, last)
		if err != nil { // the message is worth sending without it
			a.log.Error("link to page", "episode", id, "error", err)
			return ""
		}
		return link
	}
}
