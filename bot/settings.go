package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"verbatim/retrieval"
)

const (
	// maxRoles is the most roles a list holds: Discord's menu for roles lets
	// 25 be chosen.
	maxRoles = 25
	// MaxPerDay is the highest limit on questions a day.
	MaxPerDay = 100_000
	// MaxCooldown is the longest pause between two questions, in seconds.
	MaxCooldown = 3600
	// MaxTokensPerDay and MaxCostPerDay are the highest limits on what a server's
	// questions may use of the language model on a day; the cost is in the
	// currency of its prices.
	MaxTokensPerDay = 1_000_000_000
	MaxCostPerDay   = 100_000
)

// Languages are those in which the bot can speak, besides "" for the server's
// own.
var Languages = []string{"en", "de", "fr", "es", "ja", "ko"}

// Settings are what a server may choose.
type Settings struct {
	// AskRoles are the roles, as snowflakes, that may ask; none is everybody.
	AskRoles []string `json:"ask_roles"`
	// AddRoles are those that may add, remove and pin episodes, beside
	// members who may manage the server.
	AddRoles []string `json:"add_roles"`
	// Private makes answers visible to the asker alone, unless he chooses.
	Private bool `json:"private"`
	// UserPerDay and ServerPerDay are how many questions a user may ask in
	// the server, and all together, on a day in UTC; 0 is any number.
	UserPerDay   int `json:"user_per_day"`
	ServerPerDay int `json:"server_per_day"`
	// TokensPerDay and CostPerDay are how much of the language model the
	// server's questions may use together on a day in UTC; 0 leaves it at what
	// the operator allows.
	TokensPerDay int     `json:"tokens_per_day"`
	CostPerDay   float64 `json:"cost_per_day"`
	// CooldownSeconds is the pause between two questions of a user, 0 to
	// 3600.
	CooldownSeconds int `json:"cooldown_seconds"`
	// Language is one of [Languages], or "" for the server's own.
	Language string `json:"language"`
}

// DefaultSettings are those of a server that has not chosen, and of direct
// messages: everybody may ask, who may manage the server may add, answers are
// public; 100 questions a user and 2,000 a server each day, 3 seconds apart.
func DefaultSettings() Settings {
	return Settings{UserPerDay: 100, ServerPerDay: 2000, CooldownSeconds: 3}
}

// Validate returns an error that wraps [ErrSettings] and names what is wrong.
func (s Settings) Validate() error {
	var problems []error
	roles := func(name string, list []string) {
		if len(list) > maxRoles {
			problems = append(problems, fmt.Errorf("%s: %d roles, want at most %d", name, len(list), maxRoles))
		}
		for _, role := range list {
			if n, err := strconv.ParseUint(role, 10, 64); err != nil || n == 0 || role[0] == '0' || role[0] == '+' {
				problems = append(problems, fmt.Errorf("%s: role %q, want a role's ID in digits", name, role))
			}
		}
	}
	number := func(name string, n, most int, unit string) {
		if n < 0 || n > most {
			problems = append(problems, fmt.Errorf("%s: %d, want 0 to %d %s", name, n, most, unit))
		}
	}
	roles("roles that may ask", s.AskRoles)
	roles("roles that may add", s.AddRoles)
	number("limit per user", s.UserPerDay, MaxPerDay, "questions a day, 0 for no limit")
	number("limit per server", s.ServerPerDay, MaxPerDay, "questions a day, 0 for no limit")
	number("tokens", s.TokensPerDay, MaxTokensPerDay, "tokens a day, 0 for the operator's limit")
	if !(s.CostPerDay >= 0 && s.CostPerDay <= MaxCostPerDay) { // NaN is neither
		problems = append(problems, fmt.Errorf("cost: %v, want 0 to %d a day, 0 for the operator's limit", s.CostPerDay, MaxCostPerDay))
	}
	number("cooldown", s.CooldownSeconds, MaxCooldown, "seconds")
	if s.Language != "" && !slices.Contains(Languages, s.Language) {
		problems = append(problems, fmt.Errorf("language: %q, want one of %q or none", s.Language, Languages))
	}
	if len(problems) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %w", ErrSettings, errors.Join(problems...))
}

// normalised has each role once, in order, and shares nothing with s.
func (s Settings) normalised() Settings {
	each := func(roles []string) []string {
		roles = slices.Clone(roles)
		slices.Sort(roles)
		return slices.Compact(roles)
	}
	s.AskRoles, s.AddRoles = each(s.AskRoles), each(s.AddRoles)
	return s
}

// settingsState holds the settings of all servers that have chosen any.
type settingsState struct {
	saving sync.Mutex // held while saving, so that memory and disk agree
	mutex  sync.RWMutex
	of     map[retrieval.Scope]Settings
}

func (s *settingsState) get(scope retrieval.Scope) (Settings, bool) {
	s.mutex.RLock()
	defer s.mutex.RUnlock()
	chosen, ok := s.of[scope]
	return chosen, ok
}

func (s *settingsState) set(scope retrieval.Scope, chosen Settings) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.of == nil {
		s.of = map[retrieval.Scope]Settings{}
	}
	s.of[scope] = chosen
}

// LoadSettings reads the settings of all servers into memory; call it at the
// start. The error names every server whose settings cannot be read; it is
// better not to serve it then, since the defaults let everybody ask. All others
// are loaded nevertheless.
func (b *Bot) LoadSettings(ctx context.Context) error {
	if b.records == nil {
		return ErrNoStore
	}
	records, err := b.records.RecordsOf(ctx, "", kindSettings, 0)
	if err != nil {
		return fmt.Errorf("load settings: %w", err)
	}
	var problems []error
	for i := range records {
		s, err := decode[Settings](&records[i])
		if err == nil {
			err = s.Validate()
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("load settings of scope %q: %w", records[i].Scope, err))
			continue
		}
		b.state.settings.set(records[i].Scope, s.normalised())
	}
	return errors.Join(problems...)
}

// Settings returns a server's settings, from memory; "" is outside of any. The
// lists of roles are shared: read only.
func (b *Bot) Settings(scope retrieval.Scope) Settings {
	if chosen, ok := b.state.settings.get(scope); ok {
		return chosen
	}
	return DefaultSettings()
}

// SaveSettings keeps a server's settings; they hold from when it returns.
// Errors: [ErrSettings], [ErrNoStore] and those of the records, beside which
// the old settings hold.
func (b *Bot) SaveSettings(ctx context.Context, scope retrieval.Scope, s Settings) error {
	if err := s.Validate(); err != nil {
		return fmt.Errorf("save settings: %w", err)
	}
	s = s.normalised()
	b.state.settings.saving.Lock()
	defer b.state.settings.saving.Unlock()
	if err := b.put(ctx, retrieval.Record{Scope: scope, Kind: kindSettings, Key: kindSettings}, s); err != nil {
		return fmt.Errorf("save settings: %w", err)
	}
	b.state.settings.set(scope, s)
	return nil
}
