package bot

import (
	"fmt"
	"sort"
	"strings"
	"testing"
	"time"

	"verbatim/retrieval"
	"verbatim/retrieval/embedding"
)

func sortStrings(s []string) { sort.Strings(s) }

func isMonthOrDay(name string) bool {
	q := retrieval.Quantities("in "+name, retrieval.Tokens("in "+name))
	return len(q) > 0
}

// tally counts what was shown of claims of a kind, in the half that was looked
// at while tuning and in the other.
type tally struct{ shown, all [2]int }

func (t *tally) add(d *evalDoc, ok bool) {
	half := 0
	if d.held {
		half = 1
	}
	t.all[half]++
	if ok {
		t.shown[half]++
	}
}

func (t *tally) share() float64 {
	return float64(t.shown[0]+t.shown[1]) / float64(max(1, t.all[0]+t.all[1]))
}

func (t *tally) String() string {
	return fmt.Sprintf("%d of %d shown (%.1f %%); tuned half %d of %d, other half %d of %d", t.shown[0]+t.shown[1], t.all[0]+t.all[1], 100*t.share(), t.shown[0], t.all[0], t.shown[1], t.all[1])
}

// claimSentence reports whether a sentence of a transcript can stand as a
// claim.
func claimSentence(s *retrieval.Sentence) bool {
	words := len(strings.Fields(s.Text))
	return s.Evidence() && words >= 8 && words <= 45 && len(retrieval.ContentTerms(s.Text)) >= 4 && !strings.HasSuffix(s.Text, "?") && !strings.Contains(s.Text, "http")
}

// perKind is how many claims of each kind are made.
const perKind = 400

// verifyRun makes claims of the transcripts in turn and counts what is shown.
type verifyRun struct {
	docs    []*evalDoc
	words   *corpusWords
	lexicon *embedding.Static
	tallies map[string]*tally
}

// How a claim is checked.
type checking int

const (
	asPerson checking = iota // as a person's summing up: Check
	asCited                  // as a model's sentence, by what it cites alone
	asModel                  // as a model's sentence, other sources tried: CheckAny
)

func (r *verifyRun) note(t *testing.T, kind string, d *evalDoc, v *Verifier, claim string, marks []int, how checking) {
	t.Helper()
	var got Check
	var err error
	switch how {
	case asPerson:
		got, err = v.Check(t.Context(), claim, marks)
	case asModel:
		got, err = v.CheckAny(t.Context(), claim, marks)
	default:
		var c *claimText
		if c, err = v.newClaimText(t.Context(), claim); err == nil {
			sources, _ := v.cited(marks)
			got, err = v.checkStrictly(t.Context(), c, sources)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	if r.tallies[kind] == nil {
		r.tallies[kind] = &tally{}
	}
	r.tallies[kind].add(d, got.OK())
}

// report logs the figures and fails where one is beyond its bound: the most,
// or for kinds that shall be shown the least, share that is shown.
func (r *verifyRun) report(t *testing.T, bounds map[string]float64) {
	t.Helper()
	for _, kind := range sortedTallies(r.tallies) {
		t.Logf("%-40s %s", kind, r.tallies[kind])
	}
	for kind, bound := range bounds {
		x := r.tallies[kind]
		if x == nil {
			t.Errorf("no claims of kind %q", kind)
			continue
		}
		share := x.share()
		if wanted := !strings.Contains(kind, "bad") && !strings.Contains(kind, "other meeting"); wanted && share < bound || !wanted && share > bound {
			t.Errorf("%s: %.3f shown, bound %.3f", kind, share, bound)
		}
	}
}

// sentence chooses a passage and a sentence of it.
func (d *evalDoc) sentence() (passage, sentence int, ok bool) {
	for range 20 {
		passage = d.rng.IntN(len(d.split.Passages))
		p := &d.split.Passages[passage]
		sentence = d.rng.IntN(len(p.Sentences))
		if claimSentence(&p.Sentences[sentence]) {
			return passage, sentence, true
		}
	}
	return 0, 0, false
}

func TestVerifyPublicSets(t *testing.T) {
	started := time.Now()
	docs := readEvalDocs(t)
	static, err := embedding.NewStatic()
	if err != nil {
		t.Fatal(err)
	}
	r := &verifyRun{docs: docs, words: readCorpusWords(docs), lexicon: static, tallies: map[string]*tally{}}
	count := map[string]int{}
	full := func(kind string) bool { return count[kind] >= perKind }
	for round := 0; round < 400; round++ {
		d := docs[round%len(docs)]
		other := docs[(round*7+3)%len(docs)]
		passage, _, ok := d.sentence()
		if !ok {
			continue
		}
		sources := d.given(passage, 8)
		v, err := NewVerifier(t.Context(), static, sources, []retrieval.EpisodeInfo{d.info})
		if err != nil {
			t.Fatal(err)
		}
		foreign, err := NewVerifier(t.Context(), static, other.given(other.rng.IntN(len(other.split.Passages)), 1), []retrieval.EpisodeInfo{other.info})
		if err != nil {
			t.Fatal(err)
		}
		r.claimsOf(t, d, other, v, foreign, sources, passage, count, full)
	}
	t.Logf("%d rounds took %v", 400, time.Since(started))
	r.report(t, map[string]float64{
		"bad: number": 0, "bad: name": 0, "bad: quote": 0, "bad: negation": 0.02, "bad: other passage": 0.02, "bad: other transcript": 0.02,
		"supported: plain": 0.97, "supported: quoted": 0.97,
	})
}

func sortedTallies(m map[string]*tally) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// perPassage bounds the claims of a kind from one passage.
const perPassage = 3

// claimsOf makes claims of one passage, each kind as often as it allows.
func (r *verifyRun) claimsOf(t *testing.T, d, other *evalDoc, v, foreign *Verifier, sources []Source, passage int, count map[string]int, full func(string) bool) {
	sentences := sources[0].Sentences
	made := map[string]int{}
	try := func(kind, claim string, v *Verifier, mark int, how checking) {
		if claim == "" || full(kind) && !strings.HasPrefix(kind, "supported") || made[kind] >= perPassage {
			return
		}
		count[kind]++
		made[kind]++
		r.note(t, kind, d, v, claim, []int{mark}, how)
	}
	for i := range sentences {
		s := &sentences[i]
		if !claimSentence(s) {
			continue
		}
		next := ""
		if i+1 < len(sentences) && claimSentence(&sentences[i+1]) && sentences[i+1].Speaker == s.Speaker {
			next = sentences[i+1].Text
		}
		text := joinWords(withoutFillers(strings.Fields(s.Text)))
		try("bad: number", d.wrongNumber(text), v, 1, asModel)
		try("bad: name", d.wrongName(text, r.words), v, 1, asModel)
		try("bad: quote", d.wrongQuote(text, r.words, other), v, 1, asModel)
		try("bad: negation", d.flipped(text), v, 1, asModel)
		if mark := notHolding(sources, s.Text); mark > 0 {
			try("bad: other passage", d.retold(s.Text, ""), v, mark, asCited)
		}
		try("bad: other transcript", d.retold(s.Text, ""), foreign, 1, asCited)
		try("supported: plain", d.retold(s.Text, next), v, 1, asModel)
		try("supported: quoted", quoteIn(d.rng, someWords(d.rng, s.Text)), v, 1, asModel)
	}
}

// notHolding is a source without the sentence, 0 when there is none.
func notHolding(sources []Source, text string) int {
	for _, s := range sources[1:] {
		if !strings.Contains(retrieval.JoinSentences(s.Sentences), text) {
			return s.N
		}
	}
	return 0
}

func TestVerifyHumanAnswers(t *testing.T) {
	answers := readEvalAnswers(t)
	docs := readEvalDocs(t)
	static, err := embedding.NewStatic()
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]*evalDoc{}
	var meetings []*evalDoc
	for _, d := range docs {
		if byName[d.name] = d; d.set == "qmsum/val" {
			meetings = append(meetings, d)
		}
	}
	r := &verifyRun{docs: docs, words: readCorpusWords(docs), lexicon: static, tallies: map[string]*tally{}}
	for _, a := range answers {
		d := byName[a.Doc]
		other := meetings[d.rng.IntN(len(meetings))]
		for other == d {
			other = meetings[d.rng.IntN(len(meetings))]
		}
		turns := 0
		for _, l := range a.Lines {
			turns += l[1] - l[0] + 1
		}
		last := other.split.Sentences[len(other.split.Sentences)-1].LastLine
		from := 1 + d.rng.IntN(max(1, last-turns+1))
		type place struct {
			kind  string
			d     *evalDoc
			lines [][2]int
		}
		list := []place{{"human: own meeting", d, a.Lines}, {"human: other meeting", other, [][2]int{{from, from + turns - 1}}}}
		for _, x := range list {
			kind := x.kind
			sources := x.d.linesOf(x.lines)
			v, err := NewVerifier(t.Context(), static, sources, []retrieval.EpisodeInfo{x.d.info})
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range evalSentences(a.Answer) {
				r.note(t, kind, d, v, s, allMarks(sources), asPerson)
				r.note(t, kind+", as of a model", d, v, s, allMarks(sources), asModel)
				if x.d != d {
					continue
				}
				for kind, bad := range map[string]string{"bad human: number": d.wrongNumber(s), "bad human: name": d.wrongName(s, r.words), "bad human: negation": d.flipped(s), "bad human: quote": d.wrongQuote(s, r.words, other)} {
					if bad != "" {
						r.note(t, kind, d, v, bad, allMarks(sources), asPerson)
						r.note(t, kind+", as of a model", d, v, bad, allMarks(sources), asModel)
					}
				}
			}
		}
	}
	r.report(t, map[string]float64{"human: own meeting": 0.85, "human: other meeting": 0.10, "bad human: quote": 0})
}
