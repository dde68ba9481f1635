// Package web serves Verbatim in a browser: the transcript page that a citation
// opens, a page to ask on, and what an operator watches (/healthz, /metrics).
//
// [New] makes a server of a bot, [Server.Handler] is all of it, [Server.Serve]
// serves it until its context ends. Pages are plain HTML made on the server;
// the script makes them better and is not needed. Everybody may see the
// episodes of the public scope; those of a Discord server open with a link that
// the bot has signed, see [bot.Bot.PageLink]. Nothing is fetched from elsewhere
// but the episode's audio, when somebody plays it.
package web
