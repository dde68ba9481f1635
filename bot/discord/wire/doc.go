// Package wire is what Verbatim says to Discord and hears from it: the JSON of
// interactions, messages and components, as far as the bot uses it.
//
// It stands beside discordgo's types for three reasons: decoding tolerates
// whatever Discord adds (an unknown component does not spoil the event around
// it), edits leave alone what they do not name, and Components V2 can be
// switched on in an edit. Names and numbers are those of
// https://docs.discord.com/developers (read 2026-08-06); each type names its
// page.
package wire
