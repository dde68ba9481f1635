// Package data holds what the program ships and nothing else: the sample
// episode, and the token-embedding table of the embedded model with its
// vocabulary. SOURCES.md names the origin, licence and date of each file;
// distill/ makes the table again.
package data

import _ "embed"

// SampleName is the file name of the sample episode.
const SampleName = "nk-news-toloraya-2025-03-06.txt"

// Sample is the sample episode's transcript file, byte for byte.
//
//go:embed nk-news-toloraya-2025-03-06.txt
var Sample string

// Vocabulary is the WordPiece vocabulary of the embedding table: one token a
// line, the token on line n (from 0) having the id n. Tokens that continue a
// word begin with "##".
//
//go:embed vocab.txt
var Vocabulary string

// Embedding is the token-embedding table; package retrieval/embedding
// describes its layout. It is a string so that it stays in the program's
// read-only memory and is never copied.
//
//go:embed embedding.bin
var Embedding string
