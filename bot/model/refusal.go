package model

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

// refusal is what an endpoint says when it gives no answer. Endpoints agree on
// {"error": {"message", "type", "code"}} at most; what they mean is in the
// wording.
type refusal struct {
	// message is the endpoint's, not fit to be shown.
	message string
	// code and kind are its "code" and "type", in lower case, param the field
	// of the request that it names.
	code, kind, param string
	// status is an HTTP status told in the body, 0 for none.
	status int
	// window and tokens are the model's context and the prompt's length as
	// told, 0 when they are not.
	window, tokens int
}

// wireRefusal is the inner object of an error. Code is a number or a word.
type wireRefusal struct {
	Message json.RawMessage `json:"message"`
	Code    json.RawMessage `json:"code"`
	Status  json.RawMessage `json:"status"`
	Type    json.RawMessage `json:"type"`
	Param   json.RawMessage `json:"param"`
	Window  int             `json:"n_ctx"`
	Tokens  int             `json:"n_prompt_tokens"`
}

// readRefusal reads the body of a refusal, whatever it is.
func readRefusal(body []byte) refusal {
	var outer struct {
		wireRefusal
		Error  json.RawMessage `json:"error"`
		Detail json.RawMessage `json:"detail"`
	}
	body = bytes.TrimSpace(body)
	if json.Unmarshal(body, &outer) != nil {
		return refusal{message: string(body)}.read()
	}
	inner := outer.wireRefusal
	if len(outer.Error) > 0 && outer.Error[0] == '{' {
		var told wireRefusal
		if json.Unmarshal(outer.Error, &told) == nil {
			inner = told
		}
	} else if text := word(outer.Error); text != "" {
		inner.Message = outer.Error
	}
	r := refusal{message: word(inner.Message), code: strings.ToLower(word(inner.Code)), kind: strings.ToLower(word(inner.Type)), param: word(inner.Param), window: plausible(inner.Window), tokens: plausible(inner.Tokens)}
	for _, told := range []json.RawMessage{inner.Code, inner.Status} {
		if n, err := strconv.Atoi(word(told)); err == nil && n >= 400 && n < 600 {
			r.status = n
			break
		}
	}
	if r.message == "" {
		r.message = word(outer.Detail)
	}
	if r.message == "" {
		r.message = string(body)
	}
	return r.read()
}

// word is a JSON value as text: a string's own, any other as it is written.
func word(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	if string(raw) == "null" {
		return ""
	}
	return string(raw)
}

// The wordings of OpenAI, vLLM, llama.cpp and its Python server, LM Studio,
// Text Generation Inference, Mistral, Anthropic, Google and Groq. The numbers
// may have commas.
var (
	windowSaid = []*regexp.Regexp{
		regexp.MustCompile(`maximum context length[a-z' ]{0,30} ([\d,]+)`),
		regexp.MustCompile(`context (?:window|length|size) of (?:only )?([\d,]+)`),
		regexp.MustCompile(`context (?:size|length|window) ?\(([\d,]+)`),
		regexp.MustCompile(`([\d,]+) maximum context length`),
		regexp.MustCompile(`tokens > ([\d,]+) maximum`),
		regexp.MustCompile(`tokens allowed \(([\d,]+)\)`),
		regexp.MustCompile("max_new_tokens`? must be <= ([\\d,]+)"),
		regexp.MustCompile(`request too large.{0,200}limit ([\d,]+)`),
	}
	tokensSaid = []*regexp.Regexp{
		regexp.MustCompile(`resulted in ([\d,]+) tokens`),
		regexp.MustCompile(`requested tokens \(([\d,]+)\)`),
		regexp.MustCompile(`([\d,]+) in the (?:messages|prompt)`),
		regexp.MustCompile(`request has ([\d,]+) input tokens`),
		regexp.MustCompile(`request \(([\d,]+) tokens\)`),
		regexp.MustCompile(`token count \(([\d,]+)\)`),
		regexp.MustCompile(`prompt is too long: ([\d,]+) tokens`),
		regexp.MustCompile(`prompt contains ([\d,]+) tokens`),
		regexp.MustCompile("given: ([\\d,]+) `inputs`"),
		regexp.MustCompile(`keep the first ([\d,]+) tokens`),
	}
	replySaid = regexp.MustCompile(`at most ([\d,]+) completion tokens`)
	// tooLongSaid tells without numbers.
	tooLongSaid = regexp.MustCompile(`prompt is too long|context[ _](?:length|window|size|limit)[^.]{0,40}exceed|exceeds?[^.]{0,40}context[ _](?:length|window|size|limit)|context[^.]{0,10}overflow|too many (?:input |prompt )?tokens|reduce the length of the (?:messages|prompt|input)|request too large`)
)

// read fills in the numbers that the message tells.
func (r refusal) read() refusal {
	const most = 4 << 10 // no wording has its numbers further on
	lower := strings.ToLower(r.message[:min(len(r.message), most)])
	if r.window == 0 {
		r.window = firstNumber(lower, windowSaid)
	}
	if r.tokens == 0 {
		r.tokens = firstNumber(lower, tokensSaid)
	}
	return r
}

func firstNumber(text string, patterns []*regexp.Regexp) int {
	for _, p := range patterns {
		if m := p.FindStringSubmatch(text); m != nil {
			if n, err := strconv.Atoi(strings.ReplaceAll(m[1], ",", "")); err == nil && plausible(n) > 0 {
				return n
			}
		}
	}
	return 0
}

// plausible is n if it may be a count of a context's tokens, or else 0.
func plausible(n int) int {
	const least, most = 1, 100_000_000
	if n < least || n > most {
		return 0
	}
	return n
}

// says reports whether the message or the named field has a word.
func (r refusal) says(words ...string) bool {
	lower := strings.ToLower(r.message + " " + r.param)
	for _, w := range words {
		if strings.Contains(lower, w) {
			return true
		}
	}
	return false
}

// tooLong reports whether the prompt, or prompt and reply, do not fit the
// window.
func (r refusal) tooLong() bool {
	for _, name := range []string{r.code, r.kind} {
		if name == "context_length_exceeded" || name == "exceed_context_size_error" {
			return true
		}
	}
	return r.window > 0 || tooLongSaid.MatchString(strings.ToLower(r.message))
}

// replyLimit is the longest reply that the endpoint says it gives, 0 when it
// says none.
func (r refusal) replyLimit() int {
	return firstNumber(strings.ToLower(r.message), []*regexp.Regexp{replySaid})
}

// quota tells the 429 of an empty account, which no waiting mends, from that
// of too many requests. Code and type as in OpenAI's guide to error codes.
func (r refusal) quota() bool {
	return r.code == "insufficient_quota" || r.kind == "insufficient_quota"
}

// overloaded tells that waiting may help, by words alone: within a stream
// there is no status.
func (r refusal) overloaded() bool {
	return r.code == "rate_limit_exceeded" || strings.Contains(r.kind, "rate_limit") || strings.Contains(r.kind, "overloaded")
}
