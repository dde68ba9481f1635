package discordtest

import (
	"time"
)

// Kinds of channels [resources/channel].
const (
	kindText   = 0
	kindDM     = 1
	kindGroup  = 3
	kindThread = 11
)

// User is somebody, or the bot.
type User struct {
	// ID and Name never change.
	ID, Name string

	s        *Server
	bot      bool
	locale   string
	dmClosed bool
	app      bool // has installed the app for himself
	dm       *Channel
}

// Guild is a server in Discord's sense.
type Guild struct {
	// ID and Name never change.
	ID, Name string

	s         *Server
	locale    string
	installed bool // the bot is a member
	everyone  *Role
	roles     []*Role
	members   map[string]*member
	channels  []*Channel
	gone      bool // unavailable or left
}

// Role is a role of a guild.
type Role struct {
	// ID and Name never change.
	ID, Name string

	perms int64
}

type member struct {
	user  *User
	roles []*Role
	perms int64 // given to him beside his roles, a convenience of tests
}

// Channel is a text channel, a thread or a direct message.
type Channel struct {
	// ID and Name never change.
	ID, Name string

	s        *Server
	kind     int
	guild    *Guild
	parent   *Channel
	people   []*User // of direct messages
	deny     map[string]int64
	allow    map[string]int64
	messages []*message
	archived bool
	locked   bool
	deleted  bool
	typing   int
}

func (c *Channel) isThread() bool { return c.kind == kindThread }

// message is a message as the server keeps it.
type message struct {
	id          string
	channel     *Channel
	author      *User
	kind        int
	content     string
	embeds      []any
	components  []any
	attachments []any
	flags       int
	mentions    []*User
	ref         *message
	refID       string
	refGone     bool
	inter       *interaction // whose answer it is
	viaToken    bool
	created     time.Time
	edited      time.Time
	deleted     bool
	onlyFor     *User // ephemeral
	thread      *Channel
	edits       int
	editTimes   []time.Time
	changes     int // grows with every change, for waiting
	states      []State
}

// Flags of messages [resources/message].
const (
	flagCrossposted   = 1
	flagSuppress      = 1 << 2
	flagThread        = 1 << 5
	flagEphemeral     = 1 << 6
	flagLoading       = 1 << 7
	flagSilent        = 1 << 12
	flagVoice         = 1 << 13
	flagV2            = 1 << 15
	settableOnCreate  = flagSuppress | flagSilent | flagV2
	settableOnReply   = settableOnCreate | flagEphemeral
	settableOnEdit    = flagSuppress | flagV2
	kindMessageReply  = 19
	kindMessageSlash  = 20
	kindMessageMenu   = 23
	kindMessagePlain  = 0
	maxUserFollowUps  = 5
	nonceRemembered   = 5 * time.Minute
	forgetfulMessages = 256
	forgetfulInters   = 512
)

// interaction is one as the server keeps it.
type interaction struct {
	id, token string
	kind      int // 2 command, 3 component, 4 autocomplete, 5 modal
	name      string
	user      *User
	member    *member
	guild     *Guild
	channel   *Channel
	source    *message // of the component, or of the modal's component
	shown     *modalForm
	userOnly  bool
	public    bool // may answer in public, where only the user installed the app
	at        time.Time
	sent      time.Time // wall clock

	ack       int
	ackAfter  time.Duration
	late      bool
	repeats   int
	troubled  bool // a fault was injected into a callback
	original  *message
	deferred  bool // the original is still loading or the update still to come
	updates   int  // edits of the original
	followUps []*message
	choices   []Choice
	deletedOp bool
}

type modalForm struct {
	title, customID string
	components      []any
}
