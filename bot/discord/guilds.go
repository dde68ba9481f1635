package discord

import (
	"maps"
	"strconv"
	"sync"

	"verbatim/bot/discord/wire"
)

// Permissions that matter here, as bits
// [https://docs.discord.com/developers/topics/permissions, read 2026-08-06].
const (
	permissionAdministrator   = 1 << 3
	permissionManageServer    = 1 << 5
	permissionViewChannel     = 1 << 10
	permissionSend            = 1 << 11
	permissionReadHistory     = 1 << 16
	permissionPublicThreads   = 1 << 35
	permissionSendInThreads   = 1 << 38
	neededPermissions         = permissionViewChannel | permissionSend | permissionReadHistory | permissionPublicThreads | permissionSendInThreads
	permissionsWithoutThreads = permissionViewChannel | permissionSend
	permissionsWithinThreads  = permissionViewChannel | permissionSendInThreads
)

// bits reads a permission set; none when it is not a number.
func bits(decimal string) uint64 {
	n, _ := strconv.ParseUint(decimal, 10, 64)
	return n
}

// guilds knows the servers that the bot is in, with what is needed to tell who
// manages them: events of messages, unlike interactions, do not say. Safe for
// concurrent use.
type guilds struct {
	mutex   sync.RWMutex
	known   map[string]*guild
	threads map[string]thread // by channel ID
}

// guild is one server. roles are the permissions of each role; that of
// everybody has the server's own ID.
type guild struct {
	owner  string
	locale string
	roles  map[string]uint64
}

// thread is an active thread with the channel that it hangs on.
type thread struct{ guild, parent string }

func newGuilds() *guilds { return &guilds{known: map[string]*guild{}, threads: map[string]thread{}} }

// created takes in GUILD_CREATE and GUILD_UPDATE.
func (g *guilds) created(w *wire.Guild) {
	entry := &guild{owner: w.OwnerID, locale: w.Locale, roles: make(map[string]uint64, len(w.Roles))}
	for _, role := range w.Roles {
		entry.roles[role.ID] = bits(role.Permissions)
	}
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if old := g.known[w.ID]; old != nil && len(w.Roles) == 0 {
		entry.roles = old.roles
	}
	g.known[w.ID] = entry
	for i := range w.Threads {
		g.threads[w.Threads[i].ID] = thread{w.ID, w.Threads[i].ParentID}
	}
}

// threadCreated takes in a thread.
func (g *guilds) threadCreated(c *wire.Channel) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if c.Metadata.Archived { // it comes back by an update
		delete(g.threads, c.ID)
		return
	}
	g.threads[c.ID] = thread{c.GuildID, c.ParentID}
}

// threadDeleted takes in that a thread is gone.
func (g *guilds) threadDeleted(c *wire.Channel) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	delete(g.threads, c.ID)
}

// parent is the channel that a thread hangs on, "" for what is no thread.
func (g *guilds) parent(channel string) string {
	g.mutex.RLock()
	defer g.mutex.RUnlock()
	return g.threads[channel].parent
}

// locale is the language that a server has chosen, "" when unknown.
func (g *guilds) locale(id string) string {
	g.mutex.RLock()
	defer g.mutex.RUnlock()
	if entry := g.known[id]; entry != nil {
		return entry.locale
	}
	return ""
}

// deleted takes in GUILD_DELETE: the bot was removed, or, unavailable, the
// server is out of reach for a while.
func (g *guilds) deleted(w *wire.Guild) {
	if w.Unavailable {
		return
	}
	g.mutex.Lock()
	defer g.mutex.Unlock()
	delete(g.known, w.ID)
	maps.DeleteFunc(g.threads, func(_ string, t thread) bool { return t.guild == w.ID })
}

// role takes in a role that was made, changed or, without permissions,
// deleted.
func (g *guilds) role(guildID, roleID, permissions string) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	old := g.known[guildID]
	if old == nil {
		return
	}
	entry := &guild{owner: old.owner, locale: old.locale, roles: make(map[string]uint64, len(old.roles)+1)}
	for id, set := range old.roles {
		entry.roles[id] = set
	}
	delete(entry.roles, roleID)
	if permissions != "" {
		entry.roles[roleID] = bits(permissions)
	}
	g.known[guildID] = entry
}

// has reports whether the bot is in the server.
func (g *guilds) has(id string) bool {
	g.mutex.RLock()
	defer g.mutex.RUnlock()
	return g.known[id] != nil
}

// permissions are those of a member of the server by his roles, channels'
// overrides left aside; all for its owner.
func (g *guilds) permissions(guildID, user string, roles []string) uint64 {
	g.mutex.RLock()
	defer g.mutex.RUnlock()
	entry := g.known[guildID]
	if entry == nil {
		return 0
	}
	if entry.owner != "" && entry.owner == user {
		return ^uint64(0)
	}
	set := entry.roles[guildID]
	for _, role := range roles {
		set |= entry.roles[role]
	}
	if set&permissionAdministrator != 0 {
		return ^uint64(0)
	}
	return set
}
