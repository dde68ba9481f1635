package bot

import (
	"slices"
	"strings"
)

// hedges make of what is said a condition, a question or hearsay; a claim that
// tells it as a fact says more than its source. hedging words of a claim show
// that it keeps the doubt. Each by its stem.
var (
	hedges  = stemSet("if unless whether might maybe perhaps rumour rumours rumor rumors allegedly supposedly reportedly purportedly lie lies myth hoax untrue hypothetically")
	hedging = stemSet("may could would should can possibly probably likely potentially say says said claim claims claimed told according think thinks thought believe believes hope hopes expect expects wonder wonders ask asks asked depend depends condition conditions")
	// breakers begin a clause that another verb rules.
	breakers = stemSet("then but while whereas before after although though")
	// yeses begin an answer that makes a statement of the question before.
	yeses = wordSet("yes yeah yep exactly right absolutely indeed sure correct definitely certainly true")
)

// ownShare is the share of a claim, by weight, that must stand in a sentence for
// what else that sentence says to govern it.
const ownShare = 0.4

// carriers are the sentences of the chosen places that most of the claim was
// taken from, with their source.
func (f *finding) carriers(yield func(s *sourceText, sentence int)) {
	for _, w := range f.chosen {
		for n := w.first; n <= w.last; n++ {
			share := 0.0
			for i, p := range f.places {
				if p.source == w.source && w.source.units[p.at].sentence == n {
					share += f.c.weights[i]
				}
			}
			if share >= ownShare*f.c.total && share > 0 {
				yield(w.source, n)
			}
		}
	}
}

// unhedged finds a claim that tells as a fact what its source only supposes,
// doubts, asks or has by hearsay.
func (f *finding) unhedged() Fault {
	c := f.c
	for i := range c.units {
		month := c.units[i].capital && !c.units[i].initial // "in May"
		if stem := c.word(i).stem; (hedges[stem] || hedging[stem]) && !month {
			return Fault{}
		}
	}
	if strings.HasSuffix(strings.TrimSpace(c.text), "?") {
		return Fault{}
	}
	var fault Fault
	f.carriers(func(s *sourceText, n int) {
		if words := s.hedge(n, f); words != "" && fault.Kind == FaultNone {
			fault = Fault{Kind: FaultNegation, Words: []string{words}}
		}
	})
	return fault
}

// hedge is what makes a sentence no statement, "" for one that is. "If you" is
// how people talk: "if you look at trade, it has doubled".
func (s *sourceText) hedge(n int, f *finding) string {
	text := s.Sentences[n].Text
	if strings.HasSuffix(text, "?") && (n+1 == len(s.Sentences) || !slices.ContainsFunc(firstWords(s.Sentences[n+1].Text, 2), func(w string) bool { return yeses[w] })) {
		return text
	}
	for j := s.starts[n]; j < s.starts[n+1]; j++ {
		word := &f.words.words[s.units[j].id]
		if !hedges[word.stem] {
			continue
		}
		if next := j + 1; word.word == "if" && next < s.starts[n+1] && f.words.words[s.units[next].id].word == "you" {
			continue
		}
		return text[s.units[j].start:s.units[j].end]
	}
	if i := strings.Index(strings.ToLower(text), "not true"); i >= 0 {
		return text[i : i+len("not true")]
	}
	return ""
}

// joinedClauses finds a claim that takes who does something from one clause and
// what is done from another: a name that it leaves out stands between two of its
// words, and so does a word that begins a clause. "Russia invited China, then
// North Korea attacked" says neither that Russia invited North Korea nor that
// China attacked.
func (f *finding) joinedClauses() Fault {
	var before *placed
	for i := range f.places {
		p := &f.places[i]
		if p.source == nil || f.quoted[i] || f.c.weights[i] == 0 {
			continue
		}
		if before != nil && before.source == p.source && before.at < p.at && p.source.units[before.at].sentence == p.source.units[p.at].sentence {
			name, breaks := "", false
			for j := before.at + 1; j < p.at; j++ {
				u := &p.source.units[j]
				breaks = breaks || breakers[f.words.words[u.id].stem]
				if f.isName(p.source, j) && !f.says(u.id) {
					name = p.source.Sentences[u.sentence].Text[u.start:u.end]
				}
			}
			if breaks && name != "" {
				return Fault{Kind: FaultName, Words: []string{name}}
			}
		}
		before = p
	}
	return Fault{}
}

// says reports whether the claim has a word of the sources.
func (f *finding) says(id int) bool {
	stem := f.words.words[id].stem
	for i := range f.c.units {
		if f.c.word(i).stem == stem {
			return true
		}
	}
	return false
}
