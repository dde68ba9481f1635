package words

import (
	"maps"
	"slices"
)

// CommandWords is what a command, a subcommand, an option or a choice is
// called. The maps go by Discord's locales: en-US, en-GB, de, fr, es-ES,
// es-419, ja and ko.
type CommandWords struct {
	// Name is the English one: of a command and an option the one by which
	// events name it, of a choice the one that is shown.
	Name  string
	Names map[string]string
	// Description is empty for choices and the message command, and then
	// Descriptions is, too.
	Description  string
	Descriptions map[string]string
}

// locales are the languages by the locales of Discord
// [https://docs.discord.com/developers/reference, "Locales", read 2026-08-06].
// Each is given: none of them falls back to another in every client.
var locales = map[string]Language{
	"en-US": English, "en-GB": English, "de": German, "fr": French,
	"es-ES": Spanish, "es-419": Spanish, "ja": Japanese, "ko": Korean,
}

// Command is what is called by the path: a command "ask", its option "ask
// question", a subcommand's option "transcript add file", a choice "summary
// style brief", or the message command "Find in episodes". A path that is not
// in the catalog gives empty words.
func Command(path string) CommandWords {
	entry, ok := commands[path]
	if !ok {
		return CommandWords{}
	}
	w := CommandWords{Name: entry.names[English], Names: map[string]string{}, Description: entry.descriptions[English]}
	for locale, l := range locales {
		w.Names[locale] = entry.names[l]
	}
	if w.Description != "" {
		w.Descriptions = map[string]string{}
		for locale, l := range locales {
			w.Descriptions[locale] = entry.descriptions[l]
		}
	}
	return w
}

// Commands lists the paths of the catalog in order.
func Commands() []string { return slices.Sorted(maps.Keys(commands)) }

// Slash is how a command is typed in the language: "/transcript add" for the
// path "transcript add".
func (l Language) Slash(command string, sub ...string) string {
	text, path := "/"+l.commandName(command), command
	for _, name := range sub {
		path += " " + name
		text += " " + l.commandName(path)
	}
	return text
}

// MessageCommand is what the menu of a message calls the look-up of quotes.
func (l Language) MessageCommand() string { return l.commandName("Find in episodes") }

func (l Language) commandName(path string) string {
	if name := commands[path].names[l]; name != "" {
		return name
	}
	return commands[path].names[English]
}

// commandEntry holds the words of one path by language.
type commandEntry struct {
	names, descriptions map[Language]string
}

// in puts texts in the order of Languages under their language.
func in(en, de, fr, es, ja, ko string) map[Language]string {
	return map[Language]string{English: en, German: de, French: fr, Spanish: es, Japanese: ja, Korean: ko}
}
