package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bwmarrin/discordgo"

	"verbatim/bot/discord/wire"
)

const mute = `"allowed_mentions":{"parse":[],"replied_user":false}`

// calls are all the calls, with the request each makes.
var calls = []struct {
	name   string
	do     func(ctx context.Context, c *Client) error
	want   string // method and path
	body   string
	asBot  bool
	answer answer
	nonce  bool
}{
	{"Respond", func(ctx context.Context, c *Client) error {
		return c.Respond(ctx, "1", hookToken, wire.Response{Type: wire.ReplyMessage, Data: &wire.Outgoing{Content: "hi", AllowedMentions: &wire.AllowedMentions{Parse: []string{"everyone"}}}})
	}, "POST /api/v9/interactions/1/" + hookToken + "/callback", `{"type":4,"data":{"content":"hi",` + mute + `}}`, false, answer{status: 204}, false},
	{"Respond with a value", func(ctx context.Context, c *Client) error {
		return c.Respond(ctx, "1", hookToken, wire.Response{Type: wire.ReplyUpdate, Data: wire.Outgoing{Content: "hi"}})
	}, "POST /api/v9/interactions/1/" + hookToken + "/callback", `{"type":7,"data":{"content":"hi",` + mute + `}}`, false, answer{status: 204}, false},
	{"Respond deferring", func(ctx context.Context, c *Client) error {
		return c.Respond(ctx, "1", hookToken, wire.Response{Type: wire.ReplyDeferred, Data: &wire.Outgoing{Flags: wire.FlagEphemeral}})
	}, "POST /api/v9/interactions/1/" + hookToken + "/callback", `{"type":5,"data":{"flags":64}}`, false, answer{status: 204}, false},
	{"Respond with a modal", func(ctx context.Context, c *Client) error {
		return c.Respond(ctx, "1", hookToken, wire.Response{Type: wire.ReplyModal, Data: &wire.Modal{CustomID: "m", Title: "t", Components: []wire.Component{}}})
	}, "POST /api/v9/interactions/1/" + hookToken + "/callback", `{"type":9,"data":{"custom_id":"m","title":"t","components":[]}}`, false, answer{status: 204}, false},
	{"EditOriginal", func(ctx context.Context, c *Client) error {
		_, err := c.EditOriginal(ctx, "2", hookToken, wire.Outgoing{Content: "hi"})
		return err
	}, "PATCH /api/v9/webhooks/2/" + hookToken + "/messages/@original", `{"content":"hi",` + mute + `}`, false, message, false},
	{"EditOriginal to V2", func(ctx context.Context, c *Client) error {
		_, err := c.EditOriginal(ctx, "2", hookToken, wire.Outgoing{Components: []wire.Component{wire.Text("x")}})
		return err
	}, "PATCH /api/v9/webhooks/2/" + hookToken + "/messages/@original", `{"flags":32768,"components":[{"type":10,"content":"x"}],` + mute + `}`, false, message, false},
	{"DeleteOriginal", func(ctx context.Context, c *Client) error { return c.DeleteOriginal(ctx, "2", hookToken) },
		"DELETE /api/v9/webhooks/2/" + hookToken + "/messages/@original", "", false, answer{status: 204}, false},
	{"FollowUp", func(ctx context.Context, c *Client) error {
		_, err := c.FollowUp(ctx, "2", hookToken, wire.Outgoing{Content: "hi", Flags: 64})
		return err
	}, "POST /api/v9/webhooks/2/" + hookToken, `{"content":"hi","flags":64,` + mute + `}`, false, message, false},
	{"EditFollowUp", func(ctx context.Context, c *Client) error {
		_, err := c.EditFollowUp(ctx, "2", hookToken, "3", wire.Outgoing{Content: "hi"})
		return err
	}, "PATCH /api/v9/webhooks/2/" + hookToken + "/messages/3", `{"content":"hi",` + mute + `}`, false, message, false},
	{"DeleteFollowUp", func(ctx context.Context, c *Client) error { return c.DeleteFollowUp(ctx, "2", hookToken, "3") },
		"DELETE /api/v9/webhooks/2/" + hookToken + "/messages/3", "", false, answer{status: 204}, false},
	{"Send", func(ctx context.Context, c *Client) error {
		_, err := c.Send(ctx, "4", wire.Outgoing{Content: "hi", Nonce: "n"})
		return err
	}, "POST /api/v9/channels/4/messages", `{"content":"hi","nonce":"n","enforce_nonce":true,` + mute + `}`, true, message, false},
	{"EditMessage", func(ctx context.Context, c *Client) error {
		_, err := c.EditMessage(ctx, "4", "5", wire.Outgoing{Content: "hi"})
		return err
	}, "PATCH /api/v9/channels/4/messages/5", `{"content":"hi",` + mute + `}`, true, message, false},
	{"DeleteMessage", func(ctx context.Context, c *Client) error { return c.DeleteMessage(ctx, "4", "5") },
		"DELETE /api/v9/channels/4/messages/5", "", true, answer{status: 204}, false},
	{"Typing", func(ctx context.Context, c *Client) error { return c.Typing(ctx, "4") },
		"POST /api/v9/channels/4/typing", "", true, answer{status: 204}, false},
	{"StartThread", func(ctx context.Context, c *Client) error {
		_, err := c.StartThread(ctx, "4", "5", "a thread")
		return err
	}, "POST /api/v9/channels/4/messages/5/threads", `{"name":"a thread","auto_archive_duration":1440}`, true, answer{status: 201, body: `{"id":"5","type":11}`}, false},
	{"OpenDM", func(ctx context.Context, c *Client) error {
		_, err := c.OpenDM(ctx, "6")
		return err
	}, "POST /api/v9/users/@me/channels", `{"recipient_id":"6"}`, true, answer{status: 200, body: `{"id":"7","type":1}`}, false},
	{"GatewayBot", func(ctx context.Context, c *Client) error {
		_, err := c.GatewayBot(ctx)
		return err
	}, "GET /api/v9/gateway/bot", "", true, answer{status: 200, body: `{"url":"wss://x"}`}, false},
	{"Application", func(ctx context.Context, c *Client) error {
		_, err := c.Application(ctx)
		return err
	}, "GET /api/v9/applications/@me", "", true, answer{status: 200, body: `{"id":"1","name":"n"}`}, false},
	{"Commands", func(ctx context.Context, c *Client) error {
		_, err := c.Commands(ctx, "2", "")
		return err
	}, "GET /api/v9/applications/2/commands?with_localizations=true", "", true, answer{status: 200, body: `[]`}, false},
	{"Commands of a server", func(ctx context.Context, c *Client) error {
		_, err := c.Commands(ctx, "2", "3")
		return err
	}, "GET /api/v9/applications/2/guilds/3/commands?with_localizations=true", "", true, answer{status: 200, body: `[]`}, false},
	{"PutCommands", func(ctx context.Context, c *Client) error { return c.PutCommands(ctx, "2", "", testCommands()) },
		"PUT /api/v9/applications/2/commands", `[{"type":3,"name":"Find","contexts":[0],"integration_types":[0,1]},` + askCommand + `]`, true, answer{status: 200, body: `[]`}, false},
	{"PutCommands of a server", func(ctx context.Context, c *Client) error { return c.PutCommands(ctx, "2", "3", testCommands()) },
		"PUT /api/v9/applications/2/guilds/3/commands", `[{"type":3,"name":"Find"},` + askCommand + `]`, true, answer{status: 200, body: `[]`}, false},
}

const askCommand = `{"type":1,"name":"ask","description":"Ask","default_member_permissions":"32","options":[{"type":4,"name":"n","description":"d","required":true,"min_value":1,"max_value":9,"choices":[{"name":"one","value":1}]}]}`

func testCommands() []*discordgo.ApplicationCommand {
	permissions, one := int64(32), 1.0
	return []*discordgo.ApplicationCommand{
		{Type: discordgo.MessageApplicationCommand, Name: "Find", Contexts: &[]discordgo.InteractionContextType{0}, IntegrationTypes: &[]discordgo.ApplicationIntegrationType{0, 1}},
		{Type: discordgo.ChatApplicationCommand, Name: "ask", Description: "Ask", DefaultMemberPermissions: &permissions, Options: []*discordgo.ApplicationCommandOption{
			{Type: discordgo.ApplicationCommandOptionInteger, Name: "n", Description: "d", Required: true, MinValue: &one, MaxValue: 9, Choices: []*discordgo.ApplicationCommandOptionChoice{{Name: "one", Value: 1}}},
		}},
	}
}

func TestCalls(t *testing.T) {
	for _, test := range calls {
		t.Run(test.name, func(t *testing.T) {
			c, n := newTest(t, always(test.answer))
			if err := test.do(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			all := n.all()
			if len(all) != 1 {
				t.Fatalf("%d requests, want one", len(all))
			}
			in := all[0]
			if in.String() != test.want {
				t.Errorf("request %s, want %s", in, test.want)
			}
			if got, want := canonical(t, in.body), canonical(t, test.body); got != want {
				t.Errorf("body\n%s, want\n%s", got, want)
			}
			auth := ""
			if test.asBot {
				auth = "Bot " + botToken
			}
			if got := in.header.Get("Authorization"); got != auth {
				t.Errorf("authorization %q, want %q", got, auth)
			}
			if got, want := in.header.Get("User-Agent"), "DiscordBot (https://github.com/verbatim-bot/verbatim, 1.2)"; got != want {
				t.Errorf("user agent %q, want %q", got, want)
			}
			if got := in.header.Get("Content-Type"); (got == "application/json") != (test.body != "") {
				t.Errorf("content type %q with body %q", got, in.body)
			}
		})
	}
}

// discordgo repeats 502 alone; a cut connection, 500, 503 and 504 it does not.
func TestRetries(t *testing.T) {
	tests := []struct {
		name  string
		first []answer
		want  []time.Duration // between the tries
	}{
		{"500 502 503 504", []answer{{status: 500}, {status: 502}, {status: 503, body: "<html>"}, {status: 504}}, []time.Duration{100, 200, 300, 400}},
		{"cut", []answer{{err: errCut}, {err: errCut}}, []time.Duration{100, 200}},
		{"cut within the answer", []answer{{status: 200, body: `{"id":`, half: true}}, []time.Duration{100}},
		{"hangs", []answer{{after: -1}}, []time.Duration{15100}},
		{"429 says when", []answer{limited("1.5", nil), limited("0.25", nil)}, []time.Duration{1500, 250}},
		{"429 by body", []answer{{status: 429, body: `{"retry_after":2.5}`}}, []time.Duration{2500}},
		{"429 without JSON", []answer{{status: 429, body: "<html>", header: map[string]string{"Retry-After": "3"}}}, []time.Duration{3000}},
		{"20 times 429", slices.Repeat([]answer{limited("1", nil)}, 20), slices.Repeat([]time.Duration{1000}, 20)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, n := newTest(t, inTurn(append(test.first, message)...))
				m, err := c.EditOriginal(t.Context(), "2", hookToken, wire.Outgoing{Content: "hi"})
				if err != nil || m.ID != "9" {
					t.Fatalf("EditOriginal = %+v, %v", m, err)
				}
				var want []time.Duration
				for _, ms := range test.want {
					want = append(want, ms*time.Millisecond)
				}
				if got := n.gaps(); !slices.Equal(got, want) {
					t.Errorf("tries after %v, want %v", got, want)
				}
			})
		})
	}
}

func TestRetriesEnd(t *testing.T) {
	tests := []struct {
		name   string
		answer answer
		tries  int
		is     func(error) bool
	}{
		{"500 for ever", answer{status: 500}, maxTries, func(err error) bool { return statusOf(err) == 500 }},
		{"502 for ever", answer{status: 502}, maxTries, func(err error) bool { return statusOf(err) == 502 }},
		{"cut for ever", answer{err: errCut}, maxTries, func(err error) bool { return errors.Is(err, errCut) }},
		{"429 for ever", limited("1", nil), maxLimited, func(err error) bool { return statusOf(err) == 429 }},
		{"429 for hours", limited("7200", nil), 1, func(err error) bool { return statusOf(err) == 429 }},
		{"400", failure(400, 50035), 1, func(err error) bool { return hasCode(err, 50035) }},
		{"403", failure(403, 50013), 1, IsForbidden},
		{"404", failure(404, 10003), 1, IsGone},
		{"DM closed", failure(403, 50007), 1, IsDMClosed},
		{"no JSON", answer{status: 403, body: "<html>"}, 1, IsForbidden},
		{"not understood", answer{status: 200, body: "<html>"}, 1, func(err error) bool { return err != nil }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, n := newTest(t, always(test.answer))
				_, err := c.Send(t.Context(), "4", wire.Outgoing{Content: "hi"})
				if !test.is(err) {
					t.Errorf("Send = %v", err)
				}
				if got := len(n.all()); got != test.tries {
					t.Errorf("%d tries, want %d", got, test.tries)
				}
				for _, in := range n.all()[1:] {
					if in.body != n.all()[0].body || !strings.Contains(in.body, `"nonce":"`) {
						t.Errorf("the body of another try differs: %s", in.body)
					}
				}
			})
		})
	}
}

func statusOf(err error) int {
	var e *Error
	if errors.As(err, &e) {
		return e.Status
	}
	return 0
}

// The context ends any wait; discordgo's sleeps do not look at it.
func TestContextEndsWaits(t *testing.T) {
	for name, a := range map[string]answer{
		"429":   limited("30", limits("b", 5, 0, "30")),
		"500":   {status: 500},
		"hangs": {after: -1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, _ := newTest(t, always(a))
				ctx, cancel := context.WithCancel(t.Context())
				began := time.Now()
				time.AfterFunc(350*time.Millisecond, cancel)
				_, err := c.Send(ctx, "4", wire.Outgoing{Content: "hi"})
				if !errors.Is(err, context.Canceled) {
					t.Errorf("Send = %v, want %v", err, context.Canceled)
				}
				if took := time.Since(began); took != 350*time.Millisecond {
					t.Errorf("returned after %v", took)
				}
				// The next one is not let wait where it cannot succeed.
				ctx, cancel = context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				began = time.Now()
				_, err = c.Send(ctx, "4", wire.Outgoing{Content: "hi"})
				if err == nil {
					t.Error("Send succeeds")
				}
				if took := time.Since(began); name == "429" && took != 0 {
					t.Errorf("waited for %v where the deadline is before the reset", took)
				}
			})
		})
	}
}

func TestTokenRefused(t *testing.T) {
	c, n := newTest(t, func(_ int, r sent) answer {
		if r.header.Get("Authorization") == "" {
			return message
		}
		return failure(401, 0)
	})
	_, err := c.Application(t.Context())
	if !errors.Is(err, ErrToken) {
		t.Errorf("Application = %v, want %v", err, ErrToken)
	}
	if _, err := c.Send(t.Context(), "4", wire.Outgoing{}); !errors.Is(err, ErrToken) {
		t.Errorf("Send = %v, want %v", err, ErrToken)
	}
	if got := len(n.all()); got != 1 {
		t.Errorf("%d requests with a refused token, want 1", got)
	}
	if _, err := c.EditOriginal(t.Context(), "2", hookToken, wire.Outgoing{}); err != nil {
		t.Errorf("an interaction's call fails: %v", err)
	}
}

func TestExpiredInteractionIsNoRefusedToken(t *testing.T) {
	for _, a := range []answer{failure(401, 50027), failure(404, 10015), failure(404, 10062)} {
		c, n := newTest(t, always(a))
		_, err := c.EditOriginal(t.Context(), "2", hookToken, wire.Outgoing{})
		if !IsExpired(err) || errors.Is(err, ErrToken) {
			t.Errorf("EditOriginal = %v, want expired", err)
		}
		if c.refused.Load() || len(n.all()) != 1 {
			t.Errorf("refused %t after %d requests", c.refused.Load(), len(n.all()))
		}
	}
	c, _ := newTest(t, always(answer{status: 401}))
	if _, err := c.FollowUp(t.Context(), "2", hookToken, wire.Outgoing{}); errors.Is(err, ErrToken) || c.refused.Load() {
		t.Errorf("FollowUp = %v, which says that the bot's token is refused", err)
	}
}

func TestRespond(t *testing.T) {
	taken := failure(400, codeAlreadyAnswered)
	tests := []struct {
		name    string
		answers []answer
		timeout time.Duration // of the context, 0 for none
		is      func(error) bool
		tries   int
		took    time.Duration
	}{
		{"at once", []answer{{status: 204}}, 0, isNil, 1, 0},
		{"answered before", []answer{taken}, 0, IsAlreadyAnswered, 1, 0},
		{"limited is not answered", []answer{limited("0.5", nil), taken}, 0, IsAlreadyAnswered, 2, 500 * time.Millisecond},
		{"cut after it arrived", []answer{{err: errCut}, taken}, 0, isNil, 2, 100 * time.Millisecond},
		{"500 after it arrived", []answer{{status: 500}, taken}, 0, isNil, 2, 100 * time.Millisecond},
		{"a connection hangs", []answer{{after: -1}, taken}, 0, isNil, 2, respondTry + 100*time.Millisecond},
		{"expired", []answer{failure(404, 10062)}, 0, IsExpired, 1, 0},
		{"down", []answer{{status: 503}}, 0, func(err error) bool { return statusOf(err) == 503 }, 11, 2300 * time.Millisecond},
		{"the context says how long", []answer{{status: 503}}, 350 * time.Millisecond, func(err error) bool { return statusOf(err) == 503 }, 3, 300 * time.Millisecond},
		{"the context allows longer", []answer{{after: -1}, {after: -1}, {after: -1}, {status: 204}}, 10 * time.Second, isNil, 4, 3*respondTry + 550*time.Millisecond},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, n := newTest(t, inTurn(test.answers...))
				ctx := t.Context()
				if test.timeout > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, test.timeout)
					defer cancel()
				}
				began := time.Now()
				err := c.Respond(ctx, "1", hookToken, wire.Response{Type: wire.ReplyDeferred})
				if !test.is(err) {
					t.Errorf("Respond = %v", err)
				}
				if got := len(n.all()); got != test.tries {
					t.Errorf("%d tries, want %d", got, test.tries)
				}
				if got := time.Since(began); got != test.took {
					t.Errorf("took %v, want %v", got, test.took)
				}
			})
		})
	}
}

func isNil(err error) bool { return err == nil }

// Deleting what is gone is success: the try before may have done it.
func TestDeleteIsIdempotent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := newTest(t, inTurn(answer{err: errCut}, failure(404, 10008)))
		for name, do := range map[string]func() error{
			"DeleteOriginal": func() error { return c.DeleteOriginal(t.Context(), "2", hookToken) },
			"DeleteFollowUp": func() error { return c.DeleteFollowUp(t.Context(), "2", hookToken, "3") },
			"DeleteMessage":  func() error { return c.DeleteMessage(t.Context(), "4", "5") },
		} {
			if err := do(); err != nil {
				t.Errorf("%s = %v", name, err)
			}
		}
	})
}

// A thread that the try before opened is ours; one that was there is not.
func TestStartThreadTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		exists := failure(400, codeThreadExists)
		c, _ := newTest(t, inTurn(answer{err: errCut}, exists))
		thread, err := c.StartThread(t.Context(), "4", "5", "name")
		if err != nil || thread.ID != "5" || !thread.IsThread() {
			t.Errorf("StartThread = %+v, %v", thread, err)
		}
		if _, err := c.StartThread(t.Context(), "4", "5", "name"); !hasCode(err, codeThreadExists) {
			t.Errorf("StartThread of one that was there = %v", err)
		}
	})
}

// Whatever goes wrong, no token is in the error (and, by newTest, in the log).
func TestNoTokenInErrors(t *testing.T) {
	answers := []answer{
		{status: 500}, {status: 502, body: botToken + hookToken}, {err: fmt.Errorf("dial: %s %s refused", "host", "port")}, {after: -1},
		limited("1", nil), {status: 429, body: "<html>" + hookToken}, failure(400, 50035), failure(401, 0), failure(403, 50013), failure(404, 10062),
		{status: 302, header: map[string]string{"Location": "https://elsewhere.test/" + hookToken}}, {status: 200, body: "<html>" + hookToken},
		{status: 400, body: `{"message":"m","code":50035,"errors":{"a":"` + hookToken + botToken + `"}}`},
	}
	for i, a := range answers {
		for _, call := range calls {
			t.Run(fmt.Sprintf("%d/%s", i, call.name), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					c, _ := newTest(t, always(a))
					ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
					defer cancel()
					err := call.do(ctx, c)
					if err == nil {
						if a.status != 200 {
							t.Errorf("no error with %+v", a)
						}
						return
					}
					noToken(t, err.Error())
					noToken(t, fmt.Sprintf("%+v", err))
				})
			})
		}
	}
}

func TestErrorText(t *testing.T) {
	c, _ := newTest(t, always(answer{status: 400, body: `{"message":"Invalid Form Body","code":50035,"errors":{"content":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH"}]}}}`}))
	_, err := c.FollowUp(t.Context(), "2", hookToken, wire.Outgoing{})
	want := `POST /webhooks/{app}/{token}: HTTP status 400, code 50035: Invalid Form Body: {"content":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH"}]}}`
	if err == nil || err.Error() != want {
		t.Errorf("error\n%v, want\n%s", err, want)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, o := range []Options{{}, {Token: "Bot "}, {Token: "t", BaseURL: "/api"}, {Token: "t", BaseURL: "http://[::1"}} {
		if _, err := New(o); err == nil {
			t.Errorf("New(%+v) returns no error", o)
		}
	}
}

// The base URL is ours alone: discordgo's addresses are variables of the
// process and stay as they are.
func TestBaseURL(t *testing.T) {
	n := &network{t: t, answer: always(message)}
	c, err := New(Options{Token: botToken, BaseURL: "http://127.0.0.1:1/x/api/v9/", HTTP: &http.Client{Transport: n}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Send(t.Context(), "4", wire.Outgoing{}); err != nil {
		t.Fatal(err)
	}
	if got, want := n.all()[0].path, "/x/api/v9/channels/4/messages"; got != want {
		t.Errorf("path %s, want %s", got, want)
	}
	if discordgo.EndpointChannels != "https://discord.com/api/v9/channels/" {
		t.Errorf("EndpointChannels = %s", discordgo.EndpointChannels)
	}
}

func TestBackoff(t *testing.T) {
	for n := 1; n < 100; n++ {
		if d := backoff(n); d < 25*time.Millisecond || d > 5*time.Second {
			t.Errorf("backoff(%d) = %v", n, d)
		}
	}
}

// On real sockets: a connection cut before and within the answer.
func TestOverTCP(t *testing.T) {
	var tries atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch tries.Add(1) {
		case 1:
			panic(http.ErrAbortHandler)
		case 2:
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte(`{"id":`))
			panic(http.ErrAbortHandler)
		}
		_, _ = w.Write([]byte(message.body))
	}))
	defer server.Close()
	c, err := New(Options{Token: botToken, BaseURL: server.URL + "/api/v9", Backoff: func(int) time.Duration { return 0 }})
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.Send(t.Context(), "8", wire.Outgoing{Content: "hi"})
	if err != nil || m.ID != "9" || tries.Load() != 3 {
		t.Errorf("Send = %+v, %v after %d tries", m, err, tries.Load())
	}
}
