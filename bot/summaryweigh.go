package bot

import (
	"slices"

	"verbatim/retrieval"
)

// Shares of a sentence's weight as a point.
const (
	// deniedPrice is what a sentence loses that is said to be wrong.
	deniedPrice     = 2
	chapterShare    = 0.6  // nearness to what its chapter is about
	episodeShare    = 0.3  // to what the episode is about
	titleShare      = 0.15 // to its title and description
	repetitionShare = 0.35
	claimShare      = 0.3
	answerBonus     = 0.06 // for what follows a question
	leadPrice       = 0.15 // for what leads up to one
)

// weigh gives a point its weight: how near it is to what its chapter and the
// episode are about, more for what is come back to, for claims, names and
// numbers and for what answers a question, less for questions, talk about the
// talk and what leans on the sentence before.
func (t *talk) weigh(p pick) pick {
	p.vector = normed(sum(t.vectors[p.first : p.last+1]))
	made := t.traits[p.first]
	repeated := t.repeated[p.first]
	for i := p.first + 1; i <= p.last; i++ {
		made = made.with(&t.traits[i])
		repeated = max(repeated, t.repeated[i])
	}
	p.weight = chapterShare*retrieval.Dot(p.vector, t.centres[t.chapterOf(p.first)]) +
		episodeShare*retrieval.Dot(p.vector, t.centre) + titleShare*retrieval.Dot(p.vector, t.about) +
		repetitionShare*repeated + claimShare*made.claims() + made.shape() - made.chatter()
	if slices.Contains(t.denied[p.first:p.last+1], true) {
		p.weight -= deniedPrice
	}
	if p.first > 0 && t.traits[p.first-1].asks {
		p.weight += answerBonus
	}
	for next := p.last + 1; next <= p.last+2 && next < len(t.sentences); next++ {
		if t.traits[next].asks {
			p.weight -= leadPrice / float64(next-p.last)
			break
		}
	}
	return p
}

// weighAbout is weigh for a point in other words, which stands for what the
// sentences say together with a neighbour that they go with.
func (t *talk) weighAbout(p pick) pick {
	p = t.weigh(p)
	first, last := p.first, p.last
	more := []pick{}
	if first > 0 && t.joins(first-1, first) {
		more = append(more, t.weigh(pick{first: first - 1, last: last}))
	}
	if last+1 < len(t.sentences) && t.joins(last, last+1) {
		more = append(more, t.weigh(pick{first: first, last: last + 1}))
	}
	for _, m := range more {
		if m.weight > p.weight {
			p.weight, p.vector = m.weight, m.vector
		}
	}
	return p
}

// normed scales a vector to length 1, unless it is 0.
func normed(v []float32) []float32 {
	scale := float32(1 / max(length(v), 1e-9))
	for i := range v {
		v[i] *= scale
	}
	return v
}

// repetition is 0 to 1 for each sentence: how many of its pairs of words come
// up in other sentences too. What speakers come back to is what they mean.
func repetition(t *talk) []float64 {
	pairs := make([][]string, len(t.sentences))
	count := map[string]int{}
	for i := range t.sentences {
		terms := t.terms[i]
		for j := 1; j < len(terms); j++ {
			pair := terms[j-1] + " " + terms[j]
			pairs[i] = append(pairs[i], pair)
			count[pair]++
		}
	}
	scores := make([]float64, len(t.sentences))
	for i := range pairs {
		for _, pair := range pairs[i] {
			if count[pair] > 1 {
				scores[i]++
			}
		}
		scores[i] = min(scores[i]/3, 1)
	}
	return scores
}
