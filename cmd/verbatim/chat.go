package main

import (
	"cmp"
	"context"
	"log/slog"
	"net/url"
	"strconv"
	"time"

	"verbatim/bot"
	"verbatim/bot/discord"
	"verbatim/bot/model"
)

// chatConfig is what concerns the language model.
type chatConfig struct {
	// Model is the endpoint's model, or "" for answers in the transcript's own
	// words.
	Model string
	// Window is the model's context in tokens, 0 for what the endpoint tells.
	Window int
	// FirstToken and Total bound one call of the model.
	FirstToken, Total time.Duration
	Parallel          int
	// PromptPrice and ReplyPrice are for a million tokens, 0 when not known.
	PromptPrice, ReplyPrice float64
	// TokensPerDay and CostPerDay are a server's, 0 for no limit.
	TokensPerDay int
	CostPerDay   float64
	// Trace logs prompts and replies at debug level.
	Trace bool
}

// chatSettings are those of the language model.
func chatSettings() []setting {
	return []setting{
		{
			Flag: "chat-model", Env: "CHAT_MODEL",
			Unit: "name", Example: "gpt-4.1-mini",
			Usage: "language model of that endpoint, whose answers are checked sentence by sentence; answers in the transcript's own words when not set",
		},
		{
			Flag: "chat-window", Env: "CHAT_WINDOW", Default: "auto",
			Unit: "auto|tokens", Example: "8192",
			Usage: "how many tokens the language model reads and writes in one call; auto asks the endpoint, and takes 8192 where it does not tell",
		},
		{
			Flag: "chat-first-token-seconds", Env: "CHAT_FIRST_TOKEN_SECONDS", Default: "20", Bounded: true,
			Unit: "seconds", Example: "40",
			Usage: "how long the language model may take to its first word; then the answer is in the transcript's own words",
		},
		{
			Flag: "chat-seconds", Env: "CHAT_SECONDS", Default: "60",
			Unit: "seconds", Example: "90",
			Usage: "how long one call of the language model may take in all",
		},
		{
			Flag: "chat-parallel", Env: "CHAT_PARALLEL", Default: "4",
			Unit: "number", Example: "8",
			Usage: "how many calls of the language model are under way at once",
		},
		{
			Flag: "chat-prompt-price", Env: "CHAT_PROMPT_PRICE",
			Unit: "money", Example: "0.40",
			Usage: "what a million tokens of prompts cost, in any currency",
		},
		{
			Flag: "chat-reply-price", Env: "CHAT_REPLY_PRICE",
			Unit: "money", Example: "1.60",
			Usage: "what a million tokens of replies cost, in the same currency",
		},
		{
			Flag: "chat-tokens-per-day", Env: "CHAT_TOKENS_PER_DAY", Default: "0",
			Unit: "tokens", Example: "2000000",
			Usage: "how many tokens a server may use on a day in UTC, after which its answers are in the transcript's own words; 0 is no limit",
		},
		{
			Flag: "chat-cost-per-day", Env: "CHAT_COST_PER_DAY", Default: "0",
			Unit: "money", Example: "1.50",
			Usage: "how much money a server may use on a day in UTC, by the prices set; 0 is no limit",
		},
		{
			Flag: "chat-trace", Env: "CHAT_TRACE", Default: "false",
			Unit: "true|false", Example: "false",
			Usage: "log what the language model is told and says, questions and transcripts among it; for finding faults only, with LOG_LEVEL=debug",
		},
	}
}

// newChatConfig reads the settings of the language model. Missing values mean
// the defaults.
func newChatConfig(values map[string]string) (chatConfig, error) {
	c := chatConfig{Model: values["chat-model"]}
	var err error
	if window := cmp.Or(values["chat-window"], "auto"); window != "auto" {
		if c.Window, err = strconv.Atoi(window); err != nil || c.Window < 1024 || c.Window > 10_000_000 {
			return c, settingError("chat-window", "want auto or a number of tokens from 1024 to 10000000")
		}
	}
	if err := c.readTimes(values); err != nil {
		return c, err
	}
	if c.Parallel, err = strconv.Atoi(cmp.Or(values["chat-parallel"], "4")); err != nil || c.Parallel < 1 || c.Parallel > 1000 {
		return c, settingError("chat-parallel", "want a number from 1 to 1000")
	}
	if c.TokensPerDay, err = strconv.Atoi(cmp.Or(values["chat-tokens-per-day"], "0")); err != nil || c.TokensPerDay < 0 {
		return c, settingError("chat-tokens-per-day", "want a number of tokens, 0 for no limit")
	}
	for _, s := range []struct {
		flag string
		to   *float64
	}{
		{"chat-prompt-price", &c.PromptPrice}, {"chat-reply-price", &c.ReplyPrice}, {"chat-cost-per-day", &c.CostPerDay},
	} {
		if *s.to, err = strconv.ParseFloat(cmp.Or(values[s.flag], "0"), 64); err != nil || !(*s.to >= 0 && *s.to <= 1e9) {
			return c, settingError(s.flag, "want a sum of money such as 0.40, without its currency")
		}
	}
	if c.Trace, err = strconv.ParseBool(cmp.Or(values["chat-trace"], "false")); err != nil {
		return c, settingError("chat-trace", "want true or false")
	}
	return c, nil
}

// defaultFirstToken is for calls that may take that long in all.
const defaultFirstToken = 20 * time.Second

// readTimes reads the bounds of a call. The first word has no more time than the
// whole call, where its own is not set.
func (c *chatConfig) readTimes(values map[string]string) error {
	for _, s := range []struct {
		flag, value string
		to          *time.Duration
	}{
		{"chat-seconds", cmp.Or(values["chat-seconds"], "60"), &c.Total},
		{"chat-first-token-seconds", values["chat-first-token-seconds"], &c.FirstToken},
	} {
		if s.value == "" {
			*s.to = min(defaultFirstToken, c.Total)
			continue
		}
		seconds, err := strconv.ParseFloat(s.value, 64)
		if err != nil || !(seconds >= 0.1 && seconds <= 600) {
			return settingError(s.flag, "want a number of seconds from 0.1 to 600")
		}
		*s.to = time.Duration(seconds * float64(time.Second))
	}
	return nil
}

// validateChat finds settings of the language model that do not go together.
func (c *Config) validateChat() error {
	switch chat := &c.Chat; {
	case chat.Model != "" && !c.hasEndpoint():
		return &usageError{
			message: "CHAT_MODEL is set, but neither OPENAI_API_KEY nor OPENAI_BASE_URL: it is not known where the language model is",
			hint:    "set OPENAI_API_KEY for OpenAI's, or OPENAI_BASE_URL for another endpoint, such as http://localhost:11434/v1",
		}
	case chat.FirstToken > chat.Total:
		return &usageError{
			message: "CHAT_FIRST_TOKEN_SECONDS is more than CHAT_SECONDS",
			hint:    "the first word is part of the whole call: set CHAT_FIRST_TOKEN_SECONDS to no more than CHAT_SECONDS, or leave it out",
		}
	case chat.CostPerDay > 0 && chat.PromptPrice == 0 && chat.ReplyPrice == 0:
		return settingError("chat-cost-per-day", "it counts by CHAT_PROMPT_PRICE and CHAT_REPLY_PRICE, so set them as well; CHAT_TOKENS_PER_DAY needs no prices")
	case chat.Trace && c.LogLevel > slog.LevelDebug:
		return settingError("chat-trace", "it logs at debug level, so set LOG_LEVEL=debug as well")
	}
	return nil
}

// Bounds of answerTime: below there would be no time to mend what a quick
// model got wrong, and beyond Discord takes no answer any more.
const (
	leastAnswerTime = 2 * time.Minute
	mostAnswerTime  = 14 * time.Minute
)

// answerTime bounds the work on one question: two calls of the model, the
// second to mend what was wrong in the first.
func (c *chatConfig) answerTime() time.Duration {
	return min(max(2*c.Total, leastAnswerTime), mostAnswerTime)
}

// reply answers a question within its time.
func (c *call) reply(ctx context.Context, b *bot.Bot, q bot.Question) (*bot.Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.Chat.answerTime())
	defer cancel()
	return b.Reply(ctx, q)
}

// endpointHost is whom the endpoint's calls go to, for people: no key, no
// path, no name of a user.
func (c *Config) endpointHost() string {
	if c.OpenAIBaseURL == "" {
		return "api.openai.com"
	}
	u, err := url.Parse(c.OpenAIBaseURL)
	if err != nil {
		return ""
	}
	return u.Host
}

// newChat makes the client of the configured language model, nil when there is
// none or the call wants none. It does not connect.
func (c *call) newChat() (*model.Client, error) {
	chat := &c.config.Chat
	if chat.Model == "" || c.options.extractive {
		return nil, nil
	}
	log := c.log
	if c.command.name != defaultCommand && c.config.LogLevel >= slog.LevelWarn {
		log = nil // whoever waits for the answer is told in words: see noteWithout
	}
	return model.New(model.Options{
		BaseURL: c.config.OpenAIBaseURL, Key: string(c.config.OpenAIKey), Model: chat.Model, Window: chat.Window,
		FirstToken: chat.FirstToken, Total: chat.Total, Parallel: chat.Parallel,
		PromptPrice: chat.PromptPrice, ReplyPrice: chat.ReplyPrice, Log: log, Trace: chat.Trace,
	})
}

// useModel makes the bot's answers those of the configured language model, if
// there is one. The client, nil for none, is to be closed with the library.
func (c *call) useModel(b *bot.Bot) (*model.Client, error) {
	client, err := c.newChat()
	if err == nil && client != nil {
		b.UseModel(client, bot.ModelOptions{TokensPerDay: c.config.Chat.TokensPerDay, CostPerDay: c.config.Chat.CostPerDay})
	}
	return client, err
}

// told is the language model as people in Discord are told of it.
func (c *Config) told() discord.Chat {
	if c.Chat.Model == "" {
		return discord.Chat{}
	}
	return discord.Chat{Model: c.Chat.Model, Host: c.endpointHost(), Priced: c.Chat.PromptPrice > 0 || c.Chat.ReplyPrice > 0, Logged: c.Chat.Trace}
}

// noteNoModel says that an endpoint is set and answers no questions: to an
// operator always, else only where it has no other use.
func (c *call) noteNoModel() {
	serves := c.config.EmbeddingModel != "" && c.command.name != defaultCommand
	if c.config.hasEndpoint() && c.config.Chat.Model == "" && !serves && !c.options.extractive {
		c.ui.notef("An endpoint is set and no CHAT_MODEL: answers are in the transcript's own words.")
	}
}

// withoutReasons say why no language model made an answer.
var withoutReasons = map[bot.Fallback]string{
	bot.FallbackDown:        "the language model cannot be reached, or refuses to answer",
	bot.FallbackBusy:        "the language model has too many questions just now",
	bot.FallbackSlow:        "the language model is too slow",
	bot.FallbackBudget:      "the language model's budget of the day is used up",
	bot.FallbackUnsupported: "nothing that the language model said could be verified",
	bot.FallbackBeside:      "the language model found no answer to the point",
}

// noteWithout says why the answer is not the language model's, each reason
// once.
func (c *call) noteWithout(reason bot.Fallback) {
	if reason == bot.FallbackNone || c.saidWithout[reason] {
		return
	}
	if c.saidWithout == nil {
		c.saidWithout = map[bot.Fallback]bool{}
	}
	c.saidWithout[reason] = true
	hint := ""
	if reason == bot.FallbackDown {
		hint = "; verbatim check tells more"
	}
	c.ui.notef("In the transcript's own words: %s%s.", cmp.Or(withoutReasons[reason], string(reason)), hint)
}

// noteRemoved says how much of what the model said is not shown, since the
// transcript does not bear it out.
func (c *call) noteRemoved(n int, noun string) {
	if n > 0 {
		c.ui.notef("Not shown, since the transcript does not bear it out: %s of the language model's.", count(n, noun))
	}
}

// noteNotShown is noteRemoved of an answer's sentences, and tells of those that
// are beside the point as well.
func (c *call) noteNotShown(a *bot.Answer) {
	switch {
	case a.Beside == 0:
		c.noteRemoved(a.Removed, "sentence")
	case a.Removed == 0:
		c.ui.notef("Not shown, since beside the point: %s of the language model's.", count(a.Beside, "sentence"))
	default:
		c.ui.notef("Not shown, since the transcript does not bear it out: %s of the language model's; since beside the point: %d.", count(a.Removed, "sentence"), a.Beside)
	}
}
