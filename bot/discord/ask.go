package discord

import (
	"context"
	"errors"
	"slices"
	"strings"

	"verbatim/bot"
	"verbatim/bot/discord/render"
	"verbatim/bot/discord/wire"
	"verbatim/retrieval"
)

const (
	// historyTurns is how many turns back a follow-up may lean on.
	historyTurns = 6
	// allEpisodes is the value of an episode option that overrides the pin.
	allEpisodes = "*"
)

// question is a question on its way to an answer, wherever it was asked.
type question struct {
	text    string
	episode *bot.EpisodeRef // nil: all that may be seen
	all     bool            // all episodes were asked for by name
	history []bot.Turn
	// channel and thread are where it was asked; thread is "" outside threads
	// that the bot opened. parent is the bot's message that it follows.
	channel, thread, parent string
	// private says that the asker alone sees the answer.
	private bool
}

// admit decides from memory alone whether the asker may ask now, and counts.
func (a *Adapter) admit(v *viewer) error {
	if err := a.bot.MayAsk(v.asker); err != nil {
		return err
	}
	return a.bot.Admit(v.asker, a.now())
}

// letIn admits a question and acknowledges it.
func (a *Adapter) letIn(ctx context.Context, r *request, private bool) error {
	if err := a.admit(&r.viewer); err != nil {
		return err
	}
	return r.deferMessage(ctx, private)
}

// isPrivate is what the option private says, or else the server's setting.
func (r *request) isPrivate(options []wire.Option) bool {
	if value, ok := wire.Find(options, "private").Bool(); ok {
		return value
	}
	return r.inServer() && r.bot.Settings(r.asker.Scope).Private
}

// askCommand is /ask.
func (a *Adapter) askCommand(ctx context.Context, r *request) error {
	options := r.i.Data.Options
	if err := a.letIn(ctx, r, r.isPrivate(options)); err != nil {
		return err
	}
	q := question{text: wire.Find(options, "question").Text(), channel: r.i.ChannelID}
	var err error
	if q.episode, q.all, err = a.chosenEpisode(ctx, &r.viewer, wire.Find(options, "episode").Text(), r.i.Channel, r.i.ChannelID); err != nil {
		return err
	}
	if q.thread, q.history, err = a.threadHistory(ctx, &r.viewer, r.i.ChannelID); err != nil {
		return err
	}
	if typed := wire.Find(options, "episode").Text(); typed == "" {
		if err := a.threadEpisode(ctx, &r.viewer, &q); err != nil {
			return err
		}
	}
	return a.answerRequest(ctx, r, q)
}

// answerRequest answers a question in the acknowledged interaction.
func (a *Adapter) answerRequest(ctx context.Context, r *request, q question) error {
	q.private = r.private
	editor := r.editor()
	defer editor.Close()
	drafts := &drafts{editor: editor, render: r.render(), where: render.AnswerContext{
		Public: !r.private, Server: r.inServer(), Threadable: !r.private && r.inServer() && r.threadable(), Question: q.text,
	}}
	answer, err := a.work(ctx, &r.viewer, q, func(place int) { editor.Update(r.render().Queued(place)) }, drafts.show)
	if err != nil {
		return err
	}
	sent, err := r.send(ctx, r.render().Answer(answer, drafts.where)...)
	if err != nil {
		return err
	}
	a.remember(ctx, &r.viewer, q, answer, sent)
	return nil
}

// threadable reports whether a thread can be opened from a message there.
func (r *request) threadable() bool {
	if r.i.Channel == nil || r.i.Channel.Type != wire.ChannelText && r.i.Channel.Type != wire.ChannelNews {
		return false
	}
	set := bits(r.i.AppPermissions)
	return set&permissionAdministrator != 0 || set&permissionPublicThreads != 0
}

// work waits for the question's turn and answers it. queued is told its place,
// draft the answer so far.
func (a *Adapter) work(ctx context.Context, v *viewer, q question, queued func(place int), draft func(bot.Draft)) (*bot.Answer, error) {
	leave, err := a.queue.enter(ctx, v.server, queued)
	if err != nil {
		return nil, err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, a.options.AnswerTime)
	defer cancel()
	asked := bot.Question{Text: q.text, History: q.history, Filter: v.filter(q.episode), Payer: v.asker.Scope, Draft: draft}
	if !q.private {
		asked.Language = a.fixedLanguage(v)
	}
	return a.bot.Reply(ctx, asked)
}

// fixedLanguage is the language that a server has chosen for all that it is
// told, "" for none: then each is answered in his own.
func (a *Adapter) fixedLanguage(v *viewer) string {
	if !v.inServer() {
		return ""
	}
	return a.bot.Settings(v.asker.Scope).Language
}

// filter narrows to an episode, or to what may be seen.
func (v *viewer) filter(ref *bot.EpisodeRef) retrieval.Filter {
	if ref == nil {
		return retrieval.Filter{Scopes: v.scopes}
	}
	return retrieval.Filter{Scopes: []retrieval.Scope{ref.Scope}, Episodes: []retrieval.EpisodeID{ref.ID}}
}

// remember keeps what a follow-up will need. That it could not be kept is no
// reason to take an answer back.
//
// An answer of several messages is remembered under each: people reply to the
// last.
func (a *Adapter) remember(ctx context.Context, v *viewer, q question, answer *bot.Answer, sent []*wire.Message) {
	turn := bot.Turn{
		Channel: q.channel, Parent: q.parent, Thread: q.thread, User: v.asker.User, Private: q.private, Scope: v.turns,
		Question: answer.Question, Standalone: answer.Standalone, AllEpisodes: q.all, Found: answer.Found, At: a.now(),
	}
	if q.episode != nil {
		turn.Episode, turn.EpisodeScope = q.episode.ID, q.episode.Scope
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWord)
	defer cancel()
	for i, m := range sent {
		if turn.Message = m.ID; i > 0 {
			turn.Thread = "" // the list of a thread's turns has the first alone
		}
		if err := a.bot.SaveTurn(ctx, turn); err != nil {
			a.log.Error("save turn", "error", err)
		}
	}
	if !answer.Found {
		if err := a.bot.SaveUnanswered(ctx, v.turns, v.asker.User, answer.Question, a.now()); err != nil {
			a.log.Error("save unanswered question", "error", err)
		}
	}
}

// chosenEpisode is the episode that a question is about: the one named, or
// else the one pinned to the channel or to the channel of the thread.
func (a *Adapter) chosenEpisode(ctx context.Context, v *viewer, typed string, channel *wire.Channel, channelID string) (ref *bot.EpisodeRef, all bool, err error) {
	switch typed = strings.TrimSpace(typed); typed {
	case allEpisodes:
		return nil, true, nil
	case "":
		if !v.inServer() {
			return nil, false, nil
		}
		ids := []string{channelID}
		if channel.IsThread() && channel.ParentID != "" {
			ids = append(ids, channel.ParentID)
		}
		return a.pinned(ctx, v, ids)
	}
	info, err := a.bot.FindEpisode(ctx, v.scopes, typed)
	if err != nil {
		return nil, false, err
	}
	return refOf(info), false, nil
}

// pinned is the episode pinned to the first of the channels that has one.
func (a *Adapter) pinned(ctx context.Context, v *viewer, channels []string) (*bot.EpisodeRef, bool, error) {
	for _, channel := range channels {
		ref, err := a.bot.Pinned(ctx, v.asker.Scope, channel)
		if err != nil || ref != nil {
			return ref, false, err
		}
	}
	return nil, false, nil
}

// threadHistory is what was said before in a thread that the bot opened, less
// what others were told privately there; "" and nothing elsewhere.
func (a *Adapter) threadHistory(ctx context.Context, v *viewer, channel string) (thread string, history []bot.Turn, err error) {
	if !a.bot.IsThread(v.turns, channel) {
		return "", nil, nil
	}
	history, err = a.bot.ThreadHistory(ctx, v.turns, channel, historyTurns)
	return channel, slices.DeleteFunc(history, v.hidden), err
}

// threadEpisode keeps a question in a thread to the episode of the turn before,
// or of the answer that the thread was opened from.
func (a *Adapter) threadEpisode(ctx context.Context, v *viewer, q *question) error {
	if q.thread == "" {
		return nil
	}
	if n := len(q.history); n > 0 {
		return a.following(ctx, v, q, q.history[n-1].Message)
	}
	thread, err := a.bot.ThreadOf(ctx, v.turns, q.thread)
	if err != nil || thread.From == "" {
		return err
	}
	return a.following(ctx, v, q, thread.From)
}

// hidden reports whether the turn was for somebody else alone.
func (v *viewer) hidden(t bot.Turn) bool { return t.Private && t.User != v.asker.User }

// following sets a question up as one that follows the bot's message. What
// somebody else was told privately is followed by nobody's question but his.
func (a *Adapter) following(ctx context.Context, v *viewer, q *question, message string) error {
	history, err := a.bot.History(ctx, v.turns, message, historyTurns)
	if errors.Is(err, retrieval.ErrNoRecord) || err == nil && len(history) == 0 {
		return nil // too long ago, or no answer at all: it stands for itself
	}
	if err != nil {
		return err
	}
	if slices.ContainsFunc(history, v.hidden) {
		return nil
	}
	q.history, q.parent = history, message
	last := &history[len(history)-1]
	if q.episode == nil && !q.all && last.Episode != "" {
		q.episode = &bot.EpisodeRef{Scope: last.EpisodeScope, ID: last.Episode}
	}
	q.all = q.all || last.AllEpisodes
	return nil
}

// askFurtherAction opens the form for a further question.
func (a *Adapter) askFurtherAction(ctx context.Context, r *request, _ render.Action) error {
	if err := a.bot.MayAsk(r.asker); err != nil {
		return err
	}
	message := ""
	if r.i.Message != nil {
		message = r.i.Message.ID
	}
	return r.openModal(ctx, r.renderOwn().AskFurtherForm(message))
}

// episodeAskAction opens the form for a question about one episode.
func (a *Adapter) episodeAskAction(ctx context.Context, r *request, action render.Action) error {
	if err := a.bot.MayAsk(r.asker); err != nil {
		return err
	}
	// Nobody shall write a question about what is not there.
	if _, err := a.actionEpisode(ctx, &r.viewer, action); err != nil {
		return err
	}
	return r.openModal(ctx, r.renderOwn().AskEpisodeForm(action))
}

// askFormAction answers the question of a submitted form. The answer is as
// private as the message that the form was opened from.
func (a *Adapter) askFormAction(ctx context.Context, r *request, action render.Action) error {
	if err := a.admit(&r.viewer); err != nil {
		return err
	}
	private := r.isPrivate(nil) || r.i.Message != nil && r.i.Message.Flags&wire.FlagEphemeral != 0
	if err := r.deferMessage(ctx, private); err != nil {
		return err
	}
	q := question{text: r.i.Data.Field(render.FieldQuestion), channel: r.i.ChannelID}
	var err error
	if q.thread, q.history, err = a.threadHistory(ctx, &r.viewer, r.i.ChannelID); err != nil {
		return err
	}
	if action.Episode != "" {
		info, err := a.actionEpisode(ctx, &r.viewer, action)
		if err != nil {
			return err
		}
		q.episode = refOf(info)
	}
	if action.Message != "" {
		if err := a.following(ctx, &r.viewer, &q, action.Message); err != nil {
			return err
		}
	}
	return a.answerRequest(ctx, r, q)
}

// actionEpisode is the episode of an action, if the viewer may see it. Errors:
// errRemoved when it is gone.
func (a *Adapter) actionEpisode(ctx context.Context, v *viewer, action render.Action) (*retrieval.EpisodeInfo, error) {
	ref := bot.EpisodeRef{Scope: retrieval.Public, ID: action.Episode}
	if !action.Public {
		if !v.inServer() {
			return nil, errRemoved
		}
		ref.Scope = v.asker.Scope
	}
	info, err := a.bot.Info(ctx, v.scopes, ref)
	if errors.Is(err, retrieval.ErrUnknownEpisode) {
		return nil, errRemoved
	}
	return info, err
}

// refOf names an episode.
func refOf(info *retrieval.EpisodeInfo) *bot.EpisodeRef {
	return &bot.EpisodeRef{Scope: info.Scope, ID: info.ID}
}
