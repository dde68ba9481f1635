package discordtest

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

func intOf(m map[string]any, key string) int {
	f, _ := m[key].(float64)
	return int(f)
}

// fill sets what a body gives for a new message. s.mu is held.
func (s *Server) fill(m *message, body map[string]any) *apiError {
	m.flags |= intOf(body, "flags") & settableOnCreate
	m.content, _ = body["content"].(string)
	m.embeds, _ = body["embeds"].([]any)
	m.components, _ = body["components"].([]any)
	m.attachments, _ = body["attachments"].([]any)
	m.components = numbered(m.components)
	return nil
}

// numbered copies components and gives ids to those without, as Discord does.
func numbered(list []any) []any {
	n := 0
	var walk func(v any) any
	walk = func(v any) any {
		switch v := v.(type) {
		case []any:
			out := make([]any, len(v))
			for i, e := range v {
				out[i] = walk(e)
			}
			return out
		case map[string]any:
			out := make(map[string]any, len(v)+1)
			if _, typed := v["type"].(float64); typed {
				n++
				out["id"] = float64(n)
			}
			for _, key := range sortedKeys(v) {
				if key == "components" || key == "accessory" || key == "component" {
					out[key] = walk(v[key])
				} else {
					out[key] = v[key]
				}
			}
			return out
		}
		return v
	}
	if list == nil {
		return nil
	}
	out, _ := walk(list).([]any)
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// edit applies a body to a message: only what is given changes. s.mu is held.
func (s *Server) edit(m *message, body map[string]any, q *request) *apiError {
	next := *m
	if v, ok := body["content"]; ok {
		next.content, _ = v.(string)
	}
	if v, ok := body["embeds"]; ok {
		next.embeds, _ = v.([]any)
	}
	if v, ok := body["components"]; ok {
		list, _ := v.([]any)
		next.components = numbered(list)
	}
	if v, ok := body["attachments"]; ok {
		next.attachments, _ = v.([]any)
	}
	if v, ok := body["flags"].(float64); ok {
		if m.flags&flagV2 != 0 && int(v)&flagV2 == 0 {
			s.violate("%s: IS_COMPONENTS_V2 is never taken off", q.route.key())
			return invalid("flags", "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG", "The flag IS_COMPONENTS_V2 cannot be removed")
		}
		next.flags = m.flags&^settableOnEdit | int(v)&settableOnEdit
	}
	if err := s.consistent(&next, q); err != nil {
		return err
	}
	next.flags &^= flagLoading
	next.edited = s.now()
	next.changes++
	next.edits++
	next.editTimes = s.editBudget(m, q)
	*m = next
	m.note()
	s.publish("MESSAGE_UPDATE", m)
	return nil
}

// consistent checks a message as it would be after an edit.
func (s *Server) consistent(m *message, q *request) *apiError {
	v2 := m.flags&flagV2 != 0
	switch {
	case v2 && (m.content != "" || len(m.embeds) > 0):
		s.violate("%s: IS_COMPONENTS_V2 together with content or embeds; an edit must take them away", q.route.key())
		return invalid("flags", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "The 'content' and 'embeds' fields cannot be used when using MessageFlags.IS_COMPONENTS_V2")
	case !v2 && hasV2Component(m.components):
		s.violate("%s: these kinds of components need IS_COMPONENTS_V2", q.route.key())
		return invalid("components", "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (1,).")
	case m.content == "" && len(m.embeds) == 0 && len(m.components) == 0 && len(m.attachments) == 0 && m.flags&flagLoading == 0:
		s.violate("%s: the edit leaves nothing of the message", q.route.key())
		return errEmptyMessage
	}
	return nil
}

// editBudget notes an edit, and a violation when there were too many.
func (s *Server) editBudget(m *message, q *request) []time.Time {
	budget := s.o.EditBudget
	now := s.now()
	times := slices.DeleteFunc(slices.Clone(m.editTimes), func(t time.Time) bool { return now.Sub(t) > s.scaled(budget.Per) })
	times = append(times, now)
	if len(times) > budget.Limit && q.fault == NoFault && q.route.method == "PATCH" {
		s.violate("%s: %d edits of one message within %v, more than %d", q.route.key(), len(times), s.scaled(budget.Per), budget.Limit)
	}
	return times
}

// post gives a message its place and tells the gateway. s.mu is held.
func (s *Server) post(m *message) {
	m.id = s.newID()
	m.created = s.now()
	m.note()
	s.messages[m.id] = m
	m.channel.messages = append(m.channel.messages, m)
	if m.channel.isThread() {
		m.channel.archived = false
	}
	s.trimMessages(m.channel)
	s.publish("MESSAGE_CREATE", m)
}

// remove deletes a message. s.mu is held.
func (s *Server) remove(m *message) {
	m.deleted = true
	m.changes++
	if m.onlyFor != nil {
		return
	}
	data := map[string]any{"id": m.id, "channel_id": m.channel.ID}
	if m.channel.guild != nil {
		data["guild_id"] = m.channel.guild.ID
	}
	s.gw.dispatch("MESSAGE_DELETE", m.channel, intentMessages(m.channel), data)
}

// publish tells the gateway of a new or changed message. Ephemeral ones are
// not told of. s.mu is held.
func (s *Server) publish(event string, m *message) {
	if m.onlyFor != nil || !m.channel.botSees() {
		return
	}
	s.gw.dispatchMessage(event, m)
}

func (c *Channel) botSees() bool { return !c.deleted && c.sees(c.s.bot) }

var mentionForm = regexp.MustCompile(`<@!?(\d+)>`)

// mentionsIn are the users that a text mentions. s.mu is held.
func (s *Server) mentionsIn(text string) []*User {
	var users []*User
	for _, m := range mentionForm.FindAllStringSubmatch(text, -1) {
		if u := s.users[m[1]]; u != nil && !slices.Contains(users, u) {
			users = append(users, u)
		}
	}
	return users
}

// readable reports whether the bot gets the content of a message
// [gateway: Message Content Intent]. s.mu is held.
func (s *Server) readable(m *message, intents int) bool {
	return intents&intentContent != 0 || m.author == s.bot || m.channel.kind == kindDM || slices.Contains(m.mentions, s.bot)
}

// trimMessages drops old messages of a forgetful server. s.mu is held.
func (s *Server) trimMessages(c *Channel) {
	if !s.o.Forgetful || len(c.messages) < 2*forgetfulMessages {
		return
	}
	keep := make([]*message, 0, 2*forgetfulMessages)
	old := len(c.messages) - forgetfulMessages
	for i, m := range c.messages {
		if i >= old || m.flags&flagLoading != 0 && !m.deleted {
			keep = append(keep, m)
			continue
		}
		m.ref = nil
		delete(s.messages, m.id)
	}
	c.messages = keep
}

// trim drops what is over of a forgetful server. s.mu is held.
func (s *Server) trim() {
	if !s.o.Forgetful || len(s.interOrder) < 2*forgetfulInters {
		return
	}
	keep := make([]*interaction, 0, 2*forgetfulInters)
	old := len(s.interOrder) - forgetfulInters
	for i, in := range s.interOrder {
		over := in.ack != 0 && !in.pending() || s.now().Sub(in.at) > s.o.TokenLife
		if i >= old || !over {
			keep = append(keep, in)
			continue
		}
		s.stats.add(in)
		delete(s.inters, in.id)
		delete(s.interByToken, in.token)
	}
	s.interOrder = keep
	for key, n := range s.nonces {
		if s.now().Sub(n.at) > nonceRemembered {
			delete(s.nonces, key)
		}
	}
}

// pending reports whether the bot still owes an answer.
func (in *interaction) pending() bool {
	if in.ack == 0 {
		return true
	}
	return in.ack == ackDeferred && in.deferred && len(in.followUps) == 0
}

// textOf is all that a message says: content, embeds, text displays.
func textOf(m *message) string {
	var parts []string
	if m.content != "" {
		parts = append(parts, m.content)
	}
	for _, v := range m.embeds {
		if e, ok := v.(map[string]any); ok {
			parts = append(parts, embedText(e)...)
		}
	}
	walkRaw(m.components, func(c map[string]any) {
		if text, ok := c["content"].(string); ok && kindOf(c) == typeTextDisplay {
			parts = append(parts, text)
		}
	})
	return strings.Join(parts, "\n")
}

func embedText(e map[string]any) []string {
	var parts []string
	add := func(v any) {
		if s, ok := v.(string); ok && s != "" {
			parts = append(parts, s)
		}
	}
	add(e["title"])
	add(e["description"])
	fields, _ := e["fields"].([]any)
	for _, f := range fields {
		if f, ok := f.(map[string]any); ok {
			add(f["name"])
			add(f["value"])
		}
	}
	if f, ok := e["footer"].(map[string]any); ok {
		add(f["text"])
	}
	return parts
}

// walkRaw visits all components, nested ones and accessories included, in the
// order in which they are shown.
func walkRaw(list []any, f func(map[string]any)) {
	for _, v := range list {
		m, ok := v.(map[string]any)
		if !ok {
			continue
		}
		f(m)
		if nested, ok := m["components"].([]any); ok {
			walkRaw(nested, f)
		}
		for _, key := range []string{"component", "accessory"} {
			if one, ok := m[key].(map[string]any); ok {
				walkRaw([]any{one}, f)
			}
		}
	}
}
