package wire

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// Kinds of interactions [interactions/receiving-and-responding].
const (
	InteractionCommand      = 2
	InteractionComponent    = 3
	InteractionAutocomplete = 4
	InteractionModalSubmit  = 5
)

// Where an interaction happens: Interaction.Context.
const (
	ContextGuild   = 0
	ContextBotDM   = 1
	ContextPrivate = 2 // a direct message between others
)

// Kinds of commands and options [interactions/application-commands].
const (
	CommandChat    = 1
	CommandMessage = 3

	OptionSubcommand = 1
	OptionGroup      = 2
	OptionString     = 3
	OptionInteger    = 4
	OptionBoolean    = 5
	OptionAttachment = 11
)

// Interaction is a command, a press, a choice or a form that somebody sent.
type Interaction struct {
	ID            string          `json:"id"`
	ApplicationID string          `json:"application_id"`
	Type          int             `json:"type"`
	Token         string          `json:"token"`
	GuildID       string          `json:"guild_id"`
	ChannelID     string          `json:"channel_id"`
	Channel       *Channel        `json:"channel"`
	Member        *Member         `json:"member"` // in a server
	User          *User           `json:"user"`   // elsewhere
	Message       *Message        `json:"message"`
	Data          InteractionData `json:"data"`
	// AppPermissions is what the bot may do in the channel, a decimal bit set.
	AppPermissions string `json:"app_permissions"`
	// Locale is the user's language, GuildLocale the server's: "de", "en-US".
	Locale      string `json:"locale"`
	GuildLocale string `json:"guild_locale"`
	// Context is one of the Context constants; nil where Discord left it out.
	Context *int `json:"context"`
	// Owners says by whom the app was installed: "0" the server, "1" the user.
	Owners map[string]string `json:"authorizing_integration_owners"`
	// AttachmentLimit is the largest upload there in bytes, 0 when not said.
	AttachmentLimit int64 `json:"attachment_size_limit"`
}

// Asker is the user behind the interaction; never nil, but empty when Discord
// named none.
func (i *Interaction) Asker() *User {
	switch {
	case i.Member != nil && i.Member.User != nil:
		return i.Member.User
	case i.User != nil:
		return i.User
	}
	return &User{}
}

// InteractionData is the union of what the kinds of interactions carry.
type InteractionData struct {
	// Commands and autocomplete. There is an id, too: a snowflake for
	// commands, a number for components, and of no use.
	Name     string   `json:"name"`
	Type     int      `json:"type"`
	Options  []Option `json:"options"`
	TargetID string   `json:"target_id"`
	Resolved Resolved `json:"resolved"`
	// Components and modals.
	CustomID      string      `json:"custom_id"`
	ComponentType int         `json:"component_type"`
	Values        []string    `json:"values"`
	Components    []Component `json:"components"`
}

// Field is the value of the text input of that custom_id in a submitted
// modal, wherever it stands.
func (d *InteractionData) Field(customID string) string {
	return field(d.Components, customID)
}

func field(components []Component, customID string) string {
	for i := range components {
		c := &components[i]
		if c.CustomID == customID && c.Value != "" {
			return c.Value
		}
		if c.Component != nil {
			if v := field([]Component{*c.Component}, customID); v != "" {
				return v
			}
		}
		if v := field(c.Components, customID); v != "" {
			return v
		}
	}
	return ""
}

// Option is an option of a command as somebody filled it in.
type Option struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Value   json.RawMessage `json:"value,omitempty"`
	Options []Option        `json:"options,omitempty"`
	Focused bool            `json:"focused,omitempty"`
}

// Text is the value as a string; "" when it is missing or none. A number that
// is half typed arrives as a string, too.
func (o *Option) Text() string {
	if o == nil {
		return ""
	}
	var s string
	if json.Unmarshal(o.Value, &s) == nil {
		return s
	}
	return ""
}

// Bool is the value as a truth value, with ok false when it is missing or none.
func (o *Option) Bool() (value, ok bool) {
	if o == nil {
		return false, false
	}
	ok = json.Unmarshal(o.Value, &value) == nil
	return value, ok
}

// Find returns the option of that name, nil when it was not given.
func Find(options []Option, name string) *Option {
	for i := range options {
		if options[i].Name == name {
			return &options[i]
		}
	}
	return nil
}

// Resolved are the objects that options name by ID.
type Resolved struct {
	Attachments map[string]Attachment `json:"attachments"`
	Messages    map[string]Message    `json:"messages"`
}

// Attachment is a file that somebody sent [resources/message]. Its type is
// Discord's guess and no promise.
type Attachment struct {
	ID          string `json:"id"`
	Filename    string `json:"filename"`
	Size        int64  `json:"size"`
	ContentType string `json:"content_type"`
	URL         string `json:"url"`
}

// User is a person or a bot [resources/user].
type User struct {
	ID         string `json:"id"`
	Username   string `json:"username"`
	GlobalName string `json:"global_name"`
	Bot        bool   `json:"bot"`
}

// Member is a user in a server [resources/guild]. Permissions is set in
// interactions only: the member's in that channel, a decimal bit set.
type Member struct {
	User        *User    `json:"user"`
	Nick        string   `json:"nick"`
	Roles       []string `json:"roles"`
	Permissions string   `json:"permissions"`
}

// Kinds of channels [resources/channel].
const (
	ChannelText          = 0
	ChannelDM            = 1
	ChannelNews          = 5
	ChannelNewsThread    = 10
	ChannelPublicThread  = 11
	ChannelPrivateThread = 12
)

// Channel is where messages stand.
type Channel struct {
	ID       string `json:"id"`
	Type     int    `json:"type"`
	GuildID  string `json:"guild_id"`
	ParentID string `json:"parent_id"`
	Name     string `json:"name"`
	// Metadata is that of threads.
	Metadata struct {
		Archived bool `json:"archived"`
	} `json:"thread_metadata"`
}

// IsThread reports whether the channel is a thread.
func (c *Channel) IsThread() bool {
	return c != nil && c.Type >= ChannelNewsThread && c.Type <= ChannelPrivateThread
}

// Kinds of messages that people write [resources/message].
const (
	MessageDefault = 0
	MessageReply   = 19
)

// Message is a message as Discord sends it. Content is empty where the bot may
// not read it.
type Message struct {
	ID        string     `json:"id"`
	Type      int        `json:"type"`
	ChannelID string     `json:"channel_id"`
	GuildID   string     `json:"guild_id"`
	Author    *User      `json:"author"`
	Member    *Member    `json:"member"`
	WebhookID string     `json:"webhook_id"`
	Content   string     `json:"content"`
	Mentions  []User     `json:"mentions"`
	Flags     int        `json:"flags"`
	Reference *Reference `json:"message_reference"`
	// Referenced is the message replied to, nil when it is gone or not sent.
	Referenced *Message `json:"referenced_message"`
	// Interaction says in whose command's answer this is.
	Interaction *InteractionMetadata `json:"interaction_metadata"`
	Components  []Component          `json:"components"`
	// Snapshots are messages that this one forwards.
	Snapshots []Snapshot `json:"message_snapshots"`
	Thread    *Channel   `json:"thread"`
	Timestamp time.Time  `json:"timestamp"`
}

// Snapshot is a forwarded message as it was.
type Snapshot struct {
	Message Message `json:"message"`
}

// Words is what the message says, in content, text displays and what it
// forwards.
func (m *Message) Words() string {
	var b strings.Builder
	b.WriteString(m.Content)
	Walk(m.Components, func(c *Component) {
		if c.Type == TypeTextDisplay {
			b.WriteString("\n" + c.Content)
		}
	})
	for i := range m.Snapshots {
		b.WriteString("\n" + m.Snapshots[i].Message.Words())
	}
	return b.String()
}

// Reference points to another message.
type Reference struct {
	MessageID string `json:"message_id,omitempty"`
	ChannelID string `json:"channel_id,omitempty"`
	GuildID   string `json:"guild_id,omitempty"`
	// FailIfNotExists set to false sends a plain message where the one
	// replied to is gone.
	FailIfNotExists *bool `json:"fail_if_not_exists,omitempty"`
}

// InteractionMetadata is about the interaction that a message answers.
type InteractionMetadata struct {
	ID   string `json:"id"`
	User *User  `json:"user"`
}

// Guild is a server as far as GUILD_CREATE and GUILD_DELETE matter.
type Guild struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	OwnerID string `json:"owner_id"`
	// Locale is the language that the server has chosen: "en-US".
	Locale      string    `json:"preferred_locale"`
	Roles       []Role    `json:"roles"`
	Threads     []Channel `json:"threads"` // the active ones
	Unavailable bool      `json:"unavailable"`
}

// ThreadList is THREAD_LIST_SYNC: the active threads of channels that the bot
// may see from now on.
type ThreadList struct {
	GuildID string    `json:"guild_id"`
	Threads []Channel `json:"threads"`
}

// Role is a role of a server. Permissions is a decimal bit set.
type Role struct {
	ID          string `json:"id"`
	Permissions string `json:"permissions"`
}

// RoleChange is GUILD_ROLE_CREATE, GUILD_ROLE_UPDATE (Role is set) or
// GUILD_ROLE_DELETE (RoleID is set).
type RoleChange struct {
	GuildID string `json:"guild_id"`
	RoleID  string `json:"role_id"`
	Role    *Role  `json:"role"`
}

// Ready is the first event of a gateway session [events/gateway-events].
type Ready struct {
	User             User    `json:"user"`
	SessionID        string  `json:"session_id"`
	ResumeGatewayURL string  `json:"resume_gateway_url"`
	Guilds           []Guild `json:"guilds"`
	Application      struct {
		ID string `json:"id"`
	} `json:"application"`
}

// discordEpoch is the first millisecond of snowflakes [reference: Snowflakes].
const discordEpoch = 1420070400000

// SnowflakeTime is when a snowflake was made; the zero time for what is none.
func SnowflakeTime(id string) time.Time {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(int64(n>>22) + discordEpoch).UTC()
}
