package discord

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"verbatim/bot/discord/gateway"
	"verbatim/bot/discord/rest"
)

// start makes the first contact: who the bot is, its settings, its commands.
func (a *Adapter) start(ctx context.Context) error {
	app, err := a.rest.Application(ctx)
	if err != nil {
		return fmt.Errorf("connect to Discord: %w", err)
	}
	a.app = app.ID
	invite := inviteLink(a.app)
	a.invite.Store(&invite)
	if err := a.bot.LoadSettings(ctx); err != nil {
		return err
	}
	if err := a.bot.LoadThreads(ctx); err != nil {
		return err
	}
	if err := a.bot.LoadUsage(ctx, a.now()); err != nil {
		return err
	}
	if len(a.options.ShardIDs) == 0 || slices.Contains(a.options.ShardIDs, 0) {
		_, byUsers := app.Installs["1"]
		changed, err := a.registerCommands(ctx, a.options.GuildID, byUsers)
		if err != nil {
			return err
		}
		a.log.Info("commands are registered", "guild", a.options.GuildID, "changed", changed)
	}
	if app.InteractionsURL != "" {
		a.options.Notice("The application has an Interactions Endpoint URL, so that commands go there and not here: take it out in the developer portal.")
	}
	a.options.Notice(fmt.Sprintf("Connecting to Discord as %s.", app.Name))
	a.options.Notice("To add the bot to a server, open " + invite)
	return nil
}

// inviteLink adds the bot to a server with the permissions that it needs
// [https://docs.discord.com/developers/topics/oauth2, "Bot Authorization
// Flow", read 2026-08-06].
func inviteLink(app string) string {
	return fmt.Sprintf("https://discord.com/oauth2/authorize?client_id=%s&scope=bot+applications.commands&permissions=%d", app, uint64(neededPermissions))
}

func (a *Adapter) intents() int {
	intents := intentGuilds | intentGuildMessages | intentDirectMessages
	if a.options.MessageContent {
		intents |= intentMessageContent
	}
	return intents
}

func (a *Adapter) gatewayInfo(ctx context.Context) (*gateway.Info, error) {
	g, err := a.rest.GatewayBot(ctx)
	if errors.Is(err, rest.ErrToken) {
		return nil, fmt.Errorf("%w: %w", gateway.ErrToken, err)
	}
	if err != nil {
		return nil, err
	}
	return &gateway.Info{URL: g.URL, Shards: g.Shards, MaxConcurrency: g.MaxConcurrency, Remaining: g.Remaining, ResetAfter: g.ResetAfter}, nil
}

// activity is what the bot is shown to do; type 4 shows State alone
// [https://docs.discord.com/developers/events/gateway-events, "Activity
// Object", read 2026-08-06].
type activity struct {
	Name  string `json:"name"`
	Type  int    `json:"type"`
	State string `json:"state"`
}

// status is the presence given with IDENTIFY.
type status struct {
	Since      *int       `json:"since"`
	Activities []activity `json:"activities"`
	Status     string     `json:"status"`
	AFK        bool       `json:"afk"`
}

func presence(chat Chat) status {
	state := "/ask · answers in the exact words"
	if chat.Model != "" {
		state = "/ask · every sentence checked"
	}
	return status{Status: "online", Activities: []activity{{Name: "Verbatim", Type: 4, State: state}}}
}
