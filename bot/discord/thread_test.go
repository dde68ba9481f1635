package discord

import (
	"testing"

	"verbatim/bot/discord/discordtest"
	"verbatim/retrieval"
)

// TestThreadIsForThoseWhoMay: the bot opens no thread for somebody who may open
// none himself.
func TestThreadIsForThoseWhoMay(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.forgetCooldown(g)
	bob := w.User("bob")
	ch := g.Channel("general").Deny(bob, discordtest.PermCreateThreads)
	asked := w.User("ann").In(ch).Slash("ask", opt("question", shoigu)).Wait()
	refused := bob.In(ch).Press(asked.Message(), "Open thread").Wait()
	private(t, refused)
	says(t, refused, "can’t open threads")
	if asked.Thread() != nil {
		t.Error("a thread was opened for somebody who may not open one")
	}
}

// TestAskFollowsThread: /ask in a thread follows what was said there, and keeps
// to the episode of the answer that it was opened from.
func TestAskFollowsThread(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.forgetCooldown(g)
	scope := retrieval.Scope(g.ID)
	w.add(scope, "secret.txt", secretEpisode)
	ann := w.User("ann")
	asked := ann.In(g.Channel("general")).Slash("ask", opt("question", "Which Russian leader did Kim Jong-il meet shortly before he died?"),
		opt("episode", "nk-news-toloraya-2025-03-06")).Wait()
	w.turn(scope, asked)
	asked.Press("Open thread").Wait()
	in := ann.In(asked.Thread())
	year := in.Slash("ask", opt("question", "and what year?")).Wait()
	says(t, year, "2011")
	if turn := w.turn(scope, year); turn.Episode != "nk-news-toloraya-2025-03-06" || turn.Parent != asked.Message().ID {
		t.Errorf("the thread's question is remembered as %+v", turn)
	}
	// A reply to an older answer follows that one, not the latest.
	other := in.Slash("ask", opt("question", "What colour is the aardvark?"), opt("episode", "secret")).Wait()
	w.turn(scope, other)
	says(t, in.Reply(year.Message(), "<@"+w.AppID()+"> and what year was it?", true).Wait(), "2011")
}

// TestReplyWithoutPing: with the privileged intent a reply needs no ping.
func TestReplyWithoutPing(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.MessageContent = true }, discordtest.Options{NoRateLimits: true, AllowMessageContent: true})
	g := w.Guild("friends")
	w.forgetCooldown(g)
	ann := w.User("ann").In(g.Channel("general"))
	asked := ann.Slash("ask", opt("question", "Which Russian leader did Kim Jong-il meet shortly before he died?")).Wait()
	w.turn(retrieval.Scope(g.ID), asked)
	says(t, ann.Reply(asked.Message(), "and what year?", false).Wait(), "2011")
}

// TestDismissedAnswer: an answer whose place somebody has deleted meanwhile
// comes as a message of its own.
func TestDismissedAnswer(t *testing.T) {
	w := newWorld(t, nil)
	ch := w.Guild("friends").Channel("general")
	reached, release := make(chan struct{}), make(chan struct{})
	w.model.do(func([]string) { reached <- struct{}{}; <-release })
	r := w.User("ann").In(ch).Slash("ask", opt("question", shoigu)).WaitAck()
	<-reached
	w.User("moderator").In(ch).Delete(ch.BotMessages()[0])
	w.model.do(func([]string) {})
	close(release)
	says(t, r.Wait(), "Shoigu")
}
