package gateway

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"
)

// FuzzFrames feeds lines as frames. Whatever comes, nothing panics, what is
// sent is within Discord's size, and only READY makes a session.
func FuzzFrames(f *testing.F) {
	for _, seed := range []string{
		`{"op":10,"d":{"heartbeat_interval":41250}}` + "\n" + `{"op":0,"s":1,"t":"READY","d":{"session_id":"a","resume_gateway_url":"wss://x.test"}}` + "\n" + `{"op":7,"d":null}`,
		`{"op":10,"d":{"heartbeat_interval":1e300}}`,
		`{"op":10,"d":null}` + "\n" + `{"op":1}` + "\n" + `{"op":9,"d":true}`,
		`{"op":0,"s":null,"t":null,"d":null}`,
		`{"op":0,"s":5,"t":"READY","d":[1,2]}`,
		`{"op":0,"s":9223372036854775807,"t":"RESUMED","d":{}}` + "\n" + `{"op":11}`,
		`{"op":0,"t":"READY","d":{"session_id":"a","resume_gateway_url":"http://[::1"}}`,
		`null`, `[]`, `{`, `{"op":"0"}`, "\x00\xff",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := testShard(t)
		c := newConnection(s, nil)
		c.write = func(data []byte) error {
			if len(data) > maxSend || !json.Valid(data) {
				t.Errorf("sends %d bytes: %q", len(data), data)
			}
			return nil
		}
		sawReady := false
		for line := range bytes.Lines(data) {
			fr, ok := c.decode(line)
			if !ok {
				continue
			}
			sawReady = sawReady || fr.Type == "READY"
			if end := c.handle(fr); end != nil {
				break
			}
			if end := c.heartbeatDue(); end != nil {
				break
			}
		}
		if s.session.id != "" && !sawReady {
			t.Errorf("session %q without READY", s.session.id)
		}
		if c.interval < 0 || c.interval > time.Hour {
			t.Errorf("interval %v", c.interval)
		}
		for _, timer := range []*time.Timer{c.beat, c.deadline, c.wake} {
			timer.Stop()
		}
	})
}
