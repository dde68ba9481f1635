package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"verbatim/bot/discord/discordtest"
)

// served runs serve until stop and waits until its pages are there.
func served(t *testing.T, vars map[string]string) (address string, stderr *lockedBuffer, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	stderr = &lockedBuffer{}
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, nil, environment(vars), nil, stderr, stderr) }()
	stderr.wait(t, "in a browser: http")
	address = regexp.MustCompile(`http://[\w.:\[\]]+`).FindString(stderr.String())
	return address, stderr, func() {
		t.Helper()
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("serve = %v after an interrupt, want nil\n%s", err, stderr)
		}
	}
}

// fetch gets a page.
func fetch(t *testing.T, address string) (status int, body string) {
	t.Helper()
	r, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(text)
}

// TestServePagesAlone: without a token the whole product is in a browser, and it
// is said where, and how to add the bot.
func TestServePagesAlone(t *testing.T) {
	t.Chdir(t.TempDir())
	address, stderr, stop := served(t, map[string]string{"HTTP_ADDR": "127.0.0.1:0"})
	if status, body := fetch(t, address+"/robots.txt"); status != http.StatusOK || !strings.Contains(body, "Disallow: /*?") {
		t.Errorf("%d:\n%s", status, body)
	}
	if status, body := fetch(t, address+"/none"); status != http.StatusNotFound || !strings.Contains(body, "no such page") {
		t.Errorf("%d:\n%s", status, body)
	}
	stderr.wait(t, "docs/discord-setup.md")
	stop()
	for _, want := range []string{"added the sample episode", "No DISCORD_TOKEN is set"} {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("stderr lacks %q:\n%s", want, stderr)
		}
	}
	if _, err := net.Dial("tcp", strings.TrimPrefix(address, "http://")); err == nil {
		t.Error("after the interrupt the door is still open")
	}
}

// TestServeLinksFromDiscordOpen: a server's answer in Discord links to the page of
// the lines that it cites, and that is served beside.
func TestServeLinksFromDiscordOpen(t *testing.T) {
	t.Chdir(t.TempDir())
	s := discordtest.New(t, discordtest.Options{IdentifyGap: 10 * time.Millisecond})
	address, stderr, stop := served(t, map[string]string{
		"DISCORD_TOKEN": s.Token(), "DISCORD_API_BASE": s.URL(), "DISCORD_CDN_BASE": s.CDNBase(), "HTTP_ADDR": "127.0.0.1:0", "PUBLIC_URL": "https://pages.example",
	})
	defer stop()
	s.WaitCommands()
	s.WaitReady(1)
	ch := s.Guild("friends").Channel("general")
	boss := ch.Guild().Member(s.User("boss"), discordtest.PermManageGuild)
	boss.In(ch).Slash("transcript add", discordtest.Opt("file", discordtest.File("zebra.txt", []byte("Ann: The zebra of the town is plaid.\nBob: Is it?\n")))).Wait()
	marked := regexp.MustCompile(`class="?[\w -]*\bcited\b`)
	for _, tt := range []struct{ user, question, path, words string }{
		{"ann", "Who went to Pyongyang in 2023?", `/e/nk-news-toloraya-2025-03-06\?l=L[-L\d]+#L[-L\d]+`, "Shoigu"},
		{"bob", "What is plaid?", `/e/zebra\?k=[\w-]+&l=L1#L1`, "zebra"},
	} {
		text := s.User(tt.user).In(ch).Slash("ask", discordtest.Opt("question", tt.question)).Wait().Text()
		link := regexp.MustCompile(`https://pages\.example(` + tt.path + `)`).FindStringSubmatch(text)
		if link == nil {
			t.Fatalf("%q is answered without a link to the page:\n%s", tt.question, text)
		}
		if status, body := fetch(t, address+link[1]); status != http.StatusOK || !strings.Contains(body, tt.words) || !marked.MatchString(body) {
			t.Errorf("%s: %d, without the lines cited, marked:\n%.600s", link[1], status, body)
		}
	}
	if status, _ := fetch(t, address+"/e/zebra"); status != http.StatusNotFound {
		t.Errorf("without its key the server's episode is %d, want 404", status)
	}
	if strings.Contains(stderr.String(), "k=") {
		t.Errorf("a key is on stderr:\n%s", stderr)
	}
}
