package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"verbatim/bot/discord/discordtest"
	"verbatim/bot/model/modeltest"
)

// lockedBuffer is what a running program prints.
type lockedBuffer struct {
	mutex   sync.Mutex
	b       bytes.Buffer
	changed chan struct{} // closed with the next Write; nil when nobody waits
}

// Write keeps it.
func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
	return l.b.Write(p)
}

// wait waits until the text is there.
func (l *lockedBuffer) wait(t *testing.T, text string) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		l.mutex.Lock()
		there := strings.Contains(l.b.String(), text)
		if l.changed == nil {
			l.changed = make(chan struct{})
		}
		changed := l.changed
		l.mutex.Unlock()
		if there {
			return
		}
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("stderr lacks %q:\n%s", text, l)
		}
	}
}

// String is all so far.
func (l *lockedBuffer) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.b.String()
}

// TestServe runs the program as an operator does: a token, and nothing else.
func TestServe(t *testing.T) {
	t.Chdir(t.TempDir())
	s := discordtest.New(t, discordtest.Options{IdentifyGap: 10 * time.Millisecond})
	env := environment(map[string]string{"DISCORD_TOKEN": "Bot " + s.Token(), "DISCORD_API_BASE": s.URL(), "DISCORD_CDN_BASE": s.CDNBase()})
	serve := func(args ...string) (stderr *lockedBuffer, stop func()) {
		ctx, cancel := context.WithCancel(t.Context())
		stderr = &lockedBuffer{}
		ended := make(chan error, 1)
		go func() { ended <- run(ctx, args, env, nil, stderr, stderr) }()
		s.WaitCommands()
		s.WaitReady(1)
		return stderr, func() {
			cancel()
			if err := <-ended; err != nil {
				t.Errorf("serve = %v after an interrupt, want nil\n%s", err, stderr)
			}
		}
	}
	stderr, stop := serve() // no command is serve
	ch := s.Guild("friends").Channel("general")
	boss := ch.Guild().Member(s.User("boss"), discordtest.PermManageGuild)
	answer := s.User("ann").In(ch).Slash("ask", discordtest.Opt("question", "Who went to Pyongyang in 2023?")).Wait()
	if !strings.Contains(strings.ReplaceAll(answer.Text(), "**", ""), "Shoigu went to Pyongyang") {
		t.Errorf("the sample episode does not answer: %s", answer.Text())
	}
	added := boss.In(ch).Slash("transcript add", discordtest.Opt("file", discordtest.File("zebra.txt", []byte("Ann: The zebra is plaid.\nBob: Is it?\n")))).Wait()
	if !strings.Contains(added.Text(), "Transcript added") {
		t.Errorf("no report of what was added: %s", added.Text())
	}
	stop()
	for _, want := range []string{"added the sample episode", "verbatim remove nk-news-toloraya-2025-03-06", "https://discord.com/oauth2/authorize?client_id=" + s.AppID(), "Connected as"} {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("stderr lacks %q:\n%s", want, stderr)
		}
	}
	if strings.Contains(stderr.String(), s.Token()) {
		t.Error("the token is on stderr")
	}
	if _, err := os.Stat(filepath.Join("verbatim-data", "library.db")); err != nil {
		t.Error(err)
	}

	stderr, stop = serve("serve", "-log-level", "info")
	if strings.Contains(stderr.String(), "added the sample episode") {
		t.Error("the sample is added a second time")
	}
	kept := s.User("cleo").In(ch).Slash("quote", discordtest.Opt("words", "the zebra is plaid")).Wait()
	if !strings.Contains(kept.Text(), "The zebra is plaid") {
		t.Errorf("what was added is gone after a restart: %s", kept.Text())
	}
	stop()
}

// TestServeFails: each a sentence, and what to do.
func TestServeFails(t *testing.T) {
	t.Chdir(t.TempDir())
	s := discordtest.New(t)
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	taken := other.Addr().String()
	for _, tt := range []struct {
		name   string
		env    map[string]string
		stderr []string
		exit   int
	}{
		{"no token and no pages", nil, []string{"no DISCORD_TOKEN is set", "docs/discord-setup.md"}, exitUsage},
		{"port taken", map[string]string{"DISCORD_TOKEN": s.Token(), "DISCORD_API_BASE": s.URL(), "HTTP_ADDR": taken}, []string{"another program listens at " + taken, "HTTP_ADDR"}, exitFailed},
		{"port taken without Discord", map[string]string{"HTTP_ADDR": taken}, []string{"another program listens at " + taken, "HTTP_ADDR", "off"}, exitFailed},
		{"no address of here", map[string]string{"HTTP_ADDR": "192.0.2.1:8080"}, []string{"no pages at 192.0.2.1:8080", "HTTP_ADDR"}, exitFailed},
		{"wrong token", map[string]string{"DISCORD_TOKEN": "hunter2", "DISCORD_API_BASE": s.URL()}, []string{"does not accept the DISCORD_TOKEN", "Reset Token"}, exitFailed},
		{"missing intent", map[string]string{"DISCORD_TOKEN": s.Token(), "DISCORD_API_BASE": s.URL(), "DISCORD_MESSAGE_CONTENT": "true"}, []string{"refuses the intents", "Message Content Intent"}, exitFailed},
		{"no network", map[string]string{"DISCORD_TOKEN": "hunter2", "DISCORD_API_BASE": "http://127.0.0.1:1/api/v9"}, []string{"cannot be reached", "DISCORD_API_BASE"}, exitFailed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var stderr bytes.Buffer
			exit := report(&stderr, run(t.Context(), []string{"serve"}, environment(tt.env), nil, &stderr, &stderr))
			for _, want := range tt.stderr {
				if exit != tt.exit || !strings.Contains(stderr.String(), want) {
					t.Errorf("exit %d, want %d; stderr lacks %q:\n%s", exit, tt.exit, want, &stderr)
				}
			}
			if strings.Contains(stderr.String(), "hunter2") {
				t.Errorf("the token is on stderr: %s", &stderr)
			}
		})
	}
	s.TakeViolations() // the wrong token
}

// TestServeWithoutItsEndpoint: an embedding endpoint that is down keeps the
// bot from adding, not from answering.
func TestServeWithoutItsEndpoint(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := run(t.Context(), []string{"add", "-id", "zebra", "zebra.txt"}, environment(nil), nil, &lockedBuffer{}, &lockedBuffer{}); err == nil {
		t.Fatal("a missing file was added")
	}
	if err := os.WriteFile("zebra.txt", []byte("Ann: The zebra of the town is plaid, and everybody knows it.\nBob: Is it really?\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), []string{"add", "zebra.txt"}, environment(nil), nil, &lockedBuffer{}, &lockedBuffer{}); err != nil {
		t.Fatal(err)
	}
	s := discordtest.New(t, discordtest.Options{IdentifyGap: 10 * time.Millisecond})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stderr, ended := &lockedBuffer{}, make(chan error, 1)
	env := environment(map[string]string{
		"DISCORD_TOKEN": s.Token(), "DISCORD_API_BASE": s.URL(), "OPENAI_BASE_URL": "http://127.0.0.1:1/v1", "EMBEDDING_MODEL": "m",
	})
	go func() { ended <- run(ctx, nil, env, nil, stderr, stderr) }()
	s.WaitCommands()
	s.WaitReady(1)
	r := s.User("ann").In(s.Guild("friends").Channel("general")).Slash("quote", discordtest.Opt("words", "the zebra of the town is plaid")).Wait()
	if !strings.Contains(r.Text(), "everybody knows it") {
		t.Errorf("no answer without the endpoint: %s", r.Text())
	}
	if !strings.Contains(stderr.String(), "does not answer") {
		t.Errorf("nothing is said of the endpoint:\n%s", stderr)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestServeWithAModel: an answer in Discord is the model's, checked; who reads
// /privacy knows whom questions go to; a model that is gone takes no answer away.
func TestServeWithAModel(t *testing.T) {
	t.Chdir(t.TempDir())
	model := modeltest.New(t, func(r modeltest.Request) modeltest.Reply {
		if purposeOf(r) != "answer" {
			return modeltest.Reply{Text: "OK."}
		}
		return modeltest.Reply{Text: citing(r, "Shoigu went to Pyongyang in 2023 {Shoigu went to Pyongyang}. He brought 512 tanks {Shoigu went to Pyongyang}.")}
	})
	s := discordtest.New(t, discordtest.Options{IdentifyGap: 10 * time.Millisecond})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stderr, ended := &lockedBuffer{}, make(chan error, 1)
	env := environment(map[string]string{
		"DISCORD_TOKEN": s.Token(), "DISCORD_API_BASE": s.URL(), "OPENAI_BASE_URL": model.URL(), "OPENAI_API_KEY": modeltest.Key, "CHAT_MODEL": modeltest.Model,
	})
	go func() { ended <- run(ctx, nil, env, nil, stderr, stderr) }()
	s.WaitCommands()
	s.WaitReady(1)
	ch := s.Guild("friends").Channel("general")
	ask := func(user, question string) string {
		r := s.User(user).In(ch).Slash("ask", discordtest.Opt("question", question)).Wait()
		r.WaitFor("checked answer", func(r *discordtest.Reply) bool { return !strings.Contains(r.Text(), "Draft") })
		return strings.ReplaceAll(r.Text(), "**", "")
	}
	if text := ask("ann", "Who went to Pyongyang in 2023?"); !strings.Contains(text, "Shoigu went to Pyongyang in 2023") || strings.Contains(text, "512") {
		t.Errorf("the answer is not the model's, checked: %s", text)
	}
	if text := s.User("ann").In(ch).Slash("privacy").Wait().Text(); !strings.Contains(text, "the language model modeltest at 127.0.0.1") {
		t.Errorf("/privacy does not say whom questions go to: %s", text)
	}
	model.Kill()
	if text := ask("bob", "When did Kim Il-sung visit the Soviet Union?"); !strings.Contains(text, "1984") {
		t.Errorf("without the model there is no answer: %s", text)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("serve = %v", err)
	}
	if want := "Answers are by the language model modeltest at 127.0.0.1:"; !strings.Contains(stderr.String(), want) || strings.Contains(stderr.String(), modeltest.Key) {
		t.Errorf("stderr lacks %q, or has the key:\n%s", want, stderr)
	}
}

// TestServeWithoutItsModel: a model that refuses is told of at the start.
func TestServeWithoutItsModel(t *testing.T) {
	t.Chdir(t.TempDir())
	model := modeltest.New(t, nil)
	model.Inject(modeltest.EveryCall(1), modeltest.WrongStatus(404, "no such model"))
	s := discordtest.New(t, discordtest.Options{IdentifyGap: 10 * time.Millisecond})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stderr, ended := &lockedBuffer{}, make(chan error, 1)
	env := environment(map[string]string{
		"DISCORD_TOKEN": s.Token(), "DISCORD_API_BASE": s.URL(), "OPENAI_BASE_URL": model.URL(), "OPENAI_API_KEY": modeltest.Key, "CHAT_MODEL": modeltest.Model,
	})
	go func() { ended <- run(ctx, nil, env, nil, stderr, stderr) }()
	s.WaitReady(1)
	stderr.wait(t, "the language model does not answer; until it does")
	r := s.User("ann").In(s.Guild("friends").Channel("general")).Slash("ask", discordtest.Opt("question", "Who went to Pyongyang in 2023?")).Wait()
	if !strings.Contains(strings.ReplaceAll(r.Text(), "**", ""), "Shoigu went to Pyongyang") {
		t.Errorf("without the model there is no answer: %s", r.Text())
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("serve = %v", err)
	}
	if strings.Contains(stderr.String(), modeltest.Key) {
		t.Errorf("stderr has the key:\n%s", stderr)
	}
}
