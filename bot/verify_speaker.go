package bot

import (
	"slices"
	"strings"

	"verbatim/retrieval"
)

// sayWords tell that somebody says or thinks what follows. Each by its stem.
var sayWords = stemSet(`say says said argue argues argued explain explains explained note notes noted mention mentions mentioned
		suggest suggests suggested think thinks thought believe believes believed ask asks asked answer answers answered claim claims claimed
		state states stated describe describes described emphasize emphasizes emphasized emphasise emphasised stress stresses stressed
		conclude concludes concluded add adds added tell tells told admit admits admitted recall recalls recalled insist insists insisted
		warn warns warned predict predicts predicted observe observes observed remark remarks remarked acknowledge acknowledged
		point points pointed respond responds responded reply replies replied propose proposes proposed agree agrees agreed
		disagree disagreed deny denies denied express expressed comment commented declare declared confirm confirms confirmed
		indicate indicates indicated introduce introduced offer offers offered`)

// roles are what people of an episode are called without a name.
var roles = wordSet("guest guests host hosts interviewer interviewee presenter cohost moderator")

// pronouns are subjects of their own.
var pronouns = wordSet("i we you he she they it this that there who what")

// attribution is who a claim says says it: units of the claim.
type attribution struct {
	names []int
	role  string
	verb  int // that tells that he speaks, or "according"
}

// subjectReach is how far into the claim the word stands that tells that
// somebody speaks.
const subjectReach = 7

// attributed finds whose words or thoughts the claim says it tells.
func (c *claimText) attributed() (attribution, bool) {
	var a attribution
	note := func(i int) {
		if w := c.word(i).word; roles[w] {
			a.role = w
		}
		if c.class[i] == nameUnit || c.speaks[i] {
			a.names = append(a.names, i)
		}
	}
	for i := 0; i+1 < len(c.units); i++ {
		if c.word(i).word == "according" && c.word(i+1).word == "to" {
			for k := i + 2; k < len(c.units) && !c.units[k].apart; k++ {
				note(k)
			}
			a.verb = i
			return a, len(a.names) > 0 || a.role != ""
		}
	}
	last := -1 // of the name or role
	for i := range min(len(c.units), subjectReach) {
		w := c.word(i)
		switch {
		case last >= 0 && sayWords[w.stem]:
			a.verb = i
			return a, true
		case pronouns[w.word] || last >= 0 && (c.units[i].apart || !c.units[i].stop && c.class[i] == plainWord && !c.speaks[i] && !roles[w.word] && !strings.HasSuffix(w.word, "ly")):
			return a, false // somebody else speaks, or it is a name that is called
		}
		if note(i); c.class[i] == nameUnit || c.speaks[i] || roles[w.word] {
			last = i
		}
	}
	return a, false
}

// saidShare is how much of what the best window holds the words of the speaker
// named must hold, all of one source together.
const saidShare = 0.4

// wrongSpeaker finds that the claim says who said something, which is not
// known or not so. Where the sources name speakers, words of the one named
// must hold much of the claim. Where they do not, the one named must have been
// introduced, and what is cited must not be a question, which the other one
// asks.
func (f *finding) wrongSpeaker() Fault {
	a, ok := f.c.attributed()
	if !ok || len(f.chosen) == 0 {
		return Fault{}
	}
	if f.toldSo(&a) {
		return Fault{}
	}
	fault := Fault{Kind: FaultSpeaker}
	for _, i := range a.names {
		fault.Words = append(fault.Words, f.c.written(i))
	}
	if a.role != "" && len(a.names) == 0 {
		fault.Words = []string{"the " + a.role}
	}
	if f.hasSpeakers() {
		if len(a.names) > 0 && !f.saidBy(a.names) {
			return fault
		}
		return Fault{}
	}
	if !f.isIntroduced(&a) {
		return fault
	}
	return Fault{}
}

// toldSo reports whether the source itself says that the one named says it, in
// one sentence: it then need not be he who speaks there.
func (f *finding) toldSo(a *attribution) bool {
	p := f.places[a.verb]
	if p.source == nil || len(a.names) == 0 {
		return false
	}
	for _, i := range a.names {
		if q := f.places[i]; q.source != p.source || q.source.units[q.at].sentence != p.source.units[p.at].sentence {
			return false
		}
	}
	return true
}

// teller tells whose words the claim says it tells, where the sources name
// their speakers; nil when it does not say.
func (f *finding) teller() func(speaker string) bool {
	a, ok := f.c.attributed()
	if !ok {
		return nil
	}
	names := slices.DeleteFunc(a.names, func(i int) bool { return !f.isSpeaker(i) })
	if len(names) == 0 {
		return nil
	}
	return func(speaker string) bool {
		return slices.ContainsFunc(names, func(i int) bool { return f.namesSpeaker(i, speaker) })
	}
}

// hasSpeakers reports whether the sources name those who speak.
func (f *finding) hasSpeakers() bool {
	for _, s := range f.sources {
		if slices.ContainsFunc(s.Sentences, func(s retrieval.Sentence) bool { return s.Speaker != "" }) {
			return true
		}
	}
	return false
}

// saidBy reports whether words of a speaker who has the names hold enough of
// the claim; names that no speaker of the episodes has are those of others,
// whose words are told.
func (f *finding) saidBy(names []int) bool {
	by := func(speaker string) bool {
		return speaker != "" && slices.ContainsFunc(names, func(i int) bool { return f.namesSpeaker(i, speaker) })
	}
	speaks := false
	for i := range f.episodes {
		speaks = speaks || slices.ContainsFunc(f.episodes[i].Speakers, by)
	}
	best := 0.0
	held := make([]float32, len(f.c.units))
	for _, s := range f.sources {
		clear(held)
		for n := range s.Sentences {
			if by(s.Sentences[n].Speaker) && s.evidence[n] {
				speaks = true
				f.c.holds(held, s, n)
			}
		}
		best = max(best, f.c.cover(held))
	}
	return !speaks || best >= saidShare*f.chosen[0].cover
}

// introductions come before or after the name of somebody who speaks.
var introductions = []string{"joined by", "welcome", "our guest", "my guest", "special guest", "guest today", "i am your host", "im your host", "my name is", "this is your host"}

// isIntroduced reports whether the one whom the claim names is known to speak:
// what is known of the episodes names him, or a sentence introduces him.
func (f *finding) isIntroduced(a *attribution) bool {
	for _, w := range f.chosen {
		if strings.HasSuffix(w.source.Sentences[w.last].Text, "?") {
			return false
		}
	}
	if len(a.names) == 0 {
		return len(f.about) > 0 || f.introduces(nil)
	}
	for _, i := range a.names {
		if f.about[f.c.word(i).stem] {
			return true
		}
	}
	return f.introduces(a.names)
}

// introduces reports whether a sentence introduces one who has the names.
func (f *finding) introduces(names []int) bool {
	for _, s := range f.Verifier.sources {
		for n := range s.Sentences {
			var words []string
			for j := s.starts[n]; j < s.starts[n+1]; j++ {
				words = append(words, f.words.words[s.units[j].id].word)
			}
			text := strings.Join(words, " ")
			if !slices.ContainsFunc(introductions, func(phrase string) bool { return strings.Contains(text, phrase) }) {
				continue
			}
			if names == nil {
				return true
			}
			for k := n; k < min(n+2, len(s.Sentences)); k++ {
				for j := s.starts[k]; j < s.starts[k+1]; j++ {
					for _, i := range names {
						if f.likeUnit(i, s, j) >= likeSpelling {
							return true
						}
					}
				}
			}
		}
	}
	return false
}
