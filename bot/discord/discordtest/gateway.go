package discordtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// Paths of the gateway: the first address, and the one of READY for resuming.
const (
	gatewayPath = "/gateway"
	resumePath  = "/resume"
)

// Operations [topics/opcodes-and-status-codes].
const (
	opDispatch  = 0
	opHeartbeat = 1
	opIdentify  = 2
	opPresence  = 3
	opVoice     = 4
	opResume    = 6
	opReconnect = 7
	opMembers   = 8
	opInvalid   = 9
	opHello     = 10
	opAck       = 11
)

// Close codes.
const (
	closeUnknownOp    = 4001
	closeDecode       = 4002
	closeNotAuth      = 4003
	closeToken        = 4004
	closeAlready      = 4005
	closeSeq          = 4007
	closeRate         = 4008
	closeTimeout      = 4009
	closeShard        = 4010
	closeVersion      = 4012
	closeIntents      = 4013
	closeDisallowed   = 4014
	maxPayload        = 4096
	maxSendsPerMinute = 120
)

// Intents [events/gateway: Gateway Intents].
const (
	intentGuilds        = 1 << 0
	intentMembers       = 1 << 1
	intentPresences     = 1 << 8
	intentGuildMessages = 1 << 9
	intentDMs           = 1 << 12
	intentContent       = 1 << 15
	knownIntents        = 1<<26 - 1
)

func intentMessages(c *Channel) int {
	if c.guild == nil {
		return intentDMs
	}
	return intentGuildMessages
}

// Gateway is the server's gateway. Its state is guarded by the server's lock.
type Gateway struct {
	s        *Server
	conns    map[*conn]bool
	sessions map[string]*session
	order    []*session
	made     int
	stats    GatewayStats
	last     map[int]time.Time // last identify by shard modulo max_concurrency

	noAcks     bool
	helloDelay time.Duration
	holdHello  bool
	holdReady  bool
	instead    []insteadOfReady
	duplicate  bool
	noise      bool
	refuseDial int
}

type insteadOfReady struct{ op, code int }

// session is what RESUME goes on with.
type session struct {
	id            string
	shard, shards int
	intents       int
	seq           int
	buffer        [][]byte // the last events; that of seq is the last
	limit         int      // of buffer
	conn          *conn
	ended         bool
}

func newGateway(s *Server) *Gateway {
	return &Gateway{s: s, conns: map[*conn]bool{}, sessions: map[string]*session{}, last: map[int]time.Time{}}
}

// URL is the first address of the gateway, as GET /gateway tells it.
func (g *Gateway) URL() string { return g.url() }

func (g *Gateway) url() string { return "ws://" + g.s.host + gatewayPath }

func (g *Gateway) resumeURL() string { return "ws://" + g.s.host + resumePath }

func (g *Gateway) identified() int { return g.stats.Identifies }

// contentIntent is the intent for message contents where the bot has asked for it.
func (g *Gateway) contentIntent() int {
	intents := 0
	for _, se := range g.order {
		intents |= se.intents
	}
	return intents & intentContent
}

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

// serve is one connection of the bot.
func (g *Gateway) serve(w http.ResponseWriter, r *http.Request) {
	g.s.mu.Lock()
	g.stats.Dials++
	refuse := g.refuseDial > 0
	if refuse {
		g.refuseDial--
	}
	g.s.mu.Unlock()
	if refuse {
		http.Error(w, "no gateway here at the moment", http.StatusServiceUnavailable)
		return
	}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	c := &conn{g: g, ws: ws, atResume: strings.HasPrefix(r.URL.Path, resumePath), wake: make(chan struct{}, 1), gone: make(chan struct{})}
	q := r.URL.Query()
	g.s.mu.Lock()
	if g.s.closed {
		g.s.mu.Unlock()
		_ = ws.Close()
		return
	}
	g.conns[c] = true
	g.stats.Connects++
	if q.Get("compress") != "" {
		g.s.violate("gateway: discordtest plays no transport compression")
	}
	switch v := q.Get("v"); {
	case v != "9" && v != "10" || q.Get("encoding") != "" && q.Get("encoding") != "json":
		g.s.violate("gateway: connected with version %q and encoding %q", v, q.Get("encoding"))
		c.close(closeVersion, "Invalid API version")
	case g.holdHello:
	case g.helloDelay > 0:
		time.AfterFunc(g.helloDelay, func() { g.s.mu.Lock(); defer g.s.mu.Unlock(); c.hello() })
	default:
		c.hello()
	}
	g.s.notify()
	g.s.mu.Unlock()
	go c.write()
	c.read()
}

func (c *conn) hello() {
	c.send(opHello, map[string]any{"heartbeat_interval": c.g.s.o.Heartbeat.Milliseconds(), "_trace": []string{"test"}})
}

// identify starts a session. s.mu is held.
func (g *Gateway) identify(c *conn, raw json.RawMessage) {
	var d struct {
		Token    string          `json:"token"`
		Intents  *int            `json:"intents"`
		Shard    *[2]int         `json:"shard"`
		Presence json.RawMessage `json:"presence"`
		Props    json.RawMessage `json:"properties"`
	}
	if json.Unmarshal(raw, &d) != nil || d.Intents == nil || len(d.Props) == 0 {
		g.s.violate("gateway: an IDENTIFY without intents or properties")
		c.close(closeDecode, "Error while decoding payload.")
		return
	}
	shard := [2]int{0, 1}
	if d.Shard != nil {
		shard = *d.Shard
	}
	now := time.Now()
	g.stats.Idents = append(g.stats.Idents, Identify{Intents: *d.Intents, Shard: shard, Presence: d.Presence, At: now})
	g.stats.Identifies++
	switch {
	case strings.TrimPrefix(d.Token, "Bot ") != g.s.o.Token:
		c.close(closeToken, "Authentication failed.")
		return
	case shard[1] < 1 || shard[0] < 0 || shard[0] >= shard[1]:
		c.close(closeShard, "Invalid shard.")
		return
	case *d.Intents&^knownIntents != 0:
		c.close(closeIntents, "Invalid intent(s).")
		return
	case *d.Intents&(intentMembers|intentPresences) != 0, *d.Intents&intentContent != 0 && !g.s.o.AllowMessageContent:
		c.close(closeDisallowed, "Disallowed intent(s).")
		return
	}
	key := shard[0] % g.s.o.MaxConcurrency
	before, again := g.last[key]
	if again {
		g.stats.Gaps = append(g.stats.Gaps, now.Sub(before))
	}
	// Some tolerance, since the way of the message takes a varying time.
	if again && now.Sub(before) < g.s.o.IdentifyGap*95/100 {
		g.stats.TooFast++
		g.stats.Invalids++
		c.send(opInvalid, false)
		return
	}
	g.last[key] = now
	if g.misbehave(c) {
		return
	}
	g.made++
	se := &session{id: hexFor("session", strconv.Itoa(g.made))[:32], shard: shard[0], shards: shard[1], intents: *d.Intents, limit: g.s.o.Replay, conn: c}
	c.sess = se
	g.keep(se)
	g.ready(se)
}

// misbehave does what is to happen in place of READY, if anything.
func (g *Gateway) misbehave(c *conn) bool {
	if g.holdReady {
		return true
	}
	if len(g.instead) == 0 {
		return false
	}
	next := g.instead[0]
	g.instead = g.instead[1:]
	switch next.op {
	case opReconnect:
		c.send(opReconnect, nil)
	case opInvalid:
		g.stats.Invalids++
		c.send(opInvalid, next.code == 1)
	default:
		c.close(next.code, "")
	}
	return true
}

// keep remembers a session and forgets the oldest ones that nobody resumes.
func (g *Gateway) keep(se *session) {
	g.sessions[se.id] = se
	g.order = slices.DeleteFunc(append(g.order, se), func(old *session) bool {
		gone := old != se && old.conn == nil && (old.ended || old.shard == se.shard && old.shards == se.shards)
		if gone {
			delete(g.sessions, old.id)
		}
		return gone
	})
}

func (g *Gateway) ready(se *session) {
	guilds := []any{}
	for _, id := range sortedKeys(g.s.guilds) {
		gu := g.s.guilds[id]
		if gu.installed && se.owns(gu) {
			guilds = append(guilds, map[string]any{"id": gu.ID, "unavailable": true})
		}
	}
	se.dispatch("READY", map[string]any{
		"v": 9, "user": g.s.bot.json(), "guilds": guilds, "session_id": se.id, "resume_gateway_url": g.resumeURL(), "session_type": "normal", "private_channels": []any{},
		"shard": []int{se.shard, se.shards}, "application": map[string]any{"id": g.s.appID, "flags": 0}, "_trace": []string{"test"},
	})
	for _, id := range sortedKeys(g.s.guilds) {
		if gu := g.s.guilds[id]; gu.installed && se.owns(gu) && se.intents&intentGuilds != 0 {
			se.dispatch("GUILD_CREATE", gu.json())
		}
	}
}

// owns reports whether the guild's events go to the session's shard; those of
// direct messages, with a nil guild, go to shard 0.
func (se *session) owns(gu *Guild) bool {
	if gu == nil {
		return se.shard == 0
	}
	n, err := strconv.ParseUint(gu.ID, 10, 64)
	return err == nil && int(n>>22%uint64(se.shards)) == se.shard
}

// resume goes on with a session. s.mu is held.
func (g *Gateway) resume(c *conn, raw json.RawMessage) {
	var d struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int    `json:"seq"`
	}
	g.stats.Resumes++
	if !c.atResume {
		g.stats.WrongURLResumes++
	}
	if json.Unmarshal(raw, &d) != nil {
		c.close(closeDecode, "Error while decoding payload.")
		return
	}
	if strings.TrimPrefix(d.Token, "Bot ") != g.s.o.Token {
		c.close(closeToken, "Authentication failed.")
		return
	}
	se := g.sessions[d.Session]
	if se == nil || se.ended || d.Seq < se.seq-len(se.buffer) {
		g.stats.Invalids++
		c.send(opInvalid, false)
		return
	}
	if d.Seq > se.seq {
		se.ended = true
		c.close(closeSeq, "Invalid seq.")
		return
	}
	if g.misbehave(c) {
		return
	}
	if old := se.conn; old != nil && old != c {
		old.sess = nil
		old.cut()
	}
	c.sess, se.conn = se, c
	for _, event := range se.buffer[len(se.buffer)-(se.seq-d.Seq):] {
		c.push(event)
	}
	g.stats.Resumed++
	se.dispatch("RESUMED", map[string]any{"_trace": []string{"test"}})
}
