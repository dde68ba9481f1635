package discordtest

import (
	"slices"
	"strings"
	"time"
)

// Actor is a user in a channel, who does things there.
type Actor struct {
	s       *Server
	user    *User
	channel *Channel
	force   bool
}

// In puts the user into a channel; he becomes a member of its guild when he is
// none yet.
func (u *User) In(c *Channel) *Actor {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	if c.guild != nil && c.guild.members[u.ID] == nil {
		c.guild.members[u.ID] = &member{user: u}
	}
	return &Actor{s: u.s, user: u, channel: c}
}

// InDM puts the user into his direct messages with the bot.
func (u *User) InDM() *Actor { return u.In(u.DMs()) }

// DM sends the bot a direct message.
func (u *User) DM(text string) *Reply {
	u.s.t.Helper()
	return u.InDM().Say(text)
}

// Force lets the user run commands that he may not by default_member_permissions
// or contexts, as an admin's override or an old client would.
func (a *Actor) Force() *Actor {
	b := *a
	b.force = true
	return &b
}

// User is who acts.
func (a *Actor) User() *User { return a.user }

// Channel is where.
func (a *Actor) Channel() *Channel { return a.channel }

// fatalf ends the test; s.mu may be held with a deferred unlock.
func (a *Actor) fatalf(format string, args ...any) {
	a.s.t.Helper()
	a.s.t.Fatalf("discordtest: %s in #%s: "+format, append([]any{a.user.Name, a.channel.Name}, args...)...)
}

// Say writes a message.
func (a *Actor) Say(text string, files ...*Upload) *Reply {
	a.s.t.Helper()
	return a.write(text, nil, false, files)
}

// Mention writes a message that mentions the bot first.
func (a *Actor) Mention(text string) *Reply {
	a.s.t.Helper()
	return a.write("<@"+a.s.bot.ID+"> "+text, nil, false, nil)
}

// Reply replies to a message, with a ping of its author or without.
func (a *Actor) Reply(to *Message, text string, ping bool) *Reply {
	a.s.t.Helper()
	if to == nil {
		a.fatalf("there is no message to reply to")
	}
	return a.write(text, to.m, ping, nil)
}

func (a *Actor) write(text string, to *message, ping bool, files []*Upload) *Reply {
	a.s.t.Helper()
	s := a.s
	s.mu.Lock()
	defer s.mu.Unlock()
	perms := a.channel.permissionsOf(a.user)
	if a.channel.deleted || !a.channel.sees(a.user) || a.channel.guild != nil && perms&(PermSendMessages|PermSendInThreads) == 0 {
		a.fatalf("may not write there")
	}
	m := &message{channel: a.channel, author: a.user, content: text, mentions: s.mentionsIn(text)}
	if to != nil {
		m.kind, m.ref, m.refID, m.refGone = kindMessageReply, to, to.id, to.deleted
		if ping && !slices.Contains(m.mentions, to.author) {
			m.mentions = append(m.mentions, to.author)
		}
	}
	for _, f := range files {
		m.attachments = append(m.attachments, s.upload(a.channel, f))
	}
	sent := time.Now()
	s.post(m)
	s.notify()
	return &Reply{s: s, actor: a, trigger: m, sent: sent}
}

// Delete deletes a message, as its author or a moderator does.
func (a *Actor) Delete(m *Message) {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	a.s.remove(m.m)
	a.s.notify()
}

// Thread opens a thread from a message.
func (a *Actor) Thread(m *Message, name string) *Channel {
	a.s.t.Helper()
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	if m.m.thread != nil || m.m.channel.kind != kindText {
		a.fatalf("no thread can be opened from this message")
	}
	return a.s.openThread(m.m, name)
}

// newInteraction makes an interaction and its event. s.mu is held.
func (a *Actor) newInteraction(kind int, name string) (*interaction, map[string]any) {
	s, c := a.s, a.channel
	id := s.newID()
	in := &interaction{
		id: id, token: secretFor("interaction", id), kind: kind, name: name, user: a.user, guild: c.guild, channel: c,
		at: s.now(), sent: time.Now(), public: true,
	}
	if c.guild != nil {
		in.member = c.guild.members[a.user.ID]
		in.userOnly = !c.guild.installed
		in.public = c.permissionsOf(a.user)&PermUseExternalApps != 0
	} else {
		in.userOnly = !c.isBotDM()
	}
	if in.userOnly && !a.user.app && !a.force {
		a.fatalf("the app is neither in this place nor installed by the user (User.InstallApp)")
	}
	s.inters[id] = in
	s.interByToken[in.token] = in
	s.interOrder = append(s.interOrder, in)
	return in, a.event(in)
}

// event is the interaction's JSON without its data.
func (a *Actor) event(in *interaction) map[string]any {
	s, c := a.s, a.channel
	out := map[string]any{
		"id": in.id, "application_id": s.appID, "type": in.kind, "token": in.token, "version": 1, "channel_id": c.ID, "locale": a.user.locale,
		"entitlements": []any{}, "authorizing_integration_owners": in.owners(s), "attachment_size_limit": 10 << 20,
	}
	channel := c.json()
	channel["permissions"] = bits(c.permissionsOf(a.user))
	out["channel"] = channel
	switch {
	case c.guild != nil:
		out["guild_id"], out["guild_locale"], out["context"] = c.guild.ID, c.guild.locale, 0
		out["guild"] = map[string]any{"id": c.guild.ID, "locale": c.guild.locale, "features": []any{}}
		m := in.member.json(true)
		m["permissions"] = bits(c.permissionsOf(a.user))
		out["member"] = m
		out["app_permissions"] = bits(PermEmbedLinks | PermAttachFiles | PermMentionEveryone)
		if c.guild.installed {
			out["app_permissions"] = bits(c.permissionsOf(s.bot))
		}
	case c.isBotDM():
		out["user"], out["context"], out["app_permissions"] = a.user.json(), 1, bits(permDM)
	default:
		out["user"], out["context"], out["app_permissions"] = a.user.json(), 2, bits(PermEmbedLinks|PermAttachFiles|PermMentionEveryone)
	}
	return out
}

// start sends the interaction to the bot. s.mu is held.
func (a *Actor) start(in *interaction, event map[string]any) *Reply {
	a.s.gw.dispatch("INTERACTION_CREATE", a.channel, 0, event)
	a.s.notify()
	return &Reply{s: a.s, actor: a, in: in, sent: in.sent}
}

// Press presses a button of a message, found by label, custom_id or emoji.
func (a *Actor) Press(m *Message, what string) *Reply {
	a.s.t.Helper()
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	a.touch(m)
	now := m.m.snapshot()
	b := now.Button(what)
	switch {
	case b == nil:
		a.fatalf("no button %q, only %s", what, labels(now.Buttons()))
	case b.Disabled:
		a.fatalf("the button %q is switched off", what)
	case b.Style == styleLink:
		a.fatalf("the button %q is a link", what)
	}
	return a.component(m.m, b.CustomID, typeButton, b.ID, nil)
}

// PressID sends a press of that custom_id, whether the message has such a
// button or not, as forged and old clients do.
func (a *Actor) PressID(m *Message, customID string) *Reply {
	a.s.t.Helper()
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	return a.component(m.m, customID, typeButton, 1, nil)
}

// touch makes sure that the user sees the message. s.mu is held.
func (a *Actor) touch(m *Message) {
	a.s.t.Helper()
	switch {
	case m == nil:
		a.fatalf("there is no such message")
	case m.m.deleted:
		a.fatalf("the message is deleted")
	case m.m.onlyFor != nil && m.m.onlyFor != a.user:
		a.fatalf("the message is for %s only", m.m.onlyFor.Name)
	case !m.m.channel.sees(a.user):
		a.fatalf("does not see the channel of the message")
	}
}

func labels(buttons []Component) string {
	var out []string
	for _, b := range buttons {
		name := b.Label
		if name == "" && b.Emoji != nil {
			name = b.Emoji.Name
		}
		out = append(out, name+" ("+b.CustomID+b.URL+")")
	}
	return strings.Join(out, ", ")
}

// component sends the interaction of a component. s.mu is held.
func (a *Actor) component(m *message, customID string, kind, id int, values []string) *Reply {
	b := *a
	b.channel = m.channel
	in, event := b.newInteraction(interComponent, customID)
	in.source = m
	data := map[string]any{"custom_id": customID, "component_type": kind, "id": id}
	if values != nil {
		data["values"] = values
		data["resolved"] = a.resolved(kind, values)
	}
	event["data"] = data
	event["message"] = a.s.messageJSON(m, true)
	return b.start(in, event)
}

// Select chooses values in a select menu, found by custom_id or placeholder.
// Values are option values or labels; role IDs in a role select.
func (a *Actor) Select(m *Message, menu string, values ...string) *Reply {
	a.s.t.Helper()
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	a.touch(m)
	now := m.m.snapshot()
	for _, c := range now.Selects() {
		if c.CustomID != menu && c.Placeholder != menu {
			continue
		}
		if c.Disabled {
			a.fatalf("the menu %q is switched off", menu)
		}
		return a.component(m.m, c.CustomID, c.Type, c.ID, a.picked(&c, values))
	}
	a.fatalf("no menu %q", menu)
	return nil
}

// picked checks what was chosen in a menu and turns labels into values.
func (a *Actor) picked(c *Component, values []string) []string {
	a.s.t.Helper()
	low, high := 1, 1
	if c.MinValues != nil {
		low = *c.MinValues
	}
	if c.MaxValues > 0 {
		high = c.MaxValues
	}
	if len(values) < low || len(values) > high {
		a.fatalf("the menu takes %d to %d values, not %d", low, high, len(values))
	}
	out := []string{}
	for _, v := range values {
		if c.Type == typeSelect {
			i := slices.IndexFunc(c.Options, func(o MenuOption) bool { return o.Value == v || o.Label == v })
			if i < 0 {
				a.fatalf("the menu has no option %q", v)
			}
			v = c.Options[i].Value
		}
		out = append(out, v)
	}
	return out
}

// resolved are the roles and users that values name. s.mu is held.
func (a *Actor) resolved(kind int, values []string) map[string]any {
	roles, users := map[string]any{}, map[string]any{}
	for _, v := range values {
		if r := a.s.roles[v]; r != nil && (kind == typeRoleSelect || kind == typeMentionable) {
			roles[v] = r.json()
		}
		if u := a.s.users[v]; u != nil && (kind == typeUserSelect || kind == typeMentionable) {
			users[v] = u.json()
		}
	}
	out := map[string]any{}
	if len(roles) > 0 {
		out["roles"] = roles
	}
	if len(users) > 0 {
		out["users"] = users
	}
	return out
}
