package discord

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"verbatim/bot/discord/discordtest"
	"verbatim/bot/model"
	"verbatim/bot/model/modeltest"
)

// BenchmarkFirstDraft measures from the moment in which the model's server
// begins to send its first words until Discord has the draft that shows them,
// with Discord's rate limits and the gaps between edits of a bot that is not
// tested: for a command, a mention, somebody who waited in the queue too shortly
// to be told his place, somebody who was told it, and ten questions at once.
func BenchmarkFirstDraft(b *testing.B) {
	for _, test := range []struct {
		name string
		at   int // questions at once
		ask  func(*discordtest.Actor, string) *discordtest.Reply
	}{
		{"command", 1, func(a *discordtest.Actor, q string) *discordtest.Reply { return a.Slash("ask", opt("question", q)) }},
		{"mention", 1, (*discordtest.Actor).Mention},
		{"queued", 1, nil},
		{"place", 1, nil},
		{"ten", 10, func(a *discordtest.Actor, q string) *discordtest.Reply { return a.Slash("ask", opt("question", q)) }},
	} {
		b.Run(test.name, func(b *testing.B) {
			w := newWorld(b, func(o *Options) { o.EditGap, o.PerServer = 0, test.at }, discordtest.Options{NoSchema: true})
			begin := make(chan chan struct{}) // a call that has come hands over what it waits for
			w.useModel(func(r modeltest.Request) modeltest.Reply {
				reply, hold := parrot(r), make(chan struct{})
				reply.Hold, reply.PieceDelay = hold, 50*time.Millisecond
				begin <- hold
				return reply
			}, model.Options{Parallel: test.at})
			var took []time.Duration
			gap := time.Hour // the least between two edits of one message, that of the answer included
			n := 0
			asker := func() (*discordtest.Actor, string) {
				n++
				return w.User(fmt.Sprint("user ", n)).In(w.Guild(fmt.Sprint("server ", n)).Channel("general")), fmt.Sprintf("Who went to Pyongyang in 2023, asks %d?", n)
			}
			for b.Loop() {
				var replies []*discordtest.Reply
				var holds []chan struct{}
				for range test.at {
					actor, question := asker()
					if test.ask == nil { // somebody else is asking there already
						ahead := actor.Slash("ask", opt("question", question))
						ahead.WaitAck()
						hold := <-begin
						n++
						r := w.User(fmt.Sprint("user ", n)).In(w.Guild(fmt.Sprint("server ", n-1)).Channel("general")).Slash("ask", opt("question", question+" And when?"))
						if test.name == "place" {
							r.WaitText("Place 1 in the queue")
						} else {
							w.until("question waiting", func() bool { return w.adapter.queue.waiting() == 1 })
						}
						replies = append(replies, r)
						close(hold)
					} else {
						replies = append(replies, test.ask(actor, question))
					}
					holds = append(holds, <-begin)
				}
				began := time.Now()
				for _, hold := range holds {
					close(hold)
				}
				for _, r := range replies {
					whole(r)
					states := r.Message().States
					first := slices.IndexFunc(states, func(s discordtest.State) bool { return isDraft(s.Text) })
					if first < 0 {
						continue
					}
					took = append(took, states[first].At.Sub(began))
					for i := range states[first+1:] {
						gap = min(gap, states[first+1+i].At.Sub(states[first+i].At))
					}
				}
			}
			reportShares(b, "first", took, 0.5, 0.99)
			b.ReportMetric(gap.Seconds(), "s-least-gap")
		})
	}
}
