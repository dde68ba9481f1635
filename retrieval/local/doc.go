// Package local is the library on one machine: a SQLite file that holds the
// truth, its FTS5 for full-text search, and chromem-go in memory for vectors.
//
// [Open] opens or makes the library of a directory, [OpenMemory] one without
// files. [Library] is a retrieval.Library and its retrieval.Records; beside them
// there are Check, which looks for damage, and Stale and Reembed for a changed embedding model. It
// neither splits transcripts nor embeds them, and does not rank across lists.
//
// # The file
//
// DIR/library.db is a SQLite database in WAL mode, with application_id
// 0x56425431 ("VBT1") and the schema's version in user_version. The tables are
// those of migrations/*.sql, where columns carry their units. In short:
//
//	meta       generation: another and higher one with each transaction that changed anything
//	models     embedding models: serving (at most one), filling, retired
//	scopes     name; its number names the scope's own full-text table
//	episodes   one row an episode; replaced means deleted and inserted anew
//	speakers, lines, sentences, passages   the episode's parts
//	vectors    (passage, model): float32, little-endian
//	records    what is kept beside the episodes: scope, kind, key, value
//
// Every scope N has three things of its own, made with its first episode and
// dropped with its last, so that neither a word nor the statistics of one
// Discord server can show in the results of another:
//
//	passages_of_N     view: id and terms of the scope's passages
//	passages_fts_N    FTS5 over that view, fed with Passage.Terms
//	passages_vocab_N  fts5vocab of it: the scope's vocabulary
//
// The terms are analysed already, so the tokenizer is "ascii": it parts at
// spaces and takes every character beyond ASCII as a letter, which leaves them
// exactly as they are (unicode61 would part words at vowel signs of other
// scripts and fold case by its own table).
//
// Removed is removed: secure_delete zeroes what SQLite frees, the scope's
// full-text index is written anew without the words, in the transaction that
// removes them, and the write-ahead log is emptied after it. The records that
// speak of a removed episode go with it.
//
// # In memory
//
// A view is an unchanging picture of all scopes and episodes (not of their
// text) at one generation; filters are worked out on it. Each episode has one
// chromem collection for the serving model, which is filled once and never
// changes; a document is a passage, its ID the decimal passages.id. Beside it
// are the same vectors in eight bits a component, which rule out nearly all
// passages of a large selection before the others are looked up in full.
//
// A read takes the view of the generation that it finds in the file. A write
// makes the view of after it before it commits, so that no search ever waits for
// it: a reader sees an episode before or after a change, never in between. What
// another process wrote is loaded by the first reader who meets it.
package local
