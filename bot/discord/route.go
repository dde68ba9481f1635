package discord

import (
	"context"
	"fmt"

	"verbatim/bot/discord/render"
	"verbatim/bot/discord/wire"
)

// route hands a request to its handler.
func (a *Adapter) route(ctx context.Context, r *request) error {
	switch r.i.Type {
	case wire.InteractionCommand:
		return a.routeCommand(ctx, r)
	case wire.InteractionAutocomplete:
		return a.autocomplete(ctx, r)
	case wire.InteractionComponent, wire.InteractionModalSubmit:
		return a.routeAction(ctx, r)
	}
	return fmt.Errorf("interaction of type %d: %w", r.i.Type, errUnknownRequest)
}

func (a *Adapter) routeCommand(ctx context.Context, r *request) error {
	switch r.i.Data.Name {
	case commandAsk:
		return a.askCommand(ctx, r)
	case commandSummary:
		return a.summaryCommand(ctx, r)
	case commandQuote:
		return a.quoteCommand(ctx, r)
	case commandFind:
		return a.findCommand(ctx, r)
	case commandEpisodes:
		return a.episodesCommand(ctx, r)
	case commandTranscript:
		return a.transcriptCommand(ctx, r)
	case commandSettings:
		return a.settingsCommand(ctx, r)
	case commandHelp:
		return r.say(ctx, r.renderOwn().Help(r.inServer(), a.options.Chat))
	case commandPrivacy:
		return r.say(ctx, r.renderOwn().Privacy(render.PrivacyContext{Endpoint: a.options.Endpoint, ReadsThreads: a.options.MessageContent, Chat: a.options.Chat}))
	case commandForget:
		return r.say(ctx, r.renderOwn().ForgetConfirm())
	}
	return fmt.Errorf("command %q: %w", r.i.Data.Name, errUnknownRequest)
}

// routeAction hands on what a button, a menu or a form asks for. Its custom_id
// has passed through a client, so every handler checks rights and scopes anew.
func (a *Adapter) routeAction(ctx context.Context, r *request) error {
	action, err := render.ParseAction(r.i.Data.CustomID)
	if err != nil {
		return err
	}
	handler, known := actionHandlers[action.Kind]
	if !known {
		return render.ErrOldButton
	}
	return handler(a, ctx, r, action)
}

// actionHandlers says who handles which kind of action.
var actionHandlers = map[render.Kind]func(*Adapter, context.Context, *request, render.Action) error{
	render.KindContext:      (*Adapter).contextAction,
	render.KindContextPage:  (*Adapter).contextAction,
	render.KindAskFurther:   (*Adapter).askFurtherAction,
	render.KindAskForm:      (*Adapter).askFormAction,
	render.KindOpenThread:   (*Adapter).openThreadAction,
	render.KindUp:           (*Adapter).feedbackAction,
	render.KindDown:         (*Adapter).feedbackAction,
	render.KindDownForm:     (*Adapter).feedbackFormAction,
	render.KindSummaryPage:  (*Adapter).summaryAction,
	render.KindEpisodesPage: (*Adapter).episodesAction,
	render.KindEpisodeOpen:  (*Adapter).episodeOpenAction,
	render.KindEpisodeAsk:   (*Adapter).episodeAskAction,
	render.KindUndo:         (*Adapter).undoAction,
	render.KindRemove:       (*Adapter).removeAction,
	render.KindKeep:         (*Adapter).keepAction,
	render.KindUnpin:        (*Adapter).unpinAction,
	render.KindAskRoles:     (*Adapter).settingsAction,
	render.KindAddRoles:     (*Adapter).settingsAction,
	render.KindPrivate:      (*Adapter).settingsAction,
	render.KindLanguage:     (*Adapter).settingsAction,
	render.KindLimits:       (*Adapter).limitsAction,
	render.KindLimitsForm:   (*Adapter).settingsAction,
	render.KindForget:       (*Adapter).forgetAction,
}
