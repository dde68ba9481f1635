package bot

import (
	"strings"
	"testing"

	"verbatim/retrieval"
)

// TestHeadings looks at the headings of the sample's chapters: words that stand
// together in the chapter, names whole, no verbs, no dates.
func TestHeadings(t *testing.T) {
	b := newBot(t)
	info, err := b.resolve(t.Context(), public.Scopes, sampleID)
	if err != nil {
		t.Fatal(err)
	}
	sentences, err := b.library.Sentences(t.Context(), info.Scope, info.ID)
	if err != nil {
		t.Fatal(err)
	}
	talk, err := b.readTalk(t.Context(), info, sentences)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for i := range talk.chapters {
		c := &talk.chapters[i]
		heading := talk.heading(c)
		if heading == "" || seen[heading] {
			t.Errorf("chapter %d is headed %q", i, heading)
		}
		seen[heading] = true
		text := strings.ToLower(retrieval.JoinSentences(talk.sentences[c.first : c.last+1]))
		for phrase := range strings.SplitSeq(heading, ", ") {
			at := strings.Index(text, strings.ToLower(phrase))
			if at < 0 {
				t.Errorf("chapter %d is headed %q, and does not say %q", i, heading, phrase)
				continue
			}
			if rest := text[at+len(phrase):]; strings.HasPrefix(rest, "-") {
				t.Errorf("chapter %d is headed %q, half a name", i, heading)
			}
		}
	}
	for _, bad := range []string{"February", "Russian", "Kim Jong"} {
		if seen[bad] {
			t.Errorf("a chapter is headed %q", bad)
		}
	}
}

func TestHeadingOfWords(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"a name is whole", "Then Mary-Jane van Houten met the harbour master. Later Mary-Jane van Houten left for the islands on Friday.", "Mary-Jane"},
		{"a noun phrase", "The harbour lights were repaired. We looked at the harbour lights in March. Everyone praised the harbour lights.", "Harbour lights"},
		{"of", "It was a convergence of dialects. They call it the convergence of dialects.", "Convergence of dialects"},
		{"no verb, no date", "We were embroidering a tablecloth in January. They embroidered quickly in February. You embroider slowly.", "Tablecloth"},
		{"an adjective of a name is none", "The Norwegian cartographer spoke. A Norwegian cartographer drew it. The Norwegian cartographer slept.", "Norwegian cartographer"},
		{"nothing but small talk", "Well, it is what it is, you know.", "Well, it is what it is…"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := newBot(t)
			addText(t, b, retrieval.Public, "talk.txt", test.text)
			s, err := b.Summarize(t.Context(), public.Scopes, "talk", Chapters)
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Points[0].Heading; !strings.HasPrefix(got, test.want) {
				t.Errorf("headed %q, want %q", got, test.want)
			}
		})
	}
}
