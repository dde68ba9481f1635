package discord

import (
	"context"
	"fmt"
	"strings"
	"time"

	"verbatim/bot"
	"verbatim/bot/discord/render"
	"verbatim/bot/discord/wire"
	"verbatim/retrieval"
)

// summaryCommand is /summary.
func (a *Adapter) summaryCommand(ctx context.Context, r *request) error {
	options := r.i.Data.Options
	if err := a.letIn(ctx, r, r.isPrivate(options)); err != nil {
		return err
	}
	ref, _, err := a.chosenEpisode(ctx, &r.viewer, wire.Find(options, "episode").Text(), r.i.Channel, r.i.ChannelID)
	if err != nil {
		return err
	}
	if ref == nil {
		if ref, err = a.onlyEpisode(ctx, &r.viewer); err != nil {
			return err
		}
	}
	style := wire.Find(options, "style").Text()
	if style == "" {
		style = bot.Brief
	}
	m, err := a.summaryPage(ctx, r, ref, style, 0)
	if err != nil {
		return err
	}
	_, err = r.send(ctx, m)
	return err
}

// onlyEpisode is the newest of what may be seen when no episode was named: the
// server's own, or, where it has none, everybody's.
func (a *Adapter) onlyEpisode(ctx context.Context, v *viewer) (*bot.EpisodeRef, error) {
	for _, scope := range v.scopes {
		list, err := a.bot.Episodes(ctx, []retrieval.Scope{scope}, "", 1)
		if err != nil {
			return nil, err
		}
		if len(list) > 0 {
			return refOf(&list[0]), nil
		}
	}
	return nil, errNoEpisodes
}

// summaryTimes is how much longer a summary by a model may take than an answer,
// since the whole episode is read, in many calls; mostSummaryTime leaves some of
// the interaction's life for telling of it.
const (
	summaryTimes    = 5
	mostSummaryTime = tokenLife - 2*time.Minute
)

// summaryPage makes one page of a summary, in the queue like a question; with a
// language model in a queue of its own, so that questions need not wait for
// minutes. How far the model is shows in place of "thinking" or of the page.
func (a *Adapter) summaryPage(ctx context.Context, r *request, ref *bot.EpisodeRef, style string, page int) (wire.Outgoing, error) {
	editor := r.editor()
	defer editor.Close()
	queue, limit := a.queue, a.options.AnswerTime
	if a.options.Chat.Model != "" {
		queue, limit = a.summing, min(summaryTimes*limit, mostSummaryTime)
	}
	leave, err := queue.enter(ctx, r.server, func(place int) {
		if r.acked == ackMessage { // a message whose page turns stays as it is
			editor.Update(r.render().Queued(place))
		}
	})
	if err != nil {
		return wire.Outgoing{}, err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	working := false
	s, err := a.bot.SummarizeAs(ctx, bot.SummaryRequest{
		Scopes: []retrieval.Scope{ref.Scope}, Episode: ref.ID, Style: style, Payer: r.asker.Scope, Language: a.fixedLanguage(&r.viewer),
		Progress: func(done, total int) {
			working = true
			editor.Update(r.render().Summing(done, total))
		},
	})
	if working {
		r.acked = ackMessage // the page that was there is gone
	}
	if err != nil {
		return wire.Outgoing{}, err
	}
	return r.render().SummaryPage(s, ref.Scope == retrieval.Public, page), nil
}

// summaryAction turns the page: of the message itself for whom it is, of a
// private copy for everybody else.
func (a *Adapter) summaryAction(ctx context.Context, r *request, action render.Action) error {
	if err := a.bot.MayAsk(r.asker); err != nil {
		return err
	}
	if err := r.deferTurn(ctx); err != nil {
		return err
	}
	info, err := a.actionEpisode(ctx, &r.viewer, action)
	if err != nil {
		return err
	}
	m, err := a.summaryPage(ctx, r, refOf(info), action.Style, action.Page)
	if err != nil {
		return err
	}
	_, err = r.send(ctx, m)
	return err
}

// deferTurn acknowledges the turning of a page.
func (r *request) deferTurn(ctx context.Context) error {
	m := r.i.Message
	if m != nil && m.Flags&wire.FlagEphemeral == 0 && m.Interaction != nil && m.Interaction.User != nil && m.Interaction.User.ID != r.asker.User {
		return r.deferMessage(ctx, true)
	}
	r.private = m != nil && m.Flags&wire.FlagEphemeral != 0
	return r.deferUpdate(ctx)
}

// quoteCommand is /quote.
func (a *Adapter) quoteCommand(ctx context.Context, r *request) error {
	options := r.i.Data.Options
	if err := a.letIn(ctx, r, r.isPrivate(options)); err != nil {
		return err
	}
	ref, _, err := a.chosenEpisode(ctx, &r.viewer, wire.Find(options, "episode").Text(), r.i.Channel, r.i.ChannelID)
	if err != nil {
		return err
	}
	filter := r.filter(ref)
	filter.Speaker = wire.Find(options, "speaker").Text()
	grade := wire.Find(options, "match").Text()
	if grade == matchAny {
		grade = ""
	}
	leave, err := r.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, a.options.AnswerTime)
	defer cancel()
	quotes, err := a.bot.FindQuoteGrade(ctx, wire.Find(options, "words").Text(), filter, grade, 0)
	if err != nil {
		return err
	}
	leave() // nobody waits while this is shown
	_, err = r.send(ctx, r.render().Quotes(quotes, grade)...)
	return err
}

// findCommand is the message command "Find in episodes".
func (a *Adapter) findCommand(ctx context.Context, r *request) error {
	if err := a.letIn(ctx, r, true); err != nil {
		return err
	}
	target, ok := r.i.Data.Resolved.Messages[r.i.Data.TargetID]
	if !ok {
		return fmt.Errorf("message command without its message: %w", errUnknownRequest)
	}
	words := plainText(target.Words())
	if words == "" {
		return errNoText
	}
	leave, err := r.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, a.options.AnswerTime)
	defer cancel()
	checked, err := a.bot.CheckQuote(ctx, words, r.filter(nil))
	if err != nil {
		return err
	}
	leave()
	_, err = r.send(ctx, r.render().Checked(checked)...)
	return err
}

// episodesCommand is /episodes.
func (a *Adapter) episodesCommand(ctx context.Context, r *request) error {
	if err := a.bot.MayAsk(r.asker); err != nil {
		return err
	}
	if err := r.deferMessage(ctx, true); err != nil {
		return err
	}
	return a.sendEpisodes(ctx, r, strings.TrimSpace(wire.Find(r.i.Data.Options, "search").Text()), 0)
}

// episodesAction turns to another page of the list, or back to it.
func (a *Adapter) episodesAction(ctx context.Context, r *request, action render.Action) error {
	if err := a.bot.MayAsk(r.asker); err != nil {
		return err
	}
	if err := r.deferTurn(ctx); err != nil {
		return err
	}
	return a.sendEpisodes(ctx, r, action.Text, action.Page)
}

func (a *Adapter) sendEpisodes(ctx context.Context, r *request, search string, page int) error {
	list, err := a.bot.Episodes(ctx, r.scopes, search, 0)
	if err != nil {
		return err
	}
	_, err = r.send(ctx, r.render().EpisodesPage(list, search, page))
	return err
}

// episodeOpenAction shows the card of the episode chosen from the list.
func (a *Adapter) episodeOpenAction(ctx context.Context, r *request, action render.Action) error {
	if err := a.bot.MayAsk(r.asker); err != nil {
		return err
	}
	if err := r.deferTurn(ctx); err != nil {
		return err
	}
	if len(r.i.Data.Values) != 1 {
		return fmt.Errorf("menu without a choice: %w", errUnknownRequest)
	}
	info, err := a.bot.FindEpisode(ctx, r.scopes, r.i.Data.Values[0])
	if err != nil {
		return errRemoved
	}
	_, err = r.send(ctx, r.render().EpisodeCard(info, action))
	return err
}

// contextAction shows the passage behind a citation, to the asker alone; its
// pages change that message.
func (a *Adapter) contextAction(ctx context.Context, r *request, action render.Action) error {
	if err := a.bot.MayAsk(r.asker); err != nil {
		return err
	}
	var err error
	if action.Kind == render.KindContext {
		err = r.deferMessage(ctx, true)
	} else {
		err = r.deferTurn(ctx)
	}
	if err != nil {
		return err
	}
	info, err := a.actionEpisode(ctx, &r.viewer, action)
	if err != nil {
		return err
	}
	around, err := a.bot.Context(ctx, r.scopes, *refOf(info), action.First, action.Last, action.Page)
	if err != nil {
		return err
	}
	_, err = r.send(ctx, r.render().Context(around))
	return err
}
