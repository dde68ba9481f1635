package modeltest

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Message is one message of a request.
type Message struct{ Role, Text string }

// Request is what a call asked for.
type Request struct {
	Call     int // counted from 1
	Model    string
	Messages []Message
	// MaxTokens is the longest reply, by either name of the field; 0 is none.
	MaxTokens int
	// Temperature is 1 when none was sent.
	Temperature float64
	// Stream says that the reply is streamed, Usage that its counts are wanted
	// at the end of the stream.
	Stream, Usage bool
	// Fields are the names of the fields that were sent, sorted.
	Fields []string
}

// System is the text of the system's messages.
func (r Request) System() string { return r.of("system") }

// User is the text of the user's messages.
func (r Request) User() string { return r.of("user") }

// All is the text of all messages.
func (r Request) All() string { return r.of("") }

func (r Request) of(role string) string {
	var texts []string
	for _, m := range r.Messages {
		if role == "" || m.Role == role {
			texts = append(texts, m.Text)
		}
	}
	return strings.Join(texts, "\n\n")
}

// Reply is what a call gets. The zero value is an answer without text.
type Reply struct {
	// Text is the answer; Pieces are what it is streamed in, each counted as
	// one token, nil for its words. With Pieces, Text may be "".
	Text   string
	Pieces []string
	// Reasoning is sent before it as reasoning_content.
	Reasoning string
	// FirstDelay is waited before the first piece, PieceDelay before every
	// other.
	FirstDelay, PieceDelay time.Duration
	// Hold, when given, is waited for after as many pieces as After says: a
	// test closes it, or sends to it, to let the reply go on. Stall never goes
	// on. Cut ends the connection there, Garble sends what is no JSON there.
	// An answer that is not streamed waits, or is spoilt, as a whole.
	After              int
	Hold               <-chan struct{}
	Stall, Cut, Garble bool
	// Endless repeats the pieces until the client goes, whatever the longest
	// reply.
	Endless bool
	// Status, Message and Code are a refusal; Status 0 is 200. RetryAfter is
	// its header. Body, if given, is sent as it is, with Status.
	Status        int
	Message, Code string
	RetryAfter    string
	Body          string
	// Finish is the finish_reason, "" for stop, or length when the reply was
	// cut at MaxTokens; "-" for none. NoUsage tells no counts, NoDone ends the
	// stream without [DONE].
	Finish          string
	NoUsage, NoDone bool
	// Location, with a Status of 3xx, is where the call is sent to.
	Location string
}

// Say always gives the same answer.
func Say(text string) func(Request) Reply {
	return func(Request) Reply { return Reply{Text: text} }
}

// Sequence gives the replies one after the other, and the last for ever; none
// is an answer without text.
func Sequence(replies ...Reply) func(Request) Reply {
	return func(r Request) Reply {
		if len(replies) == 0 {
			return Reply{}
		}
		return replies[min(r.Call, len(replies))-1]
	}
}

// Fault spoils a reply.
type Fault func(Reply) Reply

// SlowFirst delays the first piece.
func SlowFirst(d time.Duration) Fault {
	return func(r Reply) Reply { r.FirstDelay = d; return r }
}

// Stalled goes silent after some pieces, 0 for at once.
func Stalled(after int) Fault {
	return func(r Reply) Reply { r.Stall, r.After = true, after; return r }
}

// CutStream ends the connection after some pieces, 0 for at once.
func CutStream(after int) Fault {
	return func(r Reply) Reply { r.Cut, r.After = true, after; return r }
}

// MalformedJSON sends what is no JSON after some pieces.
func MalformedJSON(after int) Fault {
	return func(r Reply) Reply { r.Garble, r.After = true, after; return r }
}

// WrongStatus refuses with a status and a message.
func WrongStatus(status int, message string) Fault {
	return func(Reply) Reply { return Reply{Status: status, Message: message} }
}

// TooManyRequests refuses with 429; retryAfter is the header, "" for none.
func TooManyRequests(retryAfter string) Fault {
	return func(Reply) Reply {
		return Reply{Status: http.StatusTooManyRequests, Code: "rate_limit_exceeded", Message: "Rate limit reached for requests", RetryAfter: retryAfter}
	}
}

// TooLong refuses as OpenAI does a prompt of so many tokens, where the window
// has fewer.
func TooLong(window, tokens int) Fault {
	return func(Reply) Reply {
		return Reply{Status: http.StatusBadRequest, Code: "context_length_exceeded", Message: "This model's maximum context length is " + strconv.Itoa(window) +
			" tokens. However, your messages resulted in " + strconv.Itoa(tokens) + " tokens. Please reduce the length of the messages."}
	}
}

// EmptyAnswer says nothing.
func EmptyAnswer() Fault { return func(Reply) Reply { return Reply{} } }

// EndlessAnswer says the answer again and again.
func EndlessAnswer() Fault {
	return func(r Reply) Reply { r.Endless = true; return r }
}

// Instead answers with another text.
func Instead(text string) Fault {
	return func(r Reply) Reply { r.Text, r.Pieces = text, nil; return r }
}

// Spoilt passes the answer's text through one of the package's functions that
// make bad sentences, such as [WrongNumber].
func Spoilt(change func(string) string) Fault {
	return func(r Reply) Reply {
		r.Text, r.Pieces = change(strings.Join(r.pieces(), "")), nil
		return r
	}
}

// pieces are what the answer is streamed in.
func (r Reply) pieces() []string {
	if r.Pieces != nil {
		return r.Pieces
	}
	return words(r.Text)
}

// words cuts a text before each run of white space.
func words(text string) []string {
	var pieces []string
	start, space := 0, true
	for i, c := range text {
		s := strings.ContainsRune(" \t\r\n", c)
		if s && !space {
			pieces = append(pieces, text[start:i])
			start = i
		}
		space = s
	}
	if start < len(text) {
		pieces = append(pieces, text[start:])
	}
	return pieces
}
