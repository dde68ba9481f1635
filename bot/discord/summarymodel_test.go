package discord

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"verbatim/bot/discord/discordtest"
	"verbatim/bot/model/modeltest"
)

// TestSummariesByModel: pages of a model's summary are made once, and say what
// made them.
func TestSummariesByModel(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Chat = small }, discordtest.Options{NoRateLimits: true, EditBudget: discordtest.Bucket{Limit: 1000, Per: time.Second}})
	g := w.Guild("friends")
	w.forgetCooldown(g)
	var hold atomic.Pointer[chan struct{}]
	var since atomic.Int32 // calls since there is something to hold
	server := w.useModel(func(r modeltest.Request) modeltest.Reply {
		var lines []string
		for _, p := range passages(r.User()) {
			lines = append(lines, strings.TrimRight(p[1], ".!?")+" ["+p[0]+"].")
		}
		reply := modeltest.Reply{Text: strings.Join(lines, "\n")}
		if wait := hold.Load(); wait != nil && since.Add(1) > 2 { // a part, and what mends it
			reply.Hold = *wait
		}
		return reply
	})
	ann := w.User("ann").In(g.Channel("general"))
	r := ann.Slash("summary", opt("style", "detailed")).WaitFor("summary", func(r *discordtest.Reply) bool { return r.Button("Ask about it") != nil })
	says(t, r, "Written by modeltest", "lines read")
	calls := server.Calls()
	if calls == 0 {
		t.Fatal("the model was not asked")
	}
	if r.Button("Next") == nil {
		t.Fatalf("one page only:\n%s", r.Text())
	}
	says(t, r.Press("Next").Wait(), "Written by modeltest", "Page 2")
	if got := server.Calls(); got != calls {
		t.Errorf("turning the page took %d calls to the model", got-calls)
	}
	// Another style takes the place of this one, and shows how far it is.
	wait := make(chan struct{})
	hold.Store(&wait)
	chapters := r.Press("Chapters").WaitText("Summing up: ")
	close(wait)
	chapters.WaitText("Written by modeltest")
	says(t, chapters, "Chapters")
	lacks(t, chapters, "Summing up")
}
