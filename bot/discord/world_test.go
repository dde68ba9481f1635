package discord

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"verbatim/bot"
	"verbatim/bot/discord/discordtest"
	"verbatim/bot/discord/gateway"
	"verbatim/bot/model"
	"verbatim/data"
	"verbatim/retrieval"
	"verbatim/retrieval/embedding"
	"verbatim/retrieval/local"
)

// patience bounds waiting for what must come, also on a slow machine.
const patience = 2 * time.Minute

// discordBudget are the edits of one message that Discord is seen to take. Tests
// hold to it where the gap is that of the product: how many edits a shorter one
// makes depends on the machine.
var discordBudget = discordtest.Bucket{Limit: 5, Per: 5 * time.Second}

// staticModel is the embedded model, made once: it takes a moment.
var staticModel = sync.OnceValues(embedding.NewStatic)

// world is a Discord on loopback with a bot on it, whose library is a real one
// on the disk.
type world struct {
	*discordtest.Server
	t       testing.TB
	dir     string
	library *local.Library
	bot     *bot.Bot
	adapter *Adapter
	options Options
	// model is asked for the vectors of questions; tests make it slow or let
	// it panic.
	model *trickyModel
	// chat is the language model, if there is one, also of a bot that is
	// started anew.
	chat *model.Client

	mutex   sync.Mutex
	notices []string
	logged  strings.Builder

	cancel context.CancelFunc
	ended  chan error
}

// trickyModel is the embedded model with a handle on it.
type trickyModel struct {
	retrieval.Embedder
	before atomic.Pointer[func(texts []string)]
}

// Embed calls before, if there is one, and embeds.
func (m *trickyModel) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	if before := m.before.Load(); before != nil {
		(*before)(texts)
	}
	return m.Embedder.Embed(ctx, texts)
}

// do sets what happens before each embedding.
func (m *trickyModel) do(before func(texts []string)) { m.before.Store(&before) }

// newWorld starts a Discord and a bot that knows the sample episode.
func newWorld(t testing.TB, tune func(*Options), server ...discordtest.Options) *world {
	t.Helper()
	o := discordtest.Options{NoRateLimits: true}
	if len(server) > 0 {
		o = server[0]
	}
	if _, timed := t.(*testing.B); !timed {
		forSlowMachines(&o)
	}
	if o.IdentifyGap == 0 {
		o.IdentifyGap = 20 * time.Millisecond
	}
	w := &world{Server: discordtest.New(t, o), t: t, dir: t.TempDir()}
	w.options = Options{
		Token: w.Token(), APIBase: w.URL(), CDNBase: w.CDNBase(), Version: "test", EditGap: 20 * time.Millisecond, NoticeEvery: time.Nanosecond, Drain: time.Minute, AckTime: o.AckLimit - o.AckLimit/6,
		Log: slog.New(slog.NewTextHandler(lockedWriter{w}, &slog.HandlerOptions{Level: slog.LevelInfo})),
		Notice: func(line string) {
			w.mutex.Lock()
			defer w.mutex.Unlock()
			w.notices = append(w.notices, line)
		},
		Tune: func(g *gateway.Options) {
			g.Backoff = func(n int) time.Duration { return time.Duration(min(n, 5)) * 10 * time.Millisecond }
			g.Pause = func() time.Duration { return 10 * time.Millisecond }
			g.IdentifyEvery = 2 * o.IdentifyGap
		},
	}
	if tune != nil {
		tune(&w.options)
	}
	w.open()
	t.Cleanup(func() { w.stop(); w.library.Close() })
	w.start()
	return w
}

// forSlowMachines takes away the limits of Discord that a bot may run into by the
// slowness of the machine alone, but for those that the test has chosen.
func forSlowMachines(o *discordtest.Options) {
	if o.EditBudget.Limit == 0 {
		o.EditBudget = discordtest.Bucket{Limit: 1000, Per: time.Second}
	}
	if o.AckLimit == 0 {
		o.AckLimit = patience
	}
}

type lockedWriter struct{ w *world }

// Write keeps what is logged.
func (l lockedWriter) Write(p []byte) (int, error) {
	l.w.mutex.Lock()
	defer l.w.mutex.Unlock()
	if l.w.logged.Len() < 1<<20 {
		l.w.logged.Write(p)
	}
	return len(p), nil
}

func (w *world) log() string {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.logged.String()
}

func (w *world) noticed() string {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return strings.Join(w.notices, "\n")
}

// open opens the library and makes the bot.
func (w *world) open() {
	w.t.Helper()
	static, err := staticModel()
	if err != nil {
		w.t.Fatal(err)
	}
	w.library, err = local.Open(context.Background(), w.dir, local.Options{Model: static.Model(), Dimension: static.Dimension()})
	if err != nil {
		w.t.Fatal(err)
	}
	w.model = &trickyModel{Embedder: static}
	w.bot = bot.New(w.library, static, static)
	w.bot.QueryEmbedder = w.model
	w.bot.UseRecords(w.library)
	if w.chat != nil {
		w.bot.UseModel(w.chat, bot.ModelOptions{})
	}
	if _, err := w.bot.EnsureSample(context.Background(), data.SampleName, []byte(data.Sample)); err != nil {
		w.t.Fatal(err)
	}
}

// start connects the bot and waits until it is there.
func (w *world) start() {
	w.t.Helper()
	w.launch()
	defer func() {
		if w.t.Failed() {
			w.t.Log(w.log(), w.noticed())
		}
	}()
	w.until("connection", func() bool { return w.adapter.self.Load() != nil })
	w.WaitReady(1)
}

// until waits for something in the bot, which no event tells of.
func (w *world) until(what string, f func() bool) {
	w.t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for !f() {
		select {
		case <-tick.C:
		case <-deadline.C:
			w.t.Fatalf("no %s within %v", what, patience)
		}
	}
}

// launch starts the bot without waiting for it.
func (w *world) launch() {
	w.t.Helper()
	var err error
	if w.adapter, err = New(w.bot, w.options); err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	w.cancel, w.ended = cancel, make(chan error, 1)
	go func() { w.ended <- w.adapter.Run(ctx) }()
}

// stop ends the bot, which must end well.
func (w *world) stop() {
	w.t.Helper()
	if w.cancel == nil {
		return
	}
	w.cancel()
	w.cancel = nil
	select {
	case err := <-w.ended:
		if err != nil && !errors.Is(err, context.Canceled) {
			w.t.Errorf("Run = %v", err)
		}
	case <-time.After(patience):
		w.t.Error("the bot does not stop")
	}
}

// restart ends the process, as far as the bot can tell, and starts it anew.
func (w *world) restart() {
	w.t.Helper()
	w.stop()
	if err := w.library.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.open()
	w.start()
}

// turn is what the bot remembers of an answer, once it does.
func (w *world) turn(scope retrieval.Scope, r *discordtest.Reply) *bot.Turn {
	w.t.Helper()
	var turn *bot.Turn
	w.until("turn", func() bool {
		var err error
		turn, err = w.bot.TurnOf(context.Background(), scope, r.Message().ID)
		return err == nil
	})
	return turn
}

// add puts an episode into a scope, as the command line or an upload would.
func (w *world) add(scope retrieval.Scope, file, text string) retrieval.EpisodeID {
	w.t.Helper()
	added, err := w.bot.Add(context.Background(), scope, bot.NewEpisode{File: file, Data: []byte(text)}, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return added.Episode
}

// says fails the test unless all parts are in what the reply shows.
func says(t testing.TB, r *discordtest.Reply, parts ...string) {
	t.Helper()
	text := r.Text()
	for _, part := range parts {
		if !strings.Contains(text, part) && !strings.Contains(strings.ReplaceAll(text, "**", ""), part) {
			t.Errorf("the answer lacks %q:\n%s", part, text)
		}
	}
}

// lacks fails the test if any of the parts is in what the reply shows.
func lacks(t testing.TB, r *discordtest.Reply, parts ...string) {
	t.Helper()
	text := r.Text()
	for _, part := range parts {
		if strings.Contains(text, part) {
			t.Errorf("the answer has %q:\n%s", part, text)
		}
	}
}

// private fails the test unless the reply is for its asker alone.
func private(t testing.TB, r *discordtest.Reply) {
	t.Helper()
	for _, m := range r.Messages() {
		if !m.Ephemeral() {
			t.Errorf("the answer is public:\n%s", m.Text())
		}
	}
}

// opt is an option of a command.
func opt(name string, value any) discordtest.Given { return discordtest.Opt(name, value) }
