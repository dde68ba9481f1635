// Package retrieval is the domain of Verbatim: episodes, their lines,
// sentences and passages, the citations made of them, and the hybrid search
// that finds them. It is pure: it reads no file, opens no database and knows
// no chat network.
//
// The calls that matter, in the order a transcript meets them: [Split] cuts an
// [Episode] into sentences and passages, a [Library] keeps them, and [Search]
// ranks them for a [Query] by fusing a full-text and a vector list. Transcript
// files are read in retrieval/transcript, vectors come from
// retrieval/embedding, and retrieval/local is the library on one machine.
package retrieval
