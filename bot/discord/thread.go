package discord

import (
	"context"
	"errors"

	"verbatim/bot/discord/render"
	"verbatim/bot/discord/rest"
)

// codeThreadExists says that the message has a thread already
// [https://docs.discord.com/developers/topics/opcodes-and-status-codes, read
// 2026-08-06].
const codeThreadExists = 160004

// openThreadAction opens a thread from an answer. What is asked there follows
// that answer.
func (a *Adapter) openThreadAction(ctx context.Context, r *request, _ render.Action) error {
	if err := a.bot.MayAsk(r.asker); err != nil {
		return err
	}
	if !r.inServer() || r.i.Message == nil {
		return errServersOnly
	}
	// What a member may not do himself the bot does not do for him.
	if set := bits(r.i.Member.Permissions); set&(permissionPublicThreads|permissionAdministrator) == 0 {
		return errNoThreads
	}
	if err := r.deferMessage(ctx, true); err != nil {
		return err
	}
	name := r.renderOwn().ThreadName("")
	if turn, err := a.bot.TurnOf(ctx, r.turns, r.i.Message.ID); err == nil {
		name = r.renderOwn().ThreadName(turn.Question)
	}
	thread, err := a.rest.StartThread(ctx, r.i.ChannelID, r.i.Message.ID, name)
	var known *rest.Error
	if errors.As(err, &known) && known.Code == codeThreadExists {
		id := r.i.Message.ID // a thread has its message's ID
		if !a.bot.IsThread(r.turns, id) {
			if err := a.bot.OpenThread(ctx, r.turns, id, r.i.ChannelID, id); err != nil {
				return err
			}
		}
		_, err = r.send(ctx, r.renderOwn().ThreadOpened(id))
		return err
	}
	if err != nil {
		return err
	}
	if err := a.bot.OpenThread(ctx, r.turns, thread.ID, r.i.ChannelID, r.i.Message.ID); err != nil {
		return err
	}
	hint := render.Renderer{Lang: r.public}.ThreadHint(a.options.MessageContent)
	hint.Nonce = thread.ID + "-h"
	if _, err := a.rest.Send(ctx, thread.ID, hint); err != nil {
		r.log.Info("hint was not sent to the new thread", "error", err)
	}
	_, err = r.send(ctx, r.renderOwn().ThreadOpened(thread.ID))
	return err
}
