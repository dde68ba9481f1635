package gateway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"time"
)

// Kinds of frames [topics/opcodes-and-status-codes].
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opPresence       = 3
	opResume         = 6
	opReconnect      = 7
	opInvalidSession = 9
	opHello          = 10
	opHeartbeatAck   = 11
)

// apiVersion is the gateway's version, the same as that of REST.
const apiVersion = "9"

// Limits of what is sent and received [events/gateway: Sending Events].
const (
	// maxSend is the size of one frame sent, in bytes.
	maxSend = 4096
	// maxReceive is the size of one frame received, in bytes. GUILD_CREATE of a
	// large server has some MiB; Discord states no bound.
	maxReceive = 16 << 20
)

// frame is what Discord sends. Unknown fields and kinds are no error.
type frame struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  *int64          `json:"s"` // with opDispatch
	Type string          `json:"t"` // with opDispatch: the event's name
}

// decode reads a frame. It fails for what is no JSON object.
func decode(data []byte) (frame, error) {
	var f frame
	if !bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		return f, fmt.Errorf("decode frame of %d bytes: not an object", len(data))
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return f, fmt.Errorf("decode frame of %d bytes: %w", len(data), err)
	}
	return f, nil
}

// packet is what we send.
type packet struct {
	Op   int `json:"op"`
	Data any `json:"d"`
}

// encode makes a packet's JSON, at most maxSend bytes.
func encode(op int, d any) ([]byte, error) {
	data, err := json.Marshal(packet{Op: op, Data: d})
	if err != nil {
		return nil, fmt.Errorf("encode packet %d: %w", op, err)
	}
	if len(data) > maxSend {
		return nil, fmt.Errorf("encode packet %d: %d bytes, more than the %d that discord takes", op, len(data), maxSend)
	}
	return data, nil
}

// identify starts a session [events/gateway-events: Identify].
type identify struct {
	Token      string          `json:"token"`
	Intents    int             `json:"intents"`
	Properties properties      `json:"properties"`
	Shard      [2]int          `json:"shard"`
	Presence   json.RawMessage `json:"presence,omitempty"`
}

// properties say which program connects.
type properties struct {
	OS      string `json:"os"`
	Browser string `json:"browser"`
	Device  string `json:"device"`
}

// resume continues one [events/gateway-events: Resume].
type resume struct {
	Token   string `json:"token"`
	Session string `json:"session_id"`
	Seq     int64  `json:"seq"`
}

// hello is the first frame of a connection.
type hello struct {
	Interval float64 `json:"heartbeat_interval"` // milliseconds
}

// The heartbeat interval is 41.25 s as of 2026; outside these bounds it is
// taken for damage.
const (
	minInterval = time.Millisecond
	maxInterval = time.Hour
)

// interval is the time between heartbeats that a HELLO asks for.
func (f *frame) interval() (time.Duration, error) {
	var h hello
	if err := json.Unmarshal(f.Data, &h); err != nil {
		return 0, fmt.Errorf("decode hello: %w", err)
	}
	if ms := float64(time.Millisecond); h.Interval < float64(minInterval)/ms || h.Interval > float64(maxInterval)/ms {
		return 0, fmt.Errorf("decode hello: heartbeat interval of %g ms", h.Interval)
	}
	return time.Duration(h.Interval * float64(time.Millisecond)), nil
}

// ready is what the client itself needs of READY; the handler gets all of it.
type ready struct {
	Session   string `json:"session_id"`
	ResumeURL string `json:"resume_gateway_url"`
	User      struct {
		ID string `json:"id"`
	} `json:"user"`
	Application struct {
		ID string `json:"id"`
	} `json:"application"`
	Guilds []json.RawMessage `json:"guilds"`
}

// address is a gateway's URL with version and encoding, what its query says
// otherwise kept.
func address(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("parse gateway address: %w", err)
	}
	if u.Scheme != "ws" && u.Scheme != "wss" || u.Host == "" {
		return nil, fmt.Errorf("parse gateway address %q: not a ws or wss address", raw)
	}
	q := u.Query()
	q.Set("v", apiVersion)
	q.Set("encoding", "json")
	u.RawQuery = q.Encode()
	return u, nil
}
