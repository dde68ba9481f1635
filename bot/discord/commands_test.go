package discord

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"

	"verbatim/bot/discord/discordtest"
)

// copied is a deep copy of the commands, as Discord gives them back: with IDs,
// a version and what it fills in by itself.
func copied(t testing.TB, list []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand {
	t.Helper()
	raw, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	var back []*discordgo.ApplicationCommand
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	for i, c := range back {
		c.ID, c.ApplicationID, c.Version = fmt.Sprint(i+1), "9", fmt.Sprint(100+i)
	}
	return back
}

// TestSameCommands: each change of what we set is noticed, and nothing else.
func TestSameCommands(t *testing.T) {
	want := commandDefinitions(true, true)
	named := func(list []*discordgo.ApplicationCommand, name string) *discordgo.ApplicationCommand {
		i := slices.IndexFunc(list, func(c *discordgo.ApplicationCommand) bool { return c.Name == name })
		return list[i]
	}
	ask := func(list []*discordgo.ApplicationCommand) *discordgo.ApplicationCommand { return named(list, "ask") }
	style := func(list []*discordgo.ApplicationCommand) *discordgo.ApplicationCommandOption {
		return named(list, "summary").Options[1]
	}
	nothing, all := int64(0), int64(8)
	for name, change := range map[string]func([]*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand{
		"one less": func(l []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand { return l[1:] },
		"one more": func(l []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand {
			return append(l, &discordgo.ApplicationCommand{Name: "old"})
		},
		"another one": func(l []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand { return append(l[1:], l[1]) },
	} {
		if sameCommands(change(copied(t, want)), want) {
			t.Errorf("%s is not noticed", name)
		}
	}
	for name, change := range map[string]func([]*discordgo.ApplicationCommand){
		"name":                       func(l []*discordgo.ApplicationCommand) { ask(l).Name = "question" },
		"kind":                       func(l []*discordgo.ApplicationCommand) { ask(l).Type = discordgo.MessageApplicationCommand },
		"description":                func(l []*discordgo.ApplicationCommand) { ask(l).Description += "." },
		"name's localisation":        func(l []*discordgo.ApplicationCommand) { (*ask(l).NameLocalizations)["de"] = "frage" },
		"missing localisation":       func(l []*discordgo.ApplicationCommand) { delete(*ask(l).NameLocalizations, "ko") },
		"no localisations":           func(l []*discordgo.ApplicationCommand) { ask(l).NameLocalizations = nil },
		"description's localisation": func(l []*discordgo.ApplicationCommand) { (*ask(l).DescriptionLocalizations)["fr"] = "demande" },
		"permissions":                func(l []*discordgo.ApplicationCommand) { named(l, "settings").DefaultMemberPermissions = &all },
		"no permissions":             func(l []*discordgo.ApplicationCommand) { named(l, "settings").DefaultMemberPermissions = nil },
		"permissions for admins":     func(l []*discordgo.ApplicationCommand) { ask(l).DefaultMemberPermissions = &nothing },
		"contexts":                   func(l []*discordgo.ApplicationCommand) { *ask(l).Contexts = (*ask(l).Contexts)[:1] },
		"no contexts":                func(l []*discordgo.ApplicationCommand) { ask(l).Contexts = nil },
		"installations":              func(l []*discordgo.ApplicationCommand) { *ask(l).IntegrationTypes = (*ask(l).IntegrationTypes)[:1] },
		"one option less":            func(l []*discordgo.ApplicationCommand) { ask(l).Options = ask(l).Options[:2] },
		"options' order":             func(l []*discordgo.ApplicationCommand) { o := ask(l).Options; o[1], o[2] = o[2], o[1] },
		"option's name":              func(l []*discordgo.ApplicationCommand) { ask(l).Options[0].Name = "q" },
		"option's kind": func(l []*discordgo.ApplicationCommand) {
			ask(l).Options[2].Type = discordgo.ApplicationCommandOptionInteger
		},
		"option's description":       func(l []*discordgo.ApplicationCommand) { ask(l).Options[0].Description = "?" },
		"option's localisation":      func(l []*discordgo.ApplicationCommand) { ask(l).Options[0].NameLocalizations["ja"] = "問" },
		"option's description in ja": func(l []*discordgo.ApplicationCommand) { ask(l).Options[0].DescriptionLocalizations["ja"] = "問" },
		"required":                   func(l []*discordgo.ApplicationCommand) { ask(l).Options[0].Required = false },
		"autocomplete":               func(l []*discordgo.ApplicationCommand) { ask(l).Options[1].Autocomplete = false },
		"length":                     func(l []*discordgo.ApplicationCommand) { ask(l).Options[0].MaxLength = 10 },
		"choice's name":              func(l []*discordgo.ApplicationCommand) { style(l).Choices[0].Name = "short" },
		"choice's value":             func(l []*discordgo.ApplicationCommand) { style(l).Choices[0].Value = "short" },
		"choice's localisation":      func(l []*discordgo.ApplicationCommand) { style(l).Choices[0].NameLocalizations["de"] = "knapp" },
		"one choice less":            func(l []*discordgo.ApplicationCommand) { style(l).Choices = style(l).Choices[1:] },
		"subcommand's option":        func(l []*discordgo.ApplicationCommand) { named(l, "transcript").Options[0].Options[0].Required = false },
	} {
		have := copied(t, want)
		change(have)
		if sameCommands(have, want) {
			t.Errorf("a change of the %s is not noticed", name)
		}
	}
	for name, change := range map[string]func([]*discordgo.ApplicationCommand){
		"nothing":  func([]*discordgo.ApplicationCommand) {},
		"order":    func(l []*discordgo.ApplicationCommand) { slices.Reverse(l) },
		"contexts": func(l []*discordgo.ApplicationCommand) { slices.Reverse(*ask(l).Contexts) },
		"what Discord fills in": func(l []*discordgo.ApplicationCommand) {
			no := false
			for _, c := range l {
				c.GuildID, c.NSFW, c.Options = "5", &no, slices.Clip(c.Options)
			}
			named(l, commandFind).Options = []*discordgo.ApplicationCommandOption{}
			named(l, commandFind).DescriptionLocalizations = &map[discordgo.Locale]string{}
		},
		"kind left out": func(l []*discordgo.ApplicationCommand) { ask(l).Type = 0 },
	} {
		have := copied(t, want)
		change(have)
		if !sameCommands(have, want) {
			t.Errorf("%s counts as a change", name)
		}
	}
}

// TestCommandsAreReplaced: what is not wanted any more goes, and what others
// changed is put right, at the next start.
func TestCommandsAreReplaced(t *testing.T) {
	w := newWorld(t, nil)
	wanted := w.CommandNames(nil)
	change := func(f func([]*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand) {
		t.Helper()
		have, err := w.adapter.rest.Commands(t.Context(), w.AppID(), "")
		if err != nil {
			t.Fatal(err)
		}
		if err := w.adapter.rest.PutCommands(t.Context(), w.AppID(), "", f(have)); err != nil {
			t.Fatal(err)
		}
		puts := w.CommandPuts()
		w.restart()
		if got := w.CommandNames(nil); !slices.Equal(got, wanted) || w.CommandPuts() != puts+1 {
			t.Errorf("the commands are %v after %d writes, want %v after 1", got, w.CommandPuts()-puts, wanted)
		}
	}
	change(func(l []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand {
		return append(l, &discordgo.ApplicationCommand{Type: discordgo.ChatApplicationCommand, Name: "search", Description: "Of an older version"})
	})
	change(func(l []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand { return l[:3] })
	change(func([]*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand { return nil })
	puts := w.CommandPuts()
	w.restart()
	if w.CommandPuts() != puts {
		t.Error("commands are written although nothing changed")
	}
}

// commandJSON is a command as Discord gives it back with its localisations.
type commandJSON struct {
	Type           int
	Name           string
	Names          map[string]string `json:"name_localizations"`
	Description    string
	Descriptions   map[string]string `json:"description_localizations"`
	Permissions    *string           `json:"default_member_permissions"`
	Contexts       []int
	Integrations   []int `json:"integration_types"`
	Options        []commandJSON
	Choices        []commandJSON
	Required, Auto bool
}

func (w *world) registered(guild string) []commandJSON {
	w.t.Helper()
	path := "/applications/" + w.AppID() + "/commands?with_localizations=true"
	if guild != "" {
		path = "/applications/" + w.AppID() + "/guilds/" + guild + "/commands?with_localizations=true"
	}
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.URL()+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bot "+w.Token())
	req.Header.Set("User-Agent", "DiscordBot (https://example.com, test)")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	var list []commandJSON
	if err := json.NewDecoder(resp.Body).Decode(&list); err != nil || resp.StatusCode != http.StatusOK {
		w.t.Fatalf("list commands: HTTP status %d, %v", resp.StatusCode, err)
	}
	return list
}

// TestCommandsAreLocalised looks at what was registered: each name and
// description in all six languages, in a form that Discord takes.
func TestCommandsAreLocalised(t *testing.T) {
	w := newWorld(t, nil)
	wantLocales := []string{"de", "en-GB", "en-US", "es-419", "es-ES", "fr", "ja", "ko"}
	count := 0
	var check func(path string, c *commandJSON, choice bool)
	check = func(path string, c *commandJSON, choice bool) {
		count++
		if got := slices.Sorted(maps.Keys(c.Names)); !slices.Equal(got, wantLocales) {
			t.Errorf("%s has a name in %v, want %v", path, got, wantLocales)
		}
		if c.Names["en-US"] != c.Name || c.Names["en-GB"] != c.Name {
			t.Errorf("%s is called %q in English", path, c.Names["en-US"])
		}
		if plain := choice || c.Type == 3 && c.Description == ""; !plain {
			if got := slices.Sorted(maps.Keys(c.Descriptions)); !slices.Equal(got, wantLocales) {
				t.Errorf("%s has a description in %v, want %v", path, got, wantLocales)
			}
			for _, l := range []string{"de", "fr", "es-ES", "ja", "ko"} {
				if c.Descriptions[l] == c.Description || utf8.RuneCountInString(c.Descriptions[l]) > 100 {
					t.Errorf("%s is described in %s as %q", path, l, c.Descriptions[l])
				}
			}
		}
		for l, name := range c.Names {
			if n := utf8.RuneCountInString(name); n < 1 || n > 32 && !choice || !choice && c.Type != 3 && name != strings.ToLower(name) {
				t.Errorf("%s is called %q in %s", path, name, l)
			}
		}
		for i := range c.Options {
			check(path+" "+c.Options[i].Name, &c.Options[i], false)
		}
		for i := range c.Choices {
			check(path+" "+c.Choices[i].Name, &c.Choices[i], true)
		}
	}
	for _, c := range w.registered("") {
		check("/"+c.Name, &c, false)
	}
	if count < 35 {
		t.Errorf("%d names were looked at, want all of some 38", count)
	}
}

// TestCommandsByPlace: who installed the application for himself has what is
// for everybody; servers have the rest as well, and direct messages do not.
func TestCommandsByPlace(t *testing.T) {
	for _, byUsers := range []bool{true, false} {
		t.Run(fmt.Sprintf("user installs %v", byUsers), func(t *testing.T) {
			w := newWorld(t, func(o *Options) {
				if !byUsers {
					o.HTTP = &http.Client{Transport: withoutUserInstalls{http.DefaultTransport}}
				}
			})
			installs := []int{0}
			if byUsers {
				installs = []int{0, 1}
			}
			for _, c := range w.registered("") {
				wantContexts, wantInstalls := []int{0, 1, 2}, installs
				if c.Name == commandTranscript || c.Name == commandSettings {
					wantContexts, wantInstalls = []int{0}, []int{0}
				}
				if !byUsers { // a private channel between others is only for who installed it
					wantContexts = slices.DeleteFunc(wantContexts, func(i int) bool { return i == 2 })
				}
				if !slices.Equal(c.Contexts, wantContexts) || !slices.Equal(c.Integrations, wantInstalls) {
					t.Errorf("/%s is for contexts %v and installations %v, want %v and %v", c.Name, c.Contexts, c.Integrations, wantContexts, wantInstalls)
				}
				if (c.Permissions != nil) != (c.Name == commandSettings) || c.Permissions != nil && *c.Permissions != "32" {
					t.Errorf("/%s has default permissions %v", c.Name, c.Permissions)
				}
			}
			puts := w.CommandPuts()
			w.restart()
			if w.CommandPuts() != puts {
				t.Error("commands are written anew at the second start")
			}
			ann := w.User("ann").InstallApp()
			if got := ann.In(w.ForeignGuild("elsewhere").Channel("general")).MayUse("ask"); got != byUsers {
				t.Errorf("who installed the application may ask elsewhere: %v, want %v", got, byUsers)
			}
			for _, name := range []string{"ask", "help", commandFind} {
				if !ann.InDM().MayUse(name) {
					t.Errorf("/%s is not in direct messages", name)
				}
			}
			if ann.InDM().MayUse("settings") || ann.InDM().MayUse("transcript") {
				t.Error("commands for servers are in direct messages")
			}
			if !ann.In(w.Guild("friends").Channel("general")).MayUse("transcript add") {
				t.Error("a role of /settings could not see /transcript")
			}
		})
	}
}

// withoutUserInstalls is a Discord where the application may be installed in
// servers alone.
type withoutUserInstalls struct{ next http.RoundTripper }

// RoundTrip changes what Discord tells of the application.
func (t withoutUserInstalls) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(r)
	if err != nil || !strings.HasSuffix(r.URL.Path, "/applications/@me") {
		return resp, err
	}
	defer resp.Body.Close()
	var app map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&app); err != nil {
		return nil, err
	}
	app["integration_types_config"] = map[string]any{"0": map[string]any{}}
	body, err := json.Marshal(app)
	if err != nil {
		return nil, err
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	resp.Header.Del("Content-Length")
	return resp, nil
}

// TestCommandsOfOneServer: for trying out they are there at once, and say
// nothing of contexts, which Discord refuses there.
func TestCommandsOfOneServer(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.stop()
	w.options.GuildID = g.ID
	w.start()
	names := w.CommandNames(g)
	for _, c := range w.registered(g.ID) {
		if c.Contexts != nil || len(c.Names) != 8 {
			t.Errorf("/%s of one server has contexts %v and %d names", c.Name, c.Contexts, len(c.Names))
		}
	}
	if want := w.CommandNames(nil); !slices.Equal(names, want) {
		t.Errorf("the server's commands are %v, want %v", names, want)
	}
	puts := w.CommandPuts()
	w.restart()
	if w.CommandPuts() != puts {
		t.Error("the server's commands are written anew at the second start")
	}
	says(t, w.User("ann").In(g.Channel("general")).Slash("ask", discordtest.Opt("question", shoigu)).Wait(), "Shoigu")
}
