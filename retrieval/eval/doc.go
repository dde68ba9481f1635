// Package eval measures how good search, answers and quote look-up are
// against questions whose answers are marked by line. It is pure: it reads
// gold files from an [io.Reader] and computes with line ranges; whoever runs
// the program under test, and where its transcripts lie, is not its concern.
//
// [ReadGold] and [ReadRubric] read the gold; [Rank] measures ranked hits,
// [Answer] answers and refusals, [Quote] quote look-up, [Covered] summaries.
// Every mean comes as an [Interval] with a 95 % bootstrap range.
//
// A line range is [2]int{from, to}, counted from 1, both ends included. A hit
// or citation in another transcript than the question's is the zero range: it
// takes its rank, shares no line and reads none.
package eval
