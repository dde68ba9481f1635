// Package rest is Discord's REST API as far as the bot uses it, on the client
// of discordgo: [New] makes a [Client], whose methods are one call each, and
// [Client.Coalesced] an [Editor] for an answer that changes often,
// [Client.DraftIn] one for a message in a channel.
//
// discordgo builds, signs and sends requests. Waiting for rate limits and
// repeating what failed is ours: discordgo v0.29.0 keeps one bucket for the
// edits of all interactions and holds its lock while a request is under way,
// sleeps without looking at the context, repeats 429 for ever and 500, 503 and
// 504 never, and keeps a bucket for each token that ever was (its issues 1384,
// 1333, 1011 and 1586). So every request gets a bucket of its own there, which
// never waits.
//
// Every message that is created or edited is sent with allowed_mentions that
// ping nobody. No token is ever part of an error or of a log line.
package rest
