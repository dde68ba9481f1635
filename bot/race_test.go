//go:build race

package bot

// underRace says that the race detector runs, which makes measurements over the
// public sets ten times as slow and finds nothing in them.
const underRace = true
