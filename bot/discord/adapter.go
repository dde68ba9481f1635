package discord

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"verbatim/bot"
	"verbatim/bot/discord/gateway"
	"verbatim/bot/discord/render"
	"verbatim/bot/discord/rest"
	"verbatim/bot/discord/wire"
)

// Gateway intents [https://docs.discord.com/developers/events/gateway, read
// 2026-08-06]: servers, messages that mention the bot, and direct messages.
// Interactions need none.
const (
	intentGuilds         = 1 << 0
	intentGuildMessages  = 1 << 9
	intentDirectMessages = 1 << 12
	intentMessageContent = 1 << 15 // privileged
)

const (
	// defaultDrain is how long answers in the making may take once the
	// program was told to stop.
	defaultDrain = 20 * time.Second
	// defaultAnswerTime bounds the work on one question.
	defaultAnswerTime = 2 * time.Minute
	// lastWord is the time for telling those whose answers were cut off.
	lastWord = 3 * time.Second
	// maxInFlight bounds what is acknowledged and not finished, of all
	// servers; beyond, people are told to try again.
	maxInFlight = 2000
	// defaultNoticeTime is enough to read a sentence or two.
	defaultNoticeTime = 15 * time.Second
	// defaultFlushEvery loses little and writes little.
	defaultFlushEvery = 10 * time.Second
)

// Chat is a language model, as people are told of it.
type Chat = render.Chat

// Options are the choices in connecting to Discord. Token is required; the
// zero value of all else works.
type Options struct {
	// Token is the bot's, without the word "Bot" before it.
	Token string
	// APIBase is the address of the REST API, such as
	// "http://127.0.0.1:8080/api/v9"; "" is Discord's.
	APIBase string
	// CDNBase names one more host that attachments may be fetched from.
	CDNBase string
	// GuildID registers the commands in that server at once instead of
	// everywhere.
	GuildID string
	// MessageContent asks for the privileged intent of that name: then every
	// message in a thread that the bot opened is taken for a question.
	MessageContent bool
	// Endpoint says that questions are embedded by an endpoint, for /privacy.
	Endpoint bool
	// Chat is the language model that the bot was given, for /settings, /privacy
	// and /help; the zero value is none.
	Chat Chat
	// ShardIDs of ShardCount are this process's; empty is all, and as many as
	// Discord advises.
	ShardIDs   []int
	ShardCount int
	// PerServer is how many questions of one server are at work at once; 0 is
	// 4.
	PerServer int
	// Drain is how long answers in the making may take after Run's context
	// ends; 0 is 20 s.
	Drain time.Duration
	// AnswerTime bounds the work on one question; 0 is 2 minutes.
	AnswerTime time.Duration
	// Version is the program's.
	Version string
	// NoticeEvery is how long an author of messages is told nothing again who
	// may not ask, or wrote no question; 0 is a minute.
	NoticeEvery time.Duration
	// Log gets what an operator may want to look up; nil discards it.
	Log *slog.Logger
	// Notice prints a line for the operator; nil discards it.
	Notice func(line string)
	// HTTP makes the REST calls; nil is a client of its own.
	HTTP *http.Client
	// AckTime is how long after an event its first answer may come; 0 is 2.5 s.
	// More is for tests on slow machines.
	AckTime time.Duration
	// Tune changes the gateway's options before it connects; for tests.
	Tune func(*gateway.Options)
	// EditGap is the least time between two edits of one message; 0 is 1.2 s.
	EditGap time.Duration
	// NoticeTime is how long an error stands in a channel when its asker takes
	// no direct messages; 0 is 15 s.
	NoticeTime time.Duration
	// FlushEvery is how often the counts of questions are written, of which a
	// process that is killed loses those since; 0 is 10 s.
	FlushEvery time.Duration
	// after is time.After, for tests.
	after func(time.Duration) <-chan time.Time
}

// Adapter connects a bot to Discord. Make it with [New].
type Adapter struct {
	options Options
	bot     *bot.Bot
	rest    *rest.Client
	fetcher *fetcher
	log     *slog.Logger
	queue   *queue
	adding  *queue // uploads: one at a time in a server
	summing *queue // summaries by a language model
	guilds  *guilds
	events  recent[struct{}]  // IDs of interactions and messages
	locales recent[string]    // users' languages, by user
	noticed recent[time.Time] // authors of messages who were told something just now
	setting sync.Mutex        // held while a setting is read, changed and saved
	now     func() time.Time

	app     string                 // application ID
	invite  atomic.Pointer[string] // address that adds the bot to a server
	gateway atomic.Pointer[gateway.Client]
	self    atomic.Pointer[wire.User]

	// base ends when answers in the making must stop.
	base   context.Context
	cancel context.CancelFunc

	life     sync.Mutex
	draining bool
	stopping chan struct{} // closed with draining
	inFlight int
	jobs     sync.WaitGroup
	refusals sync.WaitGroup // those told that they came too late
	refused  chan struct{}  // closed when Discord refuses the token

	stats Stats
}

// Stats counts what became of events since the start.
type Stats struct {
	// Answered counts interactions and messages that got their answer, be it
	// an error; Duplicates events that came again; Panics handlers that
	// panicked.
	Answered, Duplicates, Panics atomic.Int64
	// Expired counts interactions whose 15 minutes (or first 3 seconds) ran
	// out, so that no answer was possible there.
	Expired atomic.Int64
	// Fallbacks counts answers that went to the channel because the
	// interaction had expired.
	Fallbacks atomic.Int64
}

// New makes an adapter for a bot that has records (bot.UseRecords). It does
// not connect yet. An error names the option that is wrong.
func New(b *bot.Bot, o Options) (*Adapter, error) {
	if o.Token == "" {
		return nil, errors.New("no Discord token")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Notice == nil {
		o.Notice = func(string) {}
	}
	if o.Drain <= 0 {
		o.Drain = defaultDrain
	}
	if o.AnswerTime <= 0 {
		o.AnswerTime = defaultAnswerTime
	}
	if o.AckTime <= 0 {
		o.AckTime = defaultAckTime
	}
	if o.after == nil {
		o.after = time.After
	}
	if o.NoticeTime <= 0 {
		o.NoticeTime = defaultNoticeTime
	}
	if o.FlushEvery <= 0 {
		o.FlushEvery = defaultFlushEvery
	}
	if o.NoticeEvery <= 0 {
		o.NoticeEvery = noticedFor
	}
	fetcher, err := newFetcher(o.CDNBase)
	if err != nil {
		return nil, err
	}
	refused := make(chan struct{})
	client, err := rest.New(rest.Options{
		Token: o.Token, BaseURL: o.APIBase, HTTP: o.HTTP, Log: o.Log, Version: o.Version, EditGap: o.EditGap, RespondTry: o.AckTime / 2,
		Refused: func() { close(refused) },
	})
	if err != nil {
		return nil, err
	}
	a := &Adapter{
		options: o, bot: b, rest: client, fetcher: fetcher, log: o.Log,
		queue: newQueue(o.PerServer), adding: newQueue(1), summing: newQueue(o.PerServer), guilds: newGuilds(), now: time.Now,
		events: recent[struct{}]{keep: seenFor}, locales: recent[string]{keep: localeFor}, noticed: recent[time.Time]{keep: o.NoticeEvery},
		stopping: make(chan struct{}), refused: refused,
	}
	a.base, a.cancel = context.WithCancel(context.Background())
	return a, nil
}

// Stats are the adapter's own, to be read while it runs.
func (a *Adapter) Stats() *Stats { return &a.stats }

// Shards tells how the connections to Discord fare; nil before there are any.
func (a *Adapter) Shards() []gateway.State {
	if client := a.gateway.Load(); client != nil {
		return client.States()
	}
	return nil
}

// Queue tells how many questions are at work and how many wait for their turn.
func (a *Adapter) Queue() (running, waiting int) { return a.queue.sum() }

// Invite is the address that adds the bot to a server, "" before Discord has
// told which bot it is.
func (a *Adapter) Invite() string {
	if address := a.invite.Load(); address != nil {
		return *address
	}
	return ""
}

// Run connects and serves until ctx ends; then it takes nothing new, finishes
// what is in the making for at most Options.Drain, and closes. Errors that no
// retry mends are those of package gateway and [rest.ErrToken]; anything else
// is an error of the first contact, before anything was served.
func (a *Adapter) Run(ctx context.Context) error {
	defer a.cancel()
	if err := a.start(ctx); err != nil {
		return err
	}
	connection, disconnect := context.WithCancel(context.WithoutCancel(ctx))
	defer disconnect()
	options := gateway.Options{
		Token: a.options.Token, URL: a.gatewayInfo, Intents: a.intents(), Presence: presence(a.options.Chat),
		ShardIDs: a.options.ShardIDs, ShardCount: a.options.ShardCount, Handle: a.handle, Log: a.log,
	}
	if a.options.Tune != nil {
		a.options.Tune(&options)
	}
	client, err := gateway.New(options)
	if err != nil {
		return err
	}
	a.gateway.Store(client)
	ended, flushed := make(chan error, 1), make(chan struct{})
	go func() { ended <- client.Run(connection) }()
	go func() { defer close(flushed); a.flushUsage(connection) }()
	select {
	case <-ctx.Done():
		a.drain()
		disconnect()
		err = <-ended
	case <-a.refused: // the gateway may live on, but nothing can be sent
		a.drain()
		disconnect()
		<-ended
		err = rest.ErrToken
	case err = <-ended:
		a.drain()
		disconnect()
	}
	<-flushed
	a.refusals.Wait()
	a.finish()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// drain takes nothing new and waits for what is in the making.
func (a *Adapter) drain() {
	a.life.Lock()
	if !a.draining {
		close(a.stopping)
	}
	a.draining = true
	a.life.Unlock()
	done := make(chan struct{})
	go func() { a.jobs.Wait(); close(done) }()
	timer := time.NewTimer(a.options.Drain)
	defer timer.Stop()
	select {
	case <-done:
		return
	case <-timer.C:
	}
	a.log.Warn("stopping with answers unfinished", "waiting", a.queue.waiting())
	a.cancel() // whoever waits says that it was cut off
	last := time.NewTimer(2 * lastWord)
	defer last.Stop()
	select {
	case <-done:
	case <-last.C:
	}
}

// flushUsage writes the counts of questions now and then until ctx ends.
func (a *Adapter) flushUsage(ctx context.Context) {
	ticker := time.NewTicker(a.options.FlushEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if err := a.bot.FlushUsage(ctx); err != nil && ctx.Err() == nil {
			a.log.Error("write usage", "error", err)
		}
	}
}

// finish writes what is kept in memory.
func (a *Adapter) finish() {
	ctx, cancel := context.WithTimeout(context.Background(), lastWord)
	defer cancel()
	if err := a.bot.FlushUsage(ctx); err != nil {
		a.log.Error("write usage", "error", err)
	}
}

// begin counts a job in; the caller must call end. It fails when the bot is
// stopping or has too much in flight.
func (a *Adapter) begin() error {
	a.life.Lock()
	defer a.life.Unlock()
	switch {
	case a.draining:
		return errStopping
	case a.inFlight >= maxInFlight:
		return errBusy
	}
	a.inFlight++
	a.jobs.Add(1)
	return nil
}

func (a *Adapter) end() {
	a.life.Lock()
	a.inFlight--
	a.life.Unlock()
	a.jobs.Done()
}

// errStopping is what people are told while the bot stops.
var errStopping = errors.New("the bot is stopping")
