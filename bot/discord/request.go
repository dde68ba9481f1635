package discord

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"verbatim/bot"
	"verbatim/bot/discord/render"
	"verbatim/bot/discord/rest"
	"verbatim/bot/discord/wire"
	"verbatim/bot/discord/words"
	"verbatim/retrieval"
)

// defaultAckTime is how long after an event its first answer may come: Discord's 3 s
// less the way there and back.
const defaultAckTime = 2500 * time.Millisecond

// lastTry is how long before the end of that time the last try of a first answer
// may be over: where the next one would come too late, none is made.
const lastTry = 500 * time.Millisecond

// How a request was acknowledged.
type ackKind int

const (
	ackNone    ackKind = iota
	ackMessage         // a message of its own is expected, or there
	ackUpdate          // the message of the pressed component is to change
)

// request is one interaction on its way to its answer. It belongs to one
// goroutine.
type request struct {
	*Adapter
	i        *wire.Interaction
	received time.Time
	log      *slog.Logger
	viewer
	acked ackKind
	// passing shows what stands in the answer's place until it comes: a place in
	// the queue, progress, a draft. Nil where nothing was to be shown.
	passing *rest.Editor
	// private says that only the asker sees the answer.
	private bool
}

// viewer is who asks, from where, and so what may be shown.
type viewer struct {
	asker bot.Asker
	// scopes are those that may be seen: the server's own first.
	scopes []retrieval.Scope
	// turns is where the conversation is kept.
	turns retrieval.Scope
	// server is whose queue the work waits in.
	server string
	// own and public are the languages of private and public answers.
	own, public words.Language
}

// newRequest decides who asks and what may be shown: everything else rests on
// it. A server's episodes are for those who use the bot where the server
// itself has installed it; user-installed and in direct messages there is
// public alone.
func (a *Adapter) newRequest(i *wire.Interaction, received time.Time) *request {
	user := i.Asker()
	r := &request{Adapter: a, i: i, received: received, log: a.log.With("interaction", i.ID, "guild", i.GuildID)}
	installed := i.GuildID != "" && i.Member != nil
	if i.Owners != nil {
		installed = installed && i.Owners["0"] == i.GuildID
	} else {
		installed = installed && a.guilds.has(i.GuildID)
	}
	if !installed {
		r.viewer = outside(user.ID, words.Pick(i.Locale))
		return r
	}
	set := bits(i.Member.Permissions)
	r.viewer = a.inside(i.GuildID, user.ID, i.Member.Roles, set, i.Locale, i.GuildLocale)
	return r
}

// inside is the viewer of a member of a server that the bot is in.
func (a *Adapter) inside(guild, user string, roles []string, permissions uint64, locale, guildLocale string) viewer {
	scope := retrieval.Scope(guild)
	return viewer{
		asker: bot.Asker{
			User: user, Scope: scope, Roles: roles,
			ManageServer: permissions&permissionManageServer != 0, Administrator: permissions&permissionAdministrator != 0,
		},
		scopes: []retrieval.Scope{scope, retrieval.Public}, turns: scope, server: guild,
		own: words.Pick(locale), public: words.Pick(a.bot.Settings(scope).Language, guildLocale, locale),
	}
}

// outside is the viewer of a user anywhere else.
func outside(user string, language words.Language) viewer {
	return viewer{
		asker: bot.Asker{User: user}, scopes: []retrieval.Scope{retrieval.Public},
		turns: bot.TurnScope("", user), server: "user " + user, own: language, public: language,
	}
}

// inServer reports whether the request came from a server with a library of
// its own.
func (v *viewer) inServer() bool { return v.asker.Scope != "" }

// language is that of the answer.
func (r *request) language() words.Language {
	if r.private {
		return r.own
	}
	return r.public
}

// render makes messages in the language of the answer.
func (r *request) render() render.Renderer {
	return render.Renderer{Lang: r.language(), Page: r.pageOf(&r.viewer)}
}

// renderOwn makes messages that the asker alone sees.
func (r *request) renderOwn() render.Renderer {
	return render.Renderer{Lang: r.own, Page: r.pageOf(&r.viewer)}
}

// respond makes the first answer. Discord takes it within 3 s of the event.
func (r *request) respond(ctx context.Context, answer wire.Response) error {
	ctx, cancel := context.WithDeadline(ctx, r.received.Add(r.options.AckTime))
	defer cancel()
	if err := r.rest.Respond(ctx, r.i.ID, r.i.Token, answer); err != nil {
		return err
	}
	r.log.Debug("acknowledged", "took", r.now().Sub(r.received), "kind", answer.Type)
	return nil
}

// deferMessage acknowledges with "thinking"; the answer follows by send.
func (r *request) deferMessage(ctx context.Context, private bool) error {
	r.private = private
	answer := wire.Response{Type: wire.ReplyDeferred}
	if private {
		answer.Data = &wire.Outgoing{Flags: wire.FlagEphemeral}
	}
	err := r.respond(ctx, answer)
	if err == nil {
		r.acked = ackMessage
	}
	return err
}

// deferUpdate acknowledges a press without a visible sign; send then changes
// the message of the component.
func (r *request) deferUpdate(ctx context.Context) error {
	err := r.respond(ctx, wire.Response{Type: wire.ReplyDeferredUpdate})
	if err == nil {
		r.acked = ackUpdate
	}
	return err
}

// deferOwn is deferUpdate for buttons that stand in private messages alone. One
// forged onto a message that others see gets a private answer and changes
// nothing there.
func (r *request) deferOwn(ctx context.Context) error {
	if m := r.i.Message; m != nil && m.Flags&wire.FlagEphemeral == 0 {
		return r.deferMessage(ctx, true)
	}
	r.private = true
	return r.deferUpdate(ctx)
}

// say answers at once with a message for the asker alone.
func (r *request) say(ctx context.Context, m wire.Outgoing) error {
	r.private = true
	m = m.Safe()
	m.Flags |= wire.FlagEphemeral
	err := r.respond(ctx, wire.Response{Type: wire.ReplyMessage, Data: &m})
	if err == nil {
		r.acked = ackMessage
		r.stats.Answered.Add(1)
	}
	return err
}

// openModal opens a form.
func (r *request) openModal(ctx context.Context, m wire.Modal) error {
	err := r.respond(ctx, wire.Response{Type: wire.ReplyModal, Data: &m})
	if err == nil {
		r.acked = ackMessage
		r.stats.Answered.Add(1)
	}
	return err
}

// send brings the answer: the first part takes the place of the "thinking", or
// of the component's message, the others follow. After a passing state it waits
// for up to a second. It returns the messages sent.
func (r *request) send(ctx context.Context, parts ...wire.Outgoing) ([]*wire.Message, error) {
	r.settle(ctx)
	first, err := r.rest.EditOriginal(ctx, r.i.ApplicationID, r.i.Token, parts[0])
	if rest.IsGone(err) {
		first, err = r.sendAnew(ctx, parts[0])
	}
	if err != nil {
		return r.sendElsewhere(ctx, parts, err)
	}
	sent := []*wire.Message{first}
	r.stats.Answered.Add(1)
	for i := range parts[1:] {
		m := parts[1+i]
		if r.private {
			m.Flags |= wire.FlagEphemeral
		}
		next, err := r.rest.FollowUp(ctx, r.i.ApplicationID, r.i.Token, m)
		if err != nil {
			r.log.Warn("part of an answer was not sent", "part", i+2, "error", err)
			return sent, nil
		}
		sent = append(sent, next)
	}
	return sent, nil
}

// editor changes the first answer as it grows, until send.
func (r *request) editor() *rest.Editor {
	if r.passing == nil {
		r.passing = r.rest.CoalescedSince(r.i.ApplicationID, r.i.Token, r.received)
	}
	return r.passing
}

// close ends what shows in the answer's place, if send has not.
func (r *request) close() {
	if r.passing != nil {
		r.passing.Close()
	}
}

// settle ends what shows in the answer's place and waits until the answer may
// take it: no second has two edits of one message in it.
func (r *request) settle(ctx context.Context) {
	if r.passing != nil {
		r.passing.Settle(ctx)
	}
}

// enter waits for the request's turn in the queue of its server, its place shown
// in place of "thinking". A message whose page turns stays as it is.
func (r *request) enter(ctx context.Context) (leave func(), err error) {
	if r.acked != ackMessage {
		return r.queue.enter(ctx, r.server, func(int) {})
	}
	editor := r.editor() // left open for what is shown next
	return r.queue.enter(ctx, r.server, func(place int) { editor.Update(r.render().Queued(place)) })
}

// sendAnew sends what was to take the place of a message that somebody has
// deleted or dismissed meanwhile.
func (r *request) sendAnew(ctx context.Context, m wire.Outgoing) (*wire.Message, error) {
	if r.private || r.acked == ackUpdate {
		m.Flags |= wire.FlagEphemeral
	}
	return r.rest.FollowUp(ctx, r.i.ApplicationID, r.i.Token, m)
}

// sendElsewhere puts an answer that everybody may see into the channel when
// the interaction has expired and the bot may write there.
func (r *request) sendElsewhere(ctx context.Context, parts []wire.Outgoing, cause error) ([]*wire.Message, error) {
	if !rest.IsExpired(cause) {
		return nil, cause
	}
	r.stats.Expired.Add(1)
	if r.private || r.acked == ackUpdate || !r.maySend() {
		r.log.Warn("interaction expired unanswered", "after", r.now().Sub(r.received))
		return nil, nil
	}
	var all []*wire.Message
	for i, m := range parts {
		if i == 0 {
			m = render.Addressed(m, r.asker.User)
		}
		m.Nonce = fmt.Sprintf("%s-%d", r.i.ID, i)
		sent, err := r.rest.Send(ctx, r.i.ChannelID, m)
		if err != nil {
			r.log.Warn("interaction expired unanswered", "after", r.now().Sub(r.received), "error", err)
			return all, nil
		}
		all = append(all, sent)
	}
	r.stats.Fallbacks.Add(1)
	r.stats.Answered.Add(1)
	return all, nil
}

// maySend reports whether the bot may write in the channel by itself: in its
// own direct messages always, elsewhere where it is a member and may.
func (r *request) maySend() bool {
	if r.i.Context != nil && *r.i.Context == wire.ContextBotDM {
		return true
	}
	if !r.inServer() {
		return false
	}
	need := uint64(permissionsWithoutThreads)
	if r.i.Channel.IsThread() {
		need = permissionsWithinThreads
	}
	set := bits(r.i.AppPermissions)
	return set&permissionAdministrator != 0 || set&need == need
}

// fail tells the asker alone what went wrong: at once if nothing was said yet,
// else in place of a private "thinking", or after a public one is taken away.
func (r *request) fail(ctx context.Context, cause error) {
	r.close() // what is told comes last

	if ctx.Err() != nil { // the program stops, or the time is up: the last word still goes out
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), lastWord)
		defer cancel()
	}
	if rest.IsExpired(cause) {
		r.expired(cause)
		return
	}
	notice := r.renderOwn().Notice(r.explain(cause))
	err := r.tell(ctx, notice)
	switch {
	case err == nil:
	case rest.IsExpired(err), r.late():
		r.expired(err)
	default:
		r.log.Warn("error was not told", "error", err)
	}
}

// late reports whether the time for a first answer passed without one, as far
// as is known.
func (r *request) late() bool {
	return r.acked == ackNone && r.now().Sub(r.received) >= r.options.AckTime-lastTry
}

// expired notes that Discord takes no answer any more: 15 minutes after the
// interaction or, where no first answer came through, 3 s.
func (r *request) expired(cause error) {
	r.stats.Expired.Add(1)
	r.log.Warn("interaction expired unanswered", "after", r.now().Sub(r.received), "error", cause)
}

// tell brings a message to the asker alone, whatever was said before.
func (r *request) tell(ctx context.Context, m wire.Outgoing) error {
	switch {
	case r.i.Type == wire.InteractionAutocomplete:
		return r.respond(ctx, wire.Response{Type: wire.ReplyAutocomplete, Data: &wire.Choices{Choices: []wire.Choice{}}})
	case r.acked == ackNone:
		err := r.say(ctx, m)
		if err == nil || !r.late() || r.i.Type != wire.InteractionCommand {
			return err
		}
		// A first answer whose confirmation was lost stands there, as a rule
		// "thinking": it goes as one that is known does. Discord knows no
		// original where none came through. Of a component it would be the
		// message of the component, and that stays.
		if err := r.rest.DeleteOriginal(ctx, r.i.ApplicationID, r.i.Token); err != nil {
			return err
		}
	case r.acked == ackMessage && r.private:
		_, err := r.send(ctx, m)
		return err
	case r.acked == ackMessage:
		if err := r.rest.DeleteOriginal(ctx, r.i.ApplicationID, r.i.Token); err != nil && !rest.IsGone(err) {
			return err
		}
	}
	m.Flags |= wire.FlagEphemeral
	_, err := r.rest.FollowUp(ctx, r.i.ApplicationID, r.i.Token, m)
	if err == nil {
		r.stats.Answered.Add(1)
	}
	return err
}
