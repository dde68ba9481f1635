package discord

import (
	"context"
	"fmt"

	"verbatim/bot"
	"verbatim/bot/discord/render"
	"verbatim/bot/discord/wire"
	"verbatim/retrieval"
)

// autocomplete suggests episodes and speakers that fit what is typed so far.
// Who may not ask is suggested nothing.
func (a *Adapter) autocomplete(ctx context.Context, r *request) error {
	choices := []wire.Choice{}
	path, options := r.i.Data.Name, r.i.Data.Options
	if len(options) == 1 && options[0].Type == wire.OptionSubcommand {
		path, options = path+" "+options[0].Name, options[0].Options
	}
	var err error
	if a.bot.MayAsk(r.asker) == nil || a.bot.MayManage(r.asker) == nil {
		for i := range options {
			if options[i].Focused {
				choices, err = a.suggest(ctx, r, path, options, &options[i])
			}
		}
	}
	if err != nil {
		return err
	}
	err = r.respond(ctx, wire.Response{Type: wire.ReplyAutocomplete, Data: &wire.Choices{Choices: choices}})
	if err == nil {
		a.stats.Answered.Add(1)
	}
	return err
}

func (a *Adapter) suggest(ctx context.Context, r *request, path string, options []wire.Option, focused *wire.Option) ([]wire.Choice, error) {
	switch focused.Name {
	case "episode":
		return a.suggestEpisodes(ctx, r, path, focused.Text())
	case "speaker":
		var ref *bot.EpisodeRef
		if typed := wire.Find(options, "episode").Text(); typed != "" && typed != allEpisodes {
			info, err := a.bot.FindEpisode(ctx, r.scopes, typed)
			if err != nil {
				return []wire.Choice{}, nil // half typed: nobody speaks there yet
			}
			ref = &bot.EpisodeRef{Scope: info.Scope, ID: info.ID}
		}
		speakers, err := a.bot.Speakers(ctx, r.scopes, ref, focused.Text(), wire.MaxOptions)
		return render.SpeakerChoices(speakers), err
	}
	return nil, fmt.Errorf("autocomplete of option %q: %w", focused.Name, errUnknownRequest)
}

// suggestEpisodes lists episodes; where a question is asked there is one
// choice more, for all of them.
func (a *Adapter) suggestEpisodes(ctx context.Context, r *request, path, typed string) ([]wire.Choice, error) {
	scopes := r.scopes
	if path == commandTranscript+" "+subRemove { // a server removes its own only
		if !r.inServer() {
			return []wire.Choice{}, nil
		}
		scopes = []retrieval.Scope{r.asker.Scope}
	}
	all := typed == "" && (path == commandAsk || path == commandQuote)
	limit := wire.MaxOptions
	if all {
		limit--
	}
	list, err := a.bot.Episodes(ctx, scopes, typed, limit)
	if err != nil {
		return nil, err
	}
	choices, err := a.episodeChoices(ctx, r, list)
	if err != nil {
		return nil, err
	}
	if all && len(choices) > 0 {
		choices = append(choices, wire.Choice{Name: r.renderOwn().AllEpisodes(), Value: allEpisodes})
	}
	return choices, nil
}

// episodeChoices names the episodes such that FindEpisode finds the same ones
// again: a public one whose ID the server has, too, is named as public.
func (a *Adapter) episodeChoices(ctx context.Context, r *request, list []retrieval.EpisodeInfo) ([]wire.Choice, error) {
	choices := make([]wire.Choice, len(list))
	for i := range list {
		shadowed, err := a.bot.Shadowed(ctx, r.scopes, &list[i])
		if err != nil {
			return nil, err
		}
		choices[i] = wire.Choice{Name: render.EpisodeChoice(&list[i]), Value: bot.RefText(&list[i], shadowed)}
	}
	return choices, nil
}
