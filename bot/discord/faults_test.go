package discord

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"verbatim/bot"
	"verbatim/bot/discord/discordtest"
	"verbatim/retrieval"
)

const (
	// faultRate is the share of REST requests that fail.
	faultRate = 0.2
	// stormUsers ask at the same time, one thing after the other each.
	stormUsers = 8
	// replayGrace is how long after a new session an event of the time before
	// it may still come, if it can come at all.
	replayGrace = 2 * time.Second
)

// TestFaults: requests fail and the gateway is dropped while people use
// everything. Each interaction is answered exactly once, or, where its time ran
// out, logged. Apart are counted: events that came while Discord had no session
// of the bot's, since no session replays them, and errors told twice by a
// follow-up that was cut off in the moment of its arrival (docs/decisions.md,
// "an error in public, or for the asker alone").
func TestFaults(t *testing.T) {
	total, drops := 1000, 50
	if testing.Short() {
		total, drops = 200, 10
	}
	w := newWorld(t, nil, discordtest.Options{
		NoRateLimits: true, AckLimit: 3 * time.Second, IdentifyGap: 20 * time.Millisecond, Heartbeat: 250 * time.Millisecond,
		EditBudget: discordtest.Bucket{Limit: 20, Per: 5 * time.Second}, // edits that were cut off are made again
	})
	began, seed := time.Now(), uint64(time.Now().UnixNano())
	s := newStorm(w, total, drops)
	w.Faults(faultRate, seed)
	s.run(seed)
	s.checkAll()
	s.checkExpiry()
	w.Faults(0, seed)
	s.report(seed, time.Since(began))
}

// TestFirstAnswerUnconfirmed: first answers that Discord takes without saying
// so leave no "thinking" behind, and one that never gets through is logged.
func TestFirstAnswerUnconfirmed(t *testing.T) {
	for _, test := range []struct {
		fault discordtest.Fault
		told  int
	}{{discordtest.CutAfter, 1}, {discordtest.CutBefore, 0}} {
		t.Run(string(test.fault), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil, discordtest.Options{NoRateLimits: true, AckLimit: 3 * time.Second})
			ch := w.Guild("friends").Channel("general")
			w.FailNext("callback", 100, test.fault)
			r := w.User("ann").In(ch).Slash("ask", opt("question", shoigu))
			w.until("end of the first answer", func() bool { return w.adapter.Stats().Expired.Load()+w.adapter.Stats().Answered.Load() == 1 })
			if r.Loading() || r.Answers() != test.told {
				t.Errorf("%d messages, thinking %v; want %d and none", r.Answers(), r.Loading(), test.told)
			}
			private(t, r)
			if expired := strings.Contains(w.log(), "interaction expired unanswered"); expired != (test.told == 0) {
				t.Errorf("logged as expired: %v, with %d messages", expired, test.told)
			}
		})
	}
}

// storm is what goes on in TestFaults.
type storm struct {
	*world
	guild    *discordtest.Guild
	channels []*discordtest.Channel
	total    int
	drops    int

	started atomic.Int64
	// due gets a value for each drop that it is time for; over is closed when
	// the gateway is left alone again.
	due, over chan struct{}
	dropped   map[string]int

	mutex   sync.Mutex
	asked   []*asked
	windows []window
	// complete is held by those who wait for autocomplete, which cannot be
	// given up, and by who ends sessions.
	complete sync.RWMutex

	duplicates, unacknowledged, expired, lost int
}

// asked is one interaction, or a message to the bot.
type asked struct {
	kind string
	r    *discordtest.Reply
	lost bool
}

// window is a time in which Discord may have had no session of the bot's; end
// is zero as long as it lasts.
type window struct{ start, end time.Time }

func newStorm(w *world, total, drops int) *storm {
	s := &storm{
		world: w, guild: w.Guild("friends"), total: total, drops: drops,
		due: make(chan struct{}, 1), over: make(chan struct{}), dropped: map[string]int{},
	}
	for _, name := range []string{"general", "random"} {
		s.channels = append(s.channels, s.guild.Channel(name))
	}
	unlimited := bot.DefaultSettings()
	unlimited.CooldownSeconds, unlimited.UserPerDay, unlimited.ServerPerDay = 0, 0, 0
	if err := w.bot.SaveSettings(w.t.Context(), retrieval.Scope(s.guild.ID), unlimited); err != nil {
		w.t.Fatal(err)
	}
	w.add(retrieval.Scope(s.guild.ID), "secret.txt", secretEpisode)
	return s
}

// run lets everybody ask until there were enough interactions.
func (s *storm) run(seed uint64) {
	go s.dropAll()
	var users sync.WaitGroup
	for i := range stormUsers {
		users.Go(func() {
			p := &person{
				storm: s, user: s.User(fmt.Sprintf("user %d", i)), rand: rand.New(rand.NewPCG(seed, uint64(i))),
			}
			p.actor = p.user.In(s.channels[i%len(s.channels)])
			for s.started.Load() < int64(s.total) && !s.t.Failed() {
				p.act()
			}
		})
	}
	users.Wait()
	close(s.due)
	<-s.over
	s.idle()
}

// idle waits until nothing is in the making any more.
func (s *storm) idle() {
	s.t.Helper()
	s.until("end of all work", func() bool {
		s.adapter.life.Lock()
		defer s.adapter.life.Unlock()
		return s.adapter.inFlight == 0
	})
}

// count notes that something begins, and when a drop is due waits until the
// last one was dealt with.
func (s *storm) count() {
	if n := int(s.started.Add(1)); n%(s.total/s.drops) == s.total/s.drops/2 && n < s.total {
		select {
		case s.due <- struct{}{}:
		case <-s.over:
		}
	}
}

// waysToDrop are gone through again and again.
var waysToDrop = []struct {
	name  string
	how   discordtest.Drop
	code  int  // close code, 0: how
	final bool // ends the session
}{
	{name: "cut", how: discordtest.CutTCP},
	{name: "op 7", how: discordtest.Reconnect},
	{name: "silent", how: discordtest.Silent},
	{name: "close 4000", code: 4000},
	{name: "op 9 resumable", how: discordtest.InvalidResumable},
	{name: "close 1001", code: 1001},
	{name: "silent", how: discordtest.Silent},
	{name: "cut", how: discordtest.CutTCP},
	{name: "close 4008", code: 4008},
	{name: "op 9 final", how: discordtest.InvalidFinal, final: true},
	{name: "op 7", how: discordtest.Reconnect},
	{name: "close 1011", code: 1011},
}

// dropAll drops the gateway whenever it is time to.
func (s *storm) dropAll() {
	defer close(s.over)
	for n := 0; ; n++ {
		if _, more := <-s.due; !more {
			return
		}
		way := waysToDrop[n%len(waysToDrop)]
		if way.final {
			s.complete.Lock()
			s.setWindow(window{start: s.Now()})
		}
		before := s.Gateway().Stats()
		drop := func() int { return s.DropAll(way.how) }
		if way.code != 0 {
			drop = func() int { return s.CloseAll(way.code) }
		}
		for drop() == 0 { // on its way back from a drop of its own
			s.WaitReady(1)
		}
		s.Gateway().WaitStats("way back after "+way.name, func(g discordtest.GatewayStats) bool {
			return g.Resumed+g.Identifies > before.Resumed+before.Identifies
		})
		s.WaitReady(1)
		if way.final {
			s.setWindow(window{end: s.Now()})
			s.complete.Unlock()
		}
		s.dropped[way.name]++
	}
}

// setWindow opens a window, or closes the last one.
func (s *storm) setWindow(w window) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if w.end.IsZero() {
		s.windows = append(s.windows, w)
		return
	}
	s.windows[len(s.windows)-1].end = w.end
}

// wait waits until something is answered or cannot be any more; it says
// whether it was.
func (s *storm) wait(kind string, r *discordtest.Reply) bool {
	a := &asked{kind: kind, r: r}
	s.mutex.Lock()
	s.asked = append(s.asked, a)
	s.mutex.Unlock()
	s.Await("answer to "+kind, func() bool { return answered(r) || s.expiredUnanswered(r) || s.isLost(a) })
	return answered(r) && !a.lost
}

// answered is what Reply.Wait waits for.
func answered(r *discordtest.Reply) bool {
	in := r.Interaction()
	switch {
	case in.ID == "":
		return r.Answers() > 0
	case in.Ack == 6: // a deferred update
		return in.Updates > 0 || in.FollowUps > 0
	}
	return in.Answered && (!r.Deleted() || in.FollowUps > 0)
}

// isLost reports, and notes, that the event of something came while there was
// no session, and so never to the bot.
func (s *storm) isLost(a *asked) bool {
	in := a.r.Interaction()
	key, at := "i"+in.ID, in.At
	if in.ID == "" {
		trigger := a.r.Trigger()
		key, at = "m"+trigger.ID, trigger.Created
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	within := slices.ContainsFunc(s.windows, func(w window) bool {
		return !at.Before(w.start) && !w.end.IsZero() && !at.After(w.end) && s.Now().Sub(w.end) > replayGrace
	})
	a.lost = within && !s.came(key)
	return a.lost
}

// came reports whether the bot has ever got an event.
func (s *storm) came(key string) bool {
	events := &s.adapter.events
	events.mutex.Lock()
	defer events.mutex.Unlock()
	_, young := events.young[key]
	_, old := events.old[key]
	return young || old
}

// expiredUnanswered reports whether the log says so of an interaction.
func (s *storm) expiredUnanswered(r *discordtest.Reply) bool {
	id := r.Interaction().ID
	return id != "" && strings.Contains(s.log(), `msg="interaction expired unanswered" interaction=`+id+" ")
}

// person is somebody who uses the bot.
type person struct {
	*storm
	user  *discordtest.User
	actor *discordtest.Actor
	rand  *rand.Rand
}

// act does one thing, or several that follow each other.
func (p *person) act() {
	private := p.rand.IntN(2) == 0
	switch p.rand.IntN(13) {
	case 0:
		p.slash("ask an unknown episode", "ask", opt("question", shoigu), opt("episode", "zzzzzz qqqq"))
	case 1:
		p.pages("summary", p.slash("summary", "summary", opt("episode", p.episode()), opt("style", "detailed")))
	case 2:
		p.slash("quote", "quote", opt("words", "Shoigu went to Pyongyang"))
	case 3:
		p.slash("episodes", "episodes")
	case 4:
		p.autocomplete()
	case 5:
		p.find()
	case 6:
		p.send("mention", func() *discordtest.Reply { return p.actor.Mention(shoigu) })
	case 7:
		p.pages("context", p.press("context", p.ask(private), "Context"))
	case 8:
		p.further(p.ask(private))
	case 9:
		p.press("thumb", p.ask(private), "👍")
	case 10:
		p.slash("help", "help")
	case 11:
		p.press("thread", p.ask(false), "Open thread")
	default:
		p.ask(private)
	}
}

// episode is the sample, which has summaries of several pages.
func (p *person) episode() string {
	list, err := p.bot.Episodes(p.t.Context(), []retrieval.Scope{retrieval.Public}, "", 1)
	if err != nil || len(list) != 1 {
		p.t.Errorf("Episodes() = %v, %v; want the sample", list, err)
		return ""
	}
	return string(list[0].ID)
}

// send does one thing and waits for its answer; nil when there is none.
func (p *person) send(kind string, f func() *discordtest.Reply) *discordtest.Reply {
	p.count()
	r := f()
	if !p.wait(kind, r) {
		return nil
	}
	return r
}

func (p *person) slash(kind, command string, given ...discordtest.Given) *discordtest.Reply {
	return p.send(kind, func() *discordtest.Reply { return p.actor.Slash(command, given...) })
}

func (p *person) ask(private bool) *discordtest.Reply {
	return p.slash(fmt.Sprintf("ask, private %v", private), "ask", opt("question", shoigu), opt("private", private))
}

// press presses a button of an answer, if there are both.
func (p *person) press(kind string, r *discordtest.Reply, button string) *discordtest.Reply {
	if r == nil || r.Button(button) == nil || r.Button(button).Disabled {
		return nil
	}
	return p.send(kind, func() *discordtest.Reply { return r.Press(button) })
}

// pages turns one page on and back.
func (p *person) pages(kind string, r *discordtest.Reply) {
	for _, button := range [][2]string{{"Next", "Previous"}, {"Earlier", "Later"}} {
		p.press(kind+" turned", p.press(kind+" turned", r, button[0]), button[1])
	}
}

// further asks by the form that a button opens.
func (p *person) further(r *discordtest.Reply) {
	if form := p.press("form", r, "Ask further"); form != nil {
		p.send("form submitted", func() *discordtest.Reply {
			return form.Modal().Submit(map[string]string{"question": "and when did the delivery of arms start?"})
		})
	}
}

func (p *person) find() {
	posted := p.actor.Say("he saw it as a rightful act").Trigger()
	p.send("find", func() *discordtest.Reply { return p.actor.MessageCommand(commandFind, posted) })
}

func (p *person) autocomplete() {
	p.count()
	p.complete.RLock()
	defer p.complete.RUnlock()
	if got := p.actor.Autocomplete("ask", "episode", "tolor"); len(got) == 0 {
		p.t.Error("nothing is suggested")
	}
}

// checkAll looks at everything that was asked once all is quiet.
func (s *storm) checkAll() {
	s.t.Helper()
	for _, a := range s.asked {
		switch {
		case a.lost || s.isLost(a):
			s.lost++
		case s.expiredUnanswered(a.r): // its first answer did not come through in 3 s
			s.unacknowledged++
		default:
			s.checkOne(a)
		}
	}
	for _, in := range s.Interactions() {
		if in.Kind == "autocomplete" && in.Ack != 8 {
			s.t.Errorf("autocomplete %s was not answered", in.ID)
		}
	}
	got := 0
	for _, n := range s.dropped {
		got += n
	}
	if got != s.drops {
		s.t.Errorf("the gateway was dropped %d times, want %d", got, s.drops)
	}
}

// checkOne checks that something was answered exactly once.
func (s *storm) checkOne(a *asked) {
	s.t.Helper()
	in, want := a.r.Interaction(), 1
	if in.Ack == 9 { // a form is no message
		want = 0
	}
	got := a.r.Answers()
	if a.kind == "ask an unknown episode" && got > 1 && a.r.Deleted() && len(a.r.FollowUps()) == got {
		s.duplicates += got - 1
		got = 1
	}
	if !answered(a.r) || a.r.Loading() || got != want {
		s.t.Errorf("%s has %d answers, want %d; thinking %v; %+v\n%s", a.kind, got, want, a.r.Loading(), in, a.r.Text())
	}
}

// checkExpiry lets Discord's 15 minutes run out for questions at work, while
// requests go on failing: a public answer comes once all the same, in the
// channel, and of a private one the log tells.
func (s *storm) checkExpiry() {
	s.t.Helper()
	const each = 6
	ch := s.guild.Channel("late")
	release := make(chan struct{})
	s.model.do(func([]string) { <-release })
	var replies []*discordtest.Reply
	for i := range 2 * each {
		r := s.User(fmt.Sprintf("late user %d", i)).In(ch).Slash("ask", opt("question", shoigu), opt("private", i >= each))
		replies = append(replies, r.WaitAck())
	}
	s.until("questions at work", func() bool { return s.adapter.queue.waiting() == 2*each-defaultPerServer })
	s.Advance(16 * time.Minute)
	close(release)
	s.idle()
	for i, r := range replies {
		id, hidden, got := s.User(fmt.Sprintf("late user %d", i)).ID, i >= each, 0
		for _, m := range ch.BotMessages() {
			if strings.Contains(m.Text(), "<@"+id+">") {
				got++
			}
		}
		switch {
		case !hidden && got != 1:
			s.t.Errorf("%d answers in the channel to a public question whose time ran out, want 1", got)
		case hidden && (got != 0 || !s.expiredUnanswered(r)):
			s.t.Errorf("%d answers in the channel to a private question whose time ran out, logged %v; want none, logged", got, s.expiredUnanswered(r))
		}
		if hidden {
			s.expired++
		}
	}
}

// report tells what happened, and fails the test when it was too little.
func (s *storm) report(seed uint64, took time.Duration) {
	st, requests, faults := s.Stats(), 0, 0
	for _, n := range st.Statuses {
		requests += n
	}
	for fault, n := range st.Faults {
		faults += n
		if fault == discordtest.CutBefore || fault == discordtest.CutAfter {
			requests += n
		}
	}
	kinds := map[string]int{}
	for _, a := range s.asked {
		kinds[a.kind]++
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		s.t.Logf("%5d %s", kinds[kind], kind)
	}
	s.t.Logf("seed %d, %.1f s: %d interactions and messages, %d of %d requests failed %v, drops %v; lost without a session %d, no first answer in 3 s %d, no answer in 15 minutes %d, follow-ups twice %d, duplicate events %d",
		seed, took.Seconds(), s.started.Load(), faults, requests, st.Faults, s.dropped, s.lost, s.unacknowledged, s.expired, s.duplicates, s.adapter.Stats().Duplicates.Load())
	if share := float64(faults) / float64(requests); share < 0.1 {
		s.t.Errorf("%.0f %% of the requests failed, want about 20 %%", 100*share)
	}
	if v := s.Violations(); len(v) > 0 {
		s.t.Errorf("rules were broken: %q", v)
	}
}
