package discordtest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// held is a bot that hands interactions to the test instead of answering.
func held(t *testing.T, s *Server) (*testBot, chan map[string]any) {
	t.Helper()
	ch := make(chan map[string]any, 100)
	b := startBot(t, s, func(_ *testBot, event string, d map[string]any) {
		if event == "INTERACTION_CREATE" {
			ch <- d
		}
	})
	return b, ch
}

// broke takes the violations and checks that one of them contains the text.
func broke(t *testing.T, s *Server, want string) {
	t.Helper()
	v := s.TakeViolations()
	if !strings.Contains(strings.Join(v, "\n"), want) {
		t.Errorf("violations %q, want one with %q", v, want)
	}
}

func TestFirstAnswerOnce(t *testing.T) {
	s := New(t)
	b, inters := held(t, s)
	ann := s.User("ann").In(s.Guild("g").Channel("general"))
	r := ann.Slash("summary")
	d := <-inters
	status, body := b.do("PATCH", hookPath(s, d)+"/messages/@original", answer("early"))
	want(t, status, body, 404, 10015)
	status, body = b.do("POST", callbackPath(d)+"?with_response=true", `{"type":4,"data":`+answer("one")+`}`)
	want(t, status, body, 200, 0)
	if !strings.Contains(body, `"response_message_ephemeral":false`) {
		t.Errorf("with_response: %s", body)
	}
	status, body = b.do("POST", callbackPath(d), `{"type":4,"data":`+answer("two")+`}`)
	want(t, status, body, 400, 40060)
	broke(t, s, "a second first answer")
	if got := r.Wait().Text(); got != "one" {
		t.Errorf("Text() = %q", got)
	}
	status, body = b.do("POST", "/interactions/1/x/callback", `{"type":5}`)
	want(t, status, body, 404, 10062)
}

func TestDeadlines(t *testing.T) {
	s := New(t)
	b, inters := held(t, s)
	ann := s.User("ann").In(s.Guild("g").Channel("general"))
	late := ann.Slash("summary")
	d := <-inters
	s.Advance(4 * time.Second)
	status, body := b.do("POST", callbackPath(d), `{"type":5}`)
	want(t, status, body, 404, 10062)
	if !late.Interaction().Late || s.Stats().Late != 1 || len(s.Unanswered()) != 1 {
		t.Errorf("%+v", late.Interaction())
	}
	ann.Slash("summary")
	d = <-inters
	b.do("POST", callbackPath(d), `{"type":5}`)
	s.Advance(16 * time.Minute)
	status, body = b.do("PATCH", hookPath(s, d)+"/messages/@original", answer("x"))
	want(t, status, body, 401, 50027)
	status, body = b.do("POST", "/webhooks/"+s.AppID()+"/unknown", answer("x"))
	want(t, status, body, 404, 10015)
}

func TestEphemeralIsDecidedFirst(t *testing.T) {
	s := New(t)
	b, inters := held(t, s)
	ch := s.Guild("g").Channel("general")
	r := s.User("ann").In(ch).Slash("summary")
	d := <-inters
	b.do("POST", callbackPath(d), `{"type":5,"data":{"flags":64}}`)
	if r.WaitAck(); !r.Loading() || !r.Ephemeral() || r.Message() != nil {
		t.Error("not loading privately")
	}
	b.do("PATCH", hookPath(s, d)+"/messages/@original", answer("secret"))
	m := r.Wait().Message()
	if !m.Ephemeral() || m.Loading() || len(ch.Messages()) != 0 || len(ch.SeenBy(s.User("ann"))) != 1 || len(ch.SeenBy(s.User("bob"))) != 0 {
		t.Error("seen by the wrong people")
	}
	for _, method := range []string{"GET", "PATCH", "DELETE"} {
		body := ""
		if method == "PATCH" {
			body = answer("x")
		}
		status, got := b.do(method, "/channels/"+ch.ID+"/messages/"+m.ID, body)
		want(t, status, got, 404, 10008)
	}
	if got := fatalOf(func() {
		s.t = &recorder{TB: t}
		s.User("bob").In(ch).PressID(m, "x")
		s.User("bob").In(ch).Press(m, "x")
	}); !strings.Contains(got, "for ann only") {
		t.Errorf("bob pressed: %q", got)
	}
	s.t = t
	// A follow-up chooses for itself, but not while the first is loading.
	status, body := b.do("POST", hookPath(s, d), answer("public"))
	want(t, status, body, 200, 0)
	if len(ch.Messages()) != 1 || len(r.FollowUps()) != 1 || r.Answers() != 2 {
		t.Error("the follow-up is not public")
	}
	r2 := s.User("ann").In(ch).Slash("summary")
	d = <-inters
	for d["type"].(float64) != 2 {
		d = <-inters
	}
	b.do("POST", callbackPath(d), `{"type":5}`)
	b.do("POST", hookPath(s, d), `{"content":"mine?","flags":64,`+noPing+`}`)
	if r2.Wait(); r2.Ephemeral() || r2.Text() != "mine?" {
		t.Error("a follow-up while loading does not fill the loading message")
	}
}

func TestDeletedPlaceholder(t *testing.T) {
	s := New(t, Options{NoRateLimits: true})
	b, inters := held(t, s)
	ch := s.Guild("g").Channel("general")
	r := s.User("ann").In(ch).Slash("summary")
	d := <-inters
	b.do("POST", callbackPath(d), `{"type":5}`)
	status, body := b.do("DELETE", hookPath(s, d)+"/messages/@original", "")
	want(t, status, body, 204, 0)
	status, body = b.do("GET", hookPath(s, d)+"/messages/@original", "")
	want(t, status, body, 404, 10008)
	b.do("POST", hookPath(s, d), `{"content":"an error","flags":64,`+noPing+`}`)
	if r.Wait().WaitDeleted(); r.Text() != "an error" || !r.Deleted() || len(ch.Messages()) != 0 || len(s.Unanswered()) != 0 {
		t.Errorf("%q %+v", r.Text(), r.Interaction())
	}
	id := r.FollowUps()[0].ID
	for _, c := range []struct {
		method, body string
		status       int
	}{{"GET", "", 200}, {"PATCH", answer("y"), 200}, {"DELETE", "", 204}, {"GET", "", 404}} {
		if status, body := b.do(c.method, hookPath(s, d)+"/messages/"+id, c.body); status != c.status {
			t.Errorf("%s: %d %s", c.method, status, body)
		}
	}
}

// TestKindsOfAnswers tries all callbacks on all kinds of interactions.
func TestKindsOfAnswers(t *testing.T) {
	s := New(t, Options{NoRateLimits: true})
	b, inters := held(t, s)
	ch := s.Guild("g").Channel("general")
	ann := s.User("ann").In(ch)
	ann.Slash("summary")
	d := <-inters
	b.do("POST", callbackPath(d), `{"type":4,"data":{`+noPing+`,"content":"x","components":[{"type":1,"components":[{"type":2,"style":1,"label":"Go","custom_id":"go"}]}]}}`)
	msg := ch.WaitMessage("x")
	form := `{"type":9,"data":{"custom_id":"f","title":"T","components":[{"type":18,"label":"Why","component":{"type":4,"style":1,"custom_id":"w"}}]}}`
	start := map[string]func(){
		"command":      func() { ann.Slash("summary") },
		"component":    func() { ann.Press(msg, "Go") },
		"autocomplete": func() { ann.autocomplete("ask", "episode", "x", nil) },
		"modal of command": func() {
			r := ann.Slash("summary")
			b.do("POST", callbackPath(<-inters), form)
			r.Modal().Submit(map[string]string{"Why": "so"})
		},
		"modal of component": func() {
			r := ann.Press(msg, "Go")
			b.do("POST", callbackPath(<-inters), form)
			r.Modal().Submit(map[string]string{"w": "so"})
		},
	}
	bodies := map[int]string{4: `{"type":4,"data":` + answer("m") + `}`, 5: `{"type":5}`, 6: `{"type":6}`, 7: `{"type":7,"data":` + answer("x") + `}`, 8: `{"type":8,"data":{"choices":[]}}`, 9: form}
	legal := map[string]string{"command": "459", "component": "45679", "autocomplete": "8", "modal of command": "45", "modal of component": "4567"}
	for kind, begin := range start {
		for n := 4; n <= 9; n++ {
			begin()
			status, body := b.do("POST", callbackPath(<-inters), bodies[n])
			ok := strings.Contains(legal[kind], fmt.Sprint(n))
			if v := s.TakeViolations(); ok != (status == 204) || ok != (len(v) == 0) {
				t.Errorf("%s, callback %d: %d %s %q", kind, n, status, body, v)
			}
		}
	}
}

func TestV2(t *testing.T) {
	s := New(t, Options{NoRateLimits: true})
	b, inters := held(t, s)
	ch := s.Guild("g").Channel("general")
	r := s.User("ann").In(ch).Slash("summary")
	d := <-inters
	status, body := b.do("POST", callbackPath(d), `{"type":5,"data":{"flags":32768}}`)
	want(t, status, body, 400, 50035)
	broke(t, s, "takes no flag but EPHEMERAL")
	b.do("POST", callbackPath(d), `{"type":5}`)
	orig := hookPath(s, d) + "/messages/@original"
	text := `{"type":10,"content":"hello"}`
	for _, c := range []struct{ body, broke string }{
		{`{` + noPing + `,"components":[` + text + `]}`, "need IS_COMPONENTS_V2"},
		{`{` + noPing + `,"flags":32768,"content":"x","components":[` + text + `]}`, "not together with"},
	} {
		status, body = b.do("PATCH", orig, c.body)
		want(t, status, body, 400, 50035)
		broke(t, s, c.broke)
	}
	b.do("PATCH", orig, answer("plain first"))
	status, body = b.do("PATCH", orig, `{`+noPing+`,"flags":32768,"components":[`+text+`]}`)
	want(t, status, body, 400, 50035)
	broke(t, s, "an edit must take them away")
	status, body = b.do("PATCH", orig, `{`+noPing+`,"flags":32768,"content":null,"embeds":[],"components":[`+text+`]}`)
	want(t, status, body, 200, 0)
	if m := r.Wait().Message(); !m.V2() || m.Text() != "hello" {
		t.Errorf("%+v", m)
	}
	status, body = b.do("PATCH", orig, `{`+noPing+`,"flags":4}`)
	want(t, status, body, 400, 50035)
	broke(t, s, "never taken off")
	status, body = b.do("PATCH", orig, `{`+noPing+`,"components":[]}`)
	want(t, status, body, 400, 50006)
	broke(t, s, "leaves nothing")
}

func TestChannels(t *testing.T) {
	s := New(t, Options{NoRateLimits: true})
	b, _ := held(t, s)
	g := s.Guild("g")
	ch := g.Channel("general")
	ann := s.User("ann")
	said := ann.In(ch).Say("hi there").Trigger()
	post := "/channels/" + ch.ID + "/messages"
	ref := `,"message_reference":{"message_id":"` + said.ID + `"}}`
	withRef := strings.TrimSuffix(answer("re"), "}") + ref
	check := func(perm int64, method, path, body string, code int) {
		t.Helper()
		ch.Deny(s.Bot(), perm)
		status, got := b.do(method, path, body)
		want(t, status, got, 403, code)
		ch.Allow(s.Bot(), perm)
	}
	check(PermViewChannel, "POST", post, answer("x"), 50001)
	check(PermSendMessages, "POST", post, answer("x"), 50013)
	check(PermReadHistory, "POST", post, withRef, 160002)
	check(PermCreateThreads, "POST", post+"/"+said.ID+"/threads", `{"name":"t"}`, 50013)
	status, body := b.do("POST", post, withRef)
	want(t, status, body, 200, 0)
	if m := ch.WaitMessage("re"); m.ReplyTo != said.ID {
		t.Errorf("ReplyTo = %q", m.ReplyTo)
	}
	for _, c := range []struct {
		method, path, body string
		status, code       int
	}{
		{"POST", "/channels/1/messages", answer("x"), 404, 10003},
		{"POST", post, strings.Replace(withRef, said.ID, "17", 1), 400, 50035},
		{"POST", post, strings.Replace(withRef, said.ID+`"`, `17","fail_if_not_exists":false`, 1), 200, 0},
		{"PATCH", post + "/" + said.ID, answer("x"), 403, 50005},
		{"GET", post + "/" + said.ID, "", 200, 0},
		{"DELETE", post + "/" + said.ID, "", 403, 50013},
		{"GET", post + "?limit=2", "", 200, 0},
		{"POST", "/channels/" + ch.ID + "/typing", "", 204, 0},
		{"GET", "/channels/" + ch.ID, "", 200, 0},
		{"GET", "/guilds/" + g.ID, "", 200, 0},
		{"GET", "/guilds/" + s.ForeignGuild("far").ID, "", 403, 50001},
		{"GET", "/users/@me", "", 200, 0},
		{"GET", "/applications/@me", "", 200, 0},
		{"GET", "/oauth2/applications/@me", "", 200, 0},
		{"POST", post + "/" + said.ID + "/threads", `{"name":"t"}`, 201, 0},
		{"POST", post + "/" + said.ID + "/threads", `{"name":"t"}`, 400, 160004},
		{"POST", "/channels/" + said.ID + "/messages", answer("in the thread"), 200, 0},
	} {
		status, body := b.do(c.method, c.path, c.body)
		want(t, status, body, c.status, c.code)
	}
	if ch.Typings() != 1 {
		t.Error("typing is not counted")
	}
	ch.Deny(s.Bot(), PermSendInThreads)
	status, body = b.do("POST", "/channels/"+said.ID+"/messages", answer("x"))
	want(t, status, body, 403, 50013)
	ch.Delete()
	status, body = b.do("POST", post, answer("x"))
	want(t, status, body, 404, 10003)
}

func TestDM(t *testing.T) {
	s := New(t)
	b, _ := held(t, s)
	ann := s.User("ann")
	status, body := b.do("POST", "/users/@me/channels", `{"recipient_id":"`+ann.ID+`"}`)
	want(t, status, body, 200, 0)
	path := "/channels/" + ann.DMs().ID + "/messages"
	status, body = b.do("POST", path, answer("hello"))
	want(t, status, body, 200, 0)
	ann.CloseDM(true)
	status, body = b.do("POST", path, answer("hello"))
	want(t, status, body, 403, 50007)
	id := ann.DMs().Messages()[0].ID
	status, body = b.do("POST", path+"/"+id+"/threads", `{"name":"t"}`)
	want(t, status, body, 400, 50024)
}

func TestNonce(t *testing.T) {
	s := New(t)
	b, _ := held(t, s)
	ch := s.Guild("g").Channel("general")
	body := strings.TrimSuffix(answer("once"), "}") + `,"nonce":"n1","enforce_nonce":true}`
	_, first := b.do("POST", "/channels/"+ch.ID+"/messages", body)
	_, second := b.do("POST", "/channels/"+ch.ID+"/messages", body)
	if len(ch.Messages()) != 1 || first[:30] != second[:30] {
		t.Errorf("sent %d times", len(ch.Messages()))
	}
	s.Advance(10 * time.Minute)
	b.do("POST", "/channels/"+ch.ID+"/messages", body)
	if len(ch.Messages()) != 2 {
		t.Error("a nonce is remembered for too long")
	}
}

func TestUserInstalled(t *testing.T) {
	s := New(t, Options{NoRateLimits: true})
	b, inters := held(t, s)
	far := s.ForeignGuild("far")
	ann := s.User("ann").InstallApp()
	r := ann.In(far.Channel("x")).Slash("summary")
	d := <-inters
	owners, _ := d["authorizing_integration_owners"].(map[string]any)
	if owners["1"] != ann.ID || owners["0"] != nil || d["context"] != 0.0 {
		t.Errorf("owners %v, context %v", owners, d["context"])
	}
	b.do("POST", callbackPath(d), `{"type":4,"data":`+answer("0")+`}`)
	for i := 1; i <= 6; i++ {
		status, body := b.do("POST", hookPath(s, d), answer(fmt.Sprint(i)))
		if i <= 5 {
			want(t, status, body, 200, 0)
		} else {
			want(t, status, body, 403, 40094)
		}
	}
	if r.Ephemeral() {
		t.Error("private though external apps may speak")
	}
	far.SetEveryone(permEveryone &^ PermUseExternalApps)
	r = ann.In(far.Channel("x")).Slash("summary")
	b.do("POST", callbackPath(<-inters), `{"type":4,"data":`+answer("0")+`}`)
	if !r.Wait().Ephemeral() {
		t.Error("public without USE_EXTERNAL_APPS")
	}
	ann.In(ann.Private(s.User("bob"))).Slash("summary")
	if d = <-inters; d["context"] != 2.0 || d["user"] == nil || d["member"] != nil {
		t.Errorf("private: context %v", d["context"])
	}
	s.User("carl").InDM().Slash("summary")
	if d = <-inters; d["context"] != 1.0 || d["user"] == nil {
		t.Errorf("DM: context %v", d["context"])
	}
}

func TestWrongToken(t *testing.T) {
	s := New(t)
	req, _ := http.NewRequest("GET", s.URL()+"/users/@me", nil)
	req.Header.Set("Authorization", "Bot wrong")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != 401 {
		t.Errorf("status %d", res.StatusCode)
	}
	broke(t, s, "User-Agent")
	b := newBot(t, s, nil)
	if status, _ := b.do("GET", "/nothing", ""); status != 404 {
		t.Errorf("status %d", status)
	}
	broke(t, s, "no such route")
	b.do("DELETE", "/users/@me", "")
	broke(t, s, "no such method")
	if status, _ := b.do("GET", strings.Repeat("/channels", 1)+"/1/pins", ""); status != 404 {
		t.Errorf("status %d", status)
	}
	s.TakeViolations()
}
