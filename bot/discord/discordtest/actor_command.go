package discordtest

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Given is an option of a command as a user fills it in.
type Given struct {
	name  string
	value any
}

// Opt fills an option in: a string, bool, int, float64, *User, *Role, *Channel
// or *Upload, as the option's type asks for.
func Opt(name string, value any) Given { return Given{name, value} }

// MayUse reports whether the command shows for the user there.
func (a *Actor) MayUse(name string) bool {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	root, _, _ := strings.Cut(name, " ")
	for kind := 1; kind <= 3; kind++ {
		for _, n := range []string{root, name} {
			if c, why := a.usable(kind, n); c != nil && why == "" {
				return true
			}
		}
	}
	return false
}

// usable finds a command and says why the user may not use it. s.mu is held.
func (a *Actor) usable(kind int, name string) (*command, string) {
	scopes := []string{""}
	if a.channel.guild != nil {
		scopes = []string{a.channel.guild.ID, ""}
	}
	for _, scope := range scopes {
		for _, c := range a.s.commands[scope] {
			if c.name == name && c.kind == kind {
				return c, a.refusal(c)
			}
		}
	}
	return nil, "no such command is registered"
}

// refusal says why the user may not use a command there, "" when he may.
func (a *Actor) refusal(c *command) string {
	ch := a.channel
	context, perms := 2, ch.permissionsOf(a.user)
	switch {
	case ch.guild != nil:
		context = 0
	case ch.isBotDM():
		context = 1
	}
	foreign := ch.guild != nil && !ch.guild.installed || context == 2
	switch {
	case ch.deleted || !ch.sees(a.user):
		return "does not see the channel"
	case ch.guild != nil && perms&PermUseCommands == 0:
		return "lacks the permission to use commands"
	case ch.isThread() && ch.archived:
		return "the thread is archived"
	case c.guild == "" && c.contexts != nil && !slices.Contains(c.contexts, context):
		return fmt.Sprintf("the command is not for context %d", context)
	case c.guild == "" && foreign && !slices.Contains(c.integrations, 1):
		return "the command is not for users who installed the app themselves"
	case ch.guild != nil && c.perms == 0 && perms&PermAdministrator == 0, ch.guild != nil && c.perms > 0 && perms&c.perms != c.perms:
		return fmt.Sprintf("lacks the permissions %d of default_member_permissions", c.perms)
	}
	return ""
}

// Slash runs a chat command: "ask", or "transcript add" with its subcommand.
// Commands that are not registered, not for the user, or wrongly filled in end
// the test.
func (a *Actor) Slash(name string, given ...Given) *Reply {
	a.s.t.Helper()
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	in, event := a.chat(interCommand, name, given, "")
	return a.start(in, event)
}

// Autocomplete types into an option and returns what the bot offers; others
// are what is filled in already.
func (a *Actor) Autocomplete(name, option, typed string, others ...Given) []Choice {
	a.s.t.Helper()
	r := a.autocomplete(name, option, typed, others)
	r.WaitAck()
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	return r.in.choices
}

func (a *Actor) autocomplete(name, option, typed string, others []Given) *Reply {
	a.s.t.Helper()
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	in, event := a.chat(interAutocomplete, name, append(slices.Clone(others), Opt(option, typed)), option)
	return a.start(in, event)
}

// MessageCommand runs a command of a message's menu.
func (a *Actor) MessageCommand(name string, m *Message) *Reply {
	a.s.t.Helper()
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	a.touch(m)
	c, why := a.usable(3, name)
	if c == nil || why != "" && !a.force {
		a.fatalf("menu command %q: %s", name, why)
	}
	in, event := a.newInteraction(interCommand, name)
	data := a.commandData(c)
	data["target_id"] = m.ID
	data["resolved"] = map[string]any{"messages": map[string]any{m.ID: a.s.messageJSON(m.m, true)}}
	event["data"] = data
	return a.start(in, event)
}

func (a *Actor) commandData(c *command) map[string]any {
	data := map[string]any{"id": c.id, "name": c.name, "type": c.kind}
	if c.guild != "" {
		data["guild_id"] = c.guild
	}
	return data
}

// chat makes the interaction of a chat command, or of autocomplete when an
// option is focused. s.mu is held.
func (a *Actor) chat(kind int, name string, given []Given, focused string) (*interaction, map[string]any) {
	a.s.t.Helper()
	path := strings.Fields(name)
	if len(path) == 0 {
		a.fatalf("a command needs a name")
	}
	c, why := a.usable(1, path[0])
	if c == nil || why != "" && !a.force {
		a.fatalf("/%s: %s", name, why)
	}
	declared := c.options
	kinds := []int{}
	for _, part := range path[1:] {
		i := slices.IndexFunc(declared, func(o *commandOption) bool { return o.name == part && o.kind <= optGroup })
		if i < 0 {
			a.fatalf("/%s: no subcommand %q", name, part)
		}
		kinds = append(kinds, declared[i].kind)
		declared = declared[i].options
	}
	if slices.ContainsFunc(declared, func(o *commandOption) bool { return o.kind <= optGroup }) {
		a.fatalf("/%s: a subcommand is missing", name)
	}
	resolved := map[string]map[string]any{}
	options := a.fillIn(name, declared, given, focused, resolved)
	for i := len(kinds) - 1; i >= 0; i-- {
		options = []any{map[string]any{"name": path[i+1], "type": kinds[i], "options": options}}
	}
	in, event := a.newInteraction(kind, name)
	data := a.commandData(c)
	if len(options) > 0 {
		data["options"] = options
	}
	if len(resolved) > 0 {
		data["resolved"] = resolved
	}
	event["data"] = data
	return in, event
}

// fillIn checks and encodes what was filled in.
func (a *Actor) fillIn(name string, declared []*commandOption, given []Given, focused string, resolved map[string]map[string]any) []any {
	a.s.t.Helper()
	var out []any
	for _, g := range given {
		i := slices.IndexFunc(declared, func(o *commandOption) bool { return o.name == g.name })
		if i < 0 {
			a.fatalf("/%s: no option %q", name, g.name)
		}
		o := declared[i]
		if g.name == focused {
			if !o.auto {
				a.fatalf("/%s: option %q has no autocomplete", name, g.name)
			}
			out = append(out, map[string]any{"name": g.name, "type": o.kind, "value": g.value, "focused": true})
			continue
		}
		value, why := a.value(o, g.value, resolved)
		if why != "" {
			a.fatalf("/%s: option %q: %s", name, g.name, why)
		}
		out = append(out, map[string]any{"name": g.name, "type": o.kind, "value": value})
	}
	for _, o := range declared {
		if o.required && focused == "" && !slices.ContainsFunc(given, func(g Given) bool { return g.name == o.name }) {
			a.fatalf("/%s: the required option %q is missing", name, o.name)
		}
	}
	return out
}

// value encodes a value as the option's type asks for, or says why not.
func (a *Actor) value(o *commandOption, v any, resolved map[string]map[string]any) (any, string) {
	wrong := fmt.Sprintf("%T does not fit an option of type %d", v, o.kind)
	switch v := v.(type) {
	case string:
		return v, a.stringValue(o, v, wrong)
	case bool:
		return v, whyNot(o.kind == optBool, wrong)
	case int:
		return v, whyNot(o.kind == optInteger || o.kind == optNumber, wrong)
	case float64:
		return v, whyNot(o.kind == optNumber, wrong)
	case *User:
		resolve(resolved, "users", v.ID, v.json())
		return v.ID, whyNot(o.kind == optUser || o.kind == optMentionable, wrong)
	case *Role:
		resolve(resolved, "roles", v.ID, v.json())
		return v.ID, whyNot(o.kind == optRole || o.kind == optMentionable, wrong)
	case *Channel:
		resolve(resolved, "channels", v.ID, v.json())
		return v.ID, whyNot(o.kind == optChannel, wrong)
	case *Upload:
		f := a.s.upload(a.channel, v)
		id, _ := f["id"].(string)
		resolve(resolved, "attachments", id, f)
		return id, whyNot(o.kind == optAttachment, wrong)
	}
	return nil, wrong
}

func (a *Actor) stringValue(o *commandOption, v, wrong string) string {
	n := utf8.RuneCountInString(v)
	switch {
	case o.kind != optString:
		return wrong
	case n < o.minLength || o.maxLength > 0 && n > o.maxLength || n > 6000:
		return fmt.Sprintf("%d characters, not between %d and %d", n, o.minLength, o.maxLength)
	case len(o.choices) > 0 && !slices.ContainsFunc(o.choices, func(c any) bool { m, _ := c.(map[string]any); return m["value"] == v }):
		return fmt.Sprintf("%q is none of the choices", v)
	}
	return ""
}

func whyNot(ok bool, why string) string {
	if ok {
		return ""
	}
	return why
}

func resolve(resolved map[string]map[string]any, kind, id string, v map[string]any) {
	if resolved[kind] == nil {
		resolved[kind] = map[string]any{}
	}
	resolved[kind][id] = v
}
