//go:build race

package web

// underRace says that the race detector runs, beside which a browser waits long
// and asks nothing that other tests do not.
const underRace = true
