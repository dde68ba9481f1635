package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestResolvePrecedence(t *testing.T) {
	tests := []struct {
		name               string
		given, env, dotenv map[string]string
		want               string
	}{
		{name: "default", want: "verbatim-data"},
		{name: "file", dotenv: map[string]string{"VERBATIM_DATA": "file"}, want: "file"},
		{name: "environment before file", env: map[string]string{"VERBATIM_DATA": "env"}, dotenv: map[string]string{"VERBATIM_DATA": "file"}, want: "env"},
		{name: "flag before environment", given: map[string]string{"data": "flag"}, env: map[string]string{"VERBATIM_DATA": "env"}, want: "flag"},
		{name: "set to nothing is the default", env: map[string]string{"VERBATIM_DATA": ""}, dotenv: map[string]string{"VERBATIM_DATA": "file"}, want: "verbatim-data"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := resolve(tt.given, environment(tt.env), tt.dotenv)["data"]; got != tt.want {
				t.Errorf("resolve gives data %q, want %q", got, tt.want)
			}
		})
	}
}

func TestSettingsDeriveTheirVariable(t *testing.T) {
	for _, s := range settings() {
		if want := envName(s.Flag); s.Env != want {
			t.Errorf("setting -%s has the variable %s, want %s", s.Flag, s.Env, want)
		}
		if s.Unit == "" || s.Example == "" || s.Usage == "" {
			t.Errorf("setting -%s lacks a unit, an example or a usage: %+v", s.Flag, s)
		}
		if _, ok := optionFlags[s.Flag]; ok {
			t.Errorf("setting -%s is also the flag of a command", s.Flag)
		}
	}
}

func TestNewConfigRejects(t *testing.T) {
	tests := []struct {
		name   string
		values map[string]string
	}{
		{"log-level", map[string]string{"log-level": "loud"}},
		{"openai-base-url", map[string]string{"openai-base-url": "localhost:11434"}},
		{"embedding-model", map[string]string{"embedding-model": "m"}},
		{"chat-window", map[string]string{"chat-window": "8k"}},
		{"chat-window", map[string]string{"chat-window": "100"}},
		{"chat-first-token-seconds", map[string]string{"chat-first-token-seconds": "0"}},
		{"chat-seconds", map[string]string{"chat-seconds": "1m"}},
		{"chat-seconds", map[string]string{"chat-seconds": "NaN"}},
		{"chat-parallel", map[string]string{"chat-parallel": "0"}},
		{"chat-prompt-price", map[string]string{"chat-prompt-price": "$1"}},
		{"chat-reply-price", map[string]string{"chat-reply-price": "-1"}},
		{"chat-reply-price", map[string]string{"chat-reply-price": "Inf"}},
		{"chat-tokens-per-day", map[string]string{"chat-tokens-per-day": "-1"}},
		{"chat-cost-per-day", map[string]string{"chat-cost-per-day": "much", "chat-reply-price": "1"}},
		{"chat-cost-per-day", map[string]string{"chat-cost-per-day": "1"}},
		{"chat-trace", map[string]string{"chat-trace": "perhaps"}},
		{"chat-trace", map[string]string{"chat-trace": "true", "log-level": "info"}},
		{"discord-message-content", map[string]string{"discord-message-content": "perhaps"}},
		{"discord-guild-id", map[string]string{"discord-guild-id": "my server"}},
		{"discord-api-base", map[string]string{"discord-api-base": "127.0.0.1:80"}},
		{"discord-cdn-base", map[string]string{"discord-cdn-base": "ftp://x"}},
		{"questions-per-server", map[string]string{"questions-per-server": "0"}},
		{"http-addr", map[string]string{"http-addr": "8080"}},
		{"http-addr", map[string]string{"http-addr": "127.0.0.1"}},
		{"http-addr", map[string]string{"http-addr": "127.0.0.1:http"}},
		{"http-addr", map[string]string{"http-addr": "127.0.0.1:65536"}},
		{"http-addr", map[string]string{"http-addr": "http://127.0.0.1:8080"}},
		{"public-url", map[string]string{"public-url": "verbatim.example"}},
		{"public-url", map[string]string{"public-url": "https://verbatim.example/pages"}},
		{"public-url", map[string]string{"public-url": "https://me:hunter2@verbatim.example"}},
		{"public-url", map[string]string{"public-url": "https://verbatim.example?x=1"}},
		{"public-url", map[string]string{"public-url": "javascript://verbatim.example"}},
		{"public-url", map[string]string{"public-url": "https://" + strings.Repeat("a", 200) + ".example"}},
		{"shards", map[string]string{"shards": "many"}},
		{"shard-ids", map[string]string{"shard-ids": "0"}},
		{"shard-ids", map[string]string{"shard-ids": "0", "shard-count": "2", "shards": "2"}},
		{"shard-ids", map[string]string{"shard-ids": "0,2", "shard-count": "2"}},
		{"shard-ids", map[string]string{"shard-ids": "0,0", "shard-count": "2"}},
		{"shard-count", map[string]string{"shard-ids": "0", "shard-count": "x"}},
	}
	for _, tt := range tests {
		name, values := tt.name, tt.values
		if values["log-level"] == "" {
			values["log-level"] = "warn"
		}
		t.Run(name, func(t *testing.T) {
			want := "setting -" + name + " (" + envName(name) + ") is not valid"
			if _, err := newConfig(values); err == nil || err.Error() != want {
				t.Errorf("newConfig(%v) = %v, want %s", values, err, want)
			}
		})
	}
}

// TestPagesSettings: the pages are there unless they are switched off, by a word
// or by nothing.
func TestPagesSettings(t *testing.T) {
	none := func(string) (string, bool) { return "", false }
	for _, tt := range []struct {
		name               string
		given, env, dotenv map[string]string
		want               pagesConfig
	}{
		{name: "nothing set", want: pagesConfig{Addr: "127.0.0.1:8080"}},
		{name: "off", env: map[string]string{"HTTP_ADDR": "off"}},
		{name: "empty variable", env: map[string]string{"HTTP_ADDR": ""}},
		{name: "empty line", dotenv: map[string]string{"HTTP_ADDR": ""}},
		{name: "empty flag", given: map[string]string{"http-addr": ""}, dotenv: map[string]string{"HTTP_ADDR": ":80"}},
		{name: "all addresses", env: map[string]string{"HTTP_ADDR": ":80"}, want: pagesConfig{Addr: ":80"}},
		{name: "IPv6", env: map[string]string{"HTTP_ADDR": "[::1]:0"}, want: pagesConfig{Addr: "[::1]:0"}},
		{name: "public", dotenv: map[string]string{"PUBLIC_URL": "https://verbatim.example:8443/ "}, want: pagesConfig{Addr: "127.0.0.1:8080", PublicURL: "https://verbatim.example:8443"}},
	} {
		env := none
		if tt.env != nil {
			env = func(name string) (string, bool) { v, ok := tt.env[name]; return v, ok }
		}
		c, err := newConfig(resolve(tt.given, env, tt.dotenv))
		if err != nil || c.Pages != tt.want {
			t.Errorf("%s: %+v, %v, want %+v", tt.name, c.Pages, err, tt.want)
		}
	}
}

// TestModelWithoutEndpoint: what is missing is named, not what is there.
func TestModelWithoutEndpoint(t *testing.T) {
	_, err := newConfig(map[string]string{"chat-model": "m", "log-level": "warn"})
	if err == nil || !strings.Contains(err.Error(), "neither OPENAI_API_KEY nor OPENAI_BASE_URL") {
		t.Errorf("newConfig = %v, want what is missing", err)
	}
}

// TestFirstTokenWithinTheCall: a shorter call alone shortens the wait for its first
// word, and two settings that contradict one another are both named.
func TestFirstTokenWithinTheCall(t *testing.T) {
	for _, tt := range []struct {
		first, total string
		want         time.Duration
		fails        bool
	}{
		{"", "", 20 * time.Second, false},
		{"", "10", 10 * time.Second, false},
		{"", "90", 20 * time.Second, false},
		{"5", "10", 5 * time.Second, false},
		{"10", "10", 10 * time.Second, false},
		{"20", "10", 0, true},
		{"70", "", 0, true},
	} {
		env := map[string]string{"CHAT_FIRST_TOKEN_SECONDS": tt.first, "CHAT_SECONDS": tt.total}
		c, err := newConfig(resolve(nil, environment(env), nil))
		switch {
		case tt.fails:
			if err == nil || !strings.Contains(err.Error(), "CHAT_FIRST_TOKEN_SECONDS") || !strings.Contains(err.Error(), " CHAT_SECONDS") {
				t.Errorf("%v: %v, want an error that names both", env, err)
			}
		case err != nil || c.Chat.FirstToken != tt.want:
			t.Errorf("%v: the first word may take %v, %v; want %v", env, c.Chat.FirstToken, err, tt.want)
		}
	}
}

func TestReadDotenv(t *testing.T) {
	dir := t.TempDir()
	if got, err := readDotenv(filepath.Join(dir, "none")); err != nil || len(got) > 0 {
		t.Errorf("readDotenv of no file = %v, %v, want nothing", got, err)
	}
	name := filepath.Join(dir, "bad")
	if err := os.WriteFile(name, []byte("OPENAI_API_KEY=\"hunter2\nhunter2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := readDotenv(name)
	if err == nil {
		t.Fatal("readDotenv of a broken file = nil, want an error")
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("readDotenv shows a secret: %v", err)
	}
	if _, err := readDotenv(dir); err == nil {
		t.Error("readDotenv of a folder = nil, want an error")
	}
}

func TestConfigNeverPrintsSecrets(t *testing.T) {
	c := Config{DataDir: "d", OpenAIKey: "hunter2"}
	asJSON, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("settings", "config", c, "key", c.OpenAIKey)
	for _, text := range []string{fmt.Sprint(c), fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", c), fmt.Sprintf("%q", c.OpenAIKey), string(asJSON), log.String()} {
		if strings.Contains(text, "hunter2") {
			t.Errorf("the key is printed: %s", text)
		}
		if !strings.Contains(text, "set") {
			t.Errorf("%q does not say that the key is set", text)
		}
	}
	if got := secret("").String(); got != "not set" {
		t.Errorf("an empty secret prints as %q, want %q", got, "not set")
	}
}

// TestEnvExample holds .env.example to the settings; -update writes it.
func TestEnvExample(t *testing.T) {
	const name = "../../.env.example"
	if *update {
		if err := os.WriteFile(name, []byte(envExample()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(envExample(), string(got)); diff != "" {
		t.Errorf(".env.example differs from the settings; go test -run EnvExample -update writes it (-want +got):\n%s", diff)
	}
}

// TestEnvExampleIsAccepted uncomments every line of it, as a person would.
func TestEnvExampleIsAccepted(t *testing.T) {
	var lines []string
	for line := range strings.Lines(envExample()) {
		if rest, ok := strings.CutPrefix(line, "#"); ok && !strings.HasPrefix(rest, " ") {
			line = rest
		}
		lines = append(lines, line)
	}
	name := filepath.Join(t.TempDir(), "env")
	if err := os.WriteFile(name, []byte(strings.Join(lines, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	values, err := readDotenv(name)
	if err != nil {
		t.Fatal(err)
	}
	if len(values) != len(settings()) {
		t.Errorf(".env.example sets %d variables, want %d", len(values), len(settings()))
	}
	if _, err := newConfig(resolve(nil, environment(nil), values)); err != nil {
		t.Errorf("the examples are no valid settings: %v", err)
	}
}

// TestShards reads which shards are this process's.
func TestShards(t *testing.T) {
	for _, tt := range []struct {
		values map[string]string
		ids    []int
		count  int
	}{
		{map[string]string{}, nil, 0},
		{map[string]string{"shards": "auto"}, nil, 0},
		{map[string]string{"shards": "3"}, []int{0, 1, 2}, 3},
		{map[string]string{"shard-ids": "2, 5", "shard-count": "8"}, []int{2, 5}, 8},
	} {
		tt.values["log-level"] = "warn"
		c, err := newConfig(tt.values)
		if err != nil || !slices.Equal(c.Discord.ShardIDs, tt.ids) || c.Discord.ShardCount != tt.count {
			t.Errorf("newConfig(%v) has the shards %v of %d, %v; want %v of %d", tt.values, c.Discord.ShardIDs, c.Discord.ShardCount, err, tt.ids, tt.count)
		}
	}
}

// TestChatSettings reads what the language model may take.
func TestChatSettings(t *testing.T) {
	c, err := newConfig(map[string]string{
		"log-level": "debug", "openai-base-url": "https://me:hunter2@models.example:8443/v1", "chat-model": "m", "chat-window": "4096", "chat-first-token-seconds": "0.5", "chat-seconds": "90",
		"chat-parallel": "8", "chat-prompt-price": "0.40", "chat-reply-price": "1.6", "chat-tokens-per-day": "2000000", "chat-cost-per-day": "1.50", "chat-trace": "true",
	})
	want := chatConfig{
		Model: "m", Window: 4096, FirstToken: 500 * time.Millisecond, Total: 90 * time.Second, Parallel: 8,
		PromptPrice: 0.4, ReplyPrice: 1.6, TokensPerDay: 2_000_000, CostPerDay: 1.5, Trace: true,
	}
	if err != nil || c.Chat != want {
		t.Errorf("newConfig has the language model %+v, %v, want %+v", c.Chat, err, want)
	}
	if got := c.endpointHost(); got != "models.example:8443" {
		t.Errorf("endpointHost = %q, want the host and port alone", got)
	}
	for total, want := range map[time.Duration]time.Duration{time.Second: 2 * time.Minute, 90 * time.Second: 3 * time.Minute, 10 * time.Minute: 14 * time.Minute} {
		if got := (&chatConfig{Total: total}).answerTime(); got != want {
			t.Errorf("with calls of %v a question may take %v, want %v", total, got, want)
		}
	}
	unset, err := newConfig(map[string]string{"log-level": "warn", "openai-api-key": "k"})
	want = chatConfig{FirstToken: 20 * time.Second, Total: time.Minute, Parallel: 4}
	if err != nil || unset.Chat != want || unset.endpointHost() != "api.openai.com" {
		t.Errorf("newConfig without settings has the language model %+v at %q, %v, want %+v", unset.Chat, unset.endpointHost(), err, want)
	}
}

// TestTokenStays wants the bot's token to go nowhere that only .env names.
func TestTokenStays(t *testing.T) {
	const there = "DISCORD_API_BASE=http://elsewhere.example/api/v9\n"
	token := map[string]string{"DISCORD_TOKEN": "hunter2"}
	for _, tt := range []struct {
		name, dotenv string
		env          map[string]string
		refused      bool
	}{
		{"token of the environment", there, token, true},
		{"both of the file", there + "DISCORD_TOKEN=hunter2", nil, false},
		{"this machine", "DISCORD_API_BASE=http://127.0.0.1:1/api/v9", token, false},
		{"no token", there, nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			if err := os.WriteFile(dotenvName, []byte(tt.dotenv), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := readConfig(nil, environment(tt.env))
			if (err != nil) != tt.refused || err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Errorf("readConfig = %v, want refused: %v", err, tt.refused)
			}
		})
	}
}

// TestKeyStays wants a key of the environment to go nowhere that only .env
// names, this machine excepted.
func TestKeyStays(t *testing.T) {
	const refused = `the file .env of this folder names the host "elsewhere.example:8080", which would get your OPENAI_API_KEY`
	const there, here = "OPENAI_BASE_URL=http://elsewhere.example:8080/v1\n", "OPENAI_BASE_URL=http://127.0.0.1:11434/v1\n"
	key := map[string]string{"OPENAI_API_KEY": "hunter2"}
	tests := []struct {
		name, dotenv string
		given, env   map[string]string
		want         string
	}{
		{name: "key of the environment", dotenv: there + "EMBEDDING_MODEL=m", env: key, want: refused},
		{name: "key of a flag", dotenv: there + "EMBEDDING_MODEL=m", given: map[string]string{"openai-api-key": "hunter2"}, want: refused},
		{name: "language model", dotenv: there + "CHAT_MODEL=m", env: key, want: refused},
		{name: "language model of the environment", dotenv: there, env: map[string]string{"OPENAI_API_KEY": "hunter2", "CHAT_MODEL": "m"}, want: refused},
		{name: "model of the environment", dotenv: there, env: map[string]string{"OPENAI_API_KEY": "hunter2", "EMBEDDING_MODEL": "m"}, want: refused},
		{name: "key in both", dotenv: there + "EMBEDDING_MODEL=m\nOPENAI_API_KEY=x", env: key, want: refused},
		{name: "all of the file", dotenv: there + "EMBEDDING_MODEL=m\nOPENAI_API_KEY=hunter2"},
		{name: "no key", dotenv: there + "EMBEDDING_MODEL=m"},
		{name: "no model, so nothing is sent", dotenv: there, env: key},
		{name: "this machine", dotenv: here + "EMBEDDING_MODEL=m", env: key},
		{name: "host of the environment", dotenv: there + "EMBEDDING_MODEL=m", env: map[string]string{"OPENAI_API_KEY": "hunter2", "OPENAI_BASE_URL": "http://elsewhere.example/v1"}},
		{name: "host of a flag", dotenv: there + "EMBEDDING_MODEL=m", env: key, given: map[string]string{"openai-base-url": "http://elsewhere.example/v1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			if err := os.WriteFile(dotenvName, []byte(tt.dotenv), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := readConfig(tt.given, environment(tt.env))
			if got := fmt.Sprint(err); tt.want == "" && err != nil || tt.want != "" && got != tt.want {
				t.Errorf("readConfig: %v, want %q", err, tt.want)
			}
		})
	}
}
