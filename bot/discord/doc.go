// Package discord puts a [bot.Bot] on Discord: it registers the commands,
// listens to the gateway, answers interactions and messages, and takes
// transcripts.
//
// [New] makes an [Adapter] and [Adapter.Run] connects and serves until its
// context ends. Every interaction is acknowledged at once, from memory alone;
// work that reads the library follows in a queue of its server. State that a
// button needs is in its custom_id or in the library, so that buttons outlive
// a restart.
//
// Who may see what is decided in one place ([Adapter.newRequest]): the scopes
// of a request are those of the server it came from and public, and nothing
// that a client sends can widen them.
package discord
