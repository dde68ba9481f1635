package render

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"verbatim/bot"
	"verbatim/bot/discord/wire"
	"verbatim/bot/discord/words"
	"verbatim/bot/model"
	"verbatim/bot/model/modeltest"
	"verbatim/data"
	"verbatim/retrieval"
	"verbatim/retrieval/embedding"
	"verbatim/retrieval/local"
)

var pictures = flag.String("pictures", "", "write the messages for the pictures of the documentation into this folder")

// picture is what the renderer of pictures reads.
type picture struct {
	Name      string          `json:"name"`
	Author    author          `json:"author"`
	Asker     *asker          `json:"asker"`
	Ephemeral bool            `json:"ephemeral"`
	Messages  []wire.Outgoing `json:"messages"`
}

type author struct {
	Name string `json:"name"`
	Bot  bool   `json:"bot"`
}

type asker struct {
	Name     string `json:"name"`
	Command  string `json:"command"`
	Question string `json:"question"`
}

// TestPictures makes the messages of the pictures from a real bot's answers
// and holds them to Discord's limits; with -pictures it writes them.
func TestPictures(t *testing.T) {
	for _, p := range makePictures(t) {
		p.Author = author{Name: "Verbatim", Bot: true}
		if p.Asker != nil {
			p.Asker.Name = "ann"
		}
		for _, m := range p.Messages {
			checkMessage(t, p.Name, m)
			checkForeign(t, p.Name, m)
		}
		if *pictures == "" {
			continue
		}
		if err := os.MkdirAll(*pictures, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(*pictures, p.Name+".json"), indented(t, p), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

const (
	sampleID = retrieval.EpisodeID("nk-news-toloraya-2025-03-06")
	// keeper is a timed transcript with speakers, and one cue whose times are
	// the wrong way round.
	keeper = `1
00:00:04,000 --> 00:00:09,000
Ann: Welcome to Harbour Lights. Tom, you kept the last lamp on this coast.

2
00:00:09,500 --> 00:00:16,000
Tom: Thirty-one years. The lamp was lit with paraffin until 1948, and then they laid a cable.

3
00:00:16,500 --> 00:00:15,000
Ann: And after the cable?

4
00:00:18,000 --> 00:00:25,000
Tom: After the cable nobody had to carry oil up a hundred and twelve steps any more.
`
)

// sampleBot is a bot with the sample episode for everybody, and two short ones
// of a server.
func sampleBot(t *testing.T) (*bot.Bot, *bot.Added) {
	t.Helper()
	static, err := embedding.NewStatic()
	if err != nil {
		t.Fatal(err)
	}
	library, err := local.OpenMemory(t.Context(), local.Options{Model: static.Model(), Dimension: static.Dimension()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := library.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	b := bot.New(library, static, static)
	add := func(scope retrieval.Scope, n bot.NewEpisode) *bot.Added {
		added, err := b.Add(t.Context(), scope, n, nil)
		if err != nil {
			t.Fatal(err)
		}
		return added
	}
	add(retrieval.Public, bot.NewEpisode{File: data.SampleName, Data: []byte(data.Sample)})
	add(guild, bot.NewEpisode{File: "the-tide-tables.txt", Data: []byte("Nora: The tide tables were printed in town every spring.\nNora: Nobody on the islands trusted them.\n"), Title: "The tide tables", Show: "Harbour Lights", Date: "2025-01-23"})
	added := add(guild, bot.NewEpisode{File: "the-last-keeper.srt", Data: []byte(keeper), Title: "The last keeper", Show: "Harbour Lights", Date: "2025-02-20", AudioURL: "https://www.youtube.com/watch?v=harbour12"})
	return b, added
}

// maker makes pictures; the first error stops the test.
type maker struct {
	t    *testing.T
	bot  *bot.Bot
	list []picture
}

func (m *maker) add(name, command, question string, ephemeral bool, messages ...wire.Outgoing) {
	p := picture{Name: name, Ephemeral: ephemeral, Messages: messages}
	if command != "" { // what a button brings has nobody's command above it
		p.Asker = &asker{Command: command, Question: question}
	}
	m.list = append(m.list, p)
}

func must[T any](m *maker, make func(context.Context) (T, error)) T {
	m.t.Helper()
	v, err := make(m.t.Context())
	if err != nil {
		m.t.Fatal(err)
	}
	return v
}

func makePictures(t *testing.T) []picture {
	b, added := sampleBot(t)
	m := &maker{t: t, bot: b}
	r := Renderer{Lang: words.English}
	scopes := []retrieval.Scope{guild, retrieval.Public}
	sample := retrieval.Filter{Scopes: scopes, Episodes: []retrieval.EpisodeID{sampleID}}
	where := AnswerContext{Public: true, Server: true, Threadable: true}
	ask := func(name, question string, f retrieval.Filter, l words.Language) {
		a := must(m, func(ctx context.Context) (*bot.Answer, error) { return b.Ask(ctx, question, f) })
		where.Question = question
		m.add(name, l.Slash("ask"), question, false, Renderer{Lang: l}.Answer(a, where)...)
	}
	ask("answer", "Who went to Pyongyang in 2023?", sample, words.English)
	ask("answer-timed", "How was the lamp lit?", retrieval.Filter{Scopes: scopes}, words.English)
	ask("answer-ja", "When did Kim Il-sung visit the Soviet Union?", sample, words.Japanese)
	ask("refusal", "What did they say about the World Cup in Brazil?", sample, words.English)
	ask("refusal-de", "What did they say about the World Cup in Brazil?", sample, words.German)
	for _, style := range []string{bot.Brief, bot.Chapters} {
		s := must(m, func(ctx context.Context) (*bot.Summary, error) { return b.Summarize(ctx, scopes, sampleID, style) })
		m.add("summary-"+style, "/summary", "", false, r.SummaryPage(s, true, 0))
	}
	const said = "a marriage of convenience"
	q := must(m, func(ctx context.Context) (*bot.Quotes, error) { return b.FindQuote(ctx, said, sample, 0) })
	m.add("quote", "/quote", said, false, r.Quotes(q, "")...)
	for name, posted := range map[string]string{
		"check-nearly": "“Both see the world as dominated unfairly by the West, and both want to change the world.”",
		"check-absent": "“We will build a hundred lighthouses on the moon.”",
	} {
		c := must(m, func(ctx context.Context) (*bot.Checked, error) {
			return b.CheckQuote(ctx, posted, retrieval.Filter{Scopes: scopes})
		})
		m.add(name, "Find in episodes", posted, true, r.Checked(c)...)
	}
	around := must(m, func(ctx context.Context) (*bot.Around, error) {
		return b.Context(ctx, scopes, bot.EpisodeRef{Scope: retrieval.Public, ID: sampleID}, 34, 36, 0)
	})
	m.add("context", "", "", true, r.Context(around))
	m.panels(r, scopes, added)
	m.modelled(r, sample)
	return m.list
}

// modelled adds what a language model brings: a draft, its answer with a
// sentence left out, an answer beyond the budget, and who is told of it. The model
// is one for tests, and its answers are checked like any other's.
func (m *maker) modelled(r Renderer, sample retrieval.Filter) {
	const question = "What do most experts get wrong about Russia and North Korea?"
	const invented = "They signed 90 treaties about it in 1999 [n]."
	server := modeltest.New(m.t, func(r modeltest.Request) modeltest.Reply {
		at := regexp.MustCompile(`(?m)^\[(\d+)\].*marriage of convenience`).FindStringSubmatch(r.User())
		if at == nil {
			m.t.Fatalf("the passage is not given:\n%s", r.User())
		}
		said := "Most experts, especially in the West, see the relationship as “a marriage of convenience” [n]. But that is only the part of the story: there is a convergence of values of the leadership of the two countries [n]. " + invented
		if strings.Contains(r.User(), "are wrong") {
			said = invented // it sticks to it
		}
		return modeltest.Reply{Text: strings.ReplaceAll(said, "[n]", "["+at[1]+"]")}
	})
	client, err := model.New(model.Options{BaseURL: server.URL(), Key: modeltest.Key, Model: modeltest.Model})
	if err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(client.Close)
	where := AnswerContext{Public: true, Server: true, Threadable: true, Question: question}
	m.bot.UseModel(client, bot.ModelOptions{})
	a := must(m, func(ctx context.Context) (*bot.Answer, error) {
		return m.bot.Reply(ctx, bot.Question{Text: question, Filter: sample, Payer: guild})
	})
	if a.Removed != 1 || len(a.Sentences) != 2 {
		m.t.Fatalf("the answer is %+v, want the last sentence removed", a)
	}
	draft := bot.Draft{Sentences: a.Sentences[:1], Unchecked: a.Sentences[1].Text[:65]} // as it was on the way
	a.Model = "gpt-4.1-mini"
	m.add("draft", "/ask", question, false, r.Draft(draft, where))
	m.add("answer-model", "/ask", question, false, r.Answer(a, where)...)
	m.bot.UseModel(client, bot.ModelOptions{TokensPerDay: 1})
	where.Question = "Who went to Pyongyang in 2023?"
	a = must(m, func(ctx context.Context) (*bot.Answer, error) {
		return m.bot.Reply(ctx, bot.Question{Text: where.Question, Filter: sample, Payer: guild})
	})
	if a.Without != bot.FallbackBudget {
		m.t.Errorf("the answer beyond the budget is %+v", a)
	}
	m.add("answer-budget", "/ask", where.Question, false, r.Answer(a, where)...)
	where.Question = "How often is Putin mentioned?"
	a = must(m, func(ctx context.Context) (*bot.Answer, error) {
		return m.bot.Reply(ctx, bot.Question{Text: where.Question, Filter: sample, Payer: guild})
	})
	m.add("answer-counted", "/ask", where.Question, false, r.Answer(a, where)...)
	summing := modeltest.New(m.t, summer)
	if client, err = model.New(model.Options{BaseURL: summing.URL(), Key: modeltest.Key, Model: modeltest.Model}); err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(client.Close)
	m.bot.UseModel(client, bot.ModelOptions{})
	sum := *must(m, func(ctx context.Context) (*bot.Summary, error) {
		return m.bot.SummarizeAs(ctx, bot.SummaryRequest{Scopes: sample.Scopes, Episode: sampleID, Style: bot.Brief, Payer: guild})
	})
	sum.Model = "gpt-4.1-mini"
	m.add("summary-model", "/summary", "", false, r.SummaryPage(&sum, true, 0))
	chat := Chat{Model: "gpt-4.1-mini", Host: "api.openai.com", Priced: true}
	s := bot.DefaultSettings()
	s.TokensPerDay, s.CostPerDay = 200_000, 0.5
	m.add("settings-model", "/settings", "", true, r.Settings(s, chat, ModelUse{Tokens: 48_210, Cost: 0.0364}))
	m.add("privacy-model", "/privacy", "", true, r.Privacy(PrivacyContext{Chat: chat}))
}

// summed are points of the sample by words that tell where they stand; the last
// one is invented.
var summed = [][2]string{
	{"marriage of convenience", "Most experts see the relationship as “a marriage of convenience”"},
	{"dominated unjustly by the West", "Both countries see the world as dominated unjustly by the West, and both want to change the world order"},
	{"Shoigu went to Pyongyang", "The world saw the change in 2023, when Shoigu went to Pyongyang and the delivery of arms started"},
	{"long-term tendency", "It is not a temporary wake but a long-term tendency"},
	{"Kim Jong-il died", "Putin sold 700 submarines to Kim Jong-il in 1961"},
}

// summer says of the passages, or points, that it is given what summed has.
func summer(r modeltest.Request) modeltest.Reply {
	var lines []string
	for _, point := range summed {
		for _, words := range point {
			if at := regexp.MustCompile(`(?m)^\[(\d+)\].*` + regexp.QuoteMeta(words)).FindStringSubmatch(r.User()); at != nil {
				lines = append(lines, point[1]+" ["+at[1]+"].")
				break
			}
		}
	}
	return modeltest.Reply{Text: strings.Join(lines, "\n")}
}

// panels adds what is no answer.
func (m *maker) panels(r Renderer, scopes []retrieval.Scope, added *bot.Added) {
	list := must(m, func(ctx context.Context) ([]retrieval.EpisodeInfo, error) { return m.bot.Episodes(ctx, scopes, "", 0) })
	m.add("episodes", "/episodes", "", true, r.EpisodesPage(list, "", 0))
	for i := range list {
		switch list[i].ID {
		case sampleID:
			m.add("card", "/episodes", "", true, r.EpisodeCard(&list[i], Action{}))
		case added.Episode:
			m.add("upload", "/transcript add", "", true, r.Added(added, &list[i], "0123456789abcdef"))
			m.add("remove", "/transcript remove", "", true, r.RemoveConfirm(&list[i]))
		}
	}
	m.add("settings", "/settings", "", true, r.Settings(bot.DefaultSettings(), Chat{}, ModelUse{}))
	m.add("help", "/help", "", true, r.Help(true, Chat{}))
	m.add("privacy", "/privacy", "", true, r.Privacy(PrivacyContext{}))
}
