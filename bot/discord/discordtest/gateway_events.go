package discordtest

import (
	"encoding/json"
	"fmt"
	"slices"
)

// dispatch numbers an event, keeps it for RESUME and sends it. s.mu is held.
func (se *session) dispatch(event string, data any) {
	raw, err := json.Marshal(data)
	if err != nil {
		panic(err) // a mistake of this package
	}
	se.seq++
	payload := fmt.Appendf(make([]byte, 0, len(raw)+64), `{"op":0,"t":%q,"s":%d,"d":`, event, se.seq)
	payload = append(append(payload, raw...), '}')
	se.buffer = append(se.buffer, payload)
	if len(se.buffer) >= 2*se.limit {
		se.buffer = slices.Clone(se.buffer[len(se.buffer)-se.limit:])
	}
	if se.conn != nil {
		se.conn.push(payload)
	}
}

// each sends an event to the sessions that it is for. s.mu is held.
func (g *Gateway) each(event string, gu *Guild, intents int, data func(se *session) map[string]any) {
	g.stats.Events++
	for _, se := range g.order {
		if se.ended || !se.owns(gu) || intents != 0 && se.intents&intents == 0 {
			continue
		}
		d := data(se)
		if g.noise {
			d = noisy(d)
			se.dispatch("SOMETHING_NEW_CREATE", map[string]any{"id": g.s.newID(), "kind": "unknown"})
		}
		se.dispatch(event, d)
		if g.duplicate {
			se.dispatch(event, d)
		}
	}
}

func (g *Gateway) dispatch(event string, c *Channel, intents int, data map[string]any) {
	g.each(event, c.guild, intents, func(*session) map[string]any { return data })
}

func (g *Gateway) dispatchGuild(event string, gu *Guild, intents int, data map[string]any) {
	g.each(event, gu, intents, func(*session) map[string]any { return data })
}

func (g *Gateway) dispatchMessage(event string, m *message) {
	g.each(event, m.channel.guild, intentMessages(m.channel), func(se *session) map[string]any { return g.s.eventJSON(m, se.intents) })
}

// noisy adds what the bot does not know yet: fields, and a component.
func noisy(data map[string]any) map[string]any {
	out := map[string]any{"a_new_field": map[string]any{"of": []any{1, "kind", nil}}}
	for k, v := range data {
		switch v := v.(type) {
		case []any:
			if k == "components" {
				out[k] = append(slices.Clone(v), map[string]any{"type": 99, "id": 999, "mystery": map[string]any{"x": true}, "label": 5})
				continue
			}
		case map[string]any:
			if k == "message" || k == "resolved" || k == "messages" || k == "member" || k == "channel" || k == "referenced_message" {
				out[k] = noisyInner(k, v)
				continue
			}
		}
		out[k] = v
	}
	return out
}

func noisyInner(key string, v map[string]any) map[string]any {
	if key != "resolved" && key != "messages" {
		return noisy(v)
	}
	out := map[string]any{}
	for k, e := range v {
		out[k] = e
		if m, ok := e.(map[string]any); ok && (key == "messages" || k == "messages") {
			out[k] = noisyInner("messages", m)
			if key == "messages" {
				out[k] = noisy(m)
			}
		}
	}
	return out
}
