package discord

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"
	"time"

	"verbatim/bot"
	"verbatim/bot/discord/render"
	"verbatim/bot/discord/wire"
	"verbatim/retrieval"
)

// transcriptCommand is /transcript with its subcommands.
func (a *Adapter) transcriptCommand(ctx context.Context, r *request) error {
	if err := a.mayManage(r); err != nil {
		return err
	}
	if len(r.i.Data.Options) != 1 {
		return fmt.Errorf("command %q without its subcommand: %w", r.i.Data.Name, errUnknownRequest)
	}
	sub := &r.i.Data.Options[0]
	switch sub.Name {
	case subAdd:
		return a.addTranscript(ctx, r, sub.Options)
	case subRemove:
		return a.removeTranscript(ctx, r, sub.Options)
	case subPin:
		return a.pinEpisode(ctx, r, sub.Options)
	}
	return fmt.Errorf("subcommand %q: %w", sub.Name, errUnknownRequest)
}

// mayManage lets only those pass who may change the server's episodes, in a
// server that has the bot.
func (a *Adapter) mayManage(r *request) error {
	if !r.inServer() {
		return errServersOnly
	}
	return a.bot.MayManage(r.asker)
}

// addTranscript is /transcript add.
func (a *Adapter) addTranscript(ctx context.Context, r *request, options []wire.Option) error {
	file, ok := r.i.Data.Resolved.Attachments[wire.Find(options, "file").Text()]
	if !ok {
		return fmt.Errorf("command without its attachment: %w", errUnknownRequest)
	}
	if err := checkUpload(&file); err != nil {
		return err
	}
	episode := bot.NewEpisode{
		Apart: true, // many files are called transcript.txt
		File:  file.Filename, Title: wire.Find(options, "title").Text(), Show: wire.Find(options, "show").Text(),
		Date: strings.TrimSpace(wire.Find(options, "date").Text()), AudioURL: strings.TrimSpace(wire.Find(options, "audio_url").Text()),
	}
	if retrieval.Slug(strings.TrimSuffix(file.Filename, path.Ext(file.Filename))) == "" {
		// Discord takes letters out of file names that it does not like.
		episode.ID = retrieval.Slug(episode.Title)
	}
	if u, err := url.Parse(episode.AudioURL); episode.AudioURL != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return errAudioURL
	}
	if _, err := time.Parse(time.DateOnly, episode.Date); episode.Date != "" && err != nil {
		return &dateError{episode.Date}
	}
	if err := r.deferMessage(ctx, true); err != nil {
		return err
	}
	editor := r.editor()
	defer editor.Close()
	leave, err := a.adding.enter(ctx, r.server, func(place int) { editor.Update(r.render().Queued(place)) })
	if err != nil {
		return err
	}
	defer leave()
	if episode.Data, err = a.fetcher.fetch(ctx, &file); err != nil {
		return err
	}
	added, undo, err := a.bot.AddUndoable(ctx, r.asker.Scope, r.asker.User, episode, func(done, total int) {
		if done < total { // the report itself says that all is done
			editor.Update(r.render().Reading(done, total))
		}
	})
	if err != nil {
		return err
	}
	info, err := a.bot.Info(ctx, r.scopes, bot.EpisodeRef{Scope: r.asker.Scope, ID: added.Episode})
	if err != nil {
		return err
	}
	leave() // the next may be added while this is shown
	_, err = r.send(ctx, r.render().Added(added, info, undo))
	return err
}

// undoAction takes an upload back.
func (a *Adapter) undoAction(ctx context.Context, r *request, action render.Action) error {
	if err := a.mayManage(r); err != nil {
		return err
	}
	if err := r.deferOwn(ctx); err != nil {
		return err
	}
	undone, err := a.bot.Undo(ctx, r.asker.Scope, action.Key)
	if err != nil {
		return err
	}
	_, err = r.send(ctx, r.renderOwn().Undone(undone))
	return err
}

// removeTranscript is /transcript remove: it asks first.
func (a *Adapter) removeTranscript(ctx context.Context, r *request, options []wire.Option) error {
	if err := r.deferMessage(ctx, true); err != nil {
		return err
	}
	typed := wire.Find(options, "episode").Text()
	info, err := a.bot.FindEpisode(ctx, []retrieval.Scope{r.asker.Scope}, typed)
	if errors.Is(err, retrieval.ErrUnknownEpisode) {
		if public, publicErr := a.bot.FindEpisode(ctx, []retrieval.Scope{retrieval.Public}, typed); publicErr == nil && public != nil {
			return errPublicEpisode
		}
	}
	if err != nil {
		return err
	}
	_, err = r.send(ctx, r.render().RemoveConfirm(info))
	return err
}

// removeAction removes what removeTranscript asked about.
func (a *Adapter) removeAction(ctx context.Context, r *request, action render.Action) error {
	if err := a.mayManage(r); err != nil {
		return err
	}
	if err := r.deferOwn(ctx); err != nil {
		return err
	}
	if action.Public {
		return errPublicEpisode
	}
	info, err := a.actionEpisode(ctx, &r.viewer, action)
	if err != nil {
		return err
	}
	if err := a.bot.Remove(ctx, info.Scope, info.ID); err != nil {
		return err
	}
	_, err = r.send(ctx, r.renderOwn().Removed(info))
	return err
}

// keepAction takes the question of removeTranscript back.
func (a *Adapter) keepAction(ctx context.Context, r *request, _ render.Action) error {
	if err := r.deferOwn(ctx); err != nil {
		return err
	}
	_, err := r.send(ctx, r.renderOwn().Kept())
	return err
}

// pinEpisode is /transcript pin; without an episode it shows what is pinned.
func (a *Adapter) pinEpisode(ctx context.Context, r *request, options []wire.Option) error {
	if err := r.deferMessage(ctx, true); err != nil {
		return err
	}
	typed := strings.TrimSpace(wire.Find(options, "episode").Text())
	if typed == "" {
		return a.showPin(ctx, r)
	}
	info, err := a.bot.FindEpisode(ctx, r.scopes, typed)
	if err != nil {
		return err
	}
	if err := a.bot.Pin(ctx, r.asker.Scope, r.i.ChannelID, *refOf(info)); err != nil {
		return err
	}
	_, err = r.send(ctx, r.render().Pinned(info, true))
	return err
}

func (a *Adapter) showPin(ctx context.Context, r *request) error {
	ref, err := a.bot.Pinned(ctx, r.asker.Scope, r.i.ChannelID)
	if err != nil {
		return err
	}
	if ref == nil {
		_, err = r.send(ctx, r.render().NothingPinned())
		return err
	}
	info, err := a.bot.Info(ctx, r.scopes, *ref)
	if err != nil {
		return err
	}
	_, err = r.send(ctx, r.render().Pinned(info, false))
	return err
}

// unpinAction takes the channel's pin away.
func (a *Adapter) unpinAction(ctx context.Context, r *request, _ render.Action) error {
	if err := a.mayManage(r); err != nil {
		return err
	}
	if err := r.deferOwn(ctx); err != nil {
		return err
	}
	if err := a.bot.Unpin(ctx, r.asker.Scope, r.i.ChannelID); err != nil {
		return err
	}
	_, err := r.send(ctx, r.renderOwn().Unpinned())
	return err
}
