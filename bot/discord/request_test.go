package discord

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"verbatim/bot/discord/wire"
)

// tokenTap notes the tokens of interactions that are answered, as they go by.
type tokenTap struct{ tokens chan string }

// RoundTrip sends the request on.
func (t tokenTap) RoundTrip(q *http.Request) (*http.Response, error) {
	parts := strings.Split(q.URL.Path, "/")
	if n := len(parts); n > 3 && parts[n-1] == "callback" {
		t.tokens <- parts[n-2]
	}
	return http.DefaultTransport.RoundTrip(q)
}

// TestShownAfterTheQueue: what a request shows when its turn has come is seen where
// its place in the queue would have been, until the request ends.
func TestShownAfterTheQueue(t *testing.T) {
	tap := tokenTap{make(chan string, 100)}
	w := newWorld(t, func(o *Options) { o.PerServer, o.HTTP = 1, &http.Client{Transport: tap} })
	g := w.Guild("friends")
	ahead, err := w.adapter.queue.enter(t.Context(), g.ID, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	defer ahead()
	thinking := w.User("ann").In(g.Channel("general")).Slash("quote", opt("words", "Shoigu went to Pyongyang")).WaitAck()

	// Another hand on the same interaction, which waits in no line.
	r := w.adapter.newRequest(&wire.Interaction{ID: thinking.Interaction().ID, ApplicationID: w.adapter.app, Token: <-tap.tokens}, time.Now())
	r.acked, r.server = ackMessage, "nobody else"
	leave, err := r.enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	r.editor().Update(r.render().Reading(3, 7))
	thinking.WaitText(r.render().Reading(3, 7).Components[0].Components[0].Content)
	r.close()
	ahead()
	says(t, thinking.WaitText("Shoigu"), "Shoigu went to Pyongyang")
}
