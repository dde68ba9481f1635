package model

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

// refusals are wordings of endpoints, with what is to be read of them.
var refusals = []struct {
	body           string
	tooLong        bool
	window, tokens int
}{
	{`{"error":{"message":"This model's maximum context length is 8192 tokens. However, your messages resulted in 10010 tokens. Please reduce the length of the messages.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}`, true, 8192, 10010},
	{`{"object":"error","message":"This model's maximum context length is 2048 tokens. However, you requested 2500 tokens (2000 in the messages, 500 in the completion). Please reduce the length of the messages or completion.","type":"BadRequestError","param":null,"code":400}`, true, 2048, 2000},
	{`{"error":{"message":"'max_tokens' or 'max_completion_tokens' is too large: 5000. This model's maximum context length is 4096 tokens and your request has 20 input tokens (5000 > 4096 - 20)."}}`, true, 4096, 20},
	{`{"error":{"message":"Requested tokens (5000) exceed context window of 2048","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}`, true, 2048, 5000},
	{`{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error","n_prompt_tokens":4706,"n_ctx":4096}}`, true, 4096, 4706},
	{`{"error":{"code":400,"message":"request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it","type":"exceed_context_size_error"}}`, true, 4096, 5000},
	{`{"error":"Trying to keep the first 4500 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough."}`, true, 4096, 4500},
	{"{\"error\":\"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4000 `inputs` tokens and 500 `max_new_tokens`\",\"error_type\":\"validation\"}", true, 4096, 4000},
	{`{"object":"error","message":"Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length"}`, true, 32768, 40000},
	{`{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 205000 tokens > 200000 maximum"}}`, true, 200000, 205000},
	{`{"error":{"code":400,"message":"The input token count (40000) exceeds the maximum number of tokens allowed (32768).","status":"INVALID_ARGUMENT"}}`, true, 32768, 40000},
	{`{"error":{"message":"Request too large for model in organization on tokens per minute (TPM): Limit 6,000, Requested 8,123","type":"tokens","code":"rate_limit_exceeded"}}`, true, 6000, 0},
	{`{"error":{"message":"Please reduce the length of the messages or completion.","code":"context_length_exceeded"}}`, true, 0, 0},
	{`maximum context length is 128,000 tokens`, true, 128000, 0},
	{`{"error":{"message":"Rate limit reached on tokens per min (TPM): Limit 10000, Used 9000, Requested 2000.","code":"rate_limit_exceeded"}}`, false, 0, 0},
	{`{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model.","param":"max_tokens"}}`, false, 0, 0},
	{`{"detail":[{"loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}`, false, 0, 0},
	{`{"error":null}`, false, 0, 0},
	{`[1, 2]`, false, 0, 0},
	{``, false, 0, 0},
	{`{"error":{"message":"maximum context length is 99999999999999999999 tokens"}}`, false, 0, 0},
	{`{"error":{"code":400,"n_ctx":-1,"message":["a","b"]}}`, false, 0, 0},
}

func TestReadRefusal(t *testing.T) {
	for _, test := range refusals {
		r := readRefusal([]byte(test.body))
		if r.tooLong() != test.tooLong || r.window != test.window || r.tokens != test.tokens {
			t.Errorf("of %s was read %+v, too long %t", test.body, r, r.tooLong())
		}
	}
}

func FuzzReadRefusal(f *testing.F) {
	for _, test := range refusals {
		f.Add([]byte(test.body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r := readRefusal(body)
		if r.window < 0 || r.tokens < 0 || r.replyLimit() < 0 || r.status != 0 && (r.status < 400 || r.status > 599) {
			t.Errorf("of %q was read %+v", body, r)
		}
		if r.window > 0 && !r.tooLong() {
			t.Errorf("of %q was read a window that says nothing", body)
		}
		// Leaving out ends.
		n := 0
		for g, changed := (features{}), true; changed; n++ {
			g, changed = g.without(r)
			if n > 10 {
				t.Fatalf("of %q something can always be left out", body)
			}
		}
		const key = "0123456789abcdef"
		line := scrub(string(body)+key[4:], key, []Message{{User, "Once upon a time there was a prompt"}})
		if len(line) > maxMessage || !utf8.ValidString(line) || strings.ContainsAny(line, "\n\r\x00\x1b") {
			t.Errorf("message is %q", line)
		}
		for i := range len(key) - keyPart + 1 {
			if strings.Contains(line, key[i:i+keyPart]) {
				t.Errorf("message %q has a part of the key", line)
			}
		}
	})
}

// readStream reads a body as Complete does, apart from the network and the
// library.
func readStream(body io.Reader) (text string, lines int, x exchange) {
	out, err := io.ReadAll(newEvents(body, &x))
	if err != nil {
		return "", 0, x
	}
	for line := range strings.Lines(string(out)) {
		lines++
		p, err := readEvent([]byte(strings.TrimPrefix(strings.TrimSpace(line), "data: ")))
		if err == nil {
			text += p.text
		}
	}
	return text, lines, x
}

func FuzzEvents(f *testing.F) {
	for _, seed := range []string{
		"data: {\"choices\":[{\"delta\":{\"content\":\"one\"}}]}\n\ndata: [DONE]\n\n",
		": comment\r\nevent: x\r\ndata:{\"choices\":[{\"delta\":{\"content\":null},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1e3}}",
		"{\"choices\":[{\"message\":{\"content\":[{\"text\":\"a\"}]}}]}", "{\n\"error\": \"x\"\n}", "error: {\"code\":500}\n", "data: {\"error\":{\"message\":1}}\n",
		"<html>", "\uFEFF{", "data:\ndata: [\n", "data: {\"object\":\"error\"}\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		text, lines, x := readStream(bytes.NewReader(body))
		again, linesAgain, y := readStream(iotest.OneByteReader(bytes.NewReader(body)))
		if text != again || lines != linesAgain || x.done != y.done || x.junk != y.junk {
			t.Errorf("the stream %q read in bytes is %q, not %q", body, again, text)
		}
		out, err := io.ReadAll(newEvents(bytes.NewReader(body), &exchange{}))
		if err != nil {
			t.Fatalf("a body without errors has error %v", err)
		}
		for line := range strings.Lines(string(out)) {
			if !strings.HasPrefix(line, "data: ") || !strings.HasSuffix(line, "\n") || strings.HasPrefix(line, `data: {"`) {
				t.Errorf("of %q the library sees %q", body, line)
			}
		}
		// A comment anywhere between lines changes nothing, but before the
		// first, where it tells a stream from a whole reply.
		if !bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\uFEFF"))), []byte("{")) && slices.Equal(bytes.TrimSpace(body), bytes.TrimSpace(append(body, '\n'))) {
			if more, _, _ := readStream(bytes.NewReader(append(slices.Clone(body), "\n: comment\n"...))); more != text {
				t.Errorf("the stream %q with a comment at its end is %q, not %q", body, more, text)
			}
		}
	})
}

func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{"<think>hm</think>\n\none", "hm</think>one", "<thin", "<thinking>x</thinking> y", " one"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		whole := answer(text, true)
		if !strings.HasSuffix(text, whole) {
			t.Errorf("the answer of %q is %q", text, whole)
		}
		for _, tag := range thoughts {
			if strings.HasPrefix(whole, tag.open) && !strings.Contains(text, tag.close) {
				t.Errorf("the answer of %q begins with thoughts: %q", text, whole)
			}
			// What is shown on the way is no thought, if it is opened here.
			if strings.HasPrefix(strings.TrimSpace(text), tag.open) {
				thought, _, _ := strings.Cut(text, tag.close)
				if shown := answer(thought, false); shown != "" && !strings.Contains(thought, "</") {
					t.Errorf("of the thought %q was shown %q", thought, shown)
				}
			}
		}
	})
}

func TestScrub(t *testing.T) {
	prompt := []Message{{User, "Who was it that cooked\nfourteen plums without sugar?"}}
	for _, test := range []struct{ name, message, want string }{
		{"fit", "model\n is \x1b[31m down", "model is [31m down"},
		{"nothing", " \n", "no message"},
		{"long", strings.Repeat("ä", 300), strings.Repeat("ä", 98) + " ..."},
		{"key", "Bearer 0123456789abcdef", "message withheld, for it repeats the key"},
		{"part of the key", "key 456789ab...", "message withheld, for it repeats the key"},
		{"key across lines", "key 4567\n89abcd: 456789ab", "message withheld, for it repeats the key"},
		{"prompt", "invalid: it that cooked fourteen plums", "message withheld, for it repeats the prompt"},
		{"quoted prompt", `invalid: "it that cooked\nfourteen plums"`, "message withheld, for it repeats the prompt"},
		{"a few words of the prompt", "no plums without a key", "no plums without a key"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := scrub(test.message, "0123456789abcdef", prompt); got != test.want {
				t.Errorf("of %q came %q, want %q", test.message, got, test.want)
			}
		})
	}
}
