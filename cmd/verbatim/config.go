package main

import (
	"cmp"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
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
	Chat           chatConfig
	Discord        discordConfig
	Pages          pagesConfig
}

// discordConfig is what concerns the connection to Discord.
type discordConfig struct {
	Token secret
	// GuildID is a snowflake, or "" for all servers.
	GuildID        string
	MessageContent bool
	// PerServer is how many questions of a server are at work at once.
	PerServer int
	// ShardIDs of ShardCount are this process's; both empty is all that
	// Discord advises.
	ShardIDs   []int
	ShardCount int
	// APIBase and CDNBase are http or https, or "".
	APIBase, CDNBase string
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
	var err error
	if c.Chat, err = newChatConfig(values); err != nil {
		return Config{}, err
	}
	if c.Discord, err = newDiscordConfig(values); err != nil {
		return Config{}, err
	}
	if c.Pages, err = newPagesConfig(values); err != nil {
		return Config{}, err
	}
	return c, c.Validate()
}

// newDiscordConfig reads the settings of the connection to Discord.
func newDiscordConfig(values map[string]string) (discordConfig, error) {
	d := discordConfig{
		// People copy the word that goes before the token along with it.
		Token:   secret(strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(values["discord-token"]), "Bot "))),
		GuildID: values["discord-guild-id"], APIBase: strings.TrimRight(values["discord-api-base"], "/"), CDNBase: values["discord-cdn-base"],
	}
	var err error
	if d.MessageContent, err = strconv.ParseBool(cmp.Or(values["discord-message-content"], "false")); err != nil {
		return d, settingError("discord-message-content", "want true or false")
	}
	if d.PerServer, err = strconv.Atoi(cmp.Or(values["questions-per-server"], "4")); err != nil || d.PerServer < 1 || d.PerServer > 1000 {
		return d, settingError("questions-per-server", "want a number from 1 to 1000")
	}
	for _, base := range []struct{ flag, value, example string }{
		{"discord-api-base", d.APIBase, "http://127.0.0.1:8090/api/v9"}, {"discord-cdn-base", d.CDNBase, "http://127.0.0.1:8090"},
	} {
		if base.value != "" && !isWebAddress(base.value) {
			return d, settingError(base.flag, "want a URL such as "+base.example)
		}
	}
	if _, err := strconv.ParseUint(d.GuildID, 10, 64); err != nil && d.GuildID != "" {
		return d, settingError("discord-guild-id", "want the server's number: with developer mode on, right-click the server and choose Copy Server ID")
	}
	return d, d.readShards(values)
}

// maxShards is more than any bot has.
const maxShards = 10000

// readShards reads which shards are this process's: SHARDS of one process, or
// SHARD_IDS and SHARD_COUNT of several.
func (d *discordConfig) readShards(values map[string]string) error {
	shards, ids, count := cmp.Or(values["shards"], "auto"), values["shard-ids"], values["shard-count"]
	if shards != "auto" {
		n, err := strconv.Atoi(shards)
		if err != nil || n < 1 || n > maxShards {
			return settingError("shards", "want auto or a number of at least 1")
		}
		d.ShardCount = n
		for i := range n {
			d.ShardIDs = append(d.ShardIDs, i)
		}
	}
	if ids == "" && count == "" {
		return nil
	}
	if ids == "" || count == "" || shards != "auto" {
		return settingError("shard-ids", "SHARD_IDS and SHARD_COUNT go together, and without SHARDS")
	}
	var err error
	if d.ShardCount, err = strconv.Atoi(count); err != nil || d.ShardCount < 1 || d.ShardCount > maxShards {
		return settingError("shard-count", "want a number of at least 1")
	}
	for part := range strings.SplitSeq(ids, ",") {
		id, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || id < 0 || id >= d.ShardCount || slices.Contains(d.ShardIDs, id) {
			return settingError("shard-ids", "want different numbers from 0 to one less than SHARD_COUNT, such as 0,1")
		}
		d.ShardIDs = append(d.ShardIDs, id)
	}
	return nil
}

// isWebAddress reports whether s is an http or https URL with a host.
func isWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

// Validate returns a *usageError that names the flag and the variable of the
// first setting that cannot be right.
func (c *Config) Validate() error {
	if c.OpenAIBaseURL != "" {
		if !isWebAddress(c.OpenAIBaseURL) {
			return settingError("openai-base-url", "want a URL such as http://localhost:11434/v1")
		}
	}
	if c.EmbeddingModel != "" && !c.hasEndpoint() {
		return settingError("embedding-model", "it names a model of an endpoint, so set OPENAI_API_KEY or OPENAI_BASE_URL as well")
	}
	return c.validateChat()
}

// hasEndpoint reports whether an OpenAI-compatible endpoint is configured.
func (c *Config) hasEndpoint() bool { return c.OpenAIKey != "" || c.OpenAIBaseURL != "" }

// checkTokenStays refuses to send the bot's token to a host other than this
// machine that somebody else may have chosen.
func (c *Config) checkTokenStays() error {
	u, err := url.Parse(c.Discord.APIBase)
	if err != nil || c.Discord.Token == "" || isThisMachine(u.Hostname()) {
		return err
	}
	return &usageError{
		message: "the file " + dotenvName + " of this folder names the host " + strconv.Quote(u.Host) + ", which would get your DISCORD_TOKEN",
		hint:    "if that host may have it, set DISCORD_API_BASE where DISCORD_TOKEN is set, or both in " + dotenvName,
	}
}

// checkKeyStays refuses to send the key to a host other than this machine that
// somebody else may have chosen; no key is sent without a model to use it for.
func (c *Config) checkKeyStays() error {
	u, err := url.Parse(c.OpenAIBaseURL)
	if err != nil || c.OpenAIKey == "" || c.EmbeddingModel == "" && c.Chat.Model == "" || isThisMachine(u.Hostname()) {
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
