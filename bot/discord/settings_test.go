package discord

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verbatim/bot"
	"verbatim/bot/discord/discordtest"
	"verbatim/bot/discord/render"
	"verbatim/retrieval"
)

// id is the custom_id of an action without further state.
func id(kind render.Kind) string { return render.Action{Kind: kind}.String() }

func TestSettings(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	ch := g.Channel("general")
	boss := w.manager("boss", ch)
	fans, editors := g.Role("fans", 0), g.Role("editors", 0)
	scope := retrieval.Scope(g.ID)
	panel := boss.Slash("settings").Wait()
	private(t, panel)
	says(t, panel, "Settings", "Who may ask: everyone", "people with the permission Manage Server", "everyone in the channel sees them",
		"100 questions a day per person", "2,000 questions a day for the whole server", "3 seconds between two questions", "Language: Same as the server")

	panel = panel.Select(id(render.KindAskRoles), fans.ID, editors.ID).Wait()
	says(t, panel, "<@&"+fans.ID+">, <@&"+editors.ID+">")
	panel = panel.Select(id(render.KindAddRoles), editors.ID).Wait()
	panel = panel.Press("Answer privately").Wait()
	says(t, panel, "only the person asking sees them")
	w.Advance(10 * time.Second) // one message takes few edits in a short time
	panel = panel.Select(id(render.KindLanguage), "Deutsch").Wait()
	says(t, panel, "Language: Deutsch") // the panel is the asker's alone, and so in his language
	form := panel.Press("Change limits").Modal()
	var filled []string
	for _, input := range form.Inputs() {
		filled = append(filled, input.Value)
	}
	if got := strings.Join(filled, " "); got != "100 2000 3" {
		t.Errorf("the form is filled in with %s, want the limits that hold", got)
	}
	panel = form.Submit(map[string]string{render.FieldUserPerDay: " 7 ", render.FieldServerPerDay: "1", render.FieldCooldown: "0"}).Wait()
	says(t, panel, "7 questions a day per person", "1 question a day for the whole server", "no wait between two questions")
	want := bot.Settings{AskRoles: []string{fans.ID, editors.ID}, AddRoles: []string{editors.ID}, Private: true, UserPerDay: 7, ServerPerDay: 1, Language: "de"}
	for _, when := range []string{"at once", "after a restart"} {
		if diff := cmp.Diff(want, w.bot.Settings(scope)); diff != "" {
			t.Errorf("settings %s (-want +got):\n%s", when, diff)
		}
		w.restart()
	}
	if diff := cmp.Diff(bot.DefaultSettings(), w.bot.Settings(retrieval.Scope(w.Guild("others").ID))); diff != "" {
		t.Errorf("another server's settings (-want +got):\n%s", diff)
	}

	w.Advance(10 * time.Second)
	// The panel of before the restart still works, and takes everything back.
	panel = panel.Select(id(render.KindAskRoles)).Wait()
	says(t, panel, "Who may ask: everyone", "7 questions")
	panel = panel.Select(id(render.KindAddRoles)).Wait()
	panel = panel.Press("Answer publicly").Wait()
	w.Advance(10 * time.Second)
	panel = panel.Select(id(render.KindLanguage), "Same as the server").Wait()
	panel = panel.Press("Change limits").Modal().Submit(map[string]string{render.FieldUserPerDay: "0", render.FieldServerPerDay: "0"}).Wait()
	says(t, panel, "no limit per person", "no limit for the whole server", "Language: Same as the server")
	if diff := cmp.Diff(bot.Settings{AskRoles: []string{}, AddRoles: []string{}}, w.bot.Settings(scope)); diff != "" {
		t.Errorf("settings in the end (-want +got):\n%s", diff)
	}
}

// TestSettingsShowInPanel: menus show what is chosen.
func TestSettingsShowInPanel(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	boss := w.manager("boss", g.Channel("general"))
	panel := boss.Slash("settings").Wait().Select(id(render.KindLanguage), "ja").Wait()
	for _, menu := range panel.Message().Selects() {
		for _, o := range menu.Options {
			if o.Default != (o.Value == "ja") {
				t.Errorf("the menu of languages shows %q as chosen: %v", o.Label, o.Default)
			}
		}
	}
}

func TestWrongLimits(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	boss := w.manager("boss", g.Channel("general"))
	panel := boss.Slash("settings").Wait()
	before := panel.Text()
	for _, test := range []struct{ field, value, want string }{
		{render.FieldUserPerDay, "many", "Questions a day per person: please give a whole number from 0 to 100,000."},
		{render.FieldUserPerDay, "-1", "from 0 to 100,000"},
		{render.FieldUserPerDay, "1.5", "from 0 to 100,000"},
		{render.FieldServerPerDay, "100001", "Questions a day for the whole server: please give a whole number from 0 to 100,000."},
		{render.FieldServerPerDay, "1e3", "from 0 to 100,000"},
		{render.FieldCooldown, "3601", "Seconds between two questions: please give a whole number from 0 to 3,600."},
		{render.FieldCooldown, "   ", "from 0 to 3,600"},
	} {
		r := panel.Press("Change limits").Modal().Submit(map[string]string{test.field: test.value}).Wait()
		private(t, r)
		says(t, r, test.want)
	}
	if got := panel.Message().Text(); got != before {
		t.Errorf("the panel shows after wrong numbers:\n%s", got)
	}
	if diff := cmp.Diff(bot.DefaultSettings(), w.bot.Settings(retrieval.Scope(g.ID))); diff != "" {
		t.Errorf("settings after wrong numbers (-want +got):\n%s", diff)
	}
}

// TestSettingsAreForManagers: also where an admin's override in Discord lets
// others run the command, and whatever a client forges.
func TestSettingsAreForManagers(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	ch := g.Channel("general")
	editors := g.Role("editors", 0)
	boss := w.manager("boss", ch)
	boss.Slash("settings").Wait().Select(id(render.KindAddRoles), editors.ID).Wait()
	want := w.bot.Settings(retrieval.Scope(g.ID))
	panel := boss.Slash("settings").Wait()
	admin := g.Member(w.User("admin"), discordtest.PermAdministrator).In(ch)
	says(t, admin.Slash("settings").Wait(), "Who may ask")
	editor := g.Member(w.User("editor"), 0, editors).In(ch)
	ann := w.User("ann").In(ch)
	for _, actor := range []*discordtest.Actor{editor, ann} {
		if actor.MayUse("settings") {
			t.Errorf("Discord shows /settings to %s", actor.User().Name)
		}
		const refused = "You can’t change the settings here. Open to: people with the permission Manage Server."
		r := actor.Force().Slash("settings").Wait()
		private(t, r)
		says(t, r, refused)
		for _, kind := range []render.Kind{render.KindAskRoles, render.KindAddRoles, render.KindPrivate, render.KindLanguage, render.KindLimits, render.KindLimitsForm} {
			forged := actor.PressID(panel.Message(), id(kind)).Wait()
			private(t, forged)
			says(t, forged, refused)
		}
	}
	if diff := cmp.Diff(want, w.bot.Settings(retrieval.Scope(g.ID))); diff != "" {
		t.Errorf("settings changed by others (-want +got):\n%s", diff)
	}
	// Where there is no server there is nothing to set, nor to add.
	for _, command := range []string{"settings", "transcript pin"} {
		r := w.User("ann").InDM().Force().Slash(command).Wait()
		says(t, r, "only works in a server")
	}
}

// TestAnswersPrivatelyByDefault: what the server has set, and the option of a
// command over it.
func TestAnswersPrivatelyByDefault(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.forgetCooldown(g)
	ch := g.Channel("general")
	w.manager("boss", ch).Slash("settings").Wait().Press("Answer privately").Wait()
	ann := w.User("ann").In(ch)
	for _, test := range []struct {
		name  string
		given []discordtest.Given
		want  bool
	}{
		{"ask", []discordtest.Given{opt("question", shoigu)}, true},
		{"ask", []discordtest.Given{opt("question", shoigu), opt("private", false)}, false},
		{"summary", nil, true},
		{"quote", []discordtest.Given{opt("words", "Shoigu went to Pyongyang")}, true},
	} {
		r := ann.Slash(test.name, test.given...).Wait()
		says(t, r, "Toloraya")
		if r.Ephemeral() != test.want {
			t.Errorf("/%s %v is private: %v, want %v", test.name, test.given, r.Ephemeral(), test.want)
		}
		if test.want && r.Button("Open thread") != nil {
			t.Errorf("/%s offers a thread from a private answer", test.name)
		}
	}
}
