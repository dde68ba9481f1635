// Package embedding turns text into vectors, as the [retrieval.Embedder]
// interface asks. There are two makers of vectors: [NewStatic], the model
// that is inside the program, needs no network and takes microseconds a text;
// and [NewOpenAI], any endpoint that speaks the OpenAI embeddings API.
//
// The embedded model is a table with one row a token. A text's vector is the
// sum of the rows of its tokens, brought to length 1: word order does not
// matter, and each row's length is the token's weight. data/distill makes the
// table from a sentence transformer and says how.
package embedding
