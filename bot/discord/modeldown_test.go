package discord

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"verbatim/bot"
	"verbatim/bot/discord/discordtest"
	"verbatim/bot/model"
	"verbatim/bot/model/modeltest"
	"verbatim/retrieval"
)

// TestModelKilled: of 200 questions, in every way there is, the model dies at the
// sixtieth call. Every question is answered within its time, by the model or in
// the transcript's own words; nothing is left thinking, no draft stays, and no
// goroutine or connection is left.
func TestModelKilled(t *testing.T) {
	const questions, atOnce, killed = 200, 24, 60
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 64
	// Requests with the bot's token come to 45 a second, which is for answers
	// rather than for drafts.
	w := newWorld(t, func(o *Options) {
		o.HTTP, o.PerServer, o.EditGap = &http.Client{Transport: transport}, 16, 200*time.Millisecond
	},
		discordtest.Options{NoRateLimits: true, NoSchema: true, EditBudget: discordtest.Bucket{Limit: 1000, Per: time.Second}})
	server := w.useModel(func(r modeltest.Request) modeltest.Reply {
		reply := parrot(r)
		reply.PieceDelay = 2 * time.Millisecond
		return reply
	}, model.Options{Parallel: 8, FirstToken: 5 * time.Second, Total: 10 * time.Second})
	server.KillAt(killed)
	var channels []*discordtest.Channel
	for n := range 4 {
		g := w.Guild(fmt.Sprint("server ", n))
		s := bot.DefaultSettings()
		s.CooldownSeconds, s.UserPerDay = 0, 0
		if err := w.bot.SaveSettings(t.Context(), retrieval.Scope(g.ID), s); err != nil {
			t.Fatal(err)
		}
		channels = append(channels, g.Channel("general"))
	}
	// What answers without a model leave open is no leak.
	for n := range 8 {
		w.User(fmt.Sprint("early ", n)).In(channels[n%4]).Slash("help").Wait()
	}
	before := w.goroutines(transport)
	replies := make([]*discordtest.Reply, questions)
	var askers errgroup.Group
	askers.SetLimit(atOnce)
	for n := range replies {
		askers.Go(func() error {
			user := w.User(fmt.Sprint("user ", n))
			question := fmt.Sprintf("Who went to Pyongyang in 2023, asks %d?", n)
			in := user.In(channels[n%4])
			switch n % 10 {
			case 0:
				replies[n] = in.Mention(question)
			case 1:
				replies[n] = user.DM(question)
			default:
				replies[n] = in.Slash("ask", opt("question", question), opt("private", n%3 == 0))
			}
			whole(replies[n])
			return nil
		})
	}
	if err := askers.Wait(); err != nil {
		t.Fatal(err)
	}
	w.until("end of all work", func() bool {
		w.adapter.life.Lock()
		defer w.adapter.life.Unlock()
		return w.adapter.inFlight == 0
	})
	written, own := 0, 0
	for n, r := range replies {
		text := r.Text()
		switch {
		case r.Answers() != 1 || r.Loading() || isDraft(text):
			t.Errorf("question %d has %d messages, thinking %v:\n%s", n, r.Answers(), r.Loading(), text)
		case strings.Contains(text, "Written by modeltest"):
			written++
		case strings.Contains(text, "In the transcript’s own words") && strings.Contains(text, "The language model"):
			own++
		default:
			t.Errorf("question %d has the answer\n%s", n, text)
		}
	}
	if written == 0 || own < questions-killed {
		t.Errorf("%d answers by the model and %d without, of a model that died at call %d", written, own, killed)
	}
	if left := w.Unanswered(); len(left) > 0 {
		t.Errorf("left unanswered: %+v", left)
	}
	w.chat.Close()
	w.until("end of the goroutines", func() bool { return w.goroutines(transport) <= before })
	t.Logf("%d answers by the model, %d without; %d calls; goroutines %d before and %d after", written, own, server.Calls(), before, runtime.NumGoroutine())
}

// goroutines counts them, without those of connections that wait for use.
func (w *world) goroutines(transport *http.Transport) int {
	transport.CloseIdleConnections()
	return runtime.NumGoroutine()
}
