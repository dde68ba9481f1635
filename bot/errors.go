package bot

import "errors"

// ErrSameID is returned by Add when two files of one call make the same
// episode ID.
var ErrSameID = errors.New("two files with the same episode ID; give one another -id")

// ErrEpisodeID is returned by Add for a given ID that is none.
var ErrEpisodeID = errors.New("want lower-case letters, digits and hyphens")

// ErrStyle is returned by Summarize for a style it does not know.
var ErrStyle = errors.New("unknown style; use brief, detailed, chapters or takeaways")

// ErrLongQuote is returned by FindQuote for more words than are matched.
var ErrLongQuote = errors.New("a quote of at most 300 words can be looked up; give a part of it")

// ErrGrade is returned by FindQuoteGrade for a grade it does not know.
var ErrGrade = errors.New("unknown match; use exact, close or meaning")

// ErrNothing is returned for a question or quote without a single word.
var ErrNothing = errors.New("no words to look for")

// ErrNoStore is returned by calls that remember something when the bot was not
// given a place for it with UseRecords.
var ErrNoStore = errors.New("the bot has nowhere to keep this")

// ErrNoUndo is returned by Undo when there is nothing to undo: too late, done
// already, or the episode was changed since.
var ErrNoUndo = errors.New("nothing to undo")

// ErrSettings is returned for settings out of range.
var ErrSettings = errors.New("invalid settings")
