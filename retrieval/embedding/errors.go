package embedding

import "errors"

// What goes wrong with an endpoint that somebody has to set right; a vector
// of another dimension is [retrieval.ErrDimension].
var (
	// ErrKey is returned when the endpoint refuses the key, or wants one.
	ErrKey = errors.New("key refused")
	// ErrModel is returned when the endpoint has no such model or address.
	ErrModel = errors.New("no such embedding model")
	// ErrQuota is returned when the account behind the key is used up.
	ErrQuota = errors.New("quota used up")
	// ErrUnreachable is returned when no connection comes about, or none
	// holds until the reply is whole, as often as it is tried.
	ErrUnreachable = errors.New("endpoint unreachable")
	// ErrReply is returned when the reply is not what was asked for: no
	// JSON, too few vectors, or one that is no direction.
	ErrReply = errors.New("unusable reply")
)
