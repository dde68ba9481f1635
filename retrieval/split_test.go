package retrieval

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// talkLines makes an episode of lines; "Name| words" gives the line a speaker,
// and a line "" is left out but counted.
func talkLines(texts ...string) *Episode {
	e := &Episode{ID: "test", TotalLines: len(texts)}
	for i, text := range texts {
		speaker, words, found := strings.Cut(text, "| ")
		if !found {
			speaker, words = "", text
		}
		if words != "" {
			e.Lines = append(e.Lines, Line{N: i + 1, Speaker: speaker, Text: words})
		}
	}
	return e
}

func TestSplitSentences(t *testing.T) {
	tests := []struct {
		name string
		in   []string
		want []string // first-last text
	}{
		{"a sentence over lines", []string{"He runs programs at the", "Institute. No, I don't. I am"}, []string{"1-2 He runs programs at the Institute.", "2-2 No, I don't.", "2-2 I am"}},
		{"abbreviations and initials go on", []string{"Dr. Smith of the U.S. Army, i.e. J. Smith, spoke. Then left."}, []string{"1-1 Dr. Smith of the U.S. Army, i.e. J. Smith, spoke.", "1-1 Then left."}},
		{"decimals and versions go on", []string{"Version 2.0 costs 3.50 euros. Fine."}, []string{"1-1 Version 2.0 costs 3.50 euros.", "1-1 Fine."}},
		{"a speaker's turn ends a sentence", []string{"Ann| and then", "Bob| what then?"}, []string{"1-1 and then", "2-2 what then?"}},
		{"a blank line ends a sentence", []string{"a title without a stop", "", "The talk begins."}, []string{"1-1 a title without a stop", "3-3 The talk begins."}},
		{"closing quotes belong to the sentence", []string{`He said "Go away!" Then he left.`}, []string{`1-1 He said "Go away!"`, "1-1 Then he left."}},
		{"Japanese full stops", []string{"これは文です。次の文です。"}, []string{"1-1 これは文です。", "1-1 次の文です。"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, s := range Split(talkLines(test.in...)).Sentences {
				got = append(got, fmt.Sprintf("%d-%d %s", s.FirstLine, s.LastLine, s.Text))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("sentences (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSplitWithoutPunctuation(t *testing.T) {
	e := &Episode{ID: "captions"}
	for i := range 40 {
		start := time.Duration(i) * 3 * time.Second
		if i >= 20 {
			start += 10 * time.Second // a pause in the middle
		}
		e.Lines = append(e.Lines, Line{N: i + 1, Text: "seven words of speech without any stops", Start: At(start), End: At(start + 3*time.Second)})
	}
	for _, s := range Split(e).Sentences {
		if n := s.Words(); n > captionWords {
			t.Errorf("sentence of lines %d-%d has %d words, want at most %d", s.FirstLine, s.LastLine, n, captionWords)
		}
		if s.FirstLine <= 20 && s.LastLine > 20 {
			t.Errorf("sentence of lines %d-%d runs over the pause after line 20", s.FirstLine, s.LastLine)
		}
	}
}

func TestSplitMarksRepeats(t *testing.T) {
	e := talkLines(
		"Is there a thing that they both have in common, things that both like or strive for?",
		"both have in common, things that both like or strive for? Well, they vote alike.",
		"We went home. We went home and slept.")
	var repeats []string
	for _, s := range Split(e).Sentences {
		if s.Repeat {
			repeats = append(repeats, s.Text)
		}
	}
	if diff := cmp.Diff([]string{"both have in common, things that both like or strive for?"}, repeats); diff != "" {
		t.Errorf("repeats (-want +got):\n%s", diff)
	}
}

func TestSplitMarksBoilerplate(t *testing.T) {
	body := make([]string, 0, 60)
	for i := range 50 {
		body = append(body, fmt.Sprintf("Sentence number %d speaks of rivers, mountains and the weather of the north.", i))
	}
	texts := append([]string{"This episode is sponsored by Acme, use code RIVER for a free trial.", "Today we talk about rivers with Ann."}, body...)
	texts = append(texts, "Subscribe wherever you get your podcasts and leave us a review.")
	e := talkLines(texts...)
	s := Split(e)
	var marked []int
	for _, l := range e.Lines {
		if l.Boilerplate {
			marked = append(marked, l.N)
		}
	}
	if diff := cmp.Diff([]int{1, len(texts)}, marked); diff != "" {
		t.Errorf("boilerplate lines (-want +got):\n%s", diff)
	}
	for _, p := range s.Passages {
		for _, x := range p.Sentences {
			if x.Boilerplate != p.Sentences[0].Boilerplate {
				t.Errorf("passage %d mixes talk and boilerplate", p.ID.Seq)
			}
		}
	}
}

func TestSplitMarksSponsors(t *testing.T) {
	talk := strings.Repeat("Ann| We spoke of rivers and of the long winter in the north.\n", 30)
	tests := []struct{ name, text, want string }{
		{"an address at the end", "Kim| Are you looking for a boat? Meet Quibbly. They build boats for everyone. They never sleep. Quibbly is the place for you. Visit quibbly.com/boats today.", "Are you looking for a boat? Meet Quibbly. They build boats for everyone. They never sleep. Quibbly is the place for you. Visit quibbly.com/boats today."},
		{"named first", "Kim| That was the news. This podcast is sponsored by Norvane Pro. You know oars, right? Norvane takes care of that for you. The river rose again in May. It was cold. It was wet.", "This podcast is sponsored by Norvane Pro. You know oars, right? Norvane takes care of that for you."},
		{"a hint is none", "Kim| The map is good. To see it, go to rivermap.org some day. It is free.", ""},
		{"talk of sponsors is none", "Kim| We are light on sponsors right now. Sponsors pay for the edit.", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var marked []string
			for _, s := range Split(talkLines(strings.Split(talk+test.text+"\n"+strings.TrimSpace(talk), "\n")...)).Sentences {
				if s.Boilerplate {
					marked = append(marked, s.Text)
				}
			}
			if got := strings.Join(marked, " "); got != test.want {
				t.Errorf("marked %q, want %q", got, test.want)
			}
		})
	}
}

func TestSplitPassages(t *testing.T) {
	var texts []string
	for i := range 400 {
		texts = append(texts, fmt.Sprintf("S%d| ", i/7)+strings.Repeat("word ", i%37+1)+"end.")
	}
	e := talkLines(texts...)
	s := Split(e)
	covered := -1
	for i, p := range s.Passages {
		if p.ID.Seq != i || p.ID.Episode != e.ID {
			t.Errorf("passage %d has ID %+v", i, p.ID)
		}
		words := 0
		for j := range p.Sentences {
			words += p.Sentences[j].Words()
		}
		if words > maxPassageWords || words < minPassageWords && i < len(s.Passages)-1 {
			t.Errorf("passage %d has %d words, want %d to %d", i, words, minPassageWords, maxPassageWords)
		}
		if p.First > covered+1 || p.Last <= covered {
			t.Errorf("passage %d covers sentences %d to %d after %d", i, p.First, p.Last, covered)
		}
		if shared := covered - p.First + 1; i > 0 && shared > overlapSentences {
			t.Errorf("passage %d repeats %d sentences, want at most %d", i, shared, overlapSentences)
		}
		if p.FirstLine != p.Sentences[0].FirstLine || p.LastLine != p.Sentences[len(p.Sentences)-1].LastLine {
			t.Errorf("passage %d has lines %d to %d, its sentences %d to %d", i, p.FirstLine, p.LastLine, p.Sentences[0].FirstLine, p.Sentences[len(p.Sentences)-1].LastLine)
		}
		covered = p.Last
	}
	if covered != len(s.Sentences)-1 {
		t.Errorf("passages cover sentences to %d of %d", covered, len(s.Sentences)-1)
	}
}

// FuzzSplit asserts that no word and no line number is lost: the sentences,
// joined, are the lines, joined.
func FuzzSplit(f *testing.F) {
	f.Add("One. Two three\nfour five! six\n\nA| seven eight nine ten eleven\nA| eight nine ten eleven twelve")
	f.Add("no stops " + strings.Repeat("word ", 300))
	f.Add("。。。\n...\n?!")
	f.Fuzz(func(t *testing.T, text string) {
		var texts []string
		for _, line := range strings.Split(text, "\n") {
			texts = append(texts, strings.Join(strings.Fields(strings.ToValidUTF8(line, "")), " "))
		}
		e := talkLines(texts...)
		for i := len(e.Lines) - 1; i >= 0; i-- {
			if e.Lines[i].Text = strings.Join(strings.Fields(e.Lines[i].Text), " "); e.Lines[i].Text == "" {
				e.Lines = append(e.Lines[:i], e.Lines[i+1:]...)
			}
		}
		s := Split(e)
		var want, got []string
		for _, l := range e.Lines {
			want = append(want, strings.Fields(l.Text)...)
		}
		first := 0
		for _, x := range s.Sentences {
			got = append(got, strings.Fields(x.Text)...)
			if x.FirstLine < first || x.LastLine < x.FirstLine {
				t.Fatalf("sentence %q has lines %d to %d after line %d", x.Text, x.FirstLine, x.LastLine, first)
			}
			first = x.FirstLine
		}
		if diff := cmp.Diff(strings.Join(want, ""), strings.Join(got, "")); diff != "" {
			t.Fatalf("words lost or made up (-lines +sentences):\n%s", diff)
		}
	})
}

func TestSplitUnspacedScripts(t *testing.T) {
	e := talkLines(strings.Repeat("我们今天谈谈人工智能的未来。", 40), "那么我们明天再谈经济的问题吧", "经济的问题吧非常重要，我认为。")
	s := Split(e)
	if len(s.Passages) < 2 {
		t.Errorf("%d passages of some 560 characters, want several", len(s.Passages))
	}
	for _, p := range s.Passages {
		if joined := strings.Join([]string{e.Lines[0].Text, e.Lines[1].Text, e.Lines[2].Text}, " "); !strings.Contains(joined, p.Text()) {
			t.Errorf("passage %d is not in the text as it stands: %q", p.ID.Seq, p.Text())
		}
	}
	repeated := false
	for _, x := range s.Sentences {
		repeated = repeated || x.Repeat
		if x.Repeat && strings.Contains(x.Text, "非常重要") {
			t.Errorf("%q is marked a repeat; only its start is one", x.Text)
		}
	}
	if !repeated {
		t.Error("the repeated start of line 3 is not marked")
	}
}

func TestSplitHostileLines(t *testing.T) {
	for name, text := range map[string]string{
		"closers":      strings.Repeat("!", 200_000) + " so on",
		"ellipses":     strings.Repeat("…", 100_000) + "x",
		"no spaces":    strings.Repeat("x", 300_000),
		"unspaced":     strings.Repeat("智", 100_000),
		"single words": strings.Repeat("Yes. ", 40_000),
	} {
		t.Run(name, func(t *testing.T) {
			s := Split(talkLines(strings.TrimSpace(text)))
			for _, x := range s.Sentences {
				if len(x.Text) > 2*maxSentenceBytes && name != "closers" && name != "ellipses" {
					t.Fatalf("a sentence of %d bytes, want at most %d", len(x.Text), 2*maxSentenceBytes)
				}
			}
		})
	}
}

func TestSplitKeepsNumbersWhole(t *testing.T) {
	long := strings.Repeat("and then some more of it ", 9) + "they paid 10,000 dollars and " + strings.Repeat("went on with it for years ", 6) + "until it was over."
	for _, s := range Split(talkLines(long)).Sentences {
		if strings.HasSuffix(s.Text, "10,") || strings.HasPrefix(s.Text, "000") {
			t.Errorf("a number is cut: %q", s.Text)
		}
	}
}
