package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"verbatim/data"
	"verbatim/retrieval"
	"verbatim/retrieval/embedding"
	"verbatim/retrieval/local"
)

// speech makes text whose words are as common as in speech: the rank of each
// follows Zipf's law over the vocabulary of the embedded table.
type speech struct {
	words []string
	zipf  *rand.Zipf
	rng   *rand.Rand
}

func newSpeech(seed uint64) *speech {
	s := &speech{rng: rand.New(rand.NewPCG(seed, 1))}
	for word := range strings.SplitSeq(data.Vocabulary, "\n") {
		if len(word) > 1 && word[0] >= 'a' && word[0] <= 'z' {
			s.words = append(s.words, word)
		}
	}
	s.zipf = rand.NewZipf(s.rng, 1.1, 8, uint64(len(s.words)-1))
	return s
}

func (s *speech) sentence() string {
	words := make([]string, 6+s.rng.IntN(20))
	for i := range words {
		words[i] = s.words[s.zipf.Uint64()]
	}
	return strings.ToUpper(words[0][:1]) + words[0][1:] + " " + strings.Join(words[1:], " ") + "."
}

// episode is a transcript of about that many words, two speakers in turn.
func (s *speech) episode(words int) string {
	var b strings.Builder
	for turn := 0; words > 0; turn++ {
		fmt.Fprintf(&b, "%s:", []string{"Ann Smith", "Bob Jones"}[turn%2])
		for range 2 + s.rng.IntN(4) {
			sentence := s.sentence()
			words -= strings.Count(sentence, " ") + 1
			b.WriteString(" " + sentence)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// benchBot makes a bot on a library in a file with at least that many
// passages, 100 to an episode.
func benchBot(b *testing.B, passages int) *Bot {
	b.Helper()
	static, err := embedding.NewStatic()
	if err != nil {
		b.Fatal(err)
	}
	library, err := local.Open(b.Context(), b.TempDir(), local.Options{Model: static.Model(), Dimension: static.Dimension()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = library.Close() })
	bot := New(library, static, static)
	s := newSpeech(7)
	for have, n := 0, 0; have < passages; n++ {
		added, err := bot.Add(b.Context(), retrieval.Public, NewEpisode{File: fmt.Sprintf("episode-%d.txt", n), Data: []byte(s.episode(10_000))}, nil)
		if err != nil {
			b.Fatal(err)
		}
		have += added.Passages
	}
	return bot
}

// reportP50 runs the function once an iteration and reports the median in
// milliseconds beside the mean.
func reportP50(b *testing.B, f func(i int)) {
	var took []time.Duration
	i := 0
	for b.Loop() {
		started := time.Now()
		f(i)
		took = append(took, time.Since(started))
		i++
	}
	reportTimes(b, took)
}

func reportTimes(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
}

func benchQuestions() []string {
	s := newSpeech(99)
	questions := make([]string, 64)
	for i := range questions {
		questions[i] = "What did they say about " + strings.TrimSuffix(strings.ToLower(s.sentence()), ".") + "?"
	}
	return questions
}

func BenchmarkSearch(b *testing.B) {
	for _, passages := range []int{100, 10_000} {
		b.Run(fmt.Sprintf("passages=%d", passages), func(b *testing.B) {
			bot, questions := benchBot(b, passages), benchQuestions()
			reportP50(b, func(i int) {
				if _, err := bot.Search(b.Context(), retrieval.Query{Text: questions[i%len(questions)], Filter: public}); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

func BenchmarkAsk(b *testing.B) {
	for _, passages := range []int{100, 10_000} {
		b.Run(fmt.Sprintf("passages=%d", passages), func(b *testing.B) {
			bot, questions := benchBot(b, passages), benchQuestions()
			reportP50(b, func(i int) {
				if _, err := bot.Ask(b.Context(), questions[i%len(questions)], public); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

// BenchmarkAskAtOnce has several callers ask at a time; ns/op is the time
// between two answers, the percentiles are what one caller waits.
func BenchmarkAskAtOnce(b *testing.B) {
	bot, questions := benchBot(b, 10_000), benchQuestions()
	for _, callers := range []int{1, 4, 16} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			var mutex sync.Mutex
			var took []time.Duration
			var next atomic.Int64
			var wg sync.WaitGroup
			b.ResetTimer()
			for range callers {
				wg.Go(func() {
					for i := next.Add(1) - 1; i < int64(b.N); i = next.Add(1) - 1 {
						started := time.Now()
						if _, err := bot.Ask(b.Context(), questions[i%int64(len(questions))], public); err != nil {
							b.Error(err)
						}
						mutex.Lock()
						took = append(took, time.Since(started))
						mutex.Unlock()
					}
				})
			}
			wg.Wait()
			reportTimes(b, took)
		})
	}
}

// BenchmarkEpisodes types into a library of 2,000 episodes in two scopes.
func BenchmarkEpisodes(b *testing.B) {
	bot := benchBot(b, 1)
	s := newSpeech(11)
	for n := range 2000 {
		scope := guildAndPublic[n%2]
		title := strings.TrimSuffix(s.sentence(), ".")
		day := time.Date(2015, 1, 1+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		text := talkOf(title[:min(len(title), 80)], "Sea Talk", day, fmt.Sprintf("Guest Number%d", n))
		if _, err := bot.Add(b.Context(), scope, NewEpisode{File: fmt.Sprintf("talk-%d.md", n), Data: []byte(text)}, nil); err != nil {
			b.Fatal(err)
		}
	}
	for _, typed := range []string{"", "s", "sea talk mar", "march 2017", "seventen hundered", "zzqqxx"} {
		b.Run("typed="+strings.ReplaceAll(typed, " ", "_"), func(b *testing.B) {
			reportP50(b, func(int) {
				if _, err := bot.Episodes(b.Context(), guildAndPublic, typed, 25); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
	b.Run("speakers", func(b *testing.B) {
		reportP50(b, func(int) {
			if _, err := bot.Speakers(b.Context(), guildAndPublic, nil, "guest num", 25); err != nil {
				b.Fatal(err)
			}
		})
	})
}

// BenchmarkCheckQuote checks words that were said with one changed, and words
// of others.
func BenchmarkCheckQuote(b *testing.B) {
	bot := benchBot(b, 10_000)
	said, other := strings.Fields(newSpeech(7).episode(10_000)), strings.Fields(newSpeech(8).episode(10_000))
	for _, words := range []int{12, 60, 290} {
		for name, text := range map[string][]string{"nearly": said, "absent": other} {
			b.Run(fmt.Sprintf("%s/words=%d", name, words), func(b *testing.B) {
				reportP50(b, func(i int) {
					at := i * 37 % (len(text) - words)
					posted := slices.Clone(text[at : at+words])
					posted[words/2] = "lighthouse"
					if _, err := bot.CheckQuote(b.Context(), strings.Join(posted, " "), public); err != nil {
						b.Fatal(err)
					}
				})
			})
		}
	}
}

// BenchmarkContext shows what stands around a place of an episode of an hour.
func BenchmarkContext(b *testing.B) {
	bot := benchBot(b, 1)
	for _, page := range []int{0, 20} {
		b.Run(fmt.Sprintf("page=%d", page), func(b *testing.B) {
			reportP50(b, func(i int) {
				if _, err := bot.Context(b.Context(), public.Scopes, EpisodeRef{retrieval.Public, "episode-0"}, 10+i%50, 11+i%50, page); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

func BenchmarkFindQuote(b *testing.B) {
	bot := benchBot(b, 10_000)
	s := newSpeech(7)
	text := strings.Fields(s.episode(10_000))
	reportP50(b, func(i int) {
		at := i * 37 % (len(text) - 12)
		if _, err := bot.FindQuote(b.Context(), strings.Join(text[at:at+12], " "), public, 5); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkAdd adds an episode of an hour: reading, splitting, embedding,
// writing.
func BenchmarkAdd(b *testing.B) {
	bot := benchBot(b, 1)
	hour := []byte(newSpeech(3).episode(10_000))
	reportP50(b, func(i int) {
		if _, err := bot.Add(b.Context(), retrieval.Public, NewEpisode{File: fmt.Sprintf("hour-%d.txt", i), Data: hour}, nil); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkSummarize(b *testing.B) {
	bot := benchBot(b, 1)
	reportP50(b, func(int) {
		if _, err := bot.Summarize(b.Context(), public.Scopes, "episode-0", Detailed); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkSummarizeAs(b *testing.B) {
	bot := benchBot(b, 1)
	reportP50(b, func(int) {
		if _, err := bot.SummarizeAs(b.Context(), SummaryRequest{Scopes: public.Scopes, Episode: "episode-0", Style: Detailed}); err != nil {
			b.Fatal(err)
		}
	})
}

// largePassages is about a thousand hours of talk.
const largePassages = 100_000

// chatter makes text of the words of real transcripts, each followed by words
// that have followed it there, with made-up names in between, so that a library
// of many hours has the words, and as many rare ones, as a real one has.
type chatter struct {
	rng   *rand.Rand
	next  map[string][]string
	names *rand.Zipf
	last  string
}

func newChatter(texts []string) *chatter {
	c := &chatter{rng: rand.New(rand.NewPCG(5, 1)), next: map[string][]string{}, last: "the"}
	c.names = rand.NewZipf(c.rng, 1.05, 20, 150_000)
	for _, text := range texts {
		words := strings.Fields(text)
		for i := 1; i < len(words); i++ {
			c.next[words[i-1]] = append(c.next[words[i-1]], words[i])
		}
	}
	return c
}

// word is a name in one of 150 places.
func (c *chatter) word() string {
	follow := c.next[c.last]
	if len(follow) == 0 {
		follow = c.next["the"]
	}
	c.last = follow[c.rng.IntN(len(follow))]
	if c.rng.IntN(150) > 0 {
		return c.last
	}
	name := []byte{}
	for n := c.names.Uint64() + 30; n > 0; n /= 90 {
		name = append(name, "bdfgklmnprstvzchj"[n%15], "aeiou"[n%5])
		name = append(name, "lmnrst"[n%6])
	}
	return strings.ToUpper(string(name[:1])) + string(name[1:])
}

// hour is a transcript of 10,000 words, two speakers in turn.
func (c *chatter) hour() string {
	var b strings.Builder
	for turn := 0; turn < 100; turn++ {
		fmt.Fprintf(&b, "%s:", []string{"Ann Smith", "Bob Jones"}[turn%2])
		for range 100 {
			b.WriteString(" " + c.word())
		}
		b.WriteString(".\n")
	}
	return b.String()
}

// largeTexts are the transcripts of the public sets beside the checkout with
// the questions asked of them, or made-up ones where there are none.
func largeTexts(b *testing.B) (files []NewEpisode, questions []string) {
	b.Helper()
	for _, set := range []string{"qmsum/val", "spoken_squad/public", "btc_podcasts/public", "optech_recap/public"} {
		names, err := filepath.Glob(filepath.Join(evalData, set, "*.txt"))
		if err != nil {
			b.Fatal(err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				b.Fatal(err)
			}
			files = append(files, NewEpisode{File: filepath.Base(name), Data: text})
		}
		gold, err := os.ReadFile(filepath.Join(evalData, set+".gold.jsonl"))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(gold)) {
			var asked struct{ Query string }
			if err := json.Unmarshal([]byte(line), &asked); err != nil {
				b.Fatal(err)
			}
			questions = append(questions, asked.Query)
		}
	}
	if len(files) == 0 {
		return []NewEpisode{{File: "made.txt", Data: []byte(newSpeech(7).episode(500_000))}}, benchQuestions()
	}
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(questions), func(i, j int) { questions[i], questions[j] = questions[j], questions[i] })
	return files, questions
}

// largeDir makes the large library once for all benchmarks of a run;
// VERBATIM_BENCH_DIR names a directory that keeps it for the next.
var largeDir = sync.OnceValues(func() (string, error) {
	if dir := os.Getenv("VERBATIM_BENCH_DIR"); dir != "" {
		return dir, os.MkdirAll(dir, 0o700)
	}
	return os.MkdirTemp("", "verbatim-large")
})

func openLarge(b *testing.B) *Bot {
	b.Helper()
	dir, err := largeDir()
	if err != nil {
		b.Fatal(err)
	}
	return openIn(b, dir, "")
}

// openIn opens the library of a directory, first copied from another one unless
// that is "".
func openIn(b *testing.B, dir, from string) *Bot {
	b.Helper()
	if from != "" {
		if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
			b.Fatal(err)
		}
	}
	static, err := embedding.NewStatic()
	if err != nil {
		b.Fatal(err)
	}
	library, err := local.Open(b.Context(), dir, local.Options{Model: static.Model(), Dimension: static.Dimension()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = library.Close() })
	return New(library, static, static)
}

// largeBot has the public transcripts in the large library, among made-up ones.
func largeBot(b *testing.B) (*Bot, []string) {
	b.Helper()
	bot := openLarge(b)
	files, questions := largeTexts(b)
	list, err := bot.library.List(b.Context(), public)
	if err != nil {
		b.Fatal(err)
	}
	have := 0
	for i := range list {
		have += list[i].Passages
	}
	var texts []string
	for i := range files {
		texts = append(texts, string(files[i].Data))
	}
	c := newChatter(texts)
	for n := 0; have < largePassages; n++ {
		file := NewEpisode{File: fmt.Sprintf("hour-%d.txt", n)}
		if n < len(files) {
			file = files[n]
		} else {
			file.Data = []byte(c.hour())
		}
		added, err := bot.Add(b.Context(), retrieval.Public, file, nil)
		if err != nil {
			b.Fatal(err)
		}
		have += added.Passages
	}
	return bot, questions
}

// BenchmarkLarge is a library of 100,000 passages. Memory is that of the whole
// process: the most that it has had, after the library was opened anew.
func BenchmarkLarge(b *testing.B) {
	b.Run("open", func(b *testing.B) {
		largeBot(b) // makes it
		reportP50(b, func(int) { _ = openLarge(b).library.(*local.Library).Close() })
	})
	b.Run("first", func(b *testing.B) { // the first question after opening
		_, questions := largeTexts(b)
		var took []time.Duration
		for b.Loop() {
			bot := openLarge(b)
			started := time.Now()
			if _, err := bot.Search(b.Context(), retrieval.Query{Text: questions[0], Filter: public}); err != nil {
				b.Fatal(err)
			}
			took = append(took, time.Since(started))
			_ = bot.library.(*local.Library).Close()
		}
		reportTimes(b, took)
	})
	bot, questions := largeBot(b)
	search := func(b *testing.B, f retrieval.Filter) {
		reportP50(b, func(i int) {
			if _, err := bot.Search(b.Context(), retrieval.Query{Text: questions[i%len(questions)], Filter: f}); err != nil {
				b.Fatal(err)
			}
		})
	}
	b.Run("search", func(b *testing.B) {
		search(b, public)
		b.ReportMetric(peakMB(b), "peak-MB")
	})
	b.Run("search/episodes=1", func(b *testing.B) {
		f := public
		f.Episodes = []retrieval.EpisodeID{"hour-500"}
		search(b, f)
	})
	b.Run("ask", func(b *testing.B) {
		reportP50(b, func(i int) {
			if _, err := bot.Ask(b.Context(), questions[i%len(questions)], public); err != nil {
				b.Fatal(err)
			}
		})
	})
	b.Run("search/adding", func(b *testing.B) { benchAdding(b, questions) })
}

// benchAdding asks questions of a copy of the large library while hour after
// hour is added.
func benchAdding(b *testing.B, questions []string) {
	from, err := largeDir()
	if err != nil {
		b.Fatal(err)
	}
	bot := openIn(b, b.TempDir(), from)
	if _, err := bot.Search(b.Context(), retrieval.Query{Text: questions[0], Filter: public}); err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	var adding sync.WaitGroup
	added := 0
	adding.Go(func() {
		for c := newChatter([]string{newSpeech(3).episode(50_000)}); ctx.Err() == nil; added++ {
			hour := NewEpisode{File: fmt.Sprintf("added-%d.txt", added), Data: []byte(c.hour())}
			if _, err := bot.Add(ctx, retrieval.Public, hour, nil); err != nil && ctx.Err() == nil {
				b.Error(err)
			}
		}
	})
	reportP50(b, func(i int) {
		if _, err := bot.Search(b.Context(), retrieval.Query{Text: questions[i%len(questions)], Filter: public}); err != nil {
			b.Fatal(err)
		}
	})
	cancel()
	adding.Wait()
	b.ReportMetric(float64(added), "added")
}

// peakMB is the most resident memory that the process has had, 0 where the
// system does not say.
func peakMB(b *testing.B) float64 {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	var kilobytes float64
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	_, _ = fmt.Sscan(after, &kilobytes)
	return kilobytes / 1000
}
