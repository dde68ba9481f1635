package discord

import (
	"slices"
	"strings"

	"verbatim/bot"
	"verbatim/bot/discord/render"
	"verbatim/bot/discord/wire"
)

// editor is what shows drafts: a rest.Editor or a rest.Draft.
type editor interface {
	UpdateWith(state func() wire.Outgoing)
	UpdateNow(state func() wire.Outgoing)
	Close()
}

// drafts shows an answer while the model writes it.
type drafts struct {
	editor editor
	render render.Renderer
	where  render.AnswerContext
	// first, if given, is called before the first draft is shown.
	first func()
	any   bool // a draft was shown, or will be
}

// show shows the answer so far when its turn comes; the first words at once, or
// a second after a place in the queue.
func (d *drafts) show(draft bot.Draft) {
	if len(draft.Sentences) == 0 && strings.TrimSpace(draft.Unchecked) == "" {
		return
	}
	draft.Sentences = slices.Clone(draft.Sentences) // rendered later, when their maker goes on
	state := func() wire.Outgoing { return d.render.Draft(draft, d.where) }
	if d.any {
		d.editor.UpdateWith(state)
		return
	}
	d.any = true
	if d.first != nil {
		d.first()
	}
	d.editor.UpdateNow(state)
}
