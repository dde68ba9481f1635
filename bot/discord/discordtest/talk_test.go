package discordtest

import (
	"strings"
	"testing"
)

func TestSlash(t *testing.T) {
	s := New(t)
	startBot(t, s, echo)
	ch := s.Guild("friends").Channel("general")
	r := s.User("ann").In(ch).Slash("ask", Opt("question", "why?")).Wait()
	if got := r.Text(); got != "you asked: why?" {
		t.Errorf("Text() = %q", got)
	}
	if r.Ack() != 5 || r.AckAfter() <= 0 || r.Ephemeral() || r.Answers() != 1 {
		t.Errorf("ack %d after %v, ephemeral %v, %d answers", r.Ack(), r.AckAfter(), r.Ephemeral(), r.Answers())
	}
	if l := ch.Messages(); len(l) != 1 || l[0].Author != s.AppID() {
		t.Errorf("Messages() = %v", l)
	}
	if l := s.Interactions(); len(l) != 1 || !l[0].Answered || l[0].Updates != 1 {
		t.Errorf("Interactions() = %+v", l)
	}
}

func TestMistakesOfTests(t *testing.T) {
	r := &recorder{TB: t}
	s := New(r)
	startBot(t, s, echo)
	defer r.end()
	g := s.Guild("friends")
	ch := g.Channel("general")
	ann := s.User("ann").In(ch)
	for _, c := range []struct {
		name, want string
		do         func()
	}{
		{"unregistered", "no such command", func() { ann.Slash("nothing") }},
		{"required missing", `required option "question"`, func() { ann.Slash("ask") }},
		{"unknown option", `no option "x"`, func() { ann.Slash("ask", Opt("x", "1")) }},
		{"wrong type", "does not fit", func() { ann.Slash("ask", Opt("question", 1)) }},
		{"too long", "characters", func() { ann.Slash("ask", Opt("question", strings.Repeat("x", 301))) }},
		{"no choice", "none of the choices", func() { ann.Slash("summary", Opt("style", "odd")) }},
		{"bare", "subcommand is missing", func() {
			s.Guild("friends").Member(s.User("adm"), PermManageGuild)
			s.User("adm").In(ch).Slash("transcript")
		}},
		{"no permission", "default_member_permissions", func() { ann.Slash("transcript remove") }},
		{"not in DMs", "context 1", func() { s.User("ann").InDM().Slash("transcript remove") }},
		{"foreign", "nor installed", func() { s.User("ann").In(s.ForeignGuild("far").Channel("x")).Slash("summary") }},
		{"no such button", "no button", func() { ann.Press(ann.Say("hi").Trigger(), "x") }},
		{"no autocomplete", "has no autocomplete", func() { ann.Autocomplete("ask", "question", "x") }},
	} {
		if got := fatalOf(c.do); !strings.Contains(got, c.want) {
			t.Errorf("%s: Fatalf(%q), want %q", c.name, got, c.want)
		}
	}
	if ann.MayUse("transcript remove") || !ann.MayUse("ask") || !ann.MayUse("Find in episodes") {
		t.Error("MayUse is wrong")
	}
	if got := fatalOf(func() { ann.Force().Slash("transcript remove").Wait() }); got != "" {
		t.Errorf("Force: %s", got)
	}
	if v := s.TakeViolations(); len(v) != 0 {
		t.Errorf("violations %q", v)
	}
}

// helpful is a bot with components, forms, autocomplete, threads and mentions.
func helpful(b *testBot, event string, d map[string]any) {
	data, _ := d["data"].(map[string]any)
	switch {
	case event == "MESSAGE_CREATE":
		author, _ := d["author"].(map[string]any)
		if content, _ := d["content"].(string); content != "" && author["bot"] == nil {
			body := strings.TrimSuffix(answer("heard"), "}") + `,"message_reference":{"message_id":"` + d["id"].(string) + `"}}`
			b.do("POST", "/channels/"+d["channel_id"].(string)+"/messages", body)
		}
	case event != "INTERACTION_CREATE":
	case d["type"] == 4.0:
		b.do("POST", callbackPath(d), `{"type":8,"data":{"choices":[{"name":"Episode one","value":"e1"}]}}`)
	case d["type"] == 5.0:
		components, _ := data["components"].([]any)
		text := ""
		walkRaw(components, func(c map[string]any) {
			if v, ok := c["value"].(string); ok {
				text += v
			}
			if v, ok := c["values"].([]any); ok && len(v) > 0 {
				text += "+" + v[0].(string)
			}
		})
		b.do("POST", callbackPath(d), `{"type":4,"data":`+answer("form: "+text)+`}`)
	case d["type"] == 3.0:
		helpfulPress(b, d, data)
	case data["type"] == 3.0:
		resolved := data["resolved"].(map[string]any)["messages"].(map[string]any)
		m := resolved[data["target_id"].(string)].(map[string]any)
		b.do("POST", callbackPath(d), `{"type":4,"data":`+answer("looked up "+m["content"].(string))+`}`)
	default:
		b.do("POST", callbackPath(d), `{"type":4,"data":{"flags":32768,`+noPing+`,"components":[
			{"type":17,"components":[{"type":9,"components":[{"type":10,"content":"page one"}],"accessory":{"type":2,"style":2,"emoji":{"name":"▶"},"custom_id":"next"}}]},
			{"type":1,"components":[{"type":2,"style":1,"label":"Ask further","custom_id":"ask"},{"type":2,"style":1,"label":"Off","custom_id":"off","disabled":true},{"type":2,"style":5,"label":"Open","url":"https://example.com"}]},
			{"type":1,"components":[{"type":3,"custom_id":"menu","placeholder":"Pick","options":[{"label":"Brief","value":"b"},{"label":"Long","value":"l"}]}]}]}}`)
	}
}

func helpfulPress(b *testBot, d, data map[string]any) {
	switch data["custom_id"] {
	case "next":
		b.do("POST", callbackPath(d), `{"type":7,"data":{`+noPing+`,"components":[{"type":10,"content":"page two"}]}}`)
	case "ask":
		b.do("POST", callbackPath(d), `{"type":9,"data":{"custom_id":"f","title":"Ask","components":[
			{"type":18,"label":"Question","component":{"type":4,"style":2,"custom_id":"q","max_length":10}},
			{"type":18,"label":"Style","component":{"type":3,"custom_id":"s","required":false,"options":[{"label":"Brief","value":"b"}]}}]}}`)
	case "menu":
		b.do("POST", callbackPath(d), `{"type":6}`)
		b.do("POST", hookPath(b.s, d), `{"content":"picked `+data["values"].([]any)[0].(string)+`","flags":64,`+noPing+`}`)
	default:
		b.do("POST", callbackPath(d), `{"type":4,"data":{"content":"an old button","flags":64,`+noPing+`}}`)
	}
}

func TestConversation(t *testing.T) {
	s := New(t)
	startBot(t, s, helpful)
	ch := s.Guild("friends").Channel("general")
	ann := s.User("ann").SetLocale("de").In(ch)
	r := ann.Slash("summary").Wait()
	if r.Text() != "page one" || len(r.Buttons()) != 4 || r.Button("Ask further") == nil || len(r.Message().Selects()) != 1 || !r.Message().V2() {
		t.Errorf("%q, %v", r.Text(), r.Buttons())
	}
	if got := r.Press("▶").Wait().Text(); got != "page two" {
		t.Errorf("after turning the page: %q", got)
	}
	if r.Text() != "page two" || r.Message().Edits != 1 {
		t.Errorf("the message says %q", r.Text())
	}
	r = ann.Slash("summary").Wait()
	picked := r.Select("Pick", "Long").Wait()
	if got := picked.FollowUps(); len(got) != 1 || got[0].Text() != "picked l" || !got[0].Ephemeral() {
		t.Errorf("picked %v", got)
	}
	form := r.Press("Ask further").Modal()
	if l := form.Inputs(); form.Title != "Ask" || len(l) != 2 || l[0].Title != "Question" || l[0].MaxLength != 10 {
		t.Errorf("form %+v", form)
	}
	if got := form.Submit(map[string]string{"Question": "why", "s": "Brief"}).Wait().Text(); got != "form: why+b" {
		t.Errorf("form says %q", got)
	}
	if got := ann.PressID(r.Message(), "v0:gone").Wait(); !got.Ephemeral() || got.Text() != "an old button" {
		t.Errorf("old button: %q", got.Text())
	}
	if got := ann.Autocomplete("ask", "episode", "ep"); len(got) != 1 || got[0].Value != "e1" {
		t.Errorf("choices %v", got)
	}
	said := ann.Say("words of mine")
	if got := ann.MessageCommand("Find in episodes", said.Trigger()).Wait().Text(); got != "looked up words of mine" {
		t.Errorf("looked up %q", got)
	}
	said.None(0)
	heard := ann.Mention("hello").Wait()
	if m := heard.Message(); m.Text() != "heard" || m.ReplyTo != heard.Trigger().ID {
		t.Errorf("%+v", m)
	}
	if got := ann.Reply(heard.Message(), "and?", true).Wait().Text(); got != "heard" {
		t.Errorf("reply: %q", got)
	}
	thread := ann.Thread(heard.Message(), "talk")
	if got := s.User("ann").In(thread).Mention("here?").Wait().Text(); got != "heard" || len(thread.BotMessages()) != 1 {
		t.Errorf("thread: %q", got)
	}
	if got := s.User("ann").DM("psst").Wait().Text(); got != "heard" {
		t.Errorf("DM: %q", got)
	}
	if len(s.Unanswered()) != 0 || len(s.AckTimes()) != len(s.Interactions()) {
		t.Errorf("unanswered %+v", s.Unanswered())
	}
}

func TestMistakesWithMessages(t *testing.T) {
	r := &recorder{TB: t}
	s := New(r)
	startBot(t, s, helpful)
	defer r.end()
	ch := s.Guild("friends").Channel("general")
	ann := s.User("ann").In(ch)
	reply := ann.Slash("summary").Wait()
	form := reply.Press("Ask further").Modal()
	for _, c := range []struct {
		name, want string
		do         func()
	}{
		{"disabled", "switched off", func() { reply.Press("Off") }},
		{"link", "is a link", func() { reply.Press("Open") }},
		{"none", "no button", func() { reply.Press("Nothing") }},
		{"no menu", "no menu", func() { reply.Select("Nothing") }},
		{"no option", "no option", func() { reply.Select("menu", "x") }},
		{"two of one", "1 to 1 values", func() { reply.Select("menu", "b", "l") }},
		{"required field", "needs the field", func() { form.Submit(nil) }},
		{"unknown field", "no field", func() { form.Submit(map[string]string{"x": "y"}) }},
		{"too long", "do not fit", func() { form.Submit(map[string]string{"q": "12345678901"}) }},
		{"no form", "opened no form", func() { ann.Slash("summary").Modal() }},
		{"archived", "archived", func() {
			th := ann.Thread(ann.Say("x").Trigger(), "t")
			th.Archive(false)
			s.User("ann").In(th).Slash("summary")
		}},
		{"deleted", "deleted", func() { ann.Delete(reply.Message()); ann.Press(form.r.in.source.snapshot(), "x") }},
	} {
		if got := fatalOf(c.do); !strings.Contains(got, c.want) {
			t.Errorf("%s: Fatalf(%q), want %q", c.name, got, c.want)
		}
	}
	if v := s.TakeViolations(); len(v) != 0 {
		t.Errorf("violations %q", v)
	}
}
