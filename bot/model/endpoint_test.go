package model

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"verbatim/bot/model/modeltest"
)

// TestEndpointsThatRefuse also says that what was refused is not sent again.
func TestEndpointsThatRefuse(t *testing.T) {
	for _, test := range []struct {
		name   string
		o      modeltest.Options
		calls  int // of the first Complete
		absent string
	}{
		{"the option of counts", modeltest.Options{Refuse: []string{"stream_options"}}, 2, "stream_options"},
		{"the option of counts, as a web framework says it", modeltest.Options{Refuse: []string{"stream_options"}, RefuseAs: map[string]string{
			"stream_options": `[{"loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]`}}, 2, "stream_options"},
		{"the option of counts, without a reason", modeltest.Options{Refuse: []string{"stream_options"}, RefuseAs: map[string]string{"stream_options": "Bad request"}}, 2, "stream_options"},
		{"streaming", modeltest.Options{Refuse: []string{"stream"}}, 2, "stream_options"},
		{"streaming, without a reason", modeltest.Options{Refuse: []string{"stream"}, RefuseAs: map[string]string{"stream": "Bad request"}}, 3, "stream_options"},
		{"max_tokens", modeltest.Options{Refuse: []string{"max_tokens"}}, 2, "max_tokens"},
		{"max_tokens of either name", modeltest.Options{Refuse: []string{"max_tokens", "max_completion_tokens"}}, 3, "max_completion_tokens"},
		{"a temperature", modeltest.Options{Refuse: []string{"temperature"}}, 2, "temperature"},
		{"a role for the system", modeltest.Options{Refuse: []string{"system"}}, 2, ""},
		{"several", modeltest.Options{Refuse: []string{"temperature", "max_tokens", "system", "stream_options", "stream"}}, 6, "temperature"},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.o.Reply = modeltest.Say("one two three")
			s := modeltest.NewWith(t, test.o)
			c := newClient(t, s, Options{})
			var told []string
			r := Request{Messages: []Message{{System, "Be kind."}, {User, "Hello"}}, Purpose: "test", MaxTokens: 30, Progress: func(text string) { told = append(told, text) }}
			for calls := test.calls; calls > 0; calls = min(calls-1, 1) {
				before := s.Calls()
				reply, err := c.Complete(t.Context(), r)
				if err != nil || reply.Text != "one two three" {
					t.Fatalf("reply is %q, error %v", reply.Text, err)
				}
				if n := s.Calls() - before; n != calls {
					t.Errorf("%d calls, want %d", n, calls)
				}
				if last := s.Last(); slices.Contains(last.Fields, test.absent) || !strings.Contains(last.User(), "Hello") || !strings.Contains(last.All(), "Be kind.") {
					t.Errorf("the last request was %+v", last)
				}
				if len(told) == 0 || told[len(told)-1] != reply.Text {
					t.Errorf("progress was %q", told)
				}
			}
		})
	}
}

// TestVagueRefusal says that features that a vague refusal did not mean come
// back, and that after a success it means something else at once.
func TestVagueRefusal(t *testing.T) {
	s := modeltest.New(t, nil)
	s.Inject(modeltest.OnCall(1, 2, 3, 5), modeltest.WrongStatus(400, "Bad request"))
	c := newClient(t, s, Options{})
	for i, want := range []int{3, 1, 1} {
		before := s.Calls()
		_, err := c.Complete(t.Context(), ask("Hello"))
		if n := s.Calls() - before; n != want || errors.Is(err, ErrRejected) != (i != 1) {
			t.Errorf("Complete number %d: error %v after %d calls, want %d", i, err, n, want)
		}
		if i == 1 && !s.Last().Usage {
			t.Errorf("the second request was %+v", s.Last())
		}
	}
}

// TestLearningAtOnce has many calls meet the same refusals together.
func TestLearningAtOnce(t *testing.T) {
	s := modeltest.NewWith(t, modeltest.Options{Refuse: []string{"temperature", "max_tokens", "stream_options"}})
	c := newClient(t, s, Options{Parallel: 16})
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if _, err := c.Complete(t.Context(), ask("Hello")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestReasoningModelByName(t *testing.T) {
	s := modeltest.NewWith(t, modeltest.Options{Model: "o3-mini"})
	c, err := New(Options{BaseURL: s.URL(), Key: modeltest.Key, Model: "o3-mini"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	reply, err := c.Complete(t.Context(), ask("Hello"))
	if err != nil || reply.Usage.Calls != 1 || s.Calls() != 1 {
		t.Errorf("reply %+v, error %v", reply, err)
	}
	if last := s.Last(); last.MaxTokens != 512 || slices.Contains(last.Fields, "max_tokens") || slices.Contains(last.Fields, "temperature") {
		t.Errorf("the request was %+v", last)
	}
}

func TestReplyLimit(t *testing.T) {
	s := modeltest.New(t, nil)
	s.Inject(modeltest.OnCall(1), modeltest.WrongStatus(400, "max_tokens is too large: 900. This model supports at most 256 completion tokens."))
	r := ask("Hello")
	r.MaxTokens = 900
	if _, err := newClient(t, s, Options{}).Complete(t.Context(), r); err != nil || s.Last().MaxTokens != 256 {
		t.Errorf("error %v, the last request was %+v", err, s.Last())
	}
}

func TestRepliesOfManyKinds(t *testing.T) {
	const counts = `"usage":{"prompt_tokens":7,"completion_tokens":3}`
	event := func(content string) string {
		return `data: {"choices":[{"delta":{"content":"` + content + `"}}]}` + "\n\n"
	}
	for _, test := range []struct{ name, body, want string }{
		{"not streamed", `{"choices":[{"message":{"content":"one\ntwo"},"finish_reason":"stop"}],` + counts + `}`, "one\ntwo"},
		{"not streamed, on several lines", "\n{\n \"choices\": [{\"message\": {\"content\": \"one\"}}],\n" + counts + "}\n", "one"},
		{"comments", strings.Repeat(": PROCESSING\n\n", 1000) + event("one") + ": PROCESSING\n\n" + event(" two") + "data: [DONE]\n\n", "one two"},
		{"named events and returns", "event: chunk\r\nid: 7\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"one\"},\"finish_reason\":\"stop\"}]}\r\n\r\n", "one"},
		{"no space", `data:{"choices":[{"delta":{"content":"one"}}]}` + "\n\ndata:[DONE]", "one"},
		{"byte order mark", "\uFEFF" + event("one") + "data: [DONE]\n", "one"},
		{"no line break at the end", event("one") + `data: {"choices":[{"delta":{"content":" two"},"finish_reason":"stop"}]}`, "one two"},
		{"null content", event("one") + `data: {"choices":[{"delta":{"content":null},"finish_reason":"stop"}],"usage":null}` + "\n", "one"},
		{"content in parts", `data: {"choices":[{"delta":{"content":[{"type":"text","text":"one"},{"type":"text","text":" two"}]},"finish_reason":"stop"}]}` + "\n", "one two"},
		{"second choice", event("one") + `data: {"choices":[{"index":1,"delta":{"content":"other"}}]}` + "\n\ndata: [DONE]\n", "one"},
		{"no choices", `data: {"choices":[],"error":null}` + "\n\n" + event("one") + "data: [DONE]\n", "one"},
		{"completion of old", `data: {"choices":[{"text":"one","finish_reason":"stop"}]}` + "\n", "one"},
		{"thoughts", event("<think>hm") + event("m</thi") + event(`nk>\n\n one`) + "data: [DONE]\n", "one"},
		{"thoughts that the template opens", event("hm</think>one") + "data: [DONE]\n", "one"},
		{"thinking", event("<thinking>hm</thinking>one") + "data: [DONE]\n", "one"},
		{"no thoughts", event("<thing>one") + "data: [DONE]\n", "<thing>one"},
		{"white space around", event(` \n`) + event("one ") + "data: [DONE]\n", "one"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := modeltest.New(t, func(modeltest.Request) modeltest.Reply { return modeltest.Reply{Body: test.body} })
			r := ask("Hello")
			told := ""
			r.Progress = func(text string) {
				if strings.Contains(text, "hm") && !strings.Contains(test.name, "template") {
					t.Errorf("thoughts were shown: %q", text)
				}
				told = text
			}
			reply, err := newClient(t, s, Options{Retries: -1}).Complete(t.Context(), r)
			if err != nil || reply.Text != test.want || strings.TrimSpace(told) != test.want {
				t.Errorf("reply is %q, told %q, want %q; error %v", reply.Text, told, test.want, err)
			}
			if strings.Contains(test.body, counts) != (reply.Usage == Usage{Calls: 1, PromptTokens: 7, ReplyTokens: 3}) {
				t.Errorf("usage is %+v", reply.Usage)
			}
		})
	}
}

// TestErrorsWithinReplies come with status 200.
func TestErrorsWithinReplies(t *testing.T) {
	for _, test := range []struct {
		name, body string
		kind       error
	}{
		{"too long", `data: {"error":{"message":"the request exceeds the available context size","type":"exceed_context_size_error","code":400,"n_ctx":4096,"n_prompt_tokens":5000}}`, ErrTooLong},
		{"too long, in llama.cpp's old manner", `error: {"code":400,"message":"the request exceeds the available context size (4096 tokens)","type":"invalid_request_error"}`, ErrTooLong},
		{"after a comment", ": hello\n\n" + `data: {"error":{"message":"Rate limited","code":429}}`, ErrBusy},
		{"a word", `data: {"error":"something broke"}`, ErrDown},
		{"not streamed", `{"error":{"message":"no such key","code":401}}`, ErrRejected},
		{"as the object itself", `data: {"object":"error","message":"maximum context length is 4096 tokens","code":400}`, ErrTooLong},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := modeltest.New(t, func(modeltest.Request) modeltest.Reply { return modeltest.Reply{Body: test.body + "\n\n"} })
			c := newClient(t, s, Options{Retries: -1})
			if _, err := c.Complete(t.Context(), ask("Hello")); !errors.Is(err, test.kind) {
				t.Errorf("error is %v, want %v", err, test.kind)
			}
			if errors.Is(test.kind, ErrTooLong) && c.Window() != 4096 {
				t.Errorf("window is %d", c.Window())
			}
		})
	}
}

// TestLateEnd has a server that keeps the connection after the reply's end.
func TestLateEnd(t *testing.T) {
	for name, spoil := range map[string]modeltest.Fault{
		"no counts and no end": func(r modeltest.Reply) modeltest.Reply { r.NoDone, r.NoUsage = true, true; return r },
		"no counts":            func(r modeltest.Reply) modeltest.Reply { r.NoUsage = true; return r },
		"no reason":            func(r modeltest.Reply) modeltest.Reply { r.Finish = "-"; return r },
	} {
		t.Run(name, func(t *testing.T) {
			s := modeltest.New(t, modeltest.Say("one two three"))
			s.Inject(nil, spoil)
			reply, err := newClient(t, s, Options{Retries: -1}).Complete(t.Context(), ask("Hello"))
			if err != nil || reply.Text != "one two three" {
				t.Errorf("reply is %q, error %v", reply.Text, err)
			}
			if u := reply.Usage; u.Estimated != (name != "no reason") || u.ReplyTokens == 0 || u.PromptTokens == 0 {
				t.Errorf("usage is %+v", u)
			}
		})
	}
}

// TestCutInsteadOfARefusal is what llama.cpp's Python server does with a
// stream whose prompt is too long.
func TestCutInsteadOfARefusal(t *testing.T) {
	s := modeltest.New(t, func(r modeltest.Request) modeltest.Reply {
		switch tooLong := len(r.User()) > 3000; {
		case tooLong && r.Stream:
			return modeltest.Reply{Cut: true}
		case tooLong:
			return modeltest.TooLong(1024, 2000)(modeltest.Reply{})
		}
		return modeltest.Reply{Text: "fits"}
	})
	c := newClient(t, s, Options{})
	reply, err := c.Complete(t.Context(), ask(strings.Repeat("word ", 1000)))
	if !errors.Is(err, ErrTooLong) || c.Window() != 1024 || s.Calls() != 2 || reply.Usage != (Usage{Calls: 2}) {
		t.Errorf("error %v, window %d, %d calls, usage %+v", err, c.Window(), s.Calls(), reply.Usage)
	}
	if _, err := c.Complete(t.Context(), ask("Hello")); err != nil || !s.Last().Stream {
		t.Errorf("error %v, the last request was %+v", err, s.Last())
	}
}

func TestTruncated(t *testing.T) {
	s := modeltest.New(t, modeltest.Say(strings.Repeat("word ", 100)))
	r := ask("Hello")
	r.MaxTokens = 10
	reply, err := newClient(t, s, Options{}).Complete(t.Context(), r)
	if err != nil || !reply.Truncated || reply.Text != strings.TrimSpace(strings.Repeat("word ", 10)) || reply.Usage.ReplyTokens != 10 {
		t.Errorf("reply is %+v, error %v", reply, err)
	}
}

func TestEndless(t *testing.T) {
	for _, piece := range []string{"word ", "x", strings.Repeat("long", 1000)} {
		s := modeltest.New(t, func(modeltest.Request) modeltest.Reply {
			return modeltest.Reply{Pieces: []string{piece}, Endless: true}
		})
		c := newClient(t, s, Options{})
		r := ask("Hello")
		r.MaxTokens = 50
		reply, err := c.Complete(t.Context(), r)
		if err != nil || !reply.Truncated || len(reply.Text) > 8*50+len(piece) || !reply.Usage.Estimated {
			t.Errorf("%.10s: %d bytes, usage %+v, error %v", piece, len(reply.Text), reply.Usage, err)
		}
		waitFor(t, s, "the endpoint is left alone", func(s *modeltest.Server) bool { return s.UnderWay() == 0 })
	}
}

// TestEndlessWhole is endless without streaming: it ends with the time or the
// bytes, without an answer.
func TestEndlessWhole(t *testing.T) {
	s := modeltest.NewWith(t, modeltest.Options{Refuse: []string{"stream"}, Reply: func(modeltest.Request) modeltest.Reply {
		return modeltest.Reply{Pieces: []string{strings.Repeat("word ", 1000)}, Endless: true}
	}})
	reply, err := newClient(t, s, Options{Retries: -1, Total: long}).Complete(t.Context(), ask("Hello"))
	if err == nil || reply.Text != "" {
		t.Errorf("%d bytes, error %v", len(reply.Text), err)
	}
}

func TestThinking(t *testing.T) {
	s := modeltest.New(t, func(modeltest.Request) modeltest.Reply {
		return modeltest.Reply{Reasoning: "let me see what there is", Text: "one two"}
	})
	reply, err := newClient(t, s, Options{}).Complete(t.Context(), ask("Hello"))
	if err != nil || reply.Text != "one two" {
		t.Errorf("reply is %q, error %v", reply.Text, err)
	}
	s = modeltest.New(t, modeltest.Say("<think>let me see what there is and more"))
	r := ask("Hello")
	r.MaxTokens = 5
	if reply, err := newClient(t, s, Options{}).Complete(t.Context(), r); !errors.Is(err, ErrEmpty) || !reply.Truncated {
		t.Errorf("thoughts alone: reply is %+v, error %v", reply, err)
	}
}

func TestUsageOfSeveralTries(t *testing.T) {
	s := modeltest.New(t, modeltest.Say("one two three"))
	s.Inject(modeltest.OnCall(1), modeltest.CutStream(2))
	s.Inject(modeltest.OnCall(2), modeltest.WrongStatus(500, ""))
	c := newClient(t, s, Options{PromptPrice: 1e6, ReplyPrice: 1e6})
	reply, err := c.Complete(t.Context(), ask("Hello, who is there?"))
	if err != nil {
		t.Fatal(err)
	}
	told := s.Count("Hello, who is there?")
	u := reply.Usage
	if u.Calls != 3 || u.PromptTokens <= 2*told || u.ReplyTokens < 3+2 || !u.Estimated || u.Cost != float64(u.Tokens()) {
		t.Errorf("usage is %+v; the prompt has %d tokens", u, told)
	}
}

func TestCheck(t *testing.T) {
	s := modeltest.NewWith(t, modeltest.Options{Window: 3000, TellWindow: true})
	c := newClient(t, s, Options{})
	if err := c.Check(t.Context()); err != nil || c.Window() != 3000 || s.Calls() != 1 {
		t.Errorf("error %v, window %d, %d calls", err, c.Window(), s.Calls())
	}
	if err := newClient(t, s, Options{Key: "wrong"}).Check(t.Context()); !errors.Is(err, ErrRejected) {
		t.Errorf("wrong key: %v", err)
	}
	thinker := modeltest.New(t, modeltest.Say("<think>"+strings.Repeat("hm ", 30)))
	if err := newClient(t, thinker, Options{}).Check(t.Context()); err != nil {
		t.Errorf("one that thinks for long: %v", err)
	}
	s.Kill()
	if err := c.Check(t.Context()); !errors.Is(err, ErrDown) {
		t.Errorf("killed: %v", err)
	}
	if err := s.Revive(); err != nil {
		t.Fatal(err)
	}
	if err := c.Check(t.Context()); err != nil {
		t.Errorf("revived: %v", err)
	}
}

func TestWindow(t *testing.T) {
	list := func(fields string) string {
		return `{"data":[{"id":"other","max_model_len":77},{"id":"modeltest",` + fields + `}]}`
	}
	for _, test := range []struct {
		name, models string
		set, want    int
	}{
		{"vLLM", list(`"max_model_len":32768`), 0, 32768},
		{"OpenRouter", list(`"context_length":131072,"top_provider":{"context_length":65536}`), 0, 131072},
		{"Groq", list(`"context_window":16384`), 0, 16384},
		{"llama.cpp", list(`"meta":{"n_ctx":4096,"n_ctx_train":32768}`), 0, 4096},
		{"llama.cpp of old, small", list(`"meta":{"n_ctx_train":2048}`), 0, 2048},
		{"llama.cpp of old, large", list(`"meta":{"n_ctx_train":1000000}`), 0, guessedWindow},
		{"one model of another name", `{"data":[{"id":"/models/gemma.gguf","meta":{"n_ctx":1024}}]}`, 0, 1024},
		{"with the maker's name", `{"data":[{"id":"x","n_ctx":1},{"id":"maker/modeltest","max_context_length":5000}]}`, 0, 5000},
		{"not told", list(`"owned_by":"us"`), 0, guessedWindow},
		{"not there", `{"data":[{"id":"a"},{"id":"b","n_ctx":1}]}`, 0, guessedWindow},
		{"nonsense", list(`"max_model_len":-5,"n_ctx":9000`), 0, 9000},
		{"of another kind", list(`"max_model_len":"many"`), 0, guessedWindow},
		{"no JSON", `hello`, 0, guessedWindow},
		{"no such page", "-", 0, guessedWindow},
		{"set", list(`"max_model_len":32768`), 6000, 6000},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := modeltest.NewWith(t, modeltest.Options{Models: test.models})
			c := newClient(t, s, Options{Window: test.set})
			for range 3 {
				if _, err := c.Complete(t.Context(), ask("Hello")); err != nil {
					t.Error(err)
				}
				c.aside.Wait()
			}
			asked := 1
			if test.set > 0 {
				asked = 0
			}
			if c.Window() != test.want || s.ModelsAsked() != asked {
				t.Errorf("window is %d, want %d; asked %d times", c.Window(), test.want, s.ModelsAsked())
			}
		})
	}
}

// TestWindowAskedAgain has an endpoint that is not there at first.
func TestWindowAskedAgain(t *testing.T) {
	s := modeltest.NewWith(t, modeltest.Options{Window: 3000, TellWindow: true})
	s.Kill()
	c := newClient(t, s, Options{})
	k := newClock(c)
	c.Complete(t.Context(), ask("Hello"))
	c.aside.Wait()
	if err := s.Revive(); err != nil {
		t.Fatal(err)
	}
	k.move(askAgain)
	if _, err := c.Complete(t.Context(), ask("Hello")); err != nil {
		t.Fatal(err)
	}
	c.aside.Wait()
	if c.Window() != 3000 {
		t.Errorf("window is %d, want 3000", c.Window())
	}
}

// TestFitting asks with ever less until it fits, as callers do: at each
// refusal the prompt is fitted to Window by Tokens anew.
func TestFitting(t *testing.T) {
	refusals := map[string]modeltest.Fault{
		"told":                nil,
		"told without counts": modeltest.WrongStatus(400, "This model's maximum context length is 2000 tokens."),
		"not told":            modeltest.WrongStatus(400, "Please reduce the length of the messages or completion."),
		"said by status":      modeltest.WrongStatus(413, ""),
	}
	for name, refusal := range refusals {
		t.Run(name, func(t *testing.T) {
			// Each word is a token here, and its letters are few: the estimate
			// is too low.
			s := modeltest.New(t, func(r modeltest.Request) modeltest.Reply {
				n := strings.Count(r.User(), "a ")
				switch {
				case n+100 <= 2000:
					return modeltest.Reply{Text: fmt.Sprintf("took %d", n)}
				case refusal != nil:
					return refusal(modeltest.Reply{})
				}
				return modeltest.TooLong(2000, n)(modeltest.Reply{})
			})
			c := newClient(t, s, Options{})
			for try := range 12 {
				n := 20000
				for c.PromptTokens([]Message{{User, strings.Repeat("a ", n)}})+100 > c.Window() {
					n = n * 49 / 50
				}
				r := ask(strings.Repeat("a ", n))
				r.MaxTokens = 100
				reply, err := c.Complete(t.Context(), r)
				if err == nil {
					t.Logf("after %d refusals it %s, window %d", try, reply.Text, c.Window())
					return
				}
				if !errors.Is(err, ErrTooLong) || reply.Usage.PromptTokens != 0 {
					t.Fatalf("error is %v, usage %+v", err, reply.Usage)
				}
			}
			t.Error("it never fitted")
		})
	}
}

// TestTooLongIsNotSent has a window that is known.
func TestTooLongIsNotSent(t *testing.T) {
	s := modeltest.New(t, nil)
	c := newClient(t, s, Options{Window: 1000})
	if _, err := c.Complete(t.Context(), ask(strings.Repeat("word ", 1000))); !errors.Is(err, ErrTooLong) || s.Calls() != 0 {
		t.Errorf("error is %v, %d calls", err, s.Calls())
	}
}

func TestTokens(t *testing.T) {
	s := modeltest.New(t, nil)
	c := newClient(t, s, Options{})
	english := strings.Repeat("They met in the garden, and talked of the war and of money. ", 20)
	if n := c.counter.text(""); n != 0 {
		t.Errorf("no text has %d tokens", n)
	}
	before, told := c.counter.text(english), s.Count(english)
	for range 100 {
		if _, err := c.Complete(t.Context(), ask(english)); err != nil {
			t.Fatal(err)
		}
	}
	after := c.counter.text(english)
	if before < told || after < told || after >= before || after > told*6/5 {
		t.Errorf("%d tokens were thought %d, then %d", told, before, after)
	}
	if c.counter.text(english+english) < 2*after-1 {
		t.Error("twice the text has not twice the tokens")
	}
	var k counter
	k.learn([]Message{{User, english}}, 2*before)
	if n := k.text(english); n < 2*before {
		t.Errorf("a text of %d tokens is thought to have %d", 2*before, n)
	}
	k.learn([]Message{{User, english}}, 1_000_000)
	if n := k.text(english); n > 5*before {
		t.Errorf("one mad count makes it %d tokens", n)
	}
}

func TestClose(t *testing.T) {
	s := modeltest.New(t, nil)
	c := newClient(t, s, Options{})
	if _, err := c.Complete(t.Context(), ask("Hello")); err != nil {
		t.Fatal(err)
	}
	c.Close()
	c.Close()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := s.Wait(ctx, func(s *modeltest.Server) bool { return s.OpenConnections() == 0 }); err != nil {
		t.Error(err)
	}
	if _, err := c.Complete(t.Context(), ask("Hello")); err != nil {
		t.Errorf("after Close: %v", err)
	}
}
