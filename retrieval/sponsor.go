package retrieval

import (
	"regexp"
	"strings"
)

const (
	// sponsorReach is how many sentences before an address, or after the
	// sponsor's name, a sponsor's message may reach.
	sponsorReach = 14
	// sponsorPause is how many sentences may pass without the sponsor's name
	// within its message.
	sponsorPause = 2
	// sponsorMentions is how often a turn must name the owner of an address
	// for it to be an advertisement rather than a hint.
	sponsorMentions = 2
)

var (
	// addressPattern finds an address that listeners are sent to; the first
	// group is the name in it.
	addressPattern = regexp.MustCompile(`(?i)\b(?:visit|head (?:over )?to|go to|learn more at|sign up at|check (?:them|it|us) out at)\b[^.?!]{0,40}?\b([a-z0-9][a-z0-9-]{2,30})(?:\.| dot )(?:com|org|net|io|co|fm|app|ai|dev)\b`)
	// sponsorPattern finds who pays; the group is the name.
	sponsorPattern = regexp.MustCompile(`(?:sponsored by|brought to you by|sponsor (?:is|today is)|thanks to our sponsor,?)\s+((?:[A-Z][\w.-]*\s?){1,4})`)
)

// markSponsors marks the messages of sponsors wherever they stand: what a turn
// says about somebody to whose address it sends the listeners, and what
// follows "sponsored by" about whom it names.
func markSponsors(sentences []Sentence) {
	for i := range sentences {
		if m := addressPattern.FindStringSubmatch(sentences[i].Text); m != nil {
			markBack(sentences, i, foldWord(m[1]))
		}
		if m := sponsorPattern.FindStringSubmatch(sentences[i].Text); m != nil {
			markForth(sentences, i, foldWord(strings.Fields(m[1])[0]))
		}
	}
}

// markBack marks the turn from the first sentence that names the sponsor, or a
// question that leads up to it, to the address at sentence at.
func markBack(sentences []Sentence, at int, name string) {
	first, mentions := at, 0
	for i := at; i >= 0 && at-i <= sponsorReach && sentences[i].Speaker == sentences[at].Speaker; i-- {
		if names(sentences[i].Text, name) {
			mentions++
			first = i
		}
	}
	if mentions < sponsorMentions {
		return
	}
	if first > 0 && strings.HasSuffix(sentences[first-1].Text, "?") && sentences[first-1].Speaker == sentences[at].Speaker {
		first--
	}
	for i := first; i <= at; i++ {
		sentences[i].Boilerplate = true
	}
}

// markForth marks sentence at and those after it that go on about the sponsor.
func markForth(sentences []Sentence, at int, name string) {
	last := at
	for i := at + 1; i < len(sentences) && i-at <= sponsorReach && i-last <= sponsorPause; i++ {
		if names(sentences[i].Text, name) {
			last = i
		}
	}
	for i := at; i <= last; i++ {
		sentences[i].Boilerplate = true
	}
}

// names reports whether the text has the word as a name, with a capital.
func names(text, word string) bool {
	for _, t := range Tokens(text) {
		if t.Word == word && capital(text[t.Start:]) {
			return true
		}
	}
	return false
}
