package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"runtime/debug"
	"time"

	"golang.org/x/sync/errgroup"

	"verbatim/bot"
	"verbatim/bot/discord"
	"verbatim/bot/discord/gateway"
	"verbatim/bot/discord/rest"
	"verbatim/data"
	"verbatim/retrieval"
)

// runServe serves the pages and answers in Discord, or one of these, until the
// context ends.
func runServe(ctx context.Context, c *call) error {
	if c.config.Discord.Token == "" && c.config.Pages.Addr == "" {
		return &usageError{
			message: "serve: no DISCORD_TOKEN is set, and HTTP_ADDR is off",
			hint:    "docs/discord-setup.md says how to get a token in five minutes; without HTTP_ADDR=off there are pages to ask on; verbatim ask \"...\" answers here, and verbatim -h lists the commands",
		}
	}
	listener, err := c.listen(ctx)
	if err != nil {
		return err
	}
	if listener != nil {
		defer listener.Close()
	}
	l, err := c.openServing(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	l.bot.UsePages(c.config.Pages.PublicURL)
	var adapter *discord.Adapter
	if c.config.Discord.Token != "" {
		if adapter, err = c.adapter(l); err != nil {
			return err
		}
	}
	if _, err := l.bot.Tidy(ctx, time.Now()); err != nil {
		return c.hinted(err)
	}
	stop := c.purgeDaily(ctx, l)
	defer stop()
	stopChecking := c.checkModel(ctx, l)
	defer stopChecking()
	if adapter == nil { // which keeps the counts otherwise
		stop, err := c.keepUsage(ctx, l.bot)
		if err != nil {
			return err
		}
		defer stop()
	}
	return c.serveAll(ctx, l, listener, adapter)
}

// serveAll serves the pages at the listener, if it is not nil, and Discord by the
// adapter, if that is not nil, until the context or one of them ends.
func (c *call) serveAll(ctx context.Context, l *library, listener net.Listener, adapter *discord.Adapter) error {
	all, ctx := errgroup.WithContext(ctx)
	all.Go(func() error { c.countWords(ctx, l); return nil })
	if listener != nil {
		server, err := c.webServer(l, adapter)
		if err != nil {
			return err
		}
		c.tellPages(listener)
		all.Go(func() error { return server.Serve(ctx, listener) })
	}
	if adapter != nil {
		all.Go(func() error { return c.discordHint(adapter.Run(ctx)) })
	}
	return all.Wait()
}

// countWords counts the words of every scope beside all else, which the first
// question would wait for: of a thousand hours nearly a second.
func (c *call) countWords(ctx context.Context, l *library) {
	all, err := l.Scopes(ctx)
	for i := 0; i < len(all) && err == nil; i++ {
		_, err = l.Vocabulary(ctx, all[i:i+1])
	}
	if err != nil && ctx.Err() == nil { // whoever asks will be told
		c.log.Warn("count words", "error", err)
	}
}

// adapter makes the connection to Discord.
func (c *call) adapter(l *library) (*discord.Adapter, error) {
	d := &c.config.Discord
	return discord.New(l.bot, discord.Options{
		Token: string(d.Token), APIBase: d.APIBase, CDNBase: d.CDNBase, GuildID: d.GuildID, MessageContent: d.MessageContent,
		ShardIDs: d.ShardIDs, ShardCount: d.ShardCount, PerServer: d.PerServer, Version: version(), Log: c.log, Endpoint: c.config.EmbeddingModel != "", Chat: c.config.told(),
		AnswerTime: c.config.Chat.answerTime(),
		Notice:     func(line string) { c.ui.notef("%s", line) },
	})
}

// openServing opens the library to read and to add, and makes it where there
// is none. An endpoint that fails later takes the vectors from questions, not
// the answers; adding says so.
func (c *call) openServing(ctx context.Context) (*library, error) {
	m, err := c.models()
	if err != nil {
		return nil, err
	}
	down := m.answers(ctx)
	l, err := c.openFor(ctx, m, down == nil)
	if err != nil {
		return nil, err
	}
	l.bot.UseRecords(l.Library)
	if l.chat, err = c.useModel(l.bot); err != nil {
		l.Close()
		return nil, err
	}
	c.noteNoModel()
	if down != nil {
		c.ui.notef("The embedding endpoint does not answer: %v. Questions go by words alone until it does, and nothing can be added.", down)
	} else if err := c.prepare(ctx, l); err != nil {
		l.Close()
		return nil, c.hinted(err)
	}
	if err := c.forgiveQueries(l, m); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// forgiveQueries lets questions go by words alone while the endpoint fails.
// They are embedded by the model of the vectors that are there.
func (c *call) forgiveQueries(l *library, m *models) error {
	serving, dimension := l.ServingModel()
	switch {
	case serving == m.static.Model():
		l.bot.QueryEmbedder, l.bot.VectorWeight = m.static, 0
	case serving != "" && serving != m.configured.Model() && c.config.hasEndpoint():
		quick, err := c.quickEndpoint(serving)
		if err != nil {
			return err
		}
		l.bot.QueryEmbedder = bot.NewForgiving(quick, dimension, c.log)
	case m.remote():
		l.bot.QueryEmbedder = bot.NewForgiving(m.quick, dimension, c.log)
	}
	return nil
}

// prepare makes a new library worth asking.
func (c *call) prepare(ctx context.Context, l *library) error {
	added, err := l.bot.EnsureSample(ctx, data.SampleName, []byte(data.Sample))
	if err != nil {
		return err
	}
	if added {
		list, err := l.List(ctx, retrieval.Filter{Scopes: scopes})
		if err != nil {
			return err
		}
		for i := range list {
			c.ui.notef("The library is empty: added the sample episode to try. To take it out again: verbatim remove %s", list[i].ID)
		}
	}
	return nil
}

// purgeDaily deletes what has expired, once a day, until stop.
func (c *call) purgeDaily(ctx context.Context, l *library) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(24 * time.Hour)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			if _, err := l.bot.Tidy(ctx, time.Now()); err != nil && ctx.Err() == nil {
				c.log.Error("delete expired records", "error", err)
			}
		}
	}()
	return func() { cancel(); <-done }
}

// checkModel asks whether the language model answers, once and beside all else,
// since one that is loaded first may take minutes. One that does not answer
// takes nothing but its words from the answers.
func (c *call) checkModel(ctx context.Context, l *library) (stop func()) {
	if l.chat == nil {
		return func() {}
	}
	c.ui.notef("Answers are by the language model %s at %s, each sentence checked.", l.chat.Model(), c.config.endpointHost())
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := l.chat.Check(ctx); err != nil && ctx.Err() == nil {
			c.log.Warn("the language model does not answer; until it does, answers are in the transcript's own words", "error", err)
		}
	}()
	return func() { cancel(); <-done }
}

// version is the program's, as Go knows it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "0.1"
	}
	return info.Main.Version
}

// discordHint says in a sentence what is wrong with the connection, and what to
// do about it.
func (c *call) discordHint(err error) error {
	var unreachable *url.Error
	var dial *net.OpError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, rest.ErrToken), errors.Is(err, gateway.ErrToken):
		return withHint(errors.New("serve: Discord does not accept the DISCORD_TOKEN"),
			"copy the token anew: developer portal, your application, Bot, Reset Token; it is not the application ID nor the public key")
	case errors.Is(err, gateway.ErrIntents):
		return withHint(errors.New("serve: Discord refuses the intents that the bot asks for"),
			"switch Message Content Intent on in the developer portal (your application, Bot), or set DISCORD_MESSAGE_CONTENT=false")
	case errors.Is(err, gateway.ErrSharding):
		return withHint(errors.New("serve: Discord refuses the number of shards"),
			"set SHARDS=auto, or SHARD_COUNT to what Discord advises for the number of servers")
	case errors.Is(err, gateway.ErrVersion):
		return withHint(errors.New("serve: Discord no longer speaks this version of its gateway"), "use a newer verbatim")
	case errors.As(err, &unreachable), errors.As(err, &dial):
		return withHint(fmt.Errorf("serve: Discord cannot be reached: %w", err),
			"look at this machine's network and name service; DISCORD_API_BASE, if set, must be right")
	}
	return err
}
