package discordtest

import (
	"encoding/json"
	"strings"
	"time"
)

// Message is a message as it was when it was asked for.
type Message struct {
	ID, Author string // Author is a user's ID
	Channel    *Channel
	Content    string
	Components []Component
	Embeds     []any
	Flags      int
	// ReplyTo is the ID of the message that this one replies to.
	ReplyTo string
	// Edits counts edits; Created is when it was sent.
	Edits   int
	Created time.Time
	Deleted bool
	// States are what it has shown one after the other, oldest first; of a
	// forgetful server's there are none.
	States []State

	m    *message
	text string
}

// State is what a message showed from a moment on.
type State struct {
	At      time.Time
	Text    string
	Buttons int
	Loading bool // it showed "thinking"
}

// note adds what the message shows to its states. s.mu is held.
func (m *message) note() {
	s := m.channel.s
	if s.o.Forgetful {
		return
	}
	state := State{At: s.now(), Text: textOf(m), Loading: m.flags&flagLoading != 0}
	walkRaw(m.components, func(c map[string]any) {
		if kindOf(c) == typeButton {
			state.Buttons++
		}
	})
	m.states = append(m.states, state)
}

// Component is a component of any kind; a field that the kind does not have is
// zero.
type Component struct {
	Type        int          `json:"type"`
	ID          int          `json:"id"`
	CustomID    string       `json:"custom_id"`
	Style       int          `json:"style"`
	Label       string       `json:"label"`
	Emoji       *Emoji       `json:"emoji"`
	URL         string       `json:"url"`
	Disabled    bool         `json:"disabled"`
	Placeholder string       `json:"placeholder"`
	Description string       `json:"description"`
	Content     string       `json:"content"`
	Value       string       `json:"value"`
	Required    *bool        `json:"required"`
	MinLength   *int         `json:"min_length"`
	MaxLength   int          `json:"max_length"`
	MinValues   *int         `json:"min_values"`
	MaxValues   int          `json:"max_values"`
	Options     []MenuOption `json:"options"`
	AccentColor int          `json:"accent_color"`
	Components  []Component  `json:"components"`
	Component   *Component   `json:"component"`
	Accessory   *Component   `json:"accessory"`
}

// Emoji is an emoji of a button.
type Emoji struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// MenuOption is an option of a select.
type MenuOption struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description"`
	Default     bool   `json:"default"`
}

// Choice is one of the answers to autocomplete; Value is a string or a float64.
type Choice struct {
	Name  string
	Value any
}

// snapshot copies a message. s.mu is held.
func (m *message) snapshot() *Message {
	return &Message{
		ID: m.id, Author: m.author.ID, Channel: m.channel, Content: m.content, Components: decodeComponents(m.components), Embeds: m.embeds,
		Flags: m.flags, ReplyTo: m.refID, Edits: m.edits, Created: m.created, Deleted: m.deleted, States: m.states, m: m, text: textOf(m),
	}
}

func decodeComponents(raw []any) []Component {
	if len(raw) == 0 {
		return nil
	}
	data, err := json.Marshal(raw)
	if err != nil {
		return nil
	}
	var out []Component
	if json.Unmarshal(data, &out) != nil {
		return nil // refused before, where it is not well formed
	}
	return out
}

// Text is all that the message says: content, embeds and text displays.
func (m *Message) Text() string { return m.text }

// Ephemeral reports whether only one user sees the message.
func (m *Message) Ephemeral() bool { return m.Flags&flagEphemeral != 0 }

// Loading reports whether the message is a deferral that shows "thinking".
func (m *Message) Loading() bool { return m.Flags&flagLoading != 0 }

// V2 reports whether the message is made of components only.
func (m *Message) V2() bool { return m.Flags&flagV2 != 0 }

// Buttons are all buttons, links included, in the order shown.
func (m *Message) Buttons() []Component {
	return m.where(func(c *Component) bool { return c.Type == typeButton })
}

// Selects are all select menus, in the order shown.
func (m *Message) Selects() []Component {
	return m.where(func(c *Component) bool { return isSelect(c.Type) })
}

// Button finds a button by label, custom_id or emoji; nil when there is none.
func (m *Message) Button(what string) *Component {
	for _, b := range m.Buttons() {
		if b.is(what) {
			return &b
		}
	}
	return nil
}

func (m *Message) where(f func(*Component) bool) []Component {
	var out []Component
	Walk(m.Components, func(c *Component) {
		if f(c) {
			out = append(out, *c)
		}
	})
	return out
}

func (c *Component) is(what string) bool {
	return c.CustomID == what && what != "" || c.Label == what && what != "" || c.Emoji != nil && c.Emoji.Name == what
}

// Walk visits all components, nested ones and accessories included.
func Walk(list []Component, f func(*Component)) {
	for i := range list {
		c := &list[i]
		f(c)
		Walk(c.Components, f)
		if c.Component != nil {
			f(c.Component)
		}
		if c.Accessory != nil {
			f(c.Accessory)
		}
	}
}

// Now returns the message as it is now.
func (m *Message) Now() *Message {
	m.m.channel.s.mu.Lock()
	defer m.m.channel.s.mu.Unlock()
	return m.m.snapshot()
}

// JSON is the message as the REST API gives it, for pictures and for looking
// into what a test does not know.
func (m *Message) JSON() []byte {
	s := m.m.channel.s
	s.mu.Lock()
	defer s.mu.Unlock()
	data, err := json.Marshal(s.messageJSON(m.m, true))
	if err != nil {
		panic(err) // a mistake of this package
	}
	return data
}

func contains(text, part string) bool { return strings.Contains(text, part) }
