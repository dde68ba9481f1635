package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"
)

// registerCommands tells Discord the commands if it knows others, for one
// server at once or, guild being "", for everybody. It reports whether
// anything had to be written: only so many changes are allowed a day. byUsers
// says that the application may be installed by users for themselves.
func (a *Adapter) registerCommands(ctx context.Context, guild string, byUsers bool) (changed bool, err error) {
	want := commandDefinitions(guild == "", byUsers)
	have, err := a.rest.Commands(ctx, a.app, guild)
	if err != nil {
		return false, fmt.Errorf("read registered commands: %w", err)
	}
	if sameCommands(have, want) {
		return false, nil
	}
	if err := a.rest.PutCommands(ctx, a.app, guild, want); err != nil {
		return false, fmt.Errorf("register commands: %w", err)
	}
	return true, nil
}

// sameCommands compares what is registered with what is wanted by what we set;
// Discord adds IDs, versions and defaults of its own.
func sameCommands(have, want []*discordgo.ApplicationCommand) bool {
	if len(have) != len(want) {
		return false
	}
	return slices.Equal(canonical(have), canonical(want))
}

// canonicalCommand is what of a command is compared.
type canonicalCommand struct {
	Type              discordgo.ApplicationCommandType
	Name, Description string
	Names             map[discordgo.Locale]string
	Descriptions      map[discordgo.Locale]string
	Permissions       string
	Contexts          []int
	Integrations      []int
	Options           []canonicalOption
}

type canonicalOption struct {
	Type              discordgo.ApplicationCommandOptionType
	Name, Description string
	Names             map[discordgo.Locale]string
	Descriptions      map[discordgo.Locale]string
	Required          bool
	Autocomplete      bool
	MinLength         int
	MaxLength         int
	Choices           []string
	Options           []canonicalOption
}

// canonical is one JSON text a command, sorted.
func canonical(commands []*discordgo.ApplicationCommand) []string {
	texts := make([]string, 0, len(commands))
	for _, c := range commands {
		entry := canonicalCommand{Type: c.Type, Name: c.Name, Description: c.Description, Options: canonicalOptions(c.Options)}
		if entry.Type == 0 {
			entry.Type = discordgo.ChatApplicationCommand
		}
		if c.NameLocalizations != nil && len(*c.NameLocalizations) > 0 {
			entry.Names = *c.NameLocalizations
		}
		if c.DescriptionLocalizations != nil && len(*c.DescriptionLocalizations) > 0 {
			entry.Descriptions = *c.DescriptionLocalizations
		}
		if c.DefaultMemberPermissions != nil {
			entry.Permissions = fmt.Sprint(*c.DefaultMemberPermissions)
		}
		if c.Contexts != nil {
			for _, x := range *c.Contexts {
				entry.Contexts = append(entry.Contexts, int(x))
			}
			slices.Sort(entry.Contexts)
		}
		if c.IntegrationTypes != nil {
			for _, x := range *c.IntegrationTypes {
				entry.Integrations = append(entry.Integrations, int(x))
			}
			slices.Sort(entry.Integrations)
		}
		texts = append(texts, canonicalText(entry))
	}
	slices.Sort(texts)
	return texts
}

func canonicalOptions(options []*discordgo.ApplicationCommandOption) []canonicalOption {
	var list []canonicalOption
	for _, o := range options {
		entry := canonicalOption{
			Type: o.Type, Name: o.Name, Description: o.Description, Required: o.Required, Autocomplete: o.Autocomplete,
			MaxLength: o.MaxLength, Options: canonicalOptions(o.Options),
		}
		if len(o.NameLocalizations) > 0 {
			entry.Names = o.NameLocalizations
		}
		if len(o.DescriptionLocalizations) > 0 {
			entry.Descriptions = o.DescriptionLocalizations
		}
		if o.MinLength != nil {
			entry.MinLength = *o.MinLength
		}
		for _, c := range o.Choices {
			entry.Choices = append(entry.Choices, canonicalText([]any{c.Name, c.Value, c.NameLocalizations}))
		}
		list = append(list, entry)
	}
	return list
}

// canonicalText is JSON with sorted keys.
func canonicalText(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err.Error() // differs from every other text
	}
	return b.String()
}
