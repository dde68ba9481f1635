package web

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"verbatim/bot/model/modeltest"
)

// scrape is what a scrape read.
type scrape struct {
	t        *testing.T
	families map[string]*dto.MetricFamily
	text     string
}

func (w *world) scrape(t *testing.T) *scrape {
	t.Helper()
	r, text := w.get("/metrics")
	if r.StatusCode != http.StatusOK || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/plain") {
		t.Fatalf("%d, %q: %s", r.StatusCode, r.Header.Get("Content-Type"), text)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return &scrape{t: t, families: families, text: text}
}

// value is that of a metric, of a histogram the count; label is the value of its
// one label, "" for none.
func (s *scrape) value(name, label string) float64 {
	s.t.Helper()
	f := s.families[name]
	if f == nil {
		s.t.Fatalf("there is no %s", name)
	}
	for _, m := range f.GetMetric() {
		if len(m.GetLabel()) == 0 && label == "" || len(m.GetLabel()) == 1 && m.GetLabel()[0].GetValue() == label {
			switch {
			case m.Counter != nil:
				return m.GetCounter().GetValue()
			case m.Gauge != nil:
				return m.GetGauge().GetValue()
			case m.Histogram != nil:
				return float64(m.GetHistogram().GetSampleCount())
			}
		}
	}
	s.t.Fatalf("%s has no %q", name, label)
	return 0
}

// ask asks on the first page.
func (w *world) ask(question string) { w.get("/?" + url.Values{"q": {question}}.Encode()) }

// TestMetrics counts what really happened.
func TestMetrics(t *testing.T) {
	w := newWorld(t, Options{
		Queue: func() (running, waiting int) { return 3, 2 },
		Discord: func() []Shard {
			return []Shard{{ID: 0, Ready: true, Status: "ready", Latency: 250 * time.Millisecond, Guilds: 17}, {ID: 1, Status: "waiting", Guilds: 5}}
		},
	})
	w.add(guild, "secret.txt", secretText)
	server := w.useModel(func(r modeltest.Request) modeltest.Reply {
		if !strings.HasPrefix(r.System(), "You answer ") {
			return modeltest.Reply{Text: "OK."}
		}
		said := "Shoigu went to Pyongyang"
		return modeltest.Reply{Text: marked(r, "Shoigu went to Pyongyang in 2023.", said) + " " + marked(r, "He brought 512 zebras.", said)}
	})
	w.ask(shoigu)
	w.ask(shoigu)                                          // from memory
	w.ask("What is the recipe for sourdough focaccia?")    // refused before the model is asked
	w.ask("How often is Shoigu mentioned in the episode?") // counted
	w.ask("?!")                                            // no words
	server.Kill()
	w.ask("When did Kim Il-sung visit the Soviet Union?")
	s := w.scrape(t)
	counted := w.bot.Metrics()
	for _, want := range []struct {
		name, label string
		value       float64
	}{
		{"verbatim_questions_total", "answered", 4},
		{"verbatim_questions_total", "refused", 1},
		{"verbatim_questions_total", "left", 0},
		{"verbatim_questions_total", "failed", 0},
		{"verbatim_questions_counted_total", "", 1},
		{"verbatim_answer_duration_seconds", "model", 2},
		{"verbatim_answer_duration_seconds", "transcript", 3},
		{"verbatim_sentences_total", "", 2},
		{"verbatim_sentences_removed_total", "", 1},
		{"verbatim_answer_cache_hits_total", "", 1},
		{"verbatim_fallbacks_total", "down", 1},
		{"verbatim_fallbacks_total", "budget", 0},
		{"verbatim_model_tokens_total", "prompt", float64(counted.PromptTokens)},
		{"verbatim_model_tokens_total", "reply", float64(counted.ReplyTokens)},
		{"verbatim_model_calls_total", "", float64(counted.Calls)},
		{"verbatim_model_first_token_seconds", "", float64(counted.FirstTokens)},
		{"verbatim_queue_questions", "running", 3},
		{"verbatim_queue_questions", "waiting", 2},
		{"verbatim_discord_shard_ready", "0", 1},
		{"verbatim_discord_shard_ready", "1", 0},
		{"verbatim_discord_shard_latency_seconds", "0", 0.25},
		{"verbatim_discord_shard_guilds", "0", 17},
		{"verbatim_library_episodes", "", 2},
		{"verbatim_up", "library", 1},
		{"verbatim_up", "discord", 0},
		{"verbatim_up", "model", 0},
	} {
		if got := s.value(want.name, want.label); got != want.value {
			t.Errorf("%s %q = %v, want %v", want.name, want.label, got, want.value)
		}
	}
	if counted.PromptTokens == 0 || counted.ReplyTokens == 0 || counted.FirstTokens == 0 {
		t.Errorf("nothing was used of the model: %+v", counted)
	}
	for _, name := range []string{"verbatim_search_duration_seconds", "verbatim_library_passages", "go_goroutines", "process_start_time_seconds", "go_build_info"} {
		if s.first(name) <= 0 {
			t.Errorf("%s is not above 0", name)
		}
	}
	for _, secret := range []string{string(guild), secretWord, "Shoigu", "focaccia", "zebras", modeltest.Key, sampleID, "secret"} {
		if strings.Contains(s.text, secret) {
			t.Errorf("the numbers tell %q", secret)
		}
	}
}

// first is the first value of a metric, whatever its labels.
func (s *scrape) first(name string) float64 {
	s.t.Helper()
	f := s.families[name]
	if f == nil || len(f.GetMetric()) == 0 {
		s.t.Fatalf("there is no %s", name)
	}
	m := f.GetMetric()[0]
	if m.Histogram != nil {
		return float64(m.GetHistogram().GetSampleCount())
	}
	return m.GetGauge().GetValue() + m.GetCounter().GetValue()
}

// TestMetricsOfVisitors: who asks too much is counted.
func TestMetricsOfVisitors(t *testing.T) {
	w := newWorld(t, Options{PagesPerMinute: 600, CostlyPerMinute: 1})
	w.ask("When did Kim Il-sung visit the Soviet Union?")
	w.ask("When did Kim Jong-il visit Moscow?")
	w.ask("When did Putin visit Pyongyang?")
	s := w.scrape(t)
	if got := s.value("verbatim_http_requests_limited_total", ""); got != 2 {
		t.Errorf("%v requests were refused, want 2", got)
	}
	if got := s.value("verbatim_questions_total", "answered") + s.value("verbatim_questions_total", "refused"); got != 1 {
		t.Errorf("%v questions were answered or refused, want 1", got)
	}
	for _, name := range []string{"verbatim_queue_questions", "verbatim_discord_shard_ready"} {
		if s.families[name] != nil {
			t.Errorf("there is a %s without Discord", name)
		}
	}
}

// TestMetricsAreWellNamed holds names, helps and types against the conventions,
// and labels against short lists.
func TestMetricsAreWellNamed(t *testing.T) {
	w := newWorld(t, Options{Queue: func() (int, int) { return 0, 0 }, Discord: func() []Shard { return []Shard{{Ready: true, Latency: time.Second}} }})
	s, err := New(w.bot, Options{Queue: func() (int, int) { return 0, 0 }, Discord: func() []Shard { return []Shard{{Ready: true, Latency: time.Second}} }})
	if err != nil {
		t.Fatal(err)
	}
	problems, err := testutil.GatherAndLint(s.meter.registry)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "verbatim_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
	families, err := s.meter.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	label := regexp.MustCompile(`^[a-z0-9_]+$`)
	for _, f := range families {
		if !strings.HasPrefix(f.GetName(), "verbatim_") {
			continue
		}
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if !label.MatchString(l.GetValue()) {
					t.Errorf("%s has a label of %q", f.GetName(), l.GetValue())
				}
			}
		}
	}
}

// TestMetricsAreDocumented: docs/operating.md names what there is, and no more.
func TestMetricsAreDocumented(t *testing.T) {
	document, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(newWorld(t, Options{}).bot, Options{Queue: func() (int, int) { return 0, 0 }, Discord: func() []Shard { return []Shard{{Latency: time.Second}} }})
	if err != nil {
		t.Fatal(err)
	}
	families, err := s.meter.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, f := range families {
		if there[f.GetName()] = true; strings.HasPrefix(f.GetName(), "verbatim_") && !strings.Contains(string(document), "| `"+f.GetName()+"` |") {
			t.Errorf("the document has no line about %s", f.GetName())
		}
	}
	for _, name := range regexp.MustCompile(`verbatim_[a-z_]+`).FindAllString(string(document), -1) {
		if !there[strings.TrimSuffix(name, "_bucket")] {
			t.Errorf("the document names %s, which there is not", name)
		}
	}
}

// TestLogsTellNoWords: what became of questions and episodes is in the log, and
// not a word of them.
func TestLogsTellNoWords(t *testing.T) {
	w := newWorld(t, Options{})
	var log bytes.Buffer
	w.bot.Log = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelInfo}))
	server := w.useModel(func(r modeltest.Request) modeltest.Reply {
		return modeltest.Reply{Text: marked(r, "Shoigu went to Pyongyang in 2023.", "Shoigu went to Pyongyang")}
	})
	w.add(guild, "added.txt", secretText)
	w.ask(shoigu)
	w.ask("What is the recipe for sourdough focaccia?")
	server.Kill()
	w.ask("When did Kim Il-sung visit the Soviet Union?")
	if err := w.bot.Remove(t.Context(), guild, "added"); err != nil {
		t.Fatal(err)
	}
	text := log.String()
	for _, want := range []string{
		`"msg":"episode added","guild":"` + string(guild) + `","episode":"added","lines":3`,
		`"msg":"question answered","took":`, `"model":"` + modeltest.Model + `"`, `"without":"down"`,
		`"msg":"question refused","took":`, `"reason":"not-spoken-of"`,
		`"msg":"episode removed","guild":"` + string(guild) + `","episode":"added"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the log has no %s:\n%s", want, text)
		}
	}
	for _, word := range []string{"Shoigu", "Pyongyang", "focaccia", "sourdough", "Soviet", "zebra", secretWord, modeltest.Key} {
		if strings.Contains(strings.ToLower(text), strings.ToLower(word)) {
			t.Errorf("the log tells %q:\n%s", word, text)
		}
	}
}

// BenchmarkScrape is one scrape of all numbers.
func BenchmarkScrape(b *testing.B) {
	w := newWorld(b, Options{Discord: func() []Shard { return make([]Shard, 1) }})
	s, err := New(w.bot, Options{PagesPerMinute: 1e9})
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/metrics", nil)
	r.RemoteAddr = "127.0.0.1:1"
	for b.Loop() {
		rec := httptest.NewRecorder()
		s.Handler().ServeHTTP(rec, r)
		if n, _ := io.Copy(io.Discard, rec.Body); rec.Code != http.StatusOK || n == 0 {
			b.Fatalf("%d with %d bytes", rec.Code, n)
		}
	}
}
