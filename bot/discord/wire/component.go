package wire

// Kinds of components [components/reference].
const (
	TypeRow         = 1
	TypeButton      = 2
	TypeSelect      = 3
	TypeTextInput   = 4
	TypeRoleSelect  = 6
	TypeSection     = 9
	TypeTextDisplay = 10
	TypeSeparator   = 14
	TypeContainer   = 17
	TypeLabel       = 18
)

// Styles of buttons.
const (
	StylePrimary   = 1
	StyleSecondary = 2
	StyleSuccess   = 3
	StyleDanger    = 4
	StyleLink      = 5
)

// Styles of text inputs.
const (
	InputShort     = 1
	InputParagraph = 2
)

// Component is any component; the fields that its kind does not have are zero
// and left out. The functions of this package make those that the bot uses.
type Component struct {
	Type        int    `json:"type"`
	CustomID    string `json:"custom_id,omitempty"`
	Style       int    `json:"style,omitempty"`
	Label       string `json:"label,omitempty"`
	Emoji       *Emoji `json:"emoji,omitempty"`
	URL         string `json:"url,omitempty"`
	Disabled    bool   `json:"disabled,omitempty"`
	Placeholder string `json:"placeholder,omitempty"`
	Description string `json:"description,omitempty"`
	// Content is the markdown of a text display.
	Content string `json:"content,omitempty"`
	// Value is that of a text input, filled in before or by the user.
	Value     string `json:"value,omitempty"`
	Required  *bool  `json:"required,omitempty"`
	MinLength *int   `json:"min_length,omitempty"`
	MaxLength int    `json:"max_length,omitempty"`
	MinValues *int   `json:"min_values,omitempty"`
	MaxValues int    `json:"max_values,omitempty"`
	// Options are those of a string select.
	Options []SelectOption `json:"options,omitempty"`
	// DefaultValues are chosen beforehand in a role select.
	DefaultValues []DefaultValue `json:"default_values,omitempty"`
	// Components are those within a row, section or container.
	Components []Component `json:"components,omitempty"`
	// Component is the one within a label.
	Component *Component `json:"component,omitempty"`
	// Accessory stands beside a section's text.
	Accessory   *Component `json:"accessory,omitempty"`
	AccentColor int        `json:"accent_color,omitempty"`
	Divider     *bool      `json:"divider,omitempty"`
	Spacing     int        `json:"spacing,omitempty"`
}

// Emoji is a unicode emoji by Name.
type Emoji struct {
	Name string `json:"name"`
}

// SelectOption is one of a string select.
type SelectOption struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description,omitempty"`
	Default     bool   `json:"default,omitempty"`
}

// DefaultValue names what is chosen beforehand; Type is "role".
type DefaultValue struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// Text is a text display.
func Text(markdown string) Component { return Component{Type: TypeTextDisplay, Content: markdown} }

// Section is text with a button or thumbnail beside it.
func Section(markdown string, accessory Component) Component {
	return Component{Type: TypeSection, Components: []Component{Text(markdown)}, Accessory: &accessory}
}

// Divider is a thin line.
func Divider() Component { return Component{Type: TypeSeparator} }

// Container is a box with a coloured edge; colour 0xRRGGBB, 0 for none.
func Container(colour int, components ...Component) Component {
	return Component{Type: TypeContainer, AccentColor: colour, Components: components}
}

// Row is a row of buttons, or of one select.
func Row(components ...Component) Component {
	return Component{Type: TypeRow, Components: components}
}

// Button is a button that sends customID.
func Button(style int, label, customID string) Component {
	return Component{Type: TypeButton, Style: style, Label: label, CustomID: customID}
}

// EmojiButton is a grey button of an emoji alone.
func EmojiButton(emoji, customID string) Component {
	return Component{Type: TypeButton, Style: StyleSecondary, Emoji: &Emoji{Name: emoji}, CustomID: customID}
}

// Link is a button that opens an address.
func Link(label, url string) Component {
	return Component{Type: TypeButton, Style: StyleLink, Label: label, URL: url}
}

// Input is a text input with its label, for a modal.
func Input(style int, label, customID string, required bool, maxLength int) Component {
	return Component{Type: TypeLabel, Label: label, Component: &Component{
		Type: TypeTextInput, Style: style, CustomID: customID, Required: &required, MaxLength: maxLength,
	}}
}

// Walk calls f for every component, nested ones and accessories included,
// outer ones first.
func Walk(components []Component, f func(*Component)) {
	for i := range components {
		c := &components[i]
		f(c)
		Walk(c.Components, f)
		if c.Component != nil {
			f(c.Component)
			Walk(c.Component.Components, f)
		}
		if c.Accessory != nil {
			f(c.Accessory)
		}
	}
}
