package bot

import (
	"cmp"
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"verbatim/bot/model"
	"verbatim/prompts"
	"verbatim/retrieval"
)

const (
	// rewriteTime bounds the call that makes a question stand alone; of a
	// short time for all, a quarter.
	rewriteTime = 8 * time.Second
	// maxRewritten is the longest stand-alone question, in words.
	maxRewritten = 60
)

// standAlone is the question as it can be searched for by itself: as the rule
// has it or, where the question may follow others, as the model has it, if all
// of that comes from the conversation. Whatever goes wrong, the rule's holds.
func (b *Bot) standAlone(ctx context.Context, q *Question) (string, model.Usage) {
	byRule := StandAlone(q.History, q.Text)
	if q.Extractive || len(q.History) == 0 || !mayFollow(q.History, q.Text, byRule) {
		return byRule, model.Usage{}
	}
	history := make([]string, len(q.History))
	for i := range q.History {
		history[i] = cmp.Or(q.History[i].Standalone, q.History[i].Question)
	}
	prompt := prompts.StandAlone(history, q.Text)
	text, usage, ok := b.rewrite(ctx, q, "standalone", prompt, prompts.ReadStandAlone)
	if !ok {
		return byRule, usage
	}
	if !comesFrom(text, q.Text, history) {
		return byRule, usage
	}
	return text, usage
}

// rewrite asks the model for a question in other words, or takes it from memory;
// ok is false when it does not come in time.
func (b *Bot) rewrite(ctx context.Context, q *Question, purpose string, prompt prompts.Prompt, read func(string) string) (text string, usage model.Usage, ok bool) {
	k := newKeyer(purpose)
	k.text(b.chat.client.Model())
	k.text(string(q.Payer))
	k.prompt(&prompt)
	key := k.sum()
	if text, ok = b.replies.rewritten(key); ok {
		return text, usage, true
	}
	limit := rewriteTime
	if deadline, ok := ctx.Deadline(); ok {
		limit = min(limit, time.Until(deadline)/4)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	reply, err := b.complete(ctx, call{payer: q.Payer, purpose: purpose, prompt: prompt})
	if err != nil {
		return "", reply.Usage, false
	}
	text = strings.Join(strings.Fields(read(reply.Text)), " ")
	b.replies.keepRewritten(key, text)
	return text, reply.Usage, true
}

// translated is the question in the language of what was found for it, where
// that is another one: words are searched for, and those of another language are
// not there. "" is that there is nothing to translate, or no translation.
func (r *asking) translated(ctx context.Context) string {
	if r.q.Extractive || len(r.found.hits) == 0 {
		return ""
	}
	texts := make([]string, len(r.found.hits))
	for i := range r.found.hits {
		texts[i] = r.found.hits[i].Text()
	}
	there := languageOf(strings.Join(texts, "\n"))
	if foreignTo(there, r.text) == "" {
		return ""
	}
	first := func(reply string) string {
		if lines := prompts.ReadLines(reply, 1); len(lines) == 1 {
			return lines[0]
		}
		return ""
	}
	text, usage, _ := r.bot.rewrite(ctx, r.q, "translate", prompts.Translate([]string{r.text}, languageNames[there]), first)
	r.answer.Usage.Add(usage)
	if len(retrieval.ContentTerms(text)) == 0 || len(retrieval.Tokens(text)) > maxRewritten {
		return ""
	}
	return text
}

// mayFollow reports whether a question could hang on the one before: the rule
// says so, it has few words of its own, or a word in it stands for another.
func mayFollow(history []Turn, question, byRule string) bool {
	if byRule != question {
		return true
	}
	last := &history[len(history)-1]
	q := readAsked(question, readAsked(cmp.Or(last.Standalone, last.Question), nil).tongue)
	own := q.own()
	person, thing := q.refers(own)
	return own < fullWords || person || thing
}

// comesFrom reports whether a rewritten question is the question asked, with
// nothing in it that was not said: its content words and names all stand in the
// conversation, it keeps the names and numbers of the question, and half of the
// other words.
func comesFrom(text, question string, history []string) bool {
	terms := retrieval.ContentTerms(text)
	if len(terms) == 0 || len(retrieval.Tokens(text)) > maxRewritten {
		return false
	}
	said := map[string]bool{}
	for _, before := range append(history, question) {
		for _, t := range retrieval.Terms(before) {
			said[t] = true
		}
	}
	if !holdsAll(said, terms) {
		return false
	}
	has := map[string]bool{}
	for _, t := range retrieval.Terms(text) {
		has[t] = true
	}
	own, kept := 0, 0
	for i, t := range retrieval.Tokens(question) {
		term := retrieval.Stem(t.Word)
		if retrieval.IsStop(t.Word) {
			continue
		}
		first, _ := utf8.DecodeRuneInString(question[t.Start:])
		if !has[term] && (unicode.IsDigit(first) || i > 0 && unicode.IsUpper(first)) {
			return false
		}
		own++
		if has[term] {
			kept++
		}
	}
	return 2*kept >= own
}
