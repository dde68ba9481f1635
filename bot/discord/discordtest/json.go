package discordtest

import (
	"strconv"
	"time"
)

// The JSON of Discord's objects, as far as bots look at it.

func (u *User) json() map[string]any {
	m := map[string]any{"id": u.ID, "username": u.Name, "discriminator": "0", "global_name": u.Name, "avatar": nil, "public_flags": 0}
	if u.bot {
		m["bot"] = true
		m["global_name"] = nil
	}
	return m
}

func (m *member) json(withUser bool) map[string]any {
	roles := make([]string, 0, len(m.roles))
	for _, r := range m.roles {
		roles = append(roles, r.ID)
	}
	out := map[string]any{
		"roles": roles, "nick": nil, "avatar": nil, "joined_at": "2024-01-01T00:00:00.000000+00:00", "deaf": false, "mute": false, "flags": 0, "pending": false,
	}
	if withUser {
		out["user"] = m.user.json()
	}
	return out
}

func (r *Role) json() map[string]any {
	return map[string]any{"id": r.ID, "name": r.Name, "permissions": bits(r.perms), "position": 1, "color": 0, "hoist": false, "managed": false, "mentionable": false, "flags": 0}
}

func bits(n int64) string { return strconv.FormatInt(n, 10) }

func (c *Channel) json() map[string]any {
	m := map[string]any{"id": c.ID, "type": c.kind, "flags": 0}
	if c.guild != nil {
		m["guild_id"], m["name"], m["nsfw"] = c.guild.ID, c.Name, false
	}
	if c.parent != nil {
		m["parent_id"] = c.parent.ID
	}
	if c.isThread() {
		m["thread_metadata"] = map[string]any{"archived": c.archived, "locked": c.locked, "auto_archive_duration": 1440, "archive_timestamp": stamp(SnowflakeTime(c.ID))}
	}
	if c.kind == kindDM || c.kind == kindGroup {
		people := []any{}
		for _, u := range c.people {
			if !u.bot {
				people = append(people, u.json())
			}
		}
		m["recipients"] = people
	}
	return m
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000-07:00") }

// messageJSON is a message as the REST API or an event gives it; unreadable
// ones have their contents taken out. s.mu is held.
func (s *Server) messageJSON(m *message, readable bool) map[string]any {
	out := map[string]any{
		"id": m.id, "channel_id": m.channel.ID, "type": m.kind, "author": m.author.json(), "timestamp": stamp(m.created), "edited_timestamp": nil,
		"tts": false, "mention_everyone": false, "mention_roles": []any{}, "pinned": false, "flags": m.flags,
		"content": "", "embeds": []any{}, "attachments": []any{}, "components": []any{},
	}
	if readable {
		out["content"] = m.content
		for key, l := range map[string][]any{"embeds": m.embeds, "attachments": m.attachments, "components": m.components} {
			if l != nil {
				out[key] = l
			}
		}
	}
	mentions := []any{}
	for _, u := range m.mentions {
		mentions = append(mentions, u.json())
	}
	out["mentions"] = mentions
	if !m.edited.IsZero() {
		out["edited_timestamp"] = stamp(m.edited)
	}
	if m.inter != nil {
		s.answerJSON(out, m)
	}
	if m.refID != "" {
		ref := map[string]any{"type": 0, "message_id": m.refID, "channel_id": m.channel.ID}
		if m.channel.guild != nil {
			ref["guild_id"] = m.channel.guild.ID
		}
		out["message_reference"] = ref
	}
	if m.thread != nil {
		out["thread"] = m.thread.json()
	}
	return out
}

// answerJSON adds what messages have that answer an interaction.
func (s *Server) answerJSON(out map[string]any, m *message) {
	out["application_id"] = s.appID
	out["webhook_id"] = s.appID
	meta := map[string]any{"id": m.inter.id, "type": m.inter.kind, "user": m.inter.user.json(), "authorizing_integration_owners": m.inter.owners(s)}
	if m.inter.source != nil {
		meta["interacted_message_id"] = m.inter.source.id
	}
	out["interaction_metadata"] = meta
	if m.inter.kind == interCommand {
		out["interaction"] = map[string]any{"id": m.inter.id, "type": m.inter.kind, "name": m.inter.name, "user": m.inter.user.json()}
	}
}

// owners says by whom the app was installed.
func (in *interaction) owners(_ *Server) map[string]string {
	o := map[string]string{}
	if in.guild != nil && in.guild.installed {
		o["0"] = in.guild.ID
	}
	if in.channel.isBotDM() {
		o["0"] = "0"
	}
	if in.userOnly || in.user.app {
		o["1"] = in.user.ID
	}
	return o
}

// eventJSON is a message as MESSAGE_CREATE and MESSAGE_UPDATE give it. s.mu is held.
func (s *Server) eventJSON(m *message, intents int) map[string]any {
	out := s.messageJSON(m, s.readable(m, intents))
	if g := m.channel.guild; g != nil {
		out["guild_id"] = g.ID
		if mem := g.members[m.author.ID]; mem != nil && !m.viaToken {
			out["member"] = mem.json(false)
		}
	}
	switch {
	case m.ref != nil && m.ref.deleted:
		out["referenced_message"] = nil
	case m.ref != nil && m.ref.onlyFor == nil:
		out["referenced_message"] = s.messageJSON(m.ref, s.readable(m.ref, intents))
	case m.refGone:
		out["referenced_message"] = nil
	}
	return out
}

func (g *Guild) json() map[string]any {
	channels, threads, roles, members := []any{}, []any{}, []any{g.everyone.json()}, []any{}
	for _, c := range g.channels {
		switch {
		case c.deleted || !c.botSees():
		case c.isThread():
			threads = append(threads, c.json())
		default:
			channels = append(channels, c.json())
		}
	}
	for _, r := range g.roles {
		roles = append(roles, r.json())
	}
	if me := g.members[g.s.bot.ID]; me != nil {
		members = append(members, me.json(true))
	}
	return map[string]any{
		"id": g.ID, "name": g.Name, "owner_id": g.s.bot.ID, "preferred_locale": g.locale, "unavailable": false, "member_count": len(g.members), "large": false,
		"channels": channels, "threads": threads, "roles": roles, "members": members, "emojis": []any{}, "stickers": []any{}, "features": []any{},
		"joined_at": "2024-01-01T00:00:00.000000+00:00",
	}
}
