package bot

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"verbatim/bot/model"
	"verbatim/bot/model/modeltest"
	"verbatim/retrieval"
)

const harbourText = "Ann: The harbour of Varna froze in 1929, and no ship could leave it for three weeks.\nAnn: The ice was two metres thick, and people walked to the lighthouse over it.\n"

var in100 = retrieval.Filter{Scopes: []retrieval.Scope{"100"}}

var harbour = Question{Text: "When did the harbour of Varna freeze?", Filter: in100, Payer: "100"}

// harbourAnswer says whatever year the prompt has.
func harbourAnswer(r modeltest.Request) modeltest.Reply {
	for _, year := range []string{"1929", "1954"} {
		if strings.Contains(r.User(), year) {
			return modeltest.Reply{Text: citing(r, "The harbour of Varna froze in "+year+" {froze in "+year+"}.")}
		}
	}
	return modeltest.Reply{Text: "NOT FOUND"}
}

func TestReplyCached(t *testing.T) {
	b := newBot(t)
	addText(t, b, "100", "harbour.txt", harbourText)
	server := useModel(t, b, ModelOptions{}, harbourAnswer)
	ask := func(q Question, calls int, holds string) *Answer {
		t.Helper()
		before := server.Calls()
		a := reply(t, b, q)
		if got := server.Calls() - before; got != calls || !strings.Contains(a.Answer, holds) {
			t.Errorf("Reply = %q after %d calls, want %q after %d", a.Answer, got, holds, calls)
		}
		return a
	}
	first := ask(harbour, 1, "1929")
	again := ask(harbour, 0, "1929")
	if again.Answer != first.Answer || again.Usage.Calls != 0 || again.FirstToken != 0 || again.Model != modeltest.Model {
		t.Errorf("the second answer is %+v, want that of the first at no cost", again)
	}
	again.Sentences[0].Text, again.Sentences[0].Citations[0], again.Citations[0].Quote = "changed", 7, "changed" // by the caller
	ask(harbour, 0, "froze in 1929.")
	if m := b.Metrics(); m.Cached != 2 || m.Calls != 1 {
		t.Errorf("metrics: %d cached after %d calls, want 2 after 1", m.Cached, m.Calls)
	}

	other := harbour
	other.Text = "When did the harbour of Varna freeze over?"
	ask(other, 1, "1929")
	other = harbour
	other.Payer = "200"
	ask(other, 1, "1929")
	other = harbour
	other.Language = "de"
	ask(other, 1, "1929")

	addText(t, b, "100", "harbour.txt", strings.ReplaceAll(harbourText, "1929", "1954"))
	ask(harbour, 1, "1954")
	addText(t, b, "100", "harbour.txt", harbourText)
	ask(harbour, 1, "1929") // forgotten with the episode
	if err := b.Remove(t.Context(), "100", "harbour"); err != nil {
		t.Fatal(err)
	}
	ask(harbour, 0, "Not in")
	if len(b.replies.entries) != 0 || b.replies.bytes != 0 {
		t.Errorf("%d answers with %d bytes are kept of a removed episode", len(b.replies.entries), b.replies.bytes)
	}
}

// TestReplyCacheScopes asks the same of equal episodes in two servers.
func TestReplyCacheScopes(t *testing.T) {
	b := newBot(t)
	addText(t, b, "100", "harbour.txt", harbourText)
	addText(t, b, "200", "harbour.txt", harbourText)
	server := useModel(t, b, ModelOptions{}, harbourAnswer)
	reply(t, b, harbour)
	other := harbour
	other.Filter = retrieval.Filter{Scopes: []retrieval.Scope{"200"}}
	a := reply(t, b, other) // the payer is the same
	if server.Calls() != 2 || a.Citations[0].Scope != "200" {
		t.Errorf("%d calls, the citation is of scope %q; want 2 and its own", server.Calls(), a.Citations[0].Scope)
	}
}

func TestReplyCacheModels(t *testing.T) {
	b := newBot(t)
	addText(t, b, "100", "harbour.txt", harbourText)
	useModel(t, b, ModelOptions{}, harbourAnswer)
	reply(t, b, harbour)
	server := modeltest.NewWith(t, modeltest.Options{Model: "another", Reply: harbourAnswer})
	useServer(t, b, ModelOptions{}, server, func(o *model.Options) { o.Model = "another" })
	if a := reply(t, b, harbour); server.Calls() != 1 || a.Model != "another" {
		t.Errorf("another model was asked %d times, the answer is by %s", server.Calls(), a.Model)
	}
}

func TestReplyFailuresAreNotKept(t *testing.T) {
	b := newBot(t)
	server := modeltest.New(t, answers(kimAnswer))
	server.Inject(modeltest.OnCall(1), modeltest.WrongStatus(500, "oops"))
	useServer(t, b, ModelOptions{}, server)
	if a := reply(t, b, Question{Text: kimQuestion}); a.Without != FallbackDown {
		t.Errorf("the first answer is without the model for %q, want %q", a.Without, FallbackDown)
	}
	if a := reply(t, b, Question{Text: kimQuestion}); a.Model != modeltest.Model {
		t.Errorf("the second answer is by %s, want the model", a.Model)
	}
}

func TestRepliesBounds(t *testing.T) {
	var r replies
	for i := range 2 * maxReplies {
		k := newKeyer("test")
		k.number(i)
		r.keep(k.sum(), &composed{sentences: []AnswerSentence{{Text: "s"}}})
	}
	if len(r.entries) != maxReplies || r.order.Len() != maxReplies {
		t.Errorf("%d answers are kept, want %d", len(r.entries), maxReplies)
	}
	for i := range 64 {
		k := newKeyer("large")
		k.number(i)
		r.keep(k.sum(), &composed{sentences: []AnswerSentence{{Text: strings.Repeat("x", maxReplyBytes/8)}}})
	}
	if r.bytes > maxReplyBytes {
		t.Errorf("%d bytes are kept, want at most %d", r.bytes, maxReplyBytes)
	}
	k := newKeyer("larger")
	r.keep(k.sum(), &composed{sentences: []AnswerSentence{{Text: strings.Repeat("x", maxReplyBytes)}}})
	if r.find(k.sum()) != nil {
		t.Error("an answer larger than the cache is kept")
	}
}

func TestKeyerFields(t *testing.T) {
	sum := func(fields ...string) replyKey {
		k := newKeyer("test")
		for _, f := range fields {
			k.text(f)
		}
		return k.sum()
	}
	if sum("ab", "c") == sum("a", "bc") || sum("a") == sum("a", "") {
		t.Error("fields run into one another")
	}
}

// TestReplyShared asks the same many times at once.
func TestReplyShared(t *testing.T) {
	const callers = 8
	b := newBot(t)
	hold := make(chan struct{})
	server := useModel(t, b, ModelOptions{}, func(r modeltest.Request) modeltest.Reply {
		return modeltest.Reply{Text: citing(r, kimAnswer), Hold: hold, After: 12}
	})
	drafts := make(chan int, 1024)
	var group sync.WaitGroup
	made := make([]*Answer, callers)
	for i := range callers {
		group.Go(func() {
			var err error
			if made[i], err = b.Reply(t.Context(), Question{Text: kimQuestion, Filter: public, Draft: func(Draft) {
				select {
				case drafts <- i:
				default:
				}
			}}); err != nil {
				t.Errorf("Reply: %v", err)
			}
		})
	}
	waitShared(t, b, callers)
	close(hold)
	group.Wait()
	cost := 0
	for _, a := range made {
		if a == nil || a.Answer != made[0].Answer || a.Model != modeltest.Model {
			t.Fatalf("answers differ: %+v and %+v", a, made[0])
		}
		cost += a.Usage.Calls
	}
	if server.Calls() != 1 || cost != 1 {
		t.Errorf("%d calls were made and %d paid for, want one", server.Calls(), cost)
	}
	if m := b.Metrics(); m.Shared != callers-1 || m.Calls != 1 {
		t.Errorf("metrics: %d shared, %d calls; want %d and 1", m.Shared, m.Calls, callers-1)
	}
	if len(drafts) == 0 {
		t.Error("no draft came")
	}
}

// waitShared waits until n questions wait for one answer.
func waitShared(t *testing.T, b *Bot, n int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		b.replies.mutex.Lock()
		waiting := 0
		for _, f := range b.replies.flights {
			waiting += f.waiting
		}
		b.replies.mutex.Unlock()
		if waiting == n {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%d questions wait, want %d", waiting, n)
		}
	}
}

// TestReplySharedGivenUp: who asked first gives up, and the other gets the
// answer all the same; then both give up, and the call ends.
func TestReplySharedGivenUp(t *testing.T) {
	b := newBot(t)
	hold := make(chan struct{})
	server := useModel(t, b, ModelOptions{}, func(r modeltest.Request) modeltest.Reply {
		return modeltest.Reply{Text: citing(r, kimAnswer), Hold: hold, After: 3}
	})
	ask := func(ctx context.Context, question string) chan string {
		done := make(chan string, 1)
		go func() {
			a, err := b.Reply(ctx, Question{Text: question, Filter: public})
			if err != nil {
				done <- err.Error()
			} else {
				done <- a.Model
			}
		}()
		return done
	}
	ctx, cancel := context.WithCancel(t.Context())
	first := ask(ctx, kimQuestion)
	waitShared(t, b, 1)
	second := ask(t.Context(), kimQuestion)
	waitShared(t, b, 2)
	cancel()
	if got := <-first; got != context.Canceled.Error() {
		t.Errorf("who gave up got %q", got)
	}
	hold <- struct{}{}
	if got := <-second; got != modeltest.Model || server.Calls() != 1 {
		t.Errorf("who stayed got an answer by %q after %d calls", got, server.Calls())
	}

	ctx, cancel = context.WithCancel(t.Context())
	question := strings.TrimSuffix(kimQuestion, "?") + " and why?"
	first, second = ask(ctx, question), nil
	waitShared(t, b, 1)
	second = ask(ctx, question)
	waitShared(t, b, 2)
	cancel()
	for _, done := range []chan string{first, second} {
		if got := <-done; got != context.Canceled.Error() {
			t.Errorf("who gave up got %q", got)
		}
	}
	waitIdle(t, server)
	if n := len(b.replies.flights); n != 0 {
		t.Errorf("%d answers are still under way", n)
	}
}

// TestReplyChangedMeanwhile changes the episode while the model answers: the
// answer is not kept.
func TestReplyChangedMeanwhile(t *testing.T) {
	b := newBot(t)
	addText(t, b, "100", "harbour.txt", harbourText)
	hold := make(chan struct{})
	server := useModel(t, b, ModelOptions{}, func(r modeltest.Request) modeltest.Reply {
		a := harbourAnswer(r)
		a.Hold = hold
		return a
	})
	done := make(chan error, 1)
	go func() {
		_, err := b.Reply(t.Context(), harbour)
		done <- err
	}()
	server.WaitCalls(t, 1)
	addText(t, b, "100", "harbour.txt", strings.ReplaceAll(harbourText, "1929", "1954"))
	close(hold)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if len(b.replies.entries) != 0 {
		t.Error("an answer of the old text is kept")
	}
	if a := reply(t, b, harbour); !strings.Contains(a.Answer, "1954") {
		t.Errorf("Reply = %q, want the new year", a.Answer)
	}
}

// TestSharedPanics: a panic in the making is one of everybody who waits, where it
// can be seen, and not the end of the program.
func TestSharedPanics(t *testing.T) {
	b := newBot(t)
	useModel(t, b, ModelOptions{}, nil)
	broken := catch(func() {
		b.shared(t.Context(), &Question{}, replyKey{1}, func(context.Context, func(Draft)) (*composed, error) { panic("oops") })
	})
	if broken == nil || !strings.Contains(fmt.Sprint(broken.value), "oops") {
		t.Errorf("the panic was %+v, want that of the making", broken)
	}
	if len(b.replies.flights) != 0 || len(b.replies.entries) != 0 {
		t.Error("something is left of it")
	}
}

func ExampleCoverage_String() {
	fmt.Println(Coverage{Read: 192, Total: 400})
	fmt.Println(Coverage{Left: 3})
	// Output: (192 of 400 passages were read, those likeliest to hold something.)
	// (The first 40 are given here; 3 more were found.)
}
