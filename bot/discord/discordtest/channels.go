package discordtest

import (
	"net/http"
	"slices"
	"strconv"
)

// botChannel finds the channel of a route, which the bot sees.
func (s *Server) botChannel(q *request) (*Channel, *apiError) {
	c := s.channels[q.params["channel_id"]]
	if c == nil || c.deleted {
		return nil, errUnknownChannel
	}
	if !c.botSees() {
		return nil, errNoAccess
	}
	return c, nil
}

// mayPost checks that the bot may send to a channel.
func (s *Server) mayPost(c *Channel) *apiError {
	perms := c.permissionsOf(s.bot)
	switch {
	case c.kind == kindDM && slices.ContainsFunc(c.people, func(u *User) bool { return u.dmClosed }):
		return errDMClosed
	case c.isThread() && perms&PermSendInThreads == 0, c.kind == kindText && perms&PermSendMessages == 0:
		return errNoPermission
	case c.isThread() && c.archived && c.locked && perms&PermManageThreads == 0:
		return errArchived
	}
	return nil
}

func (s *Server) getChannel(q *request) (int, any, *apiError) {
	c, err := s.botChannel(q)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, c.json(), nil
}

func (s *Server) getGuild(q *request) (int, any, *apiError) {
	g := s.guilds[q.params["guild_id"]]
	switch {
	case g == nil || g.gone:
		return 0, nil, errUnknownGuild
	case !g.installed:
		return 0, nil, errNoAccess
	}
	return http.StatusOK, g.json(), nil
}

// postMessage sends a message of the bot to a channel.
func (s *Server) postMessage(q *request) (int, any, *apiError) {
	c, err := s.botChannel(q)
	if err == nil {
		err = s.mayPost(c)
	}
	if err != nil {
		return 0, nil, err
	}
	nonce := nonceOf(q)
	enforced, _ := q.body["enforce_nonce"].(bool)
	if enforced && nonce != "" {
		if seen, ok := s.nonces[c.ID+"|"+nonce]; ok && q.now.Sub(seen.at) < nonceRemembered {
			return http.StatusOK, s.messageJSON(seen.m, true), nil
		}
	}
	m := &message{channel: c, author: s.bot}
	if err := s.refer(m, q); err != nil {
		return 0, nil, err
	}
	if err := s.fill(m, q.body); err != nil {
		return 0, nil, err
	}
	s.post(m)
	if enforced && nonce != "" {
		s.nonces[c.ID+"|"+nonce] = nonceSeen{m, q.now}
	}
	out := s.messageJSON(m, true)
	if nonce != "" {
		out["nonce"] = nonce
	}
	return http.StatusOK, out, nil
}

func nonceOf(q *request) string {
	switch v := q.body["nonce"].(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

// refer makes a message the reply that its body asks for.
func (s *Server) refer(m *message, q *request) *apiError {
	ref, ok := q.body["message_reference"].(map[string]any)
	if !ok {
		return nil
	}
	id, _ := ref["message_id"].(string)
	if m.channel.permissionsOf(s.bot)&PermReadHistory == 0 {
		return errNoHistory
	}
	target := s.messages[id]
	if target == nil || target.deleted || target.channel != m.channel || target.onlyFor != nil {
		if must, given := ref["fail_if_not_exists"].(bool); given && !must {
			return nil
		}
		return invalid("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
	}
	m.kind, m.ref, m.refID = kindMessageReply, target, id
	return nil
}

// channelMessage finds the message of a route; ephemeral ones are unknown there.
func (s *Server) channelMessage(q *request) (*message, *apiError) {
	c, err := s.botChannel(q)
	if err != nil {
		return nil, err
	}
	m := s.messages[q.params["message_id"]]
	if m == nil || m.deleted || m.channel != c || m.onlyFor != nil {
		return nil, errUnknownMessage
	}
	return m, nil
}

func (s *Server) getMessage(q *request) (int, any, *apiError) {
	m, err := s.channelMessage(q)
	if err != nil {
		return 0, nil, err
	}
	if m.channel.permissionsOf(s.bot)&PermReadHistory == 0 {
		return 0, nil, errNoPermission
	}
	return http.StatusOK, s.messageJSON(m, s.readable(m, s.gw.contentIntent())), nil
}

func (s *Server) patchMessage(q *request) (int, any, *apiError) {
	m, err := s.channelMessage(q)
	if err != nil {
		return 0, nil, err
	}
	if m.author != s.bot {
		return 0, nil, errOthersMessage
	}
	if m.channel.isThread() && m.channel.archived {
		return 0, nil, errArchived
	}
	if err := s.edit(m, q.body, q); err != nil {
		return 0, nil, err
	}
	return http.StatusOK, s.messageJSON(m, true), nil
}

func (s *Server) deleteMessage(q *request) (int, any, *apiError) {
	m, err := s.channelMessage(q)
	if err != nil {
		return 0, nil, err
	}
	if m.author != s.bot && m.channel.permissionsOf(s.bot)&PermManageMessages == 0 {
		return 0, nil, errNoPermission
	}
	s.remove(m)
	return http.StatusNoContent, nil, nil
}

// listMessages gives the newest messages first, at most limit (50).
func (s *Server) listMessages(q *request) (int, any, *apiError) {
	c, err := s.botChannel(q)
	if err != nil {
		return 0, nil, err
	}
	limit := 50
	if n, err := strconv.Atoi(q.URL.Query().Get("limit")); err == nil && n >= 1 && n <= 100 {
		limit = n
	}
	out := []any{}
	if c.permissionsOf(s.bot)&PermReadHistory == 0 {
		return http.StatusOK, out, nil
	}
	before := q.URL.Query().Get("before")
	for _, m := range slices.Backward(c.messages) {
		if m.deleted || m.onlyFor != nil || before != "" && !olderID(m.id, before) {
			continue
		}
		if out = append(out, s.messageJSON(m, s.readable(m, s.gw.contentIntent()))); len(out) == limit {
			break
		}
	}
	return http.StatusOK, out, nil
}

func olderID(a, b string) bool { return len(a) < len(b) || len(a) == len(b) && a < b }

func (s *Server) postTyping(q *request) (int, any, *apiError) {
	c, err := s.botChannel(q)
	if err == nil {
		err = s.mayPost(c)
	}
	if err != nil {
		return 0, nil, err
	}
	c.typing++
	return http.StatusNoContent, nil, nil
}

// postThread opens a thread from a message.
func (s *Server) postThread(q *request) (int, any, *apiError) {
	c, err := s.botChannel(q)
	if err != nil {
		return 0, nil, err
	}
	if c.kind != kindText {
		return 0, nil, errWrongKind
	}
	m, err := s.channelMessage(q)
	if err != nil {
		return 0, nil, err
	}
	if c.permissionsOf(s.bot)&PermCreateThreads == 0 {
		return 0, nil, errNoPermission
	}
	if m.thread != nil {
		return 0, nil, errHasThread
	}
	name, _ := q.body["name"].(string)
	thread := s.openThread(m, name)
	return http.StatusCreated, thread.json(), nil
}

// openThread makes the thread of a message, with the message's ID. s.mu is held.
func (s *Server) openThread(m *message, name string) *Channel {
	t := &Channel{ID: m.id, Name: name, s: s, kind: kindThread, guild: m.channel.guild, parent: m.channel}
	s.channels[t.ID] = t
	t.guild.channels = append(t.guild.channels, t)
	m.thread = t
	m.flags |= flagThread
	if t.botSees() {
		s.gw.dispatch("THREAD_CREATE", t, intentGuilds, t.json())
	}
	return t
}

// postDM opens the direct messages with a user.
func (s *Server) postDM(q *request) (int, any, *apiError) {
	id, _ := q.body["recipient_id"].(string)
	u := s.users[id]
	if u == nil {
		return 0, nil, errUnknownUser
	}
	if u.bot {
		return 0, nil, errDMClosed
	}
	return http.StatusOK, s.dm(u).json(), nil
}
