package discordtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// recorder is a testing.TB that notes failures instead of failing, for tests of
// what the server finds wrong.
type recorder struct {
	testing.TB
	mu       sync.Mutex
	errors   []string
	logs     []string
	cleanups []func()
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

func (r *recorder) Logf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.logs = append(r.logs, fmt.Sprintf(format, args...))
}

type fatal string

func (r *recorder) Fatalf(format string, args ...any) { panic(fatal(fmt.Sprintf(format, args...))) }

func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }

// end runs the cleanups and returns the errors.
func (r *recorder) end() []string {
	for _, f := range r.cleanups {
		f()
	}
	r.cleanups = nil
	return r.errors
}

// fatalOf runs f and returns the text of its Fatalf, "" for none.
func fatalOf(f func()) (text string) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case fatal:
			text = string(v)
		default:
			panic(v)
		}
	}()
	f()
	return ""
}

// testBot is a small bot: what it hears goes to on, in order, each on a
// goroutine of its own.
type testBot struct {
	t       testing.TB
	s       *Server
	on      func(b *testBot, event string, d map[string]any)
	url     string
	intents int
	shard   [2]int

	mu      sync.Mutex
	ws      *websocket.Conn
	all     []*websocket.Conn
	session string
	resume  string
	seq     int
	work    sync.WaitGroup
	events  chan string // names of events, buffered
	closed  chan error  // end of a connection
	ops     chan int    // all operations but dispatches
}

const defaultIntents = intentGuilds | intentGuildMessages | intentDMs

func newBot(t testing.TB, s *Server, on func(*testBot, string, map[string]any)) *testBot {
	b := &testBot{
		t: t, s: s, on: on, url: s.gw.url(), intents: defaultIntents, shard: [2]int{0, 1},
		events: make(chan string, 10000), closed: make(chan error, 100), ops: make(chan int, 10000),
	}
	t.Cleanup(func() {
		b.mu.Lock()
		for _, ws := range b.all {
			_ = ws.Close()
		}
		b.mu.Unlock()
		b.work.Wait()
	})
	return b
}

// startBot connects a bot that registered commands.
func startBot(t testing.TB, s *Server, on func(*testBot, string, map[string]any)) *testBot {
	t.Helper()
	b := newBot(t, s, on)
	b.register(testCommands)
	b.connect()
	b.identify()
	s.WaitReady(1)
	return b
}

// testCommands are the commands of the test bot.
const testCommands = `[
	{"name":"ask","description":"ask","options":[
		{"type":3,"name":"question","description":"q","required":true,"max_length":300},
		{"type":3,"name":"episode","description":"e","autocomplete":true},
		{"type":5,"name":"private","description":"p"}]},
	{"name":"transcript","description":"t","default_member_permissions":"32","contexts":[0],"options":[
		{"type":1,"name":"add","description":"a","options":[{"type":11,"name":"file","description":"f","required":true}]},
		{"type":1,"name":"remove","description":"r"}]},
	{"name":"summary","description":"s","integration_types":[0,1],"contexts":[0,1,2],"options":[
		{"type":3,"name":"style","description":"s","choices":[{"name":"Brief","value":"brief"},{"name":"Long","value":"long"}]}]},
	{"name":"Find in episodes","type":3,"contexts":[0,1,2],"integration_types":[0,1]}]`

func (b *testBot) register(commands string) {
	b.t.Helper()
	if status, body := b.do("PUT", "/applications/"+b.s.AppID()+"/commands", commands); status != 200 {
		b.t.Fatalf("PUT commands: %d %s", status, body)
	}
}

// do makes a REST request; status 0 means that the connection was cut.
func (b *testBot) do(method, path, body string) (status int, answer string) {
	status, answer, _ = b.doHeader(method, path, body)
	return status, answer
}

func (b *testBot) doHeader(method, path, body string) (status int, answer string, h http.Header) {
	var r io.Reader
	if body != "" {
		r = strings.NewReader(body)
	}
	req, err := http.NewRequest(method, b.s.URL()+path, r)
	if err != nil {
		b.t.Error(err)
		return 0, "", nil
	}
	req.Header.Set("Authorization", "Bot "+b.s.Token())
	req.Header.Set("User-Agent", "DiscordBot (https://example.com, 1.0)")
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error(), nil
	}
	defer func() { _ = res.Body.Close() }()
	data, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(data), res.Header
}

func (b *testBot) connect() {
	b.t.Helper()
	ws, _, err := websocket.DefaultDialer.Dial(b.url+"/?v=9&encoding=json", nil)
	if err != nil {
		b.t.Fatalf("dial: %v", err)
	}
	b.mu.Lock()
	b.ws = ws
	b.all = append(b.all, ws)
	b.mu.Unlock()
	b.work.Add(1)
	go b.read(ws)
}

func (b *testBot) read(ws *websocket.Conn) {
	defer b.work.Done()
	for {
		_, data, err := ws.ReadMessage()
		if err != nil {
			b.closed <- err
			return
		}
		var p struct {
			Op int
			S  *int
			T  string
			D  json.RawMessage
		}
		if err := json.Unmarshal(data, &p); err != nil {
			b.t.Errorf("payload %s: %v", data, err)
		}
		if p.Op != opDispatch {
			b.ops <- p.Op
			continue
		}
		var d map[string]any
		_ = json.Unmarshal(p.D, &d)
		b.mu.Lock()
		b.seq = *p.S
		if p.T == "READY" {
			b.session, _ = d["session_id"].(string)
			b.resume, _ = d["resume_gateway_url"].(string)
		}
		b.mu.Unlock()
		select {
		case b.events <- p.T:
		default: // nobody looks at them
		}
		if b.on != nil {
			b.work.Add(1)
			go func() { defer b.work.Done(); b.on(b, p.T, d) }()
		}
	}
}

// patience bounds waiting for what must come, also on a slow machine.
const patience = 2 * time.Minute

func (b *testBot) send(op int, d any) {
	data, _ := json.Marshal(map[string]any{"op": op, "d": d})
	b.mu.Lock()
	defer b.mu.Unlock()
	_ = b.ws.WriteMessage(websocket.TextMessage, data)
}

func (b *testBot) identify() {
	b.send(opIdentify, map[string]any{"token": b.s.Token(), "intents": b.intents, "properties": map[string]any{"os": "linux"}, "shard": b.shard})
}

func (b *testBot) sendResume() {
	b.mu.Lock()
	d := map[string]any{"token": b.s.Token(), "session_id": b.session, "seq": b.seq}
	b.mu.Unlock()
	b.send(opResume, d)
}

// event waits for the next event of that name.
func (b *testBot) event(name string) {
	b.t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case e := <-b.events:
			if e == name {
				return
			}
		case <-timeout:
			b.t.Fatalf("no event %s", name)
		}
	}
}

func (b *testBot) op(want int) {
	b.t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case op := <-b.ops:
			if op == want {
				return
			}
		case <-timeout:
			b.t.Fatalf("no op %d", want)
		}
	}
}

// closeCode waits for the end of a connection.
func (b *testBot) closeCode() int {
	b.t.Helper()
	select {
	case err := <-b.closed:
		if c, ok := err.(*websocket.CloseError); ok {
			return c.Code
		}
		return 0
	case <-time.After(patience):
		b.t.Fatal("the connection stays")
		return 0
	}
}

func callbackPath(d map[string]any) string {
	return fmt.Sprintf("/interactions/%v/%v/callback", d["id"], d["token"])
}

func hookPath(s *Server, d map[string]any) string {
	return fmt.Sprintf("/webhooks/%s/%v", s.AppID(), d["token"])
}

const noPing = `"allowed_mentions":{"parse":[]}`

// answer is a message in JSON.
func answer(text string) string {
	data, _ := json.Marshal(text)
	return `{"content":` + string(data) + `,` + noPing + `}`
}

// echo is a bot that defers and then says what it was asked.
func echo(b *testBot, event string, d map[string]any) {
	if event != "INTERACTION_CREATE" {
		return
	}
	b.do("POST", callbackPath(d), `{"type":5}`)
	b.do("PATCH", hookPath(b.s, d)+"/messages/@original", answer("you asked: "+option(d, "question")))
}

func option(d map[string]any, name string) string {
	data, _ := d["data"].(map[string]any)
	list, _ := data["options"].([]any)
	for _, v := range list {
		if m, _ := v.(map[string]any); m["name"] == name {
			text, _ := m["value"].(string)
			return text
		}
	}
	return ""
}

func want(t *testing.T, status int, body string, wantStatus int, wantCode int) {
	t.Helper()
	var e struct{ Code int }
	_ = json.NewDecoder(bytes.NewReader([]byte(body))).Decode(&e)
	if status != wantStatus || e.Code != wantCode {
		t.Errorf("status %d, code %d, want %d, %d: %s", status, e.Code, wantStatus, wantCode, body)
	}
}
