package render

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"verbatim/bot"
	"verbatim/bot/discord/wire"
	"verbatim/bot/discord/words"
	"verbatim/retrieval"
)

// textOf is all text of a message, a line break between components.
func textOf(m wire.Outgoing) string {
	var b strings.Builder
	wire.Walk(m.Components, func(c *wire.Component) {
		if c.Type == wire.TypeTextDisplay {
			b.WriteString(c.Content + "\n")
		}
	})
	return b.String()
}

// TestExtractiveQuotesOnce: the quote is the source, and is not said twice.
func TestExtractiveQuotesOnce(t *testing.T) {
	a := &bot.Answer{Found: true, Model: bot.Extractive, Citations: exampleCitations()}
	messages := Renderer{Lang: words.English}.Answer(a, AnswerContext{})
	if len(messages) != 1 {
		t.Fatalf("%d messages, want 1", len(messages))
	}
	for _, c := range a.Citations {
		if n := strings.Count(shown(textOf(messages[0])), c.Quote); n != 1 {
			t.Errorf("the quote %q stands there %d times, want once", c.Quote, n)
		}
	}
}

var markPattern = regexp.MustCompile(`[^*]\[(\d+)\]`)

// TestLongAnswerKeepsSources: of an answer that takes several messages, every
// sentence's sources are in its own message or an earlier one, none twice.
func TestLongAnswerKeepsSources(t *testing.T) {
	a := &bot.Answer{Found: true, Model: "model"}
	for n := 1; n <= 40; n++ {
		a.Citations = append(a.Citations, retrieval.Citation{N: n, Episode: "e", Title: "Title", FirstLine: n, LastLine: n, Quote: fmt.Sprintf("Quote %d. ", n) + strings.Repeat("Said so. ", 20)})
		a.Sentences = append(a.Sentences, bot.AnswerSentence{Text: fmt.Sprintf("Sentence %d says it.", n), Citations: []int{n, (n + 1) / 2}})
	}
	shown := map[string]int{}
	messages := Renderer{Lang: words.English}.Answer(a, AnswerContext{})
	if len(messages) < 3 {
		t.Fatalf("%d messages, want several", len(messages))
	}
	for i, m := range messages {
		text := textOf(m)
		for _, source := range regexp.MustCompile(`-# \*\*\[(\d+)\]\*\*`).FindAllStringSubmatch(text, -1) {
			shown[source[1]]++
		}
		for _, mark := range markPattern.FindAllStringSubmatch(text, -1) {
			if shown[mark[1]] != 1 {
				t.Errorf("message %d cites [%s], whose source was shown %d times", i, mark[1], shown[mark[1]])
			}
		}
		asks := false
		wire.Walk(m.Components, func(c *wire.Component) { asks = asks || c.CustomID == (Action{Kind: KindAskFurther}).String() })
		if asks != (i == 0) {
			t.Errorf("message %d has the answer's buttons: %v, want them on the first", i, asks)
		}
	}
	if len(shown) != len(a.Citations) {
		t.Errorf("%d sources are shown, want %d", len(shown), len(a.Citations))
	}
}

// TestLongQuoteIsWhole: a quote that no message holds goes over several.
func TestLongQuoteIsWhole(t *testing.T) {
	c := exampleCitations()[0]
	c.Quote = strings.TrimSpace(strings.Repeat("This sentence goes on and on. ", 400))
	messages := Renderer{Lang: words.English}.Answer(&bot.Answer{Found: true, Model: bot.Extractive, Citations: []retrieval.Citation{c}}, AnswerContext{})
	if len(messages) < 3 {
		t.Fatalf("%d messages, want several", len(messages))
	}
	said := 0
	for i, m := range messages {
		checkMessage(t, fmt.Sprint("part ", i), m)
		said += strings.Count(textOf(m), "This sentence goes on and on.")
		for _, line := range strings.Split(textOf(m), "\n") {
			if strings.Contains(line, "goes on") && !strings.HasPrefix(line, "> ") {
				t.Errorf("part %d goes on outside the quote: %.60q", i, line)
			}
		}
	}
	if said != 400 {
		t.Errorf("%d sentences are left of 400", said)
	}
}

// TestCutListIsSaid: a list that is too long to be shown says in every language
// how many of its items are, and how many are not; one that is whole does not.
func TestCutListIsSaid(t *testing.T) {
	a := &bot.Answer{Found: true, Model: "model", Citations: exampleCitations()[:1]}
	for n := range 40 {
		a.Sentences = append(a.Sentences, bot.AnswerSentence{Text: fmt.Sprintf("Item (%c).", 'a'+n%26), Citations: []int{1}})
	}
	for _, l := range words.Languages {
		for _, left := range []int{0, 1, 1234} {
			a.Covered.Left = left
			whole := ""
			for _, m := range (Renderer{Lang: l}).Answer(a, AnswerContext{}) {
				whole += textOf(m)
			}
			said := l.Count(words.AnswerLeft, left, "40")
			if !strings.Contains(said, "40") || !strings.Contains(said, l.Number(left)) {
				t.Errorf("%s: of 40 items and %d more is said %q", l, left, said)
			}
			if n := strings.Count(whole, said); n != min(left, 1) {
				t.Errorf("%s: with %d items left out, %q is said %d times:\n%.400s", l, left, said, n, whole)
			}
		}
	}
}

func TestThreadOnlyWhereOthersSee(t *testing.T) {
	a := &bot.Answer{Found: true, Model: bot.Extractive, Citations: exampleCitations()}
	for _, where := range []AnswerContext{{}, {Public: true, Server: true}, {Public: true, Threadable: true}, {Server: true, Threadable: true}} {
		wire.Walk(Renderer{Lang: words.English}.Answer(a, where)[0].Components, func(c *wire.Component) {
			if c.CustomID == (Action{Kind: KindOpenThread}).String() {
				t.Errorf("%+v has a button for a thread", where)
			}
		})
	}
}

func TestEveryReasonIsSaid(t *testing.T) {
	kinds := []bot.ReasonKind{bot.ReasonNothing, bot.ReasonNotSpokenOf, bot.ReasonNoNumber, bot.ReasonNoFuture, bot.ReasonThin, bot.ReasonNobody, bot.ReasonNoShow, bot.ReasonNoDates}
	for _, l := range words.Languages {
		seen := map[string]bool{}
		for _, kind := range kinds {
			said := Renderer{Lang: l}.reason(bot.Reason{Kind: kind, Words: []string{"x"}})
			if said == "" || seen[said] {
				t.Errorf("%s: reason %v is %q", l, kind, said)
			}
			seen[said] = true
		}
	}
}
