package discord

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"verbatim/bot/discord/wire"
)

// handle takes an event from the gateway. It decodes and sorts; whatever takes
// longer runs in a goroutine of its own.
func (a *Adapter) handle(shard int, event string, raw json.RawMessage) {
	switch event {
	case "READY":
		a.ready(shard, raw)
	case "GUILD_CREATE", "GUILD_UPDATE":
		decode(a, event, raw, a.guilds.created)
	case "GUILD_DELETE":
		decode(a, event, raw, a.guilds.deleted)
	case "GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE":
		decode(a, event, raw, func(c *wire.RoleChange) {
			if c.Role != nil {
				a.guilds.role(c.GuildID, c.Role.ID, c.Role.Permissions)
			} else {
				a.guilds.role(c.GuildID, c.RoleID, "")
			}
		})
	case "THREAD_CREATE", "THREAD_UPDATE":
		decode(a, event, raw, a.guilds.threadCreated)
	case "THREAD_DELETE":
		decode(a, event, raw, a.guilds.threadDeleted)
	case "THREAD_LIST_SYNC":
		decode(a, event, raw, func(l *wire.ThreadList) {
			for i := range l.Threads {
				a.guilds.threadCreated(&l.Threads[i])
			}
		})
	case "INTERACTION_CREATE":
		a.interactionCreated(raw)
	case "MESSAGE_CREATE":
		decode(a, event, raw, a.messageCreated)
	}
}

// decode hands a whole event on, or none: one that cannot be decoded is logged
// without its contents.
func decode[T any](a *Adapter, event string, raw json.RawMessage, use func(*T)) {
	v := new(T)
	if err := json.Unmarshal(raw, v); err != nil {
		a.log.Warn("event is not understood", "event", event, "error", err)
		return
	}
	use(v)
}

// ready learns who the bot is. READY comes again with every new session.
func (a *Adapter) ready(shard int, raw json.RawMessage) {
	decode(a, "READY", raw, func(r *wire.Ready) {
		for i := range r.Guilds {
			if !a.guilds.has(r.Guilds[i].ID) {
				a.guilds.created(&r.Guilds[i])
			}
		}
		if a.self.Swap(&r.User) == nil {
			a.options.Notice("Connected as " + r.User.Username + ".")
		}
		a.log.Info("session is ready", "shard", shard, "guilds", len(r.Guilds))
	})
}

// interactionCreated answers an interaction, once. One that cannot be decoded
// is answered all the same if it says to whom.
func (a *Adapter) interactionCreated(raw json.RawMessage) {
	received := a.now()
	i := &wire.Interaction{}
	err := json.Unmarshal(raw, i)
	if err != nil {
		a.log.Warn("interaction is not understood", "error", err)
		var head struct{ ID, Token string }
		if json.Unmarshal(raw, &head) != nil || head.Token == "" {
			return
		}
		i = &wire.Interaction{ID: head.ID, Token: head.Token}
	}
	if i.ID == "" || i.Token == "" {
		return
	}
	if !a.events.put("i"+i.ID, struct{}{}, received) {
		a.stats.Duplicates.Add(1)
		return
	}
	if i.Locale != "" {
		a.locales.put(i.Asker().ID, i.Locale, received)
	}
	r := a.newRequest(i, received)
	a.spawn(func(refused error) {
		// An acknowledgement must not wait for the end of the program.
		ctx, cancel := context.WithTimeout(a.base, tokenLife-time.Minute)
		defer cancel()
		defer r.close()
		defer a.recovered(r.log, func(reference string) { r.fail(ctx, &panicError{reference}) })
		failure := cmp.Or(refused, err)
		if failure == nil {
			failure = a.route(ctx, r)
		}
		if failure != nil {
			r.fail(ctx, failure)
		}
	})
}

// tokenLife is that of an interaction's token [interactions/receiving-and-responding].
const tokenLife = 15 * time.Minute

// spawn runs a job in a goroutine that the end of the program waits for. The
// job is told when it is refused, so that it can say so.
func (a *Adapter) spawn(job func(refused error)) {
	refused := a.begin()
	if refused != nil {
		a.refusals.Add(1)
		go func() {
			defer a.refusals.Done()
			defer a.recovered(a.log, func(string) {})
			job(refused)
		}()
		return
	}
	go func() {
		defer a.end()
		defer a.recovered(a.log, func(string) {})
		job(nil)
	}()
}

// panicError says that a handler panicked; the reference is in the log.
type panicError struct{ reference string }

// Error names the reference.
func (e *panicError) Error() string { return "internal error " + e.reference }

// newReference names an internal error, for the log and for people.
func newReference() string {
	var b [4]byte
	rand.Read(b[:]) // never fails: crypto/rand, Go 1.24
	return hex.EncodeToString(b[:])
}

// recovered ends a panic of the handler that defers it: logged with its stack,
// told with a reference.
func (a *Adapter) recovered(log *slog.Logger, tell func(reference string)) {
	v := recover()
	if v == nil {
		return
	}
	a.stats.Panics.Add(1)
	reference := newReference()
	log.Error("handler panicked", "reference", reference, "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
	tell(reference)
}
