package bot

import (
	"verbatim/prompts"
	"verbatim/retrieval"
)

const (
	// pieceWords is the length aimed at for the passages that a model is given,
	// maxPieceWords the longest of several sentences.
	pieceWords    = 90
	maxPieceWords = 120
	// stretchWords is how much one call reads, at most about half more;
	// detailStretch the same where every subject is to be told, and
	// weakStretch for models with a small window. leastStretch is the shortest
	// worth a call of its own, but for chapters.
	stretchWords  = 900
	detailStretch = 450
	weakStretch   = 400
	leastStretch  = 250
	// fewStretches is how many calls read a short episode, so that its points
	// do not all come from one place.
	fewStretches = 4
)

// stretches part the whole talk into what one call reads each: every sentence
// is in one of them.
func (d *digest) stretches() []chapter {
	parts := d.talk.chapters
	size := d.size()
	if d.r.Style != Chapters {
		parts = d.talk.part(d.talk.whole(), max(1, (d.talk.total+size/2)/size))
	}
	var list []chapter
	for _, part := range parts {
		list = append(list, d.cut(part, size)...)
	}
	return list
}

// size is how many words a stretch should have.
func (d *digest) size() int {
	size := stretchWords
	switch {
	case d.r.Style == Detailed:
		size = max(detailStretch, d.talk.total/(2*maxChapters))
	case d.r.Style != Chapters:
		size = min(size, max(leastStretch, d.talk.total/fewStretches))
	}
	if d.b.chat.client.Window() <= smallWindow {
		size = min(size, weakStretch)
	}
	return size
}

// cut parts a run until each part is of about the size and fits the model's
// window.
func (d *digest) cut(run chapter, size int) []chapter {
	if run.first == run.last {
		return []chapter{run}
	}
	if run.words <= size*3/2 {
		m := d.material(run)
		if p := d.mapPrompt(&m, 2, 99); d.fits(&p) {
			return []chapter{run}
		}
	}
	var list []chapter
	for _, half := range d.talk.halves(run) {
		list = append(list, d.cut(half, size)...)
	}
	return list
}

// halves part a run of at least two sentences in two.
func (t *talk) halves(run chapter) []chapter {
	if parts := t.part(run, 2); len(parts) == 2 {
		return parts
	}
	middle := (run.first + run.last) / 2
	before := t.before[middle+1] - t.before[run.first]
	return []chapter{{run.first, middle, before}, {middle + 1, run.last, run.words - before}}
}

// fits reports whether a prompt and its reply fit the model's window.
func (d *digest) fits(p *prompts.Prompt) bool {
	return d.b.promptTokens(p)+p.ReplyTokens <= d.b.chat.client.Window()
}

// material makes numbered passages of a run of the talk.
func (d *digest) material(run chapter) material {
	t := d.talk
	m := material{language: d.r.Language, episodes: d.episodes}
	for from := run.first; from <= run.last; {
		to, words := from, t.words[from]
		for to < run.last && t.place[to+1] == t.place[to]+1 && words < pieceWords && words+t.words[to+1] <= maxPieceWords {
			to++
			words += t.words[to]
		}
		id := retrieval.PassageID{Scope: d.info.Scope, Episode: d.info.ID, Seq: from}
		m.given = append(m.given, given{Source: Source{N: len(m.given) + 1, ID: id, Sentences: t.sentences[from : to+1]}, first: t.place[from]})
		from = to + 1
	}
	return m
}

// mapPrompt asks for the points of one part of several.
func (d *digest) mapPrompt(m *material, part, parts int) prompts.Prompt {
	p := prompts.Map(prompts.MapRequest{
		Title: d.title(), Style: d.r.Style, Part: part, Parts: parts,
		Language: languageNames[d.r.Language], Passages: m.passages(),
	})
	p.ReplyTokens = min(p.ReplyTokens, max(1, d.b.chat.client.Window()/replyShare))
	return p
}

// title is the episode's, unless it speaks to a language model.
func (d *digest) title() string {
	if prompts.Instructs(d.info.Title) {
		return ""
	}
	return d.info.Title
}
