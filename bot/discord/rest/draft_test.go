package rest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"verbatim/bot/discord/wire"
)

// later is a state that is made when it is shown; made counts how often.
func later(text string, made *int) func() wire.Outgoing {
	return func() wire.Outgoing {
		*made++
		return wire.Outgoing{Content: text}
	}
}

// The first words of a model wait for a second behind a place in the queue; what
// follows waits for the gap, and the answer for a second again. So there is no
// second with two edits, and never more than 5 in 5 s.
func TestEditorPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, n := newTest(t, counted(t, 5, 5*time.Second))
		began := time.Now()
		e := c.Coalesced("2", hookToken)
		e.Update(state(0)) // the place in the queue
		time.Sleep(100 * time.Millisecond)
		made := 0
		e.UpdateNow(later("first", &made))
		for i := range 129 {
			time.Sleep(50 * time.Millisecond)
			e.UpdateWith(later(fmt.Sprint(i), &made))
		}
		e.Settle(t.Context())
		if _, err := c.EditOriginal(t.Context(), "2", hookToken, wire.Outgoing{Content: "end"}); err != nil {
			t.Error(err)
		}
		var at []time.Duration
		for _, in := range n.all() {
			at = append(at, in.at.Sub(began))
		}
		ms := time.Millisecond
		if want := []time.Duration{0, 1000 * ms, 2400 * ms, 3600 * ms, 5000 * ms, 6200 * ms, 7200 * ms}; !slices.Equal(at, want) {
			t.Errorf("edits at %v, want %v", at, want)
		}
		if made != 6 {
			t.Errorf("%d states were made, want the 5 that were shown and one at 4.8 s for which there was no room", made)
		}
		if got := contents(n, began); got[6] != "end@7.2s" {
			t.Errorf("shown %v", got)
		}
	})
}

// Settle waits for nothing where nothing was shown, and not beyond its context.
func TestSettle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := newTest(t, always(message))
		began := time.Now()
		c.Coalesced("2", hookToken).Settle(t.Context())
		if took := time.Since(began); took != 0 {
			t.Errorf("Settle of nothing took %v", took)
		}
		e := c.Coalesced("2", hookToken)
		e.Update(state(1))
		synctest.Wait()
		time.Sleep(400 * time.Millisecond)
		e.Settle(t.Context())
		if took := time.Since(began); took != time.Second {
			t.Errorf("settled after %v, want 1 s from the edit", took)
		}
	})
}

const nonce = "55-0"

// newDraft is a draft in channel 8 of a reply to message 55.
func newDraft(c *Client) *Draft {
	return c.DraftIn("8", wire.Outgoing{Nonce: nonce, Reference: &wire.Reference{MessageID: "55"}})
}

// TestDraft goes through what may become of a draft: what is asked of Discord is
// told as method, path and whether the request has the nonce and the reference.
func TestDraft(t *testing.T) {
	const (
		post, patch = "POST /api/v9/channels/8/messages", "PATCH /api/v9/channels/8/messages/9"
		as          = " as the reply"
	)
	cut := answer{err: errCut}
	tests := []struct {
		name    string
		answers []answer
		states  int
		final   bool // else withdrawn
		want    []string
		fails   bool
	}{
		{"no draft", []answer{message}, 0, true, []string{post + as + " end"}, false},
		{"edited", []answer{message}, 3, true, []string{post + as + " 0", patch + " 1", patch + " 2", patch + " end"}, false},
		{"withdrawn", []answer{message}, 1, false, []string{post + as + " 0", "DELETE /api/v9/channels/8/messages/9"}, false},
		{"nothing to withdraw", nil, 0, false, nil, false},
		{"lost: the nonce finds it", []answer{cut, cut, message}, 1, true, []string{post + as + " 0", post + as + " 0", post + as + " end", patch + " end"}, false},
		{"lost, and the next one not", []answer{cut, cut, message}, 2, true, []string{post + as + " 0", post + as + " 0", post + as + " 1", patch + " end"}, false},
		{"deleted by somebody", []answer{message, failure(404, 10008), message}, 1, true, []string{post + as + " 0", patch + " end", post + " end"}, false},
		{"deleted while it grew", []answer{message, failure(404, 10008), failure(404, 10008), message}, 3, true, []string{post + as + " 0", patch + " 1", patch + " end", post + " end"}, false},
		{"channel deleted", []answer{message, failure(404, 10003)}, 1, true, []string{post + as + " 0", patch + " end"}, true},
		{"forbidden", []answer{failure(403, 50013)}, 3, true, []string{post + as + " 0", post + as + " end"}, true},
		{"no history to reply to", []answer{failure(400, 160002)}, 3, true, []string{post + as + " 0", post + as + " end"}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, n := newTest(t, inTurn(append(test.answers, message)...))
				if test.fails {
					n.answer = inTurn(test.answers...)
				}
				d := newDraft(c)
				for i := range test.states {
					d.Update(state(i))
					time.Sleep(2 * time.Second)
				}
				var err error
				if test.final {
					var m *wire.Message
					m, err = d.Final(t.Context(), wire.Outgoing{Content: "end"})
					if err == nil && m.ID != "9" {
						t.Errorf("Final = %+v", m)
					}
				} else {
					err = d.Withdraw(t.Context())
				}
				if (err != nil) != test.fails {
					t.Errorf("error %v, want one: %v", err, test.fails)
				}
				if got := asked(t, n); !slices.Equal(got, test.want) {
					t.Errorf("asked\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
				}
				d.Update(state(99))
				synctest.Wait()
				if len(n.all()) != len(test.want) {
					t.Error("a state is shown after the end")
				}
			})
		})
	}
}

// asked are the requests: method, path, whether it is the reply with its nonce,
// and content.
func asked(t *testing.T, n *network) []string {
	var list []string
	for _, in := range n.all() {
		line := in.String()
		if strings.Contains(in.body, `"nonce":"`+nonce+`"`) {
			line += " as the reply"
		}
		if isEdit := in.method == http.MethodPatch; isEdit && strings.Contains(in.body, "nonce") || !isEdit && in.method != http.MethodDelete && !strings.Contains(in.body, `"message_reference":{"message_id":"55"`) {
			t.Errorf("%s has the body %s", in, in.body)
		}
		if _, content, ok := strings.Cut(in.body, `"content":"`); ok {
			content, _, _ = strings.Cut(content, `"`)
			line += " " + content
		}
		if in.body != "" && !strings.Contains(in.body, mute) {
			t.Errorf("%s may ping: %s", in, in.body)
		}
		list = append(list, line)
	}
	return list
}

// Drafts of several answers in one channel share its limit and leave room for an
// answer, which so waits for none of them.
func TestDraftsLeaveRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, n := newTest(t, counted(t, 5, 5*time.Second))
		began := time.Now()
		drafts := []*Draft{newDraft(c), newDraft(c), newDraft(c)}
		for i := range 150 {
			drafts[i%3].Update(state(i))
			time.Sleep(50 * time.Millisecond)
		}
		for i, d := range drafts {
			d.Close()
			if i > 0 {
				continue
			}
			asked := time.Now()
			if _, err := d.Final(t.Context(), wire.Outgoing{Content: "end"}); err != nil {
				t.Error(err)
			}
			if took := time.Since(asked); took > settleTime {
				t.Errorf("the answer waited %v for drafts", took)
			}
		}
		if shown := len(n.all()); shown < 8 || shown > 10 {
			t.Errorf("%d messages and edits in %v, want about 4 in 5 s and the answer: %v", shown, time.Since(began), contents(n, began))
		}
	})
}
