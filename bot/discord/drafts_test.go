package discord

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"verbatim/bot/discord/discordtest"
	"verbatim/bot/model"
	"verbatim/bot/model/modeltest"
	"verbatim/retrieval"
)

// gate holds the model's replies behind so many pieces until it is opened.
type gate struct {
	after int
	hold  atomic.Pointer[chan struct{}]
}

func (g *gate) close() {
	hold := make(chan struct{})
	g.hold.Store(&hold)
}

func (g *gate) open() { close(*g.hold.Load()) }

// parrot is parrot, held.
func (g *gate) parrot(r modeltest.Request) modeltest.Reply {
	reply := parrot(r)
	if hold := g.hold.Load(); hold != nil {
		reply.Hold, reply.After = *hold, g.after
	}
	return reply
}

// TestDrafts asks in every way there is: the model's first words show as a draft
// while it is held, then the answer takes the place of the draft, in the same
// message, which is remembered.
func TestDrafts(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.forgetCooldown(g)
	ch := g.Channel("general")
	held := &gate{after: 3}
	w.useModel(held.parrot)
	ann := w.User("ann").In(ch)
	first := whole(ann.Slash("ask", opt("question", shoigu)))
	first.Press("Open thread").Wait()
	mentioned := whole(w.User("bob").In(ch).Mention("Which Russian leader did Kim Jong-il meet shortly before he died?"))
	w.turn(retrieval.Scope(g.ID), mentioned)

	const question = "Who went to Pyongyang in 2023, and when?"
	for n, test := range []struct {
		name    string
		scope   retrieval.Scope
		private bool
		ask     func(question string) *discordtest.Reply
	}{
		{"command", retrieval.Scope(g.ID), false, func(q string) *discordtest.Reply { return ann.Slash("ask", opt("question", q)) }},
		{"private command", retrieval.Scope(g.ID), true, func(q string) *discordtest.Reply { return ann.Slash("ask", opt("question", q), opt("private", true)) }},
		{"form", retrieval.Scope(g.ID), false, func(q string) *discordtest.Reply {
			return first.Press("Ask further").Modal().Submit(map[string]string{"question": q})
		}},
		{"mention", retrieval.Scope(g.ID), false, func(q string) *discordtest.Reply { return ann.Mention(q) }},
		{"reply", retrieval.Scope(g.ID), false, func(q string) *discordtest.Reply { return ann.Reply(mentioned.Message(), q, true) }},
		{"thread", retrieval.Scope(g.ID), false, func(q string) *discordtest.Reply { return w.User("ann").In(first.Thread()).Mention(q) }},
		{"direct message", "", false, func(q string) *discordtest.Reply { return w.User("ann").DM(q) }},
		{"command in direct messages", "", false, func(q string) *discordtest.Reply { return w.User("cleo").InDM().Slash("ask", opt("question", q)) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			held.close()
			// Equal questions would share one answer.
			r := drafted(test.ask(question + strings.Repeat("?", n)))
			draft := r.Message()
			if draft.Ephemeral() != test.private || len(r.Messages()) != 1 || !strings.Contains(draft.Text(), "-# *") {
				t.Errorf("the draft is ephemeral: %v, in %d messages:\n%s", draft.Ephemeral(), len(r.Messages()), draft.Text())
			}
			if trigger := r.Trigger(); trigger != nil && draft.ReplyTo != trigger.ID {
				t.Error("the draft is no reply to the question")
			}
			held.open()
			whole(r)
			says(t, r, "Written by modeltest", "[1]")
			lacks(t, r, "Draft")
			if got := r.Message(); got.ID != draft.ID || r.Answers() != 1 {
				t.Errorf("the answer is message %s of %d, its draft %s", got.ID, r.Answers(), draft.ID)
			}
			eachState(t, r)
			scope := test.scope
			if scope == "" {
				scope = w.turnsOf(r)
			}
			w.turn(scope, r)
		})
	}
}

// turnsOf is where the turns of whoever asked in direct messages are kept.
func (w *world) turnsOf(r *discordtest.Reply) retrieval.Scope {
	user := r.Interaction().User
	if trigger := r.Trigger(); trigger != nil {
		user = trigger.Author
	}
	return outside(user, "").turns
}

// TestDraftsArePaced counts the edits of a message while the model speaks: none
// comes sooner after the one before than the gap, and the last one is the
// answer.
func TestDraftsArePaced(t *testing.T) {
	const gap = 60 * time.Millisecond
	w := newWorld(t, func(o *Options) { o.EditGap = gap })
	g := w.Guild("friends")
	w.forgetCooldown(g)
	ann := w.User("ann").In(g.Channel("general"))
	next := make(chan time.Time) // lets the model say one piece more
	w.useServer(modeltest.Options{
		Reply: func(r modeltest.Request) modeltest.Reply {
			reply := parrot(r)
			reply.PieceDelay = time.Second
			return reply
		},
		After: func(time.Duration) <-chan time.Time { return next },
	}, model.Options{FirstToken: patience, Total: patience})
	// paced lets the model go on after each of some drafts, and then to its end.
	paced := func(r *discordtest.Reply) *discordtest.Reply {
		for n := 1; n <= 3; n++ {
			r.WaitFor(fmt.Sprintf("draft %d", n), func(r *discordtest.Reply) bool { return draftsOf(r) >= n })
			next <- time.Time{}
		}
		ended := make(chan struct{})
		var saying sync.WaitGroup
		saying.Go(func() {
			for {
				select {
				case next <- time.Time{}:
				case <-ended:
					return
				}
			}
		})
		whole(r)
		close(ended)
		saying.Wait()
		return r
	}
	for name, r := range map[string]*discordtest.Reply{
		"command": paced(ann.Slash("ask", opt("question", shoigu))), "mention": paced(ann.Mention("Who was it that went to Pyongyang in 2023?")),
	} {
		states := r.Message().States
		if states[0].Loading {
			states = states[1:]
		}
		if len(states) < 4 {
			t.Errorf("%s: %d states were shown, want three drafts or more and the answer", name, len(states))
		}
		for i, state := range states {
			if answer := i == len(states)-1; isDraft(state.Text) == answer {
				t.Errorf("%s: state %d of %d is the answer: %v", name, i+1, len(states), answer)
			}
			if i > 0 && state.At.Sub(states[i-1].At) < gap {
				t.Errorf("%s: edit %d came %v after the one before, want %v", name, i, state.At.Sub(states[i-1].At), gap)
			}
		}
	}
}

// TestDraftsAreHarmless: whatever a model says, nothing of it pings, links or
// formats, neither in a draft nor after.
func TestDraftsAreHarmless(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.forgetCooldown(g)
	ann := w.User("ann").In(g.Channel("general"))
	const bad = "@everyone <@123456789012345678> look at [this](https://evil.example) or https://evil.example, ||x|| `y` # z > @here - "
	// Nearly as long as a reply can be: one of more bytes than its tokens can have
	// is cut off, and the answer may come before its draft.
	long := strings.Repeat(bad, 20)
	for n, pieces := range [][]string{{bad, "Shoigu went"}, {"Shoigu went to Pyongyang [1]. ", bad}, {long}} {
		hold := make(chan struct{})
		w.useModel(func(modeltest.Request) modeltest.Reply {
			return modeltest.Reply{Pieces: pieces, Hold: hold, After: len(pieces)}
		})
		r := drafted(ann.Mention(shoigu + strings.Repeat("?", n)))
		r.WaitText("look at")
		close(hold)
		whole(r)
		lacks(t, r, "look at")
		eachState(t, r)
	}
}

// draftsOf is how many drafts were shown.
func draftsOf(r *discordtest.Reply) int {
	n := 0
	for _, m := range r.Messages() {
		for _, state := range m.States {
			if isDraft(state.Text) {
				n++
			}
		}
	}
	return n
}

// wasShown reports whether a draft with the text was shown, if only for a while.
func wasShown(r *discordtest.Reply, text string) bool {
	return slices.ContainsFunc(r.Messages(), func(m *discordtest.Message) bool {
		return slices.ContainsFunc(m.States, func(s discordtest.State) bool { return isDraft(s.Text) && strings.Contains(s.Text, text) })
	})
}

// TestDraftBecomesNoAnswer: where nothing of what the model said can be verified,
// or it breaks off, nothing of the draft stays.
func TestDraftBecomesNoAnswer(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.forgetCooldown(g)
	ann := w.User("ann").In(g.Channel("general"))
	invented := []string{"The dragon of Pyongyang sold", " ninety umbrellas to the moon in 1712 [1]."}
	for _, test := range []struct {
		name     string
		spoil    modeltest.Fault
		patience time.Duration
		want     string
	}{
		{"unsupported", nil, 0, "What the language model said couldn’t be verified."},
		{"cut", modeltest.CutStream(1), 0, "The language model can’t be reached right now."},
		{"stalled", modeltest.Stalled(1), 4 * time.Second, "The language model took too long."},
	} {
		for _, how := range []string{"command", "mention"} {
			t.Run(test.name+", "+how, func(t *testing.T) {
				hold := make(chan struct{})
				server := w.useModel(func(modeltest.Request) modeltest.Reply {
					return modeltest.Reply{Pieces: invented, Hold: hold, After: 1}
				}, model.Options{FirstToken: test.patience, Retries: -1})
				if test.spoil != nil {
					server.Inject(nil, test.spoil)
				}
				question := "Who went to Pyongyang in 2023, " + test.name + " by " + how + "?"
				var r *discordtest.Reply
				if how == "command" {
					r = ann.Slash("ask", opt("question", question))
				} else {
					r = ann.Mention(question)
				}
				r.WaitFor("draft", func(r *discordtest.Reply) bool { return wasShown(r, "dragon") }) // it may be gone again
				close(hold)
				whole(r)
				says(t, r, "In the transcript’s own words", "Shoigu went to Pyongyang", test.want)
				lacks(t, r, "dragon", "Draft")
				if r.Answers() != 1 {
					t.Errorf("%d messages, want the draft's alone", r.Answers())
				}
			})
		}
	}
}

// TestDraftIsTakenAway: of a message whose answer fails no draft stays.
func TestDraftIsTakenAway(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Drain = time.Millisecond })
	g := w.Guild("friends")
	w.forgetCooldown(g)
	ch := g.Channel("general")
	held := &gate{after: 3}
	held.close()
	w.useModel(held.parrot)
	replies := []*discordtest.Reply{
		drafted(w.User("ann").In(ch).Mention(shoigu)), drafted(w.User("bob").In(ch).Slash("ask", opt("question", "Who went to Pyongyang?"))), drafted(w.User("cleo").DM("Who went there in 2023?")),
	}
	w.stop()
	for _, r := range replies {
		for _, m := range r.Messages() {
			if isDraft(m.Text()) {
				t.Errorf("a draft is left behind by a bot that stopped:\n%s", m.Text())
			}
		}
	}
}

// TestPlaceBeforeDraft: somebody who waited in the queue sees the model's first
// words a second after his place, long before the gap is over.
func TestPlaceBeforeDraft(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.PerServer, o.EditGap = 1, time.Hour }, discordtest.Options{NoRateLimits: true, EditBudget: discordBudget})
	g := w.Guild("friends")
	ch := g.Channel("general")
	held := &gate{after: 3}
	held.close()
	w.useModel(held.parrot)
	first := drafted(w.User("ann").In(ch).Slash("ask", opt("question", shoigu)))
	second := w.User("bob").In(ch).Slash("ask", opt("question", "Who went to Pyongyang?")).WaitText("Place 1 in the queue")
	held.open()
	held.close()
	drafted(second) // an hour before the next edit is due
	held.open()
	whole(first)
	states := whole(second).Message().States
	for i := 2; i < len(states); i++ { // the first is "thinking"
		if between := states[i].At.Sub(states[i-1].At); between < time.Second {
			t.Errorf("edit %d came %v after the one before, want a second", i, between)
		}
	}
	if len(states) != 4 {
		t.Errorf("%d states, want thinking, place, draft and answer", len(states))
	}
}

// TestNoPlaceOfShortWaits: whoever waits in the queue for less than a second is
// told nothing of it, and sees the model's first words at once.
func TestNoPlaceOfShortWaits(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.PerServer = 1 })
	g := w.Guild("friends")
	ch := g.Channel("general")
	held := &gate{after: 3}
	held.close()
	w.useModel(held.parrot)
	first := drafted(w.User("ann").In(ch).Slash("ask", opt("question", shoigu)))
	w.adapter.queue.untold = time.Hour
	second := w.User("bob").In(ch).Slash("ask", opt("question", "Who went to Pyongyang?"))
	w.until("second question waiting", func() bool { return w.adapter.queue.waiting() == 1 })
	held.open()
	whole(first)
	whole(second)
	for _, state := range second.Message().States {
		if strings.Contains(state.Text, "in the queue") {
			t.Errorf("a place is shown:\n%s", state.Text)
		}
	}
}
