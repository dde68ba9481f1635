// Package prompts is every word that a language model is told, as embedded
// templates with versions, and the reading of its replies. What comes from a
// transcript goes in as delimited data with its number, speaker and time.
//
// [Answer] makes a prompt, [ReadAnswer] reads what comes back, whatever it is;
// the other pairs are the same for other ends. [Instructs] tells sentences of a
// transcript that speak to a language model. Nothing here calls a model, and
// nothing here knows whether a sentence is true.
package prompts
