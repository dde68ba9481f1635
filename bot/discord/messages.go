package discord

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"verbatim/bot"
	"verbatim/bot/discord/render"
	"verbatim/bot/discord/rest"
	"verbatim/bot/discord/wire"
	"verbatim/bot/discord/words"
	"verbatim/retrieval"
)

// messageCreated answers a message that speaks to the bot: one that mentions
// it (a reply that pings does), a direct message, or one in a thread that the
// bot opened. Of others Discord sends no words without the privileged intent,
// and they are left alone.
func (a *Adapter) messageCreated(m *wire.Message) {
	self := a.self.Load()
	if self == nil || !a.addressed(m, self.ID) {
		return
	}
	received := a.now()
	if !a.events.put("m"+m.ID, struct{}{}, received) {
		a.stats.Duplicates.Add(1)
		return
	}
	s := &message{Adapter: a, m: m, viewer: a.messageViewer(m)}
	a.spawn(func(refused error) {
		ctx, cancel := context.WithTimeout(a.base, tokenLife)
		defer cancel()
		defer a.recovered(a.log, func(reference string) { s.fail(ctx, &panicError{reference}) })
		err := refused
		if err == nil {
			err = s.answer(ctx, self.ID)
		}
		if err != nil {
			s.fail(ctx, err)
		}
	})
}

// addressed reports whether a person wrote the message to the bot.
func (a *Adapter) addressed(m *wire.Message, self string) bool {
	switch {
	case m.ID == "" || m.Author == nil || m.Author.Bot || m.WebhookID != "":
		return false
	case m.Type != wire.MessageDefault && m.Type != wire.MessageReply:
		return false
	case m.GuildID == "":
		return true
	case slices.ContainsFunc(m.Mentions, func(u wire.User) bool { return u.ID == self }):
		return true
	case m.Content != "" && m.Referenced != nil && m.Referenced.Author != nil && m.Referenced.Author.ID == self:
		return true // a reply whose ping is switched off; Discord shows its words with the privileged intent alone
	}
	return m.Content != "" && a.bot.IsThread(retrieval.Scope(m.GuildID), m.ChannelID)
}

// message is a message on its way to its answer.
type message struct {
	*Adapter
	m *wire.Message
	viewer
	draft *rest.Draft // of the answer, while it is none yet; nil before and after
}

// messageViewer is who wrote the message and what he may see. Messages do not
// say what language their author reads; the server's stands in.
func (a *Adapter) messageViewer(m *wire.Message) viewer {
	if m.GuildID == "" {
		return outside(m.Author.ID, words.Pick(a.locales.get(m.Author.ID)))
	}
	var roles []string
	if m.Member != nil {
		roles = m.Member.Roles
	}
	locale := a.guilds.locale(m.GuildID)
	return a.inside(m.GuildID, m.Author.ID, roles, a.guilds.permissions(m.GuildID, m.Author.ID, roles), locale, locale)
}

func (s *message) render() render.Renderer {
	return render.Renderer{Lang: s.public, Page: s.pageOf(&s.viewer)}
}

// answer answers the question, or says how to ask one.
func (s *message) answer(ctx context.Context, self string) error {
	text := strings.TrimSpace(stripMention(s.m.Content, self))
	if text == "" {
		if !s.firstNotice() {
			return nil
		}
		return s.reply(ctx, s.render().Hint(s.inServer()))
	}
	if len([]rune(text)) > maxQuestion {
		return errLongQuestion
	}
	if err := s.admit(&s.viewer); err != nil {
		return err
	}
	q := question{text: plainText(text), channel: s.m.ChannelID}
	if err := s.lookBack(ctx, &q); err != nil {
		return err
	}
	if q.episode == nil && !q.all && s.inServer() {
		if err := s.pinnedEpisode(ctx, &q); err != nil {
			return err
		}
	}
	return s.answerQuestion(ctx, q)
}

// answerQuestion answers in the channel: typing shows until the model's first
// words do, whose message becomes that of the answer.
func (s *message) answerQuestion(ctx context.Context, q question) error {
	stop := sync.OnceFunc(s.showTyping(ctx))
	defer stop()
	s.draft = s.rest.DraftIn(s.m.ChannelID, s.named(wire.Outgoing{}, 0))
	defer s.draft.Close()
	drafts := &drafts{editor: s.draft, render: s.render(), first: stop, where: render.AnswerContext{
		Public: true, Server: s.inServer(), Threadable: s.inServer() && q.thread == "" && s.guilds.parent(s.m.ChannelID) == "",
	}}
	answer, err := s.work(ctx, &s.viewer, q, func(int) {}, drafts.show)
	stop()
	if err != nil {
		return err
	}
	sent, err := s.sendAnswer(ctx, s.render().Answer(answer, drafts.where))
	if err != nil {
		return err
	}
	s.draft = nil // it is the answer now
	s.stats.Answered.Add(1)
	s.remember(ctx, &s.viewer, q, answer, sent)
	return nil
}

// sendAnswer puts the first part in the place of the draft and sends the others
// after it.
func (s *message) sendAnswer(ctx context.Context, parts []wire.Outgoing) ([]*wire.Message, error) {
	first, err := s.draft.Final(ctx, parts[0])
	if err != nil {
		return nil, err
	}
	sent := []*wire.Message{first}
	for i := range parts[1:] {
		m, err := s.sendPart(ctx, parts[1+i], 1+i)
		if err != nil {
			s.log.Warn("part of an answer was not sent", "part", i+2, "error", err)
			break
		}
		sent = append(sent, m)
	}
	return sent, nil
}

// lookBack finds what the message follows: the bot's message that it replies
// to, or else the thread it stands in.
func (s *message) lookBack(ctx context.Context, q *question) error {
	var err error
	if q.thread, q.history, err = s.threadHistory(ctx, &s.viewer, s.m.ChannelID); err != nil {
		return err
	}
	if s.m.Reference != nil && s.m.Reference.MessageID != "" {
		if err := s.following(ctx, &s.viewer, q, s.m.Reference.MessageID); err != nil || q.parent != "" {
			return err
		}
	}
	return s.threadEpisode(ctx, &s.viewer, q)
}

// pinnedEpisode applies the pin of the channel, or of a thread's channel.
func (s *message) pinnedEpisode(ctx context.Context, q *question) error {
	ids := []string{s.m.ChannelID}
	if thread, err := s.bot.ThreadOf(ctx, s.turns, s.m.ChannelID); err == nil && thread.Parent != "" {
		ids = append(ids, thread.Parent)
	} else if parent := s.guilds.parent(s.m.ChannelID); parent != "" {
		ids = append(ids, parent)
	}
	var err error
	q.episode, _, err = s.pinned(ctx, &s.viewer, ids)
	return err
}

// typingTime is for how long Discord shows typing, less a little.
const typingTime = 8 * time.Second

// showTyping shows that an answer is coming, until stop; that it cannot be
// shown is no matter, and holds nothing up.
func (s *message) showTyping(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(typingTime)
		defer ticker.Stop()
		for {
			if err := s.rest.Typing(ctx, s.m.ChannelID); err != nil && ctx.Err() == nil {
				s.log.Debug("typing was not shown", "error", err)
			}
			select {
			case <-ticker.C:
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() { cancel(); <-done }
}

// firstNotice reports whether the author was told nothing for a while: hints and refusals are no way to make the bot write.
func (s *message) firstNotice() bool {
	key, now := s.m.GuildID+" "+s.m.Author.ID, s.now()
	if last := s.noticed.get(key); !last.IsZero() && now.Sub(last) < s.options.NoticeEvery {
		return false
	}
	s.noticed.put(key, now, now)
	return true
}

// sendPart replies with the first part and sends the others after it.
func (s *message) sendPart(ctx context.Context, m wire.Outgoing, part int) (*wire.Message, error) {
	return s.rest.Send(ctx, s.m.ChannelID, s.named(m, part))
}

// named makes the first part a reply, and gives each a nonce that is made of the
// message's ID: sent twice, it still is one message.
func (s *message) named(m wire.Outgoing, part int) wire.Outgoing {
	if part == 0 {
		no := false
		m.Reference = &wire.Reference{MessageID: s.m.ID, FailIfNotExists: &no}
	}
	if m.Nonce == "" {
		m.Nonce = fmt.Sprintf("%s-%d", s.m.ID, part)
	}
	return m
}

func (s *message) reply(ctx context.Context, m wire.Outgoing) error {
	_, err := s.sendPart(ctx, m, 0)
	if err == nil {
		s.stats.Answered.Add(1)
	}
	return err
}

// fail tells the author alone what went wrong: in a direct message, or, where
// he takes none, in the channel for a few seconds.
func (s *message) fail(ctx context.Context, cause error) {
	if ctx.Err() != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), lastWord)
		defer cancel()
	}
	s.withdraw(ctx)
	if rest.IsGone(cause) { // the message or its channel was deleted: nobody waits
		s.log.Info("message is gone before its answer", "error", cause)
		return
	}
	var denied *bot.Denied
	if errors.As(cause, &denied) && !s.firstNotice() {
		s.log.Info("message is denied again", "guild", s.m.GuildID)
		return
	}
	notice := s.render().Notice(s.explainIn(cause))
	notice.Nonce = s.m.ID + "-n" // not that of an answer, in whose place it would be taken
	if s.inServer() {
		err := s.tellPrivately(ctx, notice)
		if err == nil || !rest.IsDMClosed(err) || rest.IsForbidden(cause) {
			s.told(err)
			return
		}
	}
	sent, err := s.sendPart(ctx, notice, 0)
	s.told(err)
	if err == nil && s.inServer() {
		s.deleteLater(sent)
	}
}

// withdraw takes away a draft that becomes no answer.
func (s *message) withdraw(ctx context.Context) {
	if s.draft == nil {
		return
	}
	if err := s.draft.Withdraw(ctx); err != nil {
		s.log.Warn("draft was not taken away", "error", err)
	}
}

func (s *message) told(err error) {
	if err != nil {
		s.log.Warn("error was not told", "error", err)
		return
	}
	s.stats.Answered.Add(1)
}

func (s *message) tellPrivately(ctx context.Context, m wire.Outgoing) error {
	channel, err := s.rest.OpenDM(ctx, s.m.Author.ID)
	if err != nil {
		return err
	}
	m = render.Placed(m, s.m.ChannelID)
	m.Nonce = s.m.ID + "-e"
	_, err = s.rest.Send(ctx, channel.ID, m)
	return err
}

// deleteLater takes a notice out of the channel again: after a while, or when
// the program stops, which must not wait for it.
func (s *message) deleteLater(sent *wire.Message) {
	select {
	case <-s.options.after(s.options.NoticeTime):
	case <-s.stopping:
	}
	ctx, cancel := context.WithTimeout(context.Background(), lastWord)
	defer cancel()
	if err := s.rest.DeleteMessage(ctx, sent.ChannelID, sent.ID); err != nil {
		s.log.Debug("notice was not deleted", "error", err)
	}
}
