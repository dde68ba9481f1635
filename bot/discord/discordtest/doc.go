// Package discordtest is a Discord on loopback, for tests: the REST routes a
// bot uses, the gateway, the CDN, and people who talk with the bot. Nothing of
// the product is imported, so that a mistake there cannot hide here.
//
//	s := discordtest.New(t)                  // s.URL(), s.Token(), s.CDNBase()
//	... start the bot ...
//	s.WaitReady(1)
//	ch := s.Guild("friends").Channel("general")
//	ann := s.User("ann")
//	reply := ann.In(ch).Slash("ask", discordtest.Opt("question", "why?")).Wait()
//	if !strings.Contains(reply.Text(), "because") { ... }
//	private := reply.Press("Context").Wait() // by label, custom_id or emoji
//
// The server keeps the platform's rules (one first answer within three
// seconds, tokens of fifteen minutes, who sees what, permissions, rate limits)
// and checks each request against the documented limits and, where the
// official OpenAPI description is found ([FindOpenAPI]), against that. What
// breaks them is reported by t.Errorf at the end of the test, see
// [Server.Violations]. Mistakes of the test itself, such as using a command
// that was never registered, end it at once.
//
// Time can be moved by [Server.Advance]. Requests can be made to fail
// ([Server.Faults], [Server.FailNext]), the gateway to misbehave
// ([Server.DropAll], [Server.Gateway]). All methods may be called from
// several goroutines.
//
// Rules and numbers are those of https://docs.discord.com/developers (read
// 2026-08-06); what is only observed there says so.
package discordtest
