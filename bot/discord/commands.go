package discord

import (
	"github.com/bwmarrin/discordgo"

	"verbatim/bot"
	"verbatim/bot/discord/words"
)

// Names of the commands, as events carry them.
const (
	commandAsk        = "ask"
	commandSummary    = "summary"
	commandQuote      = "quote"
	commandEpisodes   = "episodes"
	commandTranscript = "transcript"
	commandSettings   = "settings"
	commandHelp       = "help"
	commandPrivacy    = "privacy"
	commandForget     = "forget-me"
	commandFind       = "Find in episodes"

	subAdd    = "add"
	subRemove = "remove"
	subPin    = "pin"
)

// Lengths of what people may type, in characters.
const (
	maxQuestion = 1000
	maxQuoted   = 2000
	maxTitle    = 200
	maxTyped    = 100
)

// commandDefinitions are all commands. Global ones say where they work and for
// which installations, users' own among them only where the application allows
// those; the commands of one server must say neither.
//
// /transcript has no default_member_permissions, although it needs Manage
// Server or a role of /settings: Discord would hide it from the members of
// that role. The right is checked at every use.
func commandDefinitions(global, byUsers bool) []*discordgo.ApplicationCommand {
	manage := int64(discordgo.PermissionManageGuild)
	everywhere := []*discordgo.ApplicationCommand{
		chat(commandAsk, required(text(commandAsk, "question", maxQuestion)), episodeOption(commandAsk), flag(commandAsk, "private")),
		chat(commandSummary, episodeOption(commandSummary), choice(commandSummary, "style", bot.Styles...)),
		chat(commandQuote, required(text(commandQuote, "words", maxQuoted)), episodeOption(commandQuote),
			autocompleted(text(commandQuote, "speaker", maxTyped)), choice(commandQuote, "match", matchAny, bot.MatchExact, bot.MatchClose, bot.MatchMeaning)),
		chat(commandEpisodes, text(commandEpisodes, "search", maxTyped)),
		chat(commandHelp), chat(commandPrivacy), chat(commandForget),
		{Type: discordgo.MessageApplicationCommand, Name: commandFind, NameLocalizations: localized(words.Command(commandFind).Names)},
	}
	add := commandTranscript + " " + subAdd
	inServers := []*discordgo.ApplicationCommand{
		chat(commandTranscript,
			sub(commandTranscript, subAdd,
				required(option(add, "file", discordgo.ApplicationCommandOptionAttachment)), text(add, "title", maxTitle), text(add, "show", maxTitle),
				text(add, "date", len("2006-01-02")), text(add, "audio_url", 500)),
			sub(commandTranscript, subRemove, required(episodeOption(commandTranscript+" "+subRemove))),
			sub(commandTranscript, subPin, episodeOption(commandTranscript+" "+subPin))),
		chat(commandSettings),
	}
	inServers[1].DefaultMemberPermissions = &manage
	if global {
		installs := []discordgo.ApplicationIntegrationType{discordgo.ApplicationIntegrationGuildInstall}
		contexts := []discordgo.InteractionContextType{discordgo.InteractionContextGuild, discordgo.InteractionContextBotDM}
		if byUsers {
			installs = append(installs, discordgo.ApplicationIntegrationUserInstall)
			contexts = append(contexts, discordgo.InteractionContextPrivateChannel) // for them alone
		}
		for _, c := range everywhere {
			c.Contexts = &contexts
			c.IntegrationTypes = &installs
		}
		for _, c := range inServers {
			c.Contexts = &[]discordgo.InteractionContextType{discordgo.InteractionContextGuild}
			c.IntegrationTypes = &[]discordgo.ApplicationIntegrationType{discordgo.ApplicationIntegrationGuildInstall}
		}
	}
	return append(everywhere, inServers...)
}

// matchAny is the choice of /quote's match that means every grade.
const matchAny = "any"

// chat is a slash command; its words stand in the catalog under its name.
func chat(name string, options ...*discordgo.ApplicationCommandOption) *discordgo.ApplicationCommand {
	w := words.Command(name)
	return &discordgo.ApplicationCommand{
		Type: discordgo.ChatApplicationCommand, Name: name, NameLocalizations: localized(w.Names),
		Description: w.Description, DescriptionLocalizations: localized(w.Descriptions), Options: options,
	}
}

// option is an option of the command or subcommand at path.
func option(path, name string, kind discordgo.ApplicationCommandOptionType) *discordgo.ApplicationCommandOption {
	w := words.Command(path + " " + name)
	return &discordgo.ApplicationCommandOption{
		Type: kind, Name: name, NameLocalizations: *localized(w.Names),
		Description: w.Description, DescriptionLocalizations: *localized(w.Descriptions),
	}
}

func sub(path, name string, options ...*discordgo.ApplicationCommandOption) *discordgo.ApplicationCommandOption {
	o := option(path, name, discordgo.ApplicationCommandOptionSubCommand)
	o.Options = options
	return o
}

func text(path, name string, maxLength int) *discordgo.ApplicationCommandOption {
	o := option(path, name, discordgo.ApplicationCommandOptionString)
	o.MaxLength = maxLength
	return o
}

func flag(path, name string) *discordgo.ApplicationCommandOption {
	return option(path, name, discordgo.ApplicationCommandOptionBoolean)
}

func episodeOption(path string) *discordgo.ApplicationCommandOption {
	return autocompleted(text(path, "episode", maxTyped))
}

func autocompleted(o *discordgo.ApplicationCommandOption) *discordgo.ApplicationCommandOption {
	o.Autocomplete = true
	return o
}

func required(o *discordgo.ApplicationCommandOption) *discordgo.ApplicationCommandOption {
	o.Required = true
	return o
}

// choice is an option with fixed values, each with its words in the catalog.
func choice(path, name string, values ...string) *discordgo.ApplicationCommandOption {
	o := option(path, name, discordgo.ApplicationCommandOptionString)
	for _, value := range values {
		w := words.Command(path + " " + name + " " + value)
		o.Choices = append(o.Choices, &discordgo.ApplicationCommandOptionChoice{Name: w.Name, NameLocalizations: *localized(w.Names), Value: value})
	}
	return o
}

// localized is a catalog's map as discordgo wants it.
func localized(byLocale map[string]string) *map[discordgo.Locale]string {
	m := make(map[discordgo.Locale]string, len(byLocale))
	for locale, s := range byLocale {
		m[discordgo.Locale(locale)] = s
	}
	return &m
}
