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
var secrets = []string{modeltest.Key, "Kim Il-sung", "Soviet", "agreements"}

func TestReplyTransportFaults(t *testing.T) {
	const limit = 600 * time.Millisecond // three quarters for the model
	tests := []struct {
		name  string
		spoil modeltest.Fault
		want  Fallback
	}{
		{"server error", modeltest.WrongStatus(http.StatusInternalServerError, "oops about Kim Il-sung"), FallbackDown},
		{"wrong key", modeltest.WrongStatus(http.StatusUnauthorized, "Incorrect API key provided: "+modeltest.Key), FallbackDown},
		{"unknown model", modeltest.WrongStatus(http.StatusNotFound, "no such model"), FallbackDown},
		{"no room", modeltest.TooManyRequests(""), FallbackDown},
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
			var log lockedBuffer
			server := modeltest.New(t, answers(kimAnswer))
			server.Inject(nil, test.spoil)
			useServer(t, b, ModelOptions{}, server, func(o *model.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			a, err := b.Reply(ctx, Question{Text: kimQuestion, Filter: public})
			if err != nil {
				t.Fatalf("Reply: %v", err)
			}
			checkAnswer(t, a)
			if !a.Found || a.Model != Extractive || a.Without != test.want || !strings.Contains(a.Answer, "1984") {
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

// manyQuestions are about the sample episode.
var manyQuestions = []string{
	kimQuestion, "Why was the debt a problem?", "What were the relations like under Yeltsin?", "When was the new treaty signed?",
	"Who met Medvedev in 2011?", "What happened when Russia took over Crimea?", "Who went to Pyongyang in 2023?", "Which posts did Toloraya hold?",
	"What do most experts think about the relationship?", "What did Russia do about the nuclear test?",
}

// TestReplyModelKilled kills the model in the middle of 200 questions: all are
// answered in time, and nothing is left behind.
func TestReplyModelKilled(t *testing.T) {
	const questions, limit = 200, 20 * time.Second
	b := newBot(t)
	server := modeltest.New(t, func(r modeltest.Request) modeltest.Reply {
		first := promptPassage.FindStringSubmatch(r.User())
		return modeltest.Reply{Text: "“" + strings.Join(strings.Fields(first[2])[:6], " ") + "” [1]"}
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
			q := Question{Text: manyQuestions[i%len(manyQuestions)], Filter: public, Draft: func(Draft) {}}
			q.Text = strings.TrimSuffix(q.Text, "?") + strings.Repeat(" really", i/len(manyQuestions)) + "?"
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
		})
	}
	group.Wait()
	if byModel == 0 || without[FallbackDown] == 0 {
		t.Errorf("%d answers by the model, without: %v; want some of both", byModel, without)
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
	for _, q := range []Question{{Text: kimQuestion, Filter: f}} {
		_, err := b.Reply(ctx, q)
		for _, secret := range secrets {
			if err == nil || strings.Contains(fmt.Sprint(err), secret) {
				t.Errorf("Reply: %v, want an error without %q", err, secret)
			}
		}
	}
}
