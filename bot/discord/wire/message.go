package wire

// Kinds of answers to an interaction [interactions/receiving-and-responding].
const (
	ReplyMessage        = 4 // a message
	ReplyDeferred       = 5 // "thinking", the message follows by an edit
	ReplyDeferredUpdate = 6 // nothing to see, an edit of the component's message follows
	ReplyUpdate         = 7 // an edit of the component's message
	ReplyAutocomplete   = 8
	ReplyModal          = 9
)

// Flags of messages [resources/message].
const (
	FlagSuppressEmbeds = 1 << 2
	FlagEphemeral      = 1 << 6
	FlagSilent         = 1 << 12
	FlagV2             = 1 << 15 // components only; not in ReplyDeferred, never taken off
)

// Limits in what is sent [resources/message, components/reference,
// interactions/application-commands]. Lengths are in code points.
const (
	MaxContent     = 2000 // content of a message without V2
	MaxText        = 4000 // all text displays of a V2 message together
	MaxComponents  = 40   // of a V2 message, nested ones and accessories counted
	MaxRowButtons  = 5
	MaxOptions     = 25 // of a select menu, and choices of autocomplete
	MaxLabel       = 80 // of a button
	MaxOptionText  = 100
	MaxCustomID    = 100
	MaxModalTitle  = 45
	MaxModalLabel  = 45
	MaxInput       = 4000
	MaxPlaceholder = 100
	MaxURL         = 512
	MaxThreadName  = 100
)

// Response is the first answer to an interaction.
type Response struct {
	Type int `json:"type"`
	// Data is an *Outgoing, a *Modal, a *Choices or, for a deferred message with
	// flags, an *Outgoing; nil where the kind needs none.
	Data any `json:"data,omitempty"`
}

// Outgoing is a message to send or an edit to make. What is zero is left out,
// and an edit leaves it as it was. AllowedMentions is always sent, since every
// edit falls back to defaults that ping.
type Outgoing struct {
	Content    string      `json:"content,omitempty"`
	Components []Component `json:"components,omitempty"`
	Flags      int         `json:"flags,omitempty"`
	// AllowedMentions is NoMentions unless said otherwise; see [Outgoing.Safe].
	AllowedMentions *AllowedMentions `json:"allowed_mentions,omitempty"`
	// Reference makes a channel message a reply.
	Reference *Reference `json:"message_reference,omitempty"`
	// Nonce with EnforceNonce makes sending to a channel idempotent for some
	// minutes; at most 25 characters.
	Nonce        string `json:"nonce,omitempty"`
	EnforceNonce bool   `json:"enforce_nonce,omitempty"`
}

// AllowedMentions says who is pinged [resources/message].
type AllowedMentions struct {
	Parse       []string `json:"parse"`
	RepliedUser bool     `json:"replied_user"`
}

// Safe returns m with mentions that ping nobody.
func (m Outgoing) Safe() Outgoing {
	m.AllowedMentions = &AllowedMentions{Parse: []string{}}
	return m
}

// Modal is a form [components/using-modal-components].
type Modal struct {
	CustomID   string      `json:"custom_id"`
	Title      string      `json:"title"`
	Components []Component `json:"components"`
}

// Choices are the answer to autocomplete, at most MaxOptions.
type Choices struct {
	Choices []Choice `json:"choices"`
}

// Choice is one of them; name and value at most MaxOptionText.
type Choice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}
