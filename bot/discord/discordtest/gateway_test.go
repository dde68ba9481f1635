package discordtest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// fastGateway has short times.
func fastGateway() Options {
	return Options{Heartbeat: 50 * time.Millisecond, IdentifyGap: time.Nanosecond}
}

func TestReadyAndHeartbeat(t *testing.T) {
	s := New(t, fastGateway())
	s.Guild("one")
	b := newBot(t, s, nil)
	b.connect()
	b.op(opHello)
	b.send(opHeartbeat, nil)
	b.op(opAck)
	b.identify()
	b.event("READY")
	b.event("GUILD_CREATE")
	s.Guild("two")
	b.event("GUILD_CREATE")
	b.send(opPresence, map[string]any{"status": "online"})
	b.identify()
	if got := b.closeCode(); got != closeAlready {
		t.Errorf("close code %d", got)
	}
	st := s.Gateway().Stats()
	if st.Identifies != 1 || st.Heartbeats != 1 || st.Presences != 1 || st.Idents[0].Intents != defaultIntents {
		t.Errorf("%+v", st)
	}
}

func TestResume(t *testing.T) {
	s := New(t, fastGateway())
	ch := s.Guild("g").Channel("general")
	b := startBot(t, s, nil)
	b.event("GUILD_CREATE")
	if n := s.DropAll(CutTCP); n != 1 {
		t.Errorf("dropped %d", n)
	}
	b.closeCode()
	ann := s.User("ann").In(ch)
	ann.Mention("one")
	ann.Mention("two")
	b.url = b.resume
	b.connect()
	b.op(opHello)
	b.sendResume()
	b.event("MESSAGE_CREATE")
	b.event("MESSAGE_CREATE")
	b.event("RESUMED")
	st := s.Gateway().Stats()
	if st.Resumed != 1 || st.WrongURLResumes != 0 || s.Gateway().Connected() != 1 {
		t.Errorf("%+v", st)
	}
	// A second one at the first address takes over, and is noticed.
	b.url = s.Gateway().URL()
	b.connect()
	b.sendResume()
	b.event("RESUMED")
	b.closeCode()
	if st := s.Gateway().Stats(); st.WrongURLResumes != 1 {
		t.Errorf("%+v", st)
	}
}

func TestNoResume(t *testing.T) {
	s := New(t, fastGateway())
	b := startBot(t, s, nil)
	b.event("READY") // what is not read yet may be lost with the connection
	_ = b.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""), time.Now().Add(time.Second))
	b.closeCode()
	s.Gateway().WaitStats("close", func(st GatewayStats) bool { return len(st.ClientCloses) == 1 && st.ClientCloses[0] == 1000 })
	b.connect()
	b.sendResume()
	b.op(opInvalid)
	b.identify()
	b.event("READY")
	s.DropAll(InvalidFinal)
	b.op(opInvalid)
	b.identify()
	b.event("READY")
	s.DropAll(Reconnect)
	b.op(opReconnect)
	s.DropAll(InvalidResumable)
	b.op(opInvalid)
	s.Gateway().ForgetSessions()
	b.connect()
	b.sendResume()
	b.op(opInvalid)
	if st := s.Gateway().Stats(); st.Invalids != 4 {
		t.Errorf("%+v", st)
	}
}

func TestReplayIsBounded(t *testing.T) {
	o := fastGateway()
	o.Replay = 5
	s := New(t, o)
	b := startBot(t, s, nil)
	s.DropAll(CutTCP)
	b.closeCode()
	for range 40 {
		s.Gateway().Emit("X", map[string]any{})
	}
	b.connect()
	b.sendResume()
	b.op(opInvalid)
}

func TestFatalCloses(t *testing.T) {
	for _, c := range []struct {
		name string
		set  func(b *testBot)
		code int
	}{
		{"content", func(b *testBot) { b.intents |= intentContent }, closeDisallowed},
		{"members", func(b *testBot) { b.intents |= intentMembers }, closeDisallowed},
		{"unknown intent", func(b *testBot) { b.intents |= 1 << 30 }, closeIntents},
		{"shard", func(b *testBot) { b.shard = [2]int{2, 2} }, closeShard},
		{"scripted", func(b *testBot) { b.s.Gateway().CloseInsteadOfReady(1, 4011) }, 4011},
		{"version", func(b *testBot) { b.url += "/?v=5&x=" }, closeVersion},
	} {
		s := New(t, fastGateway())
		b := newBot(t, s, nil)
		c.set(b)
		b.connect()
		b.identify()
		if got := b.closeCode(); got != c.code {
			t.Errorf("%s: close code %d, want %d", c.name, got, c.code)
		}
		s.TakeViolations()
	}
	s := New(t, fastGateway())
	b := newBot(t, s, nil)
	b.connect()
	b.send(opIdentify, map[string]any{"token": "wrong", "intents": 1, "properties": map[string]any{}})
	if got := b.closeCode(); got != closeToken {
		t.Errorf("close code %d", got)
	}
	b.connect()
	b.send(99, nil)
	if got := b.closeCode(); got != closeUnknownOp {
		t.Errorf("close code %d", got)
	}
	b.connect()
	b.send(opHeartbeat, strings.Repeat("x", 5000))
	if got := b.closeCode(); got != closeDecode {
		t.Errorf("close code %d", got)
	}
	broke(t, s, "a payload of")
}

func TestIdentifyTooFast(t *testing.T) {
	s := New(t, Options{IdentifyGap: time.Hour})
	b := startBot(t, s, nil)
	b.connect()
	b.identify()
	b.op(opInvalid)
	if st := s.Gateway().Stats(); st.TooFast != 1 || st.Identifies != 2 || len(st.Gaps) != 1 {
		t.Errorf("%+v", st)
	}
	_, body := b.do("GET", "/gateway/bot", "")
	if !strings.Contains(body, `"remaining":998`) || !strings.Contains(body, `"max_concurrency":1`) || !strings.Contains(body, s.Gateway().URL()) {
		t.Errorf("GET /gateway/bot: %s", body)
	}
}

func TestOddStarts(t *testing.T) {
	s := New(t, fastGateway())
	g := s.Gateway()
	g.RefuseDials(1)
	if _, _, err := websocket.DefaultDialer.Dial(g.URL()+"/?v=9", nil); !errors.Is(err, websocket.ErrBadHandshake) {
		t.Errorf("dial: %v", err)
	}
	b := newBot(t, s, nil)
	g.HoldHello(true)
	b.connect()
	g.HoldHello(false)
	g.DelayHello(time.Millisecond)
	b.connect()
	b.op(opHello)
	g.DelayHello(0)
	g.HoldReady(true)
	b.identify()
	g.WaitStats("identify", func(st GatewayStats) bool { return st.Identifies == 1 })
	g.HoldReady(false)
	g.ReconnectInsteadOfReady(1)
	b.identify()
	b.op(opReconnect)
	g.InvalidInsteadOfReady(1, true)
	b.identify()
	b.op(opInvalid)
	b.identify()
	b.event("READY")
	g.StopACKs(true)
	b.send(opHeartbeat, nil)
	g.WaitStats("heartbeat", func(st GatewayStats) bool { return st.Heartbeats == 1 })
	s.DropAll(Silent)
	if g.Connected() != 0 {
		t.Error("a silent connection counts")
	}
	select {
	case op := <-b.ops:
		t.Errorf("op %d", op)
	case <-time.After(20 * time.Millisecond):
	}
}

func TestSharding(t *testing.T) {
	o := fastGateway()
	o.Shards, o.MaxConcurrency = 2, 2
	s := New(t, o)
	byShard := [2]*Guild{}
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		g := s.Guild(name)
		for i := range 2 {
			if (&session{shard: i, shards: 2}).owns(g) {
				byShard[i] = g
			}
		}
	}
	var bots [2]*testBot
	for i := range bots {
		bots[i] = newBot(t, s, nil)
		bots[i].shard = [2]int{i, 2}
		bots[i].connect()
		bots[i].identify()
		bots[i].event("READY")
	}
	s.WaitReady(2)
	for i, b := range bots {
		s.User("ann").In(byShard[i].Channel("x")).Mention("hi")
		b.event("MESSAGE_CREATE")
	}
	s.User("ann").DM("hi")
	bots[0].event("MESSAGE_CREATE")
	if n := len(bots[1].events); n != 0 {
		t.Errorf("shard 1 has %d further events", n)
	}
}

func TestDuplicatesAndNoise(t *testing.T) {
	s := New(t, fastGateway())
	ch := s.Guild("g").Channel("x")
	messages := make(chan map[string]any, 10)
	b := startBot(t, s, func(_ *testBot, event string, d map[string]any) {
		if event == "MESSAGE_CREATE" {
			messages <- d
		}
	})
	s.Gateway().Duplicate(true)
	s.Gateway().Noise(true)
	s.User("ann").In(ch).Mention("hi")
	b.event("SOMETHING_NEW_CREATE")
	one, two := <-messages, <-messages
	if one["id"] != two["id"] || one["a_new_field"] == nil || len(one["components"].([]any)) != 1 {
		t.Errorf("%v, %v", one, two)
	}
	s.Gateway().Noise(false)
	s.Gateway().Duplicate(false)
	s.CloseAll(4000)
	if got := b.closeCode(); got != 4000 {
		t.Errorf("close code %d", got)
	}
}

// TestMessageContent checks when the bot gets the content of messages.
func TestMessageContent(t *testing.T) {
	for _, allowed := range []bool{false, true} {
		o := fastGateway()
		o.AllowMessageContent = allowed
		s := New(t, o)
		ch := s.Guild("g").Channel("x")
		messages := make(chan map[string]any, 10)
		b := newBot(t, s, func(_ *testBot, event string, d map[string]any) {
			if event == "MESSAGE_CREATE" {
				messages <- d
			}
		})
		if allowed {
			b.intents |= intentContent
		}
		b.connect()
		b.identify()
		s.WaitReady(1)
		ann := s.User("ann").In(ch)
		got := func() string { return (<-messages)["content"].(string) }
		plain := ann.Say("plain").Trigger()
		if c := got(); c != "" && !allowed || c != "plain" && allowed {
			t.Errorf("allowed %v: plain message %q", allowed, c)
		}
		ann.Mention("mention")
		if c := got(); !strings.HasSuffix(c, "mention") {
			t.Errorf("mention %q", c)
		}
		s.User("ann").DM("dm")
		if c := got(); c != "dm" {
			t.Errorf("DM %q", c)
		}
		b.do("POST", "/channels/"+ch.ID+"/messages", answer("own"))
		if c := got(); c != "own" {
			t.Errorf("own %q", c)
		}
		own := ch.WaitMessage("own")
		ann.Reply(own, "ping", true)
		d := <-messages
		if ref, _ := d["referenced_message"].(map[string]any); d["content"] != "ping" || ref["content"] != "own" {
			t.Errorf("reply %v", d)
		}
		ann.Reply(own, "quiet", false)
		if c := got(); c != "" && !allowed {
			t.Errorf("reply without ping %q", c)
		}
		ann.Delete(plain)
		b.event("MESSAGE_DELETE")
		ch.Deny(s.Bot(), PermViewChannel)
		ann.Mention("unseen")
		ch.Allow(s.Bot(), PermViewChannel)
		ann.Mention("seen")
		if c := got(); !strings.HasSuffix(c, " seen") {
			t.Errorf("of a hidden channel: %q", c)
		}
	}
}
