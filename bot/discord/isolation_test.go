package discord

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"verbatim/bot"
	"verbatim/bot/discord/discordtest"
	"verbatim/bot/discord/render"
	"verbatim/bot/discord/words"
	"verbatim/bot/model"
	"verbatim/bot/model/modeltest"
	"verbatim/data"
	"verbatim/retrieval"
)

// Sizes of TestIsolation.
const (
	isolatedServers = 20
	isolatedUsers   = 60
	isolatedWorkers = 10
	// serversOfUser is how many servers each user is a member of.
	serversOfUser = 3
	// keptMessages is how many messages of a server may be pressed later, and
	// keptIDs how many custom_ids of all servers.
	keptMessages, keptIDs = 40, 2000
)

// TestIsolation: in random operations of many users in many servers nothing
// that a user sees holds a word that belongs to another server. Every episode
// has words of its own in its text, title, speaker, show, address and ID that
// name their server; scanner knows them. Of these people type the IDs alone
// where they do not belong, so that nothing else can be an echo. The seed is
// printed; ISOLATION_SEED sets it, and makes each worker's choices the same.
func TestIsolation(t *testing.T) {
	total := int64(10_000)
	if testing.Short() {
		total = 1000
	}
	seed := uint64(time.Now().UnixNano())
	if given, err := strconv.ParseUint(os.Getenv("ISOLATION_SEED"), 10, 64); err == nil {
		seed = given
	}
	t.Logf("seed %d", seed)
	began := time.Now()
	// A machine that is too slow for all of them before the tests' deadline does
	// what it can in half of the time that is left, and says how many.
	end := began.Add(time.Hour)
	if deadline, ok := t.Deadline(); ok {
		end = began.Add(time.Until(deadline) / 2)
	}
	i := newIsolation(t, seed)
	var workers sync.WaitGroup
	for n := range isolatedWorkers {
		workers.Go(func() {
			random := rand.New(rand.NewPCG(seed, uint64(n)))
			for i.done.Load() < total && time.Now().Before(end) && !t.Failed() {
				i.visit(random, n).act()
			}
		})
	}
	workers.Wait()
	i.sweep()
	for _, leak := range i.scanner.found() {
		t.Error(leak)
	}
	if v := i.Violations(); len(v) > 0 {
		t.Errorf("rules were broken: %q", v)
	}
	i.report(time.Since(began))
	t.Run("planted leaks are found", func(t *testing.T) { i.planted(t) })
}

// scanner finds words of servers in what people see. Safe for concurrent use.
type scanner struct {
	mutex sync.Mutex
	leaks []string
	// own counts words of the user's own server by what they are in, public
	// those of everybody's episodes.
	own    map[string]int
	public int
	drafts atomic.Int64 // in English
	bytes  int
	// codes are those of the servers by their scope, keys counts the signed links
	// of the user's own server.
	codes map[string]string
	keys  int
}

func newScanner() *scanner { return &scanner{own: map[string]int{}, codes: map[string]string{}} }

// signedLink is the key in a link to the page of a server's episode.
var signedLink = regexp.MustCompile(`[?]k=([\w-]{40,})`)

// links looks for links that open what is another server's.
func (s *scanner) links(what, code string, raw []byte) {
	for _, m := range signedLink.FindAllSubmatch(raw, -1) {
		// A moment of eight bytes, the scope, a signature of sixteen.
		key, err := base64.RawURLEncoding.DecodeString(string(m[1]))
		if err != nil || len(key) < 25 || s.codes[string(key[8:len(key)-16])] != code {
			s.leaks = append(s.leaks, fmt.Sprintf("%s in server %q has a link with the key %q, %v", what, code, key, err))
			continue
		}
		s.keys++
	}
}

// publicCode takes a server's place in the words of public episodes.
const publicCode = "pp"

// marker is a word of an episode: what it is in, and the code of its server. Its
// letters stand in no other word.
var marker = regexp.MustCompile(`(?i)zqxjv([a-z])([a-z]{2})[a-z]*`)

// word makes a marker.
func word(kind byte, code string, serial int) string {
	return fmt.Sprintf("Zqxjv%c%s%c%c%c", kind, code, 'a'+serial/676%26, 'a'+serial/26%26, 'a'+serial%26)
}

// scan looks through something that a user sees in the server of that code, ""
// outside of one. Of what he typed the IDs may come back.
func (s *scanner) scan(what, code, typed string, raw []byte) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.bytes += len(raw)
	s.links(what, code, raw)
	for _, m := range marker.FindAllSubmatch(raw, -1) {
		kind, of := strings.ToLower(string(m[1])), strings.ToLower(string(m[2]))
		switch {
		case of == publicCode:
			s.public++
		case of == code:
			s.own[kind]++
		case kind == "i" && strings.Contains(strings.ToLower(typed), strings.ToLower(string(m[0]))):
		case len(s.leaks) < 20:
			s.leaks = append(s.leaks, fmt.Sprintf("%s in server %q shows %s of server %q (typed %q):\n%s", what, code, m[0], of, typed, raw))
		}
	}
}

// states scans all that a message has shown, drafts among it.
func (s *scanner) states(what, code, typed string, m *discordtest.Message) {
	for _, state := range m.States {
		if isDraft(state.Text) {
			s.drafts.Add(1)
		}
		s.scan(what, code, typed, []byte(state.Text))
	}
}

func (s *scanner) found() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return slices.Clone(s.leaks)
}

// isolation is what goes on in TestIsolation.
type isolation struct {
	*world
	scanner  *scanner
	homes    []*home
	foreign  []*discordtest.Channel
	users    []*discordtest.User
	member   [][]*home // by user
	done     atomic.Int64
	serial   atomic.Int64
	mutex    sync.Mutex
	kinds    map[string]int
	ids      []string // custom_ids seen anywhere
	episodes []retrieval.EpisodeID
	shown    []shown
	threads  []shownThread
}

// home is a server.
type home struct {
	code, topic string
	guild       *discordtest.Guild
	channels    []*discordtest.Channel
	crew        *discordtest.Role
	mutex       sync.Mutex
	messages    []kept
	episodes    []retrieval.EpisodeID
	undos       []string // keys of uploads that were not taken back
}

// kept is a message of the bot's to press buttons of later; only is who alone
// sees it, nil for everybody.
type kept struct {
	m    *discordtest.Message
	only *discordtest.User
}

// shown is a message to be looked at again in the end.
type shown struct {
	m                 *discordtest.Message
	what, code, typed string
}

type shownThread struct {
	channel *discordtest.Channel
	home    *home
}

func (h *home) scope() retrieval.Scope { return retrieval.Scope(h.guild.ID) }

var topics = []string{
	"harbour", "lighthouse", "orchard", "quarry", "windmill", "abbey", "bakery", "canal", "dairy", "foundry",
	"garden", "hospital", "island", "jetty", "kitchen", "library", "museum", "nursery", "observatory", "palace",
}

func newIsolation(t *testing.T, seed uint64) *isolation {
	w := newWorld(t, nil, discordtest.Options{
		NoRateLimits: true, NoSchema: true, EditBudget: discordtest.Bucket{Limit: 10_000, Per: time.Second},
	})
	w.bot.UsePages("https://pages.example")
	i := &isolation{world: w, scanner: newScanner(), kinds: map[string]int{}}
	// The sample is the longest episode by far, and shows nothing here.
	if err := w.bot.Remove(t.Context(), retrieval.Public, retrieval.Slug(strings.TrimSuffix(data.SampleName, ".txt"))); err != nil {
		t.Fatal(err)
	}
	for n := range isolatedServers {
		g := w.Guild("server " + topics[n])
		h := &home{code: fmt.Sprintf("%c%c", 'a'+n/5, 'a'+n%5), topic: topics[n], guild: g, crew: g.Role("crew", 0)}
		h.channels = []*discordtest.Channel{g.Channel("general"), g.Channel("random")}
		i.homes = append(i.homes, h)
		i.scanner.codes[g.ID] = h.code
		i.unlimited(h)
		for _, file := range []string{"", sharedFile} {
			i.addTo(h, file)
		}
	}
	for range 2 {
		i.addTo(&home{code: publicCode, topic: "station"}, "")
	}
	i.addTo(&home{code: publicCode, topic: "station"}, sharedFile)
	for _, name := range []string{"foreign one", "foreign two"} {
		i.foreign = append(i.foreign, w.ForeignGuild(name).Channel("general"))
	}
	// The model says what it is given, wherever that is from, in two parts.
	w.useModel(func(r modeltest.Request) modeltest.Reply {
		said := parrot(r).Text
		middle := strings.LastIndexByte(said[:len(said)/2+1], ' ') + 1
		return modeltest.Reply{Pieces: []string{said[:middle], said[middle:]}, PieceDelay: 5 * time.Millisecond}
	}, model.Options{Parallel: 2 * isolatedWorkers})
	random := rand.New(rand.NewPCG(seed, 1<<32))
	for n := range isolatedUsers {
		i.addUser(n, random)
	}
	return i
}

// addUser makes a user who manages one server, has a role in another and is a
// plain member of the third.
func (i *isolation) addUser(n int, random *rand.Rand) {
	u := i.User(fmt.Sprintf("user %02d", n)).InstallApp()
	if n%4 == 0 {
		u.SetLocale([]string{"de", "fr", "ja"}[random.IntN(3)])
	}
	var homes []*home
	for at, k := range random.Perm(isolatedServers)[:serversOfUser] {
		h := i.homes[k]
		homes = append(homes, h)
		switch at {
		case 0:
			h.guild.Member(u, discordtest.PermManageGuild)
		case 1:
			h.guild.Member(u, 0, h.crew)
		default:
			h.guild.Member(u, 0)
		}
	}
	i.users, i.member = append(i.users, u), append(i.member, homes)
}

// unlimited lets everybody of a server ask as often as he likes.
func (i *isolation) unlimited(h *home) {
	i.t.Helper()
	s := bot.DefaultSettings()
	s.CooldownSeconds, s.UserPerDay, s.ServerPerDay = 0, 0, 0
	if err := i.bot.SaveSettings(context.Background(), h.scope(), s); err != nil {
		i.t.Fatal(err)
	}
}

// sharedFile is the name of a file, and so the ID of an episode, that there is
// in all servers and in public.
const sharedFile = "weekly-talk.txt"

// episode makes an episode of a server; every part of it has a word that is the
// server's own.
func (i *isolation) episode(h *home, file string) bot.NewEpisode {
	n := int(i.serial.Add(1))
	if file == "" {
		file = fmt.Sprintf("%s-%s.txt", h.topic, word('i', h.code, n))
	}
	text := fmt.Sprintf(`%[1]s: Welcome to the talk about the %[2]s vault and its secret password.
Guest: The secret password of the %[2]s vault is %[3]s, and the keeper wrote it down in 1987.
%[1]s: Nobody but the keeper of the %[2]s vault knows how the lantern %[4]s was lit that night.
`, word('k', h.code, n), h.topic, word('s', h.code, n), word('l', h.code, n))
	return bot.NewEpisode{
		File: file, Data: []byte(text), Title: "Vault talk " + word('t', h.code, n), Show: "Show " + word('h', h.code, n),
		Date: fmt.Sprintf("2024-%02d-%02d", 1+n%12, 1+n%28), AudioURL: "https://audio.example/" + strings.ToLower(word('u', h.code, n)) + ".mp3",
	}
}

// addTo adds an episode as the command line does.
func (i *isolation) addTo(h *home, file string) {
	i.t.Helper()
	scope := retrieval.Public
	if h.guild != nil {
		scope = h.scope()
	}
	added, err := i.bot.Add(context.Background(), scope, i.episode(h, file), nil)
	if err != nil {
		i.t.Error(err)
		return
	}
	i.added(h, added.Episode)
}

func (i *isolation) added(h *home, id retrieval.EpisodeID) {
	h.mutex.Lock()
	h.episodes = append(h.episodes, id)
	h.mutex.Unlock()
	if h.guild == nil {
		return
	}
	i.mutex.Lock()
	defer i.mutex.Unlock()
	i.episodes = append(i.episodes, id)
}

// visitor is a user in a place, for one operation or several that follow each
// other.
type visitor struct {
	*isolation
	user  *discordtest.User
	actor *discordtest.Actor
	home  *home // nil outside of the servers that have the bot
	other *home // one that the user is not in
	rand  *rand.Rand
}

// visit puts one of a worker's users somewhere.
func (i *isolation) visit(random *rand.Rand, worker int) *visitor {
	n := random.IntN(isolatedUsers/isolatedWorkers)*isolatedWorkers + worker
	v := &visitor{isolation: i, user: i.users[n], rand: random}
	v.other = i.homes[random.IntN(isolatedServers)]
	for slices.Contains(i.member[n], v.other) {
		v.other = i.homes[random.IntN(isolatedServers)]
	}
	switch where := random.IntN(20); {
	case where == 0:
		v.actor = v.user.InDM()
	case where == 1:
		v.actor = v.user.In(i.foreign[random.IntN(len(i.foreign))]).Force()
	case where == 2:
		v.actor = v.user.In(v.user.Private(i.users[(n+1)%isolatedUsers])).Force()
	default:
		v.home = i.member[n][random.IntN(serversOfUser)]
		v.actor = v.user.In(v.home.channels[random.IntN(len(v.home.channels))])
	}
	return v
}

func (v *visitor) code() string {
	if v.home == nil {
		return ""
	}
	return v.home.code
}

// see waits for an answer and looks at all that it shows. In other languages than
// English it does not know a draft, and the answer is looked at in the end.
func (v *visitor) see(what string, r *discordtest.Reply, typed ...string) *discordtest.Reply {
	summing, _, _ := strings.Cut(words.English.Say(words.SummaryWorking, 0, 0), "0")
	r.Wait().WaitFor("end of drafts", func(r *discordtest.Reply) bool {
		text := r.Text()
		return !isDraft(text) && !strings.Contains(text, summing)
	})
	v.look(what, r, typed...)
	return r
}

// look scans an answer and keeps it for later.
func (v *visitor) look(what string, r *discordtest.Reply, typed ...string) {
	v.count(what)
	echo := strings.Join(typed, " ")
	if r.Ack() == 9 {
		form := r.Modal()
		v.scanJSON(what+" form", echo, struct {
			ID, Title  string
			Components []discordtest.Component
		}{form.CustomID, form.Title, form.Components})
	}
	for _, m := range r.Messages() {
		v.scanner.scan(what, v.code(), echo, m.JSON())
		v.scanner.states(what, v.code(), echo, m)
		v.keep(what, m, echo)
	}
	if thread := r.Thread(); thread != nil {
		v.scanner.scan(what+" thread", v.code(), echo, []byte(thread.Name))
	}
}

func (v *visitor) scanJSON(what, typed string, value any) {
	raw, err := json.Marshal(value)
	if err != nil {
		v.t.Error(err)
	}
	v.scanner.scan(what, v.code(), typed, raw)
}

func (v *visitor) count(what string) {
	v.done.Add(1)
	v.mutex.Lock()
	defer v.mutex.Unlock()
	v.kinds[what]++
}

// keep remembers a message, to press its buttons later and to look at it again
// in the end, and its custom_ids, to forge with.
func (v *visitor) keep(what string, m *discordtest.Message, typed string) {
	v.mutex.Lock()
	v.shown = append(v.shown, shown{m, what, v.code(), typed})
	discordtest.Walk(m.Components, func(c *discordtest.Component) {
		if c.CustomID == "" {
			return
		}
		if len(v.ids) < keptIDs {
			v.ids = append(v.ids, c.CustomID)
		} else {
			v.ids[v.rand.IntN(keptIDs)] = c.CustomID
		}
	})
	v.mutex.Unlock()
	if v.home == nil || len(m.Buttons()) == 0 {
		return
	}
	k := kept{m: m}
	if m.Ephemeral() {
		k.only = v.user
	}
	v.home.mutex.Lock()
	defer v.home.mutex.Unlock()
	if len(v.home.messages) < keptMessages {
		v.home.messages = append(v.home.messages, k)
		return
	}
	v.home.messages[v.rand.IntN(keptMessages)] = k
}

// message is a message of the server that the user sees, nil when there is
// none.
func (v *visitor) message(h *home) *discordtest.Message {
	if h == nil {
		return nil
	}
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for range 10 {
		if len(h.messages) == 0 {
			return nil
		}
		k := h.messages[v.rand.IntN(len(h.messages))]
		if h == v.home && (k.only == nil || k.only == v.user) || h != v.home && k.only == nil {
			return k.m.Now()
		}
	}
	return nil
}

// operations are what users do; each stands as often as its share is. Those
// that search are the dear ones, and those with the bot's token come to 45
// requests a second at most, which the bot keeps to by itself.
var operations = slices.Concat(
	slices.Repeat([]func(*visitor){(*visitor).suggestions, (*visitor).pressOld}, 14),
	slices.Repeat([]func(*visitor){(*visitor).forge}, 12),
	slices.Repeat([]func(*visitor){(*visitor).list}, 8),
	slices.Repeat([]func(*visitor){(*visitor).summary, (*visitor).settings}, 4),
	slices.Repeat([]func(*visitor){(*visitor).ask}, 3),
	slices.Repeat([]func(*visitor){(*visitor).quote, (*visitor).talk, (*visitor).upload, (*visitor).remove, (*visitor).pin}, 2),
	[]func(*visitor){(*visitor).find, (*visitor).thread, (*visitor).forgeForm, (*visitor).add, (*visitor).about},
)

func (v *visitor) act() { operations[v.rand.IntN(len(operations))](v) }

// pick is one of the values.
func pick[T any](v *visitor, values ...T) T { return values[v.rand.IntN(len(values))] }

// about what to ask: the user's own server, another one, or everybody's.
func (v *visitor) topic() string {
	return pick(v, v.other.topic, v.other.topic, v.code2topic(), "station")
}

func (v *visitor) code2topic() string {
	if v.home == nil {
		return v.other.topic
	}
	return v.home.topic
}

// anyEpisode is what somebody may name an episode by: his own, another
// server's, with that server's ID before it, a public one, or a word.
func (v *visitor) anyEpisode() string {
	v.mutex.Lock()
	foreign := string(v.episodes[v.rand.IntN(len(v.episodes))])
	v.mutex.Unlock()
	own := foreign
	if v.home != nil {
		v.home.mutex.Lock()
		own = string(v.home.episodes[v.rand.IntN(len(v.home.episodes))])
		v.home.mutex.Unlock()
	}
	shared := strings.TrimSuffix(sharedFile, ".txt")
	return pick(v, own, own, own, foreign, string(v.other.guild.ID)+"/"+foreign, "public/"+foreign, shared, "public/"+shared, "Vault talk", allEpisodes)
}

// withEpisode adds an episode to a command's options now and then.
func (v *visitor) withEpisode(given ...discordtest.Given) ([]discordtest.Given, string) {
	if v.rand.IntN(3) == 0 {
		return given, ""
	}
	episode := v.anyEpisode()
	return append(given, opt("episode", episode)), episode
}

func (v *visitor) question() string {
	return fmt.Sprintf(pick(v, "What is the secret password of the %s vault?", "Who wrote down the password of the %s vault?", "Which lantern was lit by the keeper of the %s vault?"), v.topic())
}

func (v *visitor) ask() {
	given, episode := v.withEpisode(opt("question", v.question()))
	if v.rand.IntN(2) == 0 {
		given = append(given, opt("private", v.rand.IntN(2) == 0))
	}
	r := v.see("ask", v.actor.Slash("ask", given...), episode)
	if v.rand.IntN(3) == 0 {
		v.pressOne("ask", r.Message())
	}
}

func (v *visitor) quote() {
	words := fmt.Sprintf(pick(v, "The secret password of the %s vault is", "nobody but the keeper of the %s vault", "the keeper of that %s vault wrote it up"), v.topic())
	given, episode := v.withEpisode(opt("words", words))
	if v.rand.IntN(2) == 0 {
		given = append(given, opt("match", pick(v, matchAny, bot.MatchExact, bot.MatchClose, bot.MatchMeaning)))
	}
	if v.rand.IntN(3) == 0 {
		given = append(given, opt("speaker", pick(v, "Guest", "zqxjvk", "Nobody")))
	}
	v.see("quote", v.actor.Slash("quote", given...), episode)
}

func (v *visitor) summary() {
	given, episode := v.withEpisode(opt("style", pick(v, bot.Styles...)))
	v.see("summary", v.actor.Slash("summary", given...), episode)
}

// list looks for episodes and opens one.
func (v *visitor) list() {
	search := pick(v, "", "vault", "talk", "zqxjv", v.topic(), "weekly", "Show")
	r := v.see("episodes", v.actor.Slash("episodes", opt("search", search)))
	if r.Message() == nil {
		return
	}
	for _, menu := range r.Message().Selects() {
		card := v.see("card", r.Select(menu.CustomID, menu.Options[v.rand.IntN(len(menu.Options))].Value))
		v.pressOne("card", card.Message())
		return
	}
}

// suggestions types into an option.
func (v *visitor) suggestions() {
	typed := pick(v, "", "v", "vault", "vault talk", "zqxjv", "zqxjvt", v.topic(), "weekly", "public/", string(v.other.guild.ID)+"/")
	var choices []discordtest.Choice
	switch v.rand.IntN(5) {
	case 0:
		choices = v.actor.Autocomplete("summary", "episode", typed)
	case 1:
		choices = v.actor.Autocomplete("quote", "speaker", pick(v, "", "z", "zqxjvk", "g"), opt("episode", v.anyEpisode()))
	case 2:
		choices = v.actor.Autocomplete("quote", "speaker", pick(v, "", "z", "zqxjvk", "g"))
	case 3:
		choices = v.actor.Force().Autocomplete(pick(v, "transcript remove", "transcript pin"), "episode", typed)
	default:
		choices = v.actor.Autocomplete("ask", "episode", typed)
	}
	v.count("autocomplete")
	v.scanJSON("autocomplete", typed, choices)
}

// find looks up a message's words: somebody's, or one of the bot's.
func (v *visitor) find() {
	m := v.message(v.home)
	if m == nil || m.Deleted || m.Ephemeral() || m.Channel != v.actor.Channel() || v.rand.IntN(2) == 0 {
		m = v.actor.Say(fmt.Sprintf(pick(v, "> The secret password of the %s vault is", "nobody but the old keeper of the %s vault knows"), v.topic())).Trigger()
	}
	// No draft comes, but that of another answer may be what was looked up, and
	// then the answer repeats its words for good.
	v.look("find", v.actor.MessageCommand(commandFind, m).Wait())
}

// pressOld presses a button of some message of the server.
func (v *visitor) pressOld() { v.pressOne("old", v.message(v.home)) }

// pressOne presses one of a message's buttons, and fills in the form that
// opens.
func (v *visitor) pressOne(what string, m *discordtest.Message) {
	if m == nil || m.Deleted {
		return
	}
	buttons := slices.DeleteFunc(m.Buttons(), func(b discordtest.Component) bool { return b.CustomID == "" || b.Disabled })
	if len(buttons) == 0 {
		return
	}
	button := buttons[v.rand.IntN(len(buttons))]
	action, err := render.ParseAction(button.CustomID)
	if err != nil {
		v.t.Errorf("the bot's own custom_id %q: %v", button.CustomID, err)
		return
	}
	r := v.see(what+" button "+string(action.Kind), v.actor.PressID(m, button.CustomID), action.Text)
	if r.Ack() == 9 && v.rand.IntN(4) == 0 {
		v.fillIn(r.Modal())
	}
}

// fillIn submits a form.
func (v *visitor) fillIn(form *discordtest.Modal) {
	values := map[string]string{}
	for _, input := range form.Inputs() {
		switch input.CustomID {
		case render.FieldQuestion:
			values[input.CustomID] = pick(v, v.question(), "and what is the password?")
		case render.FieldReason:
			values[input.CustomID] = "too short"
		default: // limits: none
			values[input.CustomID] = pick(v, "0", "0", "0", "none")
		}
	}
	v.see("form", form.Submit(values))
}

// forge presses what no button of this server asks for: another server's
// custom_ids, or made ones with its episodes, undos and messages.
func (v *visitor) forge() {
	m := v.message(v.home)
	if v.home == nil {
		m = v.see("ask", v.actor.Slash("ask", opt("question", v.question()))).Message()
	}
	if m == nil || m.Deleted {
		return
	}
	v.mutex.Lock()
	id := v.ids[v.rand.IntN(max(1, len(v.ids)))]
	v.mutex.Unlock()
	what := "stolen"
	if v.rand.IntN(2) == 0 {
		id, what = v.forged(pick(v,
			render.KindContext, render.KindContextPage, render.KindSummaryPage, render.KindEpisodeAsk, render.KindRemove, render.KindAskForm, render.KindUndo,
			render.KindEpisodesPage, render.KindEpisodeOpen, render.KindUnpin)), "forged"
	}
	action, err := render.ParseAction(id)
	if err != nil || v.home == nil && (action.Kind == render.KindDown || action.Kind == render.KindUp) {
		return
	}
	if r := v.see(what+" "+string(action.Kind), v.actor.PressID(m, id)); r.Ack() == 9 && v.rand.IntN(4) == 0 {
		v.fillIn(r.Modal())
	}
}

// forged is the custom_id of an action with another server's state.
func (v *visitor) forged(kind render.Kind) string {
	v.other.mutex.Lock()
	episode := v.other.episodes[v.rand.IntN(len(v.other.episodes))]
	undos := slices.Clone(v.other.undos)
	v.other.mutex.Unlock()
	a := render.Action{Kind: kind, Public: v.rand.IntN(4) == 0, Episode: episode}
	switch kind {
	case render.KindContext, render.KindContextPage:
		a.First, a.Last, a.Page = 2, 2, v.rand.IntN(3)-1
	case render.KindSummaryPage:
		a.Style, a.Page = pick(v, bot.Styles...), v.rand.IntN(2)
	case render.KindUndo:
		if a.Episode = ""; len(undos) > 0 {
			a.Key = undos[v.rand.IntN(len(undos))]
		}
	case render.KindEpisodesPage, render.KindEpisodeOpen:
		a.Episode, a.Text = "", pick(v, "vault", v.other.topic)
	case render.KindAskForm:
		if m := v.message(v.other); m != nil {
			a.Episode, a.Message = "", m.ID
		}
	}
	return a.String()
}

// forgeForm submits a question that says to follow another server's message,
// or to be about its episode.
func (v *visitor) forgeForm() {
	m := v.message(v.home)
	if m == nil || m.Deleted {
		return
	}
	r := v.see("form opened", v.actor.PressID(m, render.Action{Kind: render.KindAskFurther}.String()))
	if r.Ack() == 9 {
		form := r.Modal()
		form.CustomID = v.forged(render.KindAskForm)
		v.fillIn(form)
	}
}

// talk mentions the bot, replies to its messages, also to one of another
// server, or writes directly.
func (v *visitor) talk() {
	question := pick(v, v.question(), v.question(), "and what is the password?", "who wrote it down?")
	if v.home == nil {
		v.see("direct message", v.user.DM(question))
		return
	}
	before := len(v.user.DMs().Messages())
	var r *discordtest.Reply
	what := "mention"
	own, others := v.message(v.home), v.message(v.other)
	switch n := v.rand.IntN(3); {
	case n == 0 && own != nil && !own.Ephemeral() && !own.Deleted:
		what, r = "reply", v.user.In(own.Channel).Reply(own, question, true)
	case n == 1 && others != nil:
		what, r = "reply to another server", v.actor.Reply(others, question, true)
	default:
		r = v.actor.Mention(question)
	}
	v.untilAnswered(r, before)
	v.look(what, r)
}

// untilAnswered waits for the answer to a message, or for the error in the
// user's direct messages, of which there were so many before.
func (v *visitor) untilAnswered(r *discordtest.Reply, before int) {
	tries := 0
	v.until("answer to a message", func() bool {
		tries++
		return r.Answers() > 0 || tries%20 == 0 && len(v.user.DMs().Messages()) > before // the latter takes long
	})
}

// thread opens a thread from an answer and asks there.
func (v *visitor) thread() {
	if v.home == nil {
		return
	}
	r := v.see("ask", v.actor.Slash("ask", opt("question", v.question()), opt("private", false)))
	button := v.buttonOf(r.Message(), render.KindOpenThread)
	if button == "" {
		return
	}
	v.see("thread opened", r.Press(button))
	thread := r.Thread()
	if thread == nil {
		return
	}
	v.mutex.Lock()
	v.threads = append(v.threads, shownThread{thread, v.home})
	v.mutex.Unlock()
	before := len(v.user.DMs().Messages())
	said := v.user.In(thread).Mention(pick(v, "and what is the password?", v.question()))
	v.untilAnswered(said, before)
	v.look("in a thread", said)
}

// buttonOf is the custom_id of a message's button of a kind, "" for none.
func (v *visitor) buttonOf(m *discordtest.Message, kind render.Kind) string {
	if m == nil {
		return ""
	}
	for _, b := range m.Buttons() {
		if action, err := render.ParseAction(b.CustomID); err == nil && action.Kind == kind && !b.Disabled {
			return b.CustomID
		}
	}
	return ""
}

// add adds an episode as the command line does, or takes one out.
func (v *visitor) add() {
	if v.home == nil {
		return
	}
	v.count("add or remove directly")
	if v.rand.IntN(2) == 0 {
		v.addTo(v.home, pick(v, "", sharedFile))
		return
	}
	v.home.mutex.Lock()
	id := v.home.episodes[v.rand.IntN(len(v.home.episodes))]
	v.home.mutex.Unlock()
	if err := v.bot.Remove(context.Background(), v.home.scope(), id); err != nil && !errors.Is(err, retrieval.ErrUnknownEpisode) {
		v.t.Error(err)
	}
}

// upload adds an episode by an attachment, and takes it back at times.
func (v *visitor) upload() {
	h := v.home
	if h == nil { // may add nowhere; the episode would be this user's only
		h = &home{code: v.other.code, topic: v.other.topic}
	}
	e := v.episode(h, pick(v, "", "", sharedFile))
	r := v.see("transcript add", v.actor.Force().Slash("transcript add", opt("file", discordtest.File(e.File, e.Data)), opt("title", e.Title), opt("show", e.Show),
		opt("date", e.Date), opt("audio_url", e.AudioURL)))
	undo := v.buttonOf(r.Message(), render.KindUndo)
	if undo == "" {
		return
	}
	v.added(v.home, retrieval.Slug(strings.TrimSuffix(e.File, ".txt")))
	if v.rand.IntN(2) == 0 {
		v.see("undo", r.Press(undo))
		return
	}
	action, err := render.ParseAction(undo)
	if err != nil {
		v.t.Error(err)
	}
	v.home.mutex.Lock()
	defer v.home.mutex.Unlock()
	v.home.undos = append(v.home.undos, action.Key)
}

func (v *visitor) remove() {
	episode := v.anyEpisode()
	r := v.see("transcript remove", v.actor.Force().Slash("transcript remove", opt("episode", episode)), episode)
	if remove := v.buttonOf(r.Message(), pick(v, render.KindRemove, render.KindKeep)); remove != "" {
		v.see("removed or kept", r.Press(remove), episode)
	}
}

func (v *visitor) pin() {
	given, episode := v.withEpisode()
	r := v.see("transcript pin", v.actor.Force().Slash("transcript pin", given...), episode)
	if unpin := v.buttonOf(r.Message(), render.KindUnpin); unpin != "" && v.rand.IntN(3) > 0 {
		v.see("unpin", r.Press(unpin))
	}
}

// settings looks at the settings and changes one.
func (v *visitor) settings() {
	r := v.see("settings", v.actor.Force().Slash("settings"))
	if r.Message() == nil {
		return
	}
	if v.rand.IntN(3) == 0 {
		v.pressOne("settings", r.Message())
	}
	for _, menu := range r.Message().Selects() {
		action, err := render.ParseAction(menu.CustomID)
		if err != nil || v.rand.IntN(2) == 0 {
			continue
		}
		var values []string
		switch action.Kind {
		case render.KindLanguage:
			values = []string{menu.Options[v.rand.IntN(len(menu.Options))].Value}
		case render.KindAskRoles, render.KindAddRoles:
			values = pick(v, []string{}, []string{}, []string{v.home.crew.ID}, []string{v.home.guild.ID, v.other.crew.ID})
		}
		v.see("settings changed", r.Select(menu.CustomID, values...))
	}
}

// about asks what the bot is and keeps, and lets it forget.
func (v *visitor) about() {
	r := v.see("help, privacy, forget-me", v.actor.Slash(pick(v, "help", "privacy", "forget-me")))
	if forget := v.buttonOf(r.Message(), render.KindForget); forget != "" {
		v.see("forgotten", r.Press(forget))
	}
}

// sweep looks in the end at all messages there are, as they are then.
func (i *isolation) sweep() {
	for _, s := range i.shown {
		i.scanner.scan("in the end: "+s.what, s.code, s.typed, s.m.Now().JSON())
		i.scanner.states("on the way: "+s.what, s.code, s.typed, s.m.Now())
	}
	channel := func(c *discordtest.Channel, code string) {
		for _, m := range c.BotMessages() {
			i.scanner.scan("in the end: #"+c.Name, code, "", m.JSON())
		}
	}
	for _, h := range i.homes {
		for _, c := range h.channels {
			channel(c, h.code)
		}
	}
	for _, t := range i.threads {
		channel(t.channel, t.home.code)
		i.scanner.scan("in the end: name of a thread", t.home.code, "", []byte(t.channel.Name))
	}
	for _, c := range i.foreign {
		channel(c, "")
	}
	for _, u := range i.users {
		channel(u.DMs(), "")
	}
}

// report says what was done, and fails the test when it shows too little.
func (i *isolation) report(took time.Duration) {
	for _, kind := range slices.Sorted(maps.Keys(i.kinds)) {
		i.t.Logf("%5d %s", i.kinds[kind], kind)
	}
	s := i.scanner
	if s.drafts.Load() < 20 {
		i.t.Errorf("%d drafts were seen", s.drafts.Load())
	}
	i.t.Logf("%d drafts of answers were looked at", s.drafts.Load())
	i.t.Logf("%d operations in %.1f s; %d bytes looked at, with words of the user's own server %v and public ones %d; %d panics", i.done.Load(), took.Seconds(), s.bytes, s.own, s.public, i.adapter.Stats().Panics.Load())
	if s.keys < 20 {
		i.t.Errorf("%d links to pages of the user's own server were seen, want many", s.keys)
	}
	for _, kind := range strings.Split("sklthui", "") {
		if s.own[kind] < 20 {
			i.t.Errorf("words of kind %q were seen %d times in their own server, want many: nothing is shown by not seeing them elsewhere", kind, s.own[kind])
		}
	}
	if s.public == 0 || i.adapter.Stats().Panics.Load() > 0 {
		i.t.Errorf("public words were seen %d times, and %d handlers panicked", s.public, i.adapter.Stats().Panics.Load())
	}
}

// planted puts one server's words into another and wants each way of looking
// to find them there.
func (i *isolation) planted(t *testing.T) {
	victim, thief := i.homes[0], &home{code: i.homes[1].code, topic: "submarine", guild: i.homes[1].guild}
	channel := thief.guild.Channel("planted") // where nothing is pinned
	i.unlimited(thief)
	var id string
	for range 2 { // two of a name, so that naming one by it is an error which lists both
		stolen := i.episode(&home{code: victim.code, topic: thief.topic}, "")
		stolen.Title = "Log book of the submarine " + word('t', victim.code, int(i.serial.Load()))
		added, err := i.bot.Add(t.Context(), thief.scope(), stolen, nil)
		if err != nil {
			t.Fatal(err)
		}
		id = string(added.Episode)
	}
	user := i.User("thief")
	thief.guild.Member(user, discordtest.PermManageGuild)
	for _, test := range []struct {
		name string
		do   func(*visitor)
	}{
		{"ask", func(v *visitor) {
			v.see("ask", v.actor.Slash("ask", opt("question", "What is the secret password of the submarine vault?")))
		}},
		{"quote", func(v *visitor) {
			v.see("quote", v.actor.Slash("quote", opt("words", "secret password of the submarine vault")))
		}},
		{"summary", func(v *visitor) { v.see("summary", v.actor.Slash("summary", opt("episode", id)), id) }},
		{"episodes", func(v *visitor) { v.see("episodes", v.actor.Slash("episodes", opt("search", "submarine"))) }},
		{"autocomplete", func(v *visitor) { v.scanJSON("autocomplete", "", v.actor.Autocomplete("ask", "episode", "submarine")) }},
		{"speakers", func(v *visitor) {
			v.scanJSON("autocomplete", "", v.actor.Autocomplete("quote", "speaker", "zq", opt("episode", id)))
		}},
		{"error", func(v *visitor) {
			private(t, v.see("ask", v.actor.Slash("ask", opt("question", "Who?"), opt("episode", "log book of the submarine"))))
		}},
		{"mention", func(v *visitor) {
			v.see("mention", v.actor.Mention("What is the secret password of the submarine vault?"))
		}},
		{"custom_id", func(v *visitor) {
			v.scanJSON("button", "", render.Action{Kind: render.KindContext, Episode: retrieval.EpisodeID(id)}.String())
		}},
	} {
		copied := isolation{world: i.world, scanner: newScanner(), kinds: map[string]int{}}
		test.do(&visitor{isolation: &copied, user: user, actor: user.In(channel), home: thief, rand: rand.New(rand.NewPCG(1, 1))})
		if len(copied.scanner.found()) == 0 {
			t.Errorf("%s: the planted words are not found", test.name)
		}
	}
}
