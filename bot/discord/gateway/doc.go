// Package gateway keeps a bot connected to Discord's gateway: one websocket a
// shard, heartbeats, resuming, reconnecting with back-off, and the limit on
// new sessions. [New] makes a [Client], [Client.Run] works until its context
// ends or Discord closes for good, [Client.States] is for health pages.
//
// Every event goes to Options.Handle as the JSON that came, decoded by nobody
// in between. The package knows neither commands nor messages, keeps no state
// of servers, and never calls REST itself: the address comes from Options.URL.
//
// It stands in place of discordgo's gateway, whose faults cannot be mended
// from outside (docs/decisions.md). Rules are those of
// https://docs.discord.com/developers/events/gateway and
// topics/opcodes-and-status-codes (read 2026-08-06).
package gateway
