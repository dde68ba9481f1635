package discordtest

// Permission bits [topics/permissions].
const (
	PermCreateInvite    int64 = 1 << 0
	PermAdministrator   int64 = 1 << 3
	PermManageChannels  int64 = 1 << 4
	PermManageGuild     int64 = 1 << 5
	PermAddReactions    int64 = 1 << 6
	PermViewChannel     int64 = 1 << 10
	PermSendMessages    int64 = 1 << 11
	PermManageMessages  int64 = 1 << 13
	PermEmbedLinks      int64 = 1 << 14
	PermAttachFiles     int64 = 1 << 15
	PermReadHistory     int64 = 1 << 16
	PermMentionEveryone int64 = 1 << 17
	PermUseCommands     int64 = 1 << 31
	PermManageThreads   int64 = 1 << 34
	PermCreateThreads   int64 = 1 << 35
	PermSendInThreads   int64 = 1 << 38
	PermUseExternalApps int64 = 1 << 50
	permAll             int64 = 1<<53 - 1
	permEveryone              = PermCreateInvite | PermAddReactions | PermViewChannel | PermSendMessages | PermEmbedLinks | PermAttachFiles | PermReadHistory | PermUseCommands | PermCreateThreads | PermSendInThreads | PermUseExternalApps
	permDM                    = PermAddReactions | PermViewChannel | PermSendMessages | PermEmbedLinks | PermAttachFiles | PermReadHistory | PermMentionEveryone | PermUseCommands | PermUseExternalApps
)

// permissionsOf computes what a user may do in a channel
// [topics/permissions: Permission Overwrites]. s.mu is held.
func (c *Channel) permissionsOf(u *User) int64 {
	if c.guild == nil {
		return permDM
	}
	if c.parent != nil {
		return c.parent.permissionsOf(u)
	}
	m := c.guild.members[u.ID]
	if m == nil {
		return 0
	}
	perms := c.guild.permissionsOf(m)
	if perms&PermAdministrator != 0 {
		return permAll
	}
	perms = perms&^c.deny[c.guild.ID] | c.allow[c.guild.ID]
	var deny, allow int64
	for _, r := range m.roles {
		deny |= c.deny[r.ID]
		allow |= c.allow[r.ID]
	}
	perms = perms&^deny | allow
	perms = perms&^c.deny[u.ID] | c.allow[u.ID]
	if perms&PermViewChannel == 0 {
		return 0
	}
	return perms
}

func (g *Guild) permissionsOf(m *member) int64 {
	perms := g.everyone.perms | m.perms
	for _, r := range m.roles {
		perms |= r.perms
	}
	return perms
}

// sees reports whether a user sees the channel at all. s.mu is held.
func (c *Channel) sees(u *User) bool {
	if c.guild == nil {
		for _, p := range c.people {
			if p == u {
				return true
			}
		}
		return false
	}
	return c.permissionsOf(u)&PermViewChannel != 0
}
