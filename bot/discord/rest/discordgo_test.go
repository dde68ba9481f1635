package rest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bwmarrin/discordgo"
)

// These tests hold plain discordgo v0.29.0 to the faults for which this package
// waits and repeats by itself and has types of its own. One that fails says
// that a fault is mended, and that the way around it is to be looked at anew.

func newPlain(t *testing.T, f func(n int, r sent) answer) (*discordgo.Session, *network) {
	t.Helper()
	n := &network{t: t, answer: f}
	session, err := discordgo.New("Bot " + botToken)
	if err != nil {
		t.Fatal(err)
	}
	session.LogLevel = -1
	session.Client = &http.Client{Transport: n}
	return session, n
}

func plainEdit(s *discordgo.Session, token string, options ...discordgo.RequestOption) error {
	content := "hi"
	_, err := s.InteractionResponseEdit(&discordgo.Interaction{AppID: "2", Token: token}, &discordgo.WebhookEdit{Content: &content}, options...)
	return err
}

// While one token's edit is stuck, no other token's gets through.
func TestDiscordgoSharesOneBucket(t *testing.T) {
	arrived := make(chan string, 10)
	release := make(chan struct{})
	s, _ := newPlain(t, func(_ int, r sent) answer {
		arrived <- r.path
		if strings.Contains(r.path, "stuck") {
			<-release
		}
		return message
	})
	ended := make(chan error, 2)
	go func() { ended <- plainEdit(s, "stuck") }()
	<-arrived
	go func() { ended <- plainEdit(s, "other") }()
	select {
	case path := <-arrived:
		t.Errorf("fault mended: %s gets through beside a stuck edit", path)
	case <-time.After(300 * time.Millisecond):
	}
	close(release)
	for range 2 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

func TestDiscordgoRepeats502Alone(t *testing.T) {
	for status, want := range map[int]int{500: 1, 502: 4, 503: 1, 504: 1} {
		s, n := newPlain(t, always(answer{status: status}))
		if err := plainEdit(s, "t"); err == nil {
			t.Errorf("no error with status %d", status)
		}
		if got := len(n.all()); got != want {
			t.Errorf("fault mended: %d tries with status %d, want %d", got, status, want)
		}
	}
	s, n := newPlain(t, always(answer{err: errCut}))
	_ = plainEdit(s, "t")
	if got := len(n.all()); got != 1 {
		t.Errorf("fault mended: %d tries where the connection is cut", got)
	}
}

// The context is over, and still it sleeps for as long as Discord said; and it
// would do so without end.
func TestDiscordgoSleepsOverContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answers := append(repeated(limited("60", nil), 30), message)
		s, n := newPlain(t, inTurn(answers...))
		began := time.Now()
		if err := plainEdit(s, "t"); err != nil || len(n.all()) != 31 {
			t.Errorf("fault mended: 429 is repeated %d times, then %v", len(n.all())-1, err)
		}
		if took := time.Since(began); took != 30*time.Minute {
			t.Errorf("fault mended: slept %v", took)
		}
		s, _ = newPlain(t, inTurn(limited("60", nil), message))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began = time.Now()
		_ = plainEdit(s, "t", discordgo.WithContext(ctx))
		if took := time.Since(began); took != time.Minute {
			t.Errorf("fault mended: returned %v after the start, the context ended after 1s", took)
		}
	})
}

func repeated(a answer, n int) []answer {
	list := make([]answer, n)
	for i := range list {
		list[i] = a
	}
	return list
}

func TestDiscordgoKeepsBucketOfEachToken(t *testing.T) {
	s, _ := newPlain(t, always(answer{status: 204}))
	for i := range 100 {
		err := s.InteractionRespond(&discordgo.Interaction{ID: "1", Token: fmt.Sprint("token", i)}, &discordgo.InteractionResponse{Type: 5})
		if err != nil {
			t.Fatal(err)
		}
	}
	if kept := reflect.ValueOf(s.Ratelimiter).Elem().FieldByName("buckets").Len(); kept < 100 {
		t.Errorf("fault mended: %d buckets are kept for 100 tokens", kept)
	}
}

// Its limiter knows buckets by address: that of another route's answer, though
// named the same and empty, is not heeded.
func TestDiscordgoIgnoresBucketNames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := newPlain(t, func(int, sent) answer {
			a := message
			a.header = limits("same", 1, 0, "60")
			return a
		})
		began := time.Now()
		if err := plainEdit(s, "t"); err != nil {
			t.Fatal(err)
		}
		i := &discordgo.Interaction{AppID: "2", Token: "t"}
		if _, err := s.FollowupMessageCreate(i, true, &discordgo.WebhookParams{Content: "hi"}); err != nil {
			t.Fatal(err)
		}
		if time.Since(began) != 0 {
			t.Error("fault mended: X-RateLimit-Bucket is heeded")
		}
	})
}

func TestDiscordgoFailsForOddHeaders(t *testing.T) {
	a := message
	a.header = map[string]string{"X-RateLimit-Reset": "1470173023"} // and no Date
	s, _ := newPlain(t, always(a))
	if err := plainEdit(s, "t"); err == nil {
		t.Error("fault mended: a success with odd headers is a success")
	}
}

// What its types cannot say, or say too much.
func TestDiscordgoTypes(t *testing.T) {
	marshal := func(v any) string {
		t.Helper()
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	lacks := map[string]any{
		"Flags":               discordgo.WebhookEdit{}, // so a deferred answer cannot become V2
		"Nonce":               discordgo.MessageSend{},
		"EnforceNonce":        discordgo.MessageSend{},
		"AttachmentSizeLimit": discordgo.Interaction{},
	}
	for field, v := range lacks {
		if _, ok := reflect.TypeOf(v).FieldByName(field); ok {
			t.Errorf("fault mended: %T has %s", v, field)
		}
	}
	if got := marshal(discordgo.InteractionResponseData{}); !strings.Contains(got, `"content":""`) || !strings.Contains(got, `"components":null`) {
		t.Errorf("fault mended: an update leaves alone what it does not name: %s", got)
	}
	if got := marshal(discordgo.TextInput{}); !strings.Contains(got, `"label":""`) {
		t.Errorf("fault mended: a text input can go without label: %s", got)
	}
	if got := marshal(discordgo.ApplicationCommandOption{}); !strings.Contains(got, `"choices":null`) {
		t.Errorf("fault mended: an option leaves out what it has not: %s", got)
	}
	if got := marshal(discordgo.ApplicationCommandOption{MaxValue: 0}); strings.Contains(got, "max_value") {
		t.Errorf("fault mended: a greatest value of 0 can be said: %s", got)
	}
}
