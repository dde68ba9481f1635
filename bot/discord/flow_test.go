package discord

import (
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"verbatim/bot/discord/discordtest"
	"verbatim/bot/discord/gateway"
	"verbatim/bot/discord/rest"
	"verbatim/retrieval"
)

// noAnswer is how long a test listens for an answer that must not come.
const noAnswer = 150 * time.Millisecond

func TestStart(t *testing.T) {
	w := newWorld(t, nil)
	if got := w.noticed(); !strings.Contains(got, "https://discord.com/oauth2/authorize?client_id="+w.AppID()+"&scope=bot+applications.commands&permissions=309237713920") {
		t.Errorf("no invite link in what was printed:\n%s", got)
	}
	ident := w.Gateway().Stats().Idents[0]
	if ident.Intents != intentGuilds|intentGuildMessages|intentDirectMessages || !strings.Contains(string(ident.Presence), "/ask") {
		t.Errorf("IDENTIFY has intents %d and presence %s", ident.Intents, ident.Presence)
	}
	puts := w.Stats().Requests["PUT /applications/{application_id}/commands"]
	w.restart()
	if again := w.Stats().Requests["PUT /applications/{application_id}/commands"]; puts != 1 || again != 1 {
		t.Errorf("commands were written %d times at the first start and %d in all, want once", puts, again)
	}
}

func TestStartInOneServer(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.stop()
	w.options.GuildID = g.ID
	w.start()
	if got := w.Stats().Requests["PUT /applications/{application_id}/guilds/{guild_id}/commands"]; got != 1 {
		t.Errorf("the server's commands were written %d times, want once", got)
	}
}

func TestStartFails(t *testing.T) {
	for _, test := range []struct {
		name string
		tune func(*Options)
		want func(error) bool
	}{
		{"wrong token", func(o *Options) { o.Token = "wrong" }, func(err error) bool { return errors.Is(err, rest.ErrToken) }},
		{"intent not switched on", func(o *Options) { o.MessageContent = true }, func(err error) bool { return errors.Is(err, gateway.ErrIntents) }},
		{"no network", func(o *Options) { o.APIBase = "http://127.0.0.1:1/api/v9" }, func(err error) bool {
			var dial *net.OpError
			return errors.As(err, &dial)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, nil)
			w.stop()
			test.tune(&w.options)
			w.launch()
			select {
			case err := <-w.ended:
				if err == nil || !test.want(err) || strings.Contains(err.Error(), w.options.Token) {
					t.Errorf("Run = %v", err)
				}
			case <-time.After(patience):
				t.Error("the bot goes on")
			}
			w.cancel()
			w.cancel = nil
		})
	}
}

// TestStop: what is in the making is finished, what is new is told.
func TestStop(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	ch := g.Channel("general")
	reached, release := make(chan struct{}), make(chan struct{})
	w.model.do(func([]string) { reached <- struct{}{}; <-release })
	r := w.User("ann").In(ch).Slash("ask", opt("question", shoigu)).WaitAck()
	<-reached
	w.cancel()
	w.until("draining", func() bool {
		w.adapter.life.Lock()
		defer w.adapter.life.Unlock()
		return w.adapter.draining
	})
	late := w.User("bob").In(ch).Slash("ask", opt("question", shoigu)).Wait()
	private(t, late)
	w.model.do(func([]string) {})
	close(release)
	says(t, r.Wait(), "Shoigu")
	if err := <-w.ended; err != nil {
		t.Errorf("Run = %v", err)
	}
	w.cancel = nil
	if codes := w.Gateway().Stats().ClientCloses; len(codes) != 1 || codes[0] != 1000 {
		t.Errorf("the gateway was closed with %v, want 1000", codes)
	}
}

// TestStopCutsOff: who has to wait for longer than the end may take is told.
func TestStopCutsOff(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Drain, o.PerServer = 50*time.Millisecond, 1 })
	g := w.Guild("friends")
	leave, err := w.adapter.queue.enter(t.Context(), g.ID, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	r := w.User("ann").In(g.Channel("general")).Slash("ask", opt("question", shoigu)).WaitText("1")
	w.stop()
	leave()
	private(t, r)
	lacks(t, r, "Shoigu")
}

// TestSlowQuestionDelaysNobody: one question that hangs holds up neither the
// acknowledgement nor the answer of another, be it in the same server.
func TestSlowQuestionDelaysNobody(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	ch := g.Channel("general")
	reached, release := make(chan struct{}, 1), make(chan struct{})
	w.model.do(func(texts []string) {
		if strings.Contains(strings.Join(texts, " "), "slow") {
			reached <- struct{}{}
			<-release
		}
	})
	slow := w.User("ann").In(ch).Slash("ask", opt("question", "What is slow about Shoigu?")).WaitAck()
	<-reached
	r := w.User("bob").In(ch).Slash("ask", opt("question", shoigu)).Wait()
	says(t, r, "Shoigu")
	if slow.Interaction().Answered {
		t.Error("the slow question was answered before the other")
	}
	close(release)
	slow.Wait()
}

func TestQueueShowsPlaces(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.PerServer = 1 })
	g := w.Guild("friends")
	ch := g.Channel("general")
	reached, release := make(chan struct{}), make(chan struct{})
	w.model.do(func([]string) {
		select {
		case reached <- struct{}{}:
			<-release
		case <-release:
		}
	})
	first := w.User("ann").In(ch).Slash("ask", opt("question", shoigu)).WaitAck()
	<-reached
	second := w.User("bob").In(ch).Slash("ask", opt("question", shoigu)).WaitText("1")
	third := w.User("cleo").In(ch).Slash("quote", opt("words", "Shoigu went to Pyongyang")).WaitText("2")
	elsewhere := w.Guild("others").Channel("general")
	close(release)
	says(t, w.User("dora").In(elsewhere).Slash("ask", opt("question", shoigu)).Wait(), "Shoigu")
	for _, r := range []*discordtest.Reply{first, second, third} {
		says(t, r.WaitText("Shoigu"), "Shoigu")
	}
}

func TestPanicIsAnswered(t *testing.T) {
	w := newWorld(t, nil)
	ch := w.Guild("friends").Channel("general")
	w.model.do(func([]string) { panic("kaboom of a test") })
	r := w.User("ann").In(ch).Slash("ask", opt("question", shoigu)).Wait()
	private(t, r)
	lacks(t, r, "kaboom")
	if got := w.adapter.Stats().Panics.Load(); got != 1 {
		t.Errorf("%d panics are counted, want 1", got)
	}
	log := w.log()
	i := strings.Index(log, "reference=")
	if i < 0 || !strings.Contains(log, "kaboom") || !strings.Contains(r.Text(), log[i+len("reference="):i+len("reference=")+8]) {
		t.Errorf("the reference told is not that of the log:\n%s\n%s", r.Text(), log)
	}
	w.model.do(func([]string) {})
	says(t, w.User("bob").In(ch).Slash("ask", opt("question", shoigu)).Wait(), "Shoigu")
}

func TestDuplicatesAreAnsweredOnce(t *testing.T) {
	w := newWorld(t, nil)
	w.Gateway().Duplicate(true)
	ch := w.Guild("friends").Channel("general")
	ann := w.User("ann").In(ch)
	r := ann.Slash("ask", opt("question", shoigu)).Wait()
	mention := w.User("bob").In(ch).Mention(shoigu).Wait()
	w.until("duplicates", func() bool { return w.adapter.Stats().Duplicates.Load() >= 2 })
	if r.Answers() != 1 || mention.Answers() != 1 || r.Interaction().Repeats != 0 {
		t.Errorf("%d and %d answers, %d first answers too many; want one each", r.Answers(), mention.Answers(), r.Interaction().Repeats)
	}
}

// TestUnknownThingsInEvents: fields, components and events that nobody knows
// yet spoil nothing.
func TestUnknownThingsInEvents(t *testing.T) {
	w := newWorld(t, nil)
	w.Gateway().Noise(true)
	ch := w.Guild("friends").Channel("general")
	says(t, w.User("ann").In(ch).Slash("ask", opt("question", shoigu)).Wait(), "Shoigu")
	posted := w.User("cleo").In(ch).Say("he saw it as a rightful act").Trigger()
	says(t, w.User("bob").In(ch).MessageCommand("Find in episodes", posted).Wait(), "rightful")
	w.Gateway().Emit("INTERACTION_CREATE", map[string]any{"id": 5, "token": []int{}})
	w.Gateway().Emit("MESSAGE_CREATE", "nonsense")
	says(t, w.User("dora").In(ch).Slash("ask", opt("question", shoigu)).Wait(), "Shoigu")
}

// TestExpiredAnswer: when the interaction's time ran out, a public answer goes
// to the channel, and a private one nowhere.
func TestExpiredAnswer(t *testing.T) {
	w := newWorld(t, nil)
	ch := w.Guild("friends").Channel("general")
	for _, hidden := range []bool{false, true} {
		release := make(chan struct{})
		reached := make(chan struct{})
		w.model.do(func([]string) { reached <- struct{}{}; <-release })
		user := w.User(map[bool]string{false: "ann", true: "bob"}[hidden])
		before := len(ch.BotMessages())
		user.In(ch).Slash("ask", opt("question", shoigu), opt("private", hidden)).WaitAck()
		<-reached
		w.Advance(16 * time.Minute)
		w.model.do(func([]string) {})
		close(release)
		w.until("expiry", func() bool { return w.adapter.Stats().Expired.Load() > 0 })
		if !hidden {
			w.until("answer in the channel", func() bool { return w.adapter.Stats().Fallbacks.Load() == 1 })
			messages := ch.BotMessages()
			if last := messages[len(messages)-1]; !strings.Contains(last.Text(), "Shoigu") || !strings.Contains(last.Text(), "<@"+user.ID+">") {
				t.Errorf("the channel shows %q", last.Text())
			}
			continue
		}
		w.until("second expiry", func() bool { return w.adapter.Stats().Expired.Load() == 2 })
		if got := len(ch.BotMessages()); got != before {
			t.Errorf("%d messages in the channel after a private answer expired, want %d", got, before)
		}
		if !strings.Contains(w.log(), "interaction expired unanswered") {
			t.Error("nothing in the log about the answer that could not be given")
		}
	}
}

func TestRemovedEpisodeIsSaid(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.forgetCooldown(g)
	id := w.add(retrieval.Scope(g.ID), "secret.txt", secretEpisode)
	ch := g.Channel("general")
	ann := w.User("ann").In(ch)
	r := ann.Slash("ask", opt("question", "Which colour is the secret aardvark?"), opt("episode", string(id))).Wait()
	says(t, r, "ultramarine")
	if err := w.bot.Remove(t.Context(), retrieval.Scope(g.ID), id); err != nil {
		t.Fatal(err)
	}
	gone := r.Press(contextOf(r)).Wait()
	private(t, gone)
	lacks(t, gone, "ultramarine")
}

// TestOldButtons: what an older or another version sent is answered politely.
func TestOldButtons(t *testing.T) {
	w := newWorld(t, nil)
	ch := w.Guild("friends").Channel("general")
	ann := w.User("ann").In(ch)
	r := ann.Slash("ask", opt("question", shoigu)).Wait()
	for _, id := range []string{"v0:c:x", "v1:nonsense", "v1:c::no-such-episode:1:2", "v1:z::::::::nokey"} {
		pressed := ann.PressID(r.Message(), id).Wait()
		private(t, pressed)
	}
}

// TestMissingPermissions: the one that is missing is named, to the asker alone.
func TestMissingPermissions(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.forgetCooldown(g)
	for _, test := range []struct {
		deny int64
		want string
	}{
		{discordtest.PermSendMessages, "Send Messages"}, {discordtest.PermReadHistory, "Read Message History"},
	} {
		ch := g.Channel("without "+test.want).Deny(w.Bot(), test.deny)
		ann := w.User("ann " + test.want)
		ann.In(ch).Mention(shoigu)
		w.until("direct message", func() bool {
			messages := ann.DMs().Messages()
			return len(messages) > 0 && strings.Contains(messages[len(messages)-1].Text(), test.want)
		})
	}
	ch := g.Channel("no-threads").Deny(w.Bot(), discordtest.PermCreateThreads)
	r := w.User("bob").In(ch).Slash("ask", opt("question", shoigu)).Wait()
	says(t, r, "Shoigu") // an interaction needs no permission
	if r.Button("Open thread") != nil {
		t.Error("a thread is offered where none may be opened")
	}
}

// TestDeletedMessage: a question that is deleted before its answer, or a
// channel that is, ends quietly.
func TestDeletedMessage(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	ch := g.Channel("general")
	reached, release := make(chan struct{}), make(chan struct{})
	w.model.do(func([]string) { reached <- struct{}{}; <-release })
	ann := w.User("ann").In(ch)
	ann.Mention(shoigu)
	<-reached
	ch.Delete()
	w.model.do(func([]string) {})
	close(release)
	w.until("end", func() bool { return strings.Contains(w.log(), "gone before its answer") })
}
