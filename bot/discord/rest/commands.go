package rest

import "github.com/bwmarrin/discordgo"

// plainCommand is a command as Discord wants it: discordgo's type writes
// "options": null also for menu commands, which have none, and each option's
// absent lists as null.
type plainCommand struct {
	Type         discordgo.ApplicationCommandType        `json:"type"`
	Name         string                                  `json:"name"`
	Names        *map[discordgo.Locale]string            `json:"name_localizations,omitempty"`
	Description  string                                  `json:"description,omitempty"`
	Descriptions *map[discordgo.Locale]string            `json:"description_localizations,omitempty"`
	Permissions  *int64                                  `json:"default_member_permissions,string,omitempty"`
	Contexts     *[]discordgo.InteractionContextType     `json:"contexts,omitempty"`
	Integrations *[]discordgo.ApplicationIntegrationType `json:"integration_types,omitempty"`
	Options      []plainOption                           `json:"options,omitempty"`
}

type plainOption struct {
	Type         discordgo.ApplicationCommandOptionType `json:"type"`
	Name         string                                 `json:"name"`
	Names        map[discordgo.Locale]string            `json:"name_localizations,omitempty"`
	Description  string                                 `json:"description"`
	Descriptions map[discordgo.Locale]string            `json:"description_localizations,omitempty"`
	Required     bool                                   `json:"required,omitempty"`
	Autocomplete bool                                   `json:"autocomplete,omitempty"`
	MinLength    *int                                   `json:"min_length,omitempty"`
	MaxLength    int                                    `json:"max_length,omitempty"`
	MinValue     *float64                               `json:"min_value,omitempty"`
	MaxValue     float64                                `json:"max_value,omitempty"`
	Channels     []discordgo.ChannelType                `json:"channel_types,omitempty"`
	Choices      []plainChoice                          `json:"choices,omitempty"`
	Options      []plainOption                          `json:"options,omitempty"`
}

type plainChoice struct {
	Name  string                      `json:"name"`
	Names map[discordgo.Locale]string `json:"name_localizations,omitempty"`
	Value any                         `json:"value"`
}

// plainCommands are the commands as sent. Those of one server may not say where
// they are for.
func plainCommands(list []*discordgo.ApplicationCommand, global bool) []plainCommand {
	plain := make([]plainCommand, len(list))
	for i, c := range list {
		plain[i] = plainCommand{
			Type: c.Type, Name: c.Name, Names: c.NameLocalizations, Description: c.Description, Descriptions: c.DescriptionLocalizations,
			Permissions: c.DefaultMemberPermissions, Contexts: c.Contexts, Integrations: c.IntegrationTypes, Options: plainOptions(c.Options),
		}
		if !global {
			plain[i].Contexts, plain[i].Integrations = nil, nil
		}
	}
	return plain
}

func plainOptions(list []*discordgo.ApplicationCommandOption) []plainOption {
	var plain []plainOption
	for _, o := range list {
		p := plainOption{
			Type: o.Type, Name: o.Name, Names: o.NameLocalizations, Description: o.Description, Descriptions: o.DescriptionLocalizations,
			Required: o.Required, Autocomplete: o.Autocomplete, MinLength: o.MinLength, MaxLength: o.MaxLength, Options: plainOptions(o.Options),
			MinValue: o.MinValue, MaxValue: o.MaxValue, Channels: o.ChannelTypes,
		}
		for _, c := range o.Choices {
			p.Choices = append(p.Choices, plainChoice{Name: c.Name, Names: c.NameLocalizations, Value: c.Value})
		}
		plain = append(plain, p)
	}
	return plain
}
