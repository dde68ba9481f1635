package model

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"
)

const (
	// guessedWindow is what the smallest models in use have.
	guessedWindow = 8192
	// leastWindow is what no shrinking goes below.
	leastWindow = 512
	// askLimit is how long the endpoint may take to tell of its models, and
	// askAgain the pause after it did not.
	askLimit = 5 * time.Second
	askAgain = time.Minute
)

// window is what is known of the model's context, in tokens; 0 is nothing.
type window struct {
	mu sync.Mutex
	// set is the operator's, told the endpoint's, trained the longest that the
	// model was trained for, refused what a refusal named, and shrunk what is
	// left after refusals that named nothing.
	set, told, trained, refused, shrunk int
	answered                            bool // asked, and there was an answer
	asking                              bool
	next                                time.Time
}

// tokens is the best knowledge, and whether it is more than a guess.
func (w *window) tokens() (n int, known bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.set > 0:
		n, known = w.set, true
		if w.refused > 0 {
			n = min(n, w.refused)
		}
	case w.refused > 0:
		n, known = w.refused, true
	case w.told > 0:
		n, known = w.told, true
	default:
		// Servers run models with less than they were trained for: more than
		// the guess is not believed.
		n = guessedWindow
		if w.trained > 0 {
			n = min(n, w.trained)
		}
	}
	if w.shrunk > 0 && w.shrunk < n {
		n, known = w.shrunk, true
	}
	return n, known
}

// refuse learns from a refusal: the window that it named, or 0 for half
// of what was asked for, so that few more refusals are met.
func (w *window) refuse(named, asked int) {
	n, _ := w.tokens()
	w.mu.Lock()
	defer w.mu.Unlock()
	if named > 0 {
		w.refused = named
		return
	}
	w.shrunk = max(leastWindow, min(n, asked)/2)
}

// begin reports whether the endpoint is to be asked now; then end follows.
func (w *window) begin(now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.set > 0 || w.answered || w.asking || now.Before(w.next) {
		return false
	}
	w.asking = true
	return true
}

func (w *window) end(now time.Time, answered bool, told, trained int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asking, w.answered, w.next = false, answered, now.Add(askAgain)
	w.told, w.trained = told, trained
}

// askWindow asks the endpoint for its models; a failure does no harm. The
// window's begin comes first.
func (c *Client) askWindow(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	status, body, err := c.doer.models(ctx, c.options.BaseURL, c.options.Key)
	if err != nil {
		c.window.end(c.now(), false, 0, 0)
		return
	}
	told, trained := 0, 0
	if status == http.StatusOK {
		told, trained = readModels(body, c.options.Model)
	}
	answered := status < http.StatusInternalServerError && status != http.StatusTooManyRequests
	c.window.end(c.now(), answered, told, trained)
}

// askWindowAside asks in the background unless that was done; Close waits for
// it.
func (c *Client) askWindowAside() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing.Err() != nil || !c.window.begin(c.now()) {
		return
	}
	c.aside.Go(func() { c.askWindow(c.closing) })
}

// modelInfo is an entry of /models with the fields that tell the context: of
// vLLM, OpenRouter, Groq, Mistral, LM Studio and others; llama.cpp's are in
// meta.
type modelInfo struct {
	ID               string `json:"id"`
	MaxModelLen      int    `json:"max_model_len"`
	ContextLength    int    `json:"context_length"`
	ContextWindow    int    `json:"context_window"`
	MaxContextLength int    `json:"max_context_length"`
	MaxInputTokens   int    `json:"max_input_tokens"`
	LoadedContext    int    `json:"loaded_context_length"`
	Context          int    `json:"n_ctx"`
	Meta             struct {
		Context int `json:"n_ctx"`
		Trained int `json:"n_ctx_train"`
	} `json:"meta"`
}

// readModels finds what a list of models tells of one: its context in use, and
// that of its training, 0 for what is not told. A list of one is of that one,
// whatever its name.
func readModels(body []byte, model string) (told, trained int) {
	var list struct {
		Data []json.RawMessage `json:"data"`
	}
	if json.Unmarshal(body, &list) != nil {
		return 0, 0
	}
	for _, raw := range list.Data {
		var m modelInfo
		if json.Unmarshal(raw, &m) != nil || m.ID != model && !strings.HasSuffix(m.ID, "/"+model) && len(list.Data) > 1 {
			continue
		}
		for _, n := range []int{m.LoadedContext, m.MaxModelLen, m.Context, m.Meta.Context, m.ContextLength, m.ContextWindow, m.MaxContextLength, m.MaxInputTokens} {
			if told = plausible(n); told > 0 {
				break
			}
		}
		return told, plausible(m.Meta.Trained)
	}
	return 0, 0
}
