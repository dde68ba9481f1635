package bot

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
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
