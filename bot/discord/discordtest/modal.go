package discordtest

import (
	"slices"
	"unicode/utf8"
)

// Modal is a form that the bot opened.
type Modal struct {
	Title, CustomID string
	Components      []Component

	r *Reply
}

// Input is a field of a form.
type Input struct {
	Component        // the field itself
	Title     string // its label, within or around it
}

// Modal waits for a form and returns it.
func (r *Reply) Modal() *Modal {
	r.s.t.Helper()
	r.WaitAck()
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	if r.in == nil || r.in.shown == nil {
		r.s.t.Fatalf("discordtest: %s of %s opened no form, but answered %d", r.what(), r.actor.user.Name, r.in.ack)
	}
	f := r.in.shown
	return &Modal{Title: f.title, CustomID: f.customID, Components: decodeComponents(numbered(f.components)), r: r}
}

// Inputs are the fields, in order.
func (m *Modal) Inputs() []Input {
	var out []Input
	for _, c := range m.Components {
		switch {
		case c.Type == typeLabel && c.Component != nil:
			out = append(out, Input{*c.Component, c.Label})
		case c.Type == typeRow:
			for _, f := range c.Components {
				out = append(out, Input{f, f.Label})
			}
		}
	}
	return out
}

// Submit sends the form with values by custom_id or label. Fields that are not
// given keep what they were filled in with.
func (m *Modal) Submit(values map[string]string) *Reply {
	m.r.s.t.Helper()
	all := map[string][]string{}
	for k, v := range values {
		all[k] = []string{v}
	}
	return m.SubmitAll(all)
}

// SubmitAll is Submit with several values for select menus.
func (m *Modal) SubmitAll(values map[string][]string) *Reply {
	s, a := m.r.s, m.r.actor
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	inputs := m.Inputs()
	for key := range values {
		if !slices.ContainsFunc(inputs, func(i Input) bool { return i.CustomID == key || i.Title == key }) {
			a.fatalf("the form %q has no field %q", m.Title, key)
		}
	}
	b := *a
	b.channel = m.r.in.channel
	in, event := b.newInteraction(interModal, m.CustomID)
	in.source = m.r.in.source
	components := []any{}
	for _, c := range m.Components {
		switch {
		case c.Type == typeLabel && c.Component != nil:
			field := m.field(Input{*c.Component, c.Label}, values)
			components = append(components, map[string]any{"type": typeLabel, "id": c.ID, "component": field})
		case c.Type == typeRow:
			row := []any{}
			for _, f := range c.Components {
				row = append(row, m.field(Input{f, f.Label}, values))
			}
			components = append(components, map[string]any{"type": typeRow, "id": c.ID, "components": row})
		default:
			components = append(components, map[string]any{"type": c.Type, "id": c.ID})
		}
	}
	event["data"] = map[string]any{"custom_id": m.CustomID, "components": components}
	if in.source != nil {
		event["message"] = s.messageJSON(in.source, true)
	}
	return b.start(in, event)
}

// field encodes a field that was filled in. s.mu is held.
func (m *Modal) field(i Input, values map[string][]string) map[string]any {
	a := m.r.actor
	a.s.t.Helper()
	given, ok := values[i.CustomID]
	if !ok {
		given, ok = values[i.Title]
	}
	out := map[string]any{"type": i.Type, "id": i.ID, "custom_id": i.CustomID}
	required := i.Required == nil || *i.Required
	if i.Type != typeTextInput {
		if !ok && !required {
			given = []string{}
		} else {
			given = a.picked(&i.Component, given)
		}
		out["values"] = given
		return out
	}
	text := i.Value
	if ok && len(given) > 0 {
		text = given[0]
	}
	n := utf8.RuneCountInString(text)
	switch {
	case required && n == 0:
		a.fatalf("the form %q needs the field %q", m.Title, i.Title)
	case i.MaxLength > 0 && n > i.MaxLength, i.MinLength != nil && n > 0 && n < *i.MinLength:
		a.fatalf("%d characters do not fit the field %q", n, i.Title)
	}
	out["value"] = text
	return out
}
