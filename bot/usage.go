package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"verbatim/retrieval"
)

// usageScope is where the counts of all direct messages are kept together.
const usageScope = retrieval.Scope("dm")

// usageState counts the questions of today. Of past days it keeps nothing but
// the moments from which a cooldown may still run.
type usageState struct {
	flushing sync.Mutex // held while flushing, so that no count is written over by an older one
	mutex    sync.Mutex
	day      string // 2006-01-02, UTC
	scopes   map[retrieval.Scope]*scopeUsage
}

// scopeUsage is one server, or all direct messages.
type scopeUsage struct {
	server int
	users  map[string]*userUsage
	// used is what calls to the language model have used, reserved what those
	// under way may use.
	used, reserved modelUse
	dirty          bool // changed since it was written
}

// userUsage is one user in one scope.
type userUsage struct {
	Count int `json:"n"`
	// Last is the moment of the last question, in ms since 1970.
	Last int64 `json:"last"`
}

// dayUsage is what is written: numbers, and no questions. Records of versions
// that knew no language model have neither tokens nor cost.
type dayUsage struct {
	Server int                   `json:"server"`
	Users  map[string]*userUsage `json:"users"`
	modelUse
}

// Admit counts a question against the daily limits and the cooldown: nil, or a
// *Denied that says how long to wait, and then nothing is counted. It reads
// memory alone; FlushUsage writes. Administrators are counted like all others.
// Days are in UTC, and end for all at once.
func (b *Bot) Admit(a Asker, now time.Time) error {
	now = now.UTC()
	settings, scope := b.Settings(a.Scope), a.Scope
	if scope == "" {
		settings, scope = DefaultSettings(), usageScope
		settings.ServerPerDay = 0 // there is no server to count for
	}
	u := &b.state.usage
	u.mutex.Lock()
	defer u.mutex.Unlock()
	u.turn(now)
	in := u.in(scope)
	user := in.users[a.User]
	if user == nil {
		user = &userUsage{}
	}
	if err := settings.admits(in, user, now); err != nil {
		return err
	}
	in.users[a.User] = user
	user.Count++
	user.Last = now.UnixMilli()
	in.server++
	in.dirty = true
	return nil
}

// admits returns the *Denied with the longest wait.
func (s *Settings) admits(in *scopeUsage, user *userUsage, now time.Time) error {
	year, month, day := now.Date()
	midnight := time.Date(year, month, day+1, 0, 0, 0, 0, time.UTC)
	if s.UserPerDay > 0 && user.Count >= s.UserPerDay {
		return &Denied{Kind: DeniedUserDay, Wait: midnight.Sub(now), Limit: s.UserPerDay}
	}
	if s.ServerPerDay > 0 && in.server >= s.ServerPerDay {
		return &Denied{Kind: DeniedServerDay, Wait: midnight.Sub(now), Limit: s.ServerPerDay}
	}
	cooldown := time.Duration(s.CooldownSeconds) * time.Second
	left := cooldown - now.Sub(time.UnixMilli(user.Last))
	if user.Last != 0 && left > 0 {
		// A clock that was set back must not lock anybody out.
		return &Denied{Kind: DeniedCooldown, Wait: min(left, cooldown), Limit: s.CooldownSeconds}
	}
	return nil
}

// turn begins a new day when it has come: counts go, and with them everybody
// whose cooldown cannot run any more.
func (u *usageState) turn(now time.Time) {
	day := now.Format(time.DateOnly)
	if day <= u.day { // a clock that was set back over midnight changes nothing
		return
	}
	u.day = day
	oldest := now.Add(-MaxCooldown * time.Second).UnixMilli()
	for scope, in := range u.scopes {
		in.server, in.used, in.dirty = 0, modelUse{}, false
		for name, user := range in.users {
			if user.Count = 0; user.Last < oldest {
				delete(in.users, name)
			}
		}
		if len(in.users) == 0 && in.reserved == (modelUse{}) {
			delete(u.scopes, scope)
		}
	}
}

func (u *usageState) in(scope retrieval.Scope) *scopeUsage {
	in := u.scopes[scope]
	if in == nil {
		if u.scopes == nil {
			u.scopes = map[retrieval.Scope]*scopeUsage{}
		}
		in = &scopeUsage{users: map[string]*userUsage{}}
		u.scopes[scope] = in
	}
	return in
}

// FlushUsage writes the counts that have changed, so that they survive a
// restart; call it every few seconds and at the end. What cannot be written is
// tried again by the next call.
func (b *Bot) FlushUsage(ctx context.Context) error {
	if b.records == nil {
		return ErrNoStore
	}
	u := &b.state.usage
	u.flushing.Lock()
	defer u.flushing.Unlock()
	day, changed := u.changed()
	if len(changed) == 0 {
		return nil
	}
	date, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return fmt.Errorf("flush usage: %w", err)
	}
	var problems []error
	for scope, usage := range changed {
		// The last cooldowns of the day end an hour after it.
		r := retrieval.Record{Scope: scope, Kind: kindUsage, Key: day, Created: date, Expires: date.Add(24*time.Hour + MaxCooldown*time.Second)}
		if err := b.put(ctx, r, usage); err != nil {
			problems = append(problems, err)
			u.remark(day, scope)
		}
	}
	if err := errors.Join(problems...); err != nil {
		return fmt.Errorf("flush usage: %w", err)
	}
	return nil
}

// changed copies the counts that are not written yet, and takes them for
// written.
func (u *usageState) changed() (day string, changed map[retrieval.Scope]dayUsage) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	changed = map[retrieval.Scope]dayUsage{}
	for scope, in := range u.scopes {
		if !in.dirty {
			continue
		}
		in.dirty = false
		usage := dayUsage{Server: in.server, modelUse: in.used, Users: make(map[string]*userUsage, len(in.users))}
		for name, user := range in.users {
			copied := *user
			usage.Users[name] = &copied
		}
		changed[scope] = usage
	}
	return u.day, changed
}

// remark takes a scope's counts for unwritten again.
func (u *usageState) remark(day string, scope retrieval.Scope) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	if in := u.scopes[scope]; in != nil && u.day == day {
		in.dirty = true
	}
}

// LoadUsage reads the counts of the day, and cooldowns that still run; call it
// at the start.
func (b *Bot) LoadUsage(ctx context.Context, now time.Time) error {
	if b.records == nil {
		return ErrNoStore
	}
	records, err := b.records.RecordsOf(ctx, "", kindUsage, 0)
	if err != nil {
		return fmt.Errorf("load usage: %w", err)
	}
	now = now.UTC()
	u := &b.state.usage
	u.mutex.Lock()
	defer u.mutex.Unlock()
	u.turn(now)
	oldest := now.Add(-MaxCooldown * time.Second).UnixMilli()
	for i := range records {
		usage, err := decode[dayUsage](&records[i])
		if err != nil {
			return fmt.Errorf("load usage: %w", err)
		}
		today := records[i].Key == u.day
		u.merge(records[i].Scope, usage, today, oldest)
	}
	return nil
}

// merge adds what was written to what has been counted since the start.
func (u *usageState) merge(scope retrieval.Scope, usage *dayUsage, today bool, oldest int64) {
	for name, user := range usage.Users {
		if user == nil || !today && user.Last < oldest {
			continue
		}
		in := u.in(scope)
		known := cmp.Or(in.users[name], &userUsage{})
		if known.Last = max(known.Last, user.Last); today {
			known.Count = max(known.Count, user.Count)
		}
		in.users[name] = known
	}
	if today {
		in := u.in(scope)
		in.server = max(in.server, usage.Server)
		in.used.Tokens, in.used.Cost = max(in.used.Tokens, usage.Tokens), max(in.used.Cost, usage.Cost)
	}
}
