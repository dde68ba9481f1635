package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"verbatim/bot/model"
	"verbatim/retrieval/local"
)

// health is what check prints as JSON.
type health struct {
	Library string `json:"library"`
	// Exists is false where there is no library yet; then it is not whole
	// either, and all counts are 0.
	Exists bool `json:"exists"`
	// Whole says that it was read to its end without finding damage.
	Whole    bool     `json:"whole"`
	Problems []string `json:"problems"`
	Episodes int      `json:"episodes"`
	Lines    int      `json:"lines"`
	Passages int      `json:"passages"`
	Vectors  int      `json:"vectors"`
	// Waiting are passages without a vector of the serving model.
	Waiting int    `json:"waiting"`
	Model   string `json:"model"`
	Bytes   int64  `json:"bytes"`
	// Chat is the language model, null for none.
	Chat *chatHealth `json:"chat"`
}

// chatHealth says how the language model does.
type chatHealth struct {
	Model string `json:"model"`
	Host  string `json:"host"`
	// Window is its context in tokens, as set or told, or a guess.
	Window int   `json:"window"`
	OK     bool  `json:"ok"`
	TookMS int64 `json:"took_ms"`
	// Error says why it is not OK, "" else.
	Error string `json:"error"`
}

// checkChat asks the language model for a word; nil where there is none.
func (c *call) checkChat(ctx context.Context) (*chatHealth, error) {
	client, err := c.newChat()
	if err != nil || client == nil {
		return nil, err
	}
	defer client.Close()
	started := time.Now()
	err = client.Check(ctx)
	h := &chatHealth{Model: client.Model(), Host: c.config.endpointHost(), Window: client.Window(), OK: err == nil, TookMS: time.Since(started).Milliseconds()}
	if err != nil {
		h.Error = err.Error()
		return h, withHint(fmt.Errorf("check: %w", err), chatHint(err))
	}
	return h, nil
}

// chatHint says what to do about a language model that does not answer.
func chatHint(err error) string {
	const meanwhile = "; until it answers, answers are in the transcript's own words"
	switch {
	case errors.Is(err, model.ErrSlow):
		return "a model that is loaded first may take minutes: try again, or raise CHAT_FIRST_TOKEN_SECONDS and CHAT_SECONDS" + meanwhile
	case errors.Is(err, model.ErrDown):
		return "start the endpoint or correct OPENAI_BASE_URL" + meanwhile
	case errors.Is(err, model.ErrRejected):
		return "look at OPENAI_API_KEY, OPENAI_BASE_URL and CHAT_MODEL" + meanwhile
	}
	return "look at OPENAI_BASE_URL and CHAT_MODEL" + meanwhile
}

// runCheck looks for damage in the library, and whether the language model
// answers. What is wrong with one keeps nothing of the other back, and both are
// told.
func runCheck(ctx context.Context, c *call) error {
	chat, chatErr := c.checkChat(ctx)
	if err := ctx.Err(); err != nil {
		return err
	}
	h := health{Library: c.config.DataDir, Problems: []string{}, Chat: chat}
	if chat != nil && !c.options.json {
		printChat(c.ui, chat)
	}
	err := c.checkLibrary(ctx, &h)
	if chat != nil && !h.Exists && errors.Is(err, fs.ErrNotExist) {
		err = nil // questions can be asked without one
		if !c.options.json {
			c.ui.paragraph("", fmt.Sprintf("There is no library in %s yet: questions go to the sample episode until verbatim add FILE makes one.", plain(c.config.DataDir)))
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if c.options.json {
		if err := c.ui.json(h); err != nil {
			return err
		}
	}
	if err != nil && chatErr != nil {
		report(c.ui.stderr, chatErr)
	}
	return cmp.Or(err, chatErr)
}

// checkLibrary looks the library over, and prints what is found unless that is
// for JSON. Errors: fs.ErrNotExist, when there is none.
func (c *call) checkLibrary(ctx context.Context, h *health) error {
	l, err := c.existingLibrary(ctx)
	h.Exists = !errors.Is(err, fs.ErrNotExist)
	if err != nil {
		return err
	}
	defer l.Close()
	r, err := l.Check(ctx)
	if err != nil {
		return c.hinted(err)
	}
	h.Whole, h.Problems = r.Whole(), append(h.Problems, r.Problems...)
	h.Episodes, h.Lines, h.Passages, h.Vectors, h.Waiting = r.Episodes, r.Lines, r.Passages, r.Vectors, r.Waiting
	h.Model, h.Bytes = r.Model, r.Bytes
	if !c.options.json {
		printReport(c, l, r)
	}
	if !r.Whole() {
		return withHint(fmt.Errorf("check library %s: %s", plain(c.config.DataDir), count(len(r.Problems), "problem")), c.libraryHint(local.ErrDamaged))
	}
	return nil
}

// existingLibrary is existing with the models configured.
func (c *call) existingLibrary(ctx context.Context) (*local.Library, error) {
	m, err := c.models()
	if err != nil {
		return nil, err
	}
	return c.existing(ctx, m)
}

func printChat(u *ui, h *chatHealth) {
	if h.OK {
		u.paragraph("", fmt.Sprintf("The language model %s at %s answers, after %.1f s; it takes %d tokens in one call.", plain(h.Model), plain(h.Host), float64(h.TookMS)/1000, h.Window))
	} else {
		u.paragraph("", fmt.Sprintf("The language model %s at %s does not answer.", plain(h.Model), plain(h.Host)))
	}
}

func printReport(c *call, l *local.Library, r *local.Report) {
	u := c.ui
	for _, p := range r.Problems {
		u.paragraph("- ", plain(p))
	}
	if r.Whole() {
		u.printf("The library in %s is whole.\n", plain(c.config.DataDir))
	}
	u.printf("%s, %s, %s, %s", count(r.Episodes, "episode"), count(r.Lines, "line"), count(r.Passages, "passage"), count(r.Vectors, "vector"))
	u.printf("; %.1f MiB\n", float64(r.Bytes)/(1<<20))
	if r.Model != "" {
		u.printf("Embedding model: %s\n", plain(r.Model))
	}
	if r.Waiting > 0 || l.Stale() {
		u.printf("The vectors are of another model than the configured one: the next add makes them\nanew.\n")
	}
}
