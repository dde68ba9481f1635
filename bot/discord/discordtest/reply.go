package discordtest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Reply is what the bot does in answer to something that a user did.
type Reply struct {
	s       *Server
	actor   *Actor
	in      *interaction // nil in answer to a message
	trigger *message     // nil in answer to an interaction
	sent    time.Time
}

// Wait waits for the answer: a message that is not "thinking", a form, choices
// or an update; in answer to a message, for the bot's. A public placeholder that
// is deleted counts only with what follows it. The test ends when nothing
// comes in time.
func (r *Reply) Wait() *Reply {
	r.s.t.Helper()
	return r.until("answer", r.answered)
}

// WaitAck waits for the first answer, "thinking" included.
func (r *Reply) WaitAck() *Reply {
	r.s.t.Helper()
	return r.until("acknowledgement", func() bool { return r.in != nil && r.in.ack != 0 || r.in == nil && len(r.visible()) > 0 })
}

// WaitText waits until what the user sees contains the text.
func (r *Reply) WaitText(part string) *Reply {
	r.s.t.Helper()
	return r.until(fmt.Sprintf("text %q", part), func() bool { return contains(r.text(), part) })
}

// WaitCount waits until the user sees n messages.
func (r *Reply) WaitCount(n int) *Reply {
	r.s.t.Helper()
	return r.until(fmt.Sprintf("count of %d messages", n), func() bool { return len(r.shown()) >= n })
}

// WaitDeleted waits until the original answer is deleted.
func (r *Reply) WaitDeleted() *Reply {
	r.s.t.Helper()
	return r.until("deletion", func() bool { return r.in != nil && r.in.deletedOp })
}

// WaitFor waits until f, asked whenever something changed, is true of the reply.
func (r *Reply) WaitFor(what string, f func(*Reply) bool) *Reply {
	r.s.t.Helper()
	return r.told(what, r.s.awaitOutside(func() bool { return f(r) }))
}

// None fails the test when the bot answers within d, which is waited for.
func (r *Reply) None(d time.Duration) {
	r.s.t.Helper()
	if r.s.awaitFor(d, func() bool { return r.in != nil && r.in.ack != 0 || len(r.visible()) > 0 }) {
		r.s.t.Errorf("discordtest: the bot answered where it should not: %q", r.Text())
	}
}

func (r *Reply) until(what string, f func() bool) *Reply {
	r.s.t.Helper()
	return r.told(what, r.s.await(f))
}

// told is the reply, or ends the test where what was waited for did not come.
func (r *Reply) told(what string, came bool) *Reply {
	r.s.t.Helper()
	if !came {
		r.s.t.Fatalf("discordtest: no %s for %s of %s within %v; so far %s", what, r.what(), r.actor.user.Name, r.s.o.Wait, r.state())
	}
	return r
}

func (r *Reply) what() string {
	if r.in != nil {
		return r.in.kindName() + " " + r.in.name
	}
	return fmt.Sprintf("message %q", r.trigger.content)
}

func (r *Reply) state() string {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	if r.in == nil {
		return fmt.Sprintf("%d messages, text %q", len(r.visible()), r.text())
	}
	return fmt.Sprintf("first answer %d after %v, deferred %v, %d edits, %d follow-ups, late %v, text %q", r.in.ack, r.in.ackAfter, r.in.deferred, r.in.updates, len(r.in.followUps), r.in.late, r.text())
}

// answered is the condition of Wait. s.mu is held.
func (r *Reply) answered() bool {
	if r.in == nil {
		return len(r.shown()) > 0
	}
	switch r.in.ack {
	case 0:
		return false
	case ackDeferred:
		gone := r.in.original != nil && r.in.original.deleted
		return len(r.in.followUps) > 0 || !r.in.deferred && !gone
	case ackDeferredUpdate:
		return len(r.in.followUps) > 0 || !r.in.deferred
	}
	return true
}

// visible are the bot's messages that the user sees, "thinking" included, in
// order. s.mu is held.
func (r *Reply) visible() []*message {
	var out []*message
	add := func(m *message) {
		if m != nil && !m.deleted && (m.onlyFor == nil || m.onlyFor == r.actor.user) && !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	if r.in != nil {
		add(r.in.original)
		for _, m := range r.in.followUps {
			add(m)
		}
		return out
	}
	channels := []*Channel{r.trigger.channel, r.trigger.thread}
	for _, c := range channels {
		if c == nil {
			continue
		}
		i, _ := slices.BinarySearchFunc(c.messages, r.trigger.id, func(m *message, id string) int {
			if olderID(m.id, id) {
				return -1
			}
			return 1
		})
		for _, m := range c.messages[i:] {
			if m.author == r.s.bot && m.inter == nil && (m.refID == "" || m.refID == r.trigger.id) {
				add(m)
			}
		}
	}
	return out
}

// shown is visible without "thinking". s.mu is held.
func (r *Reply) shown() []*message {
	return slices.DeleteFunc(r.visible(), func(m *message) bool { return m.flags&flagLoading != 0 })
}

func (r *Reply) text() string {
	var parts []string
	for _, m := range r.shown() {
		parts = append(parts, textOf(m))
	}
	return strings.Join(parts, "\n")
}

// Messages are the bot's messages that the user sees, in order, without those
// that are loading. Of a component with an update, the updated message is the
// first.
func (r *Reply) Messages() []*Message {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	var out []*Message
	for _, m := range r.shown() {
		out = append(out, m.snapshot())
	}
	return out
}

// Message is the first of Messages, nil when there is none.
func (r *Reply) Message() *Message {
	if l := r.Messages(); len(l) > 0 {
		return l[0]
	}
	return nil
}

// Last is the last of Messages, nil when there is none.
func (r *Reply) Last() *Message {
	if l := r.Messages(); len(l) > 0 {
		return l[len(l)-1]
	}
	return nil
}

// FollowUps are the messages after the first answer that the user sees.
func (r *Reply) FollowUps() []*Message {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	var out []*Message
	if r.in != nil {
		for _, m := range r.in.followUps {
			if !m.deleted && (m.onlyFor == nil || m.onlyFor == r.actor.user) {
				out = append(out, m.snapshot())
			}
		}
	}
	return out
}

// Text is all that the user sees of the answer.
func (r *Reply) Text() string {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	return r.text()
}

// Ephemeral reports whether the first answer is for the user alone.
func (r *Reply) Ephemeral() bool {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	return r.in != nil && r.in.original != nil && r.in.original.onlyFor != nil
}

// Loading reports whether "thinking" shows.
func (r *Reply) Loading() bool {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	return len(r.visible()) > len(r.shown())
}

// Deleted reports whether the original answer was deleted.
func (r *Reply) Deleted() bool {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	return r.in != nil && r.in.original != nil && r.in.original.deleted
}

// Ack is the kind of the first answer, 0 for none yet.
func (r *Reply) Ack() int { return r.Interaction().Ack }

// AckAfter is how long after the event the first answer came.
func (r *Reply) AckAfter() time.Duration { return r.Interaction().AckAfter }

// Interaction tells what became of the interaction; zero in answer to a message.
func (r *Reply) Interaction() Interaction {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	if r.in == nil {
		return Interaction{}
	}
	return r.in.snapshot()
}

// Answers counts the messages that the user got and that are not deleted.
func (r *Reply) Answers() int { return len(r.Messages()) }

// Trigger is the user's own message; nil in answer to an interaction.
func (r *Reply) Trigger() *Message {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	if r.trigger == nil {
		return nil
	}
	return r.trigger.snapshot()
}

// Thread is the thread that was opened from the user's message or from the
// answer, nil for none.
func (r *Reply) Thread() *Channel {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	if r.trigger != nil && r.trigger.thread != nil {
		return r.trigger.thread
	}
	for _, m := range r.visible() {
		if m.thread != nil {
			return m.thread
		}
	}
	return nil
}

// Buttons are the buttons of all messages of the answer.
func (r *Reply) Buttons() []Component {
	var out []Component
	for _, m := range r.Messages() {
		out = append(out, m.Buttons()...)
	}
	return out
}

// Button finds a button of the answer by label, custom_id or emoji; nil when
// there is none.
func (r *Reply) Button(what string) *Component {
	for _, m := range r.Messages() {
		if b := m.Button(what); b != nil {
			return b
		}
	}
	return nil
}

// Press presses a button of the answer, as the same user.
func (r *Reply) Press(what string) *Reply {
	r.s.t.Helper()
	messages := r.Messages()
	for _, m := range messages {
		if m.Button(what) != nil {
			return r.actor.Press(m, what)
		}
	}
	if len(messages) == 0 {
		r.s.t.Fatalf("discordtest: %s sees no message with a button %q; %s", r.actor.user.Name, what, r.state())
	}
	return r.actor.Press(messages[len(messages)-1], what) // says what there is
}

// Select chooses in a menu of the answer, found by custom_id or placeholder,
// as the same user.
func (r *Reply) Select(menu string, values ...string) *Reply {
	r.s.t.Helper()
	for _, m := range r.Messages() {
		for _, c := range m.Selects() {
			if c.CustomID == menu || c.Placeholder == menu {
				return r.actor.Select(m, menu, values...)
			}
		}
	}
	r.s.t.Fatalf("discordtest: no menu %q in the answer", menu)
	return nil
}
