package discord

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"verbatim/bot"
	"verbatim/bot/discord/discordtest"
	"verbatim/bot/discord/words"
	"verbatim/retrieval"
)

// Transcripts of one talk in several formats, timed where the format is.
const (
	talkSRT = "1\n00:00:01,000 --> 00:00:06,000\nHost: Welcome to the secret show about animals and their strange colours.\n\n" +
		"2\n00:01:05,000 --> 00:01:12,000\nGuest: The secret aardvark is ultramarine, and it lives below the town hall since 1987.\n\n" +
		"3\n00:02:00,000 --> 00:02:09,000\nHost: Nobody would have thought so, but the aardvark has been seen by many people in the town.\n"
	talkVTT = "WEBVTT\n\n00:00:01.000 --> 00:00:06.000\n<v Host>Welcome to the secret show about animals and their strange colours.\n\n" +
		"00:01:05.000 --> 00:01:12.000\n<v Guest>The secret aardvark is ultramarine, and it lives below the town hall since 1987.\n\n" +
		"00:02:00.000 --> 00:02:09.000\n<v Host>Nobody would have thought so, but the aardvark has been seen by many people in the town.\n"
)

// aardvark is a question that they answer.
const aardvark = "Which colour is the secret aardvark?"

// file is a file to attach.
func file(name, text string) *discordtest.Upload { return discordtest.File(name, []byte(text)) }

// manager puts somebody who manages the server into a channel of it.
func (w *world) manager(name string, ch *discordtest.Channel) *discordtest.Actor {
	w.t.Helper()
	return ch.Guild().Member(w.User(name), discordtest.PermManageGuild).In(ch)
}

// upload adds a transcript and waits for the report, not for its progress.
func upload(a *discordtest.Actor, f *discordtest.Upload, given ...discordtest.Given) *discordtest.Reply {
	return a.Slash("transcript add", append(given, opt("file", f))...).WaitFor("report", reported)
}

// contextOf is the button that opens the passage of the first citation.
func contextOf(r *discordtest.Reply) string {
	for _, b := range r.Buttons() {
		if strings.HasPrefix(b.CustomID, "v1:c:") {
			return b.CustomID
		}
	}
	return "no button for a passage"
}

// reported says that something other than progress is shown.
func reported(r *discordtest.Reply) bool {
	text := r.Text()
	return text != "" && !strings.Contains(text, "Reading") && !strings.Contains(text, "in the queue")
}

// has fails the test unless the server has so many episodes of its own.
func (w *world) has(g *discordtest.Guild, n int) {
	w.t.Helper()
	list, err := w.bot.Episodes(context.Background(), []retrieval.Scope{retrieval.Scope(g.ID)}, "", 0)
	if err != nil || len(list) != n {
		w.t.Errorf("the server has %d episodes, %v; want %d", len(list), err, n)
	}
}

// rebuild restarts the bot with another way to embed what is added and another
// place for records; nil leaves what is.
func (w *world) rebuild(adding retrieval.Embedder, records retrieval.Records) {
	w.t.Helper()
	w.stop()
	static, err := staticModel()
	if err != nil {
		w.t.Fatal(err)
	}
	if adding == nil {
		adding = static
	}
	if records == nil {
		records = w.library
	}
	w.bot = bot.New(w.library, adding, static)
	w.bot.QueryEmbedder = w.model
	w.bot.UseRecords(records)
	w.start()
}

func TestTranscriptAdd(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.forgetCooldown(g)
	ch := g.Channel("general")
	boss, ann := w.manager("boss", ch), w.User("ann").In(ch)
	for _, test := range []struct {
		name, text, audio string
		timed             bool
		want              []string
	}{
		{"talk.srt", talkSRT, "https://www.youtube.com/watch?v=abc_123", true, []string{"Format: srt", "(<https://www.youtube.com/watch?t=65s&v=abc_123>)", "[1:05]"}},
		{"talk.vtt", talkVTT, "https://example.com/a/talk.mp3", true, []string{"Format: vtt", "(<https://example.com/a/talk.mp3#t=65>)", "[1:05]"}},
		{"talk.txt", secretEpisode, "https://example.com/a/talk.mp3", false, []string{"Format: text", "line 2"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := upload(boss, file(test.name, test.text), opt("title", "The *Secret* Show "+test.name), opt("show", "Animals"), opt("date", "2024-02-29"), opt("audio_url", test.audio))
			private(t, r)
			times := "Times: no"
			if test.timed {
				times = "Times: yes"
			}
			says(t, r, `The \*Secret\* Show `+test.name, "3 lines", "1 passage", "29 February 2024", "Host, Guest", times, "24 hours", test.want[0])
			if test.name == "talk.srt" {
				says(t, r, "Transcript added")
			} else {
				says(t, r, "Earlier version replaced")
			}
			if got := w.Fetches(test.name); got != 1 {
				t.Errorf("the file was fetched %d times, want once", got)
			}
			if b := r.Button("Undo"); b == nil {
				t.Error("the report has no button Undo")
			}
			answer := ann.Slash("ask", opt("question", aardvark)).Wait()
			says(t, answer, append([]string{"ultramarine", `The \*Secret\* Show`}, test.want[1:]...)...)
			summary := r.Press("Summary").Wait()
			private(t, summary)
			says(t, summary, "Secret")
			asked := r.Press("Ask about it").Modal().Submit(map[string]string{"question": aardvark}).Wait()
			says(t, asked, "ultramarine")
		})
	}
	w.has(g, 1)
}

// TestTranscriptWarnings: what was read around is told, and what somebody else
// sees of it is nothing.
func TestTranscriptWarnings(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	ch := g.Channel("general")
	boss := w.manager("boss", ch)
	broken := strings.Replace(talkSRT, "00:02:00,000 --> 00:02:09,000", "00:02:09,000 --> 00:02:00,000", 1)
	r := upload(boss, file("talk.srt", broken))
	says(t, r, "Transcript added", "1 warning", "line 10")
	other := upload(boss, file("talk.srt", "1\n00:00:01,000 --> 00:00:02,000\nBaking bread takes flour, water, salt and a long night of rest.\n"))
	says(t, other, "Transcript added") // of the same name, but another talk: both are kept
	lacks(t, other, "replaced")
	w.has(g, 2)
	if n := len(ch.SeenBy(w.User("ann"))); n != 0 {
		t.Errorf("others see %d messages of an upload, want none", n)
	}
}

// trickyEmbedder is a model for what is added, with a handle on it.
type trickyEmbedder struct {
	retrieval.Embedder
	before atomic.Pointer[func(context.Context) error]
}

// Embed calls before, if there is one, and embeds.
func (e *trickyEmbedder) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	if before := e.before.Load(); before != nil {
		if err := (*before)(ctx); err != nil {
			return nil, err
		}
	}
	return e.Embedder.Embed(ctx, texts)
}

func (e *trickyEmbedder) do(before func(context.Context) error) { e.before.Store(&before) }

// TestTranscriptProgress: who waits sees how far it is, and who waits for that
// his place.
func TestTranscriptProgress(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	static, err := staticModel()
	if err != nil {
		t.Fatal(err)
	}
	model := &trickyEmbedder{Embedder: static}
	w.rebuild(model, nil)
	step := make(chan struct{})
	model.do(func(ctx context.Context) error {
		select {
		case <-step:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	var long strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&long, "Speaker %d: This is sentence number %d of a long talk about many things in the world and beyond it.\n", i%3, i)
	}
	ch := g.Channel("general")
	boss, second := w.manager("boss", ch), w.manager("second", ch)
	r := boss.Slash("transcript add", opt("file", file("long.txt", long.String()))).WaitAck()
	step <- struct{}{}
	r.WaitText("Reading: 256 of ")
	next := second.Slash("transcript add", opt("file", file("talk.srt", talkSRT))).WaitText("Place 1 in the queue")
	private(t, next)
	elsewhere := w.manager("chief", w.Guild("others").Channel("general"))
	there := elsewhere.Slash("transcript add", opt("file", file("talk.srt", talkSRT))).WaitAck() // another server's does not wait
	step <- struct{}{}
	model.do(func(context.Context) error { return nil })
	close(step)
	for _, reply := range []*discordtest.Reply{r, next, there} {
		says(t, reply.WaitText("Transcript added"), "24 hours")
	}
	w.has(g, 2)
}

func TestUndo(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.forgetCooldown(g)
	ch := g.Channel("general")
	boss, ann := w.manager("boss", ch), w.User("ann").In(ch)
	chief := w.manager("chief", ch)

	first := upload(boss, file("talk.srt", talkSRT), opt("title", "First"))
	key := first.Button("Undo").CustomID
	refused := ann.PressID(first.Message(), key).Wait() // as a forged client does
	says(t, refused, "You can’t add, remove or pin")
	w.has(g, 1)

	second := upload(boss, file("talk.srt", strings.ReplaceAll(talkSRT, "ultramarine", "crimson")), opt("title", "Second"))
	says(t, second, "Earlier version replaced")
	says(t, ann.Slash("ask", opt("question", aardvark)).Wait(), "crimson")
	says(t, chief.PressID(first.Message(), key).Wait(), "can’t be undone anymore") // it was changed since
	secondKey := second.Button("Undo").CustomID
	restored := second.Press("Undo").Wait()
	says(t, restored, "The earlier version of First is back")
	says(t, ann.Slash("ask", opt("question", aardvark)).Wait(), "ultramarine")
	says(t, boss.PressID(second.Message(), secondKey).Wait(), "can’t be undone anymore")
	w.has(g, 1)

	w.restart()
	chief.PressID(first.Message(), key).Wait() // by another manager, after a restart
	if text := first.Message().Text(); !strings.Contains(text, "**First** is gone again") {
		t.Errorf("the report says after Undo:\n%s", text)
	}
	w.has(g, 0)
	late := boss.PressID(first.Message(), key).Wait()
	private(t, late)
	says(t, late, "can’t be undone anymore")
}

// TestUndoEnds: an addition can be undone for 24 hours, and not after its user
// was forgotten.
func TestUndoEnds(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	boss := w.manager("boss", g.Channel("general"))
	scope := retrieval.Scope(g.ID)
	r := upload(boss, file("talk.srt", talkSRT))
	records, err := w.library.RecordsOf(t.Context(), scope, "undo", 0)
	if err != nil || len(records) != 1 {
		t.Fatalf("%d records of what can be undone, %v; want 1", len(records), err)
	}
	if kept := records[0].Expires.Sub(records[0].Created); kept != 24*time.Hour || records[0].Owner != boss.User().ID {
		t.Errorf("an undo is kept for %v for %s, want 24 h for its user", kept, records[0].Owner)
	}
	records[0].Expires = time.Now().Add(-time.Second)
	if err := w.library.PutRecord(t.Context(), records[0]); err != nil {
		t.Fatal(err)
	}
	says(t, r.Press("Undo").Wait(), "can’t be undone anymore")
	w.has(g, 1)
	again := upload(boss, file("talk.srt", talkSRT))
	boss.Slash("forget-me").Wait().Press("Delete my data").Wait()
	says(t, again.Press("Undo").Wait(), "can’t be undone anymore")
	w.has(g, 1)
}

// TestUploadRefused: what is no transcript is told, with what to do, and adds
// nothing. What Discord says of a file is looked at before it is fetched.
func TestUploadRefused(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	ch := g.Channel("general")
	boss := w.manager("boss", ch)
	change := func(name, text string, f func(*discordtest.Upload)) *discordtest.Upload {
		u := file(name, text)
		f(u)
		return u
	}
	none := func(*discordtest.Upload) {}
	for _, test := range []struct {
		name    string
		file    *discordtest.Upload
		given   []discordtest.Given
		fetched int
		want    string
	}{
		{"too large", change("big.txt", talkSRT, func(u *discordtest.Upload) { u.Size = maxUpload + 1 }), nil, 0, "big.txt is too large. The limit is 10 MB."},
		{"another kind", file("film.mp4", talkSRT), nil, 0, "I can’t read film.mp4. These kinds work: `.txt`"},
		{"no kind, and markdown in its name", file("**film**", talkSRT), nil, 0, `I can’t read \*\*film\*\*`},
		{"empty by what is told", file("none.txt", ""), nil, 0, "The file is empty"},
		{"no day", file("day.txt", secretEpisode), []discordtest.Given{opt("date", "2025-02-30")}, 0, "“2025-02-30” isn’t a date"},
		{"no date", file("date.txt", secretEpisode), []discordtest.Given{opt("date", "*soon*")}, 0, `“\*soon\*” isn’t a date`},
		{"no address", file("url.txt", secretEpisode), []discordtest.Given{opt("audio_url", "example.com/a.mp3")}, 0, "must begin with http or https"},
		{"an address of another kind", file("ftp.txt", secretEpisode), []discordtest.Given{opt("audio_url", "javascript://x/alert(1)")}, 0, "must begin with http or https"},
		{"another host", change("host.txt", talkSRT, func(u *discordtest.Upload) { u.URL = "http://localhost:1/host.txt" }), nil, 0, "isn’t a Discord attachment"},
		{"a name like Discord's", change("like.txt", talkSRT, func(u *discordtest.Upload) { u.URL = "https://cdn.discordapp.com.example.com/a.txt" }), nil, 0, "isn’t a Discord attachment"},
		{"redirected", change("away.txt", talkSRT, func(u *discordtest.Upload) { u.Redirect = true }), nil, 1, "couldn’t get the file"},
		{"expired", change("old.txt", talkSRT, func(u *discordtest.Upload) { u.Expired = true }), nil, 0, "couldn’t get the file"},
		{"not found", change("gone.txt", talkSRT, func(u *discordtest.Upload) { u.Status = 404 }), nil, 1, "couldn’t get the file"},
		{"out of order", change("order.txt", talkSRT, func(u *discordtest.Upload) { u.Status = 500 }), nil, 1, "couldn’t get the file"},
		{"without end", change("endless.txt", talkSRT, func(u *discordtest.Upload) { u.Endless = true }), nil, 1, "endless.txt is too large"},
		{"packed", change("bomb.txt", "\x1f\x8b\x08"+strings.Repeat("\x00", 100), none), nil, 1, "I can’t read bomb.txt"},
		{"of nothing", file("blank.txt", " \n\t\n "), nil, 1, "I couldn’t read blank.txt"},
		{"binary", file("noise.txt", "\x00\x01\x02\x03\x89PNG\r\n\x1a\n\x00\x00"), nil, 1, "I couldn’t read noise.txt"},
		{"broken, with the line", file("broken.json", "{\n \"a\": 1,\n \"b\": [1, 2\n \"c\": 3}\n"), nil, 1, "I couldn’t read broken.json (line 4)"},
		{"of another shape", file("other.json", `{"name": "x", "items": [1, 2]}`), nil, 1, "doesn’t look like a transcript"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := upload(boss, test.file, test.given...)
			private(t, r)
			says(t, r, test.want)
			lacks(t, r, "127.0.0.1", "localhost", "Something went wrong")
			if got := w.Fetches(test.file.Name); got != test.fetched {
				t.Errorf("the file was fetched %d times, want %d", got, test.fetched)
			}
		})
	}
	if n := w.ElsewhereHits(); n != 0 {
		t.Errorf("%d requests went to a stranger's host, want none", n)
	}
	if got := w.adapter.Stats().Panics.Load(); got != 0 {
		t.Errorf("%d panics", got)
	}
	w.has(g, 0)
}

// TestUploadReasons: why a file cannot be read is told in the language of who
// sent it.
func TestUploadReasons(t *testing.T) {
	w := newWorld(t, nil)
	boss := w.manager("boss", w.Guild("friends").Channel("general"))
	boss.User().SetLocale("de")
	for text, want := range map[string]words.Key{" \n ": words.ReasonEmpty, `{"name": "x"}`: words.ReasonNoTranscript, "1\n99:00:00,000 --> 99:00:01,000\nToo late.\n": words.ReasonTooLong} {
		says(t, boss.Slash("transcript add", opt("file", file("a.txt", text))).Wait(), "Ich konnte a.txt nicht lesen", words.German.Say(want))
	}
}

// faultyRecords fails when it is told to.
type faultyRecords struct {
	retrieval.Records
	err atomic.Pointer[error]
}

// PutRecord keeps a record, or fails.
func (f *faultyRecords) PutRecord(ctx context.Context, r retrieval.Record) error {
	if err := f.err.Load(); err != nil {
		return *err
	}
	return f.Records.PutRecord(ctx, r)
}

// TestUploadFails: when the model, the disk or the library fails, nothing is
// added, and what was there stays.
func TestUploadFails(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.forgetCooldown(g)
	static, err := staticModel()
	if err != nil {
		t.Fatal(err)
	}
	model, records := &trickyEmbedder{Embedder: static}, &faultyRecords{Records: w.library}
	w.rebuild(model, records)
	ch := g.Channel("general")
	boss := w.manager("boss", ch)
	says(t, upload(boss, file("talk.srt", talkSRT)), "Transcript added")
	changed := strings.ReplaceAll(talkSRT, "ultramarine", "crimson")
	for _, test := range []struct {
		name      string
		model     error
		records   error
		wantClear string
	}{
		{"the model", errors.New("dial tcp 10.1.2.3:443: connection refused"), nil, "Something went wrong. Please try again."},
		{"the disk", nil, fmt.Errorf("put record: %w", retrieval.ErrFull), "no room left on the disk. Nothing was added."},
		{"the library", nil, fmt.Errorf("put record: %w", retrieval.ErrLocked), "Another transcript is being added. Please try again in a minute."},
	} {
		t.Run(test.name, func(t *testing.T) {
			model.do(func(context.Context) error { return test.model })
			if test.records != nil {
				records.err.Store(&test.records)
			}
			for _, name := range []string{"talk.srt", "new.srt"} {
				r := upload(boss, file(name, changed))
				private(t, r)
				says(t, r, test.wantClear)
				lacks(t, r, "10.1.2.3", "dial", "put record")
			}
			w.has(g, 1)
			model.do(func(context.Context) error { return nil })
			records.err.Store(nil)
			says(t, w.User("ann").In(ch).Slash("ask", opt("question", aardvark)).Wait(), "ultramarine")
		})
	}
	says(t, upload(boss, file("new.srt", changed)), "Transcript added")
}

func TestTranscriptRemove(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.forgetCooldown(g)
	ch := g.Channel("general")
	boss, ann := w.manager("boss", ch), w.User("ann").In(ch)
	upload(boss, file("talk.srt", talkSRT), opt("title", "The Secret Show"))
	scope := retrieval.Scope(g.ID)
	answer := ann.Slash("ask", opt("question", aardvark), opt("episode", "talk")).Wait()
	says(t, answer, "ultramarine")
	w.turn(scope, answer)
	around := answer.Press(contextOf(answer)).Wait()
	summary := ann.Slash("summary", opt("episode", "talk")).Wait()
	list := ann.Slash("episodes").Wait()
	card := ann.Slash("episodes", opt("search", "secret")).Wait()
	card = card.Select(card.Message().Selects()[0].CustomID, "The Secret Show").Wait()

	unknown := boss.Slash("transcript remove", opt("episode", "zzzz *qqq*")).Wait()
	private(t, unknown)
	says(t, unknown, `I don’t know an episode called “zzzz \*qqq\*”`)
	public := boss.Slash("transcript remove", opt("episode", "nk-news-toloraya-2025-03-06")).Wait()
	private(t, public)
	says(t, public, "visible to everyone")
	lacks(t, public, "Something went wrong")

	asked := boss.Slash("transcript remove", opt("episode", "talk")).Wait()
	private(t, asked)
	says(t, asked, "Remove The Secret Show?")
	says(t, asked.Press("Keep").Wait(), "Nothing was deleted")
	w.has(g, 1)
	asked = boss.Slash("transcript remove", opt("episode", "talk")).Wait()
	key := asked.Button("Remove").CustomID
	refused := ann.PressID(asked.Message(), key).Wait()
	private(t, refused)
	says(t, refused, "You can’t add, remove or pin")
	w.has(g, 1)
	forged := boss.PressID(asked.Message(), strings.Replace(strings.Replace(key, "::", ":p:", 1), ":talk", ":nk-news-toloraya-2025-03-06", 1)).Wait()
	says(t, forged, "visible to everyone")
	w.restart()
	removed := asked.Press("Remove").Wait()
	private(t, removed)
	says(t, removed, "The Secret Show was removed")
	w.has(g, 0)
	says(t, boss.PressID(asked.Message(), key).Wait(), "has been removed since")

	const gone = "This episode has been removed since."
	says(t, answer.Press(contextOf(answer)).Wait(), gone)
	says(t, ann.PressID(around.Message(), around.Message().Buttons()[0].CustomID).Wait(), gone)
	says(t, answer.Press("Ask further").Modal().Submit(map[string]string{"question": "And since when?"}).Wait(), gone)
	about := card.Press("Ask about it").WaitAck()
	if about.Ack() == 9 { // a form, which is answered so, or what is so at once
		about = about.Modal().Submit(map[string]string{"question": aardvark})
	}
	says(t, about.Wait(), gone)
	says(t, ann.PressID(summary.Message(), card.Button("Summary").CustomID).Wait(), gone)
	says(t, list.Select(list.Message().Selects()[0].CustomID, "The Secret Show").Wait(), gone)
	says(t, ann.Slash("ask", opt("question", aardvark), opt("episode", "talk")).Wait(), "I don’t know an episode")
	lacks(t, ann.Slash("ask", opt("question", aardvark)).Wait(), "ultramarine")
	for _, command := range []string{"ask", "summary", "quote", "transcript pin", "transcript remove"} {
		for _, c := range boss.Autocomplete(command, "episode", "") {
			if strings.Contains(fmt.Sprint(c), "talk") || strings.Contains(fmt.Sprint(c), "Secret") {
				t.Errorf("/%s still offers %v", command, c)
			}
		}
	}
}

func TestTranscriptPin(t *testing.T) {
	w := newWorld(t, nil)
	g := w.Guild("friends")
	w.forgetCooldown(g)
	ch := g.Channel("secret")
	boss, ann := w.manager("boss", ch), w.User("ann").In(ch)
	upload(boss, file("talk.srt", talkSRT), opt("title", "The Secret Show"))
	says(t, boss.Slash("transcript pin").Wait(), "No episode is pinned")
	says(t, boss.Slash("transcript pin", opt("episode", "zzzz qqq")).Wait(), "I don’t know an episode")
	before := ann.Slash("ask", opt("question", shoigu)).Wait()
	says(t, before, "Shoigu")
	w.turn(retrieval.Scope(g.ID), before)
	pinned := boss.Slash("transcript pin", opt("episode", "talk")).Wait()
	private(t, pinned)
	says(t, pinned, "now about The Secret Show")
	says(t, boss.Slash("transcript pin").Wait(), "are about The Secret Show")

	// A thread inherits the pin of its channel, whoever opened it.
	before.Press("Open thread").Wait()
	thread := before.Thread()
	inThread := w.User("bob").In(thread)
	says(t, inThread.Slash("ask", opt("question", shoigu)).Wait(), "Not in this episode")
	says(t, inThread.Slash("quote", opt("words", "The secret aardvark is ultramarine")).Wait(), "ultramarine")
	foreign := ann.Thread(ann.Say("let us talk").Trigger(), "talk")
	says(t, ann.User().In(foreign).Slash("ask", opt("question", shoigu)).Wait(), "Not in this episode")
	says(t, ann.User().In(foreign).Mention(shoigu).Wait(), "Not in this episode")
	says(t, ann.User().In(g.Channel("other")).Slash("ask", opt("question", shoigu)).Wait(), "Shoigu")

	refused := ann.PressID(pinned.Message(), pinned.Button("Unpin").CustomID).Wait()
	private(t, refused)
	says(t, refused, "You can’t add, remove or pin")
	w.restart()
	says(t, ann.Mention(shoigu).Wait(), "Not in this episode")

	// The pin of a removed episode is none.
	boss.Slash("transcript remove", opt("episode", "talk")).Wait().Press("Remove").Wait()
	says(t, ann.Slash("ask", opt("question", shoigu)).Wait(), "Shoigu")
	says(t, boss.Slash("transcript pin").Wait(), "No episode is pinned")
	boss.Slash("transcript pin", opt("episode", "nk-news-toloraya-2025-03-06")).Wait()
	says(t, ann.Slash("ask", opt("question", shoigu)).Wait(), "Shoigu")
	says(t, boss.PressID(pinned.Message(), pinned.Button("Unpin").CustomID).Wait(), "Unpinned")
	says(t, boss.Slash("transcript pin").Wait(), "No episode is pinned")
}
