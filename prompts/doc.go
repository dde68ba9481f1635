// Package prompts is where every word that a language model is told will live,
// as embedded templates, with the reading of its replies. This version asks no
// language model, so that it holds nothing yet.
package prompts
