package gateway

import (
	"errors"
	"fmt"
	"slices"
)

// What makes connecting anew useless. [Client.Run] returns a [FatalError] that
// wraps one of them; ErrToken also comes from an Options.URL that wraps it.
var (
	// ErrToken: Discord does not know the token (close code 4004).
	ErrToken = errors.New("discord refuses the token")
	// ErrIntents: an intent is unknown or not switched on for the application
	// (4013, 4014).
	ErrIntents = errors.New("discord refuses the intents")
	// ErrSharding: the shard is none of its count, or there are too few (4010,
	// 4011).
	ErrSharding = errors.New("discord refuses the sharding")
	// ErrVersion: the gateway's version is no longer spoken (4012).
	ErrVersion = errors.New("discord no longer speaks this version of the gateway")
)

// FatalError is a close of a connection after which Discord forbids trying
// again [topics/opcodes-and-status-codes].
type FatalError struct {
	Code  int // 4004, 4010 - 4014
	Shard int
}

// Error says which shard was closed with which code, and why.
func (e *FatalError) Error() string {
	return fmt.Sprintf("connect shard %d: closed with code %d: %v", e.Shard, e.Code, e.Unwrap())
}

// Unwrap is the sentinel for the code.
func (e *FatalError) Unwrap() error { return fatalCodes[e.Code] }

// fatalCodes are the codes that end everything.
var fatalCodes = map[int]error{
	4004: ErrToken,
	4010: ErrSharding,
	4011: ErrSharding,
	4012: ErrVersion,
	4013: ErrIntents,
	4014: ErrIntents,
}

// sessionLost reports whether the session cannot be resumed after a close by
// Discord: not authenticated, invalid sequence, session timed out. All other
// codes leave it, 1000 and 1001 too: those end it only when we send them.
func sessionLost(code int) bool { return slices.Contains([]int{4003, 4007, 4009}, code) }

// errHeartbeat is a connection on which nobody answers.
var errHeartbeat = errors.New("no answer to the last heartbeat")
