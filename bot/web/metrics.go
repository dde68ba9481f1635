package web

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"verbatim/bot"
)

// scrapesAtOnce bounds those that are at work.
const scrapesAtOnce = 4

// Bounds of buckets, in seconds. An answer in the transcript's own words takes
// some ten milliseconds, a model's some seconds to a minute and more; a search
// takes 2 ms in one episode and 100 ms in a thousand.
var (
	answerBuckets = []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20, 40, 80}
	searchBuckets = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5}
	tokenBuckets  = []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 20, 40}
)

// meter measures: what takes time as it happens, the rest when it is asked for.
// Its registry is its own.
type meter struct {
	registry   *prometheus.Registry
	answers    *prometheus.HistogramVec
	searches   prometheus.Histogram
	firstToken prometheus.Histogram
	library    seen
}

// newMeter measures a server and its bot.
func newMeter(s *Server) *meter {
	m := &meter{
		library:  seen{state: stateOK, since: time.Now()},
		registry: prometheus.NewRegistry(),
		answers: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "verbatim_answer_duration_seconds", Help: "Time from a question to its answer or refusal, by what made it: model or transcript.", Buckets: answerBuckets,
		}, []string{"by"}),
		searches: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "verbatim_search_duration_seconds", Help: "Time of a search for passages, embedding of the query included.", Buckets: searchBuckets,
		}),
		firstToken: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "verbatim_model_first_token_seconds", Help: "Time from a call of the language model to the first of its words.", Buckets: tokenBuckets,
		}),
	}
	byModel, byTranscript := m.answers.WithLabelValues("model"), m.answers.WithLabelValues("transcript")
	s.bot.Observe(bot.Observer{
		Answered: func(took time.Duration, model bool) {
			if model {
				byModel.Observe(took.Seconds())
				return
			}
			byTranscript.Observe(took.Seconds())
		},
		Searched:   func(took time.Duration) { m.searches.Observe(took.Seconds()) },
		FirstToken: func(took time.Duration) { m.firstToken.Observe(took.Seconds()) },
	})
	m.registry.MustRegister(m.answers, m.searches, m.firstToken, collector{s},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), collectors.NewBuildInfoCollector())
	return m
}

// librarySince notes the library's state and is since when it is seen.
func (m *meter) librarySince(state string) *time.Time { return timeOf(m.library.at(state, time.Now())) }

// handler answers scrapes by those who may watch; for others there is no such
// page.
func (m *meter) handler(s *Server) http.Handler {
	scrape := promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelError), ErrorHandling: promhttp.ContinueOnError,
		DisableCompression: true, MaxRequestsInFlight: scrapesAtOnce, // the guard compresses
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.mayWatch(r) {
			s.fail(w, r, errNotFound)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		scrape.ServeHTTP(w, r)
	})
}

func described(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("verbatim_"+name, help, labels, nil)
}

// What is read when it is asked for. All label values are from short fixed lists,
// but for the numbers of shards; none tells of a person, a server or words.
var (
	upDesc        = described("up", "Whether a part works: library, discord, model; 0 also while it is starting. A part that is off is missing.", "part")
	questionsDesc = described("questions_total", "Questions by what became of them: answered, refused, unfit, left, failed.", "outcome")
	countedDesc   = described("questions_counted_total", "Answered questions about how often words are said, by counting.")
	fallbackDesc  = described("fallbacks_total", "Answers in the transcript's own words though there is a language model, by why.", "reason")
	callsDesc     = described("model_calls_total", "Calls of the language model, each try by itself.")
	tokensDesc    = described("model_tokens_total", "Tokens of the language model, by whether they were sent (prompt) or received (reply).", "kind")
	costDesc      = described("model_cost_total", "Cost of the language model in the currency of the prices that are set.")
	sentencesDesc = described("sentences_total", "Sentences that the language model wrote in answers and summaries.")
	removedDesc   = described("sentences_removed_total", "Of these, those not shown since they could not be verified.")
	leftOutDesc   = described("sentences_left_out_total", "Of these, those verified and not shown since they are beside the question.")
	recitedDesc   = described("sentences_recited_total", "Of these, those that rest on other passages than they cited.")
	repairedDesc  = described("sentences_repaired_total", "Of these, those shown as mended.")
	cachedDesc    = described("answer_cache_hits_total", "Answers of the language model taken from memory.")
	sharedDesc    = described("answers_shared_total", "Questions that waited for the answer to an equal one.")
	limitedDesc   = described("http_requests_limited_total", "Requests for pages refused since they came too soon.")
	costlyDesc    = described("http_costly_requests", "Answers, summaries and searches for pages at work.")
	queueDesc     = described("queue_questions", "Questions from Discord that are running or waiting for their turn.", "state")
	readyDesc     = described("discord_shard_ready", "Whether a connection to Discord is ready.", "shard")
	latencyDesc   = described("discord_shard_latency_seconds", "Time that Discord took to answer the last heartbeat.", "shard")
	guildsDesc    = described("discord_shard_guilds", "Discord servers on a connection.", "shard")
	episodesDesc  = described("library_episodes", "Episodes in the library.")
	passagesDesc  = described("library_passages", "Passages in the library.")
)

// collector reads what is there.
type collector struct{ s *Server }

// Describe implements prometheus.Collector.
func (c collector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		upDesc, questionsDesc, countedDesc, fallbackDesc, callsDesc, tokensDesc, costDesc, sentencesDesc, removedDesc, leftOutDesc, recitedDesc, repairedDesc,
		cachedDesc, sharedDesc, limitedDesc, costlyDesc, queueDesc, readyDesc, latencyDesc, guildsDesc, episodesDesc, passagesDesc,
	} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (c collector) Collect(ch chan<- prometheus.Metric) {
	send := sender{ch}
	c.collectBot(send)
	send.count(limitedDesc, c.s.limited.Load())
	send.gauge(costlyDesc, float64(len(c.s.working)))
	if c.s.options.Queue != nil {
		running, waiting := c.s.options.Queue()
		send.gauge(queueDesc, float64(running), "running")
		send.gauge(queueDesc, float64(waiting), "waiting")
	}
	if c.s.options.Discord != nil {
		for _, shard := range c.s.options.Discord() {
			id := strconv.Itoa(shard.ID)
			send.gauge(readyDesc, truth(shard.Ready), id)
			send.gauge(guildsDesc, float64(shard.Guilds), id)
			if shard.Latency > 0 {
				send.gauge(latencyDesc, shard.Latency.Seconds(), id)
			}
		}
	}
	c.collectHealth(send)
}

// collectHealth sends how the parts fare, and what the library holds.
func (c collector) collectHealth(send sender) {
	ctx, cancel := context.WithTimeout(context.Background(), libraryTime)
	defer cancel()
	episodes, passages, err := c.s.bot.Size(ctx)
	if err == nil {
		send.gauge(episodesDesc, float64(episodes))
		send.gauge(passagesDesc, float64(passages))
	}
	h := c.s.healthWith(err)
	for part, state := range map[string]string{"library": h.Library.State, "discord": h.Discord.State, "model": h.Model.State} {
		if state != stateOff {
			send.gauge(upDesc, truth(state == stateOK), part)
		}
	}
}

// collectBot sends what the bot counted.
func (c collector) collectBot(send sender) {
	m := c.s.bot.Metrics()
	for outcome, n := range map[bot.Outcome]int64{
		bot.OutcomeAnswered: m.Answered, bot.OutcomeRefused: m.Refused, bot.OutcomeUnfit: m.Unfit, bot.OutcomeLeft: m.Left, bot.OutcomeFailed: m.Failed,
	} {
		send.count(questionsDesc, n, string(outcome))
	}
	for reason, n := range map[bot.Fallback]int64{
		bot.FallbackDown: m.Down, bot.FallbackBusy: m.Busy, bot.FallbackSlow: m.Slow, bot.FallbackBudget: m.Budget,
		bot.FallbackUnsupported: m.Unsupported, bot.FallbackBeside: m.Beside,
	} {
		send.count(fallbackDesc, n, string(reason))
	}
	send.count(tokensDesc, m.PromptTokens, "prompt")
	send.count(tokensDesc, m.ReplyTokens, "reply")
	for desc, n := range map[*prometheus.Desc]int64{
		countedDesc: m.Counted, callsDesc: m.Calls, sentencesDesc: m.Sentences, removedDesc: m.Removed, leftOutDesc: m.LeftOut,
		recitedDesc: m.Recited, repairedDesc: m.Repaired, cachedDesc: m.Cached, sharedDesc: m.Shared,
	} {
		send.count(desc, n)
	}
	send.ch <- prometheus.MustNewConstMetric(costDesc, prometheus.CounterValue, m.Cost)
}

// sender sends metrics.
type sender struct{ ch chan<- prometheus.Metric }

func (s sender) count(d *prometheus.Desc, n int64, labels ...string) {
	s.ch <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n), labels...)
}

func (s sender) gauge(d *prometheus.Desc, v float64, labels ...string) {
	s.ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
}

// truth is 1 for true.
func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
