package discordtest

import (
	"encoding/json"
	"errors"
	"net"
	"time"

	"github.com/gorilla/websocket"
)

// conn is a connection of the bot to the gateway.
type conn struct {
	g        *Gateway
	ws       *websocket.Conn
	atResume bool
	wake     chan struct{} // something is in out
	gone     chan struct{} // closed when reading ended

	// guarded by the server's lock
	out    [][]byte
	bye    []byte // close frame to send after out
	sess   *session
	silent bool
	sends  []time.Time
}

// push queues a payload. s.mu is held.
func (c *conn) push(payload []byte) {
	if c.silent || c.bye != nil {
		return
	}
	c.out = append(c.out, payload)
	c.nudge()
}

func (c *conn) nudge() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *conn) send(op int, data any) {
	raw, err := json.Marshal(map[string]any{"op": op, "d": data, "s": nil, "t": nil})
	if err != nil {
		panic(err) // a mistake of this package
	}
	c.push(raw)
}

// close sends a close frame after what is queued. s.mu is held.
func (c *conn) close(code int, reason string) {
	if c.bye == nil {
		c.bye = websocket.FormatCloseMessage(code, reason)
		c.detach()
		c.nudge()
	}
}

// cut ends the connection without a close frame. s.mu is held.
func (c *conn) cut() {
	c.detach()
	if tcp, ok := c.ws.NetConn().(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // a reset where the system does it
	}
	_ = c.ws.NetConn().Close()
}

// detach parts the session from the connection. s.mu is held.
func (c *conn) detach() {
	if c.sess != nil && c.sess.conn == c {
		c.sess.conn = nil
	}
}

// write sends what is queued, until the connection is gone.
func (c *conn) write() {
	for {
		select {
		case <-c.wake:
		case <-c.gone:
			return
		}
		c.g.s.mu.Lock()
		out, bye, silent := c.out, c.bye, c.silent
		c.out = nil
		c.g.s.mu.Unlock()
		if silent {
			continue
		}
		for _, payload := range out {
			_ = c.ws.SetWriteDeadline(time.Now().Add(10 * time.Second))
			if c.ws.WriteMessage(websocket.TextMessage, payload) != nil {
				_ = c.ws.Close()
				return
			}
		}
		if bye != nil {
			_ = c.ws.WriteControl(websocket.CloseMessage, bye, time.Now().Add(time.Second))
			time.AfterFunc(time.Second, func() { _ = c.ws.Close() }) // where the client does not
			return
		}
	}
}

// read takes what the bot sends, until the connection is gone.
func (c *conn) read() {
	defer close(c.gone)
	defer func() { _ = c.ws.Close() }()
	for {
		_, data, err := c.ws.ReadMessage()
		c.g.s.mu.Lock()
		if err != nil {
			c.left(err)
			c.g.s.mu.Unlock()
			return
		}
		if !c.silent && c.bye == nil {
			c.take(data)
		}
		c.g.s.notify()
		c.g.s.mu.Unlock()
	}
}

// left notes that the connection ended, and how. s.mu is held.
func (c *conn) left(err error) {
	delete(c.g.conns, c)
	c.detach()
	var closed *websocket.CloseError
	if errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure && c.bye == nil {
		c.g.stats.ClientCloses = append(c.g.stats.ClientCloses, closed.Code)
		if c.sess != nil && (closed.Code == websocket.CloseNormalClosure || closed.Code == websocket.CloseGoingAway) {
			c.sess.ended = true
		}
	}
	c.g.s.notify()
}

// take handles a payload of the bot's. s.mu is held.
func (c *conn) take(data []byte) {
	g := c.g
	if len(data) > maxPayload {
		g.s.violate("gateway: a payload of %d bytes, more than %d", len(data), maxPayload)
		c.close(closeDecode, "Payload too large.")
		return
	}
	now := time.Now()
	c.sends = append(c.sends, now)
	for len(c.sends) > 0 && now.Sub(c.sends[0]) > time.Minute {
		c.sends = c.sends[1:]
	}
	var p struct {
		Op *int            `json:"op"`
		D  json.RawMessage `json:"d"`
	}
	if json.Unmarshal(data, &p) != nil || p.Op == nil {
		c.close(closeDecode, "Error while decoding payload.")
		return
	}
	// Heartbeats of shortened intervals are no sign of a hasty client.
	if len(c.sends) > maxSendsPerMinute && g.s.o.Heartbeat >= 41*time.Second {
		g.s.violate("gateway: more than %d sends in a minute", maxSendsPerMinute)
		c.close(closeRate, "You are being rate limited.")
		return
	}
	switch *p.Op {
	case opHeartbeat:
		g.stats.Heartbeats++
		if !g.noAcks {
			c.send(opAck, nil)
		}
	case opIdentify:
		if c.sess != nil {
			c.close(closeAlready, "Already authenticated.")
			return
		}
		g.identify(c, p.D)
	case opResume:
		if c.sess != nil {
			c.close(closeAlready, "Already authenticated.")
			return
		}
		g.resume(c, p.D)
	case opPresence, opVoice, opMembers:
		if c.sess == nil {
			c.close(closeNotAuth, "Not authenticated.")
		}
		if *p.Op == opPresence {
			g.stats.Presences++
		}
	default:
		c.close(closeUnknownOp, "Unknown opcode.")
	}
}
