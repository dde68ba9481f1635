package rest

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
)

// ErrToken: Discord does not accept the bot's token. It is final: calls that
// need the token fail with it from then on.
var ErrToken = errors.New("discord refuses the bot's token")

// Error is an answer of Discord's that is no success.
type Error struct {
	// Route is the method and the path with its parameters named, such as
	// "PATCH /webhooks/{app}/{token}/messages/@original".
	Route string
	// Status is the HTTP status; Code Discord's own, 0 where it gave none
	// [https://docs.discord.com/developers/topics/opcodes-and-status-codes,
	// read 2026-08-06].
	Status, Code int
	// Message is Discord's, in English.
	Message string
	// asBot: the request had the bot's token.
	asBot bool
}

// Error gives the route, the status and what Discord said.
func (e *Error) Error() string {
	if e.Code == 0 {
		return fmt.Sprintf("%s: HTTP status %d: %s", e.Route, e.Status, e.Message)
	}
	return fmt.Sprintf("%s: HTTP status %d, code %d: %s", e.Route, e.Status, e.Code, e.Message)
}

// Is makes errors.Is find ErrToken in a 401 of the bot's own token.
func (e *Error) Is(target error) bool {
	return target == ErrToken && e.Status == http.StatusUnauthorized && e.asBot
}

// Codes of what is over for good.
var (
	expiredCodes = []int{10015, 10062, 50027}                // unknown webhook or interaction, invalid token
	goneCodes    = []int{10003, 10008, 10004}                // unknown channel, message, server
	forbidden    = []int{50001, 50013, 160002, 50024, 50083} // no access, no permission, no reply, wrong kind, archived
)

const (
	codeAlreadyAnswered = 40060
	codeDMClosed        = 50007
)

func hasCode(err error, codes ...int) bool {
	var e *Error
	return errors.As(err, &e) && slices.Contains(codes, e.Code)
}

// IsExpired reports whether an interaction's token is no longer valid.
func IsExpired(err error) bool { return hasCode(err, expiredCodes...) }

// IsGone reports whether the message or channel is no longer there.
func IsGone(err error) bool { return hasCode(err, goneCodes...) }

// IsAlreadyAnswered reports whether the interaction had its first answer
// before.
func IsAlreadyAnswered(err error) bool { return hasCode(err, codeAlreadyAnswered) }

// IsDMClosed reports whether the user takes no direct messages from the bot.
func IsDMClosed(err error) bool { return hasCode(err, codeDMClosed) }

// IsForbidden reports whether the bot may not do it there.
func IsForbidden(err error) bool {
	var e *Error
	return hasCode(err, forbidden...) || errors.As(err, &e) && e.Status == http.StatusForbidden && e.Code != codeDMClosed
}
