package rest

import (
	"cmp"
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"time"

	"github.com/bwmarrin/discordgo"

	"verbatim/bot/discord/wire"
)

const (
	// respondTime is how long the first answer to an interaction is tried when
	// the context has no deadline: Discord takes it within 3 s of the event.
	respondTime = 2500 * time.Millisecond
	// respondTry bounds one try, so that a connection which hangs leaves time
	// for another.
	respondTry = 1200 * time.Millisecond
	// respondBackoff bounds the wait between two tries: doubled waits would
	// leave room for 6 of them, and with one request in five failing that
	// loses one answer in 15,000.
	respondBackoff = 250 * time.Millisecond
)

// Respond makes the first answer to an interaction. It is tried until the
// context's deadline. That the interaction was answered already is success if
// a try before may have done so.
func (c *Client) Respond(ctx context.Context, id, token string, r wire.Response) error {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, respondTime)
		defer cancel()
	}
	r.Data = safeData(r)
	q := &call{
		method: http.MethodPost, route: "/interactions/{id}/{token}/callback",
		path: "/interactions/" + url.PathEscape(id) + "/" + url.PathEscape(token) + "/callback", major: token, body: r, tries: patientTries,
		timeout: cmp.Or(c.options.RespondTry, respondTry), maxBackoff: respondBackoff,
	}
	ambiguous, err := c.do(ctx, q, nil)
	if ambiguous && IsAlreadyAnswered(err) {
		return nil
	}
	return err
}

// safeData is the response's data with mentions that ping nobody, where it is
// a message.
func safeData(r wire.Response) any {
	if r.Type == wire.ReplyDeferred { // flags are all that it may have
		return r.Data
	}
	switch m := r.Data.(type) {
	case *wire.Outgoing:
		if m != nil {
			return m.Safe()
		}
	case wire.Outgoing:
		return m.Safe()
	}
	return r.Data
}

// webhook is a call on the messages of an interaction, which its token alone
// allows; id "@original" is its first answer, "" makes a new one.
func webhook(method, app, token, id string, body any) *call {
	q := &call{method: method, route: "/webhooks/{app}/{token}", path: "/webhooks/" + url.PathEscape(app) + "/" + url.PathEscape(token), major: token, body: body, tries: patientTries}
	switch id {
	case "":
	case "@original":
		q.route += "/messages/@original"
		q.path += "/messages/@original"
	default:
		q.route += "/messages/{message}"
		q.path += "/messages/" + url.PathEscape(id)
	}
	return q
}

// message makes a call whose answer is a message.
func (c *Client) message(ctx context.Context, q *call) (*wire.Message, error) {
	m := &wire.Message{}
	if _, err := c.do(ctx, q, m); err != nil {
		return nil, err
	}
	return m, nil
}

// remove makes a call that deletes; what is gone already is success.
func (c *Client) remove(ctx context.Context, q *call) error {
	_, err := c.do(ctx, q, nil)
	if IsGone(err) {
		return nil
	}
	return err
}

// EditOriginal changes the first answer, the "thinking" of a deferred one
// included.
func (c *Client) EditOriginal(ctx context.Context, app, token string, m wire.Outgoing) (*wire.Message, error) {
	return c.message(ctx, webhook(http.MethodPatch, app, token, "@original", v2(m.Safe())))
}

// v2 turns an edit to components into a V2 message; content and embeds, which
// it cannot have, are what a deferred answer has none of.
func v2(m wire.Outgoing) wire.Outgoing {
	if len(m.Components) > 0 && m.Content == "" {
		m.Flags |= wire.FlagV2
	}
	return m
}

// DeleteOriginal takes the first answer away. It is no error when it is gone.
func (c *Client) DeleteOriginal(ctx context.Context, app, token string) error {
	return c.remove(ctx, webhook(http.MethodDelete, app, token, "@original", nil))
}

// FollowUp sends a further message. Where the connection breaks at the wrong
// moment it may come twice, since Discord takes no nonce here.
func (c *Client) FollowUp(ctx context.Context, app, token string, m wire.Outgoing) (*wire.Message, error) {
	return c.message(ctx, webhook(http.MethodPost, app, token, "", v2(m.Safe())))
}

// EditFollowUp changes a further message.
func (c *Client) EditFollowUp(ctx context.Context, app, token, id string, m wire.Outgoing) (*wire.Message, error) {
	return c.message(ctx, webhook(http.MethodPatch, app, token, id, v2(m.Safe())))
}

// DeleteFollowUp takes a further message away. It is no error when it is gone.
func (c *Client) DeleteFollowUp(ctx context.Context, app, token, id string) error {
	return c.remove(ctx, webhook(http.MethodDelete, app, token, id, nil))
}

// channelCall is a call on a channel with the bot's token.
func channelCall(method, channel, route, path string, body any) *call {
	return &call{
		method: method, route: "/channels/{channel}" + route, path: "/channels/" + url.PathEscape(channel) + path,
		major: channel, asBot: true, body: body,
	}
}

// Send writes a message into a channel. A nonce, made here unless m has one,
// makes it come once however often it is tried.
func (c *Client) Send(ctx context.Context, channel string, m wire.Outgoing) (*wire.Message, error) {
	if m.Nonce == "" {
		m.Nonce = rand.Text()[:25]
	}
	return c.message(ctx, sendCall(channel, m))
}

// EditMessage changes a message of the bot's.
func (c *Client) EditMessage(ctx context.Context, channel, id string, m wire.Outgoing) (*wire.Message, error) {
	return c.message(ctx, editCall(channel, id, m))
}

func editCall(channel, id string, m wire.Outgoing) *call {
	m.Reference, m.Nonce = nil, "" // an edit has neither
	return channelCall(http.MethodPatch, channel, "/messages/{message}", "/messages/"+url.PathEscape(id), v2(m.Safe()))
}

// DeleteMessage takes a message of the bot's away. It is no error when it is
// gone.
func (c *Client) DeleteMessage(ctx context.Context, channel, id string) error {
	return c.remove(ctx, channelCall(http.MethodDelete, channel, "/messages/{message}", "/messages/"+url.PathEscape(id), nil))
}

// Typing shows for 10 s that the bot writes. It is tried once: it is stale
// before a second try.
func (c *Client) Typing(ctx context.Context, channel string) error {
	q := channelCall(http.MethodPost, channel, "/typing", "/typing", nil)
	q.tries = 1
	_, err := c.do(ctx, q, nil)
	return err
}

// threadStart is the body of a new thread; it goes to sleep after a day.
type threadStart struct {
	Name    string `json:"name"`
	Archive int    `json:"auto_archive_duration"` // minutes
}

// StartThread opens a thread from a message. A message has one thread at most:
// a second one is an Error of code 160004.
func (c *Client) StartThread(ctx context.Context, channel, message, name string) (*wire.Channel, error) {
	q := channelCall(http.MethodPost, channel, "/messages/{message}/threads", "/messages/"+url.PathEscape(message)+"/threads", threadStart{Name: name, Archive: 1440})
	thread := &wire.Channel{}
	ambiguous, err := c.do(ctx, q, thread)
	if ambiguous && hasCode(err, codeThreadExists) {
		return &wire.Channel{ID: message, ParentID: channel, Type: wire.ChannelPublicThread, Name: name}, nil // ours, of the try before
	}
	if err != nil {
		return nil, err
	}
	return thread, nil
}

// codeThreadExists: the message has a thread already.
const codeThreadExists = 160004

// recipient is the body of a new direct channel.
type recipient struct {
	ID string `json:"recipient_id"`
}

// OpenDM is the channel of direct messages with a user.
func (c *Client) OpenDM(ctx context.Context, user string) (*wire.Channel, error) {
	channel := &wire.Channel{}
	q := &call{method: http.MethodPost, route: "/users/@me/channels", path: "/users/@me/channels", asBot: true, body: recipient{user}}
	if _, err := c.do(ctx, q, channel); err != nil {
		return nil, err
	}
	return channel, nil
}

// GatewayInfo is what GET /gateway/bot says [events/gateway, "Get Gateway
// Bot"].
type GatewayInfo struct {
	URL string
	// Shards is how many Discord advises.
	Shards int
	// Remaining of the day's new sessions are left until ResetAfter.
	Remaining      int
	ResetAfter     time.Duration
	MaxConcurrency int
}

// GatewayBot says where the gateway is, and what of it may be used.
func (c *Client) GatewayBot(ctx context.Context) (*GatewayInfo, error) {
	var answer discordgo.GatewayBotResponse
	if _, err := c.do(ctx, &call{method: http.MethodGet, route: "/gateway/bot", path: "/gateway/bot", asBot: true}, &answer); err != nil {
		return nil, err
	}
	limit := &answer.SessionStartLimit
	return &GatewayInfo{
		URL: answer.URL, Shards: answer.Shards, Remaining: limit.Remaining,
		ResetAfter: time.Duration(limit.ResetAfter) * time.Millisecond, MaxConcurrency: limit.MaxConcurrency,
	}, nil
}

// Application is the bot's own.
type Application struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// InteractionsURL is where interactions go instead of the gateway, "" in
	// general.
	InteractionsURL string `json:"interactions_endpoint_url"`
	// Installs has a key for each kind of installation that is switched on:
	// "0" in servers, "1" by users. Nil where Discord does not say.
	Installs map[string]struct{} `json:"integration_types_config"`
}

// Application asks who the bot is; the first call of all, which finds out
// whether the token is right.
func (c *Client) Application(ctx context.Context) (*Application, error) {
	app := &Application{}
	q := &call{method: http.MethodGet, route: "/applications/@me", path: "/applications/@me", asBot: true, tries: 5}
	if _, err := c.do(ctx, q, app); err != nil {
		return nil, err
	}
	return app, nil
}

// commands is a call on the commands of everybody, or of a server.
func commands(method, app, guild, query string, body any) *call {
	q := &call{method: method, route: "/applications/{app}/commands", path: "/applications/" + url.PathEscape(app) + "/commands" + query, asBot: true, body: body}
	if guild != "" {
		q.route = "/applications/{app}/guilds/{guild}/commands"
		q.path = "/applications/" + url.PathEscape(app) + "/guilds/" + url.PathEscape(guild) + "/commands" + query
		q.major = guild
	}
	return q
}

// Commands are those registered, with all their languages; guild "" is
// everywhere.
func (c *Client) Commands(ctx context.Context, app, guild string) ([]*discordgo.ApplicationCommand, error) {
	var list []*discordgo.ApplicationCommand
	_, err := c.do(ctx, commands(http.MethodGet, app, guild, "?with_localizations=true", nil), &list)
	return list, err
}

// PutCommands registers the commands in place of all that were.
func (c *Client) PutCommands(ctx context.Context, app, guild string, list []*discordgo.ApplicationCommand) error {
	_, err := c.do(ctx, commands(http.MethodPut, app, guild, "", plainCommands(list, guild == "")), nil)
	return err
}
