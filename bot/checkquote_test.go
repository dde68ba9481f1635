package bot

import (
	"errors"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"verbatim/data"
	"verbatim/retrieval"
)

// diffString shows a comparison: [-missing-] {+added+}, with ! where a
// difference decides.
func diffString(parts []DiffPart) string {
	var b strings.Builder
	for i, p := range parts {
		if i > 0 && !p.Glued {
			b.WriteByte(' ')
		}
		decides := ""
		if p.Decides {
			decides = "!"
		}
		switch p.Op {
		case DiffMissing:
			b.WriteString("[-" + decides + p.Text + "-]")
		case DiffAdded:
			b.WriteString("{+" + decides + p.Text + "+}")
		default:
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestDiffWords(t *testing.T) {
	tests := []struct{ name, posted, said, want string }{
		{"the same", "He saw it.", "He saw it.", "He saw it."},
		{"case, accents, punctuation", "HE, saw José!", "he saw Jose.", "he saw Jose."},
		{"a word for another", "as a righteous act", "as a rightful act.", "as a [-righteous-] {+rightful+} act."},
		{"words left out", "came to low figures", "came to very, very low figures", "came to {+very, very+} low figures"},
		{"words added", "it came so very low", "it came low", "it came [-so very-] low"},
		{"a negation", "they did come", "they did not come", "they did {+!not+} come"},
		{"a name", "when it went to Moscow", "when it went to Beijing", "when it went to [-!Moscow-] {+!Beijing+}"},
		{"a number", "cost 5 dollars", "cost 6 dollars", "cost [-!5-] {+!6+} dollars"},
		{"a sign", "it fell to -5 degrees", "it fell to 5 degrees", "it fell to [-!-5-] {+!5+} degrees"},
		{"a currency", "for $5 a head", "for €5 a head", "for [-!$5-] {+!€5+} a head"},
		{"the same currency elsewhere", "for 5€ a head", "for €5 a head", "for €5 a head"},
		{"percent", "by 5% a year", "by 5 a year", "by [-!5%-] {+!5+} a year"},
		{"a space before percent", "by 5 % a year", "by 5% a year", "by 5% a year"},
		{"a hyphen is no sign", "covid-19 came", "covid 19 came", "covid 19 came"},
		{"nothing in common", "one two", "three four", "[-!one two-] {+!three four+}"},
		{"nothing said", "two", "", "[-!two-]"},
		{"nothing posted", "", "sea", "{+sea+}"},
		{"in quotation marks", "she said sing to me", "she said “sing” to me", "she said “sing” to me"},
		{"an opening mark goes with its word", "she said “hum” to me", "she said “sing” to me", "she said [-“hum”-] {+“sing”+} to me"},
		{"parts of a hyphenated word", "a well known thing", "a well-worn thing", "a well- [-known-]{+worn+} thing"},
		{"a script without spaces", "港は静かだった", "港は凍っていた", "港は[-静かだ-]{+凍+}っ{+てい+}た"},
		{"content words rather than stop words", "of the north", "north of the", "[-of the-] north {+of the+}"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, diffString(diffWords(test.posted, test.said))); diff != "" {
				t.Errorf("diffWords(%q, %q) (-want +got):\n%s", test.posted, test.said, diff)
			}
		})
	}
}

// checkDiff fails the test when the parts are not the words of both texts.
func checkDiff(t *testing.T, posted, said string) {
	t.Helper()
	var ofPosted, ofSaid []string
	parts := diffWords(posted, said)
	for i, p := range parts {
		words := strings.Fields(foldText(p.Text))
		if p.Op != DiffAdded {
			ofPosted = append(ofPosted, words...)
		}
		if p.Op != DiffMissing {
			ofSaid = append(ofSaid, words...)
		}
		if len(words) == 0 || p.Text != strings.TrimSpace(p.Text) || p.Op == DiffEqual && p.Decides {
			t.Errorf("diffWords(%q, %q): part %d is %+v", posted, said, i, p)
		}
		if i > 0 && p.Op == DiffMissing && parts[i-1].Op != DiffEqual || i > 0 && p.Op == DiffEqual && parts[i-1].Op == DiffEqual && ofPosted == nil {
			t.Errorf("diffWords(%q, %q): part %d comes after %+v", posted, said, i, parts[i-1])
		}
	}
	if got, want := strings.Join(ofPosted, " "), foldText(posted); got != want {
		t.Errorf("diffWords(%q, %q): equal and missing parts are %q, want %q", posted, said, got, want)
	}
	if got, want := strings.Join(ofSaid, " "), foldText(said); got != want {
		t.Errorf("diffWords(%q, %q): equal and added parts are %q, want %q", posted, said, got, want)
	}
}

func FuzzDiffWords(f *testing.F) {
	f.Add("as a righteous act", "as a rightful act.")
	f.Add("", "")
	f.Add("-5% €5 well-known O'Neill's", "5 % $5 “well” known's")
	f.Add("港は静かだった", "港は 凍って-いた。")
	f.Add("\xff a\xffb \u0301", "a b\u0301 ''")
	f.Fuzz(func(t *testing.T, posted, said string) {
		if len(posted) > 3000 || len(said) > 3000 {
			return
		}
		checkDiff(t, posted, said)
		checkDiff(t, said, posted)
		if parts := diffWords(posted, posted); foldText(posted) != "" && (len(parts) != 1 || parts[0].Op != DiffEqual) {
			t.Errorf("diffWords of %q with itself = %+v", posted, parts)
		}
	})
}

func FuzzPostedVersions(f *testing.F) {
	for _, s := range []string{"“There was no obligation.” — Georgy Toloraya", "a - b", "Ann: \"so it is\"", "\n—\n", "«»", strings.Repeat("word. ", 400), "。」「『"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for i, v := range postedVersions(text) {
			n := len(retrieval.Tokens(v.text))
			if n == 0 || n > retrieval.MaxQuoteWords || v.text != strings.TrimSpace(v.text) || i == 0 && v.attributed != "" {
				t.Errorf("postedVersions(%q)[%d] = %+v with %d words", text, i, v, n)
			}
		}
	})
}

func TestPostedVersions(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string // "text | name"
	}{
		{"bare", "There was no obligation.", []string{"There was no obligation. | "}},
		{"quotation marks", "“There was no obligation.”", []string{"There was no obligation. | "}},
		{"a name after a dash", "“There was no obligation.” — Georgy Toloraya", []string{"There was no obligation.” — Georgy Toloraya | ", "There was no obligation. | Georgy Toloraya"}},
		{"a name on its own line", "There was no obligation\n- Dr. Georgy Toloraya", []string{"There was no obligation - Dr. Georgy Toloraya | ", "There was no obligation | Dr. Georgy Toloraya"}},
		{"a name with a hyphen after a sentence", "There was no obligation. -Toloraya", []string{"There was no obligation. -Toloraya | ", "There was no obligation. | Toloraya"}},
		{"a hyphen within", "It was a well-Known thing", []string{"It was a well-Known thing | "}},
		{"a dash and no name", "There was no obligation. - and so on", []string{"There was no obligation. - and so on | "}},
		{"a dash and a question", "There was none. — Was that so?", []string{"There was none. — Was that so? | "}},
		{"a name before", "Toloraya: “There was no obligation.”", []string{"Toloraya: “There was no obligation. | ", "There was no obligation. | Toloraya"}},
		{"words around", "did he say \"there was no obligation\" or what", []string{"did he say \"there was no obligation\" or what | ", "there was no obligation | "}},
		{"too few words within", "the \"rightful act\" again", []string{"the \"rightful act\" again | "}},
		{"Japanese", "「港は凍っていた」", []string{"港は凍っていた | "}},
		{"no words", "?! — …", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, v := range postedVersions(test.text) {
				got = append(got, v.text+" | "+v.attributed)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("postedVersions(%q) (-want +got):\n%s", test.text, diff)
			}
		})
	}
}

func TestCutQuote(t *testing.T) {
	word := strings.Repeat("word ", 149) + "end. "
	for _, test := range []struct {
		name, text string
		words      int
		cut        bool
	}{
		{"short", "one two.", 2, false},
		{"as long as may be", word + word, 300, false},
		{"at the last sentence end", "One two. " + word + word, 152, true},
		{"at a sentence end just there", word + word + "more", 300, true},
		{"no sentence end", strings.Repeat("word ", 400), 300, true},
		{"Japanese", strings.Repeat("港は凍っていた。", 60), 294, true},
	} {
		got, cut := cutQuote(strings.TrimSpace(test.text))
		if n := len(retrieval.Tokens(got)); n != test.words || cut != test.cut || !strings.HasPrefix(test.text, got) {
			t.Errorf("%s: %d words, cut %v; want %d, %v", test.name, n, cut, test.words, test.cut)
		}
	}
}

func TestCheckQuote(t *testing.T) {
	b := newBot(t)
	addText(t, b, guild, "numbers.txt", "Ann: The temperature fell to -5 degrees that morning in the harbour.\nBob: They paid $5 a head for the crossing in those years.\n")
	tests := []struct {
		name, text string
		verdict    Verdict
		attributed string
		diff       string
	}{
		{"said", "there was no obligations in either part", VerdictSaid, "", "there was no obligations in either part."},
		{"in quotation marks with a name", "“There was no obligations in either part” — Georgy Toloraya", VerdictSaid, "Georgy Toloraya", "there was no obligations in either part."},
		{"a name on a line of its own", "> \"there was no obligations in either part.\"\n~ Toloraya", VerdictSaid, "Toloraya", "there was no obligations in either part."},
		{"within other words", "remember when he said “there was no obligations in either part” lol", VerdictSaid, "", "there was no obligations in either part."},
		{"a word for another", "he saw it as a righteous act", VerdictNearly, "", "he saw it as a [-righteous-] {+rightful+} act"},
		{"a negation within many words", "", VerdictNearly, "", "!"},
		{"a sign", "the temperature fell to 5 degrees that morning", VerdictNearly, "", "The temperature fell to [-!5-] {+!-5+} degrees that morning"},
		{"a currency", "they paid €5 a head for the crossing", VerdictNearly, "", "They paid [-!€5-] {+!$5+} a head for the crossing"},
		{"the same number", "fell to −5 degrees that morning", VerdictSaid, "", "fell to -5 degrees that morning"},
		{"other words", "the tie rests on shared values of the leaders of both countries", VerdictAbsent, "", ""},
		{"nothing like it", "the recipe needs two cups of flour", VerdictAbsent, "", ""},
	}
	both := retrieval.Filter{Scopes: guildAndPublic}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.diff == "!" {
				line := strings.Split(data.Sample, "\n")[55] + " " + strings.Split(data.Sample, "\n")[56]
				test.text = strings.Replace(line, "no obligations", "obligations", 1)
			}
			c, err := b.CheckQuote(t.Context(), test.text, both)
			if err != nil {
				t.Fatal(err)
			}
			if c.Verdict != test.verdict || c.Attributed != test.attributed || c.Cut {
				t.Fatalf("CheckQuote(%q) = %+v, want %s by %q", test.text, c, test.verdict, test.attributed)
			}
			if (c.Hit == nil) != (c.Verdict == VerdictAbsent) || (len(c.Diff) == 0) != (c.Hit == nil) {
				t.Fatalf("CheckQuote(%q) = %+v", test.text, c)
			}
			if c.Hit != nil {
				checkHit(t, c.Hit, wholeText(t, b, c.Hit.Scope, c.Hit.Episode))
				checkDiff(t, c.Posted, c.Hit.Quote)
			}
			if diff := diffString(c.Diff); test.diff == "!" && !strings.Contains(diff, "{+!no+}") || test.diff != "!" && diff != test.diff {
				t.Errorf("differences %q, want %q", diff, test.diff)
			}
			for i := range c.Near {
				checkHit(t, &c.Near[i], wholeText(t, b, c.Near[i].Scope, c.Near[i].Episode))
			}
		})
	}
	if c, err := b.CheckQuote(t.Context(), "the tie rests on shared values of the leaders of both countries", both); err != nil || len(c.Near) == 0 || len(c.Near) > nearestQuotes {
		t.Errorf("CheckQuote of other words = %+v, %v; want what comes near in meaning", c, err)
	}
	if _, err := b.CheckQuote(t.Context(), " “…” ", both); !errors.Is(err, ErrNothing) {
		t.Errorf("CheckQuote without words: %v, want ErrNothing", err)
	}
	f := both
	f.Episodes = []retrieval.EpisodeID{"no-such"}
	if _, err := b.CheckQuote(t.Context(), "he saw it", f); !errors.Is(err, retrieval.ErrUnknownEpisode) {
		t.Errorf("CheckQuote in an unknown episode: %v, want ErrUnknownEpisode", err)
	}
}

// TestCheckQuoteNeverSaysSaid changes one word that decides, in every stretch
// of the sample that has one: none of these was said so.
func TestCheckQuoteNeverSaysSaid(t *testing.T) {
	b := newBot(t)
	words := strings.Fields(wholeText(t, b, retrieval.Public, sampleID))
	changed := 0
	for at := 5; at+14 < len(words); at += 23 {
		stretch := strings.Join(words[at:at+14], " ")
		w := retrieval.NewWords(stretch)
		for i := range w.Tokens {
			if i == 0 || i == len(w.Tokens)-1 || !w.Decides(i) {
				continue
			}
			token := w.Tokens[i]
			other := "Gorbachev"
			if unicode.IsDigit(rune(token.Word[0])) {
				other = token.Word + "1"
			} else if token.Word == "gorbachev" || token.Word == "not" || token.Word == "no" {
				other = ""
			}
			posted := stretch[:token.Start] + other + stretch[token.End:]
			c, err := b.CheckQuote(t.Context(), posted, public)
			if err != nil {
				t.Fatal(err)
			}
			changed++
			if c.Verdict == VerdictSaid {
				t.Errorf("%q is said to be said, though it is %q", posted, stretch)
			}
			if c.Verdict == VerdictNearly {
				decides := false
				for _, p := range c.Diff {
					decides = decides || p.Decides
				}
				if !decides {
					t.Errorf("%q is nearly said without a difference that decides: %q", posted, diffString(c.Diff))
				}
			}
			break
		}
	}
	if changed < 12 {
		t.Errorf("only %d stretches had a word to change", changed)
	}
}

func TestCheckQuoteSeveralTimes(t *testing.T) {
	b := newBot(t)
	addText(t, b, guild, "two.txt", "We shall overcome some day, she sang.\nAnd again, louder: we shall overcome, some day!\n")
	c, err := b.CheckQuote(t.Context(), "we shall overcome some day", retrieval.Filter{Scopes: guildAndPublic})
	if err != nil || c.Verdict != VerdictSaid || c.More != 1 || c.Hit.FirstLine != 1 {
		t.Errorf("CheckQuote = %+v, %v; want said on line 1 and once more", c, err)
	}
}

func TestCheckQuoteOfLongText(t *testing.T) {
	b := newBot(t)
	words := strings.Fields(wholeText(t, b, retrieval.Public, sampleID))
	c, err := b.CheckQuote(t.Context(), strings.Join(words[100:600], " "), public)
	if err != nil || !c.Cut || c.Verdict != VerdictSaid {
		t.Fatalf("CheckQuote of 500 words = %+v, %v; want the first of them said", c, err)
	}
	if n := len(retrieval.Tokens(c.Posted)); n > retrieval.MaxQuoteWords || !strings.HasSuffix(c.Posted, ".") && !strings.HasSuffix(c.Posted, "?") {
		t.Errorf("looked up %d words to %q, want a sentence end", n, c.Posted[len(c.Posted)-30:])
	}
}
