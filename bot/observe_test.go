package bot

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"verbatim/bot/model/modeltest"
	"verbatim/retrieval"
)

// TestObserve: each answer, search and first token is told of, to all observers;
// each question has one outcome.
func TestObserve(t *testing.T) {
	b := newBot(t)
	var mu sync.Mutex
	var byModel, byTranscript, searches, tokens int
	for range 2 {
		b.Observe(Observer{
			Answered: func(_ time.Duration, model bool) {
				mu.Lock()
				defer mu.Unlock()
				if model {
					byModel++
				} else {
					byTranscript++
				}
			},
			Searched:   func(time.Duration) { mu.Lock(); searches++; mu.Unlock() },
			FirstToken: func(time.Duration) { mu.Lock(); tokens++; mu.Unlock() },
		})
	}
	b.Observe(Observer{}) // minds nothing
	useModel(t, b, ModelOptions{}, answers(kimAnswer))
	reply(t, b, Question{Text: kimQuestion})
	reply(t, b, Question{Text: kimQuestion, Extractive: true})
	reply(t, b, Question{Text: "What is the recipe for sourdough focaccia?"})
	if _, err := b.Reply(t.Context(), Question{Text: "?!", Filter: public}); !errors.Is(err, ErrNothing) {
		t.Fatal(err)
	}
	gone := public
	gone.Episodes = []retrieval.EpisodeID{"gone"}
	if _, err := b.Reply(t.Context(), Question{Text: kimQuestion, Filter: gone}); !isUnknown(err) {
		t.Fatal(err)
	}
	left, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Reply(left, Question{Text: kimQuestion, Filter: public}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	late, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	if _, err := b.Reply(late, Question{Text: kimQuestion, Filter: public}); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	if byModel != 2 || byTranscript != 4 || searches != 6 || tokens != 2 {
		t.Errorf("the two were told of %d and %d answers, %d searches and %d first tokens; want 2, 4, 6 and 2", byModel, byTranscript, searches, tokens)
	}
	m := b.Metrics()
	if m.Asked != 7 || m.Answered != 2 || m.Refused != 1 || m.Unfit != 2 || m.Left != 1 || m.Failed != 1 {
		t.Errorf("outcomes are %+v", m)
	}
}

// TestModelHealth goes by the last call's end.
func TestModelHealth(t *testing.T) {
	b := newBot(t)
	if h := b.ModelHealth(); h != (ModelHealth{State: ModelOff}) {
		t.Errorf("without a model: %+v", h)
	}
	server := useModel(t, b, ModelOptions{}, answers(kimAnswer))
	if h := b.ModelHealth(); h != (ModelHealth{State: ModelStarting}) {
		t.Errorf("before the first call: %+v", h)
	}
	ask := func(want ModelState, why string) {
		t.Helper()
		if err := b.chat.client.Check(t.Context()); (err == nil) != (want == ModelOK) {
			t.Fatalf("Check: %v", err)
		}
		if h := b.ModelHealth(); h.State != want || h.Why != why || h.Since.IsZero() {
			t.Errorf("%+v, want %s, %q", h, want, why)
		}
	}
	server.Inject(nil, modeltest.Instead("OK"))
	ask(ModelOK, "")
	since := b.ModelHealth().Since
	ask(ModelOK, "")
	if now := b.ModelHealth().Since; !now.Equal(since) {
		t.Errorf("since %v, then %v; it was ok all the while", since, now)
	}
	server.Heal()
	server.Inject(nil, modeltest.TooManyRequests(""))
	ask(ModelDown, "It has too many requests.")
	server.Heal()
	server.Inject(nil, modeltest.WrongStatus(http.StatusUnauthorized, "wrong key"))
	ask(ModelDown, "It refuses the requests.")
	server.Heal()
	server.Inject(nil, modeltest.Instead("OK"))
	ask(ModelOK, "")
}
