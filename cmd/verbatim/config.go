package main

import (
	"log/slog"
	"net"
	"net/url"
	"strconv"
)

// secret is a string that prints as "set" or "not set" only. Convert it to
// string where it is used.
type secret string

// String is "set" or "not set".
func (s secret) String() string {
	if s == "" {
		return "not set"
	}
	return "set"
}

// GoString keeps the value out of %#v.
func (s secret) GoString() string { return s.String() }

// LogValue keeps the value out of logs.
func (s secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText keeps the value out of JSON.
func (s secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Config is the value of every setting, read once and passed down as plain
// values.
type Config struct {
	// DataDir is the folder of the library.
	DataDir string
	// OpenAIKey may be empty for endpoints that ask for none.
	OpenAIKey secret
	// OpenAIBaseURL is http or https, or "" for OpenAI's own.
	OpenAIBaseURL string
	// EmbeddingModel is the endpoint's model, or "" for the one inside the
	// program.
	EmbeddingModel string
	LogLevel       slog.Level
}

// newConfig makes a valid Config of the values that resolve gives.
func newConfig(values map[string]string) (Config, error) {
	c := Config{
		DataDir:        values["data"],
		OpenAIKey:      secret(values["openai-api-key"]),
		OpenAIBaseURL:  values["openai-base-url"],
		EmbeddingModel: values["embedding-model"],
	}
	if err := c.LogLevel.UnmarshalText([]byte(values["log-level"])); err != nil {
		return Config{}, settingError("log-level", "want debug, info, warn or error")
	}
	return c, c.Validate()
}

// Validate returns a *usageError that names the flag and the variable of the
// first setting that cannot be right.
func (c *Config) Validate() error {
	if c.OpenAIBaseURL != "" {
		u, err := url.Parse(c.OpenAIBaseURL)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return settingError("openai-base-url", "want a URL such as http://localhost:11434/v1")
		}
	}
	if c.EmbeddingModel != "" && !c.hasEndpoint() {
		return settingError("embedding-model", "it names a model of an endpoint, so set OPENAI_API_KEY or OPENAI_BASE_URL as well")
	}
	return nil
}

// hasEndpoint reports whether an OpenAI-compatible endpoint is configured.
func (c *Config) hasEndpoint() bool { return c.OpenAIKey != "" || c.OpenAIBaseURL != "" }

// checkKeyStays refuses to send the key to a host other than this machine that
// somebody else may have chosen; no key is sent without a model to use it for.
func (c *Config) checkKeyStays() error {
	u, err := url.Parse(c.OpenAIBaseURL)
	if err != nil || c.OpenAIKey == "" || c.EmbeddingModel == "" || isThisMachine(u.Hostname()) {
		return err
	}
	return &usageError{
		message: "the file " + dotenvName + " of this folder names the host " + strconv.Quote(u.Host) + ", which would get your OPENAI_API_KEY",
		hint:    "if that host may have it, set OPENAI_BASE_URL where OPENAI_API_KEY is set, or both in " + dotenvName,
	}
}

func isThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// settingError says which setting is wrong without its value, which may be
// secret or have secrets in it.
func settingError(flagName, hint string) error {
	return &usageError{message: "setting -" + flagName + " (" + envName(flagName) + ") is not valid", hint: hint}
}
