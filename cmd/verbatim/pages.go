package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"verbatim/bot"
	"verbatim/bot/discord"
	"verbatim/bot/discord/gateway"
	"verbatim/bot/web"
)

// pagesConfig is what concerns the pages for a browser.
type pagesConfig struct {
	// Addr is host and port, "" for no pages.
	Addr string
	// PublicURL is where people reach them, without a slash at its end; "" is
	// not known.
	PublicURL string
}

// pagesSettings are those of the pages.
func pagesSettings() []setting {
	return []setting{
		{
			Flag: "http-addr", Env: "HTTP_ADDR", Default: "127.0.0.1:8080", EmptyIsNone: true,
			Unit: "host:port|off", Example: "127.0.0.1:8080",
			Usage: "where the pages for a browser are served, a host of 0.0.0.0 being every address of this machine; off, or set to nothing, for no pages",
		},
		{
			Flag: "public-url", Env: "PUBLIC_URL",
			Unit: "URL", Example: "https://verbatim.example",
			Usage: "address under which people reach the pages, so that citations in Discord open there; docs/pages.md says how and who sees what",
		},
	}
}

// maxPublicURL leaves room for the rest of a link in what Discord opens, in
// characters.
const maxPublicURL = 150

// newPagesConfig reads the settings of the pages.
func newPagesConfig(values map[string]string) (pagesConfig, error) {
	p := pagesConfig{Addr: strings.TrimSpace(values["http-addr"]), PublicURL: strings.TrimRight(strings.TrimSpace(values["public-url"]), "/")}
	if strings.EqualFold(p.Addr, "off") {
		p.Addr = ""
	}
	if p.Addr != "" {
		_, port, err := net.SplitHostPort(p.Addr)
		if n, convErr := strconv.Atoi(port); err != nil || convErr != nil || n < 0 || n > 65535 {
			return p, settingError("http-addr", "want an address and a port such as 127.0.0.1:8080, or off")
		}
	}
	if p.PublicURL != "" {
		u, err := url.Parse(p.PublicURL)
		if err != nil || !isWebAddress(p.PublicURL) || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || len(p.PublicURL) > maxPublicURL {
			return p, settingError("public-url", "want a URL without a path, such as https://verbatim.example")
		}
	}
	return p, nil
}

// listen opens the door of the pages; nil for no pages. It is the first that
// serve does, so that one that cannot be opened is told of before anything else
// happens.
func (c *call) listen(ctx context.Context) (net.Listener, error) {
	addr := c.config.Pages.Addr
	if addr == "" {
		return nil, nil
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	switch {
	case err == nil:
		return l, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, withHint(fmt.Errorf("serve: another program listens at %s, where the pages are to be", plain(addr)),
			"set HTTP_ADDR to another port, such as 127.0.0.1:8081, or to off for no pages; the other may be a verbatim that runs already, or a model's server")
	}
	var inner *net.OpError
	if errors.As(err, &inner) {
		err = inner.Err
	}
	return nil, withHint(fmt.Errorf("serve: no pages at %s: %w", plain(addr), err),
		"set HTTP_ADDR to an address of this machine and a port that you may use, such as 127.0.0.1:8080, or to off for no pages")
}

// webServer makes the server of the pages; a is nil without Discord.
func (c *call) webServer(l *library, a *discord.Adapter) (*web.Server, error) {
	o := web.Options{Model: c.config.Chat.Model, PublicURL: c.config.Pages.PublicURL, Log: c.log}
	if a != nil {
		o.Invite, o.Queue, o.Discord = a.Invite, a.Queue, func() []web.Shard { return shardsOf(a) }
	}
	return web.New(l.bot, o)
}

// shardsOf are the connections to Discord as the pages tell of them.
func shardsOf(a *discord.Adapter) []web.Shard {
	states := a.Shards()
	shards := make([]web.Shard, len(states))
	for i, s := range states {
		shards[i] = web.Shard{ID: s.Shard, Ready: s.Status == gateway.StatusReady, Status: string(s.Status), Since: s.Since, Latency: s.Latency, Guilds: s.Guilds}
	}
	return shards
}

// tellPages says where the pages are and, without Discord, how to get there.
func (c *call) tellPages(l net.Listener) {
	address := "http://" + l.Addr().String()
	if host, port, err := net.SplitHostPort(l.Addr().String()); err == nil && net.ParseIP(host).IsUnspecified() {
		address = "http://localhost:" + port
	}
	if base := c.config.Pages.PublicURL; base != "" {
		address += ", for people " + base
	}
	c.ui.notef("Ask and read in a browser: %s", address)
	if c.config.Discord.Token == "" {
		c.ui.notef("No DISCORD_TOKEN is set, so this is all. docs/discord-setup.md says how to add the bot to Discord in five minutes.")
	}
}

// usageEvery is how often what was used is written where no adapter does it.
const usageEvery = 10 * time.Second

// keepUsage loads what was used today, and writes it now and then until stop.
func (c *call) keepUsage(ctx context.Context, b *bot.Bot) (stop func(), err error) {
	if err := b.LoadUsage(ctx, time.Now()); err != nil {
		return nil, c.hinted(err)
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(usageEvery)
		defer ticker.Stop()
		for {
			last := false
			select {
			case <-ctx.Done():
				last = true
			case <-ticker.C:
			}
			write, cancel := context.WithTimeout(context.WithoutCancel(ctx), usageEvery/2)
			if err := b.FlushUsage(write); err != nil {
				c.log.Error("write usage", "error", err)
			}
			cancel()
			if last {
				return
			}
		}
	}()
	return func() { cancel(); <-done }, nil
}
