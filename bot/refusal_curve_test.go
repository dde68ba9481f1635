package bot

import (
	"hash/fnv"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"verbatim/retrieval"
	"verbatim/retrieval/eval"
)

// curveMost is how many questions of a set are asked.
const curveMost = 200

// weighed is a question that was looked for in a transcript, with how far the
// confidence is above what the question needs.
type weighed struct {
	margin float64
	rule   bool // refused by a rule, whatever the confidence
	likely float64
}

// curve is the questions of one kind.
type curve []weighed

// refused is the share that is refused when so much more confidence is needed.
func (c curve) refused(more float64) float64 {
	n := 0
	for _, w := range c {
		if w.rule || w.margin < more {
			n++
		}
	}
	return float64(n) / float64(max(1, len(c)))
}

// weighIn looks for a question in one episode, the lines of without left out of
// the evidence.
func weighIn(t *testing.T, b *Bot, question string, id retrieval.EpisodeID, without ...[2]int) weighed {
	t.Helper()
	text := searchable(question)
	hits, err := b.Search(t.Context(), retrieval.Query{Text: text, Filter: retrieval.Filter{Scopes: public.Scopes, Episodes: []retrieval.EpisodeID{id}}, K: askHits, Apart: true})
	if err != nil {
		t.Fatal(err)
	}
	for i := range hits {
		hits[i].Sentences = slices.Clone(hits[i].Sentences)
		for j := range hits[i].Sentences {
			s := &hits[i].Sentences[j]
			s.Repeat = s.Repeat || slices.ContainsFunc(without, func(r [2]int) bool { return s.FirstLine <= r[1] && r[0] <= s.LastLine })
		}
	}
	words, err := b.library.Vocabulary(t.Context(), public.Scopes)
	if err != nil {
		t.Fatal(err)
	}
	e, err := retrieval.Weigh(t.Context(), text, hits, words, b.compare)
	if err != nil {
		t.Fatal(err)
	}
	if len(e.Spans) == 0 {
		return weighed{rule: true}
	}
	w := weighed{margin: e.Spans[0].Confidence - e.Least, rule: e.Least > 1, likely: e.Likelihood()}
	if refuses := w.rule || w.margin < 0; refuses == e.Enough() {
		t.Fatalf("%q is answered: %v, with a confidence of %v where %v is needed", question, e.Enough(), e.Spans[0].Confidence, e.Least)
	}
	return w
}

// newSetBot is a bot that knows the transcripts of a folder.
func newSetBot(t *testing.T, pattern string) (b *Bot, episodes map[string]retrieval.EpisodeID, names []string) {
	t.Helper()
	b, episodes = newEmptyBot(t), map[string]retrieval.EpisodeID{}
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(path)
		episodes[name] = addText(t, b, retrieval.Public, name, string(text)).Episode
		names = append(names, name)
	}
	return b, episodes, names
}

// TestRefusalCurve looks for the public questions in their own transcript, and for
// three kinds that it does not answer: in another transcript of the set, without
// the lines that answer, and with a name or number swapped. It prints what share
// of each is refused by how much confidence is needed.
func TestRefusalCurve(t *testing.T) {
	if underRace {
		t.Skip("measured without the race detector")
	}
	if _, err := os.Stat(evalData); err != nil {
		t.Skip("no evaluation data at ../shared beside the repository")
	}
	tests := []struct {
		set, gold string
		// own is the most, other the least share that may be refused.
		own, other float64
	}{
		{"qmsum/val", "qmsum/val.gold.jsonl", 0.07, 0.45},
		{"btc_podcasts/public", "btc_podcasts/public.gold.jsonl", 0.07, 0.60},
		{"optech_recap/public", "optech_recap/public.gold.jsonl", 0.07, 0.30},
		{"spoken_squad/public", "spoken_squad/public.gold.jsonl", 0.07, 0.70},
	}
	for _, tt := range tests {
		t.Run(tt.set, func(t *testing.T) {
			file, err := os.Open(filepath.Join(evalData, tt.gold))
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			questions, err := eval.ReadGold(file)
			if err != nil {
				t.Fatal(err)
			}
			b, episodes, names := newSetBot(t, filepath.Join(evalData, tt.set, "*.txt"))
			named := namesIn(questions)
			var own, other, less, swapped curve
			for i := range questions {
				q := &questions[i]
				if !q.Answerable() || i*curveMost/len(questions) == (i-1)*curveMost/len(questions) && i > 0 {
					continue
				}
				own = append(own, weighIn(t, b, q.Query, episodes[q.Doc]))
				other = append(other, weighIn(t, b, q.Query, episodes[anotherOf(names, q)]))
				less = append(less, weighIn(t, b, q.Query, episodes[q.Doc], q.Lines...))
				if text := named.swap(q); text != "" {
					swapped = append(swapped, weighIn(t, b, text, episodes[q.Doc]))
				}
			}
			for _, more := range []float64{-0.22, -0.10, -0.06, -0.04, -0.02, 0, 0.02, 0.04, 0.06, 0.10, 0.15} {
				t.Logf("%+.2f: %4.1f %% of %d refused in their own transcript, %4.1f %% in another, %4.1f %% without the lines that answer, %4.1f %% of %d with a name or number swapped",
					more, 100*own.refused(more), len(own), 100*other.refused(more), 100*less.refused(more), 100*swapped.refused(more), len(swapped))
			}
			logCalibration(t, own, other)
			if r := own.refused(0); r > tt.own {
				t.Errorf("%.3f of the questions are refused in their own transcript, at most %.2f may be", r, tt.own)
			}
			if r := other.refused(0); r < tt.other {
				t.Errorf("%.3f of the questions are refused in another transcript, at least %.2f must be", r, tt.other)
			}
		})
	}
}

// logCalibration prints how often an answer was there, by how likely it was said
// to be.
func logCalibration(t *testing.T, own, other curve) {
	const steps = 5
	var there, all [steps]int
	for n, c := range []curve{other, own} {
		for _, w := range c {
			at := min(steps-1, int(w.likely*steps))
			there[at] += n
			all[at]++
		}
	}
	for i := range all {
		t.Logf("likelihood %.1f to %.1f: an answer is there for %.2f of %d", float64(i)/steps, float64(i+1)/steps, float64(there[i])/float64(max(1, all[i])), all[i])
	}
}

// names are the names and numbers of a set's questions, with their documents.
type names struct{ words, docs []string }

// nameOrNumber finds them, but for a word that begins a question.
var nameOrNumber = regexp.MustCompile(`[^.?!]\s#?((?:[A-Z][a-z]+(?: [A-Z][a-z]+)*)|\d{2,})\b`)

func namesIn(questions []eval.Question) *names {
	n := &names{}
	for i := range questions {
		for _, m := range nameOrNumber.FindAllStringSubmatch(questions[i].Query, -1) {
			n.words, n.docs = append(n.words, m[1]), append(n.docs, questions[i].Doc)
		}
	}
	return n
}

// swap puts a name or number of another transcript's question in the place of the
// question's first, "" where it has none.
func (n *names) swap(q *eval.Question) string {
	at := nameOrNumber.FindStringSubmatchIndex(q.Query)
	if at == nil {
		return ""
	}
	was := q.Query[at[2]:at[3]]
	hash := fnv.New32a()
	hash.Write([]byte(q.ID))
	for i := range n.words {
		k := (int(hash.Sum32()>>1) + i) % len(n.words)
		if n.docs[k] != q.Doc && n.words[k] != was && (n.words[k][0] <= '9') == (was[0] <= '9') {
			return q.Query[:at[2]] + n.words[k] + q.Query[at[3]:]
		}
	}
	return ""
}

// anotherOf is another transcript than the question's, by a hash of its ID.
func anotherOf(names []string, q *eval.Question) string {
	hash := fnv.New32a()
	hash.Write([]byte(q.ID))
	others := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == q.Doc })
	return others[int(hash.Sum32()>>1)%len(others)]
}
