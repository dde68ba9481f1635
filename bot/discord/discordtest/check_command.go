package discordtest

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// locales are the ones that Discord knows [reference: Locales].
var locales = []string{
	"id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR", "ro", "fi", "sv-SE",
	"vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko", "ar", "he",
}

// Limits of commands [interactions/application-commands].
const (
	maxChatCommands = 100
	maxMenuCommands = 15
	maxCommandText  = 8000
)

// chatName is the form of names of commands and options.
var chatName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// commands checks a whole set of commands.
func (c *checker) commands(q *request) {
	list, ok := q.raw.([]any)
	if !ok {
		c.bad(place{}, "LIST_TYPE_CONVERT", "is %T, not a list", q.raw)
		return
	}
	count, seen := map[int]int{}, map[string]bool{}
	for i, v := range list {
		at := place{}.at(i)
		m := c.object(at, v)
		if m == nil {
			continue
		}
		kind := commandKind(m)
		count[kind]++
		name, _ := m["name"].(string)
		if key := string(rune('0'+kind)) + name; seen[key] {
			c.bad(at.at("name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", "%q occurs twice", name)
		} else {
			seen[key] = true
		}
		c.command(at, m, kind, q.params["guild_id"] != "")
	}
	if count[1] > maxChatCommands || count[2] > maxMenuCommands || count[3] > maxMenuCommands {
		c.bad(place{}, "BASE_TYPE_MAX_LENGTH", "too many commands: %d, %d for users, %d for messages", count[1], count[2], count[3])
	}
}

func commandKind(m map[string]any) int {
	if k := kindOf(m); k != 0 {
		return k
	}
	return 1
}

func (c *checker) command(at place, m map[string]any, kind int, guild bool) {
	c.names(at, m, kind == 1, true)
	switch kind {
	case 1:
		c.descriptions(at, m)
		c.options(at, m, 0)
	case 2, 3:
		if d, _ := m["description"].(string); d != "" {
			c.bad(at.at("description"), "APPLICATION_COMMAND_DESCRIPTION", "a menu command has none")
		}
		if l, _ := m["options"].([]any); len(l) > 0 {
			c.bad(at.at("options"), "APPLICATION_COMMAND_OPTIONS", "a menu command has none")
		}
	default:
		c.bad(at.at("type"), "BASE_TYPE_CHOICES", "%d is no kind of command", kind)
	}
	for _, key := range []string{"contexts", "integration_types"} {
		if l := c.list(at, m, key, 3); guild && len(l) > 0 {
			c.bad(at.at(key), "APPLICATION_COMMAND_CONTEXTS", "only global commands have it")
		}
	}
	if p, ok := m["default_member_permissions"].(string); ok && strings.Trim(p, "0123456789") != "" {
		c.bad(at.at("default_member_permissions"), "BITFIELD", "%q is no bit set", p)
	}
	if n := commandText(m); n > maxCommandText {
		c.bad(at, "APPLICATION_COMMAND_TOO_LARGE", "names, descriptions and values must be %d or fewer, are %d", maxCommandText, n)
	}
}

// commandText counts names, descriptions and values; of localised ones the
// longest.
func commandText(m map[string]any) int {
	n := longest(m, "name") + longest(m, "description")
	if v, ok := m["value"].(string); ok {
		n += utf8.RuneCountInString(v)
	}
	for _, key := range []string{"options", "choices"} {
		l, _ := m[key].([]any)
		for _, v := range l {
			if o, ok := v.(map[string]any); ok {
				n += commandText(o)
			}
		}
	}
	return n
}

func longest(m map[string]any, key string) int {
	text, _ := m[key].(string)
	n := utf8.RuneCountInString(text)
	local, _ := m[key+"_localizations"].(map[string]any)
	for _, v := range local {
		if s, ok := v.(string); ok {
			n = max(n, utf8.RuneCountInString(s))
		}
	}
	return n
}

// names checks a name and its translations; chat names are lower case.
func (c *checker) names(at place, m map[string]any, chat, translations bool) {
	check := func(at place, name string) {
		switch {
		case chat && !chatName.MatchString(name):
			c.bad(at, "APPLICATION_COMMAND_INVALID_NAME", "%q is no name of a command or option", name)
		case chat && strings.ToLower(name) != name:
			c.bad(at, "APPLICATION_COMMAND_INVALID_NAME", "%q must be in lower case", name)
		case strings.TrimSpace(name) != name:
			c.bad(at, "APPLICATION_COMMAND_INVALID_NAME", "%q has space around it", name)
		}
	}
	check(at.at("name"), c.need(at, m, "name", 1, 32))
	if translations {
		c.localized(at.at("name_localizations"), m["name_localizations"], 32, check)
	}
}

func (c *checker) descriptions(at place, m map[string]any) {
	c.need(at, m, "description", 1, 100)
	c.localized(at.at("description_localizations"), m["description_localizations"], 100, func(place, string) {})
}

func (c *checker) localized(at place, v any, maximum int, check func(place, string)) {
	if v == nil {
		return
	}
	m := c.object(at, v)
	for locale, text := range m {
		if !slices.Contains(locales, locale) {
			c.bad(at.at(locale), "BASE_TYPE_CHOICES", "no locale of Discord's")
		}
		if text != nil {
			s, _ := c.text(at, m, locale, 1, maximum)
			check(at.at(locale), s)
		}
	}
}

// options checks the options of a command (depth 0), group or subcommand.
func (c *checker) options(at place, m map[string]any, depth int) {
	seen := map[string]bool{}
	optional, subs, plain := false, 0, 0
	for i, v := range c.list(at, m, "options", 25) {
		here := at.at("options", i)
		o := c.object(here, v)
		if o == nil {
			continue
		}
		c.names(here, o, true, true)
		c.descriptions(here, o)
		name, _ := o["name"].(string)
		if seen[name] {
			c.bad(here.at("name"), "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "%q occurs twice", name)
		}
		seen[name] = true
		switch kind := kindOf(o); kind {
		case optSub, optGroup:
			subs++
			if depth > 1 || kind == optGroup && depth > 0 {
				c.bad(here.at("type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "%d may not stand here", kind)
				continue
			}
			next := depth + 1
			if kind == optSub {
				next = 2
			}
			c.options(here, o, next)
		default:
			plain++
			required, _ := o["required"].(bool)
			if required && optional {
				c.bad(here.at("required"), "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "required options come before others")
			}
			optional = optional || !required
			c.option(here, o, kind)
		}
	}
	if subs > 0 && plain > 0 {
		c.bad(at.at("options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "subcommands and other options together")
	}
}

// Kinds of options.
const (
	optSub         = 1
	optGroup       = 2
	optString      = 3
	optInteger     = 4
	optBool        = 5
	optUser        = 6
	optChannel     = 7
	optRole        = 8
	optMentionable = 9
	optNumber      = 10
	optAttachment  = 11
)

func (c *checker) option(at place, o map[string]any, kind int) {
	if kind < optString || kind > optAttachment {
		c.bad(at.at("type"), "BASE_TYPE_CHOICES", "%d is no kind of option", kind)
	}
	typed := kind == optString || kind == optInteger || kind == optNumber
	choices := c.list(at, o, "choices", 25)
	auto, _ := o["autocomplete"].(bool)
	if (auto || len(choices) > 0) && !typed {
		c.bad(at, "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", "an option of kind %d has no choices", kind)
	}
	if auto && len(choices) > 0 {
		c.bad(at.at("autocomplete"), "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", "either choices or autocomplete")
	}
	seen := map[string]bool{}
	for i, v := range choices {
		here := at.at("choices", i)
		m := c.object(here, v)
		if m == nil {
			continue
		}
		name := c.need(here, m, "name", 1, 100)
		c.localized(here.at("name_localizations"), m["name_localizations"], 100, func(place, string) {})
		if kind == optString {
			c.need(here, m, "value", 1, 100)
		} else if m["value"] == nil {
			c.bad(here.at("value"), "BASE_TYPE_REQUIRED", "is required")
		}
		if seen[name] {
			c.bad(here.at("name"), "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_EXISTS", "%q occurs twice", name)
		}
		seen[name] = true
	}
	c.within(at, o, "min_length", 0, 6000)
	c.within(at, o, "max_length", 1, 6000)
}
