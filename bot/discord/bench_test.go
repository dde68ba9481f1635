package discord

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"verbatim/bot"
	"verbatim/bot/discord/discordtest"
	"verbatim/bot/discord/render"
	"verbatim/bot/discord/words"
	"verbatim/data"
	"verbatim/retrieval"
)

// evaluation is where real transcripts and questions about them lie, in a
// checkout that has them beside it.
const evaluation = "../../../shared/eval"

// heard is an episode to add, with questions about it.
type heard struct {
	file      string
	text      []byte
	questions []string
}

// talk makes text up whose words are as common as in speech: the rank of each
// follows Zipf's law over the vocabulary of the embedded table.
type talk struct {
	words []string
	zipf  *rand.Zipf
	rng   *rand.Rand
}

func newTalk(seed uint64) *talk {
	s := &talk{rng: rand.New(rand.NewPCG(seed, 5))}
	for word := range strings.SplitSeq(data.Vocabulary, "\n") {
		if len(word) > 1 && word[0] >= 'a' && word[0] <= 'z' {
			s.words = append(s.words, word)
		}
	}
	s.zipf = rand.NewZipf(s.rng, 1.1, 8, uint64(len(s.words)-1))
	return s
}

func (s *talk) sentence(words int) string {
	said := make([]string, words)
	for i := range said {
		said[i] = s.words[s.zipf.Uint64()]
	}
	return strings.ToUpper(said[0][:1]) + strings.Join(said, " ")[1:] + "."
}

// hour is an episode of about 10,000 words with a question about each of some
// of its sentences.
func (s *talk) hour(n int) heard {
	t := heard{file: fmt.Sprintf("hour-%d.txt", n)}
	for line := range 200 {
		said := s.sentence(6 + s.rng.IntN(20))
		t.text = fmt.Appendf(t.text, "%s: %s %s %s\n", []string{"Ann Smith", "Bob Jones"}[line%2], said, s.sentence(14), s.sentence(20))
		if line%10 == 0 {
			t.questions = append(t.questions, "What did they say about "+strings.ToLower(strings.TrimSuffix(said, "."))+"?")
		}
	}
	return t
}

// realTalk are the transcripts of the evaluation sets with the questions asked
// about each; none where they are not there.
func realTalk(b *testing.B) []heard {
	b.Helper()
	var out []heard
	for _, set := range []string{"btc_podcasts/public", "optech_recap/public", "qmsum/val", "spoken_squad/public"} {
		gold, err := os.Open(filepath.Join(evaluation, set+".gold.jsonl"))
		if err != nil {
			return nil
		}
		defer gold.Close()
		asked := map[string][]string{}
		lines := bufio.NewScanner(gold)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var q struct{ Doc, Query string }
			if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
				b.Fatal(err)
			}
			asked[q.Doc] = append(asked[q.Doc], q.Query)
		}
		files, err := os.ReadDir(filepath.Join(evaluation, set))
		if err != nil {
			b.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(filepath.Join(evaluation, set, file.Name()))
			if err != nil {
				b.Fatal(err)
			}
			out = append(out, heard{file.Name(), text, asked[file.Name()]})
		}
	}
	return out
}

// benchWorld is a world with a large library.
type benchWorld struct {
	*world
	guilds []*discordtest.Guild
	// questions are those about episodes that are seen in the guild of the
	// same index; behind them those about public ones.
	questions [][]string
	served    int // users that have asked
}

// newBenchWorld fills a library on the disk with that many passages: every
// second episode is public, the others belong to the first half of the guilds
// in turn; the second half sees public ones alone.
func newBenchWorld(b *testing.B, server discordtest.Options, passages, guilds int, episodes []heard) *benchWorld {
	b.Helper()
	server.NoSchema, server.Wait = true, time.Minute
	w := &benchWorld{world: newWorld(b, func(o *Options) {
		o.EditGap, o.Log = 0, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	}, server)}
	for g := range guilds {
		w.guilds = append(w.guilds, w.Guild(fmt.Sprintf("server %d", g)))
	}
	w.questions = make([][]string, guilds+1)
	made := newTalk(7)
	for have, n := 0, 0; have < passages; n++ {
		var t heard
		if n < len(episodes) {
			t = episodes[n]
		} else {
			t = made.hour(n)
		}
		owner, scope := guilds, retrieval.Public
		if n%2 == 1 {
			owner = n / 2 % max(1, guilds/2)
			scope = retrieval.Scope(w.guilds[owner].ID)
		}
		added, err := w.bot.Add(b.Context(), scope, bot.NewEpisode{File: t.file, Data: t.text}, nil)
		if err != nil {
			b.Fatal(err)
		}
		have += added.Passages
		if n < len(episodes) || len(episodes) == 0 {
			w.questions[owner] = append(w.questions[owner], t.questions...)
		}
	}
	shuffled := rand.New(rand.NewPCG(1, 2))
	for g, list := range w.questions {
		list = slices.Concat(list, w.questions[guilds])
		shuffled.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		w.questions[g] = list
	}
	return w
}

// asker is a user who has not asked yet, and a question for him: of ten, four
// are in the first server, five in the next ones, and one asks in direct
// messages.
func (w *benchWorld) asker() (*discordtest.Actor, string) {
	n := w.served
	w.served++
	u := w.User(fmt.Sprintf("user %d", n))
	g := max(0, n%10-3)
	if g >= len(w.guilds) {
		return u.InDM(), w.questions[len(w.guilds)][n%len(w.questions[len(w.guilds)])]
	}
	return u.In(w.guilds[g].Channel("general")), w.questions[g][n%len(w.questions[g])]
}

// within is the time within which that share of the events was answered, in ms.
func within(took []time.Duration, share float64) float64 {
	took = slices.Sorted(slices.Values(took))
	return float64(took[min(len(took)-1, int(float64(len(took))*share))].Microseconds()) / 1000
}

func reportShares(b *testing.B, name string, took []time.Duration, shares ...float64) {
	for _, share := range shares {
		b.ReportMetric(within(took, share), fmt.Sprintf("%s-p%.0f-ms", name, 100*share))
	}
	b.ReportMetric(within(took, 1), name+"-max-ms")
}

const askers = 200

// BenchmarkLoad has 200 users ask within 10 s, or all at once, in seven places,
// of a library of 10,000 passages; 20 more each look up an episode, a quote, or
// what stands around an answer. Discord's rate limits hold. An acknowledgement
// is timed from the event to the first answer at the server, an answer to its
// last edit there. "found" is the share of answers that were no refusals.
func BenchmarkLoad(b *testing.B) {
	for _, name := range []string{"real", "made-up"} {
		b.Run("talk="+name, func(b *testing.B) {
			var episodes []heard
			if name == "real" {
				if episodes = realTalk(b); episodes == nil {
					b.Skip("no evaluation data at ../shared beside the repository")
				}
			}
			w := newBenchWorld(b, discordtest.Options{}, 10_000, 6, episodes)
			for _, within := range []time.Duration{10 * time.Second, 0} {
				b.Run("within="+within.String(), func(b *testing.B) {
					l := &load{benchWorld: w}
					acked := len(w.AckTimes())
					for b.Loop() {
						l.run(b, within)
					}
					reportShares(b, "ack", w.AckTimes()[acked:], 0.5, 0.99)
					reportShares(b, "answer", l.answers, 0.5, 0.95)
					b.ReportMetric(100*float64(l.found)/float64(len(l.answers)), "found-%")
				})
			}
		})
	}
}

// load is what was measured.
type load struct {
	*benchWorld
	mutex   sync.Mutex
	answers []time.Duration
	found   int
}

func (l *load) run(b *testing.B, within time.Duration) {
	type visit struct {
		actor    *discordtest.Actor
		question string
	}
	b.StopTimer()
	visits := make([]visit, askers)
	for i := range visits {
		visits[i].actor, visits[i].question = l.asker()
	}
	runtime.GC()
	b.StartTimer()
	var wg sync.WaitGroup
	started := time.Now()
	for i, v := range visits {
		time.Sleep(time.Until(started.Add(within * time.Duration(i) / askers)))
		wg.Go(func() {
			asked := time.Now()
			r := final(v.actor.Slash("ask", opt("question", v.question)))
			took, context := time.Since(asked), aroundButton(r)
			if r.Button("👍") == nil {
				b.Errorf("question %q got no answer but %s", v.question, r.Text())
			}
			l.mutex.Lock()
			l.answers = append(l.answers, took)
			if !strings.Contains(r.Text(), "Not in ") {
				l.found++
			}
			l.mutex.Unlock()
			if i%40 == 5 && context != "" {
				r.Press(context).Wait()
			}
		})
		if i%20 == 10 {
			wg.Go(func() { v.actor.Autocomplete("ask", "episode", v.question[:3]) })
		}
		if i%40 == 30 { // somebody else, whose cooldown does not run
			other, _ := l.asker()
			wg.Go(func() { other.Slash("quote", opt("words", v.question)).Wait() })
		}
	}
	wg.Wait()
}

// final waits for an answer that is no place in the queue.
func final(r *discordtest.Reply) *discordtest.Reply {
	_, place, _ := strings.Cut(words.English.Say(words.QueuePlace, 0), "0")
	return r.Wait().WaitFor("answer", func(r *discordtest.Reply) bool { return !strings.Contains(r.Text(), place) })
}

// aroundButton is the first button that shows what stands around a citation or,
// in a refusal, around one of the nearest moments; "" without any.
func aroundButton(r *discordtest.Reply) string {
	for _, button := range r.Buttons() {
		if action, err := render.ParseAction(button.CustomID); err == nil && action.Kind == render.KindContext {
			return button.CustomID
		}
	}
	return ""
}

// BenchmarkMemory has 20,000 interactions pass: 40 % questions, 30 %
// autocompletion, 10 % presses for context, 10 % quotes, 10 % mentions, 16 at a
// time, and compares the memory in use after 2,000 and after 20,000. What the
// test Discord still holds is driven out before each by messages and
// autocompletion that it may forget. See docs/benchmarks.md for the parts that
// grow.
func BenchmarkMemory(b *testing.B) {
	const first, last = 2000, 20_000
	for b.Loop() {
		w := newBenchWorld(b, discordtest.Options{NoRateLimits: true, Forgetful: true}, 1000, 2, nil)
		for _, g := range w.guilds {
			s := bot.DefaultSettings()
			s.CooldownSeconds, s.UserPerDay, s.ServerPerDay = 0, 0, 0
			if err := w.bot.SaveSettings(b.Context(), retrieval.Scope(g.ID), s); err != nil {
				b.Fatal(err)
			}
		}
		w.mix(first)
		early := w.memory(b)
		w.mix(last - first)
		late := w.memory(b)
		remembered := len(w.adapter.events.young) + len(w.adapter.events.old)
		w.adapter.events.young, w.adapter.events.old = nil, nil
		without := heapBytes()
		acked := float64(len(w.AckTimes()))
		between := late.events - early.events
		b.ReportMetric(float64(early.heap)/1e6, "MB-heap-2000")
		b.ReportMetric(float64(late.heap)/1e6, "MB-heap-20000")
		b.ReportMetric(float64(late.heap-early.heap)/between, "B-growth/interaction")
		b.ReportMetric(float64(late.heap-without)/float64(remembered), "B-remembered/interaction")
		b.ReportMetric(8*acked/late.events, "B-latencies/interaction")
		b.ReportMetric(float64(early.goroutines), "goroutines-2000")
		b.ReportMetric(float64(late.goroutines), "goroutines-20000")
		b.ReportMetric(early.resident, "MB-resident-2000")
		b.ReportMetric(late.resident, "MB-resident-20000")
		b.ReportMetric(between/late.at.Sub(early.at).Seconds(), "interactions/s")
		// A first answer that took 1.2 s is tried again, which happens where the
		// cores are busy with something else.
		for _, violation := range w.TakeViolations() {
			if !strings.HasSuffix(violation, ": a second first answer") {
				b.Error(violation)
			}
		}
		b.ReportMetric(float64(w.Stats().Repeats), "repeated-answers")
		reportShares(b, "ack", w.AckTimes(), 0.5, 0.99)
		if n := w.adapter.stats.Panics.Load() + w.adapter.stats.Expired.Load(); n > 0 {
			b.Errorf("%d handlers panicked or came too late", n)
		}
	}
}

// mix runs n interactions of all kinds, 16 at a time.
func (w *benchWorld) mix(n int) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for worker := range 16 {
		g := worker % len(w.guilds)
		channel := w.guilds[g].Channel("general")
		wg.Go(func() {
			var answered *discordtest.Reply
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				actor := w.User(fmt.Sprintf("user %d", i%400)).In(channel)
				question := w.questions[g][i%len(w.questions[g])]
				switch kind := i / len(w.guilds) % 10; {
				case kind < 4 || kind == 7 && answered == nil:
					if r := final(actor.Slash("ask", opt("question", question))); aroundButton(r) != "" {
						answered = r
					}
				case kind < 7:
					actor.Autocomplete("ask", "episode", question[24:26])
				case kind == 7:
					answered.Press(aroundButton(answered)).Wait()
				case kind == 8:
					actor.Slash("quote", opt("words", question[24:])).Wait()
				default:
					actor.Mention(question).Wait()
				}
			}
		})
	}
	wg.Wait()
}

// memoryUse is what the whole process holds, test Discord included.
type memoryUse struct {
	events     float64 // interactions and mentions so far
	heap       int64   // bytes, after a collection
	goroutines int
	resident   float64 // MB
	at         time.Time
}

func (w *benchWorld) memory(b *testing.B) memoryUse {
	b.Helper()
	w.Advance(6 * time.Minute) // past the time for which nonces hold on to messages
	for _, g := range w.guilds {
		actor := w.User("settler").In(g.Channel("general"))
		for range 600 { // more than a forgetful server keeps
			actor.Say("well")
		}
		for range 600 {
			actor.Autocomplete("ask", "episode", "zzqqxx")
		}
	}
	w.until("end of all work", func() bool {
		w.adapter.life.Lock()
		defer w.adapter.life.Unlock()
		return w.adapter.inFlight == 0
	})
	use := memoryUse{events: float64(w.adapter.stats.Answered.Load()), heap: heapBytes(), goroutines: runtime.NumGoroutine(), at: time.Now()}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return use // the system does not say
	}
	_, after, _ := strings.Cut(string(status), "VmRSS:")
	fmt.Sscan(after, &use.resident)
	use.resident /= 1000
	return use
}

// heapBytes is what is in use after a collection.
func heapBytes() int64 {
	var m runtime.MemStats
	runtime.GC()
	debug.FreeOSMemory() // collects again, which empties pools
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// swift answers each REST call at once, without a network.
type swift struct{ acked, edited chan struct{} }

// RoundTrip tells of first answers and of edits.
func (s swift) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
	}
	resp := &http.Response{StatusCode: http.StatusNoContent, Header: http.Header{}, Body: http.NoBody, Request: r}
	if strings.HasSuffix(r.URL.Path, "/callback") {
		s.acked <- struct{}{}
		return resp, nil
	}
	resp.StatusCode, resp.Body = http.StatusOK, io.NopCloser(strings.NewReader(`{"id":"5","channel_id":"4"}`))
	s.edited <- struct{}{}
	return resp, nil
}

// BenchmarkDispatch takes one event at a time from the gateway's bytes to the
// request of its first answer, and for a question on until its turn is kept; without a
// network. The library has the sample alone. "ack-us" is the mean time to the
// first answer.
func BenchmarkDispatch(b *testing.B) {
	for _, name := range []string{"help", "ask"} {
		command := `{"id":"1","type":1,"name":"help"}`
		if name == "ask" {
			command = `{"id":"1","type":1,"name":"ask","options":[{"name":"question","type":3,"value":"When did Shoigu go to Pyongyang?"}]}`
		}
		b.Run(name, func(b *testing.B) {
			w := &world{t: b, dir: b.TempDir()}
			w.open()
			b.Cleanup(func() { _ = w.library.Close() })
			discord := swift{make(chan struct{}, 1), make(chan struct{}, 1)}
			a, err := New(w.bot, Options{Token: "t", HTTP: &http.Client{Transport: discord}})
			if err != nil {
				b.Fatal(err)
			}
			if err := w.bot.SaveSettings(b.Context(), "3", bot.Settings{}); err != nil { // no limits
				b.Fatal(err)
			}
			b.ReportAllocs()
			var acking time.Duration
			for n := 0; b.Loop(); n++ {
				raw := fmt.Appendf(nil, `{"id":"%d","application_id":"2","type":2,"token":"token-%d","channel_id":"4","guild_id":"3","context":0,"locale":"en-US",
					"guild_locale":"en-US","authorizing_integration_owners":{"0":"3"},"app_permissions":"309237713920","channel":{"id":"4","type":0},
					"member":{"user":{"id":"%d","username":"ann"},"roles":[],"permissions":"2147483648"},"data":%s}`, 1000+n, n, 50+n, command)
				started := time.Now()
				a.handle(0, "INTERACTION_CREATE", raw)
				<-discord.acked
				acking += time.Since(started)
				if name == "ask" {
					<-discord.edited
				}
				a.jobs.Wait() // the turn is kept
			}
			b.ReportMetric(float64(acking.Microseconds())/float64(b.N), "ack-us")
		})
	}
}
