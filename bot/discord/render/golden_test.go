package render

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verbatim/bot"
	"verbatim/bot/discord/words"
	"verbatim/retrieval"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden compares the main messages with testdata/*.golden.json.
func TestGolden(t *testing.T) {
	for name, made := range goldens() {
		t.Run(name, func(t *testing.T) {
			got := indented(t, made)
			file := filepath.Join("testdata", name+".golden.json")
			if *update {
				if err := os.MkdirAll("testdata", 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, got, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s is another (-want +got), see -update:\n%s", name, diff)
			}
		})
	}
}

func indented(t *testing.T, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const guild = retrieval.Scope("1100000000000000001")

func exampleInfo() *retrieval.EpisodeInfo {
	return &retrieval.EpisodeInfo{
		Scope: guild, ID: "harbour-lights-12", Title: "Harbour Lights #12: The *last* keeper", Show: "Harbour Lights", Date: time.Date(2025, 3, 6, 0, 0, 0, 0, time.UTC),
		Description: "Ann visits the lighthouse.\nhttps://example.com/notes", AudioURL: "https://example.com/12.mp3", Format: "srt", TotalLines: 1240, Passages: 40,
		Speakers: []string{"Ann Lee", "Tom"}, Timed: true,
	}
}

func exampleCitations() []retrieval.Citation {
	return []retrieval.Citation{
		{N: 1, Scope: guild, Episode: "harbour-lights-12", Title: "Harbour Lights #12: The *last* keeper", FirstLine: 63, LastLine: 64, Speaker: "Tom", Start: retrieval.At(12*time.Minute + 34*time.Second),
			Quote: "The lamp was lit with paraffin until 1948, and then they laid a cable.", URL: "https://example.com/12.mp3#t=754"},
		{N: 2, Scope: retrieval.Public, Episode: "sea-stories", Title: "Sea stories", FirstLine: 8, LastLine: 8, Quote: "1948. That was the year of the cable."},
	}
}

// goldens are the messages by the name of their file.
func goldens() map[string]any {
	r := Renderer{Lang: words.English}
	found := &bot.Answer{Question: "When was the lamp lit electrically?", Found: true, Model: bot.Extractive, Citations: exampleCitations(), Named: retrieval.ContentTerms("When was the lamp lit electrically?")}
	written := &bot.Answer{Question: "When?", Standalone: "When was the lamp lit?", Found: true, Model: "small-7b", Citations: exampleCitations(), Sentences: []bot.AnswerSentence{
		{Text: "Until 1948 the lamp burned paraffin.", Citations: []int{1}}, {Text: "That year a cable was laid.", Citations: []int{1, 2}},
	}}
	refused := &bot.Answer{Question: "Who was the queen?", Citations: exampleCitations()[:1], Why: bot.Reason{Kind: bot.ReasonNotSpokenOf, Words: []string{"queen"}}, One: true}
	hit := bot.QuoteHit{Citation: exampleCitations()[0], Score: 1, Before: "Well, ", After: " It changed everything."}
	hit.Bold = [][2]int{{0, 12}, {26, 34}}
	summary := &bot.Summary{Episode: "harbour-lights-12", Title: "Harbour Lights #12", Style: bot.Chapters, CoveredLines: 1238, TotalLines: 1240, Citations: exampleCitations(), Points: []bot.Point{
		{Heading: "Lamp, Cable", Text: exampleCitations()[0].Quote, Citations: []int{1}}, {Text: exampleCitations()[1].Quote, Citations: []int{2}},
	}}
	around := &bot.Around{Info: *exampleInfo(), First: 63, Last: 64, HasBefore: true, Lines: []retrieval.Line{
		{N: 61, Speaker: "Ann Lee", Text: "And how was it lit?", Start: retrieval.At(750 * time.Second)}, {N: 63, Speaker: "Tom", Text: "The lamp was lit with paraffin until 1948,", Start: retrieval.At(754 * time.Second)},
		{N: 64, Speaker: "Tom", Text: "and then they laid a cable.", Start: retrieval.At(757 * time.Second)}, {N: 65, Speaker: "Tom", Text: "It changed everything.", Start: retrieval.At(760 * time.Second)},
	}}
	checked := &bot.Checked{Verdict: bot.VerdictNearly, Posted: "The lamp was lit with oil", Hit: &hit, More: 1, Diff: []bot.DiffPart{
		{Text: "The lamp was lit with", Op: bot.DiffEqual}, {Text: "oil", Op: bot.DiffMissing}, {Text: "paraffin", Op: bot.DiffAdded}, {Text: "until 1948.", Op: bot.DiffEqual},
	}}
	part, without, removed, beside, aside := *written, *found, *refused, *found, *written
	aside.Removed, aside.Beside = 2, 1
	beside.Without = bot.FallbackBeside
	part.Removed, without.Without, removed.Without = 2, bot.FallbackBudget, bot.FallbackUnsupported
	counted, listed, cut := *found, *written, *written
	counted.Sentences = []bot.AnswerSentence{{Text: "“Lamp” is said twice, in 2 places.", Citations: []int{1, 2}}}
	listed.Covered, cut.Covered = bot.Coverage{Read: 120, Total: 1400}, bot.Coverage{Left: 7}
	modelled := *summary
	modelled.Model, modelled.Removed = "small-7b", 1
	chat := Chat{Model: "small-7b", Host: "llm.example.com:8000", Priced: true}
	limited := bot.Settings{UserPerDay: 100, TokensPerDay: 50_000, CostPerDay: 0.5}
	draft := bot.Draft{Sentences: written.Sentences[:1], Unchecked: " After *1948*, so @everyone says, the cable"}
	where := AnswerContext{Public: true, Server: true, Threadable: true}
	return map[string]any{
		"answer": r.Answer(found, where), "answer-written": r.Answer(written, where), "refusal": r.Answer(refused, AnswerContext{}),
		"answer-ja": Renderer{Lang: words.Japanese}.Answer(found, where), "refusal-de": Renderer{Lang: words.German}.Answer(refused, where),
		"draft": r.Draft(draft, AnswerContext{Question: "When was the lamp lit electrically?"}), "draft-ko": Renderer{Lang: words.Korean}.Draft(bot.Draft{Unchecked: "1948"}, where),
		"answer-removed": r.Answer(&part, where), "answer-aside": r.Answer(&aside, where), "answer-counted": r.Answer(&counted, where), "answer-listed": r.Answer(&listed, where), "answer-cut": r.Answer(&cut, where), "answer-without": r.Answer(&without, where), "refusal-without": r.Answer(&removed, where), "answer-beside": r.Answer(&beside, where),
		"summary-model": r.SummaryPage(&modelled, false, 0), "settings-model": Renderer{Lang: words.German}.Settings(limited, chat, ModelUse{Tokens: 12_345, Cost: 0.123}),
		"limits-form-model": r.LimitsForm(limited, chat), "privacy-model": r.Privacy(PrivacyContext{Chat: chat}), "help-model": r.Help(true, chat),
		"quotes": r.Quotes(&bot.Quotes{Query: "lit with paraffin", Found: true, Match: bot.MatchClose, Hits: []bot.QuoteHit{hit}}, ""), "not-said": r.Quotes(&bot.Quotes{Query: "lit with *gas*"}, bot.MatchExact),
		"nearly-said": r.Checked(checked), "summary": r.SummaryPage(summary, false, 0), "context": r.Context(around),
		"episodes": r.EpisodesPage([]retrieval.EpisodeInfo{*exampleInfo(), {Scope: retrieval.Public, ID: "sea-stories"}}, "light", 0), "card": r.EpisodeCard(exampleInfo(), Action{Text: "light", Page: 2}),
		"added":  r.Added(&bot.Added{Episode: "harbour-lights-12", Format: "srt", Lines: 1240, Passages: 40, Warnings: []string{"line 40: end is before start"}}, exampleInfo(), "abc123"),
		"remove": r.RemoveConfirm(exampleInfo()), "settings": r.Settings(bot.Settings{AddRoles: []string{"1200000000000000001"}, UserPerDay: 100, CooldownSeconds: 3, Language: "de"}, Chat{}, ModelUse{}),
		"help": r.Help(true, Chat{}), "privacy": r.Privacy(PrivacyContext{}), "forget": r.ForgetConfirm(), "ask-form": r.AskFurtherForm("1300000000000000001"), "limits-form": r.LimitsForm(bot.DefaultSettings(), Chat{}),
	}
}
