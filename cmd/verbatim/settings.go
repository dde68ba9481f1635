package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/joho/godotenv"
)

// setting is one thing that can be set: by its flag, by its environment
// variable, by a line in the file .env of the working directory, in this
// order of precedence.
type setting struct {
	// Flag is the name without hyphens before it.
	Flag string
	// Env is the environment variable, as [envName] derives it.
	Env string
	// Default is the value when nothing is set; "" means none.
	Default string
	// Bounded says that it is less than Default where another setting bounds it:
	// it stays "" then until that is known.
	Bounded bool
	// EmptyIsNone says that set to nothing it is nothing, not Default.
	EmptyIsNone bool
	// Unit says what kind of value it is: "folder", "URL", "key" ...
	Unit string
	// Example is a value that would be accepted; never a working secret.
	Example string
	// Usage is one sentence without its full stop.
	Usage string
	// Secret values are never printed.
	Secret bool
}

// settings is the one list of what can be set. Flags, environment variables,
// usage texts and .env.example are made of it.
func settings() []setting {
	all := []setting{
		{
			Flag: "data", Env: "VERBATIM_DATA", Default: "verbatim-data",
			Unit: "folder", Example: "/var/lib/verbatim",
			Usage: "where the library lives; made on the first add",
		},
		{
			Flag: "openai-api-key", Env: "OPENAI_API_KEY",
			Unit: "key", Example: "sk-...", Secret: true,
			Usage: "key of the OpenAI-compatible endpoint; safer in the environment than as a flag",
		},
		{
			Flag: "openai-base-url", Env: "OPENAI_BASE_URL",
			Unit: "URL", Example: "http://localhost:11434/v1",
			Usage: "address of an OpenAI-compatible endpoint (Ollama, vLLM ...); OpenAI when only a key is set",
		},
		{
			Flag: "embedding-model", Env: "EMBEDDING_MODEL",
			Unit: "name", Example: "nomic-embed-text",
			Usage: "embedding model of that endpoint; the model inside the program when not set",
		},
	}
	all = append(all, chatSettings()...)
	all = append(all, []setting{
		{
			Flag: "discord-token", Env: "DISCORD_TOKEN",
			Unit: "token", Example: "paste-the-token-here", Secret: true,
			Usage: "token of the Discord bot; docs/discord-setup.md says how to get one",
		},
		{
			Flag: "discord-guild-id", Env: "DISCORD_GUILD_ID",
			Unit: "server ID", Example: "1234567890123456789",
			Usage: "register the commands in this server alone, at once, for trying out; everywhere when not set",
		},
		{
			Flag: "discord-message-content", Env: "DISCORD_MESSAGE_CONTENT", Default: "false",
			Unit: "true|false", Example: "true",
			Usage: "ask Discord for the Message Content intent, so that every message in a thread that the bot opened is answered; switch it on in the developer portal first",
		},
		{
			Flag: "questions-per-server", Env: "QUESTIONS_PER_SERVER", Default: "4",
			Unit: "number", Example: "8",
			Usage: "how many questions of one server are at work at once; more wait in line",
		},
		{
			Flag: "shards", Env: "SHARDS", Default: "auto",
			Unit: "auto|number", Example: "auto",
			Usage: "how many connections to Discord this process keeps; auto takes Discord's advice",
		},
		{
			Flag: "shard-ids", Env: "SHARD_IDS",
			Unit: "numbers", Example: "0,1",
			Usage: "which shards of SHARD_COUNT this process keeps, where several share the work",
		},
		{
			Flag: "shard-count", Env: "SHARD_COUNT",
			Unit: "number", Example: "4",
			Usage: "how many shards there are in all processes together",
		},
		{
			Flag: "discord-api-base", Env: "DISCORD_API_BASE",
			Unit: "URL", Example: "http://127.0.0.1:8090/api/v9",
			Usage: "address of Discord's REST API, for proxies and tests; Discord's own when not set",
		},
		{
			Flag: "discord-cdn-base", Env: "DISCORD_CDN_BASE",
			Unit: "URL", Example: "http://127.0.0.1:8090",
			Usage: "one more host that attachments may be fetched from, beside Discord's own",
		},
	}...)
	all = append(all, pagesSettings()...)
	return append(all, setting{
		Flag: "log-level", Env: "LOG_LEVEL", Default: "warn",
		Unit: "debug|info|warn|error", Example: "info",
		Usage: "least level of what is logged on stderr",
	})
}

// envName is the variable of a flag: upper case, hyphens as underscores. A
// flag whose name alone would say too little in an environment gets the
// program's name before it.
func envName(flagName string) string {
	name := strings.ToUpper(strings.ReplaceAll(flagName, "-", "_"))
	if flagName == "data" {
		return "VERBATIM_" + name
	}
	return name
}

// lookupFunc finds an environment variable, as os.LookupEnv does.
type lookupFunc func(name string) (value string, ok bool)

// resolve gives each setting its value by flag name: that given as a flag, or
// that of the environment, or that of .env, or the default, but for one that is
// bounded. A variable that is set to nothing counts as set, so it overrides .env,
// and means the default, but for one of which it means none.
func resolve(given map[string]string, env lookupFunc, dotenv map[string]string) map[string]string {
	values := make(map[string]string)
	for _, s := range settings() {
		value, ok := given[s.Flag]
		if !ok {
			value, ok = env(s.Env)
		}
		if !ok {
			value, ok = dotenv[s.Env]
		}
		if value == "" && !s.Bounded && !(ok && s.EmptyIsNone) {
			value = s.Default
		}
		values[s.Flag] = value
	}
	return values
}

// isOfDotenv reports whether resolve takes the setting's value from .env.
func isOfDotenv(flagName string, given map[string]string, env lookupFunc, dotenv map[string]string) bool {
	name := envName(flagName)
	_, isGiven := given[flagName]
	_, inEnvironment := env(name)
	return !isGiven && !inEnvironment && dotenv[name] != ""
}

// readDotenv reads a .env file; a missing one is empty. Its contents are never
// part of an error, since they may be secret.
func readDotenv(name string) (map[string]string, error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	defer f.Close()
	values, err := godotenv.Parse(f)
	if err != nil {
		return nil, withHint(fmt.Errorf("read settings: %s is not made of NAME=value lines", name),
			"quote values that hold spaces or quotes, as .env.example shows")
	}
	return values, nil
}

// envExample is the text of .env.example.
func envExample() string {
	var b strings.Builder
	b.WriteString("# Settings of Verbatim. Copy to .env and uncomment what you need. A flag overrides\n")
	b.WriteString("# the environment, the environment overrides .env. Written by\n")
	b.WriteString("# go test ./cmd/verbatim -run EnvExample -update\n")
	for _, s := range settings() {
		fmt.Fprintf(&b, "\n# %s.\n", upperFirst(s.Usage))
		fmt.Fprintf(&b, "# Value: %s. Default: %s. Flag: -%s.", s.Unit, orNone(s.Default), s.Flag)
		if s.Secret {
			b.WriteString(" Secret.")
		}
		fmt.Fprintf(&b, "\n#%s=%s\n", s.Env, s.Example)
	}
	return b.String()
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
