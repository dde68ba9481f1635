package bot

import (
	"fmt"
	"slices"
	"time"

	"verbatim/retrieval"
)

// Asker is who wants something, and where.
type Asker struct {
	// User is the user's ID.
	User string
	// Scope is the server's, "" outside of one.
	Scope retrieval.Scope
	// Roles are the user's roles in the server.
	Roles []string
	// ManageServer and Administrator are permissions in the server.
	ManageServer  bool
	Administrator bool
}

// DeniedKind says what is denied.
type DeniedKind int

// What may be denied.
const (
	DeniedAsk       DeniedKind = iota + 1 // none of the user's roles may ask
	DeniedManage                          // he may not add, remove or pin
	DeniedSettings                        // he may not change the settings
	DeniedCooldown                        // he asked just before
	DeniedUserDay                         // he has asked all he may today
	DeniedServerDay                       // all in the server together have
)

// Denied is the error of what a user may not do, or not yet.
type Denied struct {
	Kind DeniedKind
	// Wait is how long until he may, above 0 for the last three kinds.
	Wait time.Duration
	// Limit is the number of questions a day, or the seconds of the cooldown;
	// 0 for the first three kinds.
	Limit int
}

// Error says it for a log; people are told in their language.
func (d *Denied) Error() string {
	switch d.Kind {
	case DeniedAsk:
		return "denied: no role that may ask"
	case DeniedManage:
		return "denied: no role that may change episodes"
	case DeniedSettings:
		return "denied: may not manage the server"
	case DeniedCooldown:
		return fmt.Sprintf("denied: cooldown of %d s, %v left", d.Limit, d.Wait)
	case DeniedUserDay:
		return fmt.Sprintf("denied: %d questions a day for a user, %v left", d.Limit, d.Wait)
	case DeniedServerDay:
		return fmt.Sprintf("denied: %d questions a day for the server, %v left", d.Limit, d.Wait)
	}
	return "denied"
}

// manages reports whether the user may do everything in his server.
func (a *Asker) manages() bool { return a.Scope != "" && (a.ManageServer || a.Administrator) }

// has reports whether the user has one of the roles. The role of everybody has
// the server's own ID, and is not among a member's roles.
func (a *Asker) has(roles []string) bool {
	return slices.ContainsFunc(roles, func(role string) bool { return role == string(a.Scope) || slices.Contains(a.Roles, role) })
}

// MayAsk returns nil, or a *Denied. It reads memory alone. Outside of servers
// everybody may ask.
func (b *Bot) MayAsk(a Asker) error {
	if a.Scope == "" || a.manages() {
		return nil
	}
	if roles := b.Settings(a.Scope).AskRoles; len(roles) > 0 && !a.has(roles) {
		return &Denied{Kind: DeniedAsk}
	}
	return nil
}

// MayManage returns nil for who may add, remove and pin episodes, else a
// *Denied. Outside of servers nobody may.
func (b *Bot) MayManage(a Asker) error {
	if a.manages() || a.Scope != "" && a.has(b.Settings(a.Scope).AddRoles) {
		return nil
	}
	return &Denied{Kind: DeniedManage}
}

// MaySet returns nil for who may change the settings, else a *Denied: it takes
// the permission to manage the server, no role will do.
func (b *Bot) MaySet(a Asker) error {
	if a.manages() {
		return nil
	}
	return &Denied{Kind: DeniedSettings}
}
