package bot

import (
	"cmp"
	"slices"
	"strings"

	"verbatim/prompts"
	"verbatim/retrieval"
)

const (
	// smallWindow is a model's context, in tokens, up to which the model is
	// taken for a weak one, which does worse with more passages;
	// smallPassages is how many it is given.
	smallWindow   = 4096
	smallPassages = 4
	// leastGiven is the fewest words of a piece worth giving to a model.
	leastGiven = 4
	// replyShare is the largest part of the window, one in so many, that is
	// kept free for the reply.
	replyShare = 3
)

// given is a passage as it is given to the model.
type given struct {
	Source
	// first is the index of its first sentence in the episode's list.
	first int
	// span is the best sentences, as indices of Sentences.
	span retrieval.Span
}

// material is all that a model is told for one answer, and all that citations
// are made of.
type material struct {
	// question stands alone. language is the code for the answer, "" unknown.
	question string
	language string
	kind     prompts.Kind
	// collecting says that it is one part of what a list is made of.
	collecting bool
	given      []given
	episodes   map[episodeKey]*retrieval.EpisodeInfo
	// titled says that the passages go in with their episodes' titles.
	titled bool
	// strong says that an answer must be supported strongly, since retrieval
	// found little.
	strong bool
	// unverified is as in [Question].
	unverified bool
}

// givenOf are the pieces of the hits that a model may be given, best first:
// without advertisement, without sentences that speak to a language model and,
// where a speaker is asked for, without what others say. Neighbouring hits are
// joined in pairs, since the one often ends what the other begins.
func givenOf(hits []retrieval.Hit, speaker string) []given {
	var list []given
	for _, h := range joinPairs(hits) {
		list = append(list, piecesOf(&h, speaker)...)
	}
	for i := range list {
		list[i].N = i + 1
	}
	return list
}

// markBest sets the best spans of the pieces to those of the evidence.
func markBest(list []given, spans []retrieval.EvidenceSpan) {
	for i := range list {
		g := &list[i]
		for _, s := range spans {
			at := slices.Index(g.Sentences, s.Sentences[0])
			if at >= 0 && s.ID.Scope == g.ID.Scope && s.ID.Episode == g.ID.Episode {
				g.span = retrieval.Span{First: at, Last: min(at+len(s.Sentences), len(g.Sentences)) - 1}
				break
			}
		}
	}
}

// joinPairs joins each hit with the next best one that follows or precedes it in
// its episode, at the place of the better one.
func joinPairs(hits []retrieval.Hit) []retrieval.Hit {
	var joined []retrieval.Hit
	used := make([]bool, len(hits))
	for i := range hits {
		if used[i] {
			continue
		}
		h := hits[i]
		for j := i + 1; j < len(hits); j++ {
			o := &hits[j]
			if used[j] || o.ID.Scope != h.ID.Scope || o.ID.Episode != h.ID.Episode || o.First > h.Last+1 || h.First > o.Last+1 {
				continue
			}
			used[j] = true
			span := h.First + h.Span.First
			length := h.Span.Last - h.Span.First
			h.Join(&o.Passage)
			h.Span = retrieval.Span{First: span - h.First, Last: span - h.First + length}
			break
		}
		joined = append(joined, h)
	}
	return joined
}

// piecesOf cuts a hit where sentences must not be given; the longest pieces of
// it with its best span come first.
func piecesOf(h *retrieval.Hit, speaker string) []given {
	var pieces []given
	from := -1
	end := func(to int) {
		if from < 0 {
			return
		}
		piece := given{Source: Source{ID: h.ID, Sentences: h.Sentences[from:to]}, first: h.First + from}
		piece.span = retrieval.Span{First: max(0, h.Span.First-from), Last: min(to-1, h.Span.Last) - from}
		if piece.span.First > piece.span.Last || piece.span.Last < 0 {
			piece.span = retrieval.Span{First: 0, Last: -1}
		}
		from = -1
		words := 0
		for i := range piece.Sentences {
			if !piece.Sentences[i].Repeat {
				words += piece.Sentences[i].Words()
			}
		}
		if words >= leastGiven {
			pieces = append(pieces, piece)
		}
	}
	for i := range h.Sentences {
		s := &h.Sentences[i]
		if s.Boilerplate || speaker != "" && !strings.EqualFold(s.Speaker, speaker) || prompts.Instructs(s.Text) {
			end(i)
		} else if from < 0 {
			from = i
		}
	}
	end(len(h.Sentences))
	slices.SortStableFunc(pieces, func(a, b given) int { return cmp.Compare(b.span.Last-b.span.First, a.span.Last-a.span.First) })
	return pieces
}

// passage is the piece as a prompt has it.
func (m *material) passage(g *given) prompts.Passage {
	p := retrieval.Passage{ID: g.ID, Sentences: g.Sentences}
	shown := prompts.Passage{N: g.N, Speaker: g.Sentences[0].Speaker, Time: g.Sentences[0].Start.String(), Text: p.Text()}
	for i := range g.Sentences {
		if g.Sentences[i].Speaker != shown.Speaker {
			shown.Speaker, shown.Text = "", p.IndexText() // each turn with its name
			break
		}
	}
	if info := m.episodes[episodeKey{g.ID.Scope, g.ID.Episode}]; m.titled && info != nil {
		shown.Episode = info.Title
		if !info.Date.IsZero() {
			shown.Date = info.Date.Format("2006-01-02")
		}
	}
	return shown
}

func (m *material) passages() []prompts.Passage {
	list := make([]prompts.Passage, len(m.given))
	for i := range m.given {
		list[i] = m.passage(&m.given[i])
	}
	return list
}

func (m *material) sources() []Source {
	list := make([]Source, len(m.given))
	for i := range m.given {
		list[i] = m.given[i].Source
	}
	return list
}

// prompt asks for the answer.
func (m *material) prompt() prompts.Prompt {
	if m.collecting {
		return prompts.Collect(prompts.CollectRequest{Question: m.question, Language: languageNames[m.language], Passages: m.passages()})
	}
	return prompts.Answer(prompts.AnswerRequest{Question: m.question, Language: languageNames[m.language], Kind: m.kind, Passages: m.passages()})
}

// fit gives the model of the material the first n pieces, and fewer when they do
// not fit its window; the last one left is shortened. The prompt returned is
// that of what is left.
func (b *Bot) fit(m *material, n int) prompts.Prompt {
	window := b.chat.client.Window()
	weak := weakModel(b.chat.client.Model())
	if weak || window <= smallWindow {
		n = min(n, smallPassages)
	}
	m.given = m.given[:min(n, len(m.given))]
	weak = weak && m.kind == prompts.Factual && !m.collecting
	if weak {
		m.given = nearest(m.given)
	}
	for {
		p := m.prompt()
		p.ReplyTokens = min(p.ReplyTokens, max(1, window/replyShare))
		if weak {
			p.ReplyTokens = min(p.ReplyTokens, weakTokens)
		}
		if b.promptTokens(&p)+p.ReplyTokens <= window {
			return p
		}
		switch last := len(m.given) - 1; {
		case last > 0:
			m.given = m.given[:last]
		case last == 0 && len(m.given[0].Sentences) > 1:
			m.given = []given{m.given[0].half()}
		default:
			return p // as it is; the model may still take it
		}
	}
}

// half is the half of the piece about its best span.
func (g *given) half() given {
	keep := (len(g.Sentences) + 1) / 2
	from := 0
	if g.span.Last >= g.span.First {
		from = (g.span.First + g.span.Last + 1 - keep) / 2
	}
	return g.cut(min(max(from, 0), len(g.Sentences)-keep), keep)
}

// cut is n of the piece's sentences.
func (g *given) cut(from, n int) given {
	c := *g
	c.Sentences = g.Sentences[from : from+n]
	c.first += from
	c.span = retrieval.Span{First: max(0, g.span.First-from), Last: min(n-1, g.span.Last-from)}
	return c
}
