package bot

import (
	"context"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"verbatim/retrieval"
)

const linkServer = retrieval.Scope("1234567890123456789")

// linkedBot has the same episode, "talk", in a server, in another one and, with
// other words, for all.
func linkedBot(t *testing.T) *Bot {
	t.Helper()
	b := newEmptyBot(t)
	b.UseRecords(b.library.(retrieval.Records))
	b.UsePages("https://pages.example/")
	for scope, text := range map[retrieval.Scope]string{linkServer: gardenText, "2222222222222222222": gardenText, retrieval.Public: kitchenText} {
		addText(t, b, scope, "talk.vtt", text)
	}
	addText(t, b, linkServer, "other.vtt", kitchenText)
	return b
}

// keyOf makes a link and takes its signed part.
func keyOf(t *testing.T, b *Bot, scope retrieval.Scope, id retrieval.EpisodeID) string {
	t.Helper()
	link, err := b.PageLink(t.Context(), EpisodeRef{Scope: scope, ID: id}, 3, 4)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(link)
	if err != nil || u.Host != "pages.example" || u.Path != "/e/"+string(id) || u.Fragment != "L3-L4" || u.Query().Get("l") != "L3-L4" || u.Query().Get("k") == "" {
		t.Fatalf("the link is %q, %v", link, err)
	}
	return u.Query().Get("k")
}

// closed fails the test unless the signed part opens nothing.
func closed(t *testing.T, b *Bot, what string, id retrieval.EpisodeID, signed string, want error) {
	t.Helper()
	scope, err := b.CheckLink(t.Context(), id, signed)
	if scope != "" || !errors.Is(err, want) {
		t.Errorf("%s: opens %q, %v; want %v", what, scope, err, want)
	}
	if err != nil && err.Error() != want.Error() {
		t.Errorf("%s: the error is %q, which says more than %q", what, err, want)
	}
}

func TestPageLink(t *testing.T) {
	b := linkedBot(t)
	for _, tt := range []struct {
		first, last int
		want        string
	}{
		{0, 0, "https://pages.example/e/talk"}, {3, 3, "https://pages.example/e/talk?l=L3#L3"}, {3, 4, "https://pages.example/e/talk?l=L3-L4#L3-L4"},
	} {
		got, err := b.PageLink(t.Context(), EpisodeRef{Scope: retrieval.Public, ID: "talk"}, tt.first, tt.last)
		if err != nil || got != tt.want {
			t.Errorf("the public link is %q, %v, want %q", got, err, tt.want)
		}
	}
	signed := keyOf(t, b, linkServer, "talk")
	if scope, err := b.CheckLink(t.Context(), "talk", signed); err != nil || scope != linkServer {
		t.Errorf("a server's link opens %q, %v", scope, err)
	}
	if again := keyOf(t, b, linkServer, "talk"); again != signed {
		t.Error("the link of the same day is another one")
	}
	b.UsePages("")
	if link, err := b.PageLink(t.Context(), EpisodeRef{Scope: linkServer, ID: "talk"}, 3, 4); err != nil || link != "" {
		t.Errorf("without pages the link is %q, %v", link, err)
	}
	if _, err := (&Bot{links: pageLinks{base: "x"}}).PageLink(t.Context(), EpisodeRef{Scope: linkServer, ID: "talk"}, 1, 1); !errors.Is(err, ErrNoStore) {
		t.Errorf("without records: %v, want ErrNoStore", err)
	}
}

// TestLinkOpensItsEpisodeOnly: whatever else is tried with a link, it is no link;
// and nothing tells whether there is such a server.
func TestLinkOpensItsEpisodeOnly(t *testing.T) {
	b := linkedBot(t)
	signed := keyOf(t, b, linkServer, "talk")
	keyOf(t, b, "2222222222222222222", "talk") // has a key of its own
	keyOf(t, b, linkServer, "other")
	raw, err := base64.RawURLEncoding.DecodeString(signed)
	if err != nil {
		t.Fatal(err)
	}
	for i := range raw {
		for _, bit := range []byte{1, 0x80} {
			changed := append([]byte(nil), raw...)
			changed[i] ^= bit
			closed(t, b, "an altered byte", "talk", base64.RawURLEncoding.EncodeToString(changed), ErrLink)
		}
	}
	for i := range len(signed) {
		closed(t, b, "cut", "talk", signed[:i], ErrLink)
		closed(t, b, "cut in front", "talk", signed[i+1:], ErrLink)
	}
	scoped := func(scope string) string {
		return base64.RawURLEncoding.EncodeToString([]byte(string(raw[:8]) + scope + string(raw[len(raw)-linkSum:])))
	}
	later := append([]byte(nil), raw...)
	later[5]++ // of the moment of expiry
	for name, forged := range map[string]string{
		"another server": scoped("2222222222222222222"), "a server that is none": scoped("3333333333333333333"), "everybody's": scoped(string(retrieval.Public)),
		"no scope": scoped(""), "a user's": scoped("dm:1"), "odd letters": scoped("\x00\xff'--"), "later": base64.RawURLEncoding.EncodeToString(later),
		"empty": "", "line breaks": signed[:9] + "\n" + signed[9:], "padded": signed + "=", "a space": signed + " ", "twice": signed + signed,
		"garbage": "<script>alert(1)</script>", "overlong": strings.Repeat("A", 1<<20), "standard alphabet": strings.Repeat("+/", 30), "zeros": strings.Repeat("A", 64),
	} {
		closed(t, b, name, "talk", forged, ErrLink)
	}
	for _, id := range []retrieval.EpisodeID{"other", "none", "", "talk ", "Talk", "talk\x00", "../talk"} {
		closed(t, b, "episode "+string(id), id, signed, ErrLink)
	}
}

// TestLinkEnds: with its time, and with its episode, even if that is added again;
// not with a new version of it.
func TestLinkEnds(t *testing.T) {
	b := linkedBot(t)
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	b.links.now = func() time.Time { return now }
	signed := keyOf(t, b, linkServer, "talk")
	opens := func(what string) {
		t.Helper()
		if scope, err := b.CheckLink(t.Context(), "talk", signed); err != nil || scope != linkServer {
			t.Errorf("%s: opens %q, %v", what, scope, err)
		}
	}
	now = now.Add(linkTime)
	opens("a month later")
	now = now.Add(24 * time.Hour)
	closed(t, b, "a day after that", "talk", signed, ErrLinkExpired)

	signed = keyOf(t, b, linkServer, "talk")
	addText(t, b, linkServer, "talk.vtt", kitchenText)
	opens("replaced")
	if err := b.Remove(t.Context(), "2222222222222222222", "talk"); err != nil {
		t.Fatal(err)
	}
	opens("another server's removed")
	if err := b.Remove(t.Context(), linkServer, "talk"); err != nil {
		t.Fatal(err)
	}
	closed(t, b, "removed", "talk", signed, ErrLink)
	addText(t, b, linkServer, "talk.vtt", gardenText)
	closed(t, b, "added again", "talk", signed, ErrLink)
	if again := keyOf(t, b, linkServer, "talk"); again == signed {
		t.Error("the key of the removed episode is the new one's")
	}
	closed(t, b, "added again and linked", "talk", signed, ErrLink)
	if err := b.put(t.Context(), retrieval.Record{Scope: linkServer, Kind: kindLink, Key: "talk", Episode: "talk"}, linkKey{}); err != nil {
		t.Fatal(err)
	}
	raw, _ := base64.RawURLEncoding.DecodeString(signed)
	head := raw[:len(raw)-linkSum]
	closed(t, b, "signed with no key", "talk", base64.RawURLEncoding.EncodeToString(append(head, linkSignature(nil, head, "talk")...)), ErrLink)
}

// TestLinksMadeAtOnce have one key, and outlive a restart.
func TestLinksMadeAtOnce(t *testing.T) {
	dir := t.TempDir()
	b := openBot(t, dir)
	b.UsePages("https://pages.example")
	addText(t, b, linkServer, "talk.vtt", gardenText)
	made := make([]string, 16)
	var all sync.WaitGroup
	for i := range made {
		all.Go(func() { made[i], _ = b.PageLink(t.Context(), EpisodeRef{Scope: linkServer, ID: "talk"}, 3, 4) })
	}
	all.Wait()
	b = reopen(t, b, dir)
	for _, link := range made {
		u, err := url.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.CheckLink(t.Context(), "talk", u.Query().Get("k")); err != nil {
			t.Errorf("%s: %v", link, err)
		}
	}
}

// FuzzLink: what the bot has not signed opens nothing.
func FuzzLink(f *testing.F) {
	b := New(nil, nil, nil)
	records := &oneKey{}
	b.UseRecords(records)
	b.UsePages("https://pages.example")
	link, err := b.PageLink(f.Context(), EpisodeRef{Scope: linkServer, ID: "talk"}, 1, 1)
	if err != nil {
		f.Fatal(err)
	}
	u, err := url.Parse(link)
	if err != nil {
		f.Fatal(err)
	}
	signed := u.Query().Get("k")
	for _, seed := range []string{signed, "", "k", signed[1:], signed + "A", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "\xff\n=", strings.Repeat("_", 300)} {
		f.Add("talk", seed)
	}
	f.Fuzz(func(t *testing.T, id, k string) {
		scope, err := b.CheckLink(t.Context(), retrieval.EpisodeID(id), k)
		if (err == nil) != (id == "talk" && k == signed) {
			t.Errorf("CheckLink(%q, %q) = %q, %v", id, k, scope, err)
		}
		if err != nil && !errors.Is(err, ErrLink) {
			t.Errorf("CheckLink(%q, %q): %v, want ErrLink", id, k, err)
		}
	})
}

// oneKey keeps one record, which it gives for any scope and key: nobody gets in by
// being looked up.
type oneKey struct {
	retrieval.Records
	kept *retrieval.Record
}

func (o *oneKey) PutRecord(_ context.Context, r retrieval.Record) error {
	o.kept = &r
	return nil
}

func (o *oneKey) Record(context.Context, retrieval.Scope, string, string) (*retrieval.Record, error) {
	if o.kept == nil {
		return nil, retrieval.ErrNoRecord
	}
	return o.kept, nil
}
