package discordtest

import (
	"net/http"
	"strconv"
)

// command is a command that the bot registered.
type command struct {
	id, guild string
	kind      int
	name      string
	raw       map[string]any
	options   []*commandOption
	// perms is what a member needs, -1 for nothing.
	perms        int64
	contexts     []int
	integrations []int
}

// commandOption is an option, subcommand or group.
type commandOption struct {
	kind                 int
	name                 string
	required, auto       bool
	choices              []any
	options              []*commandOption
	minLength, maxLength int // 0 none
}

// getCommands lists the commands of a scope.
func (s *Server) getCommands(q *request) (int, any, *apiError) {
	if q.params["application_id"] != s.appID {
		return 0, nil, &apiError{status: 403, code: 20012, message: "You are not authorized to perform this action on this application"}
	}
	guild := q.params["guild_id"]
	if err := s.commandScope(guild); err != nil {
		return 0, nil, err
	}
	full := q.URL.Query().Get("with_localizations") == "true"
	out := []any{}
	for _, c := range s.commands[guild] {
		out = append(out, c.json(s.appID, full))
	}
	return http.StatusOK, out, nil
}

func (s *Server) commandScope(guild string) *apiError {
	if guild == "" {
		return nil
	}
	if g := s.guilds[guild]; g == nil || !g.installed {
		return errNoAccess
	}
	return nil
}

// putCommands replaces the commands of a scope.
func (s *Server) putCommands(q *request) (int, any, *apiError) {
	if q.params["application_id"] != s.appID {
		return 0, nil, &apiError{status: 403, code: 20012, message: "You are not authorized to perform this action on this application"}
	}
	guild := q.params["guild_id"]
	if err := s.commandScope(guild); err != nil {
		return 0, nil, err
	}
	list, _ := q.raw.([]any)
	var next []*command
	out := []any{}
	for _, v := range list {
		m, _ := v.(map[string]any)
		c := readCommand(m)
		c.guild = guild
		for _, old := range s.commands[guild] {
			if old.name == c.name && old.kind == c.kind {
				c.id = old.id
			}
		}
		if c.id == "" {
			c.id = s.newID()
		}
		c.raw["version"] = s.newID()
		next = append(next, c)
		out = append(out, c.json(s.appID, true))
	}
	s.commands[guild] = next
	s.commandPuts++
	return http.StatusOK, out, nil
}

// readCommand reads a checked command and normalises it as Discord does: what
// is null, false or empty is left out.
func readCommand(m map[string]any) *command {
	c := &command{kind: commandKind(m), perms: -1, raw: map[string]any{}}
	c.name, _ = m["name"].(string)
	for k, v := range m {
		c.raw[k] = v
	}
	c.raw["options"] = pruned(m["options"])
	c.options = readOptions(m["options"])
	switch p := m["default_member_permissions"].(type) {
	case string:
		c.perms, _ = strconv.ParseInt(p, 10, 64)
	case float64:
		c.perms = int64(p)
	}
	c.contexts = ints(m["contexts"])
	c.integrations = ints(m["integration_types"])
	if c.integrations == nil {
		c.integrations = []int{0}
	}
	return c
}

func ints(v any) []int {
	l, _ := v.([]any)
	var out []int
	for _, e := range l {
		f, _ := e.(float64)
		out = append(out, int(f))
	}
	return out
}

func readOptions(v any) []*commandOption {
	l, _ := v.([]any)
	var out []*commandOption
	for _, e := range l {
		m, _ := e.(map[string]any)
		o := &commandOption{kind: kindOf(m), options: readOptions(m["options"]), minLength: intOf(m, "min_length"), maxLength: intOf(m, "max_length")}
		o.name, _ = m["name"].(string)
		o.required, _ = m["required"].(bool)
		o.auto, _ = m["autocomplete"].(bool)
		o.choices, _ = m["choices"].([]any)
		out = append(out, o)
	}
	return out
}

// pruned takes what is null, false or empty out of options.
func pruned(v any) any {
	switch v := v.(type) {
	case []any:
		out := []any{}
		for _, e := range v {
			out = append(out, pruned(e))
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			switch e := e.(type) {
			case nil:
				continue
			case bool:
				if !e && k != "value" {
					continue
				}
			case []any:
				if len(e) == 0 {
					continue
				}
			}
			out[k] = pruned(e)
		}
		return out
	}
	return v
}

func (c *command) json(app string, localizations bool) map[string]any {
	out := map[string]any{
		"id": c.id, "application_id": app, "type": c.kind, "name": c.name, "description": "", "nsfw": false, "default_member_permissions": nil,
		"name_localizations": nil, "description_localizations": nil, "integration_types": c.integrations, "contexts": nil, "dm_permission": true, "version": c.raw["version"],
	}
	for _, key := range []string{"description", "contexts", "name_localizations", "description_localizations", "nsfw"} {
		if v := c.raw[key]; v != nil {
			out[key] = v
		}
	}
	if c.perms >= 0 {
		out["default_member_permissions"] = strconv.FormatInt(c.perms, 10)
	}
	if l, _ := c.raw["options"].([]any); len(l) > 0 {
		out["options"] = l
	}
	if c.guild != "" {
		out["guild_id"] = c.guild
		delete(out, "contexts")
		delete(out, "dm_permission")
		delete(out, "integration_types")
	}
	if !localizations {
		out = withoutLocalizations(out)
	}
	return out
}

func withoutLocalizations(m map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range m {
		if k == "name_localizations" || k == "description_localizations" {
			continue
		}
		if l, ok := v.([]any); ok {
			list := make([]any, len(l))
			for i, e := range l {
				list[i] = e
				if o, ok := e.(map[string]any); ok {
					list[i] = withoutLocalizations(o)
				}
			}
			v = list
		}
		out[k] = v
	}
	return out
}

// CommandNames lists the registered commands: of a guild's own ones, or with
// nil the global ones.
func (s *Server) CommandNames(g *Guild) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := ""
	if g != nil {
		id = g.ID
	}
	var names []string
	for _, c := range s.commands[id] {
		names = append(names, c.name)
	}
	return names
}

// CommandPuts counts how often a set of commands was written.
func (s *Server) CommandPuts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.commandPuts
}

// WaitCommands waits until the bot has registered commands, globally or in any
// guild.
func (s *Server) WaitCommands() {
	s.t.Helper()
	if !s.await(func() bool { return s.commandPuts > 0 }) {
		s.t.Fatalf("discordtest: the bot registered no commands within %v", s.o.Wait)
	}
}
