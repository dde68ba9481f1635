// Package modeltest is an OpenAI-compatible server for tests, on loopback, with
// computable replies and every fault.
package modeltest
