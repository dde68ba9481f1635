package render

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"verbatim/bot"
	"verbatim/bot/discord/wire"
	"verbatim/bot/discord/words"
	"verbatim/retrieval"
)

// checkMessage fails the test for whatever Discord would refuse in a message
// [resources/message, components/reference].
func checkMessage(t *testing.T, what string, m wire.Outgoing) {
	t.Helper()
	fault := func(format string, args ...any) { t.Helper(); t.Errorf(what+": "+format, args...) }
	if m.Flags != wire.FlagV2 || m.Content != "" || m.AllowedMentions == nil || m.AllowedMentions.Parse == nil || len(m.AllowedMentions.Parse) > 0 {
		fault("flags %d, content %q, mentions %+v", m.Flags, m.Content, m.AllowedMentions)
	}
	if text, count := size(m.Components); text > wire.MaxText-50 || count > wire.MaxComponents-1 || count == 0 {
		fault("%d characters, %d components", text, count)
	}
	checkComponents(fault, m.Components, map[string]bool{})
}

func checkComponents(fault func(string, ...any), components []wire.Component, taken map[string]bool) {
	wire.Walk(components, func(c *wire.Component) {
		if c.CustomID != "" {
			if taken[c.CustomID] {
				fault("two components have the custom_id %q", c.CustomID)
			}
			taken[c.CustomID] = true
			if n := runes(c.CustomID); n > wire.MaxCustomID {
				fault("custom_id of %d characters", n)
			}
			if _, err := ParseAction(c.CustomID); err != nil && c.Type != wire.TypeTextInput {
				fault("custom_id %q: %v", c.CustomID, err)
			}
		}
		checkComponent(fault, c)
	})
}

func checkComponent(fault func(string, ...any), c *wire.Component) {
	between := func(name, s string, least, most int) {
		if n := runes(s); n < least || n > most || !utf8.ValidString(s) || least > 0 && strings.TrimSpace(s) == "" {
			fault("%s %.60q of %d characters in component %d, want %d to %d", name, s, n, c.Type, least, most)
		}
	}
	switch c.Type {
	case wire.TypeTextDisplay:
		between("text", c.Content, 1, wire.MaxText)
	case wire.TypeButton:
		if c.Emoji == nil {
			between("label", c.Label, 1, wire.MaxLabel)
		}
		if (c.Style == wire.StyleLink) == (c.URL == "") || (c.Style == wire.StyleLink) == (c.CustomID != "") {
			fault("button of style %d with custom_id %q and address %q", c.Style, c.CustomID, c.URL)
		}
		between("address", c.URL, 0, wire.MaxURL)
	case wire.TypeSelect, wire.TypeRoleSelect:
		between("placeholder", c.Placeholder, 1, wire.MaxPlaceholder)
		if c.Type == wire.TypeSelect && (len(c.Options) == 0 || len(c.Options) > wire.MaxOptions) || len(c.DefaultValues) > 25 || c.CustomID == "" {
			fault("menu of %d options", len(c.Options))
		}
		values := map[string]bool{}
		for _, o := range c.Options {
			between("option", o.Label, 1, wire.MaxOptionText)
			between("value", o.Value, 1, wire.MaxOptionText)
			between("description", o.Description, 0, wire.MaxOptionText)
			if values[o.Value] {
				fault("two options have the value %q", o.Value)
			}
			values[o.Value] = true
		}
	case wire.TypeSection:
		if c.Accessory == nil || len(c.Components) < 1 || len(c.Components) > 3 {
			fault("section of %d texts", len(c.Components))
		}
	case wire.TypeRow:
		if len(c.Components) < 1 || len(c.Components) > wire.MaxRowButtons || c.Components[0].Type != wire.TypeButton && len(c.Components) > 1 {
			fault("row of %d components", len(c.Components))
		}
	case wire.TypeContainer:
		if len(c.Components) == 0 {
			fault("empty container")
		}
	case wire.TypeLabel:
		between("label", c.Label, 1, wire.MaxModalLabel)
		between("description", c.Description, 0, 100)
	case wire.TypeTextInput:
		between("placeholder", c.Placeholder, 0, wire.MaxPlaceholder)
		between("field", c.CustomID, 1, wire.MaxCustomID)
		if c.MaxLength > wire.MaxInput || runes(c.Value) > c.MaxLength {
			fault("input of %d characters with %q", c.MaxLength, c.Value)
		}
	}
}

func checkModal(t *testing.T, what string, m wire.Modal) {
	t.Helper()
	fault := func(format string, args ...any) { t.Helper(); t.Errorf(what+": "+format, args...) }
	if runes(m.Title) > wire.MaxModalTitle || m.Title == "" || runes(m.CustomID) > wire.MaxCustomID || len(m.Components) < 1 || len(m.Components) > 5 {
		fault("title %q, custom_id %q, %d components", m.Title, m.CustomID, len(m.Components))
	}
	if _, err := ParseAction(m.CustomID); err != nil {
		fault("custom_id %q: %v", m.CustomID, err)
	}
	checkComponents(fault, m.Components, map[string]bool{})
}

// chance makes odd inputs.
type chance struct{ *rand.Rand }

func (c chance) text(longest int) string {
	switch c.IntN(6) {
	case 0:
		return ""
	case 1:
		return bombs[c.IntN(len(bombs))]
	}
	var b strings.Builder
	pool := []string{"word ", "sentence. ", "日本語です。", "👩\u200d👧 ", "*", "_x_ ", "שלום ", "https://example.com/a_(b) ", "\n", "@everyone ", "`", "supercalifragilistic", "한국어 ", "- ", "1. "}
	for n := c.IntN(longest + 1); n > 0; n-- {
		b.WriteString(pool[c.IntN(len(pool))])
	}
	return b.String()
}

func (c chance) id() retrieval.EpisodeID {
	switch c.IntN(4) {
	case 0:
		return retrieval.EpisodeID(strings.Repeat("x", 1+c.IntN(100)))
	case 1:
		return retrieval.EpisodeID(strings.Repeat("話", 1+c.IntN(33)))
	}
	return retrieval.Slug(c.text(20))
}

func (c chance) address() string {
	return []string{"", "https://example.com/a.mp3", "https://youtu.be/x?t=1", "javascript:alert(1)", "https://a.b/" + strings.Repeat("x", c.IntN(700)), "https://a.b/>)](<@everyone" + c.text(3)}[c.IntN(6)]
}

func (c chance) moment() retrieval.Moment {
	if c.IntN(2) == 0 {
		return retrieval.Moment{}
	}
	return retrieval.At(time.Duration(c.IntN(100000)) * time.Second)
}

func (c chance) citation(n int) retrieval.Citation {
	first := 1 + c.IntN(1_000_000)
	scope := []retrieval.Scope{retrieval.Public, "1234567890123456789"}[c.IntN(2)]
	return retrieval.Citation{N: n, Episode: c.id(), Title: c.text(60), FirstLine: first, LastLine: first + c.IntN(5), Speaker: c.text(30), Start: c.moment(), Quote: c.text(300), URL: c.address(), Scope: scope}
}

func (c chance) info() retrieval.EpisodeInfo {
	e := retrieval.EpisodeInfo{Scope: retrieval.Public, ID: c.id(), Title: c.text(60), Show: c.text(40), Description: c.text(800), AudioURL: c.address(), Format: c.text(3), TotalLines: c.IntN(2_000_000), Timed: c.IntN(2) == 0}
	if c.IntN(2) == 0 {
		e.Scope, e.Date = "1234567890123456789", time.Date(2025, 3, 6, 0, 0, 0, 0, time.UTC)
	}
	for range c.IntN(20) {
		e.Speakers = append(e.Speakers, c.text(40))
	}
	return e
}

func (c chance) ranges(text string) [][2]int {
	var list [][2]int
	for at := 0; at < len(text) && c.IntN(4) > 0; {
		to := at + c.IntN(20)
		list = append(list, [2]int{at, to})
		at = to + c.IntN(5)
	}
	return list
}

func (c chance) hit(n int) bot.QuoteHit {
	h := bot.QuoteHit{Citation: c.citation(n), Before: c.text(100), After: c.text(100)}
	h.Bold = c.ranges(h.Quote)
	return h
}

func (c chance) answer() *bot.Answer {
	a := &bot.Answer{Question: c.text(20), Standalone: c.text(40), Found: c.IntN(3) > 0, Model: []string{bot.Extractive, "model-7b"}[c.IntN(2)], Named: []string{"word", "sentenc"}, One: c.IntN(2) == 0}
	kinds := []bot.ReasonKind{bot.ReasonNone, bot.ReasonNothing, bot.ReasonNotSpokenOf, bot.ReasonNoNumber, bot.ReasonNoFuture, bot.ReasonThin, bot.ReasonNobody, bot.ReasonNoShow, bot.ReasonNoDates}
	a.Covered = bot.Coverage{Read: c.IntN(3), Total: c.IntN(2000), Left: c.IntN(2000) - 1000}
	a.Removed, a.Beside = c.IntN(3), c.IntN(3)
	a.Without = []bot.Fallback{bot.FallbackNone, bot.FallbackDown, bot.FallbackBusy, bot.FallbackSlow, bot.FallbackBudget, bot.FallbackUnsupported, bot.FallbackBeside}[c.IntN(7)]
	a.Why = bot.Reason{Kind: kinds[c.IntN(len(kinds))]}
	for range c.IntN(7) {
		a.Why.Words = append(a.Why.Words, c.text(20))
	}
	for n := range 1 + c.IntN(12) {
		a.Citations = append(a.Citations, c.citation(n+1))
		a.Sentences = append(a.Sentences, bot.AnswerSentence{Text: c.text(80), Citations: []int{1 + c.IntN(n+1), n + 1}})
	}
	return a
}

func (c chance) chat() Chat {
	if c.IntN(3) == 0 {
		return Chat{}
	}
	return Chat{Model: "m" + c.text(20), Host: c.text(10), Priced: c.IntN(2) == 0, Logged: c.IntN(2) == 0}
}

func (c chance) draft() bot.Draft {
	d := bot.Draft{Unchecked: c.text(300)}
	for n := range c.IntN(40) {
		d.Sentences = append(d.Sentences, bot.AnswerSentence{Text: c.text(80), Citations: []int{1 + c.IntN(n+1), n + 1}})
	}
	return d
}

// TestLimits renders odd inputs in every way: nothing that Discord refuses
// comes out, and nothing foreign takes effect.
func TestLimits(t *testing.T) {
	for seed := range uint64(40) {
		c := chance{rand.New(rand.NewPCG(seed, 7))}
		r := Renderer{Lang: words.Languages[c.IntN(len(words.Languages))]}
		if seed%2 == 1 { // as long as an address gets
			r.Page = func(scope retrieval.Scope, id retrieval.EpisodeID, first, last int) string {
				key := ""
				if scope != retrieval.Public {
					key = "k=" + strings.Repeat("k", 60) + "&"
				}
				return fmt.Sprintf("https://%s.example/e/%s?%sl=L%d-L%d#L%d-L%d", strings.Repeat("pages", 20), url.PathEscape(string(id)), key, first, last, first, last)
			}
		}
		for name, messages := range renderAll(r, c) {
			for i, m := range messages {
				what := fmt.Sprintf("seed %d, %s, part %d", seed, name, i)
				checkMessage(t, what, m)
				checkForeign(t, what, m)
				addressed := Addressed(m, "1234567890123456789")
				if text, count := size(addressed.Components); text > wire.MaxText || count > wire.MaxComponents {
					t.Errorf("%s, addressed: %d characters, %d components", what, text, count)
				}
			}
			if len(messages) == 0 {
				t.Errorf("seed %d: %s made no message", seed, name)
			}
		}
		for name, form := range map[string]wire.Modal{
			"ask": r.AskFurtherForm("1234567890123456789"), "episode": r.AskEpisodeForm(Action{Episode: retrieval.Slug(c.text(20))}), "why": r.WhyForm(),
			"limits": r.LimitsForm(bot.Settings{UserPerDay: c.IntN(100_001), ServerPerDay: c.IntN(100_001), CooldownSeconds: c.IntN(3601), TokensPerDay: c.IntN(bot.MaxTokensPerDay + 1), CostPerDay: c.Float64() * bot.MaxCostPerDay}, c.chat()),
		} {
			checkModal(t, fmt.Sprintf("seed %d, form %s", seed, name), form)
		}
		e := c.info()
		if name := EpisodeChoice(&e); name == "" || runes(name) > wire.MaxOptionText {
			t.Errorf("EpisodeChoice(%+v) = %q", e, name)
		}
		if name := r.ThreadName(c.text(50)); name == "" || runes(name) > wire.MaxThreadName {
			t.Errorf("ThreadName = %q", name)
		}
		if t.Failed() {
			return
		}
	}
}

func renderAll(r Renderer, c chance) map[string][]wire.Outgoing {
	one := func(m wire.Outgoing) []wire.Outgoing { return []wire.Outgoing{m} }
	e := c.info()
	summary := &bot.Summary{Episode: c.id(), Style: bot.Styles[c.IntN(4)], Title: c.text(50), TotalLines: 500, CoveredLines: 480 + c.IntN(21)}
	summary.Model, summary.Removed, summary.Without = []string{bot.Extractive, "model-7b"}[c.IntN(2)], c.IntN(3), []bot.Fallback{bot.FallbackNone, bot.FallbackSlow}[c.IntN(2)]
	for n := range c.IntN(30) {
		summary.Citations = append(summary.Citations, c.citation(n+1))
		summary.Points = append(summary.Points, bot.Point{Heading: c.text(20), Text: c.text(100), Citations: []int{1 + c.IntN(n+1), n + 1}})
	}
	quotes := &bot.Quotes{Query: c.text(100), Match: []string{bot.MatchExact, bot.MatchClose, bot.MatchMeaning}[c.IntN(3)], Found: c.IntN(4) > 0}
	checked := &bot.Checked{Verdict: []bot.Verdict{bot.VerdictSaid, bot.VerdictNearly, bot.VerdictAbsent}[c.IntN(3)], Posted: c.text(300), Cut: c.IntN(2) == 0, More: c.IntN(3)}
	for n := range 1 + c.IntN(5) {
		quotes.Hits = append(quotes.Hits, c.hit(n+1))
		checked.Near = append(checked.Near, c.hit(n+1))
	}
	hit := c.hit(0)
	checked.Hit = &hit
	for range c.IntN(60) {
		checked.Diff = append(checked.Diff, bot.DiffPart{Text: c.text(10), Op: []bot.DiffOp{bot.DiffEqual, bot.DiffMissing, bot.DiffAdded}[c.IntN(3)], Glued: c.IntN(3) == 0})
	}
	around := &bot.Around{Info: e, First: 5, Last: 7, HasBefore: c.IntN(2) == 0, HasAfter: c.IntN(2) == 0, Page: c.IntN(7) - 3}
	var list []retrieval.EpisodeInfo
	for n := range 1 + c.IntN(30) {
		list = append(list, c.info())
		around.Lines = append(around.Lines, retrieval.Line{N: n + 1, Speaker: []string{"", "Ann", c.text(5)}[c.IntN(3)], Start: c.moment(), Text: c.text(100) + "x"})
	}
	settings := bot.Settings{Private: c.IntN(2) == 0, UserPerDay: c.IntN(3) * 50, CooldownSeconds: c.IntN(3), Language: append([]string{""}, bot.Languages...)[c.IntN(7)]}
	for range c.IntN(26) {
		settings.AskRoles = append(settings.AskRoles, fmt.Sprint(1000000000000000000+c.Int64N(1000000000000)))
	}
	settings.AddRoles = settings.AskRoles
	warnings := []string{}
	for range c.IntN(10) {
		warnings = append(warnings, c.text(100))
	}
	search := c.text(40)
	return map[string][]wire.Outgoing{
		"answer": r.Answer(c.answer(), AnswerContext{Public: true, Server: c.IntN(2) == 0, Threadable: c.IntN(2) == 0}),
		"draft":  one(r.Draft(c.draft(), AnswerContext{Question: c.text(40)})), "summing": one(r.Summing(c.IntN(9), 9)),
		"quotes":   r.Quotes(quotes, []string{"", bot.MatchExact}[c.IntN(2)]),
		"checked":  r.Checked(checked),
		"summary":  one(r.SummaryPage(summary, c.IntN(2) == 0, c.IntN(12)-2)),
		"context":  one(r.Context(around)),
		"episodes": one(r.EpisodesPage(list, search, c.IntN(6)-1)), "none": one(r.EpisodesPage(nil, search, 0)),
		"card":   one(r.EpisodeCard(&e, Action{Text: search, Page: 1})),
		"added":  one(r.Added(&bot.Added{Episode: e.ID, Format: c.text(5), Lines: 5, Passages: 1, Warnings: warnings, Replaced: c.IntN(2) == 0}, &e, []string{"", "0123456789abcdef"}[c.IntN(2)])),
		"undone": one(r.Undone(&bot.Undone{Episode: e.ID, Title: e.Title, Restored: c.IntN(2) == 0})),
		"remove": one(r.RemoveConfirm(&e)), "removed": one(r.Removed(&e)), "kept": one(r.Kept()),
		"pinned": one(r.Pinned(&e, c.IntN(2) == 0)), "no pin": one(r.NothingPinned()), "unpinned": one(r.Unpinned()),
		"settings": one(r.Settings(settings, c.chat(), ModelUse{Tokens: c.IntN(1e9), Cost: c.Float64()})),
		"notice":   one(r.Notice(Escape(c.text(2000)))), "queued": one(r.Queued(c.IntN(100))), "reading": one(r.Reading(c.IntN(5), 5)),
		"hint": one(r.Hint(c.IntN(2) == 0)), "thread": one(r.ThreadHint(c.IntN(2) == 0)), "opened": one(r.ThreadOpened("123")), "thanks": one(r.Thanks(c.IntN(2) == 0)),
		"help": one(r.Help(c.IntN(2) == 0, c.chat())), "privacy": one(r.Privacy(PrivacyContext{Endpoint: true, ReadsThreads: true, Chat: c.chat()})), "forget": one(r.ForgetConfirm()), "forgotten": one(r.Forgotten(c.IntN(3))),
	}
}

// checkForeign finds what could only come from outside: every mention, link and
// emoji that the renderer makes itself is of a known form.
func checkForeign(t *testing.T, what string, m wire.Outgoing) {
	t.Helper()
	wire.Walk(m.Components, func(c *wire.Component) {
		if c.Type != wire.TypeTextDisplay {
			return
		}
		text := ownMarkup.ReplaceAllString(c.Content, " ")
		for _, p := range foreign {
			if bad := p.FindString(text); bad != "" {
				t.Errorf("%s: %q takes effect in %q", what, bad, c.Content)
			}
		}
	})
}
