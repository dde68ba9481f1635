package discordtest

import "slices"

// User returns the user of that name, made when there is none.
func (s *Server) User(name string) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, u := range s.users {
		if u.Name == name && !u.bot {
			return u
		}
	}
	u := &User{ID: s.oldID(), Name: name, s: s, locale: "en-US"}
	s.users[u.ID] = u
	return u
}

// SetLocale sets the language of a user's client: "de", "en-US" (the default).
func (u *User) SetLocale(locale string) *User {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.locale = locale
	return u
}

// CloseDM makes the user refuse direct messages, or take them again.
func (u *User) CloseDM(closed bool) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.dmClosed = closed
}

// InstallApp installs the application for the user, who can then use its
// commands wherever he is.
func (u *User) InstallApp() *User {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.app = true
	return u
}

// DMs is the channel of direct messages between the user and the bot.
func (u *User) DMs() *Channel {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.s.dm(u)
}

// dm opens the direct messages with the bot. s.mu is held.
func (s *Server) dm(u *User) *Channel {
	if u.dm == nil {
		u.dm = &Channel{ID: s.newID(), s: s, kind: kindDM, people: []*User{u, s.bot}}
		s.channels[u.dm.ID] = u.dm
	}
	return u.dm
}

// Private is a channel of direct messages between users, without the bot.
func (u *User) Private(other *User) *Channel {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	for _, c := range u.s.channels {
		if c.kind == kindDM && slices.Contains(c.people, u) && slices.Contains(c.people, other) {
			return c
		}
	}
	c := &Channel{ID: u.s.newID(), s: u.s, kind: kindDM, people: []*User{u, other}}
	u.s.channels[c.ID] = c
	return c
}

func (c *Channel) isBotDM() bool { return c.kind == kindDM && slices.Contains(c.people, c.s.bot) }

// Guild returns the guild of that name, made when there is none, with the bot
// as a member that has the permissions it asks for by the invite link: view,
// send, also in threads, embed, attach, history, threads.
func (s *Server) Guild(name string) *Guild { return s.guild(name, true) }

// ForeignGuild returns a guild in which the bot is not; users who installed the
// app for themselves can use it there.
func (s *Server) ForeignGuild(name string) *Guild { return s.guild(name, false) }

const permBot = PermViewChannel | PermSendMessages | PermSendInThreads | PermEmbedLinks | PermAttachFiles | PermReadHistory | PermCreateThreads

func (s *Server) guild(name string, installed bool) *Guild {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.guilds {
		if g.Name == name {
			return g
		}
	}
	g := &Guild{ID: s.oldID(), Name: name, s: s, locale: "en-US", installed: installed, members: map[string]*member{}}
	g.everyone = &Role{ID: g.ID, Name: "@everyone", perms: permEveryone}
	s.guilds[g.ID] = g
	s.roles[g.ID] = g.everyone
	if installed {
		g.members[s.bot.ID] = &member{user: s.bot, perms: permBot}
		s.gw.dispatchGuild("GUILD_CREATE", g, intentGuilds, g.json())
	}
	return g
}

// SetLocale sets the guild's language; "en-US" is the default.
func (g *Guild) SetLocale(locale string) *Guild {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.locale = locale
	return g
}

// Channel returns the text channel of that name, made when there is none.
func (g *Guild) Channel(name string) *Channel {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	for _, c := range g.channels {
		if c.Name == name && !c.deleted && c.kind == kindText {
			return c
		}
	}
	c := &Channel{ID: g.s.oldID(), Name: name, s: g.s, kind: kindText, guild: g, deny: map[string]int64{}, allow: map[string]int64{}}
	g.channels = append(g.channels, c)
	g.s.channels[c.ID] = c
	if g.installed {
		g.s.gw.dispatchGuild("CHANNEL_CREATE", g, intentGuilds, c.json())
	}
	return c
}

// Role returns the role of that name, made with these permissions when there
// is none.
func (g *Guild) Role(name string, perms int64) *Role {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	for _, r := range g.roles {
		if r.Name == name {
			return r
		}
	}
	r := &Role{ID: g.s.oldID(), Name: name, perms: perms}
	g.roles = append(g.roles, r)
	g.s.roles[r.ID] = r
	return r
}

// SetBot sets the bot's permissions in the guild, beside those of everyone.
func (g *Guild) SetBot(perms int64) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	if m := g.members[g.s.bot.ID]; m != nil {
		m.perms = perms
	}
}

// SetEveryone sets what every member may do.
func (g *Guild) SetEveryone(perms int64) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.everyone.perms = perms
}

// Member makes the user a member with these permissions, beside those of
// everyone and of the roles, and replaces what he had.
func (g *Guild) Member(u *User, perms int64, roles ...*Role) *User {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.members[u.ID] = &member{user: u, perms: perms, roles: roles}
	return u
}

// Leave takes the bot out of the guild.
func (g *Guild) Leave() {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.s.gw.dispatchGuild("GUILD_DELETE", g, intentGuilds, map[string]any{"id": g.ID})
	g.installed = false
	delete(g.members, g.s.bot.ID)
}

// Outage makes the guild unavailable, as an outage of Discord does.
func (g *Guild) Outage() {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.s.gw.dispatchGuild("GUILD_DELETE", g, intentGuilds, map[string]any{"id": g.ID, "unavailable": true})
}

// Deny takes permissions in the channel from a *User, *Role or *Guild (everyone).
func (c *Channel) Deny(who any, perms int64) *Channel {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	id := overwriteID(who)
	c.deny[id] |= perms
	c.allow[id] &^= perms
	return c
}

// Allow gives permissions in the channel to a *User, *Role or *Guild (everyone).
func (c *Channel) Allow(who any, perms int64) *Channel {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	id := overwriteID(who)
	c.allow[id] |= perms
	c.deny[id] &^= perms
	return c
}

func overwriteID(who any) string {
	switch w := who.(type) {
	case *User:
		return w.ID
	case *Role:
		return w.ID
	case *Guild:
		return w.ID
	}
	panic("discordtest: permissions belong to a *User, *Role or *Guild")
}

// Archive archives a thread; locked ones only a moderator opens again.
func (c *Channel) Archive(locked bool) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.archived, c.locked = true, locked
}

// Delete deletes the channel.
func (c *Channel) Delete() {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	event := "CHANNEL_DELETE"
	if c.isThread() {
		event = "THREAD_DELETE"
	}
	if c.guild != nil && c.guild.installed {
		c.s.gw.dispatchGuild(event, c.guild, intentGuilds, c.json())
	}
	c.deleted = true
}

// Typings counts how often the bot showed that it types.
func (c *Channel) Typings() int {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.typing
}

// Guild is the channel's guild, nil of direct messages.
func (c *Channel) Guild() *Guild { return c.guild }

// Messages are the channel's messages as everybody sees them, oldest first.
func (c *Channel) Messages() []*Message { return c.seenBy(nil) }

// SeenBy are the channel's messages as a user sees them, oldest first.
func (c *Channel) SeenBy(u *User) []*Message { return c.seenBy(u) }

func (c *Channel) seenBy(u *User) []*Message {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	var out []*Message
	for _, m := range c.messages {
		if !m.deleted && (m.onlyFor == nil || m.onlyFor == u) {
			out = append(out, m.snapshot())
		}
	}
	return out
}

// BotMessages are those of Messages that the bot sent.
func (c *Channel) BotMessages() []*Message {
	return slices.DeleteFunc(c.Messages(), func(m *Message) bool { return m.Author != c.s.bot.ID })
}

// WaitMessage waits for a message of the bot's that everybody sees and that
// contains the text.
func (c *Channel) WaitMessage(text string) *Message {
	c.s.t.Helper()
	var found *Message
	ok := c.s.await(func() bool {
		for _, m := range c.messages {
			if m.author == c.s.bot && !m.deleted && m.onlyFor == nil && m.flags&flagLoading == 0 && contains(textOf(m), text) {
				found = m.snapshot()
				return true
			}
		}
		return false
	})
	if !ok {
		c.s.t.Fatalf("discordtest: no message of the bot with %q in #%s within %v", text, c.Name, c.s.o.Wait)
	}
	return found
}
