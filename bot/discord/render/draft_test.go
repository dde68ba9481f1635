package render

import (
	"fmt"
	"strings"
	"testing"

	"verbatim/bot"
	"verbatim/bot/discord/wire"
	"verbatim/bot/discord/words"
)

// draftText is all that a draft says.
func draftText(m wire.Outgoing) string {
	var texts []string
	wire.Walk(m.Components, func(c *wire.Component) {
		if c.Type == wire.TypeTextDisplay {
			texts = append(texts, c.Content)
		}
	})
	return strings.Join(texts, "\n")
}

func TestDraft(t *testing.T) {
	long := func(n int) string { return strings.Repeat("word ", n) }
	checked := func(n int) (list []bot.AnswerSentence) {
		for i := range n {
			list = append(list, bot.AnswerSentence{Text: fmt.Sprintf("Sentence %d is %s.", i, strings.TrimSpace(long(20))), Citations: []int{1, i + 1}})
		}
		return list
	}
	tests := []struct {
		name  string
		draft bot.Draft
		has   []string
		lacks []string
	}{
		{"unchecked alone", bot.Draft{Unchecked: " The lamp was "}, []string{"Draft, not yet checked", "-# *The lamp was*"}, []string{"["}},
		{"checked alone", bot.Draft{Sentences: checked(2)}, []string{"Sentence 0", "\u00a0[1][1] Sentence 1", "\u00a0[1][2]"}, []string{"-# *"}},
		{"harmless", bot.Draft{Sentences: []bot.AnswerSentence{{Text: "**Hi** @everyone\n# x", Citations: []int{1}}}, Unchecked: "*a* <@1> [b](https://c)\n> d"},
			[]string{`\*\*Hi\*\* \@`, "\\# x\u00a0[1]", `-# *\*a\* \<\@1> \[b\]\(https\://c\) \> d*`}, []string{"@everyone", "\n#", "\n>"}},
		{"the end of what is unchecked", bot.Draft{Unchecked: "beginning " + long(500) + "end"}, []string{"-# *…", "word end*"}, []string{"beginning"}},
		{"the last sentences", bot.Draft{Sentences: checked(60), Unchecked: "tail"}, []string{"…Sentence", "Sentence 59", "-# *tail*"}, []string{"Sentence 0 "}},
		{"the end of one long sentence", bot.Draft{Sentences: []bot.AnswerSentence{{Text: "beginning " + long(2000) + "end.", Citations: []int{7}}}}, []string{"…", "word end.\u00a0[7]"}, []string{"beginning"}},
		{"nothing but what is not seen", bot.Draft{Unchecked: "\u200b\u202e"}, []string{"Draft"}, []string{"*"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := Renderer{Lang: words.English}.Draft(test.draft, AnswerContext{Question: "Why?"})
			checkMessage(t, test.name, m)
			checkForeign(t, test.name, m)
			text := draftText(m)
			for _, part := range append(test.has, "### Why?") {
				if !strings.Contains(text, part) {
					t.Errorf("the draft lacks %q:\n%s", part, text)
				}
			}
			for _, part := range test.lacks {
				if strings.Contains(text, part) {
					t.Errorf("the draft has %q:\n%s", part, text)
				}
			}
			wire.Walk(m.Components, func(c *wire.Component) {
				if c.Type == wire.TypeButton || c.CustomID != "" {
					t.Errorf("the draft has a button: %+v", c)
				}
			})
		})
	}
}
