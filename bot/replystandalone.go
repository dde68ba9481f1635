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
	exchanges := make([]prompts.Exchange, len(q.History))
	for i := range q.History {
		exchanges[i].Question = cmp.Or(q.History[i].Standalone, q.History[i].Question)
	}
	prompt := prompts.StandAlone(exchanges, q.Text)
	k := newKeyer("standalone")
	k.text(b.chat.client.Model())
	k.text(string(q.Payer))
	k.prompt(&prompt)
	key := k.sum()
	text, known := b.replies.rewritten(key)
	var usage model.Usage
	if !known {
		limit := rewriteTime
		if deadline, ok := ctx.Deadline(); ok {
			limit = min(limit, time.Until(deadline)/4)
		}
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		reply, err := b.complete(ctx, call{payer: q.Payer, purpose: "standalone", prompt: prompt})
		usage = reply.Usage
		if err != nil {
			return byRule, usage
		}
		text = strings.Join(strings.Fields(prompts.ReadStandAlone(reply.Text)), " ")
		b.replies.keepRewritten(key, text)
	}
	if !comesFrom(text, q.Text, exchanges) {
		return byRule, usage
	}
	return text, usage
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
func comesFrom(text, question string, history []prompts.Exchange) bool {
	terms := retrieval.ContentTerms(text)
	if len(terms) == 0 || len(retrieval.Tokens(text)) > maxRewritten {
		return false
	}
	said := map[string]bool{}
	for _, h := range append(history, prompts.Exchange{Question: question}) {
		for _, t := range retrieval.Terms(h.Question) {
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
