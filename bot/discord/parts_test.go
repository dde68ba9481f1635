package discord

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"verbatim/bot/discord/wire"
)

func TestRecentForgetsTheOld(t *testing.T) {
	r := recent[int]{keep: time.Minute}
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	if !r.put("a", 1, at) || r.put("a", 2, at) {
		t.Error("put does not tell the first from the second")
	}
	if got := r.get("a"); got != 2 {
		t.Errorf("get = %d, want the latest, 2", got)
	}
	if !r.put("b", 1, at.Add(61*time.Second)) || r.put("a", 3, at.Add(61*time.Second)) {
		t.Error("a value is forgotten within its time")
	}
	r.put("c", 1, at.Add(3*time.Minute))
	r.put("d", 1, at.Add(5*time.Minute))
	if !r.put("b", 1, at.Add(7*time.Minute)) {
		t.Error("a value is remembered after two generations")
	}
	for i := range 3 * maxRecent {
		r.put(strconv.Itoa(i), i, at)
	}
	if n := len(r.young) + len(r.old); n > 2*maxRecent {
		t.Errorf("%d values are remembered, want at most %d", n, 2*maxRecent)
	}
}

func TestGuildPermissions(t *testing.T) {
	g := newGuilds()
	g.created(&wire.Guild{ID: "1", OwnerID: "9", Locale: "de", Roles: []wire.Role{{ID: "1", Permissions: "1024"}, {ID: "2", Permissions: "32"}, {ID: "3", Permissions: "8"}}})
	for _, test := range []struct {
		name, guild, user string
		roles             []string
		want              bool
	}{
		{"everybody", "1", "5", nil, false},
		{"a role that manages", "1", "5", []string{"2"}, true},
		{"an administrator", "1", "5", []string{"3"}, true},
		{"the owner", "1", "9", nil, true},
		{"a role of nowhere", "1", "5", []string{"77"}, false},
		{"another server", "2", "9", []string{"2"}, false},
	} {
		if got := g.permissions(test.guild, test.user, test.roles)&permissionManageServer != 0; got != test.want {
			t.Errorf("%s manages the server: %v, want %v", test.name, got, test.want)
		}
	}
	g.role("1", "2", "")
	if g.permissions("1", "5", []string{"2"})&permissionManageServer != 0 {
		t.Error("a deleted role still manages the server")
	}
	g.role("1", "4", "32")
	if g.permissions("1", "5", []string{"4"})&permissionManageServer == 0 {
		t.Error("a new role does not count")
	}
	g.deleted(&wire.Guild{ID: "1", Unavailable: true})
	if !g.has("1") || g.locale("1") != "de" {
		t.Error("a server out of reach is forgotten")
	}
	g.threadCreated(&wire.Channel{ID: "50", GuildID: "1", ParentID: "40"})
	if got := g.parent("50"); got != "40" {
		t.Errorf("parent of a thread = %q, want 40", got)
	}
	g.deleted(&wire.Guild{ID: "1"})
	if g.has("1") || g.parent("50") != "" {
		t.Error("a server that removed the bot is remembered")
	}
}

func TestPlainText(t *testing.T) {
	for content, want := range map[string]string{
		"**He** _saw_ it as a __rightful__ ~~act~~":                "He saw it as a rightful act",
		"> the world saw it\n> in 2023":                            "the world saw it in 2023",
		"<@123> <@!4> <#5> <@&6> said <:wow:789> this <t:1:R>":     "said this",
		"see [the episode](https://example.com/a) and https://x.y": "see the episode and",
		"snake_case_name stays":                                    "snake_case_name stays",
		"# Title\n- one\n-# small\n1. first":                       "Title one small first",
		"```go\nx := 1\n```":                                       "x := 1",
		`2 \* 3 is \_six\_`:                                        "2 * 3 is _six_",
		"||hidden|| `code`":                                        "hidden code",
		"</ask:123> who?":                                          "who?",
		"\uE02Aodd":                                                "odd",
		"":                                                         "",
	} {
		if got := plainText(content); got != want {
			t.Errorf("plainText(%q) = %q, want %q", content, got, want)
		}
	}
}

func FuzzPlainText(f *testing.F) {
	f.Add("**a** <@1> [x](https://y) \\* \x00 ```")
	f.Fuzz(func(t *testing.T, s string) {
		got := plainText(s)
		if got != strings.Join(strings.Fields(got), " ") {
			t.Errorf("plainText(%q) = %q: white space is not single", s, got)
		}
	})
}

func TestCheckUpload(t *testing.T) {
	for _, test := range []struct {
		name string
		size int64
		want error
	}{
		{"talk.SRT", 10, nil}, {"talk.vtt", maxUpload, nil}, {"talk.vtt", maxUpload + 1, errUploadSize},
		{"talk.exe", 10, errUploadKind}, {"talk", 10, errUploadKind}, {"talk.txt.gz", 10, errUploadKind}, {"talk.txt", 0, errUploadEmpty},
	} {
		if err := checkUpload(&wire.Attachment{Filename: test.name, Size: test.size}); !errors.Is(err, test.want) {
			t.Errorf("checkUpload(%s of %d bytes) = %v, want %v", test.name, test.size, err, test.want)
		}
	}
}

func TestFetch(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/good.txt", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("a token was sent to the attachment's host")
		}
		w.Write([]byte("Host: Hello."))
	})
	mux.HandleFunc("/big.txt", func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, maxUpload+1)) })
	mux.HandleFunc("/gzip.txt", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte{0x1f, 0x8b, 8}) })
	mux.HandleFunc("/empty.txt", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/away.txt", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/good.txt", http.StatusFound) })
	server := httptest.NewServer(mux)
	defer server.Close()
	f, err := newFetcher(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	for _, test := range []struct {
		url  string
		want error
	}{
		{server.URL + "/good.txt", nil},
		{server.URL + "/big.txt", errUploadSize},
		{server.URL + "/gzip.txt", errUploadKind},
		{server.URL + "/empty.txt", errUploadEmpty},
		{server.URL + "/away.txt", errUploadFetch},
		{server.URL + "/missing.txt", errUploadFetch},
		{"http://localhost:" + port + "/good.txt", errUploadHost},
		{"https://cdn.discordapp.com.example.com/good.txt", errUploadHost},
		{"http://cdn.discordapp.com/good.txt", errUploadHost},
		{"https://user@cdn.discordapp.com/good.txt", errUploadHost},
		{"https://cdn.discordapp.com:8443/good.txt", errUploadHost},
		{"file:///etc/passwd", errUploadHost},
		{"", errUploadHost},
		{"://", errUploadHost},
	} {
		data, err := f.fetch(t.Context(), &wire.Attachment{Filename: "a.txt", URL: test.url})
		if !errors.Is(err, test.want) || err == nil && string(data) != "Host: Hello." {
			t.Errorf("fetch(%q) = %q, %v, want error %v", test.url, data, err, test.want)
		}
		if err != nil && strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("fetch(%q): the error tells the address: %v", test.url, err)
		}
	}
}

// TestRefusePrivate: whatever a name of Discord's resolves to, no connection
// goes to this machine or its networks.
func TestRefusePrivate(t *testing.T) {
	for _, address := range []string{
		"127.0.0.1:443", "[::1]:443", "10.0.0.1:443", "192.168.1.1:443", "172.16.0.1:443", "169.254.169.254:443", "100.64.0.1:443",
		"[fe80::1]:443", "[fd00::1]:443", "0.0.0.0:443", "[::ffff:10.0.0.1]:443", "224.0.0.1:443", "not an address",
	} {
		if refusePrivate("tcp", address, nil) == nil {
			t.Errorf("refusePrivate lets %s pass", address)
		}
	}
	if err := refusePrivate("tcp", "162.159.133.233:443", nil); err != nil {
		t.Errorf("refusePrivate of a public address = %v", err)
	}
}
