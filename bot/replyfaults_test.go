package bot

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"verbatim/bot/model"
	"verbatim/bot/model/modeltest"
	"verbatim/retrieval"
)

// lockedBuffer is a buffer for a log that many write to.
type lockedBuffer struct {
	mutex sync.Mutex
	bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.Buffer.Write(p)
}

func (l *lockedBuffer) text() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.String()
}

// secrets are what no log and no error may hold.
var secrets = []string{modeltest.Key, "Varna", "harbour", "froze"}

func TestReplyTransportFaults(t *testing.T) {
	tests := []struct {
		name  string
		spoil modeltest.Fault
		want  Fallback
	}{
		{"server error", modeltest.WrongStatus(http.StatusInternalServerError, "oops about the harbour of Varna"), FallbackDown},
		{"wrong key", modeltest.WrongStatus(http.StatusUnauthorized, "Incorrect API key provided: "+modeltest.Key), FallbackDown},
		{"unknown model", modeltest.WrongStatus(http.StatusNotFound, "no such model"), FallbackDown},
		{"no room", modeltest.TooManyRequests(""), FallbackBusy},
		{"silent", modeltest.Stalled(0), FallbackSlow},
		{"stalls", modeltest.Stalled(4), FallbackSlow},
		{"cut", modeltest.CutStream(4), FallbackDown},
		{"malformed", modeltest.MalformedJSON(4), FallbackDown},
		{"empty", modeltest.EmptyAnswer(), FallbackDown},
		{"too long at any length", modeltest.TooLong(10, 100), FallbackDown},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newBot(t)
			addText(t, b, "100", "harbour.txt", harbourText)
			var log lockedBuffer
			server := modeltest.New(t, harbourAnswer)
			server.Inject(nil, test.spoil)
			useServer(t, b, ModelOptions{}, server, func(o *model.Options) {
				o.Log = slog.New(slog.NewTextHandler(&log, nil))
				if test.want == FallbackSlow {
					o.FirstToken, o.Total = 100*time.Millisecond, 200*time.Millisecond
				}
			})
			a := reply(t, b, harbour)
			if !a.Found || a.Model != Extractive || a.Without != test.want || !strings.Contains(a.Answer, "1929") {
				t.Errorf("Reply = %q by %s, without: %q; want the transcript's own words, %q", a.Answer, a.Model, a.Without, test.want)
			}
			for _, secret := range secrets {
				if strings.Contains(log.text(), secret) {
					t.Errorf("the log holds %q:\n%s", secret, log.text())
				}
			}
			waitIdle(t, server)
		})
	}
}

// TestReplyWithinItsTime: of the question's own time some is kept for the answer
// without the model.
func TestReplyWithinItsTime(t *testing.T) {
	b := newBot(t)
	addText(t, b, "100", "harbour.txt", harbourText)
	server := modeltest.New(t, harbourAnswer)
	server.Inject(nil, modeltest.Stalled(2))
	useServer(t, b, ModelOptions{}, server)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	a, err := b.Reply(ctx, harbour)
	if err != nil || !a.Found || a.Without != FallbackSlow {
		t.Fatalf("Reply = %+v, %v; want the transcript's own words in time", a, err)
	}
	checkAnswer(t, a)
	waitIdle(t, server)
}

func TestReplyEndless(t *testing.T) {
	b := newBot(t)
	server := modeltest.New(t, answers(kimAnswer+" "))
	server.Inject(nil, modeltest.EndlessAnswer())
	useServer(t, b, ModelOptions{}, server)
	a := reply(t, b, Question{Text: kimQuestion})
	if !a.Found || len(a.Sentences) > 3 {
		t.Errorf("Reply to an endless answer = %q, want each sentence once", a.Answer)
	}
	waitIdle(t, server)
}

func TestReplyWindows(t *testing.T) {
	tests := []struct {
		name string
		o    modeltest.Options
		set  int // of the client
		want int // passages given in the end; 0 any
	}{
		{"unknown and small", modeltest.Options{Window: 1400}, 0, 0},
		{"told and small", modeltest.Options{Window: 1400, TellWindow: true}, 0, 0},
		{"set to one for weak models", modeltest.Options{}, 4096, smallPassages},
		{"set too large", modeltest.Options{Window: 900}, 100_000, 0},
		{"set so small that one passage is cut", modeltest.Options{}, 450, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newBot(t)
			test.o.Reply = func(r modeltest.Request) modeltest.Reply {
				return modeltest.Reply{Text: citing(r, "Kim Il-sung visited Russia in 1984 {in 1984 when}.")}
			}
			server := modeltest.NewWith(t, test.o)
			useServer(t, b, ModelOptions{}, server, func(o *model.Options) { o.Window = test.set })
			a := reply(t, b, Question{Text: kimQuestion})
			given := len(promptPassage.FindAllString(server.Last().User(), -1))
			if a.Model != modeltest.Model || given == 0 || test.want > 0 && given != test.want {
				t.Errorf("Reply = %q by %s (%s) with %d passages after %d calls", a.Answer, a.Model, a.Without, given, server.Calls())
			}
		})
	}
}

// TestReplyNoTimeToMend holds the answer until little of the time is left.
func TestReplyNoTimeToMend(t *testing.T) {
	b := newBot(t)
	server := useModel(t, b, ModelOptions{}, answers("Kim Il-sung visited Russia in 1991 {in 1984 when}. Some agreements were reached {in 1984 when}."))
	ctx, cancel := context.WithTimeout(t.Context(), leastMend)
	defer cancel()
	a, err := b.Reply(ctx, Question{Text: kimQuestion, Filter: public})
	if err != nil {
		t.Fatal(err)
	}
	if server.Calls() != 1 || len(a.Sentences) != 1 || a.Removed != 1 {
		t.Errorf("Reply = %q with %d removed after %d calls, want the sentence that holds after one", a.Answer, a.Removed, server.Calls())
	}
}

// harbours adds a short episode to scope 100 and returns questions about it.
func harbours(t *testing.T, b *Bot) []string {
	t.Helper()
	var text strings.Builder
	var questions []string
	for i, city := range []string{"Varna", "Ruse", "Vidin", "Burgas", "Odessa", "Constanta", "Galati", "Trabzon", "Samsun", "Batumi"} {
		fmt.Fprintf(&text, "Ann: The harbour of %s froze in %d for some weeks.\n", city, 1900+7*i)
		questions = append(questions, "When did the harbour of "+city+" freeze?")
	}
	addText(t, b, "100", "harbours.txt", text.String())
	return questions
}

// TestReplyModelKilled kills the model in the middle of 200 questions: all are
// answered in time, and nothing is left behind.
func TestReplyModelKilled(t *testing.T) {
	const questions, limit = 200, 30 * time.Second
	b := newBot(t)
	texts := harbours(t, b)
	server := modeltest.New(t, func(r modeltest.Request) modeltest.Reply {
		asked := r.User()[strings.Index(r.User(), "Question: When did the harbour of "):]
		city := strings.Fields(asked)[6]
		return modeltest.Reply{Text: citing(r, "The harbour of "+city+" froze for some weeks {"+city+"}.")}
	})
	useServer(t, b, ModelOptions{}, server, func(o *model.Options) { o.Parallel = 8 })
	before := runtime.NumGoroutine()
	server.KillAt(60)
	var group sync.WaitGroup
	var mutex sync.Mutex
	byModel, without := 0, map[Fallback]int{}
	for i := range questions {
		group.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			q := Question{Text: texts[i%len(texts)], Filter: in100, Payer: retrieval.Scope(fmt.Sprint(i / len(texts))), Draft: func(Draft) {}}
			a, err := b.Reply(ctx, q)
			mutex.Lock()
			defer mutex.Unlock()
			if err != nil {
				t.Errorf("Reply: %v", err)
				return
			}
			checkAnswer(t, a)
			if without[a.Without]++; a.Model == modeltest.Model {
				byModel++
			}
			if !a.Found {
				t.Errorf("Reply(%q) finds nothing: %s", q.Text, a.Reason)
			}
		})
	}
	group.Wait()
	if byModel == 0 || without[FallbackDown] == 0 || len(b.replies.flights) != 0 {
		t.Errorf("%d answers by the model, without: %v, under way: %d; want some of both and none", byModel, without, len(b.replies.flights))
	}
	b.chat.client.Close()
	waitGoroutines(t, before)
}

// waitGoroutines waits until no more goroutines run than before.
func waitGoroutines(t *testing.T, before int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for runtime.NumGoroutine() > before {
		select {
		case <-tick.C:
		case <-ctx.Done():
			stacks := make([]byte, 1<<16)
			t.Errorf("%d goroutines run, %d did before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
			return
		}
	}
}

// TestReplyErrorsSayNothing: an error has neither key nor question.
func TestReplyErrorsSayNothing(t *testing.T) {
	b := newBot(t)
	useModel(t, b, ModelOptions{}, answers(kimAnswer))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f := public
	f.Episodes = append(f.Episodes, "no-such")
	for _, filter := range []retrieval.Filter{f, public} {
		_, err := b.Reply(ctx, Question{Text: harbour.Text, Filter: filter})
		for _, secret := range secrets {
			if err == nil || strings.Contains(fmt.Sprint(err), secret) {
				t.Errorf("Reply: %v, want an error without %q", err, secret)
			}
		}
	}
}
